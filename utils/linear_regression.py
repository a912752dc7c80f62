"""Linear regression: the best line in one formula, standardising, and the model as modules.

Built by hand in chapter 05 and tied to it by a test. Everything works on PyTorch tensors, on any device, in
float32 or float64. Shapes: n training samples, B samples of a batch, I inputs. Limits: one target, no
regularisation; more samples than inputs.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


def closed_form(X: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Weights (I,) and bias () of the least mean squared error of X @ w + b against y.

    X: (n, I), y: (n,). The answer of the normal equations, found from standardised columns without squaring
    them, which keeps twice the digits (Hastie, Tibshirani and Friedman, 2009, section 3.2). A ValueError if a
    column is constant, if columns and bias are not independent, or if there are fewer than I + 1 samples.
    Built by hand in chapter 05.

    >>> X = torch.tensor([[0.0], [1.0], [2.0]])
    >>> w, b = closed_form(X, 3 * X[:, 0] + 1)
    >>> w.round(decimals=4), b.round(decimals=4)
    (tensor([3.]), tensor(1.))
    """
    _check_samples(X, y)
    n, inputs = X.shape
    if n < inputs + 1:
        raise ValueError(f"{inputs} weights and a bias need at least {inputs + 1} samples, not {n}")
    mean, scale = standardiser(X)
    Z = (X - mean) / scale  # the bias is now the mean of y
    # X - mean loses digits where a column lies far from 0: what is smaller than that is no independence.
    rounding = torch.finfo(X.dtype).eps * n * (X.abs().amax(dim=0) / scale).max().item()
    rank = int(torch.linalg.matrix_rank(Z.detach(), rtol=rounding))
    if rank < inputs:
        raise ValueError(
            f"the {inputs} columns of X and the bias are not independent: only {rank} of the columns are"
        )
    w = torch.linalg.lstsq(Z, (y - y.mean())[:, None]).solution[:, 0] / scale
    return w, y.mean() - mean @ w


def standardiser(X: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and scale (population standard deviation) of each column: (X - mean) / scale is standardised.

    X: (n, I) gives two of shape (I,), and (n,) two of shape (). Take them from the training part alone. A
    ValueError names constant columns, which have no scale, and numbers that are not finite. Built by hand in
    chapter 05.

    >>> standardiser(torch.tensor([[1.0, 10.0], [3.0, 50.0]]))
    (tensor([ 2., 30.]), tensor([ 1., 20.]))
    """
    _check_numbers(X=X)
    if X.dim() not in (1, 2) or len(X) == 0:
        raise ValueError(f"X is (n, I) or (n,) with at least one row, not {tuple(X.shape)}")
    constant = X.amin(dim=0) == X.amax(dim=0)  # its deviation may be a rounding error instead of 0
    if constant.any():
        columns = ", ".join(str(i) for i in constant.nonzero().flatten().tolist())
        what = f"column {columns} of X is" if X.dim() == 2 else "all numbers are"
        raise ValueError(f"{what} the same in every row, so there is no scale to divide by")
    return X.mean(dim=0), X.std(dim=0, correction=0)


class LinearModel(nn.Module):
    """X @ w + b as a module: (B, I) to (B,), never (B, 1), which a target (B,) would stretch to (B, B).

    Built by hand in chapter 05.
    """

    def __init__(self, inputs: int) -> None:
        super().__init__()
        if inputs < 1:
            raise ValueError(f"a linear model has at least one input, not {inputs}")
        self.linear = nn.Linear(inputs, 1)

    def forward(self, X: Tensor) -> Tensor:
        """Predictions (B,) for inputs (B, I); any other width is a ValueError."""
        if X.dim() != 2 or X.shape[1] != self.linear.in_features:
            raise ValueError(f"X is (B, {self.linear.in_features}), not {tuple(X.shape)}")
        return self.linear(X).squeeze(1)  # (B, 1) -> (B,)


class Standardised(nn.Module):
    """A model that was trained on standardised numbers, as a function of raw inputs in raw target units.

    ``X`` (n, I) and ``y`` (n,) are the training part. Their means and scales become buffers, so that they are
    saved, loaded and moved with the weights. They have the model's precision and device, and inputs are
    brought to these. Built by hand in chapter 05.
    """

    x_mean: Tensor
    x_scale: Tensor
    y_mean: Tensor
    y_scale: Tensor

    def __init__(self, model: nn.Module, X: Tensor, y: Tensor) -> None:
        super().__init__()
        _check_samples(X, y)
        if bool(y.min() == y.max()):
            raise ValueError("the target y is the same in every row, so there is nothing to learn")
        self.model = model
        like = next(model.parameters(), X)
        for side, (mean, scale) in (("x", standardiser(X)), ("y", standardiser(y))):
            self.register_buffer(f"{side}_mean", mean.detach().to(like))
            self.register_buffer(f"{side}_scale", scale.detach().to(like))

    @classmethod
    def unfitted(cls, model: nn.Module, inputs: int) -> Standardised:
        """One to load a state dict into, where the training part is not at hand.

        Until then its statistics are NaN, and so is every prediction.
        """
        y = torch.arange(2.0)
        whole = cls(model, y[:, None].expand(2, inputs), y)
        for buffer in (whole.x_mean, whole.x_scale, whole.y_mean, whole.y_scale):
            buffer.fill_(torch.nan)
        return whole

    def scaled(self, X: Tensor) -> Tensor:
        """Raw inputs (B, I) as the inner model sees them: in training deviations from the training mean."""
        if X.dim() != 2 or X.shape[1] != len(self.x_mean):
            raise ValueError(f"X is (B, {len(self.x_mean)}), not {tuple(X.shape)}")
        return (X.to(self.x_mean) - self.x_mean) / self.x_scale

    def scaled_target(self, y: Tensor) -> Tensor:
        """Raw targets (B,) in training deviations from the training mean: what the inner model predicts."""
        return (y.to(self.y_mean) - self.y_mean) / self.y_scale

    def forward(self, X: Tensor) -> Tensor:
        """Predictions (B,) in target units for raw inputs (B, I)."""
        return self.model(self.scaled(X)) * self.y_scale + self.y_mean


def _check_samples(X: Tensor, y: Tensor) -> None:
    """TypeError or ValueError unless X is (n, I) and y (n,), floating point, finite and of one precision."""
    _check_numbers(X=X, y=y)
    if X.dim() != 2 or X.shape[1] == 0 or y.shape != X.shape[:1] or len(X) == 0:
        raise ValueError(f"X is (n, I) and y is (n,), not {tuple(X.shape)} and {tuple(y.shape)}")
    if X.dtype != y.dtype:
        raise TypeError(f"X holds {str(X.dtype)[6:]} and y {str(y.dtype)[6:]}; they must be the same")


def _check_numbers(**tensors: Tensor) -> None:
    """TypeError for the first tensor not of floating point numbers, ValueError if one is not finite."""
    for name, tensor in tensors.items():
        if not isinstance(tensor, Tensor):
            raise TypeError(f"{name} is a tensor, not {type(tensor).__name__}")
        if not tensor.is_floating_point():
            raise TypeError(f"{name} holds {str(tensor.dtype)[6:]}; use {name}.double() or {name}.float()")
        bad = (~tensor.isfinite()).nonzero()
        if len(bad):
            place = ", ".join(str(i) for i in bad[0].tolist())
            raise ValueError(f"{name}[{place}] is {tensor[tuple(bad[0])].item()}, which is not finite")
