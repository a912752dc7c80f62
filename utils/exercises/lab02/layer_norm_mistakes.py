"""The known mistakes of 02.layer_norm."""

from __future__ import annotations

import torch
from torch import Tensor

from utils.exercises.authoring import mistake
from utils.exercises.lab02 import hints
from utils.exercises.lab02.hints import affine, moments


def over(dims, x, gamma, beta, eps, correction=0) -> Tensor:
    """Normalisation over the given axes."""
    mean, variance = moments(x, dims, correction)
    return affine(x, mean, (variance + eps).sqrt(), gamma, beta)


def right(x, gamma, beta, eps) -> Tensor:
    return over(-1, x, gamma, beta, eps)


@mistake(
    en="You average over the samples: that is batch norm's way. Here each sample is normalised by its own "
    "channels, and a single one must work too.",
    zh="你是在各个样本上求平均，那是批量归一化的做法。这里每个样本用自己的通道来归一化，只有一个样本也要能"
    "算。",
)
def along_the_batch(x, gamma, beta, eps):
    return over(0, x, gamma, beta, eps)


@mistake(
    en="Right for (B, C). In a sequence you average over the positions too, so that each one sees those "
    "after it. Each position is normalised by its own channels.",
    zh="对 (B, C) 是对的。但输入是序列时，你在各个位置上也求了平均，于是每个位置都看得到后面的。每个位置只"
    "应当用自己的通道来归一化。",
)
def over_positions_too(x, gamma, beta, eps):
    return over(tuple(range(min(1, x.ndim - 1), x.ndim)), x, gamma, beta, eps)


@mistake(**hints.AXIS_ONE)
def axis_one(x, gamma, beta, eps):
    return over(1, x, gamma, beta, eps)


@mistake(**hints.AXIS_ONE)
def axis_one_unbiased(x, gamma, beta, eps):
    return over(1, x, gamma, beta, eps, correction=1)


@mistake(
    en="You have one mean for the whole tensor. Then the samples of a batch change one another's output.",
    zh="你对整个张量只求了一个平均值。这样，批次里的样本会互相影响。",
)
def over_everything(x, gamma, beta, eps):
    return affine(x, x.mean(), (x.var(correction=0) + eps).sqrt(), gamma, beta)


@mistake(**hints.KEEPDIM)
def axis_lost(x, gamma, beta, eps):
    return affine(x, x.mean(dim=-1), (x.var(dim=-1, correction=0) + eps).sqrt(), gamma, beta)


@mistake(**hints.KEEPDIM)
def axis_lost_unbiased(x, gamma, beta, eps):
    return affine(x, x.mean(dim=-1), (x.var(dim=-1) + eps).sqrt(), gamma, beta)


@mistake(
    en="You divide by C - 1 in the variance. Nothing is estimated here: the output of a sample should have "
    "the variance 1 itself.",
    zh="你的方差除以的是 C - 1。这里不是在作估计：要让样本的输出本身方差为 1。",
)
def unbiased(x, gamma, beta, eps):
    return over(-1, x, gamma, beta, eps, correction=1)


@mistake(
    en="Your variance is the mean of the squares, without the mean taken off first.",
    zh="你的方差是平方的平均，没有先减去平均值。",
)
def raw_squares(x, gamma, beta, eps):
    return affine(x, moments(x, -1)[0], ((x**2).mean(dim=-1, keepdim=True) + eps).sqrt(), gamma, beta)


@mistake(
    en="The scale is right, but each sample still has its mean. A step is missing before the division.",
    zh="尺度对了，但每个样本的平均值还在。除之前还差一步。",
)
def not_centred(x, gamma, beta, eps):
    return affine(x, 0.0, (moments(x, -1)[1] + eps).sqrt(), gamma, beta)


@mistake(**hints.EPS_OUTSIDE)
def eps_outside(x, gamma, beta, eps):
    mean, variance = moments(x, -1)
    return affine(x, mean, variance.sqrt() + eps, gamma, beta)


@mistake(**hints.DEFAULT_DEVIATION)
def default_deviation(x, gamma, beta, eps):
    return affine(x, moments(x, -1)[0], x.std(dim=-1, keepdim=True) + eps, gamma, beta)


@mistake(**hints.EPS_MISSING)
def eps_missing(x, gamma, beta, eps):
    return right(x, gamma, beta, 0.0)


@mistake(**hints.NO_ROOT)
def no_root(x, gamma, beta, eps):
    mean, variance = moments(x, -1)
    return affine(x, mean, variance + eps, gamma, beta)


@mistake(**hints.EXCHANGED)
def gamma_and_beta_exchanged(x, gamma, beta, eps):
    return right(x, beta, gamma, eps)


@mistake(**hints.BETA_SCALED)
def beta_scaled(x, gamma, beta, eps):
    return gamma * (right(x, 1.0, beta, eps))


@mistake(**hints.AFFINE_MISSING)
def affine_missing(x, gamma, beta, eps):
    return right(x, 1.0, 0.0, eps)


@mistake(**hints.DETACHED)
def statistics_detached(x, gamma, beta, eps):
    mean, variance = moments(x.detach(), -1)
    return affine(x, mean, (variance + eps).sqrt(), gamma, beta)


@mistake(**hints.CUT)
def graph_cut(x, gamma, beta, eps):
    return right(x, gamma, beta, eps).detach()


@mistake(**hints.CHANGED)
def x_changed(x, gamma, beta, eps):
    mean, variance = moments(x, -1)
    x -= mean
    return x / torch.sqrt(variance + eps) * gamma + beta


MISTAKES = (
    along_the_batch,
    over_positions_too,
    axis_one,
    axis_one_unbiased,
    over_everything,
    axis_lost,
    axis_lost_unbiased,
    unbiased,
    raw_squares,
    not_centred,
    eps_outside,
    default_deviation,
    eps_missing,
    no_root,
    gamma_and_beta_exchanged,
    beta_scaled,
    affine_missing,
    statistics_detached,
    graph_cut,
    x_changed,
)
