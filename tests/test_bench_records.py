"""Records of the measuring tool: written whole, and refused where anything in them cannot be believed."""

from __future__ import annotations

import copy
import json
import math
import os

import pytest

from book.notebooks import ROOT
from tests.bench_toys import content, install
from utils.bench import RecordError, find_record, read_record, source, stored
from utils.bench.schema import CASE, CEILING, RECORD, VARIANT, digest
from utils.bench.stored import write_record

NAME = "bench_toy_cpu.json"
RENEW = "renew it with `python -m utils.bench toy --device cpu --out bench_toy_cpu.json`"
COMMITTED = sorted((ROOT / "book" / "results").glob("bench_*.json"))


@pytest.fixture(autouse=True)
def toys(monkeypatch):
    install(monkeypatch)


@pytest.fixture
def path(tmp_path):
    return write_record(tmp_path / NAME, content())


def refusal(path) -> str:
    with pytest.raises(RecordError) as caught:
        read_record(path)
    said = str(caught.value)
    assert "\n" not in said and ". " not in said, "one sentence"
    return said


def forged(path, change) -> str:
    """What is said of a record that was changed, and its digest with it."""
    made = json.loads(path.read_text(encoding="utf-8"))
    change(made)
    path.write_text(json.dumps({**made, "digest": digest(made)}), encoding="utf-8")
    return refusal(path)


# --- what is committed ------------------------------------------------------------------------------


def test_every_committed_record_reads_cleanly(monkeypatch):
    monkeypatch.undo()
    for each in COMMITTED:
        record = read_record(each)
        assert each.name == f"bench_{record.name}_{record.device}.json"
        assert find_record(record.name, record.device) == each
        assert not record.quick, f"{each.name} was made with --quick, which only tries a benchmark out"
        assert record.commit and not record.dirty, f"{each.name} does not say which code it measured"


# --- reading ----------------------------------------------------------------------------------------


def test_a_record_comes_back_as_it_was_written(path):
    record = read_record(path)
    assert (record.name, record.device, record.commit, record.quick) == ("toy", "cpu", "0" * 40, False)
    assert record.summary("square", "eager") == (6.0, 4.0, 8.0, 5)
    assert record.variant("square", "compiled").times == (1.0, 2.0, 3.0, 4.0, 90.0)
    assert record.ratio("square", "eager", "compiled") == 2.0
    assert record.break_even("square", "eager", "compiled") == 10.0
    assert record.break_even("square", "compiled", "compiled") == math.inf
    assert record.ceilings == {"float32": 4e9, "copy": 2e9}
    assert record.share("square", "compiled") == {"flops": 0.5, "bytes": 0.5}
    assert record.share("square", "eager") == {"flops": 0.25, "bytes": 0.25}


def test_the_line_names_machine_version_and_day(tmp_path):
    def line(**changes) -> str:
        return read_record(write_record(tmp_path / NAME, content(**changes))).line

    assert line() == "AMD EPYC, 2 threads, torch 2.13.0, 24 November 2026"
    assert line(machine={"cpu": "x86", "threads": 1}).startswith("x86, 1 thread, torch")
    card = {"cpu": "x86", "threads": 1, "gpu": "NVIDIA H100", "driver": "580.1"}
    assert line(device="cuda", machine=card) == "NVIDIA H100, driver 580.1, torch 2.13.0, 24 November 2026"
    assert line(device="cuda", machine={**card, "driver": None}).startswith("NVIDIA H100, torch 2.13.0")


def test_what_a_record_lacks_is_said_with_near_names(path):
    record = read_record(path)
    with pytest.raises(RecordError, match="the record of toy has no case 'squares'; there is 'square'$"):
        record.summary("squares", "eager")
    with pytest.raises(RecordError, match="no variant 'compile' in 'square'; there is 'compiled'$"):
        record.summary("square", "compile")
    with pytest.raises(RecordError, match="'graph' has no times in 'square': ValueError: the largest error"):
        record.summary("square", "graph")
    with pytest.raises(RecordError, match="'eager' in 'square' compiles nothing"):
        record.break_even("square", "eager", "eager")


def test_a_record_that_is_not_there_is_none(monkeypatch, tmp_path):
    monkeypatch.setattr(stored, "RESULTS", tmp_path)
    assert find_record("toy", "cpu") is None
    assert refusal(tmp_path / NAME) == f"there is no record {NAME}; make it with {RENEW[14:]}"
    write_record(tmp_path / NAME, content())
    assert find_record("toy", "cpu") == tmp_path / NAME


# --- what is refused --------------------------------------------------------------------------------


def test_an_edited_record_is_refused(path):
    text = path.read_text(encoding="utf-8")
    for old, new in (
        ("AMD EPYC", "AMD EPYX"),
        ("90.0", "91.0"),
        ('"seed": 6', '"seed": 7'),
        ("1e-09", "2e-09"),
    ):
        assert text.count(old) == 1 or old == "1e-09"
        path.write_text(text.replace(old, new), encoding="utf-8")
        assert refusal(path) == (
            f"{NAME} was edited after it was written: its digest is not that of its content; {RENEW}"
        )
    path.write_text(json.dumps(json.loads(text)), encoding="utf-8")
    assert read_record(path).name == "toy", "another layout of the same content is no edit"


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_a_truncated_record_is_refused(path, share):
    data = path.read_bytes().rstrip()
    path.write_bytes(data[: int(share * len(data))])
    said = refusal(path)
    assert said.startswith(f"{NAME} is no whole JSON (") and said.endswith(RENEW)


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b'{"schema": NaN}', b"[" * 100_000, b'{"a": 1'])
def test_what_is_no_json_is_refused(path, data):
    path.write_bytes(data)
    assert "is no whole JSON" in refusal(path)


