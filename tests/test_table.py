"""A CSV file becomes a table of numbers, or one sentence says what is wrong with it and where."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pandas
import pytest
import torch

from tests.refusal_mutants import run_as_module, without_a_refusal
from tests.table_cases import CASES, GOOD
from utils import table
from utils.data import diabetes, write_diabetes_csv
from utils.table import Table, TableError, read_table


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "data.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize("case", CASES)
def test_one_sentence_names_the_fault_and_the_file_stays(case, tmp_path):
    content, target, wanted = CASES[case]
    path = write(tmp_path, content)
    before = path.read_bytes(), path.stat().st_mtime_ns
    with pytest.raises(TableError) as caught:
        read_table(path, target)
    assert str(caught.value) == f"{path}{wanted}"
    assert len(str(caught.value).splitlines()) == 1 and len(wanted) < 160
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None  # no second traceback
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_is_not_there_and_a_folder(tmp_path):
    for path, wanted in (
        (tmp_path / "gone.csv", "there is no such file"),
        (tmp_path, "this is a folder, not a file"),
    ):
        with pytest.raises(TableError) as caught:
            read_table(str(path), "y")
        assert str(caught.value) == f"{path}: {wanted}"


# --- files that are right --------------------------------------------------------------------------

FEATURES = [[32.1, 101.0], [21.6, 87.0], [30.5, 93.0], [25.3, 84.0]]
TARGETS = [151.0, 75.0, 141.0, 206.0]


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        GOOD.rstrip("\n"),
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("\n", "\r"),
        GOOD + "\n\r\n  \n",
        "\n\n" + GOOD.replace("\n", "\n\n"),
        b"\xef\xbb\xbf" + GOOD.encode(),
        b"\xef\xbb\xbf\xef\xbb\xbf" + GOOD.encode(),
        GOOD.replace(",", " , ").replace("\n", "  \n"),
        GOOD.replace("87", '"87"').replace("bmi", '"bmi"'),
        GOOD.replace("87", ' "87"').replace("93", '" 93 "'),
        GOOD.replace("87", "+8.70e1").replace("93", "93.").replace("101", "00101"),
    ],
)
def test_what_is_read_without_a_word(content, tmp_path):
    read = read_table(write(tmp_path, content), "y")
    assert isinstance(read, Table) and read.features == ("bmi", "bp") and read.target == "y"
    assert read.X.tolist() == FEATURES and read.y.tolist() == TARGETS
    assert read.X.dtype == read.y.dtype == torch.float64
    assert (
        read.X.shape == (4, 2) and read.y.shape == (4,) and read.X.is_contiguous() and read.y.is_contiguous()
    )


@pytest.mark.parametrize("target", ["bmi", "bp", "y"])
def test_the_target_stands_anywhere(target, tmp_path):
    read = read_table(write(tmp_path, GOOD), target)
    names = ["bmi", "bp", "y"]
    rows = torch.tensor([[*x, y] for x, y in zip(FEATURES, TARGETS, strict=True)], dtype=torch.float64)
    kept = [k for k, name in enumerate(names) if name != target]
    assert read.features == tuple(names[k] for k in kept)
    assert read.X.equal(rows[:, kept]) and read.y.equal(rows[:, names.index(target)])


def test_names_in_any_script_with_a_comma_and_a_line_break(tmp_path):
    text = GOOD.replace("bmi,bp,y", '体重;指数,"bp, mean\n(mm Hg)","the ""progress"""')
    read = read_table(write(tmp_path, text), 'the "progress"')
    assert read.features == ("体重;指数", "bp, mean\n(mm Hg)")


def test_one_row_more_than_features_is_enough(tmp_path):
    assert read_table(write(tmp_path, "a,b,y\n1,2,3\n4,6,5\n7,8,8\n"), "y").X.shape == (3, 2)


@pytest.mark.parametrize("text", ["0.1", "-1.5e-300", ".5", "1e308", "123456789.123456789", "5E+2"])
def test_numbers_are_those_of_python(text, tmp_path):
    assert read_table(write(tmp_path, f"a,y\n{text},1\n0,2\n"), "y").X[0, 0].item() == float(text)


def test_a_table_cannot_be_changed_by_mistake(tmp_path):
    read = read_table(write(tmp_path, GOOD), "y")
    with pytest.raises(AttributeError):
        read.target = "bmi"
    assert read != read_table(tmp_path / "data.csv", "y")  # one table each; tensors have no single answer


def test_the_target_does_not_share_memory_with_the_features(tmp_path):
    read = read_table(write(tmp_path, GOOD), "y")
    read.y.zero_()
    assert read.X.tolist() == FEATURES


def test_equal_to_pandas_on_the_diabetes_file(tmp_path):
    path = write_diabetes_csv(tmp_path / "diabetes.csv")
    read, frame = read_table(path, "target"), pandas.read_csv(path, dtype=str).astype(float)
    assert list(read.features) == [name for name in frame.columns if name != "target"]
    assert read.X.equal(torch.tensor(frame.drop(columns="target").to_numpy(dtype="float64")))
    assert read.y.equal(torch.tensor(frame["target"].to_numpy(dtype="float64")))
    assert read.X.equal(torch.tensor(diabetes().drop(columns="target").to_numpy(dtype="float64")))
    assert read.X.shape == (442, 10) and (read.X[0, 2], read.y[0]) == (32.1, 151.0)


# --- the cases are complete ------------------------------------------------------------------------


def sentences(module: ModuleType, folder: Path) -> list[str]:
    """What each case gives, without the file's name."""
    found = []
    for content, target, _ in CASES.values():
        path = write(folder, content)
        try:
            module.read_table(path, target)
        except Exception as error:
            found.append(
                str(error).removeprefix(str(path)) if isinstance(error, module.TableError) else repr(error)
            )
        else:
            found.append("read")
    return found


MUTANTS = dict(without_a_refusal(Path(table.__file__)))


@pytest.mark.parametrize("removed", MUTANTS)
def test_a_refusal_taken_out_is_noticed(removed, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, table.__name__, table)  # puts the module back afterwards
    mutant = run_as_module(table.__name__, MUTANTS[removed])
    assert sentences(mutant, tmp_path) != [wanted for _, _, wanted in CASES.values()]
