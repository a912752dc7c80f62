"""The check as a learner meets it: in a Jupyter kernel, whose working directory is the notebook's."""

from __future__ import annotations

from pathlib import Path

from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

CELLS = """
from utils.exercises import check, client
from tests.toy_exercise import TOY
print(client._worker is not None)
# %%
scale = 1.0

def right(p, y):
    print("called")
    return scale * ((p - y) ** 2).mean(0)

check(TOY, right)
# %%
def endless(p, y):
    n = 0
    while n >= 0:
        n = n + 1

check(TOY, endless)
# %%
def divide(p, y):
    n = len(p) - len(p)
    return p.sum(0) / (1 // n)

check(TOY, divide)
# %%
from mymodule import by_module
check(TOY, by_module)
# %%
import importlib, mymodule
with open("mymodule.py", "a") as file:
    file.write("    return ((p - y) ** 2).sum(0)\\n")
importlib.reload(mymodule)
check(TOY, mymodule.by_module)
# %%
from utils.exercises import set_language
set_language("en")
check(TOY, lambda p, y: None)
"""
MODULE = """
def by_module(p, y):
    if len(p) < 0:
        return p
"""


def outputs(folder, environment) -> list[str]:
    notebook = new_notebook(cells=[new_code_cell(source.strip()) for source in CELLS.split("# %%")])
    runner = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}})
    runner.execute(env=environment)
    return ["".join(output.get("text", "") for output in cell.outputs) for cell in notebook.cells]


def test_in_a_kernel(tmp_path, notebook_environment):
    (tmp_path / "mymodule.py").write_text(MODULE)
    (tmp_path / "queue.py").write_text(
        "raise ImportError('a file beside a notebook must not shadow a module')"
    )
    environment = notebook_environment | {
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "JPY_SESSION_NAME": "labs/zh_CN/04_math.ipynb",
        "EXERCISE_SECONDS": "10",
    }
    environment.pop("BOOK_LANG", None)
    started, right, endless, divide, module, reloaded, english = outputs(tmp_path, environment)
    assert started == "True\n"
    assert right.splitlines()[:3] == [
        "✓ 99.mean_square：通过，3 个用例全部正确。",
        "函数运行时打印的内容：",
        "  called",
    ]
    assert "endless 的第 3 行：while n >= 0:" in endless or "endless 的第 4 行：n = n + 1" in endless
    assert "ZeroDivisionError" in divide
    assert "divide 的第 3 行：return p.sum(0) / (1 // n)" in divide
    assert "返回值是 None，应该是形状为 (2,) 的 Tensor。" in module
    assert "损失是对样本取平均。" in reloaded
    assert english.startswith("✗ 99.mean_square: not yet. Case “3 samples, 2 outputs”:\n  The result is None")
