"""Each mistake of lab 04 written a second time in another way, and right solutions written otherwise.

One module an exercise: ``wrong_NAME`` is the mistake NAME, ``right_HOW`` a right solution. A check that
knew only the first form of a mistake, or only one way to be right, would be found out here.
"""

from importlib import import_module
from types import FunctionType

from utils.exercises.lab04 import EXERCISES


def functions(exercise_id: str, prefix: str) -> dict[str, FunctionType]:
    """The functions of an exercise's module whose name begins with ``prefix``, without it."""
    module = import_module(f"{__name__}.{exercise_id.removeprefix('04.')}")
    return {
        name.removeprefix(prefix): value
        for name, value in vars(module).items()
        if name.startswith(prefix) and isinstance(value, FunctionType)
    }


SECOND = {exercise.id: functions(exercise.id, "wrong_") for exercise in EXERCISES}
RIGHT = {exercise.id: functions(exercise.id, "right_") for exercise in EXERCISES}
