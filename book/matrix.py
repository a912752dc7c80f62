"""Whether outputs hold: ``python -m book.matrix [NOTEBOOK ...]`` (default: all of the book).

Every notebook runs three times in a row on one thread, once on two, and once as on an older processor; each
time the outputs that the tests compare are held against the stored ones. Prints a table; fails if any
differs.
"""

from __future__ import annotations

import argparse
import copy
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from nbformat import NotebookNode

from book.execute import NotStored, clear, probe, run, tidy
from book.notebooks import OLDER_PROCESSOR, ROOT, cell_name, is_compared, key, lessons, read, run_environment

IMAGE = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=]+")
KINDS = ("text/plain", "text/html", "text/latex", "text/markdown")

Outputs = dict[int, list[str]]  # index of a compared cell -> what it showed


def modes() -> dict[str, dict[str, str]]:
    """Name of a way to run -> its environment."""
    one = run_environment(1)
    # torch.compile's cache does not ask which instructions a kernel was built for: each kind needs a folder
    older_cache = str(Path(tempfile.gettempdir()) / "torchinductor_older_processor")
    return {
        "one thread, first run": one,
        "one thread, second run": one,
        "one thread, third run": one,
        "two threads": run_environment(2),
        "older processor": run_environment(1, **OLDER_PROCESSOR, TORCHINDUCTOR_CACHE_DIR=older_cache),
    }


def compared_outputs(notebook: NotebookNode) -> Outputs:
    """What the tests compare of a notebook: text and HTML of cells that are not tagged, images left out."""
    return {
        index: [line for output in cell.outputs for line in shown(output)]
        for index, cell in enumerate(notebook.cells)
        if is_compared(cell)
    }


def shown(output: NotebookNode) -> list[str]:
    """The texts of one output, each with its kind before it."""
    if output.output_type == "stream":
        return [f"{output.name}: {output.text}"]
    if output.output_type == "error":
        return [f"error: {output.ename}: {output.evalue}"]
    return [f"{kind}: {IMAGE.sub('IMAGE', output.data[kind])}" for kind in KINDS if kind in output.data]


def differences(notebook: NotebookNode, wanted: Outputs, got: Outputs) -> list[str]:
    """One line for each cell whose outputs differ, with the first text that does."""
    found = []
    for index, texts in wanted.items():
        if texts != got[index]:
            pairs = zip([*texts, "nothing"], [*got[index], "nothing"], strict=False)
            stored, now = next((a, b) for a, b in pairs if a != b)
            found.append(f"{cell_name(notebook, index)}: stored {stored[:200]!r}, now {now[:200]!r}")
    return found


def compare(stored: NotebookNode, folder: Path, environment: dict[str, str]) -> tuple[int, list[str]]:
    """Run a copy of ``stored`` in ``folder``; return how many cells were compared, and what differs."""
    fresh = copy.deepcopy(stored)
    clear(fresh)
    try:
        run(fresh, folder, environment)
    except NotStored as error:
        return 0, [str(error)]
    tidy(fresh)
    wanted = compared_outputs(stored)
    return sum(map(bool, wanted.values())), differences(stored, wanted, compared_outputs(fresh))


def capability(environment: dict[str, str]) -> str:
    """The instructions and threads that PyTorch uses under ``environment``: whether a mode took effect."""
    code = "import torch; print(torch.backends.cpu.get_cpu_capability(), torch.get_num_threads())"
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()


def main(arguments: list[str] | None = None) -> int:
    """The command: 0 if every compared output held in every mode, 1 if one did not."""
    parser = argparse.ArgumentParser(prog="python -m book.matrix", description=__doc__.partition("\n")[0])
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: all chapters and solutions")
    paths = parser.parse_args(arguments).notebooks or lessons()
    print(probe(run_environment()))
    failures, rows = [], []
    settings = {name: (environment, capability(environment)) for name, environment in modes().items()}
    for path in paths:
        stored = read(path)  # once, so that every mode is held against the same file
        for mode, (environment, instructions) in settings.items():
            cells, found = compare(stored, path.parent, environment)
            rows.append((key(path, ROOT), mode, instructions, str(cells), str(len(found))))
            failures += [f"{key(path, ROOT)}, {mode}, {line}" for line in found]
            print(f"{rows[-1][0]}, {mode}: {len(found)} of {cells} differ", file=sys.stderr)
    print(table([("notebook", "mode", "instructions, threads", "cells compared", "different"), *rows]))
    print(*failures, sep="\n")
    return int(bool(failures))


def table(rows: list[tuple[str, ...]]) -> str:
    """Rows as text, columns aligned; the first row is the heading."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


if __name__ == "__main__":
    sys.exit(main())
