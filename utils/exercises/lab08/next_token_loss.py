"""08.next_token_loss: each position is asked for the token after it."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from utils.exercises.authoring import Numbers, argument_labels
from utils.exercises.core import Case, Exercise
from utils.exercises.lab08 import next_token_loss_logs, next_token_loss_means, next_token_loss_shifts
from utils.exercises.lab08.probing import keeping


def cases(seed: int) -> list[Case]:
    """Logits that prefer the right token, but not everywhere; in the last two they are large: for
    all tokens of a position alike, and for some tokens against others.
    """
    draw = Numbers(seed)

    def case(en, zh, B, T, V, far=0.0, apart=0.0):
        ids = torch.randint(V, (B, T), generator=draw.generator)
        logits = draw.normal(B, T, V, scale=1.5)
        logits[:, :-1] += 2.0 * F.one_hot(ids[:, 1:], V)
        logits += far * torch.where(torch.arange(T) % 2 == 0, 1.0, -1.0)[:, None]
        logits += apart * torch.where(torch.arange(V) % 2 == 0, 1.0, -1.0)
        name = {"en": f"B={B}, T={T}, V={V}{en}", "zh": f"B={B}、T={T}、V={V}{zh}"}
        return Case(name, (logits, ids))

    return [
        case("", "", 2, 5, 7),
        case("", "", 4, 3, 6),
        case(", logits near ±1000", "，logit 在 ±1000 附近", 3, 6, 4, far=1000.0),
        case(", logits of a position 800 apart", "，同一位置的 logit 相差 800", 2, 7, 5, apart=400.0),
    ]


def reference(logits, ids):
    """PyTorch's cross-entropy; the last position, which nothing follows, is left out by its label."""
    targets = F.pad(ids[:, 1:], (0, 1), value=-100)  # -100: cross_entropy leaves it out
    return F.cross_entropy(logits.mT, targets)


EXERCISE = Exercise(
    id="08.next_token_loss",
    title={"en": "The loss of the next token", "zh": "下一个词元的损失"},
    minutes=8,
    difficulty=2,
    aims={
        "en": "Compare what each position predicts with the token that follows, and average rightly.",
        "zh": "把每个位置的预测与它后面的词元比较，并且平均得正确。",
    },
    cases=cases,
    reference=reference,
    probe=keeping(reference, "logits", "ids"),
    rtol=1e-5,
    atol=1e-6,
    labels={"result": {"en": "the loss", "zh": "损失"}, **argument_labels("logits", "ids")},
    mistakes=next_token_loss_shifts.MISTAKES + next_token_loss_means.MISTAKES + next_token_loss_logs.MISTAKES,
)
