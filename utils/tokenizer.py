"""A byte-level tokenizer: any text or bytes become numbers and come back exactly.

It puts together what chapter 07 builds by hand (``utils.bpe``), saves and loads itself, and reads GPT-2's own
files. Limits: no normalisation of the text, no added spaces; the ids of a chunk are kept for the next time it
comes, for at most 131,072 chunks.

>>> tokenizer = Tokenizer.train(["low lower lowest"], merges=3)
>>> tokenizer.encode("lowly"), tokenizer.decode([108, 257])
([257, 108, 121], 'llow')
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from utils.bpe import Pair, encode_chunk, split_text, train_bpe
from utils.files import write_atomic
from utils.tokenizer_formats import TokenizerError, as_text, ids_and_ranks, read_gpt2, read_json

FORMAT = "large-models-from-zero tokenizer 1"
END = "<|endoftext|>"


@dataclass(frozen=True)
class Tokenizer:
    """What each id stands for, the pairs of ids that are merged, and the ids of special tokens.

    ``train`` gives the ids 0 to 255 to the bytes, 256 + i to what merge i makes, the last to special tokens.
    GPT-2's files order the bytes otherwise; but a later merge always makes a larger id.
    """

    vocabulary: tuple[bytes, ...]  # (V,)
    merges: tuple[Pair, ...]  # in the order in which they were learned
    special: dict[str, int]  # the text of a special token -> its id

    def __post_init__(self) -> None:
        _ = self._ids_and_ranks  # raises TokenizerError where something does not fit

    @classmethod
    def train(cls, texts: Iterable[str], merges: int, special: tuple[str, ...] = (END,)) -> Tokenizer:
        """Learn ``merges`` merges, or fewer where no pair is left, from the texts' chunks.

        Special tokens are not looked for in the texts.
        """
        if isinstance(texts, str) or merges < 0:
            raise TokenizerError("a tokenizer is trained on a list of texts, with 0 merges or more")
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(split_text(as_text(text)))
        as_bytes = {chunk.encode("utf-8", "surrogateescape"): count for chunk, count in counts.items()}
        learned = train_bpe(as_bytes, merges)
        vocabulary = [bytes([byte]) for byte in range(256)]
        for left, right in learned:
            vocabulary.append(vocabulary[left] + vocabulary[right])
        ids = {as_text(token): len(vocabulary) + i for i, token in enumerate(special)}
        return cls((*vocabulary, *(token.encode() for token in special)), tuple(learned), ids)

    @property
    def V(self) -> int:
        """How many ids there are."""
        return len(self.vocabulary)

    def encode(self, text: str | bytes, special: bool = False) -> list[int]:
        """The ids of a text, or of bytes, which need not be UTF-8.

        With ``special``, the text of a special token becomes its id; else it is text like any other.
        """
        text, ids = as_text(text), []
        parts = self._special_pattern.split(text) if special and self.special else [text]
        for i, part in enumerate(parts):
            if i % 2:  # between two parts stands the special token that parts them
                ids.append(self.special[part])
            else:
                ids.extend(chain.from_iterable(map(self._chunk_ids, split_text(part))))
        return ids

    def decode_bytes(self, ids: Iterable[int]) -> bytes:
        """The bytes that ids stand for; a special token gives its text."""
        ids = ids.tolist() if hasattr(ids, "tolist") else list(ids)
        for id in ids:
            if not 0 <= id < self.V:
                raise TokenizerError(f"{id} is no id here: they go from 0 to {self.V - 1}")
        return b"".join([self.vocabulary[id] for id in ids])

    def decode(self, ids: Iterable[int], errors: str = "replace") -> str:
        """The text that ids stand for; bytes that are not UTF-8 become U+FFFD, or what ``errors`` says."""
        return self.decode_bytes(ids).decode("utf-8", errors)

    def special_id(self, token: str = END) -> int:
        """The id of a special token."""
        if token not in self.special:
            raise TokenizerError(f"{token!r} is no special token here; these are: {list(self.special)}")
        return self.special[token]

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the content, 64 letters: the same for tokenizers that do the same."""
        return hashlib.sha256(json.dumps(self._content()).encode()).hexdigest()

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write a JSON file for ``load``, with a checksum; a byte stands in it as a letter up to U+00FF."""
        stored = {"format": FORMAT, **self._content(), "sha256": self.fingerprint}
        return write_atomic(path, json.dumps(stored) + "\n")

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Tokenizer:
        """Read what ``save`` wrote. TokenizerError where the file is of another kind, damaged or edited."""
        stored = read_json(path)
        if stored.get("format") != FORMAT:
            raise TokenizerError(f"{path} is no tokenizer of this book: its format is not {FORMAT!r}")
        try:
            vocabulary = tuple(letters.encode("latin-1") for letters in stored["vocabulary"])
            merges = tuple((left, right) for left, right in stored["merges"])
            tokenizer = cls(vocabulary, merges, dict(stored["special"]))
            whole = tokenizer.fingerprint == stored["sha256"]
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise TokenizerError(f"{path} is damaged or was edited: {error}") from error
        if not whole:
            raise TokenizerError(f"{path} is damaged or was edited: its checksum is another")
        return tokenizer

    @classmethod
    def from_gpt2(
        cls,
        vocab_json: str | os.PathLike[str],
        merges_txt: str | os.PathLike[str],
        special: tuple[str, ...] = (END,),
    ) -> Tokenizer:
        """Read a vocabulary and merges in GPT-2's format; special tokens are those that the vocabulary has.

        TokenizerError where the two files do not fit together.
        """
        parts = read_gpt2(vocab_json, merges_txt, special)
        try:
            return cls(*parts)
        except TokenizerError as error:
            raise TokenizerError(f"{vocab_json} and {merges_txt} do not fit: {error}") from error

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.vocabulary, self.merges, self.special)  # without what is cached

    def _content(self) -> dict[str, Any]:
        letters = [token.decode("latin-1") for token in self.vocabulary]
        return {"vocabulary": letters, "merges": self.merges, "special": self.special}

    @cached_property
    def _ids_and_ranks(self) -> tuple[list[int], dict[Pair, int]]:
        return ids_and_ranks(self.vocabulary, self.merges, self.special)

    @cached_property
    def _special_pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self.special, key=len, reverse=True)
        return re.compile("(" + "|".join(map(re.escape, longest_first)) + ")")

    @cached_property
    def _chunk_ids(self) -> Callable[[str], list[int]]:
        """The ids of a chunk, remembered."""
        of_byte, ranks = self._ids_and_ranks
        return lru_cache(maxsize=1 << 17)(
            lambda chunk: encode_chunk([of_byte[b] for b in chunk.encode("utf-8", "surrogateescape")], ranks)
        )
