"""A corpus of token ids in files that are read without loading them, and the batches that a model trains on.

The order of batches is built by hand in chapter 07 and tied to it by a test. A shard is a header and then the
ids, little-endian, 2 bytes each where the vocabulary allows it, else 4. Limits: a corpus is written once, in
one go; windows do not overlap, and the last tokens, too few for a window, are left out.

>>> write_shards("corpus", [[5, 6, 7], [8, 9]], V=11, separator=10, fingerprint="x")[0].name
'shard_00000.tokens'
>>> Shards("corpus").tokens(2, 6).tolist()
[7, 10, 8, 9]
"""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from utils.files import write_atomic

MAGIC = b"LMZTOKEN"
LAYOUT = struct.Struct("<8sIIIIQQ64s32s")  # the fields of Header in order: 136 bytes


class ShardError(ValueError):
    """Why shards cannot be written or trusted, in one sentence."""


class Header(NamedTuple):
    """What stands before the ids of a shard."""

    magic: bytes
    version: int
    number: int  # of this shard, from 0 on
    last: int  # 1 in the last shard, else 0
    width: int  # bytes an id
    count: int  # ids in this shard
    V: int  # ids of the vocabulary
    fingerprint: bytes  # the tokenizer's
    sha256: bytes  # of the header, this field zero, and the ids


def write_shards(
    folder: str | os.PathLike[str],
    documents: Iterable[Sequence[int]],
    V: int,
    separator: int,
    fingerprint: str,
    tokens_per_shard: int = 1 << 20,
) -> list[Path]:
    """Write the ids of documents, each followed by ``separator``, and return the shards' paths in order.

    ``V`` and ``fingerprint`` are the tokenizer's. The folder must not hold shards yet. If the writing ends
    early, the last shard is missing, and ``Shards`` refuses the folder.
    """
    folder, width = Path(folder), _width(V)
    if any(folder.glob("shard_*")):
        raise ShardError(f"{folder} holds shards already: take another folder, or delete them")
    if tokens_per_shard < 1 or not fingerprint.isascii() or not 0 < len(fingerprint) <= 64:
        raise ShardError("a shard holds at least 1 token, a fingerprint 1 to 64 ASCII letters")
    paths: list[Path] = []
    waiting, full = bytearray(), tokens_per_shard * width

    def write(ids: bytes, last: bool) -> None:
        count = len(ids) // width
        header = Header(MAGIC, 1, len(paths), last, width, count, V, fingerprint.encode(), bytes(32))
        header = header._replace(sha256=_checksum(header, ids))
        paths.append(write_atomic(folder / f"shard_{len(paths):05}.tokens", LAYOUT.pack(*header) + ids))

    for document in documents:
        ids = np.array([*document, separator], dtype=np.int64)
        if ids.min() < 0 or ids.max() >= V:
            raise ShardError(f"a document has ids from {ids.min()} to {ids.max()}; they must be below {V}")
        waiting += ids.astype(f"<u{width}").tobytes()
        while len(waiting) > full:  # what is left is never empty: it becomes the last shard
            write(bytes(waiting[:full]), last=False)
            del waiting[:full]
    if not waiting:
        raise ShardError("there are no documents to write")
    write(bytes(waiting), last=True)
    return paths


