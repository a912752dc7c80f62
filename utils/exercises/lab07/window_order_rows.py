"""Known mistakes of 07.window_order: what stands in a batch, and what is returned."""

from __future__ import annotations

import torch

from utils.exercises.authoring import mistake


def dealt(order, B, rank, ranks):
    """The windows of each batch of a rank, as lists."""
    steps = range(0, len(order), B * ranks)
    return [order[first : first + B * ranks][rank::ranks] for first in steps]


def batch(tokens, T, windows, shift=1, stride=None):
    """x and y of the windows of one batch; ``shift`` is how far y lies behind x."""
    starts = torch.tensor(windows, dtype=torch.int64) * (T if stride is None else stride)
    places = starts[:, None] + torch.arange(T)
    return tokens[places], tokens[places + shift]


def load(tokens, T, B, permutation, rank, ranks, deal=dealt, **how):
    """Right batches, whose share of the windows and whose cut can be replaced by wrong ones."""
    return [batch(tokens, T, windows, **how) for windows in deal(permutation.tolist(), B, rank, ranks)]


@mistake(
    en="Your targets are the inputs themselves. Which token should the model say at each place?",
    zh="你的目标就是输入本身。在每个位置上，模型应当说出的是哪个词元？",
)
def not_shifted(*args):
    return load(*args, shift=0)


@mistake(
    en="Your targets lie two tokens behind the inputs. The next token lies one behind.",
    zh="你的目标比输入晚了两个词元。下一个词元只晚一个。",
)
def shifted_twice(*args):
    return load(*args, shift=2)


@mistake(
    en="Your targets are the tokens before the inputs. The model would be asked for what it has just read.",
    zh="你的目标是输入之前的词元。那样，问模型的就是它刚刚读过的东西。",
)
def shifted_back(*args):
    return load(*args, shift=-1)


@mistake(
    en="The last target of each window is its own first token. The next token lies behind the window, in "
    "the row of all tokens.",
    zh="每个窗口的最后一个目标，成了窗口自己的第一个词元。下一个词元在窗口之后，要到全部词元里去取。",
)
def rolled(*args):
    return [(x, x.roll(-1, dims=1)) for x, _ in load(*args)]


@mistake(
    en="Inputs and targets are exchanged: x comes first, and y lies one token behind it.",
    zh="输入与目标颠倒了：x 在前，y 比它晚一个词元。",
)
def exchanged(*args):
    return [(y, x) for x, y in load(*args)]


@mistake(
    en="Your windows overlap: window 1 begins one token after window 0. Each token should be read once.",
    zh="你的窗口互相重叠：1 号窗口只比 0 号晚一个词元。每个词元应当只读一次。",
)
def overlapping(*args):
    return load(*args, stride=1)


@mistake(
    en="Your batches stand on their side: a window is a row, of shape (B, T).",
    zh="你的每批是横过来的：一个窗口是一行，形状是 (B, T)。",
)
def columns(*args):
    return [(x.T, y.T) for x, y in load(*args)]


@mistake(
    en="You return all inputs and all targets, in two lists. Asked for is a list of batches, each with its "
    "x and its y.",
    zh="你返回了两个列表：所有的输入和所有的目标。题目要的是一个由批组成的列表，每一批有自己的 x 和 y。",
)
def two_lists(*args):
    made = load(*args)
    return [x for x, _ in made], [y for _, y in made]


@mistake(
    en="Right, but the caller's permutation is not what it was.",
    zh="结果是对的，但调用者的 permutation 变了。",
)
def permutation_changed(tokens, T, B, permutation, rank, ranks):
    made = load(tokens, T, B, permutation, rank, ranks)
    permutation *= T
    return made


ABOUT_ROWS = (
    not_shifted,
    shifted_twice,
    shifted_back,
    rolled,
    exchanged,
    overlapping,
    columns,
    two_lists,
    permutation_changed,
)
