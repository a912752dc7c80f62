"""utils.math equals chapter 04's own functions and PyTorch; changed anywhere, it does not."""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch.testing import assert_close

import utils.math
from tests.notebook_code import definitions, imported_from_utils, survivors

CHAPTER = Path(__file__).parent.parent / "chapters" / "04_math.ipynb"
B, I, M, K = 5, 3, 4, 6


@pytest.fixture(scope="module")
def book() -> SimpleNamespace:
    return definitions(CHAPTER)


def random(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def same(a: object, b: object) -> None:
    assert_close(a, b, rtol=1e-12, atol=1e-12)


def slopes(f, *inputs: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """Autograd's gradients of the sum of f by all its inputs."""
    inputs = [x.clone().requires_grad_() for x in inputs]
    return torch.autograd.grad(f(*inputs).sum(), inputs)


# Each comparison takes an implementation: the settled one, or a mutant that must fail it.


def compare_measuring(made, book) -> None:
    x = random(4, 3).T  # not contiguous
    for f in (lambda x: (x.sin() * x**2).sum(), lambda x: x[0] @ x[1]):
        (exact,) = slopes(f, x)
        assert_close(made.central_difference(f, x), exact, rtol=1e-7, atol=1e-8)
        same(made.central_difference(f, x), book.central_difference(f, x))
    for a, b in (
        (random(4), random(4, seed=1)),
        (0.01 * random(4), 0.02 * random(4)),
        (random(2, 3), -random(2, 3)),
    ):
        longest = max(np.linalg.norm(a.numpy()), np.linalg.norm(b.numpy()))
        same(made.relative_error(a, b), float(np.linalg.norm((a - b).numpy()) / longest))
        same(made.relative_error(a, b), book.relative_error(a, b))
    assert made.relative_error(torch.zeros(2), torch.zeros(2)) == 0.0


def compare_mse(made, book) -> None:
    for shape in ((7,), (B, K)):
        p, t = random(*shape), random(*shape, seed=1)
        same(made.mse(p, t), F.mse_loss(p, t))
        same(slopes(made.mse, p, t), slopes(F.mse_loss, p, t))
        same(made.mse_gradient(p, t), slopes(F.mse_loss, p, t)[0])
        same(made.mse(p, t), book.mse(p, t))
        same(slopes(made.mse, p, t), slopes(book.mse, p, t))
        same(made.mse_gradient(p, t), book.mse_gradient(p, t))
    X, y, w, b = random(B, I), random(B, seed=1), random(I, seed=2), random(1, seed=3)[0]
    answer = made.linear_mse_gradients(X, y, w, b)
    same(answer, slopes(lambda w, b: F.mse_loss(X @ w + b, y), w, b))
    same(answer, book.linear_mse_gradients(X, y, w, b))


def compare_softmax(made, book) -> None:
    for scale in (1.0, 1000.0):  # the second overflows unless the largest is subtracted
        z = scale * random(2, K, I)
        same(made.softmax(z), torch.softmax(z, -1))
        same(made.log_softmax(z), torch.log_softmax(z, -1))
        same(made.softmax(z), book.softmax(z))
        same(made.log_softmax(z), book.log_softmax(z))
    weights = random(2, K, I, seed=1)  # a plain sum of probabilities has no slope
    for name in ("softmax", "log_softmax"):
        ours, theirs = (
            slopes(lambda z, f=f: f(z) * weights, z / 1000)
            for f in (getattr(made, name), getattr(book, name))
        )
        same(ours, theirs)
        same(ours, slopes(lambda z, name=name: getattr(torch, name)(z, -1) * weights, z / 1000))


def compare_cross_entropy(made, book) -> None:
    y = torch.tensor([0, 5, 2, 2, 1])
    for scale in (1.0, 300.0):
        z = scale * random(B, K)
        same(made.cross_entropy(z, y), F.cross_entropy(z, y))
        same(made.cross_entropy(z, y), book.cross_entropy(z, y))
        (theirs,) = slopes(lambda z: F.cross_entropy(z, y), z)
        same(made.cross_entropy_gradient(z, y), theirs)
        same(slopes(lambda z: made.cross_entropy(z, y), z)[0], theirs)
        same(made.cross_entropy_gradient(z, y), book.cross_entropy_gradient(z, y))


def compare_network(made, book) -> None:
    X, y = random(B, I), torch.tensor([0, 5, 2, 2, 1])
    parameters = random(M, I, seed=1), random(M, seed=2), random(K, M, seed=3), random(K, seed=4)
    answer = made.two_layer_forward(X, *parameters)
    hidden = torch.tanh(F.linear(X, *parameters[:2]))
    same(answer, (hidden, F.linear(hidden, *parameters[2:])))
    same(answer, book.forward(X, *parameters))

    def loss(*p):
        return F.cross_entropy(F.linear(torch.tanh(F.linear(X, *p[:2])), *p[2:]), y)

    gradients = made.two_layer_backward(X, y, *answer, parameters[2])
    same(gradients, slopes(loss, *parameters))
    same(gradients, book.backward(X, y, *answer, parameters[2]))


COMPARISONS = {
    compare_measuring: ("central_difference", "relative_error"),
    compare_mse: ("mse", "mse_gradient", "linear_mse_gradients"),
    compare_softmax: ("softmax", "log_softmax"),
    compare_cross_entropy: ("cross_entropy", "cross_entropy_gradient"),
    compare_network: ("two_layer_forward", "two_layer_backward"),
}
cases = pytest.mark.parametrize("compare", COMPARISONS, ids=lambda f: f.__name__)


@cases
def test_equals_the_chapter_and_pytorch(compare, book):
    compare(utils.math, book)


@cases
def test_a_changed_version_fails(compare, book):
    assert survivors(utils.math, COMPARISONS[compare], lambda made: compare(made, book)) == []


def test_everything_stays_on_the_device_of_its_input():
    """A tensor made without its input's device would land on the default one, which holds no numbers here."""
    z, y, X = random(B, K), torch.tensor([0, 5, 2, 2, 1]), random(B, I)
    parameters = random(M, I, seed=1), random(M, seed=2), random(K, M, seed=3), random(K, seed=4)
    with torch.device("meta"):
        utils.math.assert_gradient(
            lambda z: utils.math.cross_entropy(z, y), z, utils.math.cross_entropy_gradient(z, y)
        )
        results = [
            utils.math.mse(z, z + 1),
            utils.math.central_difference(lambda z: utils.math.log_softmax(z)[:, 0].sum(), z),
            *utils.math.linear_mse_gradients(X, X[:, 0], parameters[0][0], 0.5),
            utils.math.softmax(z),
            *(answer := utils.math.two_layer_forward(X, *parameters)),
            *utils.math.two_layer_backward(X, y, *answer, parameters[2]),
        ]
    assert {result.device.type for result in results} == {"cpu"}


def test_the_chapter_uses_nothing_that_it_is_compared_with():
    taken = imported_from_utils(CHAPTER)
    plumbing = ("utils.runtime.", "utils.data.", "utils.plots.")
    assert {name for name in taken if not name.startswith(plumbing)} == {"utils.engine.draw_graph"}


# --- the referee -----------------------------------------------------------------------------------


def cube(x: torch.Tensor) -> torch.Tensor:
    return (x**3).sum()


class WrongRule(torch.autograd.Function):
    """A cube whose backward pass lies, with ``factor`` for 3: autograd alone would believe it."""

    @staticmethod
    def forward(ctx, x, factor):
        ctx.save_for_backward(x)
        ctx.factor = factor
        return (x**3).sum()

    @staticmethod
    def backward(ctx, grad):
        return ctx.factor * grad * ctx.saved_tensors[0] ** 2, None


X_CUBE = random(2, 3)
WRONG = {
    "sign": -3 * X_CUBE**2,
    "factor": 3.00001 * X_CUBE**2,
    "hardly wrong": (1 + 1e-11) * 3 * X_CUBE**2,  # a looser limit would let it pass
    "shape": (3 * X_CUBE**2).T,
    "nan": 3 * X_CUBE**2 * math.nan,
    "one entry": torch.where(torch.arange(6).view(2, 3) == 4, 0.0, 3 * X_CUBE**2),
}


@pytest.mark.parametrize("version", ["utils", "chapter"])
def test_the_referee_passes_what_is_right(version, book):
    judge = utils.math.assert_gradient if version == "utils" else book.assert_gradient
    judge(cube, X_CUBE, 3 * X_CUBE**2)


@pytest.mark.parametrize("version", ["utils", "chapter"])
@pytest.mark.parametrize("wrong", WRONG)
def test_the_referee_refuses_what_is_wrong(wrong, version, book):
    judge = utils.math.assert_gradient if version == "utils" else book.assert_gradient
    with pytest.raises(AssertionError):
        judge(cube, X_CUBE, WRONG[wrong])


@pytest.mark.parametrize("version", ["utils", "chapter"])
@pytest.mark.parametrize("factor", [2.0, 3 * (1 + 1e-6)])
def test_the_referee_does_not_trust_autograd_alone(factor, version, book):
    judge = utils.math.assert_gradient if version == "utils" else book.assert_gradient
    with pytest.raises(AssertionError, match="measurement disagrees"):
        judge(lambda x: WrongRule.apply(x, factor), X_CUBE, factor * X_CUBE**2)


# --- errors: one clear sentence --------------------------------------------------------------------

whole, column = torch.arange(4), random(4, 1)
BAD = {
    "integers measured": (lambda: utils.math.central_difference(cube, whole), TypeError, "x holds int64"),
    "integers judged": (lambda: utils.math.assert_gradient(cube, whole, whole), TypeError, "x holds int64"),
    "integer predictions": (lambda: utils.math.mse(whole, random(4)), TypeError, "predicted holds int64"),
    "integer inputs": (
        lambda: utils.math.linear_mse_gradients(whole[:, None], random(4), random(1), 0.0),
        TypeError,
        "X holds int64",
    ),
    "integer targets": (
        lambda: utils.math.linear_mse_gradients(random(4, 2), whole, random(2), 0.0),
        TypeError,
        "y holds int64",
    ),
    "integer weights": (
        lambda: utils.math.linear_mse_gradients(random(2, 4), random(2), whole, 0.0),
        TypeError,
        "w holds int64",
    ),
    "a list": (lambda: utils.math.softmax([1.0, 2.0]), TypeError, "z is a tensor, not list"),
    "a column": (lambda: utils.math.mse(column, random(4)), ValueError, r"predicted has shape \(4, 1\)"),
    "a column's slope": (lambda: utils.math.mse_gradient(column, random(4)), ValueError, r"target \(4,\)"),
    "shapes compared": (lambda: utils.math.relative_error(column, random(4)), ValueError, "must be the same"),
    "a matrix of weights": (
        lambda: utils.math.linear_mse_gradients(random(4, 2), random(4), random(2, 1), 0.0),
        ValueError,
        r"w \(2, 1\)",
    ),
    "classes as numbers": (
        lambda: utils.math.cross_entropy(random(4, 2), random(4)),
        TypeError,
        "class numbers as int64, not float64",
    ),
    "one class too many": (
        lambda: utils.math.cross_entropy(random(3, 2), whole),
        ValueError,
        r"z is \(B, K\) and y is \(B,\)",
    ),
    "a class below zero": (
        lambda: utils.math.cross_entropy(random(4, 3), whole - 1),
        ValueError,
        "classes from 0 to 2, not -1 to 2",
    ),
    "a class that is not there": (
        lambda: utils.math.cross_entropy_gradient(random(4, 3), whole),
        ValueError,
        "classes from 0 to 2, not 0 to 3",
    ),
    "logits without batch": (
        lambda: utils.math.cross_entropy_gradient(random(4), whole),
        ValueError,
        r"not \(4,\) and \(4,\)",
    ),
    "weights turned": (
        lambda: utils.math.two_layer_forward(random(5, 3), random(3, 4), random(4), random(6, 4), random(6)),
        ValueError,
        r"W1 is \(M, I\)",
    ),
    "second layer turned": (
        lambda: utils.math.two_layer_forward(random(5, 3), random(4, 3), random(4), random(4, 6), random(6)),
        ValueError,
        r"W2 is \(K, M\)",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_gets_one_sentence(case):
    call, kind, text = BAD[case]
    with pytest.raises(kind, match=text) as caught:
        call()
    assert "\n" not in str(caught.value)
