"""05.epoch_loss: the loss of a whole epoch, fair to every sample. A model may answer in a column or not."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from utils.exercises.authoring import Numbers, mistake
from utils.exercises.core import Answer, Case, Exercise


class Line:
    """A linear model that learns, answers (B,) or (B, 1), and counts how often it is asked."""

    def __init__(self, w: Tensor, b: Tensor, column: bool) -> None:
        self.w, self.b, self.column = w.requires_grad_(), b.requires_grad_(), column
        self.calls = 0

    def __call__(self, X: Tensor) -> Tensor:
        self.calls += 1
        answer = X @ self.w + self.b
        return answer[:, None] if self.column else answer


def cases(seed: int) -> list[Case]:
    """The last batch is shorter, and its targets lie further off than those of the others."""
    draw = Numbers(seed)

    def case(name, sizes, inputs, column):
        predict = Line(draw.normal(inputs), draw.normal(shift=0.5), column)
        shifts = [*range(len(sizes) - 1), 6.0]
        pairs = zip(sizes, shifts, strict=True)
        batches = [(draw.normal(n, inputs), draw.normal(n, shift=shift)) for n, shift in pairs]
        return Case(name, (predict, batches))

    vectors = {"en": "batches of 4, 4 and 2, predictions (B,)", "zh": "批次大小 4、4、2，预测值为 (B,)"}
    columns = {"en": "batches of 5 and 3, predictions (B, 1)", "zh": "批次大小 5、3，预测值为 (B, 1)"}
    four = {"en": "batches of 3, 3, 3 and 2, predictions (B,)", "zh": "批次大小 3、3、3、2，预测值为 (B,)"}
    return [
        case(vectors, (4, 4, 2), 3, False),
        case(columns, (5, 3), 2, True),
        case(four, (3, 3, 3, 2), 4, False),
    ]


def probe(function, case: Case) -> Answer:
    """The loss, whether a graph hangs on it, how often the model was asked, and the data after the call."""
    predict, batches = case.args
    result = function(predict, batches)
    inputs, targets = (torch.cat(tensors).detach() for tensors in zip(*batches, strict=True))
    return {
        "result": result,
        "graph": bool(getattr(result, "requires_grad", False)),
        "calls": predict.calls,
        "inputs": inputs,
        "targets": targets,
    }


@torch.no_grad()
def reference(predict, batches):
    """PyTorch's loss of all samples at once, as if there were no batches."""
    X, y = (torch.cat(tensors) for tensors in zip(*batches, strict=True))
    loss = F.mse_loss(predict(X).reshape(-1), y)
    predict.calls = len(batches)
    return loss


def squares(predict, X, y):
    """The squared error of each sample, without a graph."""
    with torch.no_grad():
        return (predict(X).reshape(-1) - y) ** 2


def total(predict, batches):
    """The sum of all squared errors."""
    return sum(squares(predict, X, y).sum() for X, y in batches)


@mistake(
    en="Every batch counts the same in your mean, so a sample of the short last batch counts more than the "
    "others. Who should count the same?",
    zh="在你的平均里，每个批次的分量相同，于是最后那个短批次里的样本就比别的样本重。应当是谁的分量相同？",
)
def mean_of_means(predict, batches):
    return torch.stack([squares(predict, X, y).mean() for X, y in batches]).mean()


@mistake(
    en="This is the loss of the last batch alone. The article prints it as that of the epoch; it says "
    "nothing of the batches before.",
    zh="这只是最后一个批次的损失。文章把它当作整轮的损失打印出来，可它与前面的批次无关。",
)
def last_batch(predict, batches):
    return [squares(predict, X, y).mean() for X, y in batches][-1]


@mistake(
    en="This is the loss of the first batch. A return ends the function at once: where does yours stand?",
    zh="这只是第一个批次的损失。return 一执行，函数就结束了：你的 return 写在哪里？",
)
def first_batch(predict, batches):
    return [squares(predict, X, y).mean() for X, y in batches][0]


@mistake(
    en="The squared errors of all samples are added up and left at that. A data set twice as large would "
    "have twice the loss.",
    zh="你把所有样本的平方误差加了起来，就停在那里了。数据多一倍，损失也会大一倍。",
)
def summed(predict, batches):
    return total(predict, batches)


@mistake(
    en="You add up the means of the batches. Smaller batches would make your loss larger, although the model "
    "is the same.",
    zh="你把各批次的平均值加在了一起。同一个模型，批次切得越小，你的损失就越大。",
)
def sum_of_means(predict, batches):
    return sum(squares(predict, X, y).mean() for X, y in batches)


@mistake(
    en="You add up over samples and divide by the number of batches. Divide by the number of what you added.",
    zh="你按样本求和，却除以批次的个数。加了多少个，就应当除以多少。",
)
def divided_by_batches(predict, batches):
    return total(predict, batches) / len(batches)


@mistake(
    en="You take every batch to be as large as the first. The last one is shorter.",
    zh="你当作每个批次都与第一个一样大，而最后一个更短。",
)
def size_of_the_first(predict, batches):
    n, size = sum(len(y) for _, y in batches), len(batches[0][1])
    return sum(squares(predict, X, y).mean() * size for X, y in batches) / n


@mistake(
    en="The shorter last batch is left out. Its samples belong to the epoch too.",
    zh="较短的最后一个批次没有算进去。它的样本也属于这一轮。",
)
def short_batch_dropped(predict, batches):
    return torch.cat([squares(predict, X, y) for X, y in batches if len(y) == len(batches[0][1])]).mean()


@mistake(
    en="You divide by the number of all the numbers in X. How many samples are there?",
    zh="你除以的是 X 里所有数的个数。样本有多少个？",
)
def divided_by_numbers(predict, batches):
    return total(predict, batches) / sum(X.numel() for X, _ in batches)


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
    zh="数值正确，但调用模型的次数比批次数多。模型大的话，代价就翻倍了：把它的回答存下来再用。",
)
def called_twice(predict, batches):
    n = sum(len(predict(X)) for X, _ in batches)
    return total(predict, batches) / n


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


EXERCISE = Exercise(
    id="05.epoch_loss",
    title={"en": "The fair loss of an epoch", "zh": "一轮的公平损失"},
    minutes=10,
    difficulty=2,
    aims={
        "en": "Average a loss over batches so that every sample counts the same, whatever shape the model "
        "answers in.",
        "zh": "把各批次的损失平均起来，让每个样本的分量相同，而且不受模型输出形状的影响。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    rtol=1e-5,
    atol=1e-6,
    labels={
        "result": {"en": "the loss", "zh": "损失"},
        "graph": {"en": "whether the loss still requires a gradient", "zh": "损失是否仍然需要梯度："},
        "calls": {"en": "the number of calls of predict", "zh": "调用 predict 的次数"},
        "inputs": {"en": "the X of all batches after the call", "zh": "调用之后，各批次的 X "},
        "targets": {"en": "the y of all batches after the call", "zh": "调用之后，各批次的 y "},
    },
    mistakes=(
        mean_of_means,
        last_batch,
        first_batch,
        summed,
        sum_of_means,
        divided_by_batches,
        size_of_the_first,
        short_batch_dropped,
        divided_by_numbers,
        broadcast,
        broadcast_and_summed,
        always_a_column,
        targets_as_a_column,
        graph_kept,
        called_twice,
        root,
        absolute,
        targets_changed,
    ),
)
