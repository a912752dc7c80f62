"""Reading a file whole: its bytes, or one sentence that says why there are none."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def read_whole(path: str | os.PathLike[str], refusal: type[ValueError]) -> bytes:
    """The bytes of the file, read in one go, so that what is checked is also what is used.

    Raises ``refusal`` with one sentence that names the file: it is missing, a folder, no ordinary file (a
    pipe would block for ever), not to be read by this user, or the system failed to read it.
    """
    file = Path(path)
    try:
        mode = _mode(file)
        if mode is None:
            raise refusal(f"{path}: there is no such file")
        if stat.S_ISDIR(mode):
            raise refusal(f"{path}: this is a folder, not a file")
        if not stat.S_ISREG(mode):
            raise refusal(f"{path}: this is not an ordinary file")
        return file.read_bytes()
    except PermissionError:
        raise refusal(f"{path}: there is no permission to read this file") from None
    except OSError as error:
        raise refusal(f"{path}: the file could not be read ({error.strerror})") from None


def _mode(file: Path) -> int | None:
    """What kind of thing the name belongs to; None if to nothing."""
    try:
        return file.stat().st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: a NUL byte in the name
        return None
