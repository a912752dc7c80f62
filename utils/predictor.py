"""A model at work: predictions for named numbers, each call timed, the inputs watched.

Built by hand in chapter 05 and tied to it by a test. What a model cannot use is refused with one sentence
before it is seen. Limits: one process and one thread at a time; a server around it comes in chapter 13.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from numbers import Real

import numpy as np
import torch
from torch import Tensor, nn

from utils.drift import DriftMonitor
from utils.training import evaluating

KEPT_LATENCIES = 10_000


class Predictor:
    """Predictions of a model (B, I) -> (B,) whose inputs are ``features`` in this order.

    ``latencies`` holds the seconds of the last 10,000 calls that were answered. With a ``monitor``, the
    predictor keeps as many of the latest rows as a window has. Built by hand in chapter 05.
    """

    def __init__(
        self, model: nn.Module, features: Sequence[str], monitor: DriftMonitor | None = None
    ) -> None:
        if isinstance(features, str) or not features or len(set(features)) < len(features):
            raise ValueError(f"features is a list of different names, at least one, not {features!r}")
        watched = len(features) if monitor is None else monitor.reference.shape[1]
        if watched != len(features):
            raise ValueError(f"the monitor watches {watched} columns, and there are {len(features)} features")
        self.model = model
        self.features = tuple(features)
        self.monitor = monitor
        self.latencies: deque[float] = deque(maxlen=KEPT_LATENCIES)
        self._recent = torch.empty(0, len(features), dtype=torch.float64, device="cpu")

    def predict(self, rows: Sequence[Mapping[str, float]] | Tensor) -> list[float] | Tensor:
        """A list of floats for a list of dicts (name -> number); a tensor (n,) for a tensor (n, I).

        A ValueError or TypeError names the row, counted from 0, and the feature that cannot be used; then
        nothing is predicted, timed or kept. A prediction that is not finite is a FloatingPointError.
        """
        began = time.perf_counter()
        X = self._numbers(rows)  # (n, I)
        like = next(self.model.parameters(), X)
        inputs = X.to(like)
        self._check_finite(X, inputs)
        with evaluating(self.model):
            predicted = self.model(inputs)
        if predicted.shape != X.shape[:1]:
            raise ValueError(f"the model returns {tuple(predicted.shape)} for {len(X)} rows, not ({len(X)},)")
        if not bool(predicted.isfinite().all()):  # this also waits for a GPU, so that the time is all of it
            row = int((~predicted.isfinite()).nonzero()[0])
            raise FloatingPointError(f"the prediction for rows[{row}] is {predicted[row].item()}")
        answer = predicted.to(rows.device) if isinstance(rows, Tensor) else predicted.tolist()
        self.latencies.append(time.perf_counter() - began)
        if self.monitor is not None:
            self._recent = torch.cat([self._recent, X])[-self.monitor.window :]
        return answer

    def latency(self, quantile: float = 0.5) -> float:
        """Seconds within which this share of the calls was answered; 0.5 is the median."""
        if not 0 <= quantile <= 1:
            raise ValueError(f"a quantile lies between 0 and 1, not {quantile}")
        if not self.latencies:
            raise ValueError("no call has been answered yet, so there is no latency")
        return float(np.quantile(list(self.latencies), quantile))

    def drifted(self) -> bool | None:
        """Whether the latest window of rows raises the alarm; None until it is full, or without a monitor."""
        if self.monitor is None or len(self._recent) < self.monitor.window:
            return None
        return self.monitor.alarm(self._recent)

    def _numbers(self, rows: Sequence[Mapping[str, float]] | Tensor) -> Tensor:
        """The rows as (n, I) on the CPU in float64, or what is wrong with them."""
        if isinstance(rows, Tensor):
            if rows.dim() != 2 or rows.shape[1] != len(self.features):
                raise ValueError(f"rows is (n, {len(self.features)}), not {tuple(rows.shape)}")
            if rows.dtype == torch.bool or rows.is_complex():
                raise TypeError(f"rows holds numbers, not {str(rows.dtype)[6:]}")
            X = rows.detach().cpu().double()
        elif isinstance(rows, list | tuple):
            values = [self._values(i, row) for i, row in enumerate(rows)]
            X = torch.tensor(values, dtype=torch.float64, device="cpu")
        else:
            raise TypeError(
                f"rows is a list of dicts or a tensor (n, {len(self.features)}), not {type(rows).__name__}"
            )
        if len(X) == 0:
            raise ValueError("there is no row to predict for")
        return X

    def _values(self, i: int, row: Mapping[str, float]) -> list[float]:
        """The numbers of one row in the order of the features."""
        if not isinstance(row, Mapping):
            raise TypeError(f"rows[{i}] is a dict of names and numbers, not {type(row).__name__}")
        for name in row:
            if name not in self.features:
                near = get_close_matches(str(name), self.features)  # the nearest first
                hint = f"; is it {near[0]!r}?" if near else f"; the features are {', '.join(self.features)}"
                raise ValueError(f"rows[{i}] has an unknown feature {name!r}{hint}")
        return [self._value(i, name, row) for name in self.features]

    def _value(self, i: int, name: str, row: Mapping[str, float]) -> float:
        if name not in row:
            raise ValueError(f"rows[{i}] has no {name!r}")
        value = row[name]
        if not isinstance(value, Real) or isinstance(value, bool):
            raise TypeError(f"rows[{i}][{name!r}] is a number, not {value!r}")
        try:
            return float(value)
        except OverflowError:
            return math.inf  # a whole number beyond float64: refused with the others that are not finite

    def _check_finite(self, X: Tensor, inputs: Tensor) -> None:
        """ValueError for a number that is not finite, or is not in the model's precision."""
        if bool(inputs.isfinite().all()):
            return
        row, column = (~inputs.isfinite()).nonzero()[0].tolist()
        value = X[row, column].item()
        why = f"too large for {str(inputs.dtype)[6:]}" if math.isfinite(value) else "not finite"
        raise ValueError(f"rows[{row}][{self.features[column]!r}] is {value}, which is {why}")
