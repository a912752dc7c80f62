"""02.rms_norm: channels brought to one size, without a mean taken off."""

from __future__ import annotations

from torch.nn import functional as F

from utils.exercises.authoring import Numbers
from utils.exercises.core import Case, Exercise
from utils.exercises.lab02.probing import layer_labels, layer_probe
from utils.exercises.lab02.rms_norm_mistakes import MISTAKES

LEARNED = ("x", "gamma")


def cases(seed: int) -> list[Case]:
    """One to four axes. The rows' means are far from zero, so that taking them off shows."""
    draw = Numbers(seed)

    def case(name, eps, *shape):
        rows = draw.normal(*shape[:-1], shift=1.5)[..., None] if len(shape) > 1 else draw.normal(shift=1.5)
        x = (draw.normal(*shape) * (0.5 + rows.abs()) + rows).round(decimals=2)
        return Case(name, (x, draw.normal(shape[-1], scale=0.5, shift=1.5), eps))

    return [
        case({"en": "(4, 3), eps 0.5", "zh": "形状 (4, 3)，eps 为 0.5"}, 0.5, 4, 3),
        case({"en": "(2, 3, 5), eps 0.1", "zh": "形状 (2, 3, 5)，eps 为 0.1"}, 0.1, 2, 3, 5),
        case({"en": "(7,), a single sample", "zh": "形状 (7,)，只有一个样本"}, 0.2, 7),
        case({"en": "(2, 3, 2, 4), eps 1e-6", "zh": "形状 (2, 3, 2, 4)，eps 为 1e-6"}, 1e-6, 2, 3, 2, 4),
    ]


def reference(x, gamma, eps):
    """PyTorch's own."""
    return F.rms_norm(x, gamma.shape, gamma, eps)


EXERCISE = Exercise(
    id="02.rms_norm",
    title={"en": "RMS norm", "zh": "均方根归一化"},
    minutes=6,
    difficulty=1,
    aims={
        "en": "Bring the channels of each position to one size, and leave their mean alone.",
        "zh": "把每个位置的通道放到同样的大小上，不去动它们的平均值。",
    },
    cases=cases,
    reference=reference,
    probe=layer_probe(reference, LEARNED),
    rtol=1e-5,
    atol=1e-6,
    labels={"result": {"en": "the output y", "zh": "输出 y "}, **layer_labels(LEARNED)},
    mistakes=MISTAKES,
)
