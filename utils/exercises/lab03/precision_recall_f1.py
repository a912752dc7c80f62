"""03.precision_recall_f1: three metrics of a yes-or-no prediction; nothing out of nothing counts as 0."""

from __future__ import annotations

import numpy as np
import torch

from utils.exercises.authoring import Numbers, argument_labels, is_near, parts
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab03 import precision_recall_counts, precision_recall_formulas

NAMES = ("precision", "recall", "f1")

# How many samples are predicted and positive, predicted only, positive only, neither.
PLANS = (
    ({"en": "18 samples, 8 of them positive", "zh": "18 个样本，其中 8 个是正类"}, (5, 2, 3, 8)),
    ({"en": "many false alarms", "zh": "误报很多"}, (3, 6, 1, 9)),
    ({"en": "many positives missed", "zh": "漏掉了很多正类"}, (4, 1, 7, 3)),
    ({"en": "nothing is predicted positive", "zh": "没有一个预测为正类"}, (0, 0, 4, 7)),
    ({"en": "no sample is positive", "zh": "没有一个样本是正类"}, (0, 3, 0, 8)),
    ({"en": "no prediction hits", "zh": "预测为正类的一个都没中"}, (0, 4, 3, 6)),
    ({"en": "none positive, none predicted", "zh": "没有正类，也没有预测为正类的"}, (0, 0, 0, 9)),
)


def cases(seed: int) -> list[Case]:
    draw = Numbers(seed)

    def case(name, counts):
        order = torch.randperm(sum(counts), generator=draw.generator)
        predicted = torch.tensor([1, 1, 0, 0]).repeat_interleave(torch.tensor(counts))[order]
        target = torch.tensor([1, 0, 1, 0]).repeat_interleave(torch.tensor(counts))[order]
        return Case(name, (predicted, target))

    return [case(name, counts) for name, counts in PLANS]


def probe(function, case: Case) -> Answer:
    """The three metrics, and the arguments after the call.

    F1 counts once the other two are right: a wrong one is recognised however F1 was made.
    """
    predicted, target = case.args
    expected = dict(zip(NAMES, reference(predicted, target), strict=True))
    answer = parts(function(predicted, target), NAMES)
    numbers = (answer.get(name) for name in NAMES[:2])
    numbers = [float(value) if isinstance(value, (int, np.integer)) else value for value in numbers]
    right = all(is_near(value, expected[name]) for name, value in zip(NAMES, numbers, strict=False))
    if "f1" in answer and not right:
        answer["f1"] = expected["f1"]
    return answer | {"old_predicted": predicted, "old_target": target}


def reference(predicted, target):
    """From the table of all four counts; where a denominator is zero, so is what stands above it."""
    _, false, missed, hits = torch.bincount(2 * target + predicted, minlength=4).double()
    pairs = (hits, hits + false), (hits, hits + missed), (2 * hits, 2 * hits + false + missed)
    return tuple(part / whole.clamp_min(1) for part, whole in pairs)


EXERCISE = Exercise(
    id="03.precision_recall_f1",
    title={"en": "Precision, recall and F1", "zh": "精确率、召回率与 F1"},
    minutes=10,
    difficulty=2,
    aims={
        "en": "Tell false alarms from missed cases, also where there is nothing to divide by.",
        "zh": "把误报与漏报分开来量，没有东西可除的时候也要给出结果。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    labels={
        "precision": {"en": "the precision", "zh": "精确率"},
        "recall": {"en": "the recall", "zh": "召回率"},
        "f1": {"en": "F1", "zh": "F1 "},
        **argument_labels("predicted", "target"),
    },
    mistakes=precision_recall_counts.MISTAKES + precision_recall_formulas.MISTAKES,
)
