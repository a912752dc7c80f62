"""03.binary_cross_entropy: the mean loss of logits against targets, where the exponential overflows too."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from utils.exercises.authoring import Numbers, argument_labels, is_near
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab03.binary_cross_entropy_mistakes import MISTAKES


def cases(seed: int) -> list[Case]:
    """No logit is zero: there a form with a kink has no slope of its own, though its loss is right."""
    draw = Numbers(seed)

    def logits(signs, size):
        away = 0.2 + abs(draw.normal(len(signs)))
        return torch.tensor(signs, dtype=torch.float64) * (size + away)

    def targets(*values):
        return torch.tensor(values)  # the probe makes them float64

    soft = (0.05 + 0.9 * torch.rand(6, generator=draw.generator, dtype=torch.float64)).round(decimals=2)
    soft = torch.where((soft - 0.5).abs() < 0.1, 0.2, soft)
    soft[:2] = torch.maximum(soft[:2], 1 - soft[:2])
    soft[2:4] = torch.minimum(soft[2:4], 1 - soft[2:4])
    return [
        Case(
            {"en": "5 small logits", "zh": "5 个较小的 logit"},
            (logits([1, -1, 1, -1, 1], 0.0), targets(1, 0, 0, 1, 1)),
        ),
        Case(
            {"en": "logits near ±10000, some on the wrong side", "zh": "logit 在 ±10000 附近，有些判断错误"},
            (logits([1, -1, 1, -1, 1, 1, -1], 1e4), targets(1, 0, 0, 1, 0, 1, 0)),
        ),
        Case(
            {"en": "logits near ±10000, all on the right side", "zh": "logit 在 ±10000 附近，全部判断正确"},
            (logits([-1, 1, 1, -1], 1e4), targets(0, 1, 1, 0)),
        ),
        Case(
            {"en": "targets between 0 and 1", "zh": "目标值介于 0 与 1 之间"},
            (logits([1, -1, -1, 1, -1, 1], 0.5), soft),
        ),
    ]


def probe(function, case: Case) -> Answer:
    """The loss, its gradient for the logits, and the arguments after the call.

    The gradient counts once the loss is right: a wrong loss is recognised whether it is connected or not.
    """
    z, y = case.args[0], case.args[1].double()
    expected = F.binary_cross_entropy_with_logits(z, y)
    leaf = z.clone().requires_grad_()
    given = leaf.clone()  # not a leaf itself: a function that changes it is told so, not stopped
    result = function(given, y)
    gradient = slope(result, leaf) if is_near(result, expected) else (torch.sigmoid(z) - y) / len(y)
    return {"result": result, "gradient": gradient, "old_logits": given, "old_targets": y}


def slope(result: object, leaf: Tensor) -> Tensor | None:
    """The gradient of the loss, or None where no graph leads back to the logits."""
    if not (isinstance(result, Tensor) and result.requires_grad):
        return None
    return torch.autograd.grad(result, leaf, allow_unused=True)[0]


def reference(logits, targets):
    return F.binary_cross_entropy_with_logits(logits, targets)


EXERCISE = Exercise(
    id="03.binary_cross_entropy",
    title={"en": "A loss that stays finite", "zh": "不会溢出的损失"},
    minutes=10,
    difficulty=2,
    aims={
        "en": "Write a loss of two classes that is right for every logit, and so is its gradient.",
        "zh": "写出二分类的损失：不论 logit 多大，损失和梯度都要正确。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    labels={
        "result": {"en": "the loss", "zh": "损失"},
        "gradient": {"en": "the gradient of your loss for the logits", "zh": "你的损失对 logits 的梯度"},
        **argument_labels("logits", "targets"),
    },
    mistakes=MISTAKES,
)
