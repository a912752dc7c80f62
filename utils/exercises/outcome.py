"""Judging a function: run it elsewhere, compare its answers here. No printing, so that a batch can use it as
well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from utils.exercises import client, limits
from utils.exercises.answers import RAISED, Leaf, Leaves, collect, seeded
from utils.exercises.compare import Difference, Tolerance, alike, difference
from utils.exercises.core import Case, Exercise, Mistake
from utils.exercises.frames import Place, own_place, watched_place
from utils.exercises.reply import Reply

SEED = 7  # of the cases that a notebook's check uses
Execute = Callable[[Callable[..., Any], Callable[..., Any], Sequence[Case], float], Reply]


@dataclass(frozen=True)
class Outcome:
    """What a check found.

    ``kind``: passed; from the answers not_started, unwritten, raises, none, type, huge, shape, nan, value;
    from the run timeout, died, memory, unsendable, unloadable, no_worker; before it not_callable. ``case``
    and ``difference`` say where, ``mistake`` which known mistake answers alike on every case.
    """

    kind: str
    cases: int = 0
    case: Case | None = None
    difference: Difference | None = None
    mistake: Mistake | None = None
    place: Place | None = None  # the learner's line, where something happened at one
    problem: Leaf | None = None  # the exception, where there was one
    names: tuple[str, ...] = ()  # variables to blame
    code: int | None = None  # exit code
    words: str = ""  # of a worker that did not start
    seconds: float = 0.0  # the limit it ran under
    printed: str = ""
    lines: int = 0
    value: Any = field(default=None, repr=False)  # what was given instead of a function

    @property
    def passed(self) -> bool:
        return self.kind == "passed"

    @property
    def label(self) -> str:
        return self.difference.label if self.difference else ""

    @property
    def expected(self) -> Leaf | None:
        return self.difference.expected if self.difference else None

    @property
    def got(self) -> Leaf | None:
        return self.difference.got if self.difference else None


def execute_here(
    function: Callable[..., Any], probe: Callable[..., Any], cases: Sequence[Case], limit: float = 0.0
) -> Reply:
    """Stands in for ``client.execute`` where the function is trusted and ends: the proofs of an exercise."""
    return Reply("done", collect(function, probe, cases))


def tolerance(exercise: Exercise) -> Tolerance:
    return Tolerance(exercise.rtol, exercise.atol)


def make_cases(exercise: Exercise, seed: int) -> list[Case]:
    """The cases of one seed, without a trace in the global random states."""
    with seeded(seed):
        return list(exercise.cases(seed))


def answers_of(function: Callable[..., Any], exercise: Exercise, seed: int) -> list[Leaves]:
    """What a trusted function answers, on cases of its own."""
    return collect(function, exercise.probe, make_cases(exercise, seed))


def expected_answers(exercise: Exercise, seed: int) -> list[Leaves]:
    """What the reference answers. Raises RuntimeError where it fails, which is a fault of the exercise."""
    answers = answers_of(exercise.reference, exercise, seed)
    for leaves in answers:
        if RAISED in leaves:
            raise RuntimeError(
                f"{exercise.id}: the reference raises {leaves[RAISED].type}: {leaves[RAISED].text}"
            )
    return answers


class _Known:
    """What each mistake of an exercise answers, kept for the exercises and seeds asked for last."""

    def __init__(self, keep: int = 8) -> None:
        self._keep, self._answers = keep, {}

    def __call__(self, exercise: Exercise, seed: int) -> list[list[Leaves]]:
        key = id(exercise), seed
        if key not in self._answers:
            while len(self._answers) >= self._keep:
                self._answers.pop(next(iter(self._answers)))
            answers = [answers_of(mistake.wrong, exercise, seed) for mistake in exercise.mistakes]
            self._answers[key] = exercise, answers  # the exercise too, so that its id stays its own
        return self._answers[key][1]


known_answers = _Known()


def recognise(exercise: Exercise, got: Sequence[Leaves], seed: int) -> Mistake | None:
    """The known mistake whose function answers as the learner's does on every case."""
    pairs = zip(exercise.mistakes, known_answers(exercise, seed), strict=True)
    return next((mistake for mistake, wrong in pairs if alike(wrong, got, tolerance(exercise))), None)


def _from_run(reply: Reply, cases: Sequence[Case]) -> Outcome:
    """The outcome of a run that gave no full set of answers."""
    case = cases[reply.case] if reply.case is not None and reply.case < len(cases) else None
    place = own_place(reply.frames) or watched_place(reply.last_words)
    told = {"problem": reply.problem, "names": reply.names, "code": reply.code, "words": reply.last_words}
    return Outcome(reply.kind, len(cases), case, place=place, **told)


def _from_answers(exercise: Exercise, reply: Reply, cases: Sequence[Case], seed: int) -> Outcome:
    expected = expected_answers(exercise, seed)
    pairs = zip(cases, expected, reply.answers, strict=True)
    found = ((case, difference(e, g, tolerance(exercise))) for case, e, g in pairs)
    case, first = next(((case, d) for case, d in found if d), (None, None))
    if first is None:
        return Outcome("passed", len(cases))
    mistake = None if first.kind in ("not_started", "unwritten") else recognise(exercise, reply.answers, seed)
    problem = first.got if first.label == RAISED else None
    place = own_place(problem.frames) if problem else None
    return Outcome(first.kind, len(cases), case, first, mistake, place, problem)


def run(
    exercise: Exercise,
    function: Any,
    seed: int = SEED,
    limit: float | None = None,
    execute: Execute = client.execute,
) -> Outcome:
    """Judge a function on the cases of one seed. Never raises on account of what the function does."""
    if not callable(function):
        return Outcome("not_callable", value=function)
    cases = make_cases(exercise, seed)
    limit = limits.seconds() if limit is None else limit
    reply = execute(function, exercise.probe, cases, limit)
    judged = _from_answers(exercise, reply, cases, seed) if reply.kind == "done" else _from_run(reply, cases)
    return replace(judged, seconds=limit, printed=reply.printed, lines=reply.lines)
