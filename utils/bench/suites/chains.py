"""Chains of element-wise operations, where time goes into moving bytes: what fusion saves.

The work of a chain is that of a perfect kernel: each input read once, each output written once. Beside the
chain written out stands what PyTorch has for the same: ``rms_norm``, and Adam over a list of parameters
("foreach") and in one kernel ("fused"), which change weights and averages in place as they do in training.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import MappingProxyType

import torch
import torch.nn.functional as F
from torch import Tensor

from utils.bench.case import Benchmark, Call, Case
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


class Adam:
    """PyTorch's own step 10 from the same state; further calls go on from there."""

    def __init__(self, state: list[Tensor], **form: bool) -> None:
        w, grad, m, v = (each.clone() for each in state)
        w.requires_grad_().grad = grad
        self.optimiser = torch.optim.Adam([w], RATE, (BETA1, BETA2), EPS, **form)
        step = torch.tensor(float(STEP - 1), device=w.device if form.get("fused") else "cpu")
        self.optimiser.state[w] = {"step": step, "exp_avg": m, "exp_avg_sq": v}
        self.outputs = [w, m, v]

    def step(self) -> list[Tensor]:
        self.optimiser.step()
        return self.outputs


def chain(
    name: str,
    function: Callable,
    inputs: list[Tensor],
    written: int,
    own: Mapping[str, Call] = MappingProxyType({}),
    outputs: Mapping[str, Call] = MappingProxyType({}),
) -> Case:
    """One chain forward: eager, compiled, and PyTorch's own forms; ``outputs`` as in a Case."""

    def call(run: Callable) -> Call:
        def once() -> object:
            with torch.no_grad():
                return run(*inputs)

        return once

    elements = sum(each.numel() for each in inputs) + written
    return Case(
        name=name,
        variants={"eager": call(function), "compiled": call(compiled(function)), **own},
        reference=lambda: call(lambda *wide: function(*(each.double() for each in wide)))(),
        tolerance=TOLERANCE["float32"],
        work={"bytes": elements * inputs[0].element_size()},
        compiles=("compiled",),
        outputs=outputs,
    )


def optimiser(state: list[Tensor], written: int) -> Case:
    """Adam's step written out, compiled, and as PyTorch has it: timed on one state, compared on another."""
    forms = {"foreach": {"foreach": True}, "fused": {"fused": True}}
    own = {name: Adam(state, **form).step for name, form in forms.items()}
    outputs = {name: partial(_fresh, state, form) for name, form in forms.items()}
    return chain("Adam step", adam, state, written, own, outputs)


def _fresh(state: list[Tensor], form: dict[str, bool]) -> list[Tensor]:
    return Adam(state, **form).step()


def cases(device: torch.device, quick: bool) -> Iterator[Case]:
    rows = ROWS["quick" if quick else device.type]

    def random(*shape: int) -> Tensor:
        return torch.randn(*shape, device=device)

    x, weight = random(rows, C), random(C)
    own = {"rms_norm": torch.no_grad()(lambda: F.rms_norm(x, (C,), weight, EPS))}
    yield chain("RMSNorm", rms_norm, [x, weight], rows * C, own)
    yield chain("SwiGLU", swiglu, [random(rows, C), random(rows, C)], rows * C)
    yield optimiser(
        [random(rows, C), random(rows, C), random(rows, C), random(rows, C).square()], 3 * rows * C
    )


BENCHMARKS = (
    Benchmark("chains", "RMSNorm, SwiGLU and Adam: eager, one fused kernel, and PyTorch's own forms", cases),
)
