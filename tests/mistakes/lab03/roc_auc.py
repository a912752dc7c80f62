"""Second forms for 03.roc_auc."""

import numpy as np
import torch


def right_pairs(scores, labels):
    total, pairs = 0.0, 0
    for a, one in zip(scores.tolist(), labels.tolist(), strict=True):
        for b, other in zip(scores.tolist(), labels.tolist(), strict=True):
            if one == 1 and other == 0:
                pairs += 1
                total += 1.0 if a > b else 0.5 if a == b else 0.0
    return total / pairs


def right_curve(scores, labels):
    """Every distinct score is a threshold; the area by trapezia."""
    thresholds = torch.cat([scores.unique().flip(0), torch.tensor([-torch.inf])])
    points = [(0.0, 0.0)]
    for threshold in thresholds:
        called = scores >= threshold
        points.append((called[labels == 0].double().mean(), called[labels == 1].double().mean()))
    x, y = torch.tensor(points, dtype=torch.float64).T
    return torch.trapezoid(y, x)


def right_sign(scores, labels):
    difference = scores[labels == 1, None] - scores[None, labels == 0]
    return (difference.sign().mean() + 1) / 2


def right_ranks(scores, labels):
    _, place, count = np.unique(scores.numpy(), return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place]
    positive = labels.numpy() == 1
    n, m = positive.sum(), (~positive).sum()
    return (rank[positive].sum() - n * (n + 1) / 2) / (n * m)


def right_heaviside(scores, labels):
    p, q = scores[labels.bool()], scores[~labels.bool()]
    return torch.heaviside(p.float()[:, None] - q.float(), torch.tensor(0.5)).mean()


def steps(scores, labels, order):
    """The area of a staircase that takes the samples one by one, highest score first."""
    found, total = 0, 0
    for i in order:
        found += int(labels[i] == 1)
        total += found * int(labels[i] == 0)
    return total / int(labels.sum() * (1 - labels).sum())


def wrong_ties_lost(scores, labels):
    return (scores[labels == 1][:, None] > scores[labels == 0][None]).float().mean()


def wrong_ties_won(scores, labels):
    negative = np.sort(scores[labels == 0].numpy())
    counts = np.searchsorted(negative, scores[labels == 1].numpy(), side="right")
    return counts.mean() / len(negative)


def wrong_ties_in_order(scores, labels):
    order = sorted(range(len(scores)), key=lambda i: (scores[i].item(), i))
    return steps(scores, labels, order[::-1])


def wrong_ties_in_order_from_above(scores, labels):
    return steps(scores, labels, sorted(range(len(scores)), key=lambda i: -scores[i].item()))


def wrong_upside_down(scores, labels):
    return right_pairs(-scores, labels)


def wrong_folded(scores, labels):
    return max(right_pairs(scores, labels), right_pairs(scores, 1 - labels))


def wrong_accuracy(scores, labels):
    right = [(s > 0.5) == bool(label) for s, label in zip(scores, labels, strict=True)]
    return sum(map(float, right)) / len(right)


def wrong_fixed_thresholds(scores, labels):
    scores, labels = scores.numpy(), labels.numpy()
    points = []
    for threshold in np.linspace(0, 1, 101):
        points.append([np.mean(scores[labels == kind] >= threshold) for kind in (0, 1)])
    x, y = np.array(points).T
    return -np.trapezoid(y, x)


def wrong_of_all_pairs(scores, labels):
    n, m = int(labels.sum()), int((1 - labels).sum())
    return right_ranks(scores, labels) * 2 * n * m / ((n + m) * (n + m - 1))


def wrong_counted(scores, labels):
    difference = scores[labels == 1, None] - scores[labels == 0]
    return (difference > 0).sum() + (difference == 0).sum() / 2


def wrong_means(scores, labels):
    return (scores[labels == 1, None] - scores[labels == 0]).mean()


def wrong_rescaled(scores, labels):
    return torch.sign(scores[labels == 1, None] - scores[labels == 0]).mean()


def wrong_sorted_once(scores, labels):
    order = np.argsort(scores.numpy(), kind="stable")
    positive = labels.numpy().astype(bool)
    n = positive.sum()
    return (order[positive].sum() + n - n * (n + 1) / 2) / (n * (len(order) - n))


def wrong_among_themselves(scores, labels):
    n, m = int(labels.sum()), int((1 - labels).sum())
    return right_ranks(scores, labels) + n * (n + 1) / 2 / (n * m)


def wrong_ranks_from_zero(scores, labels):
    return right_ranks(scores, labels) - 1 / int((labels == 0).sum())


def wrong_scores_changed(scores, labels):
    found = right_pairs(scores, labels)
    scores.numpy().sort()
    return found


def wrong_labels_as_places(scores, labels):
    difference = scores[labels][:, None] - scores[1 - labels]
    return (difference.sign().mean() + 1) / 2


def wrong_start_missing(scores, labels):
    called = scores >= scores.unique().flip(0)[:, None]
    hits, false = (called[:, labels == kind].double().mean(dim=1) for kind in (1, 0))
    return torch.trapezoid(hits, false)
