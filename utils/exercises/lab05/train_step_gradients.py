"""Known mistakes of 05.train_step: wrong errors, gradients and steps."""

from __future__ import annotations

import torch
from torch import Tensor

from utils.exercises.authoring import mistake


def errors(W: Tensor, b: Tensor, X: Tensor, y: Tensor) -> Tensor:
    """The right errors (B,)."""
    return (X @ W.T + b)[:, 0] - y


def step(W, b, X, y, rate_W, rate_b=None):
    """A right step from right gradients. The mistakes scale the two, or change what comes out."""
    error = errors(W, b, X, y)
    rate_b = rate_W if rate_b is None else rate_b
    new_W = W - rate_W * 2 / len(y) * error[None] @ X
    return new_W, b - rate_b * 2 * error.mean(dim=0, keepdim=True), (error**2).mean()


def by_autograd(W, b, X, y, learning_rate, loss_of):
    """A step along the gradient of any loss, ``loss_of(outputs (B, 1), targets (B,))``."""
    W, b = W.clone().requires_grad_(), b.clone().requires_grad_()
    loss = loss_of(X @ W.T + b, y)
    by_W, by_b = torch.autograd.grad(loss, (W, b))
    return (W - learning_rate * by_W).detach(), (b - learning_rate * by_b).detach(), loss.detach()


@mistake(
    en="The article's fault is still there. Print the shape of outputs minus targets: how many errors are "
    "there, and how many samples?",
    zh="文章里的错误还在。打印“输出减目标值”的形状看看：误差有多少个，样本又有多少个？",
)
def broadcast(W, b, X, y, learning_rate):
    return by_autograd(W, b, X, y, learning_rate, lambda outputs, y: ((outputs - y) ** 2).mean())


@mistake(
    en="Your W has grown as many rows as there are samples. Print the shape of the errors: a column of "
    "outputs minus the targets is a square.",
    zh="你的 W 变成了与样本数一样多的行。打印误差的形状看看：一列输出减去目标值，成了方阵。",
)
def broadcast_in_the_formula(W, b, X, y, learning_rate):
    table = X @ W.T + b - y  # (B, 1) - (B,) -> (B, B)
    new_W = W - learning_rate * 2 / len(y) * table.T @ X
    return new_W, b - learning_rate * 2 * table.mean(), (table**2).mean()


@mistake(
    en="Your W is square: its gradient is a column, and W is a row. A gradient has the shape of what it "
    "belongs to.",
    zh="你的 W 成了方阵：它的梯度是一列，而 W 是一行。梯度的形状应当与它所属的参数相同。",
)
def gradient_as_a_column(W, b, X, y, learning_rate):
    _, new_b, loss = step(W, b, X, y, learning_rate)
    return W - learning_rate * 2 / len(y) * X.T @ errors(W, b, X, y)[:, None], new_b, loss


@mistake(
    en="Your step goes uphill: after it the loss is larger. The gradient points to where the loss grows.",
    zh="你这一步走的是上坡：走完以后，损失反而变大了。梯度指向损失增大的方向。",
)
def uphill(W, b, X, y, learning_rate):
    return step(W, b, X, y, -learning_rate)


@mistake(
    en="This is the gradient of the article's formulas: it points uphill and forgets that the loss is a "
    "mean.",
    zh="这是文章公式里的梯度：走的是上坡，又忘了损失是平均值。",
)
def article(W, b, X, y, learning_rate):
    return step(W, b, X, y, -learning_rate * len(y))


@mistake(
    en="Your step is half as long as it should be. What does a square leave behind when "
    "you differentiate it?",
    zh="你这一步只有应有的一半长。对平方求导会留下什么？",
)
def missing_two(W, b, X, y, learning_rate):
    return step(W, b, X, y, learning_rate / 2)


@mistake(
    en="Your step grows with the batch. The loss is a mean over the samples, and so is its gradient.",
    zh="批次越大，你这一步就越长。损失是对样本的平均，它的梯度也是。",
)
def summed(W, b, X, y, learning_rate):
    return step(W, b, X, y, learning_rate * len(y))


@mistake(
    en="W moves as it should, b moves too far: its gradient is not averaged over the samples.",
    zh="W 走得对，b 走得太远：它的梯度没有对样本取平均。",
)
def bias_summed(W, b, X, y, learning_rate):
    return step(W, b, X, y, learning_rate, learning_rate * len(y))


@mistake(
    en="b comes back as it went in. The bias learns as well.",
    zh="b 原样返回了。偏置也要学习。",
)
def bias_kept(W, b, X, y, learning_rate):
    return step(W, b, X, y, learning_rate, 0.0)


@mistake(
    en="Your outputs lack a part of the layer, so the errors and all that follows are off. Where does b come "
    "in?",
    zh="你的输出缺了这一层的一部分，误差和后面的一切就都偏了。b 用在哪里？",
)
def forward_without_bias(W, b, X, y, learning_rate):
    new_W, moved, loss = step(W, torch.zeros_like(b), X, y, learning_rate)
    return new_W, b + moved, loss


MISTAKES = (
    broadcast,
    broadcast_in_the_formula,
    gradient_as_a_column,
    uphill,
    article,
    missing_two,
    summed,
    bias_summed,
    bias_kept,
    forward_without_bias,
)
