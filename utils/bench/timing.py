"""A fair clock: variants timed in turn, summed up by median and quartiles, believed only where they agree.

Built by hand in chapter 06 and tied to it by a test. What is timed is a function without arguments, so inputs
are made before the clock starts. Limits: one device, one process; a call shorter than a microsecond is lost
in the clock's own cost. Spread says how steady this run was, not what another machine would show.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor


class Summary(NamedTuple):
    """Median and quartiles of ``n`` times, in seconds. Built by hand in chapter 06."""

    median: float
    q1: float
    q3: float
    n: int


def time_interleaved(
    variants: dict[str, Callable[[], object]],
    rounds: int = 20,
    warmup: int = 3,
    device: torch.device | str = "cpu",
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, list[float]]:
    """Seconds of each call: every variant once a round, so that a slow spell of the machine meets them all.

    First each variant is called ``warmup`` times untimed: these calls compile, allocate and fill caches. The
    order moves on by one each round, so that none always runs behind the same other. On a GPU events take
    the time, since a call there returns before its work is done; elsewhere ``clock`` does. ValueError where
    there is nothing to time. Built by hand in chapter 06.

    >>> ticks = iter(range(100))
    >>> time_interleaved({"a": lambda: 0, "b": lambda: 0}, rounds=2, clock=lambda: next(ticks))
    {'a': [1, 1], 'b': [1, 1]}
    """
    if not variants or rounds < 1 or warmup < 0:
        raise ValueError(
            f"a variant, a round and no less than 0 warm-up calls are needed, not {len(variants)} variants, "
            f"{rounds} rounds and {warmup} warm-up calls"
        )
    for call in variants.values():
        for _ in range(warmup):
            call()
    names = list(variants)
    times: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            times[name].append(seconds(variants[name], device, clock))
    return times


def seconds(
    call: Callable[[], object],
    device: torch.device | str = "cpu",
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """Seconds that one call takes, by events on a GPU and by ``clock`` elsewhere.

    Built by hand in chapter 06.
    """
    if torch.device(device).type != "cuda":
        began = clock()
        call()
        return clock() - began
    start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
    torch.cuda.synchronize(device)  # what was queued before is not this call's
    start.record()
    call()
    end.record()
    torch.cuda.synchronize(device)
    return start.elapsed_time(end) / 1000  # events count milliseconds


def summarise(times: Sequence[float]) -> Summary:
    """Median and quartiles, linear between neighbours as in ``numpy.quantile``.

    ValueError for no times, and for one that is not a finite number above zero: no call takes no time. Built
    by hand in chapter 06.

    >>> summarise([4.0, 1.0, 2.0, 3.0, 5.0])
    Summary(median=3.0, q1=2.0, q3=4.0, n=5)
    """
    if not times:
        raise ValueError("no times were given; there is nothing to sum up")
    wrong = [each for each in times if not (math.isfinite(each) and each > 0)]
    if wrong:
        raise ValueError(f"a time is a finite number of seconds above 0, not {wrong[0]}")
    q1, median, q3 = (float(each) for each in np.quantile(times, [0.25, 0.5, 0.75]))
    return Summary(median, q1, q3, len(times))


def ratio(slower: Sequence[float], faster: Sequence[float]) -> float:
    """How many times as long the first takes as the second, by their medians; below 1 where it is faster.

    Built by hand in chapter 06.

    >>> ratio([6.0, 6.0, 90.0], [2.0, 3.0, 4.0])
    2.0
    """
    return summarise(slower).median / summarise(faster).median


def break_even(compile_seconds: float, eager_seconds: float, compiled_seconds: float) -> float:
    """After how many steps compiling has paid for itself; ``math.inf`` where the compiled step is no faster.

    Each step saves eager_seconds - compiled_seconds, and compiling costs compile_seconds once. ValueError
    for a negative or undefined time. Built by hand in chapter 06.

    >>> break_even(30.0, 0.5, 0.25)
    120.0
    """
    given = compile_seconds, eager_seconds, compiled_seconds
    if not all(math.isfinite(each) and each >= 0 for each in given):
        raise ValueError(f"times are finite numbers of seconds from 0 up, not {given}")
    saved = eager_seconds - compiled_seconds
    return compile_seconds / saved if saved > 0 else math.inf


def agrees(output: Tensor, reference: Tensor, tolerance: float) -> float:
    """The largest error of ``output``, as a share of the reference's largest value, if within ``tolerance``.

    The reference is best computed in float64. ValueError where the error is larger or undefined, where the
    shapes differ, and for a reference of zeros, with which nothing can be compared. Built by hand in
    chapter 06.

    >>> agrees(torch.tensor([1.0, 4.5]), torch.tensor([1.0, 4.0]), tolerance=0.2)
    0.125
    """
    if output.shape != reference.shape:
        raise ValueError(
            f"the output has shape {tuple(output.shape)}, the reference {tuple(reference.shape)}"
        )
    wanted = reference.detach().double()
    largest = wanted.abs().max().item() if wanted.numel() else 0.0
    if not (math.isfinite(largest) and largest > 0):
        raise ValueError(f"the reference's largest value is {largest}; nothing can be compared with it")
    error = (output.detach().double() - wanted).abs().max().item() / largest
    if not error <= tolerance:  # an undefined error is no agreement
        raise ValueError(f"the largest error is {error:.1e} of the reference; {tolerance:.1e} is allowed")
    return error
