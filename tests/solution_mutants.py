"""Every small change to a function that a careless hand could make: what a check has to notice.

One change a mutant: another operator, a term left out, another number or axis, a method exchanged for its
neighbour, a transpose or a statement dropped, two returned values exchanged. Lines count from the function's
``def``.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator

OPERATORS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.Pow: ast.Mult,
    ast.NotIn: ast.In,
}
NAMES = {
    "mean": "sum",
    "sum": "mean",
    "max": "min",
    "exp": "exp2",
    "tanh": "sigmoid",
    "sqrt": "abs",
    "softmax": "sigmoid",
    "zeros_like": "ones_like",
    "values": "indices",
}
Change = tuple[str, Callable[[], None]]


def mutants(function: ast.FunctionDef) -> Iterator[tuple[str, ast.FunctionDef]]:
    """(what was changed, the changed function), one for each possible change."""
    for place in range(len(list(_changes(function)))):
        changed = copy.deepcopy(function)
        what, apply = list(_changes(changed))[place]
        apply()
        yield what, ast.fix_missing_locations(changed)


def _changes(function: ast.FunctionDef) -> Iterator[Change]:
    for parent in ast.walk(function):
        yield from _dropped_statements(parent)
        for field, node in list(_children(parent)):
            yield from _replaced(parent, field, node)
        yield from _inside(parent)


def _children(parent: ast.AST) -> Iterator[tuple[tuple[str, int | None], ast.AST]]:
    for name, value in ast.iter_fields(parent):
        if isinstance(value, list):
            yield from (((name, i), item) for i, item in enumerate(value) if isinstance(item, ast.AST))
        elif isinstance(value, ast.AST):
            yield (name, None), value


def _put(parent: ast.AST, field: tuple[str, int | None], new: ast.AST) -> None:
    name, i = field
    if i is None:
        setattr(parent, name, new)
    else:
        getattr(parent, name)[i] = new


def _dropped_statements(parent: ast.AST) -> Iterator[Change]:
    for name in ("body", "orelse"):
        block = getattr(parent, name, None)
        for i, statement in enumerate(block if isinstance(block, list) else ()):
            if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
                what = f"line {statement.lineno}: without `{ast.unparse(statement).splitlines()[0]}`"
                yield what, lambda block=block, i=i: block.__setitem__(i, ast.Pass())


def _replaced(parent: ast.AST, field: tuple[str, int | None], node: ast.AST) -> Iterator[Change]:
    """Changes that put something else in the place of a node: a part of it."""
    parts = []
    if isinstance(node, ast.BinOp):
        parts = [node.left, node.right]
    elif isinstance(node, ast.UnaryOp):
        parts = [node.operand]
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        parts = [node.value]
    for part in parts:
        what = f"line {node.lineno}: `{ast.unparse(node)}` -> `{ast.unparse(part)}`"
        yield what, lambda part=part: _put(parent, field, part)
    if isinstance(node, ast.AugAssign):
        assign = ast.Assign([node.target], node.value)
        yield f"line {node.lineno}: `{ast.unparse(node)}` -> `=`", lambda: _put(parent, field, assign)


def _inside(node: ast.AST) -> Iterator[Change]:
    """Changes within a node: its operator, number, name, or the order of its values."""
    text = f"line {node.lineno}: `{ast.unparse(node)}`" if isinstance(node, (ast.expr, ast.stmt)) else ""
    if isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in OPERATORS:
        new = OPERATORS[type(node.op)]
        yield f"{text}: {new.__name__}", lambda: setattr(node, "op", new())
    if isinstance(node, ast.Compare) and type(node.ops[0]) in OPERATORS:
        yield f"{text}: in", lambda: setattr(node, "ops", [OPERATORS[type(node.ops[0])]()])
    if isinstance(node, ast.Constant) and isinstance(node.value, (bool, int, float)):
        others = [not node.value] if isinstance(node.value, bool) else [node.value + 1, node.value - 1]
        for other in others:
            yield f"{text} -> {other}", lambda other=other: setattr(node, "value", other)
    if isinstance(node, ast.Attribute) and node.attr in NAMES:
        yield f"{text}: {NAMES[node.attr]}", lambda: setattr(node, "attr", NAMES[node.attr])
    if isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load) and len(node.elts) > 1:
        for i in range(len(node.elts) - 1):
            elements = [*node.elts[:i], node.elts[i + 1], node.elts[i], *node.elts[i + 2 :]]
            yield f"{text}: {i} and {i + 1} exchanged", lambda e=elements: setattr(node, "elts", e)
