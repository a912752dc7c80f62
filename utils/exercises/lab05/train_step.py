"""05.train_step: one step of gradient descent for a linear layer with one output, without the square of
errors."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from utils.exercises.authoring import Numbers, argument_labels, is_near, parts, sgd_by_torch
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab05 import train_step_gradients, train_step_returns

NAMES = ("W", "b", "loss")
GIVEN = ("W", "b", "X", "y")


def cases(seed: int) -> list[Case]:
    """A case holds the layer's one row of weights and its bias without the axis that the probe gives them."""
    draw = Numbers(seed)

    def case(name, B, inputs, rate):
        X, w, b = draw.normal(B, inputs, shift=0.7), draw.normal(inputs), draw.normal(shift=1.5)
        return Case(name, (w, b, X, draw.normal(B, scale=2.0, shift=-1.0), rate))

    return [
        case({"en": "B=5, I=3, learning rate 0.1", "zh": "B=5、I=3，学习率 0.1"}, 5, 3, 0.1),
        case({"en": "B=3, I=4, learning rate 0.05", "zh": "B=3、I=4，学习率 0.05"}, 3, 4, 0.05),
        case({"en": "B=7, I=2, learning rate 0.2", "zh": "B=7、I=2，学习率 0.2"}, 7, 2, 0.2),
    ]


def probe(function, case: Case) -> Answer:
    """What was returned, whether a graph hangs on the new parameters, and the arguments after the call.

    The graph counts once all else is right, and a gradient left on the old parameters after that: a mistake
    is recognised whether autograd was used or not.
    """
    w, b, X, y, learning_rate = case.args
    before = (w[None], b[None], X, y)
    expected = reference(*before, learning_rate)
    given = [value.clone() for value in before]
    answer = parts(function(*given, learning_rate), NAMES)
    pairs = [*zip(map(answer.get, NAMES), expected, strict=True), *zip(given, before, strict=True)]
    right = all(is_near(value, other) for value, other in pairs)
    graph = any(getattr(answer.get(name), "requires_grad", False) for name in ("W", "b"))
    old = {f"old_{name}": value for name, value in zip(GIVEN, given, strict=True)}
    left = any(value.requires_grad or value.grad is not None for value in given)
    return {**answer, "graph": right and graph, **old, "left": right and not graph and left}


def reference(W, b, X, y, learning_rate):
    """PyTorch's linear layer, loss, autograd and step."""
    leaves = W.clone().requires_grad_(), b.clone().requires_grad_()
    loss = F.mse_loss(F.linear(X, *leaves).squeeze(1), y)
    gradients = torch.autograd.grad(loss, leaves)
    moved = [sgd_by_torch(p, g, None, lr=learning_rate) for p, g in zip((W, b), gradients, strict=True)]
    return *moved, loss.detach()


EXERCISE = Exercise(
    id="05.train_step",
    title={"en": "A training step without the square of errors", "zh": "没有误差方阵的训练步"},
    minutes=14,
    difficulty=2,
    aims={
        "en": "Find the shapes that go wrong in the article's step, and write the step right.",
        "zh": "找出文章的训练步里哪个形状不对，并写出正确的一步。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    rtol=1e-5,
    atol=1e-6,
    labels={
        "W": {"en": "the new W", "zh": "新的 W "},
        "b": {"en": "the new b", "zh": "新的 b "},
        "loss": {"en": "the loss", "zh": "损失"},
        "graph": {
            "en": "whether the new W or b still requires a gradient",
            "zh": "新的 W 或 b 是否仍然需要梯度：",
        },
        **argument_labels(*GIVEN),
        "left": {
            "en": "whether an argument requires a gradient or carries one after the call",
            "zh": "调用之后，是否有参数需要梯度或带着梯度：",
        },
    },
    mistakes=train_step_gradients.MISTAKES + train_step_returns.MISTAKES,
)
