"""Second forms for 08.causal_weights."""

import math

import numpy as np
import torch


def right_tril(scores):
    kept = torch.ones_like(scores).tril() == 1
    return scores.where(kept, torch.tensor(-torch.inf)).softmax(-1)


def right_added(scores):
    T = scores.shape[-1]
    return (scores + torch.full((T, T), -torch.inf).triu(1)).softmax(-1)


def right_numpy(scores):
    scores = np.where(np.tri(scores.shape[-1], dtype=bool), scores.numpy(), -np.inf)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def right_positions(scores):
    t = torch.arange(scores.size(-1))
    scores = scores.clone()
    scores[..., t[:, None] < t] = -math.inf
    return torch.exp(scores - scores.logsumexp(dim=-1, keepdim=True))


def right_single_precision(scores):
    return right_tril(scores.float())


def right_smallest_number(scores):
    """The smallest number that there is will do as well: no row here is lower."""
    return scores.masked_fill(
        scores.new_ones(scores.shape[-2:]).triu(1) > 0, torch.finfo(scores.dtype).min
    ).softmax(-1)


def rows(scores, seen):
    """Softmax of the keys that each query sees, and zeros elsewhere."""
    weights = torch.zeros_like(scores)
    for t in range(scores.shape[-1]):
        keys = seen(t, scores.shape[-1])
        weights[..., t, keys] = scores[..., t, keys].softmax(-1)
    return weights


def wrong_one_too_many(scores):
    return rows(scores, lambda t, T: slice(0, t + 2))


def wrong_self_hidden(scores):
    weights = rows(scores, lambda t, T: slice(0, t))
    weights[..., 0, :] = torch.nan
    return weights


def wrong_past_hidden(scores):
    return rows(scores, lambda t, T: slice(t, T))


def wrong_no_mask(scores):
    e = (scores - scores.amax(-1, keepdim=True)).exp()
    return e / e.sum(-1, keepdim=True)


def wrong_masked_after(scores):
    return scores.softmax(dim=3).tril()


def wrong_divided_again(scores):
    weights = scores.softmax(-1) * torch.from_numpy(np.tri(scores.shape[-1]))
    with np.errstate(all="ignore"):
        return weights.numpy() / weights.numpy().sum(-1, keepdims=True)


def wrong_scores_zeroed(scores):
    return (scores * torch.ones(scores.shape[-2:]).tril()).softmax(-1)


def wrong_zeros_hidden(scores):
    kept = np.tril(scores.numpy())
    kept[kept == 0] = -np.inf
    return torch.from_numpy(kept).softmax(-1)


def wrong_minus_ten_thousand(scores):
    return torch.where(torch.ones_like(scores).tril() > 0, scores, -10_000.0).softmax(-1)


def wrong_minus_a_billion(scores):
    scores = scores.clone()
    scores[..., ~torch.ones(scores.shape[-2:], dtype=torch.bool).tril()] = -1_000_000_000.0
    return scores.softmax(-1)


def wrong_billion_taken_off(scores):
    bias = (1 - torch.ones(scores.shape[-2:]).tril()) * -1_000_000_000.0
    return torch.softmax(scores + bias, -1)


def wrong_over_queries(scores):
    hidden = scores + torch.full(scores.shape[-2:], -torch.inf).triu(1)
    return hidden.transpose(-1, -2).softmax(-1).transpose(-1, -2)


def wrong_over_heads(scores):
    hidden = scores + torch.full(scores.shape[-2:], -torch.inf).triu(1)
    return hidden.movedim(1, -1).softmax(-1).movedim(-1, 1)


def wrong_overflow(scores):
    with np.errstate(all="ignore"):
        e = np.where(np.tri(scores.shape[-1]) > 0, np.exp(scores.numpy()), 0.0)
        return e / e.sum(-1, keepdims=True)


def wrong_logarithms(scores):
    shifted = scores.where(torch.ones_like(scores).tril() > 0, torch.tensor(-torch.inf))
    return shifted - shifted.logsumexp(-1, keepdim=True)


def wrong_scores_changed(scores):
    for t in range(scores.shape[-1]):
        scores[..., t, t + 1 :] = -torch.inf
    return scores.softmax(-1)


def wrong_divided_with_care(scores):
    weights = scores.softmax(-1).tril()
    return torch.nan_to_num(weights / weights.sum(-1, keepdim=True))
