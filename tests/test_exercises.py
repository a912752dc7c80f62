"""Whatever a learner's function does, a check says so: every kind of ending, through the real worker."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import pytest
import torch

from tests.odd_functions import ENDINGS, endless_sleep, hoards
from tests.poisonous_functions import POISONS
from tests.toy_exercise import RIGHT, TOY, mean_square
from utils.exercises import check, client, process, set_language
from utils.exercises.core import call
from utils.exercises.messages import MESSAGES
from utils.exercises.outcome import run
from utils.exercises.report import text

PATIENCE = 120.0  # seconds for what ends by itself: a busy machine fails no test
SHORT = 2.0  # seconds for what never ends


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("EXERCISE_SECONDS", str(PATIENCE))
    set_language("en")
    yield
    set_language(None)


@pytest.mark.parametrize("name", ENDINGS)
def test_every_ending_is_told_in_a_few_lines(name):
    function, kind, says = ENDINGS[name]
    outcome = run(TOY, function, limit=SHORT if kind == "timeout" else PATIENCE)
    assert outcome.kind == kind
    assert not outcome.passed
    message = text(outcome, TOY, "en")
    assert any(part in message for part in says.split("|"))
    for lang in ("en", "zh"):
        message = text(outcome, TOY, lang)
        assert "Traceback" not in message
        assert "utils/exercises" not in message.replace(os.sep, "/")
        assert len(message.splitlines()) <= 12
        assert len(message) < 1200


def test_memory_that_grows_ends_the_function():
    outcome = run(TOY, hoards, limit=PATIENCE)
    assert outcome.kind in ("raises", "memory", "died")
    assert MESSAGES["memory"]["en"][:30].lower() in text(outcome, TOY, "en").lower()


def test_the_parent_looks_on_where_the_system_sets_no_limit_to_memory(monkeypatch):
    client.start()
    assert client._worker.ready()
    monkeypatch.setattr(process.limits, "MEMORY", 1)
    assert run(TOY, endless_sleep, limit=PATIENCE).kind == "memory"


@pytest.mark.parametrize("name", [*RIGHT, "reference"])
def test_right_solutions_pass_also_after_a_worker_was_lost(name, capsys):
    check(TOY, {**RIGHT, "reference": mean_square}[name])
    assert capsys.readouterr().out == "✓ 99.mean_square: passed. All 3 cases agree.\n"


def test_numpy_numbers_and_shorter_types_are_accepted():
    plain = replace(TOY, probe=call)
    for function in (
        lambda p, y: ((p.numpy() - y.numpy()) ** 2).mean(0),
        lambda p, y: mean_square(p.float(), y.float()),
        lambda p, y: mean_square(p.float(), y.float()).double(),
        lambda p, y: mean_square(p, y).requires_grad_(),
    ):
        assert run(plain, function, limit=PATIENCE).passed


def test_what_is_printed_is_shown_and_trimmed(capsys):
    def chatty(p, y):
        for i in range(100):
            print("step", i)
        print("error", file=sys.stderr)
        return mean_square(p, y)

    check(TOY, chatty)
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == ["✓ 99.mean_square: passed. All 3 cases agree.", "Your function printed:", "  step 0"]
    assert (
        lines[-1] == "  … (601 more lines)"
    )  # 101 lines, twice a case, three cases, less the five that are shown
    assert len(lines) == 8


def test_one_function_does_not_spoil_the_next():
    def spoils(p, y):
        torch.set_default_dtype(torch.float16)
        torch.set_grad_enabled(False)
        torch.mean = torch.Tensor.mean = torch.nn.functional.mse_loss = None
        return p

    assert not run(TOY, spoils, limit=PATIENCE).passed
    assert run(TOY, mean_square, limit=PATIENCE).passed


@pytest.mark.parametrize("poison", POISONS, ids=lambda function: function.__name__)
def test_a_right_function_cannot_prepare_the_ground_for_a_wrong_one(poison):
    assert run(TOY, mean_square, limit=PATIENCE).passed
    before = client._worker
    assert run(TOY, poison, limit=PATIENCE).passed
    assert client._worker is not before
    assert run(TOY, lambda p, y: 2 * mean_square(p, y), limit=PATIENCE).kind == "value"


def test_a_fresh_worker_has_loaded_what_an_optimizer_loads_late():
    def steps(p, y):
        before = set(sys.modules)
        torch.optim.Adam([torch.nn.Parameter(torch.ones(2))]).step()
        late = [name for name in sys.modules if name.startswith("torch") and name not in before]
        assert not late, late[:3]
        return mean_square(p, y)

    client.stop()
    assert run(TOY, steps, limit=PATIENCE).passed


def test_a_clean_worker_is_kept():
    assert run(TOY, mean_square, limit=PATIENCE).passed
    before = client._worker
    assert run(TOY, lambda p, y: p.sum(), limit=PATIENCE).kind == "shape"
    assert client._worker is before


def test_nbgrader_counts_a_failed_check(monkeypatch, capsys):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    with pytest.raises(AssertionError, match="not yet"):
        check(TOY, lambda x: 2 * mean_square(x))
    with pytest.raises(AssertionError, match="no exercise"):
        check("99.nothing", mean_square)
    check(TOY, mean_square)
    assert "passed" in capsys.readouterr().out


def test_the_import_is_light():
    heavy = "{'torch', 'numpy', 'IPython', 'subprocess'}"
    code = f"import sys, utils.exercises; print(*sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
