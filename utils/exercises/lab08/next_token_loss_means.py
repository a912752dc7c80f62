"""Known mistakes of 08.next_token_loss: right pairs, but another sum, mean or logarithm."""

from __future__ import annotations

import math

import torch

from utils.exercises.authoring import mistake
from utils.exercises.lab08.probing import CHANGED


def losses(logits, ids):
    """Cross-entropy (B, T - 1) of each prediction."""
    return -torch.log_softmax(logits[:, :-1], dim=-1).gather(-1, ids[:, 1:, None])[..., 0]


@mistake(
    en="You add up. A sum grows with the batch and the length of the texts; asked for is the mean.",
    zh="你做的是求和。批次越大、文本越长，和就越大；题目要的是平均。",
)
def summed(logits, ids):
    return losses(logits, ids).sum()


@mistake(
    en="You divide by the number of all tokens. The last of each text predicts nothing that is known: how "
    "many predictions are left?",
    zh="你除以的是所有词元的个数。每段文本的最后一个词元没有可对照的答案：还剩多少个预测？",
)
def over_all_tokens(logits, ids):
    return losses(logits, ids).sum() / ids.numel()


@mistake(
    en="You average over the texts alone, so long texts cost more. Each prediction counts once.",
    zh="你只对文本的段数取了平均，文本越长损失就越大。每个预测各算一次。",
)
def over_texts(logits, ids):
    return losses(logits, ids).sum() / len(ids)


@mistake(
    en="You average over the positions alone, so larger batches cost more. Each prediction counts once.",
    zh="你只对位置取了平均，批次越大损失就越大。每个预测各算一次。",
)
def over_positions(logits, ids):
    return losses(logits, ids).sum(dim=0).mean()


@mistake(
    en="You divide by the size of the vocabulary as well. A prediction has one right token, however many "
    "there are to choose from.",
    zh="你还除以了词汇表的大小。不论有多少词元可选，一个预测只有一个正确的词元。",
)
def over_vocabulary(logits, ids):
    return losses(logits, ids).mean() / logits.shape[-1]


@mistake(
    en="You return one loss for each prediction. Training needs a single number.",
    zh="你给每个预测各返回了一个损失。训练需要的是一个数。",
)
def not_averaged(logits, ids):
    return losses(logits, ids)


@mistake(
    en="The sign is the other way round: your loss grows as the right tokens become more likely.",
    zh="符号反了：正确的词元越有可能，你的损失反而越大。",
)
def sign(logits, ids):
    return -losses(logits, ids).mean()


@mistake(
    en="You count in bits. The loss of this book takes the natural logarithm.",
    zh="你是按比特算的。本书的损失用自然对数。",
)
def bits(logits, ids):
    return losses(logits, ids).mean() / math.log(2)


@mistake(
    en="This is the perplexity. The loss is what its exponent was.",
    zh="这是困惑度。损失是它的指数。",
)
def perplexity(logits, ids):
    return losses(logits, ids).mean().exp()


@mistake(
    en="The softmax is taken twice: what you hand to the loss are probabilities already, and it takes "
    "logits.",
    zh="softmax 做了两次：你交给损失的已经是概率，而它要的是 logit。",
)
def softmax_twice(logits, ids):
    return losses(logits.softmax(dim=-1), ids).mean()


@mistake(
    en="You take the logarithm of the mean probability. Each prediction has its own loss; average those.",
    zh="你先平均概率，再取对数。每个预测各有自己的损失，应当平均的是损失。",
)
def mean_probability(logits, ids):
    return -(-losses(logits, ids)).exp().mean().log()


@mistake(
    en="Your probabilities add up to one along time. The tokens of the vocabulary compete with one another, "
    "at each position.",
    zh="你的概率是沿时间加起来等于 1。应当是在每个位置上，词汇表里的词元相互竞争。",
)
def along_time(logits, ids):
    log_p = torch.log_softmax(logits[:, :-1], dim=1)
    return -log_p.gather(-1, ids[:, 1:, None]).mean()


@mistake(
    en="Right for small logits, NaN or infinite for large ones: an exponential overflows or vanishes. What "
    "may you subtract from a position's logits without changing its probabilities?",
    zh="logit 小的时候正确，大的时候是 NaN 或无穷大：指数函数溢出了，或者变成了零。从一个位置的 logit 里"
    "减去什么，概率不会变？",
)
def overflow(logits, ids):
    e = logits[:, :-1].exp()
    p = e / e.sum(dim=-1, keepdim=True)
    return -p.gather(-1, ids[:, 1:, None]).log().mean()


@mistake(**CHANGED)
def logits_changed(logits, ids):
    logits -= logits.logsumexp(dim=-1, keepdim=True)
    return -logits[:, :-1].gather(-1, ids[:, 1:, None]).mean()


MISTAKES = (
    summed,
    over_all_tokens,
    over_texts,
    over_positions,
    over_vocabulary,
    not_averaged,
    sign,
    bits,
    perplexity,
    softmax_twice,
    mean_probability,
    along_time,
    overflow,
    logits_changed,
)
