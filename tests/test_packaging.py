"""The files a newcomer and CI start from agree with one another and with what they describe."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterable
from fnmatch import fnmatch
from importlib.metadata import Distribution, PackageNotFoundError, distributions, packages_distributions
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
EXTRAS = PROJECT["optional-dependencies"]
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
READMES = ("README.md", "README.zh.md")
# Put together here so that this file does not hold what it forbids.
FORBIDDEN = tuple(
    "".join(parts)
    for parts in (
        ("pypi", ".org"),
        ("pythonhosted", ".org"),
        ("registry.", "npmjs"),
        ("deb.", "debian.org"),
        ("conda.", "anaconda.org"),
        ("index", "-url http"),
        ("/ro", "ot/"),
        ("+c", "pu\n"),
    )
)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def targets() -> set[str]:
    """The Makefile's phony targets."""
    return set(re.search(r"^\.PHONY: (.*)$", read("Makefile"), re.M)[1].split())


def tracked() -> list[str]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [name for name in listing.decode().split("\0") if name and (ROOT / name).is_file()]


# --- commands -------------------------------------------------------------------------------------


def test_makefile_documents_every_target():
    documented = set(re.findall(r"^([a-z]+):.*## \S", read("Makefile"), re.M))
    assert documented == targets()


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed: Windows uses plain pip")
def test_bare_make_lists_every_target_and_does_nothing_else():
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(re.findall(r"^  make ([a-z]+) +\S", done.stdout, re.M)) == targets()
    assert "pip" not in done.stdout


@pytest.mark.parametrize(
    "name", [*READMES, "CONTRIBUTING.md", ".ci/run", "Makefile", "book/how_to_use.md", "book/index.md"]
)
def test_every_make_command_that_is_named_exists(name):
    # code spans, code blocks and shell lines; "make sure" in a sentence is not a command
    named = set(re.findall(r"(?:^|`)make ([a-z]+)\b", read(name), re.M))
    assert named or name not in READMES
    assert named <= targets()


def test_python_modules_that_commands_run_exist():
    for name in ("Makefile", *READMES, "CONTRIBUTING.md"):
        for module in re.findall(r"-m (book\.\w+)", read(name)):
            assert (ROOT / module.replace(".", "/")).with_suffix(".py").is_file(), f"{name}: {module}"


def test_ci_runs_the_two_commands_in_order():
    script = read(".ci/run")
    lines = [line.split(" 2>&1")[0] for line in script.splitlines()]
    assert lines.index("make test") < lines.index("make book")
    assert "set -euo pipefail" in lines
    assert "export CI=true" in script
    entry = subprocess.run(["git", "ls-files", "-s", ".ci/run"], cwd=ROOT, capture_output=True, check=True)
    assert entry.stdout.startswith(b"100755")


@pytest.mark.parametrize("name", ["ci", "weekly"])
def test_workflows_use_the_documented_index_and_pin_actions_by_major_version(name):
    workflow = yaml.safe_load(read(f".github/workflows/{name}.yml"))
    assert workflow["env"]["TORCH_INDEX"] == CPU_INDEX
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    used = [step["uses"] for step in steps if "uses" in step]
    assert used and all(re.fullmatch(r"[\w-]+/[\w-]+@v\d+", action) for action in used)
    commands = [step["run"].strip() for step in steps if "run" in step]
    assert "bash .ci/run" in commands
    if name == "weekly":
        assert "make matrix" in commands
        kinds = workflow["jobs"]["versions"]["strategy"]["matrix"]["include"]
        assert {kind["name"]: kind["constraints"] for kind in kinds} == {"newest": "", "lowest": "lowest.txt"}


# --- dependencies ---------------------------------------------------------------------------------


def direct() -> dict[str, Requirement]:
    """Every requirement of pyproject.toml by its normal name."""
    lines = [*PROJECT["dependencies"], *(line for extra in EXTRAS.values() for line in extra)]
    found = [Requirement(line) for line in lines]
    names = [canonicalize_name(requirement.name) for requirement in found]
    assert len(names) == len(set(names)), "pyproject.toml lists a dependency twice"
    return dict(zip(names, found, strict=True))


def pins() -> dict[str, str]:
    lines = [line for line in read("constraints.txt").splitlines() if line and not line.startswith("#")]
    matches = [re.fullmatch(r"([A-Za-z0-9._-]+)==([0-9][A-Za-z0-9.]*)", line) for line in lines]
    assert all(matches), "constraints.txt holds more than exact versions"
    found = {canonicalize_name(match[1]): match[2] for match in matches}
    assert len(found) == len(lines), "constraints.txt pins a package twice"
    return found


def installed(name: str) -> Distribution:
    """What is installed under that name; not a copy that setuptools, once imported, puts on the path."""
    found = next(distributions(name=name, path=[sysconfig.get_path("purelib")]), None)
    if found is None:
        raise PackageNotFoundError(name)
    return found


