"""What only lab 04 has: references that stand in for classes and quotients, held against PyTorch's own."""

from __future__ import annotations

import pytest
import torch
from torch.testing import assert_close

from utils.exercises.lab04 import EXERCISES
from utils.exercises.lab04.steps import BEFORE

BY_ID = {exercise.id: exercise for exercise in EXERCISES}
MOMENTS = ["exp_avg", "exp_avg_sq"]


@pytest.mark.parametrize(
    ("name", "make", "state"),
    [
        ("momentum_step", lambda p, rate, beta: torch.optim.SGD(p, rate, momentum=beta), ["momentum_buffer"]),
        ("adam_step", lambda p, rate, b1, b2, eps: torch.optim.Adam(p, rate, (b1, b2), eps), MOMENTS),
        ("adamw_step", lambda p, rate, b1, b2, *more: torch.optim.AdamW(p, rate, (b1, b2), *more), MOMENTS),
    ],
)
def test_the_optimisers_references_are_torch_optim(name, make, state):
    """The references call the functions behind these classes, which load faster."""
    exercise = BY_ID[f"04.{name}"]
    for case in exercise.cases(5):
        w, gradients, before, *settings = case.args
        parameter = w.clone().requires_grad_()
        optimiser = make([parameter], *settings)
        first = BEFORE + 1 if before else 1
        if before:
            moments = zip(state, (moment.clone() for moment in before), strict=True)
            optimiser.state[parameter] = {"step": torch.tensor(float(BEFORE)), **dict(moments)}
        answer = exercise.probe(exercise.reference, case)
        for t, parameter.grad in enumerate(gradients, start=first):
            optimiser.step()
            kept = [optimiser.state[parameter][key] for key in state]
            expected = dict(zip(["w", *("v" if len(state) == 1 else "mv")], [parameter, *kept], strict=True))
            for letter, value in expected.items():
                assert_close(answer[f"{letter}_{t}"], value.detach(), rtol=1e-12, atol=1e-12)


def test_the_central_difference_is_near_the_derivative_where_h_is_small():
    """Its reference is the quotient itself, which differs from autograd where h is large."""
    exercise = BY_ID["04.central_difference"]
    for case in exercise.cases(5):
        f, x, h = case.args
        exact = torch.autograd.grad(f(leaf := x.clone().requires_grad_()), leaf)[0]
        assert_close(exercise.reference(f, x, 1e-5), exact, rtol=1e-7, atol=1e-7)
        assert (exercise.reference(f, x, h) - exact).abs().max() > 1e-5
