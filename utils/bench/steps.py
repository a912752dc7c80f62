"""What is done with a network: a forward pass or a training step, eager or compiled, in some precision."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from types import FunctionType

import torch
from torch import Tensor, nn

from utils.bench.case import Call
from utils.bench.models import Net

TOLERANCE = {
    "float32": 2e-4,
    "tf32": 3e-2,
    "bfloat16": 0.1,
}  # largest error over largest value, float64 right
FIRST_SEED = 6  # of a network that is built again in another process
GRAPHED = ("reduce-overhead", "max-autotune")  # modes that replay CUDA graphs


@contextmanager
def precision(name: str, device: torch.device) -> Iterator[None]:
    """Compute in "float32", "tf32" (float32 products on a GPU's matrix units) or "bfloat16" (autocast).

    Set anew at each call, since the variants of a case may differ, and not set back, since the backward pass
    follows. The older two switches are used alone: PyTorch refuses a mixture with the newer ones.
    """
    torch.set_float32_matmul_precision("high" if name == "tf32" else "highest")
    torch.backends.cudnn.allow_tf32 = name == "tf32"
    cast = torch.autocast(device.type, torch.bfloat16, cache_enabled=False)
    with cast if name == "bfloat16" else nullcontext():
        yield


def own_copy(function: FunctionType) -> FunctionType:
    """The same function with a code object of its own.

    Dynamo keeps what it compiled, and counts it against a limit, by code object: variants that shared one
    would find and crowd out each other's.
    """
    made = FunctionType(
        function.__code__.replace(),
        function.__globals__,
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    made.__kwdefaults__ = function.__kwdefaults__
    return made


def compiled(function: FunctionType, **options) -> Callable:
    """``torch.compile`` of a copy of its own, for fixed shapes unless ``options`` say otherwise."""
    return torch.compile(own_copy(function), **{"dynamic": False, **options})


def forward(net: Net, in_precision: str = "float32", **options) -> Call:
    """A forward pass without a graph, the model in evaluation mode; compiled if there are ``options``."""
    model = net.model.eval()

    def run(x: Tensor) -> Tensor:
        return model(x)

    run = compiled(run, **_drop(options)) if options else run
    graphed = options.get("mode") in GRAPHED

    def call() -> Tensor:
        if graphed:
            torch.compiler.cudagraph_mark_step_begin()  # the outputs of the call before may be overwritten
        with torch.no_grad(), precision(in_precision, net.inputs.device):
            return run(net.inputs)

    return call


def training(net: Net, in_precision: str = "float32", **options) -> Call:
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
        with precision(in_precision, net.inputs.device):
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


def gradients(model: nn.Module) -> Tensor:
    """All gradients in one row."""
    return torch.cat([each.grad.detach().flatten() for each in model.parameters() if each.grad is not None])


def step_outputs(net: Net, call: Call) -> Callable[[], list[Tensor]]:
    """What is compared of a training step: its loss and all its gradients."""

    def outputs() -> list[Tensor]:
        loss = call().detach().clone()
        return [loss, gradients(net.model)]

    return outputs


def twin(model: nn.Module) -> nn.Module:
    """A copy with weights, and gradients to come, of its own."""
    clear(list(model.parameters()))
    return copy.deepcopy(model)


def graphed(call: Call) -> Call:
    """The call recorded as a CUDA graph when it is first made, and replayed from then on.

    As PyTorch's notes on CUDA graphs ask: first a few calls on the stream that is recorded, so that nothing
    is set up meanwhile. What the call returns, and its gradients, lie where the graph writes them each time.
    """
    kept: list = []

    def record() -> None:
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(3):
                call()
        torch.cuda.current_stream().wait_stream(stream)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, stream=stream):
            output = call()
        kept.extend((graph, output))

    def replay() -> Tensor:
        if not kept:
            record()
        kept[0].replay()
        return kept[1]

    return replay


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


def count_flops(call: Call) -> float:
    """Floating-point operations in the matrix products and convolutions of one eager call.

    Attention is counted as the two full products that it is without the mask.
    """
    from torch.nn.attention import SDPBackend, sdpa_kernel
    from torch.utils.flop_counter import FlopCounterMode

    with sdpa_kernel(SDPBackend.MATH), FlopCounterMode(display=False) as counter:
        call()
    return float(counter.get_total_flops())
