"""Known mistakes of 05.epoch_loss: a mean over something else than all samples."""

from __future__ import annotations

import torch

from utils.exercises.authoring import mistake


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


MISTAKES = (
    mean_of_means,
    last_batch,
    first_batch,
    summed,
    sum_of_means,
    divided_by_batches,
    size_of_the_first,
    short_batch_dropped,
    divided_by_numbers,
)
