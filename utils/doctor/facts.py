"""What the doctor knows of a machine. ``gather`` finds it out; ``utils.doctor.findings`` judges it.

Tests make ``Facts`` by hand, so each verdict is tried without a machine that has the fault.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import struct
import sys
import tempfile
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

from utils.doctor import machine, probe
from utils.doctor.ranges import Needs, read_needs

ROOT = Path(__file__).resolve().parents[2]
DISTRIBUTION = "large-models-from-zero"


@dataclass(frozen=True)
class Facts:
    """One machine, one Python, one copy of the course. Sizes in GB (10**9 bytes); None: not known."""

    python: str  # version, "3.11.7"
    bits: int  # of the Python: 32 or 64
    system: str  # "Linux", "Darwin" or "Windows"
    processor: str  # "x86_64", "arm64"
    command: str  # what starts this Python from the project's folder
    environment: bool  # whether that Python is in a virtual or conda environment
    other_python: str  # starts the Python of .venv, if there is one and it is not this one
    make: bool
    colab: bool
    needs: Needs
    installed: dict[str, str]  # package -> version, of those that the course names
    utils: str  # file that a notebook would import as utils; "" if it finds none
    utils_ours: bool
    utils_owner: str  # the installed package that the other utils belongs to, if one does
    memory: float | None
    memory_free: float | None
    notebook: str  # the stored run that needed most memory
    notebook_memory: float
    disk_free: float
    unwritable: str  # why nothing can be written in the project's folder, or ""
    compiler: str  # path of a C++ compiler, or ""
    gpu: str  # what the NVIDIA driver reports: name of the first card, or ""
    driver: str  # version of that driver
    figure_font: bool  # whether matplotlib's own font is there
    chinese_font: bool | None  # whether the system has one
    torch: dict[str, str] = field(default_factory=dict)  # what utils.doctor.probe says; empty: not asked
    compiled: dict[str, str] | None = None  # the same of torch.compile; None: not asked


def gather(compiling: bool = False) -> Facts:
    """The facts of this machine. ``compiling`` also tries torch.compile, which takes half a minute."""
    needs = course_needs()
    named = [*needs.packages, *(name for group in needs.extras.values() for name in group)]
    installed = {name: found for name in named if (found := version(name)) is not None}
    colab = "COLAB_RELEASE_TAG" in os.environ
    utils = probe.ask(["-c", probe.WHICH_UTILS], ROOT if colab else ROOT / "chapters").get("path", "")
    ours = bool(utils) and Path(utils).resolve() == ROOT / "utils" / "__init__.py"
    memory, memory_free = machine.memory()
    notebook, notebook_memory = largest_notebook()
    gpu, driver = machine.nvidia()
    torch = probe.ask([*probe.HERE, "torch"]) if "torch" in installed else {}
    works = bool(torch) and "error" not in torch
    return Facts(
        python=platform.python_version(),
        bits=struct.calcsize("P") * 8,
        system=platform.system(),
        processor=platform.machine(),
        command=shown(sys.executable),
        environment=sys.prefix != sys.base_prefix or "CONDA_PREFIX" in os.environ,
        other_python=other_python(),
        make=shutil.which("make") is not None,
        colab=colab,
        needs=needs,
        installed=installed,
        utils=utils,
        utils_ours=ours,
        utils_owner="" if ours or not utils else owner(Path(utils)),
        memory=memory,
        memory_free=memory_free,
        notebook=notebook,
        notebook_memory=notebook_memory,
        disk_free=shutil.disk_usage(str(ROOT)).free / 1e9,
        unwritable=unwritable(ROOT),
        compiler=machine.compiler(),
        gpu=gpu,
        driver=driver,
        figure_font=machine.figure_font(),
        chinese_font=machine.chinese_font(),
        torch=torch,
        compiled=probe.ask([*probe.HERE, "compile"]) if compiling and works else None,
    )


def course_needs() -> Needs:
    """The ranges of pyproject.toml; empty if the file is missing, and then the course is not whole."""
    path = ROOT / "pyproject.toml"
    return read_needs(path.read_text(encoding="utf-8")) if path.is_file() else Needs()


def version(name: str) -> str | None:
    """The version of an installed package, "unknown" if its installation is broken, None if there is none."""
    try:
        return metadata.version(name) or "unknown"
    except metadata.PackageNotFoundError:
        return None
    except Exception:  # a damaged record raises what it likes; the range will refuse the answer
        return "unknown"


def shown(executable: str) -> str:
    """A Python's path as one types it in the project's folder, in quotes if it holds a space."""
    path = Path(executable)
    if ROOT in path.parents:  # not resolved: in an environment, python is a link to the system's
        path = path.relative_to(ROOT)
    return f'"{path}"' if " " in str(path) else str(path)


def other_python() -> str:
    """The command of .venv's Python if it exists and another one is running; else ""."""
    folder = ROOT / ".venv"
    path = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    return shown(str(path)) if path.exists() and Path(sys.prefix).resolve() != folder.resolve() else ""


def owner(path: Path) -> str:
    """Name of the installed package that ``path`` (a module called utils) came with, or ""."""
    for found in metadata.distributions():
        files = [
            file
            for file in found.files or []
            if str(file).endswith("utils/__init__.py") or str(file) == "utils.py"
        ]
        if any(Path(str(found.locate_file(file))).resolve() == path.resolve() for file in files):
            return found.metadata["Name"]
    return ""


def largest_notebook() -> tuple[str, float]:
    """The stored run that needed most memory and what it needed in GB, from book/results/notebooks.json."""
    path = ROOT / "book" / "results" / "notebooks.json"
    runs = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    sizes = {name: float(run["quote"]["memory"].split()[0]) for name, run in runs.items()}
    name = max(sizes, key=lambda key: sizes[key], default="")
    return name, sizes.get(name, 0.0)


def unwritable(folder: Path) -> str:
    """Why no file can be made in ``folder``, or ""."""
    try:
        with tempfile.TemporaryFile(dir=str(folder)):
            return ""
    except OSError as error:
        return error.strerror or str(error)
