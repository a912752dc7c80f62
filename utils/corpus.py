"""The corpus of the language models: PyTorch's own Python source as installed, in three splits.

API skeleton: the rule and the manifest follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

SPLITS = ("train", "validation", "held_out")


def matches() -> bool:
    """Whether this machine's PyTorch has the files of the manifest, byte for byte."""
    raise NotImplementedError


def status() -> str:
    """One line: that the manifest fits, or why not and what follows."""
    raise NotImplementedError


def read_split(split: str, max_bytes: int | None = None) -> Iterator[tuple[str, str]]:
    """Yield (path below PyTorch's folder, text) of a split, in an order that mixes the folders.

    With ``max_bytes``, stop before the file that would take the total beyond it.
    """
    raise NotImplementedError


def clusters(texts: dict[str, str]) -> list[list[str]]:
    """Paths in groups of near-duplicates."""
    raise NotImplementedError


def shared_lines(texts: Iterable[str], others: Iterable[str]) -> float:
    """The share of the lines of ``texts`` that also stand in ``others``."""
    raise NotImplementedError
