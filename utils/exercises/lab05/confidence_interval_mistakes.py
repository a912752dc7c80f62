"""The known mistakes of 05.confidence_interval."""

from __future__ import annotations

import torch

from utils.exercises.authoring import mistake


def r2(p, y):
    """R² of each row of predictions p and targets y, both (R, n)."""
    return 1 - ((y - p) ** 2).sum(dim=1) / ((y - y.mean(dim=1, keepdim=True)) ** 2).sum(dim=1)


def interval(scores, level, how="linear"):
    tail = (1 - level) / 2
    return torch.quantile(scores, tail, interpolation=how), torch.quantile(
        scores, 1 - tail, interpolation=how
    )


@mistake(
    en="The spread of a resample is taken around the mean of all targets. A resample has a mean of its own.",
    zh="你算重抽样本的离散程度时，用的是全体目标值的均值。每次重抽都有自己的均值。",
)
def mean_of_all(predicted, target, picks, level):
    p, y = predicted[picks], target[picks]
    return interval(1 - ((y - p) ** 2).sum(dim=1) / ((y - target.mean()) ** 2).sum(dim=1), level)


@mistake(
    en="Every resample is divided by the spread of the original targets. A resample has a spread of its own.",
    zh="每次重抽，你除以的都是原来那些目标值的离散程度。重抽样本的 R² 要用它自己的。",
)
def spread_of_all(predicted, target, picks, level):
    p, y = predicted[picks], target[picks]
    return interval(1 - ((y - p) ** 2).sum(dim=1) / ((target - target.mean()) ** 2).sum(), level)


@mistake(
    en="One mean was taken over all resamples together. Each has a mean of its own: along which axis does a "
    "resample lie?",
    zh="你对所有重抽样本只取了一个均值。每次重抽各有自己的均值：一次重抽排在哪个轴上？",
)
def pooled_mean(predicted, target, picks, level):
    p, y = predicted[picks], target[picks]
    return interval(1 - ((y - p) ** 2).sum(dim=1) / ((y - y.mean()) ** 2).sum(dim=1), level)


@mistake(
    en="You add up along the wrong axis: over the resamples, not within each of them.",
    zh="求和的轴弄错了：你跨着各次重抽相加，应当在每次重抽内部相加。",
)
def wrong_axis(predicted, target, picks, level):
    return interval(r2(predicted[picks].T, target[picks].T), level)


@mistake(
    en="This is an interval for the mean squared error. R² compares it with how far the targets are spread.",
    zh="这是均方误差的区间。R² 还要拿它与目标值的离散程度相比。",
)
def mean_squared_error(predicted, target, picks, level):
    return interval(((target - predicted) ** 2)[picks].mean(dim=1), level)


@mistake(
    en="You give the share of the spread that the model leaves unexplained. R² is the other share.",
    zh="你给出的是离散程度里模型没能解释的那部分所占的比例，R² 是另一部分。",
)
def unexplained(predicted, target, picks, level):
    return interval(1 - r2(predicted[picks], target[picks]), level)


@mistake(
    en="The targets are resampled, the predictions are not. A prediction then meets the target of another "
    "sample.",
    zh="目标值重抽了，预测值却没有。这样一来，预测值碰上的是别的样本的目标值。",
)
def targets_only(predicted, target, picks, level):
    return interval(r2(predicted, target[picks]), level)


@mistake(
    en="The predictions are resampled, the targets are not. A target then meets the prediction of another "
    "sample.",
    zh="预测值重抽了，目标值却没有。这样一来，目标值碰上的是别的样本的预测值。",
)
def predictions_only(predicted, target, picks, level):
    return interval(r2(predicted[picks], target.expand(len(picks), -1)), level)


@mistake(
    en="Predictions and targets have changed places: errors are measured against the spread of the targets.",
    zh="预测值和目标值的位置颠倒了：R² 是拿误差与目标值的离散程度相比。",
)
def roles_exchanged(predicted, target, picks, level):
    return interval(r2(target[picks], predicted[picks]), level)


