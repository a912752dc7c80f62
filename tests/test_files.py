"""Files are written whole, or not at all."""

from __future__ import annotations

import os
import stat
import sys

import pytest

from utils.files import write_atomic


def test_text_and_bytes_arrive_as_they_are(tmp_path):
    path = write_atomic(tmp_path / "new" / "folder" / "a.txt", "损失 = 1\r\nx\n")
    assert path.read_bytes() == "损失 = 1\r\nx\n".encode()
    assert write_atomic(str(path), b"\x00\xff") == path and path.read_bytes() == b"\x00\xff"
    assert os.listdir(path.parent) == ["a.txt"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, step):
    path = write_atomic(tmp_path / "a.txt", "old")

    def full(*args, **kw):
        raise OSError("no space left on device")

    monkeypatch.setattr(os, step, full)
    with pytest.raises(OSError, match="no space"):
        write_atomic(path, "new")
    assert path.read_text() == "old" and os.listdir(tmp_path) == ["a.txt"]


def test_a_file_is_complete_before_it_takes_the_name(tmp_path, monkeypatch):
    path, seen, replace = tmp_path / "a.txt", [], os.replace

    def look(source, target):
        with open(source, encoding="utf-8") as file:
            seen.append((os.path.dirname(source), file.read(), os.path.exists(target)))
        replace(source, target)

    monkeypatch.setattr(os, "replace", look)
    write_atomic(path, "whole")
    assert seen == [(str(tmp_path), "whole", False)]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_permissions_are_kept_and_new_files_get_the_usual_ones(tmp_path):
    path = tmp_path / "run.sh"
    path.write_text("old")
    path.chmod(0o750)
    assert stat.S_IMODE(write_atomic(path, "new").stat().st_mode) == 0o750
    (tmp_path / "plain").write_text("")
    fresh = write_atomic(tmp_path / "fresh", "")
    assert fresh.stat().st_mode == (tmp_path / "plain").stat().st_mode
