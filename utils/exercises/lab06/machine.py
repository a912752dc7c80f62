"""A machine whose every second is known: a clock, a device that works behind the program's back, variants.

All times are multiples of 1/1024 second, so that sums and differences are exact.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

LAUNCH = 0.125  # seconds that a call keeps the program itself busy
FILL = 0.75  # seconds that the device needs to fill a new input


class Machine:
    """Seconds pass only by what is done. Variant i computes for ``base[i]`` seconds, and its first
    ``compiled[i]`` calls hold the program up as well.

    The device gets warm: each call takes a 32nd of its base longer than the call before. An input of zeros
    takes a quarter, and an input that the variant has had before takes half.
    """

    def __init__(self, base: Sequence[float], compiled: Sequence[int]) -> None:
        self.base, self.compiled = base, compiled
        self.now = self.idle_at = 0.0
        self.calls = [0] * len(base)
        self.had: list[list[Tensor]] = [[] for _ in base]
        self.generator = torch.Generator().manual_seed(6)

    def clock(self) -> float:
        """Seconds since the machine started."""
        return self.now

    def synchronise(self) -> None:
        """Wait until the device has done all its work."""
        self.now = max(self.now, self.idle_at)

    def make_input(self) -> Tensor:
        """A new random input, (8,); the device is still filling it when this returns."""
        self.queue(FILL)
        return torch.rand(8, generator=self.generator, dtype=torch.float64) + 0.5

    def queue(self, seconds: float) -> None:
        self.now += LAUNCH
        self.idle_at = max(self.now, self.idle_at) + seconds

    def variant(self, i: int) -> Callable[[Tensor], Tensor]:
        """Variant i as a function of one input."""

        def call(x: Tensor) -> Tensor:
            warmth = 1 + sum(self.calls) / 32
            self.calls[i] += 1
            if self.calls[i] <= self.compiled[i]:
                self.now += 16.0
            content = 0.25 if not x.any() else 1.0
            known = 0.5 if any(x is other for other in self.had[i]) else 1.0
            self.had[i].append(x)  # kept, so that no other input gets its place in memory
            self.queue(self.base[i] * warmth * content * known)
            return x * 2

        return call
