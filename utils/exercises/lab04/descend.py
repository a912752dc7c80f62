"""04.descend: gradient descent that returns where it has been, start included."""

from __future__ import annotations

import torch

from utils.exercises.authoring import Numbers, argument_label, mistake, sgd_by_torch
from utils.exercises.core import Answer, Case, Exercise


def bowl(x):
    """The gradient of a bowl that is steeper in some directions than in others."""
    return torch.arange(1.0, len(x) + 1, dtype=x.dtype) * (x - 0.5)


def valley(x):
    """The gradient of a curved, coupled function."""
    return torch.sin(x) + 0.3 * x.sum()


def cases(seed: int) -> list[Case]:
    draw = Numbers(seed)
    return [
        Case(
            {"en": "a bowl, 4 steps from 2 numbers", "zh": "碗形函数，从 2 个数出发走 4 步"},
            (bowl, draw.normal(2, shift=2.0), 0.2, 4),
        ),
        Case(
            {"en": "a bowl, 7 steps from 3 numbers", "zh": "碗形函数，从 3 个数出发走 7 步"},
            (bowl, draw.normal(3, shift=-2.0), 0.1, 7),
        ),
        Case(
            {"en": "a curved valley, 3 steps from 5 numbers", "zh": "弯曲的山谷，从 5 个数出发走 3 步"},
            (valley, draw.normal(5, shift=1.0), 0.15, 3),
        ),
        Case(
            {"en": "a bowl, 2 steps from far away", "zh": "碗形函数，从远处出发走 2 步"},
            (bowl, draw.normal(4, shift=60.0), 0.05, 2),
        ),
        Case({"en": "no step at all", "zh": "一步也不走"}, (bowl, draw.normal(3), 0.1, 0)),
        Case(
            {"en": "6 steps that begin at the bottom", "zh": "从谷底出发走 6 步"},
            (bowl, torch.full((2,), 0.5, dtype=torch.float64), 0.1, 6),
        ),
    ]


def probe(function, case: Case) -> Answer:
    """The path, and what is left in the start after the call."""
    gradient, start, learning_rate, steps = case.args
    return {"result": function(gradient, start, learning_rate, steps), "start": start}


def reference(gradient, start, learning_rate, steps):
    """The same walk by PyTorch's SGD."""
    path = [start]
    for _ in range(steps):
        path.append(sgd_by_torch(path[-1], gradient(path[-1]), None, lr=learning_rate))
    return torch.stack(path)


def walk(gradient, start, learning_rate, steps):
    """A right walk, as a list: the mistakes cut it or start it wrongly."""
    path = [start]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * gradient(path[-1]))
    return path


@mistake(
    en="You climb. The gradient points uphill.",
    zh="你在往上爬。梯度指向的是上坡方向。",
)
def ascent(gradient, start, learning_rate, steps):
    return torch.stack(walk(gradient, start, -learning_rate, steps))


@mistake(
    en="The walk is right, but the place where it begins is not in the path.",
    zh="走得对，但路径里没有出发的地方。",
)
def without_start(gradient, start, learning_rate, steps):
    return torch.stack(walk(gradient, start, learning_rate, steps)[1:])


@mistake(
    en="The path stops one step early. Count: how many points do n steps visit?",
    zh="路径少走了一步。数一数：走 n 步一共经过几个点？",
)
def one_step_short(gradient, start, learning_rate, steps):
    return torch.stack(walk(gradient, start, learning_rate, steps - 1))


@mistake(
    en="The point where the walk ends is missing. Count: how many points do n steps visit?",
    zh="路径里没有终点。数一数：走 n 步一共经过几个点？",
)
def without_end(gradient, start, learning_rate, steps):
    return torch.stack(walk(gradient, start, learning_rate, steps)[:-1])


@mistake(
    en="The path takes one step too many. Count the points that n steps visit.",
    zh="路径多走了一步。数一数走 n 步经过几个点。",
)
def one_step_long(gradient, start, learning_rate, steps):
    return torch.stack(walk(gradient, start, learning_rate, steps + 1))


@mistake(
    en="You return where the walk ends. The whole path is asked for, one row a point.",
    zh="你只返回了终点。题目要的是整条路径，每个点占一行。",
)
def last_only(gradient, start, learning_rate, steps):
    return walk(gradient, start, learning_rate, steps)[-1]


@mistake(
    en="All your steps are equal, so the gradient was computed once. The slope changes as you move.",
    zh="你的每一步都一样，说明梯度只算了一次。人一走动，脚下的坡度也就变了。",
)
def gradient_at_start(gradient, start, learning_rate, steps):
    g = gradient(start)
    return torch.stack([start - i * learning_rate * g for i in range(steps + 1)])


@mistake(
    en="All rows of your path are the same point. The list holds one tensor many times, and changing it in "
    "place changes every entry.",
    zh="路径的每一行都是同一个点。列表里反复存放的是同一个张量，就地修改它，所有项都会跟着变。",
)
def same_tensor(gradient, start, learning_rate, steps):
    x = start.clone()
    path = [x]
    for _ in range(steps):
        x -= learning_rate * gradient(x)
        path.append(x)
    return torch.stack(path)


@mistake(
    en="The path is right, but the caller's start has moved: it was changed in place.",
    zh="路径正确，但调用者的起点被挪动了：它被就地修改了。",
)
def start_changed(gradient, start, learning_rate, steps):
    path = [start.clone()]
    for _ in range(steps):
        start -= learning_rate * gradient(start)
        path.append(start.clone())
    return torch.stack(path)


@mistake(
    en="All rows of your path are the same point, and the caller's start has moved along: there is only one "
    "tensor, and every step writes into it.",
    zh="路径的每一行都是同一个点，调用者的起点也跟着动了：从头到尾只有一个张量，每一步都写在它里面。",
)
def one_tensor(gradient, start, learning_rate, steps):
    path = [start]
    for _ in range(steps):
        start -= learning_rate * gradient(start)
        path.append(start)
    return torch.stack(path)


EXERCISE = Exercise(
    id="04.descend",
    title={"en": "Gradient descent", "zh": "梯度下降"},
    minutes=6,
    difficulty=1,
    aims={
        "en": "Walk downhill step by step and keep the whole path.",
        "zh": "一步一步往下坡走，并记下整条路径。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    rtol=1e-5,
    atol=1e-5,
    labels={
        "result": {"en": "the path", "zh": "路径"},
        "start": argument_label("start"),
    },
    mistakes=(
        ascent,
        without_start,
        one_step_short,
        without_end,
        one_step_long,
        last_only,
        gradient_at_start,
        same_tensor,
        one_tensor,
        start_changed,
    ),
)
