"""Six optimisers as functions of one step, each equal to PyTorch's.

Built by hand in chapter 04 and tied to it by a test. A step takes the weights, their gradient, and
``state``, a dict that starts empty and belongs to one tensor of weights; it returns the new weights and
leaves the old ones as they are. Settings have PyTorch's defaults, except ``beta`` = 0.9 in ``momentum``,
where PyTorch's is 0. Limits: one tensor, no schedules, no variants (Nesterov, AMSGrad, centred RMSProp); for
training use ``torch.optim``.

>>> run(sgd, lambda w: 2 * w, torch.tensor([1.0]), steps=2, learning_rate=0.25).tolist()
[[0.5], [0.25]]
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

Rate = float | Tensor  # a tensor of rates that broadcasts against the weights runs many rates at once
State = dict[str, Any]


def run(
    step: Callable[..., Tensor],
    gradient: Callable[[Tensor], Tensor],
    w: Tensor,
    steps: int = 100,
    **settings: Any,
) -> Tensor:
    """All points that an optimiser visits after the first: (steps, *w.shape). Built by hand in chapter 04."""
    state: State = {}
    path = []
    for _ in range(steps):
        w = step(w, gradient(w), state, **settings)
        path.append(w)
    return torch.stack(path)


def sgd(w: Tensor, grad: Tensor, state: State, learning_rate: Rate = 0.001) -> Tensor:
    """Gradient descent: w - learning_rate * grad. Built by hand in chapter 04."""
    _check(w, grad)
    return w - learning_rate * grad


def momentum(w: Tensor, grad: Tensor, state: State, learning_rate: Rate = 0.001, beta: float = 0.9) -> Tensor:
    """Heavy-ball momentum (Polyak, 1964), PyTorch's convention: v = beta v + grad, then w - learning_rate v.

    Built by hand in chapter 04.
    """
    _check(w, grad)
    state["v"] = beta * state.get("v", 0) + grad
    return w - learning_rate * state["v"]


def rmsprop(
    w: Tensor,
    grad: Tensor,
    state: State,
    learning_rate: Rate = 0.01,
    rho: float = 0.99,
    eps: float = 1e-8,
) -> Tensor:
    """RMSProp (Tieleman and Hinton, 2012): w - learning_rate grad / (sqrt s + eps).

    s = rho s + (1 - rho) grad^2 is a running mean of squares. Built by hand in chapter 04.
    """
    _check(w, grad)
    state["s"] = rho * state.get("s", 0) + (1 - rho) * grad**2
    return w - learning_rate * grad / (state["s"].sqrt() + eps)


def adadelta(
    w: Tensor,
    grad: Tensor,
    state: State,
    learning_rate: Rate = 1.0,
    rho: float = 0.9,
    eps: float = 1e-6,
) -> Tensor:
    """Adadelta (Zeiler, 2012): a step in units of w, sqrt(u + eps) / sqrt(s + eps) * grad.

    s and u are running means of grad^2 and of past steps squared. Built by hand in chapter 04.
    """
    _check(w, grad)
    past = state.get("u", torch.zeros_like(w))
    state["s"] = rho * state.get("s", 0) + (1 - rho) * grad**2
    delta = (past + eps).sqrt() / (state["s"] + eps).sqrt() * grad
    state["u"] = rho * past + (1 - rho) * delta**2
    return w - learning_rate * delta


def adam(
    w: Tensor,
    grad: Tensor,
    state: State,
    learning_rate: Rate = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> Tensor:
    """Adam (Kingma and Ba, 2015): w - learning_rate * m_hat / (sqrt(v_hat) + eps), with bias correction.

    m and v are running means of grad and grad^2, divided by 1 - beta^t. Built by hand in chapter 04.
    """
    _check(w, grad)
    t = state["t"] = state.get("t", 0) + 1
    state["m"] = beta1 * state.get("m", 0) + (1 - beta1) * grad
    state["v"] = beta2 * state.get("v", 0) + (1 - beta2) * grad**2
    m_hat, v_hat = state["m"] / (1 - beta1**t), state["v"] / (1 - beta2**t)
    return w - learning_rate * m_hat / (v_hat.sqrt() + eps)


def adamw(
    w: Tensor,
    grad: Tensor,
    state: State,
    learning_rate: Rate = 0.001,
    weight_decay: float = 0.01,
    **settings: float,
) -> Tensor:
    """AdamW (Loshchilov and Hutter, 2019): shrink w by learning_rate * weight_decay, then Adam's step.

    The gradient that Adam sees has no penalty in it. Built by hand in chapter 04.
    """
    _check(w, grad)
    return adam((1 - learning_rate * weight_decay) * w, grad, state, learning_rate, **settings)


def _check(w: Tensor, grad: Tensor) -> None:
    """TypeError unless w holds floating point numbers; ValueError unless the gradient has its shape."""
    if not w.is_floating_point():
        raise TypeError(f"w holds {str(w.dtype)[6:]}; weights are floating point numbers")
    if grad.shape != w.shape:
        raise ValueError(
            f"the gradient has shape {tuple(grad.shape)} and w {tuple(w.shape)}; they must be the same"
        )
