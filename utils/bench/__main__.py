"""The command line: ``python -m utils.bench``."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path

import torch

from utils.bench import machine, registry, sets
from utils.bench.case import BenchError, Benchmark
from utils.bench.record import RecordError
from utils.bench.runs import perform
from utils.bench.stored import partial_path, shown, write_record

CANNOT = 2


def main(arguments: list[str] | None = None) -> int:
    """List the benchmarks, or run some.

    0 if all went well, 2 if nothing could be run, 3 if a variant was refused, 4 if one of several benchmarks
    made no record. A benchmark that crashes ends with Python's own status, 1.
    """
    given = _parser().parse_args(arguments)
    try:
        if not given.names:
            print(listing())
            return sets.OK
        device = pick(given.device)
        if given.names == ["all"] or len(given.names) > 1 or (given.out_dir and not given.out):
            if given.out_dir is None:
                raise BenchError("say which folder the records go to, as in --out-dir book/results")
            return sets.run_several(chosen(given.names, device), device, given)
        benchmark = runnable(registry.benchmark(given.names[0]), device)
        if given.out is None:
            raise BenchError(
                f"say where the record goes, as in --out bench_{benchmark.name}_{device.type}.json"
            )
        return run_one(benchmark, device, given)
    except (BenchError, RecordError) as error:
        print(error, file=sys.stderr)
        return CANNOT


def _parser() -> argparse.ArgumentParser:
    about = "Runs benchmarks and writes a record of each. Without a name it lists them."
    parser = argparse.ArgumentParser(prog="python -m utils.bench", description=about)
    parser.add_argument("names", nargs="*", help='benchmarks, or "all" that this device can run')
    parser.add_argument("--device", choices=("cpu", "cuda"), help="the GPU if there is one, else the CPU")
    parser.add_argument("--quick", action="store_true", help="small sizes and few rounds: to try it out")
    parser.add_argument("--out", type=Path, help="file of the record of one benchmark")
    parser.add_argument("--out-dir", type=Path, help="folder of the records of several")
    parser.add_argument("--minutes", type=float, help="of several: begin none after, and stop what runs then")
    parser.add_argument("--missing", action="store_true", help="of several: only those without a good record")
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


def chosen(names: list[str], device: torch.device) -> list[Benchmark]:
    """The benchmarks named, or of all those that can run here; the others are listed as left out."""
    if names != ["all"]:
        return [runnable(registry.benchmark(name), device) for name in names]
    found = []
    for benchmark in registry.benchmarks().values():
        try:
            found.append(runnable(benchmark, device))
        except BenchError as error:
            print(f"left out: {error}", flush=True)
    return found


def run_one(benchmark: Benchmark, device: torch.device, given: argparse.Namespace) -> int:
    """Run one benchmark and write its record; after each case, those done so far beside it."""
    print(f"{benchmark.name} on {device.type}: {benchmark.about}", flush=True)
    try:
        run = perform(
            benchmark,
            device,
            given.quick,
            command(benchmark.name, device, given),
            given.commit,
            say=lambda line: print(f"  {line}", flush=True),
            keep=lambda partial: write_record(given.out, partial),
        )
        write_record(given.out, run)
    except BaseException:
        kept = partial_path(given.out)
        where = f"; its finished cases are in {shown(kept)}, which is no record" if kept.is_file() else ""
        print(f"{benchmark.name} made no record{where}", file=sys.stderr, flush=True)
        raise
    print(f"wrote {shown(given.out)} after {run.content['seconds']:.0f} s", flush=True)
    if run.refused:
        print(f"refused, as the record says: {'; '.join(run.refused)}", file=sys.stderr)
    return sets.REFUSED if run.refused else sets.OK


def command(name: str, device: torch.device, given: argparse.Namespace) -> str:
    """The command that makes this record again."""
    words = ["python", "-m", "utils.bench", name, "--device", device.type]
    words += (["--quick"] if given.quick else []) + ["--out", shown(given.out)]
    return shlex.join(words)


if __name__ == "__main__":
    sys.exit(main())
