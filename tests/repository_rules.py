"""Rules of the repository: each function takes what it judges and returns what breaks the rule."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Collection
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

OUTSIDE = {"book", "tests", "chapters", "labs"}  # what utils may not know
MAX_LINES = 220


def module_name(path: Path, root: Path) -> str:
    """``utils/exercises/core.py`` is ``utils.exercises.core``; a package's own file has its name."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(source: str, name: str, known: Collection[str] = ()) -> set[str]:
    """The modules that a module imports, anywhere in it; relative names made whole.

    ``from a import b`` imports ``a.b`` if that is among the ``known`` modules, else ``a``.
    """
    found = set()
    parents = name.split(".")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = parents[: len(parents) - node.level] if node.level else []
            stem = ".".join([*base, *([node.module] if node.module else [])])
            full = [f"{stem}.{alias.name}" for alias in node.names]
            found |= {each if each in known else stem for each in full}
    return found


def import_graph(sources: dict[str, str]) -> dict[str, set[str]]:
    """Module -> the modules among ``sources`` (name -> text) that it imports."""
    return {name: (imports(text, name, sources) & set(sources)) - {name} for name, text in sources.items()}


def forbidden_imports(sources: dict[str, str]) -> list[str]:
    """Modules of utils that import notebooks, tests or build tools."""
    found = []
    for name, text in sources.items():
        outside = {module for module in imports(text, name) if module.partition(".")[0] in OUTSIDE}
        found += [f"{name} imports {module}" for module in sorted(outside)]
    return found


def cycles(graph: dict[str, set[str]]) -> list[str]:
    """A circle of imports, if there is one."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return ["imports go in a circle: " + " -> ".join(error.args[1])]
    return []


def too_long(sources: dict[str, str]) -> list[str]:
    """Modules that have grown past what one can keep in mind."""
    lengths = {name: text.count("\n") for name, text in sources.items()}
    return [f"{name} has {length} lines" for name, length in lengths.items() if length > MAX_LINES]


def shadows(paths: list[str]) -> list[str]:
    """Files and folders called utils anywhere but at the root, where they would hide the package."""
    pattern = re.compile(r"(?:^|/)utils\.py$|.+/utils/|\.ipynb/utils")
    return [f"{path} hides the package utils" for path in paths if pattern.search(path)]


def listed_twice(lists: dict[str, list[str]]) -> list[str]:
    """Dependencies that stand in more than one place (or twice in one), names made normal."""
    found: Counter[str] = Counter()
    for entries in lists.values():
        for entry in entries:
            try:
                found[canonicalize_name(Requirement(entry).name)] += 1
            except InvalidRequirement:
                continue  # "-e .[book]", "-c constraints.txt": no dependency
    return [f"{name} is listed {count} times" for name, count in found.items() if count > 1]


def pinned(files: dict[str, str]) -> list[str]:
    """Exact versions of packages outside of constraints.txt (name of a file -> its text)."""
    pin = re.compile(r"(?<![\w.-])[A-Za-z][\w.-]*(?:\[[\w,-]+\])?={2,3}\d[\w.]*")
    return [f"{name} pins {match[0]}" for name, text in files.items() for match in pin.finditer(text)]
