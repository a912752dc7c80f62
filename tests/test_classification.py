"""utils.classification equals scikit-learn; changed anywhere, it does not; odd input is refused."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from sklearn import metrics
from torch.testing import assert_close

import utils.classification
from tests.notebook_code import survivors
from utils.classification import accuracy, calibration_error, f1, precision, recall, roc_auc

N = 200


def cases() -> list[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]:
    """Scores with ties (N,), predictions and labels of 0 and 1: a common, a rare and a frequent class."""
    made = []
    for seed, share in ((0, 0.5), (1, 0.05), (2, 0.9)):
        generator = torch.Generator().manual_seed(seed)
        labels = (torch.rand(N, generator=generator) < share).long()
        noise = torch.rand(N, generator=generator, dtype=torch.float64)
        scores = ((noise + 0.3 * labels) / 1.3).round(decimals=1 + seed)
        made.append((scores, (scores > 0.6).long(), labels))
    return made


def close(ours: torch.Tensor, theirs: float) -> None:
    assert ours.shape == () and ours.dtype == torch.float64
    assert_close(ours.item(), float(theirs), rtol=1e-12, atol=1e-12)


# Each comparison takes an implementation: the settled one, or a mutant that must fail it.


def compare_answers(made) -> None:
    for _, predicted, labels in cases():
        p, t = predicted.numpy(), labels.numpy()
        close(made.accuracy(predicted, labels), metrics.accuracy_score(t, p))
        close(made.precision(predicted, labels), metrics.precision_score(t, p))
        close(made.recall(predicted, labels), metrics.recall_score(t, p))
        close(made.f1(predicted, labels), metrics.f1_score(t, p))
    none, one = torch.zeros(5).long(), torch.tensor([0, 0, 1, 0, 0])
    for name in ("precision", "recall", "f1"):
        for predicted, labels in ((none, one), (one, none), (none, none), (one, one)):
            theirs = getattr(metrics, f"{name}_score")(labels.numpy(), predicted.numpy(), zero_division=0)
            close(getattr(made, name)(predicted, labels), theirs)
    digits = torch.arange(60) % 10
    close(made.accuracy(digits.roll(3) % 7, digits), metrics.accuracy_score(digits, digits.roll(3) % 7))


def compare_ranking(made) -> None:
    for scores, _, labels in cases():
        theirs = metrics.roc_auc_score(labels.numpy(), scores.numpy())
        close(made.roc_auc(scores, labels), theirs)
        close(made.roc_auc(-scores, labels), 1 - theirs)


def expected_calibration_error(confidence: np.ndarray, right: np.ndarray, bins: int) -> float:
    """The definition, bin by bin, in NumPy."""
    total, edges = 0.0, np.linspace(0, 1, bins + 1)
    for k in range(bins):
        low = confidence >= 0 if k == 0 else confidence > edges[k] + 1e-9
        inside = low & (confidence <= edges[k + 1] + 1e-9)
        if inside.any():
            total += inside.mean() * abs(confidence[inside].mean() - right[inside].mean())
    return total


def compare_calibration(made) -> None:
    for scores, _, labels in cases():
        for bins in (1, 4, 10):
            confidence = (scores * 1.1 - 0.1).clamp(0, 1)
            confidence[:2] = torch.tensor([0.0, 1.0])
            theirs = expected_calibration_error(confidence.numpy(), labels.numpy(), bins)
            close(made.calibration_error(confidence, labels, bins), theirs)


COMPARISONS = [
    (["accuracy", "precision", "recall", "f1"], compare_answers),
    (["roc_auc"], compare_ranking),
    (["calibration_error"], compare_calibration),
]
CHECKS = {
    "roc_auc: Eq -> NotEq": "a refusal, tested below",
    "roc_auc: max -> min": "a refusal, tested below",
    "roc_auc: min -> max": "a refusal, tested below",
    "calibration_error: 0 -> 1": "a refusal, tested below",
    "f1: 1 -> 2": "with one alarm or positive there is no pair, and 0 divided by 1 or 2 is the same",
}


@pytest.mark.parametrize(("names", "compare"), COMPARISONS, ids=[c[1].__name__ for c in COMPARISONS])
def test_equals_the_outsider(names, compare):
    compare(utils.classification)


@pytest.mark.parametrize(("names", "compare"), COMPARISONS, ids=[c[1].__name__ for c in COMPARISONS])
def test_changed_code_does_not(names, compare):
    alive = survivors(utils.classification, names, compare)
    assert {re.sub(r", line \d+", "", what) for what in alive} <= set(CHECKS), alive


def test_edges_of_bins_belong_to_the_bin_below():
    confidence, right = torch.tensor([0.5, 0.75]), torch.tensor([1, 0])
    # one bin each: (0.5 + 0.75) / 2; together they would make |1.25 - 1| / 2
    assert calibration_error(confidence, right, bins=2).item() == 0.625


def test_a_calibrated_answer_has_no_error():
    assert calibration_error(torch.full((4,), 0.75), torch.tensor([1, 1, 0, 1])).item() == 0


# --- refusals -----------------------------------------------------------------------------------------------

labels = torch.tensor([1, 0, 1])
scores = torch.tensor([0.1, 0.2, 0.3])


@pytest.mark.parametrize("metric", [accuracy, precision, recall, f1])
@pytest.mark.parametrize(
    ("bad", "error", "said"),
    [
        ([1, 0, 1], TypeError, "predicted is a tensor, not list"),
        (scores, TypeError, "predicted holds class numbers as int64, not float32"),
        (labels == 1, TypeError, "int64, not bool"),
        (labels[:2], ValueError, r"\(n,\), not \(2,\) and \(3,\)"),
        (labels[:, None], ValueError, r"not \(3, 1\) and \(3,\)"),
    ],
)
def test_answers_that_are_refused(metric, bad, error, said):
    with pytest.raises(error, match=said) as caught:
        metric(bad, labels)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("metric", [precision, recall, f1])
def test_other_classes_are_refused(metric):
    with pytest.raises(ValueError, match="predicted holds 0 and 1"):
        metric(labels + 1, labels)
    with pytest.raises(ValueError, match="labels holds 0 and 1"):
        metric(labels, labels - 1)


@pytest.mark.parametrize("metric", [roc_auc, calibration_error])
@pytest.mark.parametrize(
    ("bad", "error", "said"),
    [
        (labels, TypeError, "floating point"),
        ([0.1, 0.2, 0.3], TypeError, "floating point"),
        (scores[:2], ValueError, r"not \(2,\) and \(3,\)"),
        (torch.tensor([0.1, float("nan"), 0.2]), ValueError, "no NaN"),
    ],
)
def test_scores_that_are_refused(metric, bad, error, said):
    with pytest.raises(error, match=said):
        metric(bad, labels)


@pytest.mark.parametrize("bad", [labels.double(), labels + 1])
def test_labels_that_are_refused(bad):
    for metric in (roc_auc, calibration_error):
        with pytest.raises((TypeError, ValueError), match="labels holds"):
            metric(scores, bad)


def test_one_class_has_no_curve():
    for only in (torch.ones(3).long(), torch.zeros(3).long()):
        with pytest.raises(ValueError, match="one class only"):
            roc_auc(scores, only)


def test_probabilities_and_bins_are_checked():
    for bad in (scores + 0.9, scores - 0.2):
        with pytest.raises(ValueError, match="from 0 to 1"):
            calibration_error(bad, labels)
    with pytest.raises(ValueError, match="bins is at least 1, not 0"):
        calibration_error(scores, labels, bins=0)


def test_empty_input_is_refused():
    nothing = torch.empty(0, dtype=torch.int64)
    with pytest.raises(ValueError, match=r"\(0,\)"):
        accuracy(nothing, nothing)
