"""Functions from a sequence (T, C) to one (T, D), for 02.sees_the_future: some look ahead, some do not."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


def running_sum(x: Tensor) -> Tensor:
    """Causal."""
    return x.cumsum(dim=0)


def sum_from_the_end(x: Tensor) -> Tensor:
    """All but the last position see the future, in small numbers: a threshold must fit their size."""
    return 1e-4 * x.flip(0).cumsum(dim=0).flip(0)


def two_ahead(x: Tensor) -> Tensor:
    """All but the last two see the future, and none its neighbour."""
    return x + torch.cat([2 * x[2:], torch.zeros_like(x[:2])])


def centred(x: Tensor) -> Tensor:
    """All but the last see the future, through a mean that autograd does not hear of."""
    return x - x.detach().mean(dim=0)


def scaled(x: Tensor) -> Tensor:
    """All but the last see the future, but neither its order nor its signs."""
    return x / (x**2).mean(dim=0).sqrt()


def block_means(x: Tensor) -> Tensor:
    """All but the last of each block see the future, though the channels of the output add up to zero."""
    means = torch.cat([block.mean(dim=0).expand_as(block) for block in x.split(3)])
    return torch.cat([means, -means], dim=1)


def next_difference(x: Tensor) -> Tensor:
    """All but the last two see the future in the first channel, but not a constant that is added to it."""
    y = x.clone()
    y[:-2, 0] += x[2:, 0] - x[1:-1, 0]
    return y


def one_reversed(x: Tensor) -> Tensor:
    """The first half sees the future, in the last channel alone; a channel is missing in the output."""
    return torch.stack([x[:, 0], x[:, -1].flip(0)], dim=1)


@dataclass(frozen=True)
class Mix:
    """Causal: a fixed mixture of the inputs so far, for sequences of one length."""

    weights: Tensor  # (T, T), lower triangle

    def __call__(self, x: Tensor) -> Tensor:
        return self.weights @ x


def masked_attention(x: Tensor) -> Tensor:
    """Causal: the weights of later inputs are zero, but they are multiplied all the same.

    The scores are bounded, so that no input so far is forgotten.
    """
    scores = x.tanh() @ x.tanh().T
    later = torch.ones_like(scores).triu(1).bool()
    return scores.masked_fill(later, float("-inf")).softmax(dim=1) @ x


@dataclass(frozen=True)
class Convolution:
    """Causal: the inputs so far, weighted by their age. It goes by way of frequencies, where rounding errors
    mix all positions."""

    kernel: Tensor  # (T, C)

    def __call__(self, x: Tensor) -> Tensor:
        T = len(x)
        product = torch.fft.rfft(x, 2 * T, dim=0) * torch.fft.rfft(self.kernel, 2 * T, dim=0)
        return torch.fft.irfft(product, 2 * T, dim=0)[:T]
