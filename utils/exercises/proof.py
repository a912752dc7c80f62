"""The proof of an exercise, for the tests: right solutions pass, wrong ones fail and are recognised.

``assert_proved`` runs in this process with the comparison that a check uses, on several seeds, since a class
may be graded on a seed that nobody has seen. A sample also goes through the real worker.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from typing import Any

from utils.exercises import client
from utils.exercises.compare import SPACING, Tolerance, alike
from utils.exercises.core import Exercise
from utils.exercises.outcome import (
    SEED,
    Outcome,
    answers_of,
    execute_here,
    expected_answers,
    run,
    tolerance,
)
from utils.exercises.proof_cases import blind_spots, case_problems, text_problems

SEEDS = (SEED, 11, 2024)
PATIENCE = 60.0  # seconds for the sample that runs in the worker: no test fails because a machine is busy
Forms = Mapping[str, Callable[..., Any]]


def run_here(exercise: Exercise, function: Any, seed: int = SEED) -> Outcome:
    """What ``check`` would find, without the worker and its time limit: for functions that end."""
    return run(exercise, function, seed, PATIENCE, execute_here)


def right_problems(exercise: Exercise, right: Forms, seed: int) -> Iterator[str]:
    """Right solutions that do not pass, the reference among them."""
    if len(right) < 2:
        yield "fewer than two right solutions written differently"
    for name, function in {"reference": exercise.reference, **right}.items():
        outcome = run_here(exercise, function, seed)
        if not outcome.passed:
            case = outcome.case.name["en"] if outcome.case else None
            yield f"seed {seed}: {name} is right and fails: {outcome.kind} of {outcome.label!r} in {case!r}"


def _same_code(first: Callable[..., Any], second: Callable[..., Any]) -> bool:
    codes = [getattr(function, "__code__", None) for function in (first, second)]
    return first is second or (
        None not in codes
        and all(getattr(codes[0], k) == getattr(codes[1], k) for k in ("co_code", "co_consts"))
    )


def mistake_problems(exercise: Exercise, second_forms: Forms, seed: int) -> Iterator[str]:
    """Mistakes that pass or are not recognised, in the first form or the second."""
    if unknown := set(second_forms) - {mistake.name for mistake in exercise.mistakes}:
        yield f"second forms of no known mistake: {sorted(unknown)}"
    for mistake in exercise.mistakes:
        second = second_forms.get(mistake.name)
        if second is None or _same_code(mistake.wrong, second):
            yield f"{mistake.name} has no second form written differently"
        for form, function in (("first", mistake.wrong), ("second", second or mistake.wrong)):
            outcome = run_here(exercise, function, seed)
            found = outcome.mistake.name if outcome.mistake else None
            if outcome.passed or found != mistake.name:
                what = (
                    "passes" if outcome.passed else f"is taken for {found} ({outcome.kind}, {outcome.label})"
                )
                yield f"seed {seed}: the {form} form of {mistake.name} {what}"


def margin_problems(exercise: Exercise, seed: int) -> Iterator[str]:
    """Mistakes too small to see in float32, and pairs of mistakes that answer alike on every case."""
    wide = Tolerance(exercise.rtol, exercise.atol, spacing=2 * SPACING["float32"])
    expected = expected_answers(exercise, seed)
    answers = {mistake.name: answers_of(mistake.wrong, exercise, seed) for mistake in exercise.mistakes}
    for name, wrong in answers.items():
        if alike(expected, wrong, wide):
            yield f"seed {seed}: {name} would pass in float32; make its effect larger"
    for one, other in combinations(answers, 2):
        if alike(answers[one], answers[other], tolerance(exercise)):
            yield f"seed {seed}: {one} and {other} answer alike on every case"


def _untouched(*args: Any, **kwargs: Any) -> Any:
    raise NotImplementedError


def _empty(*args: Any, **kwargs: Any) -> None:
    return None


def stub_problems(exercise: Exercise) -> Iterator[str]:
    """An untouched or empty function that is not told as such."""
    if (kind := run_here(exercise, _untouched).kind) != "not_started":
        yield f"the untouched function gives {kind}"
    if run_here(exercise, _empty).passed:
        yield "a function that returns None passes"


def worker_problems(exercise: Exercise) -> Iterator[str]:
    """The same through the real worker: the reference, the first mistake, the untouched function."""
    wrong = exercise.mistakes[0]
    for function, wanted in (
        (exercise.reference, "passed"),
        (wrong.wrong, wrong.name),
        (_untouched, "not_started"),
    ):
        outcome = run(exercise, function, SEED, PATIENCE, client.execute)
        found = outcome.mistake.name if outcome.mistake else outcome.kind
        if found != wanted:
            yield f"in the worker: {found} instead of {wanted}"


def problems(exercise: Exercise, second_forms: Forms, right: Forms, worker: bool = True) -> list[str]:
    """Everything that keeps the exercise from being proved; an empty list if nothing does."""
    found = [*text_problems(exercise), *stub_problems(exercise)]
    for seed in SEEDS:
        found += case_problems(exercise, seed)
        found += right_problems(exercise, right, seed)
        found += mistake_problems(exercise, second_forms, seed)
        found += margin_problems(exercise, seed)
    found += worker_problems(exercise) if worker else []
    return list(dict.fromkeys(found))


def assert_proved(exercise: Exercise, second_forms: Forms, right: Forms, worker: bool = True) -> None:
    """Raise AssertionError with all that is wrong; warn of arguments that may hide a mistake."""
    for spot in blind_spots(exercise):
        warnings.warn(f"{exercise.id}: {spot}", stacklevel=2)
    found = problems(exercise, second_forms, right, worker)
    assert not found, f"{exercise.id} is not proved:\n  " + "\n  ".join(found)
