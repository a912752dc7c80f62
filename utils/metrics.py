"""How good predictions are, and how sure that number is: MAE, R-squared, and a bootstrap interval.

Built by hand in chapter 05 and tied to it by a test. The mean squared error is ``utils.math.mse``. Limits:
one target a sample; the interval treats samples as independent draws and covers the choice of the samples
only, not that of the weights.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

Metric = Callable[[Tensor, Tensor], Tensor]


def mae(predicted: Tensor, target: Tensor) -> Tensor:
    """Mean absolute error, 1/n sum |predicted - target|, in the target's units. Both (n,); the result is 0-d.

    A ValueError for other shapes. Built by hand in chapter 05.

    >>> mae(torch.tensor([1.0, 4.0]), torch.tensor([1.0, 2.0]))
    tensor(1.)
    """
    _check(predicted, target)
    return (predicted - target).abs().mean()


def r2(predicted: Tensor, target: Tensor) -> Tensor:
    """R-squared: 1 - sum (target - predicted)^2 / sum (target - mean of target)^2. Both (n,); 0-d.

    1 is perfect, 0 as good as always saying the mean of these targets, below 0 worse than that. A ValueError
    for other shapes or a constant target. Built by hand in chapter 05.

    >>> r2(torch.tensor([1.0, 2.0, 6.0]), torch.tensor([1.0, 3.0, 5.0]))
    tensor(0.7500)
    """
    _check(predicted, target)
    if bool(target.min() == target.max()):
        raise ValueError("the target is the same for every sample, so R-squared is not defined")
    return 1 - ((target - predicted) ** 2).sum() / ((target - target.mean()) ** 2).sum()


def bootstrap_interval(
    metric: Metric,
    predicted: Tensor,
    target: Tensor,
    resamples: int = 2000,
    level: float = 0.95,
    seed: int = 0,
) -> tuple[float, float]:
    """Percentile bootstrap interval of ``metric(predicted, target)`` (Efron and Tibshirani, 1993, ch. 13).

    Draws n samples out of the n, with replacement, ``resamples`` times, and returns the two quantiles that
    leave out (1 - level) / 2 of the metrics on each side. Both have n samples along axis 0. For small n it is
    somewhat too narrow. A ValueError if the metric has no value on a resample. Built by hand in chapter 05.
    """
    if predicted.shape[:1] != target.shape[:1] or predicted.dim() == 0 or len(predicted) < 2:
        raise ValueError(
            "predicted and target have the same number of samples, two or more, not "
            f"{tuple(predicted.shape)} and {tuple(target.shape)}"
        )
    if resamples < 1 or not 0 < level < 1:
        raise ValueError(f"resamples is at least 1 and level between 0 and 1, not {resamples} and {level}")
    generator, n = torch.Generator("cpu").manual_seed(seed), len(predicted)  # the same draws for every device
    values = []
    for number in range(1, resamples + 1):
        picks = torch.randint(n, (n,), generator=generator, device="cpu").to(predicted.device)
        try:
            values.append(float(metric(predicted[picks], target[picks])))
        except ValueError as error:
            raise ValueError(f"the metric has no value on resample {number}: {error}") from error
    tail = (1 - level) / 2
    low, high = np.quantile(values, [tail, 1 - tail]).tolist()
    return low, high


def _check(predicted: Tensor, target: Tensor) -> None:
    """TypeError unless both hold floating point numbers, ValueError unless both are (n,), n at least 1."""
    for name, tensor in (("predicted", predicted), ("target", target)):
        if not isinstance(tensor, Tensor):
            raise TypeError(f"{name} is a tensor, not {type(tensor).__name__}")
        if not tensor.is_floating_point():
            raise TypeError(f"{name} holds {str(tensor.dtype)[6:]}; use {name}.double() or {name}.float()")
    if predicted.dim() != 1 or predicted.shape != target.shape or len(predicted) == 0:
        shapes = f"{tuple(predicted.shape)} and {tuple(target.shape)}"
        raise ValueError(f"predicted and target are both (n,), not {shapes}")
