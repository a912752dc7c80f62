"""A probe for optimiser steps: take several in a row, and see what became of the first one's arguments."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from utils.exercises.answers import look
from utils.exercises.authoring import Numbers, argument_labels
from utils.exercises.core import Answer, Case, Text

STEPS = 4
BEFORE = 6  # steps taken before a case that begins on the way


def step_cases(seed: int, settings: list[tuple[Text, tuple[float, ...]]], moments: int) -> list[Case]:
    """For each setting a start and a few gradients of unlike scale that now and then turn their sign.

    The last setting is that of a matrix whose first ``BEFORE`` steps are behind it. Arguments of a case: w,
    the gradients, the moments kept so far (None at the first step), then the setting's numbers.
    """
    draw = Numbers(seed)
    sizes = torch.tensor([1.0, 30.0, 0.05], dtype=torch.float64)
    signs = torch.tensor([1.0, -1.0, 1.0], dtype=torch.float64)  # decay must pull up what is below zero

    def arguments(*shape):
        return draw.normal(*shape, shift=2.0) * signs, draw.normal(STEPS, *shape, shift=0.4) * sizes

    cases = [Case(name, (*arguments(3), None, *numbers)) for name, numbers in settings[:-1]]
    name, numbers = settings[-1]
    kept = [draw.normal(2, 3), draw.normal(2, 3, shift=2.0) ** 2]  # a second moment is never negative
    return [*cases, Case(name, (*arguments(2, 3), kept[:moments], *numbers))]


def walk(function, case: Case, state: tuple[str, ...], counts: bool) -> Answer:
    """Call ``function(w, g, *state, [t], *settings)`` for t = 1, 2, ... (or 7, 8, ...); name all it returns
    and changes."""
    w, gradients, kept, *settings = case.args
    names = ("w", *state)
    first = BEFORE + 1 if kept else 1
    values = [w, *(kept or [torch.zeros_like(w) for _ in state])]
    answer: Answer = {}
    for t, g in enumerate(gradients, start=first):
        given = [values[0].clone(), g.clone(), *(value.clone() for value in values[1:])]
        returned = function(*given, *([t] if counts else []), *settings)
        values = list(returned) if isinstance(returned, (tuple, list)) else []
        values = [torch.as_tensor(v) if isinstance(v, np.ndarray) else v for v in values]
        answer.setdefault("result", look(returned))
        answer |= {f"{name}_{t}": copy(value) for name, value in zip(names, values, strict=False)}
        if t == first:
            before = zip(("w", "g", *state), given, strict=True)
            answer |= {f"old_{name}": copy(value) for name, value in before}
        if len(values) != len(names) or not all(isinstance(value, Tensor) for value in values):
            break
    return answer


def copy(value):
    return value.detach().clone() if isinstance(value, Tensor) else value


def step_labels(state: tuple[str, ...]) -> dict[str, Text]:
    """What the results of ``walk`` are called."""
    after = {
        f"{name}_{t}": {"en": f"the new {name} of step {t}", "zh": f"第 {t} 步算出的 {name} "}
        for name in ("w", *state)
        for t in range(1, BEFORE + STEPS + 1)
    }
    return {**after, **argument_labels("w", "g", *state)}


def adam_by_torch(step: Callable[..., None], w, g, m, v, t, **settings) -> tuple[Tensor, Tensor, Tensor]:
    """Weights and moments after PyTorch's t-th step; ``step`` is the function behind Adam or AdamW."""
    parameter, m, v = w.clone(), m.clone(), v.clone()
    steps_before = [torch.tensor(float(t - 1))]
    given = {"weight_decay": 0.0, "amsgrad": False, "maximize": False}
    step([parameter], [g], [m], [v], [], steps_before, **given | settings)
    return parameter, m, v


def moments(g, m, v, beta1, beta2):
    return beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2


def step(w, m, v, t, learning_rate, beta1, beta2, eps):
    """A right step from moments that are up to date; the mistakes hand it wrong ones."""
    return w - learning_rate * (m / (1 - beta1**t)) / ((v / (1 - beta2**t)).sqrt() + eps)


CHANGED = {
    "en": "Your step is right, but it overwrites the tensors it was given. The caller may still need them: "
    "build new tensors instead of changing these in place.",
    "zh": "这一步算得对，但覆盖了传入的张量，而调用者可能还要用它们。请新建张量，不要就地修改。",
}
