"""An outcome as a short message for the learner."""

from __future__ import annotations

import inspect
import re

import numpy as np

from utils.exercises import limits
from utils.exercises.answers import RAISED, Leaf
from utils.exercises.compare import Difference
from utils.exercises.core import Exercise
from utils.exercises.frames import Place
from utils.exercises.messages import MESSAGES
from utils.exercises.outcome import Outcome

PRINTED_LINES = 5
WIDTH = 100  # of a quoted line
_MADE_BY_PROBES = re.compile(r"(input|gradient) (\d+)( afterwards)?$")


def say(key: str, lang: str, **values: object) -> str:
    """One message of the table, filled in."""
    return MESSAGES[key][lang].format(**values)


def _short(text: str, width: int = WIDTH) -> str:
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 1] + "…"


def number(value: object, digits: int = 6) -> str:
    """A number as a learner reads it: ``0.25``, ``nan``, ``True``, ``(1+2j)``."""
    value = np.asarray(value).item()
    return f"{value:.{digits}g}" if isinstance(value, float) else str(value)


def shape(value: tuple[int, ...]) -> str:
    return str(tuple(value))


def _pair(expected: object, got: object) -> tuple[str, str]:
    """Both numbers, with as many digits as it takes to see the difference."""
    for digits in (6, 9, 12, 17):
        texts = number(expected, digits), number(got, digits)
        if texts[0] != texts[1]:
            break
    return texts


def describe(leaf: Leaf, lang: str) -> str:
    """What kind of thing a result is: "a Tensor of shape (3, 4)"."""
    if leaf.kind in ("array", "huge"):
        key = "a_number" if leaf.shape == () else "an_array"
        return say(key, lang, type=leaf.type, shape=shape(leaf.shape)) if key == "an_array" else say(key, lang)
    if leaf.kind == "sequence":
        return say("a_sequence", lang, type=leaf.type, count=leaf.shape[0])
    if leaf.kind == "mapping":
        return say("a_mapping", lang, type=leaf.type, keys=_short(leaf.text))
    if leaf.kind == "text":
        return say("a_text", lang, text=_short(leaf.text))
    return say("nothing", lang) if leaf.kind == "none" else say("an_object", lang, type=leaf.type)


def label(name: str, exercise: Exercise, lang: str) -> str:
    """What a result is called: the exercise's own word, or one for what the probes add."""
    if name in exercise.labels:
        return exercise.labels[name][lang]
    if name.endswith(", second call"):
        return say("label_second", lang, label=label(name.removesuffix(", second call"), exercise, lang))
    if item := re.fullmatch(r"(.+?)((?:\[[^\]]*\])+)(, second call)?", name):
        return say("label_item", lang, label=label(item[1] + (item[3] or ""), exercise, lang), item=item[2])
    if made := _MADE_BY_PROBES.match(name):
        return say(f"label_{made[1]}", lang, number=int(made[2]) + 1)
    return say("label_result", lang) if name == "result" else name


def _place(place: Place | None, lang: str) -> str:
    if place is None:
        return ""
    key = "at_line" if place.source else "at_line_no_source"
    values = {"source": _short(place.source)} if place.source else {}
    return say(key, lang, line=place.line, function=place.function, **values)


def _raised(outcome: Outcome, exercise: Exercise, lang: str) -> str:
    problem, place = outcome.problem, _place(outcome.place, lang)
    text = _short(problem.text, 200).rstrip(".")
    if problem.type == "RecursionError":
        return say("recursion", lang, place=place)
    if problem.type == "MemoryError" or "can't allocate memory" in problem.text:
        return say("memory", lang, place=place)
    if problem.type == "TypeError" and outcome.place is None:
        call = _name(exercise) + str(inspect.signature(exercise.reference)).partition(" ->")[0]
        return say("signature", lang, text=text, call=call)
    return say("raises", lang, type=problem.type, text=f": {text}" if text else "", place=place)


