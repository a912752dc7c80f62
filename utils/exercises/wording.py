"""The words for numbers, results and what they are called, in both languages."""

from __future__ import annotations

import re

import numpy as np

from utils.exercises.answers import Leaf
from utils.exercises.core import Exercise
from utils.exercises.messages import MESSAGES

WIDTH = 100  # of a quoted line
_MADE_BY_PROBES = re.compile(r"(input|gradient) (\d+)( afterwards)?$")


def say(key: str, lang: str, **values: object) -> str:
    """One message of the table, filled in."""
    return MESSAGES[key][lang].format(**values)


def short(text: str, width: int = WIDTH) -> str:
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 1] + "…"


def number(value: object, digits: int = 6) -> str:
    """A number as a learner reads it: ``0.25``, ``nan``, ``True``, ``(1+2j)``."""
    value = np.asarray(value).item()
    return f"{value:.{digits}g}" if isinstance(value, float) else str(value)


def pair(expected: object, got: object) -> tuple[str, str]:
    """Both numbers, with as many digits as it takes to see the difference."""
    for digits in (6, 9, 12, 17):
        texts = number(expected, digits), number(got, digits)
        if texts[0] != texts[1]:
            break
    return texts


def describe(leaf: Leaf, lang: str) -> str:
    """What kind of thing a result is: "a Tensor of shape (3, 4)"."""
    if leaf.kind in ("array", "huge") and leaf.shape == ():
        return say("a_number", lang)
    if leaf.kind in ("array", "huge"):
        return say("an_array", lang, type=leaf.type, shape=str(leaf.shape))
    if leaf.kind == "sequence":
        return say("a_sequence", lang, type=leaf.type, count=leaf.shape[0])
    if leaf.kind == "mapping":
        return say("a_mapping", lang, type=leaf.type, keys=short(leaf.text))
    if leaf.kind == "text":
        return say("a_text", lang, text=short(leaf.text))
    return say("nothing", lang) if leaf.kind == "none" else say("an_object", lang, type=leaf.type)


def label(name: str, exercise: Exercise, lang: str) -> str:
    """What a result is called: the exercise's own word, or one for what the probes add."""
    if name in exercise.labels:
        return exercise.labels[name][lang]
    if ", second call" in name:
        return say("label_second", lang, label=label(name.replace(", second call", ""), exercise, lang))
    if item := re.fullmatch(r"(.+?)((?:\[[^\]]*\])+)", name):
        return say("label_item", lang, label=label(item[1], exercise, lang), item=item[2])
    if made := _MADE_BY_PROBES.match(name):
        return say(f"label_{made[1]}", lang, number=int(made[2]) + 1)
    return say("label_result", lang) if name == "result" else name
