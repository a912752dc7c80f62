"""Every kind of bad checkpoint, and every kind of save that is refused."""

from __future__ import annotations

import io
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import safetensors.torch
import torch
from torch import Tensor, nn

from utils.checkpoint import save_model


def net(seed: int = 0) -> nn.Module:
    """'0.weight' (2, 3), '0.bias' (2,), then a batch norm with four more vectors and a 0-d counter, int64."""
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
    model(torch.randn(5, 3))
    return model


class Evil:
    """Pickled, it is a call that makes a folder of that name in the folder that the program runs in."""

    def __reduce__(self):
        return __import__("os").mkdir, ("pwned",)


def changed(**tensors: Tensor) -> dict[str, Tensor]:
    """The state of a net with other tensors in it: ``_0_weight`` stands for "0.weight"."""
    return {
        **net(1).state_dict(),
        **{name[1:].replace("_", ".", 1): value for name, value in tensors.items()},
    }


def without(*names: str) -> dict[str, Tensor]:
    return {name: tensor for name, tensor in net(1).state_dict().items() if name not in names}


def store(path: Path, state: dict[str, Tensor]) -> None:
    """Write a state as save_model would, without its checks (and, as others do, without a checksum)."""
    if path.suffix == ".pt":
        torch.save({"state_dict": state, "about": {}}, path)
    else:
        safetensors.torch.save_file(state, path)


def written(suffix: str) -> bytes:
    path = Path("written" + suffix)
    save_model(path, net(1), {"epochs": "5"})
    raw = path.read_bytes()
    path.unlink()
    return raw


