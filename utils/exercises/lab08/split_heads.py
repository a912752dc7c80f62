"""08.split_heads: the channels of each position, dealt out to the heads."""

from __future__ import annotations

from utils.exercises.authoring import Numbers, argument_labels
from utils.exercises.core import Case, Exercise
from utils.exercises.lab08.probing import keeping
from utils.exercises.lab08.split_heads_mistakes import MISTAKES


def cases(seed: int) -> list[Case]:
    """B, H, T and D all differ, and so do T and C."""
    draw = Numbers(seed)

    def case(B, H, T, D):
        name = {"en": f"B={B}, T={T}, C={H * D}, H={H}", "zh": f"B={B}、T={T}、C={H * D}、H={H}"}
        return Case(name, (draw.normal(B, T, H * D), H))

    return [case(2, 3, 5, 4), case(3, 2, 4, 5), case(4, 5, 3, 2)]


def reference(x, H):
    """PyTorch cuts the last axis in two; the heads then move in front of the positions."""
    return x.unflatten(-1, (H, -1)).movedim(2, 1)


EXERCISE = Exercise(
    id="08.split_heads",
    title={"en": "Split the channels into heads", "zh": "把通道分给各个头"},
    minutes=5,
    difficulty=1,
    aims={
        "en": "Give each head its own stretch of every position's channels, without mixing up positions.",
        "zh": "把每个位置的通道切成几段，分给各个头，而不弄混位置。",
    },
    cases=cases,
    reference=reference,
    probe=keeping(reference, "x", "H"),
    labels={"result": {"en": "the heads", "zh": "各个头"}, **argument_labels("x")},
    mistakes=MISTAKES,
)
