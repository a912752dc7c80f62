"""What the known mistakes of 06.count_compiles have in common: the rules, with parts to change."""

from __future__ import annotations

from typing import Any

ANY = "any size from 2 on"


def serves(program: tuple[Any, ...], shape, rest, special=(0, 1)) -> bool:
    pattern, other = program
    fits = (s not in special if w is ANY else s == w for w, s in zip(pattern, shape, strict=True))
    return rest == other and all(fits)


def pattern_of(shape, known, special=(0, 1)):
    """``known`` holds the only size seen at each place so far, or ANY."""
    return [ANY if k is ANY and s not in special else s for k, s in zip(known, shape, strict=True)]


def merged(known, shape):
    return [k if k == s else ANY for k, s in zip(known or shape, shape, strict=True)]


def automatic(calls, merge=merged, special=(0, 1), start=None, rest_of=tuple, pattern_of=pattern_of):
    """Programs so far after each call."""
    programs, known, counts = [], start, []
    for shape, *others in calls:
        rest = rest_of(others)
        if not any(serves(program, shape, rest, special) for program in programs):
            known = merge(known, shape)
            programs.append((pattern_of(shape, known, special), rest))
        counts.append(len(programs))
    return counts


def static(calls, rest_of=tuple):
    """Programs so far after each call, one for each key."""
    keys, counts = set(), []
    for shape, *others in calls:
        keys.add((shape, rest_of(others)))
        counts.append(len(keys))
    return counts
