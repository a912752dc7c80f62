"""The known mistakes of 03.roc_auc."""

from __future__ import annotations

import torch

from utils.exercises.authoring import mistake


def gaps(scores, labels):
    """Each positive's score minus each negative's: (positives, negatives)."""
    return scores[labels == 1][:, None] - scores[labels == 0]


def area(scores, labels, tie=0.5):
    difference = gaps(scores, labels)
    return ((difference > 0).double() + tie * (difference == 0).double()).mean()


def ranked(labels, ranks):
    """The area from ranks that start at 1, one for each sample."""
    n = int(labels.sum())
    return (ranks[labels == 1].double().sum() - n * (n + 1) / 2) / (n * (len(labels) - n))


def places(order):
    """At which place of an order each sample stands, from 1."""
    ranks = torch.empty(len(order), dtype=torch.float64)
    ranks[order] = torch.arange(1, len(order) + 1, dtype=torch.float64)
    return ranks


def middle_ranks(scores):
    """Ranks from 1; equal scores share the mean of theirs."""
    return ((scores[:, None] > scores).sum(dim=1) + (scores[:, None] >= scores).sum(dim=1) + 1) / 2


@mistake(
    en="Pairs with equal scores count nothing in your area, as if the positive had lost.",
    zh="得分相同的一对，在你这里算作零，好像正类输了一样。",
)
def ties_lost(scores, labels):
    return area(scores, labels, tie=0.0)


@mistake(
    en="Pairs with equal scores count whole in your area, as if the positive had won.",
    zh="得分相同的一对，在你这里算作一，好像正类赢了一样。",
)
def ties_won(scores, labels):
    return area(scores, labels, tie=1.0)


TIES_IN_ORDER = {
    "en": "Right without ties. Samples with equal scores get places one after the other, so the area "
    "depends on how the data happen to be ordered.",
    "zh": "没有相同得分时是对的。得分相同的样本，你让它们一先一后地排，面积就取决于数据碰巧的次序了。",
}


@mistake(**TIES_IN_ORDER)
def ties_in_order(scores, labels):
    return ranked(labels, places(scores.argsort(stable=True)))


@mistake(**TIES_IN_ORDER)
def ties_in_order_from_above(scores, labels):
    hit = labels[scores.argsort(descending=True, stable=True)]
    found = hit.cumsum(dim=0).double()
    return found[hit == 0].mean() / hit.sum()


@mistake(
    en="Your area is the part above the curve: it counts how often the negative scores higher.",
    zh="你算的是曲线上方的面积：数的是负类得分更高的次数。",
)
def upside_down(scores, labels):
    return 1 - area(scores, labels)


@mistake(
    en="Your area is never below one half. A model that ranks backwards must show as such.",
    zh="你的面积从不低于二分之一。模型把次序排反了，也应当看得出来。",
)
def folded(scores, labels):
    found = area(scores, labels)
    return torch.maximum(found, 1 - found)


@mistake(
    en="This is the accuracy at a threshold of 0.5. The area looks at the order of the scores alone, "
    "whatever their size.",
    zh="这是阈值取 0.5 时的准确率。面积只看得分的先后次序，不管得分的大小。",
)
def accuracy(scores, labels):
    return ((scores > 0.5) == (labels == 1)).double().mean()


@mistake(
    en="Your thresholds run from 0 to 1. Scores need not be probabilities, and steps between two of your "
    "thresholds are missed. Which thresholds matter?",
    zh="你的阈值取在 0 到 1 之间。得分不一定是概率，落在两个阈值之间的台阶也会被漏掉。哪些阈值才要紧？",
)
def fixed_thresholds(scores, labels):
    called = scores >= torch.linspace(1, 0, 101, dtype=scores.dtype)[:, None]
    hits, false = (called[:, labels == kind].double().mean(dim=1) for kind in (1, 0))
    return torch.trapezoid(hits, false)


@mistake(
    en="The pairs are counted right, but divided by the number of pairs of any two samples. How many "
    "pairs have one of each class?",
    zh="数对了，但除以的是任意两个样本的对数。两类各取一个，一共有多少对？",
)
def of_all_pairs(scores, labels):
    n = len(scores)
    return area(scores, labels) * gaps(scores, labels).numel() / (n * (n - 1) / 2)


@mistake(
    en="You return how many pairs are in order. A share is asked for.",
    zh="你返回的是次序正确的对数。题目要的是所占的比例。",
)
def counted(scores, labels):
    return area(scores, labels) * gaps(scores, labels).numel()


@mistake(
    en="This is the distance between the mean scores. A single large score changes it, but not the order.",
    zh="这是两类平均得分之差。一个很大的得分就能改变它，次序却没有变。",
)
def means(scores, labels):
    return scores[labels == 1].mean() - scores[labels == 0].mean()


@mistake(
    en="Your number runs from −1 to 1: this is twice the area minus one. The area of a useless score is "
    "one half, not zero.",
    zh="你的数介于 −1 与 1 之间：是面积的两倍减一。毫无用处的得分，面积是二分之一，不是零。",
)
def rescaled(scores, labels):
    return 2 * area(scores, labels) - 1


@mistake(
    en="argsort gives the samples in the order of their scores. Which place a sample has is the other way "
    "round.",
    zh="argsort 给出的是按得分排好的样本编号；某个样本排在第几位，要反过来看。",
)
def sorted_once(scores, labels):
    return ranked(labels, scores.argsort(stable=True) + 1)


@mistake(
    en="Your sum of ranks also counts how the positives rank among themselves. That part has to go.",
    zh="你的秩和里，还包含了正类彼此之间的名次。这一部分要去掉。",
)
def among_themselves(scores, labels):
    return middle_ranks(scores)[labels == 1].sum() / gaps(scores, labels).numel()


@mistake(
    en="Your ranks start at 0, but what you subtract belongs to ranks that start at 1.",
    zh="你的名次从 0 数起，可减去的那一项对应的是从 1 数起。",
)
def ranks_from_zero(scores, labels):
    return ranked(labels, middle_ranks(scores) - 1)


@mistake(
    en="labels holds whole numbers, so scores[labels] takes the scores at places 0 and 1, again and again. "
    "Only True and False choose samples.",
    zh="labels 里是整数，scores[labels] 就会反复取第 0 个和第 1 个得分。只有 True 和 False "
    "才能用来挑选样本。",
)
def labels_as_places(scores, labels):
    return area(torch.cat([scores[labels], scores[1 - labels]]), torch.arange(2 * len(labels)) < len(labels))


@mistake(
    en="Your curve begins at its first threshold. It begins at (0, 0), where nothing is called positive.",
    zh="你的曲线从第一个阈值才开始。它的起点应当是 (0, 0)：那里没有一个判为正类。",
)
def start_missing(scores, labels):
    top = scores == scores.max()
    hits, false = (top[labels == kind].double().mean() for kind in (1, 0))
    return area(scores, labels) - hits * false / 2


@mistake(
    en="The area is right, but the caller's scores are in another order now, and no longer fit their labels.",
    zh="面积正确，但调用者的 scores 换了次序，与 labels 对不上了。",
)
def scores_changed(scores, labels):
    found = area(scores, labels)
    scores.copy_(scores.sort().values)
    return found


MISTAKES = (
    ties_lost,
    ties_won,
    ties_in_order,
    ties_in_order_from_above,
    upside_down,
    folded,
    accuracy,
    fixed_thresholds,
    of_all_pairs,
    counted,
    means,
    rescaled,
    sorted_once,
    among_themselves,
    ranks_from_zero,
    labels_as_places,
    start_missing,
    scores_changed,
)
