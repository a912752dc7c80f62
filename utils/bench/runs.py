"""One run of a benchmark, from its ceilings to its last case: what a record is written of."""

from __future__ import annotations

import copy
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import torch

from utils.bench import ceilings, clock, machine, measure
from utils.bench.case import Benchmark
from utils.bench.schema import SCHEMA
from utils.bench.source import source_hash

SETTINGS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "CUDA_LAUNCH_BLOCKING", "PYTORCH_CUDA_ALLOC_CONF")
SETTINGS += ("TORCHINDUCTOR_FREEZING", "TORCHINDUCTOR_MAX_AUTOTUNE", "TORCHINDUCTOR_COMPILE_THREADS")
_KEY = object()


class Run:
    """What a run made. Only ``perform`` makes one, and ``write_record`` writes nothing else.

    Python hides nothing for good: this keeps out of a record what was put in by mistake, not by intent.
    """

    __slots__ = ("_content",)

    def __init__(self, content: dict[str, Any], key: object = None) -> None:
        if key is not _KEY:
            raise TypeError("a Run is made by utils.bench.runs.perform, not by hand")
        self._content = copy.deepcopy(content)

    @property
    def content(self) -> dict[str, Any]:
        """A copy of what the record holds, but for its digest."""
        return copy.deepcopy(self._content)

    @property
    def refused(self) -> list[str]:
        """Variants that have no times, as "case: variant"."""
        return [f"{case['name']}: {name}" for case in self._content["cases"] for name in case["refused"]]


def perform(
    benchmark: Benchmark,
    device: torch.device,
    quick: bool,
    command: str,
    commit: str | None = None,
    say: Callable[[str], None] = print,
    keep: Callable[[Run], None] = lambda run: None,
) -> Run:
    """Run a benchmark. ``keep`` sees, after each case, a partial Run of those done so far.

    ``command`` makes the run again; ``commit`` is for a copy of the project without git.
    """
    began, now = time.perf_counter(), datetime.now(UTC)
    source = source_hash(benchmark)  # before the run: the code that runs is this
    found, dirty = machine.commit()
    content = {
        "schema": SCHEMA,
        "name": benchmark.name,
        "device": device.type,
        "quick": quick,
        "command": command,
        "commit": found or commit,
        "dirty": dirty,
        "date": now.isoformat(timespec="seconds"),
        "source": source,
        "machine": machine.describe(device),
        "versions": machine.versions(device, benchmark.needs),
        "settings": {"seed": clock.SEED, "warmup": clock.WARMUP, "inputs": "random", **_environment()},
        "ceilings": ceilings.measure(device, quick),
    }

    def made(cases: list[dict], partial: str | None) -> Run:
        seconds = round(time.perf_counter() - began, 1) or 0.1
        return Run({**content, "partial": partial, "seconds": seconds, "cases": cases}, _KEY)

    def after(done: list[dict]) -> None:
        keep(made(done, f"it ended after {len(done)} of its cases"))

    return made(measure.run(benchmark, device, quick, say, after), None)


def _environment() -> dict[str, str]:
    """Variables of the environment that times depend on, where they are set."""
    return {name: os.environ[name] for name in SETTINGS if name in os.environ}
