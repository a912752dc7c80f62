"""The known mistakes of 07.merge."""

from __future__ import annotations

from utils.exercises.authoring import mistake


def walk(ids, new, found, stop=0, step=2, then=()):
    """From left to right: where ``found(i)``, the new id, then ``then``, and ``step`` ids further."""
    merged, i = [], 0
    while i < len(ids) - stop:
        hit = found(i)
        merged += [new, *then] if hit else [ids[i]]
        i += step if hit else 1
    return merged


def right(ids, pair, new):
    return walk(ids, new, lambda i: tuple(ids[i : i + 2]) == tuple(pair))


@mistake(
    en="In a run of equal ids you merge overlapping pairs: an id in the middle goes into two new ones. "
    "After a merge both its ids are used up.",
    zh="遇到一串相同的编号，你把重叠的对都合并了：中间的编号进了两个新编号。一次合并之后，两个编号都用掉了。",
)
def merged_twice(ids, pair, new):
    starts = [tuple(ids[i : i + 2]) == pair for i in range(len(ids))]
    return [
        new if starts[i] else token for i, token in enumerate(ids) if starts[i] or not (i and starts[i - 1])
    ]


@mistake(
    en="In a run with an odd number of equal ids, the one left over stands on the wrong side: you merge "
    "from the right. All programs must do it in the same direction: from the left.",
    zh="一串相同的编号有奇数个时，剩下的那一个在错误的一边：你是从右往左合并的。方向必须统一：从左往右。",
)
def from_the_right(ids, pair, new):
    return right(ids[::-1], pair[::-1], new)[::-1]


@mistake(
    en="You merge the first pair and leave the others.",
    zh="你只合并了第一处，其余的没有动。",
)
def first_only(ids, pair, new):
    for i in range(len(ids) - 1):
        if (ids[i], ids[i + 1]) == pair:
            return [*ids[:i], new, *ids[i + 2 :]]
    return list(ids)


@mistake(
    en="You also merge the two ids in the other order. A token stands for one text: “ab” is not “ba”.",
    zh="次序颠倒的两个编号，你也合并了。一个词元只代表一种文本：“ab”不是“ba”。",
)
def either_order(ids, pair, new):
    return walk(ids, new, lambda i: tuple(ids[i : i + 2]) in (pair, pair[::-1]))


@mistake(
    en="Only the first id is compared: whatever follows it is merged too. Compare both.",
    zh="你只比较了第一个编号：不管后面是什么，都一起合并了。两个都要比较。",
)
def left_is_enough(ids, pair, new):
    return walk(ids, new, lambda i: ids[i] == pair[0])


@mistake(
    en="The new id is there, but so is the right one of the pair. In a for loop, i + 2 is forgotten at the "
    "next turn: how do you pass over an id?",
    zh="新编号有了，可这一对里右边的编号还在。在 for 循环里，给 i 加 2 到下一轮就作废了：怎样才能跳过一个编"
    "号？",
)
def right_one_kept(ids, pair, new):
    return walk(ids, new, lambda i: tuple(ids[i : i + 2]) == pair, step=1)


@mistake(
    en="An id is lost after each merge: you go on three places further, not two.",
    zh="每次合并之后都丢了一个编号：你往前跳了三格，而不是两格。",
)
def next_one_lost(ids, pair, new):
    return walk(ids, new, lambda i: tuple(ids[i : i + 2]) == pair, step=3)


@mistake(
    en="The last id is lost when it belongs to no pair. It has no right neighbour, but it is still there.",
    zh="最后一个编号如果不属于任何一对，就丢了。它右边没有邻居，但它还在。",
)
def last_one_lost(ids, pair, new):
    return walk(ids, new, lambda i: tuple(ids[i : i + 2]) == pair, stop=1)


@mistake(
    en="A pair at the very end is not merged: your loop ends too early.",
    zh="最末尾的一对没有合并：循环结束得太早。",
)
def last_pair_missed(ids, pair, new):
    return walk(ids, new, lambda i: i < len(ids) - 2 and tuple(ids[i : i + 2]) == pair)


@mistake(
    en="You read beyond the end of the list: the last id has no right neighbour to look at.",
    zh="你读到列表外面去了：最后一个编号右边没有邻居可看。",
)
def beyond_the_end(ids, pair, new):
    return walk(ids, new, lambda i: ids[i] == pair[0] and ids[i + 1] == pair[1])


@mistake(
    en="You search the digits of the ids for those of the pair, and find them inside larger numbers: 12 "
    "holds a 1 and a 2. Compare numbers, not text.",
    zh="你在数字组成的文本里找这一对，结果在更大的数里也找到了：12 里就有 1 和 2。要比较的是数，不是文本。",
)
def found_in_digits(ids, pair, new):
    text = " ".join(map(str, ids)).replace(" ".join(map(str, pair)), str(new))
    return [int(number) for number in text.split()]


@mistake(
    en="Each pair has been taken out, and nothing stands in its place.",
    zh="每一对都拿掉了，原来的位置上却什么也没有。",
)
def taken_out(ids, pair, new):
    return [token for token in right(ids, pair, -1) if token != -1]


@mistake(
    en="The new id has been put after the pair. It stands for both ids, so it takes their place.",
    zh="新编号被你加在了这一对后面。它代表这两个编号，应当取代它们。",
)
def put_behind(ids, pair, new):
    merged = right(ids, pair, -1)
    return [each for token in merged for each in ([*pair, new] if token == -1 else [token])]


@mistake(
    en="The result is right, but you have changed the caller's list as well. Build a new list.",
    zh="返回值是对的，但你也改动了调用者的列表。请另建一个列表。",
)
def list_changed(ids, pair, new):
    ids[:] = right(ids, pair, new)
    return ids


@mistake(
    en="You have changed the caller's list and return nothing. Build a new list and return it.",
    zh="你改动了调用者的列表，却什么也没有返回。请另建一个列表并返回它。",
)
def nothing_returned(ids, pair, new):
    ids[:] = right(ids, pair, new)


MISTAKES = (
    merged_twice,
    from_the_right,
    first_only,
    either_order,
    left_is_enough,
    right_one_kept,
    next_one_lost,
    last_one_lost,
    last_pair_missed,
    beyond_the_end,
    found_in_digits,
    taken_out,
    put_behind,
    list_changed,
    nothing_returned,
)
