"""The worker and its parent: what cannot be sent, what is forged, who outlives whom, systems without fork."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.odd_functions import endless_sleep
from tests.toy_exercise import TOY, mean_square
from utils.exercises import client, wire
from utils.exercises.answers import Leaf, flatten
from utils.exercises.core import Case, call
from utils.exercises.outcome import run
from utils.exercises.process import Worker
from utils.exercises.report import text

PATIENCE = 120.0
ROOT = Path(__file__).resolve().parents[1]


def test_a_function_that_cannot_be_sent_names_what_is_to_blame():
    lock, numbers = threading.Lock(), (i for i in range(3))

    def with_lock(p, y):
        return lock

    def with_generator(p, y):
        return next(numbers)

    for function, name in ((with_lock, "lock"), (with_generator, "numbers")):
        outcome = run(TOY, function, limit=PATIENCE)
        assert (outcome.kind, outcome.names) == ("unsendable", (name,))
        assert f"It refers to `{name}`." in text(outcome, TOY, "en")


def test_a_function_that_is_too_large_names_what_is_to_blame(monkeypatch):
    monkeypatch.setattr("utils.exercises.limits.PARCEL", 10_000)
    table = torch.zeros(10_000)
    outcome = run(TOY, lambda p, y: p + table.sum(), limit=PATIENCE)
    assert (outcome.kind, outcome.names) == ("unsendable", ("table",))


class Unloadable:
    def __reduce__(self):
        return int, ("not a number",)


def test_a_function_that_cannot_be_loaded_says_why():
    value = Unloadable()
    outcome = run(TOY, lambda p, y: value, limit=PATIENCE)
    assert outcome.kind == "unloadable"
    assert "ValueError: invalid literal" in text(outcome, TOY, "en")


def test_not_a_function_at_all():
    for value, says in (
        (None, "was given None"),
        (torch.ones(2), "a value of type Tensor"),
        ("f", "of type str"),
    ):
        outcome = run(TOY, value)
        assert outcome.kind == "not_callable"
        assert says in text(outcome, TOY, "en")
        assert 'check("99.mean_square", mean_square)' in text(outcome, TOY, "zh")


def test_a_callable_object_and_a_class_that_answers_are_functions_too():
    class Called:
        def __call__(self, p, y):
            return mean_square(p, y)

    class Tensorlike(torch.Tensor):
        def __new__(cls, p, y):
            return mean_square(p, y)

    assert run(TOY, Called(), limit=PATIENCE).passed
    assert run(TOY, Tensorlike, limit=PATIENCE).passed


def test_an_interrupt_ends_the_worker_and_passes_through(monkeypatch):
    client.start()
    assert client._worker.ready()
    before = client._worker

    def interrupted(self, deadline):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Worker, "_next", interrupted)
        patch.setattr(Worker, "ready", lambda self: True)
        with pytest.raises(KeyboardInterrupt):
            run(TOY, endless_sleep, limit=PATIENCE)
    assert not before.alive()
    assert client._worker is not before
    assert run(TOY, mean_square, limit=PATIENCE).passed


def test_a_worker_that_does_not_start_is_told(monkeypatch):
    client.stop()
    monkeypatch.setattr(
        "utils.exercises.process.COMMAND", [sys.executable, "-c", "raise SystemExit('no torch here')"]
    )
    outcome = run(TOY, mean_square, limit=PATIENCE)
    monkeypatch.undo()
    client.stop()
    assert outcome.kind == "no_worker"
    assert "no torch here" in text(outcome, TOY, "en")


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_a_new_tensor_holds_in_the_check_what_it_holds_on_the_page(dtype: torch.dtype):
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        reply = client.execute(lambda: torch.zeros(2), call, [Case({}, ())], PATIENCE)
    finally:
        torch.set_default_dtype(before)
    (answers,) = reply.answers
    assert str(answers["result"].array.dtype) == str(dtype).removeprefix("torch.")


# --- the protocol -----------------------------------------------------------------------------------------


def sent(leaves: dict[str, Leaf]) -> dict[str, Leaf]:
    described, body = wire.pack_leaves(leaves)
    return wire.unpack_leaves(json.loads(json.dumps(described)), body)


def test_answers_arrive_as_they_were_sent():
    values = {
        "tensor": torch.randn(2, 3, dtype=torch.float64),
        "transposed": torch.randn(2, 3).T,
        "half": torch.ones(3, dtype=torch.bfloat16),
        "complex": torch.ones(2, dtype=torch.complex64) * 1j,
        "empty": torch.zeros(0, 3),
        "number": 0.5,
        "whole": 7,
        "truth": True,
        "big endian": np.arange(3, dtype=">f8"),
        "words": "é中",
        "pair": (1.0, [2, None]),
        "parameters": {"w": torch.ones(2), "b": None},
        "sparse": torch.eye(3).to_sparse(),
    }
    leaves = dict(item for name, value in values.items() for item in flatten(name, value))
    back = sent(leaves)
    assert list(back) == list(leaves)
    for name, leaf in leaves.items():
        assert (back[name].kind, back[name].type, back[name].shape, back[name].text) == (
            leaf.kind,
            leaf.type,
            leaf.shape,
            leaf.text,
        )
        if leaf.array is not None:
            np.testing.assert_array_equal(back[name].array, leaf.array)
    assert {"pair[1][0]", "parameters['w']"} <= set(leaves)


def test_nothing_forged_is_believed():
    entry = {"name": "x", "kind": "array", "type": "", "dtype": "", "text": "", "shape": [2], "frames": []}
    entry |= {"format": "<f8", "bytes": 16}
    assert wire.unpack_leaves([entry], bytes(16))["x"].shape == (2,)
    for change in (
        {"format": "|O8"},
        {"format": "<V8"},
        {"shape": [3]},
        {"shape": [-1, 5]},
        {"bytes": 8},
        {"bytes": "x"},
        {"shape": None},
        {"frames": [1]},
        {"format": 7},
        {"format": ""},
        {"format": "<"},
    ):
        with pytest.raises(wire.WireError):
            wire.unpack_leaves([entry | change], bytes(16))
    for junk in (b"junk" * 10, wire.HEAD.pack(wire.MAGIC, 2**31, 0), wire.HEAD.pack(wire.MAGIC, 2, 2**60)):
        with pytest.raises(wire.WireError):
            wire.read_frame(io.BytesIO(junk + bytes(100)))
    with pytest.raises(wire.WireError):
        wire.read_frame(io.BytesIO(wire.HEAD.pack(wire.MAGIC, 2, 0) + b"[]"))
    with pytest.raises(EOFError):
        wire.read_frame(io.BytesIO(wire.HEAD.pack(wire.MAGIC, 2, 9) + b"{}"))


# --- other systems, other endings -------------------------------------------------------------------------

LIKE_WINDOWS = """
import os, signal, sys
for name in ("fork", "forkpty", "killpg", "setsid"):
    delattr(os, name)
