"""How long the first training step takes in a new process: eager, compiled, and compiled once before.

Each is run in a process of its own, which tells its seconds from the first call on; loading PyTorch and
building the network are not in them, loading the compiler is, since the first call does it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from torch import Tensor

from utils.bench import models, steps
from utils.bench.case import Benchmark, Case
from utils.bench.machine import ROOT
from utils.bench.network import device_precision

NAMES = {"cpu": ("mlp", "small_gpt"), "cuda": ("mlp", "small_gpt"), "quick": ("mlp",)}
LIMIT = 600  # seconds for one process
Told = tuple[float, list[Tensor]]  # seconds and outputs


def first_step(name: str, device: str, quick: bool, compiles: bool, folder: Path) -> Told:
    """The first step in a new process, its caches in ``folder``."""
    with tempfile.TemporaryDirectory() as there:
        result = Path(there) / "result.pt"
        words = [sys.executable, "-m", "utils.bench.first_step", name, device, str(result)]
        words += (["--quick"] if quick else []) + (["--compile"] if compiles else [])
        caches = {"TORCHINDUCTOR_CACHE_DIR": str(folder), "TRITON_CACHE_DIR": str(folder / "triton")}
        environment = {**os.environ, **caches, "OMP_NUM_THREADS": str(torch.get_num_threads())}
        done = subprocess.run(
            words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=LIMIT, errors="replace"
        )
        if done.returncode:
            raise RuntimeError((done.stderr.strip().splitlines() or ["the process failed"])[-1])
        told = torch.load(result, weights_only=True)
    return told["seconds"], [each.to(device) for each in told["outputs"]]


def cases(device: torch.device, quick: bool) -> Iterator[Case]:
    kind = device.type
    for name in NAMES["quick" if quick else kind]:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as kept:
            yield _case(name, kind, quick, Path(kept))


class Runs:
    """Runs of one variant, each of which gives a time and outputs: no run whose outputs were held is lost."""

    def __init__(self, run: Callable[[], Told]) -> None:
        self.run, self.waiting = run, []

    def outputs(self) -> list[Tensor]:
        seconds, outputs = self.run()
        self.waiting.append(seconds)
        return outputs

    def seconds(self) -> float:
        return self.waiting.pop() if self.waiting else self.run()[0]


def _case(name: str, kind: str, quick: bool, kept: Path) -> Case:
    """The cold variant gets an empty folder each time; the warm one a folder that a run before has filled."""

    def eager() -> Told:
        return first_step(name, kind, quick, False, kept)

    def cold() -> Told:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as empty:
            return first_step(name, kind, quick, True, Path(empty))

    def warm() -> Told:
        if not any(kept.iterdir()):
            first_step(name, kind, quick, True, kept)
        return first_step(name, kind, quick, True, kept)

    runs = {"eager": Runs(eager), "cold": Runs(cold), "warm": Runs(warm)}
    torch.manual_seed(steps.FIRST_SEED)  # the network that each process builds
    net = models.build(name, torch.device(kind), quick)
    precision = device_precision(kind)
    return Case(
        name=f"{name}, first training step",
        variants={each: run.seconds for each, run in runs.items()},
        reference=steps.training_reference(net),
        tolerance=steps.TOLERANCE[precision],
        precision=precision,
        outputs={each: run.outputs for each, run in runs.items()},
        self_timed=True,
        rounds=1 if quick else 3,
    )


BENCHMARKS = (
    Benchmark("compile_time", "the first training step of a new process: eager, cold and warm caches", cases),
)
