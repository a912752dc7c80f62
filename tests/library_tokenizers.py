"""The library ``tokenizers`` made to work like the book's tokenizer, to compare the two."""

from __future__ import annotations

import json
from collections.abc import Iterable

from tokenizers import AddedToken, models, pre_tokenizers, trainers
from tokenizers import Tokenizer as Library

from utils.tokenizer import Tokenizer


def byte_letters() -> list[str]:
    """(256,) the letter of each byte in GPT-2's files, by the library's alphabet and its order.

    The library lists the letters only; a byte that shows is its own letter, the others follow from U+0100 on.
    """
    letters = set(pre_tokenizers.ByteLevel.alphabet())
    rest = iter(sorted(letter for letter in letters if ord(letter) > 0xFF))
    return [chr(byte) if chr(byte) in letters else next(rest) for byte in range(256)]


def split(text: str) -> list[str]:
    """The chunks that the library cuts a text into."""
    cutter = pre_tokenizers.ByteLevel(add_prefix_space=False)
    return [text[start:end] for _, (start, end) in cutter.pre_tokenize_str(text)]


def trained(texts: Iterable[str], merges: int) -> Library:
    """A tokenizer that the library trains; the bytes have the ids 0 to 255.

    Of equally frequent pairs it takes the one with the smallest ids. Single letters would get ids by their
    code points; as special tokens of the trainer they get them in the order of the bytes.
    """
    tokenizer, letters = _byte_level(models.BPE()), byte_letters()
    trainer = trainers.BpeTrainer(vocab_size=256 + merges, special_tokens=letters, show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    return _byte_level(tokenizer.model)  # without the special tokens, which would be looked for in a text


def _byte_level(model: models.BPE) -> Library:
    tokenizer = Library(model)
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    return tokenizer


def gpt2_like(texts: Iterable[str], size: int, special_first: str | None = None) -> Library:
    """A tokenizer that the library trains in its own way: its bytes are in the order of their letters."""
    tokenizer = _byte_level(models.BPE())
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=[special_first] if special_first else [],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def merges_of(tokenizer: Library) -> list[tuple[int, int]]:
    """The pairs of ids that a trained library tokenizer merges, in order."""
    model = json.loads(tokenizer.to_str())["model"]
    return [(model["vocab"][left], model["vocab"][right]) for left, right in model["merges"]]


def like(ours: Tokenizer) -> Library:
    """A tokenizer of the library with our vocabulary, merges and special tokens."""
    letters = byte_letters()
    words = ["".join(letters[byte] for byte in token) for token in ours.vocabulary]
    ids = {word: id for id, word in enumerate(words) if id not in ours.special.values()}
    ids |= ours.special
    tokenizer = _byte_level(models.BPE(ids, [(words[left], words[right]) for left, right in ours.merges]))
    tokenizer.add_special_tokens([AddedToken(token, normalized=False) for token in ours.special])
    return tokenizer
