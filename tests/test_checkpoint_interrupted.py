"""A save that does not come to its end leaves the old checkpoint, whatever ends it and wherever."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import torch

from tests.checkpoint_cases import net
from utils import checkpoint
from utils.checkpoint import CheckpointError, load_model, save_model

STEPS = {"mkstemp": tempfile, "fdopen": os, "fsync": os, "chmod": os, "replace": os}
FULL = OSError(errno.ENOSPC, "No space left on device")


class HalfWritten:
    """A file that takes half of what it is given, and then fails."""

    def __init__(self, handle: int, mode: str, error: BaseException) -> None:
        self.file, self.error = open(handle, mode), error  # noqa: SIM115  (closed by __exit__)

    def __enter__(self):
        return self

    def __exit__(self, *error) -> None:
        self.file.close()

    def write(self, content: bytes) -> None:
        self.file.write(content[: len(content) // 2])
        raise self.error


def fail_at(monkeypatch, step: str, error: BaseException) -> None:
    def fail(*args, **kw):
        raise error

    if step == "write":
        monkeypatch.setattr(os, "fdopen", lambda handle, mode: HalfWritten(handle, mode, error))
    else:
        monkeypatch.setattr(STEPS[step], step, fail)


@pytest.mark.parametrize("suffix", [".pt", ".safetensors"])
@pytest.mark.parametrize(
    "error", [FULL, KeyboardInterrupt(), MemoryError()], ids=["full", "interrupt", "memory"]
)
@pytest.mark.parametrize("step", [*STEPS, "write"])
def test_the_old_checkpoint_stands(step, error, suffix, tmp_path, monkeypatch):
    path, old, loaded = tmp_path / f"a{suffix}", net(1), net(2)
    raw = save_model(path, old, {"epochs": "1"}).read_bytes()
    with monkeypatch.context() as context:
        fail_at(context, step, error)
        with pytest.raises(CheckpointError if error is FULL else type(error)) as caught:
            save_model(path, net(3), {"epochs": "2"})
    if error is FULL:
        wanted = f"{path}: the file could not be written (No space left on device); nothing changed"
        assert str(caught.value) == wanted and caught.value.__suppress_context__
    assert path.read_bytes() == raw and os.listdir(tmp_path) == [path.name]
    assert load_model(path, loaded) == {"epochs": "1"}
    assert torch.equal(loaded[0].weight, old[0].weight)


@pytest.mark.parametrize("suffix", [".pt", ".safetensors"])
@pytest.mark.parametrize("step", [*STEPS, "write"])
def test_without_an_old_one_there_is_none(step, suffix, tmp_path, monkeypatch):
    with monkeypatch.context() as context:
        fail_at(context, step, FULL)
        with pytest.raises(CheckpointError, match="No space left"):
            save_model(tmp_path / f"a{suffix}", net())
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("library", ["torch.save", "safetensors.torch.save"])
def test_a_library_that_fails_while_it_packs(library, tmp_path, monkeypatch):
    path = tmp_path / ("a.pt" if library == "torch.save" else "a.safetensors")
    raw = save_model(path, net(1)).read_bytes()

    def fail(*args, **kw):
        raise RuntimeError("not today")

    with monkeypatch.context() as context:
        context.setattr(library, fail)
        with pytest.raises(RuntimeError, match="not today"):
            save_model(path, net(2))
    assert path.read_bytes() == raw and os.listdir(tmp_path) == [path.name]


def test_an_error_of_the_disk_without_a_text_of_its_own(tmp_path, monkeypatch):
    fail_at(monkeypatch, "fsync", OSError("cable pulled"))
    path = tmp_path / "a.pt"
    with pytest.raises(CheckpointError) as caught:
        save_model(path, net())
    assert str(caught.value) == f"{path}: the file could not be written (cable pulled); nothing changed"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL and no fork")
def test_a_killed_save_leaves_the_old_checkpoint_or_the_new_one(tmp_path):
    """40 kills at random moments, and one before and after each step of the writing."""
    root = Path(checkpoint.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-m", "tests.killed_saves", tmp_path],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []
