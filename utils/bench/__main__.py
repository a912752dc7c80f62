"""The command line: ``python -m utils.bench``."""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from utils.bench import ceilings, machine, measure, registry
from utils.bench.case import BenchError, Benchmark
from utils.bench.record import RecordError
from utils.bench.schema import SCHEMA
from utils.bench.source import source_hash
from utils.bench.stored import shown, write_record

LIMIT = 900  # seconds that one benchmark may take within "all"


def main(arguments: list[str] | None = None) -> int:
    """List the benchmarks, or run one or all; 0 if all went well, 1 if a variant was refused, 2 if no run."""
    given = _parser().parse_args(arguments)
    try:
        if given.name is None:
            print(listing())
            return 0
        device = pick(given.device)
        if given.name == "all":
            return run_all(device, given)
        benchmark = runnable(registry.benchmark(given.name), device)
        if given.out is None:
            raise BenchError(f"say where the record goes, as in --out bench_{given.name}_{device.type}.json")
        return run_one(benchmark, device, given)
    except (BenchError, RecordError) as error:
        print(error, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    about = "Runs a benchmark and writes a record of it. Without a name it lists the benchmarks."
    parser = argparse.ArgumentParser(prog="python -m utils.bench", description=about)
    parser.add_argument("name", nargs="?", help='a benchmark, or "all" that this device can run')
    parser.add_argument("--device", choices=("cpu", "cuda"), help="the GPU if there is one, else the CPU")
    parser.add_argument("--quick", action="store_true", help="small sizes and few rounds: to try it out")
    parser.add_argument("--out", type=Path, help="file of the record")
    parser.add_argument("--out-dir", type=Path, help='folder of the records, for "all"')
    parser.add_argument("--commit", help="what stands here, where git is not there to tell")
    return parser


def listing() -> str:
    """A line on each benchmark."""
    known = registry.benchmarks().values()
    width = max(len(each.name) for each in known)
    lines = [f"  {each.name:{width}}  {' '.join(each.devices):8}  {each.about}" for each in known]
    return "\n".join(["Benchmarks, the devices they run on, and what they compare:", *lines])


def pick(wanted: str | None) -> torch.device:
    """The device asked for, or a BenchError where it is not there."""
    there = torch.cuda.is_available()
    if wanted == "cuda" and not there:
        raise BenchError("PyTorch sees no CUDA GPU here, so nothing can be measured on one")
    return torch.device("cuda" if there and wanted != "cpu" else "cpu")


def runnable(benchmark: Benchmark, device: torch.device) -> Benchmark:
    """The benchmark, or a BenchError that says why it cannot run here."""
    if device.type not in benchmark.devices:
        raise BenchError(f"{benchmark.name} cannot run on {device.type}; it needs {benchmark.devices[0]}")
    missing = machine.missing(benchmark.needs)
    if missing:
        raise BenchError(f"{benchmark.name} cannot run here: {', '.join(missing)} is not installed")
    return benchmark


def run_one(benchmark: Benchmark, device: torch.device, given: argparse.Namespace) -> int:
    """Run one benchmark and write its record."""
    print(f"{benchmark.name} on {device.type}: {benchmark.about}", flush=True)
    content = record_of(benchmark, device, given)
    write_record(given.out, content)
    refused = [f"{case['name']}: {name}" for case in content["cases"] for name in case["refused"]]
    print(f"wrote {shown(given.out)} after {content['seconds']:.0f} s", flush=True)
    if refused:
        print(f"refused, as the record says: {'; '.join(refused)}", file=sys.stderr)
    return 1 if refused else 0


def record_of(benchmark: Benchmark, device: torch.device, given: argparse.Namespace) -> dict[str, Any]:
    """All that the record holds, but for its digest."""
    began, now = time.perf_counter(), datetime.now(UTC)
    source = source_hash(benchmark)  # before the run: the code that runs is this
    commit, dirty = machine.commit()
    limits = ceilings.measure(device, given.quick)
    cases = measure.run(benchmark, device, given.quick, lambda line: print(f"  {line}", flush=True))
    return {
        "schema": SCHEMA,
        "name": benchmark.name,
        "device": device.type,
        "quick": given.quick,
        "command": command(benchmark.name, device, given),
        "commit": commit or given.commit,
        "dirty": dirty,
        "date": now.isoformat(timespec="seconds"),
        "seconds": round(time.perf_counter() - began, 1),
        "source": source,
        "machine": machine.describe(device),
        "versions": machine.versions(device, benchmark.needs),
        "settings": {"seed": measure.SEED, "warmup": measure.WARMUP, "inputs": "random"},
        "ceilings": limits,
        "cases": cases,
    }


def command(name: str, device: torch.device, given: argparse.Namespace) -> str:
    """The command that makes this record again."""
    words = ["python", "-m", "utils.bench", name, "--device", device.type]
    words += (["--quick"] if given.quick else []) + ["--out", shown(given.out)]
    return shlex.join(words)


def run_all(device: torch.device, given: argparse.Namespace) -> int:
    """Each benchmark that this device can run, in a process of its own: what fails takes nothing with it."""
    if given.out_dir is None:
        raise BenchError("say which folder the records go to, as in --out-dir book/results")
    worst, began = 0, time.perf_counter()
    for name, benchmark in registry.benchmarks().items():
        try:
            runnable(benchmark, device)
        except BenchError as error:
            print(f"left out: {error}", flush=True)
            continue
        out = given.out_dir / f"bench_{name}_{device.type}.json"
        worst = max(worst, _child(name, device, out, given))
    print(f"all done after {time.perf_counter() - began:.0f} s", flush=True)
    return worst


def _child(name: str, device: torch.device, out: Path, given: argparse.Namespace) -> int:
    words = [sys.executable, "-m", "utils.bench", name, "--device", device.type, "--out", str(out)]
    words += ["--quick"] if given.quick else []
    words += ["--commit", given.commit] if given.commit else []
    try:
        code = subprocess.run(words, timeout=LIMIT, stdin=subprocess.DEVNULL).returncode
    except subprocess.TimeoutExpired:
        print(f"{name} was stopped: it took more than {LIMIT} s", file=sys.stderr, flush=True)
        return 2
    if code not in (0, 1):
        print(f"{name} made no record: it ended with status {code}", file=sys.stderr, flush=True)
    return code if code in (0, 1) else 2


if __name__ == "__main__":
    sys.exit(main())
