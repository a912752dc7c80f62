"""02.residual_stack: blocks of two layers, each with a way around it."""

from __future__ import annotations

from torch import nn
from torch.nn import functional as F

from utils.exercises.authoring import Numbers
from utils.exercises.core import Case, Exercise
from utils.exercises.lab02 import residual_stack_activations, residual_stack_ways
from utils.exercises.lab02.probing import layer_labels, layer_probe

LEARNED = ("x", "W_in", "W_out")


def cases(seed: int) -> list[Case]:
    """Several blocks, and more hidden channels than C, so that no matrix is square."""
    draw = Numbers(seed)

    def case(name, B, L, C, H):
        weights = draw.normal(L, C, H, scale=0.7), draw.normal(L, H, C, scale=0.5)
        return Case(name, (draw.normal(B, C), *weights))

    return [
        case({"en": "B=4, L=3, C=2, H=5", "zh": "B=4、L=3、C=2、H=5"}, 4, 3, 2, 5),
        case({"en": "B=2, L=4, C=3, H=7", "zh": "B=2、L=4、C=3、H=7"}, 2, 4, 3, 7),
        case({"en": "B=5, L=2, C=4, H=6", "zh": "B=5、L=2、C=4、H=6"}, 5, 2, 4, 6),
    ]


class Block(nn.Module):
    """A way around two of PyTorch's linear layers."""

    def __init__(self, w_in, w_out) -> None:
        super().__init__()
        self.w_in, self.w_out = w_in, w_out

    def forward(self, x):
        return x + F.linear(F.relu(F.linear(x, self.w_in.T)), self.w_out.T)


def reference(x, W_in, W_out):
    """PyTorch's layers in a row."""
    return nn.Sequential(*(Block(*pair) for pair in zip(W_in, W_out, strict=True)))(x)


EXERCISE = Exercise(
    id="02.residual_stack",
    title={"en": "A stack of residual blocks", "zh": "一叠残差块"},
    minutes=8,
    difficulty=2,
    aims={
        "en": "Build the way around each block, so that a gradient passes any number of blocks.",
        "zh": "给每个块搭一条旁路，让梯度能穿过任意多个块。",
    },
    cases=cases,
    reference=reference,
    probe=layer_probe(reference, LEARNED),
    rtol=1e-5,
    atol=1e-6,
    labels={"result": {"en": "the output", "zh": "输出"}, **layer_labels(LEARNED)},
    mistakes=residual_stack_ways.MISTAKES + residual_stack_activations.MISTAKES,
)
