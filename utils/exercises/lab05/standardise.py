"""05.standardise: training data and new data on one scale, that of the training data."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from utils.exercises.authoring import Numbers, argument_labels, mistake, parts
from utils.exercises.core import Answer, Case, Exercise

CONSTANT = 2.25  # a sum of such numbers is exact, so that the deviation of the column is exactly zero


def cases(seed: int) -> list[Case]:
    """New data lies elsewhere than the training data and spreads more: statistics of either differ."""
    draw = Numbers(seed)

    def case(name, n, m, columns, scale=1.0):
        X_train = draw.normal(n, columns, shift=2.0) * scale
        return Case(name, (X_train, draw.normal(m, columns, scale=3.0, shift=4.0) * scale))

    sizes = torch.tensor([1.0, 50.0, 0.25, 8.0], dtype=torch.float64)
    constant = case(
        {"en": "a column that is constant in the training data", "zh": "有一列在训练数据里是常数"}, 6, 5, 3
    )
    constant.args[0][:, 1] = CONSTANT
    return [
        case({"en": "5 training rows, 4 new ones", "zh": "5 行训练数据、4 行新数据"}, 5, 4, 3),
        case({"en": "4 training rows, 6 new ones", "zh": "4 行训练数据、6 行新数据"}, 4, 6, 2),
        case({"en": "columns of unlike size", "zh": "各列大小悬殊"}, 7, 3, 4, sizes),
        constant,
    ]


def probe(function, case: Case) -> Answer:
    """Both results, and what is left in the arguments after the call."""
    X_train, X_new = case.args
    answer = parts(function(X_train, X_new), ("train", "new"))
    return {**answer, "old_X_train": X_train, "old_X_new": X_new}


def reference(X_train, X_new):
    """PyTorch's batch normalisation, in the mode that takes its statistics from elsewhere."""
    variance, mean = torch.var_mean(X_train, dim=0, correction=0)
    variance = torch.where(variance == 0, 1.0, variance)
    return tuple(F.batch_norm(X, mean, variance, eps=0.0) for X in (X_train, X_new))


def statistics(X: Tensor, correction: int = 0) -> tuple[Tensor, Tensor]:
    """Mean and scale of each column; a constant column keeps its size."""
    mean, scale = X.mean(dim=0), X.std(dim=0, correction=correction)
    return mean, torch.where(scale == 0, 1.0, scale)


def both(X_train, X_new, mean, scale):
    return (X_train - mean) / scale, (X_new - mean) / scale


@mistake(
    en="Mean and deviation come from all rows together, so the new rows have a say in how the training data "
    "looks. That is a leak: at work the new rows do not exist yet.",
    zh="平均值和标准差取自所有行，新数据影响了训练数据的样子。这就是泄漏：训练时，新数据还不存在。",
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
    zh="新数据减的平均值是对的，却除以了它们自己的标准差。",
)
def own_deviation(X_train, X_new):
    mean, scale = statistics(X_train)
    return (X_train - mean) / scale, (X_new - mean) / statistics(X_new)[1]


@mistake(
    en="All your numbers are a little too small in size. torch.std divides by n − 1 unless it is told "
    "otherwise; here the deviation of the n rows themselves is asked for.",
    zh="你的数都略微偏小。torch.std 默认除以 n − 1；这里要的是这 n 行本身的标准差。",
)
def sample_deviation(X_train, X_new):
    return both(X_train, X_new, *statistics(X_train, correction=1))


@mistake(
    en="Each row has been brought to mean zero. A row holds different quantities; what belongs on one scale "
    "stands below one another.",
    zh="你把每一行的平均值变成了零。一行里是不同的量，同一种量是上下排列的。",
)
def along_rows(X_train, X_new):
    return tuple(
        (X - X.mean(dim=1, keepdim=True)) / X.std(dim=1, keepdim=True, correction=0) for X in (X_train, X_new)
    )


@mistake(
    en="You use one mean and one deviation for the whole table. Each column has its own.",
    zh="你对整张表只用了一个平均值和一个标准差。每一列应当有自己的。",
)
def whole_table(X_train, X_new):
    return both(X_train, X_new, X_train.mean(), X_train.std(correction=0))


@mistake(
    en="Right, until a column never changes: its deviation is zero, and zero divided by zero is NaN. Such a "
    "column should come out as zeros in training.",
    zh="一般情况都对，直到某一列从不变化：标准差是零，零除以零得到 NaN。这样的列在训练数据里应当变成全零。",
)
def constant_is_nan(X_train, X_new):
    return both(X_train, X_new, X_train.mean(dim=0), X_train.std(dim=0, correction=0))


