"""What stands in a record, and what is refused: each function returns what is wrong, or "" if nothing is."""

from __future__ import annotations

import hashlib
import json
import math
from typing import Any

from utils.bench.timing import summarise

SCHEMA = 1
TEXT, YES_OR_NO, MAYBE_TEXT, MAYBE_BOOL = (str,), (bool,), (str, type(None)), (bool, type(None))
NUMBER, MAYBE_NUMBER = (int, float), (int, float, type(None))
RECORD = {
    "schema": (int,),
    "name": TEXT,
    "device": TEXT,
    "quick": YES_OR_NO,
    "command": TEXT,
    "commit": MAYBE_TEXT,  # None where git was not there to tell
    "dirty": MAYBE_BOOL,
    "date": TEXT,
    "seconds": NUMBER,
    "source": TEXT,
    "machine": (dict,),
    "versions": (dict,),
    "settings": (dict,),
    "ceilings": (dict,),
    "cases": (list,),
    "digest": TEXT,
}
CASE = {
    "name": TEXT,
    "precision": TEXT,
    "tolerance": NUMBER,
    "work": (dict,),
    "variants": (dict,),
    "refused": (dict,),
}
VARIANT = {
    "times": (list,),
    "median": NUMBER,
    "q1": NUMBER,
    "q3": NUMBER,
    "error": NUMBER,
    "compile_seconds": MAYBE_NUMBER,
    "peak_bytes": MAYBE_NUMBER,
}
CEILING = {"work": NUMBER, "unit": TEXT, "size": NUMBER, "times": (list,), "rate": NUMBER}


def digest(content: dict[str, Any]) -> str:
    """sha256 of the content without its digest, in the one way that JSON is written here.

    >>> digest({"a": 1, "digest": "x"}) == digest({"a": 1})
    True
    """
    bare = {name: value for name, value in content.items() if name != "digest"}
    text = json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def fault(content: Any) -> str:
    """What is wrong with the content of a record, but for its benchmark's version."""
    if not isinstance(content, dict) or "schema" not in content:
        return "is not a record of utils.bench"
    if content["schema"] != SCHEMA:
        return f"is written in schema {content['schema']!r}; this version reads schema {SCHEMA}"
    wrong = _fields(content, RECORD, "the record")
    if wrong:
        return wrong
    if digest(content) != content["digest"]:
        return "was edited after it was written: its digest is not that of its content"
    return _ceilings(content["ceilings"]) or _cases(content["cases"])


def _fields(found: Any, wanted: dict[str, tuple[type, ...]], where: str) -> str:
    """Fields that are missing, unknown or of another type."""
    if not isinstance(found, dict):
        return f"is malformed: {where} is no object"
    for name in found.keys() ^ wanted.keys():
        return f"is malformed: {where} has {'no' if name in wanted else 'an unknown'} field {name!r}"
    for name, types in wanted.items():
        value = found[name]
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            return f"is malformed: {name!r} of {where} is {type(value).__name__}"
    return ""


def _ceilings(ceilings: dict[str, Any]) -> str:
    for name, entry in ceilings.items():
        where = f"the ceiling {name}"
        wrong = _fields(entry, CEILING, where) or _numbers(entry["times"], where)
        if wrong:
            return wrong
        if not math.isclose(entry["rate"], entry["work"] / min(entry["times"]), rel_tol=1e-9):
            return f"is wrong: the rate of {where} is not that of its times"
    return ""


def _cases(cases: list[Any]) -> str:
    if not cases:
        return "is malformed: it has no cases"
    names = []
    for case in cases:
        wrong = _fields(case, CASE, "a case")
        if wrong:
            return wrong
        names.append(case["name"])
        for variant, entry in case["variants"].items():
            wrong = _variant(entry, case, f"{variant!r} in {case['name']!r}")
            if wrong:
                return wrong
    return "is malformed: two cases have the same name" if len(set(names)) < len(names) else ""


def _variant(entry: Any, case: dict[str, Any], where: str) -> str:
    """Times that are none, statistics that are not those of the times, a result that is too far off."""
    wrong = _fields(entry, VARIANT, where) or _numbers(entry["times"], where)
    if wrong:
        return wrong
    found = summarise(entry["times"])
    for name in ("median", "q1", "q3"):
        if not math.isclose(entry[name], getattr(found, name), rel_tol=1e-9):
            return f"is wrong: the {name} of {where} is not that of its times"
    if not entry["error"] <= case["tolerance"]:
        return f"is wrong: the error of {where} is above the tolerance"
    return ""


def _numbers(times: list[Any], where: str) -> str:
    good = [type(each) in (int, float) and math.isfinite(each) and each > 0 for each in times]
    return "" if good and all(good) else f"is malformed: the times of {where} are not all numbers above 0"
