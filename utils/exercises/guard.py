"""What keeps a function from harming the machine or the next function: memory, time, changed modules."""

from __future__ import annotations

import builtins
import contextlib
import copy
import faulthandler
import gc
import math
import os
import pickle
import random
import sys
import threading
import traceback
import types
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from utils.exercises import limits
from utils.exercises.answers import MAX_FRAMES
from utils.exercises.channel import Channel

# Where names may be patched. Imported here and not at each look: a function may have taken them away.
LIBRARIES = (
    *(builtins, copy, math, pickle, random, traceback, types, np, np.linalg, np.random),
    *(torch, torch.linalg, torch.random, torch.nn.functional, torch.autograd, torch.Tensor),
)


def limit_memory() -> None:
    """Let a function that asks for too much memory fail instead of swamping the machine (Linux; elsewhere the
    parent looks on).
    """
    try:
        import resource

        with open("/proc/self/statm") as file:
            pages = int(file.read().split()[0])
    except (ImportError, OSError):
        return
    limit = pages * os.sysconf("SC_PAGE_SIZE") + limits.MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@contextlib.contextmanager
def ends_after(seconds: float, channel: Channel, last_words: int) -> Iterator[None]:
    """End this process when the time is up, and tell before where it was.

    A Python thread says where, as long as the interpreter runs; in compiled code that never lets go of it,
    faulthandler says so, from a thread that needs no interpreter, and ends the process in any case.
    """
    main = threading.get_ident()

    def tell() -> None:
        frame = sys._current_frames().get(main)
        steps = list(traceback.walk_stack(frame))[:MAX_FRAMES]
        frames = [(f.f_code.co_filename, line, f.f_code.co_name) for f, line in reversed(steps)]
        channel.send("where", frames=frames)

    timer = threading.Timer(0.95 * seconds, tell)
    timer.daemon = True
    timer.start()
    faulthandler.dump_traceback_later(seconds, exit=True, file=last_words)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
        timer.cancel()
        timer.join()


State = dict[str, dict[Any, Any]]  # "values", compared by ==, and "objects", by identity


def _course_modules() -> list[str]:
    """This package's modules: one that a function imports itself may be patched before it is first used."""
    return sorted(name for name in sys.modules if name.startswith("utils.exercises") or name == "__main__")


def _settings() -> dict[str, Any]:
    """What decides how the next function runs, apart from names; not the random states, which are reset."""
    return {
        "warnings": list(warnings.filters),
        "recursion": sys.getrecursionlimit(),
        "collects": gc.isenabled(),
        "dtype": torch.get_default_dtype(),
        "device": torch.get_default_device(),
        "grad": torch.is_grad_enabled(),
        "deterministic": torch.are_deterministic_algorithms_enabled(),
        "threads": torch.get_num_threads(),
        "errors": np.geterr(),
        "running": threading.active_count(),
        "folder": os.getcwd(),
        "environment": dict(os.environ),
        "course": _course_modules(),
    }


def _course() -> Iterator[tuple[str, Any]]:
    """The modules of this package, and what they define: classes, whose methods may be patched."""
    for name in _course_modules():
        yield name, sys.modules[name]
        for key, value in list(vars(sys.modules[name]).items()):
            if isinstance(value, type) and value.__module__ == name:
                yield f"{name}.{key}", value


def _names(name: str, holder: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    """What stands under each name; of a function also what can be replaced while it stays the same object."""
    for key, value in list(vars(holder).items()):
        yield (name, key), value
        if isinstance(value, types.FunctionType):
            yield (name, key, "code"), value.__code__
            yield (name, key, "defaults"), value.__defaults__


def fingerprint() -> State:
    """What a function could have changed for the next: names patched, settings made, threads left running."""
    objects = {(name,): module for name, module in list(sys.modules.items())}
    for name, holder in (*((module.__name__, module) for module in LIBRARIES), *_course()):
        objects.update(_names(name, holder))
    return {"values": _settings(), "objects": objects}


def untouched(before: State, after: State) -> bool:
    """Whether every name still holds the same object. New names are fine: packages load some parts late."""
    now, missing = after["objects"], object()
    same = all(now.get(place, missing) is value for place, value in before["objects"].items())
    return same and after["values"] == before["values"]
