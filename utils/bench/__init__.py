"""The measuring tool: ``python -m utils.bench`` runs a benchmark and writes a record of what it did.

    python -m utils.bench                                  list the benchmarks
    python -m utils.bench compile --out compile.json       run one and write its record
    python -m utils.bench all --quick --out-dir DIR        run all, small
    python -m utils.bench all --device cuda --out-dir book/results

Needs torch and numpy only. A record names the machine, the versions and the commit, and holds every raw time;
reading it computes its statistics anew and refuses what was edited or is of another version of its benchmark.
"""

from utils.bench.case import BenchError, Benchmark, Case
from utils.bench.ceilings import copy_rate, gemm_rate
from utils.bench.record import CaseRecord, Record, RecordError, Variant
from utils.bench.stored import find_record, read_record
from utils.bench.timing import Summary, agrees, break_even, ratio, seconds, summarise, time_interleaved

__all__ = [
    "BenchError",
    "Benchmark",
    "Case",
    "CaseRecord",
    "Record",
    "RecordError",
    "Summary",
    "Variant",
    "agrees",
    "break_even",
    "copy_rate",
    "find_record",
    "gemm_rate",
    "ratio",
    "read_record",
    "seconds",
    "summarise",
    "time_interleaved",
]
