"""Writing files whole: a reader of the file sees the old content or the new, never a half."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_atomic(path: str | os.PathLike[str], data: str | bytes) -> Path:
    """Write ``data`` to ``path`` in one step and return the path.

    The data go to a temporary file in the same folder (made if missing), are flushed to the disk, and that
    file then takes the name. If anything fails, the old file stands and no temporary file is left. Text is
    stored as UTF-8 with the line ends it has, on Windows too. A file that is replaced keeps its
    permissions.

    >>> write_atomic("notes.txt", "ready").name
    'notes.txt'
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    content = data.encode("utf-8") if isinstance(data, str) else data
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, _mode(path))
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return path


def _mode(path: Path) -> int:
    """The permissions of the file that stands, or those that a new file gets here (mkstemp's are private)."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
