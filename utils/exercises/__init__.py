"""Exercises and their instant check.

In a notebook::

    from utils.exercises import check

    check("04.mse_gradient", mse_gradient)

The learner's function runs in a process of its own (``worker``), which is started when this package is
imported in a notebook; only arrays come back, and they are compared here with what the reference answers.
"""

from __future__ import annotations

import sys
from typing import Any

from utils.exercises.core import Exercise
from utils.exercises.language import current_language, set_language

__all__ = ["check", "set_language"]


def _check(exercise: str | Exercise, function: Any) -> str:
    from utils.exercises import outcome, registry, report

    lang = current_language()
    if not isinstance(exercise, Exercise):
        try:
            exercise = registry.find(exercise)
        except registry.UnknownExercise as error:
            return report.unknown(error, lang)
    return report.text(outcome.run(exercise, function), exercise, lang)


def check(exercise: str | Exercise, function: Any) -> None:
    """Run a learner's function on the cases of an exercise and print one short message.

    ``exercise`` is an id such as ``"04.mse_gradient"``; ``function`` the function itself, not the result of
    calling it. Whatever the function does, an answer comes within about two seconds (EXERCISE_SECONDS and a
    little). The message is in the language of ``set_language``, BOOK_LANG, the notebook's path or the system.
    """
    from utils.exercises.wording import say

    try:
        message = _check(exercise, function)
    except (
        Exception
    ) as error:  # a fault of ours: said as such, and in one line, since a learner cannot mend it
        name = getattr(exercise, "id", exercise)
        message = say("broken", current_language(), id=name, type=type(error).__name__, text=error)
    print(message)


def _in_notebook() -> bool:
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return getattr(shell, "kernel", None) is not None


if _in_notebook():
    from utils.exercises import client

    client.start()
