"""Second forms for 08.next_token_loss."""

import math

import numpy as np
import torch
from torch.nn import functional as F


def pairs(logits, ids, shift=1):
    """(the logits of a position, the token that follows), text by text."""
    for scores, tokens in zip(logits, ids, strict=True):
        yield from zip(scores[: len(tokens) - shift], tokens[shift:], strict=True)


def loss_of(scores, token):
    return torch.logsumexp(scores, dim=0) - scores[token]


def right_flattened(logits, ids):
    V = logits.shape[-1]
    return F.cross_entropy(logits[:, :-1].reshape(-1, V), ids[:, 1:].reshape(-1))


def right_classes_second(logits, ids):
    return F.cross_entropy(logits[:, :-1].transpose(1, 2), ids[:, 1:])


def right_loops(logits, ids):
    total = [loss_of(scores, token).item() for scores, token in pairs(logits, ids)]
    return sum(total) / len(total)


def right_numpy(logits, ids):
    z, targets = logits.numpy()[:, :-1], ids.numpy()[:, 1:]
    z = z - z.max(-1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(-1, keepdims=True))
    return -np.take_along_axis(log_p, targets[..., None], axis=-1).mean()


def right_one_hot(logits, ids):
    log_p = F.log_softmax(logits, dim=-1)[:, :-1]
    return -(log_p * F.one_hot(ids[:, 1:], logits.shape[-1])).sum() / ids[:, 1:].numel()


def right_texts(logits, ids):
    """Texts are equally long, so that the mean of their means is right."""
    return torch.stack([F.cross_entropy(z[:-1], y[1:]) for z, y in zip(logits, ids, strict=True)]).mean()


def all_losses(logits, ids, shift=1):
    return torch.stack([loss_of(scores, token) for scores, token in pairs(logits, ids, shift)])


def wrong_not_shifted(logits, ids):
    return all_losses(logits, ids, shift=0).mean()


def wrong_previous_token(logits, ids):
    return right_flattened(logits.flip(1), ids.flip(1))


def wrong_two_ahead(logits, ids):
    return all_losses(logits, ids, shift=2).mean()


def wrong_rolled(logits, ids):
    targets = torch.cat([ids[:, 1:], ids[:, :1]], dim=1)
    return F.cross_entropy(logits.mT, targets)


def wrong_across_texts(logits, ids):
    B, T, V = logits.shape
    return right_flattened(logits.reshape(1, B * T, V), ids.reshape(1, B * T))


def wrong_next_text(logits, ids):
    return right_flattened(logits.transpose(0, 1), ids.T)


def wrong_reshaped_to_classes(logits, ids):
    B, T, V = logits.shape
    mixed = logits[:, :-1].contiguous().view(B, V, T - 1)
    return -F.log_softmax(mixed, dim=1).gather(1, ids[:, None, 1:]).mean()


def wrong_last_only(logits, ids):
    return right_flattened(logits[:, -2:], ids[:, -2:])


def wrong_first_dropped(logits, ids):
    return right_flattened(logits[:, 1:], ids[:, 1:])


def wrong_distance_of_numbers(logits, ids):
    guesses = torch.from_numpy(logits.numpy().argmax(-1))[:, :-1]
    return F.mse_loss(guesses.double(), ids[:, 1:].double())


def wrong_wrong_guesses(logits, ids):
    guesses = [int(scores.argmax()) != int(token) for scores, token in pairs(logits, ids)]
    return sum(guesses) / len(guesses)


def wrong_summed(logits, ids):
    return sum(loss_of(*pair) for pair in pairs(logits, ids))


def wrong_over_all_tokens(logits, ids):
    B, T = ids.shape
    return right_flattened(logits, ids) * (T - 1) / T


def wrong_over_texts(logits, ids):
    return right_flattened(logits, ids) * (ids.shape[1] - 1)


def wrong_over_positions(logits, ids):
    return right_flattened(logits, ids) * ids.shape[0]


def wrong_over_vocabulary(logits, ids):
    log_p = F.log_softmax(logits, dim=-1)[:, :-1]
    return -(log_p * F.one_hot(ids[:, 1:], logits.shape[-1])).mean()


def wrong_not_averaged(logits, ids):
    return F.cross_entropy(logits[:, :-1].mT, ids[:, 1:], reduction="none")


def wrong_sign(logits, ids):
    return F.log_softmax(logits, -1)[:, :-1].gather(2, ids[:, 1:].unsqueeze(2)).mean()


def wrong_bits(logits, ids):
    return right_loops(logits, ids) * math.log2(math.e)


def wrong_perplexity(logits, ids):
    return math.exp(right_loops(logits, ids))


def wrong_softmax_twice(logits, ids):
    return right_flattened(F.softmax(logits, dim=2), ids)


def wrong_mean_probability(logits, ids):
    p = [scores.softmax(0)[token].item() for scores, token in pairs(logits, ids)]
    return -math.log(sum(p) / len(p))


def wrong_along_time(logits, ids):
    z = logits[:, :-1]
    log_p = z - z.logsumexp(dim=1, keepdim=True)
    return -(log_p * F.one_hot(ids[:, 1:], z.shape[-1])).sum() / ids[:, 1:].numel()


def wrong_overflow(logits, ids):
    p = torch.stack([scores.exp()[token] / scores.exp().sum() for scores, token in pairs(logits, ids)])
    return p.log().mean().neg()


def wrong_logits_changed(logits, ids):
    loss = right_loops(logits, ids)
    logits.copy_(F.log_softmax(logits, dim=-1))
    return loss


def wrong_log_of_softmax(logits, ids):
    total = [-scores.softmax(0)[token].log() for scores, token in pairs(logits, ids)]
    return torch.stack(total).mean()


def wrong_probability_kept_off_zero(logits, ids):
    total = [-scores.softmax(0)[token].clamp(min=1e-9).log() for scores, token in pairs(logits, ids)]
    return sum(total) / len(total)


def wrong_zero_left_out(logits, ids):
    return F.cross_entropy(logits[:, :-1].transpose(1, 2), ids[:, 1:], ignore_index=0)
