"""Chinese notebooks from the English ones: text from the .po file, code cells and outputs as they are."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from book import blocks, po
from book.notebooks import read, to_text

LANGUAGE = po.LANGUAGE


def notebooks() -> list[str]:
    """The pages that are notebooks: "chapters/04_math", ..."""
    return [page for page in po.pages() if (po.ROOT / f"{page}.ipynb").is_file()]


def target(page: str) -> str:
    """Where the Chinese notebook of a page stands: "chapters/zh_CN/04_math"."""
    folder, name = posixpath.split(page)
    return f"{folder}/{LANGUAGE}/{name}"


def translate(page: str, translation: Mapping[str, str], allow_missing: bool = False) -> str:
    """The text of the Chinese notebook of ``page``.

    Raises ``ValueError`` that names the cell if a block has no translation (unless ``allow_missing``) or
    cannot be put in its place.
    """
    notebook = read(po.source(page))
    translated = set(notebooks())
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            continue
        missing = [b.message for b in blocks.blocks(cell.source) if b.message not in translation]
        if missing and not allow_missing:
            raise ValueError(f"{page}, cell {cell.id}: no translation of {missing[0]!r}")
        try:
            cell.source = relink(blocks.replace(cell.source, translation), page, translated)
        except ValueError as error:
            raise ValueError(f"{page}, cell {cell.id}: {error}") from error
    return to_text(notebook)


def relink(text: str, page: str, translated: set[str]) -> str:
    """Rewrite the relative links of ``text`` for a notebook that stands one folder deeper than ``page``."""
    for href in sorted(_links(text), key=len, reverse=True):
        path, mark, anchor = href.partition("#")
        if not path or re.match(r"[a-z]+:|/", path):
            continue
        goal = posixpath.normpath(posixpath.join(posixpath.dirname(page), path))
        if goal.removesuffix(".ipynb") in translated:
            goal = target(goal.removesuffix(".ipynb")) + ".ipynb"
        new = posixpath.relpath(goal, posixpath.dirname(target(page)))
        text = re.sub(rf"\]\({re.escape(href)}(?=[\s)])", lambda _, new=new + mark + anchor: f"]({new}", text)
    return text


def _links(text: str) -> set[str]:
    found = set()
    for token in blocks.parser().parse(text):
        for child in token.children or []:
            if child.type in ("link_open", "image"):
                found.add(child.attrs.get("href") or child.attrs["src"])
    return found