@mistake(
    en="A tiny number in the denominator saves the training data from NaN, but look at what a new row "
    "becomes that differs in the constant column: hundreds of millions. Which divisor leaves it as it is?",
    zh="分母里加一个极小的数，训练数据是没有 NaN 了；可新数据在那一列稍有不同，就会变成上亿的数。除以多少，"
    "才会让它保持原样？",
)
def tiny_added(X_train, X_new):
    return both(X_train, X_new, X_train.mean(dim=0), X_train.std(dim=0, correction=0) + 1e-8)


@mistake(
    en="In the column that is constant in training you also set the new rows to zero. A new value that "
    "differs from the constant must stay visible.",
    zh="训练时是常数的那一列，你把新数据也设成了零。新的值如果与常数不同，应当看得出来。",
)
def new_rows_zeroed(X_train, X_new):
    X_train, X_new = both(X_train, X_new, *statistics(varied := X_train))
    return X_train, torch.where(varied.std(dim=0) == 0, 0.0, X_new)


@mistake(
    en="Columns are missing from your result. A constant column says nothing, but the model expects as many "
    "columns as before.",
    zh="结果里少了列。常数列虽然不带信息，但模型需要的列数应当与原来一样。",
)
def constant_dropped(X_train, X_new):
    kept = X_train.std(dim=0) > 0
    return both(X_train[:, kept], X_new[:, kept], *statistics(X_train[:, kept]))


@mistake(
    en="You divide by the square of what is asked for. Deviation and variance differ by a root.",
    zh="你除以的是所求的平方。标准差与方差之间差一个开方。",
)
def by_variance(X_train, X_new):
    mean, scale = statistics(X_train)
    return both(X_train, X_new, mean, scale**2)


@mistake(
    en="The training columns have mean zero now, but they spread as much as before. A step is missing.",
    zh="训练数据各列的平均值已经是零了，但分散程度还和原来一样。还缺一步。",
)
def centred_only(X_train, X_new):
    return both(X_train, X_new, X_train.mean(dim=0), 1.0)


@mistake(
    en="This brings each column into the range from 0 to 1. Another scaling is asked for: mean 0, standard "
    "deviation 1.",
    zh="这是把每一列缩放到 0 与 1 之间。题目要的是另一种：平均值为 0，标准差为 1。",
)
def min_max(X_train, X_new):
    low, span = X_train.amin(dim=0), X_train.amax(dim=0) - X_train.amin(dim=0)
    return both(X_train, X_new, low, torch.where(span == 0, 1.0, span))


@mistake(
    en="You return one table. The new rows are needed as well, on the same scale.",
    zh="你只返回了一张表。新数据也要，而且要用同样的尺度。",
)
def training_only(X_train, X_new):
    mean, scale = statistics(X_train)
    return (X_train - mean) / scale


@mistake(
    en="Both tables are right, but exchanged. The training data is returned first.",
    zh="两张表都对，只是位置颠倒了：应当先返回训练数据。",
)
def exchanged(X_train, X_new):
    return both(X_train, X_new, *statistics(X_train))[::-1]


@mistake(
    en="The numbers are right, but you wrote them into the caller's tensors. -= and /= overwrite what was "
    "passed in.",
    zh="数值都对，但你把它们写进了调用者的张量。-= 和 /= 会覆盖传入的内容。",
)
def arguments_changed(X_train, X_new):
    mean, scale = statistics(X_train)
    for X in (X_train, X_new):
        X -= mean
        X /= scale
    return X_train, X_new


EXERCISE = Exercise(
    id="05.standardise",
    title={"en": "Standardise without a leak", "zh": "不泄漏的标准化"},
    minutes=10,
    difficulty=2,
    aims={
        "en": "Bring columns to one scale that is measured on the training data alone.",
        "zh": "把各列放到同一尺度上，而这个尺度只从训练数据量出。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    rtol=1e-5,
    atol=1e-6,
    labels={
        "train": {"en": "the standardised training rows", "zh": "标准化之后的训练数据"},
        "new": {"en": "the standardised new rows", "zh": "标准化之后的新数据"},
        **argument_labels("X_train", "X_new"),
    },
    mistakes=(
        all_rows,
        scale_of_the_new,
        each_its_own,
        own_deviation,
        sample_deviation,
        along_rows,
        whole_table,
        constant_is_nan,
        tiny_added,
        new_rows_zeroed,
        constant_dropped,
        by_variance,
        centred_only,
        min_max,
        training_only,
        exchanged,
        arguments_changed,
    ),
)
