"""What a record says of the machine and of the software: enough to compare, nothing that names a person."""

from __future__ import annotations

import importlib.util
import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import torch

from utils.doctor import machine as asked
from utils.runtime import _cpu_name

ROOT = Path(__file__).resolve().parents[2]
Fact = str | int | float | None


def describe(device: torch.device) -> dict[str, Fact]:
    """Processor, memory and threads; on a GPU also its model, memory, capability and driver."""
    memory, _ = asked.memory()
    facts: dict[str, Fact] = {
        "system": f"{platform.system()} {platform.machine()}",
        "cpu": _cpu_name(),
        "instructions": torch.backends.cpu.get_cpu_capability(),
        "cores": _cores(),
        "threads": torch.get_num_threads(),
        "memory_gb": None if memory is None else round(memory, 1),
    }
    if device.type == "cuda":
        card = torch.cuda.get_device_properties(device)
        facts |= {
            "gpu": card.name,
            "gpu_memory_gb": round(card.total_memory / 1e9, 1),
            "gpu_capability": f"{card.major}.{card.minor}",
            "gpu_multiprocessors": card.multi_processor_count,
            "driver": asked.nvidia()[1] or None,
        }
    return facts


def _cores() -> int:
    """Processor cores that this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def versions(device: torch.device, packages: tuple[str, ...] = ()) -> dict[str, Fact]:
    """Versions of Python, of torch and what it was built with, and of the packages named."""
    found: dict[str, Fact] = {"python": platform.python_version(), "torch": str(torch.__version__)}
    for package in ("numpy", "triton", *packages):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = None
    compiler = asked.output("c++", "--version") or asked.output("g++", "--version")
    found["compiler"] = compiler.splitlines()[0].strip() if compiler else None
    if device.type == "cuda":
        found |= {"cuda": torch.version.cuda, "cudnn": str(torch.backends.cudnn.version())}
    return found


def commit() -> tuple[str | None, bool | None]:
    """The commit that ``utils`` stands at and whether it differs from it; (None, None) without git."""
    head = _git("rev-parse", "HEAD")
    if head is None:
        return None, None
    return head.strip(), bool(_git("status", "--porcelain", "--", "utils"))


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def missing(packages: tuple[str, ...]) -> list[str]:
    """Those of the packages that are not installed."""
    return [package for package in packages if importlib.util.find_spec(package) is None]
