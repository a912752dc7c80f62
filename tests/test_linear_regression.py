"""utils.linear_regression equals scikit-learn and NumPy; changed anywhere, it does not."""

from __future__ import annotations

import io

import numpy as np
import pytest
import torch
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.testing import assert_close

import utils.linear_regression
from tests.notebook_code import survivors
from utils.data import diabetes
from utils.linear_regression import LinearModel, Standardised, closed_form, standardiser

N, I = 30, 3
UNITS = torch.tensor([0.01, 1.0, 300.0], dtype=torch.float64)  # as unlike as units are
CENTRE = torch.tensor([-2.0, 0.5, 5000.0], dtype=torch.float64)


@pytest.fixture(autouse=True)
def seed() -> None:
    torch.manual_seed(5)  # modules draw their first weights from the global generator


def random(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def samples() -> tuple[torch.Tensor, torch.Tensor]:
    X = random(N, I) * UNITS + CENTRE
    return X, X @ torch.tensor([200.0, -3.0, 0.02], dtype=torch.float64) + 7 + random(N, seed=1)


def patients() -> tuple[torch.Tensor, torch.Tensor]:
    table = torch.tensor(diabetes().to_numpy(), dtype=torch.float64)
    return table[:, :-1], table[:, -1]


def refusal(call, kind: type[Exception]) -> str:
    """What the call is refused with; an AssertionError if it is not."""
    try:
        call()
    except kind as error:
        return str(error)
    raise AssertionError("not refused")


# Each comparison takes an implementation: the settled one, or a mutant that must fail it.


def compare_closed_form(made) -> None:
    for X, y in (samples(), patients(), (samples()[0][: I + 1], random(I + 1))):
        w, b = made.closed_form(X, y)
        theirs = LinearRegression().fit(X.numpy(), y.numpy())
        assert_close(w, torch.tensor(theirs.coef_), rtol=1e-8, atol=0)
        assert_close(b, torch.tensor(theirs.intercept_, dtype=torch.float64), rtol=1e-8, atol=0)
        ones = np.ones((len(X), 1))
        solution = np.linalg.lstsq(np.hstack([X.numpy(), ones]), y.numpy(), rcond=None)[0]
        assert_close(torch.cat([w, b[None]]), torch.tensor(solution), rtol=1e-8, atol=0)
        assert w.shape == X.shape[1:] and b.shape == ()
    # Two columns that say the same are found however far they lie from 0, and beside one that lies at 0.
    time = 1e3 + 1e-3 * random(N)
    same = torch.stack([random(N, seed=2), time, 2 * time + 0.1], dim=1)
    assert "only 2 of the columns" in refusal(lambda: made.closed_form(same, random(N)), ValueError)
    nearly = torch.stack([random(N), random(N) + 1e-9 * random(N, seed=2)], dim=1)
    assert_close(made.closed_form(nearly, nearly.sum(1))[0], torch.ones(2).double(), rtol=1e-5, atol=0)


def compare_standardiser(made) -> None:
    for X, _ in (samples(), patients()):
        mean, scale = made.standardiser(X)
        theirs = StandardScaler().fit(X.numpy())
        assert_close(mean, torch.tensor(theirs.mean_), rtol=1e-12, atol=0)
        assert_close(scale, torch.tensor(theirs.scale_), rtol=1e-12, atol=0)
        assert_close((X - mean) / scale, torch.tensor(theirs.transform(X.numpy())), rtol=1e-9, atol=1e-9)
    y = samples()[1]
    assert_close(made.standardiser(y), (y.mean(), torch.tensor(np.std(y.numpy()))))
    columns = torch.tensor([[0.1, 1.0, 3.0], [0.1, 2.0, 3.0], [0.1, 4.0, 3.0]])
    said = refusal(lambda: made.standardiser(columns), ValueError)
    assert said.startswith("column 0, 2 of X is the same in every row")
    assert refusal(lambda: made.standardiser(torch.ones(3)), ValueError).startswith("all numbers are")


def compare_modules(made) -> None:
    X, y = samples()
    inner = made.LinearModel(I).double()
    w, b = inner.linear.weight[0], inner.linear.bias[0]
    assert inner(X).shape == (N,)
    assert_close(inner(X), X @ w + b)
    whole = made.Standardised(inner, X, y)
    x_scaler, y_scaler = StandardScaler().fit(X.numpy()), StandardScaler().fit(y.numpy()[:, None])
    new = random(5, I, seed=3) * UNITS + CENTRE
    Z = torch.tensor(x_scaler.transform(new.numpy()))
    assert_close(whole.scaled(new), Z)
    assert_close(whole.scaled_target(y), torch.tensor(y_scaler.transform(y.numpy()[:, None])[:, 0]))
    raw = y_scaler.inverse_transform((Z @ w + b).detach().numpy()[:, None])[:, 0]
    assert_close(whole(new).detach(), torch.tensor(raw))
    # The best line through standardised numbers is the best line.
    with torch.no_grad():
        w_best, b_best = made.closed_form(whole.scaled(X), whole.scaled_target(y))
        inner.linear.weight.copy_(w_best[None])
        inner.linear.bias.fill_(b_best)
    theirs = LinearRegression().fit(X.numpy(), y.numpy()).predict(new.numpy())
    assert_close(whole(new).detach(), torch.tensor(theirs))
    # What was saved is put into one that has never seen the training part.
    empty = made.Standardised.unfitted(made.LinearModel(I).double(), I)
    assert empty(new).isnan().all() and empty.x_mean.shape == (I,) and empty.y_mean.shape == ()
    empty.load_state_dict(whole.state_dict())
    assert torch.equal(empty(new), whole(new))


COMPARISONS = {
    compare_closed_form: ("closed_form",),
    compare_standardiser: ("standardiser",),
    compare_modules: ("LinearModel", "Standardised"),
}
cases = pytest.mark.parametrize("compare", COMPARISONS, ids=lambda f: f.__name__)


@cases
def test_equals_scikit_learn_and_numpy(compare):
    compare(utils.linear_regression)


@cases
def test_a_changed_version_fails(compare):
    assert survivors(utils.linear_regression, COMPARISONS[compare], compare) == []


# --- precision, gradients, what is saved -----------------------------------------------------------


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_answers_have_the_precision_of_the_numbers(dtype):
    X, y = (each.to(dtype) for each in patients())
    w, b = closed_form(X, y)
    theirs = LinearRegression().fit(*(each.numpy() for each in patients()))
    digits = {torch.float32: 1e-3, torch.float64: 1e-9}[dtype]
    assert w.dtype == b.dtype == dtype
    assert_close(w.double(), torch.tensor(theirs.coef_), rtol=digits, atol=0)
    assert {each.dtype for each in standardiser(X)} == {dtype}
    model = Standardised(LinearModel(10).to(dtype), *patients())  # the statistics come in float64
    assert {each.dtype for each in model.state_dict().values()} == {dtype}
    for inputs in (X.float(), X.double()):
        assert model(inputs).dtype == dtype
    assert_close(model(X.float()).double(), model(X.double()).double(), rtol=0, atol=1e-3)


def test_gradients_reach_the_data():
    X, y = samples()
    X, y = X[:8].requires_grad_(), y[:8].requires_grad_()
    assert torch.autograd.gradcheck(closed_form, (X, y), atol=1e-4, rtol=1e-3)
    assert torch.autograd.gradcheck(standardiser, (X,))
    model = Standardised(LinearModel(I).double(), X, y)
    assert torch.autograd.gradcheck(model, (X,))


def test_training_reaches_the_weights_and_not_the_statistics():
    X, y = samples()
    model = Standardised(LinearModel(I), X, y.requires_grad_())
    before = {name: each.clone() for name, each in model.state_dict().items()}
    assert {name for name, _ in model.named_parameters()} == {"model.linear.weight", "model.linear.bias"}
    optimiser = torch.optim.SGD(model.parameters(), lr=0.01)
    for _ in range(2):
        optimiser.zero_grad()
        (model.model(model.scaled(X)) ** 2).mean().backward()
        optimiser.step()
    moved = {name for name, each in model.state_dict().items() if not torch.equal(each, before[name])}
    assert moved == {"model.linear.weight", "model.linear.bias"}


def test_the_statistics_are_saved_with_the_weights():
    X, y = patients()
    model = Standardised(LinearModel(10), X, y)
    assert set(model.state_dict()) == {
        "x_mean", "x_scale", "y_mean", "y_scale", "model.linear.weight", "model.linear.bias",
    }  # fmt: skip
    file = io.BytesIO()
    torch.save(model.state_dict(), file)
    file.seek(0)
    loaded = Standardised.unfitted(LinearModel(10), 10)
    loaded.load_state_dict(torch.load(file, weights_only=True))
    assert torch.equal(loaded(X), model(X))


def test_statistics_come_from_the_training_part_alone():
    X, y = samples()
    model = Standardised(LinearModel(I).double(), X[:20], y[:20])
    assert_close(model.scaled(X[:20]).mean(0), torch.zeros(I).double())
    assert model.scaled(X[20:]).mean(0).abs().max() > 0.01  # others keep their distance


def test_one_input_is_enough():
    X, y = samples()
    (w,), b = closed_form(X[:, 2:], y)
    assert_close([w.item(), b.item()], np.polyfit(X[:, 2].numpy(), y.numpy(), 1).tolist())
    model = Standardised(LinearModel(1).double(), X[:, 2:], y)
    assert model(X[:, 2:]).shape == (N,)


def test_a_model_without_weights_takes_the_precision_of_the_data():
    X, y = samples()
    mean_of_inputs = nn.Module()
    mean_of_inputs.forward = lambda X: X.mean(dim=1)
    assert Standardised(mean_of_inputs, X, y)(X.float()).dtype == torch.float64


def test_everything_stays_on_the_device_of_its_input():
    """A tensor made without its input's device would land on the default one, which holds no numbers here."""
    X, y = samples()
    model = LinearModel(I).double()
    with torch.device("meta"):
        results = [*closed_form(X, y), *standardiser(X), Standardised(model, X, y)(X)]
    assert {result.device.type for result in results} == {"cpu"}


# --- errors: one clear sentence --------------------------------------------------------------------

X, y = samples()
whole = torch.arange(N)
lost = X.clone()
lost[4, 1] = lost[6, 0] = torch.nan  # the first is named
endless = y.clone()
endless[7] = torch.inf
BAD = {
    "a list": (lambda: closed_form([[1.0]], y), TypeError, "X is a tensor, not list"),
    "whole numbers": (lambda: standardiser(whole), TypeError, r"X holds int64; use X.double\(\)"),
    "whole targets": (lambda: closed_form(X, whole), TypeError, "y holds int64"),
    "two precisions": (lambda: closed_form(X, y.float()), TypeError, "X holds float64 and y float32"),
    "a column of targets": (lambda: closed_form(X, y[:, None]), ValueError, r"not \(30, 3\) and \(30, 1\)"),
    "one target too few": (lambda: closed_form(X, y[1:]), ValueError, r"not \(30, 3\) and \(29,\)"),
    "no columns": (lambda: closed_form(X[:, :0], y), ValueError, r"not \(30, 0\)"),
    "no rows": (lambda: closed_form(X[:0], y[:0]), ValueError, r"not \(0, 3\)"),
    "one row of inputs": (lambda: closed_form(X[0], y[:3]), ValueError, r"not \(3,\)"),
    "too few rows": (lambda: closed_form(X[:3], y[:3]), ValueError, "need at least 4 samples, not 3"),
    "a column twice": (
        lambda: closed_form(X[:, [0, 1, 0]], y),
        ValueError,
        "3 columns of X and the bias are not independent: only 2",
    ),
    "the bias again": (lambda: closed_form(X * 0 + 0.1, y), ValueError, "column 0, 1, 2 of X is the same"),
    "a missing number": (lambda: closed_form(lost, y), ValueError, r"X\[4, 1\] is nan, which is not finite"),
    "an endless target": (lambda: Standardised(LinearModel(I), X, endless), ValueError, r"y\[7\] is inf"),
    "nothing to scale": (lambda: standardiser(X[:0]), ValueError, "at least one row"),
    "a cube to scale": (lambda: standardiser(X[None]), ValueError, r"not \(1, 30, 3\)"),
    "a constant column": (lambda: standardiser(X * 0), ValueError, "column 0, 1, 2 of X is the same"),
    "a constant target": (
        lambda: Standardised(LinearModel(I), X, y * 0),
        ValueError,
        "target y is the same in every row",
    ),
    "no inputs": (lambda: LinearModel(0), ValueError, "at least one input, not 0"),
    "another width": (lambda: LinearModel(4)(X.float()), ValueError, r"X is \(B, 4\), not \(30, 3\)"),
    "one sample alone": (lambda: LinearModel(I)(X[0].float()), ValueError, r"X is \(B, 3\), not \(3,\)"),
    "another width to scale": (
        lambda: Standardised(LinearModel(I), X, y)(X[:, :1]),
        ValueError,
        r"X is \(B, 3\), not \(30, 1\)",
    ),
    "a row to scale": (
        lambda: Standardised(LinearModel(I), X, y).scaled(X[0]),
        ValueError,
        r"X is \(B, 3\), not \(3,\)",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_gets_one_sentence(case):
    call, kind, text = BAD[case]
    with pytest.raises(kind, match=text) as caught:
        call()
    assert "\n" not in str(caught.value)
