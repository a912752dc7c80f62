"""Sees what would break a graph while a function runs: prints, numbers read out of tensors, branches on data.

Why not ask Dynamo? The notebook's process compares the answers and would have to load it, together with
sympy, which takes as long as all the rest of torch; and a check is to answer at once. A TorchDispatchMode
loads it, too. A TorchFunctionMode does not: Python cannot get at a tensor's values without passing here. Its
verdict is not quite Dynamo's. It is stricter where Dynamo translates what reads values in eager mode: NumPy,
and ``max`` of two tensors. It does not see calls into other libraries that read no tensor.
``tests/test_lab06.py`` holds both verdicts against each other.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

NUMBERS = {
    *(Tensor.item, Tensor.tolist, Tensor.numpy, Tensor.__array__, Tensor.__float__, Tensor.__int__),
    *(Tensor.__index__, Tensor.__complex__, Tensor.nonzero, torch.nonzero, torch.argwhere, torch.equal),
    *(Tensor.equal, Tensor.masked_select, torch.masked_select, Tensor.unique, torch.unique),
    *(Tensor.argwhere, torch.allclose, Tensor.allclose, Tensor.__repr__),
}
FILLS = {torch.full_like, Tensor.new_full, torch.arange, torch.scalar_tensor}  # of numbers, not of tensors
BRANCHES = {Tensor.__bool__, Tensor.is_nonzero, torch.is_nonzero, Tensor.__contains__}


class Counted(io.StringIO):
    """Keeps what is printed, and counts: a print of nothing is a print."""

    writes = 0

    def write(self, text: str) -> int:
        self.writes += 1
        return super().write(text)


class Watch(TorchFunctionMode):
    """Whether something was printed, a number read, a branch taken: 0 or 1 each."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers = self.branches = 0
        self.printed = Counted()

    def __torch_function__(self, func, types, args=(), kwargs=None):
        if func in NUMBERS or chooses(func, args) or unpacks(func, args, kwargs):
            self.numbers = 1
        if func in BRANCHES:
            self.branches = 1
        return func(*args, **(kwargs or {}))

    @property
    def prints(self) -> int:
        return min(self.printed.writes, 1)


def chooses(func, args) -> bool:
    """Whether the shape of the result, or the place that is taken, is read from values: indexing by a mask or
    by a single whole number, ``where`` of a mask alone.
    """
    if func in (Tensor.__getitem__, Tensor.__setitem__):
        indices = args[1] if isinstance(args[1], tuple) else (args[1],)
        tensors = [index for index in indices if isinstance(index, Tensor)]
        masks = func is Tensor.__getitem__ and any(index.dtype == torch.bool for index in tensors)
        return masks or any(index.ndim == 0 and index.dtype != torch.bool for index in tensors)
    return func in (torch.where, Tensor.where) and len(args) == 1


def unpacks(func, args, kwargs) -> bool:
    """Whether a number is made of a tensor on the way: to fill another, or as one of a list."""
    if func is torch.as_tensor:
        return isinstance(args[0], (list, tuple)) and any(isinstance(each, Tensor) for each in args[0])
    values = args[func in (torch.full_like, Tensor.new_full) :]
    return func in FILLS and any(isinstance(each, Tensor) for each in (*values, *(kwargs or {}).values()))


@contextlib.contextmanager
def watching() -> Iterator[Watch]:
    """Watch what runs inside. What it printed is printed afterwards, so that a learner sees it."""
    watch = Watch()
    try:
        with contextlib.redirect_stdout(watch.printed), contextlib.redirect_stderr(watch.printed), watch:
            yield watch
    finally:
        print(watch.printed.getvalue(), end="")
