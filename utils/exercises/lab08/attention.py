"""08.attention: one head's attention, in matrices, for all heads and texts at once."""

from __future__ import annotations

from torch.nn import functional as F

from utils.exercises.authoring import Numbers, argument_labels
from utils.exercises.core import Case, Exercise
from utils.exercises.lab08.attention_mistakes import MISTAKES
from utils.exercises.lab08.probing import keeping

NAMES = ("q", "k", "v")


def cases(seed: int) -> list[Case]:
    """As many keys as queries nowhere, and values of another size than the keys: no axis passes for another.

    In the last case the scores reach thousands. No mask is asked for.
    """
    draw = Numbers(seed)

    def case(en, zh, B, H, T, S, D, E, scale=1.0):
        q, k = (
            draw.normal(B, H, T, D, scale=scale, shift=0.3),
            draw.normal(B, H, S, D, scale=scale, shift=0.3),
        )
        name = {
            "en": f"B={B}, H={H}, {T} queries, {S} keys{en}",
            "zh": f"B={B}、H={H}、{T} 个查询、{S} 个键{zh}",
        }
        return Case(name, (q, k, draw.normal(B, H, S, E, scale=2.0, shift=0.5)))

    return [
        case(" of 4 channels", "，每个键 4 个通道", 2, 3, 5, 7, 4, 6),
        case(" of 7 channels", "，每个键 7 个通道", 3, 2, 6, 4, 7, 5),
        case(", scores in the thousands", "，得分达到几千", 2, 4, 5, 6, 3, 7, scale=40.0),
    ]


def reference(q, k, v):
    """PyTorch's own."""
    return F.scaled_dot_product_attention(q, k, v)


EXERCISE = Exercise(
    id="08.attention",
    title={"en": "Attention in three lines", "zh": "三行写出注意力"},
    minutes=8,
    difficulty=2,
    aims={
        "en": "Compare every query with every key, share out the weights, and mix the values by them.",
        "zh": "让每个查询与每个键比较，分配权重，再按权重混合各个值。",
    },
    cases=cases,
    reference=reference,
    probe=keeping(reference, *NAMES),
    rtol=1e-5,
    atol=1e-6,
    labels={"result": {"en": "the output", "zh": "输出"}, **argument_labels(*NAMES)},
    mistakes=MISTAKES,
)
