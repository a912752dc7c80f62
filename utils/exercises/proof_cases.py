"""The part of an exercise's proof that looks at its texts and its cases, before any solution is tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from utils.exercises.answers import Leaf, Leaves, collect, flatten
from utils.exercises.compare import Tolerance, alike
from utils.exercises.core import Case, Exercise
from utils.exercises.outcome import SEED, make_cases

EXACT = Tolerance(0.0, 0.0)


def text_problems(exercise: Exercise) -> Iterator[str]:
    """Texts that are missing in a language, too few mistakes, names used twice."""
    texts = {"title": exercise.title, "aims": exercise.aims}
    texts |= {f"hint of {mistake.name}": mistake.hint for mistake in exercise.mistakes}
    texts |= {f"label {name}": text for name, text in exercise.labels.items()}
    texts |= {f"name of case {i}": case.name for i, case in enumerate(make_cases(exercise, SEED))}
    for name, text in texts.items():
        if set(text) != {"en", "zh"} or not all(value.strip() for value in text.values()):
            yield f"the {name} is not there in both languages"
    names = [mistake.name for mistake in exercise.mistakes]
    if len(names) < 5:
        yield f"only {len(names)} mistakes are known"
    if len(set(names)) < len(names) or not all(name.isidentifier() for name in names):
        yield f"the mistakes' names are not distinct identifiers: {names}"
    if exercise.difficulty not in (1, 2, 3) or exercise.minutes < 1:
        yield "difficulty is 1 to 3 and minutes at least 1"


def _arguments(cases: Sequence[Case]) -> list[Leaves]:
    """The arguments of each case as data. A function among them has none to compare."""
    leaves = (flatten("args", case.args) for case in cases)
    return [{name: leaf for name, leaf in case if leaf.kind != "other"} for case in leaves]


def case_problems(exercise: Exercise, seed: int) -> Iterator[str]:
    """Cases that are not the same for the same seed, do not depend on it, or are changed by the reference."""
    cases, again = make_cases(exercise, seed), make_cases(exercise, seed)
    if not alike(_arguments(cases), _arguments(again), EXACT):
        yield f"seed {seed}: the cases are not reproducible"
    if len(cases) < 2:
        yield "one case alone does not tell mistakes apart"
    if alike(_arguments(cases), _arguments(make_cases(exercise, seed + 1)), EXACT):
        yield f"seed {seed}: another seed gives the same cases"
    shared = {id(value) for case in cases for value in case.args if hasattr(value, "shape")}
    if any(id(value) in shared for case in again for value in case.args):
        yield f"seed {seed}: two calls of cases share an argument"
    collect(exercise.reference, exercise.probe, cases)
    if not alike(_arguments(cases), _arguments(again), EXACT):
        yield f"seed {seed}: the reference changes its arguments"


def _blind(leaf: Leaf) -> str:
    """Why an argument may hide a mistake, or nothing."""
    array = leaf.array
    if array is None or array.ndim == 0 or array.dtype.kind not in "fc":
        return ""
    if 1 in array.shape:
        return f"has a dimension of size 1: {array.shape}"
    if array.ndim > 1 and array.shape[-1] == array.shape[-2]:
        return f"is square: {array.shape}"
    return "holds zeros and ones only" if np.isin(array, (0, 1)).all() else ""


def blind_spots(exercise: Exercise, seed: int = SEED) -> Iterator[str]:
    """Arguments that may hide a mistake: a dimension of size 1, square matrices, zeros and ones only."""
    for case in make_cases(exercise, seed):
        for name, leaf in flatten("args", case.args):
            if reason := _blind(leaf):
                yield f"case “{case.name['en']}”: {name} {reason}"
