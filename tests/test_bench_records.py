"""Records of the measuring tool: written whole, and refused where anything in them cannot be believed."""

from __future__ import annotations

import copy
import json
import math
import os
import re

import pytest

from book.notebooks import ROOT
from tests.bench_toys import content, install, run_of
from utils.bench import RecordError, find_record, read_record, runs, source, stored
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
    return write_record(tmp_path / NAME, run_of(content()))


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
    def line(file: str = NAME, **changes) -> str:
        return read_record(write_record(tmp_path / file, run_of(content(**changes)))).line

    assert line() == "AMD EPYC, 2 threads, torch 2.13.0, 24 November 2026"
    assert line(machine={"cpu": "x86", "threads": 1}).startswith("x86, 1 thread, torch")
    on_cuda = {"device": "cuda", "file": "bench_toy_cuda.json"}
    card = {"cpu": "x86", "threads": 1, "gpu": "NVIDIA H100", "driver": "580.1"}
    assert line(machine=card, **on_cuda) == "NVIDIA H100, driver 580.1, torch 2.13.0, 24 November 2026"
    assert line(machine={**card, "driver": None}, **on_cuda).startswith("NVIDIA H100, torch 2.13.0")


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
    write_record(tmp_path / NAME, run_of(content()))
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


@pytest.mark.parametrize("schema", [0, 1, 3, "2", None])
def test_another_schema_is_refused(path, schema):
    said = forged(path, lambda made: made.update(schema=schema))
    assert said == f"{NAME} is written in schema {schema!r}; this version reads schema 2; {RENEW}"


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
    "an error below 0": lambda made: variant(made).update(error=-1.0),
    "an undefined cost": lambda made: variant(made).update(compile_seconds=-5.0),
    "memory below 0": lambda made: variant(made).update(peak_bytes=-1),
    "no calls": lambda made: variant(made).update(calls=0),
    "a time less than rounds": lambda made: made["cases"][0].update(rounds=6),
    "a tolerance above the table's": lambda made: made["cases"][0].update(tolerance=1e9),
    "an unknown precision": lambda made: made["cases"][0].update(precision="int8"),
    "work that is text": lambda made: made["cases"][0].update(work={"flops": "x"}),
    "work below 0": lambda made: made["cases"][0].update(work={"flops": -1}),
    "timed and refused": lambda made: made["cases"][0].update(refused={"eager": "ValueError: x"}),
    "refused for nothing": lambda made: made["cases"][0].update(refused={"graph": ""}),
    "no variant at all": lambda made: made["cases"][0].update(refused={}, variants={}, rounds=0),
    "rounds without times": lambda made: made["cases"][0].update(variants={}),
    "a machine of nothing": lambda made: made.update(machine={}),
    "no threads": lambda made: made.update(machine={"cpu": "x86", "threads": 0}),
    "a machine in a machine": lambda made: made["machine"].update(more={}),
    "no torch": lambda made: made.update(versions={"python": "3.12"}),
    "no settings": lambda made: made.update(settings={}),
    "another device": lambda made: made.update(device="tpu"),
    "a GPU's record in the CPU's file": lambda made: (
        made.update(device="cuda"),
        made["machine"].update(gpu="NVIDIA H100"),
    ),
    "a GPU without a name": lambda made: made.update(device="cuda"),
    "a date that is none": lambda made: made.update(date="yesterday"),
    "a date without a zone": lambda made: made.update(date="2026-11-24T16:00:00"),
    "a run of no time": lambda made: made.update(seconds=0),
    "a commit that is a sentence": lambda made: made.update(commit="not known"),
    "a command of another kind": lambda made: made.update(command="rm"),
    "work of a ceiling": lambda made: made["ceilings"]["copy"].update(work=3 * 10**9, rate=3e9),
    "unit of a ceiling": lambda made: made["ceilings"]["copy"].update(unit="FLOP"),
    "few times of a ceiling": lambda made: made["ceilings"]["copy"].update(times=[1.0]),
    "no ceilings": lambda made: made.update(ceilings={}),
    "partial": lambda made: made.update(partial="it ended after 1 of its cases"),
    "partial without a word": lambda made: made.update(partial=""),
    "twice the same": lambda made: made["cases"].append(copy.deepcopy(made["cases"][0])),
    "another benchmark": lambda made: made.update(name="toil"),
    "another source": lambda made: made.update(source="f" * 64),
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_what_does_not_add_up_is_refused(path, change):
    read_record(path)
    said = forged(path, change)
    assert "; renew it with `python -m utils.bench to" in said and "digest" not in said


