"""Input drift: has what comes in stopped looking like the training data?

Built by hand in chapter 05 and tied to it by a test. No labels are needed. Limits: each column is looked at
alone, so a change that only shows in two columns together is missed; rows count as independent draws.
"""

from __future__ import annotations

import torch
from torch import Tensor


def ks_distance(a: Tensor, b: Tensor) -> Tensor:
    """Kolmogorov-Smirnov distance of each column: how far the two shares of rows <= x differ at most, over x.

    a: (n, d), b: (m, d); the result (d,) lies between 0 and 1. Equal numbers count together. A ValueError for
    other shapes or NaN, a TypeError for two precisions, in which equal numbers would differ. Source: Massey,
    1951. Built by hand in chapter 05.

    >>> ks_distance(torch.tensor([[1.0], [2.0]]), torch.tensor([[2.0], [3.0], [4.0], [5.0]]))
    tensor([0.7500])
    """
    _check(a, b)
    points = torch.cat([a, b])  # (n + m, d): between these numbers the shares do not change
    return (_share_at_most(points, a) - _share_at_most(points, b)).abs().amax(dim=0)


def _share_at_most(points: Tensor, rows: Tensor) -> Tensor:
    """For each of ``points`` (k, d), the share of ``rows`` (n, d) that are no larger, by column: (k, d)."""
    ordered = rows.T.contiguous().sort(dim=1).values  # (d, n): searchsorted works along the last axis
    return torch.searchsorted(ordered, points.T.contiguous(), right=True).T.to(rows.dtype) / len(rows)


class DriftMonitor:
    """Compares windows of new rows with the training inputs and raises an alarm at a chosen rate of mistakes.

    ``reference`` (n, d) holds the training inputs; a window has ``window`` rows, at most half as many. The
    threshold comes from windows drawn from the reference itself, each against the rest of it: a share
    ``alarm_rate`` of them lies above. So does about that share of later separate windows while nothing
    changes, however many columns there are and however they hang together; a stream asked about at every row
    sees many overlapping windows and rings more often. The threshold rests on the largest ``alarm_rate *
    draws`` of the draws. A ValueError for a window or a rate that
    cannot work. Built by hand in chapter 05.
    """

    def __init__(
        self, reference: Tensor, window: int, alarm_rate: float = 0.01, draws: int = 2000, seed: int = 0
    ) -> None:
        _check(reference, reference)
        if not 1 <= window <= len(reference) // 2:
            raise ValueError(
                f"a window has from 1 row to half of the reference's {len(reference)}, not {window}"
            )
        if not 1 / max(draws, 1) <= alarm_rate < 1:
            raise ValueError(f"alarm_rate lies between 1 / draws and 1, not {alarm_rate} with {draws} draws")
        self.reference = reference.detach().float()  # a 0.1 is the same number in whatever precision it comes
        self.window = window
        self.alarm_rate = alarm_rate
        self.threshold = self._threshold(draws, seed)
        if self.threshold >= 1:  # no distance lies above 1
            raise ValueError(f"no window of {window} can ring at a rate of {alarm_rate}; take a longer one")

    def distances(self, X: Tensor) -> Tensor:
        """Distance (d,) of each column of X (window, d) from the reference; float32."""
        _check(X, X)
        columns = self.reference.shape[1]
        if X.shape != (self.window, columns):
            raise ValueError(f"X is ({self.window}, {columns}), one window, not {tuple(X.shape)}")
        return ks_distance(X.detach().to(self.reference), self.reference)

    def alarm(self, X: Tensor) -> bool:
        """Whether any column of X (window, d) is farther from the reference than the threshold."""
        return self.distances(X).max().item() > self.threshold

    def _threshold(self, draws: int, seed: int) -> float:
        """The (1 - alarm_rate) quantile of the largest distance over columns, nothing having changed."""
        generator = torch.Generator("cpu").manual_seed(seed)  # the same draws for every device
        largest = []
        for _ in range(draws):
            order = torch.randperm(len(self.reference), generator=generator, device="cpu")
            shuffled = self.reference[order.to(self.reference.device)]
            largest.append(ks_distance(shuffled[: self.window], shuffled[self.window :]).max())
        return torch.stack(largest).quantile(1 - self.alarm_rate).item()


def _check(a: Tensor, b: Tensor) -> None:
    """TypeError or ValueError unless a is (n, d) and b (m, d), of one floating point type, without NaN."""
    for tensor in (a, b):
        if not isinstance(tensor, Tensor) or not tensor.is_floating_point():
            kind = str(tensor.dtype)[6:] if isinstance(tensor, Tensor) else type(tensor).__name__
            raise TypeError(f"rows are a tensor of floating point numbers, not {kind}")
    if a.dtype != b.dtype:
        raise TypeError(f"both have the same precision, not {str(a.dtype)[6:]} and {str(b.dtype)[6:]}")
    if a.dim() != 2 or b.dim() != 2 or a.shape[1:] != b.shape[1:] or 0 in (*a.shape, *b.shape):
        raise ValueError(f"a is (n, d) and b is (m, d), not {tuple(a.shape)} and {tuple(b.shape)}")
    for tensor in (a, b):
        if bool(tensor.isnan().any()):
            row, column = tensor.isnan().nonzero()[0].tolist()
            raise ValueError(f"row {row}, column {column} is not a number (nan)")
