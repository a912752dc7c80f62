"""What the figures of a record can be: each is computed anew from the raw times, or has its bounds.

Each function returns what is wrong, or "" if nothing is; ``schema`` has seen to the types before.
"""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import Any

from utils.bench.ceilings import DTYPES, ROUNDS
from utils.bench.steps import TOLERANCE
from utils.bench.timing import summarise

DEVICES = ("cpu", "cuda")
FACTS = {"cpu": str, "threads": int}  # of every machine
CLOSE = 1e-9


def whole(content: dict[str, Any]) -> str:
    """Device, day, code, machine and versions."""
    wrong = [
        ("device", content["device"] not in DEVICES),
        ("name", not re.fullmatch(r"[a-z][a-z0-9_]*", content["name"])),
        ("command", not content["command"].startswith("python -m utils.bench ")),
        ("commit", content["commit"] is not None and not re.fullmatch(r"[\w.-]{1,64}", content["commit"])),
        ("date", not _date(content["date"])),
        ("seconds", not _positive(content["seconds"])),
        ("source", not re.fullmatch(r"[0-9a-f]{64}", content["source"])),
        ("partial", content["partial"] == ""),
        ("machine", not _machine(content["machine"], content["device"])),
        ("versions", not _facts(content["versions"], {"torch": str, "python": str})),
        ("settings", not _facts(content["settings"], {"seed": int, "warmup": int})),
        ("ceilings", not {"float32", "copy"} <= content["ceilings"].keys() <= {*DTYPES, "copy"}),
        ("cases", not content["cases"]),
    ]
    return next((f"is wrong: its {name!r} is none that a run gives" for name, bad in wrong if bad), "")


def _machine(facts: dict[str, Any], device: str) -> bool:
    more = {"gpu": str} if device == "cuda" else {}
    return _facts(facts, {**FACTS, **more}) and facts["threads"] >= 1


def _facts(found: dict[str, Any], wanted: dict[str, type]) -> bool:
    """Whether those that are needed are there, and all are plain: text, a finite number or nothing."""
    there = all(type(found.get(name)) is kind and found[name] != "" for name, kind in wanted.items())
    return there and all(each is None or isinstance(each, str) or _number(each) for each in found.values())


def _date(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def ceiling(name: str, entry: dict[str, Any]) -> str:
    """A limit of the machine: its work by its size, its rate by its fastest time."""
    where, size = f"the ceiling {name}", entry["size"]
    wrong = _times(entry["times"], ROUNDS, where)
    if wrong:
        return wrong
    if size < 1 or entry["work"] != (2 * size if name == "copy" else 2 * size**3):
        return f"is wrong: the work of {where} is not that of its size"
    if entry["unit"] != ("B" if name == "copy" else "FLOP"):
        return f"is wrong: the unit of {where} is {entry['unit']!r}"
    if not _close(entry["rate"], entry["work"] / min(entry["times"])):
        return f"is wrong: the rate of {where} is not that of its times"
    return ""


def case(found: dict[str, Any]) -> str:
    """Precision and tolerance of the benchmarks' own table, work, and who has times and who has none."""
    where, both = f"the case {found['name']!r}", found["variants"].keys() & found["refused"].keys()
    allowed = TOLERANCE.get(found["precision"])
    if allowed is None:
        return f"is wrong: the precision of {where} is {found['precision']!r}"
    if not (_number(found["tolerance"]) and 0 <= found["tolerance"] <= allowed):
        return f"is wrong: the tolerance of {where} is beyond the {allowed} of its precision"
    if not all(_number(each) and each >= 0 for each in found["work"].values()):
        return f"is wrong: the work of {where} is not all numbers from 0 up"
    if not all(isinstance(each, str) and each for each in found["refused"].values()):
        return f"is wrong: a variant of {where} is refused without a reason"
    if both or not (found["variants"] or found["refused"]):
        return f"is wrong: {where} has {'a variant both timed and refused' if both else 'no variants'}"
    if bool(found["variants"]) != (found["rounds"] > 0):
        return f"is wrong: {where} has {found['rounds']} rounds"
    return ""


def variant(entry: dict[str, Any], in_case: dict[str, Any], where: str) -> str:
    """As many times as rounds, their statistics, an error within the tolerance, costs that can be."""
    wrong = _times(entry["times"], in_case["rounds"], where)
    if wrong:
        return wrong
    found = summarise(entry["times"])
    for name in ("median", "q1", "q3"):
        if not _close(entry[name], getattr(found, name)):
            return f"is wrong: the {name} of {where} is not that of its times"
    if not (_number(entry["error"]) and 0 <= entry["error"] <= in_case["tolerance"]):
        return f"is wrong: the error of {where} is not within the tolerance"
    if entry["calls"] < 1:
        return f"is wrong: the calls of {where} are {entry['calls']}"
    if entry["compile_seconds"] is not None and not _positive(entry["compile_seconds"]):
        return f"is wrong: the compile_seconds of {where} are no time"
    if entry["peak_bytes"] is not None and entry["peak_bytes"] < 0:
        return f"is wrong: the peak_bytes of {where} are below 0"
    return ""


def _times(times: list[Any], rounds: int, where: str) -> str:
    if not times or not all(_positive(each) for each in times):
        return f"is malformed: the times of {where} are not all numbers above 0"
    return "" if len(times) == rounds else f"is wrong: {where} has {len(times)} times for {rounds} rounds"


def _number(value: object) -> bool:
    """A finite number that is no bool, and no whole number beyond what a float can hold."""
    if type(value) not in (int, float):
        return False
    return abs(value) < 1e300 and math.isfinite(value)


def _positive(value: object) -> bool:
    return _number(value) and value > 0


def _close(value: object, wanted: float) -> bool:
    return _number(value) and math.isclose(value, wanted, rel_tol=CLOSE)
