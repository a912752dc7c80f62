"""04.mse_gradient: the gradient of the mean squared error by the weights and the bias of a linear model."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from utils.exercises.authoring import Numbers, argument_label, mistake, parts
from utils.exercises.core import Answer, Case, Exercise


def cases(seed: int) -> list[Case]:
    draw = Numbers(seed)

    def case(name, n, d, scale):
        X, w, b = draw.normal(n, d, scale=scale), draw.normal(d), draw.normal(shift=1.5)
        return Case(name, (X, draw.normal(n, shift=-1.0), w, b))

    return [
        case({"en": "5 samples, 3 inputs", "zh": "5 个样本、3 个输入"}, 5, 3, 1.0),
        case({"en": "2 samples, 4 inputs", "zh": "2 个样本、4 个输入"}, 2, 4, 1.0),
        case({"en": "7 samples, 2 inputs, large numbers", "zh": "7 个样本、2 个输入，数值较大"}, 7, 2, 30.0),
    ]


def probe(function, case: Case) -> Answer:
    """Both gradients, and what is left in the arguments after the call."""
    X, y, w, b = case.args
    return {**parts(function(X, y, w, b), ("weight", "bias")), "targets": y, "X": X, "w": w, "b": b}


def reference(X, y, w, b):
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    return torch.autograd.grad(F.mse_loss(X @ w + b, y), (w, b))


@mistake(
    en="Right size, wrong direction: a step against your gradient makes the loss larger. Which comes first "
    "in the error, the prediction or the target?",
    zh="大小对，方向反：沿你的负梯度走一步，损失反而变大。误差里，预测值与目标值谁在前面？",
)
def sign(X, y, w, b):
    error = y - (X @ w + b)
    return 2 / len(y) * X.T @ error, 2 * error.mean()


@mistake(
    en="This is the article's formula. It has two faults: it points uphill and it forgets that the loss is "
    "a mean.",
    zh="这正是文章里的公式。它有两处错误：方向朝上坡，又忘了损失是平均值。",
)
def article(X, y, w, b):
    error = X @ w + b - y
    return -2 * X.T @ error, -2 * error.sum()


@mistake(
    en="Your gradient grows with the number of samples. The loss is a mean: what does that do to its "
    "derivative?",
    zh="你的梯度随样本数增大。损失是平均值，它的导数会因此怎样？",
)
def sum_for_mean(X, y, w, b):
    error = X @ w + b - y
    return 2 * X.T @ error, 2 * error.sum()


@mistake(
    en="Both gradients are half as large as they should be. What does a square leave behind when you "
    "differentiate it?",
    zh="两个梯度都只有应有的一半。对平方求导会留下什么？",
)
def missing_two(X, y, w, b):
    error = X @ w + b - y
    return X.T @ error / len(y), error.mean()


@mistake(
    en="Your error is taken from a model that lacks a part. Does b enter the prediction?",
    zh="你的误差来自一个缺了一部分的模型。预测值里有 b 吗？",
)
def no_bias(X, y, w, b):
    error = X @ w - y
    return 2 / len(y) * X.T @ error, 2 * error.mean()


@mistake(
    en="You divide by the number of inputs. Over what does the loss take its mean?",
    zh="你除以的是输入的个数。损失是对什么取平均的？",
)
def divided_by_inputs(X, y, w, b):
    error = X @ w + b - y
    return 2 / len(w) * X.T @ error, 2 / len(w) * error.sum()


@mistake(
    en="There is one bias, but you return a number for each sample. The bias acts on all samples: how do "
    "their contributions combine?",
    zh="偏置只有一个，你却给每个样本都返回了一个数。偏置作用于所有样本，各样本的贡献应当怎样合并？",
)
def bias_per_sample(X, y, w, b):
    error = X @ w + b - y
    return 2 / len(y) * X.T @ error, 2 / len(y) * error


@mistake(
    en="Every prediction was compared with every target. Print the shape of your error: a column minus a "
    "row becomes a square.",
    zh="每个预测值都与每个目标值比了一遍。打印误差的形状看看：一列减一行，会变成方阵。",
)
def broadcast(X, y, w, b):
    error = X @ w[:, None] + b - y  # (n, 1) - (n,) -> (n, n)
    return 2 / len(y) * X.T @ error.mean(dim=1), 2 * error.mean()


@mistake(
    en="The gradients are right, but y is no longer what it was. Methods that end in an underscore, and "
    "operators such as -=, overwrite the caller's tensor.",
    zh="梯度正确，但 y 已经被改掉了。以下划线结尾的方法，以及 -= 这类运算符，会覆盖调用者的张量。",
)
def targets_changed(X, y, w, b):
    error = y.sub_(X @ w + b)
    return -2 / len(y) * X.T @ error, -2 * error.mean()


@mistake(
    en="One of your two gradients is averaged over the samples, the other is not. The loss is the same for "
    "both.",
    zh="两个梯度里只有一个对样本取了平均。它们来自同一个损失。",
)
def bias_sum(X, y, w, b):
    error = X @ w + b - y
    return 2 / len(y) * X.T @ error, 2 * error.sum()


@mistake(
    en="The gradient by b is averaged over the samples, that by w is not. Both come from the same loss.",
    zh="对 b 的梯度对样本取了平均，对 w 的却没有。两者来自同一个损失。",
)
def weights_sum(X, y, w, b):
    error = X @ w + b - y
    return 2 * X.T @ error, 2 * error.mean()


EXERCISE = Exercise(
    id="04.mse_gradient",
    title={"en": "The gradient of the mean squared error", "zh": "均方误差的梯度"},
    minutes=7,
    difficulty=2,
    aims={
        "en": "Derive the gradient of a loss by a model's parameters and write it for a whole batch.",
        "zh": "推导损失对模型参数的梯度，并写成对整个批次成立的形式。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    rtol=1e-5,
    atol=1e-5,
    labels={
        "weight": {"en": "the gradient by w", "zh": "对 w 的梯度"},
        "bias": {"en": "the gradient by b", "zh": "对 b 的梯度"},
        "targets": argument_label("y"),
        **{n: argument_label(n) for n in ("X", "w", "b")},
    },
    mistakes=(
        sign,
        article,
        sum_for_mean,
        missing_two,
        no_bias,
        divided_by_inputs,
        bias_sum,
        weights_sum,
        bias_per_sample,
        broadcast,
        targets_changed,
    ),
)
