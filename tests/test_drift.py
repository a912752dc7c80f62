"""utils.drift equals SciPy, and its alarm rings as often as it says; changed anywhere, it does not."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.stats import ks_2samp
from torch.testing import assert_close

import utils.drift
from tests.notebook_code import survivors
from utils.data import diabetes
from utils.drift import DriftMonitor, ks_distance


def random(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def statistics(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """SciPy's distance of each column."""
    columns = zip(a.T.numpy(), b.T.numpy(), strict=True)
    return torch.tensor([ks_2samp(left, right).statistic for left, right in columns], dtype=torch.float64)


CASES = {
    "two sizes": (random(7, 3), random(11, 3, seed=1)),
    "the larger first": (random(12, 3), random(5, 3, seed=1) + 0.5),
    "many ties": (random(40, 2).round(), random(30, 2, seed=1).round() + torch.tensor([0.0, 1.0])),
    "the same rows": (random(9, 2), random(9, 2).flip(0)),
    "far apart": (random(6, 2), random(8, 2) + 100),
    "constants": (torch.ones(4, 2).double(), torch.tensor([[1.0, 2.0]]).double()),
    "one row each": (random(1, 4), random(1, 4, seed=1)),
}


# Each comparison takes an implementation: the settled one, or a mutant that must fail it.


def compare_distance(made) -> None:
    for a, b in CASES.values():
        assert_close(made.ks_distance(a, b), statistics(a, b), rtol=0, atol=1e-12)
        assert_close(made.ks_distance(b, a), statistics(a, b), rtol=0, atol=1e-12)


def compare_monitor(made) -> None:
    reference = random(24, 2).round(decimals=1)
    for rate, draws, seed in ((0.1, 30, 0), (0.25, 25, 4)):
        monitor = made.DriftMonitor(reference, 9, rate, draws, seed)
        generator, largest = torch.Generator().manual_seed(seed), []
        for _ in range(draws):
            order = torch.randperm(24, generator=generator)
            largest.append(statistics(reference[order[:9]], reference[order[9:]]).max().item())
        assert abs(monitor.threshold - np.quantile(largest, 1 - rate)) < 1e-6
        assert (monitor.window, monitor.alarm_rate) == (9, rate)
    window = random(9, 2, seed=5) * torch.tensor([1.0, 1.4]) + torch.tensor([0.0, 0.3])
    distances = monitor.distances(window)
    assert_close(distances.double(), statistics(window, reference), rtol=0, atol=1e-6)
    farthest = distances.max().item()  # one column decides
    for threshold, rings in ((1.01 * farthest, False), (farthest, False), (0.99 * farthest, True)):
        monitor.threshold = threshold
        assert monitor.alarm(window) is rings


@pytest.mark.parametrize("compare", [compare_distance, compare_monitor], ids=lambda f: f.__name__)
def test_equals_scipy(compare):
    compare(utils.drift)


@pytest.mark.parametrize(
    ("compare", "names"),
    [(compare_distance, ["ks_distance", "_share_at_most"]), (compare_monitor, ["DriftMonitor"])],
    ids=["distance", "monitor"],
)
def test_a_changed_version_fails(compare, names):
    assert survivors(utils.drift, names, compare) == []


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("case", CASES)
def test_distances_in_both_precisions(case, dtype):
    a, b = (each.to(dtype) for each in CASES[case])
    answer = ks_distance(a, b)
    assert answer.dtype == dtype and answer.shape == a.shape[1:]
    assert_close(answer.double(), statistics(a, b), rtol=0, atol=1e-6)


def test_infinity_is_a_number_like_others():
    a = torch.tensor([[-torch.inf], [0.0], [torch.inf]])
    assert ks_distance(a, a) == 0
    assert_close(ks_distance(a, torch.zeros(3, 1)), torch.tensor([1 / 3]))


