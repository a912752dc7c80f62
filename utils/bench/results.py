"""Whether a variant gave the right result: every output by itself, in two measures."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from utils.bench.timing import agrees


def several(outputs: object) -> list[Tensor]:
    """One output, or those in a row, as a list."""
    return [outputs] if isinstance(outputs, Tensor) else list(outputs)


def error_of(outputs: Sequence[Tensor], reference: Sequence[Tensor], tolerance: float) -> float:
    """The largest error over all outputs, if within the tolerance; else a ValueError.

    Each output, so each parameter's gradient, is held against its own reference: by the largest error as a
    share of the largest value, and by the length of the error as a share of the reference's. One small
    gradient that is wrong is not hidden by larger ones, nor many small values in it by a large one.
    """
    if len(outputs) != len(reference):
        raise ValueError(f"{len(outputs)} outputs came back, the reference has {len(reference)}")
    errors = []
    for mine, right in zip(outputs, reference, strict=True):
        mine, right = mine.detach().clone(), right.detach().to(mine.device)
        errors += [agrees(mine, right, tolerance), _length(mine, right, tolerance)]
    return max(errors)


def _length(mine: Tensor, right: Tensor, tolerance: float) -> float:
    wide = right.double()
    error = ((mine.double() - wide).norm() / wide.norm()).item()
    if not error <= tolerance:
        raise ValueError(f"the error is {error:.1e} of the reference's length; {tolerance:.1e} is allowed")
    return error
