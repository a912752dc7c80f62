"""The most memory that one call held beyond what was there before it."""

from __future__ import annotations

import gc
from pathlib import Path

import torch

from utils.bench.case import Call

PROC = Path("/proc/self")


def peak_bytes(call: Call, device: torch.device) -> int | None:
    """Bytes at the highest point of one call, less those before it; None where the system does not tell.

    On a GPU PyTorch's allocator knows exactly (what a CUDA graph holds in its pool was there before and does
    not count). On Linux the kernel keeps the mark for the whole process, to a few hundred kilobytes.
    """
    gc.collect()
    if device.type == "cuda":
        torch.cuda.synchronize(device)
        before = torch.cuda.memory_allocated(device)
        torch.cuda.reset_peak_memory_stats(device)
        call()
        torch.cuda.synchronize(device)
        return max(0, torch.cuda.max_memory_allocated(device) - before)
    if not _reset():
        call()
        return None
    before = _status("VmRSS")
    call()
    return max(0, _status("VmHWM") - before)


def _reset() -> bool:
    """Bring the kernel's high-water mark down to the memory held now; False where that is not allowed."""
    try:
        (PROC / "clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return False
    return True


def _status(field: str) -> int:
    """Bytes from a line such as ``VmHWM:  1234 kB``."""
    for line in (PROC / "status").read_text(encoding="utf-8").splitlines():
        if line.startswith(field + ":"):
            return 1024 * int(line.split()[1])
    raise OSError(f"the kernel does not tell {field}")
