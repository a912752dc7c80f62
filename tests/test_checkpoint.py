"""A checkpoint is the old one or the new one, and a bad one changes nothing and runs nothing."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
import safetensors
import safetensors.torch
import torch
from torch import nn

from tests.checkpoint_cases import LOADS, SAVES, changed, flipped, net, store
from tests.refusal_mutants import run_as_module, without_a_refusal
from utils import checkpoint, checkpoint_formats
from utils.checkpoint import CheckpointError, load_model, save_model

SUFFIXES = [".pt", ".safetensors"]
ABOUT = {"epochs": "5", "data": "糖尿病"}


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    """Where Evil would leave its mark."""
    folder = tmp_path / "cwd"
    folder.mkdir()
    monkeypatch.chdir(folder)


def state(model: nn.Module) -> dict[str, tuple]:
    """All of a model's numbers, bit by bit, and what else loading must leave."""
    tensors = {name: (str(t.dtype), t.tolist(), t.data_ptr()) for name, t in model.state_dict().items()}
    return {**tensors, "training": model.training, "grads": [p.requires_grad for p in model.parameters()]}


def same(a: nn.Module, b: nn.Module) -> bool:
    mine, its = a.state_dict(), b.state_dict()
    return mine.keys() == its.keys() and all(torch.equal(mine[name], its[name]) for name in mine)


def refused(call, error: type[ValueError] = CheckpointError) -> str:
    with pytest.raises(error) as caught:
        call()
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None  # no second traceback
    assert len(str(caught.value).splitlines()) == 1
    return str(caught.value)


def bad_file(case: str, folder: Path) -> Path:
    suffix, make, _ = LOADS[case]
    path, content = folder / f"model{suffix}", make()
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        store(path, content)
    return path


