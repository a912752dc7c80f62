"""04.two_layer_backward: the gradients of both layers of a small network, in matrices."""

from __future__ import annotations

import torch

from utils.exercises.authoring import Numbers, argument_labels, mistake, parts
from utils.exercises.core import Answer, Case, Exercise

NAMES = ("W1", "b1", "W2", "b2")
GIVEN = ("X", "W1", "b1", "W2", "delta2")


def cases(seed: int) -> list[Case]:
    draw = Numbers(seed)

    def case(name, B, I, M, K):
        X, W1, b1 = draw.normal(B, I), draw.normal(M, I, scale=0.7), draw.normal(M, scale=0.5, shift=0.3)
        return Case(name, (X, W1, b1, draw.normal(K, M), draw.normal(B, K, scale=0.5)))

    return [
        case({"en": "B=5, I=3, M=4, K=2", "zh": "B=5、I=3、M=4、K=2"}, 5, 3, 4, 2),
        case({"en": "B=3, I=2, M=6, K=4", "zh": "B=3、I=2、M=6、K=4"}, 3, 2, 6, 4),
        case({"en": "B=7, I=5, M=2, K=3", "zh": "B=7、I=5、M=2、K=3"}, 7, 5, 2, 3),
        case({"en": "B=1, I=3, M=2, K=1", "zh": "B=1、I=3、M=2、K=1"}, 1, 3, 2, 1),
    ]


def probe(function, case: Case) -> Answer:
    """The four gradients, and what is left in the arguments after the call."""
    answer = parts(function(*case.args), NAMES)
    return answer | {f"old_{name}": value for name, value in zip(GIVEN, case.args, strict=True)}


def reference(X, W1, b1, W2, delta2):
    leaves = [t.clone().requires_grad_() for t in (W1, b1, W2, torch.zeros_like(delta2[0]))]
    scores = torch.tanh(X @ leaves[0].T + leaves[1]) @ leaves[2].T + leaves[3]
    return torch.autograd.grad((scores * delta2).sum(), leaves)  # grad_outputs would load sympy first


def backward(X, W1, b1, W2, delta2, slope=lambda z, a: 1 - a**2, over_samples=torch.sum):
    """A right backward pass whose activation slope and sum over samples can be replaced by wrong ones."""
    z = X @ W1.T + b1
    a = torch.tanh(z)
    delta = (delta2 @ W2) * slope(z, a)
    return delta.T @ X, over_samples(delta, dim=0), delta2.T @ a, over_samples(delta2, dim=0)


@mistake(
    en="The second layer is right, the first is not: your gradient passes the activation as if it were not "
    "there.",
    zh="第二层对了，第一层不对：梯度经过激活函数时，你当它不存在。",
)
def no_activation_slope(*args):
    return backward(*args, slope=lambda z, a: 1.0)


@mistake(
    en="The activation's slope is taken at the wrong point: tanh has been applied once too often.",
    zh="激活函数的斜率取错了点：tanh 多做了一次。",
)
def slope_at_output(*args):
    return backward(*args, slope=lambda z, a: 1 - torch.tanh(a) ** 2)


@mistake(
    en="The slope of tanh is written with what comes out of it, and you put in what goes into it.",
    zh="tanh 的斜率要用它的输出来表示，你代入的却是它的输入。",
)
def slope_of_sum(*args):
    return backward(*args, slope=lambda z, a: 1 - z**2)


@mistake(
    en="That is the slope of another activation. This network uses tanh.",
    zh="那是另一个激活函数的斜率，这个网络用的是 tanh。",
)
def sigmoid_slope(*args):
    return backward(*args, slope=lambda z, a: a * (1 - a))


@mistake(
    en="You average over the samples, but delta2 already contains whatever mean the loss takes.",
    zh="你对样本取了平均，可损失里的平均已经包含在 delta2 中了。",
)
def bias_mean(*args):
    return backward(*args, over_samples=torch.mean)


@mistake(
    en="A bias is shared by all samples and has one gradient. You return one for each sample.",
    zh="偏置由所有样本共用，只有一个梯度；你却给每个样本返回了一个。",
)
def bias_per_sample(*args):
    return backward(*args, over_samples=lambda t, dim: t)


@mistake(
    en="The gradients by the weights are transposed. A gradient has the shape of what it belongs to.",
    zh="权重的梯度转置了。梯度的形状应当与它所属的参数相同。",
)
def transposed(*args):
    dW1, db1, dW2, db2 = backward(*args)
    return dW1.T, db1, dW2.T, db2


@mistake(
    en="Your hidden layer is not the network's: a parameter of the first layer is missing from it.",
    zh="你的隐藏层与网络里的不是一回事：第一层有个参数没有用上。",
)
def forward_without_bias(X, W1, b1, W2, delta2):
    return backward(X, W1, torch.zeros_like(b1), W2, delta2)


@mistake(
    en="W2 does not see the sums of the hidden layer, but what the activation makes of them.",
    zh="W2 看到的不是隐藏层的加权和，而是激活之后的值。",
)
def before_activation(X, W1, b1, W2, delta2):
    dW1, db1, _, db2 = backward(X, W1, b1, W2, delta2)
    return dW1, db1, delta2.T @ (X @ W1.T + b1), db2


@mistake(
    en="Every gradient is too small by the number of samples. Whatever mean the loss takes is in delta2 "
    "already.",
    zh="每个梯度都偏小，差的倍数是样本数。损失里的平均已经包含在 delta2 中了。",
)
def averaged_again(*args):
    return tuple(gradient / len(args[0]) for gradient in backward(*args))


@mistake(
    en="Almost the slope of tanh: look at the exponent. Where tanh is 0 yours is right, elsewhere it is not.",
    zh="离 tanh 的斜率只差一点：看看指数。在 tanh 为 0 的地方你是对的，别处就不对了。",
)
def not_squared(*args):
    return backward(*args, slope=lambda z, a: 1 - a)


@mistake(
    en="The gradients are right, but the two layers are exchanged. You compute the last layer first; the "
    "first layer is returned first.",
    zh="梯度都对，但两层的位置颠倒了。计算时先算后一层，返回时先返回前一层。",
)
def layers_exchanged(*args):
    by_W1, by_b1, by_W2, by_b2 = backward(*args)
    return by_W2, by_b2, by_W1, by_b1


EXERCISE = Exercise(
    id="04.two_layer_backward",
    title={"en": "Backpropagation through two layers", "zh": "两层网络的反向传播"},
    minutes=12,
    difficulty=3,
    aims={
        "en": "Carry a gradient back through a network, layer by layer, in matrices.",
        "zh": "用矩阵把梯度在网络里逐层往回传。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    rtol=1e-5,
    atol=1e-5,
    labels={
        **{name: {"en": f"the gradient by {name}", "zh": f"对 {name} 的梯度"} for name in NAMES},
        **argument_labels(*GIVEN),
    },
    mistakes=(
        no_activation_slope,
        slope_at_output,
        slope_of_sum,
        not_squared,
        sigmoid_slope,
        bias_mean,
        bias_per_sample,
        layers_exchanged,
        transposed,
        forward_without_bias,
        before_activation,
        averaged_again,
    ),
)
