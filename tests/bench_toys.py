"""A benchmark of a moment for the tests of the measuring tool, and a record of it."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

import torch

from utils.bench import Benchmark, Case, registry

DEVICE = torch.device("cpu")


def toy_case(**changes) -> Case:
    x = torch.randn(64)
    given = {
        "name": "square",
        "variants": {"power": lambda: x**2, "product": lambda: x * x},
        "reference": lambda: x.double() ** 2,
        "tolerance": 1e-6,
        "work": {"flops": 64.0, "bytes": 512.0},
        "rounds": 4,
    }
    return Case(**{**given, **changes})


def toy_cases(device: torch.device, quick: bool) -> Iterator[Case]:
    yield toy_case()
    yield toy_case(name="square again")


TOY = Benchmark("toy", "a square by two ways", toy_cases)


def install(monkeypatch, *benchmarks: Benchmark) -> None:
    """Let the tool know these benchmarks alone."""
    known = MappingProxyType({each.name: each for each in benchmarks or (TOY,)})
    monkeypatch.setattr(registry, "benchmarks", lambda: known)


def content(**changes) -> dict:
    """What a run of the toy would write, with known times."""
    from utils.bench.source import source_hash

    def variant(*times: float, **more) -> dict:
        times = sorted(times)
        told = {"times": times, "median": times[2], "q1": times[1], "q3": times[3], "error": 1e-9}
        return {**told, "compile_seconds": None, "peak_bytes": 256, **more}

    eager, compiled = (
        variant(2.0, 4.0, 6.0, 8.0, 9.0),
        variant(1.0, 2.0, 3.0, 4.0, 90.0, compile_seconds=30.0),
    )
    case = {
        "name": "square",
        "precision": "float32",
        "tolerance": 1e-6,
        "work": {"flops": 6e9, "bytes": 3e9},
        "variants": {"eager": eager, "compiled": compiled},
        "refused": {"graph": "ValueError: the largest error is 1"},
    }
    ceilings = {
        "float32": {"work": 4e9, "unit": "FLOP", "size": 8, "times": [2.0, 1.0], "rate": 4e9},
        "copy": {"work": 2e9, "unit": "B", "size": 8, "times": [1.0, 1.5], "rate": 2e9},
    }
    made = {
        "schema": 1,
        "name": "toy",
        "device": "cpu",
        "quick": False,
        "command": "python -m utils.bench toy --device cpu --out bench_toy_cpu.json",
        "commit": "0" * 40,
        "dirty": False,
        "date": "2026-11-24T16:00:00+00:00",
        "seconds": 12.5,
        "source": source_hash(TOY),
        "machine": {"cpu": "AMD EPYC", "threads": 2},
        "versions": {"torch": "2.13.0+cpu"},
        "settings": {"seed": 6},
        "ceilings": ceilings,
        "cases": [case],
    }
    return {**made, **changes}