@pytest.mark.parametrize("made", [[], "text", 3, None, {}, {"name": "toy"}])
def test_what_is_no_record_is_refused(path, made):
    path.write_text(json.dumps(made), encoding="utf-8")
    assert refusal(path) == f"{NAME} is not a record of utils.bench; {RENEW}"


@pytest.mark.parametrize("schema", [0, 2, "1", None])
def test_another_schema_is_refused(path, schema):
    said = forged(path, lambda made: made.update(schema=schema))
    assert said == f"{NAME} is written in schema {schema!r}; this version reads schema 1; {RENEW}"


PLACES = {
    "the record": (RECORD, lambda made: made),
    "a case": (CASE, lambda made: made["cases"][0]),
    "'eager' in 'square'": (VARIANT, lambda made: made["cases"][0]["variants"]["eager"]),
    "the ceiling copy": (CEILING, lambda made: made["ceilings"]["copy"]),
}
OTHERS = ("schema", "digest")  # whose faults have words of their own
FIELDS = [(place, field) for place, (fields, _) in PLACES.items() for field in fields if field not in OTHERS]


@pytest.mark.parametrize(("place", "field"), FIELDS, ids=[f"{place}-{field}" for place, field in FIELDS])
def test_a_malformed_record_is_refused(path, place, field):
    text, (_, find) = path.read_text(encoding="utf-8"), PLACES[place]
    for change, told in (
        (lambda made: find(made).pop(field), f"{place} has no field {field!r}"),
        (lambda made: find(made).update({field: {1: [2]} if field == "cases" else [[]]}), ""),
        (lambda made: find(made).update(surplus=1), f"{place} has an unknown field 'surplus'"),
    ):
        path.write_text(text, encoding="utf-8")
        assert told in forged(path, change)


def variant(made: dict) -> dict:
    return made["cases"][0]["variants"]["compiled"]


WRONG = {
    "median": lambda made: variant(made).update(median=3.5),
    "q1": lambda made: variant(made).update(q1=1.5),
    "q3": lambda made: variant(made).update(q3=5.0),
    "times of one variant": lambda made: variant(made).update(times=[1.0, 2.0, 3.5, 4.0, 90.0]),
    "no times": lambda made: variant(made).update(times=[]),
    "a time of 0": lambda made: variant(made).update(times=[0.0, 2.0, 3.0, 4.0, 90.0]),
    "a time that is text": lambda made: variant(made).update(times=["1.0", 2.0, 3.0, 4.0, 90.0]),
    "a time that is a truth": lambda made: variant(made).update(times=[True, 2.0, 3.0, 4.0, 90.0]),
    "an error": lambda made: variant(made).update(error=0.1),
    "a rate": lambda made: made["ceilings"]["copy"].update(rate=3e9),
    "no cases": lambda made: made.update(cases=[]),
    "twice the same": lambda made: made["cases"].append(copy.deepcopy(made["cases"][0])),
    "another benchmark": lambda made: made.update(name="toil"),
    "another source": lambda made: made.update(source="f" * 64),
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_what_does_not_add_up_is_refused(path, change):
    read_record(path)
    assert "; renew it with `python -m utils.bench to" in forged(path, change)


def test_a_record_of_another_version_of_its_benchmark_is_refused(path, monkeypatch):
    monkeypatch.setattr(source, "_bare", lambda text: text + "\nchanged = True")
    assert refusal(path) == f"{NAME} was made by another version of the benchmark toy; {RENEW}"


def test_words_about_the_code_do_not_change_its_hash():
    code = '"""About."""\n\n\ndef f(x):\n    """What."""\n    return x + 1\n'
    same = '"""Other words,\nand more."""\n# why\n\ndef f(x):\n    """Why."""\n    # how\n    return x + 1\n'
    assert source._bare(code) == source._bare(same)
    assert source._bare(code) != source._bare(code.replace("+ 1", "+ 2"))


def test_the_hash_covers_all_that_measures():
    from utils.bench import registry
    from utils.bench.suites import compile as suite

    files = source._closure([source.PACKAGE / "suites" / "compile.py", source.PACKAGE / "measure.py"])
    names = {path.name for path in files}
    assert {
        "compile.py",
        "measure.py",
        "timing.py",
        "models.py",
        "steps.py",
        "network.py",
        "memory.py",
    } <= names
    assert {"registry.py", "__init__.py", "stored.py"} & names == set()
    assert len(source.source_hash(suite.BENCHMARKS[0])) == 64 and registry.benchmark("toy")


# --- writing ----------------------------------------------------------------------------------------


def test_a_broken_write_leaves_the_old_record(path, monkeypatch):
    old = path.read_bytes()

    def broken(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "replace", broken)
    with pytest.raises(OSError, match="the disk is full"):
        write_record(path, content(seconds=1.0))
    assert path.read_bytes() == old and list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("change", [{"cases": []}, {"name": 3}, {"surplus": 1}])
def test_what_could_not_be_read_back_is_not_written(tmp_path, change):
    with pytest.raises(RecordError, match="it was not written"):
        write_record(tmp_path / NAME, content(**change))
    assert list(tmp_path.iterdir()) == []


def test_times_stand_on_one_line_and_nothing_names_this_machine(path):
    text = path.read_text(encoding="utf-8")
    assert '"times": [1.0, 2.0, 3.0, 4.0, 90.0],' in text
    assert str(path.parent) not in text and str(ROOT) not in text
