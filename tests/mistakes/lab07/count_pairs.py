"""Second forms for 07.count_pairs."""

import re
from collections import Counter, defaultdict

import numpy as np
import torch


def right_indices(chunks):
    counts = {}
    for ids, count in chunks:
        for i in range(len(ids) - 1):
            pair = (ids[i], ids[i + 1])
            if pair not in counts:
                counts[pair] = 0
            counts[pair] += count
    return counts


def right_default(chunks):
    counts = defaultdict(int)
    for ids, count in chunks:
        for pair in zip(ids, ids[1:], strict=False):
            counts[pair] += count
    return counts


def right_counters(chunks):
    """A counter for each chunk, many times over, added up."""
    counts = Counter()
    for ids, count in chunks:
        once = Counter(zip(ids[:-1], ids[1:], strict=True))
        counts.update({pair: number * count for pair, number in once.items()})
    return counts


def right_matrix(chunks):
    """A table with a row for each left id and a column for each right one."""
    table = torch.zeros(400, 400, dtype=torch.int64)
    for ids, count in chunks:
        ids = torch.tensor(ids, dtype=torch.int64)
        table.index_put_((ids[:-1], ids[1:]), torch.tensor(count), accumulate=True)
    return {tuple(pair): table[tuple(pair)].item() for pair in table.nonzero().tolist()}


def right_numpy(chunks):
    """All pairs of all chunks, copied as often as they occur; the ids stay NumPy's."""
    rows = [(np.array([ids[:-1], ids[1:]]).T, count) for ids, count in chunks if len(ids) > 1]
    pairs = np.concatenate([np.tile(pairs, (count, 1)) for pairs, count in rows])
    found, numbers = np.unique(pairs, axis=0, return_counts=True)
    return {tuple(pair): number for pair, number in zip(found, numbers, strict=True)}


def right_pattern(chunks):
    """Each pair is looked for in each chunk, written as a text; a look ahead finds those that overlap."""
    texts = [("".join(map(chr, ids)), count) for ids, count in chunks]
    pairs = {text[i : i + 2] for text, _ in texts for i in range(len(text) - 1)}
    found = {
        pair: sum(count * len(re.findall(f"(?={pair})", text)) for text, count in texts) for pair in pairs
    }
    return {(ord(pair[0]), ord(pair[1])): number for pair, number in found.items()}


def wrong_multiplicity_ignored(chunks):
    return Counter(pair for ids, _ in chunks for pair in zip(ids, ids[1:], strict=False))


def wrong_across_borders(chunks):
    counts, last = defaultdict(int), None
    for ids, count in chunks:
        for token in ids * count:
            if last is not None:
                counts[last, token] += 1
            last = token
    return counts


def wrong_across_borders_once(chunks):
    return right_indices([(sum((ids for ids, _ in chunks), []), 1)])


def wrong_across_borders_weighted(chunks):
    counts = right_default(chunks)
    filled = [(ids, count) for ids, count in chunks if ids]
    for i in range(1, len(filled)):
        (before, count), (after, _) = filled[i - 1 : i + 1]
        counts[before[-1], after[0]] += count
    return counts


def wrong_overlaps_skipped(chunks):
    """A pair of two equal ids is counted by the length of its runs."""
    counts = right_default(chunks)
    for ids, count in chunks:
        for run in re.finditer(r"(.)\1+", "".join(map(chr, ids)), re.S):
            token, length = ord(run[1]), len(run[0])
            counts[token, token] -= count * (length - 1 - length // 2)
    return counts


def wrong_every_second(chunks):
    counts = defaultdict(int)
    for ids, count in chunks:
        for i in range(0, len(ids) - 1, 2):
            counts[ids[i], ids[i + 1]] += count
    return counts


def wrong_once_a_chunk(chunks):
    counts = defaultdict(int)
    for ids, count in chunks:
        seen = []
        for pair in zip(ids, ids[1:], strict=False):
            if pair not in seen:
                seen.append(pair)
                counts[pair] += count
    return counts


def wrong_overwritten(chunks):
    counts = {}
    for ids, count in chunks:
        counts.update(dict.fromkeys(zip(ids, ids[1:], strict=False), count))
    return counts


def wrong_listed_twice_lost(chunks):
    last = {str(ids): i for i, (ids, _) in enumerate(chunks)}
    return right_indices([chunks[i] for i in sorted(last.values())])


def wrong_last_pair_missed(chunks):
    return right_default([(ids[:-1], count) for ids, count in chunks])


def wrong_wrapped(chunks):
    counts = defaultdict(int)
    for ids, count in chunks:
        for i in range(len(ids)):
            counts[ids[i], ids[(i + 1) % len(ids)]] += count
    return counts


def wrong_unordered(chunks):
    counts = defaultdict(int)
    for (left, right), number in right_indices(chunks).items():
        counts[min(left, right), max(left, right)] += number
    return counts


def wrong_right_first(chunks):
    counts = {}
    for ids, count in chunks:
        for i in range(1, len(ids)):
            counts[ids[i], ids[i - 1]] = counts.get((ids[i], ids[i - 1]), 0) + count
    return counts


def wrong_chunks_changed(chunks):
    counts = defaultdict(int)
    for ids, count in chunks:
        while len(ids) > 1:
            counts[ids[-2], ids.pop()] += count
        del ids[:]
    return counts


def wrong_kept_between_calls(chunks, kept=[]):  # noqa: B006 - the mistake itself
    kept.extend(chunks)
    return right_indices(kept)
