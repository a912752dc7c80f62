"""06.cure_breaks: three functions with a graph break each, made whole without changing a number."""

from __future__ import annotations

import torch
from torch import Tensor

from utils.exercises.authoring import Numbers, argument_labels, parts
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab06.cure_breaks_mistakes import MISTAKES
from utils.exercises.lab06.watching import watching

NAMES = ("settled", "seen", "scaled", "rooted")
SLOPES = ("settled", "scaled", "rooted")  # what was printed never had a gradient that anyone used


def cases(seed: int) -> list[Case]:
    """Both ways of each decision, in all four pairs, and the edges: a smallest number of zero, or almost."""
    draw = Numbers(seed)

    def case(en, zh, x):
        return Case({"en": en, "zh": zh}, (x,))

    positive = draw.normal(2, 5).abs() + 0.25
    edge = draw.normal(3, 2).abs() + 0.5
    edge[1, 0] = 0.0
    mixed, small = (draw.normal(*shape).clamp(-2.0, 2.0) for shape in ((3, 4), (4, 3)))
    small /= 8
    mixed[0, 1], mixed[2, 3], mixed[1, 1] = -2.5, 1.75, 0.0
    small[2, 1] = -0.27
    positive[1, 2] = 1.5
    below = positive.flip(1) / 8
    below[0, 3] = 1e-9
    return [
        case("numbers of both signs, beyond 1", "正负都有，超过 1", mixed),
        case("all positive, beyond 1", "全为正，超过 1", positive),
        case("numbers of both signs, below 1", "正负都有，不到 1", small),
        case("all positive, below 1, one close to zero", "全为正，不到 1，有一个接近零", below),
        case("the smallest number is zero", "最小的数是零", edge),
    ]


def reference(x):
    """The cured functions. The tests hold them against the broken ones, and against Dynamo."""
    first = torch.sin(2 * x)
    second = torch.sin(2 * first)
    third = torch.sin(2 * second)
    seen = torch.stack([step.abs().max() for step in (first, second, third)])
    positive = (x.min() > 0).expand_as(x)
    rooted = torch.where(positive, x, 1.0).sqrt().where(positive, x / 2)
    return third, seen, x / x.detach().abs().max().clamp(min=1.0), rooted


def slope(value, x: Tensor):
    """The gradient of a sum with unequal weights; None where the graph was cut."""
    if not (isinstance(value, Tensor) and value.requires_grad):
        return None
    weights = torch.arange(1, value.numel() + 1, dtype=value.dtype).reshape(value.shape) / 4
    return torch.autograd.grad((value * weights).sum(), x, retain_graph=True, allow_unused=True)[0]


def probe(function, case: Case) -> Answer:
    """The four results, their gradients, and what would have broken the graph."""
    x = case.args[0].clone().requires_grad_()
    with watching() as watch:
        value = function(x)
    answer = parts(value, NAMES)
    slopes = {f"slope_{name}": slope(answer.get(name), x) for name in SLOPES}
    seen = {"prints": watch.prints, "numbers": watch.numbers, "branches": watch.branches}
    return answer | slopes | seen | {"old_x": x}


EXERCISE = Exercise(
    id="06.cure_breaks",
    title={"en": "Three functions in one piece", "zh": "三个函数，一张完整的图"},
    minutes=15,
    difficulty=3,
    aims={
        "en": "Take a print, a number and a branch out of the compiler's way; leave every value and every "
        "gradient as it was.",
        "zh": "把打印、取数和分支从编译器的路上移开，而每个值、每个梯度都保持原样。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    rtol=1e-5,
    atol=1e-6,
    labels={
        "settled": {"en": "the first result, settled", "zh": "第一个结果 settled "},
        "seen": {"en": "the second result, seen", "zh": "第二个结果 seen "},
        "scaled": {"en": "the third result, scaled", "zh": "第三个结果 scaled "},
        "rooted": {"en": "the fourth result, rooted", "zh": "第四个结果 rooted "},
        "slope_settled": {"en": "the gradient through settled", "zh": "经由 settled 的梯度"},
        "slope_scaled": {"en": "the gradient through scaled", "zh": "经由 scaled 的梯度"},
        "slope_rooted": {"en": "the gradient through rooted", "zh": "经由 rooted 的梯度"},
        "prints": {"en": "whether something is printed (1: yes)", "zh": "是否打印（1 表示是）"},
        "numbers": {
            "en": "whether Python reads numbers out of a tensor (1: yes)",
            "zh": "Python 是否从张量里读数（1 表示是）",
        },
        "branches": {
            "en": "whether Python branches on a tensor's values (1: yes)",
            "zh": "Python 是否按张量的值分支（1 表示是）",
        },
        **argument_labels("x"),
    },
    mistakes=MISTAKES,
)
