"""04.neuron: a layer of neurons for a batch. The answer includes gradients, so a detached result shows."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from utils.exercises.authoring import Numbers, argument_label, mistake
from utils.exercises.core import Answer, Case, Exercise


def cases(seed: int) -> list[Case]:
    draw = Numbers(seed)
    sizes = [
        ({"en": "4 samples, 3 inputs, 2 neurons", "zh": "4 个样本、3 个输入、2 个神经元"}, 4, 3, 2),
        ({"en": "3 samples, 2 inputs, 5 neurons", "zh": "3 个样本、2 个输入、5 个神经元"}, 3, 2, 5),
        ({"en": "2 samples, 6 inputs, 3 neurons", "zh": "2 个样本、6 个输入、3 个神经元"}, 2, 6, 3),
        ({"en": "1 sample, 3 inputs, 2 neurons", "zh": "1 个样本、3 个输入、2 个神经元"}, 1, 3, 2),
    ]
    return [
        Case(name, (draw.normal(n, d), draw.normal(k, d, scale=0.5), draw.normal(k, scale=0.5, shift=0.4)))
        for name, n, d, k in sizes
    ]


def probe(function, case: Case) -> Answer:
    """The result, and the gradients of a weighted sum of it by W and b (None where the graph is cut)."""
    X, W, b = case.args
    W, b = W.clone().requires_grad_(), b.clone().requires_grad_()
    result = function(X, W, b)
    grad_W = grad_b = None
    if isinstance(result, Tensor) and result.requires_grad:
        weights = torch.arange(1.0, result.numel() + 1, dtype=torch.float64).reshape(result.shape)
        grad_W, grad_b = torch.autograd.grad((weights * result).sum(), (W, b), allow_unused=True)
    return {"result": result, "grad_W": grad_W, "grad_b": grad_b, "X": X}


def reference(X, W, b):
    return torch.tanh(F.linear(X, W, b))


@mistake(
    en="One of the three inputs has no effect on your result. Change b: does the output change?",
    zh="传入的三个参数里，有一个对结果毫无影响。改一改 b，看看输出变不变。",
)
def no_bias(X, W, b):
    return torch.tanh(X @ W.T)


@mistake(
    en="This is the weighted sum. Some values lie outside (−1, 1): what should still happen to each?",
    zh="这还只是加权和。有的值落在 (−1, 1) 之外，每个值还差哪一步？",
)
def no_activation(X, W, b):
    return X @ W.T + b


@mistake(
    en="The bias comes too late. It shifts the point at which a neuron responds, so the activation must see "
    "it.",
    zh="偏置加得太晚了。它的作用是移动神经元开始响应的位置，所以激活函数应当看得到它。",
)
def bias_outside(X, W, b):
    return torch.tanh(X @ W.T) + b


@mistake(
    en="You activate the inputs. A neuron first sums, and activates what it has summed.",
    zh="你把激活函数用在了输入上。神经元先求和，再对求得的和做激活。",
)
def activated_input(X, W, b):
    return torch.tanh(X) @ W.T + b


@mistake(
    en="The numbers are right, but rows and columns are exchanged. One row belongs to one sample.",
    zh="数值都对，但行和列颠倒了。每一行应当对应一个样本。",
)
def transposed(X, W, b):
    return torch.tanh(X @ W.T + b).T


@mistake(
    en="The shapes fit, the numbers do not: reshape only re-reads the same numbers in order, it does not "
    "exchange rows and columns.",
    zh="形状对上了，数值却不对：reshape 只是按原来的顺序重新分行，并不会交换行和列。",
)
def reshaped_weights(X, W, b):
    return torch.tanh(X @ W.reshape(X.shape[1], -1) + b)


@mistake(
    en="Your weighted inputs are averaged. A neuron adds them up.",
    zh="你对加权后的输入取了平均，而神经元要的是它们的和。",
)
def mean_for_sum(X, W, b):
    return torch.tanh(X @ W.T / X.shape[1] + b)


@mistake(
    en="All your values lie in (0, 1). That is another activation than the one asked for.",
    zh="你的输出全在 (0, 1) 之间。题目要的是另一个激活函数。",
)
def sigmoid(X, W, b):
    return torch.sigmoid(X @ W.T + b)


@mistake(
    en="The numbers are right, but autograd no longer sees where they come from. Something takes the values "
    "out of their tensors on the way: detach, item, tolist, numpy or a new torch.tensor.",
    zh="数值正确，但 autograd 已经找不到它们的来历。计算途中有一步把数值从张量里取了出来：detach、item、"
    "tolist、numpy，或是新建了 torch.tensor。",
)
def detached(X, W, b):
    return torch.tanh(X @ W.detach().T + b.detach())


EXERCISE = Exercise(
    id="04.neuron",
    title={"en": "A layer of neurons", "zh": "一层神经元"},
    minutes=4,
    difficulty=1,
    aims={
        "en": "Compute a layer of neurons for a whole batch and keep track of the shapes.",
        "zh": "对整个批次计算一层神经元的输出，并理清每一步的形状。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    rtol=1e-5,
    atol=1e-5,
    labels={
        "result": {"en": "the output", "zh": "输出"},
        "grad_W": {"en": "the gradient that autograd finds for W", "zh": "autograd 对 W 求得的梯度"},
        "X": argument_label("X"),
        "grad_b": {"en": "the gradient that autograd finds for b", "zh": "autograd 对 b 求得的梯度"},
    },
    mistakes=(
        no_bias,
        no_activation,
        bias_outside,
        activated_input,
        transposed,
        reshaped_weights,
        mean_for_sum,
        sigmoid,
        detached,
    ),
)
