"""08.join_heads: what the heads answer, side by side again at each position."""

from __future__ import annotations

from utils.exercises.authoring import Numbers, argument_labels
from utils.exercises.core import Case, Exercise
from utils.exercises.lab08.join_heads_mistakes import MISTAKES
from utils.exercises.lab08.probing import keeping


def cases(seed: int) -> list[Case]:
    """B, H, T and D all differ. The second case lies in memory as ``split_heads`` leaves it."""
    draw = Numbers(seed)

    def name(B, H, T, D):
        return {"en": f"B={B}, H={H}, T={T}, D={D}", "zh": f"B={B}、H={H}、T={T}、D={D}"}

    return [
        Case(name(2, 3, 5, 4), (draw.normal(2, 3, 5, 4),)),
        Case(name(3, 2, 4, 5), (draw.normal(3, 4, 2, 5).transpose(1, 2),)),
        Case(name(4, 5, 3, 2), (draw.normal(4, 5, 3, 2),)),
    ]


def reference(x):
    """PyTorch moves the heads behind the positions and makes one axis of the last two."""
    return x.movedim(1, 2).flatten(-2)


EXERCISE = Exercise(
    id="08.join_heads",
    title={"en": "Put the heads back together", "zh": "把各个头拼回去"},
    minutes=4,
    difficulty=1,
    aims={
        "en": "Set the answers of all heads side by side at the position they belong to.",
        "zh": "把各个头的输出放回各自的位置，首尾相接。",
    },
    cases=cases,
    reference=reference,
    probe=keeping(reference, "x"),
    labels={"result": {"en": "the channels", "zh": "拼好的通道"}, **argument_labels("x")},
    mistakes=MISTAKES,
)
