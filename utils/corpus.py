"""The corpus of the language models: PyTorch's own Python source as installed, in three splits.

The manifest ``utils/manifests/torch-VERSION.csv`` has each file's split, size, SHA-256 and path; ``python -m
utils.corpus --write`` makes it. Where this machine's PyTorch has no manifest or other files, the same rule
makes the splits anew, and ``status`` says so. The rule keeps near-duplicates together: files of which one
holds much of the other fall in one cluster, and a cluster falls in a split by a hash of its first path.
``version.py`` is left out: it differs between builds of one version.

>>> path, text = next(read_split("held_out"))
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import torch

from utils.data import corpus_files, corpus_root
from utils.duplicates import clusters
from utils.files import write_atomic

SPLITS = ("train", "validation", "held_out")
HELD_OUT, VALIDATION = 0.045, 0.03  # of the clusters; in PyTorch 2.13 each gets 2.8 % of the bytes
LARGEST = 1 / 200  # of the corpus: a larger cluster would be most of a split


class Entry(NamedTuple):
    """A line of the manifest."""

    split: str
    bytes: int
    sha256: str
    path: str  # below PyTorch's folder, with /


def matches() -> bool:
    """Whether this machine's PyTorch has the files of its manifest, byte for byte. Looked up once."""
    return not _difference()


def status() -> str:
    """One line: that the files are those of the manifest, or what differs and what follows from it."""
    if matches():
        size = sum(entry.bytes for entry in _manifest())
        return f"PyTorch {version()} as in the manifest: {len(_manifest())} files, {size / 1e6:.1f} MB"
    return f"{_difference()}: splits are made anew by the same rule, and results differ from those shown"


def read_split(split: str, max_bytes: int | None = None) -> Iterator[tuple[str, str]]:
    """Yield (path below PyTorch's folder, text) of a split; line ends are ``\\n``.

    The order mixes the folders and is the same everywhere, by a hash of the path. With ``max_bytes``, stop
    before the file that would take the total beyond it.
    """
    if split not in SPLITS:
        raise ValueError(f"{split!r} is no split: there are {', '.join(SPLITS)}")
    if max_bytes is not None and max_bytes < 0:
        raise ValueError(f"max_bytes is a number of bytes, not {max_bytes}")
    total = 0
    paths = [path for path, where in splits().items() if where == split]
    for path in sorted(paths, key=lambda path: share(f"order of {path}")):
        text = _read(path)
        total += len(text.encode())
        if max_bytes is not None and total > max_bytes:
            return
        yield path, text


@cache
def splits() -> dict[str, str]:
    """Path -> split, from the manifest if it fits this machine, else by the rule (some seconds)."""
    if matches():
        return {entry.path: entry.split for entry in _manifest()}
    return make_splits({path: _read(path) for path in _paths()})


def make_splits(texts: Mapping[str, str]) -> dict[str, str]:
    """The rule: path -> split, the same for all files of a cluster; a very large cluster is for training."""
    limit = LARGEST * sum(map(len, texts.values()))
    where = {}
    for cluster in clusters(texts):
        large = sum(len(texts[path]) for path in cluster) > limit
        split = "train" if large else split_of(cluster[0])
        where.update(dict.fromkeys(cluster, split))
    return where


def split_of(name: str) -> str:
    """The split that a hash of a name falls in."""
    if share(name) < HELD_OUT:
        return "held_out"
    return "validation" if share(name) < HELD_OUT + VALIDATION else "train"


def share(name: str) -> float:
    """A number from 0 to 1 that a hash of the name gives, the same everywhere."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:13], 16) / 16**13


def version() -> str:
    """PyTorch's version without the build, like "2.13.0"."""
    return torch.__version__.partition("+")[0]


def manifest_text() -> str:
    """The manifest of the files on this machine, as CSV."""
    where = make_splits({path: _read(path) for path in _paths()})
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(Entry._fields)
    for path in _paths():
        writer.writerow(Entry(where[path], _size(path), _digest(path), path))
    return table.getvalue()


def manifest_path() -> Path:
    return Path(__file__).parent / "manifests" / f"torch-{version()}.csv"


@cache
def _manifest() -> list[Entry]:
    if not manifest_path().exists():
        return []
    with manifest_path().open(encoding="utf-8", newline="") as file:
        return [
            Entry(split, int(size), digest, path) for split, size, digest, path in list(csv.reader(file))[1:]
        ]


@cache
def _difference() -> str:
    """What keeps the manifest from fitting, if anything: sizes first, they are read fast."""
    if not _manifest():
        return f"PyTorch {version()} has no manifest here"
    wrong = [e.path for e in _manifest() if _size(e.path) != e.bytes]
    wrong = wrong or [e.path for e in _manifest() if _digest(e.path) != e.sha256]
    if wrong:
        return f"{len(wrong)} files of PyTorch {version()} are not as in its manifest, {wrong[0]} for one"
    return ""


def _size(path: str) -> int:
    """Bytes of a file, -1 if there is none."""
    file = corpus_root() / path
    return file.stat().st_size if file.is_file() else -1


def _digest(path: str) -> str:
    return hashlib.sha256((corpus_root() / path).read_bytes()).hexdigest()


def _read(path: str) -> str:
    return (corpus_root() / path).read_text(encoding="utf-8")


def _paths() -> list[str]:
    """The files of the corpus on this machine."""
    paths = [path.relative_to(corpus_root()).as_posix() for path in corpus_files()]
    return [path for path in paths if path != "version.py"]


def main(arguments: list[str] | None = None) -> None:
    """Print the status and the size of each split; with ``--write``, write this machine's manifest first."""
    parser = argparse.ArgumentParser(prog="python -m utils.corpus", description=main.__doc__)
    parser.add_argument("--write", action="store_true", help="write the manifest of the PyTorch installed")
    if parser.parse_args(arguments).write:
        print(f"wrote {write_atomic(manifest_path(), manifest_text()).name}")
        for function in (_manifest, _difference, splits):
            function.cache_clear()
    print(status())
    for split in SPLITS:
        sizes = [_size(path) for path, where in splits().items() if where == split]
        print(f"{split:10} {len(sizes):5} files {sum(sizes) / 1e6:6.2f} MB")


if __name__ == "__main__":
    main()