def test_rows_stay_as_they_are():
    a, b = random(7, 3), random(11, 3, seed=1)
    ks_distance(a, b)
    monitor = DriftMonitor(b, 5, 0.1, 20)
    monitor.alarm(a[:5])
    assert torch.equal(a, random(7, 3)) and torch.equal(b, random(11, 3, seed=1))


def test_everything_stays_on_the_device_of_its_input():
    rows = random(20, 2)
    with torch.device("meta"):
        monitor = DriftMonitor(rows, 5, 0.1, 20)
        assert ks_distance(rows, rows).device.type == monitor.distances(rows[:5]).device.type == "cpu"


# --- the alarm -------------------------------------------------------------------------------------


def test_rings_as_often_as_asked_while_nothing_changes():
    """Correlated columns, one of whole numbers; 25 references, 40 fresh windows each."""
    mixing = torch.tensor([[1.0, 0.8, 0.0], [0.0, 0.6, 0.0], [0.0, 0.0, 2.0]], dtype=torch.float64)

    def draw(n: int, seed: int) -> torch.Tensor:
        rows = random(n, 3, seed=seed) @ mixing
        return torch.cat([rows[:, :2], rows[:, 2:].round()], dim=1)

    rings = 0
    for number in range(25):
        monitor = DriftMonitor(draw(300, number), window=40, alarm_rate=0.1, draws=200, seed=number)
        rings += sum(monitor.alarm(each) for each in draw(1600, 1000 + number).split(40))
    assert 0.07 < rings / 1000 < 0.13


def test_rings_for_a_shift_of_one_deviation_in_one_of_ten_columns():
    reference = random(300, 10)
    monitor = DriftMonitor(reference, window=50)
    shift = torch.zeros(10, dtype=torch.float64)
    shift[6] = 1.0
    windows = random(100, 50, 10, seed=1)
    assert sum(monitor.alarm(each + shift) for each in windows) >= 95
    assert sum(monitor.alarm(each) for each in windows) <= 5
    assert all(monitor.distances(each + shift).argmax() == 6 for each in windows[:20])


def test_a_wider_spread_is_seen_where_the_mean_stays():
    monitor = DriftMonitor(random(300, 2), window=100)
    assert monitor.alarm(random(100, 2, seed=1) * 3)


def test_a_change_of_two_columns_together_is_not_seen():
    """The limit that the module names: each column is as before, and their correlation is gone."""
    rows = random(2000, 1).expand(2000, 2).contiguous()
    monitor = DriftMonitor(rows, window=100)
    assert not monitor.alarm(torch.stack([rows[:100, 0], rows[1000:1100, 0]], dim=1))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_tenth_is_a_tenth_in_either_precision(dtype):
    """Rounded measurements, full of ties: float32's 0.1 lies above float64's, and would count as later."""
    table = torch.tensor(diabetes().to_numpy()[:, :10], dtype=torch.float64)
    reference, window = table[:300], table[300:350]
    for monitor in (DriftMonitor(reference, 50, 0.1, 20), DriftMonitor(reference.float(), 50, 0.1, 20)):
        assert_close(
            monitor.distances(window.to(dtype)).double(), statistics(window, reference), rtol=0, atol=1e-6
        )


def test_the_seed_decides_and_nothing_else_is_drawn_from():
    torch.manual_seed(1)
    state = torch.get_rng_state()
    first, again, other = (DriftMonitor(random(50, 2), 20, 0.1, 40, seed).threshold for seed in (1, 1, 2))
    assert first == again != other
    assert torch.equal(torch.get_rng_state(), state)


def test_a_rarer_alarm_has_a_higher_threshold():
    rates = [0.5, 0.1, 0.01, 0.001]
    thresholds = [DriftMonitor(random(100, 2), 20, rate).threshold for rate in rates]
    assert thresholds == sorted(thresholds) and len(set(thresholds)) == 4
    plain = DriftMonitor(random(100, 2), 20)
    assert plain.threshold == DriftMonitor(random(100, 2), 20, 0.01, 2000, 0).threshold == thresholds[2]


