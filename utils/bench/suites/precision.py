"""bfloat16, and float32 with and without TF32, each against its own matrix-product ceiling, with memory."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from utils.bench import models, steps
from utils.bench.case import Benchmark, Case
from utils.bench.network import network_case

NAMES = ("linear", "gpt2")


def cases(device: torch.device, quick: bool) -> Iterator[Case]:
    """A training step in one precision a case, eager and compiled: each is held to its own ceiling."""
    for name in NAMES[:1] if quick else NAMES:
        for precision in ("float32", "tf32", "bfloat16"):
            net = models.build(name, device, quick)
            eager = steps.training(net, precision)
            variants = {"eager": eager, "compiled": steps.training(net, precision, mode="default")}
            yield network_case(net, f"{name}, {precision}", variants, True, precision)


BENCHMARKS = (
    Benchmark("precision", "training in bfloat16 and in float32 with and without TF32", cases, ("cuda",)),
)
