"""What chapter 07 builds by hand equals the settled code; settled code with one thing changed does not."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

import utils.bpe
import utils.duplicates
import utils.shards
import utils.tokenizer
import utils.tokenizer_formats
from tests.notebook_code import definitions, unseen_changes

CHAPTER = Path(__file__).parent.parent / "chapters" / "07_tokens.ipynb"
TEXT = (
    "It's   2 caf\u00e9s,\n\n    they'LL say \u8bcd\u5143 x_12 == 3\u00b2\u00bd\u2167 # don't\u3000we're "
    "\u00e9\u00e9 a\x1cb \x1d \U0001f44d!\r\n\t"
)
WORDS = {b"banana": 3, b"bandana": 2, b"aaaaaaa": 2, b"nab": 1, b"ab" * 5: 4, b"x": 9}


@pytest.fixture(scope="module")
def book() -> Iterator[SimpleNamespace]:
    """The chapter's definitions."""
    return definitions(CHAPTER)


def hard_cases() -> list[dict[bytes, int]]:
    """Counts of words over two letters: full of ties and of pairs that overlap."""
    draw = random.Random(0)
    words = [[bytes(draw.choices(b"ab", k=draw.randint(1, 9))) for _ in range(4)] for _ in range(12)]
    return [WORDS, {}, *({word: draw.randint(1, 4) for word in sorted(set(some))} for some in words)]


def bounded(function: Callable, *arguments: object, steps: int = 8_000) -> object:
    """What a function returns, or a TimeoutError after so many lines: a mutant may go on for ever."""
    left = steps

    def trace(frame, event, argument):
        nonlocal left
        left -= 1
        if left < 0:
            raise TimeoutError
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        return function(*arguments)
    finally:
        sys.settrace(before)


# Each comparison takes an implementation: the settled one, or a mutant that must fail it.


def compare_training(made, book) -> None:
    for counts in hard_cases():
        for merges in (0, 1, 3, 99):
            assert bounded(made.train_bpe, counts, merges) == book.train_bpe(counts, merges)


def compare_merging(made, book) -> None:
    for ids in ([], [7], [1, 1, 1, 2, 1, 1], [2, 1, 2, 1, 2], [1, 2, 1]):
        for pair in ((1, 1), (1, 2), (2, 1)):
            assert bounded(made.merge, ids, pair, 9) == book.merge(ids, pair, 9)


def compare_encoding(made, book) -> None:
    for counts in hard_cases():
        ranks = {pair: new for new, pair in enumerate(book.train_bpe(counts, 99), 256)}
        for chunk in (b"", b"a", b"ab", b"aa", b"abbabaabab", b"bananas", b"aaaaaaaaab", b"xyz"):
            assert bounded(made.encode_chunk, list(chunk), ranks) == book.encode_chunk(list(chunk), ranks)


def compare_splitting(made, book) -> None:
    codes = [*range(0x400), *range(0x1660, 0x16A0), *range(0x2000, 0x2200), *range(0x2FF0, 0x3040), 0xD7A3]
    spaced = "".join(f"{c}{c}a{c}1{c}  {c}'s" for c in map(chr, [*codes, 0xD7A4, 0x9FFF, 0x2A6DF]))
    for text in ("", TEXT, TEXT[::-1], spaced):
        assert made.split_text(text) == book.split_text(text)


def compare_duplicates(made, book) -> None:
    first, second = "a = 1\n\n  b\nc\nd\n", "b\nc\n  d\ne\na = 22"
    for lines in (1, 2, 3, 9):
        for text in (first, second, "", "x"):
            assert made.shingles(text, lines) == book.shingles(text, lines)
        for mine in ([first, second, "x\nx"], ["b"]):
            others = [second, "x\ny\nz", "b"]
            assert made.shared_lines(mine, others, lines) == book.shared_lines(mine, others, lines)


def compare_batches(made, book) -> None:
    shards = book.Numbered(100)
    for how in (
        {"B": 3, "T": 10, "seed": 5},
        {"B": 3, "T": 7, "seed": 5, "epoch": 2},
        {"B": 2, "T": 3, "seed": 0, "epoch": 1, "rank": 1, "ranks": 3, "start": 2},
        {"B": 1, "T": 9, "seed": 1, "ranks": 4, "rank": 3},
    ):
        mine, theirs = (list(version.batches(shards, **how)) for version in (made, book))
        assert len(mine) == len(theirs) > 1
        for (x, y), (their_x, their_y) in zip(mine, theirs, strict=True):
            assert torch.equal(x, their_x) and torch.equal(y, their_y)


