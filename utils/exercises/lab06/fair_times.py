"""06.fair_times: seconds of each call, by a clock and a device that do only what they are told."""

from __future__ import annotations

import torch

from utils.exercises.answers import look
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab06 import fair_times_turns, fair_times_waits
from utils.exercises.lab06.machine import Machine
from utils.exercises.lab06.probing import as_array

NAMES = ("eager", "compiled", "fused")


def cases(seed: int) -> list[Case]:
    """Some variants compile at their first call only, some at as many as there are for warming up."""
    generator = torch.Generator().manual_seed(seed)

    def case(variants, warmup, rounds):
        base = torch.randint(4, 24, (variants,), generator=generator, dtype=torch.float64) / 4
        base[1] = base[0]  # two that are equally fast: whoever goes second must not seem slower
        compiled = [0, warmup, 1][:variants]
        name = {
            "en": f"{variants} variants, {warmup} calls to warm up, {rounds} rounds",
            "zh": f"{variants} 个写法、预热 {warmup} 次、{rounds} 轮",
        }
        return Case(name, (base, compiled, warmup, rounds))

    return [case(2, 2, 4), case(3, 3, 5), case(3, 2, 3)]


def probe(function, case: Case) -> Answer:
    """The names, then the seconds of each variant."""
    base, compiled, warmup, rounds = case.args
    machine = Machine(base.tolist(), compiled)
    variants = {name: machine.variant(i) for i, name in enumerate(NAMES[: len(compiled)])}
    value = function(variants, machine.make_input, machine.clock, machine.synchronise, warmup, rounds)
    found = value if isinstance(value, dict) else {}
    return {"result": look(value)} | {f"times_{name}": as_array(found.get(name)) for name in variants}


def reference(variants, make_input, clock, synchronise, warmup, rounds):
    """As ``utils.bench.time_interleaved`` does it, to which the tests tie this."""
    for call in variants.values():
        for _ in range(warmup):
            call(make_input())
    times = {name: [] for name in variants}
    for number in range(rounds):
        x, names = make_input(), list(variants)
        first = number % len(names)
        for name in names[first:] + names[:first]:
            synchronise()
            began = clock()
            variants[name](x)
            synchronise()
            times[name].append(clock() - began)
    return times


EXERCISE = Exercise(
    id="06.fair_times",
    title={"en": "A clock that is fair", "zh": "公平的计时"},
    minutes=15,
    difficulty=3,
    aims={
        "en": "Time variants in turn on a device that works after the call has returned, without what is not "
        "theirs.",
        "zh": "设备在调用返回之后才干活：轮流给各个写法计时，不把别处的时间算进去。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    labels={
        "result": {"en": "the dictionary", "zh": "字典"},
        "times_eager": {"en": "the seconds of eager", "zh": "eager 的秒数"},
        "times_compiled": {"en": "the seconds of compiled", "zh": "compiled 的秒数"},
        "times_fused": {"en": "the seconds of fused", "zh": "fused 的秒数"},
    },
    mistakes=fair_times_waits.MISTAKES + fair_times_turns.MISTAKES,
)
