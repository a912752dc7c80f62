"""The known mistakes of 07.split_special."""

from __future__ import annotations

import re

from utils.exercises.authoring import mistake


def longest_first(special):
    return sorted(special, key=len, reverse=True)


def split(text, special, order=longest_first, escape=re.escape, flags=0, most=0):
    """All parts by a pattern, whose order and signs can be replaced by wrong ones; empty ones too."""
    if not special:
        return [text]
    pattern = "|".join(escape(token) for token in order(special))
    return re.split(f"({pattern})", text, maxsplit=most, flags=flags)


def filled(parts):
    return [part for part in parts if part]


def right(text, special):
    return filled(split(text, special))


@mistake(
    en="Where two special tokens begin at the same place, you take the one that is listed first. The "
    "longest should win, whatever the order of the list.",
    zh="两个特殊词元从同一处开始时，你取了列在前面的那个。应当取最长的，与列表的次序无关。",
)
def order_of_the_list(text, special):
    return filled(split(text, special, order=list))


@mistake(
    en="Where two special tokens begin at the same place, you take the shorter one. Sorting them by the "
    "alphabet does so too.",
    zh="两个特殊词元从同一处开始时，你取了较短的那个。按字母排序也会这样。",
)
def shortest_first(text, special):
    return filled(split(text, special, order=lambda special: sorted(special, key=len)))


def one_token_after_another(text, special):
    """Cut at each token of the list in turn, only in what earlier ones have left."""
    parts = [(text, False)]
    for token in special:
        parts = [piece for part, done in parts for piece in ([(part, True)] if done else _cut(part, token))]
    return [part for part, _ in parts if part]


def _cut(text, token):
    pieces = text.split(token)
    return [
        piece
        for plain in pieces[:-1]
        for piece in ((plain, False), (token, True))
    ] + [(pieces[-1], False)]  # fmt: skip


@mistake(
    en="You look for the longest token in the whole text, then for the next one in what is left. A shorter "
    "token that begins earlier has lost a part by then: the text is read from left to right.",
    zh="你先在整个文本里找最长的词元，再在剩下的部分里找下一个。这样，更早开始的较短词元就被切掉了一部分："
    "文本要从左往右读。",
)
def longest_anywhere(text, special):
    return one_token_after_another(text, longest_first(special))


@mistake(
    en="You look for one special token after another, in the order of the list. A token that is part of a "
    "later one spoils it: read the text once, from left to right.",
    zh="你按列表的次序，一个接一个地找特殊词元。先找的若是后面某个的一部分，就把它弄坏了：应当从左往右把文"
    "本读一遍。",
)
def one_after_another(text, special):
    return one_token_after_another(text, special)


@mistake(
    en="In a pattern, signs such as | or * have a meaning of their own. Here they stand for themselves.",
    zh="在正则表达式里，| 和 * 这样的符号有自己的含义。这里它们只代表符号本身。",
)
def signs_not_escaped(text, special):
    return [part for part in split(text, special, escape=str) if part]


@mistake(
    en="The special tokens are lost: your parts no longer make up the text.",
    zh="特殊词元丢了：你的各部分拼起来，不再是原来的文本。",
)
def tokens_lost(text, special):
    parts = split(text, special)
    return filled(parts[::2])


@mistake(
    en="You return only the special tokens. The text between them is wanted as well.",
    zh="你只返回了特殊词元。它们之间的文本也要。",
)
def only_the_tokens(text, special):
    return split(text, special)[1::2]


@mistake(
    en="Empty parts stand in your list: re.split makes one between two tokens side by side, and at the ends.",
    zh="你的列表里有空的部分：两个词元紧挨着时，以及在两端，re.split 都会产生空字符串。",
)
def empty_parts(text, special):
    return split(text, special)


@mistake(
    en="Without special tokens your pattern is empty, and an empty pattern fits between any two letters.",
    zh="没有特殊词元时，你的正则表达式是空的，而空的表达式在任何两个字母之间都能匹配。",
)
def empty_pattern(text, special):
    pattern = "|".join(re.escape(token) for token in longest_first(special))
    return filled(re.split(f"({pattern})", text))


@mistake(
    en="You cut at the first special token only.",
    zh="你只在第一个特殊词元处切开。",
)
def first_one_only(text, special):
    return filled(split(text, special, most=1))


@mistake(
    en="Letters count as the same in upper and lower case. A special token is found only where it stands "
    "exactly so.",
    zh="你没有区分大小写。特殊词元要一字不差才算。",
)
def case_ignored(text, special):
    return filled(split(text, special, flags=re.IGNORECASE))


@mistake(
    en="Spaces at the ends of a part are lost. They belong to the text: decoding must give all of it back.",
    zh="各部分首尾的空格丢了。空格也是文本：解码时要能全部还原。",
)
def spaces_stripped(text, special):
    return filled(part.strip() for part in split(text, special))


@mistake(
    en="You cut at spaces too. Only special tokens are cut out here.",
    zh="你在空格处也切开了。这里只切出特殊词元。",
)
def cut_at_spaces(text, special):
    parts = split(text, special)
    return filled(
        piece for i, part in enumerate(parts) for piece in ([part] if i % 2 else re.split("( )", part))
    )


@mistake(
    en="The parts are right, but you have sorted the caller's list. sorted makes a new one.",
    zh="各部分都对，但你把调用者的列表排了序。sorted 会另建一个列表。",
)
def list_sorted(text, special):
    special.sort(key=len, reverse=True)
    return right(text, special)


MISTAKES = (
    order_of_the_list,
    shortest_first,
    longest_anywhere,
    one_after_another,
    signs_not_escaped,
    tokens_lost,
    only_the_tokens,
    empty_parts,
    empty_pattern,
    first_one_only,
    case_ignored,
    spaces_stripped,
    cut_at_spaces,
    list_sorted,
)
