"""08.causal_weights: attention weights in which no position sees a later one."""

from __future__ import annotations

import torch

from utils.exercises.authoring import Numbers, argument_labels
from utils.exercises.core import Case, Exercise
from utils.exercises.lab08.causal_weights_mistakes import MISTAKES
from utils.exercises.lab08.probing import keeping


def cases(seed: int) -> list[Case]:
    """Scores are square by nature: as many queries as keys.

    In the second case all scores lie below −10,000, in the third far below −1,000,000,000, where a number
    that seemed small enough for the masked places is no longer the smallest. In the last one the later
    scores are the largest by far.
    """
    draw = Numbers(seed)

    def case(en, zh, *shape, times=1.0, shift=0.0, later=0.0):
        scores = (draw.normal(*shape, scale=2.0) * 4).round() / 4  # exact in float32 after the shift, too
        scores = scores * times + shift + later * torch.ones(shape[-2:], dtype=scores.dtype).triu(1)
        scores[..., 2, 1] = 0.0  # a score like any other
        return Case({"en": f"square scores: {en}", "zh": f"方形的得分：{zh}"}, (scores,))

    return [
        case("2 texts, 3 heads, 5 positions", "2 段文本、3 个头、5 个位置", 2, 3, 5, 5),
        case("near −50,000", "都在 −50,000 附近", 3, 2, 4, 4, shift=-50_000.0),
        case("far below −1,000,000,000", "都远低于 −1,000,000,000", 2, 4, 3, 3, times=1e18, shift=-2e19),
        case("later ones larger by far", "靠后位置的得分大得多", 4, 2, 6, 6, later=8e15),
    ]


def reference(scores):
    """The rule itself, row by row: softmax of the scores up to the row's own position, zeros after it."""
    weights = torch.zeros_like(scores)
    for t in range(scores.shape[-1]):
        weights[..., t, : t + 1] = torch.softmax(scores[..., t, : t + 1], dim=-1)
    return weights


EXERCISE = Exercise(
    id="08.causal_weights",
    title={"en": "Weights that see no future", "zh": "看不到未来的权重"},
    minutes=7,
    difficulty=1,
    aims={
        "en": "Turn scores into attention weights, with nothing left for later positions, however large the "
        "scores are.",
        "zh": "把得分变成注意力权重；不论得分多大，都不给后面的位置留下任何权重。",
    },
    cases=cases,
    reference=reference,
    probe=keeping(reference, "scores"),
    rtol=1e-5,
    atol=1e-6,
    labels={"result": {"en": "the weights", "zh": "权重"}, **argument_labels("scores")},
    mistakes=MISTAKES,
)
