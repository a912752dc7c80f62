"""03.initialise: random numbers brought to the scale of Xavier's or Kaiming's initialisation."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from utils.exercises.authoring import Numbers, argument_labels, is_near
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab03.initialise_mistakes import MISTAKES

KINDS = ("xavier_normal", "xavier_uniform", "kaiming_normal", "kaiming_uniform")
SHAPES = ((6, 4), (3, 8))  # more outputs than inputs, and the other way round


def cases(seed: int) -> list[Case]:
    draw = Numbers(seed)

    def numbers(kind, shape):
        if kind.endswith("normal"):
            return draw.normal(*shape)
        uniform = torch.rand(shape, generator=draw.generator, dtype=torch.float64)
        return (2 * uniform - 1).round(decimals=2)

    return [
        Case({"en": f"{kind}, shape {shape}", "zh": f"{kind}，形状 {shape}"}, (numbers(kind, shape), kind))
        for shape in SHAPES
        for kind in KINDS
    ]


def probe(function, case: Case) -> Answer:
    """The weights, and, once they are right, what is left in the numbers after the call."""
    z, kind = case.args
    expected, before = reference(z, kind), z.clone()
    result = function(z, kind)
    is_complex = isinstance(result, Tensor) and result.is_complex()  # the root of a negative variance
    right = not is_complex and is_near(result, expected)
    return {"result": result, "old_z": z if right else before}


def reference(z, kind):
    """What PyTorch's own initialisation makes of numbers that its generator also gives plain: the scale."""
    options = {"nonlinearity": "relu"} if kind.startswith("kaiming") else {}
    generator = torch.Generator()
    fill = getattr(nn.init, f"{kind}_")
    weights = fill(torch.empty_like(z), generator=generator.manual_seed(0), **options)
    plain, generator = torch.empty_like(z), generator.manual_seed(0)
    if kind.endswith("normal"):
        plain.normal_(generator=generator)
    else:
        plain.uniform_(-1, 1, generator=generator)
    return z * (weights / plain).median()


EXERCISE = Exercise(
    id="03.initialise",
    title={"en": "Weights of the right size", "zh": "大小合适的权重"},
    minutes=8,
    difficulty=2,
    aims={
        "en": "Scale random numbers so that signals neither die out nor blow up from layer to layer.",
        "zh": "缩放随机数，让信号一层层传下去时既不消失，也不爆炸。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    labels=argument_labels("z"),
    mistakes=MISTAKES,
)
