"""Hints that several exercises of lab 02 share, and the pieces of a normalisation that their mistakes use."""

from __future__ import annotations

from torch import Tensor

from utils.exercises.core import Text

EPS_OUTSIDE: Text = {
    "en": "You add eps to the standard deviation. It belongs to the variance, before the root is taken. "
    "Where the spread is small, that is a large difference.",
    "zh": "你把 eps 加在了标准差上。它应当在开方之前加到方差上；数据分散得很小时，两者相差很大。",
}
DEFAULT_DEVIATION: Text = {
    "en": "Two things at once. PyTorch's std() divides by one less than there are numbers, unless told "
    "otherwise. And eps belongs to the variance, before the root is taken.",
    "zh": "有两处不对。PyTorch 的 std() 默认除以“个数减一”，除非另作说明；而 eps 应当在开方之前加到方差上。",
}
EPS_MISSING: Text = {
    "en": "Where is eps? Without it, numbers that do not spread at all are divided by zero. It is added "
    "always, not only where the spread is small.",
    "zh": "eps 到哪里去了？没有它，数据完全不分散时就会除以零。而且它总要加上，不只是在分散得很小的时候。",
}
NO_ROOT: Text = {
    "en": "Doubled inputs should give the same output but for eps. Yours become half as large: you divide by "
    "a square, and a step is missing.",
    "zh": "输入加倍，除了 eps 的影响，输出应当不变。你的输出却小了一半：你除以的是平方，还差一步。",
}
EXCHANGED: Text = {
    "en": "gamma and beta have changed places: one of them multiplies, the other is added.",
    "zh": "gamma 和 beta 的位置颠倒了：它们一个用来乘，一个用来加。",
}
BETA_SCALED: Text = {
    "en": "Your beta is multiplied by gamma too. Set gamma to zero in your head: what should be left?",
    "zh": "你的 beta 也被 gamma 乘了一遍。设想 gamma 为零：应当剩下什么？",
}
AFFINE_MISSING: Text = {
    "en": "What you return is normalised, but gamma and beta had no say in it. A layer must be able to "
    "choose another scale and another mean.",
    "zh": "你返回的只是归一化之后的数，gamma 和 beta 都没有用上。层要能选择别的尺度和别的平均值。",
}
CHANGED: Text = {
    "en": "The result is right, but the caller's x is no longer what it was: operators such as -= and "
    "methods that end in an underscore write into the tensor that was passed in.",
    "zh": "结果是对的，但调用者的 x 被改了：-= 这样的运算符，以及以下划线结尾的方法，会直接写进传入的张量。",
}
CUT: Text = {
    "en": "The numbers are right, but nothing can be learned through them: the graph was cut on the way, so "
    "no gradient gets back. Where do you leave autograd?",
    "zh": "数值都对，但无法通过它学习：计算图在中途断了，梯度传不回去。你在哪里离开了 autograd？",
}
DETACHED: Text = {
    "en": "The numbers are right, but the gradient is not: you treat what you measured on x as constants. A "
    "change of x changes them too, and the gradient has to know.",
    "zh": "数值都对，梯度却不对：你把从 x 量出来的统计量当成了常数。x 一变，它们也跟着变，梯度必须知道这一"
    "点。",
}
KEEPDIM: Text = {
    "en": "The average of each row has lost its axis, so it no longer lines up with the rows. Print both "
    "shapes.",
    "zh": "每行的平均值少了一个轴，与各行对不齐了。把两者的形状打印出来看看。",
}
AXIS_ONE: Text = {
    "en": "Right for (B, C). With one axis more or one fewer, the channels are not axis 1. How do you name "
    "the last axis, however many there are?",
    "zh": "对 (B, C) 是对的。多一个轴或少一个轴，通道就不在轴 1 上了。不论有几个轴，怎样指明最后一个？",
}


def moments(x: Tensor, dim: int | tuple[int, ...], correction: int = 0) -> tuple[Tensor, Tensor]:
    """Mean and variance along an axis that is kept."""
    return x.mean(dim=dim, keepdim=True), x.var(dim=dim, keepdim=True, correction=correction)


def affine(x, mean, scale, gamma, beta) -> Tensor:
    """What the normalisations have in common once mean and scale are chosen."""
    return (x - mean) / scale * gamma + beta
