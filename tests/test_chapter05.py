"""What chapter 05 builds by hand equals the settled code; settled code with one thing changed does not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from torch.nn.functional import mse_loss
from torch.testing import assert_close

import utils.drift
import utils.linear_regression
import utils.metrics
import utils.predictor
import utils.table
import utils.training
from tests.notebook_code import definitions_in_float64, unseen_changes
from utils.data import write_diabetes_csv

CHAPTER = Path(__file__).parent.parent / "chapters" / "05_linear_regression.ipynb"
N, I = 40, 3


@pytest.fixture(scope="module")
def book() -> Iterator[SimpleNamespace]:
    """The chapter's definitions. It computes in float64 throughout, so this module does too."""
    with definitions_in_float64(CHAPTER) as found:
        yield found


def samples(seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Inputs (N, I) of unequal scale and a target (N,) that depends on them, with noise."""
    generator = torch.Generator().manual_seed(seed)
    X = torch.randn(N, I, generator=generator, dtype=torch.float64) * torch.tensor([1.0, 10.0, 0.1]) + 5
    noise = torch.randn(N, generator=generator, dtype=torch.float64)
    return X, X @ torch.tensor([2.0, -0.3, 4.0], dtype=torch.float64) + noise


def same(a: object, b: object) -> None:
    assert_close(a, b, rtol=1e-9, atol=1e-9)


# Each comparison takes an implementation: the settled one, or a mutant that must fail it.


def compare_lines(made, book) -> None:
    X, y = samples()
    for mine, theirs in zip(made.closed_form(X, y), book.closed_form(X, y), strict=True):
        same(mine, theirs)
    for mine, theirs in zip(made.standardiser(X), book.standardiser(X), strict=True):
        same(mine, theirs)


def compare_modules(made, book) -> None:
    X, y = samples()
    models = []
    for version in (made, book):
        torch.manual_seed(1)
        models.append(version.Standardised(version.LinearModel(I), X, y))
    mine, theirs = models
    assert mine.state_dict().keys() == theirs.state_dict().keys()
    for name, value in mine.state_dict().items():
        same(value, theirs.state_dict()[name])
    same(mine(X), theirs(X))
    same(mine.scaled(X), theirs.scaled(X))
    same(mine.scaled_target(y), theirs.scaled_target(y))
    mine(X).sum().backward()
    theirs(X).sum().backward()
    for a, b in zip(mine.parameters(), theirs.parameters(), strict=True):
        same(a.grad, b.grad)


def compare_metrics(made, book) -> None:
    target, predicted = samples()[1], samples()[1].roll(1) + 0.5
    for name in ("mae", "r2"):
        same(getattr(made, name)(predicted, target), getattr(book, name)(predicted, target))


def compare_intervals(made, book) -> None:
    target = samples()[1]
    predicted = target + samples(seed=1)[1] / 4
    for level, resamples in ((0.5, 61), (0.95, 200)):
        mine, theirs = (
            version.bootstrap_interval(book.r2, predicted, target, resamples, level, seed=4)
            for version in (made, book)
        )
        same([float(end) for end in mine], [float(end) for end in theirs])


def compare_drift(made, book) -> None:
    a, b = samples()[0].round(decimals=1), samples(seed=1)[0][:15].round(decimals=1)
    same(made.ks_distance(a, b), book.ks_distance(a, b))


def compare_monitor(made, book) -> None:
    reference = samples()[0]
    monitor = made.DriftMonitor(reference, window=10, alarm_rate=0.1, draws=60, seed=3)
    expected = book.alarm_threshold(reference, window=10, alarm_rate=0.1, draws=60, seed=3)
    assert_close(monitor.threshold, expected.item(), rtol=1e-5, atol=0)
    window = reference[:10] + torch.tensor([0.0, 9.0, 0.0], dtype=torch.float64)
    assert_close(monitor.distances(window), book.ks_distance(reference, window).float())
    assert monitor.alarm(window) == bool(book.ks_distance(reference, window).max() > expected)


def run(version, book, patience: int | None):
    """History and weights of one training run on standardised samples, in batches with a short last one."""
    X, y = samples()
    X, y = (X - X.mean(0)) / X.std(0), (y - y.mean()) / y.std()
    batches = [(X[i : i + 9], y[i : i + 9]) for i in range(0, 25, 9)]
    torch.manual_seed(2)
    model = book.LinearModel(I)
    optimiser = torch.optim.SGD(model.parameters(), lr=0.15)
    held_out = [(X[30:36], y[30:36] / 3), (X[36:], y[36:] / 3)]  # soon the loss here rises again
    history = version.train(model, batches, mse_loss, optimiser, 30, held_out, patience)
    return history, model, version.mean_loss(model, held_out, mse_loss)


def compare_training(made, book) -> None:
    for patience in (None, 3):
        (mine, mine_model, a), (theirs, their_model, b) = (run(v, book, patience) for v in (made, book))
        assert len(mine) == len(theirs) and (len(mine) < 30 or patience is None)
        same([tuple(epoch) for epoch in mine], [tuple(epoch) for epoch in theirs])
        same(mine_model.state_dict(), their_model.state_dict())
        same(a, b)


PARTS = [
    (utils.linear_regression, ["closed_form", "standardiser"], compare_lines),
    (utils.linear_regression, ["LinearModel", "Standardised"], compare_modules),
    (utils.metrics, ["mae", "r2"], compare_metrics),
    (utils.metrics, ["bootstrap_interval"], compare_intervals),
    (utils.drift, ["ks_distance", "_share_at_most"], compare_drift),
    (utils.drift, ["DriftMonitor"], compare_monitor),
    (utils.training, ["train", "mean_loss"], compare_training),
]


@pytest.mark.parametrize(("module", "names", "compare"), PARTS, ids=[p[2].__name__ for p in PARTS])
def test_settled_code_equals_the_chapters(module, names, compare, book):
    compare(module, book)


# Changes that the chapter's functions cannot see, and how many of each there are.
UNSEEN = {
    # refusals and what is said in them, which the modules' own tests cover
    "closed_form: Mult -> Div": 2,
    "closed_form: max -> min": 1,
    "closed_form: Div -> Mult": 1,
    "standardiser: Eq -> NotEq": 1,
    "standardiser: 2 -> 3": 1,
    "train: 1 -> 2": 2,
    # the columns are centred, so a constant in y does not change the weights
    "closed_form: Sub -> Add": 1,
    "closed_form: mean -> sum": 1,
    # any two different rows will do, and all is overwritten
    "unfitted: 2.0 -> 3.0": 1,
    "unfitted: 2 -> 3": 1,
    # the progress line
    "train: 0 -> 1": 1,
    "train: Eq -> NotEq": 1,
    "train: USub -> UAdd": 1,
}


def test_changed_settled_code_does_not(book):
    assert unseen_changes(PARTS, book) == UNSEEN


# --- the loader and the predictor --------------------------------------------------------------------------


def test_both_loaders_read_the_same_table(book, tmp_path):
    path = write_diabetes_csv(tmp_path / "diabetes.csv")
    features, X, y = book.read_table(path, "target")
    settled = utils.table.read_table(path, "target")
    assert tuple(features) == settled.features
    assert torch.equal(X, settled.X) and torch.equal(y, settled.y)


FAULTY = {
    "a missing value": "a,b,y\n1,2,3\n4,,6\n7,9,8\n5,5,5\n",
    "a word": "a,b,y\n1,2,3\n4,five,6\n7,9,8\n5,5,5\n",
    "infinity": "a,b,y\n1,2,3\n4,inf,6\n7,9,8\n5,5,5\n",
    "a short row": "a,b,y\n1,2,3\n4,5\n7,9,8\n5,5,5\n",
    "a long row": "a,b,y\n1,2,3\n4,5,6,7\n7,9,8\n5,5,5\n",
    "a name twice": "a,a,y\n1,2,3\n4,5,6\n7,9,8\n5,5,5\n",
    "no target": "a,b,z\n1,2,3\n4,5,6\n7,9,8\n5,5,5\n",
}


@pytest.mark.parametrize("fault", FAULTY)
def test_both_loaders_refuse_the_same_files(fault, book, tmp_path):
    path = tmp_path / "faulty.csv"
    path.write_text(FAULTY[fault], encoding="utf-8")
    for version in (book, utils.table):
        with pytest.raises(version.TableError, match="faulty.csv") as caught:
            version.read_table(path, "y")
        assert "\n" not in str(caught.value)


def test_both_predictors_answer_and_refuse_alike(book):
    X, y = samples()
    model, names = book.Standardised(book.LinearModel(I), X, y), ["a", "b", "c"]
    mine, theirs = utils.predictor.Predictor(model, names), book.Predictor(model, names)
    row = dict(zip(names, X[0].tolist(), strict=True))
    assert mine.predict([row]) == [theirs.predict(row)]
    for odd in ({"a": 1.0, "b": 2.0}, {**row, "d": 1.0}, {**row, "b": float("nan")}):
        for ask in (lambda odd=odd: mine.predict([odd]), lambda odd=odd: theirs.predict(odd)):
            with pytest.raises(ValueError):
                ask()
    assert len(mine.latencies) == len(theirs.seconds) == 1
