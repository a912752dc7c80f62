"""05.standardise: training data and new data on one scale, that of the training data."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from utils.exercises.authoring import Numbers, argument_labels, is_near, parts
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab05 import standardise_columns, standardise_statistics

NAMES = ("train", "new")
CONSTANT = 2.25  # a sum of such numbers is exact, so that the deviation of the column is exactly zero


def cases(seed: int) -> list[Case]:
    """New data lies elsewhere than the training data and spreads more: statistics of either differ.

    One column has small numbers, and two repeat a number: neither makes a column constant.
    """
    draw = Numbers(seed)

    def case(name, n, m, columns, scale=1.0):
        X_train = draw.normal(n, columns, shift=2.0) * scale
        return Case(name, (X_train, draw.normal(m, columns, scale=3.0, shift=4.0) * scale))

    sizes = torch.tensor([1.0, 50.0, 0.005, 8.0], dtype=torch.float64)
    constant = case(
        {"en": "a column that is constant in the training data", "zh": "有一列在训练数据里是常数"}, 6, 5, 3
    )
    X_train = constant.args[0]
    X_train[:, 1] = CONSTANT
    X_train[1, 0], X_train[-1, 2] = X_train[0, 0], X_train[0, 2]
    return [
        case({"en": "5 training rows, 4 new ones", "zh": "5 行训练数据、4 行新数据"}, 5, 4, 3),
        case({"en": "4 training rows, 6 new ones", "zh": "4 行训练数据、6 行新数据"}, 4, 6, 2),
        case({"en": "columns of unlike size", "zh": "各列大小悬殊"}, 7, 3, 4, sizes),
        constant,
    ]


def probe(function, case: Case) -> Answer:
    """Both results, and what is left in the arguments after the call.

    A constant column counts once the others are right: whoever took the wrong statistics may or may not have
    thought of it, and is told of the statistics first.
    """
    X_train, X_new = case.args
    constant = X_train.std(dim=0) == 0
    right = dict(zip(NAMES, reference(X_train, X_new), strict=True))
    answer = parts(function(X_train, X_new), NAMES)
    fits = [name for name in NAMES if getattr(answer.get(name), "shape", 0) == right[name].shape]
    given = {name: torch.as_tensor(answer[name]) for name in fits}
    if not all(is_near(value[:, ~constant], right[name][:, ~constant]) for name, value in given.items()):
        answer |= {name: torch.where(constant, right[name], value) for name, value in given.items()}
    return {**answer, "old_X_train": X_train, "old_X_new": X_new}


def reference(X_train, X_new):
    """PyTorch's batch normalisation, in the mode that takes its statistics from elsewhere."""
    variance, mean = torch.var_mean(X_train, dim=0, correction=0)
    variance = torch.where(variance == 0, 1.0, variance)
    return tuple(F.batch_norm(X, mean, variance, eps=0.0) for X in (X_train, X_new))


EXERCISE = Exercise(
    id="05.standardise",
    title={"en": "Standardise without a leak", "zh": "不泄漏的标准化"},
    minutes=10,
    difficulty=2,
    aims={
        "en": "Bring columns to one scale that is measured on the training data alone.",
        "zh": "把各列化到同一尺度，而这个尺度只由训练数据量出。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    rtol=1e-5,
    atol=1e-6,
    labels={
        "train": {"en": "the standardised X_train", "zh": "标准化之后的 X_train "},
        "new": {"en": "the standardised X_new", "zh": "标准化之后的 X_new "},
        **argument_labels("X_train", "X_new"),
    },
    mistakes=standardise_statistics.MISTAKES + standardise_columns.MISTAKES,
)
