"""What the exercises of lab 07 share: seeded ids in the place of letters, and answers written out as text.

A list of ids is compared as a line of text: a message can then show all of it, where of two lists that
differ in length it could only name the lengths.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from torch import Tensor

from utils.exercises.answers import type_name
from utils.exercises.core import Answer, Text

BYTES = range(256)
LISTS = (list, tuple, Tensor, np.ndarray)
WRITTEN: Text = {"en": "written out, the result", "zh": "写成文本，返回值"}
KIND: Text = {"en": "the type of the result", "zh": "返回值的类型"}


class Draw:
    """Seeded draws: an id for each letter of a plan, how often a chunk occurs, another order."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def ids(self, letters: str, pool: Sequence[int] = range(97, 123)) -> dict[str, int]:
        """A different id for each different letter."""
        letters = sorted(set(letters))
        return dict(zip(letters, self.random.sample(pool, len(letters)), strict=True))

    def count(self, low: int = 2, high: int = 9) -> int:
        return self.random.randint(low, high)

    def shuffled(self, items: Sequence[Any]) -> list[Any]:
        return self.random.sample(items, len(items))


def plain(value: Any) -> Any:
    """Lists, tuples, arrays and tensors of whole numbers as nested lists; anything else as it is."""
    if isinstance(value, (Tensor, np.ndarray, np.generic)):
        return value.tolist()
    return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def written(value: Any, kinds: tuple[type, ...] = LISTS, write: Callable[[Any], str] = str) -> Answer:
    """The type of a result, and the result written out; only the type, where it is not of these types."""
    if not isinstance(value, kinds):
        return {"result": None} if value is None else {"result": type_name(value)}
    return {"result": kinds[0].__name__, "written": write(plain(value))}
