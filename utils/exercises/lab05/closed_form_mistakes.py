"""The known mistakes of 05.closed_form."""

from __future__ import annotations

import torch
from torch import Tensor

from utils.exercises.authoring import mistake


def with_ones(X: Tensor) -> Tensor:
    """The inputs (n, I) and a last column of ones, whose weight is the bias."""
    return torch.cat([X, torch.ones(len(X), 1, dtype=X.dtype)], dim=1)


def solve(X: Tensor, y: Tensor) -> Tensor:
    """The weights of least squares without a bias, by the normal equations: the mistakes hand it other X."""
    return torch.linalg.solve(X.T @ X, X.T @ y)


@mistake(
    en="Your plane goes through the origin: with all inputs at zero it can predict nothing but zero. Where "
    "could a bias come from?",
    zh="你的平面穿过原点：输入全为零时，它只能预测零。偏置从哪里来？",
)
def no_bias(X, y):
    return solve(X, y), torch.zeros((), dtype=X.dtype)


@mistake(
    en="The solution is there, but cut at the wrong place: one of your weights is the bias, and your bias is "
    "a weight. In which column did you put the ones?",
    zh="解是对的，但切错了位置：你的权重里混进了偏置，而你当作偏置的是某个权重。那列 1 放在了哪里？",
)
def cut_at_the_wrong_end(X, y):
    w = solve(with_ones(X).roll(1, dims=1), y)
    return w[:-1], w[-1]


@mistake(
    en="You return the bias twice: alone, and as one more weight. There are as many weights as inputs.",
    zh="偏置返回了两次：单独一次，又作为多出来的权重一次。权重的个数应当与输入的个数相同。",
)
def bias_among_weights(X, y):
    w = solve(with_ones(X), y)
    return w, w[-1]


@mistake(
    en="Both are right, but they are exchanged. The weights are returned first.",
    zh="两个都对，只是位置颠倒了：应当先返回权重。",
)
def exchanged(X, y):
    w = solve(with_ones(X), y)
    return w[-1], w[:-1]


@mistake(
    en="The numbers are right, the shapes are not: a column is left over from the system. Return a vector "
    "of weights and a bias without axes.",
    zh="数值都对，形状不对：解方程时用的列还留着。权重应当是向量，偏置应当没有轴。",
)
def still_columns(X, y):
    w = solve(with_ones(X), y[:, None])
    return w[:-1], w[-1]


@mistake(
    en="The weights are right, and so is the bias, but it still has an axis. A single number has shape ().",
    zh="权重对了，偏置的数值也对，但它还带着一个轴。单个数的形状是 ()。",
)
def bias_with_an_axis(X, y):
    w = solve(with_ones(X), y)
    return w[:-1], w[-1:]


@mistake(
    en="The weights are right. The mean of the targets is the bias only where every input has the mean zero. "
    "What do your weights predict at the mean inputs?",
    zh="权重是对的。只有每个输入的均值都是零时，目标值的均值才是偏置。在输入的均值处，你的权重给出多少？",
)
def bias_is_the_mean(X, y):
    return solve(X - X.mean(dim=0), y), y.mean()


@mistake(
    en="You centred the targets and left the inputs where they are. The plane must pass through the mean of "
    "both.",
    zh="你把目标值中心化了，输入却没有动。平面应当经过两者均值所在的那一点。",
)
def targets_centred_only(X, y):
    w = solve(X, y - y.mean())
    return w, y.mean() - X.mean(dim=0) @ w


@mistake(
    en="Each weight is that of a line with this input alone. The inputs share the work, so their weights "
    "must be found together.",
    zh="你的每个权重都是单独用这一个输入拟合出来的。各个输入共同起作用，权重要一起求。",
)
def input_by_input(X, y):
    X_0, y_0 = X - X.mean(dim=0), y - y.mean()
    w = X_0.T @ y_0 / (X_0**2).sum(dim=0)
    return w, y.mean() - X.mean(dim=0) @ w


@mistake(
    en="You took the inverse of each number. The inverse of a matrix is something else: multiplied by the "
    "matrix it gives the identity.",
    zh="你对每个数分别取了倒数。矩阵的逆是另一回事：它乘以原矩阵得到单位矩阵。",
)
def inverse_of_each_number(X, y):
    A = with_ones(X)
    w = (1 / (A.T @ A)) @ (A.T @ y)
    return w[:-1], w[-1]


@mistake(
    en="Something was added to the matrix before it was solved, so your weights are pulled towards zero. "
    "That is ridge regression; the plain one is asked for.",
    zh="解方程之前，矩阵里多加了东西，权重被拉向零。那是岭回归，题目要的是普通的最小二乘。",
)
def ridge(X, y):
    A = with_ones(X)
    w = torch.linalg.solve(A.T @ A + torch.eye(A.shape[1], dtype=A.dtype), A.T @ y)
    return w[:-1], w[-1]


@mistake(
    en="Weights and bias are right, but the caller's data is no longer what it was: an operator such as -= "
    "writes into the tensor that was passed in.",
    zh="权重和偏置都对，但调用者的数据被改了：-= 这样的运算符会直接写进传入的张量。",
)
def arguments_changed(X, y):
    mean_x, mean_y = X.mean(dim=0), y.mean()
    X -= mean_x
    y -= mean_y
    w = solve(X, y)
    return w, mean_y - mean_x @ w


MISTAKES = (
    no_bias,
    cut_at_the_wrong_end,
    bias_among_weights,
    exchanged,
    still_columns,
    bias_with_an_axis,
    bias_is_the_mean,
    targets_centred_only,
    input_by_input,
    inverse_of_each_number,
    ridge,
    arguments_changed,
)
