"""What an exercise is: cases, a reference, a probe that makes hidden effects visible, and the mistakes it
knows.

From one ``Exercise`` come the instant check in the notebook and, later, batch grading. Nothing here runs a
learner's code; that is ``utils.exercises.worker``'s work.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Text = Mapping[str, str]  # the same sentence in each language: {"en": ..., "zh": ...}
Answer = dict[str, Any]  # what a probe returns: name of a result -> tensor, array, number, string or None


@dataclass(frozen=True)
class Case:
    """One set of arguments. ``name`` is what a learner reads when it fails, in English and Chinese."""

    name: Text
    args: tuple[Any, ...]


@dataclass(frozen=True)
class Mistake:
    """A known wrong solution. It is recognised by what it answers, not by how it is written."""

    name: str  # snake_case, unique within the exercise: "sign", "sum_for_mean"
    wrong: Callable[..., Any]
    hint: Text  # explains what went wrong without giving the answer


def call(function: Callable[..., Any], case: Case) -> Answer:
    """The plainest probe: call the function on the case's arguments and look at what it returns."""
    return {"result": function(*case.args)}


@dataclass(frozen=True)
class Exercise:
    """One exercise of a lab.

    ``cases(seed)`` makes the arguments anew at each call, so that a function that changes its input cannot
    spoil the next run. ``probe(function, case)`` calls the learner's function and returns named results;
    gradients, the input afterwards or the result of a second call are results too.
    """

    id: str  # "04.mse_gradient"
    title: Text
    minutes: int
    difficulty: int  # 1 (a line or two) to 3 (needs thought)
    aims: Text
    cases: Callable[[int], Sequence[Case]]
    reference: Callable[..., Any]
    mistakes: tuple[Mistake, ...]
    probe: Callable[[Callable[..., Any], Case], Answer] = call
    rtol: float = 1e-6
    atol: float = 1e-8
    labels: Mapping[str, Text] = field(default_factory=dict)  # what a result is called in a message
