"""The process in which a learner's function runs: ``python -m utils.exercises.worker``.

It imports torch, says that it is ready, and then answers requests from its standard input until that closes:
unpickle a function, a probe and the cases, run them, send back arrays (``utils.exercises.wire``). It ends
itself when the time is up, also inside C code (``faulthandler`` watches from a thread that needs no
interpreter lock) and also when the process that started it is gone. What the function prints is sent along,
up to a limit; output that does not go through Python's ``sys.stdout`` is dropped.
"""

from __future__ import annotations

import faulthandler
import io
import os
import pickle
import signal
import sys
import threading
import warnings
from typing import Any, BinaryIO

from utils.exercises import limits
from utils.exercises.answers import answer, raised
from utils.exercises.wire import pack_leaves, read_frame, write_frame

MAX_REQUEST = 2**30


class Channel:
    """Frames to the parent, one at a time from whatever thread."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._lock = stream, threading.Lock()

    def send(self, event: str, body: bytes = b"", **fields: Any) -> None:
        with self._lock:
            write_frame(self._stream, {"event": event, **fields}, body)


class Prints(io.TextIOBase):
    """Stands in for sys.stdout and sys.stderr: passes on the first characters and counts the lines of the
    rest.
    """

    encoding = "utf-8"

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self.start()

    def start(self) -> None:
        self._left, self.lines, self._line = limits.PRINTED, 0, ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.lines += text.count("\n")
        if self._left > 0:
            self._line += text[: self._left]
            self._left -= len(text)
            if "\n" in self._line or self._left <= 0:
                self.flush()
        return len(text)

    def flush(self) -> None:
        if self._line:
            self._channel.send("print", text=self._line)
            self._line = ""


def take_over_streams() -> tuple[BinaryIO, Channel, int]:
    """Keep the pipes to the parent for ourselves; descriptors 0 to 2 then lead nowhere.

    Returns the request stream, the channel back, and a descriptor for faulthandler's last words.
    """
    requests, channel = os.fdopen(os.dup(0), "rb"), Channel(os.fdopen(os.dup(1), "wb"))
    last_words = os.dup(2)
    for descriptor, mode in ((0, os.O_RDONLY), (1, os.O_WRONLY), (2, os.O_WRONLY)):
        null = os.open(os.devnull, mode)
        os.dup2(null, descriptor)
        os.close(null)
    faulthandler.enable(file=last_words)
    return requests, channel, last_words


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


def fingerprint() -> list[dict[str, Any]]:
    """What a learner's code could have changed for the next one: functions patched, defaults set, threads
    left.
    """
    import builtins
    import math

    import numpy as np
    import torch

    settings = {
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
    )
    return [settings, *(dict(vars(module)) for module in modules)]


def untouched(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> bool:
    """Whether every name still holds the same object. New names are fine: packages load parts of themselves
    late.
    """
    same = all(after[0][key] == value for key, value in before[0].items())
    return same and all(
        b.get(name) is v for a, b in zip(before[1:], after[1:], strict=True) for name, v in a.items()
    )


def serve(header: dict[str, Any], body: bytes, channel: Channel, prints: Prints, last_words: int) -> bool:
    """Answer one request. Returns whether this process may serve another."""
    faulthandler.dump_traceback_later(limits.LOAD_SECONDS, exit=True, file=last_words)
    prints.start()
    sys.path.extend(entry for entry in header["path"] if entry not in sys.path)
    size = header["size"]
    try:
        os.chdir(header["folder"])
        probe, cases = pickle.loads(body[size:])
        function = pickle.loads(body[:size])
    except BaseException as error:
        leaves, data = pack_leaves({"": raised(error)})
        channel.send("unloadable", data, leaves=leaves)
        return False
    before = fingerprint()
    channel.send("loaded")
    faulthandler.dump_traceback_later(header["limit"], exit=True, file=last_words)
    for index, case in enumerate(cases):
        channel.send("case", index=index)
        leaves, data = pack_leaves(answer(function, probe, case))
        prints.flush()
        channel.send("answer", data, leaves=leaves)
    faulthandler.cancel_dump_traceback_later()
    clean = untouched(before, fingerprint()) and sys.stdout is prints
    channel.send("done", clean=clean, lines=prints.lines)
    return clean


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # stopping the notebook is the parent's business
    import torch

    torch.set_num_threads(1)
    requests, channel, last_words = take_over_streams()
    prints = Prints(channel)
    sys.stdout = sys.stderr = prints
    warnings.simplefilter("ignore")
    limit_memory()
    channel.send("ready")
    try:
        while serve(*read_frame(requests, MAX_REQUEST), channel, prints, last_words):
            pass
    except (EOFError, BrokenPipeError):  # the parent has gone
        return


if __name__ == "__main__":
    main()
