"""05.confidence_interval: a percentile bootstrap of R², with the resamples handed in."""

from __future__ import annotations

import torch

from utils.exercises.authoring import Numbers, argument_labels, parts
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab05.confidence_interval_mistakes import MISTAKES

NAMES = ("low", "high")
GIVEN = ("predicted", "target", "picks")


def cases(seed: int) -> list[Case]:
    """Predictions that are biased and too flat, so that R² is neither a correlation nor a ratio of spreads.

    No quantile falls on one of the numbers, or half-way between two. Three draws of the second case come
    twice: equal scores count as often as they occur.
    """
    draw = Numbers(seed)

    def case(name, n, resamples, level, noise, shift=0.0):
        target = draw.normal(n, scale=3.0, shift=shift)
        predicted = (0.7 * target + 0.3 * shift + draw.normal(n, scale=noise, shift=0.6)).round(decimals=2)
        picks = torch.randint(n, (resamples, n), generator=draw.generator)
        return Case(name, (predicted, target, picks, level))

    made = [
        case(
            {"en": "12 samples, 9 resamples, level 0.8", "zh": "12 个样本、重抽 9 次、水平 0.8"},
            12,
            9,
            0.8,
            1.0,
        ),
        case(
            {"en": "9 samples, 38 resamples, level 0.9", "zh": "9 个样本、重抽 38 次、水平 0.9"},
            9,
            38,
            0.9,
            2.0,
        ),
        case(
            {"en": "20 samples, 16 resamples, level 0.5", "zh": "20 个样本、重抽 16 次、水平 0.5"},
            *(20, 16, 0.5, 1.5, -40.0),
        ),
        case(
            {"en": "a poor model, 30 resamples, level 0.95", "zh": "很差的模型，重抽 30 次、水平 0.95"},
            *(10, 30, 0.95, 6.0),
        ),
    ]
    picks = made[1].args[2]
    picks[-3:] = picks[:3]
    return made


def probe(function, case: Case) -> Answer:
    """Both ends, and what is left in the arguments after the call."""
    answer = parts(function(*case.args), NAMES)
    return answer | {f"old_{name}": value for name, value in zip(GIVEN, case.args, strict=False)}


def reference(predicted, target, picks, level):
    """One resample after the other. 1 - MSE / variance is the same R², since both divide by n."""
    scores = []
    for pick in picks:
        sample = target[pick]
        scores.append(1 - torch.mean((predicted[pick] - sample) ** 2) / torch.var(sample, correction=0))
    tail = (1 - level) / 2
    return torch.quantile(torch.stack(scores), torch.tensor([tail, 1 - tail], dtype=torch.float64)).unbind()


EXERCISE = Exercise(
    id="05.confidence_interval",
    title={"en": "A confidence interval for R²", "zh": "R² 的置信区间"},
    minutes=15,
    difficulty=2,
    aims={
        "en": "Say how far a score on the test set can be trusted.",
        "zh": "说清测试集上的一个得分有多可信。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    rtol=1e-6,
    atol=1e-6,
    labels={
        "low": {"en": "the lower end", "zh": "区间的下端"},
        "high": {"en": "the upper end", "zh": "区间的上端"},
        **argument_labels(*GIVEN),
    },
    mistakes=MISTAKES,
)
