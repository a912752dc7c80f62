"""Chains of element-wise operations, where time goes into moving bytes: what fusion saves.

The work of a chain is that of a perfect kernel: each input read once, each output written once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from utils.bench.case import Benchmark, Case
from utils.bench.steps import TOLERANCE, compiled

ROWS = {"cpu": 4096, "cuda": 65536, "quick": 256}
C, EPS = 1024, 1e-6
RATE, BETA1, BETA2, STEP = 1e-3, 0.9, 0.999, 10


def rms_norm(x: Tensor, weight: Tensor) -> Tensor:
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + EPS) * weight


def swiglu(gate: Tensor, up: Tensor) -> Tensor:
    return F.silu(gate) * up


def adam(w: Tensor, grad: Tensor, m: Tensor, v: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Adam's step with bias correction at step 10; nothing is changed in place, to repeat it."""
    m = BETA1 * m + (1 - BETA1) * grad
    v = BETA2 * v + (1 - BETA2) * grad.square()
    m_hat, v_hat = m / (1 - BETA1**STEP), v / (1 - BETA2**STEP)
    return w - RATE * m_hat / (v_hat.sqrt() + EPS), m, v


def chain(name: str, function: Callable, inputs: list[Tensor], written: int) -> Case:
    """One chain forward: eager and compiled."""

    def call(run: Callable) -> Callable[[], object]:
        def once() -> object:
            with torch.no_grad():
                return run(*inputs)

        return once

    elements = sum(each.numel() for each in inputs) + written
    return Case(
        name=name,
        variants={"eager": call(function), "compiled": call(compiled(function))},
        reference=lambda: call(lambda *wide: function(*(each.double() for each in wide)))(),
        tolerance=TOLERANCE["float32"],
        work={"bytes": elements * inputs[0].element_size()},
        compiles=("compiled",),
    )


def cases(device: torch.device, quick: bool) -> Iterator[Case]:
    rows = ROWS["quick" if quick else device.type]

    def random(*shape: int) -> Tensor:
        return torch.randn(*shape, device=device)

    yield chain("RMSNorm", rms_norm, [random(rows, C), random(C)], rows * C)
    yield chain("SwiGLU", swiglu, [random(rows, C), random(rows, C)], rows * C)
    state = [random(rows, C), random(rows, C), random(rows, C), random(rows, C).square()]
    yield chain("Adam step", adam, state, 3 * rows * C)


BENCHMARKS = (
    Benchmark("chains", "RMSNorm, SwiGLU and an optimiser's step: eager against one fused kernel", cases),
)
