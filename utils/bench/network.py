"""Cases over the networks: a forward pass or a training step, each variant held against float64."""

from __future__ import annotations

from collections.abc import Mapping

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
) -> Case:
    """A case of one network. Every variant but "eager" compiles (or records) at its first call.

    ``owners`` names the network whose gradients a variant fills, where it is not ``net``.
    """
    outputs = {}
    if trains:
        whose = owners or {}
        outputs = {each: steps.step_outputs(whose.get(each, net), call) for each, call in variants.items()}
    return Case(
        name=name,
        variants=variants,
        reference=(steps.training_reference if trains else steps.forward_reference)(net),
        tolerance=steps.TOLERANCE[precision],
        work={"flops": steps.count_flops(kind(trains)(net)), "samples": net.inputs.shape[0]},
        precision=precision,
        compiles=tuple(each for each in variants if each != "eager"),
        outputs=outputs,
    )


def kind(trains: bool):
    """What makes a step: ``steps.training`` or ``steps.forward``."""
    return steps.training if trains else steps.forward


def titled(name: str, trains: bool) -> str:
    """ "mlp, training" or "mlp, forward"."""
    return f"{name}, {'training' if trains else 'forward'}"


def device_precision(device_type: str) -> str:
    """The precision that a type of device is used in: bfloat16 on a GPU, float32 on the CPU."""
    return "bfloat16" if device_type == "cuda" else "float32"
