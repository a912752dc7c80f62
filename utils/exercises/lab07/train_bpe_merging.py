"""Known mistakes of 07.train_bpe: how a pair is merged, which id it gets, and what is returned."""

from __future__ import annotations

from utils.exercises.authoring import mistake
from utils.exercises.lab07.train_bpe_counting import as_lists, learn, merge


def merge_twice(ids, pair, new):
    starts = [tuple(ids[i : i + 2]) == pair for i in range(len(ids))]
    used = [False, *starts]
    return [new if starts[i] else token for i, token in enumerate(ids) if starts[i] or not used[i]]


@mistake(
    en="In a run of equal ids you merge overlapping pairs: an id in the middle goes into two new ones.",
    zh="遇到一串相同的编号，你把重叠的对都合并了：中间的编号进了两个新编号。",
)
def merged_twice(counts, merges):
    return learn(counts, merges, merge=merge_twice)


@mistake(
    en="In runs of equal ids you merge from the right, so that the one left over stands on the wrong side.",
    zh="一串相同的编号，你是从右往左合并的，于是剩下的那一个在错误的一边。",
)
def from_the_right(counts, merges):
    return learn(counts, merges, merge=lambda ids, pair, new: merge(ids[::-1], pair[::-1], new)[::-1])


@mistake(
    en="In each chunk you merge only the first place where the pair stands.",
    zh="在每个块里，你只合并了这一对第一次出现的地方。",
)
def first_place_only(counts, merges):
    def once(ids, pair, new):
        for i in range(len(ids) - 1):
            if (ids[i], ids[i + 1]) == pair:
                return [*ids[:i], new, *ids[i + 2 :]]
        return ids

    return learn(counts, merges, merge=once)


@mistake(
    en="You also merge the two ids in the other order. A token stands for one text: “ab” is not “ba”.",
    zh="次序颠倒的两个编号，你也合并了。一个词元只代表一种文本：“ab”不是“ba”。",
)
def either_order(counts, merges):
    def both(ids, pair, new):
        merged, i = [], 0
        while i < len(ids):
            hit = sorted(ids[i : i + 2]) == sorted(pair)
            merged.append(new if hit else ids[i])
            i += 1 + hit
        return merged

    return learn(counts, merges, merge=both)


@mistake(
    en="Your new ids begin at 0, where the bytes have theirs: byte 0 and the first merge cannot be told "
    "apart.",
    zh="你的新编号从 0 开始，而那里是字节的编号：字节 0 与第一次合并就分不清了。",
)
def new_from_zero(counts, merges):
    return learn(counts, merges, first=0)


@mistake(
    en="Your new ids begin at 257. The bytes take 0 to 255: which number is the next?",
    zh="你的新编号从 257 开始。字节占了 0 到 255：下一个数是几？",
)
def new_from_257(counts, merges):
    return learn(counts, merges, first=257)


@mistake(
    en="Your new ids begin at 255, which is a byte. There are 256 of them, counted from 0.",
    zh="你的新编号从 255 开始，而它是一个字节。字节有 256 个，从 0 数起。",
)
def new_from_255(counts, merges):
    return learn(counts, merges, first=255)


@mistake(
    en="Your ids are those of characters. A chunk is a row of bytes: a character beyond ASCII has several.",
    zh="你用的是字符的编号。块是一串字节：ASCII 以外的一个字符有好几个字节。",
)
def characters_for_bytes(counts, merges):
    def split(counts):
        return [([ord(character) for character in chunk.decode()], n) for chunk, n in counts.items()]

    return learn(counts, merges, split=split)


@mistake(
    en="You return the new ids. Asked for are the pairs that they stand for, in the order they were learned.",
    zh="你返回的是新编号。题目要的是它们代表的那些对，按学到的顺序排列。",
)
def new_ids_returned(counts, merges):
    return [256 + i for i in range(len(learn(counts, merges)))]


@mistake(
    en="You return the chunks as they are after the merges. Asked for are the merges.",
    zh="你返回的是合并之后的块。题目要的是做了哪些合并。",
)
def chunks_returned(counts, merges):
    chunks = as_lists(counts)
    for new, pair in enumerate(learn(counts, merges), start=256):
        chunks = [(merge(ids, pair, new), number) for ids, number in chunks]
    return [ids for ids, _ in chunks]


@mistake(
    en="The merges are right, but the caller's dictionary is not what it was: you took chunks out of it.",
    zh="合并都对，但调用者的字典变了：你从里面取走了块。",
)
def counts_changed(counts, merges):
    learned = learn(counts, merges)
    counts.clear()
    return learned


ABOUT_MERGING = (
    merged_twice,
    from_the_right,
    first_place_only,
    either_order,
    new_from_zero,
    new_from_257,
    new_from_255,
    characters_for_bytes,
    new_ids_returned,
    chunks_returned,
    counts_changed,
)
