"""The data of the book, all of it on the machine already: two sets of scikit-learn, and PyTorch's own source.

Nothing here downloads. scikit-learn and pandas are imported only by the functions that use them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from utils.files import write_atomic
from utils.runtime import need

if TYPE_CHECKING:
    import pandas


def digits() -> tuple[Tensor, Tensor]:
    """Handwritten digits: images (1797, 1, 8, 8), float32 from 0 (paper) to 1 (ink); labels (1797,), int64.

    Source: the optical recognition set of E. Alpaydin and C. Kaynak (UCI), as it comes with scikit-learn.
    """
    bunch = need("sklearn.datasets").load_digits()
    images = torch.tensor(bunch.images, dtype=torch.float32).unsqueeze(1) / 16  # counts of ink from 0 to 16
    return images, torch.tensor(bunch.target, dtype=torch.int64)


def diabetes() -> pandas.DataFrame:
    """442 patients: ten measurements in their original units, and ``target``, the progress in a year.

    age (years), sex (1 or 2), bmi (kg/m2), bp (mean blood pressure, mm Hg) and six blood serum values s1 to
    s6. Source: Efron, Hastie, Johnstone and Tibshirani, "Least Angle Regression" (2004), as in
    scikit-learn.
    """
    return need("sklearn.datasets").load_diabetes(as_frame=True, scaled=False).frame


def write_diabetes_csv(path: str | os.PathLike[str]) -> Path:
    """Write ``diabetes()`` as CSV with a header line, the same bytes on every system, and return the path."""
    return write_atomic(path, diabetes().to_csv(index=False, lineterminator="\n"))


def corpus_files() -> list[Path]:
    """The Python files of PyTorch as installed, sorted by their path below its folder, as letters are coded.

    The order is the same on every system; the files are those of the version installed.
    """
    root = corpus_root()
    return sorted(root.rglob("*.py"), key=lambda path: path.relative_to(root).as_posix())


def read_corpus(max_bytes: int | None = None) -> Iterator[tuple[str, str]]:
    """Yield (path below PyTorch's folder with ``/``, text) for each file, in order; line ends are ``\\n``.

    With ``max_bytes``, stop before the file that would take the total of UTF-8 bytes beyond it: files stay
    whole.
    """
    if max_bytes is not None and max_bytes < 0:
        raise ValueError(f"max_bytes is a number of bytes, not {max_bytes}")
    root, total = corpus_root(), 0
    for path in corpus_files():
        text = path.read_text(encoding="utf-8")
        total += len(text.encode("utf-8"))
        if max_bytes is not None and total > max_bytes:
            return
        yield path.relative_to(root).as_posix(), text


def corpus_root() -> Path:
    """The folder that PyTorch is installed in."""
    return Path(torch.__file__).parent
