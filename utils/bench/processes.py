"""Processes with a limit of time: what ran too long is ended, and with it all that it started."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path


def run(
    words: Sequence[str],
    limit: float,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    capture: bool = False,
) -> tuple[int, str]:
    """The exit status, and what was said on stderr if ``capture``; TimeoutExpired after ``limit`` seconds.

    Then, or if this process is interrupted, the process and its descendants are ended before the exception.
    """
    out, err = (subprocess.DEVNULL, subprocess.PIPE) if capture else (None, None)
    made = subprocess.Popen(
        words,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=err,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        _, said = made.communicate(timeout=limit)
    except BaseException:
        end(made.pid)
        made.kill()
        made.communicate()
        raise
    return made.returncode, said or ""


def end(process: int) -> None:
    """Kill a process that leads a group, its group, and its descendants in other groups (where /proc is)."""
    doomed = _descendants(process)  # before their parents are gone, by which they are found
    if hasattr(os, "killpg"):
        _kill(os.killpg, process)
    for each in doomed:
        _kill(os.kill, each)


def _kill(how, which: int) -> None:
    try:
        how(which, signal.SIGKILL)
    except ProcessLookupError:
        return  # it has ended by itself


def _descendants(process: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        children.setdefault(int(after_name[1]), []).append(int(path.parent.name))
    found, todo = [], [process]
    while todo:
        these = children.get(todo.pop(), [])
        found += these
        todo += these
    return found
