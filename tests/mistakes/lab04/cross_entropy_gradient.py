"""Second forms for 04.cross_entropy_gradient."""

import numpy as np
import torch
from torch.nn import functional as F


def right_loops(z, labels):
    rows = []
    for row, label in zip(z, labels.tolist(), strict=True):
        p = torch.exp(row - torch.logsumexp(row, 0))
        p[label] -= 1
        rows.append(p / len(z))
    return torch.stack(rows)


def right_autograd(z, labels):
    z = z.clone().requires_grad_()
    F.nll_loss(z.log_softmax(1), labels).backward()
    return z.grad


def right_numpy(z, labels):
    z, labels = z.numpy(), labels.numpy()
    e = np.exp(z - z.max(axis=1, keepdims=True))
    target = np.eye(z.shape[1])[labels]
    return torch.from_numpy((e / e.sum(axis=1, keepdims=True) - target) / len(z))


def right_scatter(z, labels):
    p = (z - z.logsumexp(1, keepdim=True)).exp() / len(z)
    return p.scatter_add(1, labels[:, None], torch.full((len(z), 1), -1 / len(z), dtype=z.dtype))


def right_float32(z, labels):
    p = torch.softmax((z - z.amax(1, keepdim=True)).float(), 1)
    return (p - F.one_hot(labels, z.shape[1])) / labels.numel()


def softmax(z):
    e = (z - z.amax(1, keepdim=True)).exp()
    return e / e.sum(1, keepdim=True)


def wrong_sum_for_mean(z, labels):
    z = z.clone().requires_grad_()
    F.cross_entropy(z, labels, reduction="sum").backward()
    return z.grad


def wrong_sign(z, labels):
    result = -softmax(z)
    for i, label in enumerate(labels.tolist()):
        result[i, label] += 1
    return result / len(labels)


def wrong_no_target(z, labels):
    return torch.stack([softmax(row[None])[0] / len(labels) for row in z])


def wrong_mean_over_entries(z, labels):
    p = softmax(z)
    p[range(len(z)), labels] -= 1
    return p / (p.shape[0] * p.shape[1])


def wrong_wrong_axis(z, labels):
    p = softmax(z.T).T
    p[torch.arange(len(z)), labels] -= 1
    return p / z.shape[0]


def wrong_all_label_columns(z, labels):
    p = softmax(z)
    for row in p:
        for label in set(labels.tolist()):
            row[label] -= 1
    return p / len(z)


def wrong_by_probabilities(z, labels):
    p = softmax(z).requires_grad_()
    F.nll_loss(p.log(), labels).backward()
    return p.grad


def wrong_mean_subtracted_late(z, labels):
    result = softmax(z) / len(labels)
    for i, label in enumerate(labels.tolist()):
        result[i, label] -= 1.0
    return result


def wrong_unstable(z, labels):
    rows = []
    for row, label in zip(z, labels.tolist(), strict=True):
        p = row.exp() / row.exp().sum()
        p[label] -= 1
        rows.append(p / len(z))
    return torch.stack(rows)


def wrong_class_number(z, labels):
    p = softmax(z)
    return torch.stack([(row - label) / len(z) for row, label in zip(p, labels.tolist(), strict=True)])


def wrong_global_max(z, labels):
    e = torch.exp(z - z.flatten().max())
    p = torch.stack([row / row.sum() for row in e])
    p[range(len(labels)), labels] -= 1
    return p / len(labels)
