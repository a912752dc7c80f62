"""Weights in a file: written whole or not at all, and loaded only after every check has passed.

Two formats, by the suffix. ``.safetensors`` holds numbers and text and cannot hold code. ``.pt`` is PyTorch's
own: a zip archive around a pickle, and a pickle can call any function. It is opened here only by
``torch.load(weights_only=True)``, which builds tensors and plain values and calls nothing else.

What is noticed when bytes of a file change. ``.pt``: any flipped bit of weights or ``about``, by the CRC-32
sums in the archive; ``torch.load`` alone does not compare them and takes what it finds for weights.
``.safetensors``: the format has no sums, so ``save_model`` puts SHA-256 sums beside ``about``, which find the
same; a file from elsewhere, without them, may hold a changed weight as long as it is finite. Neither format
notices who wrote a file: these sums find accidents, not intent.

Limits: the state dict only, no optimiser and no random state; a file is held in memory, up to three times.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from utils.checkpoint_formats import (
    FORMATS,
    SUM_ABOUT,
    SUM_WEIGHTS,
    About,
    CheckpointError,
    File,
    Format,
    State,
)
from utils.files import write_atomic
from utils.reading import read_whole

__all__ = ["CheckpointError", "load_model", "save_model"]


def save_model(path: File, model: nn.Module, about: About | None = None) -> Path:
    """Write the model's state dict and ``about``, names with a text each, to ``path`` and return the path.

    The suffix chooses the format: ``.pt`` or ``.safetensors``. Weights are stored from the CPU, in their own
    dtype; folders on the way are made. An interrupted save leaves the old file as it was. Built by hand in
    chapter 05, without the checks.

    Raises CheckpointError, with nothing written, for another suffix, an ``about`` that is not text, weights
    that are not finite (``load_model`` would refuse them), and a file that cannot be written.
    """
    chosen = _format(path)
    about = _checked_about(path, about or {})
    state = {
        name: tensor.cpu().clone(memory_format=torch.contiguous_format)  # a view would drag its whole base in
        for name, tensor in _tensors(path, model).items()
    }
    for name, tensor in state.items():
        _check_finite(path, name, tensor)
    try:
        return write_atomic(path, chosen.pack(state, about))
    except (FileExistsError, NotADirectoryError):
        raise CheckpointError(f"{path}: a file stands where the folder should be; nothing changed") from None
    except OSError as error:
        reason = error.strerror or error
        raise CheckpointError(f"{path}: the file could not be written ({reason}); nothing changed") from None


def load_model(path: File, model: nn.Module) -> About:
    """Load the weights of ``path`` into ``model``, in place, and return ``about``, in order of its names.

    Weights come in the model's own dtype and on its own device. The file runs no code. Built by hand in
    chapter 05, without the checks.

    Raises CheckpointError, with the model as it was, for a file that is missing, damaged, cut short, no
    checkpoint, or more than weights and text; for names that the file lacks or has too many; for a tensor
    of another shape or kind of number, or with numbers that are not finite in the model's dtype.
    """
    chosen = _format(path)
    own = _tensors(path, model)
    state, about = chosen.unpack(path, read_whole(path, CheckpointError))
    if lacking := sorted(own.keys() - state.keys()):
        raise CheckpointError(f"{path}: the file lacks {_listed(lacking)}, which the model needs")
    if unexpected := sorted(state.keys() - own.keys()):
        raise CheckpointError(f"{path}: the file has {_listed(unexpected)}, which the model does not know")
    model.load_state_dict({name: _fitted(path, name, state[name], own[name]) for name in own})
    return dict(sorted(about.items()))  # safetensors keeps no order


def _format(path: File) -> Format:
    suffix = Path(path).suffix
    if suffix not in FORMATS:
        raise CheckpointError(f"{path}: the name must end in {' or '.join(FORMATS)}, not {suffix!r}")
    return FORMATS[suffix]


def _checked_about(path: File, about: About) -> About:
    for name, text in about.items():
        if not isinstance(name, str) or not isinstance(text, str):
            raise CheckpointError(f"{path}: about has texts only, and {name!r}: {text!r} is not; use str()")
        if name in (SUM_WEIGHTS, SUM_ABOUT):
            raise CheckpointError(f"{path}: the name {name!r} in about is taken by a checksum")
    return dict(about)


def _tensors(path: File, model: nn.Module) -> State:
    """The model's state dict. What a module adds by ``get_extra_state`` can be any object: refused."""
    state = model.state_dict()
    for name, value in state.items():
        if not isinstance(value, Tensor):
            raise CheckpointError(f"{path}: {name!r} in the model is no tensor, and only tensors are stored")
    return {name: tensor.detach() for name, tensor in state.items()}


def _fitted(path: File, name: str, tensor: Tensor, own: Tensor) -> Tensor:
    """The tensor in the dtype of the model's own, if it fits in there."""
    if tensor.shape != own.shape:
        shapes = f"shape {tuple(tensor.shape)} in the file and {tuple(own.shape)} in the model"
        raise CheckpointError(f"{path}: {name!r} has {shapes}")
    if _kind(tensor.dtype) != _kind(own.dtype):
        kinds = f"{str(tensor.dtype)[6:]} in the file and {str(own.dtype)[6:]} in the model"
        raise CheckpointError(f"{path}: {name!r} holds {kinds}")
    _check_finite(path, name, tensor)
    fitted = tensor.to(own.dtype)
    _check_finite(path, name, fitted, f" as {str(own.dtype)[6:]}")
    if _kind(own.dtype) == "integer" and not torch.equal(fitted.double(), tensor.double()):
        raise CheckpointError(f"{path}: {name!r} holds numbers too large for {str(own.dtype)[6:]}")
    return fitted


def _kind(dtype: torch.dtype) -> str:
    if dtype.is_floating_point:
        return "real"
    return "complex" if dtype.is_complex else "truth" if dtype == torch.bool else "integer"


def _check_finite(path: File, name: str, tensor: Tensor, as_dtype: str = "") -> None:
    if not tensor.isfinite().all():
        raise CheckpointError(f"{path}: {name!r} holds numbers that are not finite{as_dtype}")


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(repr(name) for name in names[:3]) + more
