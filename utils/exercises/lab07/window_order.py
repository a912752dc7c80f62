"""07.window_order: the batches of one rank in one epoch."""

from __future__ import annotations

import torch
from torch.utils.data import DataLoader, Dataset

from utils.exercises.answers import look, type_name
from utils.exercises.authoring import argument_label
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab07.tokens import KIND
from utils.exercises.lab07.window_order_rows import ABOUT_ROWS
from utils.exercises.lab07.window_order_sharing import ABOUT_SHARING

# Windows, T, tokens left over at the end, B, rank, ranks.
PLANS = (
    ({"en": "one rank, a short batch at the end", "zh": "一个进程，最后一批不满"}, 7, 4, 2, 3, 0, 1),
    ({"en": "rank 1 of 2", "zh": "2 个进程中的 1 号"}, 11, 3, 1, 2, 1, 2),
    ({"en": "rank 0 of 2", "zh": "2 个进程中的 0 号"}, 11, 3, 2, 2, 0, 2),
    ({"en": "rank 2 of 3 has no window in the last step", "zh": "3 个进程中的 2 号，最后一步没有窗口"},
     13, 2, 1, 2, 2, 3),
    ({"en": "rank 1 of 3, every batch full", "zh": "3 个进程中的 1 号，每批都满"}, 12, 5, 1, 2, 1, 3),
    ({"en": "fewer windows than ranks", "zh": "窗口比进程少"}, 3, 4, 3, 2, 3, 4),
)  # fmt: skip


def cases(seed: int) -> list[Case]:
    """No token occurs twice, and no window stands where the plain order would have it."""
    generator = torch.Generator().manual_seed(seed)

    def case(name, windows, T, left_over, B, rank, ranks):
        tokens = torch.randperm(900, generator=generator)[: windows * T + 1 + left_over]
        return Case(name, (tokens, T, B, _no_fixed_point(windows, generator), rank, ranks))

    return [case(*plan) for plan in PLANS]


def _no_fixed_point(n: int, generator: torch.Generator) -> torch.Tensor:
    """A permutation that moves every number, that is not its own inverse and not a shift."""
    plain = torch.arange(n)
    while True:
        order = torch.randperm(n, generator=generator)
        moved = (order != plain).all() and (order != plain.flip(0)).any()
        if moved and (n < 4 or (order[order] != plain).sum() > n // 2):
            return order


def probe(function, case: Case) -> Answer:
    """How many batches there are, the inputs and targets of each, and both tensors after the call."""
    tokens, _, _, permutation, _, _ = case.args
    made = function(*case.args)
    if not isinstance(made, (list, tuple)):
        return {"result": None} if made is None else {"result": type_name(made)}
    answer: Answer = {"result": "list", "batches": len(made)}
    for step, batch in enumerate(made):
        if not isinstance(batch, (list, tuple)) or len(batch) != 2:
            return answer | {f"batches[{step}]": look(batch)}
        answer |= {f"x[{step}]": batch[0], f"y[{step}]": batch[1]}
    return answer | {"tokens": tokens, "permutation": permutation}


class _Windows(Dataset):
    def __init__(self, tokens, T):
        self.tokens, self.T = tokens, T

    def __getitem__(self, window):
        """Unfolded by PyTorch: rows of T + 1 tokens, each T tokens after the one before."""
        row = self.tokens.unfold(0, self.T + 1, self.T)[window]
        return row[:-1], row[1:]


def reference(tokens, T, B, permutation, rank, ranks):
    """PyTorch's own loader makes the batches of a rank's windows, in their order.

    A rank that has fewer batches than the first one ends with an empty one.
    """
    mine = [permutation[i].item() for i in range(rank, len(permutation), ranks)]
    steps = -(-len(range(0, len(permutation), ranks)) // B)
    loader = DataLoader(_Windows(tokens, T), batch_size=B, sampler=mine) if mine else []
    made = [(x, y) for x, y in loader]
    empty = tokens.new_empty(0, T)
    return made + [(empty, empty)] * (steps - len(made))


EXERCISE = Exercise(
    id="07.window_order",
    title={"en": "The batches of one rank", "zh": "一个进程的各批"},
    minutes=15,
    difficulty=3,
    aims={
        "en": "Share an epoch's windows among ranks: none twice, none lost, and as many steps for each.",
        "zh": "把一轮的窗口分给各个进程：不重复，不遗漏，每个进程的步数相同。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    labels={
        "result": KIND,
        "batches": {"en": "the number of batches", "zh": "批数"},
        "x": {"en": "the inputs x", "zh": "输入 x "},
        "y": {"en": "the targets y", "zh": "目标 y "},
        "tokens": argument_label("tokens"),
        "permutation": argument_label("permutation"),
    },
    mistakes=(*ABOUT_ROWS, *ABOUT_SHARING),
)
