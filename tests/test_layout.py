"""The book's layout: rules that keep it easy to change, held against what stands and proved on faults."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from book.notebooks import ROOT, key, lessons, read
from tests import derivative_rules, notebook_rules, number_rules, repository_rules

PNG = "data:image/png;base64,AAAA"
LEARNERS = sorted((ROOT / "labs").glob("*.ipynb"))
CHINESE = sorted(ROOT.glob("chapters/zh_CN/*.ipynb")) + sorted(ROOT.glob("labs/zh_CN/*.ipynb"))
EVERY = lessons() + LEARNERS + CHINESE


def names(paths: list[Path]) -> list[str]:
    return [key(path) for path in paths]


def text_only(source: str, **metadata) -> NotebookNode:
    return new_notebook(cells=[new_markdown_cell(source, metadata=metadata)])


def code_only(source: str, *outputs: NotebookNode) -> NotebookNode:
    return new_notebook(cells=[new_code_cell(source, outputs=list(outputs))])


def page(html: str) -> NotebookNode:
    return code_only("show(fig, alt)", new_output("display_data", data={"text/html": html}))


def printed(text: str) -> NotebookNode:
    return new_output("stream", name="stdout", text=text)


# --- notebooks: every rule on every notebook that it is for ----------------------------------------


@pytest.mark.parametrize("path", EVERY, ids=names(EVERY))
def test_notebook_reads_right_everywhere(path):
    notebook = read(path)
    assert notebook_rules.raw_myst(notebook) == []
    assert notebook_rules.dead_links(notebook, path.parent) == []
    assert notebook_rules.missing_alt(notebook) == []
    assert notebook_rules.absolute_paths(notebook) == []
    assert notebook_rules.first_cell(notebook) == []
    assert notebook_rules.imports_notebooks(notebook) == []


@pytest.mark.parametrize("path", lessons(), ids=names(lessons()))
def test_every_derivative_is_checked(path):
    assert derivative_rules.unchecked_derivatives(read(path)) == []


@pytest.mark.parametrize("path", lessons(), ids=names(lessons()))
def test_every_measured_number_comes_from_a_run(path):
    assert number_rules.unsourced_numbers(read(path), records(path.stem)) == []


def records(stem: str) -> str:
    """The records under book/results; of what notebooks take, only what the chapter and its lab do."""
    found = []
    for path in sorted((ROOT / "book" / "results").glob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        if path.name == "notebooks.json":
            record = {name: entry for name, entry in record.items() if Path(name).stem == stem}
        found.append(json.dumps(record, ensure_ascii=False))
    return "\n".join(found)


# --- notebooks: each rule finds what breaks it -----------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "See {ref}`loss`.",
        "As {cite:p}`smith2020` says.",
        "```{note}\nText\n```",
        "> ```{tip}\n> Text\n> ```",
        "(my-label)=\n\n## Heading",
        ":::{note}\nText\n:::",
        "$$\na = b\n$$ (eq-one)",
        "The value {{ rate }} is used.",
        "A claim.[^1]",
        "![A long line](a.png){.wide}",
        "% a comment",
        "+++",
        "<details><summary>Hint</summary>Text</details>",
        '<div class="admonition note">Text</div>',
    ],
)
def test_raw_myst_is_found(source):
    assert notebook_rules.raw_myst(text_only(source))


def test_plain_markdown_is_no_myst():
    source = (
        "# Loss\n\n> **Key idea.** A set $\\{a\\}$, code `{ref}` and `x`, 50 % of it, (a) = b, f(x)= y.\n\n"
        "```mermaid\ngraph LR; a --> b\n```\n\n```python\nx = {'a': 1}\n```\n\n"
        "- one: `a`\n\n$$\na_{i} = b^{2}\n$$\n"
    )
    assert notebook_rules.raw_myst(text_only(source)) == []


@pytest.mark.parametrize(
    "source",
    ["[next](05_nothing.ipynb)", "![A line](gone.png)", '<a href="gone.md">x</a>', "[x](/abs.md)", "[x]()"],
)
def test_dead_links_are_found(source, tmp_path):
    assert notebook_rules.dead_links(text_only(source), tmp_path)


def test_living_links_pass(tmp_path):
    (tmp_path / "a b.md").write_text("here", encoding="utf-8")
    source = "[one](a%20b.md#part) [two](https://example.org/x) [three](#part) `[four](gone.md)`"
    assert notebook_rules.dead_links(text_only(source), tmp_path) == []


@pytest.mark.parametrize(
    "notebook",
    [
        text_only("![](a.png)"),
        text_only('Text <img src="a.png"> text'),
        page(f'<img src="{PNG}">'),
        page(f'<img alt="" src="{PNG}">'),
        page(f"<img data-alt='x' alt=' ' src='{PNG}'>"),
        code_only("plot()", new_output("display_data", data={"image/png": "AAAA"})),
    ],
)
def test_missing_alt_is_found(notebook):
    assert notebook_rules.missing_alt(notebook)


def test_alt_that_says_something_passes():
    assert notebook_rules.missing_alt(page(f'<img alt="A > B, a line" src="{PNG}">')) == []
    assert notebook_rules.missing_alt(text_only("![A line that rises](a.png)")) == []


@pytest.mark.parametrize(
    "path", ["/ro" + "ot/x", "/ho" + "me/me/x", "C:\\Users", "/t" + "mp/a", "file:" + "///a"]
)
def test_absolute_paths_are_found(path):
    assert notebook_rules.absolute_paths(code_only(f"open(r'{path}')"))
    assert notebook_rules.absolute_paths(code_only("run()", printed(f"at {path}")))
    assert notebook_rules.absolute_paths(text_only(f"Open {path} now"))


def test_addresses_are_no_absolute_paths():
    notebook = text_only("See https://example.org/home/x and src/tmp/x and $a/b$")
    assert notebook_rules.absolute_paths(notebook) == []


@pytest.mark.parametrize("source", ["import torch", notebook_rules.FIRST, "", "start(seed=1)"])
def test_other_first_cells_are_found(source):
    assert notebook_rules.first_cell(code_only(source))


def test_the_first_cell_passes():
    assert notebook_rules.first_cell(code_only(notebook_rules.FIRST + "start(seed=4)")) == []


@pytest.mark.parametrize(
    "source",
    [
        "%run other",
        'exec(open("04_math.ipynb").read())',
        "import import_ipynb",
        "from book.execute import run",
        "def f():\n    import tests.conftest",
        'get_ipython().run_line_magic("run", "x")',
    ],
)
def test_imports_of_notebooks_are_found(source):
    assert notebook_rules.imports_notebooks(code_only(source))


def test_ordinary_imports_pass():
    source = "%matplotlib inline\nimport torch\nfrom utils.plots import show\nimport bookkeeping"
    assert notebook_rules.imports_notebooks(code_only(source)) == []


# --- derivatives -----------------------------------------------------------------------------------

STATED = [
    r"$$\frac{\partial L}{\partial w} = \frac{2}{n} \sum_{i=1}^{n} e_i x_i$$",
    r"So $\nabla_w L = X^\top e$.",
    r"$$\frac{dy}{dx} = 2x$$",
    r"$$\dfrac{\mathrm{d} y}{\mathrm{d} x} = 2x$$",
    r"$\sigma'(z) = \sigma(z)(1 - \sigma(z))$",
    r"$f^{\prime}(x) = 2x$",
    r"> $$" + "\n> " + r"\delta = \frac{\partial L}{\partial z} = a - y" + "\n> $$",
    r"$$2 (y - t) = \frac{\partial L}{\partial y}$$",
]
NOT_STATED = [
    r"$$w_{t+1} = w_t - \eta \nabla L(w_t)$$",
    r"$$g_t = \nabla L(\theta_{t-1})$$",
    r"The slope $\partial L / \partial w$ is wanted.",
    r"$$\frac{d_k}{2} = h$$",
    r"`\nabla L = 0`",
    r"$$s = \sum_{i=1}^{n} x_i$$",
    r"$$\frac{1}{d} = 2$$",
    r"$$f(x + h) = f(x) + h f'(x) + \dots$$",
]


def derivation(source: str, name: str, check: str, checks: str, tags: tuple[str, ...] = ()) -> NotebookNode:
    return new_notebook(
        cells=[
            new_markdown_cell(source, metadata={"derivative": [name] if name else []}),
            new_code_cell(check, metadata={"checks": [checks] if checks else [], "tags": list(tags)}),
        ]
    )


@pytest.mark.parametrize("source", STATED)
def test_a_derivative_needs_a_name_and_a_check(source):
    find = derivative_rules.unchecked_derivatives
    good = "assert_close(grad, w.grad)"
    assert find(derivation(source, "slope", good, "slope")) == []
    assert find(derivation(source, "slope", "assert abs(a - b) < 1e-9", "slope")) == []
    assert find(derivation(source, "", good, "")), "no name"
    assert find(derivation(source, "slope", good, "")), "no check"
    assert find(derivation(source, "slope", good, "other")), "another's check"
    assert find(derivation(source, "slope", "print(grad)  # assert", "slope")), "a check that asserts nothing"
    assert find(derivation(source, "slope", "assert True", "slope")), "a check that cannot fail"
    assert find(derivation(source, "slope", good, "slope", ("nbval-skip",))), "a check that does not run"


@pytest.mark.parametrize("source", NOT_STATED)
def test_other_equations_need_no_check(source):
    assert derivative_rules.unchecked_derivatives(text_only(source)) == []


def test_two_derivatives_need_two_names():
    both = r"First $$\frac{dy}{dx} = 2x$$ and again $\dfrac{dy}{d x} = x + x$, then $$\frac{dy}{dz} = 3$$"
    assert derivative_rules.unchecked_derivatives(derivation(both, "one", "assert a == b", "one"))
    cells = [
        new_markdown_cell(both, metadata={"derivative": ["one", "two"]}),
        new_code_cell("assert a == b", metadata={"checks": ["one", "two"]}),
    ]
    assert derivative_rules.unchecked_derivatives(new_notebook(cells=cells)) == []


# --- numbers ---------------------------------------------------------------------------------------


def measured(source: str, output: str = "", code: str = "x = 1", given: tuple[str, ...] = ()) -> NotebookNode:
    cells = [
        new_markdown_cell(source, metadata={"given": list(given)}),
        new_code_cell(code, outputs=[printed(output)]),
    ]
    return new_notebook(cells=cells)


@pytest.mark.parametrize(
    "source",
    [
        "The loss falls to 0.25.",
        "It takes 20 seconds and little memory.",
        "An accuracy of 97 % is reached.",
        "It is 3× faster.",
        "It grows 4 times.",
        "> **Note.** About 1.5 GB.",
        "| a | 12.5 |\n|---|---|\n| b | c |",
        "Between 2-0.31 and more.",
        "It needs 1,200.5 steps.",
    ],
)
def test_numbers_without_a_source_are_found(source):
    assert number_rules.unsourced_numbers(measured(source, "loss 10.25, 0.251 20 97 3 41.5 112.5 200.5"), "")


@pytest.mark.parametrize(
    ("source", "output", "code", "given", "record"),
    [
        ("The loss falls to 0.25.", "loss 0.25", "x = 1", (), ""),
        ("It takes 20 seconds.", "", "x = 1", (), '{"quote": {"seconds": "20 s"}}'),
        ("The rate is 0.1.", "", "rate = 0.1", (), ""),
        ("In 1986 it was 0.9, 5 minutes.", "", "x = 1", ("0.9", "5 minutes"), ""),
        ("An accuracy of 97 %.", "97%", "x = 1", (), ""),
        ("It has 1,200.5 of them.", "1200.5", "x = 1", (), ""),
        ("Section 4.1 to 4.2 and §3.2.1, Python 3.11 or chapter 4.", "", "x = 1", (), ""),
        (
            "## 4.1 The neuron\n\nThe code `0.3`, the maths $0.4$, [0.5](x.md), a 3 × 4 matrix.",
            "",
            "x = 1",
            (),
            "",
        ),
        ("A list of 3 layers with 64 units.", "", "x = 1", (), ""),
    ],
)
def test_numbers_with_a_source_pass(source, output, code, given, record):
    assert number_rules.unsourced_numbers(measured(source, output, code, given), record) == []


# --- the repository --------------------------------------------------------------------------------


def sources() -> dict[str, str]:
    paths = sorted((ROOT / "utils").rglob("*.py"))
    return {repository_rules.module_name(path, ROOT): path.read_text(encoding="utf-8") for path in paths}


def test_utils_import_one_way():
    assert repository_rules.forbidden_imports(sources()) == []
    assert repository_rules.cycles(repository_rules.import_graph(sources())) == []


def test_imports_the_other_way_are_found():
    assert repository_rules.forbidden_imports({"utils.a": "def f():\n    from book import execute"})
    assert repository_rules.forbidden_imports({"utils.a": "import tests.conftest"})
    circle = {"utils.a": "from utils import b", "utils.b": "def f():\n    from .a import g", "utils": ""}
    assert repository_rules.cycles(repository_rules.import_graph(circle))
    line = {"utils.a": "from utils import b", "utils.b": "import utils", "utils": ""}
    assert repository_rules.cycles(repository_rules.import_graph(line)) == []


def test_modules_of_utils_are_small():
    assert repository_rules.too_long(sources()) == []
    assert repository_rules.too_long({"utils.a": "x = 1\n" * (repository_rules.MAX_LINES + 1)})


def test_nothing_hides_the_package():
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    paths = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    assert repository_rules.shadows(paths) == []
    assert (
        len(
            repository_rules.shadows(
                ["chapters/utils.py", "utils.py", "labs/utils/__init__.py", "utils/a.py"]
            )
        )
        == 3
    )


def dependency_lists() -> dict[str, list[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    conda = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    flat = [each for entry in conda for each in (entry["pip"] if isinstance(entry, dict) else [entry])]
    base = {
        "base": project["dependencies"],
        "environment.yml": [re.sub(r"(?<![=<>!])=(?!=)", "==", e) for e in flat],
    }
    return base | project["optional-dependencies"]


def test_no_dependency_is_listed_twice():
    assert repository_rules.listed_twice(dependency_lists()) == []
    twice = {
        "base": ["torch>=2"],
        "extra": ["PyYAML"],
        "environment.yml": ["python", "pyyaml==6", "-e .[book]"],
    }
    assert repository_rules.listed_twice(twice) == ["pyyaml is listed 2 times"]


def test_versions_are_pinned_in_constraints_only():
    paths = [ROOT / "pyproject.toml", ROOT / "environment.yml", ROOT / "Makefile", ROOT / ".ci" / "run"]
    paths += sorted((ROOT / ".github").rglob("*.yml"))
    assert repository_rules.pinned({key(path): path.read_text(encoding="utf-8") for path in paths}) == []
    assert repository_rules.pinned({"Makefile": "pip install torch==2.9.0"})
    assert repository_rules.pinned({"pyproject.toml": '"torch>=2", "a[b]===1.0"'})
    assert repository_rules.pinned({"Makefile": 'if [ "$x" == 1 ]; a>=1, b != 2'}) == []
