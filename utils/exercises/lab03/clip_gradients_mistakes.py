"""The known mistakes of 03.clip_gradients."""

from __future__ import annotations

import torch

from utils.exercises.authoring import mistake


def flat(gradients):
    return torch.cat([g.flatten() for g in gradients])


def clip(gradients, max_norm, norm):
    """Shorten by what a given norm is above the largest allowed one."""
    factor = max_norm / norm if norm > max_norm else 1.0
    return [factor * g for g in gradients], norm


@mistake(
    en="Each gradient is clipped by its own norm, and they no longer point where they pointed together. "
    "One norm belongs to all.",
    zh="你按每个梯度自己的范数裁剪，合起来的方向就变了。所有梯度应当共用一个范数。",
)
def each_by_its_own(gradients, max_norm):
    clipped = [clip([g], max_norm, g.norm())[0][0] for g in gradients]
    return clipped, flat(gradients).norm()


@mistake(
    en="You cut off single entries. That changes the direction of the step; only its length should change.",
    zh="你截断的是单个元素，这会改变步子的方向。应当只改变长度。",
)
def entries_cut_off(gradients, max_norm):
    return [g.clamp(-max_norm, max_norm) for g in gradients], flat(gradients).norm()


@mistake(
    en="Short gradients are made longer: your factor may exceed 1. Clipping only ever shortens.",
    zh="短的梯度被你拉长了：你的因子可能大于 1。裁剪只会缩短。",
)
def stretched(gradients, max_norm):
    norm = flat(gradients).norm()
    return [g * (max_norm / norm) if norm > 0 else g for g in gradients], norm


@mistake(
    en="This is the square of the norm.",
    zh="这是范数的平方。",
)
def squared(gradients, max_norm):
    return clip(gradients, max_norm, (flat(gradients) ** 2).sum())


@mistake(
    en="The gradients are right. The norm should be the one before clipping: it tells whether a step "
    "exploded.",
    zh="梯度都对。返回的范数应当是裁剪之前的：靠它才看得出这一步有没有爆炸。",
)
def norm_afterwards(gradients, max_norm):
    clipped, norm = clip(gradients, max_norm, flat(gradients).norm())
    return clipped, norm.clamp_max(max_norm)


@mistake(
    en="You add up the norms of the gradients. The sides of a triangle add up to more than the way "
    "straight across.",
    zh="你把各个梯度的范数加了起来。三角形的两边之和大于第三边：这样算出来偏大。",
)
def norms_added(gradients, max_norm):
    return clip(gradients, max_norm, sum(g.norm() for g in gradients))


@mistake(
    en="Your norm adds up absolute values. The Euclidean length is asked for.",
    zh="你的范数是绝对值之和。题目要的是欧几里得长度。",
)
def absolute_values(gradients, max_norm):
    return clip(gradients, max_norm, flat(gradients).abs().sum())


@mistake(
    en="Your norm is the largest entry. The Euclidean length of all entries is asked for.",
    zh="你的范数是最大的元素。题目要的是全部元素的欧几里得长度。",
)
def largest_entry(gradients, max_norm):
    return clip(gradients, max_norm, flat(gradients).abs().max())


@mistake(
    en="You take a mean of the squares. A norm is not divided by the number of entries.",
    zh="你对平方取了平均。范数不除以元素个数。",
)
def averaged(gradients, max_norm):
    return clip(gradients, max_norm, (flat(gradients) ** 2).mean() ** 0.5)


@mistake(
    en="Your norm is that of one gradient alone, the last. Does the sum start anew in each round of your "
    "loop?",
    zh="你的范数只算了最后一个梯度。是不是循环每走一轮，求和都从头开始了？",
)
def last_only(gradients, max_norm):
    return clip(gradients, max_norm, gradients[-1].norm())


@mistake(
    en="Your norm is that of the longest gradient. The entries of all gradients make up one vector.",
    zh="你的范数是最长的那个梯度的。所有梯度的元素合起来才是一个向量。",
)
def longest_only(gradients, max_norm):
    return clip(gradients, max_norm, max(g.norm() for g in gradients))


@mistake(
    en="Long gradients come out with length 1. How long may they be?",
    zh="太长的梯度，长度都变成了 1。允许的长度是多少？",
)
def to_length_one(gradients, max_norm):
    norm = flat(gradients).norm()
    return [g / norm if norm > max_norm else g for g in gradients], norm


@mistake(
    en="Only gradients whose own norm is too large are shortened. All get the same factor, or the "
    "direction changes.",
    zh="你只缩短了自身范数太大的梯度。所有梯度要乘同一个因子，否则方向会变。",
)
def long_ones_only(gradients, max_norm):
    clipped, norm = clip(gradients, max_norm, flat(gradients).norm())
    return [new if g.norm() > max_norm else g for new, g in zip(clipped, gradients, strict=True)], norm


@mistake(
    en="Gradients that are all zero become NaN: you divide zero by their norm. They are short enough "
    "already.",
    zh="梯度全为零时变成了 NaN：你用零除以了它们的范数。它们本来就够短了。",
)
def zeros_become_nan(gradients, max_norm):
    norm = flat(gradients).norm()
    return [g / norm * norm.clamp_max(max_norm) for g in gradients], norm


@mistake(
    en="Gradients that are all zero stop your program: Python refuses to divide by their norm.",
    zh="梯度全为零时，程序就停了：Python 不肯除以它们的范数。",
)
def zeros_are_refused(gradients, max_norm):
    norm = flat(gradients).norm().item()
    return [g * min(1.0, max_norm / norm) for g in gradients], norm


@mistake(
    en="The gradients are right, but the norm is missing. Whoever trains wants to log it.",
    zh="梯度都对，但缺了范数。训练时要把它记下来。",
)
def norm_missing(gradients, max_norm):
    return clip(gradients, max_norm, flat(gradients).norm())[0]


@mistake(
    en="Both results are right, in the wrong order: the list comes first.",
    zh="两个结果都对，顺序反了：先返回列表。",
)
def exchanged(gradients, max_norm):
    return clip(gradients, max_norm, flat(gradients).norm())[::-1]


@mistake(
    en="The numbers are right, but the caller's gradients are overwritten. Return new tensors in a new list.",
    zh="数值都对，但调用者的梯度被覆盖了。请返回新的列表，里面是新的张量。",
)
def gradients_changed(gradients, max_norm):
    clipped, norm = clip(gradients, max_norm, flat(gradients).norm())
    gradients[:] = clipped
    return gradients, norm


MISTAKES = (
    each_by_its_own,
    entries_cut_off,
    stretched,
    squared,
    norm_afterwards,
    norms_added,
    absolute_values,
    largest_entry,
    averaged,
    last_only,
    longest_only,
    to_length_one,
    long_ones_only,
    zeros_become_nan,
    zeros_are_refused,
    norm_missing,
    exchanged,
    gradients_changed,
)
