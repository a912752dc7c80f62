"""Byte pair encoding: text split into chunks, and chunks of bytes merged pair by pair.

Built by hand in chapter 07 and tied to it by a test. Source: Sennrich, Haddow and Birch, "Neural Machine
Translation of Rare Words with Subword Units" (2016); on bytes and with this split as in Radford et al.,
"Language Models are Unsupervised Multitask Learners" (2019). A token is a number, its id: 0 to 255 are the
bytes, 256 + i is what merge i makes. Limits: which characters are letters or numbers is what this Python's
``unicodedata`` says, so characters newer than it may be split differently by a newer one; a chunk of n bytes
costs n for each different merge in it, so a chunk of 100,000 letters takes seconds.

>>> train_bpe({b"low": 5, b"lower": 2}, merges=2)
[(108, 111), (256, 119)]
"""

from __future__ import annotations

import heapq
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise

Pair = tuple[int, int]
SPACES = r"\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"  # Unicode's White_Space


def split_text(text: str) -> list[str]:
    """Cut a text into chunks that no merge crosses, by GPT-2's pattern; joined, they are the text again.

    A chunk is an English ending after an apostrophe, or letters, numbers or other signs with at most one
    space before them, or white space. Built by hand in chapter 07.

    >>> split_text("It's 2 x  4")
    ['It', "'s", ' 2', ' x', ' ', ' 4']
    """
    return _pattern().findall(text)


@cache
def _pattern() -> re.Pattern[str]:
    """GPT-2's pattern; ``re`` knows no \\p{L} and \\p{N}, so their characters are listed."""
    L, N, S = _ranges("L"), _ranges("N"), SPACES
    return re.compile(f"'s|'t|'re|'ve|'m|'ll|'d| ?[{L}]+| ?[{N}]+| ?[^{S}{L}{N}]+|[{S}]+(?![^{S}])|[{S}]+")


def _ranges(kind: str) -> str:
    """All characters whose Unicode category begins with ``kind``, as ranges for a regular expression."""
    ranges: list[list[int]] = []
    for code in range(sys.maxunicode + 1):
        if unicodedata.category(chr(code))[0] == kind:
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


def train_bpe(counts: Mapping[bytes, int], merges: int) -> list[Pair]:
    """The merges, in order, that byte pair encoding learns from chunks and how often each occurs.

    Each step merges the most frequent pair of neighbours, of several the smallest (left id, then right id);
    it ends early when no pair is left. Only chunks that hold the pair are looked at again. Built by hand in
    chapter 07.
    """
    chunks, pairs, where = [list(chunk) for chunk in counts], Counter(), defaultdict(set)
    weights = list(counts.values())
    for i, ids in enumerate(chunks):
        for pair in pairwise(ids):
            pairs[pair] += weights[i]
            where[pair].add(i)
    heap = [(-count, pair) for pair, count in pairs.items()]
    heapq.heapify(heap)
    learned: list[Pair] = []
    while heap and len(learned) < merges:
        count, best = heapq.heappop(heap)
        if -count != pairs[best]:  # it has become rarer since it was put here
            if pairs[best] > 0:
                heapq.heappush(heap, (-pairs[best], best))
            continue
        new = 256 + len(learned)
        learned.append(best)
        made = set()
        for i in where.pop(best):
            old, chunks[i] = chunks[i], merge(chunks[i], best, new)
            if len(old) == len(chunks[i]):
                continue  # an earlier merge has taken the pair apart here
            for pair in pairwise(old):
                pairs[pair] -= weights[i]
            for pair in pairwise(chunks[i]):
                pairs[pair] += weights[i]
                if new in pair:
                    where[pair].add(i)
                    made.add(pair)
        for pair in made:
            heapq.heappush(heap, (-pairs[pair], pair))
    return learned


def merge(ids: Sequence[int], pair: Pair, new: int) -> list[int]:
    """The ids with each occurrence of the pair, from left to right, replaced by ``new``.

    Built by hand in chapter 07.

    >>> merge([1, 1, 1, 2], (1, 1), 9)
    [9, 1, 2]
    """
    merged, i = [], 0
    while i < len(ids):
        if tuple(ids[i : i + 2]) == pair:
            merged.append(new)
            i += 2
        else:
            merged.append(ids[i])
            i += 1
    return merged


def encode_chunk(ids: Sequence[int], ranks: Mapping[Pair, int]) -> list[int]:
    """Apply the merges to the ids of one chunk's bytes, always the one learned first.

    ``ranks`` gives the id that each pair becomes; the smaller it is, the earlier the merge was learned. Built
    by hand in chapter 07.

    >>> encode_chunk(list(b"lower"), {(108, 111): 256, (256, 119): 257})
    [257, 101, 114]
    """
    ids = list(ids)
    while len(ids) > 1:
        pair = min(pairwise(ids), key=lambda pair: ranks.get(pair, sys.maxsize))
        if pair not in ranks:
            break
        ids = merge(ids, pair, ranks[pair])
    return ids
