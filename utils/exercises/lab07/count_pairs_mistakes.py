"""The known mistakes of 07.count_pairs."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from utils.exercises.authoring import mistake


def tally(chunks, pairs=lambda ids: list(pairwise(ids)), weight=lambda count: count):
    """A right count whose pairs of a chunk, and whose weight of it, can be replaced by wrong ones."""
    counts: dict = {}
    for ids, count in chunks:
        for pair in pairs(ids):
            counts[pair] = counts.get(pair, 0) + weight(count)
    return counts


@mistake(
    en="You count each chunk once. How many chunks like it does an entry of the list stand for?",
    zh="每个块你只算了一次。列表里的一项代表多少个这样的块？",
)
def multiplicity_ignored(chunks):
    return tally(chunks, weight=lambda count: 1)


@mistake(
    en="Your counts hold pairs of which one id ends a chunk and the other begins the next, or a copy of "
    "the same chunk. No merge may cross such a border.",
    zh="你的计数里有跨块的对：一个编号在块尾，另一个在下一块（或同一块的下一份）的开头。合并不能越过块的边"
    "界。",
)
def across_borders(chunks):
    everything = [token for ids, count in chunks for token in ids * count]
    return dict(Counter(pairwise(everything)))


@mistake(
    en="Two things. You put all the chunks into one list, so that pairs appear which cross a border; and "
    "how often a chunk occurs was lost on the way.",
    zh="有两处不对。你把所有块接成了一个列表，于是出现了跨边界的对；各块出现的次数也在途中丢了。",
)
def across_borders_once(chunks):
    return dict(Counter(pairwise([token for ids, _ in chunks for token in ids])))


@mistake(
    en="The pairs within a chunk are right, but you also count the last id of a chunk with the first of "
    "the next. Those two are not neighbours in any text.",
    zh="块内的对都数对了，但你还把一块的最后一个编号与下一块的第一个算成了一对。在任何文本里，它们都不相邻。",
)
def across_borders_weighted(chunks):
    weighted = [(token, count) for ids, count in chunks for token in ids]
    counts: Counter = Counter()
    for (left, count), (right, _) in pairwise(weighted):
        counts[left, right] += count
    return dict(counts)


@mistake(
    en="A run of equal ids has fewer pairs in your count than places where one begins. Count neighbours, "
    "not what a merge would take away: three equal ids in a row are two neighbours.",
    zh="一串相同的编号，你数出的对比实际的少。要数的是有多少处相邻，而不是能合并掉几对：三个相同的编号，有"
    "两处相邻。",
)
def overlaps_skipped(chunks):
    def pairs(ids):
        text = "".join(map(chr, ids))
        times = {pair: text.count("".join(map(chr, pair))) for pair in pairwise(ids)}
        return [pair for pair, number in times.items() for _ in range(number)]

    return tally(chunks, pairs)


@mistake(
    en="You cut a chunk into pieces of two. Every id but the first and the last has two neighbours, so it "
    "belongs to two pairs.",
    zh="你把块切成了两个一组。除了首尾，每个编号都有两个邻居，所以属于两个对。",
)
def every_second(chunks):
    return tally(chunks, lambda ids: list(zip(ids[::2], ids[1::2], strict=False)))


@mistake(
    en="A pair that occurs twice in a chunk counts once. How often does it occur in the text?",
    zh="同一个对在一块里出现两次，你只算了一次。它在文本里到底出现多少次？",
)
def once_a_chunk(chunks):
    return tally(chunks, lambda ids: sorted(set(pairwise(ids))))


@mistake(
    en="A pair of several chunks has only the count of the last of them: each new value replaces the old "
    "one.",
    zh="一个对在几个块里都出现，你只留下了最后一块的次数：新值把旧值覆盖了。",
)
def overwritten(chunks):
    return {pair: count for ids, count in chunks for pair in pairwise(ids)}


@mistake(
    en="You made a dictionary of the chunks. A chunk that is listed twice then has only the second count.",
    zh="你先把各块做成了字典。同一个块列出两次时，只剩下第二次的次数。",
)
def listed_twice_lost(chunks):
    return tally([(ids, count) for ids, count in {tuple(ids): count for ids, count in chunks}.items()])


@mistake(
    en="The last pair of every chunk is missing. A chunk of n ids has n − 1 pairs.",
    zh="每一块都少了最后一对。n 个编号的块有 n − 1 对。",
)
def last_pair_missed(chunks):
    return tally(chunks, lambda ids: list(pairwise(ids))[:-1])


@mistake(
    en="You count a pair of the last id and the first: an index of −1, or of one too many, has wrapped "
    "around.",
    zh="你把最后一个编号与第一个也算成了一对：下标 −1，或者越界后绕回开头，都会这样。",
)
def wrapped(chunks):
    return tally(chunks, lambda ids: list(zip(ids[-1:] + ids[:-1], ids, strict=True)))


@mistake(
    en="You count both orders of a pair together. In a text, “ab” and “ba” are different.",
    zh="你把一对的两种顺序合在一起数了。在文本里，“ab”与“ba”不同。",
)
def unordered(chunks):
    return tally(chunks, lambda ids: [tuple(sorted(pair)) for pair in pairwise(ids)])


@mistake(
    en="The counts are right, but the ids of each pair are exchanged: the left one comes first.",
    zh="次数是对的，但每一对的两个编号颠倒了：左边的在前。",
)
def right_first(chunks):
    return tally(chunks, lambda ids: [(right, left) for left, right in pairwise(ids)])


@mistake(
    en="Right, but the caller's chunks are no longer what they were: you took ids out of the lists.",
    zh="结果是对的，但调用者的块变了：你从列表里取走了编号。",
)
def chunks_changed(chunks):
    counts = tally(chunks)
    for ids, _ in chunks:
        ids.clear()
    return counts


@mistake(
    en="The first call is right, the second still has the counts of the first. A default value is made "
    "once: when the function is defined.",
    zh="第一次调用是对的，第二次还带着第一次的计数。参数的默认值只在定义函数时创建一次。",
)
def kept_between_calls(chunks, counts={}):  # noqa: B006 - the mistake itself
    for pair, number in tally(chunks).items():
        counts[pair] = counts.get(pair, 0) + number
    return counts


MISTAKES = (
    multiplicity_ignored,
    across_borders,
    across_borders_once,
    across_borders_weighted,
    overlaps_skipped,
    every_second,
    once_a_chunk,
    overwritten,
    listed_twice_lost,
    last_pair_missed,
    wrapped,
    unordered,
    right_first,
    chunks_changed,
    kept_between_calls,
)