@mistake(
    en="This is the squared correlation. It forgives predictions that are all too high or too flat; R² does "
    "not.",
    zh="这是相关系数的平方。预测值整体偏高或起伏太小，它都不计较，而 R² 要计较。",
)
def squared_correlation(predicted, target, picks, level):
    p, y = (values[picks] - values[picks].mean(dim=1, keepdim=True) for values in (predicted, target))
    return interval((p * y).sum(dim=1) ** 2 / ((p**2).sum(dim=1) * (y**2).sum(dim=1)), level)


@mistake(
    en="Two means in one fraction divide by different counts: var takes n - 1 unless told otherwise.",
    zh="同一个分式里，上下两个平均除以的个数不同：如果不特别指定，var 除以的是 n - 1。",
)
def variance_corrected(predicted, target, picks, level):
    p, y = predicted[picks], target[picks]
    return interval(1 - ((y - p) ** 2).mean(dim=1) / y.var(dim=1), level)


@mistake(
    en="Each end cuts off all that the level leaves over: twice as much lies outside. The two ends share it.",
    zh="水平之外剩下的部分，你在两端各切了一整份，落在区间外的就多了一倍。这一份应当由两端平分。",
)
def tails_doubled(predicted, target, picks, level):
    scores = r2(predicted[picks], target[picks])
    return torch.quantile(scores, 1 - level), torch.quantile(scores, level)


@mistake(
    en="Your interval reaches to the largest value: all that is cut off is cut off below. Both ends take a "
    "share.",
    zh="你的区间一直伸到最大值，切掉的全在下端。两端应当各切一份。",
)
def one_sided(predicted, target, picks, level):
    scores = r2(predicted[picks], target[picks])
    return torch.quantile(scores, 1 - level), scores.max()


@mistake(
    en="You return the smallest and the largest value. The level says how much of them lies inside.",
    zh="你返回的是最小值和最大值。水平说的是有多大比例落在区间之内。",
)
def extremes(predicted, target, picks, level):
    scores = r2(predicted[picks], target[picks])
    return scores.min(), scores.max()


@mistake(
    en="Mean and two standard deviations suit a bell curve and one level. Asked for are quantiles of the "
    "values themselves.",
    zh="平均值加减两个标准差，只适合钟形曲线和某一个水平。题目要的是这些值本身的分位数。",
)
def two_deviations(predicted, target, picks, level):
    scores = r2(predicted[picks], target[picks])
    return scores.mean() - 2 * scores.std(), scores.mean() + 2 * scores.std()


@mistake(
    en="You take the nearest of the sorted values. Where a quantile falls between two, interpolate.",
    zh="你取的是排序后最近的那个值。分位数落在两个值之间时，要插值。",
)
def nearest(predicted, target, picks, level):
    return interval(r2(predicted[picks], target[picks]), level, how="nearest")


@mistake(
    en="You sort and cut the position down to a whole number. A quantile may fall between two values.",
    zh="你排序之后把位置截成了整数。分位数可能落在两个值之间。",
)
def position_cut(predicted, target, picks, level):
    scores = r2(predicted[picks], target[picks]).sort().values
    tail = (1 - level) / 2
    return scores[int(tail * len(scores))], scores[int((1 - tail) * len(scores))]


@mistake(
    en="Both ends are right, in the wrong order: the lower one comes first.",
    zh="两端都对，顺序反了：先返回较低的一端。",
)
def exchanged(predicted, target, picks, level):
    return interval(r2(predicted[picks], target[picks]), level)[::-1]


@mistake(
    en="The interval is right, but the caller's predictions are no longer what they were: an operator such "
    "as -= writes into the tensor that was passed in.",
    zh="区间正确，但调用者的预测值被改掉了：-= 这样的运算符会直接写进传入的张量。",
)
def predictions_changed(predicted, target, picks, level):
    answer = interval(r2(predicted[picks], target[picks]), level)
    predicted -= target
    return answer


MISTAKES = (
    mean_of_all,
    spread_of_all,
    pooled_mean,
    wrong_axis,
    mean_squared_error,
    unexplained,
    targets_only,
    predictions_only,
    roles_exchanged,
    squared_correlation,
    variance_corrected,
    tails_doubled,
    one_sided,
    extremes,
    two_deviations,
    nearest,
    position_cut,
    exchanged,
    predictions_changed,
)
