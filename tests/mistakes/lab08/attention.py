"""Second forms for 08.attention."""

import math

import numpy as np
import torch
from torch.nn import functional as F


def right_einsum(q, k, v):
    scores = torch.einsum("bhtd,bhsd->bhts", q, k) / math.sqrt(q.shape[-1])
    return torch.einsum("bhts,bhse->bhte", scores.softmax(-1), v)


def right_loops(q, k, v):
    """Head by head and query by query."""
    B, H, T, D = q.shape
    out = torch.empty(B, H, T, v.shape[-1], dtype=v.dtype)
    for b in range(B):
        for h in range(H):
            for t in range(T):
                out[b, h, t] = (k[b, h] @ q[b, h, t] / D**0.5).softmax(0) @ v[b, h]
    return out


def right_numpy(q, k, v):
    q, k, v = q.numpy(), k.numpy(), v.numpy()
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    e = np.exp(scores - scores.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True) @ v


def right_scaled_first(q, k, v):
    root = q.size(-1) ** 0.25  # each takes half of the scale
    return torch.softmax((q / root) @ (k / root).transpose(2, 3), dim=3) @ v


def right_single_precision(q, k, v):
    return right_einsum(q.float(), k.float(), v.float())


def by_pytorch(q, k, v, scale):
    return F.scaled_dot_product_attention(q, k, v, scale=scale)


def weights(q, k):
    return (torch.einsum("bhtd,bhsd->bhts", q, k) / math.sqrt(q.shape[-1])).softmax(-1)


def wrong_no_scale(q, k, v):
    return by_pytorch(q, k, v, 1.0)


def wrong_no_root(q, k, v):
    return by_pytorch(q / q.shape[3], k, v, 1.0)


def wrong_by_all_heads(q, k, v):
    C = q.shape[1] * q.shape[3]
    return by_pytorch(q, k / math.sqrt(C), v, 1.0)


def wrong_by_keys(q, k, v):
    return by_pytorch(q, k, v, 1 / math.sqrt(k.shape[2]))


def wrong_multiplied(q, k, v):
    return by_pytorch(q, k, v, math.sqrt(q.shape[3]))


def wrong_scaled_late(q, k, v):
    return by_pytorch(q, k, v / math.sqrt(q.shape[3]), 1.0)


def wrong_scaled_twice(q, k, v):
    return by_pytorch(q, k, v, q.shape[3] ** -1.5)


def wrong_over_queries(q, k, v):
    scores = torch.einsum("bhtd,bhsd->bhst", q, k) / math.sqrt(q.shape[-1])
    return torch.einsum("bhst,bhse->bhte", scores.softmax(-1), v)


def wrong_over_heads(q, k, v):
    scores = torch.einsum("bhtd,bhsd->btsh", q, k) / math.sqrt(q.shape[-1])
    return torch.einsum("btsh,bhse->bhte", scores.softmax(-1), v)


def wrong_no_softmax(q, k, v):
    return q @ (k.transpose(-1, -2) @ v) / math.sqrt(q.shape[-1])


def wrong_weights_only(q, k, v):
    return weights(q, k)


def wrong_not_normalised(q, k, v):
    shares = weights(q, k)
    return shares / shares.amax(-1, keepdim=True) @ v


def wrong_overflow(q, k, v):
    scores = torch.einsum("bhtd,bhsd->bhts", q, k) / math.sqrt(q.shape[-1])
    shares = torch.exp(scores)
    return torch.einsum("bhts,bhse->bhte", shares / torch.sum(shares, -1)[..., None], v)


def wrong_masked(q, k, v):
    return F.scaled_dot_product_attention(q, k, v, is_causal=True)


def wrong_keys_mixed(q, k, v):
    return weights(q, k) @ k


def wrong_queries_changed(q, k, v):
    q.div_(q.shape[-1] ** 0.5)
    return by_pytorch(q, k, v, 1.0)


def wrong_root_cut_off(q, k, v):
    return by_pytorch(q, k, v, 1 / math.isqrt(q.shape[-1]))
