"""utils.bpe against outsiders: ``regex`` and ``tokenizers`` split alike, and the latter learns the same."""

from __future__ import annotations

import random
import sys
import unicodedata
from collections import Counter
from itertools import pairwise

import pytest
import regex

from tests import library_tokenizers as library
from utils.bpe import encode_chunk, merge, split_text, train_bpe
from utils.corpus import read_split

GPT2 = regex.compile(r"""'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+""")
# What stands near the borders of the pattern's classes: controls and spaces of all kinds, marks, numbers that
# are no digits, letters that are numerals, joined emoji.
NASTY = [
    *"aZéßΩжאم中あ한ǅʰ", *"09٣५²½Ⅷ〇㊀①", *"_'’-.#\"\\+$€",
    *(chr(c) for c in (0, 9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 0x85, 0xA0, 0x1680, 0x2028, 0x202F, 0x3000)),
    *"\u200b\u200d\ufeff\u0301\u0903\ufe0f\U0001f600\U0001f469\U00020000\U0001d7d8\U0010ffff",
    "'s", "'ll", "'S", "  ", "\r\n", " \t ", "don't", "e\u0301",
]  # fmt: skip


def settled(text: str) -> str:
    """Without characters that came after Unicode 3.2: Python and the outsiders may not all know them."""
    return "".join(letter for letter in text if unicodedata.ucd_3_2_0.category(letter) != "Cn")


def random_texts(count: int, seed: int) -> list[str]:
    """Mixes of what is nasty and of any character at all, without lone surrogates."""
    draw = random.Random(seed)
    texts = []
    for _ in range(count):
        pieces = draw.choices(NASTY, k=draw.randrange(40))
        pieces += [chr(draw.randrange(sys.maxunicode + 1)) for _ in range(draw.randrange(8))]
        draw.shuffle(pieces)
        text = "".join(pieces).encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
        texts.append(settled(text))
    return texts


@pytest.fixture(scope="module")
def code() -> list[str]:
    return [text for _, text in read_split("train", 400_000)]


# --- the split -----------------------------------------------------------------------------------------


def test_split_is_regexs_and_the_librarys():
    texts = [*random_texts(6000, seed=1), "", " ", "\n", "'", "''s", "a" * 5000, " " * 300 + "x"]
    assert sum(map(len, texts)) > 100_000
    for text in texts:
        chunks = split_text(text)
        assert chunks == GPT2.findall(text), text
        assert chunks == library.split(text), text
        assert "".join(chunks) == text


def test_split_of_code_is_the_librarys(code):
    for text in code:
        assert split_text(text) == library.split(text)


def test_every_character_that_python_knows_is_split_as_by_regex():
    """Each one alone, between letters, between numbers, after a space and before one."""
    for code_point in range(sys.maxunicode + 1):
        letter = chr(code_point)
        if unicodedata.category(letter) not in ("Cn", "Cs") and not regex.match(r"\p{Cn}", letter):
            text = f"a{letter}a1{letter}1 {letter} {letter}"
            assert split_text(text) == GPT2.findall(text), hex(code_point)


def test_wrong_bytes_stay_other_signs():
    text = b"ab\xff\xfe 1\x80".decode("utf-8", "surrogateescape")
    assert split_text(text) == ["ab", text[2:4], " 1", text[-1]]


# --- learning ------------------------------------------------------------------------------------------


def chunk_counts(texts: list[str]) -> dict[bytes, int]:
    return {
        chunk.encode(): count for chunk, count in Counter(c for t in texts for c in split_text(t)).items()
    }


def naive(counts: dict[bytes, int], merges: int) -> list[tuple[int, int]]:
    """The definition: count all pairs anew before each merge."""
    chunks, learned = [(list(chunk), count) for chunk, count in counts.items()], []
    while len(learned) < merges:
        pairs: Counter[tuple[int, int]] = Counter()
        for ids, count in chunks:
            for pair in pairwise(ids):
                pairs[pair] += count
        if not pairs:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        chunks = [(merge(ids, best, 256 + len(learned)), count) for ids, count in chunks]
        learned.append(best)
    return learned


def test_the_library_learns_the_same_merges_in_the_same_order(code):
    learned = train_bpe(chunk_counts(code), 1500)
    assert len(learned) == 1500 and learned == library.merges_of(library.trained(code, 1500))


@pytest.mark.parametrize("seed", range(30))
def test_the_library_and_the_definition_learn_the_same_where_ties_abound(seed):
    """Few letters and counts, so nearly every merge is chosen among equals; long runs of one letter."""
    draw = random.Random(seed)
    words = [
        "".join(draw.choices("aab\u00e9", k=draw.randrange(1, 12))) for _ in range(draw.randrange(2, 60))
    ]
    words += ["a" * draw.randrange(1, 20) for _ in range(5)]
    text = " ".join(words)
    learned = train_bpe(chunk_counts([text]), 60)
    assert learned == naive(chunk_counts([text]), 60)
    assert learned == library.merges_of(library.trained([text], 60))


def test_random_bytes_follow_the_definition():
    draw = random.Random(5)
    words = [bytes(draw.choices(b"\x00\x01\xff\x80", k=draw.randrange(9))) for _ in range(80)]
    counts = {word: draw.randrange(1, 4) for word in words}
    assert train_bpe(counts, 100) == naive(counts, 100)


def test_ties_go_to_the_smaller_pair_and_the_end_comes_early():
    assert train_bpe({b"ba": 1, b"ab": 1, b"aa": 1}, 10) == [(97, 97), (97, 98), (98, 97)]
    assert train_bpe({b"abc": 3}, 10) == [(97, 98), (256, 99)]
    assert train_bpe({}, 3) == train_bpe({b"": 4, b"x": 9}, 3) == train_bpe({b"ab": 2}, 0) == []


def test_no_two_merges_make_the_same_bytes(code):
    made = [bytes([byte]) for byte in range(256)]
    for left, right in train_bpe(chunk_counts(code), 1500):
        made.append(made[left] + made[right])
    assert len(set(made)) == len(made)


# --- merging and encoding --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ids", "merged"),
    [
        ([], []),
        ([1], [1]),
        ([1, 1], [9]),
        ([1, 1, 1], [9, 1]),
        ([1, 1, 1, 1], [9, 9]),
        ([2, 1, 1, 2, 1, 1], [2, 9, 2, 9]),
        ([1, 2, 1], [1, 2, 1]),
    ],
)
def test_pairs_are_merged_from_left_to_right(ids, merged):
    given = list(ids)
    assert merge(given, (1, 1), 9) == merged and given == ids


def test_the_earliest_merge_goes_first():
    ranks = {(98, 99): 256, (97, 98): 257, (97, 256): 258}
    assert encode_chunk(list(b"abc"), ranks) == [258] and encode_chunk(list(b"abab"), ranks) == [257, 257]
    assert encode_chunk([], ranks) == [] and encode_chunk((97,), ranks) == [97]


def test_a_chunk_that_was_learned_from_is_encoded_as_it_was_merged(code):
    counts = chunk_counts(code[:10])
    learned = train_bpe(counts, 400)
    ranks = {pair: 256 + i for i, pair in enumerate(learned)}
    for chunk in counts:
        ids = list(chunk)
        for pair, new in ranks.items():
            ids = merge(ids, pair, new)
        assert encode_chunk(list(chunk), ranks) == ids
