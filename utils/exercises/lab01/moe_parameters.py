"""01.moe_parameters: a layer of experts, of which each token meets a few."""

from __future__ import annotations

from math import prod

from utils.exercises.core import Case, Exercise
from utils.exercises.lab01.counts import Sizes, counts
from utils.exercises.lab01.moe_parameters_mistakes import MISTAKES

NAMES = ("total", "active")


def cases(seed: int) -> list[Case]:
    """Never all experts at work; one case in which a single one is."""
    sizes = Sizes(seed)

    def case(experts, active, wide, times):
        C = sizes.between(*wide)
        F = times * C + sizes.between(1, 3)
        en = f"C={C}, F={F}, {experts} experts, {active} active"
        zh = f"C={C}、F={F}，{experts} 个专家，激活 {active} 个"
        return Case({"en": en, "zh": zh}, (C, F, experts, active))

    return [
        case(5, 2, (6, 9), 2),
        case(7, 3, (10, 14), 3),
        case(12, 1, (15, 20), 1),
        case(16, 4, (300, 400), 3),
        case(64, 6, (5000, 7000), 2),
    ]


def shapes(C, F, experts):
    """The shapes of one layer's weights: those of each expert, and the router's."""
    expert = [(F, C), (F, C), (C, F)]  # gate, up, down
    return expert, [(experts, C)]


def reference(C, F, experts, active):
    """The sizes of all weights, then of those that work on a token. A test routes tokens through them."""
    expert, router = (sum(map(prod, part)) for part in shapes(C, F, experts))
    return tuple(chosen * expert + router for chosen in (experts, active))


EXERCISE = Exercise(
    id="01.moe_parameters",
    title={"en": "Experts: all, and at work", "zh": "专家：总共多少，激活多少"},
    minutes=10,
    difficulty=2,
    aims={
        "en": "Tell the parameters that a mixture of experts holds from those that work on a token.",
        "zh": "分清混合专家层一共有多少参数，处理一个词元又用到多少。",
    },
    cases=cases,
    reference=reference,
    probe=counts(reference, NAMES, NAMES, [(8, 17, 5, 2)]),
    labels={
        "total": {"en": "the first number (all parameters)", "zh": "第一个数（全部参数）"},
        "active": {"en": "the second number (active parameters)", "zh": "第二个数（激活的参数）"},
        "float": {"en": "whether a count is a float", "zh": "计数的结果里是否有浮点数："},
    },
    mistakes=MISTAKES,
)
