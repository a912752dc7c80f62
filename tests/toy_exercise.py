"""A small exercise for the tests of the framework, with everything that a real one has."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from utils.exercises.core import Case, Exercise, Mistake
from utils.exercises.probes import twice, with_gradient, with_inputs_after


def cases(seed: int) -> list[Case]:
    generator = torch.Generator().manual_seed(seed)

    def case(n: int, d: int) -> Case:
        drawn = [torch.randn(n, d, dtype=torch.float64, generator=generator) for _ in range(2)]
        return Case({"en": f"{n} samples, {d} outputs", "zh": f"{n} 个样本、{d} 个输出"}, tuple(drawn))

    return [case(3, 2), case(2, 5), case(4, 3)]


def mean_square(p: Tensor, y: Tensor) -> Tensor:
    """For each output, the mean over the samples of the squared error: (n, d), (n, d) -> (d,)."""
    return F.mse_loss(p, y, reduction="none").mean(0)


def _in_place(p: Tensor, y: Tensor) -> Tensor:
    result = ((p - y) ** 2).mean(0)
    y -= p.detach()
    return result


def _leaking(p: Tensor, y: Tensor, calls: list[int] = []) -> Tensor:  # noqa: B006 (the mistake)
    calls.append(1)
    return ((p - y) ** 2).mean(0) * len(calls) ** 0.5


def _raising(p: Tensor, y: Tensor) -> Tensor:
    return (p.T @ y.T).mean(0)


_HINTS = {
    "sum": ("The loss is a mean over the samples.", "损失是对样本取平均。"),
    "axis": ("One number for each output, not for each sample.", "每个输出一个数，不是每个样本一个数。"),
    "absolute": ("The error is squared.", "误差要平方。"),
    "detached": ("The gradient stops inside your function.", "梯度在你的函数里断了。"),
    "in_place": ("Your function changes its argument.", "你的函数改动了参数。"),
    "leaking": ("Something is kept from call to call.", "有东西从上一次调用留了下来。"),
    "mismatched": ("These shapes do not fit together.", "这两个形状对不上。"),
}
_WRONG = {
    "sum": lambda p, y: ((p - y) ** 2).sum(0),
    "axis": lambda p, y: ((p - y) ** 2).mean(1),
    "absolute": lambda p, y: (p - y).abs().mean(0),
    "detached": lambda p, y: ((p - y) ** 2).mean(0).detach(),
    "in_place": _in_place,
    "leaking": _leaking,
    "mismatched": _raising,
}

TOY = Exercise(
    id="99.mean_square",
    title={"en": "Mean square", "zh": "均方误差"},
    minutes=5,
    difficulty=1,
    aims={"en": "Average over the right axis.", "zh": "沿正确的轴取平均。"},
    cases=cases,
    reference=mean_square,
    mistakes=tuple(
        Mistake(name, wrong, dict(zip(("en", "zh"), _HINTS[name], strict=True)))
        for name, wrong in _WRONG.items()
    ),
    probe=twice(with_inputs_after(with_gradient(0))),
    labels={"gradient 0": {"en": "the gradient for the predictions", "zh": "对预测值的梯度"}},
)


def _by_loop(p: Tensor, y: Tensor) -> Tensor:
    columns = zip(p.T, y.T, strict=True)
    return torch.stack(
        [sum((a - b) ** 2 for a, b in zip(*column, strict=True)) / len(p) for column in columns]
    )


RIGHT = {
    "einsum": lambda p, y: torch.einsum("nd,nd->d", p - y, p - y) / len(p),
    "float32": lambda p, y: (p.float() - y.float()).square().mean(dim=0),
    "loop": _by_loop,
}


def _second_in_place(p: Tensor, y: Tensor) -> Tensor:
    error = p - y
    y.sub_(p.detach())
    return error.square().mean(dim=0)


def _second_leaking(p: Tensor, y: Tensor, *, seen: dict[str, int] = {"calls": 0}) -> Tensor:  # noqa: B006
    seen["calls"] += 1
    return (p - y).square().mean(dim=0) * seen["calls"] ** 0.5


def _second_detached(p: Tensor, y: Tensor) -> Tensor:
    columns = zip(p.T, y.T, strict=True)
    return torch.tensor([((a - b) ** 2).mean().item() for a, b in columns], dtype=p.dtype)


SECOND = {
    "sum": lambda p, y: torch.einsum("nd,nd->d", p - y, p - y),
    "axis": lambda p, y: (p - y).square().sum(-1) / p.shape[-1],
    "absolute": lambda p, y: torch.sqrt((p - y) ** 2).mean(dim=0),
    "detached": _second_detached,
    "in_place": _second_in_place,
    "leaking": _second_leaking,
    "mismatched": lambda p, y: torch.einsum("nd,nd->d", p, y.T),
}
