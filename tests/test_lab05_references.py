"""Lab 05's references against outsiders that are too slow to load for an instant check, or that are not ours:
SciPy, NumPy and pandas.
"""

from __future__ import annotations

import io
import math

import numpy as np
import pandas as pd
import pytest
import torch
from scipy.stats import ks_2samp
from torch.testing import assert_close

from utils.exercises.lab05 import confidence_interval, early_stopping, ks_distance, read_rows

SEEDS = (5, 6, 7)
seeds = pytest.mark.parametrize("seed", SEEDS)


@seeds
def test_the_distance_is_scipys(seed):
    for case in ks_distance.EXERCISE.cases(seed):
        a, b = case.args
        expected = ks_2samp(a.numpy(), b.numpy(), method="asymp").statistic
        assert ks_distance.reference(a, b).item() == pytest.approx(expected, abs=1e-12)


@seeds
def test_the_cases_of_the_distance_lie_on_both_sides_and_have_ties(seed):
    sides, ties = set(), 0
    for case in ks_distance.EXERCISE.cases(seed):
        a, b = (x.numpy() for x in case.args)
        result = ks_2samp(a, b, method="asymp")
        sides |= {int(result.statistic_sign)} if result.statistic > 0 else set()
        ties += len(np.intersect1d(a, b)) > 0 and len(np.unique(a)) < len(a)
        assert len(a) != len(b)
    assert sides == {-1, 1} and ties == 2


@seeds
def test_the_interval_is_numpys_quantiles_of_r2_from_the_definition(seed):
    for case in confidence_interval.EXERCISE.cases(seed):
        predicted, target, picks, level = case.args
        scores = []
        for pick in picks.numpy():
            p, y = predicted.numpy()[pick], target.numpy()[pick]
            scores.append(1 - ((y - p) ** 2).sum() / ((y - y.sum() / len(y)) ** 2).sum())
        expected = np.quantile(scores, [(1 - level) / 2, 1 - (1 - level) / 2], method="linear")
        low, high = confidence_interval.reference(*case.args)
        assert low.shape == high.shape == ()
        assert_close(torch.stack([low, high]).numpy(), expected, rtol=1e-12, atol=1e-12)


@seeds
def test_no_quantile_of_the_cases_falls_on_a_score_or_half_way(seed):
    """There, interpolating would not differ from taking the nearest, or a tie would decide."""
    for case in confidence_interval.EXERCISE.cases(seed):
        _, _, picks, level = case.args
        assert len(picks) != len(case.args[0])
        for tail in ((1 - level) / 2, (1 + level) / 2):
            part = tail * (len(picks) - 1) % 1
            assert all(abs(part - bad) > 0.02 for bad in (0.0, 0.5, 1.0))


@seeds
def test_the_rows_that_are_kept_are_those_that_pandas_reads(seed):
    for case in read_rows.EXERCISE.cases(seed):
        (text,) = case.args
        numbers, refused = read_rows.reference(text)
        lines = text.split("\n")
        kept = [line for n, line in enumerate(lines, start=1) if n not in refused]
        table = pd.read_csv(io.StringIO("\n".join(kept)), skipinitialspace=True, dtype=float)
        assert numbers.dtype == torch.float64
        assert numbers.shape == table.shape
        assert np.array_equal(numbers.numpy(), table.to_numpy())


def python_accepts(line, width):
    """A row as Python's own float reads it, except for the underscore."""
    try:
        row = [float(field) for field in line.replace("_", "?").split(",")]
    except ValueError:
        return False
    return len(row) == width and all(map(math.isfinite, row))


@seeds
def test_the_lines_that_are_refused_are_those_that_float_cannot_read(seed):
    for case in read_rows.EXERCISE.cases(seed):
        header, *lines = case.args[0].split("\n")
        width = len(header.split(","))
        bad = [n for n, s in enumerate(lines, 2) if s.strip() and not python_accepts(s, width)]
        assert read_rows.reference(*case.args)[1] == bad


def by_hand(losses, patience):
    """The rule, read aloud: go on while any of the last ``patience`` epochs brought a new best."""
    news = [loss < min(losses[:epoch], default=math.inf) for epoch, loss in enumerate(losses)]
    stopped_at = 0
    while stopped_at + 1 < len(losses) and any(news[max(0, stopped_at - patience + 1) : stopped_at + 1]):
        stopped_at += 1
    return max(epoch for epoch in range(stopped_at + 1) if news[epoch]), stopped_at


@seeds
def test_stopping_follows_the_rule_on_its_cases_and_on_random_losses(seed):
    draws = np.random.default_rng(seed)
    random = [
        (draws.integers(1, 7, draws.integers(1, 13)).tolist(), int(draws.integers(1, 5))) for _ in range(300)
    ]
    for losses, patience in [case.args for case in early_stopping.EXERCISE.cases(seed)] + random:
        assert early_stopping.reference(losses, patience) == by_hand(losses, patience)
