"""Mistakes of 06.fair_times: what is timed, in which order, and what is told of it."""

from __future__ import annotations

from utils.exercises.authoring import mistake
from utils.exercises.lab06.timing import measure, one, order, warm


@mistake(
    en="You time inputs of zeros. Zeros are cheaper than numbers: on a GPU they take less power, so that it "
    "may run faster.",
    zh="你拿全零的输入来计时。零比一般的数便宜：在 GPU 上，它们耗电更少，芯片就可能跑得更快。",
)
def zeros_timed(variants, make_input, clock, synchronise, warmup, rounds):
    warm(variants, make_input, warmup)
    return measure(variants, make_input, clock, synchronise, rounds, zeros=True)


@mistake(
    en="One input serves all rounds. From the second round on it lies in a cache, and you time that.",
    zh="所有的轮次共用一个输入。从第二轮起它已在缓存里，你量到的是缓存。",
)
def one_input(variants, make_input, clock, synchronise, warmup, rounds):
    warm(variants, make_input, warmup)
    x = make_input()
    return measure(variants, lambda: x, clock, synchronise, rounds)


@mistake(
    en="The making of the input is within your times. It is no part of any variant.",
    zh="你把生成输入的时间也算进去了。它不属于任何一个写法。",
)
def input_made_inside(variants, make_input, clock, synchronise, warmup, rounds):
    warm(variants, make_input, warmup)
    timed = {name: lambda _, call=call: call(make_input()) for name, call in variants.items()}
    return measure(timed, lambda: None, clock, synchronise, rounds)


@mistake(
    en="You time all rounds of one variant, then all of the next. The device slows down as it gets warm, and "
    "who comes last seems slow. Let them take turns.",
    zh="你先量完一个写法的全部轮次，再量下一个。设备变热会变慢，排在后面的就显得慢。让它们轮流来。",
)
def in_blocks(variants, make_input, clock, synchronise, warmup, rounds):
    warm(variants, make_input, warmup)
    times = {name: [] for name in variants}
    for name, call in variants.items():
        times[name] = [one(call, make_input(), clock, synchronise) for _ in range(rounds)]
    return times


@mistake(
    en="The variants take turns, but always in the same order. Whoever runs behind the others is always "
    "slowed down by them.",
    zh="各写法是轮流了，但次序总是一样。排在别人后面的，总要受前面的拖累。",
)
def same_order(variants, make_input, clock, synchronise, warmup, rounds):
    warm(variants, make_input, warmup)
    in_turn = lambda variants, number: list(variants)  # noqa: E731
    return measure(variants, make_input, clock, synchronise, rounds, order=in_turn)


@mistake(
    en="The order moves the wrong way: with three variants, the second begins the second round, not "
    "the third.",
    zh="次序移动的方向反了：有三个写法时，第二轮先轮到的是第二个，不是第三个。",
)
def backwards(variants, make_input, clock, synchronise, warmup, rounds):
    warm(variants, make_input, warmup)
    back = lambda variants, number: order(variants, -number)  # noqa: E731
    return measure(variants, make_input, clock, synchronise, rounds, order=back)


@mistake(
    en="You turn the order round every other time. With three variants, the one in the middle never goes "
    "first.",
    zh="你每隔一轮把次序颠倒一次。有三个写法时，中间那个永远轮不到第一。",
)
def to_and_fro(variants, make_input, clock, synchronise, warmup, rounds):
    warm(variants, make_input, warmup)
    turned = lambda variants, number: list(variants)[:: -1 if number % 2 else 1]  # noqa: E731
    return measure(variants, make_input, clock, synchronise, rounds, order=turned)


@mistake(
    en="Rounds that only warm up move the order as well. Round 0, the first that is timed, has that of the "
    "dictionary.",
    zh="只用来预热的轮次也推动了次序。第 0 轮是第一个计时的轮次，用的是字典的次序。",
)
def order_moved_by_warmup(variants, make_input, clock, synchronise, warmup, rounds):
    warm(variants, make_input, warmup)
    later = lambda variants, number: order(variants, number + warmup)  # noqa: E731
    return measure(variants, make_input, clock, synchronise, rounds, order=later)


@mistake(
    en="You return the mean of each variant. One call that was held up would spoil it, and nobody could see. "
    "Hand out the raw times.",
    zh="你返回了每个写法的平均值。只要有一次被耽搁，平均值就毁了，而且谁也看不出来。请给出原始的时间。",
)
def means(variants, make_input, clock, synchronise, warmup, rounds):
    warm(variants, make_input, warmup)
    times = measure(variants, make_input, clock, synchronise, rounds)
    return {name: sum(each) / rounds for name, each in times.items()}


@mistake(
    en="You return the best time of each variant. It hides how often the others were worse. Hand out the raw "
    "times.",
    zh="你返回了每个写法最好的一次。它掩盖了别的几次差多少。请给出原始的时间。",
)
def best(variants, make_input, clock, synchronise, warmup, rounds):
    warm(variants, make_input, warmup)
    times = measure(variants, make_input, clock, synchronise, rounds)
    return {name: min(each) for name, each in times.items()}


@mistake(
    en="The clock is started once a round, and not again for each variant: times grow within a round, since "
    "they hold those before.",
    zh="时钟每轮只启动了一次，没有为每个写法重新开始：同一轮里时间越来越长，因为前面的都算在内。",
)
def since_the_round_began(variants, make_input, clock, synchronise, warmup, rounds):
    warm(variants, make_input, warmup)
    times = {name: [] for name in variants}
    for number in range(rounds):
        x = make_input()
        synchronise()
        began = clock()
        for name in order(variants, number):
            variants[name](x)
            synchronise()
            times[name].append(clock() - began)
    return times


MISTAKES = (
    zeros_timed,
    one_input,
    input_made_inside,
    in_blocks,
    same_order,
    backwards,
    to_and_fro,
    order_moved_by_warmup,
    means,
    best,
    since_the_round_began,
)
