"""How good a classifier is, by hand: accuracy, precision, recall, F1, area under the ROC curve, calibration.

Built by hand in chapter 03 and tied to it by a test. The functions take what a classifier says and what is
right, (n,) tensors on one device, and return 0-d float64 tensors. Precision, recall, F1 and ROC-AUC are those
of two classes, 1 (positive) and 0; for one class against all others compare first: ``(labels == 3).long()``.
Limits: no weights, no averages over classes.
"""

from __future__ import annotations

import torch
from torch import Tensor


def accuracy(predicted: Tensor, labels: Tensor) -> Tensor:
    """Share of right answers: predicted and labels are (n,) class numbers. Built by hand in chapter 03.

    >>> accuracy(torch.tensor([0, 2, 1, 1]), torch.tensor([0, 2, 2, 1]))
    tensor(0.7500, dtype=torch.float64)
    """
    _check_classes(predicted, labels)
    return (predicted == labels).double().mean()


def precision(predicted: Tensor, labels: Tensor) -> Tensor:
    """Share of the alarms that are right: TP / (TP + FP); 0 without an alarm. (n,) each, of 0 and 1.

    Built by hand in chapter 03.

    >>> precision(torch.tensor([1, 1, 0, 0]), torch.tensor([1, 0, 1, 1]))
    tensor(0.5000, dtype=torch.float64)
    """
    _check_binary(predicted, labels)
    hits = (predicted * labels).sum().double()
    return hits / predicted.sum().clamp(min=1)


def recall(predicted: Tensor, labels: Tensor) -> Tensor:
    """Share of the positives that are found: TP / (TP + FN); 0 without a positive. (n,) each, of 0 and 1.

    Built by hand in chapter 03.
    """
    _check_binary(predicted, labels)
    hits = (predicted * labels).sum().double()
    return hits / labels.sum().clamp(min=1)


def f1(predicted: Tensor, labels: Tensor) -> Tensor:
    """Harmonic mean of precision and recall: 2 TP / (2 TP + FP + FN); 0 without alarm and positive.

    (n,) each, of 0 and 1. Built by hand in chapter 03.
    """
    _check_binary(predicted, labels)
    hits = (predicted * labels).sum().double()
    return 2 * hits / (predicted.sum() + labels.sum()).clamp(min=1)


def roc_auc(scores: Tensor, labels: Tensor) -> Tensor:
    """Area under the ROC curve: the chance that a positive has a higher score than a negative.

    Over all pairs of a positive and a negative, a tie counting one half (Hanley and McNeil, 1982). scores:
    (n,) floating point, labels: (n,) of 0 and 1. Memory grows with positives times negatives. A ValueError
    unless both classes are there. Built by hand in chapter 03.

    >>> roc_auc(torch.tensor([0.9, 0.4, 0.4, 0.1]), torch.tensor([1, 1, 0, 0]))
    tensor(0.8750, dtype=torch.float64)
    """
    _check_scores(scores, labels)
    if bool(labels.min() == labels.max()):
        raise ValueError("ROC-AUC compares positives with negatives, and labels holds one class only")
    positive, negative = scores[labels == 1], scores[labels == 0]
    difference = positive[:, None] - negative[None]  # (positives, negatives)
    return ((difference > 0).double() + 0.5 * (difference == 0)).mean()


def calibration_error(confidence: Tensor, right: Tensor, bins: int = 10) -> Tensor:
    """Expected calibration error: |mean confidence - share right| in each bin, weighted by its size.

    Bins of equal width over (0, 1], closed on the right, 0 in the first (Guo et al., 2017). confidence: (n,)
    floating point in 0..1, the probability given to the answer; right: (n,) of 0 and 1, whether it was
    right. Its value depends on ``bins``. Built by hand in chapter 03.
    """
    _check_scores(confidence, right)
    if not 0 <= confidence.min() <= confidence.max() <= 1:
        raise ValueError("confidence holds probabilities from 0 to 1")
    if bins < 1:
        raise ValueError(f"bins is at least 1, not {bins}")
    number = (confidence * bins).ceil().long().clamp(min=1) - 1  # (n,): 0 .. bins - 1
    gap = torch.zeros(bins, dtype=torch.float64, device=confidence.device)
    gap = gap.index_add(0, number, confidence.double() - right.double())
    return gap.abs().sum() / len(confidence)


def _check_classes(predicted: Tensor, labels: Tensor) -> None:
    """TypeError unless both are int64, ValueError unless both are (n,), n at least 1."""
    _check_int64(predicted=predicted, labels=labels)
    _check_shapes(predicted=predicted, labels=labels)


def _check_binary(predicted: Tensor, labels: Tensor) -> None:
    """As ``_check_classes``, and a ValueError for a class other than 0 and 1."""
    _check_classes(predicted, labels)
    _check_zero_one(predicted=predicted, labels=labels)


def _check_scores(scores: Tensor, labels: Tensor) -> None:
    """TypeError unless floating point scores and int64 labels, ValueError for NaN, shapes, other classes."""
    if not isinstance(scores, Tensor) or not scores.is_floating_point():
        raise TypeError("scores and confidence are tensors of floating point numbers")
    _check_int64(labels=labels)
    _check_shapes(scores=scores, labels=labels)
    if bool(scores.isnan().any()):
        raise ValueError("scores and confidence hold no NaN")
    _check_zero_one(labels=labels)


def _check_int64(**tensors: Tensor) -> None:
    """TypeError unless each holds int64."""
    for name, tensor in tensors.items():
        if not isinstance(tensor, Tensor):
            raise TypeError(f"{name} is a tensor, not {type(tensor).__name__}")
        if tensor.dtype != torch.int64:
            raise TypeError(f"{name} holds class numbers as int64, not {str(tensor.dtype)[6:]}")


def _check_zero_one(**tensors: Tensor) -> None:
    """ValueError for a class other than 0 and 1."""
    for name, tensor in tensors.items():
        if bool(((tensor != 0) & (tensor != 1)).any()):
            raise ValueError(f"{name} holds 0 and 1; compare with one class first: (labels == 3).long()")


def _check_shapes(**tensors: Tensor) -> None:
    """ValueError unless all are (n,) with the same n of at least 1."""
    first, second = tensors.values()
    if first.dim() != 1 or first.shape != second.shape or len(first) == 0:
        names = " and ".join(tensors)
        raise ValueError(f"{names} are both (n,), not {tuple(first.shape)} and {tuple(second.shape)}")
