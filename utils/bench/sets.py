"""Several benchmarks in a row, each in a process of its own: what fails is named, and the rest goes on."""

from __future__ import annotations

import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path

import torch

from utils.bench import processes
from utils.bench.case import Benchmark
from utils.bench.machine import ROOT
from utils.bench.record import RecordError
from utils.bench.stored import partial_path, read_record, shown

LIMIT = 540  # seconds that one benchmark may take
SHORTEST = 20  # seconds that are worth a start
OK, REFUSED, FAILED = 0, 3, 4  # exit status; 1 is Python's own, of a crash; 2 says that nothing could be run


def run_several(benchmarks: Iterable[Benchmark], device: torch.device, given: Namespace) -> int:
    """Run each and say at the end what made no record; what it finished is kept in a partial one.

    0 if all went well, 3 if a variant was refused, 4 if a benchmark made no record.
    """
    began, worst, failed = time.perf_counter(), OK, []
    for benchmark in benchmarks:
        left = 60 * given.minutes - (time.perf_counter() - began) if given.minutes else LIMIT
        out = given.out_dir / f"bench_{benchmark.name}_{device.type}.json"
        if given.missing and _there(out, given.quick):
            print(f"there already: {shown(out)}", flush=True)
            continue
        reason = _child(benchmark.name, device, out, given, min(LIMIT, left))
        if isinstance(reason, str):
            failed.append(f"{benchmark.name} {reason}{_kept(out)}")
            print(failed[-1], file=sys.stderr, flush=True)
        worst = max(worst, FAILED if isinstance(reason, str) else reason)
    print(f"all done after {time.perf_counter() - began:.0f} s", flush=True)
    if failed:
        print("without a new record: " + "; ".join(failed), file=sys.stderr, flush=True)
    return worst


def _there(out: Path, quick: bool) -> bool:
    """Whether a record stands there that is whole and of this version of its benchmark."""
    try:
        return read_record(out).quick == quick
    except RecordError:
        return False


def _child(name: str, device: torch.device, out: Path, given: Namespace, limit: float) -> int | str:
    """The status of one benchmark that wrote a record, else why it made none."""
    if limit < SHORTEST:
        return "was not begun: the minutes given are over"
    words = [sys.executable, "-m", "utils.bench", name, "--device", device.type, "--out", str(out.resolve())]
    words += ["--quick"] if given.quick else []
    words += ["--commit", given.commit] if given.commit else []
    partial_path(out).unlink(missing_ok=True)
    before = _stamp(out)
    try:
        code, _ = processes.run(words, limit, ROOT)
    except subprocess.TimeoutExpired:
        return f"was stopped after {limit:.0f} s"
    if code not in (OK, REFUSED):
        return f"made no record: it ended with status {code}"
    return code if _stamp(out) != before else f"made no record, though it ended with status {code}"


def _stamp(path: Path) -> tuple[int, int] | None:
    """What changes when a file is written anew."""
    return (path.stat().st_ino, path.stat().st_mtime_ns) if path.is_file() else None


def _kept(out: Path) -> str:
    """What lies in the folder all the same."""
    said = []
    if partial_path(out).is_file():
        said.append(f"its finished cases are in {shown(partial_path(out))}, which is no record")
    if out.is_file():
        said.append(f"{shown(out)} is of an earlier run")
    return f" ({' and '.join(said)})" if said else ""
