"""A worker as its parent sees it: a process, one request at a time, and an end to it when the time is up.

Works the same on Linux, macOS and Windows: a subprocess, pipes, reader threads, kill.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from utils.exercises import limits
from utils.exercises.parcel import Parcel
from utils.exercises.reply import Reply, note
from utils.exercises.wire import MAX_BODY, WireError, read_frame, write_frame

MAX_WORDS = 2**16  # bytes of a worker's last words
MAX_EVENTS = 10_000  # of one run; more is a flood
ROOT = Path(__file__).resolve().parents[2]
COMMAND = [
    sys.executable,
    "-P",
    "-m",
    "utils.exercises.worker",
]  # -P: nothing beside a notebook shadows a module
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "",  # cases are small; a GPU's start-up is not
    "PYTHONIOENCODING": "utf-8",
}


class Worker:
    """One process. ``ready`` and ``run`` wait for it; ``kill`` ends it, and whatever it has started."""

    def __init__(self) -> None:
        environment = os.environ | ENVIRONMENT
        environment["PYTHONPATH"] = os.pathsep.join(
            [str(ROOT), *filter(None, [environment.get("PYTHONPATH")])]
        )
        flags = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) | getattr(
            subprocess, "CREATE_NO_WINDOW", 0
        )
        self._process = subprocess.Popen(
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            creationflags=flags,
            start_new_session=True,
        )
        self._events: queue.Queue[tuple[dict[str, Any], bytes] | None] = queue.Queue()
        self._words = bytearray()
        self._is_ready, self._count, self._bytes = False, 0, 0
        self._listener = self._thread(self._listen_for_words)
        self._thread(self._listen)

    @staticmethod
    def _thread(target: Callable[[], None]) -> threading.Thread:
        thread = threading.Thread(target=target, daemon=True)
        thread.start()
        return thread

    def _listen(self) -> None:
        try:
            while self._bytes < MAX_BODY and self._count < MAX_EVENTS:
                event = read_frame(self._process.stdout)
                self._count, self._bytes = self._count + 1, self._bytes + len(event[1])
                self._events.put(event)
        except (EOFError, WireError, OSError, ValueError):  # ended, spoke nonsense, or was closed
            pass
        self._events.put(None)

    def _listen_for_words(self) -> None:
        while block := self._process.stderr.read1(4096):
            if len(self._words) < MAX_WORDS:
                self._words += block  # faulthandler writes a few bytes at a time

    def alive(self) -> bool:
        return self._process.poll() is None

    def last_words(self) -> str:
        self._listener.join(1.0)
        return self._words.decode("utf-8", "replace")

    def _next(self, deadline: float) -> tuple[dict[str, Any], bytes] | None:
        """The next event, or None when the process has ended. Raises TimeoutError, MemoryError."""
        while True:
            left = deadline - time.monotonic()
            try:
                return self._events.get(timeout=max(0.0, min(left, 0.1)))
            except queue.Empty:
                if left <= 0:
                    raise TimeoutError from None
                if _resident(self._process.pid) > 2 * limits.MEMORY:
                    raise MemoryError from None

    def ready(self) -> bool:
        """Wait until the worker has imported torch."""
        if not self._is_ready:
            try:
                event = self._next(time.monotonic() + limits.START_SECONDS)
            except (TimeoutError, MemoryError):
                return False
            self._is_ready = event is not None and event[0].get("event") == "ready"
        return self._is_ready and self.alive()

    def run(self, job: Parcel, limit: float, cases: int) -> tuple[Reply, bool]:
        """Run one job. Returns the reply and whether the worker may be used again."""
        reply, clean, loaded = Reply(), False, False
        self._count = self._bytes = 0
        header = {
            "limit": limit,
            "size": job.size,
            "path": job.path,
            "dtype": job.dtype,
            "folder": os.getcwd(),
        }
        try:
            write_frame(self._process.stdin, header, job.body)
            deadline = time.monotonic() + limits.LOAD_SECONDS + limits.GRACE_SECONDS
            while event := self._next(deadline):
                if event[0].get("event") == "loaded":
                    if loaded:  # the time runs once: a second start would prolong it
                        raise WireError("loaded twice")
                    loaded = True
                    deadline = time.monotonic() + limit + limits.GRACE_SECONDS
                clean = note(reply, *event)
                if len(reply.answers) > cases or (reply.kind == "done" and len(reply.answers) != cases):
                    raise WireError("not one answer a case")
                if reply.kind in ("done", "unloadable"):
                    return reply, clean
        except TimeoutError:
            reply.kind = "timeout"
        except MemoryError:
            reply.kind = "memory"
        except (WireError, OSError, TypeError, ValueError, LookupError):  # gone, or not what a worker says
            reply.kind = "died"
        reply.code = self._end()
        reply.last_words = self.last_words()
        if reply.last_words.startswith("Timeout ("):
            reply.kind = "timeout"
        return reply, False

    def _end(self) -> int | None:
        """Give a process that is ending a moment to do so, then kill it. Returns its exit code."""
        try:
            return self._process.wait(0.1)
        except subprocess.TimeoutExpired:
            return None
        finally:
            self.kill()

    def kill(self) -> None:
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError, PermissionError):  # all of them have ended already
                os.killpg(self._process.pid, signal.SIGKILL)  # the worker leads a session of its own
        self._process.kill()
        self._process.wait()


def _resident(pid: int) -> int:
    """Bytes of memory the process holds; 0 where psutil is missing (it comes with ipykernel)."""
    try:
        import psutil

        return psutil.Process(pid).memory_info().rss
    except Exception:  # no psutil, or the process has just ended, which its pipe will tell
        return 0
