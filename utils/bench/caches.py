"""The first call of what compiles, with nothing compiled before: the compiler loaded, its caches empty."""

from __future__ import annotations

import atexit
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import torch

from utils.bench.case import Call


def first_call(variant: Call, device: torch.device) -> float:
    """Seconds of the call that compiles, with PyTorch's caches on the disk empty and the compiler loaded."""
    warm_compiler(device)
    with empty_caches():
        synchronise(device)
        began = time.perf_counter()
        variant()
        synchronise(device)
        return time.perf_counter() - began


_warmed: set[str] = set()


def warm_compiler(device: torch.device) -> None:
    """Compile something small once, so that no case pays for loading the compiler."""
    if device.type not in _warmed:
        _warmed.add(device.type)
        with empty_caches():
            x = torch.randn(64, device=device, requires_grad=True)
            torch.compile(lambda x: (x.sin() * 2).sum())(x).backward()


@contextmanager
def empty_caches() -> Iterator[None]:
    """Give the compiler an empty folder for its caches, and empty those in memory.

    The folder stays until the process ends: a kernel may be loaded from it at a later call.
    """
    from torch._inductor import utils as inductor

    fresh = getattr(inductor, "fresh_cache", None) or inductor.fresh_inductor_cache
    with fresh(dir=_folder(), delete=False):
        yield


@cache
def _folder() -> str:
    made = tempfile.TemporaryDirectory(prefix="bench_", ignore_cleanup_errors=True)
    atexit.register(made.cleanup)
    return made.name


def synchronise(device: torch.device) -> None:
    """Wait until a GPU has done its work."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
