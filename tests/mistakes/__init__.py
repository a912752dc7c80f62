"""Each mistake of a lab written a second time in another way, and right solutions written otherwise.

One package a lab, one module an exercise: ``wrong_NAME`` is the mistake NAME, ``right_HOW`` a right solution.
A check that knew only the first form of a mistake, or only one way to be right, would be found out here. A
lab without such a package fails.
"""

from __future__ import annotations

from importlib import import_module
from types import FunctionType, ModuleType


def second_forms(exercise_id: str) -> dict[str, FunctionType]:
    """The mistakes of an exercise in their second form, by name."""
    return _functions(exercise_id, "wrong_")


def right_solutions(exercise_id: str) -> dict[str, FunctionType]:
    """Right solutions of an exercise, by how they are written."""
    return _functions(exercise_id, "right_")


def equivalent(exercise_id: str) -> dict[str, str]:
    """Changes that leave the notebook's solution right, each with the reason."""
    lab, _, name = exercise_id.partition(".")
    return _lab(lab).EQUIVALENT.get(name, {})


def _lab(lab: str) -> ModuleType:
    return import_module(f"tests.mistakes.lab{lab}")


def _functions(exercise_id: str, prefix: str) -> dict[str, FunctionType]:
    lab, _, name = exercise_id.partition(".")
    module = import_module(f"{_lab(lab).__name__}.{name}")
    return {
        key.removeprefix(prefix): value
        for key, value in vars(module).items()
        if key.startswith(prefix) and isinstance(value, FunctionType)
    }
