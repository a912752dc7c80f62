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
SIZES = {  # positions of a batch in all, heads, size of a head, lengths: a longer sequence, a smaller batch
    "cpu": (2048, 4, 32, (64, 128, 256, 512, 1024)),
    "cuda": (16384, 12, 64, (256, 512, 1024, 2048, 4096)),
    "quick": (256, 2, 16, (32, 128)),
}
BACKENDS = {  # of the fused call on a GPU, each asked for alone; what is not named refuses that precision
    "float32": {"efficient": SDPBackend.EFFICIENT_ATTENTION, "math": SDPBackend.MATH},
    "bfloat16": {
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
    positions, H, D, lengths = SIZES["quick" if quick else device.type]
    for in_precision, dtype in DTYPES.items():
        runs: dict[str, Callable[..., Tensor]] = {"explicit": explicit, "fused": fused}
        if device.type == "cuda":
            runs |= {name: forced(backend) for name, backend in BACKENDS[in_precision].items()}
        for T in lengths:
            for trains in (False, True):
                qkv = _random(positions // T, H, T, D, dtype, device)
                yield attention_case(runs, qkv, trains, _title(T, in_precision, trains), in_precision)


ABOUT = "attention written out against the fused call and, on a GPU, its backends, by length and precision"
BENCHMARKS = (Benchmark("attention", ABOUT, cases),)
