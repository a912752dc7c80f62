"""04.cross_entropy_gradient: the gradient of the mean cross-entropy by the logits, from integer labels."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from utils.exercises.authoring import Numbers, argument_label, mistake
from utils.exercises.core import Answer, Case, Exercise

# Rows so far apart that each needs a shift of its own, and a class that is all but certain in the last one.
FAR = torch.tensor([[1000.0], [0.0], [-1000.0], [900.0], [-30.0]], dtype=torch.float64).repeat(1, 3)
FAR[4, 1] += 15.0


def cases(seed: int) -> list[Case]:
    draw = Numbers(seed)
    return [
        Case(
            {"en": "6 samples, 4 classes", "zh": "6 个样本、4 个类别"}, (draw.normal(6, 4), draw.labels(6, 4))
        ),
        Case(
            {"en": "4 samples, 7 classes", "zh": "4 个样本、7 个类别"}, (draw.normal(4, 7), draw.labels(4, 7))
        ),
        Case(
            {
                "en": "5 samples, 3 classes, logits near ±1000",
                "zh": "5 个样本、3 个类别，logit 在 ±1000 附近",
            },
            (draw.normal(5, 3, scale=2.0) + FAR, draw.labels(5, 3)),
        ),
    ]


def probe(function, case: Case) -> Answer:
    """The gradient, and what is left in the logits after the call."""
    z, y = case.args
    return {"result": function(z, y), "logits": z, "labels": y}


def reference(z, y):
    z = z.clone().requires_grad_()
    return torch.autograd.grad(F.cross_entropy(z, y), z)[0]


@mistake(
    en="You take one maximum for the whole batch. In a row far below it every exponential is zero.",
    zh="你对整个批次只取了一个最大值。远低于它的行，指数函数的值全都是零。",
)
def global_max(z, y):
    e = (z - z.max()).exp()
    return (e / e.sum(dim=1, keepdim=True) - one_hot(z, y)) / len(y)


def one_hot(z, y):
    return F.one_hot(y, z.shape[1]).to(z.dtype)


@mistake(
    en="Each row is right for one sample alone. The loss is a mean over the batch.",
    zh="每一行对单个样本来说是对的。但损失是对整个批次取的平均。",
)
def sum_for_mean(z, y):
    return z.softmax(1) - one_hot(z, y)


@mistake(
    en="Wrong direction: a step against your gradient makes the right class less likely. In which column of "
    "a row should the gradient be negative?",
    zh="方向反了：沿你的负梯度走一步，正确类别的概率反而变小。每一行里，哪一列的梯度应当是负的？",
)
def sign(z, y):
    return (one_hot(z, y) - z.softmax(1)) / len(z)


@mistake(
    en="Your gradient is positive everywhere and does not depend on the labels. Where do they come in?",
    zh="你的梯度处处为正，也与标签无关。标签在哪里起作用？",
)
def no_target(z, y):
    return z.softmax(1) / len(z)


@mistake(
    en="Your gradient is too small by the number of classes. The mean is over samples, not over all entries "
    "of the matrix.",
    zh="你的梯度偏小，差的倍数正是类别数。平均是对样本取的，不是对矩阵的所有元素。",
)
def mean_over_entries(z, y):
    return (z.softmax(1) - one_hot(z, y)) / z.numel()


@mistake(
    en="Your softmax runs down the columns. Check: each row of the gradient must add up to zero.",
    zh="你的 softmax 是沿着列做的。检验办法：梯度的每一行加起来应当为零。",
)
def wrong_axis(z, y):
    return (z.softmax(0) - one_hot(z, y)) / len(z)


@mistake(
    en="You subtract in too many places: a colon selects every row, for each of the labels. One entry a row "
    "is wanted, so say which row goes with which label.",
    zh="减的地方太多了：冒号会选中所有行，对每个标签都是如此。每行只该改一个元素，要说明哪一行配哪个标签。",
)
def all_label_columns(z, y):
    p = z.softmax(1)
    p[:, y] -= 1
    return p / len(z)


@mistake(
    en="This is the derivative by the probabilities. One link of the chain is missing: the way from the "
    "logits to the probabilities.",
    zh="这是对概率的导数。链条还缺一环：从 logit 到概率这一步。",
)
def by_probabilities(z, y):
    return -one_hot(z, y) / z.softmax(1) / len(z)


@mistake(
    en="Only one of the two terms is averaged over the batch. Each row must add up to zero.",
    zh="两项里只有一项对批次取了平均。每一行加起来应当为零。",
)
def mean_subtracted_late(z, y):
    return z.softmax(1) / len(z) - one_hot(z, y)


@mistake(
    en="Right for small logits, NaN for large ones: your softmax overflows. What may you subtract "
    "from a row without changing its probabilities?",
    zh="logit 小的时候正确，大的时候出现 NaN：你的 softmax 溢出了。从一行里减去什么，概率不会变？",
)
def unstable(z, y):
    return (z.exp() / z.exp().sum(1, keepdim=True) - one_hot(z, y)) / len(z)


@mistake(
    en="You use the class numbers as if they were quantities: class 3 is not three times class 1. A label "
    "only says which entry of its row is the right one.",
    zh="你把类别编号当成了数量：类别 3 并不是类别 1 的三倍。标签只说明这一行里哪个元素是正确的。",
)
def class_number(z, y):
    return (z.softmax(1) - y[:, None]) / len(z)


EXERCISE = Exercise(
    id="04.cross_entropy_gradient",
    title={"en": "The gradient of the cross-entropy", "zh": "交叉熵的梯度"},
    minutes=7,
    difficulty=2,
    aims={
        "en": "See how short the gradient of softmax and cross-entropy together is; write it from labels.",
        "zh": "看看 softmax 与交叉熵合在一起，梯度有多简洁；由标签把它写出来。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    rtol=1e-5,
    atol=1e-6,
    labels={
        "result": {"en": "the gradient", "zh": "梯度"},
        "logits": argument_label("z"),
        "labels": argument_label("y"),
    },
    mistakes=(
        sum_for_mean,
        global_max,
        sign,
        no_target,
        mean_over_entries,
        wrong_axis,
        class_number,
        all_label_columns,
        by_probabilities,
        mean_subtracted_late,
        unstable,
    ),
)
