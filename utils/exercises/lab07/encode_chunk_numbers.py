"""Known mistakes of 07.encode_chunk: what is taken for an id or a rank."""

from __future__ import annotations

from itertools import pairwise

from utils.exercises.authoring import mistake
from utils.exercises.lab07.encode_chunk_mistakes import encode, merge


@mistake(
    en="You number the merges yourself, from 256. Which id a pair becomes stands in the dictionary, and "
    "there may be gaps.",
    zh="新编号是你自己从 256 数起的。一对变成哪个编号，字典里写着，而且中间可能有空隙。",
)
def numbered_anew(ids, ranks):
    ids = list(ids)
    for new, pair in enumerate(sorted(ranks, key=ranks.get), start=256):
        ids = merge(ids, pair, new)
    return ids


@mistake(
    en="A pair without a rank gets one from you that is smaller than some that were learned. Then it wins, "
    "and you stop too early. Which value is larger than every rank?",
    zh="没有排名的对，你给了它一个默认值，而它比有些学到的排名还小。于是它胜出，你就停得太早了。什么值比"
    "所有的排名都大？",
)
def default_too_small(ids, ranks):
    def choose(ids, ranks):
        best = min(pairwise(ids), key=lambda pair: ranks.get(pair, 1000), default=None)
        return best if best in ranks else None

    return encode(ids, ranks, choose=choose)


@mistake(
    en="You search the digits of the ids for those of a pair, and find them inside larger numbers: 256 "
    "begins like 25. Compare numbers, not text.",
    zh="你在数字组成的文本里找一对，结果在更大的数里也找到了：256 的开头就是 25。要比较的是数，不是文本。",
)
def found_in_digits(ids, ranks):
    text = " ".join(map(str, ids))
    for left, right in sorted(ranks, key=ranks.get):
        text = text.replace(f"{left} {right}", str(ranks[left, right]))
    return [int(number) for number in text.split()]


ABOUT_NUMBERS = (numbered_anew, default_too_small, found_in_digits)
