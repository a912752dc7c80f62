"""Every notebook runs in a fresh kernel and shows what it has stored; what changes with a result is found."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from book import execute, matrix, student
from book.notebooks import (
    ROOT,
    code_hash,
    compared_share,
    key,
    lessons,
    read,
    run_environment,
    tags,
    to_text,
    uses_corpus,
)
from tests.conftest import uncompared_line
from utils import corpus

RATE = re.compile(r"\b((?:learning_rate|lr)\s*=\s*)(\d[\d.]*(?:e-?\d+)?)")
MIN_SHARE = 0.8
MAX_MEGABYTES = 2000  # the budget of a chapter; one that compiles needs more than the others
CELL_SECONDS = 120
STANDING = [key(path) for path in lessons()]


def nbval(path: Path, environment: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    """Run a notebook's cells as tests, every output compared, in a pytest of its own.

    Where it uses the corpus and that is another one here, an error fails it, but nothing is compared.
    """
    how = "--nbval-lax" if uncompared(path) else "--nbval"
    command = [sys.executable, "-m", "pytest", how, "--nbval-current-env", str(path)]
    command += ["--nbval-sanitize-with", str(ROOT / "tests" / "nbval.cfg")]
    command += ["--nbval-cell-timeout", str(CELL_SECONDS)]
    command += ["-p", "no:cacheprovider", "--noconftest", "--override-ini=addopts="]
    command += ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT), "--color=no", *options]
    clean = {name: value for name, value in environment.items() if not name.startswith(("PYTEST_", "COV_"))}
    return subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True)


def uncompared(path: Path) -> bool:
    """Whether a notebook's outputs depend on a corpus that this machine does not have."""
    return uses_corpus(read(path)) and not corpus.matches()


def report(done: subprocess.CompletedProcess[str]) -> str:
    """What a failed run said."""
    return f"{done.stdout[-8000:]}\n{done.stderr[-2000:]}"


# --- the book's notebooks ------------------------------------------------------------------------


def test_there_are_notebooks():
    assert {Path(name).parts[0] for name in STANDING} == {"chapters", "labs"}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", STANDING)
def test_notebook_shows_what_is_stored(name, notebook_environment):
    done = nbval(ROOT / name, notebook_environment)
    assert done.returncode == 0, report(done)


def test_most_cells_that_print_are_compared():
    compared, printing = compared_share([read(ROOT / name) for name in STANDING])
    assert compared >= MIN_SHARE * printing, f"only {compared} of {printing} cells that print are compared"


@pytest.mark.parametrize("name", STANDING)
def test_record_is_of_the_code_that_stands(name):
    entry = json.loads(execute.RECORD.read_text(encoding="utf-8"))[name]
    assert entry["code"] == code_hash(read(ROOT / name)), f"run `make execute NB={name}`"
    assert entry["peak_mb"] <= MAX_MEGABYTES
    assert entry["quote"] == execute.quotable({k: entry[k] for k in ("seconds", "peak_mb")})["quote"]
    assert {"command", "date", "commit", "machine", "versions"} <= set(entry)


@pytest.mark.parametrize("name", STANDING)
def test_stored_notebook_is_as_execute_leaves_it(name):
    path = ROOT / name
    notebook = read(path)
    execute.refuse_noise(notebook)
    execute.tidy(notebook)
    assert to_text(notebook) == path.read_text(encoding="utf-8"), f"run `make execute NB={name}`"
    counts = [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1)), "not run from top to bottom in a fresh kernel"


# --- a changed result is found -----------------------------------------------------------------


def rate_cells(notebook: NotebookNode) -> list[int]:
    """The code cells that set a learning rate: those tagged so, or else the first that has one."""
    code = [i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    tagged = [i for i in code if "learning-rate" in tags(notebook.cells[i])]
    return tagged or [i for i in code if RATE.search(notebook.cells[i].source)][:1]


def rate_cases() -> list[tuple[str, int]]:
    chapters = sorted((ROOT / "chapters").glob("[0-9][0-9]_*.ipynb"))
    return [(key(path), i) for path in chapters if not uncompared(path) for i in rate_cells(read(path))]


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("name", "index"), rate_cases())
def test_a_changed_learning_rate_fails(name, index, notebook_environment, tmp_path):
    notebook = read(ROOT / name)
    notebook.cells[index].source = scaled_rate(notebook.cells[index].source)
    copy = tmp_path / "changed.ipynb"
    copy.write_text(to_text(notebook), encoding="utf-8")
    done = nbval(copy, notebook_environment, "--exitfirst")
    assert done.returncode == 1, f"the change was not seen: {report(done)}"
    changed = sum(cell.cell_type == "code" for cell in notebook.cells[:index])
    failed = [int(number) for number in re.findall(r"^FAILED .*::Cell (\d+)", done.stdout, re.M)]
    assert failed and failed[0] >= changed, f"it failed before the change: {report(done)}"


