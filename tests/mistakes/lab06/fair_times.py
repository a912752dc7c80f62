"""Second forms for 06.fair_times."""

from collections import defaultdict, deque

import numpy as np
import torch


class Stopwatch:
    """Times calls on a device that is idle before and after."""

    def __init__(self, clock, synchronise):
        self.clock, self.synchronise = clock, synchronise

    def __call__(self, function, *inputs):
        self.synchronise()
        start = self.clock()
        function(*inputs)
        self.synchronise()
        return self.clock() - start


def warmed(variants, make_input, warmup):
    for _ in range(warmup):
        x = make_input()
        for name in variants:
            variants[name](x)


def right_deque(variants, make_input, clock, synchronise, warmup, rounds):
    warmed(variants, make_input, warmup)
    watch, turn, times = Stopwatch(clock, synchronise), deque(variants), {name: [] for name in variants}
    for _ in range(rounds):
        x = make_input()
        for name in turn:
            times[name] += [watch(variants[name], x)]
        turn.rotate(-1)
    return times


def right_array(variants, make_input, clock, synchronise, warmup, rounds):
    warmed(variants, make_input, warmup)
    calls, watch = list(variants.values()), Stopwatch(clock, synchronise)
    table = np.empty((len(calls), rounds))
    for r in range(rounds):
        for i in range(len(calls)):
            at = (i + r) % len(calls)
            table[at, r] = watch(calls[at], make_input())  # new for each: just as fair
    return dict(zip(variants, table, strict=True))


def right_ends_first(variants, make_input, clock, synchronise, warmup, rounds):
    warmed(variants, make_input, warmup)
    times = defaultdict(list)
    for r in range(rounds):
        x, names = make_input(), list(variants)
        synchronise()
        ends = [clock()]
        for k in range(len(names)):
            variants[names[(r + k) % len(names)]](x)
            synchronise()
            ends.append(clock())
        for k, (start, end) in enumerate(zip(ends, ends[1:], strict=False)):
            times[names[(r + k) % len(names)]].append(torch.tensor(end - start))
    return {name: times[name] for name in variants}


def wrong_no_warmup(variants, make_input, clock, synchronise, warmup, rounds):
    return right_deque(variants, make_input, clock, synchronise, 0, rounds)


def wrong_one_to_warm_up(variants, make_input, clock, synchronise, warmup, rounds):
    return right_array(variants, make_input, clock, synchronise, min(warmup, 1), rounds)


def wrong_first_warmed_up(variants, make_input, clock, synchronise, warmup, rounds):
    first = next(iter(variants.values()))
    for _ in range(warmup):
        first(make_input())
    return right_deque(variants, make_input, clock, synchronise, 0, rounds)


def wrong_warmup_counted(variants, make_input, clock, synchronise, warmup, rounds):
    watch = Stopwatch(clock, synchronise)
    times = {name: [watch(f, make_input()) for _ in range(warmup)] for name, f in variants.items()}
    for name, later in right_array(variants, make_input, clock, synchronise, 0, rounds).items():
        times[name].extend(later.tolist())
    return times


def wrong_no_wait(variants, make_input, clock, synchronise, warmup, rounds):
    warmed(variants, make_input, warmup)
    times = {name: [] for name in variants}
    for _ in range(rounds):
        x = make_input()
        for name, function in variants.items():
            synchronise()
            start = clock()
            function(x)
            times[name].append(clock() - start)
            synchronise()
    return times


def wrong_no_wait_before(variants, make_input, clock, synchronise, warmup, rounds):
    for name in [name for name in variants for _ in range(warmup)]:
        variants[name](make_input())
    times, turn = {name: [] for name in variants}, deque(variants)
    for _ in range(rounds):
        x = make_input()
        for name in turn:
            start = clock()
            variants[name](x)
            synchronise()
            times[name].append(clock() - start)
        turn.rotate(-1)
    return times


def wrong_one_run(variants, make_input, clock, synchronise, warmup, rounds):
    warmed(variants, make_input, warmup)
    watch, x = Stopwatch(clock, synchronise), make_input()
    return {name: [watch(function, x)] for name, function in variants.items()}


def wrong_zeros_timed(variants, make_input, clock, synchronise, warmup, rounds):
    warmed(variants, make_input, warmup)
    size = make_input().shape
    return right_deque(variants, lambda: torch.zeros(size), clock, synchronise, 0, rounds)


