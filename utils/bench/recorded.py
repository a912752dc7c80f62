"""A call recorded as a CUDA graph by hand."""

from __future__ import annotations

import torch
from torch import Tensor

from utils.bench.case import Call


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
