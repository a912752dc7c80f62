"""What only lab 02 has: references held against PyTorch's classes, and what the detector must find."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from utils import normalisation
from utils.exercises.lab02 import EXERCISES
from utils.exercises.lab02 import sees_the_future_functions as functions
from utils.exercises.outcome import make_cases
from utils.exercises.proof import run_here

BY_ID = {exercise.id: exercise for exercise in EXERCISES}
SEEDS = (5, 6)


def cases(name, seed):
    exercise = BY_ID[f"02.{name}"]
    return exercise, make_cases(exercise, seed)


def loaded(layer, **tensors):
    layer.load_state_dict(tensors, strict=False)
    return layer


@pytest.mark.parametrize("seed", SEEDS)
def test_batch_norm_is_pytorchs_layer_in_training_and_in_evaluation(seed):
    exercise, made = cases("batch_norm_train", seed)
    evaluated = BY_ID["02.batch_norm_eval"]
    for case in made:
        x, gamma, beta, running_mean, running_var, momentum, eps = case.args
        layer = nn.BatchNorm1d(x.shape[1], eps, momentum, dtype=x.dtype)
        loaded(layer, weight=gamma, bias=beta, running_mean=running_mean, running_var=running_var)
        y, new_mean, new_var = exercise.reference(*case.args)
        assert_close((y, new_mean, new_var), (layer(x).data, layer.running_mean, layer.running_var))
        after = evaluated.reference(x, gamma, beta, new_mean, new_var, eps)
        assert_close(after, layer.eval()(x).data)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("name", "make"), [("layer_norm", nn.LayerNorm), ("rms_norm", nn.RMSNorm)])
def test_the_other_norms_are_pytorchs_layers(name, make, seed):
    exercise, made = cases(name, seed)
    for case in made:
        x, gamma, *beta, eps = case.args
        layer = loaded(make(x.shape[-1], eps=eps, dtype=x.dtype), weight=gamma)
        for value in beta:
            loaded(layer, bias=value)
        assert_close(exercise.reference(*case.args), layer(x).data)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_chapters_settled_code_passes(seed):
    def train(x, gamma, beta, running_mean, running_var, momentum, eps):
        new = running_mean.clone(), running_var.clone()
        return normalisation.batch_norm(x, gamma, beta, *new, True, momentum, eps), *new

    def evaluate(x, gamma, beta, running_mean, running_var, eps):
        return normalisation.batch_norm(x, gamma, beta, running_mean, running_var, False, eps=eps)

    assert run_here(BY_ID["02.batch_norm_train"], train, seed).passed
    assert run_here(BY_ID["02.batch_norm_eval"], evaluate, seed).passed


def chapters_batch_norm(x, gamma, beta, running_mean, running_var, momentum, eps):
    """The chapter's, which brings the stored statistics up to date in place."""
    y = normalisation.batch_norm(x, gamma, beta, running_mean, running_var, True, momentum, eps)
    return y, running_mean, running_var


def chapters_detector(f, x):
    """The chapter's, which asks what the last input touches."""
    changed = x.clone()
    changed[-1] += 1
    return (f(changed) - f(x)).abs().amax(1) > 1e-9


def test_what_a_copy_of_the_chapters_code_is_told():
    outcome = run_here(BY_ID["02.batch_norm_train"], chapters_batch_norm)
    assert outcome.mistake.name == "running_changed"
    outcome = run_here(BY_ID["02.sees_the_future"], chapters_detector)
    assert outcome.mistake.name == "last_touches_itself"


def wrong_at_every_place(x, gamma, beta, running_mean, running_var, momentum, eps):
    """The wrong variance twice, momentum the wrong way round, statistics with a graph, x changed."""
    x -= x.mean(dim=0)
    y = gamma * x / torch.sqrt(x.var(dim=0) + eps) + beta
    return y, momentum * running_mean, momentum * running_var + (1 - momentum) * x.var(dim=0, correction=0)


def test_of_many_faults_the_first_is_told():
    assert run_here(BY_ID["02.batch_norm_train"], wrong_at_every_place).mistake.name == "unbiased_for_y"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_layer_norm_over_positions_sees_the_future_and_over_channels_does_not(seed):
    exercise, made = cases("sees_the_future", seed)
    for _, x in (case.args[:2] for case in made):
        T, C = x.shape
        leaks = exercise.reference(nn.LayerNorm((T, C), dtype=x.dtype), x)
        assert leaks.tolist() == [True] * (T - 1) + [False]
        assert not exercise.reference(nn.LayerNorm(C, dtype=x.dtype), x).any()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_detector_finds_what_the_functions_say_of_themselves(seed):
    """Positions from the definitions of the functions, counted by hand."""
    exercise, made = cases("sees_the_future", seed)
    looking = {
        functions.sum_from_the_end: 5,
        functions.two_ahead: 5,
        functions.centred: 5,
        functions.scaled: 4,
        functions.next_difference: 4,
        functions.one_reversed: 3,
    }
    for f, x in (case.args[:2] for case in made):
        expected = [t < looking.get(f, 0) for t in range(len(x))]
        if f is functions.block_means:
            expected = [True, True, False, True, True, False, True, False]
        assert exercise.reference(f, x).tolist() == expected


def test_the_rounding_convolution_is_a_convolution():
    _, made = cases("sees_the_future", 5)
    f, x, *_ = made[-1].args
    kernel = f.kernel
    expected = [sum(kernel[age] * x[t - age] for age in range(t + 1)) for t in range(len(x))]
    assert_close(f(x), torch.stack(expected))
    other = torch.cat([x[:3], x[3:] + 1.0])
    assert not torch.equal(f(other)[:3], f(x)[:3])  # by rounding alone
    assert_close(f(other)[:3], f(x)[:3])
