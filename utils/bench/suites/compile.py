"""Eager against compiled over the book's networks: a forward pass and a training step of each."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from utils.bench import models
from utils.bench.case import Benchmark, Case
from utils.bench.network import device_precision, kind, network_case, titled

QUICK = ("mlp", "block")


def cases(device: torch.device, quick: bool) -> Iterator[Case]:
    precision = device_precision(device.type)
    for name in QUICK if quick else models.MAKERS:
        for trains in (False, True):
            net = models.build(name, device, quick)
            make = kind(trains)
            variants = {"eager": make(net, precision), "compiled": make(net, precision, mode="default")}
            yield network_case(net, titled(name, trains), variants, trains, precision)


BENCHMARKS = (
    Benchmark("compile", "eager against compiled, forward and training, over eight networks", cases),
)
