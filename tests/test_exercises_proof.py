"""The proof of an exercise notices what is wrong with it: each fault is planted once."""

from __future__ import annotations

import ast
import inspect
import textwrap
from dataclasses import replace

import pytest
import torch

from tests import toy_exercise
from tests.solution_mutants import mutants
from tests.toy_exercise import RIGHT, SECOND, TOY, mean_square
from utils.exercises.core import Case, Mistake
from utils.exercises.proof import SEED, assert_proved, blind_spots, problems, run_here

planted = pytest.mark.usefixtures("one_seed")
MORE = {"en": "More.", "zh": "更多。"}


@pytest.fixture
def one_seed(monkeypatch):
    """A planted fault shows on the first seed."""
    monkeypatch.setattr("utils.exercises.proof.SEEDS", (SEED,))


def found(exercise, second=SECOND, right=RIGHT) -> str:
    return "\n".join(problems(exercise, second, right, worker=False))


def test_the_toy_exercise_is_proved_also_in_the_worker():
    assert list(blind_spots(TOY)) == []
    assert_proved(TOY, SECOND, RIGHT)


def with_mistake(name, wrong):
    return replace(TOY, mistakes=(*TOY.mistakes, Mistake(name, wrong, MORE)))


@planted
def test_a_mistake_that_is_right_is_noticed():
    assert "the first form of harmless passes" in found(
        with_mistake("harmless", lambda p, y: mean_square(p, y))
    )


@planted
def test_a_mistake_that_float32_hides_is_noticed():
    exercise = with_mistake("tiny", lambda p, y: mean_square(p, y) * (1 + 1e-5))
    assert "tiny would pass in float32" in found(exercise)


@planted
def test_two_mistakes_that_answer_alike_are_noticed():
    exercise = with_mistake("total", lambda p, y: (p - y).pow(2).sum(0))
    message = found(exercise, SECOND | {"total": lambda p, y: ((y - p) ** 2).sum(dim=0)})
    assert "sum and total answer alike" in message
    assert "the second form of total is taken for sum" in message


@planted
def test_a_second_form_that_is_missing_copied_or_of_nothing_is_noticed():
    first = TOY.mistakes[0]
    assert "sum has no second form" in found(TOY, {k: v for k, v in SECOND.items() if k != "sum"})
    assert "sum has no second form" in found(TOY, SECOND | {"sum": first.wrong})
    assert "sum has no second form" in found(TOY, SECOND | {"sum": lambda p, y: ((p - y) ** 2).sum(0)})
    assert "second forms of no known mistake" in found(TOY, SECOND | {"other": mean_square})
    assert "is taken for axis" in found(TOY, SECOND | {"sum": SECOND["axis"]})


@planted
def test_a_right_solution_that_fails_is_noticed():
    assert "wrong is right and fails: value" in found(
        TOY, right=RIGHT | {"wrong": lambda p, y: 2 * mean_square(p, y)}
    )
    assert "fewer than two right solutions" in found(TOY, right={})


@planted
def test_missing_texts_are_noticed():
    assert "the title is not there in both languages" in found(replace(TOY, title={"en": "Only English"}))
    bad = Mistake("sum", TOY.mistakes[0].wrong, {"en": "A hint.", "zh": " "})
    assert "the hint of sum is not there" in found(replace(TOY, mistakes=(bad, *TOY.mistakes[1:])))
    assert "only 2 mistakes are known" in found(replace(TOY, mistakes=TOY.mistakes[:2]))


def from_globals(seed):
    return [Case(MORE, (torch.randn(3, 2), torch.randn(3, 2))) for _ in range(2)]


@planted
def test_cases_from_the_global_generator_are_seeded_too():
    before = torch.random.get_rng_state()
    assert found(replace(TOY, cases=from_globals)) == ""
    assert torch.equal(before, torch.random.get_rng_state())


KEPT = toy_exercise.cases(1)
STATE = iter(range(10**6))


@planted
def test_cases_that_prove_little_are_noticed():
    assert "not reproducible" in found(replace(TOY, cases=lambda seed: toy_exercise.cases(next(STATE))))
    assert "another seed gives the same cases" in found(
        replace(TOY, cases=lambda seed: toy_exercise.cases(1))
    )
    assert "share an argument" in found(replace(TOY, cases=lambda seed: KEPT))
    assert "one case alone" in found(replace(TOY, cases=lambda seed: toy_exercise.cases(seed)[:1]))


@planted
def test_a_reference_that_changes_its_arguments_is_noticed():
    def changes(p, y):
        result = mean_square(p, y)
        y.data.zero_()
        return result

    assert "the reference changes its arguments" in found(replace(TOY, reference=changes))


@pytest.mark.parametrize(
    ("argument", "says"),
    [
        (torch.rand(3, 3), "is square"),
        (torch.rand(1, 4), "dimension of size 1"),
        (torch.ones(3, 4), "zeros and ones only"),
    ],
)
def test_blind_spots_are_warned_of(argument, says):
    exercise = replace(TOY, cases=lambda seed: [Case(MORE, (argument, torch.rand(3, 2)))])
    (spot,) = blind_spots(exercise)
    assert says in spot


def test_the_mutants_of_a_right_solution_are_noticed():
    for function in (mean_square, toy_exercise._by_loop):
        tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
        survivors = []
        for what, mutant in mutants(tree):
            changed = dict(vars(toy_exercise))
            exec(compile(ast.Module([mutant], []), "<mutant>", "exec"), changed)
            survivors += [what] if run_here(TOY, changed[function.__name__]).passed else []
        survivors = [
            what for what in survivors if not what.endswith("`True` -> False")
        ]  # strict: equal lengths
        assert survivors == []
