"""Known mistakes of 07.split_special: how far a token is read, and which parts are kept."""

from __future__ import annotations

import re

from utils.exercises.authoring import mistake
from utils.exercises.lab07.split_special_mistakes import filled, longest_first, right, split


def walk(text, special, remember, jump):
    """Goes on as long as some special token still may come; what happens then can be wrong."""
    parts, plain, i = [], "", 0
    while i < len(text):
        end, last = i, i
        while end < len(text) and any(token.startswith(text[i : end + 1]) for token in special):
            end += 1
            last = end if text[i:end] in special else last
        found = last if remember else end if text[i:end] in special else i
        if found > i:
            parts += [plain, text[i:found]]
            plain, i = "", found
        else:
            step = max(end - i, 1) if jump else 1
            plain, i = plain + text[i : i + step], i + step
    return filled([*parts, plain])


@mistake(
    en="A longer token begins here and does not end; a shorter one had ended before, and you have forgotten "
    "it. The longest that is really there counts.",
    zh="一个较长的词元在这里开了头，却没有写完；较短的那个已经完整出现过，你却把它忘了。要取的是真正出现的词元里最长的。",
)
def shorter_forgotten(text, special):
    return walk(text, special, remember=False, jump=False)


@mistake(
    en="A token begins and does not end, and you go on behind what you have read of it. A token may begin "
    "inside that piece.",
    zh="一个词元开了头却没有写完，你就从读过的这一段后面接着读。可是这一段里面也许就有词元开始。",
)
def beginning_used_up(text, special):
    return walk(text, special, remember=True, jump=True)


@mistake(
    en="A part of nothing but spaces is lost. It is text as well: joined, the parts must be the text.",
    zh="只有空白的部分丢了。空白也是文本：各部分拼起来，应当就是原来的文本。",
)
def blank_parts_dropped(text, special):
    return [part for part in right(text, special) if part.strip()]


@mistake(
    en="You mark the borders with a line break and cut there. The text holds line breaks of its own.",
    zh="你用换行符标出边界，再从那里切开。可文本里本来就有换行符。",
)
def cut_at_line_breaks(text, special):
    return filled(piece for part in split(text, special) for piece in part.split("\n"))


@mistake(
    en="Without special tokens you return the text as the only part, even where it is empty. No part is "
    "empty.",
    zh="没有特殊词元时，你把整个文本作为唯一的部分返回，即使它是空的。任何部分都不应当是空的。",
)
def empty_text_kept(text, special):
    return right(text, special) if special else [text]


@mistake(
    en="Special tokens side by side have become one part. Each is a part of its own.",
    zh="紧挨着的特殊词元合成了一个部分。每个特殊词元应当自成一部分。",
)
def neighbours_joined(text, special):
    if not special:
        return filled([text])
    pattern = "|".join(re.escape(token) for token in longest_first(special))
    return filled(re.split(f"((?:{pattern})+)", text))


ABOUT_READING = (
    shorter_forgotten,
    beginning_used_up,
    blank_parts_dropped,
    cut_at_line_breaks,
    empty_text_kept,
    neighbours_joined,
)
