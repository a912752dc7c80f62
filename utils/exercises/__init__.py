"""Exercises and their instant check.

In a notebook::

    from utils.exercises import check

    check("04.mse_gradient", mse_gradient)

The learner's function runs in a process of its own (``worker``), which is started when this package is
imported in a notebook; only arrays come back, and they are compared here with what the reference answers.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from utils.exercises.core import Exercise
from utils.exercises.language import current_language, set_language

__all__ = ["check", "set_language"]


def _answer(exercise: str | Exercise, function: Any) -> tuple[bool, str]:
    """Whether the function passed, and the message that says so."""
    from utils.exercises import outcome, registry, report

    lang = current_language()
    if not isinstance(exercise, Exercise):
        try:
            exercise = registry.find(exercise)
        except registry.UnknownExercise as error:
            return False, report.unknown(error, lang)
    result = outcome.run(exercise, function)
    return result.passed, report.text(result, exercise, lang)


def check(exercise: str | Exercise, function: Any) -> None:
    """Run a learner's function on the cases of an exercise and print one short message.

    ``exercise`` is an id such as ``"04.mse_gradient"``; ``function`` the function itself, not the result of
    calling it. Whatever the function does, an answer comes within about two seconds (EXERCISE_SECONDS and a
    little). The message is in the language of ``set_language``, BOOK_LANG, the notebook's path or the system.

    nbgrader takes a cell that raises nothing for solved. So while nbgrader runs the notebook (it says so in
    NBGRADER_EXECUTION), a function that does not pass raises an AssertionError with the message.
    """
    from utils.exercises.wording import say

    try:
        passed, message = _answer(exercise, function)
    except Exception as error:  # a fault of ours, said in one line: a learner cannot mend it
        name = getattr(exercise, "id", exercise)
        detail = {"type": type(error).__name__, "text": error}
        passed, message = False, say("broken", current_language(), id=name, **detail)
    if os.environ.get("NBGRADER_EXECUTION") and not passed:
        raise AssertionError(message)
    print(message.encode("utf-8", "replace").decode("utf-8"))  # a lone surrogate cannot be shown


def _in_notebook() -> bool:
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return getattr(shell, "kernel", None) is not None


if _in_notebook():
    from utils.exercises import client

    client.start()