def scaled_rate(source: str, factor: float = 1.1) -> str:
    """A cell with its first learning rate multiplied."""
    changed, count = RATE.subn(lambda match: f"{match[1]}{float(match[2]) * factor!r}", source, count=1)
    assert count == 1, f"no learning rate in {source!r}"
    return changed


# --- another corpus than that of the stored outputs ---------------------------------------------------


def corpus_notebook(path: Path, source: str, output: str) -> Path:
    """A notebook that uses the corpus and has the output stored."""
    outputs = [nbformat.v4.new_output("stream", name="stdout", text=output + "\n")]
    cells = [new_code_cell("from utils import corpus", execution_count=1)]
    cells.append(new_code_cell(source, outputs=outputs, execution_count=2))
    path.write_text(to_text(new_notebook(cells=cells)), encoding="utf-8")
    return path


def test_with_another_corpus_notebooks_that_use_it_run_uncompared(
    notebook_environment, tmp_path, monkeypatch
):
    other = corpus_notebook(tmp_path / "other.ipynb", "print(6 * 7)", "41")
    wrong = corpus_notebook(tmp_path / "wrong.ipynb", "assert False", "41")
    plain = corpus_notebook(tmp_path / "plain.ipynb", "print(6 * 7)", "41")
    plain.write_text(
        plain.read_text(encoding="utf-8").replace("import corpus", "import files"), encoding="utf-8"
    )

    def passes(matches: bool) -> list[bool]:
        monkeypatch.setattr(corpus, "matches", lambda: matches)
        return [nbval(path, notebook_environment).returncode == 0 for path in (other, wrong, plain)]

    assert passes(matches=True) == [False, False, False]
    assert passes(matches=False) == [True, False, False], "only a difference is forgiven, and only there"


def test_what_ran_uncompared_is_said(monkeypatch):
    assert uncompared_line([]) == ""
    monkeypatch.setattr(corpus, "matches", lambda: True)
    assert uncompared_line(["chapters/07_tokens.ipynb"]) == ""
    monkeypatch.setattr(corpus, "matches", lambda: False)
    monkeypatch.setattr(corpus, "_difference", lambda: "PyTorch 9.9 has no manifest here")
    line = uncompared_line(["chapters/07_tokens.ipynb"])
    assert line.startswith("RUN BUT NOT COMPARED: chapters/07_tokens.ipynb. PyTorch 9.9 has no manifest here")
    assert "\n" not in line and uncompared_line([]) == ""


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import utils.corpus", True),
        ("from utils.corpus import read_split", True),
        ("from utils import bpe, corpus", True),
        ("from utils.data import read_corpus", True),
        ("from utils import files\ncorpus = 1", False),
        ("print('a corpus')", False),
    ],
)
def test_a_notebook_that_uses_the_corpus_is_known_by_its_code(source, found):
    assert uses_corpus(new_notebook(cells=[new_code_cell(source)])) == found
    assert uses_corpus(new_notebook(cells=[new_code_cell("1")], metadata={"corpus": True}))


# --- the Chinese notebooks ------------------------------------------------------------------------


def pairs() -> list[tuple[Path, Path]]:
    """(English, Chinese) for every chapter and every learner's lab."""
    found = []
    for folder in ("chapters", "labs"):
        found += [
            (path, path.parent / "zh_CN" / path.name) for path in sorted((ROOT / folder).glob("*.ipynb"))
        ]
    return found


def test_every_notebook_stands_in_chinese():
    assert pairs() and all(chinese.exists() for _, chinese in pairs()), "run `make student`"


def test_chinese_notebooks_hold_the_same_code_and_outputs():
    for english, chinese in pairs():
        assert code_cells(read(english)) == code_cells(read(chinese)), key(chinese)


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.mark.timeout(900)
def test_a_chinese_notebook_runs(notebook_environment):
    done = nbval(pairs()[0][1], notebook_environment)
    assert done.returncode == 0, report(done)


# --- the learners' labs ---------------------------------------------------------------------------------


def test_labs_are_what_their_solutions_give():
    assert student.main(["--check"]) == 0, "run `make student`"


