"""The comparison and the words: what two answers differ in, and how it is said in two languages."""

from __future__ import annotations

import re
import string
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.toy_exercise import TOY, mean_square
from utils import exercises
from utils.exercises import check, registry, set_language
from utils.exercises.answers import flatten, look
from utils.exercises.compare import Tolerance, leaf_differs
from utils.exercises.core import call
from utils.exercises.frames import is_own
from utils.exercises.language import current_language
from utils.exercises.limits import seconds
from utils.exercises.messages import MESSAGES
from utils.exercises.proof import run_here
from utils.exercises.report import text
from utils.exercises.wording import label

PACKAGE = Path(exercises.__file__).parent
PLAIN = replace(TOY, probe=call)
SAME = Tolerance()


def differs(expected, got, tolerance=SAME):
    return leaf_differs("result", look(expected), look(got), tolerance)


# --- comparison -------------------------------------------------------------------------------------------


def test_equal_values_agree_whatever_holds_them():
    values = torch.tensor([0.1, -2.0, 3e5], dtype=torch.float64)
    for same in (values.clone(), values.numpy(), values.numpy()[::1], values.requires_grad_()):
        assert differs(values, same) is None
    assert differs(2.5, torch.tensor(2.5)) is None
    assert differs(torch.tensor([1, 2]), torch.tensor([1.0, 2.0])) is None
    assert differs(torch.tensor([1.0, float("nan"), float("inf")]), np.array([1.0, np.nan, np.inf])) is None


def test_a_number_and_an_array_of_one_differ_in_shape():
    found = differs(torch.tensor(2.5), torch.tensor([2.5]))
    assert (found.kind, found.note) == ("shape", "same_numbers")


def test_numbers_near_the_largest_overflow_without_a_word():
    expected = torch.tensor([0.5, -0.25, 2.0], dtype=torch.float64)
    huge = torch.tensor([1.7e308, -1.7e308, 1.7e308], dtype=torch.float64)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert differs(expected, huge).kind == "value"


def test_whole_numbers_are_compared_exactly():
    assert differs(torch.tensor([2**53]), torch.tensor([2**53 + 1])).kind == "value"
    assert differs(torch.tensor([True]), torch.tensor([False])).kind == "value"


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_a_shorter_type_is_held_to_what_it_can(dtype):
    generator = torch.Generator().manual_seed(3)
    for _ in range(50):
        x = torch.randn(40, 30, dtype=torch.float64, generator=generator)
        right, wrong = x.softmax(0) @ x.T[:, :7], x.softmax(0) @ x.T[:, :7] * 1.01
        if dtype == torch.float32:
            short = x.to(dtype).softmax(0) @ x.to(dtype).T[:, :7]
            assert differs(right, short) is None
            assert differs(right, short.double()) is None  # converted at the end
            assert differs(right, short.double() / 3 * 3 + 1e-4) is not None
        assert differs(right, wrong.to(dtype)) is not None


def test_float64_is_not_given_the_room_of_float32():
    values = torch.tensor([0.1, 0.7, 0.3], dtype=torch.float64)
    assert differs(values, values * (1 + 1e-5)).note == "rounding"
    assert differs(values, values * (1 + 1e-7)) is None


