"""The front and back matter: glossary, bibliography, errata, notation, the map, the answers of ``check``."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import nbformat
import pytest
from citation_rules import (
    boxes,
    errata_faults,
    incomplete,
    linked,
    misquoted,
    roles,
    slug,
    unknown_anchors,
)
from page_rules import (
    Term,
    examples,
    glossary,
    glossary_faults,
    map_faults,
    shape_letters,
    symbols,
)
from pybtex.database import parse_file
from site_fixtures import ROOT, Site

from book import build
from book.notebooks import read

NOTEBOOKS = sorted([*ROOT.glob("chapters/[0-9]*.ipynb"), *ROOT.glob("labs/solutions/[0-9]*.ipynb")])
CHAPTERS = sorted(ROOT.glob("chapters/[0-9]*.ipynb"))


def page(name: str) -> str:
    return (ROOT / "book" / f"{name}.md").read_text(encoding="utf-8")


def cells_of(path: Path, kind: str) -> list[str]:
    return [cell.source for cell in read(path).cells if cell.cell_type == kind]


def all_markdown() -> list[str]:
    """Every text of the book: the cells of its notebooks and its pages."""
    pages = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "book").glob("*.md"))]
    return pages + [source for path in NOTEBOOKS for source in cells_of(path, "markdown")]


# --- glossary ----------------------------------------------------------------------------------------------


def test_the_glossary_is_sorted_and_complete():
    terms = glossary(page("glossary"))
    assert len(terms) >= 60
    assert glossary_faults(terms) == []


def test_every_term_that_is_linked_stands_in_the_glossary():
    sources = all_markdown()
    assert sum(len(linked(source, "glossary.md")) for source in sources) > 10
    assert unknown_anchors(sources, "glossary.md", [term.anchor for term in glossary(page("glossary"))]) == []


@pytest.mark.parametrize("language", build.TITLES)
def test_terms_have_their_anchors_on_the_site(site: Site, language: str):
    html = (site.html / language / "book" / "glossary.html").read_text(encoding="utf-8")
    ids = {found.lower() for found in re.findall(r'id="(term-[^"]*)"', html)}  # Sphinx keeps "term-Adam"
    assert {term.anchor for term in glossary(page("glossary"))} - ids == set()


# --- bibliography ------------------------------------------------------------------------------------------


def entries() -> dict:
    return parse_file(str(ROOT / "book" / "references.bib")).entries


def cited(sources: list[str]) -> set[str]:
    links = {anchor for source in sources for anchor, _ in linked(source, "bibliography.md") if anchor}
    return links | {key for source in sources for key in roles(source)}


def test_every_entry_is_complete():
    found = [incomplete(key, e.fields, e.persons.get("author", [])) for key, e in entries().items()]
    assert sum(found, []) == []


def test_works_are_listed_if_and_only_if_they_are_cited():
    used = page("bibliography")
    others = [source for source in all_markdown() if source != used]
    assert cited(others) == set(entries())
    assert roles(used) == set(entries()), "the page says what each work is used for"


def test_citations_name_the_entrys_author_and_year():
    years = {
        key: (str(e.persons["author"][0].last_names[-1]), e.fields["year"]) for key, e in entries().items()
    }
    sources = [source for path in NOTEBOOKS for source in cells_of(path, "markdown")]
    assert any(linked(source, "bibliography.md") for source in sources)
    assert [fault for source in sources for fault in misquoted(source, years)] == []


@pytest.mark.parametrize("language", build.TITLES)
def test_entries_have_their_keys_as_anchors_on_the_site(site: Site, language: str):
    html = (site.html / language / "book" / "bibliography.html").read_text(encoding="utf-8")
    assert set(entries()) - set(re.findall(r'id="([^"]*)"', html)) == set()


# --- errata ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_boxes_about_the_article_and_rows_of_the_errata_belong_together(path: Path):
    assert errata_faults(page("errata"), read(path), path.name) == []


# --- notation ----------------------------------------------------------------------------------------------


def test_symbols_in_formulas_stand_in_the_notation():
    used = symbols(source for path in NOTEBOOKS for source in cells_of(path, "markdown"))
    assert len(used) > 10
    assert used - symbols([page("notation")]) == set()


def test_letters_of_shapes_stand_in_the_notation():
    used = shape_letters(source for path in NOTEBOOKS for source in cells_of(path, "code"))
    known = set(re.findall(r"^\| \$([A-Zn])\$ \|", page("notation"), re.M))
    assert len(used) >= 3
    assert used - known == set()


# --- front page and how to use -----------------------------------------------------------------------------


def test_the_map_shows_what_stands_and_what_is_planned():
    assert map_faults(page("index"), {path.name[:2] for path in CHAPTERS}) == []


def run_example(code: str, folder: Path) -> str:
    """What a cell with ``code`` prints."""
    import torch

    from utils.exercises import check

    path = folder / "cell.py"
    path.write_text(code, encoding="utf-8")
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(code, str(path), "exec"), {"__name__": "__main__", "torch": torch, "check": check})
    return said.getvalue()


EXAMPLES = examples(page("how_to_use"))


def words(said: str) -> list[str]:
    """What is said, word by word: the page breaks long lines, and a loop may be stopped on any line."""
    return (
        re.sub(r"Line \d+ of (\w+): .*", r"Line N of \1", said) if "still running" in said else said
    ).split()


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_check_answers_as_the_page_says(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BOOK_LANG", "en")
    code, said = EXAMPLES[number]
    assert words(run_example(code, tmp_path)) == words(said)


def test_the_examples_show_every_kind_of_answer():
    said = " ".join(answer for _, answer in EXAMPLES)
    kinds = (
        "passed",
        "known mistake",
        "times the expected",
        "has shape",
        "is None",
        "raised",
        "still running",
    )
    assert [kind for kind in (*kinds, "not started") if kind not in said] == []


def test_commands_on_the_pages_exist():
    targets = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "book").glob("*.md")]
    used = {target for text in texts for target in re.findall(r"^make (\w+)|`make (\w+)", text, re.M)}
    assert {"lab", "book"} <= {a or b for a, b in used} <= targets


def test_the_commands_for_windows_are_those_of_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = re.findall(r"^(?:py|\.venv\\).*$", page("how_to_use"), re.M)
    assert len(lines) >= 3
    assert [line for line in lines if line not in readme.splitlines()] == []


# --- the rules, on pages that are wrong --------------------------------------------------------------------


def test_faults_of_a_glossary_are_found():
    good = [Term("Adam", "", "An optimiser."), Term("bias", "偏置", "A number.")]
    assert glossary_faults(good) == []
    assert glossary_faults(good[::-1]) == ["Adam after bias"]
    assert glossary_faults([good[0], good[0]]) == ["Adam after Adam"]
    assert glossary_faults([Term("bias", "", "A number.")]) == ["bias: no Chinese"]
    assert glossary_faults([Term("bias", "偏置", "")]) == ["bias: no definition"]
    assert glossary("```{glossary}\nbias (偏置)\n    A number.\n```") == good[1:]
    assert unknown_anchors(["[x](../book/glossary.md#term-b), `[y](glossary.md#n)`"], "glossary.md", []) == [
        "term-b"
    ]


def test_faults_of_a_bibliography_are_found():
    fields = {"title": "On it", "year": "1986", "journal": "Nature"}
    assert incomplete("a1986on", fields, ["A"]) == []
    for name, what in (("title", "title"), ("journal", "venue")):
        assert incomplete("a1986on", {k: v for k, v in fields.items() if k != name}, ["A"]) == [
            f"a1986on: {what}"
        ]
    assert incomplete("a1986on", fields, []) == ["a1986on: author"]
    assert incomplete("a1987on", fields, ["A"]) == ["a1987on: key"]
    years = {"a1986on": ("Abel", "1986")}
    assert misquoted("[Abel, 1986](../book/bibliography.md#a1986on)", years) == []
    assert misquoted("[Abel, 1987](../book/bibliography.md#a1986on)", years) == ["Abel, 1987 -> a1986on"]
    assert misquoted("[Cain, 1986](../book/bibliography.md#a1986on)", years) == ["Cain, 1986 -> a1986on"]


HEAD = "| section | says | right | shown |\n| --- | --- | --- | --- |\n"


def errs_notebook(outputs: int = 1) -> nbformat.NotebookNode:
    shown = [nbformat.v4.new_output("stream", text="1")] * outputs
    text = "## The sign\n\n> **The article errs.** Section 4.2 has it wrong.\n\n"
    return nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell(text), nbformat.v4.new_code_cell("print(1)", outputs=shown)]
    )


@pytest.mark.parametrize(
    ("row", "outputs", "faults"),
    [
        ("| 4.2 | a | b | [run](../chapters/x.ipynb#the-sign) |", 1, []),
        ("| 4.2 | a | b | [run](../chapters/y.ipynb#the-sign) |", 1, ["no row for the box in #the-sign"]),
        ("| 4.2 | a | b | [run](../chapters/x.ipynb#the-sign) |", 0, ["#the-sign shows no run"]),
        ("| 4.3 | a | b | [run](../chapters/x.ipynb#the-sign) |", 1, ["#the-sign does not name section 4.3"]),
        (
            "| 4.2 | a | b | [run](../chapters/x.ipynb#the-size) |",
            1,
            ["no row for the box in #the-sign", "#the-size is no section"],
        ),
    ],
)
def test_faults_of_the_errata_are_found(row: str, outputs: int, faults: list[str]):
    notebook = errs_notebook(outputs)
    assert list(boxes(notebook)) == ["the-sign"]
    assert errata_faults(HEAD + row, notebook, "x.ipynb") == faults


def test_symbols_and_letters_are_found():
    assert symbols([r"With $\alpha \odot W^\top$ and `$\beta$`, $\pi$."]) == {r"\alpha", r"\odot", r"\top"}
    assert shape_letters(["f(C, N)  # (B, T, 3)", '"""(M,) biases, (a, b)"""']) == {"B", "T", "M"}
    assert slug("What the `backward` pass costs, once") == "what-the-backward-pass-costs-once"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("class c01,c02", "class c02"),
        ("c15 planned", "c01 planned"),
        ("click c04", "%% c04"),
        ("- [04 Mathematics]", "- [04 Maths]"),
        ("- 14 Applications (planned)", "- 14 Applications"),
        ("- 15 Outlook (planned)", "- 16 Outlook (planned)"),
        ('c15["15 Outlook', 'c15["15 Overview'),
    ],
)
def test_faults_of_the_map_are_found(old: str, new: str):
    text = page("index")
    assert old in text
    assert map_faults(text.replace(old, new), {path.name[:2] for path in CHAPTERS})
