"""Records as files: written whole, read back with nothing taken on trust.

Reading refuses a record that was edited, is malformed, partial or of another schema, holds figures that are
not those of its raw times or beyond their bounds, or was made by another version of its benchmark. What a
digest proves: that no byte changed by accident or in passing. Who writes both a time and a new digest is not
found out by it, nor by any hash without a secret: against that stand git's history and running it again.
"""

from __future__ import annotations

import json
import math
import os
import re
from pathlib import Path
from typing import Any, NoReturn

from utils.bench import registry
from utils.bench.case import BenchError
from utils.bench.machine import ROOT
from utils.bench.record import CaseRecord, Record, RecordError, Variant
from utils.bench.runs import Run
from utils.bench.schema import digest, fault
from utils.bench.source import source_hash
from utils.files import write_atomic

RESULTS = ROOT / "book" / "results"
LARGEST = 1 << 62  # no whole number in a record is larger


def read_record(path: str | os.PathLike[str]) -> Record:
    """Read a record, or raise a RecordError whose one sentence says what is wrong and how to renew it."""
    path = Path(path)
    content = _load(path)
    wrong = fault(content) or _elsewhere(path, content)
    if wrong:
        raise RecordError(f"{path.name} {wrong}; renew it with `{_renew(path, content)}`")
    return _record(content)


def _elsewhere(path: Path, content: dict[str, Any]) -> str:
    """What is wrong with a record as the file of that name, and with its benchmark as it is now."""
    name, device = content["name"], content["device"]
    if content["partial"]:
        return f"is partial: {content['partial']}"
    if path.name.startswith("bench_") and path.name != f"bench_{name}_{device}.json":
        return f"holds the benchmark {name} on {device}, which its file name does not say"
    if content["quick"] and path.resolve().parent == RESULTS.resolve():
        return "was made with --quick, which only tries a benchmark out"
    try:
        benchmark = registry.benchmark(name)
        if source_hash(benchmark) != content["source"]:
            return f"was made by another version of the benchmark {name}"
    except BenchError as error:
        return f"cannot be held against its benchmark: {error}"
    return "" if device in benchmark.devices else f"is of {device}, on which {name} cannot run"


def _load(path: Path) -> Any:
    hooks = {
        "parse_constant": _no_number,
        "parse_float": _float,
        "parse_int": _int,
        "object_pairs_hook": _once,
    }
    try:
        return json.loads(path.read_bytes().decode("utf-8"), **hooks)
    except FileNotFoundError:
        raise RecordError(f"there is no record {path.name}; make it with `{_renew(path, None)}`") from None
    except (ValueError, RecursionError) as error:
        said = f"{path.name} is no whole JSON ({error}); renew it with `{_renew(path, None)}`"
        raise RecordError(said) from None


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text[:20]} is no number that a record may hold")


def _float(text: str) -> float:
    return float(text) if math.isfinite(float(text)) else _no_number(text)


def _int(text: str) -> int:
    return int(text) if len(text) < 20 and abs(int(text)) <= LARGEST else _no_number(text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a field stands in it twice")
    return dict(pairs)


def _renew(path: Path, content: Any) -> str:
    """The command that makes the record anew: from what it says, else from its file name."""
    named = re.fullmatch(r"bench_(\w+)_(cpu|cuda)", path.name.split(".")[0])
    name, device = named.groups() if named else ("NAME", "cpu")
    if isinstance(content, dict) and isinstance(content.get("name"), str):
        name, told = content["name"], content.get("device")
        device = told if told in ("cpu", "cuda") else device
    return f"python -m utils.bench {name} --device {device} --out {shown(path)}"


def shown(path: Path) -> str:
    """A path as a record may hold it: from the project's folder, or the file name alone."""
    whole = path.resolve()
    return whole.relative_to(ROOT).as_posix() if whole.is_relative_to(ROOT) else path.name


def _record(content: dict[str, Any]) -> Record:
    fields = {name: content[name] for name in Record.__dataclass_fields__ if name in content}
    rates = {name: entry["work"] / min(entry["times"]) for name, entry in content["ceilings"].items()}
    cases = {case["name"]: _case(case) for case in content["cases"]}
    return Record(**{**fields, "ceilings": rates, "cases": cases})


def _case(case: dict[str, Any]) -> CaseRecord:
    variants = {
        name: Variant(tuple(entry["times"]), entry["error"], entry["compile_seconds"], entry["peak_bytes"])
        for name, entry in case["variants"].items()
    }
    fields = {name: case[name] for name in CaseRecord._fields}
    return CaseRecord(**{**fields, "variants": variants})


def partial_path(path: str | os.PathLike[str]) -> Path:
    """Where the cases done so far are kept while a run goes on: never read as a record."""
    return Path(path).with_suffix(".partial.json")


def write_record(path: str | os.PathLike[str], run: Run) -> Path:
    """Write what a run made in one step; RecordError, and no file, if it could not be read back.

    A partial run goes to ``partial_path(path)``; a whole one takes that file's place.
    """
    if not isinstance(run, Run):
        raise RecordError("a record is written of a Run alone, as utils.bench.runs.perform makes it")
    content = run.content
    wrong = fault(content, sealed=False)
    if wrong:
        raise RecordError(f"the record {wrong}; it was not written")
    content["digest"] = digest(content)
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
    text = re.sub(r"\[\s+([-+\d.e,\s]+?)\s+\]", lambda found: "[" + " ".join(found[1].split()) + "]", text)
    if content["partial"]:
        return write_atomic(partial_path(path), text + "\n")
    written = write_atomic(path, text + "\n")
    partial_path(path).unlink(missing_ok=True)
    return written


def find_record(name: str, device: str) -> Path | None:
    """The committed record of a benchmark on a type of device, ``None`` where it has not been made yet."""
    path = RESULTS / f"bench_{name}_{device}.json"
    return path if path.is_file() else None
