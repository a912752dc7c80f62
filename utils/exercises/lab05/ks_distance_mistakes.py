"""The known mistakes of 05.ks_distance."""

from __future__ import annotations

import numpy as np
import torch

from utils.exercises.authoring import mistake


def share(x, points, strictly=False):
    """How large a part of x is at or below each point; with ``strictly`` only what is below it."""
    counted = x < points[:, None] if strictly else x <= points[:, None]
    return counted.double().mean(dim=1)


def curves(a, b):
    points = torch.cat([a, b])
    return share(a, points), share(b, points)


def apart(of_a, of_b):
    return (of_a - of_b).abs().max()


@mistake(
    en="You find the largest lead of a's function over b's. A distance counts in both directions.",
    zh="你找的是 a 的函数比 b 的高出最多的地方。距离要看两个方向。",
)
def signed(a, b):
    of_a, of_b = curves(a, b)
    return (of_a - of_b).max()


@mistake(
    en="You find the largest lead of b's function over a's. A distance counts in both directions.",
    zh="你找的是 b 的函数比 a 的高出最多的地方。距离要看两个方向。",
)
def signed_other_way(a, b):
    of_a, of_b = curves(a, b)
    return (of_b - of_a).max()


@mistake(
    en="You look only at the numbers of a. The functions may be farthest apart at a step of the other.",
    zh="你只看了 a 的各个数所在的位置。两个函数相距最远的地方，也可能在另一个函数的台阶上。",
)
def points_of_a(a, b):
    return apart(share(a, a), share(b, a))


@mistake(
    en="You look only at the numbers of b. The functions may be farthest apart at a step of the other.",
    zh="你只看了 b 的各个数所在的位置。两个函数相距最远的地方，也可能在另一个函数的台阶上。",
)
def points_of_b(a, b):
    return apart(share(a, b), share(b, b))


@mistake(
    en="You compare the sorted numbers. The distance lies along the other axis: between shares at one point.",
    zh="你比较的是排序后的数本身。距离是沿另一个轴量的：在同一点上比较两个比例。",
)
def sorted_numbers(a, b):
    n = min(len(a), len(b))
    return (a.sort().values[:n] - b.sort().values[:n]).abs().max()


@mistake(
    en="You compare quantiles: numbers at one share. Here it is the other way round: shares at one number.",
    zh="你比较的是分位数：比例相同时，数相差多少。这里正好相反：数相同时，比例相差多少。",
)
def quantiles(a, b):
    q = torch.linspace(0, 1, 101, dtype=a.dtype)
    return (a.quantile(q) - b.quantile(q)).abs().max()


@mistake(
    en="This is the distance between the means. Sets can agree in the mean and differ in everything else.",
    zh="这是两个平均值的距离。两组数的平均值可以相同，其他地方却都不同。",
)
def means(a, b):
    return (a.mean() - b.mean()).abs()


@mistake(
    en="You average the distances between the two functions. Asked for is the largest one.",
    zh="你对两个函数之间的距离取了平均。题目要的是最大的那个。",
)
def average_distance(a, b):
    of_a, of_b = curves(a, b)
    return (of_a - of_b).abs().mean()


STRICTLY = {
    "en": "One function counts the numbers at a point, the other only those below it. Both must count alike.",
    "zh": "你的两个函数，一个把等于该点的数也算在内，另一个只算小于它的。两边的数法要一致。",
}


@mistake(**STRICTLY)
def strictly_for_a(a, b):
    points = torch.cat([a, b])
    return apart(share(a, points, strictly=True), share(b, points))


@mistake(**STRICTLY)
def strictly_for_b(a, b):
    points = torch.cat([a, b])
    return apart(share(a, points), share(b, points, strictly=True))


@mistake(
    en="Right without ties. Where a number occurs several times, wait until both functions have taken all "
    "their steps there.",
    zh="没有重复的数时是对的。一个数出现几次时，要等两个函数都上完这里的台阶，再作比较。",
)
def ties_one_by_one(a, b):
    order = torch.cat([a, b]).sort(stable=True).indices
    steps = torch.cat([torch.full_like(a, 1 / len(a)), torch.full_like(b, -1 / len(b))])
    return steps[order].cumsum(dim=0).abs().max()


@mistake(
    en="You drop repeated numbers. A number that occurs twice makes a step of twice the height.",
    zh="你去掉了重复的数。一个数出现两次，台阶就应当高一倍。",
)
def without_repeats(a, b):
    return apart(*curves(a.unique(), b.unique()))


@mistake(
    en="Both counts are divided by the size of a. Each function must end at 1.",
    zh="两边的计数除以的都是 a 的个数。每个函数最后都应当到 1。",
)
def divided_by_a(a, b):
    of_a, of_b = curves(a, b)
    return apart(of_a, of_b * len(b) / len(a))


@mistake(
    en="Both counts are divided by the size of b. Each function must end at 1.",
    zh="两边的计数除以的都是 b 的个数。每个函数最后都应当到 1。",
)
def divided_by_b(a, b):
    of_a, of_b = curves(a, b)
    return apart(of_a * len(a) / len(b), of_b)


@mistake(
    en="You compare counts. With unequal numbers of values only shares can be compared.",
    zh="你比较的是个数。两组的个数不等时，只有比例才能相比。",
)
def counts(a, b):
    of_a, of_b = curves(a, b)
    return apart(of_a * len(a), of_b * len(b))


def histograms(a, b):
    low, high = min(a.min(), b.min()).item(), max(a.max(), b.max()).item()
    return (torch.from_numpy(np.histogram(x.numpy(), 10, (low, high))[0] / len(x)) for x in (a, b))


@mistake(
    en="You compare histograms bin by bin. A distribution function adds up all that is not above a point.",
    zh="你比较的是直方图的各个区间。分布函数要把不超过某一点的数全部累加起来。",
)
def bins(a, b):
    return apart(*histograms(a, b))


@mistake(
    en="You compare at the edges of a few bins. Inside a bin the functions may be farther apart.",
    zh="你只在几个区间的边界上作了比较。在区间内部，两个函数可能相距更远。",
)
def bin_edges(a, b):
    return apart(*(shares.cumsum(dim=0) for shares in histograms(a, b)))


@mistake(
    en="You return the place where the functions are farthest apart. Asked for is how far.",
    zh="你返回的是两个函数相距最远的位置。题目要的是相距多远。",
)
def where(a, b):
    of_a, of_b = curves(*(x.sort().values for x in (a, b)))
    return torch.cat([a.sort().values, b.sort().values])[(of_a - of_b).abs().argmax()]


@mistake(
    en="The distance is right, but the caller's numbers are in another order now. Some ways of sorting write "
    "into the old tensor.",
    zh="距离正确，但调用者的数被换了次序。有的排序方法会直接写在原来的张量里。",
)
def sorted_in_place(a, b):
    a.numpy().sort()
    b.numpy().sort()
    return apart(*curves(a, b))


MISTAKES = (
    signed,
    signed_other_way,
    points_of_a,
    points_of_b,
    sorted_numbers,
    quantiles,
    means,
    average_distance,
    strictly_for_a,
    strictly_for_b,
    ties_one_by_one,
    without_repeats,
    divided_by_a,
    divided_by_b,
    counts,
    bins,
    bin_edges,
    where,
    sorted_in_place,
)
