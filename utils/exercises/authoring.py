"""What the definitions of every lab share: seeded numbers, functions that return several values, known
mistakes, and what an argument is called after the call; and PyTorch's plain step.

All tensors are float64 so that a tolerance tells a wrong formula from rounding.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.optim.sgd import sgd

from utils.exercises.answers import look
from utils.exercises.core import Answer, Mistake, Text


class Numbers:
    """Seeded numbers, rounded to two decimals so that a message that prints them stays readable."""

    def __init__(self, seed: int) -> None:
        self.generator = torch.Generator().manual_seed(seed)

    def normal(self, *shape: int, scale: float = 1.0, shift: float = 0.0) -> Tensor:
        """Normally distributed float64 numbers of the given shape."""
        draw = torch.randn(shape, generator=self.generator, dtype=torch.float64)
        return (draw * scale + shift).round(decimals=2)

    def labels(self, n: int, classes: int) -> Tensor:
        """``n`` int64 labels. The highest class never occurs, and at least one other occurs twice."""
        return torch.randint(classes - 1, (n,), generator=self.generator)


def parts(value: Any, names: Sequence[str]) -> Answer:
    """What was returned as a whole ("a tuple of length 2"), then its items under their names."""
    items = value if isinstance(value, (tuple, list)) else ()
    return {"result": look(value), **dict(zip(names, items, strict=False))}


def mistake(en: str, zh: str) -> Callable[[Callable[..., Any]], Mistake]:
    """Make the function below it a known mistake of the same name, with its hint in both languages."""
    return lambda wrong: Mistake(wrong.__name__, wrong, {"en": en, "zh": zh})


def is_near(value: Any, expected: Tensor) -> bool:
    """Whether a returned number or tensor is the expected one, to the digits that float32 has."""
    given = torch.as_tensor(value).detach() if isinstance(value, (Tensor, np.ndarray, float)) else None
    same = given is not None and given.shape == expected.shape
    return same and torch.allclose(given.double(), expected.double(), rtol=1e-3, atol=1e-4)


def argument_label(name: str) -> Text:
    """What a message calls an argument that the caller finds changed, in both languages."""
    return {"en": f"the argument {name} after the call", "zh": f"调用之后，参数 {name} "}


def argument_labels(*names: str) -> dict[str, Text]:
    """The same for several arguments, under the keys of a probe that returns them as ``old_NAME``."""
    return {f"old_{name}": argument_label(name) for name in names}


def sgd_by_torch(w: Tensor, g: Tensor, velocity: Tensor | None, **settings: float) -> Tensor:
    """The weights after a step of PyTorch's SGD; ``velocity`` is brought up to date in place.

    ``torch.optim.sgd.sgd`` is what ``torch.optim.SGD`` calls. The class takes seconds to load: it brings
    the compiler along: too long for an instant check.
    """
    parameter = w.clone()
    given = {"weight_decay": 0.0, "momentum": 0.0, "dampening": 0.0, "nesterov": False, "maximize": False}
    sgd([parameter], [g], [velocity], **given | settings)
    return parameter