for name in ("alarm", "setitimer", "SIGALRM"):
    delattr(signal, name)
for name in ("resource", "fcntl", "pty", "termios"):
    sys.modules[name] = None
"""


def test_without_fork_signals_and_resource(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(LIKE_WINDOWS)
    script = textwrap.dedent("""
        import os, time
        from utils.exercises.outcome import run
        from tests.odd_functions import endless_loop, exits
        from tests.toy_exercise import TOY, mean_square
        assert not hasattr(os, "fork")
        print(*(run(TOY, f, limit=s).kind for f, s in ((mean_square, 120), (endless_loop, 2), (exits, 120))))
    """)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
    assert done.stdout.split() == ["passed", "timeout", "died"], done.stderr


@pytest.mark.skipif(os.name == "nt", reason="looks the process up by its number")
def test_a_worker_does_not_outlive_its_parent():
    script = textwrap.dedent("""
        import os, threading, time
        from utils.exercises import client
        from utils.exercises.outcome import run
        from tests.odd_functions import endless_loop
        from tests.toy_exercise import TOY
        client.start()
        assert client._worker.ready()
        print(client._worker._process.pid, flush=True)
        threading.Timer(1.0, os._exit, [0]).start()
        run(TOY, endless_loop, limit=3.0)
    """)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
    pid = int(done.stdout)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        if Path(f"/proc/{pid}/stat").exists() and Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
            return
        time.sleep(0.1)
    raise AssertionError("the worker still runs")
