"""Which version of a benchmark made a record: a hash over the code that defines it.

That is its suite, the timing and measuring, and the modules of ``utils.bench`` that these import. What is
measured beyond (PyTorch, other modules of utils) is told by the versions and the commit. Comments, blank
lines and docstrings do not count, so that a better word makes no record stale.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import sys
from pathlib import Path

from utils.bench import ceilings, measure
from utils.bench.case import Benchmark

PACKAGE = Path(__file__).resolve().parent
LEFT_OUT = {"__init__", "registry"}  # they find benchmarks; they do not measure


def source_hash(benchmark: Benchmark) -> str:
    """sha256 over the benchmark's code, the same on every system and version of Python."""
    suite = sys.modules[benchmark.cases.__module__]
    files = [Path(inspect.getfile(module)) for module in (suite, measure, ceilings)]
    digest = hashlib.sha256()
    for path in sorted(_closure(files), key=lambda path: path.name):
        digest.update(f"{path.name}\n{_bare(path.read_text(encoding='utf-8'))}\n".encode())
    return digest.hexdigest()


def _closure(files: list[Path]) -> set[Path]:
    """These files and all of the package that they import, at once or through others."""
    todo, seen = list(files), set()
    while todo:
        path = todo.pop()
        if path not in seen:
            seen.add(path)
            todo += _imported(path.read_text(encoding="utf-8"))
    return seen


def _imported(text: str) -> list[Path]:
    """Modules of this package that a text imports, as files."""
    names = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("utils.bench"):
            inner = node.module.removeprefix("utils.bench").removeprefix(".")
            names |= {inner} if inner else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {a.name.removeprefix("utils.bench.") for a in node.names if "utils.bench." in a.name}
    paths = [PACKAGE.joinpath(*name.split(".")).with_suffix(".py") for name in names - LEFT_OUT]
    return [path for path in paths if path.is_file()]


def _bare(text: str) -> str:
    """The lines of a module that do something, with "\\n" between them."""
    told = set()
    for node in ast.walk(ast.parse(text)):
        if (
            isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and ast.get_docstring(node) is not None
        ):
            first = node.body[0]
            told |= set(range(first.lineno, first.end_lineno + 1))
    lines = [line.rstrip() for number, line in enumerate(text.splitlines(), 1) if number not in told]
    return "\n".join(line for line in lines if line.strip() and not line.lstrip().startswith("#"))
