"""08.rotate: rotary positions, with the pairs as in Llama: channel i and channel i + D / 2."""

from __future__ import annotations

import torch

from utils.exercises.authoring import Numbers, argument_labels
from utils.exercises.core import Case, Exercise
from utils.exercises.lab08 import rotate_angles, rotate_pairs
from utils.exercises.lab08.probing import keeping


def cases(seed: int) -> list[Case]:
    """Positions that do not start at zero, and leave gaps: a text that goes on, not one that begins. In the
    third case they are so large that the slower pairs turn, too, and that a short table of angles ends before
    them. The last case has the shapes of the first, and nothing else of it.

    No case has as many positions as heads, pairs or texts.
    """
    draw = Numbers(seed)

    def case(B, H, T, D, base, first, gap):
        steps = torch.randint(1, gap + 1, (T,), generator=draw.generator)
        steps[T // 2] = gap + 1  # never all alike
        positions = steps.cumsum(dim=0) - steps[0] + first
        name = {
            "en": f"B={B}, H={H}, T={T}, D={D}, base {base:g}",
            "zh": f"B={B}、H={H}、T={T}、D={D}，base 为 {base:g}",
        }
        return Case(name, (draw.normal(B, H, T, D, scale=2.0), positions, base))

    return [
        case(2, 3, 5, 8, 100.0, 2, 2),
        case(3, 2, 4, 10, 500.0, 5, 4),
        case(2, 4, 7, 6, 10_000.0, 2500, 9),
        case(2, 3, 5, 8, 300.0, 700, 3),
    ]


def reference(x, positions, base):
    """Each pair as a complex number, multiplied by one of length 1: that is a rotation."""
    half = x.shape[-1] // 2
    speeds = base ** (torch.arange(half, dtype=x.dtype) / -half)
    angles = positions[:, None] * speeds  # (T, D / 2)
    turned = torch.complex(x[..., :half], x[..., half:]) * torch.polar(torch.ones_like(angles), angles)
    return torch.cat([turned.real, turned.imag], dim=-1)


EXERCISE = Exercise(
    id="08.rotate",
    title={"en": "Turn pairs by their position", "zh": "按位置旋转通道对"},
    minutes=12,
    difficulty=3,
    aims={
        "en": "Tell queries and keys where they stand, by rotating pairs of channels.",
        "zh": "把通道两两配对来旋转，让查询和键带上自己的位置。",
    },
    cases=cases,
    reference=reference,
    probe=keeping(reference, "x", "positions", "base"),
    rtol=1e-4,
    atol=2e-4,  # speeds in float32 are near enough
    labels={
        "result": {"en": "the rotated vectors", "zh": "旋转后的向量"},
        **argument_labels("x", "positions"),
    },
    mistakes=rotate_angles.MISTAKES + rotate_pairs.MISTAKES,
)
