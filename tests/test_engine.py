"""utils.engine equals PyTorch and chapter 04's own engine; changed anywhere, it does not."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from matplotlib.colors import same_color

import utils.engine
from tests.notebook_code import definitions, survivors
from utils.engine import Value, backpropagate, draw_graph, engine_gradient, topological_order

CHAPTER = Path(__file__).parent.parent / "chapters" / "04_math.ipynb"
POINT = [0.7, -1.3, 0.4]


def twice(s):
    """Uses its argument, itself a result, three times."""
    return s * s + s.tanh()


# Operations that the chapter's engine has; every operand is shared, and no result is symmetric in them.
EXPRESSIONS = {
    "add": lambda a, b, c: a + b + 2 + (3 + c),
    "subtract": lambda a, b, c: a - b - (c - 0.5),
    "multiply": lambda a, b, c: a * b * c + 2 * a + b * 3,
    "divide": lambda a, b, c: a / b + b / (c + 2) + c / 3,
    "power": lambda a, b, c: a**2 + b**3 * c**-2 + a**0.5,
    "tanh": lambda a, b, c: (a * b).tanh() + c.tanh() * a,
    "exp": lambda a, b, c: (a + c).exp() * b,
    "log": lambda a, b, c: (a + 2 * c).log() * b,
    "shared": lambda a, b, c: (a * a + a) * (a + b) * b + c * c * c,
    "shared inside": lambda a, b, c: twice(twice(a * b) + c),
    "cross-entropy": lambda a, b, c: (a.exp() + b.exp() + c.exp()).log() - b,
}
ONLY_SETTLED = {  # not needed on the page
    "from a number": lambda a, b, c: (1 - a) * (2 / b) - c,
    "negative": lambda a, b, c: -a * b - (-c),
    "power zero": lambda a, b, c: a**0 + b * c,
}


@pytest.fixture(scope="module")
def book() -> SimpleNamespace:
    return definitions(CHAPTER)


def by_torch(f) -> tuple[float, list[float]]:
    point = torch.tensor(POINT, dtype=torch.float64, requires_grad=True)
    result = f(*point)
    return result.item(), torch.autograd.grad(result, point)[0].tolist()


def by_engine(engine, f) -> tuple[float, list[float]]:
    values = [engine.Value(number) for number in POINT]
    result = f(*values)
    engine.backpropagate(result)
    return result.data, [value.grad for value in values]


def compare(made, book) -> None:
    for name, f in (EXPRESSIONS | ONLY_SETTLED).items():
        for other in (by_torch(f), *([by_engine(book, f)] if name in EXPRESSIONS else [])):
            value, gradient = by_engine(made, f)
            assert value == pytest.approx(other[0], rel=1e-12), name
            assert gradient == pytest.approx(other[1], rel=1e-12), name
    a = made.Value(2.0)
    assert a.grad == 0.0
    result = a * a
    for _ in range(2):  # a second call starts anew
        made.backpropagate(result)
        assert (a.grad, result.grad) == (4.0, 1.0)


def test_equals_pytorch_and_the_chapter(book):
    compare(utils.engine, book)


def test_a_changed_version_fails(book):
    names = ["Value", "as_value", "topological_order", "backpropagate"]
    assert survivors(utils.engine, names, lambda made: compare(made, book)) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("parent.grad += slope * value.grad", "parent.grad = slope * value.grad"),
        ("for value in reversed(order):", "for value in order:"),
        ("elif id(value) not in seen:", "else:"),
    ],
)
def test_classic_mistakes_fail(right, wrong, book):
    source = Path(utils.engine.__file__).read_text(encoding="utf-8")
    assert source.count(right) == 1
    space: dict[str, object] = {"__name__": "changed"}
    exec(source.replace(right, wrong), space)
    with pytest.raises(AssertionError):
        compare(SimpleNamespace(**space), book)


@pytest.mark.parametrize("seed", range(20))
def test_random_graphs(seed):
    """Fifty random operations over values that are used again and again."""

    def f(*values):
        dice, pool = random.Random(seed), list(values)
        for _ in range(50):
            a, b = dice.choice(pool), dice.choice(pool)
            pool.append(
                dice.choice([lambda a, b: a + b, lambda a, b: a - b, lambda a, b: (a * b).tanh()])(
                    a, b
                ).tanh()
            )
        return sum(pool[1:], pool[0])

    assert engine_gradient(lambda v: f(*v), POINT) == pytest.approx(by_torch(f)[1], rel=1e-9)


def test_the_order_puts_parents_first_and_nothing_twice():
    a, b = Value(1.0), Value(2.0)
    root = (a * b + a) * (b - a) + b
    order = topological_order(root)
    position = {id(value): index for index, value in enumerate(order)}
    assert len(position) == len(order) and order[-1] is root
    assert all(position[id(p)] < position[id(v)] for v in order for p, _ in v.parents)


def test_deeper_than_the_recursion_limit():
    start = value = Value(1.0)
    for _ in range(20_000):
        value = value + start
    backpropagate(value)
    assert start.grad == 20_001


def test_to_the_power_zero_is_flat_at_zero_too():
    """The general rule would divide by zero there."""
    a = Value(0.0)
    backpropagate(a**0 + 3 * a)
    assert ((a**0).data, a.grad) == (1.0, 3.0)


def test_whole_numbers_become_floats():
    a = Value(3)
    assert [type(value.data) for value in (a, a**2, a * 2, 2 - a)] == [float] * 4


def test_bad_input_gets_one_sentence():
    with pytest.raises(TypeError, match="a Value holds one Python number, not Tensor"):
        Value(torch.ones(2))
    with pytest.raises(TypeError, match="the exponent of a Value is a plain number"):
        Value(2.0) ** Value(3.0)
    with pytest.raises(ValueError, match="math domain error|positive"):
        Value(-1.0).log()
    with pytest.raises(ZeroDivisionError):
        Value(1.0) / Value(0.0)


@pytest.fixture
def drawn() -> Callable[[int], SimpleNamespace]:
    """Draws one graph after so many values, from the result backwards, have passed their gradient on."""

    def draw(finished: int) -> SimpleNamespace:
        from utils.plots import figure

        w, x = Value(0.8, op="w"), Value(1.5, op="x")
        loss = (w * x).tanh() ** 2 + 0.1 * w**2
        backpropagate(loss)
        _, ax = figure()
        done = topological_order(loss)[::-1][:finished]
        return SimpleNamespace(ax=ax, w=w, loss=loss, done=done, alt=draw_graph(ax, loss, done))

    return draw


def boxes(picture: SimpleNamespace) -> dict[int, Any]:
    """The box of each value, found by the value, which no other shares, on its second line."""
    by_line = {text.get_text().split("\n")[1]: text for text in picture.ax.texts if text.get_text()}
    return {id(value): by_line[f"{value.data:.3f}"] for value in topological_order(picture.loss)}


@pytest.mark.parametrize("finished", [0, 1, 2, 5])
def test_arrows_follow_the_data_and_the_strong_ones_the_gradient(finished, drawn):
    picture = drawn(finished)
    places = {key: text.get_position() for key, text in boxes(picture).items()}
    last = picture.done[-1] if picture.done else None
    expected = Counter()
    for value in topological_order(picture.loss):
        for parent, _ in value.parents:
            assert places[id(parent)][0] < places[id(value)][0]  # inputs on the left
            way = (places[id(parent)], places[id(value)])
            expected[("back", *way[::-1]) if value is last else ("on", *way)] += 1
    found = Counter()
    for arrow in (text for text in picture.ax.texts if not text.get_text()):
        head_last = arrow.arrowprops["arrowstyle"] == "-|>"  # the other style has its head at the start
        way = (arrow.xyann, arrow.xy) if head_last else (arrow.xy, arrow.xyann)
        strong = same_color(arrow.arrow_patch.get_edgecolor(), "#d55e00")
        assert strong == (arrow.arrow_patch.get_linewidth() > 2)
        found["back" if strong else "on", *way] += 1
    assert found == expected


def test_tinted_are_those_that_are_done_and_framed_the_last(drawn):
    picture = drawn(3)
    for key, text in boxes(picture).items():
        box = text.get_bbox_patch()
        assert (not same_color(box.get_facecolor(), "white")) == (key in map(id, picture.done))
        assert same_color(box.get_edgecolor(), "#d55e00") == (key == id(picture.done[-1]))


def test_the_drawing_shows_every_value_once(drawn):
    picture = drawn(1)
    w, loss, ax, alt = picture.w, picture.loss, picture.ax, picture.alt
    order = topological_order(loss)
    texts = [text for text in ax.texts if text.get_text()]
    places = {text.get_position() for text in texts}
    assert len(texts) == len(places) == len(order) == len(boxes(picture))
    assert f"w\n0.800\n{w.grad:.3f}" in {text.get_text() for text in texts}
    assert f"{len(order)} values" in alt and f"w {w.grad:.3f}" in alt and "1 have passed" in alt
    assert math.isclose(
        w.grad, engine_gradient(lambda v: (v[0] * 1.5).tanh() ** 2 + 0.1 * v[0] ** 2, [0.8])[0]
    )
