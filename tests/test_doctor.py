"""The doctor: each verdict with its advice on machines made by hand, and one answer from this machine."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet
from site_fixtures import ROOT

from utils.doctor import facts as gathering
from utils.doctor import hardware, machine, probe, report, software
from utils.doctor.advice import CPU_INDEX, TORCH_PAGE
from utils.doctor.facts import Facts
from utils.doctor.finding import FAILURE, GOOD, WARNING, Finding
from utils.doctor.ranges import Needs, by_numbers, in_range, read_needs

MODULES = [ROOT / "utils" / "__init__.py", *sorted((ROOT / "utils" / "doctor").glob("*.py"))]
NEEDS = Needs(
    ">=3.11", {"torch": ">=2.9", "numpy": ">=2.0", "matplotlib": ">=3.9"}, {"book": {"polib": ">=1.2"}}
)
HERE = ".venv/bin/python"
MACHINE = Facts(
    python="3.11.7",
    bits=64,
    system="Linux",
    processor="x86_64",
    command=HERE,
    environment=True,
    other_python="",
    make=True,
    colab=False,
    needs=NEEDS,
    installed={"torch": "2.13.0+cpu", "numpy": "2.4.6", "matplotlib": "3.11.2", "polib": "1.2.0"},
    utils="utils/__init__.py",
    utils_ours=True,
    utils_owner="",
    memory=8.3,
    memory_free=5.1,
    notebook="chapters/04_math.ipynb",
    notebook_memory=0.75,
    disk_free=40.0,
    unwritable="",
    compiler="/usr/bin/g++",
    gpu="",
    driver="",
    figure_font=True,
    chinese_font=True,
    torch={"cuda": ""},
)
INSTALL = f"{HERE} -m pip install -c constraints.txt"
CPU_TORCH = f"{INSTALL} --no-deps --index-url={CPU_INDEX} torch"
CARD = {"gpu": "NVIDIA T4", "driver": "535.54"}


def without(*names: str) -> dict[str, str]:
    return {name: version for name, version in MACHINE.installed.items() if name not in names}


def having(**versions: str) -> dict[str, str]:
    return {**MACHINE.installed, **versions}


# --- each verdict ------------------------------------------------------------------------------------------

CASES = [  # judge, what is otherwise than on MACHINE, verdict, words of the fact, words of the advice
    (software.python, {}, GOOD, "3.11.7, 64-bit: .venv/bin/python", ""),
    (software.python, {"python": "3.14.0"}, GOOD, "3.14.0", ""),
    (
        software.python,
        {"python": "3.8.10"},
        FAILURE,
        "3.8.10, 64-bit",
        "newer Python|python3 -m utils.doctor",
    ),
    (software.python, {"python": "3.8.10"}, FAILURE, "the course needs >=3.11", ""),
    (software.python, {"python": "3.9.1", "system": "Windows"}, FAILURE, "3.9.1", "py -m utils.doctor"),
    (software.python, {"python": "3.9.1", "other_python": HERE}, FAILURE, "", f"{HERE} -m utils.doctor"),
    (software.python, {"bits": 32}, FAILURE, "32-bit", "Install the 64-bit Python"),
    (software.python, {"needs": Needs()}, FAILURE, "pyproject.toml", "Clone the repository again"),
    (
        software.python,
        {"system": "Darwin", "installed": without("torch")},
        FAILURE,
        "Intel Macs",
        "Use Colab or another machine|arm64",
    ),
    (software.python, {"system": "Darwin"}, GOOD, "3.11.7", ""),  # a torch from elsewhere is there
    (software.packages, {}, GOOD, "in range: torch 2.13.0+cpu, numpy 2.4.6, matplotlib 3.11.2", ""),
    (software.packages, {"installed": without("torch")}, FAILURE, "missing: torch >=2.9", CPU_TORCH),
    (software.packages, {"installed": without("torch")}, FAILURE, "", f"{INSTALL} -e ."),
    (
        software.packages,
        {"installed": having(numpy="1.26.4")},
        FAILURE,
        "out of range: numpy 1.26.4 (needed: >=2.0)",
        f"into this environment|{INSTALL} -e .",
    ),
    (
        software.packages,
        {"installed": {"numpy": "unknown", "matplotlib": "3.9"}},
        FAILURE,
        "missing: torch >=2.9; out of range: numpy unknown (needed: >=2.0)",
        "",
    ),
    (
        software.packages,
        {"installed": {}, "python": "3.8.10"},
        FAILURE,
        "missing",
        "First do what the line on",
    ),
    (software.packages, {"installed": {}, "other_python": HERE}, FAILURE, "", f"{HERE} -m utils.doctor"),
    (
        software.packages,
        {"installed": {}, "environment": False, "command": "python3"},
        FAILURE,
        "",
        f"own environment|make setup TORCH_INDEX={CPU_INDEX}",
    ),
    (
        software.packages,
        {"installed": {}, "environment": False, "command": "python3", "make": False},
        FAILURE,
        "",
        f"python3 -m venv .venv|{CPU_TORCH}|{INSTALL} -e .",
    ),
    (
        software.packages,
        {"installed": {}, "environment": False, "system": "Darwin", "processor": "arm64"},
        FAILURE,
        "",
        "make setup",
    ),
    (
        software.packages,
        {"installed": {}, "environment": False, "system": "Windows"},
        FAILURE,
        "",
        "py -m venv .venv|.venv\\Scripts\\python -m pip install -c constraints.txt -e .",
    ),
    (
        software.packages,
        {"installed": without("numpy"), "colab": True},
        FAILURE,
        "missing: numpy >=2.0",
        'Restart session|%pip install -q "numpy>=2.0"',
    ),
    (software.pytorch, {}, GOOD, "computes", ""),
    (
        software.pytorch,
        {"torch": {"error": "OSError: libtorch_cpu.so: cannot open shared object file"}},
        FAILURE,
        "does not work. OSError: libtorch_cpu.so",
        f"Install it again|--force-reinstall --no-deps --index-url={CPU_INDEX} torch",
    ),
    (
        software.pytorch,
        {"torch": {"error": "OSError: [WinError 126] Error loading c10.dll DLL"}, "system": "Windows"},
        FAILURE,
        "c10.dll",
        "Visual C++ Redistributable|--force-reinstall --no-deps torch",
    ),
    (software.extras, {}, GOOD, "book is complete", ""),
    (software.extras, {"installed": without("polib")}, GOOD, "book is not installed: needed only to", ""),
    (
        software.extras,
        {"installed": having(polib="1.0")},
        WARNING,
        "polib is 1.0, not >=1.2",
        f'chapters run all the same|{INSTALL} -e ".[book]"',
    ),
    (software.utils, {}, GOOD, "the course's own", ""),
    (software.utils, {"utils": "", "utils_ours": False}, FAILURE, "do not find", f"{INSTALL} -e ."),
    (
        software.utils,
        {"utils": "", "utils_ours": False, "installed": {}},
        FAILURE,
        "do not find",
        "comes with the packages above",
    ),
    (
        software.utils,
        {"utils": "/lib/utils/__init__.py", "utils_ours": False, "utils_owner": "utils"},
        FAILURE,
        "hides the course's own: /lib/utils/__init__.py",
        f"came with utils|{HERE} -m pip uninstall utils",
    ),
    (
        software.utils,
        {"utils": "/lib/utils.py", "utils_ours": False},
        FAILURE,
        "hides the course's own: /lib/utils.py",
        f"Rename it|PYTHONPATH|{INSTALL} -e .",
    ),
    (hardware.folder, {}, GOOD, "can be written to", ""),
    (
        hardware.folder,
        {"unwritable": "Permission denied"},
        FAILURE,
        "Permission denied",
        "a folder of your own",
    ),
    (hardware.memory, {}, GOOD, "5.1 of 8.3 GB free; the largest notebook, chapters/04_math.ipynb", ""),
    (hardware.memory, {"memory_free": None}, GOOD, "8.3 GB; the largest", ""),
    (hardware.memory, {"memory_free": 0.4}, WARNING, "0.4 of 8.3 GB free", "Close other programs"),
    (hardware.memory, {"memory": 0.5, "memory_free": 0.4}, FAILURE, "needs 0.75 GB", "more memory, or Colab"),
    (hardware.memory, {"memory": None}, WARNING, "not known", "psutil"),
    (hardware.disk, {}, GOOD, "40.0 GB free", ""),
    (hardware.disk, {"disk_free": 0.3}, WARNING, "0.3 GB free", f"save models|{HERE} -m pip cache purge"),
    (hardware.disk, {"disk_free": 1.0}, GOOD, "1.0 GB free", ""),
    (
        hardware.disk,
        {"disk_free": 1.0, "installed": {}},
        FAILURE,
        "1.0 GB free; the course takes 2.1 GB",
        "Make room. Take the CPU build",
    ),
    (hardware.compiler, {}, GOOD, "/usr/bin/g++, for torch.compile (to try it: --compile)", ""),
    (hardware.compiler, {"compiled": {}}, GOOD, "torch.compile works with /usr/bin/g++", ""),
    (hardware.compiler, {"compiler": ""}, WARNING, "only torch.compile", "sudo apt install g++"),
    (hardware.compiler, {"compiler": "", "system": "Darwin"}, WARNING, "", "xcode-select --install"),
    (hardware.compiler, {"compiler": "", "system": "Windows"}, WARNING, "", "Visual Studio's Build Tools"),
    (
        hardware.compiler,
        {"compiled": {"error": "Python.h: No such file"}},
        WARNING,
        "does not work with /usr/bin/g++. Python.h",
        "header files|sudo apt install python3-dev",
    ),
    (hardware.compiler, {"compiled": {"error": "CppCompileError: x"}}, WARNING, "CppCompileError", "set CXX"),
    (hardware.gpu, {}, GOOD, "none; none is needed", ""),
    (
        hardware.gpu,
        {"torch": {"cuda": "13.0", "gpu_error": "RuntimeError: Found no NVIDIA driver"}},
        GOOD,
        "none",
        "",
    ),
    (hardware.gpu, {"system": "Darwin", "processor": "arm64"}, GOOD, "Apple's", ""),
    (
        hardware.gpu,
        {**CARD, "torch": {"cuda": "12.8", "gpu": "NVIDIA T4"}},
        GOOD,
        "computes on NVIDIA T4",
        "",
    ),
    (hardware.gpu, {**CARD, "torch": {}}, GOOD, "NVIDIA T4 (driver 535.54); whether PyTorch", ""),
    (
        hardware.gpu,
        CARD,
        WARNING,
        "NVIDIA T4 (driver 535.54) is there, but this torch is a CPU build",
        TORCH_PAGE,
    ),
    (
        hardware.gpu,
        {**CARD, "torch": {"cuda": "13.0", "gpu_error": "RuntimeError: The NVIDIA driver is too old"}},
        WARNING,
        "driver 535.54 is too old for this torch (CUDA 13.0)",
        "update NVIDIA's driver",
    ),
    (
        hardware.gpu,
        {**CARD, "torch": {"cuda": "13.0", "gpu_error": "RuntimeError: no kernel image"}},
        WARNING,
        "PyTorch cannot use it. RuntimeError: no kernel image",
        "BOOK_DEVICE=cpu",
    ),
    (hardware.fonts, {}, GOOD, "DejaVu Sans, for the figures", ""),
    (hardware.fonts, {"chinese_font": None}, GOOD, "DejaVu Sans, for the figures", ""),
    (hardware.fonts, {"chinese_font": False}, GOOD, "no Chinese font", ""),
    (
        hardware.fonts,
        {"figure_font": False},
        WARNING,
        "DejaVu Sans, which matplotlib brings, is missing",
        f"{INSTALL} --force-reinstall --no-deps matplotlib",
    ),
]


@pytest.mark.parametrize(("judge", "otherwise", "verdict", "fact", "advice"), CASES)
def test_each_verdict_comes_with_its_fact_and_its_advice(judge, otherwise, verdict, fact, advice):
    found = judge(replace(MACHINE, **otherwise))
    told = "\n".join([found.advice, *found.commands])
    assert found.verdict == verdict
    assert fact in found.fact
    assert all(words in told for words in advice.split("|"))
    assert bool(found.advice) == (verdict != GOOD), "what falls short has advice, and nothing else has"


def test_every_judge_has_a_good_answer_and_a_bad_one():
    seen = {judge: {verdict for what, _, verdict, _, _ in CASES if what is judge} for judge in report.JUDGES}
    assert [
        judge.__name__ for judge, verdicts in seen.items() if GOOD not in verdicts or len(verdicts) < 2
    ] == []


def test_a_sound_machine_can_run_and_each_failure_alone_stops_it():
    assert [found.verdict for found in report.examine(MACHINE)] == [GOOD] * len(report.JUDGES)
    for _, otherwise, verdict, _, _ in CASES:
        findings = report.examine(replace(MACHINE, **otherwise))
        assert verdict in {found.verdict for found in findings}
        if verdict != FAILURE:
            assert report.can_run(findings)
        else:
            assert not report.can_run(findings)


def test_what_waits_for_the_packages_is_not_complained_of():
    bare = replace(MACHINE, installed={"polib": "1.0"}, torch={}, figure_font=False)
    names = [found.name for found in report.examine(bare)]
    assert {"PyTorch", "Extras", "Fonts"} & set(names) == set()


def test_colab_keeps_its_own_jupyter():
    needs = Needs(">=3.11", {"numpy": ">=2.0", "jupyterlab": ">=4.2", "ipywidgets": ">=8.1"}, {})
    colab = replace(MACHINE, colab=True, needs=needs, installed={"numpy": "2.0.2", "ipywidgets": "7.7.1"})
    assert software.packages(colab).verdict == GOOD
    assert software.packages(replace(colab, colab=False)).verdict == FAILURE


# --- ranges ------------------------------------------------------------------------------------------------


def test_the_ranges_are_those_that_a_toml_reader_finds():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project, found = tomllib.loads(text)["project"], read_needs(text)

    def lines(needs: dict[str, str]) -> list[str]:
        return [name + spec for name, spec in needs.items()]

    assert found.python == project["requires-python"]
    assert lines(found.packages) == project["dependencies"]
    assert {name: lines(needs) for name, needs in found.extras.items()} == project["optional-dependencies"]


VERSIONS = ["3.8.10", "3.11", "3.11.0", "2.9", "2.13.0", "1.99", "4.0", "0.5.1"]
RANGES = [
    ">=3.11",
    ">=2.9,<3",
    "<1.3",
    ">=1.0.4,<2",
    ">=3.11.0",
    ">2.9",
    "==3.11",
    "!=2.9",
    "<=4",
    ">=2.9, <4",
]


@pytest.mark.parametrize("spec", RANGES)
def test_numbers_alone_decide_as_packaging_does(spec):
    expected = [SpecifierSet(spec).contains(version) for version in VERSIONS]
    assert [by_numbers(version, spec) for version in VERSIONS] == expected
    assert [in_range(version, spec) for version in VERSIONS] == expected


def test_versions_that_are_not_plain():
    assert in_range("2.13.0+cpu", ">=2.9") and by_numbers("2.13.0+cpu", ">=2.9")
    assert in_range("2.14.0.dev20261101", ">=2.9")
    assert not in_range("unknown", ">=2.9") and not by_numbers("unknown", ">=2.9")


def test_without_packaging_pips_copy_decides_and_without_that_the_numbers(monkeypatch):
    monkeypatch.setitem(sys.modules, "packaging.specifiers", None)
    assert in_range("2.9.0", ">=2.9") and not in_range("2.9rc1", ">=2.9")
    monkeypatch.setitem(sys.modules, "pip._vendor.packaging.specifiers", None)
    assert in_range("2.9.0", ">=2.9") and not in_range("2.8", ">=2.9")


# --- what is asked of the machine --------------------------------------------------------------------------


def test_a_broken_torch_is_one_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    assert probe.torch_facts()["error"].startswith("ModuleNotFoundError: import of torch halted")
    assert "error" in probe.compile_facts()


def test_what_kills_or_holds_up_another_process_is_one_sentence():
    assert probe.ask(["-c", "print('noise'); print('{\"cuda\": \"\"}')"]) == {"cuda": ""}
    assert probe.ask(["-c", "raise OSError('lib.so is gone')"]) == {"error": "OSError: lib.so is gone"}
    assert probe.ask(["-c", "import os; os._exit(3)"]) == {"error": "Python ended with status 3"}
    assert probe.ask(["-c", "import time; time.sleep(60)"], seconds=0.2)["error"].startswith(
        "no answer within"
    )
    assert "error" in probe.ask(["-c", "1"], folder=ROOT / "no such folder")
    assert probe.one_line(ValueError("\n  first\nsecond")) == "ValueError: first"


def test_torch_is_imported_once_and_only_if_it_is_installed(monkeypatch):
    asked = []
    monkeypatch.setattr(probe, "ask", lambda arguments, *_: asked.append(arguments[-1]) or {"cuda": ""})
    assert gathering.gather().compiled is None
    assert asked.count("torch") == 1 and "compile" not in asked
    gathering.gather(compiling=True)
    assert asked.count("compile") == 1
    monkeypatch.setattr(gathering, "version", lambda name: None)
    asked.clear()
    assert gathering.gather(compiling=True).torch == {}
    assert asked == [probe.WHICH_UTILS]


def test_a_utils_that_hides_ours_is_found_with_its_owner(tmp_path, monkeypatch):
    package = tmp_path / "utils" / "__init__.py"
    record = tmp_path / "tools_of_mine-1.0.dist-info"
    package.parent.mkdir()
    package.write_text("raise SystemExit('imported')")
    record.mkdir()
    (record / "METADATA").write_text("Metadata-Version: 2.1\nName: tools-of-mine\nVersion: 1.0\n")
    (record / "RECORD").write_text("utils/__init__.py,,\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.syspath_prepend(str(tmp_path))
    found = gathering.gather()
    assert (found.utils, found.utils_ours, found.utils_owner) == (str(package), False, "tools-of-mine")


def test_a_containers_limit_is_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "CGROUP", tmp_path / "none")  # the tests may run in a container themselves
    total, _ = machine.memory()
    for text, expected in (("500000000\n", 0.5), ("max\n", total), ("9" * 18, total)):
        path = tmp_path / "memory.max"
        path.write_text(text)
        monkeypatch.setattr(machine, "CGROUP", path)
        assert machine.memory()[0] == pytest.approx(expected)


def test_memory_without_psutil(monkeypatch):
    monkeypatch.setitem(sys.modules, "psutil", None)
    monkeypatch.setattr(machine, "CGROUP", Path("no such file"))
    assert machine.memory()[1] is None
    monkeypatch.delattr(os, "sysconf", raising=False)  # Windows has none
    assert machine.memory() == (None, None)


def test_the_nvidia_driver_is_asked(monkeypatch):
    for said, expected in (
        ("NVIDIA H100, 80GB, 570.1\nNVIDIA T4, 570.1\n", ("NVIDIA H100, 80GB", "570.1")),
        ("", ("", "")),
    ):
        monkeypatch.setattr(machine, "output", lambda *_, said=said: said)
        assert machine.nvidia() == expected


def test_commands_that_are_missing_or_fail_say_nothing():
    assert machine.output("no-such-command") == ""
    assert machine.output(sys.executable, "-c", "print('x'); raise SystemExit(1)") == ""
    assert machine.output(sys.executable, "-c", "print('x')").strip() == "x"


def test_the_compiler_of_each_system(monkeypatch):
    monkeypatch.delenv("CXX", raising=False)
    for system, there, expected in (
        ("Windows", "cl", "cl"),
        ("Darwin", "clang++", "clang++"),
        ("Linux", "cl", ""),
    ):
        monkeypatch.setattr(machine.platform, "system", lambda system=system: system)
        monkeypatch.setattr(
            machine.shutil, "which", lambda name, there=there: name if name == there else None
        )
        assert machine.compiler() == expected
    monkeypatch.setattr(machine.shutil, "which", lambda name: name)
    monkeypatch.setenv("CXX", "icpx")
    assert machine.compiler() == "icpx"


def test_a_folder_that_cannot_be_written_to(tmp_path):
    assert gathering.unwritable(tmp_path) == ""
    assert gathering.unwritable(tmp_path / "gone") == "No such file or directory"


def test_commands_name_this_python_as_one_types_it():
    assert gathering.shown(str(ROOT / ".venv" / "bin" / "python")) == str(Path(".venv") / "bin" / "python")
    assert gathering.shown("/opt/my python/bin/python") == '"' + str(Path("/opt/my python/bin/python")) + '"'


def test_numbers_that_the_doctor_repeats_are_those_of_their_sources():
    assert f"| {hardware.INSTALLED_GB:g} GB |" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"TORCH_INDEX={CPU_INDEX}" in (ROOT / "README.md").read_text(encoding="utf-8")
    runs = json.loads((ROOT / "book" / "results" / "notebooks.json").read_text(encoding="utf-8"))
    name, memory = gathering.largest_notebook()
    assert runs[name]["quote"]["memory"] == f"{memory:g} GB"
    assert memory == max(float(run["quote"]["memory"].split()[0]) for run in runs.values())


# --- how it is told ----------------------------------------------------------------------------------------


def test_the_text_has_a_line_for_each_finding_and_keeps_commands_whole():
    long = "python -m pip install " + "x" * 100
    findings = [Finding("Disk", WARNING, "word " * 30, "Do this:", (long,)), Finding("GPU", GOOD, "none")]
    lines = report.text(findings).splitlines()
    assert lines[0].startswith("! Disk      word word") and lines[1].startswith(" " * 12 + "word")
    assert f"{' ' * 14}{long}" in lines and f"{' ' * 12}Do this:" in lines
    assert lines[-3:] == ["✓ GPU       none", "", report.verdict(findings)]
    assert all(len(line) <= report.WIDTH for line in lines if long not in line)


def test_the_last_line_is_the_verdict():
    good, bad = Finding("GPU", GOOD, "none"), Finding("Disk", FAILURE, "full", "Make room.")
    assert report.verdict([good]) == "This machine can run the course."
    assert "can run the course. A line marked !" in report.verdict([good, Finding("x", WARNING, "y", "z")])
    assert report.verdict([good, bad]).startswith("This machine cannot run the course yet. Begin with")
    assert "marked x" in report.verdict([bad], report.PLAIN)


@pytest.mark.parametrize(
    ("encoding", "marks"),
    [("utf-8", report.MARKS), ("cp1252", report.PLAIN), (None, report.PLAIN), ("no", report.PLAIN)],
)
def test_a_console_gets_marks_that_it_can_show(encoding, marks):
    assert report.marks_for(encoding) is marks


# --- the page that explains it ------------------------------------------------------------------------------

PAGE = (ROOT / "book" / "setup.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```text\n(.*?)^```", PAGE, re.M | re.S)
SAMPLES = [block for block in BLOCKS if re.match(r"[✓!✗] ", block)]
NEW = {
    "environment": False,
    "installed": {},
    "torch": {},
    "utils": "",
    "utils_ours": False,
    "memory_free": None,
}


def test_the_page_shows_what_the_doctor_says():
    needs = gathering.course_needs()
    listed = re.search(r"in range: (.*?)\n. PyTorch", SAMPLES[1], re.S)[
        1
    ]  # versions move on; the form does not
    installed = dict(entry.split() for entry in " ".join(listed.split()).split(", "))
    new = replace(MACHINE, **NEW, needs=needs, python="3.12.3", command="/usr/bin/python3", compiler="")
    complete = replace(needs, extras={extra: {} for extra in needs.extras})
    whole = replace(MACHINE, needs=complete, installed=installed, compiled={})
    for machine_shown, sample in ((new, SAMPLES[0]), (whole, SAMPLES[1])):
        assert report.text(report.examine(machine_shown)) == sample.rstrip("\n")


def test_the_page_explains_every_line_of_the_answer():
    names = [line[2:].split()[0] for line in SAMPLES[1].splitlines() if re.match(r"[✓!✗] ", line)]
    table = PAGE.partition("## Read the answer")[2].partition("## When")[0]
    assert re.findall(r"^\| (\w+) \| [A-Z]", table, re.M) == names
    assert len(names) == len(report.JUDGES)


def test_sizes_and_commands_of_the_page_are_those_of_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    told = PAGE
    for sample in SAMPLES:
        told = told.replace(sample, "")
    sizes = set(re.findall(r"\b[\d.]+ [MG]B\b", told))
    assert sizes and sizes <= set(re.findall(r"\b[\d.]+ [MG]B\b", readme))
    ours = [line for block in BLOCKS for line in block.splitlines() if "utils.doctor" not in line]
    shared = [line for line in ours if re.match(r"(py |\.venv\\|conda |!unzip|%cd|make lab T)", line)]
    assert len(shared) >= 8
    assert [line for line in shared if line not in readme.splitlines()] == []
    assert CPU_INDEX in PAGE


def test_what_the_page_says_of_torch_stands_in_its_metadata():
    pin = re.search(r"^torch==(\S+)$", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.M)[1]
    told = re.search(r"([\d.]+), with which this book is tested, says `Requires-Python: (\S+)`", PAGE)
    assert pin.startswith(told[1] + ".")
    if metadata.version("torch").partition("+")[0] == pin:  # the weekly run tries other versions
        assert metadata.metadata("torch")["Requires-Python"] == told[2]


# --- the command -------------------------------------------------------------------------------------------


def doctor(
    *arguments: str, switches: tuple[str, ...] = (), **environment: str
) -> subprocess.CompletedProcess:
    command = [sys.executable, *switches, "-m", "utils.doctor", *arguments]
    variables = {**os.environ, "PYTHONIOENCODING": "utf-8", **environment}
    return subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, encoding="utf-8")


def test_this_machine_which_runs_the_tests_can_run_the_course():
    done = doctor("--json", "--compile")
    told = json.loads(done.stdout)
    assert (done.returncode, told["can_run"], done.stderr) == (0, True, "")
    findings = {found["name"]: found for found in told["findings"]}
    assert [found for found in findings.values() if found["verdict"] == FAILURE] == []
    if sys.platform == "linux":
        assert findings["Compiler"]["fact"].startswith("torch.compile works with")


def test_with_nothing_installed_it_says_so_and_ends_with_status_1():
    done = doctor(switches=("-S", "-E", "-s"))
    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("✓ Python")
    assert "✗ Packages  missing: torch >=2.9, numpy" in done.stdout
    assert lines[-1] == "This machine cannot run the course yet. Begin with the first line marked ✗."


def test_a_console_without_unicode_gets_an_answer():
    done = doctor(switches=("-S", "-s"), PYTHONIOENCODING="ascii")
    assert done.returncode == 1 and done.stdout.isascii() and "x Packages" in done.stdout


def test_an_unknown_argument_is_neither_yes_nor_no():
    done = doctor("--fix")
    assert done.returncode == 2 and "unrecognized arguments: --fix" in done.stderr


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_it_is_written_for_python_3_8(path):
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 8))
    top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.name for node in top if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in top if isinstance(node, ast.ImportFrom)}
    roots = {name.partition(".")[0] for name in names} - {"utils"}
    assert roots <= sys.stdlib_module_names
    newer = {"tomllib", "removeprefix", "removesuffix", "packages_distributions", "strict", "is_relative_to"}
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    used |= {word.arg for node in ast.walk(tree) if isinstance(node, ast.Call) for word in node.keywords}
    assert (used | roots) & newer == set()


def test_the_doctor_knows_no_network():
    talkers = {"socket", "urllib", "http", "requests", "ssl", "ftplib"}
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {
            alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
        }
        names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert {name.partition(".")[0] for name in names} & talkers == set()
