"""The known mistakes of 06.cure_breaks."""

from __future__ import annotations

import torch
from torch import Tensor

from utils.exercises.authoring import mistake


def settle(x: Tensor) -> tuple[Tensor, Tensor]:
    seen = []
    for _ in range(3):
        x = torch.sin(2 * x)
        seen.append(x.abs().max())
    return x, torch.stack(seen)


def scale(x: Tensor) -> Tensor:
    return x / x.abs().max().detach().clamp(min=1.0)


def choose(x: Tensor, positive: Tensor) -> Tensor:
    return torch.where(positive, torch.sqrt(torch.where(positive, x, 1.0)), x / 2)


def root(x: Tensor) -> Tensor:
    return choose(x, x.min() > 0)


def cured(x, scaled=None, rooted=None):
    return *settle(x), scale(x) if scaled is None else scaled, root(x) if rooted is None else rooted


@mistake(
    en="Something is still printed while the function runs. The values are returned now; whoever wants to "
    "see them can print them afterwards.",
    zh="函数运行时仍在打印。这些值现在是返回的，谁想看，可以事后再打印。",
)
def print_kept(x):
    settled, seen = settle(x)
    print(end="")  # of nothing: known mistakes run in the notebook, too
    return settled, seen, scale(x), root(x)


@mistake(
    en="Python still takes a number out of a tensor, and a graph ends there. Nothing here needs that number "
    "outside of a tensor.",
    zh="Python 仍在从张量里取数，图就在那里断裂。这里没有哪个数非要离开张量不可。",
)
def number_kept(x):
    return cured(x, scaled=x / max(x.abs().max().item(), 1.0))


@mistake(
    en="Python still decides by the values of a tensor: with an if, an and, or its own max(). While the "
    "graph is recorded, those values are not known.",
    zh="Python 仍在按张量的值做决定：用了 if、and，或者 Python 自己的 max()。记录图的时候，这些值还不知道。",
)
def branch_kept(x):
    return cured(x, rooted=torch.sqrt(x) if x.min() > 0 else x / 2)


@mistake(
    en="The numbers are right, but all three breaks are still there: the print, the number and the branch.",
    zh="数值都对，但三处图断裂都还在：打印、取数和分支。",
)
def nothing_cured(x):
    settled, seen = settle(x)
    print(end="")
    largest = x.abs().max().item()
    rooted = torch.sqrt(x) if x.min() > 0 else x / 2
    return settled, seen, x / largest if largest > 1 else x / 1.0, rooted


@mistake(
    en="The values are right; the gradient through scaled is not. In the given function the largest value "
    "was a plain number, which no gradient flows through.",
    zh="值都对，但经由 scaled 的梯度不对。在给定的函数里，最大值只是一个普通的数，没有梯度流过它。",
)
def gradient_through_largest(x):
    return cured(x, scaled=x / x.abs().max().clamp(min=1.0))


@mistake(
    en="The values are right; the gradient through rooted is not a number. The root of a negative number is "
    "computed and thrown away, but its slope still meets a zero on the way back.",
    zh="值都对，但经由 rooted 的梯度不是数。负数的根虽然算出来就丢掉了，反向时它的斜率仍会与零相乘。",
)
def root_of_negatives(x):
    return cured(x, rooted=torch.where(x.min() > 0, torch.sqrt(x), x / 2))


@mistake(
    en="The values are right; the gradient through rooted is not a number where x is zero. The root there is "
    "thrown away, but its slope is infinite and meets a zero on the way back.",
    zh="值都对，但在 x 为零处，经由 rooted 的梯度不是数。那里的根虽然丢掉了，"
    "它的斜率却是无穷大，反向时与零相乘。",
)
def root_of_zero(x):
    return cured(x, rooted=torch.where(x.min() > 0, torch.sqrt(x.clamp(min=0)), x / 2))


@mistake(
    en="Right except close to zero. There you change a number before its root is taken, and with it the "
    "value and the gradient.",
    zh="只有接近零时不对。那里的数在开方之前被你改了，值和梯度也就跟着变了。",
)
def lifted_from_zero(x):
    return cured(x, rooted=torch.where(x.min() > 0, torch.sqrt(x.clamp(min=1e-6)), x / 2))


@mistake(
    en="You decide for each number by itself. The given function decides once, for all numbers together.",
    zh="你对每个数分别做了决定。给定的函数只对所有的数一起决定一次。",
)
def each_by_itself(x):
    return cured(x, rooted=choose(x, x > 0))


@mistake(
    en="Where the smallest number is exactly zero you take the other way than the given function.",
    zh="最小的数恰好是零时，你走的路与给定的函数不同。",
)
def zero_is_positive(x):
    rooted = choose(x, x.detach().min() >= 0)
    return cured(x, rooted=rooted)


@mistake(
    en="You always divide by the largest value. The given function divides by nothing below 1.",
    zh="你总是除以最大值。给定的函数不会除以小于 1 的数。",
)
def always_divided(x):
    return cured(x, scaled=x / x.abs().max().detach())


@mistake(
    en="You look for the largest number, with its sign. The given function looks for the largest size.",
    zh="你找的是带符号的最大数。给定的函数找的是绝对值的最大者。",
)
def sign_kept(x):
    return cured(x, scaled=x / x.max().detach().clamp(min=1.0))


@mistake(
    en="Only the last of the printed values is returned. There was one at each step.",
    zh="你只返回了打印的最后一个值。每一步都有一个。",
)
def last_seen(x):
    settled, seen = settle(x)
    return settled, seen[-1:], scale(x), root(x)


@mistake(
    en="You look before the step. The given function printed after it.",
    zh="你在那一步之前就看了。给定的函数是在之后打印的。",
)
def seen_before(x):
    settled, seen = settle(x)
    return settled, torch.cat([x.abs().max()[None], seen[:-1]]), scale(x), root(x)


@mistake(
    en="The values are right, but no gradient comes back: somewhere the results were cut off from x.",
    zh="值都对，但没有梯度传回来：结果在某处与 x 断开了。",
)
def cut_off(x):
    return cured(x.detach())


@mistake(
    en="No gradient comes back through scaled. Only the largest value was a plain number; what it divides "
    "was not.",
    zh="没有梯度经由 scaled 传回来。只有最大值是普通的数，被它除的并不是。",
)
def scaled_cut_off(x):
    return cured(x, scaled=scale(x).detach())


@mistake(
    en="The results are right, but x is no longer what it was: something was written into it.",
    zh="结果正确，但 x 变了：有什么写进了它里面。",
)
def x_changed(x):
    results = cured(x)
    x.data.div_(2)
    return results


MISTAKES = (
    print_kept,
    number_kept,
    branch_kept,
    nothing_cured,
    gradient_through_largest,
    root_of_negatives,
    root_of_zero,
    lifted_from_zero,
    each_by_itself,
    zero_is_positive,
    always_divided,
    sign_kept,
    last_seen,
    seen_before,
    cut_off,
    scaled_cut_off,
    x_changed,
)
