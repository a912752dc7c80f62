"""Attention written out against PyTorch's fused call, by length and precision, and its backends on a GPU.

Causal, random queries, keys and values. The work is that of the two products over all pairs of positions, as
the written-out form does them; a kernel that leaves out what the mask hides does half.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel

from utils.bench.case import Benchmark, Case
from utils.bench.steps import TOLERANCE, precision

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16}
SIZES = {  # batch, heads, size of a head, lengths
    "cpu": (2, 4, 32, (64, 128, 256, 512, 1024)),
    "cuda": (8, 12, 64, (256, 512, 1024, 2048, 4096)),
    "quick": (1, 2, 16, (32, 128)),
}
BACKENDS = {
    "cpu": {"flash": SDPBackend.FLASH_ATTENTION, "math": SDPBackend.MATH},
    "cuda": {
        "flash": SDPBackend.FLASH_ATTENTION,
        "efficient": SDPBackend.EFFICIENT_ATTENTION,
        "cudnn": SDPBackend.CUDNN_ATTENTION,
        "math": SDPBackend.MATH,
    },
}


def explicit(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Softmax of the masked scores times the values, all (B, H, T, D)."""
    T = q.shape[-2]
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])  # (B, H, T, T)
    hidden = torch.ones(T, T, dtype=torch.bool, device=q.device).triu(1)
    return scores.masked_fill(hidden, -math.inf).softmax(-1) @ v


def fused(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    return F.scaled_dot_product_attention(q, k, v, is_causal=True)


def forced(backend: SDPBackend) -> Callable[..., Tensor]:
    """The fused call on one backend; a RuntimeError where that cannot take these inputs."""

    def run(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        with sdpa_kernel(backend):
            return fused(q, k, v)

    return run


def attention_case(
    runs: dict[str, Callable[..., Tensor]], qkv: list[Tensor], trains: bool, name: str, in_precision: str
) -> Case:
    """Each form forward, or forward and backward from one random gradient of the output."""
    upstream = torch.randn_like(qkv[0])

    def call(run: Callable[..., Tensor], inputs: list[Tensor], grad: Tensor) -> Callable[[], list[Tensor]]:
        def forward() -> list[Tensor]:
            with torch.no_grad(), precision("float32", qkv[0].device):
                return [run(*inputs)]

        def both() -> list[Tensor]:
            with precision("float32", qkv[0].device):
                output = run(*inputs)
            return [output, *torch.autograd.grad(output, inputs, grad)]

        return both if trains else forward

    def reference() -> list[Tensor]:
        wide = [each.detach().double().requires_grad_(trains) for each in qkv]
        return call(explicit, wide, upstream.double())()

    B, H, T, D = qkv[0].shape
    return Case(
        name=name,
        variants={each: call(run, qkv, upstream) for each, run in runs.items()},
        reference=reference,
        tolerance=TOLERANCE[in_precision],
        work={"flops": (3 if trains else 1) * 4 * B * H * T * T * D, "tokens": B * T},
        precision=in_precision,
    )


def _random(B: int, H: int, T: int, D: int, dtype: torch.dtype, device: torch.device) -> list[Tensor]:
    made = (torch.randn(B, H, T, D, device=device).to(dtype) for _ in range(3))
    return [each.requires_grad_() for each in made]


def _title(T: int, in_precision: str, trains: bool) -> str:
    return f"T {T}, {in_precision}, {'forward and backward' if trains else 'forward'}"


def cases(device: torch.device, quick: bool) -> Iterator[Case]:
    B, H, D, lengths = SIZES["quick" if quick else device.type]
    runs = {"explicit": explicit, "fused": fused}
    for in_precision, dtype in DTYPES.items():
        for T in lengths:
            for trains in (False, True):
                qkv = _random(B, H, T, D, dtype, device)
                yield attention_case(runs, qkv, trains, _title(T, in_precision, trains), in_precision)


def backends(device: torch.device, quick: bool) -> Iterator[Case]:
    """The kernels behind the fused call, each asked for alone; those that refuse these inputs are told."""
    B, H, D, lengths = SIZES["quick" if quick else device.type]
    runs = {name: forced(backend) for name, backend in BACKENDS[device.type].items()}
    for in_precision, dtype in DTYPES.items():
        for T in lengths[-1:] if device.type == "cpu" or quick else (1024, 4096):
            for trains in (False, True):
                qkv = _random(B, H, T, D, dtype, device)
                yield attention_case(runs, qkv, trains, _title(T, in_precision, trains), in_precision)


BENCHMARKS = (
    Benchmark("attention", "attention written out against the fused call, by length and precision", cases),
    Benchmark("backends", "the kernels behind the fused call of attention, each alone", backends),
)
