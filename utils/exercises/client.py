"""Where a learner's function is run: a warm worker, kept between checks, and a spare that takes its place
when it has been used up.
"""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable, Sequence
from typing import Any

from utils.exercises.answers import raised
from utils.exercises.core import Case
from utils.exercises.parcel import NotSendable, pack
from utils.exercises.process import Worker
from utils.exercises.reply import Reply

_lock = threading.Lock()
_worker: Worker | None = None
_spare: Worker | None = None  # loads torch meanwhile: a check after a lost worker need not wait


def start() -> None:
    """Have a worker under way, without waiting for it."""
    global _worker, _spare
    if _worker is None or not _worker.alive():
        _worker, _spare = (_spare if _spare is not None and _spare.alive() else Worker()), None


def stop() -> None:
    """End the workers, if there are any. The next check starts another."""
    global _spare
    drop()
    if _spare is not None:
        _spare.kill()
        _spare = None


def drop() -> None:
    """End the worker that ran the last function; the spare takes its place."""
    global _worker
    if _worker is not None:
        _worker.kill()
        _worker = None


atexit.register(stop)


def execute(
    function: Callable[..., Any],
    probe: Callable[..., Any],
    cases: Sequence[Case],
    limit: float,
) -> Reply:
    """Probe the function on every case in the worker, within ``limit`` seconds.

    Whatever the function does, the reply says; an interrupt by the user ends the worker and passes through.
    """
    global _spare
    try:
        job = pack(function, probe, cases)
    except NotSendable as error:
        return Reply("unsendable", problem=raised(error), names=error.names)
    with _lock:
        start()
        if not _worker.ready():
            failed = _worker
            drop()
            return Reply("no_worker", last_words=failed.last_words())
        reusable = False
        try:
            reply, reusable = _worker.run(job, limit, len(cases))
        finally:
            if not reusable:
                drop()
                start()
            if _spare is None:
                _spare = Worker()
    return reply
