"""06.roofline_seconds: the least time of several kernels, and which limit sets it."""

from __future__ import annotations

import torch

from utils.exercises.authoring import argument_labels, parts
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab06.probing import as_array
from utils.exercises.lab06.roofline_seconds_mistakes import MISTAKES

NAMES = ("seconds", "memory_bound")


def cases(seed: int) -> list[Case]:
    """Kernels on both sides of the ridge, also close to it, and ridges below and above 1."""
    generator = torch.Generator().manual_seed(seed)

    def case(en, zh, peak, bandwidth, n):
        ridge = peak / bandwidth
        draw = torch.rand(n, generator=generator, dtype=torch.float64)
        moved = ((1 + 8 * draw) * bandwidth / 100).round()
        spread = torch.tensor([0.1, 0.8, 1.25, 9.0, 0.55, 3.0], dtype=torch.float64)[:n]
        flops = (moved * ridge * spread).round()
        return Case({"en": en, "zh": zh}, (flops, moved, peak, bandwidth))

    return [
        case("a GPU, 4 kernels", "一块 GPU、4 个内核", 8e14, 4e12, 4),
        case("a processor, 6 kernels", "一个处理器、6 个内核", 4e11, 2e10, 6),
        case("a device with a fast memory, 6 kernels", "内存很快的设备、6 个内核", 3e9, 8e9, 6),
    ]


def probe(function, case: Case) -> Answer:
    """The seconds, which limit holds, and what is left in the arguments after the call."""
    flops, moved, peak, bandwidth = case.args
    given = flops.clone(), moved.clone()
    answer = parts(function(*given, peak, bandwidth), NAMES)
    answer = {name: as_array(value) for name, value in answer.items()}
    return answer | {"old_flops": given[0], "old_moved": given[1]}


def reference(flops, moved, peak, bandwidth):
    """By the roof itself: a kernel reaches its intensity's rate, and its FLOPs take as long as that needs."""
    intensity = flops / moved
    rate = torch.clamp(intensity * bandwidth, max=peak)
    return flops / rate, intensity < peak / bandwidth


EXERCISE = Exercise(
    id="06.roofline_seconds",
    title={"en": "The least time, and its limit", "zh": "最短的时间，以及由谁限定"},
    minutes=6,
    difficulty=1,
    aims={
        "en": "Tell for each kernel how long it takes at least, and whether memory or arithmetic is the "
        "limit.",
        "zh": "说出每个内核至少要多久，以及限制它的是内存还是算术。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    rtol=1e-5,
    labels={
        "seconds": {"en": "the seconds", "zh": "秒数"},
        "memory_bound": {"en": "memory_bound", "zh": "memory_bound "},
        **argument_labels("flops", "moved"),
    },
    mistakes=MISTAKES,
)