def needs(name: str, extras: Iterable[str] = ()) -> list[Requirement]:
    """What an installed distribution requires, on any system, with the extras that are asked for."""
    found = []
    for requirement in map(Requirement, installed(name).requires or []):
        optional = "extra ==" in str(requirement.marker)
        if not optional or any(requirement.marker.evaluate({"extra": extra}) for extra in extras):
            found.append(requirement)
    return found


def closure(roots: list[str]) -> set[str]:
    """Normal names of `roots` and all that they pull, as far as it is installed.

    What torch itself pins exactly (the CUDA libraries of its default build on Linux) needs no pin of ours.
    """
    todo, seen = [Requirement(line) for line in roots], set()
    while todo:
        requirement = todo.pop()
        name = canonicalize_name(requirement.name)
        if (name, *sorted(requirement.extras)) in seen:
            continue
        try:
            pulled = needs(name, requirement.extras)
        except PackageNotFoundError:
            continue  # for another system, or an older Python
        seen.add((name, *sorted(requirement.extras)))
        todo += [r for r in pulled if not (name == "torch" and str(r.specifier).startswith("=="))]
    return {name for name, *_ in seen}


def test_every_direct_dependency_is_a_range_that_holds_its_pin():
    pinned = pins()
    for name, requirement in direct().items():
        operators = {specifier.operator for specifier in requirement.specifier}
        assert ">=" in operators and "==" not in operators, f"{requirement} is not a range with a lower bound"
        assert requirement.specifier.contains(pinned[name]), f"{requirement} does not hold {pinned[name]}"


@pytest.mark.skipif(
    os.environ.get("CONSTRAINTS", "constraints.txt") != "constraints.txt",
    reason="other versions than the tested ones were asked for",
)
def test_constraints_pin_exactly_what_the_project_pulls():
    pinned, pulled = pins(), closure([str(requirement) for requirement in direct().values()])
    if sys.platform == "linux":
        assert pulled - pinned.keys() == set(), "pulled but not pinned"
        assert pinned.keys() - pulled == set(), "pinned but not pulled"
    for name in pulled & pinned.keys():
        assert Version(installed(name).version).public == pinned[name], f"{name}: not the tested version"


def test_the_site_is_built_without_torch():
    assert "torch" not in closure(EXTRAS["book"])
    modules = ("book.build", "book.student", "book.languages", "book.scripts")
    blocked = "import sys; sys.modules['torch'] = None; import " + ", ".join(modules)
    done = subprocess.run([sys.executable, "-c", blocked], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level}
    ours = {"book", "utils", "tests"}
    return {name.partition(".")[0] for name in names} - set(sys.stdlib_module_names) - ours


def test_every_import_is_declared_or_comes_with_a_declared_package():
    declared = set(direct())
    with_them = {canonicalize_name(r.name) for name in declared for r in needs(name)}
    providers = packages_distributions()
    undeclared = set()
    for folder in ("utils", "book", "tests"):
        local = {path.stem for path in (ROOT / folder).rglob("*.py")}
        for path in (ROOT / folder).rglob("*.py"):
            for module in imported(path) - local:
                found = {canonicalize_name(name) for name in providers.get(module, [])}
                if not found & (declared | with_them):
                    undeclared.add(f"{path.relative_to(ROOT)}: {module}")
    assert undeclared == set(), "declare these in pyproject.toml"


def test_every_file_of_the_package_that_is_no_module_is_installed_with_it():
    """Setuptools takes modules by itself, other files by the patterns of pyproject.toml."""
    patterns = [f"utils/{pattern}" for pattern in PYPROJECT["tool"]["setuptools"]["package-data"]["utils"]]
    data = [name for name in tracked() if name.startswith("utils/") and not name.endswith(".py")]
    assert f"utils/manifests/torch-{pins()['torch']}.csv" in data, "run `python -m utils.corpus --write`"
    assert [name for name in data if not any(fnmatch(name, pattern) for pattern in patterns)] == []


def test_conda_installs_from_the_same_lists_and_repeats_none():
    environment = yaml.safe_load(read("environment.yml"))
    plain = [entry for entry in environment["dependencies"] if isinstance(entry, str)]
    (nested,) = [entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict)]
    assert [re.split(r"[=<>]", entry)[0] for entry in plain] == ["python", "pip"]
    assert nested == ["-c constraints.txt", "-e .[book,ecosystem,test]"]
    python = plain[0].partition("=")[2].lstrip("=")
    assert PROJECT["requires-python"] == ">=3.11" and Version(python) >= Version("3.11")


# --- READMEs --------------------------------------------------------------------------------------


def headings(text: str) -> list[int]:
    prose = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    return [len(marks) for marks in re.findall(r"^(#+) ", prose, re.M)]


