"""02.layer_norm: normalisation over the channels of each sample, whatever stands before them."""

from __future__ import annotations

from torch.nn import functional as F

from utils.exercises.authoring import Numbers
from utils.exercises.core import Case, Exercise
from utils.exercises.lab02.layer_norm_mistakes import MISTAKES
from utils.exercises.lab02.probing import layer_labels, layer_probe

LEARNED = ("x", "gamma", "beta")


def cases(seed: int) -> list[Case]:
    """One to four axes. The rows lie at different places and spread differently."""
    draw = Numbers(seed)

    def case(name, eps, *shape):
        rows = draw.normal(*shape[:-1], shift=2.0)[..., None] if len(shape) > 1 else draw.normal(shift=2.0)
        x = (draw.normal(*shape) * (0.5 + rows.abs()) + rows).round(decimals=2)
        C = shape[-1]
        return Case(name, (x, draw.normal(C, scale=0.5, shift=1.5), draw.normal(C, shift=-0.5), eps))

    return [
        case({"en": "(4, 3), eps 0.5", "zh": "形状 (4, 3)，eps 为 0.5"}, 0.5, 4, 3),
        case({"en": "(2, 3, 5), eps 0.1", "zh": "形状 (2, 3, 5)，eps 为 0.1"}, 0.1, 2, 3, 5),
        case({"en": "(7,), a single sample", "zh": "形状 (7,)，只有一个样本"}, 0.2, 7),
        case(
            {"en": "(2, 3, 2, 4), PyTorch's own eps", "zh": "形状 (2, 3, 2, 4)，PyTorch 的默认 eps"},
            1e-5,
            2,
            3,
            2,
            4,
        ),
    ]


def reference(x, gamma, beta, eps):
    """PyTorch's own."""
    return F.layer_norm(x, gamma.shape, gamma, beta, eps)


EXERCISE = Exercise(
    id="02.layer_norm",
    title={"en": "Layer norm", "zh": "层归一化"},
    minutes=8,
    difficulty=2,
    aims={
        "en": "Normalise each sample, or each position of a sequence, by its own channels.",
        "zh": "用自己的通道，对每个样本（或序列的每个位置）分别作归一化。",
    },
    cases=cases,
    reference=reference,
    probe=layer_probe(reference, LEARNED),
    rtol=1e-5,
    atol=1e-6,
    labels={"result": {"en": "the output y", "zh": "输出 y "}, **layer_labels(LEARNED)},
    mistakes=MISTAKES,
)
