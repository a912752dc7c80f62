"""How long and how much: the bounds that a check and its worker share."""

from __future__ import annotations

import os

START_SECONDS = 180.0  # for a worker to import torch on a slow disk
LOAD_SECONDS = 30.0  # for importing what the learner's function needs, before its own time begins
GRACE_SECONDS = 0.25  # between the worker's own end and the kill
MEMORY = 2 * 2**30  # bytes beyond what torch needs
PRINTED = 4000  # characters of printed text that are passed on
PARCEL = 256 * 2**20  # bytes of a function with everything it refers to


def seconds() -> float:
    """The time limit of a check: EXERCISE_SECONDS, or 1.5. Raises ValueError unless it is positive."""
    text = os.environ.get("EXERCISE_SECONDS", "").strip() or "1.5"
    value = float(text)
    if not 0 < value < 1e6:
        raise ValueError(f"EXERCISE_SECONDS is {text}: a positive number of seconds is needed")
    return value
