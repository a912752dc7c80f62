"""Second forms for 04.stable_softmax."""

import math

import numpy as np
import torch


def right_loops(z):
    rows = []
    for row in z.tolist():
        largest = max(row)
        e = [math.exp(value - largest) for value in row]
        rows.append([value / sum(e) for value in e])
    return torch.tensor(rows, dtype=z.dtype)


def right_logsumexp(z):
    return (z - z.logsumexp(dim=1)[:, None]).exp()


def right_numpy(z):
    values = z.numpy()
    e = np.exp(values - values.max(axis=1, keepdims=True))
    return torch.from_numpy(e / e.sum(axis=1, keepdims=True))


def right_own_copy(z):
    e = z.clone()
    e -= e.max(dim=1, keepdim=True).values
    e.exp_()
    e /= e.sum(dim=1, keepdim=True)
    return e


def right_float32_exponential(z):
    e = (z - z.amax(1, keepdim=True)).float().exp()
    return e / e.sum(1, keepdim=True)


def wrong_no_max(z):
    return torch.stack([torch.exp(row) / torch.exp(row).sum() for row in z])


def wrong_wrong_axis(z):
    return torch.stack([(c - c.max()).exp() / (c - c.max()).exp().sum() for c in z.T]).T


def wrong_whole_matrix(z):
    rows = torch.stack([torch.exp(row - row.max()) for row in z])
    return rows / rows.sum(dim=(0, 1))


def wrong_global_max(z):
    largest = max(max(row) for row in z.tolist())
    return torch.stack([torch.exp(row - largest) / torch.exp(row - largest).sum() for row in z])


def wrong_other_shift(z):
    e = torch.exp(z - z.mean(dim=1)[:, None])
    return torch.stack([row / row.sum() for row in e])


def wrong_max_above_only(z):
    rows = [torch.exp(row - row.max()) / torch.exp(row).sum() for row in z]
    return torch.stack(rows)


def wrong_clipped(z):
    z = torch.minimum(torch.maximum(z, torch.tensor(-50.0)), torch.tensor(50.0))
    return torch.stack([row.exp() / row.exp().sum() for row in z])


def wrong_log_probabilities(z):
    z = z - z.max(dim=1, keepdim=True).values
    return z - z.exp().sum(dim=1, keepdim=True).log()


def wrong_not_normalised(z):
    return torch.stack([torch.exp(row - max(row)) for row in z])


def wrong_logits_changed(z):
    for row in z:
        row.sub_(row.max().clone())
    e = torch.exp(z)
    return e / e.sum(dim=1)[:, None]


def wrong_shift_when_large(z):
    if z.max() > 700:
        z = z - z.max(dim=1, keepdim=True).values
    return z.exp() / z.exp().sum(dim=1)[:, None]
