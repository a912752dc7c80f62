"""How the variants of a case are clocked: round by round, in an order drawn anew each, short calls in a row.

A round is ``time_interleaved`` of chapter 06. Around it stands what a benchmark adds: settings are made
before the clock starts, the collector of Python's garbage is off, and a short call is made several times
between two readings, since one alone would be mostly the clock's own cost.

On a GPU the first event is recorded behind a short sleep of the device, so that the first kernel is queued
by the time the device passes the event. From then on Python's own time shows where it is longer than the
device's work, for the device waits for it: so it does in a loop of training, and a CUDA graph saves that.
"""

from __future__ import annotations

import gc
import math
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext

import torch

from utils.bench.case import Call
from utils.bench.timing import seconds, time_interleaved

Around = Mapping[str, Callable[[], AbstractContextManager[object]]]
SEED, WARMUP = 6, 3
SLOW = 1.0  # seconds from which on a call is warm after one
WINDOW = {"cpu": 0.002, "cuda": 0.01}  # seconds between two readings, at least
MOST_CALLS = 100  # between two readings
SLEEP = 200_000  # cycles of the device: about a tenth of a millisecond


def clocked(
    variants: Mapping[str, Call],
    calls: Mapping[str, int],
    rounds: int,
    device: torch.device,
    around: Around,
    self_timed: bool = False,
) -> dict[str, list[float]]:
    """Seconds of a call of each variant, one figure a round, each the mean of ``calls`` in a row."""
    now, order = 0.0, random.Random(SEED)  # a clock that only the variants move on

    def moving(name: str) -> Call:
        def moved() -> None:
            nonlocal now
            with around.get(name, nullcontext)():
                call = variants[name]
                now += float(call()) if self_timed else window(call, calls[name], device)

        return moved

    def reading() -> float:
        return now

    times: dict[str, list[float]] = {name: [] for name in variants}
    with no_collector():
        for _ in range(rounds):
            now = 0.0
            drawn = {name: moving(name) for name in order.sample(list(variants), len(variants))}
            for name, found in time_interleaved(drawn, 1, 0, "cpu", clock=reading).items():
                times[name] += found
    return times


def window(call: Call, calls: int, device: torch.device) -> float:
    """Seconds of one call, from ``calls`` of them in a row."""

    def row() -> None:
        for _ in range(calls):
            call()

    if device.type != "cuda":
        return seconds(row, device) / calls
    start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
    torch.cuda.synchronize(device)
    torch.cuda._sleep(SLEEP)
    start.record()
    row()
    end.record()
    torch.cuda.synchronize(device)
    return start.elapsed_time(end) / 1000 / calls


def warm(call: Call, device: torch.device) -> float:
    """Make the untimed calls: 3 of them, 1 of a slow one; about how many seconds one takes."""
    once = window(call, 1, device)
    for _ in range(WARMUP - 1 if once < SLOW else 0):
        once = min(once, window(call, 1, device))
    return once


def in_a_row(once: float, device: torch.device) -> int:
    """Calls between two readings of the clock, for a call of so many seconds.

    >>> in_a_row(0.0005, torch.device("cpu"))
    4
    """
    return max(1, min(MOST_CALLS, math.ceil(WINDOW[device.type] / max(once, 1e-9))))


@contextmanager
def no_collector() -> Iterator[None]:
    """Keep Python from looking for garbage meanwhile."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
