"""The known mistakes of 06.roofline_seconds."""

from __future__ import annotations

import torch

from utils.exercises.authoring import mistake


def both(flops, moved, peak, bandwidth):
    return flops / peak, moved / bandwidth


@mistake(
    en="You add the two times. A kernel computes while it moves bytes; the longer of the two hides the "
    "other.",
    zh="你把两个时间相加了。内核一边搬字节一边计算，长的那个会盖住短的。",
)
def added(flops, moved, peak, bandwidth):
    compute, memory = both(flops, moved, peak, bandwidth)
    return compute + memory, memory > compute


@mistake(
    en="You take the shorter of the two times. A kernel is done when both its arithmetic and its traffic "
    "are.",
    zh="你取了两个时间里短的那个。算完了、也搬完了，内核才算完成。",
)
def shorter(flops, moved, peak, bandwidth):
    compute, memory = both(flops, moved, peak, bandwidth)
    return torch.minimum(compute, memory), memory > compute


@mistake(
    en="You look at the arithmetic alone. Most element-wise kernels wait for memory.",
    zh="你只看了算术。大多数逐元素的内核等的是内存。",
)
def compute_only(flops, moved, peak, bandwidth):
    compute, memory = both(flops, moved, peak, bandwidth)
    return compute, memory > compute


@mistake(
    en="You look at the traffic alone. A large product of matrices waits for arithmetic.",
    zh="你只看了搬运。大的矩阵乘积等的是算术。",
)
def memory_only(flops, moved, peak, bandwidth):
    compute, memory = both(flops, moved, peak, bandwidth)
    return memory, memory > compute


@mistake(
    en="The seconds are right, the limit is the wrong way round: the limit is what takes longer.",
    zh="秒数对，限制却说反了：耗时更长的才是限制。",
)
def limit_reversed(flops, moved, peak, bandwidth):
    compute, memory = both(flops, moved, peak, bandwidth)
    return torch.maximum(compute, memory), memory < compute


@mistake(
    en="The seconds are right. To name the limit you compare FLOPs with bytes; but the device need not be as "
    "fast at one as at the other.",
    zh="秒数对。可你判断限制时，是拿浮点运算次数与字节数相比；而设备做这两样的速度未必相同。",
)
def ridge_at_one(flops, moved, peak, bandwidth):
    return torch.maximum(*both(flops, moved, peak, bandwidth)), flops < moved


@mistake(
    en="The seconds are right. To name the limit you compare FLOPs a byte with bytes a FLOP: one of the two "
    "quotients is upside down.",
    zh="秒数对。可你判断限制时，拿每字节的运算次数去比每次运算的字节数：两个商里有一个颠倒了。",
)
def ridge_inverted(flops, moved, peak, bandwidth):
    return torch.maximum(*both(flops, moved, peak, bandwidth)), flops / moved < bandwidth / peak


@mistake(
    en="The seconds are right. To name the limit you compare bytes a FLOP with FLOPs a byte: one of the two "
    "quotients is upside down.",
    zh="秒数对。可你判断限制时，拿每次运算的字节数去比每字节的运算次数：两个商里有一个颠倒了。",
)
def intensity_inverted(flops, moved, peak, bandwidth):
    return torch.maximum(*both(flops, moved, peak, bandwidth)), moved / flops < peak / bandwidth


@mistake(
    en="Peak and bandwidth are exchanged: FLOPs are divided by bytes a second.",
    zh="峰值与带宽用反了：你拿浮点运算次数去除以每秒的字节数。",
)
def rates_exchanged(flops, moved, peak, bandwidth):
    compute, memory = both(flops, moved, bandwidth, peak)
    return torch.maximum(compute, memory), memory > compute


@mistake(
    en="These are not seconds but their reciprocals: rates divided by amounts.",
    zh="这不是秒数，而是秒数的倒数：你拿速率去除以数量了。",
)
def reciprocals(flops, moved, peak, bandwidth):
    compute, memory = peak / flops, bandwidth / moved
    return torch.minimum(compute, memory), memory < compute


@mistake(
    en="You treat all kernels as one: a single limit for the sum of them. Each kernel has its own.",
    zh="你把所有内核当成了一个：对总和只用一个限制。每个内核都有自己的限制。",
)
def all_as_one(flops, moved, peak, bandwidth):
    compute, memory = both(flops, moved, peak, bandwidth)
    bound = (memory.sum() > compute.sum()).expand(len(flops))
    return torch.where(bound, memory, compute), bound


@mistake(
    en="This is the rate that a kernel reaches, in FLOPs a second. Asked for is the time.",
    zh="这是内核达到的速率，即每秒多少次浮点运算。要的是时间。",
)
def rate_for_seconds(flops, moved, peak, bandwidth):
    compute, memory = both(flops, moved, peak, bandwidth)
    return flops / torch.maximum(compute, memory), memory > compute


@mistake(
    en="These are microseconds or the like: the rates are per second, and so is the result.",
    zh="这是微秒之类的单位：速率是每秒的，结果也该是秒。",
)
def microseconds(flops, moved, peak, bandwidth):
    compute, memory = both(flops, moved, peak, bandwidth)
    return torch.maximum(compute, memory) * 1e6, memory > compute


@mistake(
    en="The result is right, but an argument is no longer what it was.",
    zh="结果正确，但有个参数被改了。",
)
def arguments_changed(flops, moved, peak, bandwidth):
    flops /= peak
    moved /= bandwidth
    return torch.maximum(flops, moved), moved > flops


MISTAKES = (
    added,
    shorter,
    compute_only,
    memory_only,
    limit_reversed,
    ridge_at_one,
    ridge_inverted,
    intensity_inverted,
    rates_exchanged,
    reciprocals,
    all_as_one,
    rate_for_seconds,
    microseconds,
    arguments_changed,
)
