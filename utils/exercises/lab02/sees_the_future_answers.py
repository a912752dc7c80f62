"""Known mistakes of 02.sees_the_future: how outputs are compared, and what is returned."""

from __future__ import annotations

import torch

from utils.exercises.authoring import mistake
from utils.exercises.lab02.sees_the_future_changes import after, ask, differs, other


def right(f, x):
    return ask(f, x, after(other))


@mistake(
    en="You take rounding errors for a dependence: some functions mix those of all inputs into every output. "
    "Compare less strictly than to the last bit, and do not change inputs to huge numbers.",
    zh="你把舍入误差当成了依赖：有些函数会把所有输入的舍入误差混进每个输出。不要比较到最后一位，也不要把输入"
    "改成极大的数。",
)
def rounding_counts(f, x):
    y = f(x)
    return torch.stack([(f(after(other)(x, t))[t] != y[t]).any() for t in range(len(x))])


@mistake(
    en="You count only differences above a fixed size. An output may be small as a whole: how much is a "
    "difference depends on the numbers that are compared.",
    zh="你只把超过某个固定大小的差异算进去。有的输出整体就很小：差多少才算差，要看相比的数有多大。",
)
def threshold_too_coarse(f, x):
    y = f(x)
    return torch.stack([((f(after(other)(x, t))[t] - y[t]).abs() > 0.005).any() for t in range(len(x))])


@mistake(
    en="You make one number of the channels before you compare. Two that change by opposite amounts cancel "
    "in a sum or a mean.",
    zh="你先把各个通道合成一个数再比较。两个通道一增一减时，和与平均值都不变。",
)
def channels_added_up(f, x):
    sums = f(x).sum(dim=1)
    return torch.stack([~torch.isclose(f(after(other)(x, t)).sum(dim=1), sums)[t] for t in range(len(x))])


@mistake(
    en="You look at the whole output. Of course later outputs change with their inputs: only output t tells "
    "about position t.",
    zh="你看的是整个输出。后面的输出当然会随自己的输入改变：位置 t 的情况，只有输出 t 说了算。",
)
def whole_output_compared(f, x):
    return torch.stack([differs(f(after(other)(x, t)), f(x)).any() for t in range(len(x))])


@mistake(
    en="You compare all outputs up to t. One of the earlier ones may look ahead of t while output t itself "
    "does not: each position answers for itself.",
    zh="你比较了到 t 为止的所有输出。可能是前面某个位置看到了 t 之后，而输出 t 本身并没有：每个位置只为自己"
    "作答。",
)
def earlier_outputs_too(f, x):
    y = f(x)
    changes = [differs(f(after(other)(x, t)), y)[: t + 1] for t in range(len(x))]
    return torch.stack([change.any() for change in changes])


@mistake(
    en="You count a position only if all its channels change. One that leaks is enough.",
    zh="你要求一个位置的所有通道都改变才算。只要有一个通道泄露，就已经看到了未来。",
)
def every_channel_must_change(f, x):
    y = f(x)
    changes = [~torch.isclose(f(after(other)(x, t))[t], y[t]) for t in range(len(x))]
    return torch.stack([change.all() for change in changes])


@mistake(
    en="You mark the inputs that are seen from earlier positions. Asked for are the positions that see.",
    zh="你标出的是被前面位置看到的输入。题目问的是哪些位置在看。",
)
def seen_for_seeing(f, x):
    seen = [
        differs(f(torch.cat([x[:s], other(x[s : s + 1]), x[s + 1 :]])), f(x))[:s].any() for s in range(len(x))
    ]
    return torch.stack(seen)


@mistake(
    en="Your answer is the other way round: True is for a position that depends on later inputs.",
    zh="你的答案反了：依赖后面输入的位置才是 True。",
)
def inverted(f, x):
    return ~right(f, x)


@mistake(
    en="You give one answer for the whole function. Each position gets its own.",
    zh="你对整个函数只给了一个答案。每个位置都应当有自己的答案。",
)
def one_answer(f, x):
    return right(f, x).any()


@mistake(
    en="You return the numbers of the positions that see the future. Asked for is True or False for each of "
    "the T positions.",
    zh="你返回的是看到未来的那些位置的编号。题目要的是：T 个位置，每个一个 True 或 False。",
)
def positions_returned(f, x):
    return right(f, x).nonzero().flatten()


@mistake(
    en="There is no answer for the last position. It has no future, so it cannot see one, but it counts "
    "among the T positions.",
    zh="最后一个位置没有答案。它没有未来，自然看不到，但它也是 T 个位置之一。",
)
def last_left_out(f, x):
    return right(f, x)[:-1]


@mistake(
    en="The answer is right, but x holds other numbers now. Change a copy.",
    zh="答案是对的，但 x 里的数已经变了。请在副本上改。",
)
def x_changed(f, x):
    sees = right(f, x)
    x.copy_(other(x))
    return sees


MISTAKES = (
    rounding_counts,
    threshold_too_coarse,
    channels_added_up,
    whole_output_compared,
    earlier_outputs_too,
    every_channel_must_change,
    seen_for_seeing,
    inverted,
    one_answer,
    positions_returned,
    last_left_out,
    x_changed,
)