def test_the_smallest_and_the_largest_that_is_allowed():
    rows = random(20, 2)
    assert DriftMonitor(rows, 1, 0.9, 20).alarm(rows[:1] + 100)
    assert DriftMonitor(rows, 10, 0.05, 20).alarm(rows[:10] + 100)
    assert DriftMonitor(rows, 10, 0.5, 2).alarm(rows[:10] + 100)


# --- errors: one clear sentence --------------------------------------------------------------------

rows = random(20, 2)
lost = rows.clone()
lost[4, 1] = lost[7, 0] = torch.nan  # the first is named
monitor = DriftMonitor(rows, 5, 0.1, 20)
BAD = {
    "a list": (lambda: ks_distance([[1.0]], rows), TypeError, "floating point numbers, not list"),
    "whole numbers": (lambda: ks_distance(rows, rows.long()), TypeError, "not int64"),
    "two precisions": (lambda: ks_distance(rows, rows.float()), TypeError, "not float64 and float32"),
    "one column": (lambda: ks_distance(rows[:, 0], rows), ValueError, r"not \(20,\) and \(20, 2\)"),
    "a cube": (lambda: ks_distance(rows, rows[None]), ValueError, r"and \(1, 20, 2\)"),
    "another width": (lambda: ks_distance(rows, rows[:, :1]), ValueError, r"and \(20, 1\)"),
    "no rows": (lambda: ks_distance(rows[:0], rows), ValueError, r"not \(0, 2\)"),
    "no columns": (lambda: ks_distance(rows[:, :0], rows[:, :0]), ValueError, r"not \(20, 0\)"),
    "no number": (lambda: ks_distance(rows, lost), ValueError, "row 4, column 1 is not a number"),
    "a list to watch": (lambda: DriftMonitor([[1.0]], 5), TypeError, "not list"),
    "a lost reference": (lambda: DriftMonitor(lost, 5), ValueError, "row 4, column 1 is not a number"),
    "no window": (
        lambda: DriftMonitor(rows, 0),
        ValueError,
        "half of the reference's 20, not 0",
    ),
    "a window too long": (lambda: DriftMonitor(rows, 11), ValueError, "half of the reference's 20, not 11"),
    "a window that never rings": (
        lambda: DriftMonitor(rows, 1, 0.1, 20),
        ValueError,
        "no window of 1 can ring at a rate of 0.1; take a longer one",
    ),
    "no draws": (lambda: DriftMonitor(rows, 5, draws=0), ValueError, "not 0.01 with 0 draws"),
    "too few draws": (lambda: DriftMonitor(rows, 5, 0.01, 99), ValueError, "not 0.01 with 99 draws"),
    "always an alarm": (lambda: DriftMonitor(rows, 5, 1.0), ValueError, "not 1.0 with 2000 draws"),
    "never an alarm": (lambda: DriftMonitor(rows, 5, 0.0), ValueError, "not 0.0 with 2000 draws"),
    "a short window": (lambda: monitor.alarm(rows[:4]), ValueError, r"X is \(5, 2\), .* not \(4, 2\)"),
    "a long window": (lambda: monitor.distances(rows[:6]), ValueError, r"not \(6, 2\)"),
    "a narrow window": (lambda: monitor.alarm(rows[:5, :1]), ValueError, r"not \(5, 1\)"),
    "a flat window": (lambda: monitor.alarm(rows[:5, 0]), ValueError, r"not \(5,\)"),
    "a lost window": (lambda: monitor.alarm(lost[:5]), ValueError, "row 4, column 1 is not a number"),
    "a list of rows": (lambda: monitor.alarm([[1.0, 2.0]] * 5), TypeError, "not list"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_gets_one_sentence(case):
    call, kind, text = BAD[case]
    with pytest.raises(kind, match=text) as caught:
        call()
    assert "\n" not in str(caught.value)
