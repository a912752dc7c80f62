"""Whether two answers agree, and if not, the one difference most worth telling.

Only plain arithmetic on NumPy arrays: no ``allclose`` that a learner's session may have replaced.

Tolerance: an entry may differ by ``atol + rtol * |expected|``. An answer in a shorter floating type than
float64 cannot be held to that: there an entry may differ by 1000 times the type's spacing at the largest
expected entry (float32: 1.2e-4 of it), at most by 2e-3 of it. The same holds for an answer that was converted
to float64 at the end, which shows in that all its numbers are float32 numbers. So a right solution in float32
passes, and a wrong one, which is off by far more than rounding, does not; ``utils.exercises.proof`` holds
every known mistake against this wider tolerance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from utils.exercises.answers import RAISED, Leaf, Leaves

SPACING = {"float32": 2.0**-23, "complex64": 2.0**-23, "float16": 2.0**-10, "bfloat16": 2.0**-7}
ROUNDING = 1000.0  # spacings that a right solution's rounding may add up to
WIDEST = 2e-3
MISSING = Leaf("none", "None")
EXCEPTIONS = ("raises", "not_started", "unwritten")


@dataclass(frozen=True)
class Difference:
    """Where an answer departs from the expected one.

    ``kind``: raises, not_started, unwritten, none, type, huge, shape, nan or value. ``note`` says more where
    the numbers show it: zeros, ratio, offset, opposite, transposed, same_numbers or rounding; ``factor`` is
    the ratio or the offset.
    """

    kind: str
    label: str
    expected: Leaf
    got: Leaf
    index: tuple[int, ...] = ()
    note: str = ""
    factor: float = 0.0


@dataclass(frozen=True)
class Tolerance:
    """Of an exercise. ``spacing``: treat every answer as if its type were at least as coarse."""

    rtol: float = 1e-6
    atol: float = 1e-8
    spacing: float = 0.0

    def bounds(self, expected: Leaf, got: Leaf) -> np.ndarray:
        """How far each entry may be from the expected one."""
        numbers = _numbers(expected)
        size = np.where(np.isfinite(numbers), np.abs(numbers), 0.0)
        spacing = max(self.spacing, _spacing(expected, got))
        short = min(ROUNDING * spacing, WIDEST) * (size.max() if size.size else 0.0)
        return np.maximum(self.atol + self.rtol * size, short)


def _is_single(leaf: Leaf) -> bool:
    """Whether float64 numbers are all float32 numbers: computed in float32 and converted at the end."""
    with np.errstate(all="ignore"):
        array = leaf.array
        return array.dtype == np.float64 and bool((array.astype(np.float32) == array).all())


def _spacing(expected: Leaf, got: Leaf) -> float:
    spacing = max(SPACING.get(leaf.dtype, 0.0) for leaf in (expected, got))
    converted = _is_single(got) and not _is_single(expected)
    return max(spacing, SPACING["float32"]) if converted else spacing


def _numbers(leaf: Leaf) -> np.ndarray:
    return leaf.array.astype(np.complex128 if leaf.array.dtype.kind == "c" else np.float64)


def _excess(expected: Leaf, got: Leaf, tolerance: Tolerance) -> np.ndarray:
    """By how many times its tolerance each entry is off; infinite where only one is finite."""
    if expected.array.dtype.kind in "bui" and got.array.dtype.kind in "bui":
        return np.where(expected.array == got.array, 0.0, np.inf)  # whole numbers: exact, beyond 2**53 too
    e, g = _numbers(expected), _numbers(got)
    with np.errstate(all="ignore"):
        off = np.abs(g - e) / np.maximum(tolerance.bounds(expected, got), 1e-300)
    same = (e == g) | (np.isnan(e) & np.isnan(g))
    return np.where(same, 0.0, np.where(np.isnan(off), np.inf, off))


def _arrays_differ(label: str, expected: Leaf, got: Leaf, tolerance: Tolerance) -> Difference | None:
    if expected.array.shape != got.array.shape:
        return Difference("shape", label, expected, got, note=_shape_note(expected, got, tolerance))
    excess = _excess(expected, got, tolerance)
    if not (excess > 1).any():
        return None
    broken = ~np.isfinite(_numbers(got)) & (excess > 1)
    kind, worst = ("nan", broken) if broken.any() else ("value", excess)
    index = tuple(int(i) for i in np.unravel_index(int(np.argmax(worst)), excess.shape))
    note, factor = ("", 0.0) if kind == "nan" else _value_note(expected, got, tolerance)
    return Difference(kind, label, expected, got, index, note, factor)


def _shape_note(expected: Leaf, got: Leaf, tolerance: Tolerance) -> str:
    def same(array: np.ndarray) -> bool:
        candidate = Leaf("array", got.type, array, got.dtype, array.shape)
        return array.shape == expected.shape and not (_excess(expected, candidate, tolerance) > 1).any()

    if got.array.ndim > 1 and same(got.array.T):
        return "transposed"
    return (
        "same_numbers"
        if got.array.size == expected.array.size and same(got.array.reshape(expected.shape))
        else ""
    )


@np.errstate(all="ignore")  # an answer of 1e308 overflows here, and that is no news for a learner
def _value_note(expected: Leaf, got: Leaf, tolerance: Tolerance) -> tuple[str, float]:
    """What all the numbers have in common, where there are at least two that say so."""
    e, g = _numbers(expected).ravel(), _numbers(got).ravel()
    if e.dtype.kind == "c" or g.dtype.kind == "c" or not (np.isfinite(e).all() and np.isfinite(g).all()):
        return "", 0.0
    bounds = np.maximum(tolerance.bounds(expected, got).ravel(), 1e-12 * np.abs(e).max())
    if (np.abs(g - e) <= WIDEST / 20 * np.abs(e).max()).all():
        return "rounding", 0.0
    known = np.abs(e) > 100 * bounds
    if known.sum() < 2:
        return "", 0.0
    if not g.any():
        return "zeros", 0.0
    ratio = float(np.median(g[known] / e[known]))
    if (np.abs(g - ratio * e) <= max(1.0, abs(ratio)) * bounds).all():
        return ("opposite", -1.0) if abs(ratio + 1) < 1e-4 else ("ratio", ratio)
    offset = float(np.median(g - e))
    return ("offset", offset) if (np.abs(g - e - offset) <= bounds).all() else ("", 0.0)


def leaf_differs(label: str, expected: Leaf, got: Leaf, tolerance: Tolerance) -> Difference | None:
    """The difference between one result and the expected one, or None."""
    if got.kind in EXCEPTIONS or expected.kind in EXCEPTIONS:
        same = got.kind == expected.kind and got.type == expected.type
        return (
            None
            if same
            else Difference(
                got.kind if label == RAISED and got.kind != "none" else "type", label, expected, got
            )
        )
    if expected.kind == "array" and got.kind == "array":
        return _arrays_differ(label, expected, got, tolerance)
    if expected.kind == got.kind and expected.kind in ("none", "text", "mapping", "sequence"):
        same = expected.text == got.text and expected.shape == got.shape
        return (
            None if same else Difference("value" if expected.kind == "text" else "type", label, expected, got)
        )
    if got.kind == "none":
        return Difference("none", label, expected, got)
    return Difference("huge" if got.kind == "huge" else "type", label, expected, got)


def difference(expected: Leaves, got: Leaves, tolerance: Tolerance) -> Difference | None:
    """The first difference between two answers to one case, in the order of the probe's results."""
    if RAISED in got or RAISED in expected:
        label = RAISED
        return leaf_differs(label, expected.get(label, MISSING), got.get(label, MISSING), tolerance)
    for label in [*expected, *(name for name in got if name not in expected)]:
        found = leaf_differs(label, expected.get(label, MISSING), got.get(label, MISSING), tolerance)
        if found:
            return found
    return None


def alike(expected: Sequence[Leaves], got: Sequence[Leaves], tolerance: Tolerance) -> bool:
    """Whether two functions answered alike on every case."""
    pairs = zip(expected, got, strict=True)
    return all(difference(e, g, tolerance) is None for e, g in pairs)
