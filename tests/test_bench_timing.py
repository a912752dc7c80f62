"""The fair clock: interleaving by a clock that only the variants move, known statistics, agreement."""

from __future__ import annotations

import math
import statistics

import numpy as np
import pytest
import torch

from utils.bench import agrees, break_even, ratio, seconds, summarise, time_interleaved

CUDA = torch.device("cuda")


class Machine:
    """A clock and variants that move it on: no other time passes."""

    def __init__(self) -> None:
        self.now, self.calls = 0.0, []

    def variant(self, name: str, *costs: float):
        """A variant that takes each of the costs once, and the last from then on."""
        waiting = list(costs)

        def call() -> None:
            self.calls.append(name)
            self.now += waiting.pop(0) if len(waiting) > 1 else waiting[0]

        return call

    def clock(self) -> float:
        return self.now


# --- interleaving -----------------------------------------------------------------------------------


def test_every_round_holds_each_variant_once_and_the_order_moves_on():
    machine = Machine()
    variants = {name: machine.variant(name, 1.0) for name in "abc"}
    time_interleaved(variants, rounds=4, warmup=2, clock=machine.clock)
    assert "".join(machine.calls) == "aabbcc" + "abc" + "bca" + "cab" + "abc"


def test_warm_up_is_not_timed():
    machine = Machine()
    variants = {"slow at first": machine.variant("x", 60.0, 7.0, 2.0), "steady": machine.variant("y", 3.0)}
    times = time_interleaved(variants, rounds=5, warmup=2, clock=machine.clock)
    assert times == {"slow at first": [2.0] * 5, "steady": [3.0] * 5}
    machine = Machine()
    unwarmed = time_interleaved({"x": machine.variant("x", 60.0, 2.0)}, 3, 0, clock=machine.clock)
    assert unwarmed == {"x": [60.0, 2.0, 2.0]}


def test_a_slow_spell_of_the_machine_meets_every_variant():
    machine = Machine()
    spell = lambda base: [base] * 4 + [10 * base] * 4 + [base]  # noqa: E731
    variants = {"a": machine.variant("a", *spell(2.0)), "b": machine.variant("b", *spell(1.0))}
    times = time_interleaved(variants, rounds=8, warmup=0, clock=machine.clock)
    assert times["a"] == [2 * each for each in times["b"]]
    assert ratio(times["a"], times["b"]) == 2.0


@pytest.mark.parametrize(
    ("variants", "rounds", "warmup"), [({}, 3, 0), ({"a": lambda: 0}, 0, 0), ({"a": lambda: 0}, 3, -1)]
)
def test_nothing_to_time_is_refused(variants, rounds, warmup):
    with pytest.raises(ValueError, match="variant, a round and no less than 0 warm-up calls are needed"):
        time_interleaved(variants, rounds, warmup)


def test_a_gpu_is_timed_by_events(monkeypatch):
    said = []

    class Event:
        def __init__(self, enable_timing: bool) -> None:
            assert enable_timing

        def record(self) -> None:
            said.append("record")

        def elapsed_time(self, end: Event) -> float:
            assert end is not self and said[-1] == "wait"
            return 250.0

    monkeypatch.setattr(torch.cuda, "Event", Event)
    monkeypatch.setattr(torch.cuda, "synchronize", lambda device: said.append("wait"))
    assert seconds(lambda: said.append("call"), CUDA, clock=None) == 0.25
    assert said == ["wait", "record", "call", "record", "wait"]
    assert time_interleaved({"a": lambda: 0}, 3, 1, "cuda") == {"a": [0.25] * 3}


# --- statistics -------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [2, 3, 4, 5, 10, 21])
def test_quartiles_are_those_of_the_standard_library(count):
    times = np.random.default_rng(count).uniform(0.1, 2, count).tolist()
    found = summarise(times)
    q1, median, q3 = statistics.quantiles(times, n=4, method="inclusive")
    assert found == (pytest.approx(median), pytest.approx(q1), pytest.approx(q3), count)
    assert found.median == pytest.approx(statistics.median(times))


def test_known_statistics():
    assert summarise([5.0, 1.0, 2.0, 100.0]) == (3.5, 1.75, 28.75, 4)
    assert summarise([0.5]) == (0.5, 0.5, 0.5, 1)
    assert ratio([9.0, 1.0, 3.0], [2.0]) == 1.5
    assert ratio([1.0], [4.0]) == 0.25


@pytest.mark.parametrize("times", [[], [1.0, 0.0], [1.0, -2.0], [math.nan], [1.0, math.inf]])
def test_what_is_no_time_is_refused(times):
    with pytest.raises(ValueError, match="no times were given|a time is a finite number of seconds above 0"):
        summarise(times)


def test_break_even():
    assert break_even(30.0, 0.5, 0.2) == pytest.approx(100.0)
    assert break_even(0.0, 0.5, 0.2) == 0.0
    assert break_even(30.0, 0.2, 0.2) == break_even(30.0, 0.2, 0.5) == math.inf
    steps = break_even(7.0, 0.75, 0.5)
    assert 7.0 + steps * 0.5 == pytest.approx(steps * 0.75), "both have taken the same time by then"


@pytest.mark.parametrize("times", [(-1.0, 1.0, 1.0), (1.0, math.nan, 1.0), (1.0, 1.0, math.inf)])
def test_break_even_refuses_what_is_no_time(times):
    with pytest.raises(ValueError, match="finite numbers of seconds from 0 up"):
        break_even(*times)


# --- agreement --------------------------------------------------------------------------------------


def test_the_error_is_a_share_of_the_largest_value():
    reference = torch.tensor([[1.0, -20.0], [3.0, 4.0]], dtype=torch.float64)
    output = reference.float()
    output[0, 0] += 0.5
    assert agrees(output, reference, 0.03) == pytest.approx(0.025)
    with pytest.raises(ValueError, match=r"error is 2\.5e-02 of the reference; 1\.0e-02 is allowed"):
        agrees(output, reference, 0.01)
    assert agrees(torch.tensor([3, 5]), torch.tensor([3, 5]), 0) == 0.0


@pytest.mark.parametrize(
    ("output", "reference", "message"),
    [
        (torch.ones(2), torch.ones(3), r"the output has shape \(2,\), the reference \(3,\)"),
        (torch.ones(2, 1), torch.ones(2), r"the output has shape \(2, 1\), the reference \(2,\)"),
        (torch.tensor([1.0, math.nan]), torch.ones(2), "the largest error is nan"),
        (torch.tensor([1.0, math.inf]), torch.ones(2), "the largest error is inf"),
        (torch.zeros(2), torch.zeros(2), "nothing can be compared"),
        (torch.zeros(0), torch.zeros(0), "nothing can be compared"),
        (torch.ones(2), torch.tensor([1.0, math.nan]), "nothing can be compared"),
    ],
)
def test_what_does_not_agree_is_refused(output, reference, message):
    with pytest.raises(ValueError, match=message):
        agrees(output, reference, 0.5)
