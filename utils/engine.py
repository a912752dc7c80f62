"""A small automatic differentiation engine for single numbers, and a drawing of its graph.

Built by hand in chapter 04. Reverse mode, as in PyTorch: ``backpropagate`` applies the chain rule from the
result backwards. Each operation notes its slope along each input, a number; PyTorch notes a backward function
instead, since the slopes of a tensor would fill large matrices. It is for learning: one Python object a
number, no tensors, no second derivatives, and gradients start from zero at each call (PyTorch adds them up).
Source: Baydin et al., "Automatic Differentiation in Machine Learning: a Survey" (2018).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from typing import Any

Number = int | float


class Value:
    """A number that remembers its parents, and its slope along each: ``((parent, slope), ...)``.

    ``data`` is the number; ``grad`` the slope along it of the last root that it leads to, 0 before any;
    ``op`` the operation's sign or, for a number that was put in, its name. Built by hand in chapter 04.

    >>> a = Value(3.0)
    >>> backpropagate(a * a + a)
    >>> a.grad
    7.0
    """

    def __init__(self, data: Number, parents: Sequence[tuple[Value, float]] = (), op: str = "") -> None:
        if not isinstance(data, Number):
            raise TypeError(f"a Value holds one Python number, not {type(data).__name__}")
        self.data, self.grad = float(data), 0.0
        self.parents, self.op = tuple(parents), op

    def __repr__(self) -> str:
        return f"Value({self.data:g}, grad={self.grad:g})"

    def __add__(self, other: Value | Number) -> Value:
        other = as_value(other)
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)), "+")

    def __sub__(self, other: Value | Number) -> Value:
        other = as_value(other)
        return Value(self.data - other.data, ((self, 1.0), (other, -1.0)), "−")

    def __rsub__(self, other: Number) -> Value:
        return as_value(other) - self

    def __mul__(self, other: Value | Number) -> Value:
        other = as_value(other)
        return Value(self.data * other.data, ((self, other.data), (other, self.data)), "×")

    def __pow__(self, exponent: Number) -> Value:
        """``self`` to a plain number; a Value as exponent is a TypeError."""
        if not isinstance(exponent, Number):
            raise TypeError("the exponent of a Value is a plain number")
        slope = exponent * self.data ** (exponent - 1) if exponent else 0.0
        return Value(self.data**exponent, ((self, slope),), f"^{exponent}")

    def __truediv__(self, other: Value | Number) -> Value:
        return self * as_value(other) ** -1

    def __rtruediv__(self, other: Number) -> Value:
        return as_value(other) / self

    def __neg__(self) -> Value:
        return 0 - self

    def tanh(self) -> Value:
        t = math.tanh(self.data)
        return Value(t, ((self, 1 - t * t),), "tanh")

    def exp(self) -> Value:
        e = math.exp(self.data)
        return Value(e, ((self, e),), "exp")

    def log(self) -> Value:
        """Natural logarithm; zero and negative numbers are a ValueError."""
        return Value(math.log(self.data), ((self, 1 / self.data),), "log")

    __radd__, __rmul__ = __add__, __mul__


def as_value(number: Value | Number) -> Value:
    """``number`` itself if it is a Value, else a new one."""
    return number if isinstance(number, Value) else Value(number)


def topological_order(root: Any) -> list[Any]:
    """All values behind ``root``, each one after its parents. No recursion: graphs may be deep."""
    order: list[Any] = []
    seen: set[int] = set()
    stack = [(root, False)]
    while stack:
        value, parents_done = stack.pop()
        if parents_done:
            order.append(value)
        elif id(value) not in seen:
            seen.add(id(value))
            stack.append((value, True))
            stack.extend((parent, False) for parent, _ in value.parents)
    return order


def backpropagate(root: Value) -> None:
    """Fill in ``grad``, the slope of ``root``, for every value behind it. Built by hand in chapter 04."""
    order = topological_order(root)
    for value in order:
        value.grad = 0.0
    root.grad = 1.0
    for value in reversed(order):
        for parent, slope in value.parents:
            parent.grad += slope * value.grad


def engine_gradient(f: Callable[[list[Value]], Value], point: Sequence[float]) -> list[float]:
    """Gradient of ``f``, a function of a list of values, at ``point``.

    >>> engine_gradient(lambda v: v[0] * v[1], [3.0, -2.0])
    [-2.0, 3.0]
    """
    values = [Value(number) for number in point]
    backpropagate(f(values))
    return [value.grad for value in values]


def draw_graph(ax: Any, root: Any, done: Collection[Any] = ()) -> str:
    """Draw the graph behind ``root`` on matplotlib axes, data flowing left to right, and return its alt text.

    Each box holds the operation or name, the value and the gradient so far. ``done``: the values, in order,
    that have passed their gradient on; they are tinted, and the last one's arrows are drawn strong. Works
    with any objects that have ``data``, ``grad``, ``op`` and ``parents``.
    """
    finished = [id(value) for value in done]
    last = finished[-1] if finished else None
    place = _places(root)
    for value in topological_order(root):
        x, y = place[id(value)]
        for parent, _ in value.parents:
            strong = id(value) == last
            ax.annotate(
                "",
                xy=(x, y),
                xytext=place[id(parent)],
                arrowprops={
                    "arrowstyle": "<|-" if strong else "-|>",
                    "color": "#d55e00" if strong else "#595959",
                    "linewidth": 2.2 if strong else 1.0,
                    "connectionstyle": _bend(place[id(parent)], (x, y)),
                    "shrinkA": 23,
                    "shrinkB": 23,
                },
            )
        fill = "#ffe0c2" if id(value) in finished else "white"
        edge = {"edgecolor": "#d55e00" if id(value) == last else "#1a1a1a", "facecolor": fill}
        label = f"{value.op or format(value.data, 'g')}\n{value.data:.3f}\n{value.grad:.3f}"
        ax.text(x, y, label, ha="center", va="center", fontsize=11, bbox={"boxstyle": "round", **edge})
    columns, rows = zip(*place.values(), strict=True)
    ax.set(xlim=(min(columns) - 0.5, max(columns) + 0.5), ylim=(min(rows) - 0.6, max(rows) + 0.6))
    ax.set_axis_off()
    names = {v.op: f"{v.op} {v.grad:.3f}" for v in topological_order(root) if v.op and not v.parents}
    return (
        f"Computation graph of {len(place)} values, from the inputs on the left to the result on the right; "
        f"{len(finished)} have passed their gradient on. Gradients so far: {', '.join(names.values())}."
    )


def _bend(start: tuple[float, float], end: tuple[float, float]) -> str:
    """A straight arrow to the next column; a longer one bends upwards, around the boxes between."""
    return "arc3,rad=-0.3" if end[0] - start[0] > 1 else "arc3,rad=0"


def _places(root: Any) -> dict[int, tuple[float, float]]:
    """Where each value stands: column by its longest way to the root, rows near the values it feeds."""
    order = topological_order(root)[::-1]
    depth = {id(value): 0 for value in order}
    feeds: dict[int, list[int]] = {id(value): [] for value in order}
    for value in order:
        for parent, _ in value.parents:
            depth[id(parent)] = max(depth[id(parent)], depth[id(value)] + 1)
            feeds[id(parent)].append(id(value))
    place: dict[int, tuple[float, float]] = {}
    for column in range(max(depth.values()) + 1):
        here = [id(value) for value in order if depth[id(value)] == column]
        wish = {key: sum(place[to][1] for to in feeds[key]) / max(1, len(feeds[key])) for key in here}
        here.sort(key=wish.__getitem__)
        middle = sum(wish.values()) / len(wish)
        for row, key in enumerate(here):
            place[key] = (-float(column), middle + row - (len(here) - 1) / 2)
    return place
