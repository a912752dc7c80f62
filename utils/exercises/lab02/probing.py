"""How the exercises of lab 02 look at a layer: its results, changes of its arguments, its gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from utils.exercises.authoring import is_near, parts
from utils.exercises.core import Answer, Case, Text
from utils.exercises.probes import with_gradient

ONE = ("result",)


def answers(value: Any, names: tuple[str, ...]) -> Answer:
    """What was returned, under its names; a single result stands alone."""
    return {"result": value} if names == ONE else parts(value, names)


def staged(answer: Answer, expected: Answer) -> tuple[Answer, bool]:
    """The answer, in which each result counts once those before it are right; and whether all are.

    So a mistake is recognised whatever else is wrong after it, and is told first.
    """
    shown, right = dict(answer), True
    for name, wanted in expected.items():
        if not right and name in shown:
            shown[name] = wanted
        right = right and is_near(answer.get(name), wanted)
    return shown, right


def gradients(function: Callable[..., Any], case: Case, given: tuple[str, ...], names: tuple[str, ...]):
    """The gradients of the first result for the arguments named in ``given``, and whether a graph hangs on
    the others."""

    def probe(function, case):
        return answers(function(*case.args), names)

    for i in range(len(given)):
        probe = with_gradient(i, probe, of=names[0])
    found = probe(function, case)
    graph = any(getattr(found.get(name), "requires_grad", False) for name in names[1:])
    by = {f"by_{name}": found[f"gradient {i}"] for i, name in enumerate(given)}
    return by | ({"graph": graph} if names != ONE else {})


def layer_probe(
    reference: Callable[..., Any],
    learned: tuple[str, ...],
    kept: tuple[str, ...] = (),
    names: tuple[str, ...] = ONE,
) -> Callable[[Callable[..., Any], Case], Answer]:
    """A probe of a layer whose first arguments are those ``learned`` (with gradients), then those ``kept``.

    Whether an argument was changed counts once the results are right, however it was changed; the gradients
    count after that.
    """
    tensors = learned + kept

    def probe(function: Callable[..., Any], case: Case) -> Answer:
        given = [value.clone() if isinstance(value, Tensor) else value for value in case.args]
        answer = answers(function(*given), names)
        wanted = reference(*case.args)
        expected = dict(zip(names, wanted if names != ONE else (wanted,), strict=True))
        answer, right = staged(answer, expected)
        pairs = zip(tensors, given, case.args, strict=False)
        changed = {
            f"changed_{name}": right and not torch.equal(after, before) for name, after, before in pairs
        }
        right = right and not any(changed.values())
        return {**answer, **changed, **gradients(function if right else reference, case, learned, names)}

    return probe


def change_labels(*names: str) -> dict[str, Text]:
    """What a message calls the answer to whether an argument was changed in place."""
    return {
        f"changed_{name}": {"en": f"whether the call has changed {name}", "zh": f"调用是否改动了 {name}："}
        for name in names
    }


def layer_labels(learned: tuple[str, ...], kept: tuple[str, ...] = ()) -> dict[str, Text]:
    """What a message calls a change of an argument and the gradients."""
    by = {
        f"by_{name}": {"en": f"the gradient that reaches {name}", "zh": f"传到 {name} 的梯度"}
        for name in learned
    }
    return change_labels(*learned, *kept) | by
