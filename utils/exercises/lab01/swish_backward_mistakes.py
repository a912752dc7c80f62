"""The known mistakes of 01.swish_backward."""

from __future__ import annotations

import torch

from utils.exercises.authoring import mistake


def slope(x, beta):
    """The derivative of swish, and the sigmoid in it."""
    s = torch.sigmoid(beta * x)
    return s + beta * x * s * (1 - s), s


@mistake(
    en="You treat the sigmoid as a constant. It changes with x as well: swish is a product of two things "
    "that do.",
    zh="你把 sigmoid 当成了常数。它也随 x 变化：swish 是两个都随 x 变化的量的乘积。",
)
def sigmoid_constant(x, grad, beta):
    return grad * slope(x, beta)[1]


@mistake(
    en="You treat the factor x as a constant and differentiate the sigmoid alone. The product rule has two "
    "terms.",
    zh="你把因子 x 当成常数，只对 sigmoid 求了导。乘积法则有两项。",
)
def factor_constant(x, grad, beta):
    s = slope(x, beta)[1]
    return grad * beta * x * s * (1 - s)


@mistake(
    en="This is the derivative of the sigmoid alone. Where is the x in front of it?",
    zh="这是 sigmoid 本身的导数。它前面的 x 呢？",
)
def of_the_sigmoid(x, grad, beta):
    s = slope(x, beta)[1]
    return grad * beta * s * (1 - s)


@mistake(
    en="One of your two terms has the wrong sign.",
    zh="两项中有一项的符号反了。",
)
def sign(x, grad, beta):
    s = slope(x, beta)[1]
    return grad * (s - beta * x * s * (1 - s))


@mistake(
    en="The sigmoid's slope is taken at beta times x, but how fast that inner value moves with x is left "
    "out.",
    zh="sigmoid 的斜率取在 beta 乘 x 处，但里面这个值随 x 变化得多快，你没有算进去。",
)
def inner_factor_missing(x, grad, beta):
    s = slope(x, beta)[1]
    return grad * (s + x * s * (1 - s))


@mistake(
    en="Both of your terms have the factor beta. It comes from the inside of the sigmoid: only one term has "
    "to do with that.",
    zh="你的两项都乘了 beta。它来自 sigmoid 的内部，只与其中一项有关。",
)
def inner_factor_twice(x, grad, beta):
    s = slope(x, beta)[1]
    return grad * beta * (s + x * s * (1 - s))


@mistake(
    en="This is right where beta is 1. Your function does not use the beta that it is given.",
    zh="beta 为 1 时这是对的。你的函数没有用到传入的 beta。",
)
def beta_ignored(x, grad, beta):
    return grad * slope(x, 1.0)[0]


@mistake(
    en="In the second term the slope of the sigmoid is incomplete. It is a product: the sigmoid times what "
    "is left up to one.",
    zh="第二项里，sigmoid 的斜率不完整。它是一个乘积：sigmoid 乘上它与 1 之间的差。",
)
def slope_incomplete(x, grad, beta):
    s = slope(x, beta)[1]
    return grad * (s + beta * x * (1 - s))


@mistake(
    en="You use the sigmoid's rule for the output of swish. It holds for the sigmoid itself.",
    zh="你把 sigmoid 的求导规律用在了 swish 的输出上。它只对 sigmoid 本身成立。",
)
def rule_on_the_output(x, grad, beta):
    y = x * slope(x, beta)[1]
    return grad * y * (1 - y)


@mistake(
    en="This is the local derivative. What arrives from behind has to come in, or nothing before this "
    "operation learns the right thing.",
    zh="这只是局部导数。从后面传来的梯度还要乘进去，不然前面的层就学错了。",
)
def grad_ignored(x, grad, beta):
    return slope(x, beta)[0]


@mistake(
    en="You add what arrives to the local derivative. The chain rule puts the two together otherwise.",
    zh="你把传来的梯度加到了局部导数上。链式法则不是这样把两者合起来的。",
)
def grad_added(x, grad, beta):
    return slope(x, beta)[0] + grad


@mistake(
    en="You return the value of swish, weighed by the gradient. The forward pass has done that already; its "
    "slope is asked for.",
    zh="你返回的是 swish 的值乘以梯度。求值是前向的事；这里要的是斜率。",
)
def forward_again(x, grad, beta):
    return grad * x * slope(x, beta)[1]


@mistake(
    en="Your gradient is on or off, as for ReLU. That of swish goes smoothly from one side to the other.",
    zh="你的梯度非开即关，那是 ReLU 的。swish 的梯度从一侧平滑过渡到另一侧。",
)
def of_relu(x, grad, beta):
    return torch.where(x > 0, grad, 0.0)


@mistake(
    en="Right near zero, but where x is far from it an exponential overflows, and infinity over infinity is "
    "NaN. torch.sigmoid holds there.",
    zh="在零附近是对的；x 离零很远时，指数溢出，无穷除以无穷得到 NaN。torch.sigmoid 在那里也不会出错。",
)
def overflows(x, grad, beta):
    e = torch.exp(beta * x)
    return grad * (e / (1 + e) + beta * x * e / (1 + e) ** 2)


@mistake(
    en="Right near zero, but far below it an exponential of −beta times x overflows, and the result is NaN. "
    "The sigmoid's slope can be written with the sigmoid alone.",
    zh="在零附近是对的；x 远小于零时，−beta 乘 x 的指数溢出，结果成了 NaN。sigmoid 的斜率"
    "只用 sigmoid 自己就能写出来。",
)
def overflows_below(x, grad, beta):
    e = torch.exp(-beta * x)
    return grad * (1 / (1 + e) + beta * x * e / (1 + e) ** 2)


@mistake(
    en="You added all entries up. Each entry of x has a gradient of its own: the shape stays.",
    zh="你把所有元素加在了一起。x 的每个元素都有自己的梯度，形状不变。",
)
def summed(x, grad, beta):
    return (grad * slope(x, beta)[0]).sum()


@mistake(
    en="Your gradients are all divided by the number of entries. No mean was taken on the way forward, so "
    "there is none on the way back.",
    zh="你的梯度都除以了元素个数。前向没有取平均，反向也就没有。",
)
def averaged(x, grad, beta):
    return grad * slope(x, beta)[0] / x.numel()


@mistake(
    en="The result is right, but you wrote it into grad. Another operation may still need what arrived.",
    zh="结果是对的，但你把它写进了 grad。别的运算可能还要用传来的梯度。",
)
def grad_changed(x, grad, beta):
    return grad.mul_(slope(x, beta)[0])


@mistake(
    en="The result is right, but x is no longer what it was. It belongs to the caller.",
    zh="结果是对的，但 x 变了。它是调用者的。",
)
def x_changed(x, grad, beta):
    result = grad * slope(x, beta)[0]
    x.sigmoid_()
    return result


MISTAKES = (
    sigmoid_constant,
    factor_constant,
    of_the_sigmoid,
    sign,
    inner_factor_missing,
    inner_factor_twice,
    beta_ignored,
    slope_incomplete,
    rule_on_the_output,
    grad_ignored,
    grad_added,
    forward_again,
    of_relu,
    overflows,
    overflows_below,
    summed,
    averaged,
    grad_changed,
    x_changed,
)