def code_blocks(text: str) -> list[tuple[str, str]]:
    """Language and code of each fenced block, without comments (which are translated)."""
    blocks = re.findall(r"^```(\w*)\n(.*?)^```", text, re.M | re.S)
    return [(language, re.sub(r" *# .*", "", code)) for language, code in blocks]


def links(text: str) -> list[str]:
    """Targets of links and pictures in order, the Chinese notebook standing for its English one."""
    return [target.replace("/zh_CN/", "/") for target in re.findall(r"\]\(([^)\s]+)\)", text)]


def test_both_readmes_have_the_same_sections_commands_and_links():
    english, chinese = (read(name) for name in READMES)
    assert headings(english) == headings(chinese)
    assert code_blocks(english) == code_blocks(chinese)
    assert links(english)[1:] == links(chinese)[1:]
    assert (links(english)[0], links(chinese)[0]) == ("README.zh.md", "README.md")
    sizes = [re.findall(r"\b[\d.]+ [MG]B", text) for text in (english, chinese)]
    assert sizes[0] == sizes[1] != []


@pytest.mark.parametrize("name", [*READMES, "CONTRIBUTING.md"])
def test_links_lead_to_files_that_exist_and_to_no_unknown_repository(name):
    for target in re.findall(r"\]\(([^)\s]+)\)", read(name)):
        if target.startswith("https://"):
            assert target == "https://creativecommons.org/licenses/by/4.0/"
        else:
            assert (ROOT / target).is_file(), f"{name}: {target}"


def test_readmes_name_the_licence_and_the_citation():
    for name in READMES:
        assert "](LICENSE)" in read(name) and "`CITATION.cff`" in read(name)
        assert f"version = {{{PROJECT['version']}}}" in read(name)


def chapter_rows(name: str) -> list[list[str]]:
    """The cells of each row of a README's chapter table."""
    rows = re.findall(r"^\| (\d\d \|.*) \|$", read(name), re.M)
    return [[cell.strip() for cell in re.split(r" ?\| ?", row)] for row in rows]


@pytest.mark.parametrize(
    ("name", "planned", "folder"), [(READMES[0], "planned", ""), (READMES[1], "计划中", "zh_CN/")]
)
def test_chapter_table_tells_what_stands_and_quotes_the_record(name, planned, folder):
    record = json.loads(read("book/results/notebooks.json"))
    contents = read("book/_toc.yml")
    rows = chapter_rows(name)
    assert [row[0] for row in rows] == [f"{number:02}" for number in range(1, 16)]
    for number, chapter, builds, seconds, memory, lab in rows:
        standing = sorted((ROOT / "chapters").glob(f"{number}_*.ipynb"))
        assert builds
        if not standing:
            assert (seconds, memory, lab) == (planned, "", "") and "](" not in chapter
            continue
        (notebook,) = standing
        assert f"chapters/{notebook.stem}\n" in contents
        assert f"](chapters/{folder}{notebook.name})" in chapter and f"](labs/{folder}{notebook.name})" in lab
        quote = record[f"chapters/{notebook.name}"]["quote"]
        told = f"{name}, chapter {number}: the record says {quote['seconds']} and {quote['memory']}"
        assert [seconds, memory] == [quote["seconds"], quote["memory"]], told


# --- licence and citation -------------------------------------------------------------------------


def test_licences_are_the_same_everywhere():
    text = " ".join(read("LICENSE").split())
    assert PROJECT["license"] == "MIT AND CC-BY-4.0"
    assert f"SPDX-License-Identifier: {PROJECT['license']}" in text
    assert "https://creativecommons.org/licenses/by/4.0/legalcode" in text
    assert "Permission is hereby granted, free of charge, to any person obtaining a copy" in text
    assert 'THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND' in text
    assert PROJECT["license-files"] == ["LICENSE"]


def test_citation_is_valid_and_of_this_version():
    citation = yaml.safe_load(read("CITATION.cff"))
    assert citation["cff-version"] == "1.2.0"
    assert all(citation[key] for key in ("message", "title", "authors"))  # what the format requires
    assert str(citation["version"]) == PROJECT["version"]
    assert citation["authors"] == [{"name": "The Large Models from Zero authors"}]
    assert citation["license"] == PROJECT["license"].split(" AND ")
    assert citation["type"] in ("software", "dataset")


# --- nothing that belongs to one machine ----------------------------------------------------------


def test_no_registry_host_and_no_machine_path_is_committed():
    for name in tracked():
        data = (ROOT / name).read_bytes()
        if b"\0" in data:
            continue
        text = data.decode("utf-8")
        found = [word for word in FORBIDDEN if word in text]
        assert not found, f"{name}: {found}"
        indexes = set(re.findall(r"https://download\.pytorch\.org[\w/.-]*", text))
        assert indexes <= {CPU_INDEX}, f"{name}: {indexes}"
