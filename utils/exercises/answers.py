"""What a function answered, as plain data: arrays, texts and the names of types, never objects.

A probe returns tensors, arrays, numbers, tuples; ``collect`` turns them into leaves that can be compared and
sent between processes without pickling. Tensors are detached, and a result that is a tuple or a dictionary
becomes several named leaves. Nothing here decides whether an answer is right; that is
``utils.exercises.compare``'s work.
"""

from __future__ import annotations

import contextlib
import copy
import random
import sys
import traceback
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from utils.exercises.core import Case
from utils.exercises.frames import is_library, is_own

MAX_BYTES = 16 * 2**20  # an answer larger than this keeps its shape and loses its data
MAX_LEAVES = 200  # results in one answer
MAX_DEPTH = 4  # tuples inside tuples
MAX_TEXT = 2000  # characters
MAX_FRAMES = 40  # of a traceback, innermost kept


@dataclass(frozen=True)
class Leaf:
    """One named result: array, huge, text, none, sequence, mapping, other; or an exception: raises,
    not_started (the function is still the stub), unwritten (what it calls is).
    """

    kind: str
    type: str = ""  # the name of the Python type, or of the exception
    array: np.ndarray | None = None
    dtype: str = ""  # as the learner knows it; bfloat16 arrives as a float32 array
    shape: tuple[int, ...] = ()
    text: str = ""  # a string, the keys of a mapping, or what an exception says
    frames: tuple[tuple[str, int, str], ...] = ()  # file, line, function; outermost first


Leaves = dict[str, Leaf]  # the answer to one case
RAISED = ""  # the name under which an answer that is an exception stands


def type_name(value: object) -> str:
    """The name of a value's type as it stands in code: ``Tensor``, ``list``, ``MyClass``."""
    return type.__dict__["__name__"].__get__(type(value))[:80]  # past a metaclass that lies or raises


def _array(value: Any, kind: str, dtype: str, shape: tuple[int, ...], make: Callable[[], Any]) -> Leaf:
    if int(np.prod(shape, dtype=np.float64)) * 16 > MAX_BYTES:
        return Leaf("huge", type_name(value), dtype=dtype, shape=shape)
    array = np.array(make(), copy=True, order="C")
    if array.dtype.kind not in "biufc" or array.dtype.itemsize > 16:
        return Leaf(kind, type_name(value), dtype=str(array.dtype), text=f"dtype {array.dtype}")
    return Leaf("array", type_name(value), array, dtype or str(array.dtype), array.shape)


def _tensor(value: Any, torch: Any) -> Leaf:
    dtype, shape = str(value.dtype).removeprefix("torch."), tuple(value.shape)

    def make() -> np.ndarray:
        plain = value.detach().to("cpu").resolve_conj().resolve_neg()
        plain = plain.to_dense() if plain.layout != torch.strided else plain
        return (plain.float() if plain.dtype == torch.bfloat16 else plain).numpy()

    return _array(value, "other", dtype, shape, make)


def look(value: Any) -> Leaf:
    """Turn one value into a leaf. A tuple, list or mapping gives the leaf of the container alone."""
    torch = sys.modules.get("torch")
    if isinstance(value, Leaf):
        return value
    if value is None:
        return Leaf("none", "None")
    if torch is not None and isinstance(value, torch.Tensor):
        return _tensor(value, torch)
    if isinstance(value, (bool, int, float, complex, np.generic, np.ndarray)):
        return _array(value, "other", "", np.shape(value), lambda: value)
    if isinstance(value, str):
        return Leaf("text", "str", text=value[:MAX_TEXT])
    if isinstance(value, Mapping):
        return Leaf(
            "mapping", type_name(value), shape=(len(value),), text=", ".join(map(repr, value))[:MAX_TEXT]
        )
    if isinstance(value, (tuple, list)):
        return Leaf("sequence", type_name(value), shape=(len(value),))
    return Leaf("other", type_name(value))


def flatten(name: str, value: Any, depth: int = 0) -> Iterator[tuple[str, Leaf]]:
    """Yield a value's leaf and, for a container, those of its items: ``result``, ``result[0]``,
    ``result['w']``.
    """
    leaf = look(value)
    yield name, leaf
    if depth >= MAX_DEPTH:
        return
    if leaf.kind == "mapping" and isinstance(value, Mapping):
        items = [(f"{name}[{key!r}]", item) for key, item in list(value.items())[:MAX_LEAVES]]
    elif leaf.kind == "sequence" and isinstance(value, (tuple, list)):
        items = [(f"{name}[{i}]", item) for i, item in enumerate(value[:MAX_LEAVES])]
    else:
        items = []
    for key, item in items:
        yield from flatten(key, item, depth + 1)


def _kind(error: BaseException, codes: Sequence[types.CodeType]) -> str:
    """Whether an exception is that of a stub, and of which: the checked function or one that it calls."""
    stub = (
        type(error) is NotImplementedError
        and bool(codes)
        and "NotImplementedError" in codes[-1].co_names  # that very function raised it
        and not is_library(codes[-1].co_filename)
    )
    own = sum(is_own(code.co_filename) for code in codes)
    return ("unwritten" if own > 1 else "not_started") if stub else "raises"


def raised(error: BaseException) -> Leaf:
    """The leaf of an exception: its type, what it says, and where it came from."""
    steps = [(frame.f_code, line) for frame, line in traceback.walk_tb(error.__traceback__)][-MAX_FRAMES:]
    frames = tuple((code.co_filename, line, code.co_name) for code, line in steps)
    kind = _kind(error, [code for code, _ in steps])
    try:
        text = str(error)[:MAX_TEXT]
    except BaseException:  # a learner's own exception class may fail to print
        text = ""
    return Leaf(kind, type_name(error), text=text, frames=frames)


@contextlib.contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Seed Python, NumPy and torch, and give all three their state back afterwards."""
    import torch

    python, numpy_state = random.getstate(), np.random.get_state()
    with torch.random.fork_rng(devices=[]):
        random.seed(seed), np.random.seed(seed), torch.manual_seed(seed)
        try:
            yield
        finally:
            random.setstate(python)
            np.random.set_state(numpy_state)


def fresh(function: Any) -> Any:
    """A plain function with copies of its defaults, so that what it keeps in them does not outlast a case."""
    if not isinstance(function, types.FunctionType):
        return function
    try:
        defaults, keywords = copy.deepcopy((function.__defaults__, function.__kwdefaults__))
    except Exception:  # something that cannot be copied stays shared
        return function
    code, name, closure = function.__code__, function.__name__, function.__closure__
    made = types.FunctionType(code, function.__globals__, name, defaults, closure)
    made.__kwdefaults__ = keywords
    made.__dict__.update(function.__dict__)
    return made


def answer(function: Callable[..., Any], probe: Callable[..., Any], case: Case, seed: int = 0) -> Leaves:
    """Probe the function on one case. An exception is an answer too, whatever its type."""
    leaves: Leaves = {}
    try:
        with seeded(seed):
            for name, value in probe(fresh(function), case).items():
                for key, leaf in flatten(name, value):
                    if len(leaves) < MAX_LEAVES:
                        leaves[key] = leaf
    except BaseException as error:  # sys.exit and KeyboardInterrupt, raised by a learner's code, as well
        return {RAISED: raised(error)}
    return leaves


def collect(
    function: Callable[..., Any], probe: Callable[..., Any], cases: Sequence[Case], seed: int = 0
) -> list[Leaves]:
    """Probe the function on every case, here and without a time limit: for code that is trusted."""
    return [answer(function, probe, case, seed) for case in cases]
