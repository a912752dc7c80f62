"""06.count_compiles: which calls are compiled anew, with fixed shapes and as PyTorch decides by itself."""

from __future__ import annotations

import torch

from utils.exercises.authoring import parts
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab06 import count_compiles_guards, count_compiles_shapes
from utils.exercises.lab06.probing import as_array

NAMES = ("static", "automatic")
SINGLE, DOUBLE = "float32", "float64"


def cases(seed: int) -> list[Case]:
    """Sizes of 0, 1 and 2 with and without others before; both sizes; type and flag, also such as come only
    after a size has changed, and with the first shape. Within a call no two
    sizes are equal: PyTorch would take them for one.
    """
    generator = torch.Generator().manual_seed(seed)

    def distinct(low, high, count):
        return (torch.randperm(high - low, generator=generator)[:count] + low).tolist()

    a, b, c, d = distinct(3, 12, 4)  # the first size, 0 to 11
    p, q, r = distinct(20, 40, 3)  # the second

    def case(en, zh, *calls):
        return Case({"en": en, "zh": zh}, (list(calls),))

    def firsts(*sizes):
        return [((size, p), SINGLE, True) for size in sizes]

    return [
        case("the first size changes", "第一个大小变化", *firsts(a, b, a, c, 1, d, 2, 1, 0, b)),
        case("the first call has size 1", "第一次调用的大小为 1", *firsts(1, a, b, 1, 2, 0, 0, c)),
        case("0 comes second", "第二次是 0", *firsts(b, 0, a, c, 0, 1, 2)),
        case(
            "both sizes change, one after the other",
            "两个大小先后变化",
            *(((a, p), SINGLE, True), ((b, p), SINGLE, True), ((c, p), SINGLE, True)),
            *(((c, q), SINGLE, True), ((d, r), SINGLE, True), ((a, p), SINGLE, True)),
            *(((1, q), SINGLE, True), ((1, r), SINGLE, True), ((b, q), SINGLE, True)),
        ),
        case(
            "type and flag change, too",
            "类型与标志也变化",
            *(((a, p), SINGLE, True), ((a, p), DOUBLE, True), ((a, p), SINGLE, False)),
            *(((a, p), SINGLE, True), ((b, p), DOUBLE, True), ((c, p), SINGLE, True)),
            *(((2, p), SINGLE, False), ((d, p), SINGLE, False), ((d, p), DOUBLE, False)),
            ((c, p), DOUBLE, False),
            *(((b, p), SINGLE, True), ((1, p), DOUBLE, True), ((a, p), DOUBLE, True)),
        ),
        case(
            "another type and another flag after a size has changed",
            "大小变过之后，再换类型、换标志",
            *(((a, p), SINGLE, True), ((b, p), SINGLE, True)),
            *(((a, p), DOUBLE, True), ((c, p), DOUBLE, True)),
            *(((a, p), SINGLE, False), ((d, p), SINGLE, False)),
        ),
    ]


def probe(function, case: Case) -> Answer:
    """Both lists, as arrays."""
    answer = parts(function(list(case.args[0])), NAMES)
    return {name: as_array(value) for name, value in answer.items()}


class Program:
    """What was compiled for one call, and its guards: each size is a range of one number, or 2 and more."""

    def __init__(self, shape, rest, free) -> None:
        self.rest = rest
        self.ranges = [
            range(2, 2**31) if is_free and size > 1 else range(size, size + 1)
            for size, is_free in zip(shape, free, strict=True)
        ]

    def serves(self, shape, rest) -> bool:
        sizes = zip(shape, self.ranges, strict=True)
        return rest == self.rest and all(size in allowed for size, allowed in sizes)


def reference(calls):
    """Guards as objects. ``tests/test_lab06.py`` holds both lists against PyTorch's own compiler."""
    counts = []
    for automatic in (False, True):
        programs, compiled_for, count = [], [], []
        for shape, *rest in calls:
            if not any(program.serves(shape, rest) for program in programs):
                compiled_for.append(shape)
                changed = [len(set(sizes)) > 1 for sizes in zip(*compiled_for, strict=True)]
                programs.append(Program(shape, rest, [automatic and each for each in changed]))
            count.append(len(programs))
        counts.append(count)
    return tuple(counts)


EXERCISE = Exercise(
    id="06.count_compiles",
    title={"en": "Count the compilations", "zh": "数一数编译了几次"},
    minutes=15,
    difficulty=3,
    aims={
        "en": "Foretell which of a list of calls compile: by guards on shape, type and flag, and with sizes "
        "that become dynamic.",
        "zh": "事先说出一串调用里哪些会触发编译：凭形状、类型和标志上的守卫条件，以及会变成动态的大小。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    labels={
        "static": {"en": "the first list, with fixed shapes", "zh": "第一个列表（固定形状）"},
        "automatic": {"en": "the second list, automatic", "zh": "第二个列表（自动）"},
    },
    mistakes=count_compiles_guards.MISTAKES + count_compiles_shapes.MISTAKES,
)
