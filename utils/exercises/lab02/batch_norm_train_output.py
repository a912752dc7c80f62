"""Known mistakes of 02.batch_norm_train: the output, its gradients, and the arguments afterwards."""

from __future__ import annotations

import torch
from torch import Tensor

from utils.exercises.authoring import mistake
from utils.exercises.core import Text
from utils.exercises.lab02 import hints
from utils.exercises.lab02.hints import affine


def batch(x: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and biased variance of the channels."""
    return x.mean(dim=0), x.var(dim=0, correction=0)


def moved(old: Tensor, new: Tensor, momentum: float) -> Tensor:
    return (1 - momentum) * old + momentum * new.detach()


def running(x, running_mean, running_var, momentum):
    """Both running statistics as they should be."""
    return moved(running_mean, x.mean(dim=0), momentum), moved(running_var, x.var(dim=0), momentum)


def right_output(x, gamma, beta, eps):
    mean, variance = batch(x)
    return affine(x, mean, (variance + eps).sqrt(), gamma, beta)


def with_output(output):
    """A whole answer from a wrong output; the running statistics are right."""

    def wrong(x, gamma, beta, running_mean, running_var, momentum, eps):
        return output(x, gamma, beta, eps), *running(x, running_mean, running_var, momentum)

    wrong.__name__ = output.__name__
    return wrong


@mistake(
    en="Your output spreads a little too little: you normalise with the variance that divides by B - 1. The "
    "output should have the variance 1 in this batch itself.",
    zh="你的输出分散得略小了一些：归一化用的是除以 B - 1 的方差。输出在这个批次本身里的方差应当是 1。",
)
@with_output
def unbiased_for_y(x, gamma, beta, eps):
    return affine(x, x.mean(dim=0), (x.var(dim=0) + eps).sqrt(), gamma, beta)


@mistake(
    en="In training the batch is normalised by its own statistics. You use the running ones, which belong to "
    "evaluation.",
    zh="训练时，批次用它自己的统计量来归一化。你用的是滑动统计量，那是评估时才用的。",
)
def by_old_running(x, gamma, beta, running_mean, running_var, momentum, eps):
    y = affine(x, running_mean, (running_var + eps).sqrt(), gamma, beta)
    return y, *running(x, running_mean, running_var, momentum)


@mistake(
    en="You bring the running statistics up to date and normalise with them. They are kept for evaluation; "
    "in training the batch's own are used.",
    zh="你先更新滑动统计量，再用它们来归一化。它们是留给评估用的；训练时用批次自己的统计量。",
)
def by_new_running(x, gamma, beta, running_mean, running_var, momentum, eps):
    mean, variance = running(x, running_mean, running_var, momentum)
    return affine(x, mean, (variance + eps).sqrt(), gamma, beta), mean, variance


ALONG_CHANNELS: Text = {
    "en": "You average over the channels of a sample. Batch norm averages over the samples, one channel at a "
    "time. Along which axis do the samples lie?",
    "zh": "你是在一个样本的各个通道上求平均。批量归一化是对每个通道，在各个样本上求平均。样本排在哪个轴上？",
}


@mistake(**ALONG_CHANNELS)
@with_output
def along_channels(x, gamma, beta, eps):
    mean, variance = hints.moments(x, 1)
    return affine(x, mean, (variance + eps).sqrt(), gamma, beta)


@mistake(**ALONG_CHANNELS)
@with_output
def along_channels_unbiased(x, gamma, beta, eps):
    mean, variance = hints.moments(x, 1, correction=1)
    return affine(x, mean, (variance + eps).sqrt(), gamma, beta)


@mistake(
    en="You have one mean for the whole table. Each channel has its own.",
    zh="你对整张表只求了一个平均值。每个通道都应当有自己的。",
)
@with_output
def over_everything(x, gamma, beta, eps):
    return affine(x, x.mean(), (x.var(correction=0) + eps).sqrt(), gamma, beta)


@mistake(
    en="Your variance is the mean of the squares, without the mean taken off first. The further x lies from "
    "zero, the more that is.",
    zh="你的方差是平方的平均，没有先减去平均值。x 离零越远，差得越多。",
)
@with_output
def raw_squares(x, gamma, beta, eps):
    return affine(x, x.mean(dim=0), ((x**2).mean(dim=0) + eps).sqrt(), gamma, beta)


@mistake(
    en="The scale is right, but each channel still has its mean. A step is missing before the division.",
    zh="尺度对了，但各个通道的平均值还在。除之前还差一步。",
)
@with_output
def not_centred(x, gamma, beta, eps):
    return affine(x, 0.0, (batch(x)[1] + eps).sqrt(), gamma, beta)


@mistake(**hints.EPS_OUTSIDE)
@with_output
def eps_outside(x, gamma, beta, eps):
    mean, variance = batch(x)
    return affine(x, mean, variance.sqrt() + eps, gamma, beta)


@mistake(**hints.DEFAULT_DEVIATION)
@with_output
def default_deviation(x, gamma, beta, eps):
    return affine(x, x.mean(dim=0), x.std(dim=0) + eps, gamma, beta)


@mistake(**hints.EPS_MISSING)
@with_output
def eps_missing(x, gamma, beta, eps):
    return right_output(x, gamma, beta, 0.0)


@mistake(**hints.NO_ROOT)
@with_output
def no_root(x, gamma, beta, eps):
    mean, variance = batch(x)
    return affine(x, mean, variance + eps, gamma, beta)


@mistake(**hints.EXCHANGED)
@with_output
def gamma_and_beta_exchanged(x, gamma, beta, eps):
    return right_output(x, beta, gamma, eps)


@mistake(**hints.BETA_SCALED)
@with_output
def beta_scaled(x, gamma, beta, eps):
    return (right_output(x, torch.ones_like(gamma), beta, eps)) * gamma


@mistake(**hints.AFFINE_MISSING)
@with_output
def affine_missing(x, gamma, beta, eps):
    return right_output(x, 1.0, 0.0, eps)


@mistake(**hints.DETACHED)
@with_output
def statistics_detached(x, gamma, beta, eps):
    mean, variance = batch(x.detach())
    return affine(x, mean, (variance + eps).sqrt(), gamma, beta)


@mistake(**hints.CUT)
@with_output
def graph_cut(x, gamma, beta, eps):
    return right_output(x, gamma, beta, eps).detach()


@mistake(**hints.CHANGED)
def x_changed(x, gamma, beta, running_mean, running_var, momentum, eps):
    new = running(x, running_mean, running_var, momentum)
    mean, variance = batch(x)
    x -= mean
    x /= (variance + eps).sqrt()
    return gamma * x + beta, *new


MISTAKES = (
    unbiased_for_y,
    by_old_running,
    by_new_running,
    along_channels,
    along_channels_unbiased,
    over_everything,
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
