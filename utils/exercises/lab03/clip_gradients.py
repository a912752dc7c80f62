"""03.clip_gradients: shorten all gradients together where their common norm is too large."""

from __future__ import annotations

import torch
from torch import nn

from utils.exercises.authoring import Numbers, argument_label, parts
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab03.clip_gradients_mistakes import MISTAKES


def cases(seed: int) -> list[Case]:
    """A case holds gradients, the largest norm, and what the probe multiplies the gradients by: 0 once."""
    draw = Numbers(seed)

    def case(name, shapes, max_norm, scales=(1.0, 1.0, 1.0), factor=1.0):
        gradients = [draw.normal(*shape) * scale for shape, scale in zip(shapes, scales, strict=False)]
        return Case(name, (gradients, max_norm, factor))

    return [
        case({"en": "3 gradients, too long", "zh": "3 个梯度，太长"}, [(3, 2), (4,), (2, 3, 2)], 1.5),
        case({"en": "2 gradients, short enough", "zh": "2 个梯度，不算长"}, [(2, 4), (5,)], 50.0),
        case(
            {"en": "one gradient far longer than the others", "zh": "其中一个梯度特别长"},
            [(4, 3), (3,), (2, 5)],
            6.0,
            (0.1, 100.0, 0.2),
        ),
        case(
            {"en": "long only together, one of shape ()", "zh": "合起来才太长，其中一个形状为 ()"},
            [(5,), (), (6,)],
            0.9,
            (0.3, 0.5, 0.3),
        ),
        case({"en": "gradients that are all zero", "zh": "梯度全为零"}, [(2, 3), (4,)], 2.0, factor=0.0),
    ]


def probe(function, case: Case) -> Answer:
    """The clipped gradients, the norm, and the caller's list after the call."""
    gradients, max_norm, factor = case.args
    given = [g * factor for g in gradients]
    answer = parts(function(given, max_norm), ("clipped", "norm"))
    return answer | {"old_gradients": given}


def reference(gradients, max_norm):
    """PyTorch's own clipping, on parameters that carry the gradients."""
    parameters = [nn.Parameter(torch.zeros_like(g)) for g in gradients]
    for parameter, g in zip(parameters, gradients, strict=True):
        parameter.grad = g.clone()
    norm = nn.utils.clip_grad_norm_(parameters, max_norm)
    return [parameter.grad for parameter in parameters], norm


EXERCISE = Exercise(
    id="03.clip_gradients",
    title={"en": "Clip gradients together", "zh": "一起裁剪梯度"},
    minutes=8,
    difficulty=2,
    aims={
        "en": "Keep an exploding step short without changing its direction.",
        "zh": "让爆炸的一步变短，但不改变方向。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    rtol=1e-5,  # PyTorch adds a millionth to the norm before it divides
    atol=1e-6,
    labels={
        "clipped": {"en": "the list of clipped gradients", "zh": "裁剪后的梯度列表"},
        "norm": {"en": "the norm", "zh": "范数"},
        "old_gradients": argument_label("gradients"),
    },
    mistakes=MISTAKES,
)
