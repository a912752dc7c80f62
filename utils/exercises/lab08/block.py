"""08.block: a pre-norm block, from two given parts and two norms."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from utils.exercises.authoring import Numbers, argument_labels
from utils.exercises.core import Case, Exercise
from utils.exercises.lab08 import block_norms, block_paths
from utils.exercises.lab08.probing import keeping


class Mixer:
    """Stands in for attention: each position gets a causal mean of what came so far, through a matrix."""

    def __init__(self, W: Tensor) -> None:
        self.W = W

    def __call__(self, x: Tensor) -> Tensor:
        counts = torch.arange(1, x.shape[1] + 1, dtype=x.dtype)[:, None]
        return x.cumsum(dim=1) / counts @ self.W


class TwoLayers:
    """The small network of a block: two layers with a tanh in between."""

    def __init__(self, W1: Tensor, W2: Tensor) -> None:
        self.W1, self.W2 = W1, W2

    def __call__(self, x: Tensor) -> Tensor:
        return torch.tanh(x @ self.W1) @ self.W2


def cases(seed: int) -> list[Case]:
    """Inputs of a size far from one with a mean, so that each norm shows; eps is large but in one case."""
    draw = Numbers(seed)

    def case(B, T, C, F, eps):
        attention = Mixer(draw.normal(C, C, scale=0.7))
        feed_forward = TwoLayers(draw.normal(C, F, scale=0.7), draw.normal(F, C, scale=0.7))
        gammas = draw.normal(C, scale=0.4, shift=1.5), draw.normal(C, scale=0.4, shift=0.8)
        size = 0.5 + 2 * torch.rand(B, T, 1, generator=draw.generator, dtype=torch.float64)
        x = (draw.normal(B, T, C, shift=0.4) * size).round(decimals=2)
        name = {"en": f"B={B}, T={T}, C={C}, eps {eps:g}", "zh": f"B={B}、T={T}、C={C}，eps 为 {eps:g}"}
        return Case(name, (x, *gammas, attention, feed_forward, eps))

    return [case(2, 5, 4, 7, 0.5), case(3, 4, 6, 5, 0.2), case(4, 3, 5, 8, 1e-6)]


def reference(x, gamma1, gamma2, attention, feed_forward, eps):
    """The two equations of a pre-norm block, with PyTorch's norm."""
    middle = x + attention(F.rms_norm(x, gamma1.shape, gamma1, eps))
    return middle + feed_forward(F.rms_norm(middle, gamma2.shape, gamma2, eps))


EXERCISE = Exercise(
    id="08.block",
    title={"en": "A block, norm first", "zh": "先归一化的块"},
    minutes=10,
    difficulty=2,
    aims={
        "en": "Put the norms and the residual connections of a Transformer block where they belong.",
        "zh": "把 Transformer 块里的归一化和残差连接放到各自该在的地方。",
    },
    cases=cases,
    reference=reference,
    probe=keeping(reference, "x", "gamma1", "gamma2", "attention", "feed_forward", "eps"),
    rtol=1e-5,
    atol=1e-6,
    labels={
        "result": {"en": "the output", "zh": "输出"},
        **argument_labels("x", "gamma1", "gamma2"),
    },
    mistakes=block_paths.MISTAKES + block_norms.MISTAKES,
)
