"""Rules of a notebook: each function takes one in memory and returns what breaks the rule, one sentence each.

``test_layout.py`` holds the book's notebooks against them, and proves each rule by a notebook that breaks it.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

from nbformat import NotebookNode

from book.notebooks import cell_name
from tests.notebook_text import CODE, LINK, cells, flat, imported, links, output_texts, texts

# --- text that reads right everywhere --------------------------------------------------------------

MYST_TEXT = {
    "a role": re.compile(r"\{[A-Za-z][\w:.+-]*\}" + CODE),
    "a label": re.compile(r"^\([\w:. -]+\)=\s*$", re.M),
    "a ::: block": re.compile(r"^:{3,}", re.M),
    "a substitution": re.compile(r"\{\{.*?\}\}"),
    "a footnote": re.compile(r"\[\^[^\]]+\]"),
    "an attribute": re.compile(rf"(?:^|{LINK}|{CODE})\{{[.#%][^}}]*\}}", re.M),
    "a comment": re.compile(r"^% ", re.M),
    "a block break": re.compile(r"^\+\+\+", re.M),
}

UNTRANSLATED = re.compile(r"<(details|summary)\b|class=[\"']admonition")


def raw_myst(notebook: NotebookNode) -> list[str]:
    """MyST's own marks, which JupyterLab, Colab and GitHub show as they are."""
    found = []
    for name, cell in cells(notebook, "markdown"):
        for text in texts(cell.source):
            found += [f"{name}: {what} of MyST" for what, mark in MYST_TEXT.items() if mark.search(text)]
        for token in flat(cell.source):
            if token.type == "fence" and token.info.strip().startswith("{"):
                found.append(f"{name}: a directive of MyST: {token.info.strip()}")
            if token.type == "math_block_label":
                found.append(f"{name}: an equation label of MyST: {token.info}")
            if "html" in token.type and UNTRANSLATED.search(token.content):
                found.append(f"{name}: HTML that translation loses: {token.content[:40]}")
    return found


def dead_links(notebook: NotebookNode, folder: Path) -> list[str]:
    """Links to a file that is not there; ``folder`` is the notebook's."""
    found = []
    for name, cell in cells(notebook, "markdown"):
        for target in links(cell.source):
            if re.match(r"[a-z][a-z0-9+.-]*:", target, re.I) or target.startswith("#"):
                continue
            path = unquote(target.partition("#")[0])
            if not path or path.startswith("/") or not (folder / path).is_file():
                found.append(f"{name}: a link to {target!r}, which is not there")
    return found


def missing_alt(notebook: NotebookNode) -> list[str]:
    """Images, in the text and in outputs, without a text that says what they show."""
    found = []
    for name, cell in cells(notebook, "markdown"):
        for token in flat(cell.source):
            if token.type == "image" and not token.content.strip():
                found.append(f"{name}: an image without alt text")
            if "html" in token.type:
                found += [f"{name}: {tag}" for tag in tags_without_alt(token.content)]
    for name, cell in cells(notebook, "code"):
        for output in cell.outputs:
            data = output.get("data", {})
            found += [f"{name}: {tag}" for tag in tags_without_alt(data.get("text/html", ""))]
            if any(kind.startswith("image/") for kind in data):
                found.append(f"{name}: an image that `show` did not make, without alt text")
    return found


ALT = re.compile(r"""(?<![\w-])alt=(["'])(?!\s*\1)""", re.I)


def tags_without_alt(page: str) -> list[str]:
    """The ``<img>`` of a piece of HTML whose ``alt`` is missing or empty, shortened."""
    images = re.findall(r"<img\b(?:\"[^\"]*\"|'[^']*'|[^>\"'])*>", page, re.I)
    return [f"{tag[:40]} without alt text" for tag in images if not ALT.search(tag)]


def absolute_paths(notebook: NotebookNode) -> list[str]:
    """Paths of one machine, in a source or an output."""
    home = r"(?<![\w.:/])/(?:root|home|work|tmp|Users|opt|usr|mnt|content|private|var)/"
    path = re.compile(home + r"|(?<!\w)[A-Za-z]:\\\w|file://")
    found = []
    for index, cell in enumerate(notebook.cells):
        found += [f"{cell_name(notebook, index)}: {match[0]}" for match in path.finditer(cell.source)]
    return found + [f"an output: {m[0]}" for text in output_texts(notebook) for m in path.finditer(text)]


# --- code ------------------------------------------------------------------------------------------

FIRST = (
    "import utils\nfrom utils.runtime import start\n\n"
    'assert utils.PROJECT == "Large Models from Zero"  # not another package of that name\n'
)


def first_cell(notebook: NotebookNode) -> list[str]:
    """The first code cell makes sure of the helper package, and starts it."""
    sources = [cell.source for _, cell in cells(notebook, "code")]
    good = sources and sources[0].startswith(FIRST) and re.search(r"\bstart\(seed=\d+", sources[0])
    return (
        [] if good else ["the first code cell does not import utils, assert its name and call start(seed=)"]
    )


def imports_notebooks(notebook: NotebookNode) -> list[str]:
    """Code that takes something from another notebook, or from tests or build tools."""
    direct = re.compile(
        r"^\s*%(?:run|load)\b|\.ipynb\b|import_ipynb|importnb|nbimport|runpy|run_line_magic", re.M
    )
    folders = {"chapters", "labs", "tests", "book"}
    found = []
    for name, cell in cells(notebook, "code"):
        found += [f"{name}: {match[0].strip()}" for match in direct.finditer(cell.source)]
        modules = [module for module in imported(cell.source) if module.partition(".")[0] in folders]
        found += [f"{name}: imports {module}" for module in modules]
    return found
