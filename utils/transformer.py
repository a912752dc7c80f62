"""The Transformer as a language model: GPT-2 and a modern variant as two settings of one model.

Built by hand in chapter 08 and tied to it by a test. Sources: Vaswani et al., 2017; Radford et al., 2019
(GPT-2); Su et al., 2024 (rotary positions); Ainslie et al., 2023 (grouped queries). Shapes: B texts of T
tokens, width C, H heads of size D, vocabulary V. Limits: causal; no dropout, no padding, no cache.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.nn import functional

Rope = tuple[Tensor, Tensor] | None  # cosine and sine of rotary positions, where the model has them
KINDS = {"norm": "layer rms", "positions": "learned rotary sinusoidal", "activation": "gelu relu2 swiglu"}


@dataclass(frozen=True)
class GPTConfig:
    """What fixes a model; the defaults are GPT-2's. Settings that fit no model are a ValueError."""

    V: int  # tokens of the vocabulary
    T: int  # longest text, in tokens
    C: int  # width
    L: int  # blocks
    H: int  # heads of the queries
    kv_heads: int | None = None  # heads of keys and values; None: H
    F: int | None = None  # width inside a feed-forward network; None: 4 C
    norm: str = "layer"  # or "rms"
    positions: str = "learned"  # or "rotary", "sinusoidal"
    activation: str = "gelu"  # by tanh, as in GPT-2; or "relu2", "swiglu"
    bias: bool = True  # in linear layers and layer norms
    qk_norm: bool = False  # RMS norm of each query and key, without weights
    tied: bool = True  # whether the output layer is the token embedding
    post_norm: bool = False  # norm after the sum, as in 2017, not before the layer
    eps: float = 1e-5  # of the norms
    rope_base: float = 10000.0  # of rotary positions
    D = property(lambda self: self.C // self.H)  # size of a head

    def __post_init__(self) -> None:
        for name in ("V", "T", "C", "L", "H", "kv_heads", "F"):
            size, optional = getattr(self, name), name in ("kv_heads", "F")
            if not (optional and size is None) and (type(size) is not int or size < 1):
                raise ValueError(f"{name} is a whole number of at least 1, not {size!r}")
        for name, known in KINDS.items():
            if getattr(self, name) not in known.split():
                raise ValueError(f"{name} is one of {known}, not {getattr(self, name)!r}")
        kv_heads = self.kv_heads or self.H
        if self.C % self.H or self.H % kv_heads:
            raise ValueError(f"H divides C and kv_heads divides H, not so in {self.C}, {self.H}, {kv_heads}")
        paired = {"rotary": self.D, "sinusoidal": self.C}.get(self.positions, 2)
        if paired % 2:
            raise ValueError(f"{self.positions} positions need pairs of numbers; {paired} is odd")
        if not (0 < self.eps < math.inf and 0 < self.rope_base < math.inf):
            raise ValueError(f"eps and rope_base are positive, not {self.eps} and {self.rope_base}")


GPT2 = GPTConfig(V=50257, T=1024, C=768, L=12, H=12)  # 124,439,808 parameters
MODERN = replace(GPT2, norm="rms", positions="rotary", activation="relu2", bias=False, qk_norm=True)


def attention(q: Tensor, k: Tensor, v: Tensor, causal: bool = True) -> Tensor:
    """softmax(q k^T / sqrt(D)) v: q (B, H, T, D); k, v (B, kv_heads, T, D), each for H / kv_heads queries."""
    if q.shape[1] % k.shape[1] or (causal and k.shape[2] != q.shape[2]):
        raise ValueError(f"queries {tuple(q.shape)} cannot look at keys {tuple(k.shape)}")
    k, v = (x.repeat_interleave(q.shape[1] // k.shape[1], dim=1) for x in (k, v))  # (B, H, T, D)
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])  # (B, H, T, T)
    if causal:
        later = torch.ones_like(scores, dtype=torch.bool).triu(1)
        scores = scores.masked_fill(later, -math.inf)
    return scores.softmax(dim=-1) @ v


def fused_attention(q: Tensor, k: Tensor, v: Tensor, causal: bool = True) -> Tensor:
    """The same in one call, which need not hold the scores (Dao et al., 2022)."""
    if causal and k.shape[2] != q.shape[2]:  # PyTorch's call would answer all the same
        raise ValueError(f"queries {tuple(q.shape)} cannot look at keys {tuple(k.shape)}")
    grouped = q.shape[1] != k.shape[1]
    return functional.scaled_dot_product_attention(q, k, v, is_causal=causal, enable_gqa=grouped)


def rope_tables(T: int, D: int, base: float = 10000.0, **kind) -> tuple[Tensor, Tensor]:
    """Cosine and sine, (T, D/2) each, of the angles t base^(-2i/D), D even; ``kind``: device, dtype."""
    frequency = base ** (-torch.arange(0, D, 2, **kind) / D)  # (D/2,)
    angle = torch.arange(T, **kind)[:, None] * frequency  # (T, D/2)
    return angle.cos(), angle.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Turn each pair (x_i, x_{i + D/2}) of x (..., T, D) by the angle of its position; cos, sin: (T, D/2)."""
    first, second = x.chunk(2, dim=-1)  # (..., T, D/2)
    turned = torch.cat((first * cos - second * sin, first * sin + second * cos), dim=-1)
    return turned.to(x.dtype)  # the tables may be more precise than x


def sinusoids(T: int, C: int, **kind) -> Tensor:
    """Positions as waves, (T, C): the sine and the cosine of each angle side by side."""
    return torch.stack(rope_tables(T, C, **kind)[::-1], dim=-1).flatten(1)


def make_norm(config: GPTConfig) -> nn.Module:
    """The norm of vectors (..., C)."""
    if config.norm == "rms":
        return nn.RMSNorm(config.C, eps=config.eps)
    return nn.LayerNorm(config.C, eps=config.eps, bias=config.bias)


class Attention(nn.Module):
    """H heads: x (B, T, C) to (B, T, C). ``attend`` may be replaced by a function of the same form."""

    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        C, bias, self.D, self.qk_norm, self.eps = config.C, config.bias, config.D, config.qk_norm, config.eps
        kv_width = (config.kv_heads or config.H) * config.D
        self.q, self.k, self.v = (nn.Linear(C, width, bias) for width in (C, kv_width, kv_width))
        self.out = nn.Linear(C, C, bias)
        self.attend = fused_attention

    def forward(self, x: Tensor, rope: Rope = None) -> Tensor:
        q, k, v = (f(x).unflatten(-1, (-1, self.D)).transpose(1, 2) for f in (self.q, self.k, self.v))
        if self.qk_norm:
            q, k = (functional.rms_norm(heads, (self.D,), eps=self.eps) for heads in (q, k))  # (B, H, T, D)
        if rope is not None:
            q, k = rotate(q, *rope), rotate(k, *rope)
        return self.out(self.attend(q, k, v).transpose(1, 2).flatten(2))  # (B, T, C)


class FeedForward(nn.Module):
    """The network that works on each token alone: C -> F -> C; SwiGLU has a gate (Shazeer, 2020)."""

    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        C, F, self.activation = config.C, config.F or 4 * config.C, config.activation
        self.up, self.down = nn.Linear(C, F, config.bias), nn.Linear(F, C, config.bias)
        if self.activation == "swiglu":
            self.gate = nn.Linear(C, F, config.bias)

    def forward(self, x: Tensor) -> Tensor:
        hidden = self.up(x)  # (B, T, F)
        if self.activation == "swiglu":
            return self.down(functional.silu(self.gate(x)) * hidden)
        if self.activation == "relu2":
            return self.down(functional.relu(hidden).square())
        return self.down(functional.gelu(hidden, approximate="tanh"))


class Block(nn.Module):
    """Attention, then the feed-forward network, each added to what went in: (B, T, C) to (B, T, C)."""

    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        self.post_norm = config.post_norm
        self.norm1, self.attention = make_norm(config), Attention(config)
        self.norm2, self.feed_forward = make_norm(config), FeedForward(config)

    def forward(self, x: Tensor, rope: Rope = None) -> Tensor:
        if self.post_norm:
            x = self.norm1(x + self.attention(x, rope))
            return self.norm2(x + self.feed_forward(x))
        x = x + self.attention(self.norm1(x), rope)
        return x + self.feed_forward(self.norm2(x))


class GPT(nn.Module):
    """A language model: ids (B, T) to logits (B, T, V), a score for each possible next token.

    >>> GPT(GPTConfig(V=50, T=16, C=12, L=2, H=3))(torch.tensor([[1, 2, 3]])).shape
    torch.Size([1, 3, 50])
    """

    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        self.config = config
        self.tokens = nn.Embedding(config.V, config.C)
        if config.positions == "learned":
            self.positions = nn.Embedding(config.T, config.C)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.L))
        self.norm = nn.Identity() if config.post_norm else make_norm(config)
        self.head = nn.Linear(config.C, config.V, bias=False)
        self.initialise()

    def initialise(self) -> None:
        """Tie, and draw as ``transformers`` draws GPT-2; again after ``to_empty`` leaves the meta device."""
        if self.config.tied:
            self.head.weight = self.tokens.weight
        last = 0.02 / math.sqrt(2 * self.config.L)  # in the last layer of a branch: 2 L of them add up
        for name, weight in self.named_parameters():
            if weight.dim() == 2:
                nn.init.normal_(weight, std=last if name.endswith(("out.weight", "down.weight")) else 0.02)
            else:
                nn.init.constant_(weight, 0.0 if name.endswith("bias") else 1.0)

    def embed(self, ids: Tensor) -> tuple[Tensor, Rope]:
        """Vectors (B, T, C) of the tokens and their positions, and tables for rotary positions."""
        x, T, config = self.tokens(ids), ids.shape[1], self.config
        kind = {"device": x.device, "dtype": torch.promote_types(x.dtype, torch.float32)}
        if config.positions == "learned":
            return x + self.positions(torch.arange(T, device=x.device)), None
        if config.positions == "sinusoidal":  # as in Vaswani et al., 2017
            return x * math.sqrt(config.C) + sinusoids(T, config.C, **kind).to(x.dtype), None
        return x, rope_tables(T, config.D, config.rope_base, **kind)

    def forward(self, ids: Tensor) -> Tensor:
        if ids.dim() != 2 or not 1 <= ids.shape[1] <= self.config.T:
            raise ValueError(f"ids are (B, T) with 1 to {self.config.T} tokens, not {tuple(ids.shape)}")
        x, rope = self.embed(ids)
        for block in self.blocks:
            x = block(x, rope)
        return self.head(self.norm(x))


def next_token_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """Mean cross-entropy () of logits (B, T, V) and the tokens that follow, targets (B, T); -100: none."""
    if logits.shape[:-1] != targets.shape:
        raise ValueError(f"logits {tuple(logits.shape)} need targets {tuple(logits.shape[:-1])}")
    precise = logits.to(torch.promote_types(logits.dtype, torch.float32))
    return functional.cross_entropy(precise.flatten(0, -2), targets.flatten())
