"""The known mistakes of 06.stable_shapes."""

from __future__ import annotations

import torch
from torch import Tensor

from utils.exercises.authoring import mistake


def pad(sequences: list[Tensor], L: int, value: float = 0.0) -> Tensor:
    padded = torch.full((len(sequences), L, sequences[0].shape[1]), value, dtype=sequences[0].dtype)
    for i, x in enumerate(sequences):
        padded[i, : len(x)] = x[:L]
    return padded


def lengths(sequences: list[Tensor]) -> Tensor:
    return torch.tensor([len(x) for x in sequences])


def mask_of(sequences: list[Tensor], L: int) -> Tensor:
    return torch.arange(L) < lengths(sequences)[:, None]


def bucket_for(sequences: list[Tensor], buckets: list[int]) -> int:
    return next(bucket for bucket in buckets if bucket >= max(map(len, sequences)))


def sums(y: Tensor, mask: Tensor) -> Tensor:
    return y.masked_fill(~mask[:, :, None], 0.0).sum(dim=1)


def with_length(sequences, L, model):
    """Everything right, but for the length."""
    mask = mask_of(sequences, L)
    return sums(model(pad(sequences, L)), mask) / mask.sum(dim=1, keepdim=True), mask


@mistake(
    en="You pad to the longest text of the batch. The next batch has another longest one, and is compiled "
    "anew.",
    zh="你填充到了这一批里最长的文本。下一批最长的又是另一个长度，就要重新编译。",
)
def to_the_longest(sequences, buckets, model):
    return with_length(sequences, max(map(len, sequences)), model)


@mistake(
    en="You always take the largest bucket. That is one shape, and much of the work goes into padding.",
    zh="你总是取最大的桶。形状是只有一种，可许多计算都花在填充上了。",
)
def largest_bucket(sequences, buckets, model):
    return with_length(sequences, buckets[-1], model)


@mistake(
    en="A text that fills its bucket does not need the next one.",
    zh="恰好填满一个桶的文本，不需要换更大的桶。",
)
def next_bucket(sequences, buckets, model):
    return with_length(sequences, next(b for b in buckets if b > max(map(len, sequences))), model)


@mistake(
    en="Your length is a multiple of the smallest bucket, or a power of two, and none of the given ones. The "
    "buckets are an argument.",
    zh="你的长度是最小的桶的倍数，或者是二的幂，而不是给定的某个桶。桶是参数。",
)
def power_of_two(sequences, buckets, model):
    return with_length(sequences, 1 << (max(map(len, sequences)) - 1).bit_length(), model)


@mistake(
    en="You call the model once for each text. They are to go through it together, in one shape.",
    zh="你对每段文本各调用了一次模型。它们应当以同一个形状一起通过。",
)
def one_by_one(sequences, buckets, model):
    L = bucket_for(sequences, buckets)
    means = [with_length([x], L, model)[0] for x in sequences]
    return torch.cat(means), mask_of(sequences, L)


@mistake(
    en="Your sums leave the padding out, but you divide by the padded length.",
    zh="求和时你去掉了填充，但除的是填充后的长度。",
)
def divided_by_bucket(sequences, buckets, model):
    L = bucket_for(sequences, buckets)
    mask = mask_of(sequences, L)
    return sums(model(pad(sequences, L)), mask) / L, mask


@mistake(
    en="You divide by the right lengths, but your sums hold what the model makes of the padding. It need not "
    "be zero there.",
    zh="除的长度是对的，但你的和里混进了模型在填充处的输出。那里未必是零。",
)
def padding_added(sequences, buckets, model):
    L = bucket_for(sequences, buckets)
    return model(pad(sequences, L)).sum(dim=1) / lengths(sequences)[:, None], mask_of(sequences, L)


@mistake(
    en="You average over all positions, those of the padding as well.",
    zh="你对所有位置取了平均，连填充的位置也算在内。",
)
def padding_averaged(sequences, buckets, model):
    L = bucket_for(sequences, buckets)
    return model(pad(sequences, L)).mean(dim=1), mask_of(sequences, L)


@mistake(
    en="Right where the model's output is finite. Where it is infinite at the padding, a zero of the mask "
    "times infinity is not a number.",
    zh="模型的输出有限时是对的。如果填充处是无穷大，掩码的零乘以无穷大就不是数了。",
)
def multiplied(sequences, buckets, model):
    L = bucket_for(sequences, buckets)
    mask = mask_of(sequences, L)
    y = model(pad(sequences, L)) * mask[:, :, None]
    return y.sum(dim=1) / mask.sum(dim=1, keepdim=True), mask


@mistake(
    en="Your mask is too long by one: position T is padding, since the first position is 0.",
    zh="你的掩码长了一个：位置从 0 数起，所以第 T 个位置已是填充。",
)
def mask_too_long(sequences, buckets, model):
    L = bucket_for(sequences, buckets)
    mask = torch.arange(L) <= lengths(sequences)[:, None]
    return sums(model(pad(sequences, L)), mask) / mask.sum(dim=1, keepdim=True), mask


@mistake(
    en="The results are right, but the list that was given holds the padded texts now.",
    zh="结果正确，但传进来的列表里，文本已换成了填充过的。",
)
def list_changed(sequences, buckets, model):
    L = bucket_for(sequences, buckets)
    results = with_length(sequences, L, model)
    sequences[:] = pad(sequences, L)
    return results


@mistake(
    en="You tell padding by its zeros. A text may hold a row of zeros, too, and you leave it out.",
    zh="你凭零来认填充。文本里也可能有一行全是零，你把它漏掉了。",
)
def mask_by_zeros(sequences, buckets, model):
    padded = pad(sequences, bucket_for(sequences, buckets))
    mask = (padded != 0).any(dim=2)
    return sums(model(padded), mask) / mask.sum(dim=1, keepdim=True), mask


@mistake(
    en="The means are right, but the mask is the wrong way round: it is to be true for real positions.",
    zh="均值对，但掩码反了：真实的位置应当为真。",
)
def mask_reversed(sequences, buckets, model):
    means, mask = with_length(sequences, bucket_for(sequences, buckets), model)
    return means, ~mask


@mistake(
    en="The padding stands in front of the texts. It is to follow them.",
    zh="填充放到了文本前面。它应当跟在后面。",
)
def padded_in_front(sequences, buckets, model):
    means, mask = with_length(sequences, bucket_for(sequences, buckets), model)
    return means, mask.flip(1)


@mistake(
    en="You divide by the number of all positions of the batch. Each text has a mean of its own.",
    zh="你除以了整批的位置总数。每段文本都有自己的均值。",
)
def all_lengths_together(sequences, buckets, model):
    L = bucket_for(sequences, buckets)
    mask = mask_of(sequences, L)
    return sums(model(pad(sequences, L)), mask) / mask.sum(), mask


@mistake(
    en="The model is given the means. It is to work on every position, and its outputs are averaged.",
    zh="你把均值交给了模型。模型要处理每个位置，再对它的输出取平均。",
)
def averaged_before(sequences, buckets, model):
    means, mask = with_length(sequences, bucket_for(sequences, buckets), lambda x: x)
    return model(means), mask


MISTAKES = (
    to_the_longest,
    largest_bucket,
    next_bucket,
    power_of_two,
    one_by_one,
    divided_by_bucket,
    padding_added,
    padding_averaged,
    multiplied,
    mask_too_long,
    list_changed,
    mask_by_zeros,
    mask_reversed,
    padded_in_front,
    all_lengths_together,
    averaged_before,
)
