"""Known mistakes of 08.rotate: wrong angles."""

from __future__ import annotations

import torch
from torch import Tensor

from utils.exercises.authoring import mistake


def pairs_of(x: Tensor) -> Tensor:
    """The numbers of the pairs, 0 to D / 2 - 1."""
    return torch.arange(x.shape[-1] // 2, dtype=x.dtype)


def turned(x: Tensor, angles: Tensor) -> Tensor:
    """Each pair rotated by its angle, (T, D / 2) or one that goes with it."""
    a, b = x.chunk(2, dim=-1)
    return torch.cat([a * angles.cos() - b * angles.sin(), b * angles.cos() + a * angles.sin()], dim=-1)


def right_angles(x: Tensor, positions: Tensor, base: float) -> Tensor:
    return positions[:, None] * base ** (-2 * pairs_of(x) / x.shape[-1])


@mistake(
    en="You count the positions yourself, from 0. When a text goes on, its first vector here is not the "
    "first of the text: use what you are told.",
    zh="位置是你自己从 0 数起的。文本接着往下写时，这里的第一个向量并不是文本的第一个：应当用给你的位置。",
)
def positions_ignored(x, positions, base):
    return turned(x, right_angles(x, torch.arange(len(positions)), base))


@mistake(
    en="Every position is turned by the same angles, so nothing tells them apart. Each has its own.",
    zh="所有位置转的角度都一样，也就分不出彼此了。每个位置有自己的角度。",
)
def one_position_for_all(x, positions, base):
    return turned(x, right_angles(x, positions[:1], base))


@mistake(
    en="Each position is off by one: it is counted from 0, and whoever stands at 0 is not turned at all.",
    zh="每个位置都差了一：位置从 0 数起，站在 0 的向量根本不转。",
)
def from_one(x, positions, base):
    return turned(x, right_angles(x, positions + 1, base))


@mistake(
    en="Neighbouring pairs turn at speeds that are too close: the exponent goes half as far as it should.",
    zh="相邻两对的转速太接近了：指数只走了应有的一半。",
)
def half_exponent(x, positions, base):
    return turned(x, positions[:, None] * base ** (-pairs_of(x) / x.shape[-1]))


@mistake(
    en="Neighbouring pairs turn at speeds that are too far apart: the exponent goes twice as far as it "
    "should.",
    zh="相邻两对的转速差得太多了：指数走了应有的两倍。",
)
def double_exponent(x, positions, base):
    return turned(x, positions[:, None] * base ** (-4 * pairs_of(x) / x.shape[-1]))


@mistake(
    en="Your first pair is too slow. Pairs are counted from 0, and the first turns by one radian a position.",
    zh="你的第一对转得太慢了。各对从 0 数起，第一对每个位置转一弧度。",
)
def exponent_from_one(x, positions, base):
    return turned(x, positions[:, None] * base ** (-2 * (pairs_of(x) + 1) / x.shape[-1]))


@mistake(
    en="Your pairs turn faster and faster, by many turns a position. The sign of the exponent makes them "
    "slow down.",
    zh="你的各对越转越快，一个位置就转好多圈。让它们慢下来的，是指数的符号。",
)
def faster_and_faster(x, positions, base):
    return turned(x, positions[:, None] * base ** (2 * pairs_of(x) / x.shape[-1]))


@mistake(
    en="All pairs turn at one speed. Slow pairs are needed for long distances, fast ones for short ones.",
    zh="所有的对转速都一样。远的距离要靠慢的对，近的距离要靠快的对。",
)
def one_speed(x, positions, base):
    return turned(x, positions[:, None] * torch.ones_like(pairs_of(x)))


@mistake(
    en="The speeds are right but in the opposite order: your slowest pair comes first.",
    zh="转速都对，次序却反了：你最慢的一对排在了最前面。",
)
def slowest_first(x, positions, base):
    return turned(x, right_angles(x, positions, base).flip(-1))


@mistake(
    en="The base is an argument, and it is not the same in every model. Yours is fixed.",
    zh="base 是一个参数，各个模型并不相同。你把它写死了。",
)
def base_fixed(x, positions, base):
    return turned(x, right_angles(x, positions, 10_000.0))


@mistake(
    en="You turn by degrees where radians are meant, or the other way round: cos and sin of PyTorch take "
    "radians, and so does the formula.",
    zh="角度的单位弄混了：PyTorch 的 cos 和 sin 用弧度，公式里也是弧度，不用换算。",
)
def degrees(x, positions, base):
    return turned(x, torch.deg2rad(right_angles(x, positions, base)))


@mistake(
    en="Your last pair is too slow: its exponent reaches −1 and should stop just short of it. How many gaps "
    "lie between the pairs, and how many are D / 2?",
    zh="最后一对的指数应当略大于 −1，还没到 −1；你的正好到了 −1。数一数相邻两对之间的间隔有几个。",
)
def exponent_to_the_end(x, positions, base):
    pairs = pairs_of(x)
    return turned(x, positions[:, None] * base ** (-pairs / pairs[-1]))


MISTAKES = (
    positions_ignored,
    one_position_for_all,
    from_one,
    half_exponent,
    double_exponent,
    exponent_from_one,
    exponent_to_the_end,
    faster_and_faster,
    one_speed,
    slowest_first,
    base_fixed,
    degrees,
)
