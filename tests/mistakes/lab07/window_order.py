"""Second forms for 07.window_order."""

import math

import numpy as np
import torch


def steps_of(permutation, B, ranks):
    return math.ceil(len(permutation) / (B * ranks))


def cut(tokens, T, windows):
    """(x, y) of a batch, window by window."""
    x, y = torch.zeros(len(windows), T, dtype=torch.int64), torch.zeros(len(windows), T, dtype=torch.int64)
    for row, window in enumerate(windows):
        begin = int(window) * T
        x[row], y[row] = tokens[begin : begin + T], tokens[begin + 1 : begin + 1 + T]
    return x, y


def share(permutation, B, rank, ranks):
    """The windows of each step of a rank, place by place."""
    shares = [[] for _ in range(steps_of(permutation, B, ranks))]
    for place, window in enumerate(permutation.tolist()):
        if place % ranks == rank:
            shares[place // (B * ranks)].append(window)
    return shares


def right_by_place(tokens, T, B, permutation, rank, ranks):
    return [cut(tokens, T, windows) for windows in share(permutation, B, rank, ranks)]


def right_every_ranks_th(tokens, T, B, permutation, rank, ranks):
    mine, batches = permutation[rank::ranks], []
    for step in range(steps_of(permutation, B, ranks)):
        batches.append(cut(tokens, T, mine[step * B : (step + 1) * B]))
    return batches


def right_views(tokens, T, B, permutation, rank, ranks):
    """All inputs and all targets in tables of one window a row."""
    windows = (len(tokens) - 1) // T
    x, y = tokens[: windows * T].view(windows, T), tokens[1 : windows * T + 1].view(windows, T)
    mine = [permutation[first:][: B * ranks][rank::ranks] for first in range(0, windows, B * ranks)]
    return tuple([x[some], y[some]] for some in mine)


def right_numpy(tokens, T, B, permutation, rank, ranks):
    tokens, mine = tokens.numpy(), permutation.numpy()[rank::ranks]
    places = mine[:, None] * T + np.arange(T)
    batches = []
    for step in range(steps_of(permutation, B, ranks)):
        some = places[step * B :][:B]
        batches.append((tokens[some], tokens[some + 1]))
    return batches


def right_recursion(tokens, T, B, permutation, rank, ranks):
    if len(permutation) == 0:
        return []
    now, later = permutation[: B * ranks], permutation[B * ranks :]
    return [cut(tokens, T, now[rank::ranks]), *right_recursion(tokens, T, B, later, rank, ranks)]


def wrong_not_shifted(*args):
    return [(x, x.clone()) for x, _ in right_by_place(*args)]


def moved(tokens, by):
    """Which token stands so many places before each."""
    return dict(zip(tokens.tolist(), tokens.roll(by).tolist(), strict=True))


def wrong_shifted_twice(tokens, *args):
    after = moved(tokens, -1)
    return [(x, y.clone().apply_(after.get)) for x, y in right_by_place(tokens, *args)]


def wrong_shifted_back(tokens, *args):
    before = moved(tokens, 1)
    return [(x, x.clone().apply_(before.get)) for x, _ in right_by_place(tokens, *args)]


def wrong_rolled(*args):
    return [(x, torch.cat([x[:, 1:], x[:, :1]], dim=1)) for x, _ in right_by_place(*args)]


def wrong_exchanged(*args):
    return [pair[::-1] for pair in right_every_ranks_th(*args)]


def wrong_overlapping(tokens, T, B, permutation, rank, ranks):
    x, y = tokens[:-1].unfold(0, T, 1), tokens[1:].unfold(0, T, 1)
    return [(x[windows], y[windows]) for windows in share(permutation, B, rank, ranks)]


def wrong_permutation_ignored(tokens, T, B, permutation, rank, ranks):
    return right_by_place(tokens, T, B, permutation.sort().values, rank, ranks)


def wrong_permutation_inverted(tokens, T, B, permutation, rank, ranks):
    place_of = torch.empty_like(permutation)
    place_of[permutation] = torch.arange(len(permutation))
    return right_every_ranks_th(tokens, T, B, place_of, rank, ranks)


def wrong_same_for_all(tokens, T, B, permutation, rank, ranks):
    return [cut(tokens, T, windows) for windows in permutation.split(B)]


def wrong_rank_ignored(tokens, T, B, permutation, rank, ranks):
    mine = permutation[::ranks]
    return [cut(tokens, T, mine[first : first + B]) for first in range(0, len(mine), B)]


def wrong_long_pieces(tokens, T, B, permutation, rank, ranks):
    pieces = permutation.split(math.ceil(len(permutation) / ranks))
    mine = pieces[rank] if rank < len(pieces) else permutation[:0]
    steps = range(steps_of(permutation, B, ranks))
    return [cut(tokens, T, mine[step * B : step * B + B]) for step in steps]


def wrong_whole_batches(tokens, T, B, permutation, rank, ranks):
    steps = steps_of(permutation, B, ranks)
    batches = [permutation[i * B : i * B + B] for i in range(steps * ranks)]
    return [cut(tokens, T, batches[step * ranks + rank]) for step in range(steps)]


def wrong_by_number(tokens, T, B, permutation, rank, ranks):
    mine = permutation[permutation % ranks == rank]
    batches = [mine[first : first + B] for first in range(0, len(mine), B)]
    while len(batches) < steps_of(permutation, B, ranks):
        batches.append(mine[:0])
    return [cut(tokens, T, windows) for windows in batches]


def wrong_short_batch_dropped(tokens, T, B, permutation, rank, ranks):
    mine = permutation[rank::ranks]
    return [cut(tokens, T, mine[i * B : i * B + B]) for i in range(len(mine) // B)]


def wrong_short_step_dropped(tokens, T, B, permutation, rank, ranks):
    full = len(permutation) - len(permutation) % (B * ranks)
    return right_by_place(tokens, T, B, permutation[:full], rank, ranks)


def wrong_filled_up(tokens, T, B, permutation, rank, ranks):
    order = permutation.tolist()
    i = 0
    while len(order) % (B * ranks):
        order.append(order[i])
        i += 1
    return right_by_place(tokens, T, B, torch.tensor(order), rank, ranks)


def wrong_empty_step_left_out(tokens, T, B, permutation, rank, ranks):
    mine = permutation[rank::ranks]
    return [cut(tokens, T, mine[first : first + B]) for first in range(0, len(mine), B)]


def wrong_columns(tokens, T, B, permutation, rank, ranks):
    time = torch.arange(T)[:, None]
    shares = share(permutation, B, rank, ranks)
    places = [torch.tensor(windows, dtype=torch.int64) * T + time for windows in shares]
    return [(tokens[at], tokens[at + 1]) for at in places]


def wrong_two_lists(*args):
    return list(zip(*right_by_place(*args), strict=True))


def wrong_permutation_changed(tokens, T, B, permutation, rank, ranks):
    batches = right_by_place(tokens, T, B, permutation, rank, ranks)
    permutation.mul_(T)
    return batches
