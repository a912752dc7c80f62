"""02.sees_the_future: which positions of a sequence depend on inputs that come later.

A function is asked, not read: it may have no gradient, hide a part from autograd, or insist on its length.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from utils.exercises.authoring import Numbers
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab02 import sees_the_future_answers, sees_the_future_changes
from utils.exercises.lab02 import sees_the_future_functions as functions
from utils.exercises.lab02.probing import change_labels


def cases(seed: int) -> list[Case]:
    """Each function hides what it sees from some way of asking, or looks guilty to one. Some inputs are zero:
    a padded sequence ends like that.
    """
    draw = Numbers(seed)

    def case(name, f, T, C, *zeros):
        x = draw.normal(T, C, shift=0.3)
        x[list(zeros)] = 0.0
        return Case(name, (f, x))

    lower = draw.normal(6, 6).tril()
    kernel = draw.normal(7, 9, shift=0.5)
    made = [
        case({"en": "a running sum", "zh": "从前往后的累加"}, functions.running_sum, 5, 3),
        case(
            {"en": "a sum from the end, in small numbers", "zh": "从后往前的累加，数值很小"},
            *(functions.sum_from_the_end, 6, 2),
        ),
        case(
            {"en": "two positions ahead, some inputs zero", "zh": "看后面第二个位置，有些输入为零"},
            *(functions.two_ahead, 7, 3, 4, 6),
        ),
        case({"en": "the mean over time taken off", "zh": "减去沿时间的平均值"}, functions.centred, 6, 4),
        case({"en": "the size over time divided out", "zh": "除以沿时间的均方根"}, functions.scaled, 5, 3),
        case(
            {
                "en": "means of blocks of three, and their opposites",
                "zh": "每三个位置一块的平均值，及其相反数",
            },
            functions.block_means,
            8,
            3,
        ),
        case(
            {"en": "the difference of the next two", "zh": "后面两个输入之差"},
            functions.next_difference,
            6,
            4,
        ),
        case(
            {"en": "one channel reversed in time", "zh": "有一个通道在时间上反转"},
            functions.one_reversed,
            7,
            3,
        ),
        case(
            {"en": "weights for earlier inputs only", "zh": "权重只给前面的输入"}, functions.Mix(lower), 6, 4
        ),
        case({"en": "masked attention", "zh": "带掩码的注意力"}, functions.masked_attention, 5, 4),
    ]
    name = {"en": "a convolution that is computed with rounding errors", "zh": "计算时带舍入误差的卷积"}
    rounding = case(name, functions.Convolution(kernel), 7, 9)
    plainer = tuple((f, x.clone()) for f, x in (other.args for other in made))
    return [*made, Case(rounding.name, rounding.args + plainer)]


def plain(value: Any) -> Any:
    """A list or an array of truth values as a tensor, since all are allowed."""
    items = value if isinstance(value, (list, tuple)) else [None]
    whole = all(
        isinstance(item, (int, np.bool_)) or (torch.is_tensor(item) and item.shape == ()) for item in items
    )
    if isinstance(value, np.ndarray) or whole:
        value = torch.as_tensor(value, dtype=None if len(value) else torch.long)
    return value


def is_right(value: Any, f: Any, x: Tensor) -> bool:
    """Whether this is the answer for that function."""
    expected = reference(f, x)
    return torch.is_tensor(value) and value.shape == expected.shape and bool((value == expected).all())


def probe(function, case: Case) -> Answer:
    """The answer, and whether x was changed by the call, which counts once the answer is right.

    The answer for a function with rounding errors counts once those for the ``plainer`` ones are right: other
    mistakes are recognised whether or not rounding was thought of.
    """
    f, x, *plainer = case.args
    if not all(is_right(plain(function(g, z.clone())), g, z) for g, z in plainer):
        return {"result": reference(f, x), "changed_x": False}
    given = x.clone()
    result = plain(function(f, given))
    return {"result": result, "changed_x": is_right(result, f, x) and not torch.equal(given, x)}


def reference(f, x):
    """Other numbers for one input after the other: whoever comes earlier and changes depends on it."""
    sees = torch.zeros(len(x), dtype=torch.bool)
    y = f(x)
    for later in range(1, len(x)):
        changed = x.clone()
        changed[later] += torch.linspace(0.5, 2.0, x.shape[1], dtype=x.dtype)
        sees[:later] |= ~torch.isclose(f(changed), y).all(dim=1)[:later]
    return sees


EXERCISE = Exercise(
    id="02.sees_the_future",
    title={"en": "Who sees the future?", "zh": "谁看到了未来？"},
    minutes=16,
    difficulty=3,
    aims={
        "en": "Find the positions of a sequence whose output depends on inputs that come later.",
        "zh": "找出序列中输出依赖于后面输入的那些位置。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    labels={
        "result": {"en": "the answer", "zh": "答案"},
        **change_labels("x"),
    },
    mistakes=sees_the_future_changes.MISTAKES + sees_the_future_answers.MISTAKES,
)
