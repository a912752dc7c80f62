"""Lab 04: its checks let right solutions pass and nothing else; its notebooks say what is defined."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys

import pytest
import torch
from nbclient import NotebookClient
from nbformat import NotebookNode
from torch.testing import assert_close

from book.notebooks import ROOT, read, run_environment, tags, to_text
from book.student import student_notebook
from tests.mistakes import lab04
from tests.notebook_text import flat
from tests.solution_mutants import mutants
from utils.exercises.lab04 import EXERCISES
from utils.exercises.lab04.steps import BEFORE
from utils.exercises.proof import assert_proved, blind_spots, run_here

SOLUTION = read(ROOT / "labs" / "solutions" / "04_math.ipynb")
LEARNER = read(ROOT / "labs" / "04_math.ipynb")
BY_ID = {exercise.id: exercise for exercise in EXERCISES}
MOMENTS = ["exp_avg", "exp_avg_sq"]
each = pytest.mark.parametrize("exercise", EXERCISES, ids=BY_ID)

# Changes that leave a solution right, each with the reason. Any other surviving mutant is a hole in a check.
EQUIVALENT = {
    "04.central_difference": {"line 4: `torch.zeros_like`: ones_like": "every entry is overwritten"},
}
# Cases of one sample on purpose, beside larger ones: a squeezed axis shows nowhere else.
SMALLEST = ("case “1 sample,", "case “B=1,")


def name_of(exercise) -> str:
    return exercise.id.removeprefix("04.")


def cell(notebook: NotebookNode, wanted: str) -> NotebookNode:
    return next(cell for cell in notebook.cells if cell.id == wanted.replace("_", "-"))


def function_of(notebook: NotebookNode, exercise) -> ast.FunctionDef:
    return ast.parse(cell(notebook, name_of(exercise)).source).body[0]


def namespace(notebook: NotebookNode) -> dict[str, object]:
    """The functions of a lab's answer cells, which may call one another."""
    names: dict[str, object] = {}
    exec("import torch", names)
    for exercise in EXERCISES:
        exec(cell(notebook, name_of(exercise)).source, names)
    return names


def solution_lines(exercise) -> set[str]:
    """The code between the markers, line by line, without comments."""
    source = cell(SOLUTION, name_of(exercise)).source
    region = re.search(r"### BEGIN SOLUTION\n(.*)\n\s*### END SOLUTION", source, re.S)[1]
    return {line.partition("#")[0].strip() for line in region.split("\n")} - {""}


def expressions(exercise) -> set[str]:
    """Every computation of a solution that is long enough to give it away, as text without spaces."""
    nodes = [
        node for node in ast.walk(function_of(SOLUTION, exercise)) if isinstance(node, (ast.BinOp, ast.Call))
    ]
    texts = {re.sub(r"\s", "", ast.unparse(node)) for node in nodes}
    return {text for text in texts if len(text) > 12}


# --- the checks -------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:.*case .(1 sample|B=1),")
@each
def test_right_solutions_pass_and_every_mistake_is_recognised_in_both_forms(exercise):
    assert len(lab04.RIGHT[exercise.id]) >= 3
    spots = [spot for spot in blind_spots(exercise) if not spot.startswith(SMALLEST)]
    assert spots == []
    assert_proved(exercise, lab04.SECOND[exercise.id], lab04.RIGHT[exercise.id])


@each
def test_the_notebooks_solution_passes_and_each_of_its_mutants_fails(exercise):
    names = namespace(SOLUTION)
    assert run_here(exercise, names[name_of(exercise)]).passed
    survivors = []
    for what, mutant in mutants(function_of(SOLUTION, exercise)):
        exec(compile(ast.Module([mutant], []), "<mutant>", "exec"), changed := dict(names))
        if run_here(exercise, changed[name_of(exercise)]).passed:
            survivors.append(what)
    assert set(survivors) == set(EQUIVALENT.get(exercise.id, {})), "mutants that a check lets pass"


@each
def test_an_untouched_exercise_is_told_as_such(exercise):
    assert run_here(exercise, namespace(LEARNER)[name_of(exercise)]).kind == "not_started"


@each
def test_hints_give_no_computation_of_the_solution_away(exercise):
    hints = [text for mistake in exercise.mistakes for text in mistake.hint.values()]
    for hint in hints:
        assert not [text for text in expressions(exercise) if text in re.sub(r"\s", "", hint)]
        assert len(hint) < 260, "a hint is read at a glance"


@pytest.mark.parametrize(
    ("name", "make", "state"),
    [
        ("momentum_step", lambda p, rate, beta: torch.optim.SGD(p, rate, momentum=beta), ["momentum_buffer"]),
        ("adam_step", lambda p, rate, b1, b2, eps: torch.optim.Adam(p, rate, (b1, b2), eps), MOMENTS),
        ("adamw_step", lambda p, rate, b1, b2, *more: torch.optim.AdamW(p, rate, (b1, b2), *more), MOMENTS),
    ],
)
def test_the_optimisers_references_are_torch_optim(name, make, state):
    """The references call the functions behind these classes, which load faster."""
    exercise = BY_ID[f"04.{name}"]
    for case in exercise.cases(5):
        w, gradients, before, *settings = case.args
        parameter = w.clone().requires_grad_()
        optimiser = make([parameter], *settings)
        first = BEFORE + 1 if before else 1
        if before:
            moments = zip(state, (moment.clone() for moment in before), strict=True)
            optimiser.state[parameter] = {"step": torch.tensor(float(BEFORE)), **dict(moments)}
        answer = exercise.probe(exercise.reference, case)
        for t, parameter.grad in enumerate(gradients, start=first):
            optimiser.step()
            kept = [optimiser.state[parameter][key] for key in state]
            expected = dict(zip(["w", *("v" if len(state) == 1 else "mv")], [parameter, *kept], strict=True))
            for letter, value in expected.items():
                assert_close(answer[f"{letter}_{t}"], value.detach(), rtol=1e-12, atol=1e-12)


