"""03.dropout: entries set to zero where given numbers say so, the rest scaled up; nothing when evaluating."""

from __future__ import annotations

import torch
from torch import Tensor

from utils.exercises.authoring import Numbers, argument_labels, is_near
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab03.dropout_mistakes import MISTAKES


def cases(seed: int) -> list[Case]:
    """One of the uniform numbers is p itself."""
    draw = Numbers(seed)

    def case(name, shape, p, training):
        uniform = torch.randint(100, shape, generator=draw.generator).double() / 100
        uniform.view(-1)[1] = p
        x = draw.normal(*shape, shift=1.5)
        return Case(name, (torch.where(x == 0, 0.5, x), uniform, p, training))

    return [
        case({"en": "training, p = 0.3", "zh": "训练，p = 0.3"}, (4, 3), 0.3, True),
        case({"en": "training, p = 0.6, three axes", "zh": "训练，p = 0.6，三个轴"}, (2, 5, 3), 0.6, True),
        case({"en": "evaluation, p = 0.4", "zh": "评估，p = 0.4"}, (3, 5), 0.4, False),
        case({"en": "training, p = 0", "zh": "训练，p = 0"}, (5, 2), 0.0, True),
    ]


def probe(function, case: Case) -> Answer:
    """The result, its gradient for x, and what is left in the arguments after the call.

    The gradient counts once the numbers are right: wrong ones are recognised, connected or not.
    """
    x, uniform, p, training = case.args
    expected = reference(x, uniform, p, training)
    leaf = x.clone().requires_grad_()
    given = leaf.clone()  # not a leaf itself: a function that changes it is told so, not stopped
    result = function(given, uniform, p, training)
    right = reference(torch.ones_like(x), uniform, p, training)
    gradient = slope(result, leaf) if is_near(result, expected) else right
    return {"result": result, "gradient": gradient, "old_x": given, "old_uniform": uniform}


def slope(result: object, leaf: Tensor) -> Tensor | None:
    """The gradient of the sum, or None where no graph leads back to x."""
    if not (isinstance(result, Tensor) and result.requires_grad):
        return None
    return torch.autograd.grad(result.sum(), leaf, allow_unused=True)[0]


def reference(x, uniform, p, training):
    """As PyTorch's own dropout does it, with the mask from the given numbers."""
    if not training:
        return x
    mask = torch.ones_like(x).masked_fill(uniform < p, 0.0)
    return torch.ops.aten.native_dropout_backward(x, mask.bool(), 1 / (1 - p))


EXERCISE = Exercise(
    id="03.dropout",
    title={"en": "Dropout", "zh": "随机失活"},
    minutes=6,
    difficulty=1,
    aims={
        "en": "Switch units off in training so that their mean stays, and leave evaluation alone.",
        "zh": "训练时随机关掉一些单元，但保持均值不变；评估时不动。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    labels={
        "result": {"en": "the result", "zh": "结果"},
        "gradient": {"en": "the gradient of its sum for x", "zh": "结果之和对 x 的梯度"},
        **argument_labels("x", "uniform"),
    },
    mistakes=MISTAKES,
)
