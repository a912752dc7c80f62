"""02.batch_norm_train: batch normalisation in training, with the running statistics brought up to date."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from utils.exercises.authoring import Numbers
from utils.exercises.core import Case, Exercise
from utils.exercises.lab02 import batch_norm_train_output, batch_norm_train_running
from utils.exercises.lab02.probing import layer_labels, layer_probe

NAMES = ("y", "new_mean", "new_var")
LEARNED, KEPT = ("x", "gamma", "beta"), ("running_mean", "running_var")
CONSTANT = 2.25  # a mean of such numbers is exact, so that the variance of the column is exactly zero


def cases(seed: int) -> list[Case]:
    """Few samples, so that B and B - 1 differ, and an eps that counts. One column does not spread."""
    draw = Numbers(seed)

    def case(name, B, C, momentum, eps):
        scales = torch.tensor([1.0, 3.0, 0.6, 2.0, 0.8, 1.5], dtype=torch.float64)[:C]
        x = (draw.normal(B, C) * scales + draw.normal(C, shift=2.0)).round(decimals=2)
        gamma, beta = draw.normal(C, scale=0.5, shift=1.5), draw.normal(C, shift=-0.5)
        running = draw.normal(C, shift=-1.0), 0.5 + draw.normal(C).abs()
        return Case(name, (x, gamma, beta, *running, momentum, eps))

    constant = case(
        {"en": "a channel that is constant in the batch", "zh": "有一个通道在批次里是常数"}, 6, 4, 0.3, 0.25
    )
    constant.args[0][:, 2] = CONSTANT
    return [
        case({"en": "B=4, C=3, eps 0.5", "zh": "B=4、C=3，eps 为 0.5"}, 4, 3, 0.1, 0.5),
        case({"en": "B=3, C=5, eps 0.1", "zh": "B=3、C=5，eps 为 0.1"}, 3, 5, 0.4, 0.1),
        case(
            {"en": "B=7, C=2, PyTorch's own settings", "zh": "B=7、C=2，PyTorch 的默认设置"}, 7, 2, 0.1, 1e-5
        ),
        constant,
    ]


def reference(x, gamma, beta, running_mean, running_var, momentum, eps):
    """PyTorch's own, which brings its running statistics up to date in place."""
    new_mean, new_var = running_mean.clone(), running_var.clone()
    y = F.batch_norm(x, new_mean, new_var, gamma, beta, True, momentum, eps)
    return y, new_mean, new_var


EXERCISE = Exercise(
    id="02.batch_norm_train",
    title={"en": "Batch norm while it trains", "zh": "训练时的批量归一化"},
    minutes=15,
    difficulty=2,
    aims={
        "en": "Normalise a batch by its own statistics, and keep running ones for later.",
        "zh": "用批次自己的统计量作归一化，并为以后维护一份滑动统计量。",
    },
    cases=cases,
    reference=reference,
    probe=layer_probe(reference, LEARNED, KEPT, NAMES),
    rtol=1e-5,
    atol=1e-6,
    labels={
        "y": {"en": "the output y", "zh": "输出 y "},
        "new_mean": {"en": "the new running mean", "zh": "新的滑动平均值"},
        "new_var": {"en": "the new running variance", "zh": "新的滑动方差"},
        "graph": {
            "en": "whether a running statistic still requires a gradient",
            "zh": "滑动统计量是否仍然需要梯度：",
        },
        **layer_labels(LEARNED, KEPT),
    },
    mistakes=batch_norm_train_output.MISTAKES + batch_norm_train_running.MISTAKES,
)