@pytest.mark.parametrize("path", [lab for _, lab in student.labs()], ids=lambda path: path.name)
def test_labs_hold_no_line_of_a_solution(path):
    learner = "\n".join(cell.source for cell in read(path).cells)
    solution = read(path.parent / "solutions" / path.name)
    assert solution_lines(solution), "a lab has solutions"
    kept = {line.strip() for line in learner.split("\n")}
    assert not solution_lines(solution) & kept and "BEGIN SOLUTION" not in learner
    assert all(not cell.outputs and cell.execution_count is None for cell in code_cells(read(path)))


def solution_lines(notebook: NotebookNode) -> set[str]:
    """The lines between a solution's markers."""
    source = "\n".join(cell.source for cell in code_cells(notebook))
    regions = re.findall(r"BEGIN SOLUTION[^\n]*\n(.*?)\n[^\n]*END SOLUTION", source, re.S)
    return {line.strip() for region in regions for line in region.split("\n")} - {""}


def lab_cell(source: str, solution: bool = True, **metadata) -> NotebookNode:
    metadata |= {"nbgrader": {"solution": solution, "grade": False, "grade_id": "x", "schema_version": 3}}
    return new_code_cell(source, id="answer", metadata=metadata)


def learner(*cells: NotebookNode) -> NotebookNode:
    return student.student_notebook(new_notebook(cells=list(cells)), "lab")


def test_a_solution_becomes_nbgraders_stub():
    source = "def f(x):\n    ### BEGIN SOLUTION\n    y = x\n    return y\n    ### END SOLUTION\n\nf(1)"
    made = learner(lab_cell(source)).cells[0]
    assert made.source == "def f(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()\n\nf(1)"
    assert made.id == "answer" and made.metadata.nbgrader.solution
    assert learner(lab_cell("y = 1")).cells[0].source == "# YOUR CODE HERE\nraise NotImplementedError()"
    assert learner(lab_cell("print(1)", solution=False)).cells[0].source == "print(1)"
    assert learner(lab_cell("print(1)", tags=["solution-only"])).cells == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("### BEGIN SOLUTION\nx = 1", "without END"),
        ("x = 1\n### END SOLUTION", "without BEGIN"),
        ("### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION", "has not ended"),
    ],
)
def test_unmatched_markers_are_said_in_one_sentence(source, said):
    with pytest.raises(student.MarkerError, match=f"lab, cell answer.*{said}"):
        learner(lab_cell(source))


def test_markers_outside_a_solution_cell_are_refused():
    with pytest.raises(student.MarkerError, match="nbgrader"):
        learner(lab_cell("### BEGIN SOLUTION\nx = 1\n### END SOLUTION", solution=False))


def test_nbgrader_clears_the_same_lines():
    """Its rules, as far as ours follow them: markers anywhere in a line, the indent of the first."""
    source = "if a:\n        # BEGIN SOLUTION here\n        x = 1\n        # END SOLUTION"
    stub = "if a:\n        # YOUR CODE HERE\n        raise NotImplementedError()"
    assert learner(lab_cell(source)).cells[0].source == stub


def test_check_writes_nothing_and_finds_a_changed_lab(tmp_path, capsys):
    solutions = tmp_path / "labs" / "solutions"
    solutions.mkdir(parents=True)
    notebook = new_notebook(cells=[lab_cell("### BEGIN SOLUTION\nx = 1\n### END SOLUTION")])
    nbformat.write(notebook, solutions / "01_a.ipynb")
    lab = tmp_path / "labs" / "01_a.ipynb"
    assert student.main(["--check"], tmp_path) == 1 and not lab.exists()
    assert student.main([], tmp_path) == 0 and student.main(["--check"], tmp_path) == 0
    lab.write_text(lab.read_text(encoding="utf-8").replace("YOUR", "MY"), encoding="utf-8")
    assert student.main(["--check"], tmp_path) == 1
    assert "labs/01_a.ipynb differs" in capsys.readouterr().err


# --- the commands on small notebooks ------------------------------------------------------------------

SMALL = [
    'print("sum", 1 + 2)',
    "from utils.plots import explore, figure, show\n\nfig, ax = figure()\nax.plot([1, 2])\n"
    'show(fig, "A line that rises from 1 to 2")',
    'def draw(ax, k):\n    ax.plot([0, k])\n    return f"A line that rises to {k}"\n\n'
    'explore(draw, "end", [0.5, 2.0])',
]


