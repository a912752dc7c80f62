"""The two formats of a checkpoint, from weights and text to bytes and back; ``utils.checkpoint`` is for use.

``unpack`` functions take bytes that anyone may have written. They raise CheckpointError, and nothing else,
for whatever is not a checkpoint, and they run none of it.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import pickle
import zipfile
from collections.abc import Callable
from typing import Any, NamedTuple

import safetensors.torch
import torch
from torch import Tensor
from torch.serialization import get_unsafe_globals_in_checkpoint

File = str | os.PathLike[str]
State = dict[str, Tensor]
About = dict[str, str]
# Two names, not one: with either of them damaged, the other still says that both should be there.
SUM_WEIGHTS, SUM_ABOUT = "sha256.weights", "sha256.about"


class CheckpointError(ValueError):
    """What is wrong with a checkpoint, in one sentence that names the file and, where it can, the tensor."""


class Format(NamedTuple):
    pack: Callable[[State, About], bytes]
    unpack: Callable[[File, bytes], tuple[State, About]]


def pack_pt(state: State, about: About) -> bytes:
    buffer = io.BytesIO()
    torch.save({"state_dict": state, "about": about}, buffer)
    return buffer.getvalue()


def unpack_pt(path: File, raw: bytes) -> tuple[State, About]:
    """Compare the sums of the archive, look for names of functions, then build tensors and plain values."""
    if not raw.startswith(b"PK\x03\x04"):
        raise CheckpointError(f"{path}: this is not an archive that torch.save wrote; nothing in it was run")
    content = _plain_values(path, _archive(_records(path, raw)))
    right = isinstance(content, dict) and content.keys() == {"state_dict", "about"}
    if not right or not (_is_state(content["state_dict"]) and _is_about(content["about"])):
        raise CheckpointError(f"{path}: this is not a checkpoint that save_model wrote")
    return dict(content["state_dict"]), content["about"]


def _records(path: File, raw: bytes) -> dict[str, bytes]:
    """What the archive holds, each record equal to its sum. PyTorch's own reader compares no sums."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            # torch.save compresses nothing; a compressed record could unpack to more than the memory
            stored = all(entry.compress_type == zipfile.ZIP_STORED for entry in archive.infolist())
            records = {name: archive.read(name) for name in archive.namelist()} if stored else {}
    except Exception:  # a damaged archive makes zipfile raise a dozen types, from BadZipFile to RuntimeError
        raise CheckpointError(f"{path}: the file is damaged or cut short") from None
    if "data.pkl" not in {name.rpartition("/")[2] for name in records}:
        raise CheckpointError(
            f"{path}: this is a zip archive that torch.save did not write, or a damaged one"
        )
    return records


def _archive(records: dict[str, bytes]) -> bytes:
    """The records in a new archive, so that PyTorch reads what was compared.

    The two readers differ on a damaged directory: for a record with the mark of a folder, a single bit,
    PyTorch reads nothing and takes what happens to be in the memory for weights.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in records.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _plain_values(path: File, raw: bytes) -> Any:
    try:
        functions = get_unsafe_globals_in_checkpoint(io.BytesIO(raw))  # lists names and calls nothing
        if not functions:
            return torch.load(io.BytesIO(raw), map_location="cpu", weights_only=True)
        named = f" ({functions[0]})"
    except pickle.UnpicklingError:
        named = ""
    except Exception:  # bytes that are no pickle of tensors make its machine raise anything: IndexError, ...
        raise CheckpointError(f"{path}: this is not a checkpoint that save_model wrote") from None
    raise CheckpointError(
        f"{path}: the file holds more than weights and text{named}; that can be code, and none of it was run"
    )


def _is_state(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(name, str) and isinstance(tensor, Tensor) and _is_dense(tensor)
        for name, tensor in value.items()
    )


def _is_dense(tensor: Tensor) -> bool:
    """Whether its numbers lie in the memory, one by one: not sparse or on the device "meta"."""
    return tensor.layout == torch.strided and tensor.device.type == "cpu"


def _is_about(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for pair in value.items() for text in pair)


def pack_safetensors(state: State, about: About) -> bytes:
    sums = {SUM_WEIGHTS: _sum_of_weights(state), SUM_ABOUT: _sum_of_about(about)}
    return safetensors.torch.save(state, metadata={**about, **sums})


def unpack_safetensors(path: File, raw: bytes) -> tuple[State, About]:
    """The tensors and the text; the sums are compared if the file has any."""
    try:
        state = safetensors.torch.load(raw)
        end = 8 + int.from_bytes(raw[:8], "little")  # the length of the header comes first
        about = json.loads(raw[8:end]).get("__metadata__", {})
    except Exception:  # its own error type for most, KeyError for a type of number that PyTorch lacks, ...
        raise CheckpointError(
            f"{path}: the file is damaged, cut short or not in safetensors format"
        ) from None
    sums = about.pop(SUM_WEIGHTS, None), about.pop(SUM_ABOUT, None)
    if sums not in [(None, None), (_sum_of_weights(state), _sum_of_about(about))]:
        raise CheckpointError(f"{path}: the file is damaged: its contents do not match their checksum")
    return state, about


def _sum_of_weights(state: State) -> str:
    digest = hashlib.sha256()
    for name, tensor in sorted(state.items()):
        digest.update(repr((name, str(tensor.dtype), tuple(tensor.shape))).encode())
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy())
    return digest.hexdigest()


def _sum_of_about(about: About) -> str:
    return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()


FORMATS = {
    ".pt": Format(pack_pt, unpack_pt),
    ".safetensors": Format(pack_safetensors, unpack_safetensors),
}
