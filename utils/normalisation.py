"""Three normalisation layers, each equal to PyTorch's: batch norm, layer norm, RMS norm.

Built by hand in chapter 02 and tied to it by a test. The channels are the last axis: x is (..., C), so a
batch (B, C) and a batch of sequences (B, T, C) both fit. PyTorch's ``nn.BatchNorm1d`` has them as the second
axis, (B, C) or (B, C, T). Limits: one axis of channels, a scale (and a shift) always learned; statistics of
one process, which several GPUs would have to share.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


def batch_norm(
    x: Tensor,
    weight: Tensor,
    bias: Tensor,
    running_mean: Tensor,
    running_var: Tensor,
    training: bool,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Bring each channel of x (..., C) to mean 0 and variance 1, then scale and shift it.

    Source: Ioffe and Szegedy (2015). In training the mean and the variance are those of the batch, the
    variance with 1/n, and the running statistics (C,) move towards them in place by the share ``momentum``,
    the variance with 1/(n - 1). In evaluation the running statistics are used and stay. A ValueError for
    other shapes, and in training for a single value a channel, whose variance is zero. Built by hand in
    chapter 02.

    >>> x = torch.tensor([[1.0], [3.0]])
    >>> batch_norm(x, torch.ones(1), torch.zeros(1), torch.zeros(1), torch.ones(1), True).round().tolist()
    [[-1.0], [1.0]]
    """
    _check(x, weight=weight, bias=bias, running_mean=running_mean, running_var=running_var)
    if training and x.numel() <= x.shape[-1]:
        raise ValueError(
            f"in training each channel needs two values or more; x has shape {tuple(x.shape)}, one or none"
        )
    if training:
        rows = x.reshape(-1, x.shape[-1])  # (n, C)
        mean, var = rows.mean(0), rows.var(0, correction=0)
        with torch.no_grad():
            running_mean += momentum * (mean - running_mean)
            running_var += momentum * (rows.var(0) - running_var)
    else:
        mean, var = running_mean, running_var
    return (x - mean) / (var + eps).sqrt() * weight + bias


def layer_norm(x: Tensor, weight: Tensor, bias: Tensor, eps: float = 1e-5) -> Tensor:
    """Bring each vector of x (..., C) to mean 0 and variance 1 over its channels (Ba et al., 2016).

    The variance has 1/C. Nothing is shared between vectors, so training and evaluation are the same. Other
    shapes are a ValueError. Built by hand in chapter 02.

    >>> layer_norm(torch.tensor([[1.0, 3.0]]), torch.ones(2), torch.zeros(2)).round().tolist()
    [[-1.0, 1.0]]
    """
    _check(x, weight=weight, bias=bias)
    mean = x.mean(-1, keepdim=True)  # (..., 1)
    var = x.var(-1, correction=0, keepdim=True)
    return (x - mean) / (var + eps).sqrt() * weight + bias


def rms_norm(x: Tensor, weight: Tensor, eps: float = 1e-5) -> Tensor:
    """Divide each vector of x (..., C) by the root of the mean of its squares (Zhang and Sennrich, 2019).

    No mean is subtracted and no shift is learned. PyTorch's own default for ``eps`` is the precision of x.
    Other shapes are a ValueError. Built by hand in chapter 02.

    >>> rms_norm(torch.tensor([[3.0, 3.0]]), torch.ones(2)).round().tolist()
    [[1.0, 1.0]]
    """
    _check(x, weight=weight)
    return x / ((x**2).mean(-1, keepdim=True) + eps).sqrt() * weight


class BatchNorm(nn.Module):
    """``batch_norm`` with its weights and running statistics; ``train()`` and ``eval()`` switch it.

    The running statistics are buffers: they go into the state dict and get no gradient. Built by hand in
    chapter 02.
    """

    def __init__(self, channels: int, momentum: float = 0.1, eps: float = 1e-5) -> None:
        super().__init__()
        self.momentum, self.eps = momentum, eps
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x: Tensor) -> Tensor:
        running = self.running_mean, self.running_var
        return batch_norm(x, self.weight, self.bias, *running, self.training, self.momentum, self.eps)


class LayerNorm(nn.Module):
    """``layer_norm`` with its weights. Built by hand in chapter 02."""

    def __init__(self, channels: int, eps: float = 1e-5) -> None:
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        return layer_norm(x, self.weight, self.bias, self.eps)


class RMSNorm(nn.Module):
    """``rms_norm`` with its weight. Built by hand in chapter 02."""

    def __init__(self, channels: int, eps: float = 1e-5) -> None:
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(channels))

    def forward(self, x: Tensor) -> Tensor:
        return rms_norm(x, self.weight, self.eps)


def _check(x: Tensor, **channelwise: Tensor) -> None:
    """TypeError unless x holds floating point numbers; ValueError unless all else is (C,)."""
    if not x.is_floating_point():
        raise TypeError(f"x holds {str(x.dtype)[6:]}; only floating point numbers can be normalised")
    if x.dim() < 2:
        raise ValueError(f"x is (..., C) with a batch in front, not {tuple(x.shape)}")
    for name, tensor in channelwise.items():
        if tensor.shape != x.shape[-1:]:
            wanted = tuple(x.shape[-1:])
            raise ValueError(
                f"x has {x.shape[-1]} channels, so {name} has shape {wanted}, not {tuple(tensor.shape)}"
            )
