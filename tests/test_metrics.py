"""utils.metrics equals scikit-learn and SciPy; changed anywhere, it does not."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from scipy.stats import bootstrap
from sklearn.metrics import mean_absolute_error, r2_score
from torch.testing import assert_close

import utils.metrics
from tests.notebook_code import survivors
from utils.math import mse
from utils.metrics import bootstrap_interval, mae, r2

N = 40


def random(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


target = 100 + 20 * random(N)
predicted = target + 9 * random(N, seed=1) + 3


# Each comparison takes an implementation: the settled one, or a mutant that must fail it.


def compare_metrics(made) -> None:
    for p, t in ((predicted, target), (target.flip(0), target), (predicted[:2], target[:2])):
        assert_close(made.mae(p, t).item(), float(mean_absolute_error(t.numpy(), p.numpy())))
        assert_close(made.r2(p, t).item(), float(r2_score(t.numpy(), p.numpy())))
        assert made.mae(p, t).shape == made.r2(p, t).shape == ()
    assert made.r2(target, target) == 1 and made.mae(target, target) == 0
    assert_close(made.r2(target.mean().expand(N), target), torch.tensor(0.0).double())


def resampled(metric, resamples: int, seed: int) -> np.ndarray:
    """The metric on each resample, in NumPy, with the same samples picked."""
    generator = torch.Generator().manual_seed(seed)
    picks = torch.randint(N, (resamples, N), generator=generator).numpy()
    return np.array([metric(target.numpy()[pick], predicted.numpy()[pick]) for pick in picks])


def compare_interval(made) -> None:
    for ours, theirs in ((made.mae, mean_absolute_error), (made.r2, r2_score)):
        for resamples, level, seed in ((50, 0.95, 0), (41, 0.6, 3)):
            low, high = made.bootstrap_interval(ours, predicted, target, resamples, level, seed)
            values = resampled(theirs, resamples, seed)
            ends = np.percentile(values, [50 * (1 - level), 50 * (1 + level)])
            assert_close((low, high), tuple(ends.tolist()))

    calls = []

    def third_time_unlucky(p: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        calls.append(p)
        if len(calls) == 3:
            raise ValueError("no value")
        return p.mean()

    said = ""
    try:
        made.bootstrap_interval(third_time_unlucky, predicted, target)
    except ValueError as error:
        said = str(error)
    assert said == "the metric has no value on resample 3: no value"


@pytest.mark.parametrize("compare", [compare_metrics, compare_interval], ids=lambda f: f.__name__)
def test_equals_scikit_learn_and_numpy(compare):
    compare(utils.metrics)


@pytest.mark.parametrize(
    ("compare", "names"),
    [(compare_metrics, ["mae", "r2"]), (compare_interval, ["bootstrap_interval"])],
    ids=["metrics", "interval"],
)
def test_a_changed_version_fails(compare, names):
    assert survivors(utils.metrics, names, compare) == []


@pytest.mark.parametrize(("ours", "theirs"), [(mae, mean_absolute_error), (r2, r2_score)])
def test_the_interval_is_scipys_but_for_the_draws(ours, theirs):
    """Other random picks: the ends differ by what 4,000 resamples leave open, a tenth of the width."""
    data = (target.numpy(), predicted.numpy())
    found = bootstrap(
        data, theirs, paired=True, vectorized=False, method="percentile", n_resamples=4000, rng=0
    ).confidence_interval
    low, high = bootstrap_interval(ours, predicted, target, resamples=4000)
    width = found.high - found.low
    assert abs(low - found.low) < width / 10 and abs(high - found.high) < width / 10


def test_defaults_are_two_thousand_resamples_and_95_percent():
    assert bootstrap_interval(mae, predicted, target) == bootstrap_interval(
        mae, predicted, target, resamples=2000, level=0.95, seed=0
    )


def test_the_seed_decides_and_nothing_else_is_drawn_from():
    torch.manual_seed(1)
    state = torch.get_rng_state()
    first, again, other = (bootstrap_interval(mae, predicted, target, 50, seed=s) for s in (7, 7, 8))
    assert first == again != other
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_the_interval_covers_the_truth_about_as_often_as_it_says(level):
    """Normal errors have a mean absolute error of sqrt(2 / pi): 400 experiments with 60 samples each."""
    truth, zeros, hits = math.sqrt(2 / math.pi), torch.zeros(60, dtype=torch.float64), 0
    errors = random(400, 60, seed=9)
    for number, error in enumerate(errors):
        low, high = bootstrap_interval(lambda p, t: (p - t).abs().mean(), error, zeros, 200, level, number)
        hits += low <= truth <= high
    assert level - 0.05 < hits / 400 < level + 0.03  # for few samples it is somewhat too narrow


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("metric", [mae, r2])
def test_answers_have_the_precision_of_the_numbers(metric, dtype):
    answer = metric(predicted.to(dtype), target.to(dtype))
    assert answer.dtype == dtype
    assert_close(answer.double(), metric(predicted, target), rtol=1e-5, atol=0)
    ends = bootstrap_interval(metric, predicted.to(dtype), target.to(dtype), 50)
    assert_close(ends, bootstrap_interval(metric, predicted, target, 50), rtol=1e-4, atol=0)
    assert [type(end) for end in ends] == [float, float]


@pytest.mark.parametrize("metric", [mae, r2])
def test_gradients_reach_both_sides(metric):
    inputs = predicted[:6].clone().requires_grad_(), target[:6].clone().requires_grad_()
    assert torch.autograd.gradcheck(metric, inputs)


def test_what_is_not_a_number_stays_so():
    lost = torch.where(torch.arange(N) == 3, torch.nan, predicted)
    assert mae(lost, target).isnan() and r2(lost, target).isnan()


def test_any_metric_of_samples_along_the_first_axis():
    low, high = bootstrap_interval(mse, random(N, 2), random(N, 2, seed=1), 50)
    assert 0 < low < high
    logits, classes = random(N, 3), torch.arange(N) % 3
    low, high = bootstrap_interval(F.cross_entropy, logits, classes, 50)
    assert low < F.cross_entropy(logits, classes) < high
    low, high = bootstrap_interval(mae, predicted[:2], target[:2], resamples=1)
    assert low == high


@pytest.mark.parametrize("make", [mae, r2])
def test_everything_stays_on_the_device_of_its_input(make):
    with torch.device("meta"):
        assert make(predicted, target).device.type == "cpu"
        ends = bootstrap_interval(make, predicted, target, 20)
    assert ends == bootstrap_interval(make, predicted, target, 20)


# --- errors: one clear sentence --------------------------------------------------------------------

whole = torch.arange(N)
BAD = {
    "a list": (lambda: mae([1.0], target), TypeError, "predicted is a tensor, not list"),
    "a list of targets": (lambda: r2(predicted, [1.0]), TypeError, "target is a tensor, not list"),
    "whole numbers": (lambda: mae(whole, target), TypeError, "predicted holds int64; use predicted.double"),
    "whole targets": (lambda: r2(predicted, whole), TypeError, "target holds int64"),
    "a column": (lambda: mae(predicted[:, None], target), ValueError, r"not \(40, 1\) and \(40,\)"),
    "two columns": (
        lambda: r2(predicted[:, None], target[:, None]),
        ValueError,
        r"both \(n,\), not \(40, 1\) and \(40, 1\)",
    ),
    "one too few": (lambda: r2(predicted[1:], target), ValueError, r"not \(39,\) and \(40,\)"),
    "nothing": (lambda: mae(predicted[:0], target[:0]), ValueError, r"not \(0,\) and \(0,\)"),
    "one number": (lambda: mae(predicted[0], target[0]), ValueError, r"not \(\) and \(\)"),
    "a constant target": (lambda: r2(predicted, target * 0 + 0.1), ValueError, "R-squared is not defined"),
    "one sample": (lambda: r2(predicted[:1], target[:1]), ValueError, "R-squared is not defined"),
    "resamples of one": (
        lambda: bootstrap_interval(mae, predicted[:1], target[:1]),
        ValueError,
        r"two or more, not \(1,\) and \(1,\)",
    ),
    "resamples of a number": (
        lambda: bootstrap_interval(mae, predicted[0], target[0]),
        ValueError,
        r"not \(\) and \(\)",
    ),
    "one prediction too few": (
        lambda: bootstrap_interval(mae, predicted[1:], target),
        ValueError,
        "the same number of samples",
    ),
    "no resamples": (lambda: bootstrap_interval(mae, predicted, target, 0), ValueError, "not 0 and 0.95"),
    "a level of 1": (lambda: bootstrap_interval(mae, predicted, target, level=1), ValueError, "and 1$"),
    "a level of 0": (lambda: bootstrap_interval(mae, predicted, target, level=0), ValueError, "and 0$"),
    "95 percent": (lambda: bootstrap_interval(mae, predicted, target, level=95), ValueError, "and 95$"),
    "a resample without a value": (
        lambda: bootstrap_interval(r2, predicted[:2], target[:2]),
        ValueError,
        r"the metric has no value on resample \d+: the target is the same",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_gets_one_sentence(case):
    call, kind, text = BAD[case]
    with pytest.raises(kind, match=text) as caught:
        call()
    assert "\n" not in str(caught.value)
