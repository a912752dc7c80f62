"""Second forms for 03.clip_gradients."""

import math

import numpy as np
import torch
from torch import nn


def right_sum_of_squares(gradients, max_norm):
    norm = sum((g**2).sum() for g in gradients).sqrt()
    factor = min(1.0, max_norm / norm)
    return [g * factor for g in gradients], norm


def right_torchs_formula(gradients, max_norm):
    norm = torch.stack([g.norm() for g in gradients]).norm()
    factor = (max_norm / (norm + 1e-6)).clamp(max=1.0)
    return tuple(g * factor for g in gradients), norm.item()


def right_early_return(gradients, max_norm):
    norm = math.sqrt(sum(float((g * g).sum()) for g in gradients))
    if norm <= max_norm:
        return list(gradients), norm
    return [g / norm * max_norm for g in gradients], norm


def right_numpy(gradients, max_norm):
    arrays = [g.numpy() for g in gradients]
    norm = np.linalg.norm(np.concatenate([a.ravel() for a in arrays]))
    return [a * (max_norm / max(norm, max_norm)) for a in arrays], norm


def right_get_total_norm(gradients, max_norm):
    norm = nn.utils.get_total_norm([g.float() for g in gradients])
    return [g.float() / torch.clamp_min(norm / max_norm, 1.0) for g in gradients], norm


def total(gradients):
    return math.sqrt(sum(value**2 for g in gradients for value in g.flatten().tolist()))


def wrong_each_by_its_own(gradients, max_norm):
    clipped = []
    for g in gradients:
        length = total([g])
        clipped.append(g * min(1.0, max_norm / length) if length else g)
    return clipped, total(gradients)


def wrong_entries_cut_off(gradients, max_norm):
    clipped = [torch.where(g.abs() > max_norm, max_norm * g.sign(), g) for g in gradients]
    return clipped, total(gradients)


def wrong_stretched(gradients, max_norm):
    norm = total(gradients) or max_norm
    return [g / norm * max_norm for g in gradients], total(gradients)


def wrong_squared(gradients, max_norm):
    norm = sum(g.square().sum() for g in gradients)
    return [g * torch.clamp(max_norm / norm, max=1) for g in gradients], norm


def wrong_norm_afterwards(gradients, max_norm):
    clipped, _ = right_numpy(gradients, max_norm)
    return clipped, np.sqrt(sum((g**2).sum() for g in clipped))


def wrong_norms_added(gradients, max_norm):
    norm = torch.stack([g.norm() for g in gradients]).sum()
    return [g * torch.clamp(max_norm / norm, max=1) for g in gradients], norm


def wrong_absolute_values(gradients, max_norm):
    norm = nn.utils.get_total_norm(gradients, norm_type=1.0)
    return [g * torch.clamp(max_norm / norm, max=1) for g in gradients], norm


def wrong_largest_entry(gradients, max_norm):
    norm = max(float(g.abs().max()) for g in gradients)
    return [g * max_norm / max(norm, max_norm) for g in gradients], norm


def wrong_averaged(gradients, max_norm):
    norm = total(gradients) / math.sqrt(sum(g.numel() for g in gradients))
    return [g * max_norm / max(norm, max_norm) for g in gradients], norm


def wrong_last_only(gradients, max_norm):
    for g in gradients:
        norm = 0.0
        norm += (g**2).sum() ** 0.5
    return [g * min(1.0, max_norm / norm) for g in gradients], norm


def wrong_to_length_one(gradients, max_norm):
    norm = total(gradients)
    return [g.div(norm) for g in gradients] if norm > max_norm else gradients, norm


def wrong_long_ones_only(gradients, max_norm):
    norm, clipped = total(gradients), []
    for g in gradients:
        clipped.append(g * max_norm / norm if total([g]) > max_norm else g.clone())
    return clipped, norm


def wrong_zeros_become_nan(gradients, max_norm):
    norm = torch.tensor(total(gradients), dtype=torch.float64)
    return [g * (torch.minimum(norm, torch.tensor(max_norm)) / norm) for g in gradients], norm


def wrong_zeros_are_refused(gradients, max_norm):
    norm = total(gradients)
    factor = max_norm / norm
    return [g * factor if factor < 1 else g for g in gradients], norm


def wrong_norm_missing(gradients, max_norm):
    norm = total(gradients)
    return [g * max_norm / max(norm, max_norm) for g in gradients]


def wrong_exchanged(gradients, max_norm):
    norm = total(gradients)
    return norm, [g * max_norm / max(norm, max_norm) for g in gradients]


def wrong_gradients_changed(gradients, max_norm):
    norm = total(gradients)
    for g in gradients:
        g *= max_norm / max(norm, max_norm)
    return [g.clone() for g in gradients], norm


def wrong_longest_only(gradients, max_norm):
    norm = max(total([g]) for g in gradients)
    return [g * max_norm / max(norm, max_norm) for g in gradients], norm
