"""Second forms for 03.binary_cross_entropy."""

import torch
from torch import nn
from torch.nn import functional as F


def right_logsigmoid(logits, targets):
    return -(targets * F.logsigmoid(logits) + (1 - targets) * F.logsigmoid(-logits)).mean()


def right_logaddexp(logits, targets):
    return (torch.logaddexp(logits, torch.zeros_like(logits)) - logits * targets).sum() / len(logits)


def right_softplus(logits, targets):
    return torch.mean(F.softplus(logits) - targets * logits)


def right_two_classes(logits, targets):
    """Softmax of two classes, one of which has the logit 0."""
    rows = torch.stack([torch.zeros_like(logits), logits], dim=1).log_softmax(dim=1)
    return -(rows * torch.stack([1 - targets, targets], dim=1)).sum(dim=1).mean()


def right_kinks(logits, targets):
    tail = torch.log(1 + torch.exp(-torch.abs(logits)))
    return (torch.relu(logits) - logits * targets + tail).mean()


def right_float32(logits, targets):
    return right_softplus(logits.float(), targets.float())


def right_loop(logits, targets):
    total = 0.0
    for z, y in zip(logits, targets, strict=True):
        cost = z + torch.log1p(torch.exp(-z)) if z > 0 else torch.log1p(torch.exp(z))
        total = total + cost - z * y
    return total / len(logits)


def wrong_probability_first(logits, targets):
    p = 1 / (1 + (-logits).exp())
    return torch.mean(-targets * torch.log(p) - (1 - targets) * torch.log(1 - p))


def wrong_exponential_overflows(logits, targets):
    return ((1 - targets) * logits + torch.log(1 + torch.exp(-logits))).mean()


def wrong_cut_off_by_torch(logits, targets):
    costs = nn.BCELoss(reduction="none")(1 - torch.sigmoid(logits), 1 - targets)
    return costs.sum() / len(costs)


def wrong_clamped(logits, targets):
    p = torch.sigmoid(logits)
    p = torch.clip(p, 1e-7, 1 - 1e-7)
    return nn.BCELoss()(p, targets)


def wrong_tiny_added(logits, targets, eps=1e-8):
    total = 0.0
    for p, y in zip(logits.sigmoid(), targets, strict=True):
        total = total - y * torch.log(p + eps) - (1 - y) * torch.log(1 - p + eps)
    return total / len(targets)


def wrong_tinier_added(logits, targets):
    return wrong_tiny_added(logits, targets, eps=1e-12)


def wrong_branch_overflows(logits, targets):
    p = torch.where(logits > 0, 0.0, logits - torch.log1p(torch.exp(logits)))
    p = torch.where(logits > 0, -torch.log1p(torch.exp(-logits)), p)
    return -(p - (1 - targets) * logits).mean()


def wrong_size_forgotten(logits, targets):
    tail = torch.log(1 + torch.exp(-logits))
    return torch.mean(torch.relu(logits) - logits * targets + tail)


def wrong_summed(logits, targets):
    return right_softplus(logits, targets) * len(targets)


def wrong_per_sample(logits, targets):
    return logits.clamp_min(0) - logits * targets + torch.log1p(torch.exp(-logits.abs()))


def wrong_detached(logits, targets):
    return right_logsigmoid(logits, targets).item()


def wrong_classes_exchanged(logits, targets):
    return torch.mean(F.softplus(-logits) + logits * targets)


def wrong_sign(logits, targets):
    return (targets * F.logsigmoid(logits) + (1 - targets) * F.logsigmoid(-logits)).mean()


def wrong_positives_only(logits, targets):
    return torch.dot(targets, F.softplus(-logits)) / len(targets)


def wrong_sigmoid_twice(logits, targets):
    return right_softplus(torch.special.expit(logits), targets)


def wrong_ones_or_others(logits, targets):
    return F.softplus(torch.cat([-logits[targets == 1], logits[targets != 1]])).sum() / len(logits)


def wrong_targets_rounded(logits, targets):
    return torch.where(targets > 0.5, F.softplus(-logits), F.softplus(logits)).mean()


def wrong_squared_error(logits, targets):
    return F.mse_loss(logits.sigmoid(), targets)


def wrong_logits_cut_off(logits, targets):
    z = torch.where(logits > 50, 50.0, torch.where(logits < -50, -50.0, logits))
    return ((1 + z.exp()).log() - z * targets).mean()


def wrong_logits_cut_off_late(logits, targets):
    p = torch.minimum(torch.maximum(logits, torch.tensor(-500.0)), torch.tensor(500.0))
    return (p * (1 - targets) + (1 + (-p).exp()).log()).mean()
