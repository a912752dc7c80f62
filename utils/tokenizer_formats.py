"""What stands behind ``utils.tokenizer``: its checks, and GPT-2's files (Radford et al., 2019).

GPT-2's ``vocab.json`` gives tokens their ids, ``merges.txt`` has a merge a line; in both, each byte stands as
a letter that shows, a space as "Ġ".
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from utils.bpe import Pair

Parts = tuple[tuple[bytes, ...], tuple[Pair, ...], dict[str, int]]  # vocabulary, merges, special tokens


class TokenizerError(ValueError):
    """What a tokenizer cannot do, or a file of one does not hold, in one sentence."""


def ids_and_ranks(
    vocabulary: Sequence[bytes], merges: Sequence[Pair], special: Mapping[str, int]
) -> tuple[list[int], dict[Pair, int]]:
    """(256,) the id of each byte; and for each pair the id that it becomes, larger for later merges.

    TokenizerError where an id is wrong, or is neither a byte's, nor made by a merge, nor special.
    """
    for token, id in special.items():
        if not token or type(id) is not int or tuple(vocabulary[id : id + 1]) != (as_text(token).encode(),):
            raise TokenizerError(f"{token!r} cannot be a special token with the id {id!r}")
    ids = {token: id for id, token in enumerate(vocabulary) if id not in special.values()}
    single = [ids.get(bytes([byte]), -1) for byte in range(256)]
    if -1 in single:
        raise TokenizerError(f"no id stands for the byte {single.index(-1)}")
    ranks: dict[Pair, int] = {}
    known, last = set(single), -1
    for left, right in merges:
        new = ids.get(vocabulary[left] + vocabulary[right], -1) if {left, right} <= known else -1
        if new <= last:
            raise TokenizerError(
                f"merge {len(ranks)}, of {left!r} and {right!r}, does not follow from those before"
            )
        ranks[left, right] = last = new
        known.add(new)
    unknown = set(range(len(vocabulary))) - known - {*special.values()}
    if unknown:
        raise TokenizerError(f"no merge makes the id {min(unknown)}, {vocabulary[min(unknown)]!r}")
    return single, ranks


def read_gpt2(
    vocab_json: str | os.PathLike[str], merges_txt: str | os.PathLike[str], special: Sequence[str]
) -> Parts:
    """What a pair of GPT-2's files holds; those special tokens are kept that the vocabulary has."""
    ids, letters = read_json(vocab_json), {letter: byte for byte, letter in enumerate(byte_letters())}
    try:
        if sorted(ids.values()) != list(range(len(ids))):
            raise TokenizerError("the ids are not 0, 1, 2 and so on")
        found = {token: ids[token] for token in special if token in ids}
        vocabulary = tuple(
            token.encode() if token in found else bytes(letters[letter] for letter in token)
            for token in sorted(ids, key=ids.__getitem__)
        )
        lines = Path(merges_txt).read_text(encoding="utf-8").splitlines()
        pairs = [line.split(" ") for line in lines if line and not line.startswith("#version")]
        return vocabulary, tuple((ids[left], ids[right]) for left, right in pairs), found
    except KeyError as error:
        raise TokenizerError(f"{vocab_json} and {merges_txt} do not fit: {error} is unknown") from error
    except (TypeError, ValueError) as error:
        raise TokenizerError(f"{vocab_json} and {merges_txt} do not fit: {error}") from error


def byte_letters() -> list[str]:
    """(256,) the letter of each byte in GPT-2's files: its own if it shows, else one from U+0100 on."""
    shown = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = iter(range(0x100, 0x200))
    return [chr(byte if byte in shown else next(others)) for byte in range(256)]


def read_json(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The object in a JSON file; TokenizerError if there is none."""
    try:
        stored = json.loads(Path(path).read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise TokenizerError(f"{path} is damaged, or no tokenizer: {error}") from error
    if not isinstance(stored, dict):
        raise TokenizerError(f"{path} is no tokenizer: it holds no JSON object")
    return stored


def as_text(text: str | bytes) -> str:
    """The text; of bytes that are not UTF-8, each wrong byte as a lone surrogate (PEP 383).

    TokenizerError where a string holds a lone surrogate already.
    """
    if isinstance(text, bytes):
        return text.decode("utf-8", "surrogateescape")
    if not isinstance(text, str):
        raise TokenizerError(f"a text is a string or bytes, not {type(text).__name__}")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise TokenizerError(
            f"the text holds a lone surrogate, {text[error.start]!r} at {error.start}: half a character, "
            "which UTF-8 cannot write"
        ) from error
    return text
