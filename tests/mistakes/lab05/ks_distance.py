"""Second forms for 05.ks_distance."""

from bisect import bisect_left, bisect_right

import numpy as np
import torch


def right_loops(a, b):
    """Plain Python, straight from the definition."""
    a, b = a.tolist(), b.tolist()
    distances = []
    for x in a + b:
        of_a = sum(value <= x for value in a) / len(a)
        of_b = sum(value <= x for value in b) / len(b)
        distances.append(abs(of_a - of_b))
    return torch.tensor(max(distances))


def right_broadcast(a, b):
    points = torch.cat([a, b])
    of_a = (a <= points[:, None]).double().mean(dim=1)
    of_b = (b <= points[:, None]).double().mean(dim=1)
    return (of_a - of_b).abs().max()


def right_numpy(a, b):
    a, b = np.sort(a.numpy()), np.sort(b.numpy())
    points = np.concatenate([a, b])
    of_a = np.searchsorted(a, points, side="right") / len(a)
    return np.abs(of_a - np.searchsorted(b, points, side="right") / len(b)).max()


def right_strictly_below(a, b):
    """Just before each step instead of just after it: the same heights, and both functions end at 1."""
    points = torch.cat([a, b])
    return ((a < points[:, None]).double().mean(1) - (b < points[:, None]).double().mean(1)).abs().max()


def right_merge(a, b):
    """Walk over both sorted lists at once; equal numbers are passed together."""
    a, b = sorted(a.tolist()), sorted(b.tolist())
    i = j = largest = 0
    while i < len(a) and j < len(b):
        x = min(a[i], b[j])
        while i < len(a) and a[i] == x:
            i += 1
        while j < len(b) and b[j] == x:
            j += 1
        largest = max(largest, abs(i / len(a) - j / len(b)))
    return float(largest)


def right_counts(a, b):
    """Steps per distinct number, added up."""
    values = torch.cat([a, b]).unique()
    step = sum((values == x) / len(a) for x in a) - sum((values == x) / len(b) for x in b)
    return step.cumsum(dim=0).abs().max()


def right_between(a, b):
    """Half-way between neighbours, where no number lies; above the last one both functions are 1."""
    values = torch.cat([a, b]).unique()
    points = (values[1:] + values[:-1]) / 2
    return ((a < points[:, None]).double().mean(1) - (b < points[:, None]).double().mean(1)).abs().max()


def right_float32(a, b):
    return right_broadcast(a.float(), b.float()).float()


def differences(a, b, points, left=False, right=False):
    """Share of a minus share of b at each point, by bisection; ``left``: strictly below, for a or for b."""
    a, b = sorted(a.tolist()), sorted(b.tolist())
    below_a, below_b = bisect_left if left else bisect_right, bisect_left if right else bisect_right
    return [below_a(a, x) / len(a) - below_b(b, x) / len(b) for x in points.tolist()]


def wrong_signed(a, b):
    return max(differences(a, b, torch.cat([a, b])))


def wrong_signed_other_way(a, b):
    return -min(differences(a, b, torch.cat([a, b])))


def wrong_points_of_a(a, b):
    return max(map(abs, differences(a, b, a)))


def wrong_points_of_b(a, b):
    return max(map(abs, differences(a, b, b)))


def wrong_sorted_numbers(a, b):
    return max(abs(x - y) for x, y in zip(sorted(a.tolist()), sorted(b.tolist()), strict=False))


def wrong_quantiles(a, b):
    q = np.arange(101) / 100
    return np.abs(np.quantile(a.numpy(), q) - np.quantile(b.numpy(), q)).max()


def wrong_means(a, b):
    return abs(sum(a.tolist()) / len(a) - sum(b.tolist()) / len(b))


def wrong_average_distance(a, b):
    return np.mean(np.abs(differences(a, b, torch.cat([a, b]))))


def wrong_strictly_for_a(a, b):
    return max(map(abs, differences(a, b, torch.cat([a, b]), left=True)))


def wrong_strictly_for_b(a, b):
    return max(map(abs, differences(a, b, torch.cat([a, b]), right=True)))


def wrong_ties_one_by_one(a, b):
    steps = [(x, 0, 1 / len(a)) for x in a.tolist()] + [(x, 1, -1 / len(b)) for x in b.tolist()]
    height, largest = 0.0, 0.0
    for _, _, step in sorted(steps):
        height += step
        largest = max(largest, abs(height))
    return largest


def wrong_without_repeats(a, b):
    return right_loops(torch.tensor(sorted(set(a.tolist()))), torch.tensor(sorted(set(b.tolist()))))


def wrong_divided_by_a(a, b):
    n = len(a)
    return max(abs((a <= x).sum() / n - (b <= x).sum() / n) for x in torch.cat([a, b]))


def wrong_divided_by_b(a, b):
    n = len(b)
    return max(abs((a <= x).sum() / n - (b <= x).sum() / n) for x in torch.cat([a, b]))


def wrong_counts(a, b):
    return max(abs((a <= x).sum() - (b <= x).sum()) for x in torch.cat([a, b]))


def wrong_bins(a, b):
    edges = np.histogram_bin_edges(torch.cat([a, b]).numpy(), 10)
    of_a, of_b = (np.histogram(x.numpy(), edges)[0] for x in (a, b))
    return np.abs(of_a / of_a.sum() - of_b / of_b.sum()).max()


def wrong_bin_edges(a, b):
    edges = np.histogram_bin_edges(torch.cat([a, b]).numpy(), 10)
    of_a, of_b = (np.cumsum(np.histogram(x.numpy(), edges)[0]) for x in (a, b))
    return np.abs(of_a / of_a[-1] - of_b / of_b[-1]).max()


def wrong_where(a, b):
    points = torch.cat([a.sort().values, b.sort().values])
    return points[int(np.argmax(np.abs(differences(a, b, points))))]


def wrong_sorted_in_place(a, b):
    a.copy_(a.sort().values)
    b.copy_(b.sort().values)
    return right_merge(a, b)
