"""Known mistakes of 03.precision_recall_f1: nothing out of nothing, the formula of F1, what is returned."""

from __future__ import annotations

from utils.exercises.authoring import mistake
from utils.exercises.lab03.precision_recall_counts import counts, harmonic, share


def both(predicted, target):
    """The right precision and recall."""
    hits, false, missed, _ = counts(predicted, target)
    return share(hits, hits + false), share(hits, hits + missed)


NAN = {
    "en": "Where nothing is predicted positive, or nothing is positive, you answer NaN: zero was divided "
    "by zero. The exercise says what counts then.",
    "zh": "没有预测为正类的，或者没有正类的时候，你的结果是 NaN：零除以了零。题目说明了这时该取什么值。",
}


@mistake(**NAN)
def nothing_is_nan_except_f1(predicted, target):
    hits = (predicted * target).sum()
    f1 = share(2 * hits, predicted.sum() + target.sum())
    return hits / predicted.sum(), hits / target.sum(), f1


@mistake(**NAN)
def nothing_is_nan(predicted, target):
    hits = (predicted * target).sum()
    precision, recall = hits / predicted.sum(), hits / target.sum()
    return precision, recall, 2 * precision * recall / (precision + recall)


@mistake(
    en="Python refuses to divide by zero, and a batch without a positive prediction stops your program. "
    "The exercise says what counts then.",
    zh="Python 不肯除以零；一个批次里没有一个预测为正类，你的程序就停了。题目说明了这时该取什么值。",
)
def nothing_is_refused(predicted, target):
    hits, false, missed, _ = counts(predicted, target)
    precision, recall = hits / (hits + false), hits / (hits + missed)
    return precision, recall, harmonic(precision, recall)


@mistake(
    en="Where there is nothing to divide by, you answer 1, as if silence were perfect. Here it counts as 0.",
    zh="没有东西可除的时候，你给的是 1，好像什么都不说就是满分。这里应当算 0。",
)
def nothing_is_perfect(predicted, target):
    hits, false, missed, _ = counts(predicted, target)
    precision = share(hits, hits + false) if hits + false else 1.0
    recall = share(hits, hits + missed) if hits + missed else 1.0
    return precision, recall, harmonic(precision, recall)


@mistake(
    en="Precision and recall are right, but where both are 0, your F1 divides zero by zero.",
    zh="精确率和召回率都对，但两者都是 0 时，你的 F1 又是零除以零。",
)
def f1_is_nan(predicted, target):
    precision, recall = both(predicted, target)
    return precision, recall, harmonic(precision, recall) if precision + recall else float("nan")


@mistake(
    en="Precision and recall are right, but where both are 0, your F1 divides zero by zero: NaN for "
    "tensors, an error for Python's own numbers.",
    zh="精确率和召回率都对，但两者都是 0 时，你的 F1 又是零除以零：张量会得到 NaN，Python 自己的数会报错。",
)
def f1_is_nan_or_refused(predicted, target):
    hits, called, real = (predicted * target).sum(), predicted.sum(), target.sum()
    precision = hits / called if called else 0.0
    recall = hits / real if real else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall)


@mistake(
    en="Precision and recall are right, but where both are 0, your F1 makes Python divide by zero and stop.",
    zh="精确率和召回率都对，但两者都是 0 时，你的 F1 让 Python 除以零，程序就停了。",
)
def f1_is_refused(predicted, target):
    precision, recall = both(predicted, target)
    return precision, recall, 2 * precision * recall / (precision + recall)


@mistake(
    en="Your F1 is the plain mean. F1 is pulled towards the smaller of the two, so that neither can be "
    "bought with the other.",
    zh="你的 F1 是算术平均。F1 更靠近两者中较小的一个，牺牲一个换另一个是划不来的。",
)
def plain_mean(predicted, target):
    precision, recall = both(predicted, target)
    return precision, recall, (precision + recall) / 2


@mistake(
    en="Your F1 is the geometric mean, the root of the product. The harmonic mean is asked for.",
    zh="你的 F1 是几何平均，即乘积开方。题目要的是调和平均。",
)
def geometric_mean(predicted, target):
    precision, recall = both(predicted, target)
    return precision, recall, (precision * recall) ** 0.5


@mistake(
    en="Your F1 is half of what it should be. The mean of two equal numbers is that number.",
    zh="你的 F1 只有应有的一半。两个相等的数，平均之后还是那个数。",
)
def half_of_f1(predicted, target):
    precision, recall = both(predicted, target)
    return precision, recall, harmonic(precision, recall) / 2


@mistake(
    en="Your F1 is the numerator alone, twice the product. It still has to be divided by the sum.",
    zh="你的 F1 只有分子，即乘积的两倍。还要除以两者之和。",
)
def numerator_of_f1(predicted, target):
    precision, recall = both(predicted, target)
    return precision, recall, 2 * precision * recall


@mistake(
    en="You leave the true negatives out and divide the hits by all the rest: this is the Jaccard index, not "
    "F1. In F1 the hits count twice, above and below.",
    zh="你用命中数除以真负类之外的全部样本：这是 Jaccard 指数，不是 F1。在 F1 里，"
    "命中数在分子和分母上都算两次。",
)
def jaccard(predicted, target):
    hits, false, missed, _ = counts(predicted, target)
    return *both(predicted, target), share(hits, hits + false + missed)


@mistake(
    en="You return F1 alone. Precision and recall are asked for as well.",
    zh="你只返回了 F1。题目还要精确率和召回率。",
)
def f1_only(predicted, target):
    return harmonic(*both(predicted, target))


@mistake(
    en="Your numbers are percentages. Asked for are shares between 0 and 1.",
    zh="你给的是百分数。题目要的是 0 到 1 之间的比例。",
)
def percentages(predicted, target):
    precision, recall = both(predicted, target)
    return 100 * precision, 100 * recall, 100 * harmonic(precision, recall)


MISTAKES = (
    nothing_is_nan,
    nothing_is_nan_except_f1,
    nothing_is_refused,
    nothing_is_perfect,
    f1_is_nan,
    f1_is_nan_or_refused,
    f1_is_refused,
    plain_mean,
    geometric_mean,
    half_of_f1,
    numerator_of_f1,
    jaccard,
    f1_only,
    percentages,
)
