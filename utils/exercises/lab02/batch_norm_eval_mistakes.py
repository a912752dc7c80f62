"""The known mistakes of 02.batch_norm_eval."""

from __future__ import annotations

import torch
from torch import Tensor

from utils.exercises.authoring import mistake
from utils.exercises.lab02 import hints
from utils.exercises.lab02.hints import affine


def right(x, gamma, beta, running_mean, running_var, eps) -> Tensor:
    return affine(x, running_mean, (running_var + eps).sqrt(), gamma, beta)


BATCH = {
    "en": "You measure the batch that you are given. In evaluation a single sample must work too, and must "
    "not depend on its neighbours: where do mean and variance come from then?",
    "zh": "你用的是手头这个批次的统计量。评估时只有一个样本也要能算，而且不能受同批样本的影响：这时平均值和"
    "方差从哪里来？",
}


@mistake(**BATCH)
def batch_statistics(x, gamma, beta, running_mean, running_var, eps):
    return right(x, gamma, beta, x.mean(dim=0), x.var(dim=0, correction=0), eps)


@mistake(**BATCH)
def unbiased_batch_statistics(x, gamma, beta, running_mean, running_var, eps):
    mean = x.mean(dim=0)
    return right(x, gamma, beta, mean, ((x - mean) ** 2).sum(dim=0) / torch.tensor(len(x) - 1), eps)


@mistake(
    en="The scale comes from the running variance, but the mean from the batch. Both were kept in training.",
    zh="尺度来自滑动方差，平均值却来自批次。两者都在训练时保存好了。",
)
def mean_of_the_batch(x, gamma, beta, running_mean, running_var, eps):
    return right(x, gamma, beta, x.mean(dim=0), running_var, eps)


@mistake(
    en="The mean comes from training, but the scale from the batch. Both were kept in training.",
    zh="平均值来自训练，尺度却来自批次。两者都在训练时保存好了。",
)
def variance_of_the_batch(x, gamma, beta, running_mean, running_var, eps):
    return right(x, gamma, beta, running_mean, x.var(dim=0, correction=0), eps)


@mistake(
    en="You turn the running variance back into the biased one. It is used as it is; how many samples are "
    "here now must not matter.",
    zh="你把滑动方差换算回了有偏方差。它应当原样使用，与现在有几个样本无关。",
)
def correction_undone(x, gamma, beta, running_mean, running_var, eps):
    return right(x, gamma, beta, running_mean, running_var * (len(x) - 1) / len(x), eps)


@mistake(**hints.EPS_OUTSIDE)
def eps_outside(x, gamma, beta, running_mean, running_var, eps):
    return affine(x, running_mean, running_var.sqrt() + eps, gamma, beta)


@mistake(**hints.EPS_MISSING)
def eps_missing(x, gamma, beta, running_mean, running_var, eps):
    return right(x, gamma, beta, running_mean, running_var, 0.0)


@mistake(
    en="You divide by the variance. A standard deviation has the unit of x, a variance its square.",
    zh="你除以的是方差。与 x 单位相同的是标准差，方差的单位是它的平方。",
)
def no_root(x, gamma, beta, running_mean, running_var, eps):
    return affine(x, running_mean, running_var + eps, gamma, beta)


@mistake(
    en="The scale is right, but the running mean is still in your output, times a factor.",
    zh="尺度对了，但滑动平均值（乘了一个倍数）还留在你的输出里。",
)
def not_centred(x, gamma, beta, running_mean, running_var, eps):
    return affine(x, 0.0, (running_var + eps).sqrt(), gamma, beta)


@mistake(
    en="You subtract the mean after the division. The mean is measured in the units of x, so it must go "
    "first.",
    zh="你先除、后减平均值。平均值与 x 单位相同，应当先减。",
)
def centred_too_late(x, gamma, beta, running_mean, running_var, eps):
    return gamma * (x / (running_var + eps).sqrt() - running_mean) + beta


@mistake(**hints.EXCHANGED)
def gamma_and_beta_exchanged(x, gamma, beta, running_mean, running_var, eps):
    return right(x, beta, gamma, running_mean, running_var, eps)


@mistake(**hints.BETA_SCALED)
def beta_scaled(x, gamma, beta, running_mean, running_var, eps):
    return gamma * (right(x, 1.0, beta, running_mean, running_var, eps))


@mistake(**hints.AFFINE_MISSING)
def affine_missing(x, gamma, beta, running_mean, running_var, eps):
    return right(x, 1.0, 0.0, running_mean, running_var, eps)


@mistake(
    en="The output is right, but the running statistics are no longer what they were. Evaluation only reads "
    "them: a second call must give the same answer.",
    zh="输出是对的，但滑动统计量被改了。评估时只读取它们：再调用一次，答案应当一样。",
)
def running_changed(x, gamma, beta, running_mean, running_var, eps):
    y = right(x, gamma, beta, running_mean, running_var, eps)
    running_mean.lerp_(x.detach().mean(dim=0), 0.1)
    return y


@mistake(**hints.CHANGED)
def x_changed(x, gamma, beta, running_mean, running_var, eps):
    x -= running_mean
    return x / (running_var + eps).sqrt() * gamma + beta


@mistake(**hints.CUT)
def graph_cut(x, gamma, beta, running_mean, running_var, eps):
    with torch.no_grad():
        return right(x, gamma, beta, running_mean, running_var, eps)


MISTAKES = (
    batch_statistics,
    unbiased_batch_statistics,
    mean_of_the_batch,
    variance_of_the_batch,
    correction_undone,
    eps_outside,
    eps_missing,
    no_root,
    not_centred,
    centred_too_late,
    gamma_and_beta_exchanged,
    beta_scaled,
    affine_missing,
    running_changed,
    x_changed,
    graph_cut,
)
