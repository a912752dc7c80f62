"""Chapter 04's formulas: losses and their gradients, a two-layer network and its backward pass, and checks.

Built by hand in chapter 04 and tied to it by a test. Everything works on PyTorch tensors, on any device, and
is differentiable by autograd. Shapes: B samples, I inputs, M hidden neurons, K classes. Limits: first
derivatives only; means over the batch only; for training use ``torch.nn.functional``, which is faster.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

Gradients = tuple[Tensor, Tensor, Tensor, Tensor]


# --- measuring a gradient --------------------------------------------------------------------------


def central_difference(f: Callable[[Tensor], Tensor], x: Tensor, h: float = 1e-5) -> Tensor:
    """Measured gradient of the scalar function ``f`` at ``x``: (f(x + h) - f(x - h)) / 2h for each entry.

    ``x`` has any shape; the result has the same. In float64 the error is about 1e-10; float32 needs h = 1e-2
    and gives four digits. Two evaluations an entry: for checks only. A TypeError if ``x`` is not floating
    point. Built by hand in chapter 04.

    >>> central_difference(lambda x: (x**3).sum(), torch.tensor([2.0], dtype=torch.float64)).round(decimals=6)
    tensor([12.], dtype=torch.float64)
    """
    _floating(x=x)
    x = x.detach()
    slope = torch.zeros_like(x, memory_format=torch.contiguous_format)
    for index in range(x.numel()):
        step = torch.zeros_like(slope)
        step.view(-1)[index] = h
        slope.view(-1)[index] = (f(x + step) - f(x - step)) / (2 * h)
    return slope


def relative_error(a: Tensor, b: Tensor) -> float:
    """Length of a - b over the longer of a and b; 0 if both are zero. Shapes must agree (ValueError).

    It lies between 0, equal, and 2, opposite. Built by hand in chapter 04.
    """
    _same_shape(a=a, b=b)
    longest = max(a.norm().item(), b.norm().item())
    return 0.0 if longest == 0 else (a - b).norm().item() / longest  # NaN stays NaN


def assert_gradient(
    f: Callable[[Tensor], Tensor],
    x: Tensor,
    derived: Tensor,
    automatic: float = 1e-12,
    measured: float = 1e-7,
) -> None:
    """Hold a derived gradient of the scalar ``f`` at ``x`` against autograd and against a measurement.

    ``automatic`` and ``measured`` are the relative errors allowed, for float64. An AssertionError says who
    disagrees; a shape other than that of ``x`` is one too. Built by hand in chapter 04.
    """
    _floating(x=x)
    x = x.detach().clone().requires_grad_()
    if derived.shape != x.shape:
        raise AssertionError(f"the gradient has shape {tuple(derived.shape)}, x has {tuple(x.shape)}")
    (by_rule,) = torch.autograd.grad(f(x), x)
    for name, other, limit in (
        ("autograd", by_rule, automatic),
        ("the measurement", central_difference(f, x), measured),
    ):
        error = relative_error(derived.detach(), other)
        if not error < limit:  # catches NaN as well
            raise AssertionError(f"{name} disagrees: relative error {error:.1e}, allowed {limit:.0e}")


# --- losses ----------------------------------------------------------------------------------------


def mse(predicted: Tensor, target: Tensor) -> Tensor:
    """Mean squared error, 1/n sum (predicted - target)^2, over all n numbers.

    Both have the same shape: (B, 1) against (B,) is a ValueError, since PyTorch would make (B, B) of them.
    Built by hand in chapter 04.

    >>> mse(torch.tensor([1.0, 4.0]), torch.tensor([1.0, 2.0]))
    tensor(2.)
    """
    _floating(predicted=predicted, target=target)
    _same_shape(predicted=predicted, target=target)
    return ((predicted - target) ** 2).mean()


def mse_gradient(predicted: Tensor, target: Tensor) -> Tensor:
    """Gradient of ``mse`` by the predictions: 2/n (predicted - target). Built by hand in chapter 04."""
    _floating(predicted=predicted, target=target)
    _same_shape(predicted=predicted, target=target)
    return 2 / predicted.numel() * (predicted - target)


def linear_mse_gradients(X: Tensor, y: Tensor, w: Tensor, b: Tensor | float) -> tuple[Tensor, Tensor]:
    """Gradients of mse(X @ w + b, y) by w, shape (I,), and by b, a scalar.

    X: (B, I), y: (B,), w: (I,). Other shapes are a ValueError. Built by hand in chapter 04.
    """
    _floating(X=X, y=y, w=w)
    if X.dim() != 2 or y.shape != X.shape[:1] or w.shape != X.shape[1:]:
        shapes = ", ".join(f"{name} {tuple(t.shape)}" for name, t in (("X", X), ("y", y), ("w", w)))
        raise ValueError(f"X is (B, I), y is (B,) and w is (I,), not {shapes}")
    g = mse_gradient(X @ w + b, y)  # (B,)
    return X.T @ g, g.sum()


def softmax(z: Tensor) -> Tensor:
    """Probabilities along the last axis: exp(z_k) / sum_j exp(z_j), safe for large z.

    Built by hand in chapter 04.

    >>> softmax(torch.tensor([1000.0, 1000.0]))
    tensor([0.5000, 0.5000])
    """
    _floating(z=z)
    exponential = torch.exp(z - z.max(dim=-1, keepdim=True).values)
    return exponential / exponential.sum(dim=-1, keepdim=True)


def log_softmax(z: Tensor) -> Tensor:
    """Logarithms of ``softmax(z)``, without computing a probability that could round to 0.

    Built by hand in chapter 04.
    """
    _floating(z=z)
    shifted = z - z.max(dim=-1, keepdim=True).values
    return shifted - torch.log(torch.exp(shifted).sum(dim=-1, keepdim=True))


def cross_entropy(z: Tensor, y: Tensor) -> Tensor:
    """Mean over the batch of -log softmax(z)[right class]. z: (B, K) logits; y: (B,) class numbers, int64.

    Built by hand in chapter 04.
    """
    _logits_and_classes(z, y)
    return -log_softmax(z)[torch.arange(len(y), device=y.device), y].mean()


def cross_entropy_gradient(z: Tensor, y: Tensor) -> Tensor:
    """Gradient of ``cross_entropy`` by the logits: (softmax(z) - one_hot(y)) / B, of shape (B, K).

    Built by hand in chapter 04.
    """
    _logits_and_classes(z, y)
    return (softmax(z) - torch.nn.functional.one_hot(y, z.shape[1])) / len(y)


# --- a two-layer network ---------------------------------------------------------------------------


def two_layer_forward(X: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> tuple[Tensor, Tensor]:
    """Hidden activations tanh(X W1^T + b1), (B, M), and logits A1 W2^T + b2, (B, K).

    X: (B, I), W1: (M, I), b1: (M,), W2: (K, M), b2: (K,). Built by hand in chapter 04.
    """
    _floating(X=X, W1=W1, b1=b1, W2=W2, b2=b2)
    _fits("X is (B, I), W1 is (M, I) and b1 is (M,)", X, W1, b1)
    _fits("A1 is (B, M), W2 is (K, M) and b2 is (K,)", W1.T, W2, b2)
    A1 = torch.tanh(X @ W1.T + b1)  # (B, M)
    return A1, A1 @ W2.T + b2  # (B, K)


def two_layer_backward(X: Tensor, y: Tensor, A1: Tensor, Z2: Tensor, W2: Tensor) -> Gradients:
    """Gradients of the mean cross-entropy by W1 (M, I), b1 (M,), W2 (K, M), b2 (K,).

    A1 and Z2 are what ``two_layer_forward`` returned. Built by hand in chapter 04.
    """
    delta2 = cross_entropy_gradient(Z2, y)  # (B, K)
    delta1 = (delta2 @ W2) * (1 - A1**2)  # (B, M)
    return delta1.T @ X, delta1.sum(0), delta2.T @ A1, delta2.sum(0)


# --- what the arguments must be --------------------------------------------------------------------


def _floating(**tensors: Tensor) -> None:
    """TypeError for the first tensor that does not hold floating point numbers."""
    for name, tensor in tensors.items():
        if not isinstance(tensor, Tensor):
            raise TypeError(f"{name} is a tensor, not {type(tensor).__name__}")
        if not tensor.is_floating_point():
            raise TypeError(f"{name} holds {str(tensor.dtype)[6:]}; use {name}.double() or {name}.float()")


def _same_shape(**tensors: Tensor) -> None:
    """ValueError if two tensors differ in shape: PyTorch would stretch one of them without a word."""
    (first, a), (second, b) = tensors.items()
    if a.shape != b.shape:
        raise ValueError(
            f"{first} has shape {tuple(a.shape)} and {second} {tuple(b.shape)}; they must be the same"
        )


def _fits(rule: str, inputs: Tensor, weight: Tensor, bias: Tensor) -> None:
    """ValueError, with the rule, unless inputs (..., in), weight (out, in) and bias (out,) go together."""
    if weight.dim() != 2 or inputs.shape[-1] != weight.shape[1] or bias.shape != weight.shape[:1]:
        raise ValueError(f"{rule}; here {tuple(inputs.shape)}, {tuple(weight.shape)}, {tuple(bias.shape)}")


def _logits_and_classes(z: Tensor, y: Tensor) -> None:
    """TypeError or ValueError unless z is (B, K) floating point and y is (B,) int64 within 0..K-1."""
    _floating(z=z)
    if y.dtype != torch.int64:
        raise TypeError(f"y holds class numbers as int64, not {str(y.dtype)[6:]}")
    if z.dim() != 2 or y.shape != z.shape[:1]:
        raise ValueError(f"z is (B, K) and y is (B,), not {tuple(z.shape)} and {tuple(y.shape)}")
    low, high = (int(y.min()), int(y.max())) if len(y) else (0, 0)  # -1 would count from the end, unseen
    if low < 0 or high >= z.shape[1]:
        raise ValueError(f"y holds classes from 0 to {z.shape[1] - 1}, not {low} to {high}")
