"""What the counting exercises of lab 01 share: whole numbers, held to the last digit.

A count is compared as an int, so that 2 in 175,000,000,000 shows. A float that is whole counts as that
number, and a known mistake is recognised in it; only a right count is turned away for being a float.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import numpy as np
from torch import Tensor

from utils.exercises.answers import look
from utils.exercises.authoring import parts
from utils.exercises.core import Answer, Case, Text

LARGEST = 2**63 - 1  # an array of whole numbers holds no larger one

FLOAT_LABEL: Text = {"en": "whether the count is a float", "zh": "计数的结果是否为浮点数："}
FLOAT_HINT = {
    "en": "The count is right, but it is a float. Above 2⁵³ a float has no room for every whole number, and "
    "a float32 none above 2²⁴. Which part of your function is not an int?",
    "zh": "计数是对的，但结果是浮点数。超过 2⁵³ 之后，浮点数就放不下每一个整数了，float32 更是过了 2²⁴ 就不"
    "行。函数里哪一处不是 int？",
}


def plain(value: Any) -> Any:
    """A single number as Python's own; anything else as it is."""
    single = isinstance(value, (Tensor, np.ndarray, np.generic)) and value.shape == ()
    return value.item() if single else value


def whole(value: Any) -> Any:
    """A number that is whole as an int that an array can hold; anything else as it is."""
    value = plain(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and abs(value) > LARGEST:
        return float(max(-(10**300), min(value, 10**300)))
    return value


def one_count(reference: Callable[..., int], others: Sequence[tuple[Any, ...]]) -> Callable[..., Answer]:
    """A probe for a function that returns one count. ``others``: see ``is_float``."""

    def probe(function: Callable[..., Any], case: Case) -> Answer:
        value = function(*case.args)
        return {"result": whole(value), "float": is_float([value], function, reference, others)}

    return probe


def counts(
    reference: Callable[..., tuple[Any, ...]],
    names: Sequence[str],
    whole_names: Sequence[str],
    others: Sequence[tuple[Any, ...]],
) -> Callable[..., Answer]:
    """A probe for a function that returns several numbers, some of which are counts."""

    def probe(function: Callable[..., Any], case: Case) -> Answer:
        returned = function(*case.args)
        answer = parts(returned, names)
        given = [answer[name] for name in whole_names if name in answer]
        answer |= {name: whole(answer[name]) for name in whole_names if name in answer}
        if not isinstance(returned, (tuple, list)):  # one number: its size tells which one it is
            answer["result"] = look(whole(returned))
        return answer | {"float": is_float(given, function, reference, others)}

    return probe


def is_float(
    given: Sequence[Any],
    function: Callable[..., Any],
    reference: Callable[..., Any],
    others: Sequence[tuple[Any, ...]],
) -> bool:
    """Whether there is a count with a fraction; or one that is a float, in a function that is right.

    A complex number is never a count.

    The function is right if it is on all of ``others``, arguments on which together no known mistake is: so
    that a mistake made in floats is told as that mistake, whatever it answers in one case.
    """
    floats = [value for value in map(plain, given) if isinstance(value, (float, complex))]
    if not floats or not all(isinstance(value, float) and value.is_integer() for value in floats):
        return bool(floats)
    return all(near(function(*args), reference(*args)) for args in others)


def near(given: Any, expected: Any) -> bool:
    """Whether a number, or each of several, is the expected one, as far as float32 can tell."""
    given, expected = (list(v) if isinstance(v, (tuple, list)) else [v] for v in (given, expected))
    if len(given) != len(expected):
        return False
    pairs = [(plain(g), e) for g, e in zip(given, expected, strict=True)]
    return all(isinstance(g, (int, float)) and abs(g - e) <= 1e-6 * abs(e) for g, e in pairs)


class Sizes:
    """Seeded whole numbers."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def between(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``."""
        return self.random.randint(low, high)

    def unlike(self, low: int, high: int, count: int) -> list[int]:
        """``count`` whole numbers from ``low`` to ``high``, no two equal."""
        return self.random.sample(range(low, high + 1), count)
