"""Second forms for 06.stable_shapes."""

import torch
from torch.nn import functional as F
from torch.nn.utils.rnn import pad_sequence


def padded(sequences, L):
    return torch.stack([F.pad(x, (0, 0, 0, L - len(x))) for x in sequences])


def fitting(sequences, buckets):
    return min(size for size in buckets if size >= max(len(x) for x in sequences))


def real(sequences, L):
    return torch.stack([F.pad(x.new_ones(len(x)), (0, L - len(x))) for x in sequences])


def sliced(sequences, y):
    return torch.stack([y[i, : len(x)].mean(0) for i, x in enumerate(sequences)])


def right_sliced(sequences, buckets, model, L=None):
    L = L or fitting(sequences, buckets)
    return sliced(sequences, model(padded(sequences, L))), real(sequences, L)


def right_where(sequences, buckets, model):
    x = pad_sequence(sequences, batch_first=True, padding_value=7.0)
    L = next(size for size in buckets if x.shape[1] <= size)
    x = F.pad(x, (0, 0, 0, L - x.shape[1]), value=2.0)
    n = torch.tensor([len(each) for each in sequences]).unsqueeze(1)
    mask = torch.arange(L).unsqueeze(0) < n
    return torch.where(mask.unsqueeze(2), model(x), 0.0).sum(1) / n, mask


def right_nanmean(sequences, buckets, model):
    L = fitting(sequences, buckets)
    mask = real(sequences, L).bool()
    return model(padded(sequences, L)).masked_fill(~mask[..., None], torch.nan).nanmean(dim=1), mask


def right_last_repeated(sequences, buckets, model):
    L = fitting(sequences, buckets)
    mask = real(sequences, L)
    x = torch.stack([torch.cat([x, x[-1:].expand(L - len(x), -1)]) for x in sequences])
    y = model(x) * mask[..., None]  # a real position of the text at the padding: nothing new for the model
    return torch.einsum("nlc,n->nc", y, 1 / mask.sum(1)), mask


def wrong_to_the_longest(sequences, buckets, model):
    return right_sliced(sequences, buckets, model, max(len(x) for x in sequences))


def wrong_largest_bucket(sequences, buckets, model):
    return right_sliced(sequences, buckets, model, max(buckets))


def wrong_next_bucket(sequences, buckets, model):
    longest = max(len(x) for x in sequences)
    return right_sliced(sequences, buckets, model, min(b for b in buckets if longest < b))


def wrong_power_of_two(sequences, buckets, model):
    L = 1
    while max(len(x) for x in sequences) > L:
        L *= 2
    return right_sliced(sequences, buckets, model, L)


def wrong_one_by_one(sequences, buckets, model):
    L = fitting(sequences, buckets)
    y = torch.cat([model(padded([x], L)) for x in sequences])
    return sliced(sequences, y), real(sequences, L)


def wrong_divided_by_bucket(sequences, buckets, model):
    means, mask = right_sliced(sequences, buckets, model)
    return means * mask.mean(dim=1, keepdim=True), mask


def wrong_padding_added(sequences, buckets, model):
    L = fitting(sequences, buckets)
    totals = model(padded(sequences, L)).sum(1)
    return torch.stack([t / len(x) for t, x in zip(totals, sequences, strict=True)]), real(sequences, L)


def wrong_padding_averaged(sequences, buckets, model):
    L = fitting(sequences, buckets)
    return model(padded(sequences, L)).sum(1) / L, real(sequences, L)


def wrong_multiplied(sequences, buckets, model):
    L = fitting(sequences, buckets)
    mask = real(sequences, L)
    x = padded(sequences, L) + (1 - mask)[..., None]  # ones at the padding
    return torch.einsum("nlc,nl->nc", model(x), mask) / mask.sum(1)[:, None], mask


def wrong_mask_too_long(sequences, buckets, model):
    L = fitting(sequences, buckets)
    y, ends = model(padded(sequences, L)), [min(len(x) + 1, L) for x in sequences]
    means = torch.stack([row[:end].mean(0) for row, end in zip(y, ends, strict=True)])
    return means, torch.stack([torch.arange(L) < end for end in ends])


def wrong_list_changed(sequences, buckets, model):
    L, lengths = fitting(sequences, buckets), [len(x) for x in sequences]
    for i, x in enumerate(sequences):
        sequences[i] = F.pad(x, (0, 0, 0, L - len(x)))
    y = model(torch.stack(sequences))
    mask = torch.arange(L).expand(len(lengths), L) < torch.tensor(lengths)[:, None]
    return torch.stack([row[:n].mean(0) for row, n in zip(y, lengths, strict=True)]), mask


def wrong_mask_by_zeros(sequences, buckets, model):
    x = padded(sequences, fitting(sequences, buckets))
    mask = x.abs().sum(-1) > 0
    y = torch.where(mask[..., None], model(x), torch.nan)
    return y.nanmean(1), mask


def wrong_mask_reversed(sequences, buckets, model):
    means, mask = right_sliced(sequences, buckets, model)
    return means, 1 - mask


def wrong_padded_in_front(sequences, buckets, model):
    L = fitting(sequences, buckets)
    y = model(torch.stack([F.pad(x, (0, 0, L - len(x), 0)) for x in sequences]))
    mask = torch.stack([F.pad(x.new_ones(len(x)), (L - len(x), 0)) for x in sequences])
    return torch.stack([y[i, L - len(x) :].mean(0) for i, x in enumerate(sequences)]), mask


def wrong_all_lengths_together(sequences, buckets, model):
    means, mask = right_sliced(sequences, buckets, model)
    return means * mask.sum(1, keepdim=True) / sum(len(x) for x in sequences), mask


def wrong_averaged_before(sequences, buckets, model):
    L = fitting(sequences, buckets)
    return model(torch.stack([x.mean(0) for x in sequences])), real(sequences, L)
