"""Ways of looking at a learner's function that arrays alone do not show.

A probe takes a function and a case and returns named results; ``utils.exercises.core.call`` is the plainest
one. Those here wrap another probe and add to what it returns, so they compose::

    probe = twice(with_inputs_after(with_gradient(0)))

Order: ``with_gradient`` innermost (it needs the live graph), ``twice`` outermost (it repeats all the rest).
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from utils.exercises.answers import flatten
from utils.exercises.core import Answer, Case, call

Probe = Callable[[Callable[..., Any], Case], Answer]

result = call  # the plainest probe, under the name that reads well beside the others


def with_inputs_after(probe: Probe = result, arguments: tuple[int, ...] | None = None) -> Probe:
    """Add ``input i afterwards`` for each argument that is a tensor or an array (or for those named).

    Shows a function that changes its argument in place.
    """

    def wrapped(function: Callable[..., Any], case: Case) -> Answer:
        answer = probe(function, case)
        for i, value in enumerate(case.args):
            if hasattr(value, "shape") if arguments is None else i in arguments:
                answer[f"input {i} afterwards"] = value
        return answer

    return wrapped


def _weighted_sum(value: Any) -> Any:
    """A scalar whose gradient tells every entry of ``value`` apart: unequal weights, none of them zero."""
    import torch

    steps = torch.arange(1, value.numel() + 1, dtype=value.dtype).reshape(value.shape)
    return (value * (1 + steps / 7)).sum()


def _gradient(value: Any, argument: Any) -> Any:
    import torch

    if not (isinstance(value, torch.Tensor) and value.requires_grad):
        return None
    return torch.autograd.grad(_weighted_sum(value), argument, retain_graph=True, allow_unused=True)[0]


def with_gradient(argument: int, probe: Probe = result, of: str = "result") -> Probe:
    """Add ``gradient i``: the gradient, by autograd, of a weighted sum of the result for argument ``i``.

    None where the graph was cut (detach, .item(), .data, torch.tensor of a tensor) or the argument was not
    used. The argument must be a floating-point tensor; the function is given a leaf that requires a gradient,
    so changing it in place raises. ``of`` names the result to start from.
    """

    def wrapped(function: Callable[..., Any], case: Case) -> Answer:
        leaf = case.args[argument].detach().clone().requires_grad_()
        args = (*case.args[:argument], leaf, *case.args[argument + 1 :])
        answer = probe(function, Case(case.name, args))
        answer[f"gradient {argument}"] = _gradient(answer[of], leaf)
        return answer

    return wrapped


def twice(probe: Probe = result) -> Probe:
    """Run the probe twice on equal arguments and add each result of the second run as ``NAME, second call``.

    Shows state that leaks from one call into the next: a mutable default, a global, a cached buffer.
    """

    def wrapped(function: Callable[..., Any], case: Case) -> Answer:
        again = copy.deepcopy(case)
        first = dict(item for name, value in probe(function, case).items() for item in flatten(name, value))
        second = probe(function, again)
        return first | {f"{name}, second call": value for name, value in second.items()}

    return wrapped
