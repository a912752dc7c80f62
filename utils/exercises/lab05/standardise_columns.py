"""Known mistakes of 05.standardise: a constant column, another scaling, and what is returned."""

from __future__ import annotations

import torch

from utils.exercises.authoring import mistake
from utils.exercises.lab05.standardise_statistics import both, statistics


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
    "才能让这个值保持原样？",
)
def tiny_added(X_train, X_new):
    return both(X_train, X_new, X_train.mean(dim=0), X_train.std(dim=0, correction=0) + 1e-8)


@mistake(
    en="You repaired the NaN of the training data afterwards. A new row is divided by zero as well, and "
    "becomes infinite or, once replaced, the largest number there is. Repair what you divide by.",
    zh="训练数据里的 NaN，你是事后补救的。新数据同样除以了零，得到无穷大；替换之后，就成了浮点数里最大的数。"
    "应当补救的是除数。",
)
def nan_replaced(X_train, X_new):
    mean, scale = X_train.mean(dim=0), X_train.std(dim=0, correction=0)
    return tuple(X.nan_to_num() for X in both(X_train, X_new, mean, scale))


@mistake(
    en="You repaired the training data, and the new rows still hold what a division by zero left there. What "
    "should both be divided by in that column?",
    zh="训练数据你补救好了，新数据里却还留着除以零的结果。在那一列，两张表应当除以什么？",
)
def training_repaired(X_train, X_new):
    mean, scale = X_train.mean(dim=0), X_train.std(dim=0, correction=0)
    trained, new = both(X_train, X_new, mean, scale)
    return trained.nan_to_num(), new


@mistake(
    en="A column of small numbers is taken for a constant one: it keeps its scale, although it varies. "
    "Constant means that every row holds the same.",
    zh="数值很小的一列被你当成了常数列：它明明在变化，却没有缩放。每一行都相同，才叫常数。",
)
def small_for_constant(X_train, X_new):
    mean, scale = X_train.mean(dim=0), X_train.std(dim=0, correction=0)
    return both(X_train, X_new, mean, torch.where(scale < 0.1, 1.0, scale))


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
    zh="你除以的是应有除数的平方。标准差与方差之间差一个开方。",
)
def by_variance(X_train, X_new):
    mean, scale = statistics(X_train)
    return both(X_train, X_new, mean, scale**2)


@mistake(
    en="The training columns have mean zero now, but they spread as much as before. A step is missing.",
    zh="训练数据各列的均值已经是零了，但离散程度还和原来一样。还缺一步。",
)
def centred_only(X_train, X_new):
    return both(X_train, X_new, X_train.mean(dim=0), 1.0)


@mistake(
    en="This brings each column into the range from 0 to 1. Another scaling is asked for: mean 0, standard "
    "deviation 1.",
    zh="这是把每一列缩放到 0 与 1 之间。题目要的是另一种：均值为 0，标准差为 1。",
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


MISTAKES = (
    constant_is_nan,
    tiny_added,
    nan_replaced,
    training_repaired,
    small_for_constant,
    new_rows_zeroed,
    constant_dropped,
    by_variance,
    centred_only,
    min_max,
    training_only,
    exchanged,
    arguments_changed,
)
