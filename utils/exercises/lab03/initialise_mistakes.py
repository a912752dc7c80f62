"""The known mistakes of 03.initialise."""

from __future__ import annotations

import torch

from utils.exercises.authoring import mistake


def xavier_variance(fan_in, fan_out):
    return 2 / (fan_in + fan_out)


def kaiming_variance(fan_in, fan_out):
    return 2 / fan_in


def scale(z, kind, xavier=xavier_variance, kaiming=kaiming_variance, uniform=3.0, normal=1.0):
    """A right scale whose variances and factors for a distribution can be replaced by wrong ones."""
    fan_out, fan_in = z.shape
    variance = (kaiming if kind.startswith("kaiming") else xavier)(fan_in, fan_out)
    return (variance * (uniform if kind.endswith("uniform") else normal)) ** 0.5


@mistake(
    en="For Kaiming you count the outputs. How many terms does one neuron add up? z holds one neuron a row.",
    zh="Kaiming 的情形，你数的是输出的个数。一个神经元要把多少项加起来？z 的每一行是一个神经元。",
)
def fans_exchanged(z, kind):
    return z * scale(z, kind, kaiming=lambda fan_in, fan_out: 2 / fan_out)


@mistake(
    en="You multiply by a variance, or by the square of a bound. What does a factor do to the spread of "
    "numbers, and what to its square?",
    zh="你乘上的是方差，或是边界的平方。把数乘以一个因子，标准差变多少倍？方差呢？",
)
def no_root(z, kind):
    return z * scale(z, kind) ** 2


@mistake(
    en="Your Kaiming weights forget what ReLU does: it sets half of the sums to zero, and the mean square "
    "of the signal with them.",
    zh="你的 Kaiming 权重没有考虑 ReLU：它把一半的和变成了零，信号的均方也就少了一半。",
)
def no_gain(z, kind):
    return z * scale(z, kind, kaiming=lambda fan_in, fan_out: 1 / fan_in)


@mistake(
    en="Your Xavier weights carry the gain of ReLU. Xavier's rule was made for functions like tanh, which "
    "are nearly the identity around zero.",
    zh="你的 Xavier 权重带上了 ReLU 的增益。Xavier 的规则是为 tanh 这类函数定的：它们在零附近近似恒等。",
)
def gain_for_all(z, kind):
    return z * scale(z, kind, xavier=lambda fan_in, fan_out: 4 / (fan_in + fan_out))


@mistake(
    en="For Xavier you divide by the sum of both fans. The rule takes their mean.",
    zh="Xavier 的情形，你除以的是扇入与扇出之和。规则里用的是它们的平均。",
)
def sum_for_mean(z, kind):
    return z * scale(z, kind, xavier=lambda fan_in, fan_out: 1 / (fan_in + fan_out))


@mistake(
    en="Your Xavier weights depend on one fan alone. Xavier's rule is a compromise between the way "
    "forward and the way back.",
    zh="你的 Xavier 权重只看了扇入。Xavier 的规则是在前向与反向之间折中。",
)
def xavier_by_fan_in(z, kind):
    return z * scale(z, kind, xavier=lambda fan_in, fan_out: 1 / fan_in)


@mistake(
    en="The normal kinds are right. Numbers between −1 and 1 do not have standard deviation 1: how large "
    "is their variance?",
    zh="正态的两种是对的。−1 到 1 之间的均匀随机数，标准差并不是 1：它们的方差是多少？",
)
def uniform_like_normal(z, kind):
    return z * scale(z, kind, uniform=1.0)


@mistake(
    en="The normal kinds are right, the uniform ones too small: you shrink numbers that spread too little "
    "already.",
    zh="正态的两种是对的，均匀的两种太小：这些数本来就不够分散，你又把它们缩小了。",
)
def uniform_wrong_way(z, kind):
    return z * scale(z, kind, uniform=1 / 3)


