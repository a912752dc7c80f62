"""Where in the learner's own code something happened: which frames are theirs, and what the line says."""

from __future__ import annotations

import linecache
import os
import re
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


def _inside(*folders: str | Path) -> tuple[str, ...]:
    return tuple(os.path.normcase(os.path.realpath(folder)) + os.sep for folder in folders)


_LIBRARIES = _inside(*map(sysconfig.get_path, ("stdlib", "platstdlib", "purelib", "platlib")))
_THIS_PACKAGE = _inside(Path(__file__).parent)
_PACKAGES = tuple(f"{os.sep}{name}{os.sep}" for name in ("site-packages", "dist-packages"))
_WATCHED = re.compile(r'^  File "(.*)", line (\d+) in (.*)$', re.MULTILINE)


@dataclass(frozen=True)
class Place:
    """A line of the learner's code. ``source`` is empty where the text of the line is not to be had."""

    line: int
    function: str
    source: str = ""


def _path(filename: str) -> str:
    return os.path.normcase(filename if filename.startswith("<") else os.path.realpath(filename))


def is_library(filename: str) -> bool:
    """Whether a file belongs to Python or to an installed package."""
    path = _path(filename)
    made = path.startswith(("<frozen ", "<__array_function__"))
    return made or path.startswith(_LIBRARIES) or any(part in path for part in _PACKAGES)


def is_own(filename: str) -> bool:
    """Whether a file is the learner's: a cell or a module, not a library's and not this package's."""
    return not is_library(filename) and not _path(filename).startswith(_THIS_PACKAGE)


def own_place(frames: Iterable[tuple[str, int, str]]) -> Place | None:
    """The innermost of the learner's lines among frames, outermost first; one with a source, if any has."""
    places = [
        Place(line, function, linecache.getline(file, line).strip())
        for file, line, function in frames
        if is_own(file)
    ]
    with_source = [place for place in places if place.source]
    return (with_source or places or [None])[-1]


def watched_place(words: str) -> Place | None:
    """The same from what ``faulthandler`` wrote when the time ran out: innermost first, all in one text."""
    frames = [(file, int(line), function) for file, line, function in _WATCHED.findall(words)]
    return own_place(reversed(frames))
