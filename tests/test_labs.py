"""Every lab: its checks let right solutions pass and nothing else; its notebooks say what is defined.

A lab is found by its definitions (`utils/exercises/labNN`). Its notebook and the second forms of its
mistakes (`tests/mistakes/labNN`) must be there.
"""

from __future__ import annotations

import ast
import functools
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

from book.notebooks import ROOT, read, run_environment, tags
from tests import mistakes
from tests.notebook_text import flat
from tests.solution_mutants import mutants
from utils.exercises import registry
from utils.exercises.proof import assert_proved, blind_spots, run_here

EXERCISES = [exercise for lab in registry.labs() for exercise in registry.exercises(lab)]
each = pytest.mark.parametrize("exercise", EXERCISES, ids=[exercise.id for exercise in EXERCISES])
each_lab = pytest.mark.parametrize("lab", registry.labs())

# Cases of one sample on purpose, beside larger ones: a squeezed axis shows nowhere else. The scores of
# causal attention are square by nature.
ON_PURPOSE = ("case “1 sample,", "case “B=1,", "case “square scores:")


def lab_of(exercise) -> str:
    return exercise.id.partition(".")[0]


@functools.cache
def path_of(lab: str, folder: str) -> Path:
    """The one notebook of this number in a folder."""
    (path,) = (ROOT / folder).glob(f"{lab}_*.ipynb")
    return path


@functools.cache
def solution(lab: str) -> NotebookNode:
    return read(path_of(lab, "labs/solutions"))


@functools.cache
def learner(lab: str) -> NotebookNode:
    return read(path_of(lab, "labs"))


def solution_of(exercise) -> NotebookNode:
    return solution(lab_of(exercise))


def learner_of(exercise) -> NotebookNode:
    return learner(lab_of(exercise))


def name_of(exercise) -> str:
    return exercise.id.partition(".")[2]


def cell(notebook: NotebookNode, wanted: str) -> NotebookNode:
    return next(cell for cell in notebook.cells if cell.id == wanted.replace("_", "-"))


def function_of(notebook: NotebookNode, exercise) -> ast.FunctionDef:
    return ast.parse(cell(notebook, name_of(exercise)).source).body[0]


def namespace(notebook: NotebookNode, exercise) -> dict[str, object]:
    """The functions of a lab's answer cells, which may call one another."""
    names: dict[str, object] = {}
    exec("import torch", names)
    for other in registry.exercises(lab_of(exercise)):
        exec(cell(notebook, name_of(other)).source, names)
    return names


def solution_lines(exercise) -> set[str]:
    """The code between the markers, line by line, without comments."""
    source = cell(solution_of(exercise), name_of(exercise)).source
    region = re.search(r"### BEGIN SOLUTION\n(.*)\n\s*### END SOLUTION", source, re.S)[1]
    return {line.partition("#")[0].strip() for line in region.split("\n")} - {""}


def expressions(exercise) -> set[str]:
    """Every computation of a solution that is long enough to give it away, as text without spaces."""
    nodes = [
        node
        for node in ast.walk(function_of(solution_of(exercise), exercise))
        if isinstance(node, (ast.BinOp, ast.Call))
    ]
    texts = {re.sub(r"\s", "", ast.unparse(node)) for node in nodes}
    return {text for text in texts if len(text) > 12}


# --- the checks -------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:.*case .(1 sample,|B=1,|square scores)")
@each
def test_right_solutions_pass_and_every_mistake_is_recognised_in_both_forms(exercise):
    right = mistakes.right_solutions(exercise.id)
    assert len(exercise.mistakes) >= 5 and len(right) >= 2
    spots = [spot for spot in blind_spots(exercise) if not spot.startswith(ON_PURPOSE)]
    assert spots == []
    assert_proved(exercise, mistakes.second_forms(exercise.id), right)


@each
def test_the_notebooks_solution_passes_and_each_of_its_mutants_fails(exercise):
    names = namespace(solution_of(exercise), exercise)
    assert run_here(exercise, names[name_of(exercise)]).passed
    survivors = []
    for what, mutant in mutants(function_of(solution_of(exercise), exercise)):
        exec(compile(ast.Module([mutant], []), "<mutant>", "exec"), changed := dict(names))
        if run_here(exercise, changed[name_of(exercise)]).passed:
            survivors.append(what)
    assert set(survivors) == set(mistakes.equivalent(exercise.id)), "mutants that a check lets pass"


@each
def test_an_untouched_exercise_is_told_as_such(exercise):
    assert (
        run_here(exercise, namespace(learner_of(exercise), exercise)[name_of(exercise)]).kind == "not_started"
    )


