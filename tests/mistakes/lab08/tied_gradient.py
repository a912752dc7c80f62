"""Second forms for 08.tied_gradient."""

import numpy as np
import torch
from torch.nn import functional as F


def looked_up(ids, by_vectors, by_logits):
    """One-hot rows times gradients: the lookup written as a matrix product."""
    marks = F.one_hot(ids, by_logits.shape[-1]).flatten(0, 1).to(by_vectors.dtype)
    return marks.T @ by_vectors.flatten(0, 1)


def scored(hidden, by_logits):
    return by_logits.flatten(0, 1).T @ hidden.flatten(0, 1)


def right_one_hot(ids, by_vectors, hidden, by_logits):
    return looked_up(ids, by_vectors, by_logits) + scored(hidden, by_logits)


def right_loops(ids, by_vectors, hidden, by_logits):
    gradient = torch.zeros(by_logits.shape[-1], hidden.shape[-1], dtype=hidden.dtype)
    for b in range(len(ids)):
        for t in range(ids.shape[1]):
            gradient[ids[b, t]] += by_vectors[b, t]
            gradient += torch.outer(by_logits[b, t], hidden[b, t])
    return gradient


def right_numpy(ids, by_vectors, hidden, by_logits):
    gradient = np.einsum("btv,btc->vc", by_logits.numpy(), hidden.numpy())
    np.add.at(gradient, ids.numpy(), by_vectors.numpy())
    return gradient


def right_index_put(ids, by_vectors, hidden, by_logits):
    gradient = torch.tensordot(by_logits, hidden, dims=([0, 1], [0, 1]))
    return gradient.index_put_((ids,), by_vectors, accumulate=True)


def right_autograd(ids, by_vectors, hidden, by_logits):
    E = torch.randn(by_logits.shape[-1], hidden.shape[-1], dtype=hidden.dtype, requires_grad=True)
    torch.autograd.backward([E[ids], hidden @ E.T], [by_vectors, by_logits])
    return E.grad


def right_single_precision(ids, by_vectors, hidden, by_logits):
    return right_one_hot(ids, by_vectors.float(), hidden.float(), by_logits.float())


def wrong_output_only(ids, by_vectors, hidden, by_logits):
    return right_one_hot(ids, torch.zeros_like(by_vectors), hidden, by_logits)


def wrong_lookup_only(ids, by_vectors, hidden, by_logits):
    return looked_up(ids, by_vectors, by_logits)


def wrong_last_occurrence(ids, by_vectors, hidden, by_logits):
    last = np.zeros(scored(hidden, by_logits).shape)
    last[ids.numpy().ravel()] = by_vectors.numpy().reshape(-1, hidden.shape[-1])
    return scored(hidden, by_logits) + torch.from_numpy(last)


def wrong_output_replaced(ids, by_vectors, hidden, by_logits):
    occurs = torch.isin(torch.arange(by_logits.shape[-1]), ids)[:, None]
    return torch.where(occurs, looked_up(ids, by_vectors, by_logits), scored(hidden, by_logits))


def wrong_assigned(ids, by_vectors, hidden, by_logits):
    gradient = scored(hidden, by_logits).numpy()
    gradient[ids.numpy().ravel()] = by_vectors.numpy().reshape(-1, hidden.shape[-1])
    return gradient


def wrong_halved(ids, by_vectors, hidden, by_logits):
    parts = torch.stack([looked_up(ids, by_vectors, by_logits), scored(hidden, by_logits)])
    return parts.mean(dim=0)


def wrong_occurrences_averaged(ids, by_vectors, hidden, by_logits):
    gradient = scored(hidden, by_logits)
    for token in ids.unique():
        gradient[token] += by_vectors[ids == token].mean(dim=0)
    return gradient


def wrong_averaged_again(ids, by_vectors, hidden, by_logits):
    B, T = ids.shape
    return right_one_hot(ids, by_vectors / (B * T), hidden / (B * T), by_logits)


def wrong_subtracted(ids, by_vectors, hidden, by_logits):
    return right_one_hot(ids, -by_vectors, hidden, by_logits)


def wrong_only_rows_that_occur(ids, by_vectors, hidden, by_logits):
    done, gradient = right_one_hot(ids, by_vectors, hidden, by_logits), torch.zeros_like(hidden[0, 0])
    gradient = gradient.repeat(len(done), 1)
    gradient[ids.unique()] = done[ids.unique()]
    return gradient


def wrong_first_text(ids, by_vectors, hidden, by_logits):
    first = scored(hidden[:1], by_logits[:1])
    for t, token in enumerate(ids[0]):
        first[token] += by_vectors[0, t]
    return first


def wrong_transposed(ids, by_vectors, hidden, by_logits):
    return torch.stack(list(right_one_hot(ids, by_vectors, hidden, by_logits)), dim=1)


def wrong_vectors_for_hidden(ids, by_vectors, hidden, by_logits):
    return looked_up(ids, by_vectors, by_logits) + scored(by_vectors, by_logits)


def wrong_hidden_for_vectors(ids, by_vectors, hidden, by_logits):
    return looked_up(ids, hidden, by_logits) + scored(hidden, by_logits)


def wrong_arguments_changed(ids, by_vectors, hidden, by_logits):
    gradient = right_one_hot(ids, by_vectors, hidden, by_logits)
    by_vectors.add_(torch.einsum("btv,vc->btc", by_logits, gradient))
    return gradient


def wrong_once_a_text(ids, by_vectors, hidden, by_logits):
    gradient = scored(hidden, by_logits)
    for b in range(len(ids)):
        last = dict(zip(ids[b].tolist(), by_vectors[b], strict=True))  # a later one replaces an earlier one
        for token, arriving in last.items():
            gradient[token] += arriving
    return gradient
