"""A learner's function, packed with cloudpickle so that another process can run it.

Functions of a notebook travel with the values they refer to. So do those of a learner's own module, which may
have been edited since the worker imported it; functions of installed packages travel by name.
"""

from __future__ import annotations

import contextlib
import inspect
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from utils.exercises import limits
from utils.exercises.core import Case
from utils.exercises.frames import is_own


class NotSendable(Exception):
    """The function cannot be packed. ``names`` are the variables to blame, where they could be found."""

    def __init__(self, reason: str, names: Sequence[str]) -> None:
        super().__init__(reason)
        self.names = tuple(names)


@dataclass(frozen=True)
class Parcel:
    """``body`` holds the function in its first ``size`` bytes, then the probe with the cases."""

    body: bytes
    size: int
    path: list[str]  # where the learner's imports may come from
    dtype: str  # what a tensor made from numbers holds on the learner's page


@contextlib.contextmanager
def _own_module_by_value(function: Any) -> Iterator[None]:
    import cloudpickle

    name = getattr(function, "__module__", None) or type(function).__module__
    module = sys.modules.get(name)
    file = getattr(module, "__file__", None)
    by_value = name != "__main__" and name.partition(".")[0] != "utils" and file is not None and is_own(file)
    if not by_value or name in cloudpickle.list_registry_pickle_by_value():
        yield
        return
    cloudpickle.register_pickle_by_value(module)
    try:
        yield
    finally:
        cloudpickle.unregister_pickle_by_value(module)


def _referred(function: Callable[..., Any]) -> dict[str, Any]:
    """The outside variables of a function, by name; empty for what has none to be found."""
    try:
        found = inspect.getclosurevars(inspect.unwrap(function))
    except (TypeError, ValueError):
        return {}
    return {**found.globals, **found.nonlocals}


def _heavy_or_broken(function: Callable[..., Any]) -> list[str]:
    import cloudpickle

    names = []
    for name, value in _referred(function).items():
        try:
            too_heavy = len(cloudpickle.dumps(value)) > limits.PARCEL // 4
        except Exception:
            too_heavy = True
        names += [name] if too_heavy else []
    return names


def pack(function: Callable[..., Any], probe: Callable[..., Any], cases: Sequence[Case]) -> Parcel:
    """Pack one job. Raises NotSendable where the learner's function cannot travel."""
    import cloudpickle

    task = cloudpickle.dumps((probe, tuple(cases)))
    try:
        with _own_module_by_value(function):
            packed = cloudpickle.dumps(function)
    except Exception as error:  # pickling runs the objects' own code: anything may come
        raise NotSendable(str(error)[:300], _heavy_or_broken(function)) from error
    if len(packed) > limits.PARCEL:
        raise NotSendable(f"{len(packed) / 2**20:.0f} MB", _heavy_or_broken(function))
    path = [os.path.abspath(entry) for entry in sys.path]
    return Parcel(packed + task, len(packed), path, str(torch.get_default_dtype()).removeprefix("torch."))
