"""The networks that are measured: short, plain PyTorch, with random weights and random inputs.

A fixed set, chosen before anything was measured: products only (linear), products with a little between them
(mlp), convolutions (cnn, resnet), a loop over time (gru), and the Transformer at three sizes (block,
small_gpt, gpt2). Limits: no dropout, so that a second run gives the same numbers, and SiLU and averages where
ReLU and maxima are usual, since at their kinks a rounding becomes another gradient.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Net(NamedTuple):
    """A model, one batch for it, and what makes a single number of its output."""

    model: nn.Module
    inputs: Tensor
    targets: Tensor
    loss: Callable[[Tensor, Tensor], Tensor]


class Residual(nn.Module):
    """Two convolutions with batch normalisation and a way around them: (B, C, N, N) -> (B, C, N, N)."""

    def __init__(self, C: int) -> None:
        super().__init__()
        self.first, self.second = (nn.Conv2d(C, C, 3, padding=1, bias=False) for _ in range(2))
        self.norm1, self.norm2 = nn.BatchNorm2d(C), nn.BatchNorm2d(C)

    def forward(self, x: Tensor) -> Tensor:
        inner = F.silu(self.norm1(self.first(x)))
        return F.silu(x + self.norm2(self.second(inner)))


class GRU(nn.Module):
    """A gated recurrent unit, its loop over time in Python: (B, T, C) -> the last state (B, C)."""

    def __init__(self, C: int) -> None:
        super().__init__()
        self.from_input, self.from_state = nn.Linear(C, 3 * C), nn.Linear(C, 3 * C)

    def forward(self, x: Tensor) -> Tensor:
        given = self.from_input(x)  # (B, T, 3C): no step of time waits for another here
        state = torch.zeros_like(x[:, 0])
        for t in range(x.shape[1]):
            reset1, update1, new1 = given[:, t].chunk(3, -1)
            reset2, update2, new2 = self.from_state(state).chunk(3, -1)
            update = torch.sigmoid(update1 + update2)
            new = torch.tanh(new1 + torch.sigmoid(reset1 + reset2) * new2)
            state = (1 - update) * new + update * state
        return state


class Block(nn.Module):
    """A pre-norm Transformer block with causal attention: (B, T, C) -> (B, T, C).

    Queries, keys and values come from one product, as in GPT-2; ``utils.transformer`` has three. There the
    bias of the keys has the gradient 0, and with 0 no rounding error can be compared.
    """

    def __init__(self, C: int, H: int) -> None:
        super().__init__()
        self.H = H
        self.norm1, self.norm2 = nn.LayerNorm(C), nn.LayerNorm(C)
        self.qkv, self.out = nn.Linear(C, 3 * C), nn.Linear(C, C)
        self.up, self.down = nn.Linear(C, 4 * C), nn.Linear(4 * C, C)

    def forward(self, x: Tensor) -> Tensor:
        B, T, C = x.shape
        qkv = self.qkv(self.norm1(x)).view(B, T, 3, self.H, C // self.H)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)  # each (B, H, T, D)
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(mixed.transpose(1, 2).reshape(B, T, C))
        return x + self.down(F.gelu(self.up(self.norm2(x)), approximate="tanh"))


class GPT(nn.Module):
    """GPT-2's architecture with tied weights: ids (B, T) -> logits (B, T, V)."""

    def __init__(self, V: int, T: int, C: int, L: int, H: int) -> None:
        super().__init__()
        self.tokens, self.positions = nn.Embedding(V, C), nn.Embedding(T, C)
        self.blocks = nn.ModuleList(Block(C, H) for _ in range(L))
        self.norm = nn.LayerNorm(C)
        for module in self.modules():
            if isinstance(module, nn.Linear | nn.Embedding):
                nn.init.normal_(module.weight, std=0.02)

    def forward(self, ids: Tensor) -> Tensor:
        x = self.tokens(ids) + self.positions(torch.arange(ids.shape[1], device=ids.device))
        for block in self.blocks:
            x = block(x)
        return F.linear(self.norm(x), self.tokens.weight)


def next_token_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """Mean cross-entropy over all positions, in float32 at least: (B, T, V), (B, T) -> ()."""
    wide = logits.float() if logits.dtype == torch.bfloat16 else logits
    return F.cross_entropy(wide.flatten(0, 1), targets.flatten())


def linear(B: int, C: int) -> Net:
    return Net(nn.Linear(C, C), torch.randn(B, C), torch.randn(B, C), F.mse_loss)


