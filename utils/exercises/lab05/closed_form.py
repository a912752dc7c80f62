"""05.closed_form: the weights and the bias of least squares, from the normal equations."""

from __future__ import annotations

import torch

from utils.exercises.authoring import Numbers, argument_labels, parts
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab05.closed_form_mistakes import MISTAKES


def cases(seed: int) -> list[Case]:
    """Inputs with means far from zero, so that a forgotten bias shows; targets near a plane, or on it."""
    draw = Numbers(seed)

    def case(name, n, inputs, scale, noise):
        X = draw.normal(n, inputs, shift=1.5) * scale[:inputs]
        y = X @ draw.normal(inputs, shift=1.0) + draw.normal(n, scale=noise, shift=4.0)
        return Case(name, (X.round(decimals=2), y.round(decimals=2)))

    alike, unlike = torch.ones(4), torch.tensor([1.0, 10.0, 0.5, 4.0])
    return [
        case({"en": "8 samples, 3 inputs", "zh": "8 个样本、3 个输入"}, 8, 3, alike, 1.0),
        case({"en": "12 samples, 2 inputs", "zh": "12 个样本、2 个输入"}, 12, 2, alike, 2.0),
        case(
            {"en": "14 samples, 4 inputs of unlike size", "zh": "14 个样本、4 个大小悬殊的输入"},
            14,
            4,
            unlike,
            1.0,
        ),
        case({"en": "7 samples that lie on a plane", "zh": "7 个恰好落在一个平面上的样本"}, 7, 2, alike, 0.0),
    ]


def probe(function, case: Case) -> Answer:
    """Weights and bias, and what is left in the arguments after the call."""
    X, y = case.args
    return {**parts(function(X, y), ("weights", "bias")), "old_X": X, "old_y": y}


def reference(X, y):
    """PyTorch's own least squares, which goes by a QR decomposition."""
    A = torch.nn.functional.pad(X, (0, 1), value=1.0)
    w = torch.linalg.lstsq(A, y[:, None]).solution[:, 0]
    return w[:-1], w[-1]


EXERCISE = Exercise(
    id="05.closed_form",
    title={"en": "The best line in one formula", "zh": "一个公式求出最佳直线"},
    minutes=8,
    difficulty=2,
    aims={
        "en": "Find the weights and the bias of least squares by solving one system of equations.",
        "zh": "解一个方程组，求出最小二乘的权重和偏置。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    rtol=1e-7,
    atol=1e-7,
    labels={
        "weights": {"en": "the vector w", "zh": "权重 w "},
        "bias": {"en": "the bias b", "zh": "偏置 b "},
        **argument_labels("X", "y"),
    },
    mistakes=MISTAKES,
)
