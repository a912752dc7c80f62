"""What comes back from a worker for one request, put together event by event and trusted in nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from utils.exercises import limits
from utils.exercises.answers import MAX_FRAMES, Leaf, Leaves
from utils.exercises.wire import unpack_leaves


@dataclass
class Reply:
    """What became of a request: done, timeout, died, memory, unloadable, unsendable or no_worker."""

    kind: str = "died"
    answers: list[Leaves] = field(default_factory=list)
    case: int | None = None  # the case that was running last
    printed: str = ""
    lines: int = 0
    problem: Leaf | None = None  # an exception: what could not be sent or loaded
    names: tuple[str, ...] = ()  # the variables that could not be sent
    code: int | None = None  # exit code of a worker that died
    frames: tuple[tuple[str, int, str], ...] = ()  # where it was shortly before the time ran out
    last_words: str = ""  # of faulthandler: where the time ran out


def note(reply: Reply, header: dict[str, Any], body: bytes) -> bool:
    """Enter one event into the reply. Returns whether the worker says it is clean."""
    event = header.get("event")
    if event == "print":
        reply.printed = (reply.printed + str(header.get("text")))[: limits.PRINTED]
    elif event == "where":
        frames = header.get("frames")
        reply.frames = tuple((str(file), int(line), str(name)) for file, line, name in frames[:MAX_FRAMES])
    elif event == "case":
        reply.case = len(reply.answers)
    elif event == "answer":
        reply.answers.append(unpack_leaves(header.get("leaves"), body))
    elif event == "unloadable":
        reply.kind, reply.problem = event, unpack_leaves(header.get("leaves"), body).get("")
    elif event == "done":
        reply.kind, reply.lines = event, max(0, int(header.get("lines") or 0))
    return header.get("clean") is True
