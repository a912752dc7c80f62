"""The training loop in plain sight: forward, loss, backward, update; measure; remember the best; stop.

Built by hand in chapter 05 and tied to it by a test. It trains any module on any iterable of batches
``(inputs, targets)``; each batch is moved to the model's device. Limits: one process, one precision, no
schedule of the learning rate, no accumulation; chapter 09 has those.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import NamedTuple

import torch
from torch import Tensor, nn

Batches = Iterable[tuple[Tensor, Tensor]]
Loss = Callable[[Tensor, Tensor], Tensor]


class Epoch(NamedTuple):
    """One pass over the training part: its mean loss while the weights moved; the validation loss after."""

    training: float
    validation: float | None


def train(
    model: nn.Module,
    batches: Batches,
    loss_fn: Loss,
    optimiser: torch.optim.Optimizer,
    epochs: int,
    validation: Batches | None = None,
    patience: int | None = None,
    every: int = 0,
) -> list[Epoch]:
    """Train ``model`` in place for at most ``epochs`` passes over ``batches``, and return an Epoch for each.

    ``loss_fn(outputs, targets)`` is a mean over its batch. ``validation`` batches are measured after each
    epoch. With ``patience``, training stops after that many epochs in a row without a new lowest validation
    loss, and the weights of the lowest are put back at the end, stopped early or not (Prechelt, 1998).
    ``every`` > 0 prints a line each ``every`` epochs.

    A loss that is not finite is a FloatingPointError that names epoch and batch, counted from 1; outputs of
    another shape than their targets are a ValueError (class numbers have logits of one axis more). Built by
    hand in chapter 05.
    """
    _check_plan(model, optimiser, epochs, validation, patience, every)
    device, history = _device(model), []
    best_loss, best_epoch, best_weights = math.inf, None, None
    with _modes_kept(model):
        model.train()
        for epoch in range(1, epochs + 1):
            total, count = 0.0, 0
            for number, (inputs, targets) in enumerate(batches, start=1):
                inputs, targets = inputs.to(device), targets.to(device)
                # Forward: what the model says.
                outputs = model(inputs)
                # Loss: how wrong that is, as one number.
                _check_shapes(outputs, targets)
                loss = loss_fn(outputs, targets)
                _check_finite(_number(loss), f"the loss of epoch {epoch}, batch {number}")
                # Backward: the slope of the loss along every weight, with nothing left from the last batch.
                optimiser.zero_grad()
                loss.backward()
                # Update: one step down.
                optimiser.step()
                # Add up: a short batch weighs less in the mean over the epoch.
                total += loss.item() * targets.numel()
                count += targets.numel()

            # Measure, on samples that no step has seen.
            held_out = None if validation is None else mean_loss(model, validation, loss_fn)
            _check_finite(held_out, f"the validation loss of epoch {epoch}")
            history.append(Epoch(_mean(total, count), held_out))
            if every and epoch % every == 0:
                print(_progress(epoch, epochs, history[-1]))
            # Remember the best.
            if patience is not None and held_out < best_loss:
                best_loss, best_epoch, best_weights = held_out, epoch, deepcopy(model.state_dict())
            # Stop: the best is too long ago.
            if patience is not None and epoch - best_epoch == patience:
                break
    if best_weights is not None:
        model.load_state_dict(best_weights)
    return history


def mean_loss(model: nn.Module, batches: Batches, loss_fn: Loss) -> float:
    """Mean of ``loss_fn`` over all samples of ``batches``, in evaluation mode and without gradients.

    ``loss_fn`` is a mean over its batch, so each batch weighs as much as it has targets; the last one may be
    shorter. NaN stays NaN. The model is left in its mode. A ValueError if there is no sample. Built by hand
    in chapter 05.
    """
    device, total, count = _device(model), 0.0, 0
    with evaluating(model):
        for inputs, targets in batches:
            outputs, targets = model(inputs.to(device)), targets.to(device)
            _check_shapes(outputs, targets)
            total += _number(loss_fn(outputs, targets)) * targets.numel()
            count += targets.numel()
    return _mean(total, count)


@contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """Evaluation mode and no gradients inside the block; afterwards every part has its own mode again."""
    with _modes_kept(model), torch.no_grad():
        model.eval()
        yield


@contextmanager
def _modes_kept(model: nn.Module) -> Iterator[None]:
    """Give every part back its mode: ``model.train()`` would also wake a part that was kept in evaluation."""
    modes = [(part, part.training) for part in model.modules()]
    try:
        yield
    finally:
        for part, mode in modes:
            part.training = mode


def _device(model: nn.Module) -> torch.device | None:
    """Where the model's weights are; None, which moves nothing, for a model without weights."""
    return next((weight.device for weight in model.parameters()), None)


def _mean(total: float, count: int) -> float:
    """ValueError if nothing was counted: a generator, for one, is used up after the first pass."""
    if count == 0:
        raise ValueError("the batches hold no sample; give a list or a DataLoader, which can be read again")
    return total / count


def _progress(epoch: int, epochs: int, losses: Epoch) -> str:
    line = f"epoch {epoch:{len(str(epochs))}}/{epochs}  training {losses.training:.4f}"
    return line if losses.validation is None else f"{line}  validation {losses.validation:.4f}"


def _check_shapes(outputs: Tensor, targets: Tensor) -> None:
    """ValueError where a loss would stretch one to the other's shape without a word, as (B, 1) and (B,)."""
    classes = not targets.is_floating_point() and outputs.dim() == targets.dim() + 1
    if outputs.shape != targets.shape and not (classes and outputs.numel() > targets.numel()):
        raise ValueError(
            f"the model's outputs have shape {tuple(outputs.shape)} and the targets {tuple(targets.shape)}; "
            "they must be the same"
        )


def _number(loss: Tensor) -> float:
    """The loss as a number; ValueError for a loss function that returns one loss a sample."""
    if loss.numel() != 1:
        raise ValueError(f"loss_fn returns one number, the mean of the batch, not shape {tuple(loss.shape)}")
    return loss.item()


def _check_finite(value: float | None, name: str) -> None:
    """FloatingPointError for NaN and infinity: the weights would follow. None was not measured and passes."""
    if value is not None and not math.isfinite(value):
        raise FloatingPointError(f"{name} is {value}; a smaller learning rate or scaled data may help")


def _check_plan(
    model: nn.Module,
    optimiser: torch.optim.Optimizer,
    epochs: int,
    validation: Batches | None,
    patience: int | None,
    every: int,
) -> None:
    """ValueError for settings that cannot be meant."""
    if epochs < 1 or every < 0:
        raise ValueError(f"epochs is at least 1 and every at least 0, not {epochs} and {every}")
    if patience is not None and patience < 1:
        raise ValueError(f"patience is at least 1 epoch, not {patience}")
    if patience is not None and validation is None:
        raise ValueError("patience needs validation batches to be measured on")
    weights = {id(weight) for weight in model.parameters()}
    if not any(id(weight) in weights for group in optimiser.param_groups for weight in group["params"]):
        raise ValueError("the optimiser holds no weight of this model; make it from model.parameters()")
