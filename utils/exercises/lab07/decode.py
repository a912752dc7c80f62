"""07.decode: from ids back to a text, also where the bytes are none."""

from __future__ import annotations

import codecs

from utils.exercises.answers import type_name
from utils.exercises.authoring import argument_label
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab07.decode_mistakes import MISTAKES
from utils.exercises.lab07.tokens import KIND, Draw

# Tokens of several bytes beside the 256 single ones; pieces of characters come to them.
WORDS = ("the", " cat", "ing", "na", "ca", "f", " z", "o ")


def _vocabulary(draw: Draw, characters: str) -> tuple[list[bytes], dict[bytes, int]]:
    """Single bytes, words, and for each character its beginning, its end, and its end with a letter."""
    pieces = [word.encode() for word in WORDS]
    for character in characters:
        encoded = character.encode()
        pieces += [encoded[:2], encoded[:-1], encoded[-1:] + b"s", encoded[1:], encoded, b"x" + encoded[:1]]
    pieces = sorted({piece for piece in pieces if len(piece) > 1})
    vocabulary = [bytes([byte]) for byte in range(256)] + draw.shuffled(pieces)
    return vocabulary, {piece: i for i, piece in enumerate(vocabulary)}


def cases(seed: int) -> list[Case]:
    """Characters of two, three and four bytes are drawn; ``#``, ``%`` and ``@`` stand for them."""
    draw = Draw(seed)
    two = chr(draw.random.randrange(0xE0, 0xF7))
    three = chr(draw.random.randrange(0x4E00, 0x9F00))
    four = chr(draw.random.randrange(0x1F600, 0x1F640))
    vocabulary, ids = _vocabulary(draw, two + three + four)
    a, b, c = two.encode(), three.encode(), four.encode()

    def case(en, zh, *tokens):
        return Case({"en": en, "zh": zh}, ([ids[token] for token in tokens], list(vocabulary)))

    return [
        case("plain letters", "普通字母", b"the", b" cat", b"f", b"ing", b"!"),
        case("characters in one token each", "每个字符一个词元", b"ca", b"f", a, b" z", b, b"o ", c),
        case("a character in two tokens", "一个字符分在两个词元里",
             b"ca", a[:1], a[1:] + b"s", b"na", b[:2], b[2:]),
        case("a character in four tokens", "一个字符分在四个词元里",
             *(c[i : i + 1] for i in range(4)), b"ing"),
        case("an end within a character", "结尾处字符不完整", b" cat", b, b[:1], b[1:2]),
        case("a beginning within a character", "开头处字符不完整", c[-1:] + b"s", b"the", c[1:], b"f"),
        case("bytes that are never text", "根本不是文本的字节",
             b"na", b"\xff", b"\xfe", b"ca", b"\xc0", b"\x80", b"f"),
        case("half a character before another", "半个字符后面是别的字符",
             b"x" + c[:1], c[1:2], c[2:3], b"the", b[:2], a),
        case("no ids", "没有编号"),
    ]  # fmt: skip


def probe(function, case: Case) -> Answer:
    """The text, and both arguments after the call."""
    ids, vocabulary = case.args
    text = function(ids, vocabulary)
    shown = {"result": "str", "text": text} if isinstance(text, str) else {"result": type_name(text)}
    shown = {"text": None} if text is None else shown
    return shown | {"ids": str(ids), "vocabulary": str([len(piece) for piece in vocabulary[256:]])}


def reference(ids, vocabulary):
    """Python's decoder for bytes that come bit by bit: it keeps what may still become a character."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    return "".join(decoder.decode(vocabulary[token]) for token in ids) + decoder.decode(b"", final=True)


EXERCISE = Exercise(
    id="07.decode",
    title={"en": "Back to text", "zh": "还原成文本"},
    minutes=8,
    difficulty=1,
    aims={
        "en": "Turn ids into a text although a token need not be one.",
        "zh": "把编号还原成文本，尽管单个词元未必是文本。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    labels={
        "result": KIND,
        "text": {"en": "the result", "zh": "返回值"},
        "ids": argument_label("ids"),
        "vocabulary": argument_label("vocabulary"),
    },
    mistakes=MISTAKES,
)
