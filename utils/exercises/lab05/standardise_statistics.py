"""Known mistakes of 05.standardise: statistics of the wrong numbers."""

from __future__ import annotations

import torch
from torch import Tensor

from utils.exercises.authoring import mistake


def statistics(X: Tensor, correction: int = 0) -> tuple[Tensor, Tensor]:
    """Mean and scale of each column; a constant column keeps its size."""
    mean, scale = X.mean(dim=0), X.std(dim=0, correction=correction)
    return mean, torch.where(scale == 0, 1.0, scale)


def both(X_train, X_new, mean, scale):
    return (X_train - mean) / scale, (X_new - mean) / scale


@mistake(
    en="Mean and deviation come from all rows together, so the new rows have a say in how the training data "
    "looks. That is a leak: at work the new rows do not exist yet.",
    zh="均值和标准差取自所有行，新数据影响了训练数据的样子。这就是泄漏：训练时，新数据还不存在。",
)
def all_rows(X_train, X_new):
    return both(X_train, X_new, *statistics(torch.cat([X_train, X_new])))


@mistake(
    en="You measure the scale on the new rows. Which of the two tables is there when the model is trained?",
    zh="你用新数据来量尺度。训练模型的时候，手里有的是哪一张表？",
)
def scale_of_the_new(X_train, X_new):
    return both(X_train, X_new, *statistics(X_new))


@mistake(
    en="Each table has a scale of its own, so the same value means one thing in training and another "
    "afterwards. A model needs one scale for both.",
    zh="两张表各用各的尺度，同一个数在训练时和之后的含义就不同了。模型需要的是同一把尺子。",
)
def each_its_own(X_train, X_new):
    return both(X_train, X_new, *statistics(X_train))[0], both(X_train, X_new, *statistics(X_new))[1]


@mistake(
    en="The new rows are shifted by the right mean and then divided by a deviation of their own.",
    zh="新数据减去的均值是对的，却除以了它们自己的标准差。",
)
def own_deviation(X_train, X_new):
    mean, scale = statistics(X_train)
    return (X_train - mean) / scale, (X_new - mean) / statistics(X_new)[1]


@mistake(
    en="The new rows are divided by the right deviation, but a mean of their own is subtracted first. Data "
    "that has drifted would look as if it had not.",
    zh="新数据除以的标准差是对的，但先减去的是它们自己的均值。这样一来，数据漂移了也看不出来。",
)
def own_mean(X_train, X_new):
    mean, scale = statistics(X_train)
    return (X_train - mean) / scale, (X_new - X_new.mean(dim=0)) / scale


@mistake(
    en="All your numbers are a little too small in size. torch.std divides by n − 1 unless it is told "
    "otherwise; here the deviation of the n rows themselves is asked for.",
    zh="你的数都略微偏小。torch.std 默认除以 n − 1；这里要的是这 n 行自身的标准差。",
)
def sample_deviation(X_train, X_new):
    return both(X_train, X_new, *statistics(X_train, correction=1))


TWICE = {
    "en": "Two things. torch.std divides by n − 1 unless it is told otherwise. And ",
    "zh": "有两处不对。torch.std 默认除以 n − 1；另外，",
}


@mistake(
    en=TWICE["en"] + "each table has a scale of its own: the same value would mean two different things.",
    zh=TWICE["zh"] + "两张表各用各的尺度，同一个数就有了两种含义。",
)
def each_its_own_sample(X_train, X_new):
    trained, new = statistics(X_train, correction=1), statistics(X_new, correction=1)
    return both(X_train, X_new, *trained)[0], both(X_train, X_new, *new)[1]


@mistake(
    en=TWICE["en"] + "all rows together set the scale: when a model is trained, the new ones do not exist.",
    zh=TWICE["zh"] + "尺度取自所有行，而训练时新数据还不存在。",
)
def all_rows_sample(X_train, X_new):
    return both(X_train, X_new, *statistics(torch.cat([X_train, X_new]), correction=1))


@mistake(
    en=TWICE["en"] + "there is one mean and one deviation for the whole table; each column has its own.",
    zh=TWICE["zh"] + "整张表只用了一个均值和一个标准差，而每一列应当有自己的。",
)
def whole_table_sample(X_train, X_new):
    return both(X_train, X_new, X_train.mean(), X_train.std())


@mistake(
    en="Each row has been brought to mean zero. A row holds different quantities; what belongs on one scale "
    "stands below one another.",
    zh="你把每一行的均值变成了零。一行里是不同的量，同一种量上下排成一列。",
)
def along_rows(X_train, X_new):
    return tuple(
        (X - X.mean(dim=1, keepdim=True)) / X.std(dim=1, keepdim=True, correction=0) for X in (X_train, X_new)
    )


@mistake(
    en="You use one mean and one deviation for the whole table. Each column has its own.",
    zh="你对整张表只用了一个均值和一个标准差。每一列应当有自己的。",
)
def whole_table(X_train, X_new):
    return both(X_train, X_new, X_train.mean(), X_train.std(correction=0))


MISTAKES = (
    all_rows,
    scale_of_the_new,
    each_its_own,
    own_deviation,
    own_mean,
    sample_deviation,
    each_its_own_sample,
    all_rows_sample,
    whole_table_sample,
    along_rows,
    whole_table,
)