def _name(exercise: Exercise) -> str:
    return exercise.id.partition(".")[2] or exercise.id


def _different(d: Difference, exercise: Exercise, lang: str) -> str:
    called = label(d.label, exercise, lang)
    if d.kind == "none":
        key = "none" if d.label == "result" else "none_other"
        return say(key, lang, label=called, expected=describe(d.expected, lang))
    if d.kind in ("type", "huge"):
        return say("type", lang, label=called, got=describe(d.got, lang), expected=describe(d.expected, lang))
    note = say(d.note, lang, **({"factor": number(d.factor)} if d.factor and d.note != "opposite" else {})) if d.note else ""
    if d.kind == "shape":
        return say("shape", lang, label=called, got=shape(d.got.shape), expected=shape(d.expected.shape), note=note)
    if d.expected.kind == "text":
        return say("type", lang, label=called, got=describe(d.got, lang), expected=describe(d.expected, lang))
    expected, got = _pair(d.expected.array[d.index], d.got.array[d.index])
    index = say("index", lang, index=list(d.index)) if d.index else ""
    values = {"label": called, "got": got, "expected": expected, "index": index}
    return say("nan", lang, **values) if d.kind == "nan" else say("value", lang, **values, note=note)


def _not_run(outcome: Outcome, exercise: Exercise, lang: str) -> str:
    """What kept the function from running, or from ending."""
    name, place, problem = _name(exercise), _place(outcome.place, lang), outcome.problem
    if outcome.kind == "not_callable":
        key = "not_callable_none" if outcome.value is None else "not_callable"
        values = {} if outcome.value is None else {"type": type(outcome.value).__name__}
        return say(key, lang, id=exercise.id, name=name, **values)
    if outcome.kind == "unsendable":
        names = ", ".join(f"`{name}`" for name in outcome.names)
        blame = say("blame", lang, names=names) if names else ""
        return say("unsendable", lang, reason=_short(problem.text), names=blame)
    if outcome.kind == "unloadable":
        return say("unloadable", lang, type=problem.type, text=_short(problem.text, 200))
    if outcome.kind == "timeout":
        return say("timeout", lang, seconds=number(limits.seconds()), place=place)
    if outcome.kind == "memory":
        return say("memory", lang, place=place)
    if outcome.kind == "died":
        code = say("no_exit_code", lang) if outcome.code is None else say("exit_code", lang, code=outcome.code)
        return say("died", lang, code=code, place=place)
    return say("no_worker", lang, text=_short(outcome.words, 300))


def _printed(outcome: Outcome, lang: str) -> list[str]:
    lines = outcome.printed.rstrip().splitlines()
    if not lines:
        return []
    total = max(outcome.lines, len(lines))
    shown = [f"  {_short(line)}" for line in lines[:PRINTED_LINES]]
    more = [f"  {say('more_lines', lang, count=total - len(shown))}"] if total > len(shown) else []
    return [say("printed", lang), *shown, *more]


def text(outcome: Outcome, exercise: Exercise, lang: str) -> str:
    """The whole message: one sentence or two, a hint where a mistake was recognised, what was printed."""
    if outcome.passed:
        lines = [say("passed", lang, id=exercise.id, count=outcome.cases)]
    elif outcome.kind == "not_started":
        lines = [say("not_started", lang, id=exercise.id)]
    else:
        if outcome.difference and outcome.difference.label == RAISED:
            what = _raised(outcome, exercise, lang)
        elif outcome.difference:
            what = _different(outcome.difference, exercise, lang)
        else:
            what = _not_run(outcome, exercise, lang)
        if outcome.case is not None:
            what = say("in_case", lang, case=outcome.case.name[lang], what=what)
        lines = [say("failed", lang, id=exercise.id, what=what)]
    if outcome.mistake is not None:
        lines.append("  " + say("hint", lang, hint=outcome.mistake.hint[lang]))
    return "\n".join([*lines, *_printed(outcome, lang)])
