"""The known mistakes of 07.decode."""

from __future__ import annotations

import re

from utils.exercises.authoring import mistake

MARK = "\N{REPLACEMENT CHARACTER}"


def joined(ids, vocabulary):
    return b"".join(vocabulary[token] for token in ids)


def right(ids, vocabulary):
    return joined(ids, vocabulary).decode("utf-8", "replace")


@mistake(
    en="You decode one token at a time. A character may begin in one token and end in the next: then "
    "neither part is a character.",
    zh="你逐个解码词元。一个字符可能从一个词元开始，到下一个词元才结束：那样，两部分单独看都不是字符。",
)
def one_at_a_time(ids, vocabulary):
    return "".join(vocabulary[token].decode("utf-8", "replace") for token in ids)


@mistake(
    en="What is no character disappears without a trace. The reader of your text should see that something "
    "was there.",
    zh="不成字符的字节无影无踪了。读你这段文本的人，应当看得出那里曾有东西。",
)
def left_out(ids, vocabulary):
    return joined(ids, vocabulary).decode("utf-8", "ignore")


@mistake(
    en="Two things. You decode one token at a time, which breaks characters that lie in two; and the "
    "broken parts disappear without a trace.",
    zh="有两处不对。你逐个解码词元，把分在两个词元里的字符弄断了；断开的部分又无影无踪了。",
)
def one_at_a_time_left_out(ids, vocabulary):
    return "".join(vocabulary[token].decode("utf-8", "ignore") for token in ids)


@mistake(
    en="Your function raises an error where the bytes are no text. A model may choose any ids, so that "
    "must not stop it.",
    zh="字节不成文本时，你的函数抛出异常。模型可能选出任何编号，不能因此停下来。",
)
def strict(ids, vocabulary):
    return joined(ids, vocabulary).decode("utf-8")


@mistake(
    en="Your function raises an error as soon as one token alone is no text. That is common, and no fault: "
    "the next token may hold the rest of the character.",
    zh="单个词元不成文本时，你的函数就抛出异常。这很常见，也不是错：下一个词元里可能有字符的其余部分。",
)
def one_at_a_time_strict(ids, vocabulary):
    return "".join(vocabulary[token].decode("utf-8") for token in ids)


@mistake(
    en="Each byte has become a character. In UTF-8 a character beyond ASCII has two to four bytes.",
    zh="每个字节都变成了一个字符。在 UTF-8 里，ASCII 以外的字符占两到四个字节。",
)
def byte_by_byte(ids, vocabulary):
    return "".join(map(chr, joined(ids, vocabulary)))


@mistake(
    en="Only ASCII comes through. The bytes of other characters are UTF-8.",
    zh="只有 ASCII 字符还原了。其他字符的字节是按 UTF-8 编码的。",
)
def ascii_only(ids, vocabulary):
    return joined(ids, vocabulary).decode("ascii", "replace")


@mistake(
    en="You return how Python shows bytes, with b and quotation marks. Decode them.",
    zh="你返回的是 Python 显示字节的样子，带着 b 和引号。应当把字节解码。",
)
def shown_as_bytes(ids, vocabulary):
    return str(joined(ids, vocabulary))


@mistake(
    en="You return the bytes. They are right, but a text is asked for.",
    zh="你返回的是字节。字节都对，但题目要的是文本。",
)
def bytes_returned(ids, vocabulary):
    return joined(ids, vocabulary)


@mistake(
    en="You return a list with a piece for each token. One text is asked for.",
    zh="你返回的是一个列表，每个词元一段。题目要的是一个完整的文本。",
)
def list_returned(ids, vocabulary):
    return [vocabulary[token].decode("utf-8", "replace") for token in ids]


@mistake(
    en="Bytes that are no text have become codes such as \\xff. Asked for is the sign U+FFFD.",
    zh="不成文本的字节变成了 \\xff 这样的写法。题目要的是符号 U+FFFD。",
)
def codes_shown(ids, vocabulary):
    return joined(ids, vocabulary).decode("utf-8", "backslashreplace")


@mistake(
    en="Bytes that are no text have become question marks. Those occur in texts too: asked for is the sign "
    "U+FFFD, which says that something is broken.",
    zh="不成文本的字节变成了问号。可文本里本来也有问号：题目要的是符号 U+FFFD，它专门表示这里坏了。",
)
def question_marks(ids, vocabulary):
    return right(ids, vocabulary).replace(MARK, "?")


@mistake(
    en="A character that was begun and not finished gives you a mark for each of its bytes. Python's own "
    "decoder sets one for the whole beginning: let it do the work.",
    zh="一个字符开了头却没有写完，你给它的每个字节都放了一个符号。Python 自己的解码器只给整个开头放一个：交"
    "给它就好。",
)
def mark_for_each_byte(ids, vocabulary):
    data, text = joined(ids, vocabulary), ""
    while data:
        size = next((n for n in range(1, 5) if _is_character(data[:n])), 0)
        text += data[:size].decode() if size else MARK
        data = data[size or 1 :]
    return text


def _is_character(data):
    return len(data.decode("utf-8", "ignore")) == 1 and data.decode("utf-8", "ignore").encode() == data


@mistake(
    en="Several broken places in a row have become one mark. Each has its own.",
    zh="连续几处坏掉的地方，你只放了一个符号。每一处都应当有自己的。",
)
def marks_joined(ids, vocabulary):
    return re.sub(f"{MARK}+", MARK, right(ids, vocabulary))


@mistake(
    en="One bad byte, and the whole text is lost. What is good should come through.",
    zh="有一个坏字节，整个文本就没了。好的部分应当保留。",
)
def all_or_nothing(ids, vocabulary):
    try:
        return strict.wrong(ids, vocabulary)
    except UnicodeDecodeError:
        return ""


@mistake(
    en="Your text ends at the first bad byte. What comes after it may be good again.",
    zh="遇到第一个坏字节，你的文本就结束了。它后面可能又是好的。",
)
def ends_at_the_first(ids, vocabulary):
    return right(ids, vocabulary).partition(MARK)[0]


@mistake(
    en="You put a space between two tokens. The spaces of a text are in the tokens already.",
    zh="你在词元之间加了空格。文本里的空格已经在词元里了。",
)
def spaces_between(ids, vocabulary):
    return b" ".join(vocabulary[token] for token in ids).decode("utf-8", "replace")


@mistake(
    en="Each token is decoded alone, and one that is no text becomes a single mark: what is good in it is "
    "lost too. Which bytes belong together does not end at a token.",
    zh="你逐个解码词元，不成文本的词元整个变成一个符号，连其中好的部分也丢了。哪些字节属于同一个字符，不以"
    "词元为界。",
)
def token_for_a_mark(ids, vocabulary):
    return "".join(MARK if MARK in text else text for text in list_returned.wrong(ids, vocabulary))


MISTAKES = (
    one_at_a_time,
    left_out,
    one_at_a_time_left_out,
    strict,
    one_at_a_time_strict,
    byte_by_byte,
    ascii_only,
    shown_as_bytes,
    bytes_returned,
    list_returned,
    codes_shown,
    question_marks,
    mark_for_each_byte,
    marks_joined,
    all_or_nothing,
    ends_at_the_first,
    spaces_between,
    token_for_a_mark,
)
