"""Make the learners' labs from the solutions: ``python -m book.student [--check]``.

``labs/solutions/NN_name.ipynb`` is the source. In ``labs/NN_name.ipynb`` every region between ``### BEGIN
SOLUTION`` and ``### END SOLUTION`` is replaced by nbgrader's own stub, outputs are cleared, and cells
tagged ``solution-only`` are left out; links are written anew, since the copy stands one folder up.
nbgrader's metadata stay, so that a course on nbgrader can take the notebook as it is. ``--check`` writes
nothing and fails if a committed lab differs from what its solution gives.
"""

from __future__ import annotations

import argparse
import copy
import re
import sys
from pathlib import Path

from nbformat import NotebookNode

from book.notebooks import ROOT, read, tags, to_text
from utils.files import write_atomic

BEGIN, END = "BEGIN SOLUTION", "END SOLUTION"  # written as comments: ### BEGIN SOLUTION
STUB = ("# YOUR CODE HERE", "raise NotImplementedError()")  # as nbgrader writes it
TEXT_STUB = "YOUR ANSWER HERE"
SOLUTION_ONLY = "solution-only"
OUT_OF_SOLUTIONS = re.compile(r"(\]\()\.\./(?=\.\./)")  # a link that leaves labs/


class MarkerError(ValueError):
    """A solution's markers don't pair, or stand where nbgrader would not take them."""


def student_source(source: str, where: str) -> str:
    """The learner's version of a cell: each marked region becomes the stub, indented as its first marker."""
    kept: list[str] = []
    inside = False
    for number, line in enumerate(source.split("\n"), start=1):
        if BEGIN in line:
            if inside:
                raise MarkerError(f"{where}, line {number}: {BEGIN} inside a solution that has not ended")
            inside = True
            indent = line[: len(line) - len(line.lstrip())]
            kept += [indent + stub for stub in STUB]
        elif END in line:
            if not inside:
                raise MarkerError(f"{where}, line {number}: {END} without {BEGIN} before it")
            inside = False
        elif not inside:
            kept.append(line)
    if inside:
        raise MarkerError(f"{where}: {BEGIN} without {END}")
    return "\n".join(kept)


def student_notebook(solution: NotebookNode, name: str) -> NotebookNode:
    """A learner's copy of ``solution``, which stays as it is; ``name`` is what an error message calls it."""
    lab = copy.deepcopy(solution)
    lab.cells = [cell for cell in lab.cells if SOLUTION_ONLY not in tags(cell)]
    for cell in lab.cells:
        clear_cell(cell, f"{name}, cell {cell.get('id', '?')}")
    return lab


def clear_cell(cell: NotebookNode, where: str) -> None:
    """Take a cell's solution and outputs away, by nbgrader's rules.

    A solution cell without markers is a solution as a whole; markers outside a solution cell are an error.
    """
    is_code = cell.cell_type == "code"
    is_solution = cell.metadata.get("nbgrader", {}).get("solution", False)
    cleared = student_source(cell.source, where)
    marked = cleared != cell.source
    if marked and not is_solution:
        raise MarkerError(f"{where}: {BEGIN} in a cell that nbgrader's metadata don't call a solution")
    if is_solution and not marked:
        cleared = "\n".join(STUB) if is_code else TEXT_STUB
    cell.source = cleared if is_code else OUT_OF_SOLUTIONS.sub(r"\1", cleared)
    if is_code:
        cell.outputs, cell.execution_count = [], None
        cell.metadata.pop("execution", None)


def labs(root: Path = ROOT) -> list[tuple[Path, Path]]:
    """(solution, learner's copy) for every lab of the book."""
    folder = root / "labs"
    return [(path, folder / path.name) for path in sorted((folder / "solutions").glob("*.ipynb"))]


def make(solution: Path, lab: Path, check: bool) -> bool:
    """Write ``lab``, or with ``check`` only compare it; return whether it stood as its solution gives it."""
    text = to_text(student_notebook(read(solution), solution.name))
    current = lab.exists() and lab.read_text(encoding="utf-8") == text
    if not current and not check:
        write_atomic(lab, text)
    return current


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """The command: 0 if all is well, 1 if a lab differs under ``--check`` or a solution is faulty."""
    parser = argparse.ArgumentParser(prog="python -m book.student", description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a committed lab differs")
    check = parser.parse_args(arguments).check
    failed = False
    for solution, lab in labs(root):
        name = lab.relative_to(root).as_posix()
        try:
            current = make(solution, lab, check)
        except MarkerError as error:
            print(error, file=sys.stderr)
            failed = True
            continue
        if check and not current:
            print(f"{name} differs from its solution: run `make student`", file=sys.stderr)
            failed = True
        elif not check:
            print(f"{name}: {'unchanged' if current else 'written'}")
    expected = {lab for _, lab in labs(root)}
    for stray in sorted(set((root / "labs").glob("*.ipynb")) - expected):
        print(f"{stray.relative_to(root).as_posix()} has no solution in labs/solutions", file=sys.stderr)
        failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