def compare_letters(made, book) -> None:
    assert made.byte_letters() == book.byte_letters()


PARTS = [
    (utils.bpe, ["train_bpe"], compare_training),
    (utils.bpe, ["merge"], compare_merging),
    (utils.bpe, ["encode_chunk"], compare_encoding),
    (utils.bpe, ["split_text", "_pattern", "_ranges"], compare_splitting),
    (utils.duplicates, ["shingles", "shared_lines"], compare_duplicates),
    (utils.shards, ["batches"], compare_batches),
    (utils.tokenizer_formats, ["byte_letters"], compare_letters),
]


@pytest.mark.parametrize(("module", "names", "compare"), PARTS, ids=[p[2].__name__ for p in PARTS])
def test_settled_code_equals_the_chapters(module, names, compare, book):
    compare(module, book)


# Changes that the chapter's functions cannot see, and how many of each there are.
UNSEEN = {
    # beyond the last character, the last byte and the last letter that is needed
    "_ranges: Add -> Sub": 1,
    "byte_letters: 256 -> 257": 1,
    "byte_letters: 512 -> 513": 1,
    # ranges of one character each are the same characters
    "_ranges: Sub -> Add": 1,
}


def test_changed_settled_code_does_not(book):
    assert unseen_changes(PARTS, book) == UNSEEN


# --- the tokenizer ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tokenizer() -> utils.tokenizer.Tokenizer:
    return utils.tokenizer.Tokenizer.train([TEXT * 3, "one two one two <|endoftext|>"], merges=60)


def test_the_chapter_trains_the_settled_tokenizer(book, tokenizer):
    counts = book.tally(
        c for text in (TEXT * 3, "one two one two <|endoftext|>") for c in book.split_text(text)
    )
    merges = book.train_bpe(counts, 60)
    assert (
        list(tokenizer.merges) == merges == book.train_incremental(counts, 60) == book.train_naive(counts, 60)
    )
    assert list(tokenizer.vocabulary[:-1]) == book.spell(merges)


def test_both_encode_and_decode_alike(book, tokenizer):
    ranks = {pair: new for new, pair in enumerate(tokenizer.merges, 256)}
    draw = random.Random(1)
    for data in (
        b"",
        TEXT.encode(),
        bytes(range(256)),
        b"\xff\xfe",
        *(draw.randbytes(30) for _ in range(50)),
    ):
        ids = tokenizer.encode(data)
        assert ids == book.encode_bytes(data, ranks)
        assert book.decode_bytes(ids, tokenizer.vocabulary) == tokenizer.decode_bytes(ids) == data
        assert book.decode(ids, tokenizer.vocabulary) == tokenizer.decode(ids)
    assert tokenizer.encode(TEXT) == book.encode(TEXT, ranks)


@pytest.mark.parametrize("text", ["", "a<|endoftext|>b", "<|endoftext|><|endoftext|>", "<|endoftext|", TEXT])
def test_both_treat_special_tokens_alike(text, book, tokenizer):
    ranks = {pair: new for new, pair in enumerate(tokenizer.merges, 256)}
    assert tokenizer.encode(text) == book.encode(text, ranks)
    assert tokenizer.encode(text, special=True) == book.encode_special(text, ranks, tokenizer.special)


def test_both_shards_refuse_damage(book, tmp_path):
    ids = [5, 6, 7, 300, 8]
    book.write_shard(tmp_path / "one", ids)
    assert book.open_shard(tmp_path / "one").tolist() == ids
    utils.shards.write_shards(tmp_path / "many", [ids], V=400, separator=0, fingerprint="x")
    for path in (tmp_path / "one", tmp_path / "many" / "shard_00000.tokens"):
        path.write_bytes(path.read_bytes()[:-1] + b"\x01")
    with pytest.raises(ValueError, match="damaged"):
        book.open_shard(tmp_path / "one")
    with pytest.raises(utils.shards.ShardError, match="damaged"):
        utils.shards.Shards(tmp_path / "many")
