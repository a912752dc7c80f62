"""The known mistakes of 06.break_even."""

from __future__ import annotations

import torch

from utils.exercises.authoring import mistake


def quotient(compile_seconds, eager_seconds, compiled_seconds):
    """Steps as a broken number; infinite where nothing is saved."""
    saved = eager_seconds - compiled_seconds
    return torch.where(saved > 0, compile_seconds / saved, torch.inf)


def paid(compile_seconds, eager_seconds, compiled_seconds):
    return quotient(compile_seconds, eager_seconds, compiled_seconds).ceil()


@mistake(
    en="Your number of steps is not whole. Compiling has not paid in the middle of a step.",
    zh="你的步数不是整数。一步走到一半时还谈不上回本。",
)
def broken(compile_seconds, eager_seconds, compiled_seconds, steps):
    n = quotient(compile_seconds, eager_seconds, compiled_seconds)
    return n, n <= steps


@mistake(
    en="You round down. After that many steps a little of the price is still open.",
    zh="你向下取整了。走完这么多步，代价还剩一点没有还清。",
)
def rounded_down(compile_seconds, eager_seconds, compiled_seconds, steps):
    n = quotient(compile_seconds, eager_seconds, compiled_seconds).floor()
    return n, n <= steps


@mistake(
    en="You round to the nearest whole number. Where that is the lower one, a little of the price is "
    "still open.",
    zh="你四舍五入了。如果舍掉了零头，代价就还剩一点没有还清。",
)
def rounded_to_nearest(compile_seconds, eager_seconds, compiled_seconds, steps):
    n = quotient(compile_seconds, eager_seconds, compiled_seconds).round()
    return n, n <= steps


@mistake(
    en="You count one step more than it takes, in every program.",
    zh="每个程序你都多算了一步。",
)
def one_too_many(compile_seconds, eager_seconds, compiled_seconds, steps):
    n = paid(compile_seconds, eager_seconds, compiled_seconds) + 1
    return n, n <= steps


@mistake(
    en="You write infinity where the run is too short. The first result knows nothing of the run: infinity "
    "is for what never pays.",
    zh="运行太短的，你也写成了无穷大。第一个结果与运行多长无关：无穷大只表示永远不会回本。",
)
def later_is_never(compile_seconds, eager_seconds, compiled_seconds, steps):
    n = paid(compile_seconds, eager_seconds, compiled_seconds)
    return torch.where(n <= steps, n, torch.inf), n <= steps


@mistake(
    en="You round down and add one. Where the price is paid exactly at the end of a step, that is one too "
    "many.",
    zh="你先向下取整再加一。如果代价恰好在某一步结束时还清，就多算了一步。",
)
def always_one_more(compile_seconds, eager_seconds, compiled_seconds, steps):
    n = quotient(compile_seconds, eager_seconds, compiled_seconds).floor() + 1
    return n, n <= steps


@mistake(
    en="Where the compiled step is slower, you give a negative number of steps. It never pays.",
    zh="编译后每步反而更慢的程序，你给出了负的步数。它永远不会回本。",
)
def negative(compile_seconds, eager_seconds, compiled_seconds, steps):
    n = (compile_seconds / (eager_seconds - compiled_seconds)).ceil()
    return n, n <= steps


@mistake(
    en="The decision is right, but for a slower step you give a negative number of steps. It never pays.",
    zh="决定是对的，但每步反而更慢的程序，你给出了负的步数。它永远不会回本。",
)
def negative_and_right(compile_seconds, eager_seconds, compiled_seconds, steps):
    n = (compile_seconds / (eager_seconds - compiled_seconds)).ceil()
    return n, (n > 0) & (n <= steps)


@mistake(
    en="You write -1 for never. In the comparison with the steps of the run, -1 counts as early.",
    zh="你用 -1 表示永远不会。可是与运行的步数一比，-1 就成了很早。",
)
def minus_one_for_never(compile_seconds, eager_seconds, compiled_seconds, steps):
    n = paid(compile_seconds, eager_seconds, compiled_seconds)
    n = torch.where(n.isinf(), -1.0, n)
    return n, n <= steps


@mistake(
    en="The decision is right, but never is written as -1. Asked for is infinity: no run is that long.",
    zh="决定是对的，但你把永远不会写成了 -1。要的是无穷大：比任何一次运行的步数都多。",
)
def minus_one_and_right(compile_seconds, eager_seconds, compiled_seconds, steps):
    n = paid(compile_seconds, eager_seconds, compiled_seconds)
    return torch.where(n.isinf(), -1.0, n), n <= steps


@mistake(
    en="You take a slower step for one that is faster by as much: the sign of the saving is lost.",
    zh="你把变慢的程序当成了快同样多的程序：省下的时间丢了正负号。",
)
def sign_lost(compile_seconds, eager_seconds, compiled_seconds, steps):
    n = (compile_seconds / (eager_seconds - compiled_seconds).abs()).ceil()
    return n, n <= steps


@mistake(
    en="The sign of the saving is reversed: a step saves when the compiled one is shorter.",
    zh="省下的时间正负号反了：编译后的步更短，才叫省。",
)
def sign_reversed(compile_seconds, eager_seconds, compiled_seconds, steps):
    n = paid(compile_seconds, compiled_seconds, eager_seconds)
    return n, n <= steps


@mistake(
    en="You divide the price by the eager step. Compiling does not save the whole step, only the difference.",
    zh="你拿代价除以 eager 的一步。编译省下的不是整步，只是差额。",
)
def whole_step_saved(compile_seconds, eager_seconds, compiled_seconds, steps):
    n = paid(compile_seconds, eager_seconds, 0 * eager_seconds)
    n = torch.where(eager_seconds > compiled_seconds, n, torch.inf)
    return n, n <= steps


@mistake(
    en="You decide by the steps alone, as if compiling cost nothing. A shorter step need not pay "
    "in this run.",
    zh="你只凭每步的时间做决定，好像编译不要钱似的。每步更短，在这次运行里也未必回本。",
)
def price_forgotten(compile_seconds, eager_seconds, compiled_seconds, steps):
    return paid(compile_seconds, eager_seconds, compiled_seconds), eager_seconds > compiled_seconds


@mistake(
    en="The decision is the wrong way round: it pays where the run is long enough.",
    zh="决定说反了：运行得够久才值得。",
)
def decision_reversed(compile_seconds, eager_seconds, compiled_seconds, steps):
    n = paid(compile_seconds, eager_seconds, compiled_seconds)
    return n, n > steps


@mistake(
    en="A program that has paid at the very last step of the run counts as well.",
    zh="恰好在运行的最后一步回本的程序，也算回本。",
)
def last_step_missed(compile_seconds, eager_seconds, compiled_seconds, steps):
    n = paid(compile_seconds, eager_seconds, compiled_seconds)
    return n, n < steps


@mistake(
    en="The result is right, but an argument is no longer what it was.",
    zh="结果正确，但有个参数被改了。",
)
def arguments_changed(compile_seconds, eager_seconds, compiled_seconds, steps):
    n = paid(compile_seconds, eager_seconds, compiled_seconds)
    eager_seconds -= compiled_seconds
    return n, n <= steps


MISTAKES = (
    broken,
    rounded_down,
    rounded_to_nearest,
    one_too_many,
    later_is_never,
    always_one_more,
    negative,
    negative_and_right,
    minus_one_for_never,
    minus_one_and_right,
    sign_lost,
    sign_reversed,
    whole_step_saved,
    price_forgotten,
    decision_reversed,
    last_step_missed,
    arguments_changed,
)