NUMBERS = [
    "1e999",
    "-1e999",
    "1" + "0" * 400,
    "1" + "0" * 5000,
    "NaN",
    "Infinity",
    "true",
    '"1.0"',
    "null",
    "[]",
]


@pytest.mark.parametrize(
    "field", ["median", "90.0", "error", "tolerance", "rate", "seconds", "size", "rounds"]
)
@pytest.mark.parametrize("value", NUMBERS, ids=lambda value: value[:8])
def test_no_value_makes_reading_fail_otherwise(path, field, value):
    text = path.read_text(encoding="utf-8")
    old = "90.0" if field == "90.0" else re.search(rf'"{field}": [^,\n]+', text)[0]
    path.write_text(
        text.replace(old, value if field == "90.0" else f'"{field}": {value}', 1), encoding="utf-8"
    )
    assert refusal(path).startswith(NAME)


def test_a_field_that_stands_twice_is_refused(path):
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"error": 1e-09', '"error": 1, "error": 1e-09', 1), encoding="utf-8")
    assert "a field stands in it twice" in refusal(path)


def test_a_trial_is_no_record_of_the_book(tmp_path, monkeypatch):
    path = write_record(tmp_path / NAME, run_of(content(quick=True)))
    assert read_record(path).quick
    monkeypatch.setattr(stored, "RESULTS", tmp_path)
    assert "was made with --quick, which only tries a benchmark out" in refusal(path)


def test_who_writes_time_and_digest_both_is_not_found_out(path):
    """What the docstring says: a digest is no proof against intent."""
    made = json.loads(path.read_text(encoding="utf-8"))
    entry = variant(made)
    entry.update(times=[each / 10 for each in entry["times"]], median=0.3, q1=0.2, q3=0.4)
    path.write_text(json.dumps({**made, "digest": digest(made)}), encoding="utf-8")
    assert read_record(path).ratio("square", "eager", "compiled") == pytest.approx(20)
    assert "Who writes both a time and a new digest is not" in stored.__doc__.replace("\n", " ")


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
        "clock.py",
        "results.py",
        "caches.py",
    } <= names
    assert {"registry.py", "__init__.py", "stored.py"} & names == set()
    timed = source._closure([source.PACKAGE / "suites" / "compile_time.py"])
    assert {"first_step.py", "processes.py"} <= {path.name for path in timed}, "what other processes run, too"
    assert len(source.source_hash(suite.BENCHMARKS[0])) == 64 and registry.benchmark("toy")


# --- writing ----------------------------------------------------------------------------------------


def test_a_broken_write_leaves_the_old_record(path, monkeypatch):
    old = path.read_bytes()

    def broken(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "replace", broken)
    with pytest.raises(OSError, match="the disk is full"):
        write_record(path, run_of(content(seconds=1.0)))
    assert path.read_bytes() == old and list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    "change", [{"cases": []}, {"name": 3}, {"surplus": 1}, {"seconds": math.inf}, {"seconds": 10**400}]
)
def test_what_could_not_be_read_back_is_not_written(tmp_path, change):
    with pytest.raises(RecordError, match="it was not written"):
        write_record(tmp_path / NAME, run_of(content(**change)))
    assert list(tmp_path.iterdir()) == []


def test_only_what_a_run_made_is_written(tmp_path):
    with pytest.raises(RecordError, match="a record is written of a Run alone"):
        write_record(tmp_path / NAME, content())
    with pytest.raises(TypeError, match=r"a Run is made by utils\.bench\.runs\.perform, not by hand"):
        runs.Run(content())
    run = run_of(content())
    run.content["cases"].clear()
    assert run.content["cases"], "what a run made does not change afterwards"
    assert list(tmp_path.iterdir()) == []


def test_a_partial_run_has_a_file_of_its_own_until_it_is_whole(tmp_path):
    path, half = tmp_path / NAME, content(partial="it ended after 1 of its cases")
    kept = write_record(path, run_of(half))
    assert kept.name == "bench_toy_cpu.partial.json" and not path.exists()
    assert "is partial: it ended after 1 of its cases" in refusal(kept)
    kept.rename(path)
    assert "is partial" in refusal(path), "under another name too"
    path.rename(kept)
    write_record(path, run_of(content()))
    assert read_record(path) and not kept.exists()


def test_times_stand_on_one_line_and_nothing_names_this_machine(path):
    text = path.read_text(encoding="utf-8")
    assert '"times": [1.0, 2.0, 3.0, 4.0, 90.0],' in text
    assert str(path.parent) not in text and str(ROOT) not in text
