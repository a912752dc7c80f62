"""The two limits of a machine, measured in the run they are quoted for: products a second, bytes a second.

A rate here is the fastest of its calls, since a limit is what can be reached; a variant's time is a median.
Limits: one square matrix product and one plain copy, no search over sizes and layouts.
"""

from __future__ import annotations

import torch

from utils.bench.case import BenchError
from utils.bench.steps import precision
from utils.bench.timing import time_interleaved

DTYPES = {"float32": torch.float32, "tf32": torch.float32, "bfloat16": torch.bfloat16}
ROUNDS = 15


def gemm_rate(device: torch.device | str, dtype: torch.dtype = torch.float32, size: int = 1024) -> float:
    """Floating-point operations a second of a product of two random (size, size) matrices.

    The fastest of 15 calls, each of 2 size**3 operations. float32 is computed in full, without TF32.
    """
    name = "float32" if dtype == torch.float32 else str(dtype).removeprefix("torch.")
    if name not in DTYPES:
        raise BenchError(f"a GEMM rate is measured in float32 or bfloat16, not in {name}")
    return 2 * size**3 / min(_gemm_times(torch.device(device), name, size))


def copy_rate(device: torch.device | str, size: int = 1 << 28) -> float:
    """Bytes a second, read plus written, of a copy of ``size`` bytes in the device's memory.

    The fastest of 15 calls. Take a size well above the caches: in them a copy is faster than memory.
    """
    return 2 * size / min(_copy_times(torch.device(device), size))


def measure(device: torch.device, quick: bool) -> dict[str, dict]:
    """Every ceiling of this machine: name -> raw times, work of one call, rate in work a second.

    "float32", "tf32" and "bfloat16" are matrix products, in operations; "copy" is in bytes.
    """
    found = {}
    large = device.type == "cuda"
    size = 512 if quick else 8192 if large else 2048
    for name in ("float32", "tf32", "bfloat16") if large else ("float32", "bfloat16"):
        times = _gemm_times(device, name, size)
        found[name] = {"work": 2 * size**3, "unit": "FLOP", "size": size, "times": times}
    size = 1 << (25 if quick else 30 if large else 28)
    found["copy"] = {"work": 2 * size, "unit": "B", "size": size, "times": _copy_times(device, size)}
    for ceiling in found.values():
        ceiling["times"] = [round(each, 9) for each in ceiling["times"]]
        ceiling["rate"] = ceiling["work"] / min(ceiling["times"])
    return found


def _gemm_times(device: torch.device, name: str, size: int) -> list[float]:
    a, b = (torch.randn(size, size, device=device).to(DTYPES[name]) for _ in range(2))
    out = torch.empty_like(a)
    with torch.no_grad(), precision("tf32" if name == "tf32" else "float32", device):
        variants = {name: lambda: torch.mm(a, b, out=out)}
        return time_interleaved(variants, rounds=ROUNDS, device=device)[name]


def _copy_times(device: torch.device, size: int) -> list[float]:
    source = torch.randn(size // 4, device=device)
    target = torch.empty_like(source)
    return time_interleaved({"copy": lambda: target.copy_(source)}, rounds=ROUNDS, device=device)["copy"]
