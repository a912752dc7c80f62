"""Known mistakes of 07.decode: what is lost or changed in a text although its bytes were good."""

from __future__ import annotations

import codecs
import unicodedata

from utils.exercises.authoring import mistake
from utils.exercises.lab07.decode_mistakes import MARK, joined, right


@mistake(
    en="Line breaks have changed on the way: a text may hold “\\r”, “\\n” or both, and must come back as it "
    "was.",
    zh="换行符在途中变了：文本里可能有“\\r”、“\\n”，或者两个都有，都应当原样还原。",
)
def line_breaks_changed(ids, vocabulary):
    return right(ids, vocabulary).replace("\r\n", "\n").replace("\r", "\n")


@mistake(
    en="A sign at the beginning is lost: you take it for the mark of a file. Here it was in the text.",
    zh="开头的一个符号丢了：你把它当成了文件的标记。在这里，它是文本的一部分。",
)
def first_sign_lost(ids, vocabulary):
    return joined(ids, vocabulary).decode("utf-8-sig", "replace")


@mistake(
    en="The id 0 is lost. It is an id like any other, although Python counts 0 as false.",
    zh="编号 0 丢了。尽管 Python 把 0 当作假，它与别的编号没有两样。",
)
def zero_lost(ids, vocabulary):
    return right([token for token in ids if token], vocabulary)


@mistake(
    en="An id that occurs twice in a row gives its bytes only once.",
    zh="同一个编号连续出现两次，你只取了一次它的字节。",
)
def repeats_lost(ids, vocabulary):
    return right([token for i, token in enumerate(ids) if i == 0 or ids[i - 1] != token], vocabulary)


@mistake(
    en="A letter and the accent after it have become one character. It looks the same, but the text is "
    "another.",
    zh="一个字母和它后面的重音符号合成了一个字符。看上去一样，却已经不是原来的文本。",
)
def accent_joined(ids, vocabulary):
    return unicodedata.normalize("NFC", right(ids, vocabulary))


@mistake(
    en="What the last bytes have begun is lost: your decoder still waits for the rest. Tell it that nothing "
    "more will come.",
    zh="最后几个字节所开的头丢了：你的解码器还在等后面的部分。要告诉它，后面不会再有了。",
)
def still_waiting(ids, vocabulary):
    return codecs.getincrementaldecoder("utf-8")("replace").decode(joined(ids, vocabulary))


@mistake(
    en="You cut off the end until the rest is a text, and put one mark there. The end may hold more than one "
    "broken place.",
    zh="你把结尾切掉，直到剩下的成为文本，再放一个符号。可是结尾处坏掉的也许不止一处。",
)
def one_mark_at_the_end(ids, vocabulary):
    data = joined(ids, vocabulary)
    for cut in range(4):
        try:
            return data[: len(data) - cut].decode() + (MARK if cut else "")
        except UnicodeDecodeError:
            pass
    return right(ids, vocabulary)


ABOUT_LOSSES = (
    line_breaks_changed,
    first_sign_lost,
    zero_lost,
    repeats_lost,
    accent_joined,
    still_waiting,
    one_mark_at_the_end,
)
