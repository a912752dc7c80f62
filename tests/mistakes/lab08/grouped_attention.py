"""Second forms for 08.grouped_attention."""

import math

import numpy as np
import torch
from torch.nn import functional as F


def causal(q, k, v, scale=None):
    return F.scaled_dot_product_attention(q, k, v, is_causal=True, scale=scale)


def by_group(q, k, v, group, head=causal):
    """Head by head, each with the keys and values of the group that ``group(h)`` names."""
    done = [head(q[:, h], k[:, group(h)], v[:, group(h)]) for h in range(q.shape[1])]
    return torch.stack(done, dim=1)


def size(q, k):
    return q.shape[1] // k.shape[1]


def right_loops(q, k, v):
    return by_group(q, k, v, lambda h: h // size(q, k))


def right_five_axes(q, k, v):
    """The keys are not copied: each group's queries meet them by broadcasting."""
    B, H, T, D = q.shape
    G = k.shape[1]
    scores = q.view(B, G, H // G, T, D) @ k.transpose(-1, -2)[:, :, None] / math.sqrt(D)
    scores += torch.full((T, T), -torch.inf).triu(1)
    return (scores.softmax(-1) @ v[:, :, None]).reshape(B, H, T, D)


def right_expand(q, k, v):
    B, G, T, D = k.shape
    copies = size(q, k)
    k, v = (t[:, :, None].expand(B, G, copies, T, D).reshape(B, -1, T, D) for t in (k, v))
    return causal(q, k, v)


def right_numpy(q, k, v):
    copies = size(q, k)
    q, k, v = q.numpy(), np.repeat(k.numpy(), copies, axis=1), np.repeat(v.numpy(), copies, axis=1)
    scores = np.einsum("bhtd,bhsd->bhts", q, k) / math.sqrt(q.shape[-1])
    scores[..., ~np.tri(q.shape[2], dtype=bool)] = -np.inf
    e = np.exp(scores - scores.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True) @ v


def right_single_precision(q, k, v):
    return right_expand(q.float(), k.float(), v.float())


def wrong_in_turn(q, k, v):
    return by_group(q, k, v, lambda h: h % k.shape[1])


def wrong_values_in_turn(q, k, v):
    order = [h % k.shape[1] for h in range(q.shape[1])]
    return causal(q, k.repeat_interleave(size(q, k), 1), v[:, order])


def wrong_keys_in_turn(q, k, v):
    order = [h % k.shape[1] for h in range(q.shape[1])]
    return causal(q, k[:, order], v.repeat_interleave(size(q, k), 1))


def wrong_first_for_all(q, k, v):
    return by_group(q, k, v, lambda h: 0)


def wrong_groups_averaged(q, k, v):
    one = (sum(t.unbind(1))[:, None] / k.shape[1] for t in (k, v))
    return causal(q, *(t.expand(q.shape) for t in one))


def wrong_queries_averaged(q, k, v):
    n = size(q, k)
    groups = [q[:, g * n : (g + 1) * n].mean(dim=1) for g in range(k.shape[1])]
    return causal(torch.stack(groups, dim=1), k, v)


def wrong_queries_dropped(q, k, v):
    return torch.stack([causal(q[:, g * size(q, k)], k[:, g], v[:, g]) for g in range(k.shape[1])], dim=1)


def wrong_order_lost(q, k, v):
    done = right_loops(q, k, v)
    n, G = size(q, k), k.shape[1]
    return done[:, [g * n + i for i in range(n) for g in range(G)]]


def wrong_five_axes(q, k, v):
    B, H, T, D = q.shape
    return right_loops(q, k, v).reshape(B, k.shape[1], -1, T, D)


def wrong_no_mask(q, k, v):
    return by_group(q, k, v, lambda h: h // size(q, k), F.scaled_dot_product_attention)


def wrong_one_too_many(q, k, v):
    seen = torch.ones(q.shape[2], q.shape[2], dtype=torch.bool).tril(1)
    k, v = k.repeat_interleave(size(q, k), 1), v.repeat_interleave(size(q, k), 1)
    return F.scaled_dot_product_attention(q, k, v, attn_mask=seen)


def wrong_no_scale(q, k, v):
    return by_group(q, k, v, lambda h: h // size(q, k), lambda *t: causal(*t, scale=1.0))


def wrong_no_root(q, k, v):
    return right_loops(q / math.sqrt(q.shape[3]), k, v)


def wrong_by_all_heads(q, k, v):
    return right_loops(q / math.sqrt(q.shape[1]), k, v)


def wrong_over_queries(q, k, v):
    k, v = k.repeat_interleave(size(q, k), 1), v.repeat_interleave(size(q, k), 1)
    scores = torch.einsum("bhtd,bhsd->bhst", q, k) / math.sqrt(q.shape[-1])
    scores += torch.full(scores.shape[-2:], -torch.inf).tril(-1)
    return torch.einsum("bhst,bhsd->bhtd", scores.softmax(-1), v)


def wrong_queries_changed(q, k, v):
    done = right_loops(q, k, v)
    q.mul_(q.shape[-1] ** -0.5)
    return done


def each_row(q, k, v, share):
    """``share(scores, t)`` gives the weights of query t over all keys of its group."""
    out = torch.empty_like(q)
    for h in range(q.shape[1]):
        keys, values = (kept[:, h // size(q, kept)] for kept in (k, v))
        for t in range(q.shape[2]):
            scores = (keys @ q[:, h, t, :, None])[..., 0] / math.sqrt(q.shape[-1])
            out[:, h, t] = torch.einsum("bs,bsd->bd", share(scores, t), values)
    return out


def only(values, t, rest):
    """The first t + 1 columns as they are, the others replaced."""
    return torch.cat([values[:, : t + 1], torch.full_like(values[:, t + 1 :], rest)], dim=1)


def wrong_masked_after(q, k, v):
    return each_row(q, k, v, lambda scores, t: only(scores.softmax(-1), t, 0.0))


def wrong_scores_zeroed(q, k, v):
    return each_row(q, k, v, lambda scores, t: only(scores, t, 0.0).softmax(-1))


def wrong_zeros_hidden(q, k, v):
    def share(scores, t):
        kept = only(scores, t, 0.0)
        return torch.where(kept != 0, kept, -torch.inf).softmax(-1)

    return each_row(q, k, v, share)


def wrong_hidden_too_weakly(q, k, v):
    return each_row(q, k, v, lambda scores, t: only(scores, t, -100.0).softmax(-1))


def wrong_overflow(q, k, v):
    def share(scores, t):
        e = only(scores, t, -math.inf).exp()
        return e / e.sum(-1, keepdim=True)

    return each_row(q, k, v, share)