@pytest.mark.parametrize(
    ("change", "note"),
    [
        (lambda x: 3 * x, "ratio"),
        (lambda x: -x, "opposite"),
        (lambda x: 0 * x, "zeros"),
        (lambda x: x + 0.5, "offset"),
        (lambda x: x * (1 + 2e-5), "rounding"),
        (lambda x: x**2, ""),
        (lambda x: x.T, "transposed"),
        (lambda x: x.reshape(2, 9), "same_numbers"),
        (lambda x: x.sum(0), ""),
    ],
)
def test_what_all_the_numbers_have_in_common(change, note):
    x = torch.randn(6, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    assert differs(x, change(x)).note == note


def test_the_largest_difference_is_shown():
    x = torch.randn(6, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    y = x.clone()
    y[2, 1] += 0.1
    y[4, 0] += 5.0
    assert differs(x, y).index == (4, 0)
    y[1, 2] = float("nan")
    assert (differs(x, y).kind, differs(x, y).index) == ("nan", (1, 2))


def test_digits_are_shown_until_the_numbers_differ():
    outcome = run_here(PLAIN, lambda p, y: mean_square(p, y) + 2e-6 * torch.arange(p.shape[1]))
    assert outcome.kind == "value"
    got, expected = re.search(
        r"is (\S+) at \[\d\], but should be (\S+)\.\n", text(outcome, PLAIN, "en")
    ).groups()
    assert got != expected


def test_items_of_a_tuple_and_keys_are_named():
    names = [name for name, _ in flatten("result", {"w": (1.0, 2.0)})]
    assert names == ["result", "result['w']", "result['w'][0]", "result['w'][1]"]
    assert label("result[1]", TOY, "en") == "item [1] of the result"
    assert label("gradient 0, second call", TOY, "en") == "in a second call, the gradient for the predictions"
    assert label("input 1 afterwards", TOY, "zh") == "调用之后，第 2 个参数"


# --- words ------------------------------------------------------------------------------------------------


def fields(message: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(message) if name)


@pytest.mark.parametrize("key", MESSAGES)
def test_every_message_is_there_in_both_languages(key):
    message = MESSAGES[key]
    assert set(message) == {"en", "zh"}
    assert fields(message["en"]) == fields(message["zh"])
    chinese = re.sub(r"\{\w+\}", "", message["zh"])
    assert re.search(r"[一-鿿]", chinese) or key == "nothing"
    assert not re.search(r"[一-鿿] ?[,;:?!.]", chinese), "half-width punctuation after a Chinese character"
    assert not re.search(r"[一-鿿][A-Za-z0-9]|[A-Za-z0-9][一-鿿]", chinese), "no space beside a Latin word"


def test_every_message_is_used():
    sources = "".join(
        path.read_text(encoding="utf-8") for path in PACKAGE.glob("*.py") if path.stem != "messages"
    )
    made = {"label_input", "label_gradient"}  # put together from a probe's name
    assert [key for key in MESSAGES if key not in made and f'"{key}"' not in sources] == []


def test_a_recognised_mistake_shows_its_hint_in_the_language():
    outcome = run_here(TOY, lambda p, y: ((y - p) ** 2).sum(0))
    assert outcome.mistake.name == "sum"
    assert text(outcome, TOY, "en").endswith("The loss is a mean over the samples.")
    assert text(outcome, TOY, "zh").endswith("损失是对样本取平均。")
    assert "用例“3 个样本、2 个输出”" in text(outcome, TOY, "zh")


def test_an_untouched_exercise_is_not_started():
    def untouched(p, y):
        raise NotImplementedError

    def unfinished(p, y):
        return torch.nn.Module()(p)  # raises NotImplementedError inside torch

    assert text(run_here(TOY, untouched), TOY, "en").startswith("○ 99.mean_square: not started yet.")
    assert run_here(TOY, unfinished).kind == "raises"


def test_an_unknown_exercise_lists_those_there_are(capsys):
    set_language("en")
    check("04.mse_gradeint", mean_square)
    out = capsys.readouterr().out
    assert out.startswith("There is no exercise “04.mse_gradeint”.\n  Did you mean “04.mse_gradient”?\n")
    assert all(exercise.id in out for exercise in registry.exercises("04"))
    check(None, mean_square)
    assert "04.mse_gradient" in capsys.readouterr().out
    set_language(None)


def test_a_fault_of_the_course_is_called_one(capsys):
    def broken(p, y):
        raise ZeroDivisionError("oops")

    set_language("en")
    check(replace(TOY, reference=broken), broken)
    set_language(None)
    assert "the check itself failed (RuntimeError" in capsys.readouterr().out


def test_the_language_is_found(monkeypatch):
    for key in ("BOOK_LANG", "JPY_SESSION_NAME", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(key, raising=False)
    monkeypatch.setattr("locale.getlocale", lambda *a: ("Chinese (Simplified)_China", "936"))
    assert current_language() == "zh"
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    assert current_language() == "en"
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert current_language() == "zh"
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("JPY_SESSION_NAME", "course/labs/zh_CN/04_math.ipynb")
    assert current_language() == "zh"
    monkeypatch.setenv("BOOK_LANG", "en")
    assert current_language() == "en"
    set_language("zh")
    assert current_language() == "zh"
    set_language(None)
    with pytest.raises(ValueError, match="unknown language"):
        set_language("fr")


def test_the_time_limit_comes_from_the_environment(monkeypatch):
    monkeypatch.delenv("EXERCISE_SECONDS", raising=False)
    assert seconds() == 1.5
    monkeypatch.setenv("EXERCISE_SECONDS", "7")
    assert seconds() == 7.0
    for wrong in ("-1", "nan", "soon"):
        monkeypatch.setenv("EXERCISE_SECONDS", wrong)
        with pytest.raises(ValueError):
            seconds()


def test_whose_line_it_is():
    assert is_own(__file__)
    assert is_own("<ipython-input-3-abc>")
    assert not is_own(torch.__file__)
    assert not is_own(re.__file__)
    assert not is_own(registry.__file__)
    assert not is_own("<frozen importlib._bootstrap>")