def zipped(compression: int = zipfile.ZIP_STORED, **records: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in records.items():
            archive.writestr("archive/" + name.replace("_", "."), content)
    return buffer.getvalue()


def deflated(raw: bytes) -> bytes:
    """The same archive, compressed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return buffer.getvalue()


def torch_saved(content: object, **settings) -> bytes:
    buffer = io.BytesIO()
    torch.save(content, buffer, **settings)
    return buffer.getvalue()


def flipped(raw: bytes, k: int) -> bytes:
    """The same bytes but for one bit of byte k."""
    k %= len(raw)
    return raw[:k] + bytes([raw[k] ^ 1 << k % 8]) + raw[k + 1 :]


def header(text: str, data: bytes = b"") -> bytes:
    return len(text.encode()).to_bytes(8, "little") + text.encode() + data


def replaced(raw: bytes, old: bytes, new: bytes) -> bytes:
    assert raw.count(old) == 1 and len(old) == len(new)
    return raw.replace(old, new)


Case = tuple[Callable[[], bytes | dict[str, Tensor]], str]

# --- what both formats can hold: a state, and the sentence after the file's name
STATES: dict[str, Case] = {
    "one name missing": (lambda: without("0.bias"), ": the file lacks '0.bias', which the model needs"),
    "many names missing": (
        lambda: without("0.bias", "0.weight", "1.bias", "1.weight", "1.running_mean"),
        ": the file lacks '0.bias', '0.weight', '1.bias' and 2 more, which the model needs",
    ),
    "three names missing": (
        lambda: without("0.bias", "0.weight", "1.bias"),
        ": the file lacks '0.bias', '0.weight', '1.bias', which the model needs",
    ),
    "a name too many": (
        lambda: changed(_2_weight=torch.ones(2)),
        ": the file has '2.weight', which the model does not know",
    ),
    "another shape": (
        lambda: changed(_1_running_var=torch.ones(4)),
        ": '1.running_var' has shape (4,) in the file and (2,) in the model",
    ),
    "transposed": (
        lambda: changed(_0_weight=torch.ones(3, 2)),
        ": '0.weight' has shape (3, 2) in the file and (2, 3) in the model",
    ),
    "a shape that would broadcast": (
        lambda: changed(_0_bias=torch.ones(())),
        ": '0.bias' has shape () in the file and (2,) in the model",
    ),
    "whole numbers for weights": (
        lambda: changed(_0_bias=torch.ones(2, dtype=torch.int64)),
        ": '0.bias' holds int64 in the file and float32 in the model",
    ),
    "truth for weights": (
        lambda: changed(_0_bias=torch.ones(2, dtype=torch.bool)),
        ": '0.bias' holds bool in the file and float32 in the model",
    ),
    "complex weights": (
        lambda: changed(_0_bias=torch.ones(2, dtype=torch.complex64)),
        ": '0.bias' holds complex64 in the file and float32 in the model",
    ),
    "a broken counter": (
        lambda: changed(_1_num_batches_tracked=torch.tensor(1.5)),
        ": '1.num_batches_tracked' holds float32 in the file and int64 in the model",
    ),
    "truth for a counter": (
        lambda: changed(_1_num_batches_tracked=torch.tensor(True)),
        ": '1.num_batches_tracked' holds bool in the file and int64 in the model",
    ),
    "nan": (
        lambda: changed(_1_bias=torch.tensor([1.0, float("nan")])),
        ": '1.bias' holds numbers that are not finite",
    ),
    "inf": (
        lambda: changed(_1_bias=torch.tensor([float("-inf"), 1.0])),
        ": '1.bias' holds numbers that are not finite",
    ),
    "beyond the model's dtype": (
        lambda: changed(_1_bias=torch.tensor([1.0, 1e300], dtype=torch.float64)),
        ": '1.bias' holds numbers that are not finite as float32",
    ),
    "a counter beyond int64": (
        lambda: changed(_1_num_batches_tracked=torch.tensor(2**64 - 1, dtype=torch.uint64)),
        ": '1.num_batches_tracked' holds numbers too large for int64",
    ),
}

ZIP = ": this is a zip archive that torch.save did not write, or a damaged one"
DAMAGED = ": the file is damaged or cut short"
FOREIGN = ": this is not an archive that torch.save wrote; nothing in it was run"
OTHER = ": this is not a checkpoint that save_model wrote"
CODE = ": the file holds more than weights and text{}; that can be code, and none of it was run"
CALL = CODE.format(f" ({__import__('os').name}.mkdir)")
FORM = ": the file is damaged, cut short or not in safetensors format"
SUM = ": the file is damaged: its contents do not match their checksum"

PT: dict[str, Case] = {
    "empty": (lambda: b"", FOREIGN),
    "text": (lambda: b"hello", FOREIGN),
    "safetensors inside": (lambda: written(".safetensors"), FOREIGN),
    "cut short": (lambda: written(".pt")[:-1], DAMAGED),
    "cut in half": (lambda: written(".pt")[:900], DAMAGED),
    "another zip archive": (
        lambda: zipped(readme_txt=b"hello"),
        ZIP,
    ),
    "no pickle in it": (lambda: zipped(data_pkl=b"hello"), OTHER),
    "a pickle of nothing": (lambda: zipped(data_pkl=b""), OTHER),
    "compressed": (lambda: deflated(written(".pt")), ZIP),
    "code": (lambda: torch_saved({"state_dict": net().state_dict(), "about": Evil()}), CALL),
    "code, first thing": (lambda: torch_saved(Evil()), CALL),
    "code, in protocol 4": (lambda: torch_saved(Evil(), pickle_protocol=4), CODE.format("")),
    "code, in a bare pickle": (lambda: pickle.dumps(Evil()), FOREIGN),
    "code, in the old format": (
        lambda: torch_saved(Evil(), _use_new_zipfile_serialization=False),
        FOREIGN,
    ),
    "code, in an archive by hand": (lambda: zipped(data_pkl=pickle.dumps(Evil(), 2), version=b"3\n"), CALL),
    "a whole model": (lambda: torch_saved(nn.Linear(3, 2)), CODE.format(" (torch.nn.modules.linear.Linear)")),
    "a bare state dict": (lambda: torch_saved(net().state_dict()), OTHER),
    "a list": (lambda: torch_saved([1, 2]), OTHER),
    "a key too many": (lambda: torch_saved({"state_dict": {}, "about": {}, "epoch": 3}), OTHER),
    "no about": (lambda: torch_saved({"state_dict": net().state_dict()}), OTHER),
    "about with a number": (
        lambda: torch_saved({"state_dict": net().state_dict(), "about": {"epoch": 3}}),
        OTHER,
    ),
    "about with a number for a name": (
        lambda: torch_saved({"state_dict": net().state_dict(), "about": {3: "epoch"}}),
        OTHER,
    ),
    "about that is text": (lambda: torch_saved({"state_dict": net().state_dict(), "about": "five"}), OTHER),
    "a state that is a list": (lambda: torch_saved({"state_dict": [torch.ones(2)], "about": {}}), OTHER),
    "a list among tensors": (lambda: torch_saved({"state_dict": {"0.bias": [1.0, 2.0]}, "about": {}}), OTHER),
    "a tensor without a name": (lambda: torch_saved({"state_dict": {0: torch.ones(2)}, "about": {}}), OTHER),
    "a sparse tensor": (
        lambda: torch_saved({"state_dict": changed(_0_weight=torch.ones(2, 3).to_sparse()), "about": {}}),
        OTHER,
    ),
    "a tensor without numbers": (
        lambda: torch_saved({"state_dict": changed(_0_weight=torch.ones(2, 3, device="meta")), "about": {}}),
        OTHER,
    ),
}

SAFETENSORS: dict[str, Case] = {
    "empty": (lambda: b"", FORM),
    "text": (lambda: b"hello, this is text", FORM),
    "an archive of PyTorch inside": (lambda: written(".pt"), FORM),
    "code": (lambda: pickle.dumps(Evil()), FORM),
    "cut short": (lambda: written(".safetensors")[:-1], FORM),
    "a byte too many": (lambda: written(".safetensors") + b"\0", FORM),
    "a huge header": (lambda: b"\xff" * 8 + written(".safetensors")[8:], FORM),
    "a header of 90 MB, in its length only": (lambda: (90_000_000).to_bytes(8, "little") + b"{}", FORM),
    "a header that is no JSON": (lambda: header("{weights}"), FORM),
    "a header that is a list": (lambda: header("[1, 2]"), FORM),
    "a number of an unknown type": (
        lambda: header('{"0.bias":{"dtype":"F99","shape":[1],"data_offsets":[0,4]}}', bytes(4)),
        FORM,
    ),
    "numbers outside the file": (
        lambda: header('{"0.bias":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}', bytes(4)),
        FORM,
    ),
    "a shape that its bytes do not fill": (
        lambda: header('{"0.bias":{"dtype":"F32","shape":[2000000000],"data_offsets":[0,8]}}', bytes(8)),
        FORM,
    ),
    "a weight changed": (lambda: flipped(written(".safetensors"), -1), SUM),
    "about changed": (lambda: replaced(written(".safetensors"), b'"epochs":"5"', b'"epochs":"6"'), SUM),
    "a checksum changed": (
        lambda: replaced(written(".safetensors"), b"sha256.weights", b"sha256.weighty"),
        SUM,
    ),
    "the other checksum changed": (
        lambda: replaced(written(".safetensors"), b"sha256.about", b"sha256.abort"),
        SUM,
    ),
}

LOADS = {
    **{
        f"{suffix}: {name}": (suffix, *case)
        for suffix in (".pt", ".safetensors")
        for name, case in STATES.items()
    },
    **{f".pt: {name}": (".pt", *case) for name, case in PT.items()},
    **{f".safetensors: {name}": (".safetensors", *case) for name, case in SAFETENSORS.items()},
    "no suffix": (
        "",
        written_pt := lambda: written(".pt"),
        ": the name must end in .pt or .safetensors, not ''",
    ),
    "another suffix": (".pth", written_pt, ": the name must end in .pt or .safetensors, not '.pth'"),
    "capitals": (".PT", written_pt, ": the name must end in .pt or .safetensors, not '.PT'"),
}


class Talkative(nn.Linear):
    """A model whose state has something beside tensors."""

    def get_extra_state(self):
        return {"words": 3}


def diverged() -> nn.Module:
    model = net()
    model[0].bias.data[1] = float("nan")
    return model


Save = tuple[str, Callable[[], nn.Module], dict, str]

# --- saves: the file's name, the model, about, the sentence after the file's name
SAVES: dict[str, Save] = {
    **{
        f"{suffix}: {name}": ("a" + suffix, *case)
        for suffix in (".pt", ".safetensors")
        for name, case in {
            "not finite": (diverged, {}, ": '0.bias' holds numbers that are not finite"),
            "extra state": (
                lambda: Talkative(3, 2),
                {},
                ": '_extra_state' in the model is no tensor, and only tensors are stored",
            ),
            "a number in about": (
                net,
                {"epochs": 5},
                ": about has texts only, and 'epochs': 5 is not; use str()",
            ),
            "a number for a name": (
                net,
                {5: "epochs"},
                ": about has texts only, and 5: 'epochs' is not; use str()",
            ),
            "a name that is taken": (
                net,
                {"sha256.about": "x"},
                ": the name 'sha256.about' in about is taken by a checksum",
            ),
            "the other name that is taken": (
                net,
                {"sha256.weights": "x"},
                ": the name 'sha256.weights' in about is taken by a checksum",
            ),
        }.items()
    },
    "another suffix": ("a.bin", net, {}, ": the name must end in .pt or .safetensors, not '.bin'"),
    "a file for a folder": (
        "file/a.pt",
        net,
        {},
        ": a file stands where the folder should be; nothing changed",
    ),
    "a folder for a file": (
        "folder.pt",
        net,
        {},
        ": the file could not be written (Is a directory); nothing changed",
    ),
}