# --- there and back --------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_there_and_back(suffix, dtype, tmp_path):
    model, copy = net(1).to(dtype), net(2).to(dtype).eval()
    before = state(copy)
    path = save_model(tmp_path / "new" / f"a{suffix}", model, ABOUT)
    assert path == tmp_path / "new" / f"a{suffix}"
    assert list(load_model(str(path), copy).items()) == sorted(ABOUT.items())
    assert same(model, copy)
    places = [entry[2] for entry in state(copy).values() if isinstance(entry, tuple)]
    assert places == [entry[2] for entry in before.values() if isinstance(entry, tuple)]  # in place
    assert not copy.training and all(p.requires_grad for p in copy.parameters())
    assert [p.name for p in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_about_may_be_left_out(suffix, tmp_path):
    assert load_model(save_model(tmp_path / f"a{suffix}", net()), net()) == {}


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_fresh_process_predicts_the_same(suffix, tmp_path):
    model, path = nn.Linear(3, 2).double(), tmp_path / f"a{suffix}"
    save_model(path, model)
    program = (
        "import sys, torch; from utils.checkpoint import load_model; model = torch.nn.Linear(3, 2).double();"
        "load_model(sys.argv[1], model); x = torch.tensor([1.0, -2, 3], dtype=torch.float64);"
        "print(*[y.hex() for y in model(x).tolist()])"
    )
    root = Path(checkpoint.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", program, path], cwd=root, capture_output=True, text=True, check=True
    )
    wanted = model(torch.tensor([1.0, -2, 3], dtype=torch.float64))
    assert done.stdout.split() == [y.hex() for y in wanted.tolist()]


def test_others_read_what_is_written(tmp_path):
    model = net(1)
    content = torch.load(save_model(tmp_path / "a.pt", model, ABOUT), weights_only=True)
    assert content.keys() == {"state_dict", "about"} and content["about"] == ABOUT
    with safetensors.safe_open(save_model(tmp_path / "a.safetensors", model, ABOUT), "pt") as file:
        text = file.metadata()
        read = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  (not a dict)
    assert {name: text[name] for name in ABOUT} == ABOUT
    assert sorted(text.keys() - ABOUT.keys()) == ["sha256.about", "sha256.weights"]
    for name, tensor in model.state_dict().items():
        assert torch.equal(content["state_dict"][name], tensor) and torch.equal(read[name], tensor)


@pytest.mark.parametrize("text", [None, {"format": "pt"}])
def test_what_others_write_is_read(text, tmp_path):
    model, copy = net(1), net(2)
    safetensors.torch.save_file(model.state_dict(), tmp_path / "a.safetensors", metadata=text)
    assert load_model(tmp_path / "a.safetensors", copy) == (text or {}) and same(model, copy)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_another_dtype_of_the_same_kind_is_converted(suffix, tmp_path):
    model, copy = net(1).double(), net(2)
    model[0].weight.data += 1e-12  # what float32 cannot hold is rounded, not refused
    counter = torch.tensor(7, dtype=torch.int16)
    store(tmp_path / f"a{suffix}", {**model.state_dict(), "1.num_batches_tracked": counter})
    load_model(tmp_path / f"a{suffix}", copy)
    assert copy[0].weight.dtype == torch.float32 and torch.equal(copy[0].weight, model[0].weight.float())
    assert copy[1].num_batches_tracked.item() == 7 and copy[1].num_batches_tracked.dtype == torch.int64


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_views_and_shared_weights(suffix, tmp_path):
    model, copy = (
        nn.ModuleList([nn.Linear(3, 3), nn.Linear(3, 3)]),
        nn.ModuleList([nn.Linear(3, 3) for _ in "ab"]),
    )
    model[0].weight = nn.Parameter(torch.randn(3, 100_000)[:, :3].t())  # 9 numbers of 300 000, transposed
    model[1].weight = model[0].weight
    assert save_model(tmp_path / f"a{suffix}", model).stat().st_size < 10_000
    load_model(tmp_path / f"a{suffix}", copy)
    assert same(model, copy)


# --- bad checkpoints -------------------------------------------------------------------------------


@pytest.mark.parametrize("case", LOADS)
def test_one_sentence_and_the_model_and_the_file_stay(case, tmp_path):
    path, model = bad_file(case, tmp_path), net()
    before, raw = state(model), path.read_bytes()
    assert refused(lambda: load_model(path, model)) == f"{path}{LOADS[case][2]}"
    assert state(model) == before and path.read_bytes() == raw
    assert not Path("pwned").exists()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_no_file_and_a_folder(suffix, tmp_path):
    path, model = tmp_path / f"a{suffix}", net()
    assert refused(lambda: load_model(path, model)) == f"{path}: there is no such file"
    path.mkdir()
    assert refused(lambda: load_model(path, model)) == f"{path}: this is a folder, not a file"
    assert same(model, net())


@pytest.mark.parametrize("case", [case for case in LOADS if ": code" in case])
def test_the_code_would_have_run(case, tmp_path):
    """The same files, opened without care, do what is in them: the cases above are no blanks."""
    path = bad_file(case, tmp_path)
    if case in (".pt: code, in a bare pickle", ".safetensors: code"):
        pickle.loads(path.read_bytes())
    elif case == ".pt: code, in an archive by hand":
        with zipfile.ZipFile(path) as archive:
            pickle.loads(archive.read("archive/data.pkl"))
    else:
        torch.load(path, weights_only=False)
    assert Path("pwned").is_dir()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_cut_at_any_length(suffix, tmp_path):
    path, model = save_model(tmp_path / f"a{suffix}", nn.Linear(3, 2), ABOUT), nn.Linear(3, 2)
    raw, before = path.read_bytes(), state(model)
    for length in range(len(raw)):
        path.write_bytes(raw[:length])
        refused(lambda: load_model(path, model))
    assert state(model) == before


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_flipped_bit_never_changes_what_is_loaded(suffix, tmp_path):
    """In safetensors each is noticed; in a zip archive some bytes mean nothing: dates, padding."""
    saved, model, other = nn.Linear(3, 2), nn.Linear(3, 2), nn.Linear(3, 2)
    path = save_model(tmp_path / f"a{suffix}", saved, ABOUT)
    model.load_state_dict(other.state_dict())
    raw, before, noticed = path.read_bytes(), state(model), 0
    for k in range(len(raw)):
        path.write_bytes(flipped(raw, k))
        try:
            about = load_model(path, model)
        except CheckpointError:
            noticed += 1
            assert state(model) == before
        else:
            assert about == ABOUT and same(model, saved)
            model.load_state_dict(other.state_dict())
    assert noticed == len(raw) if suffix == ".safetensors" else noticed >= contents(path, raw)


def contents(path: Path, raw: bytes) -> int:
    """The bytes of an archive that are contents of its records."""
    path.write_bytes(raw)
    with zipfile.ZipFile(path) as archive:
        return sum(entry.file_size for entry in archive.infolist())


def test_a_flipped_weight_is_noticed_where_the_readers_alone_take_it(tmp_path):
    model = nn.Linear(3, 2)
    for suffix in SUFFIXES:
        path = save_model(tmp_path / f"a{suffix}", model)
        raw, weights = path.read_bytes(), model.weight.detach().numpy().tobytes()
        k = raw.index(weights) + 5
        path.write_bytes(flipped(raw, k))
        assert "damaged" in refused(lambda: load_model(path, nn.Linear(3, 2)))  # noqa: B023
    alone = torch.load(tmp_path / "a.pt", weights_only=True)["state_dict"]
    assert not torch.equal(alone["weight"], model.weight)
    assert not torch.equal(safetensors.torch.load_file(tmp_path / "a.safetensors")["weight"], model.weight)


def test_a_record_marked_as_a_folder_is_read_all_the_same(tmp_path):
    """One bit in the archive's directory, for which PyTorch alone takes what is in the memory for weights."""
    saved, model = net(1), net()
    raw = bytearray(save_model(tmp_path / "a.pt", saved, ABOUT).read_bytes())
    for entry in re.finditer(rb"PK\x01\x02", bytes(raw)):
        raw[entry.start() + 38] ^= 0x10  # the external attributes; 0x10 is the folder of DOS
    (tmp_path / "a.pt").write_bytes(raw)
    assert load_model(tmp_path / "a.pt", model) == ABOUT and same(model, saved)


def test_a_changed_weight_without_a_checksum_passes_while_it_is_finite(tmp_path):
    """What the docstring says that nobody can notice."""
    model, path = nn.Linear(3, 2), tmp_path / "a.safetensors"
    safetensors.torch.save_file(model.state_dict(), path)
    path.write_bytes(path.read_bytes()[:-4] + bytes(4))
    load_model(path, model)
    assert model.weight[1, 2] == 0


def test_numbers_that_a_small_counter_cannot_hold(tmp_path):
    model = nn.Module()
    model.register_buffer("steps", torch.tensor([3], dtype=torch.int8))
    path = tmp_path / "a.pt"
    torch.save({"state_dict": {"steps": torch.tensor([300])}, "about": {}}, path)
    assert refused(lambda: load_model(path, model)) == f"{path}: 'steps' holds numbers too large for int8"
    assert model.steps.tolist() == [3]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_model_with_more_than_tensors_is_not_loaded(suffix, tmp_path):
    path = save_model(tmp_path / f"a{suffix}", nn.Linear(3, 2))
    model = SAVES[f"{suffix}: extra state"][1]()
    wanted = ": '_extra_state' in the model is no tensor, and only tensors are stored"
    assert refused(lambda: load_model(path, model)) == f"{path}{wanted}"


def test_a_shape_is_refused_before_its_numbers_are_made(tmp_path):
    """Four bytes can be expanded to any shape: to look at all its numbers would take 4 TB."""
    path = tmp_path / "a.pt"
    store(path, changed(_0_bias=torch.ones(1).expand(10**12)))
    assert path.stat().st_size < 10_000
    assert "has shape (1000000000000,) in the file" in refused(lambda: load_model(path, net()))


# --- saves that are refused ------------------------------------------------------------------------


def prepare(folder: Path) -> list[Path]:
    """What stands in the folder before a save: two checkpoints, a file and a folder."""
    for suffix in SUFFIXES:
        store(folder / f"a{suffix}", net(1).state_dict())
    (folder / "file").write_text("here first")
    (folder / "folder.pt").mkdir(exist_ok=True)
    return sorted(folder.rglob("*"))


@pytest.mark.parametrize("case", SAVES)
def test_a_refused_save_leaves_what_stands(case, tmp_path):
    name, model, about, wanted = SAVES[case]
    standing = prepare(tmp_path)
    before = [path.read_bytes() for path in standing if path.is_file()]
    path = tmp_path / name
    assert refused(lambda: save_model(path, model(), about)) == f"{path}{wanted}"
    assert sorted(tmp_path.rglob("*")) == standing
    assert [path.read_bytes() for path in standing if path.is_file()] == before


# --- the cases are complete ------------------------------------------------------------------------


def sentences(module: ModuleType, folder: Path) -> list[str]:
    """What each case gives, without the file's name."""
    prepare(folder)
    found = []
    for case in LOADS:
        path = bad_file(case, folder)
        found.append(outcome(lambda: module.load_model(path, net()), path))  # noqa: B023
    for name, model, about, _ in SAVES.values():
        path = folder / name
        found.append(outcome(lambda: module.save_model(path, model(), about), path))  # noqa: B023
    return found


def outcome(call, path: Path) -> str:
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}{str(error).removeprefix(str(path))}"
    return "done"


WANTED = [f"CheckpointError{case[-1]}" for case in [*LOADS.values(), *SAVES.values()]]
MODULES = {module.__name__: module for module in (checkpoint_formats, checkpoint)}
MUTANTS = {
    removed: (name, source)
    for name, module in MODULES.items()
    for removed, source in without_a_refusal(Path(module.__file__))
}


@pytest.mark.filterwarnings("ignore:Casting complex values")
@pytest.mark.parametrize("removed", MUTANTS)
def test_a_refusal_taken_out_is_noticed(removed, tmp_path, monkeypatch):
    name, source = MUTANTS[removed]
    for kept, module in MODULES.items():
        monkeypatch.setitem(sys.modules, kept, module)  # puts the modules back afterwards
    mutant = run_as_module(name, source)
    if name != checkpoint.__name__:
        text = Path(checkpoint.__file__).read_text(encoding="utf-8")
        mutant = run_as_module(checkpoint.__name__, text)
    assert sentences(mutant, tmp_path) != WANTED
