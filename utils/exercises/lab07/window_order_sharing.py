"""Known mistakes of 07.window_order: which windows a rank gets, and in which step."""

from __future__ import annotations

import torch

from utils.exercises.authoring import mistake
from utils.exercises.lab07.window_order_rows import dealt, load


def in_batches(windows, B):
    return [windows[i : i + B] for i in range(0, len(windows), B)]


@mistake(
    en="You take the windows in their plain order. The permutation says which comes first.",
    zh="你按原来的次序取窗口。先取哪一个，要由 permutation 来定。",
)
def permutation_ignored(tokens, T, B, permutation, rank, ranks):
    return load(tokens, T, B, torch.arange(len(permutation)), rank, ranks)


@mistake(
    en="You read the permutation the wrong way: its entry i is the window that comes at place i, not the "
    "place of window i.",
    zh="你把 permutation 读反了：它的第 i 项是排在第 i 位的窗口，而不是 i 号窗口的位置。",
)
def permutation_inverted(tokens, T, B, permutation, rank, ranks):
    return load(tokens, T, B, permutation.argsort(), rank, ranks)


@mistake(
    en="Every rank gets all the windows. Then the ranks do the same work, and several of them learn "
    "nothing new.",
    zh="每个进程都拿到了全部窗口。这样大家做的是同样的事，多出来的进程什么新东西也没学到。",
)
def same_for_all(*args):
    return load(*args, deal=lambda order, B, rank, ranks: in_batches(order, B))


@mistake(
    en="Every rank gets the windows of rank 0. Where does your code look at rank?",
    zh="每个进程拿到的都是 0 号的窗口。你的代码在哪里用到了 rank？",
)
def rank_ignored(*args):
    return load(*args, deal=lambda order, B, rank, ranks: dealt(order, B, 0, ranks))


@mistake(
    en="You give each rank a long piece of the order. Asked for is to deal like cards, one place of the "
    "order after another.",
    zh="你把次序切成几大段，每个进程一段。题目要的是像发牌一样，一位一位地轮流分。",
)
def long_pieces(*args):
    def deal(order, B, rank, ranks):
        size = -(-len(order) // ranks)
        shares = [order[i * size : (i + 1) * size] for i in range(ranks)]
        mine = in_batches(shares[rank], B)
        return mine + [[]] * (-(-len(order) // (B * ranks)) - len(mine))

    return load(*args, deal=deal)


@mistake(
    en="In each step you give a rank a whole batch of places that follow one another. Asked for is to deal "
    "like cards: where windows are few, all ranks should get some.",
    zh="每一步里，你给一个进程连着的一整批。题目要的是像发牌一样轮流分：窗口不多时，各个进程都应当分到一些。",
)
def whole_batches(*args):
    def deal(order, B, rank, ranks):
        steps = range(0, len(order), B * ranks)
        return [order[first : first + B * ranks][rank * B : (rank + 1) * B] for first in steps]

    return load(*args, deal=deal)


@mistake(
    en="You deal by the number of the window. Dealt are the places of the permuted order.",
    zh="你按窗口的编号来分。应当按打乱之后的位次来分。",
)
def by_number(*args):
    def deal(order, B, rank, ranks):
        mine = in_batches([window for window in order if window % ranks == rank], B)
        return mine + [[]] * (-(-len(order) // (B * ranks)) - len(mine))

    return load(*args, deal=deal)


@mistake(
    en="A last batch that is not full is missing. Its windows belong to the epoch as well.",
    zh="最后一批不满，你就丢掉了。它的窗口也属于这一轮。",
)
def short_batch_dropped(tokens, T, B, permutation, rank, ranks):
    return [pair for pair in load(tokens, T, B, permutation, rank, ranks) if len(pair[0]) == B]


@mistake(
    en="The last step is missing where the windows do not fill it for all ranks. Those that are left "
    "belong to the epoch as well.",
    zh="剩下的窗口填不满所有进程时，你就略去了最后一步。它们也属于这一轮。",
)
def short_step_dropped(tokens, T, B, permutation, rank, ranks):
    return load(tokens, T, B, permutation, rank, ranks)[: len(permutation) // (B * ranks)]


@mistake(
    en="You fill the last batch up with windows that have had their turn. Each comes once an epoch; the "
    "batch may be short.",
    zh="最后一批不满，你用已经取过的窗口来补。每个窗口一轮只取一次；最后一批可以不满。",
)
def filled_up(tokens, T, B, permutation, rank, ranks):
    total = -(-len(permutation) // (B * ranks)) * B * ranks
    times = -(-total // len(permutation))
    return load(tokens, T, B, permutation.repeat(times)[:total], rank, ranks)


@mistake(
    en="A rank without a window in the last step leaves that step out. The others would wait for it "
    "without end: all ranks take as many steps.",
    zh="最后一步没有窗口的进程，把这一步略去了。其他进程会一直等它：所有进程的步数应当相同。",
)
def empty_step_left_out(*args):
    return [pair for pair in load(*args) if len(pair[0])]


ABOUT_SHARING = (
    permutation_ignored,
    permutation_inverted,
    same_for_all,
    rank_ignored,
    long_pieces,
    whole_batches,
    by_number,
    short_batch_dropped,
    short_step_dropped,
    filled_up,
    empty_step_left_out,
)