def mlp(B: int, C: int) -> Net:
    layers = [nn.Linear(C, 4 * C), nn.GELU(), nn.Linear(4 * C, 4 * C), nn.GELU(), nn.Linear(4 * C, C)]
    return Net(nn.Sequential(*layers), torch.randn(B, C), torch.randn(B, C), F.mse_loss)


def cnn(B: int, C: int, N: int) -> Net:
    layers: list[nn.Module] = []
    for before, after in ((3, C), (C, 2 * C), (2 * C, 4 * C)):
        layers += [nn.Conv2d(before, after, 3, padding=1), nn.SiLU(), nn.AvgPool2d(2)]
    return _images(layers, 4 * C, B, N)


def resnet(B: int, C: int, N: int, blocks: int) -> Net:
    body = [nn.Conv2d(3, C, 3, padding=1), *(Residual(C) for _ in range(blocks))]
    return _settled(_images(body, C, B, N))


def _settled(net: Net) -> Net:
    """Take the running statistics from the batch: a new network's let values grow by the block."""
    norms = [module for module in net.model.modules() if isinstance(module, nn.BatchNorm2d)]
    for norm in norms:
        norm.momentum = 1.0
    with torch.no_grad():
        net.model(net.inputs)
    for norm in norms:
        norm.momentum = 0.1  # as usual
    return net


def _images(body: list[nn.Module], C: int, B: int, N: int) -> Net:
    model = nn.Sequential(*body, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(C, 10))
    return Net(model, torch.randn(B, 3, N, N), torch.randint(10, (B,)), F.cross_entropy)


def gru(B: int, T: int, C: int) -> Net:
    return Net(GRU(C), torch.randn(B, T, C), torch.randn(B, C), F.mse_loss)


def block(B: int, T: int, C: int, H: int) -> Net:
    return Net(Block(C, H), torch.randn(B, T, C), torch.randn(B, T, C), F.mse_loss)


def gpt(B: int, V: int, T: int, C: int, L: int, H: int) -> Net:
    model = GPT(V, T, C, L, H)
    return Net(model, torch.randint(V, (B, T)), torch.randint(V, (B, T)), next_token_loss)


GPT2 = dict(V=50257, C=768, L=12, H=12)  # 124,439,808 parameters at T = 1024 (Radford et al., 2019)
MAKERS: dict[str, Callable[..., Net]] = dict(
    linear=linear, mlp=mlp, cnn=cnn, resnet=resnet, gru=gru, block=block, small_gpt=gpt, gpt2=gpt
)
SIZES: dict[str, dict[str, dict[str, int]]] = {
    "cpu": {
        "linear": dict(B=256, C=1024),
        "mlp": dict(B=256, C=256),
        "cnn": dict(B=16, C=16, N=32),
        "resnet": dict(B=8, C=32, N=32, blocks=8),
        "gru": dict(B=32, T=16, C=128),
        "block": dict(B=4, T=128, C=256, H=8),
        "small_gpt": dict(B=4, V=1024, T=128, C=128, L=4, H=4),
        "gpt2": dict(B=1, T=128, **GPT2),
    },
    "cuda": {
        "linear": dict(B=8192, C=4096),
        "mlp": dict(B=8192, C=1024),
        "cnn": dict(B=256, C=64, N=64),
        "resnet": dict(B=128, C=64, N=64, blocks=8),
        "gru": dict(B=256, T=16, C=1024),
        "block": dict(B=8, T=1024, C=768, H=12),
        "small_gpt": dict(B=64, V=1024, T=256, C=384, L=6, H=6),
        "gpt2": dict(B=8, T=1024, **GPT2),
    },
    "quick": {
        "linear": dict(B=64, C=128),
        "mlp": dict(B=64, C=64),
        "cnn": dict(B=4, C=8, N=16),
        "resnet": dict(B=4, C=8, N=16, blocks=2),
        "gru": dict(B=8, T=4, C=32),
        "block": dict(B=2, T=32, C=64, H=4),
        "small_gpt": dict(B=2, V=256, T=32, C=64, L=2, H=4),
        "gpt2": dict(B=1, V=512, T=32, C=96, L=3, H=12),
    },
}


def build(name: str, device: torch.device, quick: bool) -> Net:
    """The network of that name with a batch, on the device, of the size chosen for it.

    >>> build("mlp", torch.device("cpu"), quick=True).inputs.shape
    torch.Size([64, 64])
    """
    with device:
        return MAKERS[name](**SIZES["quick" if quick else device.type][name])