class Shards:
    """The shards of a folder as one long row of ids: ``len``, and ``tokens`` for a part of it.

    The ids stay in the files. All checksums are compared once, here: ShardError where a shard is damaged,
    cut, missing or of another kind, vocabulary or (if one is given) tokenizer.
    """

    def __init__(self, folder: str | os.PathLike[str], fingerprint: str | None = None) -> None:
        paths = sorted(Path(folder).glob("shard_*.tokens"))
        if not paths:
            raise ShardError(f"{folder} holds no shards")
        headers = [_read_header(path) for path in paths]
        for number, (path, header) in enumerate(zip(paths, headers, strict=True)):
            if header.number != number:
                raise ShardError(f"shard {number} of {folder} is missing")
            if (header.V, header.fingerprint) != (headers[0].V, headers[0].fingerprint):
                raise ShardError(f"{path} is of another tokenizer than {paths[0].name}")
            if header.last and path != paths[-1]:
                raise ShardError(f"{path} says that it is the last shard, but more follow")
        if not headers[-1].last:
            raise ShardError(f"the last shards of {folder} are missing")
        self.V, self.fingerprint = headers[0].V, headers[0].fingerprint.rstrip(b"\0").decode()
        if fingerprint not in (None, self.fingerprint):
            raise ShardError(
                f"{folder} was written with another tokenizer: its fingerprint is {self.fingerprint}"
            )
        self._ids = [_map_ids(path, header) for path, header in zip(paths, headers, strict=True)]
        self._ends = np.cumsum([len(ids) for ids in self._ids]).tolist()

    def __len__(self) -> int:
        return self._ends[-1]

    def tokens(self, start: int, stop: int) -> Tensor:
        """The ids from ``start`` up to and without ``stop``: (stop - start,), int64."""
        if not 0 <= start <= stop <= len(self):
            raise ShardError(f"there are {len(self)} tokens, none from {start} to {stop}")
        parts = []
        for ids, end in zip(self._ids, self._ends, strict=True):
            first = end - len(ids)
            parts.append(ids[max(start - first, 0) : max(stop - first, 0)])
        return torch.from_numpy(np.concatenate(parts).astype(np.int64))


def batches(
    shards: Shards, B: int, T: int, seed: int, epoch: int = 0, rank: int = 0, ranks: int = 1, start: int = 0
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield inputs x (B, T) and targets y (B, T), the next token of each, for one epoch from step ``start``.

    Window i holds the tokens from i T to i T + T. Each comes once an epoch, to one of the ranks, in an order
    that follows from seed and epoch. All ranks make the same number of steps; in the last one a rank may have
    fewer than B windows, even none, so weigh losses by tokens. Built by hand in chapter 07.
    """
    if min(B, T, ranks) < 1 or not 0 <= rank < ranks or min(seed, epoch, start) < 0:
        raise ShardError("B, T and ranks are at least 1, rank is below ranks, and nothing is negative")
    windows = (len(shards) - 1) // T
    if windows < 1:
        raise ShardError(f"{len(shards)} tokens are too few for a window of {T} and the token after it")
    order = np.random.default_rng([seed, epoch]).permutation(windows).tolist()
    for first in range(start * B * ranks, windows, B * ranks):
        mine = order[first : first + B * ranks][rank::ranks]
        rows = torch.empty(len(mine), T + 1, dtype=torch.int64)
        for row, window in zip(rows, mine, strict=True):
            row[:] = shards.tokens(window * T, window * T + T + 1)
        yield rows[:, :-1].contiguous(), rows[:, 1:].contiguous()


def _width(V: int) -> int:
    """Bytes that an id needs."""
    if not 0 < V <= 1 << 32:
        raise ShardError(f"a vocabulary has from 1 to 2**32 ids, not {V}")
    return 2 if V <= 1 << 16 else 4


def _read_header(path: Path) -> Header:
    """The header of a shard, if it can be right."""
    with path.open("rb") as file:
        start = file.read(LAYOUT.size)
    if len(start) < LAYOUT.size or start[: len(MAGIC)] != MAGIC:
        raise ShardError(f"{path} is no shard, or its header is damaged")
    header = Header(*LAYOUT.unpack(start))
    if header.version != 1 or not 0 < header.V <= 1 << 32 or header.width != _width(header.V):
        raise ShardError(f"{path} has ids of another kind than is written here, or its header is damaged")
    if path.stat().st_size != LAYOUT.size + header.count * header.width or header.count == 0:
        raise ShardError(f"{path} is cut or damaged: it should hold {header.count} ids")
    return header


def _map_ids(path: Path, header: Header) -> np.memmap:
    """The ids of a shard, in the file, if their checksum is right."""
    ids = np.memmap(path, dtype=f"<u{header.width}", mode="r", offset=LAYOUT.size)
    if _checksum(header, ids) != header.sha256:
        raise ShardError(f"{path} is damaged: its checksum is another")
    return ids


def _checksum(header: Header, ids: bytes | np.ndarray) -> bytes:
    digest = hashlib.sha256(LAYOUT.pack(*header._replace(sha256=bytes(32))))
    digest.update(ids)
    return digest.digest()
