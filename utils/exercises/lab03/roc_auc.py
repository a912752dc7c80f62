"""03.roc_auc: how often a positive sample scores higher than a negative one; a tie counts half."""

from __future__ import annotations

import torch

from utils.exercises.authoring import Numbers, argument_labels
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab03.roc_auc_mistakes import MISTAKES

OFF_THE_GRID = 0.003  # no score is a multiple of 0.01: a threshold chosen by eye never meets one exactly


def cases(seed: int) -> list[Case]:
    """The pairs with equal scores are odd in number, so that no order of them gives one half by chance. At
    most 16 samples: more are sorted by another method, which leaves ties in an order of its own.
    """
    draw = Numbers(seed)

    def case(name, positive, negative):
        order = torch.randperm(len(positive) + len(negative), generator=draw.generator)
        labels = torch.tensor([1] * len(positive) + [0] * len(negative))
        scores = torch.cat([positive, negative])[order] + OFF_THE_GRID
        return Case(name, (scores, labels[order]))

    def tied(counts, other, scale, shift):
        levels = (shift + scale * (0.2 + abs(draw.normal(len(counts)))).cumsum(dim=0)).round(decimals=2)
        return (levels.repeat_interleave(torch.tensor(number)) for number in (counts, other))

    near_zero = (  # no tolerance and no rounding may make ties of them
        draw.normal(n, scale=0.08, shift=shift).abs().clamp_max(0.48) / 1000
        for n, shift in ((4, 0.26), (9, 0.1))
    )
    return [
        case(
            {"en": "6 positive and 9 negative samples", "zh": "6 个正类样本、9 个负类样本"},
            draw.normal(6, shift=1.0),
            draw.normal(9),
        ),
        case(
            {"en": "positives that mostly score lower", "zh": "正类的得分大多更低"},
            draw.normal(7, shift=-2.0),
            draw.normal(4, shift=0.5),
        ),
        case(
            {"en": "scores that occur several times", "zh": "有些得分出现了好几次"},
            *tied([1, 3, 3], [3, 1, 1], 1.0, -1.0),
        ),
        case(
            {"en": "two ties, and large scores", "zh": "有两处得分相同，且得分很大"},
            *tied([1, 0, 3, 2, 1], [4, 1, 3, 0, 0], 30.0, 20.0),
        ),
        case({"en": "all scores close to zero", "zh": "所有得分都接近零"}, *near_zero),
        case({"en": "all scores equal", "zh": "所有得分都相同"}, *tied([3], [5], 1.0, 0.0)),
    ]


def probe(function, case: Case) -> Answer:
    """The area, and what is left in the arguments after the call."""
    scores, labels = case.args
    return {"result": function(scores, labels), "old_scores": scores, "old_labels": labels}


def reference(scores, labels):
    """Count by bisection how many negatives lie below each positive, and how many no higher; halfway."""
    positive, negative = scores[labels == 1], scores[labels == 0].sort().values
    below, up_to = (torch.searchsorted(negative, positive, right=right).double() for right in (False, True))
    return (below + up_to).mean() / (2 * len(negative))


EXERCISE = Exercise(
    id="03.roc_auc",
    title={"en": "The area under the ROC curve", "zh": "ROC 曲线下的面积"},
    minutes=10,
    difficulty=2,
    aims={
        "en": "Judge scores without a threshold: by how well they put positives above negatives.",
        "zh": "不定阈值来评价得分：看它能否把正类排在负类前面。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    labels={"result": {"en": "the area", "zh": "面积"}, **argument_labels("scores", "labels")},
    mistakes=MISTAKES,
)
