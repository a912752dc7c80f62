"""Seeds, devices, precision, and an import that stays light."""

from __future__ import annotations

import json
import pkgutil
import random
import re
import subprocess
import sys

import numpy as np
import pytest
import torch

import utils
from book.notebooks import ROOT
from utils import runtime

HEAVY = ("matplotlib.pyplot", "pandas", "sklearn", "scipy", "ipywidgets", "IPython")


def in_python(code: str) -> str:
    """What a fresh Python prints."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


# --- imports ----------------------------------------------------------------------------------------


def test_importing_utils_imports_nothing():
    code = "import sys; before = set(sys.modules); import utils; print(*(set(sys.modules) - before))"
    assert in_python(code).split() == ["utils"]


def test_no_module_of_utils_imports_what_is_heavy():
    names = [module.name for module in pkgutil.walk_packages(utils.__path__, "utils.")]
    assert {"utils.runtime", "utils.plots", "utils.data", "utils.files"} <= set(names)
    code = (
        "import importlib, json, sys\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        f"print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))"
    )
    assert json.loads(in_python(code).splitlines()[-1]) == []


def test_torch_numpy_and_matplotlib_are_enough():
    code = """
import sys
for name in ("pandas", "sklearn", "scipy", "ipywidgets", "IPython", "jupyterlab", "cloudpickle"):
    sys.modules[name] = None
from utils import data, figures, plots, runtime
runtime.start(seed=1)
fig, ax = plots.figure()
ax.plot([1, 2])
print(len(figures.data_url(fig)) > 1000, len(data.corpus_files()) > 1000)
for call in (data.digits, lambda: plots.show(fig, "A line that rises from 1 to 2")):
    try:
        call()
    except ImportError as error:
        print(error)
"""
    lines = in_python(code).splitlines()
    assert lines[1] == "True True"
    assert lines[2].startswith("sklearn is needed here") and lines[3].startswith("IPython is needed here")


# --- need --------------------------------------------------------------------------------------------


def test_need_imports_what_is_there():
    assert runtime.need("json") is json


def test_need_names_the_extra_to_install():
    with pytest.raises(ImportError) as caught:
        runtime.need("no_such_package.part", "finetune")
    message = str(caught.value)
    assert message.startswith("no_such_package is needed here and is not installed.")
    assert message.endswith('pip install -c constraints.txt -e ".[finetune]"')
    with pytest.raises(ImportError, match=r"-e \.$"):
        runtime.need("no_such_package")


def test_need_does_not_blame_a_package_for_what_it_misses_itself(tmp_path, monkeypatch):
    (tmp_path / "half_there.py").write_text("import not_there_at_all")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="not_there_at_all"):
        runtime.need("half_there", "extra")


# --- seeds and start ---------------------------------------------------------------------------------


def draws() -> list[float]:
    return [random.random(), float(np.random.rand()), float(torch.rand(()))]


def test_a_seed_fixes_every_generator():
    runtime.seed_everything(4)
    first, other = draws(), draws()
    runtime.seed_everything(4)
    again = draws()
    assert first == again and all(a != b for a, b in zip(first, other, strict=True))
    runtime.seed_everything(5)
    assert all(a != b for a, b in zip(draws(), first, strict=True))


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_that_no_generator_takes_is_refused(seed):
    with pytest.raises(ValueError, match=str(seed)):
        runtime.seed_everything(seed)


def test_start_seeds_sets_threads_and_says_one_line(monkeypatch, capsys):
    monkeypatch.setenv("BOOK_DEVICE", "cpu")
    before = torch.get_num_threads()
    try:
        torch.set_float32_matmul_precision("medium")
        assert runtime.start(seed=3, threads=2) == torch.device("cpu")
        assert torch.get_num_threads() == 2 and torch.get_float32_matmul_precision() == "highest"
        first = draws()
        said = capsys.readouterr().out
        assert said == runtime.machine() + "\n" and "2 threads" in said
        runtime.start(seed=3)
        assert draws() == first and torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_machine_names_versions_device_and_precision(monkeypatch):
    monkeypatch.setenv("BOOK_DEVICE", "cpu")
    version = re.escape(torch.__version__.partition("+")[0])
    line = rf"Python \d+\.\d+\.\d+\S*, torch {version}, CPU \(.+, \d+ threads?\), (float32|bfloat16)"
    assert re.fullmatch(line, runtime.machine())


# --- device and precision --------------------------------------------------------------------------------


def test_the_device_is_the_gpu_if_there_is_one(monkeypatch):
    monkeypatch.delenv("BOOK_DEVICE", raising=False)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert runtime.pick_device() == torch.device("cuda")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert runtime.pick_device() == torch.device("cpu")


def test_book_device_overrides(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setenv("BOOK_DEVICE", "cpu")
    assert runtime.pick_device() == torch.device("cpu")
    monkeypatch.setenv("BOOK_DEVICE", "cuda:1")
    assert runtime.pick_device() == torch.device("cuda:1")
    monkeypatch.setenv("BOOK_DEVICE", "gpu")
    with pytest.raises(ValueError, match="BOOK_DEVICE='gpu'"):
        runtime.pick_device()
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setenv("BOOK_DEVICE", "cuda")
    with pytest.raises(ValueError, match="no GPU"):
        runtime.pick_device()


@pytest.mark.parametrize(
    ("capability", "wanted"), [((7, 5), torch.float32), ((8, 0), torch.bfloat16), ((10, 0), torch.bfloat16)]
)
def test_a_gpu_takes_bfloat16_from_compute_capability_8(monkeypatch, capability, wanted):
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: capability)
    assert runtime.pick_precision("cuda") == wanted


@pytest.mark.parametrize(("tiles", "wanted"), [(True, torch.bfloat16), (False, torch.float32)])
def test_a_cpu_takes_bfloat16_only_with_matrix_units(monkeypatch, tiles, wanted):
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: tiles, raising=False)
    assert runtime.pick_precision("cpu") == wanted


def test_a_pytorch_that_cannot_tell_gets_float32(monkeypatch):
    monkeypatch.delattr(torch.cpu, "_is_amx_tile_supported", raising=False)
    assert runtime.pick_precision("cpu") == torch.float32
    assert runtime.pick_precision(torch.device("meta")) == torch.float32
