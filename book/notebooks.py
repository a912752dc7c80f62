"""What the commands of this folder and the tests share: which notebooks there are, how one runs, is stored.

Imports neither torch nor a kernel: ``book.student`` and the site's build use it on a machine without either.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parent.parent
OLDER_PROCESSOR = {  # each library's own way to leave newer instructions unused
    "ATEN_CPU_CAPABILITY": "avx2",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "MKL_ENABLE_INSTRUCTIONS": "AVX2",
}
THREAD_VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
NOT_COMPARED = ("nbval-ignore-output", "nbval-skip")
CORPUS = re.compile(r"\butils\.corpus\b|\bfrom utils import [^\n]*\bcorpus\b|\bread_corpus\b")


def lessons(root: Path = ROOT) -> list[Path]:
    """Every notebook that is stored with outputs: chapters, then the labs' solutions."""
    return sorted((root / "chapters").glob("*.ipynb")) + sorted((root / "labs" / "solutions").glob("*.ipynb"))


def read(path: Path) -> NotebookNode:
    """A notebook of format 4."""
    return nbformat.read(path, as_version=4)


def to_text(notebook: NotebookNode) -> str:
    """A notebook as it stands on the disk: checked against the format, one line end at the end."""
    nbformat.validate(notebook)
    return nbformat.writes(notebook).rstrip("\n") + "\n"


def key(path: Path, root: Path = ROOT) -> str:
    """What records and messages call a notebook: its path below the root, or its name if it lies outside."""
    path = path.resolve()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def cell_name(notebook: NotebookNode, index: int) -> str:
    """How a message names a cell: its place from 1 among all cells, and its id."""
    return f"cell {index + 1} (id {notebook.cells[index].get('id', '?')})"


def tags(cell: NotebookNode) -> list[str]:
    """The tags of a cell."""
    return cell.metadata.get("tags", [])


def is_compared(cell: NotebookNode) -> bool:
    """Whether the tests hold this cell's outputs against a fresh run."""
    return cell.cell_type == "code" and not any(tag in NOT_COMPARED for tag in tags(cell))


def compared_share(notebooks: Iterable[NotebookNode]) -> tuple[int, int]:
    """(cells whose output is compared, cells that have an output) over several notebooks."""
    printing = [cell for notebook in notebooks for cell in notebook.cells if cell.get("outputs")]
    return sum(map(is_compared, printing)), len(printing)


def uses_corpus(notebook: NotebookNode) -> bool:
    """Whether its code or metadata names the corpus, PyTorch's own source: each version has another."""
    named = any(CORPUS.search(cell.source) for cell in notebook.cells if cell.cell_type == "code")
    return named or bool(notebook.metadata.get("corpus"))


def code_hash(notebook: NotebookNode) -> str:
    """A short hash of all code: a record made from other code than the notebook holds is known as stale."""
    code = "\0".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    return hashlib.sha256(code.encode("utf-8")).hexdigest()[:16]


def run_environment(threads: int = 1, **more: str) -> dict[str, str]:
    """What notebooks are executed and compared in: no GPU, a fixed number of threads, no widgets."""
    environment = dict(os.environ)
    for name in (*OLDER_PROCESSOR, "BOOK_DEVICE", "PYTHONWARNINGS", "MPLBACKEND"):
        environment.pop(name, None)
    environment |= {name: str(threads) for name in THREAD_VARIABLES}
    environment |= {"CUDA_VISIBLE_DEVICES": "", "BOOK_STATIC": "1", "BOOK_LANG": "en", "PYTHONHASHSEED": "0"}
    return environment | more
