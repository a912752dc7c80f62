"""A notebook taken apart: prose without code and maths, equations, links, imports, and what outputs show."""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from nbformat import NotebookNode

from book.notebooks import cell_name

PARSER = MarkdownIt("commonmark").enable("table")
PARSER.use(dollarmath_plugin, allow_labels=True, double_inline=True)
CODE, MATHS, LINK = "\x00", "\x01", "\x02"  # what stands for a piece that is left out of a text


def cells(notebook: NotebookNode, kind: str) -> Iterator[tuple[str, NotebookNode]]:
    """(its name, the cell) for every cell of one kind."""
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == kind:
            yield cell_name(notebook, index), cell


def flat(source: str) -> Iterator[Token]:
    """All tokens of a Markdown text, those inside a paragraph too."""
    for token in PARSER.parse(source):
        yield token
        yield from token.children or []


def texts(source: str, headings: bool = True) -> Iterator[str]:
    """The prose of each paragraph; code, maths and links each replaced by one character."""
    tokens = PARSER.parse(source)
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "html_block":
            yield re.sub(r"<[^>]*>", " ", token.content)
        elif token.type == "inline" and (headings or before is None or before.type != "heading_open"):
            yield "".join(pieces(token.children or []))


def pieces(tokens: list[Token]) -> Iterator[str]:
    """The pieces of one paragraph, see ``texts``."""
    depth = 0
    stand_ins = {"code_inline": CODE, "math_inline": MATHS, "math_inline_double": MATHS, "image": LINK}
    for token in tokens:
        if token.type == "link_close":
            depth -= 1
            yield LINK
        elif token.type == "link_open":
            depth += 1
        elif depth:
            continue
        elif token.type in ("softbreak", "hardbreak"):
            yield "\n"
        elif token.type == "text":
            yield token.content
        else:
            yield stand_ins.get(token.type, "")


def equations(source: str) -> list[str]:
    """The maths of a Markdown text, inline and displayed."""
    kinds = ("math_inline", "math_inline_double", "math_block", "math_block_label")
    return [token.content for token in flat(source) if token.type in kinds]


def output_texts(notebook: NotebookNode) -> list[str]:
    """Every text that a notebook's cells have shown, HTML without the images' data."""
    found = []
    for _, cell in cells(notebook, "code"):
        for output in cell.outputs:
            found.append(output.get("text", ""))
            data = output.get("data", {})
            found += [str(data[kind]) for kind in data if kind.startswith("text/")]
            found.append(f"{output.get('ename', '')} {output.get('evalue', '')}")
    return [html.unescape(re.sub(r"data:image/png;base64,[A-Za-z0-9+/=]+", "", text)) for text in found]


def links(source: str) -> Iterator[str]:
    """The targets of a text's links and pictures."""
    for token in flat(source):
        if token.type in ("link_open", "image"):
            yield str(token.attrs.get("href", token.attrs.get("src", "")))
        elif "html" in token.type:
            yield from re.findall(r"(?:href|src)\s*=\s*[\"']([^\"']*)[\"']", token.content)


def parsed(source: str) -> ast.Module:
    """A code cell as a syntax tree; lines of IPython's magic are left out."""
    lines = ["" if line.lstrip().startswith(("%", "!")) else line for line in source.split("\n")]
    return ast.parse("\n".join(lines))


def imported(source: str) -> list[str]:
    """The modules that a piece of code imports, anywhere in it."""
    found = []
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append("." * node.level + (node.module or ""))
    return found
