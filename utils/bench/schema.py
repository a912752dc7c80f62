"""The fields of a record and their types: each function returns what is wrong, or "" if nothing is."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from utils.bench import bounds

SCHEMA = 2
TEXT, YES_OR_NO, MAYBE_TEXT, MAYBE_BOOL = (str,), (bool,), (str, type(None)), (bool, type(None))
NUMBER, MAYBE_NUMBER, WHOLE, MAYBE_WHOLE = (int, float), (int, float, type(None)), (int,), (int, type(None))
RECORD = {
    "schema": WHOLE,
    "name": TEXT,
    "device": TEXT,
    "quick": YES_OR_NO,
    "partial": MAYBE_TEXT,  # None for a whole run; else how far it came
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
    "rounds": WHOLE,
    "work": (dict,),
    "variants": (dict,),
    "refused": (dict,),
}
VARIANT = {
    "calls": WHOLE,  # between two readings of the clock: each time is their mean
    "times": (list,),
    "median": NUMBER,
    "q1": NUMBER,
    "q3": NUMBER,
    "error": NUMBER,
    "compile_seconds": MAYBE_NUMBER,
    "peak_bytes": MAYBE_WHOLE,
}
CEILING = {"work": NUMBER, "unit": TEXT, "size": WHOLE, "times": (list,), "rate": NUMBER}


def digest(content: dict[str, Any]) -> str:
    """sha256 of the content without its digest, in the one way that JSON is written here.

    >>> digest({"a": 1, "digest": "x"}) == digest({"a": 1})
    True
    """
    bare = {name: value for name, value in content.items() if name != "digest"}
    text = json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def fault(content: Any, sealed: bool = True) -> str:
    """What is wrong with the content of a record, but for its benchmark's version.

    ``sealed`` is False for a record that is about to get its digest.
    """
    if not isinstance(content, dict) or "schema" not in content:
        return "is not a record of utils.bench"
    if content["schema"] != SCHEMA or isinstance(content["schema"], bool):
        return f"is written in schema {content['schema']!r}; this version reads schema {SCHEMA}"
    wrong = _fields(content if sealed else {**content, "digest": ""}, RECORD, "the record")
    if wrong:
        return wrong
    try:
        own = digest(content)
    except (ValueError, TypeError, RecursionError) as error:
        return f"is malformed: it holds what JSON cannot ({error})"
    if sealed and own != content["digest"]:
        return "was edited after it was written: its digest is not that of its content"
    return bounds.whole(content) or _ceilings(content) or _cases(content)


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


def _ceilings(content: dict[str, Any]) -> str:
    for name, entry in content["ceilings"].items():
        wrong = _fields(entry, CEILING, f"the ceiling {name}") or bounds.ceiling(name, entry)
        if wrong:
            return wrong
    return ""


def _cases(content: dict[str, Any]) -> str:
    names = []
    for case in content["cases"]:
        wrong = _fields(case, CASE, "a case") or bounds.case(case)
        if wrong:
            return wrong
        names.append(case["name"])
        for variant, entry in case["variants"].items():
            where = f"{variant!r} in {case['name']!r}"
            wrong = _fields(entry, VARIANT, where) or bounds.variant(entry, case, where)
            if wrong:
                return wrong
    return "is malformed: two cases have the same name" if len(set(names)) < len(names) else ""
