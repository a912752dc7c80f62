"""The Chinese edition: all translated, nothing dropped, set as Chinese is; notebooks made from it.

The rules themselves are proved in ``test_wording.py``.
"""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from book import blocks, po, translate
from book.ext.boxes import BOXES as SITE_BOXES
from book.notebooks import read
from book.wording import BOXES, faults

PAGES = po.pages()
NOTEBOOKS = translate.notebooks()
TERMS = po.terms()


@pytest.mark.parametrize("page", PAGES)
def test_every_message_of_a_page_is_translated_and_keeps_the_rules(page):
    entries = po.load(page)
    assert len(entries), f"{page} has no messages: run `make gettext`"
    problems = []
    for entry in entries:
        found = ["it is obsolete"] if entry.obsolete else []
        found += ["it is fuzzy"] if entry.fuzzy else faults(entry.msgid, entry.msgstr, TERMS)
        problems += [f"{problem}: {entry.msgid[:80]!r}" for problem in found]
    assert not problems, f"{len(problems)} faults in {page}:\n" + "\n".join(problems[:30])


def test_translation_files_are_what_the_pages_give():
    command = [sys.executable, "-m", "book.languages", "gettext", "--check"]
    run = subprocess.run(command, cwd=po.ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("page", NOTEBOOKS)
def test_messages_of_a_notebook_are_those_that_sphinx_extracts(page):
    """The notebook and the site must look a translation up under the same key."""
    cells = [cell.source for cell in read(po.source(page)).cells if cell.cell_type == "markdown"]
    found = {block.message for source in cells for block in blocks.blocks(source)}
    assert found == {entry.msgid for entry in po.load(page)}


@pytest.mark.parametrize("page", PAGES)
def test_no_display_formula_stands_inside_a_paragraph(page):
    """Sphinx joins the lines of a paragraph, and ``$$`` in the middle of a line is no formula."""
    assert not [entry.msgid for entry in po.load(page) if "$$" in entry.msgid]


@pytest.mark.parametrize("page", NOTEBOOKS)
def test_chinese_notebook_is_the_english_one_in_chinese(page):
    path = po.ROOT / f"{translate.target(page)}.ipynb"
    assert path.is_file(), f"{path.name} is missing: run python -m book.languages notebooks"
    assert path.read_text(encoding="utf-8") == translate.translate(page, po.translation(page))
    english, chinese = read(po.source(page)), read(path)
    assert english.metadata == chinese.metadata
    for old, new in zip(english.cells, chinese.cells, strict=True):
        assert (old.id, old.cell_type, old.metadata) == (new.id, new.cell_type, new.metadata)
        assert old.cell_type == "markdown" or old == new
        assert old.cell_type != "markdown" or not english_left(new.source), (new.id, english_left(new.source))
        assert old.cell_type == "code" or not broken_links(new.source, path.parent), new.id


def test_no_chinese_notebook_is_left_over():
    made = {f"{translate.target(page)}.ipynb" for page in NOTEBOOKS}
    there = {p.relative_to(po.ROOT).as_posix() for p in po.ROOT.glob(f"*/{po.LANGUAGE}/*.ipynb")}
    assert there == made


def test_every_term_of_the_glossary_shows_both_languages():
    translation = po.translation("book/glossary")
    terms = [m for m in translation if re.fullmatch(r"\S.* \([^()]*[\u4e00-\u9fff][^()]*\)", m)]
    assert len(terms) == len(TERMS) > 40
    for message in terms:
        english, chinese = message.removesuffix(")").split(" (")
        assert translation[message] == f"{chinese}（{english}）"


def test_boxes_have_the_same_labels_in_the_text_and_on_the_site():
    assert {label.rstrip("。.") for pair in BOXES.items() for label in pair} == set(SITE_BOXES)
    for english, chinese in BOXES.items():
        assert SITE_BOXES[english.rstrip(".")] == SITE_BOXES[chinese.rstrip("。")]


def english_left(source: str) -> str:
    """Four English words in a row outside code, formulas, targets, italics and names of terms; "" if none."""
    kept = r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$|\]\([^)]*\)|\*[^*\n]+\*|（[A-Za-z ,-]+）"
    text = re.sub(kept, "，", source, flags=re.DOTALL)
    found = re.search(r"\b[A-Za-z][a-z'’]+(?:[ ,]+[a-z'’]+){3,}", text)
    return found[0] if found else ""


def broken_links(source: str, folder) -> list[str]:
    """Relative links of a Markdown text that lead to no file."""
    targets = [t.partition("#")[0] for t in re.findall(r"\]\(([^)\s]+)\)", source) if "://" not in t]
    return [target for target in targets if target and not (folder / target).is_file()]


def test_the_searches_for_english_and_for_broken_links_find_some():
    assert english_left("这是一句话。This one was left over.") == "This one was left over"
    assert not english_left(
        "用 `torch.autograd.grad of this thing`，见 *On the rate of things*（rate of all things）。"
    )
    assert broken_links("[x](nowhere.ipynb#a) [y](https://pytorch.org)", po.ROOT) == ["nowhere.ipynb"]
