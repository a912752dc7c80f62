"""What a benchmark is: cases, each a few variants of one computation, and the result that all must give."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

Call = Callable[[], object]
Outputs = Tensor | Sequence[Tensor]


class BenchError(RuntimeError):
    """A benchmark cannot run here, or a name is unknown; the message is one sentence."""


@dataclass(frozen=True)
class Case:
    """Variants of one computation. Inputs are random and made before: a variant takes no arguments.

    >>> x = torch.randn(64)
    >>> square = {"power": lambda: x**2, "product": lambda: x * x}
    >>> case = Case("square", square, lambda: x.double() ** 2, tolerance=1e-6)
    """

    name: str  # "mlp, training": unique within its benchmark
    variants: Mapping[str, Call]  # name -> what is timed; the first is the baseline
    reference: Callable[[], Outputs]  # the right outputs, in float64; called once
    tolerance: float  # the largest error allowed, as a share of the reference's largest value
    work: Mapping[str, float] = field(default_factory=dict)  # of one call: "flops", "bytes", "tokens", ...
    precision: str = "float32"  # "float32", "tf32", "bfloat16": also the GEMM ceiling it is held against
    compiles: tuple[str, ...] = ()  # variants whose first call compiles: that call is timed apart
    outputs: Mapping[str, Callable[[], Outputs]] = field(default_factory=dict)  # other than the call's own
    self_timed: bool = False  # a variant's call returns the seconds it took (work in another process)
    rounds: int | None = None  # None: as many as the benchmark's time allows


@dataclass(frozen=True)
class Benchmark:
    """A named set of cases. ``cases(device, quick)`` makes them one by one: only one is held.

    A suite, a module under ``utils/bench/suites``, holds its benchmarks in a tuple ``BENCHMARKS``.
    """

    name: str  # lower-case letters, digits and "_"; part of the record's file name
    about: str  # one sentence for the list
    cases: Callable[[torch.device, bool], Iterable[Case]]
    devices: tuple[str, ...] = ("cpu", "cuda")  # types of devices that it can run on
    needs: tuple[str, ...] = ()  # packages beyond torch and numpy, without which it cannot run