def test_the_central_difference_is_near_the_derivative_where_h_is_small():
    """Its reference is the quotient itself, which differs from autograd where h is large."""
    exercise = BY_ID["04.central_difference"]
    for case in exercise.cases(5):
        f, x, h = case.args
        exact = torch.autograd.grad(f(leaf := x.clone().requires_grad_()), leaf)[0]
        assert_close(exercise.reference(f, x, 1e-5), exact, rtol=1e-7, atol=1e-7)
        assert (exercise.reference(f, x, h) - exact).abs().max() > 1e-5


def test_no_reference_loads_what_takes_long():
    """PyTorch's compiler takes seconds to load, and an instant check has two."""
    code = (
        "import sys\nfrom utils.exercises.lab04 import EXERCISES\n"
        "for e in EXERCISES:\n    [e.probe(e.reference, case) for case in e.cases(1)]\n"
        "print({'torch._dynamo', 'sympy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


# --- the notebooks ----------------------------------------------------------------------------------------


def test_the_learners_lab_is_what_the_solution_gives():
    given = to_text(student_notebook(SOLUTION, "04_math.ipynb"))
    assert (ROOT / "labs" / "04_math.ipynb").read_text(encoding="utf-8") == given, "run `make student`"


def test_no_line_of_a_solution_stands_in_the_learners_lab():
    kept = "\n".join(cell.source for cell in LEARNER.cells)
    code = {line.partition("#")[0].strip() for line in kept.split("\n")}
    for exercise in EXERCISES:
        assert solution_lines(exercise)
        assert not solution_lines(exercise) & code
        assert not [line for line in solution_lines(exercise) if len(line) > 15 and line in kept]


def test_exercises_stand_in_the_order_of_their_definitions():
    for notebook in (SOLUTION, LEARNER):
        assert [c.metadata.exercise for c in notebook.cells if "exercise" in c.metadata] == list(BY_ID)
    minutes = sum(exercise.minutes for exercise in EXERCISES)
    assert 60 <= minutes <= 90 and f"take {minutes} minutes together" in LEARNER.cells[0].source


@each
def test_each_exercise_says_what_its_definition_says(exercise):
    number = EXERCISES.index(exercise) + 1
    for notebook in (SOLUTION, LEARNER):
        text = cell(notebook, f"{name_of(exercise)}_task").source
        assert text.startswith(f"## {number}. {exercise.title['en']}\n")
        assert f"\n{exercise.minutes} minutes, difficulty {exercise.difficulty}. Chapter: [" in text
        assert f"**Aim.** {exercise.aims['en']}\n" in text
        assert inspect.signature(namespace(notebook)[name_of(exercise)]) == inspect.signature(
            exercise.reference
        )
        said = cell(notebook, f"{name_of(exercise)}_check").source
        assert said == f'check("{exercise.id}", {name_of(exercise)})'


@each
def test_each_exercise_links_to_a_section_of_the_chapter(exercise):
    chapter = read(ROOT / "chapters" / "04_math.ipynb")
    markdown = "\n\n".join(c.source for c in chapter.cells if c.cell_type == "markdown")
    titles = re.findall(r"^#+ (.+)$", markdown, re.M)
    links = [
        token
        for token in flat(cell(LEARNER, f"{name_of(exercise)}_task").source)
        if token.type == "link_open"
    ]
    page, _, anchor = links[0].attrs["href"].partition("#")
    assert page == "../chapters/04_math.ipynb"
    assert anchor in [re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles]
    title = re.search(r"Chapter: \[(.+?)\]", cell(LEARNER, f"{name_of(exercise)}_task").source)[1]
    assert title in titles


@each
def test_cells_carry_nbgraders_metadata(exercise):
    name = name_of(exercise)
    common = {"schema_version": 3, "task": False, "cell_type": "code"}
    for notebook in (SOLUTION, LEARNER):
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
    assert "solution-only" in tags(cell(SOLUTION, f"{name}_example"))


def test_the_untouched_lab_runs_from_top_to_bottom(tmp_path, monkeypatch):
    for variable, value in run_environment(EXERCISE_SECONDS="60").items():
        monkeypatch.setenv(variable, value)
    notebook = read(ROOT / "labs" / "04_math.ipynb")
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute(cwd=str(ROOT / "labs"))
    said = [c.outputs[0].text for c in notebook.cells if c.id.endswith("-check")]
    assert len(said) == len(EXERCISES)
    assert all(text.startswith(f"○ {name}: not started") for text, name in zip(said, BY_ID, strict=True))