def wrong_one_input(variants, make_input, clock, synchronise, warmup, rounds):
    warmed(variants, make_input, warmup)
    inputs = [make_input()] * rounds
    return right_deque(variants, inputs.pop, clock, synchronise, 0, rounds)


def wrong_input_made_inside(variants, make_input, clock, synchronise, warmup, rounds):
    warmed(variants, make_input, warmup)
    turn, times = deque(variants), {name: [] for name in variants}
    for _ in range(rounds):
        for name in turn:
            synchronise()
            start = clock()
            x = make_input()
            variants[name](x)
            synchronise()
            times[name].append(clock() - start)
        turn.rotate(-1)
    return times


def wrong_in_blocks(variants, make_input, clock, synchronise, warmup, rounds):
    warmed(variants, make_input, warmup)
    singly = ({name: function} for name, function in variants.items())
    done = [right_deque(single, make_input, clock, synchronise, 0, rounds) for single in singly]
    return {name: times for each in done for name, times in each.items()}


def wrong_same_order(variants, make_input, clock, synchronise, warmup, rounds):
    warmed(variants, make_input, warmup)
    watch, rows = Stopwatch(clock, synchronise), []
    for _ in range(rounds):
        x = make_input()
        rows.append([watch(function, x) for function in variants.values()])
    return dict(zip(variants, map(list, zip(*rows, strict=True)), strict=True))


def wrong_means(variants, make_input, clock, synchronise, warmup, rounds):
    times = right_array(variants, make_input, clock, synchronise, warmup, rounds)
    return {name: each.mean() for name, each in times.items()}


def wrong_best(variants, make_input, clock, synchronise, warmup, rounds):
    times = right_array(variants, make_input, clock, synchronise, warmup, rounds)
    return {name: sorted(each)[0] for name, each in times.items()}


def wrong_since_the_round_began(variants, make_input, clock, synchronise, warmup, rounds):
    times = right_array(variants, make_input, clock, synchronise, warmup, rounds)
    names = list(variants)
    for r in range(rounds):
        total = 0.0
        for k in range(len(names)):
            total += times[names[(r + k) % len(names)]][r]
            times[names[(r + k) % len(names)]][r] = total
    return times


def in_order(variants, make_input, clock, synchronise, turns, first=0):
    """Times of the variants in each of the given turns; only from turn ``first`` on are they kept."""
    watch, times = Stopwatch(clock, synchronise), defaultdict(list)
    for number, turn in enumerate(turns):
        x = make_input()
        for name in turn:
            seconds = watch(variants[name], x)
            times[name] += [seconds] if number >= first else []
    return dict(times)


def wrong_backwards(variants, make_input, clock, synchronise, warmup, rounds):
    warmed(variants, make_input, warmup)
    turn, turns = deque(variants), []
    for _ in range(rounds):
        turns.append(list(turn))
        turn.rotate(1)
    return in_order(variants, make_input, clock, synchronise, turns)


def wrong_to_and_fro(variants, make_input, clock, synchronise, warmup, rounds):
    warmed(variants, make_input, warmup)
    both = [list(variants), list(reversed(variants))]
    return in_order(variants, make_input, clock, synchronise, (both * rounds)[:rounds])


def wrong_order_moved_by_warmup(variants, make_input, clock, synchronise, warmup, rounds):
    turn, turns = deque(variants), []
    for _ in range(warmup + rounds):
        turns.append(list(turn))
        turn.rotate(-1)
    return in_order(variants, make_input, clock, synchronise, turns, first=warmup)


def wrong_input_after_the_wait(variants, make_input, clock, synchronise, warmup, rounds):
    warmed(variants, make_input, warmup)
    times, turn = {name: [] for name in variants}, deque(variants)
    for _ in range(rounds):
        for name in turn:
            synchronise()
            x = make_input()
            start = clock()
            variants[name](x)
            synchronise()
            times[name].append(clock() - start)
        turn.rotate(-1)
    return times


def wrong_warmed_with_the_same(variants, make_input, clock, synchronise, warmup, rounds):
    given, used = iter(make_input, None), []
    warmed(variants, lambda: used.append(next(given)) or used[-1], warmup)
    return right_deque(variants, lambda: used.pop(0) if used else next(given), clock, synchronise, 0, rounds)
