"""The benchmarks there are: every module under ``utils/bench/suites`` that holds a tuple ``BENCHMARKS``."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from functools import cache
from types import MappingProxyType

from utils.bench import suites
from utils.bench.case import BenchError, Benchmark


@cache
def benchmarks() -> MappingProxyType[str, Benchmark]:
    """Name -> benchmark, in the order of their names; ValueError if two have the same name."""
    found: dict[str, Benchmark] = {}
    for module in pkgutil.iter_modules(suites.__path__):
        for benchmark in importlib.import_module(f"{suites.__name__}.{module.name}").BENCHMARKS:
            if benchmark.name in found:
                raise ValueError(f"two benchmarks are named {benchmark.name}")
            found[benchmark.name] = benchmark
    return MappingProxyType(dict(sorted(found.items())))


def benchmark(name: str) -> Benchmark:
    """The benchmark of that name, or a BenchError that names those like it.

    >>> benchmark("compil")
    Traceback (most recent call last):
    utils.bench.case.BenchError: there is no benchmark 'compil'; did you mean compile, compile_time?
    """
    known = benchmarks()
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    hint = f"did you mean {', '.join(near)}?" if near else f"there are {', '.join(known)}"
    raise BenchError(f"there is no benchmark {name!r}; {hint}")
