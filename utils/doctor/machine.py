"""Memory, compiler, graphics card and fonts, as far as they can be asked for without installing anything."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import subprocess
from pathlib import Path

CGROUP = Path("/sys/fs/cgroup/memory.max")  # the limit of a container, where there is one


def memory() -> tuple[float | None, float | None]:
    """Memory in GB, all of it and what is free; None where it is not known without psutil."""
    try:
        import psutil

        found = psutil.virtual_memory()
        total, free = found.total / 1e9, found.available / 1e9
    except ImportError:
        total, free = _total(), None
    limit = _limit()
    if limit is not None and (total is None or limit < total):
        return limit, None if free is None else min(free, limit)
    return total, free


def _total() -> float | None:
    """All memory as POSIX tells it (Linux and macOS)."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9
    except (AttributeError, ValueError, OSError):
        return None


def _limit() -> float | None:
    """The limit of the container that this runs in: Python is told the memory of the whole machine."""
    try:
        text = CGROUP.read_text().strip()
    except OSError:
        return None
    return int(text) / 1e9 if text.isdigit() else None


def compiler() -> str:
    """Path of the C++ compiler that torch.compile would take, or ""."""
    wanted = os.environ.get("CXX", "")
    names = [wanted] if wanted else ["cl"] if platform.system() == "Windows" else ["g++", "clang++", "c++"]
    return next((path for path in map(shutil.which, names) if path), "")


def nvidia() -> tuple[str, str]:
    """Name of the first NVIDIA card and version of the driver; ("", "") if the driver reports none."""
    question = ["--query-gpu=name,driver_version", "--format=csv,noheader"]
    said = output("nvidia-smi", *question).splitlines()
    name, _, driver = (said[0] if said else "").rpartition(",")
    return name.strip(), driver.strip() if name else ""


def output(command: str, *arguments: str) -> str:
    """What a command prints; "" if it is not there, fails, or does not end."""
    path = shutil.which(command)
    if path is None:
        return ""
    try:
        done = subprocess.run([path, *arguments], capture_output=True, timeout=30, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def figure_font() -> bool:
    """Whether the font that matplotlib brings, DejaVu Sans, lies where matplotlib keeps it."""
    spec = importlib.util.find_spec("matplotlib")
    if spec is None or not spec.origin:
        return False
    return (Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf").is_file()


def chinese_font() -> bool | None:
    """Whether the system has a font for Chinese; None where fontconfig is not there to say so."""
    if shutil.which("fc-list") is None:
        return None
    return bool(output("fc-list", ":lang=zh").strip())
