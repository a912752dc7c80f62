"""Every equation that states a derivative has a name, and a code cell that asserts it."""

from __future__ import annotations

import ast
import re

from nbformat import NotebookNode

from book.notebooks import tags
from tests.notebook_text import cells, equations, parsed

DERIVATIVE = re.compile(
    r"\\partial|\\nabla|\\[dt]?frac\{(?:d(?!_)|\\mathrm\{?d\b)|[A-Za-z}](?:'|\^\{?\\prime\}?)\("
)
BARE = re.compile(r"\\?[A-Za-z]+(?:\{[^{}]*\})?(?:[_^](?:\w|\\\w+|\{[^{}]*\}))*")


def sides(equation: str) -> list[str]:
    """An equation split at its ``=`` outside of braces, spelling that does not matter taken out."""
    plain = re.sub(r"\\(?:begin|end)\{\w+\*?\}|\\left|\\right|\\[,;:! ]|\\quad|&|\\\\|\s", "", equation)
    plain = re.sub(r"\\[dt]frac", r"\\frac", plain)
    parts, depth = [""], 0
    for letter in plain:
        depth += (letter == "{") - (letter == "}")
        if letter == "=" and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def is_one_term(text: str) -> bool:
    """Whether nothing is added or subtracted, brackets left aside; a sign in front is part of the term."""
    outside = None
    while outside != text:
        outside, text = text, re.sub(r"\{[^{}]*\}|\([^()]*\)", "", text)
    return not re.search(r"[+-]|\\pm|\\mp", text[1:])


def stated_derivative(equation: str) -> str | None:
    """The derivative that an equation gives a value to, or None.

    On the right it is stated if it stands alone there, and the left is more than the symbol that it defines:
    an update, a series and a name for a gradient state nothing.
    """
    parts = sides(equation)
    if len(parts) < 2:
        return None
    stated = [part for part in parts[:-1] if DERIVATIVE.search(part)]
    defines = BARE.fullmatch(parts[-2].rstrip(":"))
    if not stated and not defines and DERIVATIVE.search(parts[-1]) and is_one_term(parts[-1]):
        stated = [parts[-1]]
    return stated[0] if stated else None


def unchecked_derivatives(notebook: NotebookNode) -> list[str]:
    """Derivatives without a name, and names without a code cell that asserts them."""
    checked, found, named = checks(notebook), [], set()
    for name, cell in cells(notebook, "markdown"):
        stated = {stated_derivative(equation) for equation in equations(cell.source)} - {None}
        names = cell.metadata.get("derivative", [])
        if not isinstance(names, list):
            found.append(f'{name}: "derivative" in its metadata is a list of names')
            continue
        if len(set(names)) < len(stated):
            what = ", ".join(sorted(stated))
            found.append(f"{name}: states {len(stated)} derivatives ({what}) and names {names}")
        found += [f"{name}: no cell checks {each!r}" for each in names if each not in checked]
        named |= set(names)
    unknown = [(where, each) for each, where in checked.items() if each not in named]
    return found + [f"{where}: checks {each!r}, which no cell states" for where, each in unknown]


def checks(notebook: NotebookNode) -> dict[str, str]:
    """Name of a derivative -> the code cell that checks it: one that runs and holds an assertion."""
    found = {}
    for name, cell in cells(notebook, "code"):
        if asserts(cell.source) and not {"nbval-skip", "raises-exception"} & set(tags(cell)):
            found |= dict.fromkeys(cell.metadata.get("checks", []), name)
    return found


def asserts(source: str) -> bool:
    """Whether code asserts: the statement, or a call like ``assert_close(...)``."""
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.Assert) and not isinstance(node.test, ast.Constant):
            return True
        if isinstance(node, ast.Call):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if called.startswith("assert_") or called == "gradcheck":
                return True
    return False
