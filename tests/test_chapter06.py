"""What chapter 06 builds by hand equals the settled code; settled code with one thing changed does not."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

import utils.bench.timing
from tests.notebook_code import definitions, imported_from_utils, unseen_changes

CHAPTER = Path(__file__).parent.parent / "chapters" / "06_compile.ipynb"
SETTLED = ("Summary", "agrees", "break_even", "ratio", "seconds", "summarise", "time_interleaved")
TIMES = [3.0, 1.0, 4.0, 1.5, 9.0, 2.6]


@pytest.fixture(scope="module")
def book() -> SimpleNamespace:
    return definitions(CHAPTER)


class Machine:
    """A clock that a call moves on by its own cost, and more with every call made."""

    def __init__(self) -> None:
        self.now, self.calls = 0.0, []

    def call(self, name: str) -> Callable[[], None]:
        def run() -> None:
            self.calls.append(name)
            self.now += {"a": 1.0, "b": 2.0, "c": 4.0}[name] * (1 + len(self.calls))

        return run

    def clock(self) -> float:
        self.now += 0.25  # reading the clock takes a while too
        return self.now


class Event:
    """A CUDA event of the machine below: it notes the device's time in milliseconds."""

    def __init__(self, device: SimpleNamespace) -> None:
        self.device = device

    def record(self) -> None:
        self.device.log.append("record")
        self.when = self.device.now

    def elapsed_time(self, end: Event) -> float:
        return end.when - self.when


def graphics_card(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Puts a device into ``torch.cuda`` that only writes down what it is asked for."""
    device = SimpleNamespace(now=0.0, log=[])

    def event(enable_timing: bool = False) -> Event:
        assert enable_timing
        return Event(device)

    monkeypatch.setattr(torch.cuda, "Event", event)
    monkeypatch.setattr(torch.cuda, "synchronize", lambda where=None: device.log.append(f"wait {where}"))
    return device


# Each comparison takes an implementation: the settled one, or a mutant that must fail it.


def compare_order(made, book) -> None:
    for names, rounds, warmup in (("ab", 5, 2), ("abc", 4, 0), ("c", 1, 3)):
        results = []
        for version in (made, book):
            machine = Machine()
            variants = {name: machine.call(name) for name in names}
            options = {"rounds": rounds, "warmup": warmup, "clock": machine.clock}
            results.append((version.time_interleaved(variants, **options), machine.calls))
        assert results[0] == results[1]


def compare_refusals(made, book) -> None:
    for variants, options in (({}, {}), ({"a": int}, {"rounds": 0}), ({"a": int}, {"warmup": -1})):
        for version in (made, book):
            refused(lambda: version.time_interleaved(variants, **options))  # noqa: B023


def compare_seconds(made, book) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        device = graphics_card(monkeypatch)
        took = []
        for version in (made, book):
            device.log.clear()

            def call() -> None:
                device.log.append("call")
                device.now += 250.0

            took.append((version.seconds(call, "cuda:0"), list(device.log)))
    assert took[0] == took[1] == (0.25, ["wait cuda:0", "record", "call", "record", "wait cuda:0"])
    for version in (made, book):
        machine = Machine()
        assert version.seconds(machine.call("c"), clock=machine.clock) == 8.25


def compare_summaries(made, book) -> None:
    for times in (TIMES, TIMES[:1], TIMES[:4]):
        assert tuple(made.summarise(times)) == tuple(book.summarise(times))
        assert made.summarise(times)._fields == book.Summary._fields
        assert made.ratio(times, TIMES[::2]) == book.ratio(times, TIMES[::2])
    for times in ([], [1.0, 0.0], [1.0, -2.0], [math.nan], [math.inf, 1.0]):
        for version in (made, book):
            refused(lambda: version.summarise(times))  # noqa: B023


def compare_break_even(made, book) -> None:
    for given in ((30.0, 0.5, 0.25), (3.0, 0.7, 0.2), (0.0, 0.5, 0.25), (30.0, 0.5, 0.5), (30.0, 0.2, 0.5)):
        assert made.break_even(*given) == book.break_even(*given)
    for given in (
        (-1.0, 0.5, 0.2),
        (1.0, -0.5, 0.2),
        (1.0, 0.5, -0.2),
        (math.nan, 1.0, 1.0),
        (1.0, math.inf, 1.0),
    ):
        for version in (made, book):
            refused(lambda: version.break_even(*given))  # noqa: B023


def compare_agreement(made, book) -> None:
    reference = torch.tensor([[3.0, -8.0, 0.5], [1.0, 2.0, -4.0]], dtype=torch.float64)
    output = (reference + torch.tensor([0.25, -0.5, 0.125])).float()
    assert made.agrees(output, reference, 0.1) == book.agrees(output, reference, 0.1) == 0.0625
    assert made.agrees(output, reference, 0.0625) == 0.0625  # the tolerance itself is allowed
    odd = [
        (output, reference, 0.06),
        (output[0], reference, 1.0),
        (output, torch.zeros_like(reference), 1.0),
        (output * math.nan, reference, 1.0),
        (output, reference * math.inf, 1.0),
        (output[:0], reference[:0], 1.0),
    ]
    for given in odd:
        for version in (made, book):
            refused(lambda: version.agrees(*given))  # noqa: B023


def refused(ask: Callable[[], object]) -> None:
    with pytest.raises(ValueError) as caught:
        ask()
    assert "\n" not in str(caught.value)


def compare_all_orders(made, book) -> None:
    compare_order(made, book)
    compare_refusals(made, book)


PARTS = [
    (utils.bench.timing, ["time_interleaved"], compare_all_orders),
    (utils.bench.timing, ["seconds"], compare_seconds),
    (utils.bench.timing, ["Summary", "summarise", "ratio"], compare_summaries),
    (utils.bench.timing, ["break_even"], compare_break_even),
    (utils.bench.timing, ["agrees"], compare_agreement),
]


@pytest.mark.parametrize(("module", "names", "compare"), PARTS, ids=[p[2].__name__ for p in PARTS])
def test_settled_code_equals_the_chapters(module, names, compare, book):
    compare(module, book)


# Changes that the chapter's functions cannot see, and how many of each there are.
UNSEEN: dict[str, int] = {}


def test_changed_settled_code_does_not(book):
    assert unseen_changes(PARTS, book) == UNSEEN


def test_the_chapter_does_not_import_what_it_builds():
    taken = imported_from_utils(CHAPTER)
    assert not taken & {f"utils.bench.{name}" for name in SETTLED}
    assert not any(name.startswith("utils.bench.timing") for name in taken)


def test_the_defaults_are_the_same(book):
    settled, by_hand = utils.bench.timing.time_interleaved, book.time_interleaved
    assert settled.__defaults__ == by_hand.__defaults__
    assert utils.bench.timing.seconds.__defaults__ == book.seconds.__defaults__


def test_the_bounds_of_the_bytes(book):
    """The chapter's two counts, on graphs captured here: a chain, a value used twice, an input passed on."""
    graphs = []

    def keep(graph, inputs):
        graphs.append(graph)
        return graph.forward

    def chain(x, y):
        return torch.exp(x) * y

    def twice(x, y):
        shared = x * y
        return shared + x, shared - y

    x, y = torch.randn(2, 6, 5).unbind()
    for function, unfused, fused in ((chain, 5, 3), (twice, 9, 4)):
        torch.compiler.reset()
        torch.compile(function, backend=keep)(x, y)
        assert book.bytes_unfused(graphs[-1]) == unfused * x.nbytes
        assert book.bytes_fused(graphs[-1]) == fused * x.nbytes
