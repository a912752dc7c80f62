"""An outcome as a short message for the learner."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

from utils.exercises import limits
from utils.exercises.answers import RAISED
from utils.exercises.compare import Difference
from utils.exercises.core import Exercise
from utils.exercises.frames import Place
from utils.exercises.outcome import Outcome
from utils.exercises.registry import UnknownExercise
from utils.exercises.wording import describe, label, number, pair, say, short

PRINTED_LINES = 5
_NOT_CALLED = re.compile(r"(takes|missing) .*argument|unexpected keyword argument")


def _place(place: Place | None, lang: str) -> list[str]:
    if place is None:
        return []
    if not place.source:
        return [say("at_line_no_source", lang, line=place.line, function=place.function)]
    return [say("at_line", lang, line=place.line, function=place.function, source=short(place.source))]


def _name(exercise: Exercise) -> str:
    return exercise.id.partition(".")[2] or exercise.id


def _parameters(function: Callable[..., Any]) -> str:
    """``(x, y, eps=1e-08)``: a function's parameters without annotations."""
    signature = inspect.signature(function)
    plain = [p.replace(annotation=inspect.Parameter.empty) for p in signature.parameters.values()]
    return str(inspect.Signature(plain))


def _raised(outcome: Outcome, exercise: Exercise, lang: str) -> list[str]:
    problem, place = outcome.problem, _place(outcome.place, lang)
    if problem.kind == "unwritten":
        return [say("unwritten", lang, function=problem.frames[-1][2])]
    text = short(problem.text, 200)
    if problem.type == "RecursionError":
        return [say("recursion", lang), *place]
    if problem.type == "MemoryError" or "can't allocate memory" in problem.text:
        return [say("memory", lang), *place]
    if problem.type == "TypeError" and not place and _NOT_CALLED.search(problem.text):
        called = say("called_as", lang, call=_name(exercise) + _parameters(exercise.reference))
        return [say("signature", lang, text=text.rstrip(".")), called]
    if text in ("", "None"):
        return [say("raises", lang, type=problem.type), *place]
    return [say("raises_text", lang, type=problem.type, text=text), *place]


def _different(d: Difference, exercise: Exercise, lang: str) -> list[str]:
    called = label(d.label, exercise, lang)
    if d.kind == "none":
        question = [say("no_return", lang)] if d.label == "result" else []
        return [say("none", lang, label=called, expected=describe(d.expected, lang)), *question]
    if d.kind in ("type", "huge") or d.expected.kind == "text":
        return [
            say("type", lang, label=called, got=describe(d.got, lang), expected=describe(d.expected, lang))
        ]
    values = {"factor": number(d.factor)} if d.note in ("ratio", "offset") else {}
    note = [say(d.note, lang, **values)] if d.note else []
    if d.kind == "shape":
        shapes = {"got": str(d.got.shape), "expected": str(d.expected.shape)}
        return [say("shape", lang, label=called, **shapes), *note]
    expected, got = pair(d.expected.array[d.index], d.got.array[d.index])
    values = {"label": called, "got": got, "expected": expected}
    what = say("value_at", lang, index=list(d.index), **values) if d.index else say("value", lang, **values)
    return [what, *([say("nan", lang)] if d.kind == "nan" else note)]


def _not_run(outcome: Outcome, exercise: Exercise, lang: str) -> list[str]:
    """What kept the function from running."""
    problem = outcome.problem
    if outcome.kind == "not_callable":
        what = (
            say("not_callable_none", lang)
            if outcome.value is None
            else say("not_callable", lang, type=type(outcome.value).__name__)
        )
        return [what, say("pass_function", lang, id=exercise.id, name=_name(exercise))]
    if outcome.kind == "unsendable":
        names = ", ".join(f"`{name}`" for name in outcome.names)
        blame = [say("blame", lang, names=names)] if names else []
        return [say("unsendable", lang, reason=short(problem.text)), *blame, say("make_inside", lang)]
    if outcome.kind == "unloadable":
        return [say("unloadable", lang, type=problem.type, text=short(problem.text, 200))]
    return [say("no_worker", lang, text=short(outcome.words[-300:], 300))]


def _cutshort(outcome: Outcome, lang: str) -> list[str]:
    """What ended the function before it answered."""
    place = _place(outcome.place, lang)
    if outcome.kind == "timeout" and outcome.case is None:
        return [say("slow_load", lang, seconds=number(limits.LOAD_SECONDS)), *place]
    if outcome.kind == "timeout":
        return [say("timeout", lang, seconds=number(outcome.seconds)), *place]
    if outcome.kind == "memory":
        return [say("memory", lang), *place]
    code = say("no_exit_code", lang) if outcome.code is None else say("exit_code", lang, code=outcome.code)
    return [say("died", lang, code=code), *place]


def _sentences(outcome: Outcome, exercise: Exercise, lang: str) -> list[str]:
    if outcome.difference:
        raised = outcome.difference.label == RAISED
        return (
            (_raised(outcome, exercise, lang)) if raised else _different(outcome.difference, exercise, lang)
        )
    if outcome.kind in ("timeout", "memory", "died"):
        return _cutshort(outcome, lang)
    return _not_run(outcome, exercise, lang)


def _printed(outcome: Outcome, lang: str) -> list[str]:
    lines = outcome.printed.rstrip().splitlines()
    if not lines:
        return []
    total = max(outcome.lines, len(lines))
    shown = [f"  {short(line)}" for line in lines[:PRINTED_LINES]]
    if total > len(shown):
        shown.append("  " + say("more_lines", lang, count=total - len(shown)))
    return [say("printed", lang), *shown]


def text(outcome: Outcome, exercise: Exercise, lang: str) -> str:
    """The whole message: a line that says how it stands, what is wrong, a hint, what was printed."""
    if outcome.passed:
        lines = [say("passed", lang, id=exercise.id, count=outcome.cases)]
    elif outcome.kind == "not_started":
        lines = [say("not_started", lang, id=exercise.id)]
    else:
        case = outcome.case.name[lang] if outcome.case is not None else None
        first = (
            say("failed_in_case", lang, id=exercise.id, case=case)
            if case
            else say("failed", lang, id=exercise.id)
        )
        what = _sentences(outcome, exercise, lang)
        hint = [say("hint", lang, hint=outcome.mistake.hint[lang])] if outcome.mistake else []
        lines = [first, *(f"  {line[:1].upper()}{line[1:]}" for line in [*what, *hint])]
    return "\n".join([*lines, *_printed(outcome, lang)])


def unknown(error: UnknownExercise, lang: str) -> str:
    """What to say where there is no such exercise."""
    closest = [say("did_you_mean", lang, closest=error.closest)] if error.closest else []
    known = say("known", lang, known=", ".join(error.known))
    return "\n  ".join([say("unknown", lang, id=error.args[0]), *closest, known])
