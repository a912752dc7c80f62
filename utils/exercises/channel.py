"""The worker's end of the pipes: requests in, events out, and what the learner's function prints."""

from __future__ import annotations

import faulthandler
import io
import os
import threading
from typing import Any, BinaryIO

from utils.exercises import limits
from utils.exercises.wire import write_frame


class Channel:
    """Frames to the parent, one at a time from whatever thread."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._lock = stream, threading.Lock()

    def send(self, event: str, body: bytes = b"", **fields: Any) -> None:
        with self._lock:
            write_frame(self._stream, {"event": event, **fields}, body)


class Prints(io.TextIOBase):
    """Stands in for sys.stdout and sys.stderr: passes on what comes first and counts the rest."""

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
