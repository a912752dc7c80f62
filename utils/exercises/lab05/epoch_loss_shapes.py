"""Known mistakes of 05.epoch_loss: wrong shapes, another loss, and what shows only afterwards."""

from __future__ import annotations

import torch

from utils.exercises.authoring import mistake
from utils.exercises.lab05.epoch_loss_means import squares, total


def crossed(predict, batches, over):
    """A loss whose errors are taken without a look at the shapes; ``over`` reduces those of a batch."""
    with torch.no_grad():
        parts = [over((predict(X) - y) ** 2, len(y)) for X, y in batches]
    return sum(parts) / sum(len(y) for _, y in batches)


@mistake(
    en="Right where the model answers (B,). Where it answers in a column, print the shape of your error: "
    "each prediction meets every target of the batch.",
    zh="模型给出 (B,) 时是对的。给出一列时，打印误差的形状看看：每个预测值都碰上了批次里的所有目标值。",
)
def broadcast(predict, batches):
    return crossed(predict, batches, lambda errors, n: errors.mean() * n)


@mistake(
    en="Right where the model answers (B,). Where it answers in a column you add up far too many errors: "
    "print the shape of what you sum.",
    zh="模型给出 (B,) 时是对的。给出一列时，你加进去的误差太多了：打印求和之前的形状看看。",
)
def broadcast_and_summed(predict, batches):
    return crossed(predict, batches, lambda errors, n: errors.sum())


@mistake(
    en="Two things at once. Every batch counts the same, whatever its size. And where the model answers in a "
    "column, each prediction meets every target: print the shape of your error.",
    zh="有两处不对。不论大小，每个批次的分量都一样；模型给出一列时，每个预测值又碰上了所有目标值：打印误差的形状"
    "看看。",
)
def broadcast_mean_of_means(predict, batches):
    return torch.stack([((predict(X) - y) ** 2).mean() for X, y in batches]).mean()


@mistake(
    en="You count on a column of predictions. A model may also answer (B,), which has no second axis: what "
    "brings both to one shape?",
    zh="你认定预测值是一列。模型也可能给出 (B,)，它没有第二个轴：怎样把两种都变成同一个形状？",
)
def always_a_column(predict, batches):
    return torch.cat([squares(lambda X: predict(X)[:, 0], X, y) for X, y in batches]).mean()


@mistake(
    en="The targets became a column. That fits a model that answers in a column; with one that answers (B,) "
    "each prediction now meets every target.",
    zh="你把目标值变成了一列。模型给出一列时正合适；给出 (B,) 时，每个预测值就会碰上所有目标值。",
)
def targets_as_a_column(predict, batches):
    return crossed(predict, [(X, y[:, None]) for X, y in batches], lambda errors, n: errors.mean() * n)


@mistake(
    en="The number is right, but a graph of the whole epoch hangs on it and is kept in memory. Nobody will "
    "differentiate it: how is autograd told so?",
    zh="数值正确，但整轮的计算图都挂在它后面，占着内存。没有人要对它求导：怎样告诉 autograd？",
)
def graph_kept(predict, batches):
    return torch.cat([(predict(X).reshape(-1) - y) ** 2 for X, y in batches]).mean()


@mistake(
    en="The number is right, but the model was asked more often than there are batches. For a large model "
    "that is twice the cost: keep what it answers.",
    zh="数值正确，但调用模型的次数比批次数多。模型大的话，代价就翻倍了：把它的输出存下来再用。",
)
def called_twice(predict, batches):
    n = sum(len(predict(X)) for X, _ in batches)
    return total(predict, batches) / n


@mistake(
    en="The number is right, but your function leaves something switched off: afterwards no gradient reaches "
    "the model any more, and nobody is told. Off is meant for your own lines only.",
    zh="数值正确，但你的函数关掉了某样东西，却没有恢复：此后梯度再也传不到模型，也没有任何提示。要关，只在你自己的"
    "这几行里关。",
)
def left_switched_off(predict, batches):
    torch.set_grad_enabled(False)
    return total(predict, batches) / sum(len(y) for _, y in batches)


@mistake(
    en="This is the root of what is asked for. The mean of the squares is wanted.",
    zh="这是所求结果的平方根。题目要的是平方的平均值。",
)
def root(predict, batches):
    return torch.cat([squares(predict, X, y) for X, y in batches]).mean().sqrt()


@mistake(
    en="This is the mean size of the errors. Asked for is the mean of their squares.",
    zh="这是误差绝对值的平均。题目要的是平方的平均。",
)
def absolute(predict, batches):
    return torch.cat([squares(predict, X, y).sqrt() for X, y in batches]).mean()


@mistake(
    en="The loss is right, but the targets are no longer what they were. The next epoch needs them: build "
    "new tensors.",
    zh="损失正确，但目标值被改掉了，而下一轮还要用：请新建张量。",
)
def targets_changed(predict, batches):
    with torch.no_grad():
        return torch.cat([y.sub_(predict(X).reshape(-1)) ** 2 for X, y in batches]).mean()


MISTAKES = (
    broadcast,
    broadcast_and_summed,
    broadcast_mean_of_means,
    always_a_column,
    targets_as_a_column,
    graph_kept,
    called_twice,
    left_switched_off,
    root,
    absolute,
    targets_changed,
)
