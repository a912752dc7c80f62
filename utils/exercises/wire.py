"""The bytes between a check and its worker.

A frame is a JSON header and a body of raw bytes, each with its length in front. Towards the worker the body
holds pickled functions and cases. On the way back it holds array data only: nothing a learner's process sends
is unpickled, and every length is bounded before it is read.
"""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

import numpy as np

from utils.exercises.answers import MAX_BYTES, MAX_LEAVES, Leaf, Leaves

HEAD = struct.Struct(">4sIQ")
MAGIC = b"LMZ1"
MAX_HEADER = 4 * 2**20
MAX_BODY = 64 * 2**20  # of an answer; a request may be larger


class WireError(Exception):
    """The other side sent something that is not a frame, or one that breaks the limits."""


def write_frame(stream: BinaryIO, header: dict[str, Any], body: bytes = b"") -> None:
    text = json.dumps(header).encode("ascii")
    stream.write(HEAD.pack(MAGIC, len(text), len(body)) + text)
    stream.write(body)
    stream.flush()


def _read_exactly(stream: BinaryIO, size: int) -> bytes:
    parts = []
    while size:
        part = stream.read(min(size, 2**20))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def read_frame(stream: BinaryIO, max_body: int = MAX_BODY) -> tuple[dict[str, Any], bytes]:
    """Read one frame. Raises EOFError at the end of the stream and WireError for anything malformed."""
    magic, header_size, body_size = HEAD.unpack(_read_exactly(stream, HEAD.size))
    if magic != MAGIC or header_size > MAX_HEADER or body_size > max_body:
        raise WireError("not a frame")
    try:
        header = json.loads(_read_exactly(stream, header_size))
    except (ValueError, RecursionError) as error:
        raise WireError("the header is not JSON") from error
    if not isinstance(header, dict):
        raise WireError("the header is not an object")
    return header, _read_exactly(stream, body_size)


def pack_leaves(leaves: Leaves) -> tuple[list[dict[str, Any]], bytes]:
    """Describe an answer as JSON beside the bytes of its arrays. What is too large keeps its shape only."""
    described, parts, size = [], [], 0
    for name, leaf in leaves.items():
        entry = {"name": name, "kind": leaf.kind, "type": leaf.type, "dtype": leaf.dtype, "text": leaf.text}
        entry |= {"shape": leaf.shape, "frames": leaf.frames}
        if leaf.array is not None and size + leaf.array.nbytes > MAX_BYTES:
            entry["kind"] = "huge"
        elif leaf.array is not None:
            array = leaf.array.astype(leaf.array.dtype.newbyteorder("<"), copy=False)
            entry |= {"format": array.dtype.str, "bytes": array.nbytes}
            parts.append(array.tobytes())
            size += array.nbytes
        described.append(entry)
    return described, b"".join(parts)


def unpack_leaves(described: Any, body: bytes) -> Leaves:
    """The reverse of ``pack_leaves``, trusting nothing. Raises WireError."""
    try:
        leaves, start = {}, 0
        for entry in described[:MAX_LEAVES]:
            array, end = None, start
            if entry["kind"] == "array":
                end = start + int(entry["bytes"])
                array = _array(entry, body[start:end])
            leaves[str(entry["name"])] = _leaf(entry, array)
            start = end
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise WireError(f"a malformed answer: {error}") from error
    return leaves


def _array(entry: dict[str, Any], data: bytes) -> np.ndarray:
    kind, size = entry["format"][1], int(entry["format"][2:])
    if kind not in "biufc" or size > 16:
        raise WireError("a dtype that is not a number")
    return np.frombuffer(data, dtype=f"<{kind}{size}").reshape([int(n) for n in entry["shape"]])


def _leaf(entry: dict[str, Any], array: np.ndarray | None) -> Leaf:
    frames = tuple((str(file), int(line), str(name)) for file, line, name in entry["frames"])
    shape = tuple(int(n) for n in entry["shape"])
    kind, type_, dtype, text = (str(entry[key]) for key in ("kind", "type", "dtype", "text"))
    return Leaf(kind, type_, array, dtype, shape, text, frames)
