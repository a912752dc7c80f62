"""Mistakes of 06.count_compiles: what is guarded and watched, what is kept, and how it is counted."""

from __future__ import annotations

from utils.exercises.authoring import mistake
from utils.exercises.lab06.counting import automatic, static


@mistake(
    en="You look at the shapes alone. Code for float32 is no code for float64, and a flag decides which code "
    "there is.",
    zh="你只看了形状。float32 的代码不能用于 float64，而标志决定代码是哪一份。",
)
def shapes_alone(calls):
    return static(calls, rest_of=lambda rest: ()), automatic(calls, rest_of=lambda rest: ())


@mistake(
    en="The type of the numbers is guarded, too. You do not look at it.",
    zh="数的类型也是守卫条件，你没有看它。",
)
def type_ignored(calls):
    return static(calls, rest_of=lambda r: r[1]), automatic(calls, rest_of=lambda r: r[1])


@mistake(
    en="The flag took part in a decision while the function was recorded, so it is guarded. You do not look "
    "at it.",
    zh="记录函数时，标志参与了决定，所以它也是守卫条件。你没有看它。",
)
def flag_ignored(calls):
    return static(calls, rest_of=lambda r: r[0]), automatic(calls, rest_of=lambda r: r[0])


def changes(calls):
    """Counts where only the program compiled last is kept."""
    last, count, counts = None, 0, []
    for call in calls:
        count += call != last
        last = call
        counts.append(count)
    return counts


@mistake(
    en="You keep only the program compiled last. All are kept: who comes back to an earlier case finds its "
    "program.",
    zh="你只保留最后编译的那个程序。其实全都保留：回到以前的情形，就能找到它的程序。",
)
def last_kept(calls):
    return changes(calls), automatic(calls)


@mistake(
    en="Each of your calls is compiled. A call whose guards all hold runs what is there.",
    zh="你让每次调用都编译。守卫条件全部成立的调用，直接运行已有的程序。",
)
def every_call(calls):
    counts = list(range(1, len(calls) + 1))
    return counts, counts


@mistake(
    en="You say for each call whether it is compiled. Asked for is the number of compilations up to it.",
    zh="你给出的是每次调用是否编译。要的是到这次为止一共编译了几次。",
)
def not_added_up(calls):
    return tuple(
        [now - before for before, now in zip([0, *counts], counts, strict=False)]
        for counts in (static(calls), automatic(calls))
    )


@mistake(
    en="These are the totals. Asked for is the number after each call.",
    zh="这是总数。要的是每次调用之后的次数。",
)
def totals(calls):
    return static(calls)[-1], automatic(calls)[-1]


@mistake(
    en="The two lists are exchanged: fixed shapes come first.",
    zh="两个列表的次序反了：固定形状的在前。",
)
def exchanged(calls):
    return automatic(calls), static(calls)


def apart(calls, group_of):
    """Counts where each group of calls has a compiler of its own."""
    counts, groups = [], {}
    for shape, *rest in calls:
        groups.setdefault(group_of(rest), []).append((shape, *rest))
        counts.append(sum(automatic(group)[-1] for group in groups.values()))
    return counts


@mistake(
    en="You watch the sizes of each type and flag apart. PyTorch watches those of the function: what changed "
    "in one version is dynamic in the next.",
    zh="你对每种类型和标志分别观察大小。PyTorch 看的是整个函数：在一个版本里变过的，到下一个版本就是动态的。",
)
def watched_apart(calls):
    return static(calls), apart(calls, tuple)


@mistake(
    en="You watch the sizes of each type apart. PyTorch watches those of the function: what changed with one "
    "type is dynamic with the next.",
    zh="你对每种类型分别观察大小。PyTorch 看的是整个函数：在一种类型下变过的，到下一种就是动态的。",
)
def types_apart(calls):
    return static(calls), apart(calls, lambda rest: rest[0])


@mistake(
    en="You watch the sizes of each flag apart. PyTorch watches those of the function: what changed with one "
    "flag is dynamic with the other.",
    zh="你对标志的两种取值分别观察大小。PyTorch 看的是整个函数：在一种取值下变过的，到另一种就是动态的。",
)
def flags_apart(calls):
    return static(calls), apart(calls, lambda rest: rest[1])


MISTAKES = (
    shapes_alone,
    type_ignored,
    flag_ignored,
    last_kept,
    every_call,
    not_added_up,
    totals,
    exchanged,
    watched_apart,
    types_apart,
    flags_apart,
)