@each
def test_hints_give_no_computation_of_the_solution_away(exercise):
    hints = [text for mistake in exercise.mistakes for text in mistake.hint.values()]
    for hint in hints:
        assert not [text for text in expressions(exercise) if text in re.sub(r"\s", "", hint)]
        assert len(hint) < 260, "a hint is read at a glance"


# What takes long to load: an instant check has two seconds. Tests may compare with these.
SLOW = {"torch._dynamo", "sympy", "scipy", "sklearn", "pandas"}


@each_lab
def test_no_reference_loads_what_takes_long(lab):
    code = (
        f"import sys\nfrom utils.exercises.lab{lab} import EXERCISES\n"
        "for e in EXERCISES:\n    [e.probe(e.reference, case) for case in e.cases(1)]\n"
        f"print({SLOW!r} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


# --- the notebooks ----------------------------------------------------------------------------------------


@each_lab
def test_no_line_of_a_solution_stands_in_the_learners_lab(lab):
    kept = "\n".join(cell.source for cell in learner(lab).cells)
    code = {line.partition("#")[0].strip() for line in kept.split("\n")}
    for exercise in registry.exercises(lab):
        assert solution_lines(exercise)
        assert not solution_lines(exercise) & code
        assert not [line for line in solution_lines(exercise) if len(line) > 15 and line in kept]


@each_lab
def test_exercises_stand_in_the_order_of_their_definitions(lab):
    defined = registry.exercises(lab)
    for notebook in (solution(lab), learner(lab)):
        names = [c.metadata.exercise for c in notebook.cells if "exercise" in c.metadata]
        assert names == [exercise.id for exercise in defined]
    minutes = sum(exercise.minutes for exercise in defined)
    assert f"take {minutes} minutes together" in learner(lab).cells[0].source


@each
def test_each_exercise_says_what_its_definition_says(exercise):
    lab = lab_of(exercise)
    number = registry.exercises(lab).index(exercise) + 1
    for notebook in (solution(lab), learner(lab)):
        text = cell(notebook, f"{name_of(exercise)}_task").source
        assert text.startswith(f"## {number}. {exercise.title['en']}\n")
        assert f"\n{exercise.minutes} minutes, difficulty {exercise.difficulty}. Chapter: [" in text
        assert f"**Aim.** {exercise.aims['en']}\n" in text
        assert inspect.signature(namespace(notebook, exercise)[name_of(exercise)]) == inspect.signature(
            exercise.reference
        )
        said = cell(notebook, f"{name_of(exercise)}_check").source
        assert said == f'check("{exercise.id}", {name_of(exercise)})'


@each
def test_each_exercise_links_to_a_section_of_the_chapter(exercise):
    path = path_of(lab_of(exercise), "chapters")
    chapter = read(path)
    markdown = "\n\n".join(c.source for c in chapter.cells if c.cell_type == "markdown")
    titles = re.findall(r"^#+ (.+)$", markdown, re.M)
    links = [
        token
        for token in flat(cell(learner_of(exercise), f"{name_of(exercise)}_task").source)
        if token.type == "link_open"
    ]
    page, _, anchor = links[0].attrs["href"].partition("#")
    assert page == f"../chapters/{path.name}"
    assert anchor in [re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles]
    title = re.search(r"Chapter: \[(.+?)\]", cell(learner_of(exercise), f"{name_of(exercise)}_task").source)[
        1
    ]
    assert title in titles


@each
def test_cells_carry_nbgraders_metadata(exercise):
    name, lab = name_of(exercise), lab_of(exercise)
    common = {"schema_version": 3, "task": False, "cell_type": "code"}
    for notebook in (solution(lab), learner(lab)):
        answer = cell(notebook, name).metadata.nbgrader
        assert answer == common | {"grade_id": name, "solution": True, "grade": False, "locked": False}
        graded = cell(notebook, f"{name}_check").metadata.nbgrader
        points = graded.pop("points")
        assert points == exercise.difficulty
        assert graded == common | {
            "grade_id": f"check_{name}",
            "solution": False,
            "grade": True,
            "locked": True,
        }
        graded["points"] = points
    assert "solution-only" in tags(cell(solution_of(exercise), f"{name}_example"))


@each_lab
def test_the_untouched_lab_runs_from_top_to_bottom(lab, monkeypatch):
    for variable, value in run_environment(EXERCISE_SECONDS="60").items():
        monkeypatch.setenv(variable, value)
    notebook = read(path_of(lab, "labs"))
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute(cwd=str(ROOT / "labs"))
    said = [c.outputs[0].text for c in notebook.cells if c.id.endswith("-check")]
    for text, exercise in zip(said, registry.exercises(lab), strict=True):
        assert text.startswith(f"○ {exercise.id}: not started")
