"""What only lab 05 has: references held against scikit-learn and PyTorch's classes."""

from __future__ import annotations

import pytest
import torch
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.testing import assert_close
from torch.utils.data import DataLoader, TensorDataset

from utils.exercises.lab05 import EXERCISES
from utils.exercises.outcome import make_cases
from utils.exercises.proof import run_here

BY_ID = {exercise.id: exercise for exercise in EXERCISES}
SEEDS = (5, 6)


def cases(name, seed):
    exercise = BY_ID[f"05.{name}"]
    return exercise, make_cases(exercise, seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_closed_form_is_scikit_learns_regression(seed):
    exercise, made = cases("closed_form", seed)
    for case in made:
        X, y = case.args
        w, b = exercise.reference(X, y)
        model = LinearRegression().fit(X.numpy(), y.numpy())
        assert_close(w, torch.from_numpy(model.coef_), rtol=1e-9, atol=1e-9)
        assert_close(b.item(), float(model.intercept_), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_standardising_is_scikit_learns_scaler_with_a_constant_column_too(seed):
    exercise, made = cases("standardise", seed)
    for case in made:
        scaler = StandardScaler().fit(case.args[0].numpy())
        expected = [torch.from_numpy(scaler.transform(X.numpy())) for X in case.args]
        assert_close(list(exercise.reference(*case.args)), expected, rtol=1e-12, atol=1e-12)
    assert any((case.args[0].std(dim=0) == 0).any() for case in made)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_loss_of_an_epoch_does_not_depend_on_how_it_is_cut(seed):
    exercise, made = cases("epoch_loss", seed)
    for case in made:
        predict, batches = case.args
        X, y = (torch.cat(tensors) for tensors in zip(*batches, strict=True))
        whole = exercise.reference(predict, batches)
        for size in (1, 3, len(y)):
            again = list(DataLoader(TensorDataset(X, y), batch_size=size))
            assert_close(exercise.reference(predict, again), whole, rtol=1e-12, atol=0.0)


def test_both_shapes_of_predictions_are_asked_for():
    _, made = cases("epoch_loss", 5)
    shapes = {case.args[0](case.args[1][0][0]).ndim for case in made}
    assert shapes == {1, 2}
    assert all(len(batches[-1][1]) < len(batches[0][1]) for _, batches in (case.args for case in made))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_training_step_is_that_of_torch_optim(seed):
    exercise, made = cases("train_step", seed)
    for case in made:
        w, b, X, y, learning_rate = case.args
        layer = nn.Linear(len(w), 1, dtype=w.dtype)
        layer.load_state_dict({"weight": w[None], "bias": b[None]})
        optimiser = torch.optim.SGD(layer.parameters(), lr=learning_rate)
        loss = nn.MSELoss()(layer(X), y[:, None])
        loss.backward()
        optimiser.step()
        new_W, new_b, said = exercise.reference(w[None], b[None], X, y, learning_rate)
        assert_close(
            (new_W, new_b, said), (layer.weight.data, layer.bias.data, loss.detach()), rtol=1e-12, atol=0
        )


def articles_step(W, b, X, y, learning_rate):
    """The step of the article's listing with plain descent: outputs (B, 1), targets (B,)."""
    W, b = W.clone().requires_grad_(), b.clone().requires_grad_()
    loss = nn.MSELoss()(nn.functional.linear(X, W, b), y)
    loss.backward()
    with torch.no_grad():
        return W - learning_rate * W.grad, b - learning_rate * b.grad, loss.detach()


def test_the_articles_own_step_is_recognised():
    with pytest.warns(UserWarning, match="target size"):
        outcome = run_here(BY_ID["05.train_step"], articles_step)
    assert outcome.mistake.name == "broadcast"


def test_a_step_leads_downhill_and_the_articles_gradient_uphill():
    exercise, made = cases("train_step", 5)
    uphill = next(mistake.wrong for mistake in exercise.mistakes if mistake.name == "article")
    for case in made:
        w, b, X, y, learning_rate = case.args
        *_, before = exercise.reference(w[None], b[None], X, y, learning_rate)
        after = [
            exercise.reference(*step(w[None], b[None], X, y, 0.05)[:2], X, y, learning_rate)[2]
            for step in (exercise.reference, uphill)
        ]
        assert after[0] < before < after[1]
