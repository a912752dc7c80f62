"""Run notebooks and store their outputs: ``python -m book.execute [NOTEBOOK ...]`` (default: all of them).

Each runs in a fresh kernel, on one thread, without a GPU. What changes from run to run is not stored, so a
second run gives the same file. A notebook that raises, or writes to stderr, is not stored: the message
names the cell. The time and memory that a run took go to ``book/results/notebooks.json``, which pages
quote.
"""

from __future__ import annotations

import argparse
import datetime
import json
import math
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from book.notebooks import ROOT, cell_name, code_hash, key, lessons, read, run_environment, tags, to_text
from utils.files import write_atomic

RECORD = ROOT / "book" / "results" / "notebooks.json"
CELL_TIMEOUT = 600  # seconds
VOLATILE = ("application/vnd.jupyter.widget-view+json",)
SECONDS_STEPS = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300)
GB_STEP = 0.25


class NotStored(RuntimeError):
    """A run that may not be stored, with one sentence that names the cell."""


def run(notebook: NotebookNode, folder: Path, environment: dict[str, str]) -> dict[str, float]:
    """Execute ``notebook`` in place with ``folder`` as the working directory; return its seconds and peak MB.

    Raises NotStored if a cell fails, takes too long, or ends the kernel.
    """
    peak, started = 0.0, 0

    def begin_cell(cell: NotebookNode, cell_index: int) -> None:
        nonlocal started
        started = cell_index

    def end_cell(cell: NotebookNode, cell_index: int, execute_reply: dict[str, Any]) -> None:
        nonlocal peak
        peak = max(peak, resident_mb(client.km.provisioner.pid))

    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=["--log-level=ERROR"],  # newer kernels warn that they listen on local TCP
        resources={"metadata": {"path": str(folder)}},
        on_cell_execute=begin_cell,
        on_cell_executed=end_cell,
    )
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as ipython:  # nobody's own start-up files
        try:
            client.execute(env=environment | {"IPYTHONDIR": ipython})
        except CellExecutionError as error:
            what = f"raised {error.ename}: {error.evalue}"
        except CellTimeoutError:
            what = f"ran for more than {CELL_TIMEOUT} s"
        except DeadKernelError:
            what = "ended its kernel, perhaps for want of memory"
        else:
            what = ""
    if what:
        raise NotStored(f"{cell_name(notebook, started)} {what}")
    return {"seconds": round(time.perf_counter() - begin, 1), "peak_mb": round(peak)}


def resident_mb(pid: int) -> float:
    """The largest resident set of a process so far, in MB; the present one if the system keeps no maximum."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        for line in status.read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    import psutil

    memory = psutil.Process(pid).memory_info()
    return getattr(memory, "peak_wset", memory.rss) / 1e6


def clear(notebook: NotebookNode) -> None:
    """Take every output and execution count away."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            cell.metadata.pop("execution", None)


def tidy(notebook: NotebookNode) -> None:
    """Leave out what changes from run to run, or from machine to machine, and is no result."""
    notebook.metadata.pop("widgets", None)
    notebook.metadata.get("language_info", {}).pop("version", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [tidy_output(output) for output in cell.outputs if not only_widget(output)]


def only_widget(output: NotebookNode) -> bool:
    """Whether an output is a live widget and nothing that could be stored."""
    data = output.get("data", {})
    return any(kind in data for kind in VOLATILE) and set(data) <= {*VOLATILE, "text/plain"}


def tidy_output(output: NotebookNode) -> NotebookNode:
    """An output without widget views, and of a traceback only the last line: the others hold paths."""
    for kind in VOLATILE:
        output.get("data", {}).pop(kind, None)
    if output.output_type == "error":
        output.traceback = output.traceback[-1:]
    return output


def refuse_noise(notebook: NotebookNode) -> None:
    """Raise NotStored at the first output on stderr, or error that no ``raises-exception`` tag announces."""
    for index, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            where = cell_name(notebook, index)
            if output.output_type == "stream" and output.name == "stderr":
                line = output.text.strip().partition("\n")[0]
                raise NotStored(f"{where} wrote to stderr: {line}")
            if output.output_type == "error" and "raises-exception" not in tags(cell):
                raise NotStored(f"{where} raised {output.ename}: {output.evalue}")


def store(path: Path, environment: dict[str, str]) -> dict[str, Any]:
    """Execute the notebook at ``path``, write it with its outputs, and return what its run took."""
    if not path.is_file():
        raise NotStored("there is no such file")
    notebook = read(path)
    clear(notebook)
    taken = run(notebook, path.parent, environment)
    refuse_noise(notebook)
    tidy(notebook)
    write_atomic(path, to_text(notebook))
    return quotable(taken) | {"code": code_hash(notebook)}


def quotable(taken: dict[str, float]) -> dict[str, Any]:
    """Add the round figures that prose quotes, so that a text needn't change with every run.

    ``quote`` holds the next step of seconds and of GB above what was measured.
    """
    steps = [step for step in SECONDS_STEPS if step >= taken["seconds"]]
    seconds = steps[0] if steps else math.ceil(taken["seconds"] / 60) * 60
    gigabytes = math.ceil(taken["peak_mb"] / 1000 / GB_STEP) * GB_STEP
    return taken | {"quote": {"seconds": f"{seconds} s", "memory": f"{gigabytes:g} GB"}}


def probe(environment: dict[str, str]) -> str:
    """The machine line as a kernel with this environment would print it.

    It also makes matplotlib build its list of fonts, which it would otherwise announce in a notebook's
    output.
    """
    code = "import matplotlib.font_manager; from utils.runtime import machine; print(machine())"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip().splitlines()[-1]


def origin(command: str, machine: str) -> dict[str, Any]:
    """Where a record comes from: command, date, commit, machine, and the versions that matter."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    ).stdout.strip()
    packages = ("torch", "numpy", "pandas", "matplotlib", "scikit-learn", "nbclient")
    return {
        "command": command,
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "commit": commit or "not under git",
        "machine": machine,
        "versions": {name: version(name) for name in packages},
    }


def record(results: dict[str, dict[str, Any]], path: Path = RECORD) -> None:
    """Put ``results`` into the record, keyed by notebook; entries of notebooks that are gone are left out."""
    old = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    merged = {name: entry for name, entry in (old | results).items() if (ROOT / name).exists()}
    write_atomic(path, json.dumps(merged, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def main(arguments: list[str] | None = None) -> int:
    """The command: 0 if every notebook was stored, 1 if one was not."""
    parser = argparse.ArgumentParser(prog="python -m book.execute", description=__doc__.partition("\n")[0])
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: all chapters and solutions")
    paths = parser.parse_args(arguments).notebooks or lessons()
    environment = run_environment()
    machine = probe(environment)
    failed = False
    for path in paths:
        name = key(path)
        try:
            entry = store(path, environment)
        except NotStored as error:
            print(f"{name} was not stored: {error}.", file=sys.stderr)
            failed = True
            continue
        print(f"{name}: {entry['seconds']} s, {entry['peak_mb']} MB")
        if (ROOT / name).exists():
            record({name: entry | origin(f"python -m book.execute {name}", machine)})
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
