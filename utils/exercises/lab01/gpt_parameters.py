"""01.gpt_parameters: every parameter of a model in the manner of GPT-2."""

from __future__ import annotations

from math import prod

from utils.exercises.core import Case, Exercise
from utils.exercises.lab01.counts import FLOAT_LABEL, Sizes, one_count
from utils.exercises.lab01.gpt_parameters_mistakes import MISTAKES


def cases(seed: int) -> list[Case]:
    """Sizes that are all unlike, tied and untied; then 175 billion, where a vector must still show."""
    sizes = Sizes(seed)

    def case(V, T, C, L, tied):
        en, zh = ("tied", "共用词元表") if tied else ("untied", "不共用词元表")
        name = {"en": f"V={V}, T={T}, C={C}, L={L}, {en}", "zh": f"V={V}、T={T}、C={C}、L={L}，{zh}"}
        return Case(name, (V, T, C, L, tied))

    return [
        case(sizes.between(50, 90), sizes.between(20, 40), sizes.between(8, 16), 2, True),
        case(sizes.between(50, 90), sizes.between(20, 40), sizes.between(8, 16), 3, False),
        case(sizes.between(200, 300), sizes.between(40, 60), sizes.between(90, 110), 5, True),
        case(sizes.between(900, 999), sizes.between(301, 399), sizes.between(65, 80), 7, False),
        case(50257, 2048, 12288, 96, True),
    ]


def shapes(V, T, C, L, tied):
    """The shape of each tensor that is learnt, as PyTorch's layers hold it."""
    norm = [(C,), (C,)]  # weight and bias
    attention = [(3 * C, C), (3 * C,), (C, C), (C,)]  # queries, keys, values; output
    mlp = [(4 * C, C), (4 * C,), (C, 4 * C), (C,)]
    head = [] if tied else [(V, C)]
    return [(V, C), (T, C), *L * (norm + attention + norm + mlp), *norm, *head]


def reference(V, T, C, L, tied):
    """The sizes of all tensors together. A test holds the shapes against those of PyTorch's own layers."""
    return sum(map(prod, shapes(V, T, C, L, tied)))


EXERCISE = Exercise(
    id="01.gpt_parameters",
    title={"en": "Count a GPT", "zh": "数一数 GPT 的参数"},
    minutes=15,
    difficulty=2,
    aims={
        "en": "Count every parameter of a language model from its configuration, to the last one.",
        "zh": "只凭一个语言模型的配置，把参数数到一个不差。",
    },
    cases=cases,
    reference=reference,
    probe=one_count(reference, [(11, 7, 4, 3, True), (11, 7, 4, 3, False)]),
    labels={"float": FLOAT_LABEL},
    mistakes=MISTAKES,
)
