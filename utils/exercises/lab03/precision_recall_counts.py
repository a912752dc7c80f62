"""Known mistakes of 03.precision_recall_f1: wrong samples counted."""

from __future__ import annotations

from utils.exercises.authoring import mistake


def share(part, whole):
    """A quotient of counts; nothing out of nothing is 0."""
    return float(part) / float(whole) if whole else 0.0


def harmonic(precision, recall):
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def counts(predicted, target):
    """Hits, false alarms, missed ones and the rest."""
    hits = int((predicted * target).sum())
    false, missed = int(predicted.sum()) - hits, int(target.sum()) - hits
    return hits, false, missed, len(target) - hits - false - missed


def metrics(hits, predicted, positive):
    precision, recall = share(hits, predicted), share(hits, positive)
    return precision, recall, harmonic(precision, recall)


@mistake(
    en="Precision and recall are exchanged. Precision asks: of what I called positive, how much is?",
    zh="精确率与召回率颠倒了。精确率问的是：我说是正类的那些里，真的是的占多少？",
)
def exchanged(predicted, target):
    precision, recall, f1 = metrics(int((predicted * target).sum()), predicted.sum(), target.sum())
    return recall, precision, f1


@mistake(
    en="You count every agreement as a hit. A negative sample that is called negative is right, but it is "
    "not a hit.",
    zh="只要预测与目标一致，你就算作命中。负类预测为负类是对的，但不算命中。",
)
def agreement_counted(predicted, target):
    return metrics((predicted == target).sum(), predicted.sum(), target.sum())


@mistake(
    en="Your first number is the accuracy: all samples count in it. Precision looks only at those that "
    "were predicted positive.",
    zh="你的第一个数是准确率，它把所有样本都算在内。精确率只看预测为正类的那些。",
)
def accuracy_for_precision(predicted, target):
    _, recall, _ = metrics(int((predicted * target).sum()), predicted.sum(), target.sum())
    precision = share((predicted == target).sum(), len(target))
    return precision, recall, harmonic(precision, recall)


@mistake(
    en="Your metrics are those of the zeros. The positive class is 1.",
    zh="你算的是 0 这一类的指标。正类是 1。",
)
def classes_exchanged(predicted, target):
    return metrics(int(((1 - predicted) * (1 - target)).sum()), (1 - predicted).sum(), (1 - target).sum())


@mistake(
    en="Your second number is the share of negatives that were called negative. Recall asks how many of "
    "the positive ones were found.",
    zh="你的第二个数是负类里判为负类的比例。召回率问的是：正类里找到了多少？",
)
def specificity_for_recall(predicted, target):
    hits, false, _, rest = counts(predicted, target)
    precision, recall = share(hits, hits + false), share(rest, rest + false)
    return precision, recall, harmonic(precision, recall)


@mistake(
    en="Both shares are taken of all samples. Each of the two metrics has a denominator of its own.",
    zh="两个比例都以全部样本为分母。这两个指标各有各的分母。",
)
def share_of_all(predicted, target):
    hits = int((predicted * target).sum())
    return metrics(hits, len(target), len(target))


@mistake(
    en="You average the metrics of both classes. Asked for are those of class 1.",
    zh="你对两个类别的指标取了平均。题目只要类别 1 的。",
)
def averaged_over_classes(predicted, target):
    hits, false, missed, rest = counts(predicted, target)
    ones = metrics(hits, hits + false, hits + missed)
    zeros = metrics(rest, rest + missed, rest + false)
    return tuple((a + b) / 2 for a, b in zip(ones, zeros, strict=True))


@mistake(
    en="Python asked a whole tensor whether it is true: `and`, `if` and chained comparisons do that. "
    "Combine tensors with &, and put each comparison in brackets: & binds more tightly than ==.",
    zh="Python 要判断整个张量是真是假：`and`、`if` 和连着写的比较都会这样。张量之间用 & 连接，而且每个比较"
    "都要加括号：& 比 == 结合得更紧。",
)
def truth_of_a_tensor(predicted, target):
    hits = sum([predicted == 1 and target == 1])
    return metrics(hits, predicted.sum(), target.sum())


@mistake(
    en="~ flips every bit of an integer: ~0 is −1 and ~1 is −2. It means “not” for True and False only.",
    zh="对整数来说，~ 会翻转每一位：~0 是 −1，~1 是 −2。只有对 True 和 False，它才表示“非”。",
)
def bits_flipped(predicted, target):
    hits = (predicted * target).sum()
    false, missed = (predicted * ~target).sum(), (~predicted * target).sum()
    return metrics(hits, hits + false, hits + missed)


MISTAKES = (
    exchanged,
    agreement_counted,
    accuracy_for_precision,
    classes_exchanged,
    specificity_for_recall,
    share_of_all,
    averaged_over_classes,
    bits_flipped,
    truth_of_a_tensor,
)
