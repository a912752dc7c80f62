"""Two ways to get at code for a test: a notebook's definitions, and a module with one thing in it changed."""

from __future__ import annotations

import ast
import copy
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType, SimpleNamespace

import nbformat
import torch

DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)


def definitions(notebook: Path) -> SimpleNamespace:
    """What a notebook's imports, functions and classes define; nothing else of it runs.

    A name that is defined twice has the last definition, as in the notebook.
    """
    kept = [node for node in _tree(notebook).body if isinstance(node, DEFINITIONS)]
    names: dict[str, object] = {"__name__": notebook.stem}
    code = ast.Module(kept, type_ignores=[])
    # without this module's __future__ imports: a dataclass of the notebook needs its annotations as they are
    exec(compile(code, f"<definitions of {notebook.name}>", "exec", dont_inherit=True), names)
    return SimpleNamespace(**names)


@contextmanager
def definitions_in_float64(notebook: Path) -> Iterator[SimpleNamespace]:
    """The same for a notebook that computes in float64; until the block ends, so does everything else."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield definitions(notebook)
    torch.set_default_dtype(before)


def imported_from_utils(notebook: Path) -> set[str]:
    """Every name that a notebook takes from the helper package, like "utils.plots.show"."""
    found = set()
    for node in ast.walk(_tree(notebook)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "utils":
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.startswith("utils.")}
    return found


def _tree(notebook: Path) -> ast.Module:
    cells = nbformat.read(notebook, as_version=4).cells
    return ast.parse("\n".join(cell.source for cell in cells if cell.cell_type == "code"))


# --- mutants -----------------------------------------------------------------------------------------

OPERATORS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
    ast.USub: ast.UAdd, ast.Gt: ast.LtE, ast.Eq: ast.NotEq, ast.NotIn: ast.In,
}  # fmt: skip
METHODS = {
    "mean": "sum",
    "sum": "mean",
    "max": "min",
    "exp": "tanh",
    "log": "exp",
    "tanh": "exp",
    "sqrt": "abs",
}
Change = tuple[str, Callable[[], None]]


def mutants(module: ModuleType, names: Sequence[str]) -> Iterator[tuple[str, SimpleNamespace]]:
    """Versions of a module, each with one operator, number or method changed in one of the functions named.

    A name may be a class: then in all its methods. Docstrings, argument checks (calls of a helper whose
    name begins with ``_``, an ``if`` that only raises) and default values stay. Yields what was changed
    ("mse, line 12: Sub -> Add") and the names of the changed module.
    """
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    for place in range(len(list(_changes(tree, names)))):
        changed = copy.deepcopy(tree)
        what, apply = list(_changes(changed, names))[place]
        apply()
        space: dict[str, object] = {"__name__": module.__name__}
        exec(compile(changed, module.__file__, "exec"), space)
        yield what, SimpleNamespace(**space)


def survivors(
    module: ModuleType, names: Sequence[str], compare: Callable[[SimpleNamespace], None]
) -> list[str]:
    """The mutants that ``compare`` lets pass; it raises whatever it likes for the others."""
    alive = []
    for what, mutant in mutants(module, names):
        try:
            compare(mutant)
        except Exception:  # a mutant may fail in any way
            continue
        alive.append(what)
    return alive


Part = tuple[ModuleType, Sequence[str], Callable[[SimpleNamespace, SimpleNamespace], None]]


def unseen_changes(parts: Sequence[Part], book: SimpleNamespace) -> dict[str, int]:
    """How many mutants live for each kind of change ("mse: Add -> Sub"), over all parts of a settled module.

    A part's comparison takes a version of the module and the notebook's definitions.
    """
    lived: Counter[str] = Counter()
    for module, names, compare in parts:
        alive = survivors(module, names, lambda made, compare=compare: compare(made, book))
        lived.update(re.sub(r", line \d+", "", what) for what in alive)
    return dict(lived)


def _changes(tree: ast.Module, names: Sequence[str]) -> Iterator[Change]:
    for top in tree.body:
        if getattr(top, "name", None) in names:
            for function in ast.walk(top):
                if isinstance(function, ast.FunctionDef):
                    for statement in function.body:
                        if not _only_checks(statement):
                            for node in ast.walk(statement):
                                yield from ((f"{function.name}, {what}", make) for what, make in _of(node))


def _only_checks(statement: ast.stmt) -> bool:
    """Whether a statement is a docstring or only looks at the arguments."""
    if isinstance(statement, ast.If):
        return all(isinstance(inner, ast.Raise) for inner in statement.body)
    if not isinstance(statement, ast.Expr):
        return False
    value = statement.value
    name = getattr(value.func, "id", "") if isinstance(value, ast.Call) else ""
    return isinstance(value, ast.Constant) or name.startswith("_")


def _of(node: ast.AST) -> Iterator[Change]:
    """The changes that one node of a tree allows."""
    line = f"line {getattr(node, 'lineno', 0)}"
    if isinstance(node, ast.BinOp | ast.UnaryOp | ast.AugAssign) and type(node.op) in OPERATORS:
        new = OPERATORS[type(node.op)]
        yield f"{line}: {type(node.op).__name__} -> {new.__name__}", lambda: setattr(node, "op", new())
    if isinstance(node, ast.Compare) and type(node.ops[0]) in OPERATORS:
        other = OPERATORS[type(node.ops[0])]
        yield (
            f"{line}: {type(node.ops[0]).__name__} -> {other.__name__}",
            lambda: setattr(node, "ops", [other()]),
        )
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield f"{line}: {node.value} -> {node.value + 1}", lambda: setattr(node, "value", node.value + 1)
    if isinstance(node, ast.Attribute) and node.attr in METHODS:
        yield (
            f"{line}: {node.attr} -> {METHODS[node.attr]}",
            lambda: setattr(node, "attr", METHODS[node.attr]),
        )
