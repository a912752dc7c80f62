"""08.grouped_attention: several query heads share one head of keys and values; causal."""

from __future__ import annotations

from torch.nn import functional as F

from utils.exercises.authoring import Numbers, argument_labels
from utils.exercises.core import Case, Exercise
from utils.exercises.lab08.grouped_attention_masks import ABOUT_MASKS
from utils.exercises.lab08.grouped_attention_mistakes import MISTAKES
from utils.exercises.lab08.probing import keeping

NAMES = ("q", "k", "v")


def cases(seed: int) -> list[Case]:
    """At least two heads a group and at least two groups; B, H, T and D all differ. One query is all zeros,
    so that its scores are; in the last case scores reach thousands.
    """
    draw = Numbers(seed)

    def case(B, H, G, T, D, scale=1.0):
        name = {
            "en": f"B={B}, {H} heads in {G} groups, T={T}, D={D}" + ", large scores" * (scale > 1),
            "zh": f"B={B}、{H} 个头分 {G} 组、T={T}、D={D}" + "，得分很大" * (scale > 1),
        }
        keys, values = draw.normal(B, G, T, D, shift=0.3), draw.normal(B, G, T, D, scale=2.0, shift=0.5)
        queries = draw.normal(B, H, T, D, scale=scale, shift=0.3)
        queries[:, :, 2] = 0.0
        return Case(name, (queries, keys * scale, values))

    return [case(2, 6, 3, 5, 4), case(3, 4, 2, 6, 5), case(2, 6, 2, 4, 7), case(3, 8, 2, 5, 6, scale=40.0)]


def reference(q, k, v):
    """PyTorch's own."""
    return F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)


EXERCISE = Exercise(
    id="08.grouped_attention",
    title={"en": "Heads that share their keys", "zh": "共用键的头"},
    minutes=10,
    difficulty=2,
    aims={
        "en": "Let neighbouring query heads share one head of keys and values, as models with a small cache "
        "do.",
        "zh": "让相邻的几个查询头共用一个头的键和值，缓存小的模型就是这样做的。",
    },
    cases=cases,
    reference=reference,
    probe=keeping(reference, *NAMES),
    rtol=1e-5,
    atol=1e-6,
    labels={"result": {"en": "the output", "zh": "输出"}, **argument_labels(*NAMES)},
    mistakes=(*MISTAKES, *ABOUT_MASKS),
)
