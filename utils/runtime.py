"""What a notebook runs on: seeds, threads, device, precision, and one line that says which machine this is.

Every notebook begins with ``start(seed=...)``. Nothing here downloads, and nothing here needs a GPU.
"""

from __future__ import annotations

import importlib
import os
import platform
import random
from pathlib import Path
from types import ModuleType

import numpy as np
import torch


def start(seed: int = 0, threads: int | None = None) -> torch.device:
    """Seed every generator, set the number of threads, print what machine this is, and return the device.

    ``threads=None`` leaves PyTorch's own choice, which follows ``OMP_NUM_THREADS``. Matrix products stay in
    full float32, so that results can be compared between machines.
    """
    if threads is not None:
        torch.set_num_threads(threads)
    torch.set_float32_matmul_precision("highest")
    seed_everything(seed)
    print(machine())
    return pick_device()


def seed_everything(seed: int) -> None:
    """Seed Python's, NumPy's and PyTorch's generators, on every device; ``seed`` lies in 0 .. 2**32 - 1."""
    if not 0 <= seed < 2**32:
        raise ValueError(f"a seed is a whole number from 0 to 2**32 - 1, not {seed}")
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def pick_device() -> torch.device:
    """The GPU if PyTorch can use one, else the CPU. ``BOOK_DEVICE`` ("cpu", "cuda:1") overrides it."""
    wanted = os.environ.get("BOOK_DEVICE", "").strip()
    if not wanted:
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(wanted)
    except RuntimeError as error:
        raise ValueError(f"BOOK_DEVICE={wanted!r} is no device that PyTorch knows") from error
    if device.type == "cuda" and not torch.cuda.is_available():
        raise ValueError(f"BOOK_DEVICE={wanted!r}, but PyTorch sees no GPU here")
    return device


def pick_precision(device: torch.device | str) -> torch.dtype:
    """bfloat16 where matrix units take it, else float32.

    Such units are in a GPU of compute capability 8.0 or later and in a CPU with AMX. Without them bfloat16
    is emulated, and a training step takes longer than in float32.
    """
    device = torch.device(device)
    if device.type == "cuda":
        fast = torch.cuda.get_device_capability(device) >= (8, 0)
    else:
        fast = device.type == "cpu" and _cpu_has_amx()
    return torch.bfloat16 if fast else torch.float32


def machine() -> str:
    """One line: Python, PyTorch, the device, and the precision that suits it.

    For example ``Python 3.11.7, torch 2.13.0, CPU (AMD EPYC, 2 threads), float32``.
    """
    device = pick_device()
    if device.type == "cuda":
        where = f"GPU ({torch.cuda.get_device_name(device)})"
    else:
        count = torch.get_num_threads()
        where = f"{device.type.upper()} ({_cpu_name()}, {count} thread{'s' if count != 1 else ''})"
    version = torch.__version__.partition("+")[0]
    precision = str(pick_precision(device)).removeprefix("torch.")
    return f"Python {platform.python_version()}, torch {version}, {where}, {precision}"


def need(module: str, extra: str | None = None) -> ModuleType:
    """Import an optional package, or raise an ImportError that names what to install.

    ``extra`` is the extra of this project that holds the package, ``None`` if it belongs to the base.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        package = module.partition(".")[0]
        if (error.name or "").partition(".")[0] != package:
            raise  # the package is there, and something that it needs itself is not
        what = f'".[{extra}]"' if extra else "."
        raise ImportError(
            f"{package} is needed here and is not installed. In the project's folder run: "
            f"pip install -c constraints.txt -e {what}",
            name=package,
        ) from None


def _cpu_has_amx() -> bool:
    """Whether the CPU has AMX tiles. PyTorch's query is private: if a version lacks it, the answer is no."""
    query = getattr(getattr(torch, "cpu", None), "_is_amx_tile_supported", None)
    return bool(query()) if callable(query) else False


def _cpu_name() -> str:
    """The processor's name as the system gives it, shortened; its architecture where it gives none."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return " ".join(line.partition(":")[2].split())
    return platform.processor() or platform.machine() or "unknown processor"
