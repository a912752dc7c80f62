"""What the known mistakes of 06.fair_times have in common: the right way, with parts to leave out."""

from __future__ import annotations

import torch


def warm(variants, make_input, count):
    for call in variants.values():
        for _ in range(count):
            call(make_input())


def order(variants, number):
    names = list(variants)
    first = number % len(names)
    return names[first:] + names[:first]


def one(call, x, clock, synchronise, before=True, after=True):
    """Seconds of one call, with or without the two waits."""
    if before:
        synchronise()
    began = clock()
    call(x)
    if after:
        synchronise()
    return clock() - began


def measure(variants, make_input, clock, synchronise, rounds, order=order, zeros=False, **waits):
    times = {name: [] for name in variants}
    for number in range(rounds):
        x = torch.zeros_like(make_input()) if zeros else make_input()
        for name in order(variants, number):
            times[name].append(one(variants[name], x, clock, synchronise, **waits))
    return times
