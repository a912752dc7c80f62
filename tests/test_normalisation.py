"""The settled normalisation layers equal PyTorch's, and refuse what they cannot mean."""

from __future__ import annotations

import doctest

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from utils import normalisation
from utils.normalisation import BatchNorm, LayerNorm, RMSNorm, batch_norm, layer_norm, rms_norm

C = 3


def inputs(*shape: int, seed: int = 0, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    """Numbers whose channels differ in mean and spread."""
    generator = torch.Generator().manual_seed(seed)
    scale, shift = torch.tensor([0.5, 1.0, 4.0]), torch.tensor([5.0, 0.0, -2.0])
    return (torch.randn(*shape, C, generator=generator) * scale + shift).to(dtype)


def pair(ours: nn.Module, theirs: nn.Module, seed: int = 1) -> tuple[nn.Module, nn.Module]:
    """Both in float64 with the same parameters, none of them 1 or 0."""
    generator = torch.Generator().manual_seed(seed)
    ours, theirs = ours.double(), theirs.double()
    with torch.no_grad():
        for a, b in zip(ours.parameters(), theirs.parameters(), strict=True):
            b.copy_(a.copy_(torch.rand(C, generator=generator) + 0.5))
    return ours, theirs


def same(ours: nn.Module, theirs: nn.Module, x: torch.Tensor, channels_second: bool = False) -> None:
    """Equal outputs, and equal gradients of inputs and parameters."""

    def run(layer: nn.Module, move: bool) -> list[torch.Tensor]:
        layer.zero_grad()
        given = x.clone().requires_grad_()
        y = layer(given.movedim(-1, 1)).movedim(1, -1) if move else layer(given)
        (y**3).sum().backward()
        return [y.detach(), given.grad, *(p.grad for p in layer.parameters())]

    for a, b in zip(run(ours, False), run(theirs, channels_second), strict=True):
        assert_close(a, b, rtol=1e-10, atol=1e-10)


# --- equal to PyTorch's -------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(7,), (4, 5), (2,)])
@pytest.mark.parametrize(("momentum", "eps"), [(0.1, 1e-5), (0.3, 0.2)])
def test_batch_norm_in_training_and_evaluation(shape, momentum, eps):
    ours, theirs = pair(BatchNorm(C, momentum, eps), nn.BatchNorm1d(C, eps=eps, momentum=momentum))
    for seed in range(5):
        same(ours, theirs, inputs(*shape, seed=seed), channels_second=True)
        assert_close(ours.running_mean, theirs.running_mean)
        assert_close(ours.running_var, theirs.running_var)
    stored = ours.running_mean.clone(), ours.running_var.clone()
    ours.eval(), theirs.eval()
    same(ours, theirs, inputs(*shape, seed=9), channels_second=True)
    assert_close((ours.running_mean, ours.running_var), stored, rtol=0, atol=0)


@pytest.mark.parametrize("shape", [(7,), (4, 5), (1,), (1, 1)])
@pytest.mark.parametrize("eps", [1e-5, 0.2])
def test_layer_and_rms_norm(shape, eps):
    for ours, theirs in (
        (LayerNorm(C, eps), nn.LayerNorm(C, eps=eps)),
        (RMSNorm(C, eps), nn.RMSNorm(C, eps=eps)),
    ):
        same(*pair(ours, theirs), inputs(*shape))


def test_defaults_are_pytorchs():
    x = inputs(6)
    same(*pair(BatchNorm(C), nn.BatchNorm1d(C)), x)
    same(*pair(LayerNorm(C), nn.LayerNorm(C)), x)


def test_state_dicts_exchange_with_pytorch():
    ours, theirs = pair(BatchNorm(C), nn.BatchNorm1d(C))
    theirs(inputs(5))
    state = {key: value for key, value in theirs.state_dict().items() if key != "num_batches_tracked"}
    ours.load_state_dict(state)
    assert_close(ours.eval()(inputs(4, seed=3)), theirs.eval()(inputs(4, seed=3)))


@pytest.mark.parametrize("layer", [BatchNorm, LayerNorm, RMSNorm])
def test_float32_stays_float32(layer):
    assert layer(C)(inputs(5, dtype=torch.float32)).dtype == torch.float32


# --- what the layers share ----------------------------------------------------------------------------------


def test_only_batch_norm_in_training_lets_the_future_through():
    x, later = inputs(2, 4), inputs(2, 4)
    later[:, -1, 0] += 1
    for layer, leaks in ((BatchNorm(C), True), (BatchNorm(C).eval(), False), (LayerNorm(C), False)):
        layer = layer.double()
        assert (not torch.equal(layer(x)[:, :-1], layer(later)[:, :-1])) == leaks


# --- refusals -----------------------------------------------------------------------------------------------


def vectors(channels: int, count: int) -> list[torch.Tensor]:
    return [torch.ones(channels) for _ in range(count)]


def test_a_single_value_a_channel_is_refused_in_training_alone():
    x, given = torch.randn(1, C), vectors(C, 4)
    with pytest.raises(ValueError, match="two values or more"):
        batch_norm(x, *given, training=True)
    with pytest.raises(ValueError, match="two values or more"):
        batch_norm(torch.zeros(0, C), *given, training=True)
    assert batch_norm(x, *given, training=False).shape == x.shape


CALLS = {
    "batch_norm": (lambda x, *given: batch_norm(x, *given, training=True), 4),
    "layer_norm": (layer_norm, 2),
    "rms_norm": (rms_norm, 1),
}


@pytest.mark.parametrize("name", CALLS)
def test_other_shapes_and_types_are_refused(name):
    call, count = CALLS[name]
    with pytest.raises(ValueError, match=r"weight has shape \(3,\), not \(2,\)"):
        call(torch.randn(4, C), *vectors(2, count))
    with pytest.raises(ValueError, match="batch in front"):
        call(torch.randn(C), *vectors(C, count))
    with pytest.raises(TypeError, match="x holds int64"):
        call(torch.ones(4, C, dtype=torch.int64), *vectors(C, count))


def test_a_refused_batch_leaves_the_running_statistics_alone():
    layer = BatchNorm(C)
    with pytest.raises(ValueError):
        layer(torch.randn(1, C))
    assert torch.equal(layer.running_mean, torch.zeros(C)) and torch.equal(layer.running_var, torch.ones(C))


def test_examples_in_docstrings():
    assert doctest.testmod(normalisation).failed == 0
