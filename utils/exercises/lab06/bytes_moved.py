"""06.bytes_moved: the traffic of a chain of element-wise operations, apart and fused."""

from __future__ import annotations

import torch

from utils.exercises.authoring import parts
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab06.bytes_moved_mistakes import MISTAKES

NAMES = ("apart", "fused")

GATE = [("a", ["x"]), ("b", ["a", "a"]), ("c", ["b", "y"]), ("out", ["x", "c"])]
# A norm's last steps: row has a number for each row, gamma one for each column. d is kept for the backward.
NORM = [("d", ["row", "x"]), ("e", ["d", "d"]), ("f", ["e", "gamma"]), ("out", ["f", "d"])]
# An optimiser's step: three tensors are kept. "old" is read by an operation whose result another one uses.
STEP = [
    ("m2", ["m", "g"]),
    ("square", ["g", "g"]),
    ("v2", ["v", "square"]),
    ("root", ["v2"]),
    ("ratio", ["m2", "root"]),
    ("w2", ["w", "ratio"]),
]


def cases(seed: int) -> list[Case]:
    """Operations that name a tensor twice; tensors of unlike size; intermediates that are kept."""
    generator = torch.Generator().manual_seed(seed)

    def number(low, high):
        return int(torch.randint(low, high, (), generator=generator))

    def case(en, zh, chain, kept, itemsize, small=()):
        names = dict.fromkeys(name for out, inputs in chain for name in (*inputs, out))
        n, sizes = number(300, 900), dict(small)
        elements = {name: sizes.get(name, n) for name in names}
        return Case({"en": en, "zh": zh}, (list(chain), elements, itemsize, list(kept)))

    small = {"row": number(10, 40), "gamma": number(41, 90)}
    return [
        case("four operations, one result", "四个运算、一个结果", GATE, ["out"], 4),
        case("tensors of three sizes", "三种大小的张量", NORM, ["out"], 2, small),
        case("one intermediate kept", "保留一个中间结果", NORM, ["d", "out"], 4, small),
        case("an optimiser's step", "优化器的一步", STEP, ["m2", "v2", "w2"], 8),
    ]


def probe(function, case: Case) -> Answer:
    """Both numbers."""
    return parts(function(*case.args), NAMES)


def reference(chain, elements, itemsize, kept):
    """Counted on simulated kernels: whatever a kernel has read or made, it holds until it ends."""
    moved = []
    for kernels in ([[operation] for operation in chain], [chain]):
        read, written = [], []
        for kernel in kernels:
            held = set()
            for output, inputs in kernel:
                read += [name for name in dict.fromkeys(inputs) if name not in held]
                held |= {output, *inputs}
            written += [output for output, _ in kernel if len(kernels) > 1 or output in kept]
        moved.append(itemsize * sum(elements[name] for name in read + written))
    return tuple(moved)


EXERCISE = Exercise(
    id="06.bytes_moved",
    title={"en": "Bytes moved, apart and fused", "zh": "分开与融合，各搬多少字节"},
    minutes=8,
    difficulty=2,
    aims={
        "en": "Foretell how many bytes a chain of element-wise operations moves as separate kernels, and as "
        "one.",
        "zh": "一串逐元素运算，分成多个内核要搬多少字节，合成一个又要搬多少：事先算出来。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    labels={
        "apart": {"en": "the bytes of separate kernels", "zh": "分开的内核所搬的字节数"},
        "fused": {"en": "the bytes of one kernel", "zh": "一个内核所搬的字节数"},
    },
    mistakes=MISTAKES,
)
