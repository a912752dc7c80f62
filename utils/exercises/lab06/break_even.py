"""06.break_even: the whole step at which compiling has paid, and whether it pays in a given run."""

from __future__ import annotations

import torch

from utils.exercises.authoring import argument_labels, parts
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab06.break_even_mistakes import MISTAKES
from utils.exercises.lab06.probing import as_array

NAMES = ("paid", "worth_it")
ARGUMENTS = ("compile_seconds", "eager_seconds", "compiled_seconds")


def cases(seed: int) -> list[Case]:
    """All times are multiples of 1/64 second, so that a tie is a tie. In each case: a whole number of steps,
    a broken one, a program that becomes slower, one that stays as fast, one that pays just in time, and one
    that pays too late, three quarters into a step.
    """
    generator = torch.Generator().manual_seed(seed)

    def case(steps, n):
        saved = torch.randint(1, 9, (n,), generator=generator) * 2.0 + 1  # odd, in 64ths
        saved[2], saved[3] = -saved[2], 0.0
        whole = torch.randint(steps // 2, steps, (n,), generator=generator)
        price = saved.abs().clamp(min=8.0) * whole + torch.where(torch.arange(n) == 1, 0.75, 0.0)
        price[4] = saved[4] * steps  # paid at the very last step
        price[0] = saved[0] * (steps - 3)
        price[1] = saved[1] * (steps - 5) + 0.75
        price[5] = saved[5] * (steps + 6.75)
        eager = torch.randint(30, 60, (n,), generator=generator) + 0.0
        name = {"en": f"{n} programs, {steps} steps", "zh": f"{n} 个程序、{steps} 步"}
        compiled = eager - saved
        return Case(name, (price.double() / 64, eager.double() / 64, compiled.double() / 64, steps))

    return [case(40, 6), case(100, 7), case(17, 8)]


def probe(function, case: Case) -> Answer:
    """Both results, and what is left in the arguments after the call."""
    *times, steps = case.args
    given = [each.clone() for each in times]
    answer = parts(function(*given, steps), NAMES)
    answer = {name: as_array(value) for name, value in answer.items()}
    return answer | {f"old_{name}": value for name, value in zip(ARGUMENTS, given, strict=True)}


def reference(compile_seconds, eager_seconds, compiled_seconds, steps):
    """By trying: the first whole number of steps at which the compiled total is no larger.

    A program that has not paid after as many steps as seconds are divided into 64ths never will.
    """
    most = int(64 * compile_seconds.max()) + 1
    n = torch.arange(1, most + 1, dtype=torch.float64)[:, None]
    ahead = compile_seconds + n * compiled_seconds <= n * eager_seconds  # (most, programs)
    first = torch.where(ahead.any(dim=0), ahead.int().argmax(dim=0) + 1.0, torch.inf)
    return first, ahead[:steps].any(dim=0)


EXERCISE = Exercise(
    id="06.break_even",
    title={"en": "When compiling has paid", "zh": "编译何时回本"},
    minutes=8,
    difficulty=2,
    aims={
        "en": "Say after how many whole steps compiling has paid, and whether to compile for a run of given "
        "length.",
        "zh": "算出编译在整整多少步之后回本，并为给定长度的运行决定要不要编译。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    labels={
        "paid": {"en": "the steps until it has paid", "zh": "回本所需的步数"},
        "worth_it": {"en": "worth_it", "zh": "worth_it "},
        **argument_labels(*ARGUMENTS),
    },
    mistakes=MISTAKES,
)
