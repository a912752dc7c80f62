"""What keeps a function from harming the machine or the next function: memory, time, changed modules."""

from __future__ import annotations

import contextlib
import faulthandler
import os
import sys
import threading
import traceback
from collections.abc import Iterator
from typing import Any

from utils.exercises import limits
from utils.exercises.answers import MAX_FRAMES
from utils.exercises.channel import Channel


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


SETTINGS = "settings"


def fingerprint() -> dict[str, dict[str, Any]]:
    """What a function could have changed for the next: names patched, defaults set, threads left running."""
    import builtins
    import math
    import warnings

    import numpy as np
    import torch

    settings = {
        "warnings": list(warnings.filters),
        "recursion": sys.getrecursionlimit(),
        "dtype": torch.get_default_dtype(),
        "grad": torch.is_grad_enabled(),
        "threads": torch.get_num_threads(),
        "errors": str(np.geterr()),
        "running": threading.active_count(),
        "path": os.getcwd(),
    }
    modules = (
        builtins,
        math,
        np,
        np.linalg,
        torch,
        torch.linalg,
        torch.nn.functional,
        torch.autograd,
        torch.Tensor,
        *(module for name, module in sorted(sys.modules.items()) if name.startswith("utils.exercises.")),
        *filter(None, [sys.modules.get("__main__")]),
    )
    return {SETTINGS: settings, **{module.__name__: dict(vars(module)) for module in modules}}


def untouched(before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]]) -> bool:
    """Whether every name still holds the same object. New names are fine: packages load some parts late."""
    return after[SETTINGS] == before[SETTINGS] and all(
        after.get(module, {}).get(name) is value
        for module, names in before.items()
        if module != SETTINGS
        for name, value in names.items()
    )
