"""Small changes to a right solution, each of which an exercise's check must notice.

``mutants(function)`` changes one place at a time in the function's syntax tree: an operator, a comparison, a
constant, an axis, a keyword, a function for its sibling, a statement left out. ``survivors`` says which
changes pass.
"""

from __future__ import annotations

import ast
import copy
import inspect
import textwrap
from collections.abc import Callable, Collection, Iterator
from typing import Any

from utils.exercises import client
from utils.exercises.core import Exercise
from utils.exercises.outcome import SEED, execute_here, run

OPERATORS: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.Mult,),
}
COMPARISONS: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_PAIRS = (
    ("sum", "mean"),
    ("max", "min"),
    ("amax", "amin"),
    ("maximum", "minimum"),
    ("argmax", "argmin"),
    ("zeros", "ones"),
    ("zeros_like", "ones_like"),
    ("sin", "cos"),
)
SIBLINGS = {a: b for pair in _PAIRS for a, b in (pair, pair[::-1])}
DROPPED = {"exp", "log", "sqrt", "tanh", "sigmoid", "relu", "abs", "square", "softmax", "log_softmax", "t"}
TRANSPOSES = {"T", "mT"}


def _constants(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, (int, float)):
        yield ast.Constant(node.value + 1)
        yield ast.Constant(node.value - 1) if node.value not in (1, 2) else ast.Constant(0)


def _swapped(
    node: Any, field: str, table: dict[type[ast.AST], tuple[type[ast.AST], ...]]
) -> Iterator[ast.AST]:
    for other in table.get(type(getattr(node, field)), ()):
        changed = copy.copy(node)
        setattr(changed, field, other())
        yield changed


def _calls(node: ast.Call) -> Iterator[ast.AST]:
    """The call without each of its keywords; a shorter range; for exp(x) and x.exp(), what they were given."""
    if isinstance(node.func, ast.Name) and node.func.id == "range":
        shorter = ast.BinOp(node.args[-1], ast.Sub(), ast.Constant(1))
        yield ast.Call(node.func, [*node.args[:-1], shorter], [])
    for i in range(len(node.keywords)):
        yield ast.Call(node.func, node.args, node.keywords[:i] + node.keywords[i + 1 :])
    if isinstance(node.func, ast.Attribute) and node.func.attr in DROPPED:
        is_module = isinstance(node.func.value, ast.Name) and node.func.value.id in (
            "torch",
            "F",
            "np",
            "math",
        )
        inner = node.args[:1] if is_module else [node.func.value]
        yield from inner


def _others(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in a node's place."""
    if isinstance(node, (ast.BinOp, ast.AugAssign)):
        yield from _swapped(node, "op", OPERATORS)
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        for other in COMPARISONS.get(type(node.ops[0]), ()):
            yield ast.Compare(node.left, [other()], node.comparators)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Not)):
        yield node.operand
    elif isinstance(node, ast.Constant):
        yield from _constants(node)
    elif isinstance(node, ast.Call):
        yield from _calls(node)
    elif isinstance(node, ast.Attribute) and node.attr in TRANSPOSES:
        yield node.value
    if isinstance(node, ast.Attribute) and node.attr in SIBLINGS:
        yield ast.Attribute(node.value, SIBLINGS[node.attr], node.ctx)
    if isinstance(node, ast.Name) and node.id in ("max", "min"):
        yield ast.Name(SIBLINGS[node.id], node.ctx)
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.Return)) or (
        isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)
    ):
        yield ast.Pass()


class _Replace(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)


def mutated_trees(source: str) -> Iterator[tuple[str, ast.Module]]:
    """Every change to a source, one at a time: (what was changed, the changed tree)."""
    tree = ast.parse(textwrap.dedent(source))
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            node.decorator_list = []
    for place, node in enumerate(ast.walk(tree)):
        for choice, new in enumerate(_others(node)):
            changed = copy.deepcopy(tree)
            old = list(ast.walk(changed))[place]
            new_there = list(_others(old))[choice]
            _Replace(old, new_there).visit(changed)
            line = getattr(node, "lineno", 0)
            yield (
                f"line {line}: {ast.unparse(node)} -> {ast.unparse(new)}",
                ast.fix_missing_locations(changed),
            )


def mutants(
    function: Callable[..., Any] | str, name: str | None = None, namespace: dict[str, Any] | None = None
) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every mutant of a function, or of a source text with the name of the function in it and its globals."""
    if isinstance(function, str):
        source, outside = function, dict(namespace or {})
    else:
        source, name = inspect.getsource(function), function.__name__
        outside = {**function.__globals__, **inspect.getclosurevars(function).nonlocals}
    for description, tree in mutated_trees(source):
        inside = dict(outside)
        exec(compile(tree, f"<mutant of {name}>", "exec"), inside)
        yield description, inside[name]


def survivors(
    exercise: Exercise,
    function: Callable[..., Any],
    equivalent: Collection[str] = (),
    seconds: float = 20.0,
) -> list[str]:
    """The mutants of a right solution that pass the check, without those listed as meaning the same.

    A source with ``while`` runs in the worker, since a change may make it endless; the rest runs here. Raises
    AssertionError for a listed change that was noticed after all, or does not exist.
    """
    execute = client.execute if "while" in inspect.getsource(function) else execute_here
    passed = [
        description
        for description, mutant in mutants(function)
        if run(exercise, mutant, SEED, seconds, execute).passed
    ]
    unneeded = set(equivalent) - set(passed)
    assert not unneeded, (
        f"{exercise.id}: listed as meaning the same, but noticed or not there: {sorted(unneeded)}"
    )
    return [description for description in passed if description not in equivalent]
