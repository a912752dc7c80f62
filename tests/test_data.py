"""The bundled data are what the chapters say they are, and read the same everywhere."""

from __future__ import annotations

import csv
import sys

import pytest
import torch

from utils import data


def test_digits_have_the_published_shape_and_counts():
    images, labels = data.digits()
    assert images.shape == (1797, 1, 8, 8) and images.dtype == torch.float32
    assert labels.shape == (1797,) and labels.dtype == torch.int64
    assert images.min() == 0 and images.max() == 1
    # The class sizes that the UCI repository publishes for the test half of the set.
    assert labels.bincount().tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_digits_stand_upright_with_ink_as_one():
    images, labels = data.digits()
    mean = torch.stack([images[labels == digit].mean(0)[0] for digit in range(10)])
    assert mean[0, 3:5, 3:5].mean() < 0.2 < mean[0, 0:2, 3:5].mean()  # a zero is hollow
    assert mean[7, 0].sum() > 2 * mean[7, 7].sum()  # a seven has its bar on top


def test_diabetes_is_in_original_units():
    frame = data.diabetes()
    assert list(frame.columns) == [*["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"], "target"]
    assert len(frame) == 442 and not frame.isna().any().any()
    # The first patient as Efron et al. print it in their table 1 (where s5 is rounded to 4.9).
    assert frame.iloc[0].tolist() == [59, 2, 32.1, 101, 157, 93.2, 38, 4, 4.8598, 87, 151]
    assert frame.age.between(19, 79).all() and set(frame.sex) == {1, 2}


def test_the_csv_holds_the_frame_and_is_the_same_each_time(tmp_path):
    path = data.write_diabetes_csv(tmp_path / "made" / "diabetes.csv")
    first = path.read_bytes()
    assert data.write_diabetes_csv(path).read_bytes() == first and b"\r" not in first
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == list(data.diabetes().columns) and len(rows) == 443
    assert [[float(entry) for entry in row] for row in rows[1:]] == data.diabetes().to_numpy().tolist()


def test_the_corpus_is_torchs_source_in_a_fixed_order():
    root = data.corpus_root()
    names = [path.relative_to(root).as_posix() for path in data.corpus_files()]
    assert names == sorted(names) and len(names) > 1000
    assert {"__init__.py", "nn/modules/linear.py", "optim/adam.py"} <= set(names)
    assert all(name.endswith(".py") for name in names)


def test_the_corpus_is_read_in_order_and_whole():
    files = data.corpus_files()[:30]
    read = [pair for pair, _ in zip(data.read_corpus(), files, strict=False)]
    assert [name for name, _ in read] == [path.relative_to(data.corpus_root()).as_posix() for path in files]
    assert all(text.encode() == path.read_bytes() for (_, text), path in zip(read, files, strict=True))


def test_max_bytes_stops_before_a_file_that_would_not_fit():
    sizes = [len(text.encode()) for _, text in data.read_corpus(300_000)]
    assert len(sizes) > 3 and sum(sizes) <= 300_000
    exactly = list(data.read_corpus(sum(sizes)))
    assert len(exactly) == len(sizes) and len(list(data.read_corpus(sum(sizes) - 1))) == len(sizes) - 1
    assert list(data.read_corpus(0)) == []
    with pytest.raises(ValueError, match="-1"):
        next(data.read_corpus(-1))


@pytest.mark.parametrize("function", [data.digits, data.diabetes])
def test_without_scikit_learn_one_sentence_says_what_to_install(function, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(ImportError, match="sklearn is needed here .* pip install"):
        function()
