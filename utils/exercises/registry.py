"""Finds an exercise by its id. A lab's package is imported when one of its exercises is asked for, not
before.
"""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import pkgutil
import re
from pathlib import Path

from utils.exercises.core import Exercise


class UnknownExercise(KeyError):
    """No exercise has this id. ``known`` are the ids there are, ``closest`` is one of them or None."""

    def __init__(self, wanted: object, known: list[str]) -> None:
        super().__init__(str(wanted))
        self.known = known
        self.closest = next(iter(difflib.get_close_matches(str(wanted), known, n=1, cutoff=0.5)), None)


def labs() -> list[str]:
    """The numbers of the labs that have exercises: ["04", ...]."""
    names = [module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)])]
    return sorted(name[3:] for name in names if re.fullmatch(r"lab\d\d", name))


def exercises(lab: str) -> tuple[Exercise, ...]:
    """The exercises of one lab, in its order."""
    return importlib.import_module(f"utils.exercises.lab{lab}").EXERCISES


def find(exercise_id: object) -> Exercise:
    """The exercise with this id. Raises UnknownExercise, with the ids to choose from."""
    lab = str(exercise_id).partition(".")[0].strip().zfill(2)
    there = labs()
    candidates = [e for number in ([lab] if lab in there else there) for e in exercises(number)]
    for exercise in candidates:
        if exercise.id == exercise_id:
            return exercise
    raise UnknownExercise(exercise_id, [exercise.id for exercise in candidates])
