"""Records as files: written whole, read back with nothing taken on trust.

Reading refuses a record that was edited, is malformed, has another schema, holds statistics that are not
those of its raw times, or was made by another version of its benchmark.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any, NoReturn

from utils.bench import registry
from utils.bench.case import BenchError
from utils.bench.machine import ROOT
from utils.bench.record import CaseRecord, Record, RecordError, Variant
from utils.bench.schema import digest, fault
from utils.bench.source import source_hash
from utils.files import write_atomic

RESULTS = ROOT / "book" / "results"


def read_record(path: str | os.PathLike[str]) -> Record:
    """Read a record, or raise a RecordError whose one sentence says what is wrong and how to renew it."""
    path = Path(path)
    content = _load(path)
    wrong = fault(content)
    if not wrong:
        try:
            benchmark = registry.benchmark(content["name"])
            if source_hash(benchmark) != content["source"]:
                wrong = f"was made by another version of the benchmark {content['name']}"
        except BenchError as error:
            wrong = f"cannot be held against its benchmark: {error}"
    if wrong:
        raise RecordError(f"{path.name} {wrong}; renew it with `{_renew(path, content)}`")
    return _record(content)


def _load(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes().decode("utf-8"), parse_constant=_no_number)
    except FileNotFoundError:
        raise RecordError(f"there is no record {path.name}; make it with `{_renew(path, None)}`") from None
    except (ValueError, RecursionError) as error:
        said = f"{path.name} is no whole JSON ({error}); renew it with `{_renew(path, None)}`"
        raise RecordError(said) from None


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


def _renew(path: Path, content: Any) -> str:
    """The command that makes the record anew: from what it says, else from its file name."""
    named = re.fullmatch(r"bench_(\w+)_(cpu|cuda)", path.stem)
    name, device = named.groups() if named else ("NAME", "cpu")
    if isinstance(content, dict) and isinstance(content.get("name"), str):
        name, device = content["name"], content.get("device", device)
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


def write_record(path: str | os.PathLike[str], content: dict[str, Any]) -> Path:
    """Write a record in one step, with its digest; RecordError, and no file, if it could not be read back."""
    content = {**content, "digest": digest(content)}
    wrong = fault(content)
    if wrong:
        raise RecordError(f"the record {wrong}; it was not written")
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
    text = re.sub(r"\[\s+([-+\d.e,\s]+?)\s+\]", lambda found: "[" + " ".join(found[1].split()) + "]", text)
    return write_atomic(path, text + "\n")


def find_record(name: str, device: str) -> Path | None:
    """The committed record of a benchmark on a type of device, ``None`` where it has not been made yet."""
    path = RESULTS / f"bench_{name}_{device}.json"
    return path if path.is_file() else None
