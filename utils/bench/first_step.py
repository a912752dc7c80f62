"""A process of its own for the ``compile_time`` benchmark: the first training step of a network, timed.

python -m utils.bench.first_step mlp cpu RESULT [--compile] [--quick]
"""

from __future__ import annotations

import argparse
import sys
import time

import torch

from utils.bench import models, steps
from utils.bench.network import device_precision


def main(arguments: list[str] | None = None) -> int:
    """Write {"seconds", "outputs"} to the file RESULT."""
    parser = argparse.ArgumentParser(prog="python -m utils.bench.first_step")
    parser.add_argument("name", choices=models.MAKERS)
    parser.add_argument("device", choices=("cpu", "cuda"))
    parser.add_argument("result")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args(arguments)
    device = torch.device(given.device)
    torch.manual_seed(steps.FIRST_SEED)
    net = models.build(given.name, device, given.quick)
    step = steps.training(
        net, device_precision(given.device), **({"mode": "default"} if given.compile else {})
    )
    _wait(device)
    began = time.perf_counter()
    loss = step()
    _wait(device)
    seconds = time.perf_counter() - began
    outputs = [loss.detach().cpu(), steps.gradients(net.model).cpu()]
    torch.save({"seconds": seconds, "outputs": outputs}, given.result)
    return 0


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


if __name__ == "__main__":
    sys.exit(main())
