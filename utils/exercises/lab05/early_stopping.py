"""05.early_stopping: from a list of validation losses, the best epoch and the one after which to stop."""

from __future__ import annotations

import math
from itertools import pairwise

from utils.exercises.authoring import Numbers, argument_label, parts
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab05.early_stopping_mistakes import MISTAKES

# What each epoch does, from the second on: b a new best; l one that is lower by a hair; t exactly the best so
# far again; w worse than the epoch before it; u better than the epoch before it (a w), but not than the best.
PLANS = (
    ({"en": "a better epoch after the stop", "zh": "停下之后才有更好的一轮"}, "bwubwutbb", 3, 1.0),
    ({"en": "never a reason to stop", "zh": "一直没有理由停"}, "wbwbbw", 2, 1.0),
    ({"en": "patience of one epoch", "zh": "耐心值为一轮"}, "bbwb", 1, 1.0),
    ({"en": "the same loss again", "zh": "损失与之前一样"}, "bbtbw", 1, 1.0),
    ({"en": "two long waits, large losses", "zh": "两段漫长的等待，损失很大"}, "wwbbwwwb", 2, 1e12),
    ({"en": "the stop falls on the last epoch", "zh": "恰好在最后一轮停下"}, "bwwuw", 4, 1.0),
    ({"en": "better and worse in turn", "zh": "时好时坏"}, "wbwbwbwbw", 3, 100.0),
    ({"en": "a single epoch", "zh": "只有一轮"}, "", 2, 1.0),
    ({"en": "losses below zero", "zh": "损失是负数"}, "bwuwbb", 3, -1.0),
    ({"en": "lower by a hair", "zh": "只低了一点点"}, "blwlwwb", 2, 1.0),
    ({"en": "small losses, lower by a hair", "zh": "损失很小，又只低一点点"}, "wwllwb", 3, 1e-3),
)

HAIR = 5e-5  # more than the rounding of float32, less than any margin


def cases(seed: int) -> list[Case]:
    draw = Numbers(seed)

    def losses(plan, scale):
        """Read a plan; other steps are so large that rounding to two decimals keeps what it says."""
        steps = (0.1 + 0.4 * abs(draw.normal(len(plan) + 1)).clamp_max(2.0)).tolist()
        made = [round(6.0 + steps[0], 2)]
        for what, step in zip(plan, steps[1:], strict=True):
            best, last = min(made), made[-1]
            goal = {"b": best - step, "l": best - HAIR, "t": best, "w": last + step}
            made.append(round(goal.get(what, (best + last) / 2), 5 if "l" in plan else 2))
        return [loss * scale if scale > 0 else round(loss - 20.0, 2) for loss in made]

    return [Case(name, (losses(plan, scale), patience)) for name, plan, patience, scale in PLANS]


def probe(function, case: Case) -> Answer:
    """Both epochs, and what is left in the list after the call."""
    losses, patience = list(case.args[0]), case.args[1]
    answer = parts(function(losses, patience), ("best_epoch", "stopped_at"))
    return answer | {"losses": str(losses)}


def reference(losses, patience):
    """Take all epochs that set a record. Training stops in the first gap between two that is too long."""
    last = len(losses) - 1
    records = [epoch for epoch, loss in enumerate(losses) if loss < min(losses[:epoch], default=math.inf)]
    for record, following in pairwise([*records, math.inf]):
        if record + patience < following:
            return record, min(record + patience, last)
    return records[-1], last


EXERCISE = Exercise(
    id="05.early_stopping",
    title={"en": "When to stop", "zh": "什么时候停"},
    minutes=10,
    difficulty=2,
    aims={
        "en": "Decide from the validation losses alone when training ends and which epoch to keep.",
        "zh": "只看验证损失，判断训练何时结束、该留下哪一轮。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    labels={
        "best_epoch": {"en": "the best epoch", "zh": "最好的一轮"},
        "stopped_at": {"en": "the epoch of the stop", "zh": "停下的那一轮"},
        "losses": argument_label("losses"),
    },
    mistakes=MISTAKES,
)
