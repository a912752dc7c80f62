"""Saves that are killed: run as ``python -m tests.killed_saves FOLDER``; a list of faults is printed as JSON.

One process imports PyTorch and forks the savers, which it kills by SIGKILL: at random moments, and before
and after each step of the writing.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import torch
from torch import nn

from utils.checkpoint import load_model, save_model

KILLS = 20


def model(version: int) -> nn.Module:
    """A model of 40 000 weights that all have the number of its version."""
    made = nn.Linear(200, 200, bias=False)
    torch.nn.init.constant_(made.weight, version)
    return made


def save(path: Path, version: int) -> None:
    save_model(path, model(version), {"version": str(version)})


def version_in(path: Path) -> int | str:
    """The version that the file holds, whole; else what is wrong."""
    loaded = model(-1)
    try:
        version = int(load_model(path, loaded)["version"])
    except ValueError as error:
        return str(error)
    return version if (loaded.weight == version).all() else f"{path} mixes versions"


def killed(work: Callable[[], object], seconds: float | None = None) -> None:
    """Do the work in a process of its own, which is killed after some seconds, or kills itself."""
    child = os.fork()
    if child == 0:
        work()
        os._exit(1)  # it should not have come to an end
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        raise RuntimeError("a save that should have been killed went on to its end")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dying_at(module: object, step: str, after: bool) -> Callable[[Path], None]:
    """A save of version 2 that dies before or after one of its steps."""

    def work(path: Path) -> None:
        real = getattr(module, step)

        def last(*args, **kw):
            if after:
                real(*args, **kw)
            die()

        setattr(module, step, last)
        save(path, 2)

    return work


def dying_in_the_middle(path: Path) -> None:
    real = os.fdopen

    class Half:
        def __init__(self, *args):
            self.file = real(*args)

        def __enter__(self):
            return self

        def __exit__(self, *error):
            self.file.close()

        def write(self, content):
            self.file.write(content[: len(content) // 2])
            self.file.flush()
            die()

    os.fdopen = Half
    save(path, 2)


def at_random(path: Path, moments: random.Random) -> list[object]:
    """Versions found after kills that are neither the last one whole nor a later one."""
    faults, last = [], 1
    save(path, last)
    for _ in range(KILLS):
        start = last + 1
        killed(lambda: [save(path, version) for version in count(start)], moments.uniform(0, 0.05))  # noqa: B023
        found = version_in(path)
        if isinstance(found, str) or found < last:
            faults.append(found)
        else:
            last = found
    return faults


def at_every_step(folder: Path, suffix: str) -> list[object]:
    """Steps after which something else is found than the old version, or, after the last, the new one."""
    steps = [(tempfile, "mkstemp"), (os, "fdopen"), (os, "fsync"), (os, "chmod"), (os, "replace")]
    works = {
        f"{name} {after}": dying_at(module, name, after) for module, name in steps for after in (False, True)
    }
    faults = []
    for name, work in {**works, "half written": dying_in_the_middle}.items():
        path = folder / f"{name}{suffix}"
        save(path, 1)
        killed(lambda: work(path))  # noqa: B023
        found, wanted = version_in(path), 2 if name == "replace True" else 1
        save(path, 3)  # and what the kill has left behind is in nobody's way
        if found != wanted or version_in(path) != 3:
            faults.append((name, found))
    return faults


if __name__ == "__main__":
    torch.set_num_threads(1)
    folder, faults = Path(sys.argv[1]), []
    for suffix in (".pt", ".safetensors"):
        faults += at_random(folder / f"random{suffix}", random.Random(5))
        faults += at_every_step(folder, suffix)
    print(json.dumps(faults))
