"""05.ks_distance: the largest distance between two empirical distribution functions."""

from __future__ import annotations

import torch

from utils.exercises.authoring import Numbers, argument_labels
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab05.ks_distance_mistakes import MISTAKES


def cases(seed: int) -> list[Case]:
    """In the second case b lies above a, in the third below it; the fourth has ties within and across. In the
    fifth all lies within a tenth: no grid and no rounding will do. An outlier puts nearly all numbers into
    one bin of a histogram. In the last one a is mostly the larger, and its function is ahead all the same.
    """
    draw = Numbers(seed)

    def tied(values, counts):
        """Each value as often as ``counts`` says, in random order."""
        numbers = values.repeat_interleave(torch.tensor(counts))
        return numbers[torch.randperm(len(numbers), generator=draw.generator)]

    def mixed(order):
        """Rising numbers, dealt out to the two in this order; each is shuffled then. The last are far up."""
        numbers = (0.2 + abs(draw.normal(len(order)))).cumsum(dim=0).round(decimals=2)
        numbers[-3:] += 20.0
        whose = torch.tensor([name == "a" for name in order])
        return tuple(tied(part, [1] * len(part)) for part in (numbers[whose], numbers[~whose]))

    close = (draw.normal(1, shift=3.0) + 0.01 * torch.arange(7, dtype=torch.float64)).round(decimals=2)
    steps = (0.2 + abs(draw.normal(5))).cumsum(dim=0).round(decimals=2)
    first = {"en": "5 and 8 numbers of like size", "zh": "5 个与 8 个大小相近的数"}
    above = {"en": "9 numbers, and 6 larger ones", "zh": "9 个数与 6 个偏大的数"}
    below = {"en": "7 numbers, and 11 smaller ones", "zh": "7 个数与 11 个偏小的数"}
    return [
        Case(first, (draw.normal(5, shift=0.1), draw.normal(8, scale=1.5))),
        Case(above, (draw.normal(9), draw.normal(6, scale=2.0, shift=1.0))),
        Case(below, (draw.normal(7, shift=3.0), draw.normal(11, scale=1.5, shift=2.0))),
        Case(
            {"en": "numbers that occur several times", "zh": "有些数出现了好几次"},
            (tied(steps, [4, 3, 2, 2, 1]), tied(steps, [5, 2, 3, 4, 2])),
        ),
        Case(
            {"en": "3 numbers, all above 4 others", "zh": "3 个数，都大于另外 4 个数"},
            (close[4:], close[:4]),
        ),
        Case(
            {"en": "the same numbers in the same shares", "zh": "数相同，所占的比例也相同"},
            (tied(steps[:3], [2, 1, 3]), tied(steps[:3], [4, 2, 6])),
        ),
        Case(
            {"en": "6 numbers with an outlier, and 5 others", "zh": "6 个数（其中一个离群）与另外 5 个数"},
            (torch.cat([draw.normal(5), draw.normal(1, shift=1e6)]), draw.normal(5, shift=2.5)),
        ),
        Case(
            {"en": "9 numbers, most of them large, and 8 others", "zh": "9 个数（多数偏大）与另外 8 个数"},
            mixed("aaaabbbbbabababaa"),
        ),
    ]


def probe(function, case: Case) -> Answer:
    """The distance, and what is left in the arguments after the call."""
    a, b = case.args
    return {"result": function(a, b), "old_a": a, "old_b": b}


def reference(a, b):
    """Sort, and count by bisection how many numbers are no larger than each of all."""
    points = torch.cat([a, b])

    def share(x):
        return torch.searchsorted(x.sort().values, points, right=True).double() / len(x)

    return (share(a) - share(b)).abs().max()


EXERCISE = Exercise(
    id="05.ks_distance",
    title={"en": "How far has the data drifted?", "zh": "数据漂移了多远？"},
    minutes=8,
    difficulty=2,
    aims={
        "en": "Measure how far two sets of numbers differ, whatever their shape and size.",
        "zh": "不论两组数的形状和多少，量出它们相差多远。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    labels={"result": {"en": "the distance", "zh": "距离"}, **argument_labels("a", "b")},
    mistakes=MISTAKES,
)
