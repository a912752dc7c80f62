"""Known mistakes of 07.train_bpe: which pair is taken, and when learning ends."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from utils.exercises.authoring import mistake


def count(chunks):
    """How often each pair occurs in ``[(ids, number of such chunks)]``, in the order of the chunks."""
    pairs: Counter = Counter()
    for ids, number in chunks:
        for pair in pairwise(ids):
            pairs[pair] += number
    return pairs


def choose(pairs):
    return min(pairs, key=lambda pair: (-pairs[pair], pair))


def merge(ids, pair, new):
    merged, i = [], 0
    while i < len(ids):
        hit = tuple(ids[i : i + 2]) == pair
        merged.append(new if hit else ids[i])
        i += 1 + hit
    return merged


def as_lists(counts):
    return [(list(chunk), number) for chunk, number in counts.items()]


def learn(counts, merges, count=count, choose=choose, merge=merge, first=256, split=as_lists, least=1):
    """A right training whose steps can be replaced by wrong ones."""
    chunks, learned = split(counts), []
    for new in range(first, first + merges):
        pairs = count(chunks)
        if not pairs or max(pairs.values()) < least:
            break
        best = choose(pairs)
        learned.append(best)
        chunks = [(merge(ids, best, new), number) for ids, number in chunks]
    return learned


@mistake(
    en="Of several pairs that are equally frequent you take the one that was counted first. The same "
    "chunks in another order would give another vocabulary.",
    zh="几对一样多的时候，你取了最先数到的一对。同样的块换个顺序，就会学出另一张词表。",
)
def ties_first_seen(counts, merges):
    return learn(counts, merges, choose=lambda pairs: max(pairs, key=pairs.get))


@mistake(
    en="Of several pairs that are equally frequent you take the largest. Asked for is the smallest: the "
    "count wants a maximum, the pair a minimum.",
    zh="几对一样多的时候，你取了最大的一对。题目要的是最小的：次数要取最大，编号要取最小。",
)
def ties_larger(counts, merges):
    return learn(counts, merges, choose=lambda pairs: max(pairs, key=lambda pair: (pairs[pair], pair)))


@mistake(
    en="How often a chunk occurs plays no part: each chunk counts once.",
    zh="块出现多少次没有起作用：每个块你只算了一次。",
)
def multiplicity_ignored(counts, merges):
    return learn(dict.fromkeys(counts, 1), merges)


@mistake(
    en="You learned a pair that crosses the border between two chunks. In another text other chunks are "
    "neighbours: a token must not depend on that.",
    zh="你学到了跨越两块边界的对。换一篇文本，相邻的块就不同了：词元不能取决于这一点。",
)
def across_borders(counts, merges):
    return learn({b"".join(chunk * number for chunk, number in counts.items()): 1}, merges)


@mistake(
    en="You put all the chunks into one, each once. That loses how often they occur, and it makes pairs "
    "that cross the border between two chunks.",
    zh="你把所有块接成了一个，每块一次。这样既丢了它们出现的次数，又造出了跨越边界的对。",
)
def across_borders_once(counts, merges):
    return learn({b"".join(counts): 1}, merges)


@mistake(
    en="The pairs are those that were most frequent at the start. After each merge the chunks hold other "
    "neighbours: count again.",
    zh="你给出的，是一开始最多的那些对。每合并一次，块里相邻的编号就变了：要重新数。",
)
def counted_once(counts, merges):
    pairs = count(as_lists(counts))
    return sorted(pairs, key=lambda pair: (-pairs[pair], pair))[:merges]


@mistake(
    en="The same pair comes again and again: nothing is ever merged in the chunks that you count.",
    zh="总是同一对：你所计数的块里从来没有合并过。",
)
def never_merged(counts, merges):
    return learn(counts, merges, merge=lambda ids, pair, new: ids)


@mistake(
    en="A run of equal ids counts for less than it has neighbours. Three equal ids in a row are two pairs, "
    "although only one of them can be merged.",
    zh="一串相同的编号，你数出的对比实际相邻的少。三个相同的编号是两对，尽管只能合并其中一对。",
)
def overlaps_skipped(counts, merges):
    def fewer(chunks):
        pairs: Counter = Counter()
        for ids, number in chunks:
            text = "".join(map(chr, ids))
            pairs.update({pair: number * text.count("".join(map(chr, pair))) for pair in set(pairwise(ids))})
        return pairs

    return learn(counts, merges, count=fewer)


@mistake(
    en="You end when the most frequent pair occurs only once. Some programs do; here learning goes on "
    "while there is a pair and a merge left.",
    zh="最多的一对也只出现一次时，你就停了。有的程序是这样；这里只要还有对、还没合并够，就继续。",
)
def ends_at_one(counts, merges):
    return learn(counts, merges, least=2)


@mistake(
    en="When each chunk has become a single id, there is no pair left and your function raises an error. "
    "Then learning is over, with fewer merges.",
    zh="当每个块都只剩一个编号时，已经没有对了，你的函数却抛出异常。这时学习就结束了，合并少几次也无妨。",
)
def no_pair_left(counts, merges):
    chunks, learned = as_lists(counts), []
    for new in range(256, 256 + merges):
        learned.append(choose(count(chunks)))
        chunks = [(merge(ids, learned[-1], new), number) for ids, number in chunks]
    return learned


@mistake(
    en="You learn one merge too many.",
    zh="你多学了一次合并。",
)
def one_too_many(counts, merges):
    return learn(counts, merges + 1)


@mistake(
    en="You learn one merge too few.",
    zh="你少学了一次合并。",
)
def one_too_few(counts, merges):
    return learn(counts, merges - 1)


ABOUT_COUNTING = (
    ties_first_seen,
    ties_larger,
    multiplicity_ignored,
    across_borders,
    across_borders_once,
    counted_once,
    never_merged,
    overlaps_skipped,
    ends_at_one,
    no_pair_left,
    one_too_many,
    one_too_few,
)
