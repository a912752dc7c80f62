"""What the options of ``torch.compile`` change: its modes, static and dynamic shapes, and CUDA graphs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from utils.bench import models, steps
from utils.bench.case import Benchmark, Case
from utils.bench.network import device_precision, kind, network_case, titled

MODES = ("default", "reduce-overhead", "max-autotune")
LENGTHS = {"cpu": (32, 64, 96, 128), "cuda": (256, 512, 768, 1024), "quick": (16, 32)}


def modes(device: torch.device, quick: bool) -> Iterator[Case]:
    """Each mode on a small and a larger network. On the CPU reduce-overhead has no CUDA graph to make."""
    precision = device_precision(device.type)
    for name, trains in (("mlp", False),) if quick else (("mlp", False), ("block", True)):
        net = models.build(name, device, quick)
        variants = {"eager": kind(trains)(net, precision)}
        variants |= {mode: kind(trains)(net, precision, mode=mode) for mode in MODES}
        yield network_case(net, titled(name, trains), variants, trains, precision)


def shapes(device: torch.device, quick: bool) -> Iterator[Case]:
    """One Transformer block over batches of several lengths; a call is one pass over all of them.

    "static" compiles once a length, "automatic" the first time for that length and then once for all,
    "dynamic" once for all. The seconds of the first call hold all of these.
    """
    size = models.SIZES["quick" if quick else device.type]["block"]
    lengths = LENGTHS["quick" if quick else device.type]
    block = models.Block(size["C"], size["H"]).to(device).eval()
    batches = [torch.randn(size["B"], T, size["C"], device=device) for T in lengths]

    def block_forward(x: Tensor) -> Tensor:
        return block(x)

    def over_all(run: Callable[[Tensor], Tensor]) -> Callable[[], list[Tensor]]:
        def call() -> list[Tensor]:
            with torch.no_grad(), steps.precision("float32", device):
                return [run(batch) for batch in batches]

        return call

    settings = {"static": False, "automatic": None, "dynamic": True}
    variants = {"eager": over_all(block_forward)}
    for name, dynamic in settings.items():
        variants[name] = over_all(steps.compiled(block_forward, dynamic=dynamic))

    def reference() -> list[Tensor]:
        nets = [models.Net(block, batch, batch, torch.nn.functional.mse_loss) for batch in batches]
        return [steps.forward_reference(net)() for net in nets]

    yield Case(
        name=f"block, lengths {', '.join(map(str, lengths))}",
        variants=variants,
        reference=reference,
        tolerance=steps.TOLERANCE["float32"],
        work={"tokens": size["B"] * sum(lengths)},
        compiles=tuple(settings),
    )


def graphs(device: torch.device, quick: bool) -> Iterator[Case]:
    """A recorded sequence of kernels, replayed as one: by hand, and as compiling does it."""
    for name, trains in (("gru", False), ("small_gpt", False), ("small_gpt", True)):
        net = models.build(name, device, quick)
        twin = models.Net(steps.twin(net.model), *net[1:])  # a graph has gradients of its own
        make = kind(trains)
        variants = {
            "eager": make(net, "bfloat16"),
            "graph": steps.graphed(make(twin, "bfloat16")),
            "compiled": make(net, "bfloat16", mode="default"),
            "compiled graph": make(net, "bfloat16", mode="reduce-overhead"),
        }
        yield network_case(net, titled(name, trains), variants, trains, "bfloat16", {"graph": twin})


BENCHMARKS = (
    Benchmark("modes", "default, reduce-overhead and max-autotune against eager", modes),
    Benchmark("shapes", "static, automatic and dynamic shapes over batches of several lengths", shapes),
    Benchmark("graphs", "CUDA graphs by hand and by compiling, where launches cost most", graphs, ("cuda",)),
)