def small(folder: Path, *sources: str, tag: str = "") -> Path:
    """A notebook on the disk whose last cell may have a tag."""
    cells = [new_code_cell(source, id=f"c{i}") for i, source in enumerate(sources)]
    cells[-1].metadata["tags"] = [tag] if tag else []
    path = folder / "small.ipynb"
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path.write_text(to_text(new_notebook(cells=cells, metadata={"kernelspec": spec})), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def executed(tmp_path_factory, notebook_environment) -> Path:
    """A small notebook with its outputs stored."""
    path = small(tmp_path_factory.mktemp("executed"), *SMALL)
    entry = execute.store(path, notebook_environment)
    assert entry["seconds"] > 0 and entry["peak_mb"] > 10
    return path


def test_a_second_run_stores_the_same_bytes(executed, notebook_environment):
    first = executed.read_bytes()
    execute.store(executed, notebook_environment)
    assert executed.read_bytes() == first
    assert (
        b"widget" not in first and b"sum 3" in first and [cell.id for cell in read(executed).cells][0] == "c0"
    )


def test_nbval_passes_it_and_finds_a_changed_word(executed, notebook_environment, tmp_path):
    done = nbval(executed, notebook_environment)
    assert done.returncode == 0, report(done)
    text = executed.read_text(encoding="utf-8")
    copy = tmp_path / "changed.ipynb"
    copy.write_text(text.replace("sum 3", "sum 4").replace("rises to 2.0", "falls to 2.0"), encoding="utf-8")
    failed = re.findall(r"^FAILED .*::Cell (\d+)", nbval(copy, notebook_environment).stdout, re.M)
    assert failed == ["0", "2"], "a printed word, and the alt text of a frame that is not shown first"


def test_matrix_passes_it_and_names_the_cell_that_differs(executed, notebook_environment, tmp_path):
    older = matrix.modes()["older processor"]
    assert matrix.compare(read(executed), executed.parent, older) == (3, [])
    changed = read(executed)
    changed.cells[0].outputs[0].text = "sum 4\n"
    cells, found = matrix.compare(changed, tmp_path, notebook_environment)
    assert cells == 3 and len(found) == 1 and "cell 1 (id c0)" in found[0]


def test_matrix_modes_take_effect():
    modes = matrix.modes()
    assert matrix.capability(modes["two threads"]).endswith(" 2")
    assert matrix.capability(modes["one thread, first run"]).endswith(" 1")
    assert "AVX512" not in matrix.capability(modes["older processor"])


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("1 / 0", r"cell 2 \(id c1\) raised ZeroDivisionError: division by zero"),
        ('import sys\nprint("careful", file=sys.stderr)', r"cell 2 \(id c1\) wrote to stderr: careful"),
        ("import os\nos._exit(3)", r"cell 2 \(id c1\) ended its kernel"),
    ],
)
def test_a_faulty_run_is_not_stored(source, said, notebook_environment, tmp_path):
    path = small(tmp_path, "print(1)", source, "print(2)")
    before = path.read_bytes()
    with pytest.raises(execute.NotStored, match=said):
        execute.store(path, notebook_environment)
    assert path.read_bytes() == before


def test_an_announced_error_is_stored_without_paths(notebook_environment, tmp_path):
    path = small(tmp_path, 'raise ValueError("as planned")', tag="raises-exception")
    execute.store(path, notebook_environment)
    (error,) = read(path).cells[0].outputs
    assert len(error.traceback) == 1 and "as planned" in error.traceback[0]


def test_widgets_and_versions_are_not_stored():
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}, "text/plain": "IntSlider()"}
    outputs = [nbformat.v4.new_output("display_data", data=view)]
    outputs.append(nbformat.v4.new_output("display_data", data=view | {"text/html": "<p>kept</p>"}))
    notebook = new_notebook(cells=[new_code_cell("x", outputs=outputs, metadata={"execution": {"a": "1"}})])
    notebook.metadata |= {"widgets": {}, "language_info": {"name": "python", "version": "3.11.7"}}
    execute.tidy(notebook)
    (kept,) = notebook.cells[0].outputs
    assert set(kept.data) == {"text/html", "text/plain"} and notebook.cells[0].metadata == {}
    assert notebook.metadata == {"language_info": {"name": "python"}}


def test_quotes_are_the_next_step_above_what_was_measured():
    assert execute.quotable({"seconds": 15.2, "peak_mb": 501})["quote"] == {
        "seconds": "20 s",
        "memory": "0.75 GB",
    }
    assert execute.quotable({"seconds": 301.0, "peak_mb": 500})["quote"] == {
        "seconds": "360 s",
        "memory": "0.5 GB",
    }


def test_the_environment_hides_gpus_and_settings(monkeypatch):
    monkeypatch.setenv("ATEN_CPU_CAPABILITY", "default")
    environment = run_environment(2)
    assert environment["CUDA_VISIBLE_DEVICES"] == "" and environment["OMP_NUM_THREADS"] == "2"
    assert environment["BOOK_STATIC"] == "1" and "ATEN_CPU_CAPABILITY" not in environment
