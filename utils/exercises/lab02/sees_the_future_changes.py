"""Known mistakes of 02.sees_the_future: how the inputs are changed."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from utils.exercises.authoring import mistake
from utils.exercises.core import Text

NOISE = 1.3  # times 1, 2, 3 ...: the same changes at each call, and no two alike


def other(x: Tensor) -> Tensor:
    """Numbers like x that differ from it in every entry and in no simple way."""
    return x + NOISE * torch.arange(1, x.numel() + 1, dtype=x.dtype).sqrt().reshape(x.shape)


def differs(a: Tensor, b: Tensor) -> Tensor:
    """Which rows differ by more than rounding."""
    return ~torch.isclose(a, b).all(dim=1)


def ask(f, x: Tensor, change: Callable[[Tensor, int], Tensor]) -> Tensor:
    """Position by position: does output t change with the inputs that ``change(x, t)`` has changed?"""
    y = f(x)
    return torch.stack([differs(f(change(x, t)), y)[t] for t in range(len(x))])


def after(make: Callable[[Tensor], Tensor], first: int = 1) -> Callable[[Tensor, int], Tensor]:
    """A change of all inputs after t; with ``first=0`` of t as well."""
    return lambda x, t: torch.cat([x[: t + first], make(x[t + first :])])


@mistake(
    en="You change only the input right after t. A function may skip it and look further ahead.",
    zh="你只改了紧跟在 t 后面的那个输入。函数可以跳过它，去看更后面的。",
)
def next_only(f, x):
    return ask(f, x, lambda x, t: torch.cat([x[: t + 1], other(x[t + 1 : t + 2]), x[t + 2 :]]))


@mistake(
    en="You change only the last input. A position may look ahead, though not that far.",
    zh="你只改了最后一个输入。有的位置会往后看，但看不到那么远。",
)
def last_only(f, x):
    sees = differs(f(after(other)(x, len(x) - 2)), f(x))
    return sees & (torch.arange(len(x)) < len(x) - 1)


@mistake(
    en="You change only the last input, and count that it changes its own output. A position may look ahead, "
    "though not that far; and its own input is not its future.",
    zh="你只改了最后一个输入，还把它对自己输出的影响也算上了。有的位置会往后看，但看不到那么远；自己的输入"
    "也不是未来。",
)
def last_touches_itself(f, x):
    return differs(f(after(other)(x, len(x) - 2)), f(x))


@mistake(
    en="You change input t as well. Every output may depend on its own input: that is the present.",
    zh="你把第 t 个输入也改了。输出当然可以依赖同一位置的输入：那是现在，不是未来。",
)
def present_changed(f, x):
    return ask(f, x, after(other, first=0))


@mistake(
    en="You change the inputs before t. Looking back is allowed.",
    zh="你改的是 t 之前的输入。往回看是允许的。",
)
def past_changed(f, x):
    return ask(f, x, lambda x, t: torch.cat([other(x[:t]), x[t:]]))


@mistake(
    en="Some later inputs are zero, and your change leaves them at that: as setting to zero does, or "
    "multiplying. Then nothing has changed.",
    zh="后面有些输入本来就是零，你的改法没有改变它们：设成零、乘上一个数都是这样。这样就什么都没有变。",
)
def zeroed(f, x):
    return ask(f, x, after(torch.zeros_like))


@mistake(
    en="You add the same number to all later inputs. A function that looks at their differences does not "
    "notice.",
    zh="你给后面所有的输入加上了同一个数。只看它们之差的函数察觉不到。",
)
def constant_added(f, x):
    return ask(f, x, after(lambda later: later + 1.0))


@mistake(
    en="You change the order of later inputs, not their values. A function that adds them up does not "
    "notice.",
    zh="你只改了后面输入的顺序，没有改数值。把它们加起来的函数察觉不到。",
)
def reordered(f, x):
    return ask(f, x, after(lambda later: later.flip(0)))


@mistake(
    en="You turn the signs of later inputs. A function that squares them does not notice.",
    zh="你改的是后面输入的符号。把它们平方的函数察觉不到。",
)
def negated(f, x):
    return ask(f, x, after(torch.neg))


def first_channel(x: Tensor) -> Tensor:
    return torch.cat([other(x[:, :1]), x[:, 1:]], dim=1)


@mistake(
    en="You change one channel of the later inputs. The function may look at another one.",
    zh="你只改了后面输入的一个通道。函数看的可能是另一个。",
)
def one_channel_changed(f, x):
    return ask(f, x, after(first_channel))


@mistake(
    en="You put NaN into the later inputs. Zero times NaN is NaN, so an input with the weight zero seems to "
    "matter. Use numbers.",
    zh="你在后面的输入里放了 NaN。零乘以 NaN 还是 NaN，于是权重为零的输入也像是有影响。请用普通的数。",
)
def poisoned(f, x):
    return ask(f, x, after(lambda later: torch.full_like(later, torch.nan)))


@mistake(
    en="You cut the sequence off after t. That changes its length too, and a function may depend on the "
    "length or insist on it. Change values only.",
    zh="你把 t 之后的部分截掉了。这也改变了序列的长度，而函数可能依赖长度，或只接受一种长度。只改数值就好。",
)
def cut_off(f, x):
    y = f(x)
    return torch.stack([differs(f(x[: t + 1])[-1:], y[t : t + 1])[0] for t in range(len(x))])


AUTOGRAD: Text = {
    "en": "You ask autograd. What a function computes outside the graph still depends on its input, and "
    "autograd says nothing about it. Change inputs instead.",
    "zh": "你问的是 autograd。函数在计算图以外算出的东西也依赖输入，autograd 对此一无所知。还是去改输入吧。",
}


@mistake(**AUTOGRAD)
def by_autograd(f, x):
    slopes = torch.autograd.functional.jacobian(f, x)
    return torch.tensor([bool(slope[:, t + 1 :].abs().sum() > 1e-9) for t, slope in enumerate(slopes)])


@mistake(**AUTOGRAD)
def by_autograd_of_sums(f, x):
    x = x.clone().requires_grad_()
    y = f(x)
    slopes = [torch.autograd.grad(row.sum(), x, retain_graph=True)[0] for row in y]
    return torch.tensor([bool(slope[t + 1 :].abs().sum() > 1e-9) for t, slope in enumerate(slopes)])


MISTAKES = (
    next_only,
    last_only,
    last_touches_itself,
    present_changed,
    past_changed,
    zeroed,
    constant_added,
    reordered,
    negated,
    one_channel_changed,
    poisoned,
    cut_off,
    by_autograd,
    by_autograd_of_sums,
)
