"""What is done with a network: a forward pass or a training step, eager or compiled, in some precision."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from types import FunctionType

import torch
from torch import Tensor, nn

from utils.bench.case import Call
from utils.bench.models import Net

TOLERANCE = {
    "float32": 2e-4,
    "tf32": 3e-2,
    "bfloat16": 0.1,
}  # the largest error of a result, of each gradient too, as a share of what is right
FIRST_SEED = 6  # of a network that is built again in another process
GRAPHED = ("reduce-overhead", "max-autotune")  # modes that replay CUDA graphs


@contextmanager
def switches(name: str) -> Iterator[None]:
    """Float32 products on a GPU's matrix units for "tf32", in full for all else; set back at the end.

    A setting of the process, so a case makes it around its calls, where no clock runs. The older two switches
    are used alone: PyTorch refuses a mixture with the newer ones.
    """
    before = torch.get_float32_matmul_precision(), torch.backends.cudnn.allow_tf32
    torch.set_float32_matmul_precision("high" if name == "tf32" else "highest")
    torch.backends.cudnn.allow_tf32 = name == "tf32"
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before[0])
        torch.backends.cudnn.allow_tf32 = before[1]


def cast(name: str, device: torch.device, cached: bool = True) -> AbstractContextManager[object]:
    """Autocast for "bfloat16", nothing else. It is part of a step and of its time, as in any training loop.

    ``cached`` as PyTorch sets it: a weight is cast once a step. A CUDA graph cannot be recorded with it.
    """
    on = name == "bfloat16"
    return torch.autocast(device.type, torch.bfloat16, cache_enabled=cached) if on else nullcontext()


_numbers = itertools.count()


def own_copy(function: FunctionType) -> FunctionType:
    """The same function with a code object and a name of its own.

    Dynamo keeps what it compiled, and counts it against a limit, by code object; which sizes it has seen vary
    it keeps by file, line and name. Variants that shared these would find and crowd out each other's.
    """
    named = f"{function.__name__}_{next(_numbers)}"
    made = FunctionType(
        function.__code__.replace(co_name=named),
        function.__globals__,
        named,
        function.__defaults__,
        function.__closure__,
    )
    made.__kwdefaults__ = function.__kwdefaults__
    return made


def compiled(function: FunctionType, **options) -> Callable:
    """``torch.compile`` of a copy of its own, for fixed shapes unless ``options`` say otherwise."""
    return torch.compile(own_copy(function), **{"dynamic": False, **options})


def forward(net: Net, in_precision: str = "float32", cached: bool = True, **options) -> Call:
    """A forward pass without a graph, the model in evaluation mode; compiled if there are ``options``."""
    model = net.model.eval()

    def run(x: Tensor) -> Tensor:
        return model(x)

    run = compiled(run, **_drop(options)) if options else run
    graphed = options.get("mode") in GRAPHED

    def call() -> Tensor:
        if graphed:
            torch.compiler.cudagraph_mark_step_begin()  # the outputs of the call before may be overwritten
        with torch.no_grad(), cast(in_precision, net.inputs.device, cached):
            return run(net.inputs)

    return call


def training(net: Net, in_precision: str = "float32", cached: bool = True, **options) -> Call:
    """Forward, loss and backward, each time from no gradients; compiled if there are ``options``.

    The optimiser is not in it: it has a case of its own.
    """
    model, loss_of, parameters = net.model.train(), net.loss, list(net.model.parameters())

    def run(x: Tensor, y: Tensor) -> Tensor:
        return loss_of(model(x), y)

    run = compiled(run, **_drop(options)) if options else run
    graphed = options.get("mode") in GRAPHED

    def call() -> Tensor:
        if graphed:
            torch.compiler.cudagraph_mark_step_begin()
        clear(parameters)
        with cast(in_precision, net.inputs.device, cached):
            loss = run(net.inputs, net.targets)
        loss.backward()
        return loss

    return call


def _drop(options: dict) -> dict:
    """``mode="default"`` says "compiled" and nothing more."""
    return {name: value for name, value in options.items() if (name, value) != ("mode", "default")}


def clear(parameters: list[nn.Parameter]) -> None:
    """Forget the gradients."""
    for each in parameters:
        each.grad = None


def gradients(model: nn.Module) -> list[Tensor]:
    """The gradient of each parameter that has one."""
    return [each.grad.detach() for each in model.parameters() if each.grad is not None]


def step_outputs(net: Net, call: Call) -> Callable[[], list[Tensor]]:
    """What is compared of a training step: its loss and each gradient."""

    def outputs() -> list[Tensor]:
        loss = call().detach().clone()
        return [loss, *gradients(net.model)]

    return outputs


def twin(model: nn.Module) -> nn.Module:
    """A copy with weights, and gradients to come, of its own."""
    clear(list(model.parameters()))
    return copy.deepcopy(model)


def forward_reference(net: Net) -> Callable[[], Tensor]:
    """The forward pass in float64."""
    return lambda: forward(exact(net))()


def training_reference(net: Net) -> Callable[[], list[Tensor]]:
    """Loss and gradients in float64."""

    def outputs() -> list[Tensor]:
        wide = exact(net)
        return step_outputs(wide, training(wide))()

    return outputs


def exact(net: Net) -> Net:
    """The same network and batch in float64."""
    return Net(twin(net.model).double(), _wide(net.inputs), _wide(net.targets), net.loss)


def _wide(x: Tensor) -> Tensor:
    return x.double() if x.is_floating_point() else x
