"""Where in the learner's own code something happened: which frames are theirs, and what the line says."""

from __future__ import annotations

import linecache
import os
import re
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_LIBRARIES = tuple(
    os.path.normcase(os.path.realpath(folder)) + os.sep
    for folder in {
        *map(sysconfig.get_path, ("stdlib", "platstdlib", "purelib", "platlib")),
        Path(__file__).parent,
    }
)
_PACKAGES = tuple(f"{os.sep}{name}{os.sep}" for name in ("site-packages", "dist-packages"))
_WATCHED = re.compile(r'^  File "(.*)", line (\d+) in (.*)$', re.MULTILINE)


@dataclass(frozen=True)
class Place:
    """A line of the learner's code. ``source`` is empty where the text of the line is not to be had."""

    line: int
    function: str
    source: str = ""


def is_own(filename: str) -> bool:
    """Whether a file is the learner's: a cell or a module, not a library's and not this package's."""
    if filename.startswith(("<frozen ", "<__array_function__")):
        return False
    path = os.path.normcase(filename if filename.startswith("<") else os.path.realpath(filename))
    return not path.startswith(_LIBRARIES) and not any(part in path for part in _PACKAGES)


def own_place(frames: Iterable[tuple[str, int, str]]) -> Place | None:
    """The innermost of the learner's lines among frames given outermost first; one with a source if there is
    any.
    """
    places = [
        Place(line, function, linecache.getline(file, line).strip())
        for file, line, function in frames
        if is_own(file)
    ]
    with_source = [place for place in places if place.source]
    return (with_source or places or [None])[-1]


def watched_place(words: str) -> Place | None:
    """The same from what ``faulthandler`` wrote when the time ran out (innermost first, library frames and
    all).
    """
    frames = [(file, int(line), function) for file, line, function in _WATCHED.findall(words)]
    return own_place(reversed(frames))
