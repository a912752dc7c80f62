"""02.batch_norm_eval: batch normalisation in evaluation, where a sample stands alone."""

from __future__ import annotations

from torch.nn import functional as F

from utils.exercises.authoring import Numbers
from utils.exercises.core import Case, Exercise
from utils.exercises.lab02.batch_norm_eval_mistakes import MISTAKES
from utils.exercises.lab02.probing import layer_labels, layer_probe

LEARNED, KEPT = ("x", "gamma", "beta"), ("running_mean", "running_var")


def cases(seed: int) -> list[Case]:
    """The samples lie elsewhere than the running mean and spread otherwise; one case is a single sample."""
    draw = Numbers(seed)

    def case(name, B, C, eps):
        x = draw.normal(B, C, scale=2.0, shift=3.0)
        gamma, beta = draw.normal(C, scale=0.5, shift=1.5), draw.normal(C, shift=-0.5)
        running = draw.normal(C, shift=-1.0), (0.3 + draw.normal(C).abs())
        return Case(name, (x, gamma, beta, *running, eps))

    return [
        case({"en": "B=4, C=3, eps 0.5", "zh": "B=4、C=3，eps 为 0.5"}, 4, 3, 0.5),
        case({"en": "B=3, C=5, eps 0.1", "zh": "B=3、C=5，eps 为 0.1"}, 3, 5, 0.1),
        case({"en": "B=1, C=4, eps 0.2", "zh": "B=1、C=4，eps 为 0.2"}, 1, 4, 0.2),
        case({"en": "B=6, C=2, PyTorch's own eps", "zh": "B=6、C=2，PyTorch 的默认 eps"}, 6, 2, 1e-5),
    ]


def reference(x, gamma, beta, running_mean, running_var, eps):
    """PyTorch's own, in evaluation."""
    return F.batch_norm(x, running_mean, running_var, gamma, beta, training=False, eps=eps)


EXERCISE = Exercise(
    id="02.batch_norm_eval",
    title={"en": "Batch norm at work", "zh": "评估时的批量归一化"},
    minutes=5,
    difficulty=1,
    aims={
        "en": "Give each sample an answer that no other sample can change.",
        "zh": "给每个样本一个不受其他样本影响的答案。",
    },
    cases=cases,
    reference=reference,
    probe=layer_probe(reference, LEARNED, KEPT),
    rtol=1e-5,
    atol=1e-6,
    labels={"result": {"en": "the output y", "zh": "输出 y "}, **layer_labels(LEARNED, KEPT)},
    mistakes=MISTAKES,
)
