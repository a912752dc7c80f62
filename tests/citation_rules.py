"""What links to the book's pages, the bibliography and the errata must keep to. Rules return their faults."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from nbformat import NotebookNode
from notebook_text import flat

VENUES = ("journal", "booktitle", "publisher", "howpublished")
ERRS = "The article errs."


# --- links --------------------------------------------------------------------------------------------------


def linked(source: str, page: str) -> list[tuple[str, str]]:
    """(anchor, text) of every link of a Markdown text to a page of the book."""
    found: list[tuple[str, str]] = []
    depth: str | None = None
    for token in flat(source):
        if token.type == "link_open":
            target, _, anchor = str(token.attrs["href"]).partition("#")
            depth = anchor if target.rsplit("/", 1)[-1] == page else None
            found += [(depth, "")] if depth is not None else []
        elif token.type == "link_close":
            depth = None
        elif depth is not None and token.type in ("text", "code_inline"):
            found[-1] = (depth, found[-1][1] + token.content)
    return found


def unknown_anchors(sources: Iterable[str], page: str, known: Iterable[str]) -> list[str]:
    """Anchors of ``page`` that the texts link to and it does not have."""
    wanted = {anchor for source in sources for anchor, _ in linked(source, page) if anchor}
    return sorted(wanted - set(known))


# --- bibliography -------------------------------------------------------------------------------------------


def incomplete(key: str, fields: Mapping[str, str], authors: list[str]) -> list[str]:
    """What an entry lacks: author, title, year, a venue, or a key made of its first author and its year."""
    found = [name for name in ("title", "year") if not fields.get(name, "").strip()]
    if not authors:
        found.append("author")
    if not any(fields.get(name, "").strip() for name in VENUES):
        found.append("venue")
    if not re.fullmatch(r"[a-z]+" + fields.get("year", "none") + r"[a-z]+", key):
        found.append("key")
    return [f"{key}: {what}" for what in found]


def roles(source: str) -> set[str]:
    """Keys cited by MyST roles."""
    keys = re.findall(r"\{cite:\w+\}`([^`]*)`", source)
    return {key.strip() for group in keys for key in group.split(",")}


def misquoted(source: str, years: Mapping[str, tuple[str, str]]) -> list[str]:
    """Citations whose text names another author or year than the entry; ``years``: key -> (surname, year)."""
    found = []
    for key, text in linked(source, "bibliography.md"):
        surname, year = years.get(key, ("", ""))
        if surname not in text or not re.search(rf"\b{year}\b", text):
            found.append(f"{text} -> {key}")
    return found


# --- errata -------------------------------------------------------------------------------------------------


def slug(heading: str) -> str:
    """The anchor that MyST makes of a heading: GitHub's rule."""
    text = "".join(t.content for t in flat(heading) if t.type in ("text", "code_inline"))
    return re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")


def sections(notebook: NotebookNode) -> dict[str, list[str]]:
    """Anchor -> sources of the cells under that heading, up to the next one of any level."""
    found: dict[str, list[str]] = {}
    anchor = ""
    for cell in notebook.cells:
        parts = re.split(r"^(?=#{1,6} )", cell.source, flags=re.M) if cell.cell_type == "markdown" else []
        for part in parts:
            if part.startswith("#"):
                anchor = slug(part.partition("\n")[0].lstrip("# "))
            found.setdefault(anchor, []).append(part)
        if cell.cell_type == "code":
            found.setdefault(anchor, []).append("\n".join(str(o) for o in cell.outputs) and "(output)")
    return found


def boxes(notebook: NotebookNode) -> dict[str, list[str]]:
    """Anchor -> the boxes about the article in that section."""
    found: dict[str, list[str]] = {}
    for anchor, sources in sections(notebook).items():
        for source in sources:
            for line in source.split("\n"):
                if line.startswith(f"> **{ERRS}**"):
                    found.setdefault(anchor, []).append(line)
    return found


def rows(page: str) -> list[list[str]]:
    """Cells of the first table of a Markdown page, row by row, without its head."""
    lines = [line for line in page.split("\n") if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def errata_faults(page: str, notebook: NotebookNode, name: str) -> list[str]:
    """Boxes without a row, and rows that lead to no section, without a run, or about another matter."""
    found = []
    here = {}
    for row in rows(page):
        here |= {anchor: row[0] for anchor, _ in linked(row[-1], name)}
    told = boxes(notebook)
    found += [f"no row for the box in #{anchor}" for anchor in told if anchor not in here]
    inside = sections(notebook)
    for anchor, numbers in here.items():
        if anchor not in inside:
            found.append(f"#{anchor} is no section")
            continue
        text = "\n".join(inside[anchor])
        if "(output)" not in text:
            found.append(f"#{anchor} shows no run")
        found += [f"#{anchor} does not name section {n}" for n in numbers.split(", ") if n not in text]
    return found
