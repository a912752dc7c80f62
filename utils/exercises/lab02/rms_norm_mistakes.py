"""The known mistakes of 02.rms_norm."""

from __future__ import annotations

import torch
from torch import Tensor

from utils.exercises.authoring import mistake
from utils.exercises.lab02 import hints
from utils.exercises.lab02.hints import moments


def size(x: Tensor, eps: float, dims=-1) -> Tensor:
    """The root of the mean square over the given axes."""
    return ((x**2).mean(dim=dims, keepdim=True) + eps).sqrt()


@mistake(
    en="This is layer norm without its beta: you take the mean off. RMS norm leaves it where it is.",
    zh="这是不带 beta 的层归一化：你减去了平均值。均方根归一化不动平均值。",
)
def layer_norm(x, gamma, eps):
    mean, variance = moments(x, -1)
    return (x - mean) / (variance + eps).sqrt() * gamma


@mistake(
    en="You divide by the standard deviation, in which the mean is taken off. RMS norm asks how large the "
    "numbers are, not how far they spread.",
    zh="你除以的是标准差，其中减去了平均值。均方根归一化问的是这些数有多大，不是有多分散。",
)
def by_deviation(x, gamma, eps):
    return x / (moments(x, -1)[1] + eps).sqrt() * gamma


@mistake(
    en="The mean is taken off x, but not inside the root. RMS norm takes it off nowhere.",
    zh="你在分子里减去了平均值，根号里却没有。均方根归一化在哪里都不减。",
)
def centred_numerator(x, gamma, eps):
    return (x - moments(x, -1)[0]) / size(x, eps) * gamma


@mistake(
    en="You divide by the length of the row: squares added up. The output would shrink as C grows. What "
    "makes it independent of the number of channels?",
    zh="你除以的是这一行的长度：平方的和。这样 C 越大，输出就越小。怎样才能与通道的个数无关？",
)
def sum_for_mean(x, gamma, eps):
    return x / ((x**2).sum(dim=-1, keepdim=True) + eps).sqrt() * gamma


@mistake(
    en="You measure size by the mean of the absolute values. Asked for is the root of the mean square.",
    zh="你用绝对值的平均来量大小。题目要的是平方平均的平方根。",
)
def mean_of_sizes(x, gamma, eps):
    return x / (x.abs().mean(dim=-1, keepdim=True) + eps) * gamma


@mistake(
    en="You square the mean. The mean of the squares is something else: positive and negative numbers must "
    "not cancel.",
    zh="你先平均、再平方。平方的平均是另一回事：正数和负数不应当互相抵消。",
)
def square_of_the_mean(x, gamma, eps):
    return x / (moments(x, -1)[0] ** 2 + eps).sqrt() * gamma


@mistake(
    en="You average over the samples. Each sample, and each position of a sequence, is divided by its own "
    "size.",
    zh="你是在各个样本上求平均。每个样本（或序列的每个位置）应当除以自己的大小。",
)
def along_the_batch(x, gamma, eps):
    return x / size(x, eps, 0) * gamma


@mistake(**hints.AXIS_ONE)
def axis_one(x, gamma, eps):
    return x / size(x, eps, 1) * gamma


@mistake(
    en="Right for a single sample. With more you divide all of them by one number. Each has its own size.",
    zh="只有一个样本时是对的。样本多了，你还是把它们都除以同一个数。每个样本有自己的大小。",
)
def over_everything(x, gamma, eps):
    return x / ((x**2).mean() + eps).sqrt() * gamma


@mistake(**hints.KEEPDIM)
def axis_lost(x, gamma, eps):
    return x / ((x**2).mean(dim=-1) + eps).sqrt() * gamma


@mistake(
    en="You add eps to the root. It belongs to the mean square, before the root is taken.",
    zh="你把 eps 加在了平方根上。它应当在开方之前加到平方的平均上。",
)
def eps_outside(x, gamma, eps):
    return x / (size(x, 0.0) + eps) * gamma


@mistake(
    en="Where is eps? Without it, a position that holds only zeros is divided by zero. It is added always, "
    "not only where the numbers are small.",
    zh="eps 到哪里去了？没有它，全是零的位置就会除以零。而且它总要加上，不只是在数很小的时候。",
)
def eps_missing(x, gamma, eps):
    return x / size(x, 0.0) * gamma


@mistake(**hints.NO_ROOT)
def no_root(x, gamma, eps):
    return x / size(x, eps) ** 2 * gamma


@mistake(
    en="Every position has the same size now, but gamma had no say in it.",
    zh="每个位置的大小都一样了，但 gamma 没有用上。",
)
def gamma_missing(x, gamma, eps):
    return x / size(x, eps)


@mistake(
    en="You multiply by gamma and one more. Some published models store gamma like that; here it is the "
    "factor itself.",
    zh="你乘的是 gamma 再加一。有些公开的模型这样保存 gamma；这里它就是倍数本身。",
)
def one_plus_gamma(x, gamma, eps):
    return x / size(x, eps) * (1 + gamma)


@mistake(**hints.DETACHED)
def size_detached(x, gamma, eps):
    return x / size(x.detach(), eps) * gamma


@mistake(**hints.CUT)
def graph_cut(x, gamma, eps):
    return torch.tensor((x / size(x, eps) * gamma).tolist(), dtype=x.dtype)


@mistake(**hints.CHANGED)
def x_changed(x, gamma, eps):
    x /= size(x, eps)
    return x * gamma


MISTAKES = (
    layer_norm,
    by_deviation,
    centred_numerator,
    sum_for_mean,
    mean_of_sizes,
    square_of_the_mean,
    along_the_batch,
    axis_one,
    over_everything,
    axis_lost,
    eps_outside,
    eps_missing,
    no_root,
    gamma_missing,
    one_plus_gamma,
    size_detached,
    graph_cut,
    x_changed,
)
