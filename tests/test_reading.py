"""A file is read whole, or one sentence says why not."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest

from utils.reading import read_whole


class Refused(ValueError):
    pass


def sentence(path) -> str:
    with pytest.raises(Refused) as caught:
        read_whole(path, Refused)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None  # no second traceback
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_bytes_come_as_they_are(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"\xff\r\n\0")
    assert read_whole(path, Refused) == read_whole(str(path), Refused) == b"\xff\r\n\0"


def test_missing(tmp_path):
    path = tmp_path / "gone" / "a.csv"
    assert sentence(path) == f"{path}: there is no such file"
    assert not path.parent.exists()


def test_a_file_on_the_way(tmp_path):
    (tmp_path / "a.csv").write_text("x")
    path = tmp_path / "a.csv" / "b.csv"
    assert sentence(path) == f"{path}: there is no such file"


def test_a_name_that_no_file_can_have(tmp_path):
    assert sentence("a\0b") == "a\0b: there is no such file"
    long = tmp_path / ("a" * 5000)
    assert sentence(long) == f"{long}: the file could not be read ({os.strerror(errno.ENAMETOOLONG)})"


def test_a_folder(tmp_path):
    assert sentence(str(tmp_path)) == f"{tmp_path}: this is a folder, not a file"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_pipe_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert sentence(tmp_path / "pipe") == f"{tmp_path / 'pipe'}: this is not an ordinary file"


def test_no_permission(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text("x")
    path.chmod(0)
    if os.access(path, os.R_OK):  # as root on Linux, and on Windows: the system's answer has to be played

        def denied(self):
            raise PermissionError(errno.EACCES, "Permission denied", str(self))

        monkeypatch.setattr(Path, "read_bytes", denied)
    assert sentence(path) == f"{path}: there is no permission to read this file"


def test_a_disk_that_fails(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text("x")

    def broken(self):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "read_bytes", broken)
    assert sentence(path) == f"{path}: the file could not be read (Input/output error)"
