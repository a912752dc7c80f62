"""01.gqa_parameters: attention in which several query heads share one head of keys and values."""

from __future__ import annotations

from math import prod

from utils.exercises.core import Case, Exercise
from utils.exercises.lab01.counts import FLOAT_LABEL, Sizes, one_count
from utils.exercises.lab01.gqa_parameters_mistakes import MISTAKES


def cases(seed: int) -> list[Case]:
    """Heads that never add up to C, and as many heads in a group as there are groups nowhere."""
    sizes = Sizes(seed)

    def case(C, heads, kv_heads, head_size):
        en = f"C={C}, {heads} heads, {kv_heads} for keys and values, head size {head_size}"
        zh = f"C={C}，{heads} 个头，键和值 {kv_heads} 个，头大小 {head_size}"
        return Case({"en": en, "zh": zh}, (C, heads, kv_heads, head_size))

    def width(heads, *wide):
        """A C that the heads divide evenly, so that only the size of the quotient is wrong."""
        return heads * sizes.between(*wide)

    return [
        case(width(6, 5, 8), 6, 2, sizes.between(9, 12)),
        case(width(12, 4, 6), 12, 4, sizes.between(7, 9)),
        case(width(10, 11, 14), 10, 1, sizes.between(15, 20)),
        case(width(9, 12, 15), 9, 9, sizes.between(6, 10)),
        case(7168, 64, 16, 128),
    ]


def shapes(C, heads, kv_heads, head_size):
    """The shapes of the weights for queries, keys, values and output, as ``nn.Linear`` holds them."""
    queries, keys = heads * head_size, kv_heads * head_size
    return [(queries, C), (keys, C), (keys, C), (C, queries)]


def reference(C, heads, kv_heads, head_size):
    """The sizes of the four weights. A test runs PyTorch's grouped attention on layers of these shapes."""
    return sum(map(prod, shapes(C, heads, kv_heads, head_size)))


EXERCISE = Exercise(
    id="01.gqa_parameters",
    title={"en": "Fewer keys than queries", "zh": "键比查询少"},
    minutes=8,
    difficulty=1,
    aims={
        "en": "Count an attention whose heads share keys and values.",
        "zh": "数出多个头共用键和值的注意力有多少参数。",
    },
    cases=cases,
    reference=reference,
    probe=one_count(reference, [(42, 6, 2, 10)]),
    labels={"float": FLOAT_LABEL},
    mistakes=MISTAKES,
)
