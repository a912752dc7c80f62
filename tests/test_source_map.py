"""The map from the article's headings to this book, held against the built site; rules are fed bad maps."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
from site_fixtures import Site
from source_map_rules import (
    LANGUAGES,
    SHARED_AT_MOST,
    Entry,
    covered,
    crowded,
    known_chapters,
    read_map,
    standing,
    uncovered,
    wrong_headings,
    wrong_numbers,
    wrong_targets,
)

# --- the map ------------------------------------------------------------------------------------------------


def test_all_headings_of_the_article_in_order():
    assert wrong_headings(read_map()) == []
    assert wrong_numbers(read_map()) == []


def test_each_heading_is_covered_or_planned():
    chapters = known_chapters()
    assert chapters == {f"{number:02}" for number in range(1, 16)}
    assert wrong_targets(read_map(), chapters, standing()) == []
    assert covered(read_map()), "nothing is covered"


def test_no_anchor_is_shared_by_many():
    assert crowded(read_map()) == []


def test_covered_headings_lead_to_sections_that_show_something(site: Site):
    assert uncovered(read_map(), site.html) == []


# --- the checks, on maps that are wrong ---------------------------------------------------------------------

Change = Callable[[list[Entry]], object]


def index(entries: list[Entry], **wanted: object) -> int:
    return next(i for i, e in enumerate(entries) if all(e[key] == value for key, value in wanted.items()))


def swap(entries: list[Entry]) -> None:
    at = index(entries, number="4.1")
    entries[at], entries[at + 1] = entries[at + 1], entries[at]


def planned(entries: list[Entry]) -> Entry:
    return next(entry for entry in entries if "planned" in entry)


WRONG_HEADINGS: dict[str, Change] = {
    "one missing": lambda e: e.pop(),
    "one twice": lambda e: e.append(e[-1]),
    "swapped": swap,
    "another title": lambda e: e[0].update(title="背景"),
    "another level": lambda e: e[-1].update(level=4),
    "a number left out": lambda e: e[index(e, number="8.")].update(number=""),
}
WRONG_NUMBERS: dict[str, Change] = {
    "one missing": lambda e: e.pop(index(e, number="3.2.2")),
    "swapped": swap,
    "another level": lambda e: e[index(e, number="4.2")].update(level=4),
    "no number": lambda e: e[index(e, number="4.2")].update(number="IV.2"),
}
WRONG_TARGETS: dict[str, Change] = {
    "neither": lambda e: planned(e).pop("planned"),
    "both": lambda e: planned(e).update(page="chapters/04_math", anchor="one-neuron"),
    "no anchor": lambda e: e[index(e, number="4.1")].pop("anchor"),
    "no such chapter": lambda e: planned(e).update(planned="16"),
    "no such page": lambda e: planned(e).update(planned="appendix"),
    "a number without quotes": lambda e: planned(e).update(planned=6),
    "a chapter that stands": lambda e: planned(e).update(planned="04"),
}


@pytest.mark.parametrize("name", WRONG_HEADINGS)
def test_wrong_headings_are_found(name: str):
    entries = copy.deepcopy(read_map())
    WRONG_HEADINGS[name](entries)
    assert wrong_headings(entries)


@pytest.mark.parametrize("name", WRONG_NUMBERS)
def test_wrong_numbers_are_found(name: str):
    entries = copy.deepcopy(read_map())
    WRONG_NUMBERS[name](entries)
    assert wrong_numbers(entries)


@pytest.mark.parametrize("name", WRONG_TARGETS)
def test_wrong_targets_are_found(name: str):
    entries = copy.deepcopy(read_map())
    WRONG_TARGETS[name](entries)
    assert len(wrong_targets(entries, known_chapters(), standing())) == 1


def test_a_crowded_anchor_is_found():
    entries = copy.deepcopy(read_map())
    for entry in entries[: SHARED_AT_MOST + 1]:
        entry.update(page="chapters/04_math", anchor="relu")
    assert crowded(entries) == ["chapters/04_math#relu"]


@pytest.mark.parametrize(
    ("page", "anchor", "why"),
    [
        ("chapters/16_none", "one-neuron", "no such page"),
        ("chapters/04_math", "two-neurons", "no such section"),
        ("chapters/04_math", "summary", "no executed cell and no citation"),
        ("book/notation", "shapes", "no executed cell and no citation"),
    ],
)
def test_a_heading_that_leads_nowhere_is_found(site: Site, page: str, anchor: str, why: str):
    entry = {"level": 2, "number": "1.", "title": "背景介绍", "page": page, "anchor": anchor}
    assert uncovered([entry], site.html) == [f"{lang}/{page}#{anchor}: {why}" for lang in LANGUAGES]
