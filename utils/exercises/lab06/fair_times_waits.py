"""Mistakes of 06.fair_times: what is counted that should not be, and work that is not waited for."""

from __future__ import annotations

from utils.exercises.authoring import mistake
from utils.exercises.lab06.timing import measure, one, order, warm


@mistake(
    en="The first calls compile, and you let the clock count that. Compiling is a number of its own.",
    zh="前几次调用会编译，你把它也计了时。编译的时间是另外一个数。",
)
def no_warmup(variants, make_input, clock, synchronise, warmup, rounds):
    return measure(variants, make_input, clock, synchronise, rounds)


@mistake(
    en="You call each variant once to warm up. Some are still compiling at their second or third call; that "
    "is why the number is an argument.",
    zh="你只预热了一次。有些写法到第二、第三次调用时还在编译，所以次数才是一个参数。",
)
def one_to_warm_up(variants, make_input, clock, synchronise, warmup, rounds):
    warm(variants, make_input, 1)
    return measure(variants, make_input, clock, synchronise, rounds)


@mistake(
    en="You warm up the first variant alone. Each compiles for itself.",
    zh="你只预热了第一个写法。每个写法都是各自编译的。",
)
def first_warmed_up(variants, make_input, clock, synchronise, warmup, rounds):
    warm(dict(list(variants.items())[:1]), make_input, warmup)
    return measure(variants, make_input, clock, synchronise, rounds)


@mistake(
    en="The calls that warm up stand among your times: there are more of them than rounds, and the first "
    "are far too long.",
    zh="预热的调用也混进了你的计时：个数比轮数多，开头几个又长得多。",
)
def warmup_counted(variants, make_input, clock, synchronise, warmup, rounds):
    first = {
        name: [one(call, make_input(), clock, synchronise) for _ in range(warmup)]
        for name, call in variants.items()
    }
    later = measure(variants, make_input, clock, synchronise, rounds)
    return {name: first[name] + later[name] for name in variants}


@mistake(
    en="All your times are alike and tiny: the clock is read while the device has hardly begun. A call only "
    "puts work into a queue.",
    zh="你的时间全都一样，而且很小：设备几乎还没开始，时钟就已经读过了。调用只是把工作排进队列。",
)
def no_wait(variants, make_input, clock, synchronise, warmup, rounds):
    warm(variants, make_input, warmup)
    return measure(variants, make_input, clock, synchronise, rounds, before=False, after=False)


@mistake(
    en="The first time of a round is too long. When your clock starts, the device is still busy with what "
    "was asked of it before.",
    zh="每轮的第一个时间偏长。你的时钟开始走时，设备还在忙之前交给它的事。",
)
def no_wait_before(variants, make_input, clock, synchronise, warmup, rounds):
    warm(variants, make_input, warmup)
    return measure(variants, make_input, clock, synchronise, rounds, before=False)


@mistake(
    en="All your times are too long by as much. You wait, but then ask for the input: when your clock "
    "starts, the device is filling it.",
    zh="你的时间全都偏长，而且长得一样多。你等是等了，可等完才要输入：时钟开始走时，设备正在填它。",
)
def input_after_the_wait(variants, make_input, clock, synchronise, warmup, rounds):
    warm(variants, make_input, warmup)
    times = {name: [] for name in variants}
    for number in range(rounds):
        for name in order(variants, number):
            synchronise()
            times[name].append(one(variants[name], make_input(), clock, synchronise, before=False))
    return times


@mistake(
    en="Your first rounds time inputs that already served to warm up. They lie in a cache.",
    zh="你开头几轮用的是预热时用过的输入。它们已经在缓存里了。",
)
def warmed_with_the_same(variants, make_input, clock, synchronise, warmup, rounds):
    inputs = [make_input() for _ in range(max(warmup, rounds))]
    for call in variants.values():
        for x in inputs[:warmup]:
            call(x)
    again = iter(inputs)
    return measure(variants, lambda: next(again), clock, synchronise, rounds)


@mistake(
    en="You measure once. A single time says nothing about its own spread; the rounds are an argument.",
    zh="你只量了一次。单独一个时间说不出自己有多大的波动；轮数是一个参数。",
)
def one_run(variants, make_input, clock, synchronise, warmup, rounds):
    warm(variants, make_input, warmup)
    return measure(variants, make_input, clock, synchronise, 1)


MISTAKES = (
    no_warmup,
    one_to_warm_up,
    first_warmed_up,
    warmup_counted,
    no_wait,
    no_wait_before,
    input_after_the_wait,
    warmed_with_the_same,
    one_run,
)
