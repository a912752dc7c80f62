"""01.swish_backward: the gradient of swish, as a custom operation of autograd needs it."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from utils.exercises.authoring import Numbers
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab01.swish_backward_mistakes import MISTAKES


def cases(seed: int) -> list[Case]:
    """Numbers on both sides of zero; in one case so far from it that an exponential overflows."""
    draw = Numbers(seed)

    def case(en, zh, beta, *shape, scale=1.5):
        name = {"en": f"{en}, beta {beta}", "zh": f"{zh}，beta 为 {beta}"}
        return Case(name, (draw.normal(*shape, scale=scale), draw.normal(*shape, shift=0.6), beta))

    far = case("x from −1200 to 1200", "x 在 −1200 与 1200 之间", 1.25, 3, 4)
    far.args[0][:, ::2] = torch.tensor([[-1200.0, 800.0], [720.0, -950.0], [1200.0, -40.0]])
    return [
        case("five numbers", "五个数", 2.0, 5),
        case("a table, 3 by 4", "3 × 4 的表", 0.5, 3, 4),
        case("three axes, 2 by 3 by 5", "三个轴，2 × 3 × 5", 1.7, 2, 3, 5, scale=4.0),
        far,
    ]


def probe(function, case: Case) -> Answer:
    """The gradient, and whether the arguments were changed, in whatever way."""
    x, grad, beta = case.args
    old_x, old_grad = x.clone(), grad.clone()
    answer = {"result": function(x, grad, beta)}
    return answer | {"x_changed": not x.equal(old_x), "grad_changed": not grad.equal(old_grad)}


def reference(x, grad, beta):
    """Autograd on PyTorch's own swish, which it calls SiLU and which has no beta: the axes are stretched."""
    leaf = x.clone().requires_grad_()
    weighed = F.silu(beta * leaf) / beta * grad  # to hand grad itself to autograd would load SymPy
    return torch.autograd.grad(weighed.sum(), leaf)[0]


EXERCISE = Exercise(
    id="01.swish_backward",
    title={"en": "A backward pass of your own", "zh": "自己写一个反向传播"},
    minutes=12,
    difficulty=2,
    aims={
        "en": "Give autograd the gradient of an operation that it does not know.",
        "zh": "为自动微分不认识的一个运算写出梯度。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    rtol=1e-6,
    atol=1e-7,
    labels={
        "x_changed": {"en": "whether the caller's x was changed", "zh": "调用者的 x 是否被改动："},
        "grad_changed": {"en": "whether the caller's grad was changed", "zh": "调用者的 grad 是否被改动："},
    },
    mistakes=MISTAKES,
)
