"""The known mistakes of 07.encode_chunk."""

from __future__ import annotations

from itertools import pairwise

from utils.exercises.authoring import mistake
from utils.exercises.lab07.merge_mistakes import from_the_right, merged_twice
from utils.exercises.lab07.merge_mistakes import right as merge


def lowest(ids, ranks):
    """The pair of the ids with the smallest rank, or None."""
    known = [pair for pair in pairwise(ids) if pair in ranks]
    return min(known, key=ranks.get, default=None)


def encode(ids, ranks, choose=lowest, merge=merge, rounds=10**6):
    """A right encoding whose choice and merge can be replaced by wrong ones."""
    ids = list(ids)
    while rounds and (pair := choose(ids, ranks)) is not None:
        ids = merge(ids, pair, ranks[pair])
        rounds -= 1
    return ids


def leftmost(ids, ranks):
    return next((pair for pair in pairwise(ids) if pair in ranks), None)


def pieces(ranks):
    """The bytes that each token stands for, as tuples of ids below 256; and the id of each such tuple."""
    made = {}
    for (left, right), new in sorted(ranks.items(), key=lambda item: item[1]):
        made[new] = made.get(left, (left,)) + made.get(right, (right,))
    return {piece: new for new, piece in made.items()}


@mistake(
    en="You merge the first pair from the left that has a rank. Another pair further on was learned "
    "earlier, and may need one of the same ids.",
    zh="从左边起，你遇到第一个有排名的对就合并。后面也许有更早学到的对，而且要用到同一个编号。",
)
def left_to_right(ids, ranks):
    ids = list(ids)
    while (pair := leftmost(ids, ranks)) is not None:
        i = list(pairwise(ids)).index(pair)
        ids[i : i + 2] = [ranks[pair]]
    return ids


@mistake(
    en="You look from the left for the longest token that fits. That is another algorithm: a long token "
    "may never come about, because an earlier merge takes a part of it away.",
    zh="你从左边起找能放下的最长词元。那是另一种算法：长的词元可能根本合不出来，因为更早的合并先用掉了其中"
    "一部分。",
)
def longest_token(ids, ranks):
    known, tokens, i = pieces(ranks), [], 0
    while i < len(ids):
        ends = [j for j in range(len(ids), i + 1, -1) if tuple(ids[i:j]) in known]
        tokens.append(known[tuple(ids[i : ends[0]])] if ends else ids[i])
        i = ends[0] if ends else i + 1
    return tokens


@mistake(
    en="You go through the ids once, from the left. What was merged can be part of a further pair, and an "
    "earlier merge may stand further right.",
    zh="你从左到右只走了一遍。合并出来的词元还可能属于新的对，而右边也许有更早学到的合并。",
)
def one_pass(ids, ranks):
    tokens, i = [], 0
    while i < len(ids):
        pair = tuple(ids[i : i + 2])
        tokens.append(ranks.get(pair, ids[i]))
        i += 2 if pair in ranks else 1
    return tokens


@mistake(
    en="You merge one pair and stop. Look again: what is new may be part of the next pair.",
    zh="你只合并了一种对就停了。再看一遍：新的词元可能又属于下一对。",
)
def one_round(ids, ranks):
    return encode(ids, ranks, rounds=1)


@mistake(
    en="You take the pair that was learned last. Its rank is the largest; the smallest one comes first.",
    zh="你取的是最后学到的对，它的排名最大。应当先取最小的。",
)
def last_learned(ids, ranks):
    def highest(ids, ranks):
        return max((pair for pair in pairwise(ids) if pair in ranks), key=ranks.get, default=None)

    return encode(ids, ranks, choose=highest)


@mistake(
    en="You go through the ranks in the order of the dictionary. Nothing says that it is the order of "
    "learning: the ranks do.",
    zh="你按字典的顺序逐个合并。字典的顺序未必是学习的顺序，排名才是。",
)
def order_of_the_dictionary(ids, ranks):
    for pair, new in ranks.items():
        ids = merge(ids, pair, new)
    return list(ids)


@mistake(
    en="You merge the smallest pair of ids. What counts is when a pair was learned, not how large its ids "
    "are.",
    zh="你先合并编号最小的对。该看的是这一对何时学到，而不是编号的大小。",
)
def smallest_ids(ids, ranks):
    def smallest(ids, ranks):
        return min((pair for pair in pairwise(ids) if pair in ranks), default=None)

    return encode(ids, ranks, choose=smallest)


@mistake(
    en="You merge the pair that is most frequent in this chunk. That was the question in training; now the "
    "merges are learned, and their ranks decide.",
    zh="你先合并这一块里最多的对。训练时才问哪一对最多；现在合并已经学好，由排名决定。",
)
def most_frequent(ids, ranks):
    def frequent(ids, ranks):
        pairs = list(pairwise(ids))
        known = [pair for pair in pairs if pair in ranks]
        return min(known, key=lambda pair: (-pairs.count(pair), ranks[pair]), default=None)

    return encode(ids, ranks, choose=frequent)


@mistake(
    en="In a run of equal ids you merge overlapping pairs: an id in the middle goes into two new ones.",
    zh="遇到一串相同的编号，你把重叠的对都合并了：中间的编号进了两个新编号。",
)
def overlapping(ids, ranks):
    return encode(ids, ranks, merge=merged_twice.wrong)


@mistake(
    en="In a run of equal ids you merge from the right. In training it went from the left.",
    zh="一串相同的编号，你是从右往左合并的。训练时是从左往右。",
)
def run_from_the_right(ids, ranks):
    return encode(ids, ranks, merge=from_the_right.wrong)


@mistake(
    en="A pair without a rank stops your function with a KeyError. Such pairs are common: they stay apart.",
    zh="遇到没有排名的对，你的函数就抛出 KeyError。这样的对很常见：不合并就是了。",
)
def unknown_pair(ids, ranks):
    ids = list(ids)
    while len(ids) > 1:
        pair = min(pairwise(ids), key=lambda pair: ranks.get(pair, 10**6))
        ids = merge(ids, pair, ranks[pair])
    return ids


@mistake(
    en="With one id, or none, there is no pair, and min of nothing raises a ValueError.",
    zh="只有一个编号、或一个也没有时，就没有对可看；对空的序列取 min，会抛出 ValueError。",
)
def nothing_to_choose_from(ids, ranks):
    ids = list(ids)
    while (pair := min(pairwise(ids), key=lambda pair: ranks.get(pair, 10**6))) in ranks:
        ids = merge(ids, pair, ranks[pair])
    return ids


@mistake(
    en="You return the bytes of each token. Asked for are the ids: a rank is the id that its pair becomes.",
    zh="你返回的是每个词元的字节。题目要的是编号：排名就是这一对合并之后的编号。",
)
def pieces_returned(ids, ranks):
    of_id = {new: list(piece) for piece, new in pieces(ranks).items()}
    return [of_id.get(token, [token]) for token in encode(ids, ranks)]


@mistake(
    en="The result is right, but you have changed the caller's list. Copy it first.",
    zh="返回值是对的，但你改动了调用者的列表。请先复制一份。",
)
def ids_changed(ids, ranks):
    ids[:] = encode(ids, ranks)
    return list(ids)


MISTAKES = (
    left_to_right,
    longest_token,
    one_pass,
    one_round,
    last_learned,
    order_of_the_dictionary,
    smallest_ids,
    most_frequent,
    overlapping,
    run_from_the_right,
    unknown_pair,
    nothing_to_choose_from,
    pieces_returned,
    ids_changed,
)
