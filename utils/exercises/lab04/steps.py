"""A probe for optimiser steps: take several in a row, and see what became of the first one's arguments."""

from __future__ import annotations

import torch
from torch import Tensor

from utils.exercises.core import Answer, Case, Text
from utils.exercises.lab04.common import COUNT, Numbers, parts

STEPS = 4


def step_cases(seed: int, settings: list[tuple[Text, tuple[float, ...]]]) -> list[Case]:
    """For each setting a start and a few gradients of unlike scale that now and then turn their sign."""
    draw = Numbers(seed)
    sizes = torch.tensor([1.0, 30.0, 0.05], dtype=torch.float64)
    return [
        Case(name, (draw.normal(3, shift=2.0), draw.normal(STEPS, 3, shift=0.4) * sizes, *numbers))
        for name, numbers in settings
    ]


def walk(function, case: Case, state: tuple[str, ...], counts: bool) -> Answer:
    """Call ``function(w, g, *state, [t], *settings)`` for t = 1, 2, ...; name all it returns and changes."""
    w, gradients, *settings = case.args
    names = ("w", *state)
    values = [w.clone()] + [torch.zeros_like(w) for _ in state]
    answer: Answer = {}
    for t, g in enumerate(gradients, start=1):
        w, g, *moments = given = [values[0].clone(), g.clone(), *(v.clone() for v in values[1:])]
        answered = parts(function(w, g, *moments, *([t] if counts else []), *settings), names)
        count = answered.pop("count")
        if t == 1:
            answer["count"] = count
        answer |= {f"{name}_{t}": copy(value) for name, value in answered.items()}
        if t == 1:
            answer |= {
                f"old_{name}": copy(value) for name, value in zip(("w", "g", *state), given, strict=True)
            }
        values = [answered[name] for name in names]
        if count != len(names) or not all(isinstance(value, Tensor) for value in values):
            break
    return answer


def copy(value):
    return value.detach().clone() if isinstance(value, Tensor) else value


def step_labels(state: tuple[str, ...]) -> dict[str, Text]:
    """What the results of ``walk`` are called."""
    after = {
        f"{name}_{t}": {"en": f"{name} after step {t}", "zh": f"第 {t} 步之后的 {name}"}
        for name in ("w", *state)
        for t in range(1, STEPS + 1)
    }
    old = {
        f"old_{name}": {
            "en": f"the {name} you were given, after the call",
            "zh": f"调用之后，传入的那个 {name}",
        }
        for name in ("w", "g", *state)
    }
    return {"count": COUNT, **after, **old}


CHANGED = {
    "en": "Your step is right, but it overwrites the tensors it was given. The caller may still need them: build "
    "new tensors instead of changing these in place.",
    "zh": "这一步算得对，但覆盖了传入的张量，而调用者可能还要用它们。请新建张量，不要就地修改。",
}
