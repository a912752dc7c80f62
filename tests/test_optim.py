"""utils.optim equals torch.optim and chapter 04's own for a hundred steps; changed anywhere, it does not."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from torch.testing import assert_close

import utils.optim
from tests.notebook_code import definitions, survivors

CHAPTER = Path(__file__).parent.parent / "chapters" / "04_math.ipynb"
START = torch.linspace(-2, 3, 6, dtype=torch.float64).view(2, 3)
PULL = torch.tensor([[0.1, 1.0, 10.0], [3.0, 0.5, 0.02]], dtype=torch.float64)

# Our settings, PyTorch's class and its settings: once with defaults, once with all of them changed. The large
# eps makes its place in the formula count.
PAIRS = {
    "sgd": [({}, "SGD", {}), ({"learning_rate": 0.05}, "SGD", {"lr": 0.05})],
    "momentum": [
        ({}, "SGD", {"momentum": 0.9}),
        ({"learning_rate": 0.02, "beta": 0.5}, "SGD", {"lr": 0.02, "momentum": 0.5}),
    ],
    "rmsprop": [
        ({}, "RMSprop", {}),
        ({"learning_rate": 0.1, "rho": 0.8, "eps": 0.1}, "RMSprop", {"lr": 0.1, "alpha": 0.8, "eps": 0.1}),
    ],
    "adadelta": [
        ({}, "Adadelta", {}),
        ({"learning_rate": 2.0, "rho": 0.8, "eps": 0.1}, "Adadelta", {"lr": 2.0, "rho": 0.8, "eps": 0.1}),
    ],
    "adam": [
        ({}, "Adam", {}),
        (
            {"learning_rate": 0.1, "beta1": 0.7, "beta2": 0.8, "eps": 0.1},
            "Adam",
            {"lr": 0.1, "betas": (0.7, 0.8), "eps": 0.1},
        ),
    ],
    "adamw": [
        ({}, "AdamW", {}),
        (
            {"learning_rate": 0.1, "weight_decay": 0.3, "beta1": 0.7, "beta2": 0.8, "eps": 0.1},
            "AdamW",
            {"lr": 0.1, "weight_decay": 0.3, "betas": (0.7, 0.8), "eps": 0.1},
        ),
    ],
}


@pytest.fixture(scope="module")
def book() -> SimpleNamespace:
    return definitions(CHAPTER)


def loss(w: torch.Tensor) -> torch.Tensor:
    """Uneven and not quadratic: every weight has slopes of its own size, and they change sign."""
    return (PULL * (1 - torch.cos(w)) + 0.05 * w**2).sum()


def gradient(w: torch.Tensor) -> torch.Tensor:
    w = w.detach().clone().requires_grad_()
    return torch.autograd.grad(loss(w), w)[0]


def pytorch_path(kind: str, settings: dict) -> torch.Tensor:
    w, path = START.clone().requires_grad_(), []
    optimiser = getattr(torch.optim, kind)([w], **settings)
    for _ in range(100):
        optimiser.zero_grad()
        loss(w).backward()
        optimiser.step()
        path.append(w.detach().clone())
    return torch.stack(path)


def compare(made, book, name: str) -> None:
    for ours, kind, theirs in PAIRS[name]:
        path = made.run(getattr(made, name), gradient, START, **ours)
        assert_close(path, pytorch_path(kind, theirs), rtol=1e-10, atol=1e-12)
        assert_close(path, book.run(getattr(book, name), gradient, START, **ours), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", PAIRS)
def test_equals_pytorch_and_the_chapter(name, book):
    compare(utils.optim, book, name)


@pytest.mark.parametrize("name", PAIRS)
def test_a_changed_version_fails(name, book):
    assert survivors(utils.optim, [name], lambda made: compare(made, book, name)) == []


@pytest.mark.parametrize("name", PAIRS)
def test_leaves_weights_and_gradient_as_they_are(name):
    w, g, state = START.clone(), gradient(START), {}
    for _ in range(3):
        getattr(utils.optim, name)(w, g, state)
    assert torch.equal(w, START) and torch.equal(g, gradient(START))


@pytest.mark.parametrize("name", PAIRS)
def test_many_rates_at_once_are_as_one_by_one(name):
    rates = torch.tensor([0.01, 0.1, 0.3], dtype=torch.float64)
    together = utils.optim.run(
        getattr(utils.optim, name), gradient_rows, START[0].repeat(3, 1), 20, learning_rate=rates[:, None]
    )
    for row, rate in enumerate(rates.tolist()):
        alone = utils.optim.run(getattr(utils.optim, name), gradient_rows, START[0], 20, learning_rate=rate)
        assert_close(together[:, row], alone)


@pytest.mark.parametrize("steps", [1, 150])
def test_a_run_has_as_many_steps_as_asked_for(steps):
    """A slope of one everywhere: every step is the same."""
    path = utils.optim.run(utils.optim.sgd, torch.ones_like, START, steps, learning_rate=0.01)
    counts = torch.arange(1, steps + 1, dtype=torch.float64)[:, None, None]
    assert_close(path, START - 0.01 * counts)


def gradient_rows(w: torch.Tensor) -> torch.Tensor:
    return PULL[0] * torch.sin(w) + 0.1 * w


@pytest.mark.parametrize("name", PAIRS)
def test_bad_input_gets_one_sentence(name):
    step = getattr(utils.optim, name)
    with pytest.raises(TypeError, match="w holds int64; weights are floating point numbers"):
        step(torch.arange(3), torch.ones(3), {})
    with pytest.raises(ValueError, match=r"gradient has shape \(3, 1\) and w \(3,\)"):
        step(torch.ones(3), torch.ones(3, 1), {})
