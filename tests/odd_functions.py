"""What a learner's function may do instead of answering, for the tests of the exercise framework."""

from __future__ import annotations

import os
import sys
import threading
import time

import numpy as np
import torch

from tests.toy_exercise import mean_square


def endless_loop(p, y):
    n = 0
    while True:
        n += 1


def endless_c_call(p, y):
    return sum(range(10**15))  # one call into C that never lets go of the interpreter


def endless_sleep(p, y):
    time.sleep(1e9)


def endless_printing(p, y):
    while True:
        print("again " * 20)


def endless_busy_thread(p, y):
    threading.Thread(target=endless_loop, args=(p, y)).start()
    threading.Event().wait()


def recursive(p, y):
    return recursive(p, y)


def exits(p, y):
    os._exit(3)


def system_exit(p, y):
    sys.exit("bye")


def interrupts(p, y):
    raise KeyboardInterrupt


def crashes(p, y):
    import ctypes

    ctypes.string_at(0)


def hoards(p, y):
    blocks = []
    while True:
        blocks.append(bytearray(2**28))


def asks_for_too_much(p, y):
    return torch.ones(10**13)


def writes_everywhere(p, y):
    for descriptor in range(64):
        try:
            os.write(descriptor, b"\x00junk" * 100)
        except OSError:
            continue
    return torch.zeros(p.shape[1], dtype=p.dtype)


def patches_the_comparison(p, y):
    np.allclose = torch.allclose = np.array_equal = lambda *a, **k: True
    torch.equal = torch.testing.assert_close = lambda *a, **k: True
    return torch.zeros(p.shape[1], dtype=p.dtype)


def forgets_every_module(p, y):
    for name in set(sys.modules) - {"sys"}:
        sys.modules.pop(name)
    return torch.zeros(p.shape[1], dtype=p.dtype)


def raises(p, y):
    q = p.T
    return q @ y.T  # the line that fails


def calls_a_helper(p, y):
    return helper(p)


def helper(p):
    return p.no_such_method()


def calls_a_stub(p, y):
    return stub(p)


def stub(p):
    raise NotImplementedError


def stub_of_two(p, y):
    raise NotImplementedError


class Returned:
    """Not a tensor."""


def raises_without_a_name(p, y):
    class Nameless(type):
        @property
        def __name__(cls):
            raise RuntimeError("no name")

    raise Nameless("Odd", (Exception,), {})()


def prints_what_cannot_be_shown(p, y):
    print("\ud800")
    raise ValueError("\ud800")


ENDINGS = {  # function, kind, what the English message must say
    "endless_loop": (endless_loop, "timeout", "while True:|n += 1"),
    "endless_c_call": (endless_c_call, "timeout", "return sum(range(10**15))"),
    "endless_sleep": (endless_sleep, "timeout", "time.sleep(1e9)"),
    "endless_printing": (endless_printing, "timeout", "more lines"),
    "endless_thread": (endless_busy_thread, "timeout", "threading.Event().wait()"),
    "recursive": (recursive, "raises", "called itself without end"),
    "exits": (exits, "died", "exit code 3"),
    "system_exit": (system_exit, "raises", "SystemExit: bye"),
    "interrupts": (interrupts, "raises", "raised KeyboardInterrupt"),
    "crashes": (crashes, "died", "ctypes.string_at(0)"),
    "asks_for_too_much": (asks_for_too_much, "raises", "too much memory"),
    "raises": (raises, "raises", "return q @ y.T"),
    "nameless": (raises_without_a_name, "raises", "Odd"),
    "surrogate": (prints_what_cannot_be_shown, "raises", "ValueError"),
    "helper": (calls_a_helper, "raises", "of helper: return p.no_such_method()"),
    "stub": (stub_of_two, "not_started", "not started yet"),
    "calls a stub": (calls_a_stub, "unwritten", "Your function calls `stub`, which is not written yet."),
    "signature": (lambda p: p, "raises", "It is called as mean_square(p, y)."),
    "class": (Returned, "raises", "It is called as"),
    "none": (lambda p, y: None, "none", "The result is None"),
    "list": (lambda p, y: mean_square(p, y).tolist(), "type", "a list of length 2, but should be a Tensor"),
    "tuple": (lambda p, y: (p, y), "type", "a tuple of length 2"),
    "text": (lambda p, y: "0.5", "type", "the text “0.5”"),
    "object": (lambda p, y: Returned(), "type", "an object of type Returned"),
    "a class": (lambda p, y: Returned, "type", "an object of type type"),
    "generator": (lambda p, y: (v for v in p), "type", "an object of type generator"),
    "shape": (
        lambda p, y: mean_square(p, y)[:, None],
        "shape",
        "has shape (2, 1), but should have shape (2,).",
    ),
    "number": (lambda p, y: mean_square(p, y).sum(), "shape", "has shape (), but"),
    "huge": (lambda p, y: torch.zeros(10**7), "huge", "(10000000,)"),
    "nan": (lambda p, y: mean_square(p, y) * float("nan"), "nan", "is nan at [0]"),
    "infinite": (lambda p, y: mean_square(p, y) / 0, "nan", "is inf at [0]"),
    "value": (lambda p, y: mean_square(p, y) * 3, "value", "Every entry is 3 times the expected one."),
    "zeros": (lambda p, y: mean_square(p, y) * 0, "value", "Every entry is zero."),
    "no modules": (forgets_every_module, "died", "ended the whole Python process"),
    "junk": (writes_everywhere, "died", "ended the whole Python process"),
    "patched": (patches_the_comparison, "value", "but should be"),
}
