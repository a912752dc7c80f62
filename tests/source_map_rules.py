"""What the map from the article's headings to this book must keep to: each rule returns its findings."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from pathlib import Path

import yaml
from bs4 import BeautifulSoup, Tag
from site_fixtures import ROOT

from book import build

LANGUAGES = tuple(build.TITLES)
HEADINGS = 56
# of the lines "level|number|title" of the article's headings, in its order: a title edited by accident shows
ARTICLE = "04d7025e692f6a8e07f401785d8feaca6886188b9c98b8577af19d585a84f0bd"
SHARED_AT_MOST = 3  # headings that may lead to one anchor
BACK_MATTER = {"tools", "faq", "instructors"}
CITATION = re.compile(r"(^|/)bibliography\.html#\w")
NUMBERED = re.compile(r"\d+(\.\d+)*\.?")

Entry = dict[str, object]


def read_map() -> list[Entry]:
    return yaml.safe_load((ROOT / "book" / "source_map.yml").read_text(encoding="utf-8"))


def known_chapters() -> set[str]:
    """Numbers of all chapters, from the list on the front page."""
    text = (ROOT / "book" / "index.md").read_text(encoding="utf-8")
    return set(re.findall(r"^- \[?(\d\d) ", text, re.MULTILINE))


def standing() -> set[str]:
    """Chapters and pages of the back matter that are written."""
    chapters = {path.name[:2] for path in (ROOT / "chapters").glob("[0-9][0-9]_*.ipynb")}
    return chapters | {name for name in BACK_MATTER if (ROOT / "book" / f"{name}.md").exists()}


def wrong_headings(entries: list[Entry]) -> list[str]:
    """Not the article's headings, in its words and order."""
    lines = "\n".join(f"{e['level']}|{e['number']}|{e['title']}" for e in entries)
    found = [] if len(entries) == HEADINGS else [f"{len(entries)} headings"]
    same = hashlib.sha256(lines.encode()).hexdigest() == ARTICLE
    return found + ([] if same else ["the headings are not those of the article"])


def wrong_numbers(entries: list[Entry]) -> list[str]:
    """Numbers out of order, or on a level that doesn't fit (the article's section 8 is one down)."""
    found, last = [], (0,)
    for entry in entries:
        number, level = str(entry["number"]), entry["level"]
        if not number:
            continue
        if not NUMBERED.fullmatch(number):
            found.append(f"{number} is not a number of a section")
            continue
        parts = tuple(int(part) for part in number.rstrip(".").split("."))
        depth = len(parts)
        expected = (*last[: depth - 1], last[depth - 1] + 1) if depth <= len(last) else (*last, 1)
        fits = level == depth + 1 or (parts == (8,) and level == 3)
        if parts != expected or not fits:
            found.append(f"{number} on level {level} after {'.'.join(map(str, last))}")
        last = parts
    return found


def wrong_targets(entries: list[Entry], chapters: set[str], stands: set[str]) -> list[str]:
    """Entries that are neither covered nor planned, or both, or planned for what isn't planned."""
    found = []
    for entry in entries:
        keys = set(entry) - {"level", "number", "title"}
        if keys == {"planned"}:
            plan = entry["planned"]
            if plan not in chapters | BACK_MATTER:
                found.append(f"{entry['title']}: planned for {plan!r}, which is no chapter or page")
            elif plan in stands:
                found.append(f"{entry['title']}: planned for {plan}, which stands")
        elif keys != {"page", "anchor"}:
            found.append(f"{entry['title']}: has {sorted(keys)}")
    return found


def covered(entries: list[Entry]) -> list[Entry]:
    return [entry for entry in entries if "page" in entry]


def crowded(entries: list[Entry]) -> list[str]:
    """Anchors that too many headings share."""
    shared = Counter(f"{e['page']}#{e['anchor']}" for e in covered(entries))
    return [anchor for anchor, count in shared.items() if count > SHARED_AT_MOST]


def proves_something(section: Tag) -> bool:
    """The section holds the output of a cell, or a citation."""
    if section.select_one(".cell_output"):
        return True
    return any(CITATION.search(str(link.get("href"))) for link in section.find_all("a"))


def uncovered(entries: list[Entry], html: Path) -> list[str]:
    """Pages and anchors that the site lacks, in either language, and sections that show nothing."""
    found = []
    for language in LANGUAGES:
        pages: dict[str, BeautifulSoup] = {}
        for entry in covered(entries):
            where = f"{language}/{entry['page']}#{entry['anchor']}"
            path = html / language / f"{entry['page']}.html"
            if not path.exists():
                found.append(f"{where}: no such page")
                continue
            if str(path) not in pages:
                pages[str(path)] = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
            target = pages[str(path)].find(id=entry["anchor"])
            section = target if target is None or target.name == "section" else target.find_parent("section")
            if section is None:
                found.append(f"{where}: no such section")
            elif not proves_something(section):
                found.append(f"{where}: no executed cell and no citation")
    return found
