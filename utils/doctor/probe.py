"""Questions that another process answers, so that what breaks there does not end the doctor.

    python -m utils.doctor.probe torch      import PyTorch, compute with it, and on a GPU where it has one
    python -m utils.doctor.probe compile    compile a small function, run it and compare

Each prints one JSON object. ``ask`` starts one, waits, and turns whatever happens into a fact.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = ["-m", "utils.doctor.probe"]
# Where a notebook in chapters/ would find `utils`. Looked up and not imported: it may be anybody's.
WHICH_UTILS = (
    "import importlib.util, json; spec = importlib.util.find_spec('utils'); "
    "path = (spec.origin or list(spec.submodule_search_locations)[0]) if spec else ''; "
    "print(json.dumps({'path': path}))"
)


def interpreter() -> list[str]:
    """The command of the running Python, with the switches that decide which packages it finds."""
    switches = {"-S": sys.flags.no_site, "-E": sys.flags.ignore_environment, "-s": sys.flags.no_user_site}
    return [sys.executable, *(switch for switch, given in switches.items() if given)]


def ask(arguments: list[str], folder: Path = ROOT, seconds: float = 300) -> dict[str, str]:
    """Run Python with ``arguments`` in ``folder`` and return the JSON object that it prints last.

    If none comes, the object is {"error": one sentence}.
    """
    cache = tempfile.mkdtemp()  # compiled code is kept nowhere: an old result must not hide a lost compiler
    environment = dict(os.environ, TORCHINDUCTOR_CACHE_DIR=cache, PYTHONIOENCODING="utf-8")
    try:
        done = subprocess.run(
            [*interpreter(), *arguments],
            cwd=str(folder),
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired:
        return {"error": f"no answer within {seconds:g} seconds"}
    except OSError as error:
        return {"error": one_line(error)}
    finally:
        shutil.rmtree(cache, ignore_errors=True)
    for line in reversed(done.stdout.decode("utf-8", "replace").splitlines()):
        if line.startswith("{"):
            return json.loads(line)
    complaint = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return {"error": complaint[-1] if complaint else f"Python ended with status {done.returncode}"}


def one_line(error: BaseException, length: int = 200) -> str:
    """An exception as one line: its kind and the first line of its message that says something."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    text = type(error).__name__ + (": " + lines[0] if lines else "")
    return text if len(text) <= length else text[:length] + "…"


def torch_facts() -> dict[str, str]:
    """{"error"} if PyTorch cannot be imported or cannot add two numbers, else what it can compute on.

    "cuda" is the GPU platform that it was built for, "" for a CPU build; "gpu" the card that it computed
    on; "gpu_error" why it could not.
    """
    try:
        import torch

        torch.ones(2).sum().item()
    except Exception as error:
        return {"error": one_line(error)}
    found = {"cuda": torch.version.cuda or torch.version.hip or ""}
    if found["cuda"]:
        try:
            torch.ones(2, device="cuda").sum().item()
            found["gpu"] = torch.cuda.get_device_name(0)
        except Exception as error:
            found["gpu_error"] = one_line(error)
    return found


def compile_facts() -> dict[str, str]:
    """{} if a compiled function gives what the plain one does, else {"error"}."""
    try:
        import torch

        x = torch.linspace(0, 1, 1000)
        same = torch.allclose(torch.compile(_wave)(x), _wave(x))
    except Exception as error:
        text = str(error)
        if "Python.h" in text:
            return {"error": "Python.h: No such file"}
        return {"error": one_line(error)}
    return {} if same else {"error": "the compiled function gives other numbers than the plain one"}


def _wave(x):
    return x.sin() * 2 + x


if __name__ == "__main__":
    print(json.dumps({"torch": torch_facts, "compile": compile_facts}[sys.argv[1]]()))
