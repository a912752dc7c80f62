"""Cases over the networks: a forward pass or a training step, each variant held against float64."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from utils.bench import steps
from utils.bench.case import Call, Case
from utils.bench.models import Net


def network_case(
    net: Net,
    name: str,
    variants: Mapping[str, Call],
    trains: bool,
    precision: str,
    owners: Mapping[str, Net] | None = None,
    pooled: tuple[str, ...] = (),
) -> Case:
    """A case of one network. Every variant but "eager" compiles (or records) at its first call.

    ``owners`` names the network whose gradients a variant fills, where it is not ``net``; ``pooled`` the
    variants that replay a CUDA graph.
    """
    whose = {each: (owners or {}).get(each, net) for each in variants}
    outputs, prepare = {}, {}
    if trains:
        outputs = {each: steps.step_outputs(whose[each], call) for each, call in variants.items()}
        prepare = {each: partial(forget, owner) for each, owner in whose.items()}
    return Case(
        name=name,
        variants=variants,
        reference=(steps.training_reference if trains else steps.forward_reference)(net),
        tolerance=steps.TOLERANCE[precision],
        work={"flops": count_flops(kind(trains)(net)), "samples": net.inputs.shape[0]},
        precision=precision,
        compiles=tuple(each for each in variants if each != "eager"),
        outputs=outputs,
        around=dict.fromkeys(variants, partial(steps.switches, precision)),
        prepare=prepare,
        pooled=pooled,
    )


def forget(net: Net) -> None:
    """Drop the gradients, whose memory is part of what a training step needs."""
    steps.clear(list(net.model.parameters()))


def count_flops(call: Call) -> float:
    """Floating-point operations in the matrix products and convolutions of one eager call.

    Attention is counted as the two full products that it is without the mask.
    """
    from torch.nn.attention import SDPBackend, sdpa_kernel
    from torch.utils.flop_counter import FlopCounterMode

    with sdpa_kernel(SDPBackend.MATH), FlopCounterMode(display=False) as counter:
        call()
    return float(counter.get_total_flops())


def kind(trains: bool):
    """What makes a step: ``steps.training`` or ``steps.forward``."""
    return steps.training if trains else steps.forward


def titled(name: str, trains: bool) -> str:
    """ "mlp, training" or "mlp, forward"."""
    return f"{name}, {'training' if trains else 'forward'}"


def device_precision(device_type: str) -> str:
    """The precision that a type of device is used in: bfloat16 on a GPU, float32 on the CPU."""
    return "bfloat16" if device_type == "cuda" else "float32"
