"""Modules with one refusal taken out: a list of cases is complete when it notices each of them."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType


def without_a_refusal(path: Path) -> Iterator[tuple[str, str]]:
    """(what was taken out, the source without it) for each ``raise`` of the module."""
    source = path.read_text(encoding="utf-8")
    for place in [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Raise)]:
        tree = ast.parse(source)
        mutant = _Remove(place.lineno).visit(tree)
        yield f"{path.name}:{place.lineno} {ast.unparse(place)}", ast.unparse(mutant)


def run_as_module(name: str, source: str) -> ModuleType:
    """A new module of that name from the source; it takes the name's place until a test puts it back."""
    module = ModuleType(name)
    sys.modules[name] = module
    exec(compile(source, f"<{name}>", "exec"), module.__dict__)
    return module


class _Remove(ast.NodeTransformer):
    def __init__(self, line: int) -> None:
        self.line = line

    def visit_Raise(self, node: ast.Raise) -> ast.stmt:
        return ast.copy_location(ast.Pass(), node) if node.lineno == self.line else node