@mistake(
    en="The normal kinds are right, the uniform ones twice too large. One twelfth is the variance of "
    "numbers from 0 to 1; these run from −1 to 1.",
    zh="正态的两种是对的，均匀的两种大了一倍。十二分之一是 0 到 1 之间均匀随机数的方差，这里是 −1 到 1。",
)
def uniform_of_width_one(z, kind):
    return z * scale(z, kind, uniform=12.0)


@mistake(
    en="The uniform kinds are right. The normal ones get the same factor, but their numbers have standard "
    "deviation 1 already.",
    zh="均匀的两种是对的。正态的两种也乘了同样的因子，可它们的标准差本来就是 1。",
)
def normal_like_uniform(z, kind):
    return z * scale(z, kind, normal=3.0)


@mistake(
    en="All your weights are Xavier's. The argument kind also asks for Kaiming's.",
    zh="你的权重全是 Xavier 的。参数 kind 还会要求 Kaiming 的。",
)
def always_xavier(z, kind):
    return z * scale(z, kind, kaiming=xavier_variance)


@mistake(
    en="All your weights are Kaiming's. The argument kind also asks for Xavier's.",
    zh="你的权重全是 Kaiming 的。参数 kind 还会要求 Xavier 的。",
)
def always_kaiming(z, kind):
    return z * scale(z, kind, xavier=kaiming_variance)


@mistake(
    en="Your Kaiming weights take the mean of both fans. That is Xavier's compromise; Kaiming "
    "counts the inputs.",
    zh="你的 Kaiming 权重用的是扇入与扇出的平均。那是 Xavier 的折中；Kaiming 只数输入。",
)
def kaiming_by_mean_fan(z, kind):
    return z * scale(z, kind, kaiming=lambda fan_in, fan_out: 4 / (fan_in + fan_out))


@mistake(
    en="The two rules are exchanged: what you give for Xavier is Kaiming's scale, and the other way round.",
    zh="两种规则颠倒了：你给 Xavier 的是 Kaiming 的尺度，给 Kaiming 的是 Xavier 的。",
)
def rules_exchanged(z, kind):
    return z * scale(z, kind, kaiming_variance, xavier_variance)


@mistake(
    en="You divide by the scale. A layer with more inputs needs smaller weights; yours grow.",
    zh="你除以了这个尺度。输入越多，权重应当越小；你的却越大。",
)
def divided(z, kind):
    return z / scale(z, kind)


@mistake(
    en="You bring this very draw to the wanted deviation. The rule is about what the numbers are drawn "
    "from: one draw may spread a little more or less.",
    zh="你让这一次抽到的数恰好有指定的标准差。规则说的是抽样的分布；某一次抽到的数，分散程度可以略有出入。",
)
def scaled_to_its_own(z, kind):
    return z / z.std() * scale(z, kind, uniform=1.0)


@mistake(
    en="Your weights do not come from z: you draw numbers of your own. Nothing is random in this function.",
    zh="你的权重不是由 z 得来的：你另外抽了随机数。这个函数里不应当有随机的东西。",
)
def drawn_anew(z, kind):
    plain = torch.randn_like(z) if kind.endswith("normal") else 2 * torch.rand_like(z) - 1
    return plain * scale(z, kind)


@mistake(
    en="The weights are right, but z was overwritten with them. *= and the functions whose names end in _ "
    "write into the tensor they are given.",
    zh="权重都对，但 z 被它们覆盖了。*= 和名字以 _ 结尾的函数，会写进传入的张量。",
)
def z_changed(z, kind):
    z *= scale(z, kind)
    return z


MISTAKES = (
    fans_exchanged,
    no_root,
    no_gain,
    gain_for_all,
    sum_for_mean,
    xavier_by_fan_in,
    uniform_like_normal,
    uniform_wrong_way,
    uniform_of_width_one,
    normal_like_uniform,
    always_xavier,
    always_kaiming,
    kaiming_by_mean_fan,
    rules_exchanged,
    divided,
    scaled_to_its_own,
    drawn_anew,
    z_changed,
)
