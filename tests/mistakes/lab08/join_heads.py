"""Second forms for 08.join_heads."""

import numpy as np
import torch


def right_reshape(x):
    B, H, T, D = x.shape
    return x.transpose(1, 2).reshape(B, T, H * D)


def right_cat(x):
    return torch.cat(list(x.unbind(dim=1)), dim=-1)


def right_numpy(x):
    return np.concatenate([x[:, h].numpy() for h in range(x.shape[1])], axis=2)


def right_contiguous(x):
    return x.permute(0, 2, 1, 3).contiguous().view(x.shape[0], x.shape[2], -1)


def right_loops(x):
    B, H, T, D = x.shape
    out = x.new_zeros(B, T, H * D)
    for c in range(H * D):
        out[:, :, c] = x[:, c // D, :, c % D]
    return out


def wrong_not_moved_back(x):
    return x.contiguous().view(len(x), x.shape[2], -1)


def wrong_woven(x):
    return torch.stack(list(x.unbind(dim=1)), dim=-1).flatten(2)


def wrong_averaged(x):
    return sum(x.unbind(dim=1)) / x.shape[1]


def wrong_added(x):
    return torch.einsum("bhtd->btd", x)


def wrong_along_time(x):
    return torch.cat(list(x.unbind(dim=1)), dim=1)


def wrong_channels_first(x):
    return right_cat(x).transpose(1, 2)


def wrong_still_apart(x):
    return torch.stack(list(x.unbind(dim=1)), dim=2)


def wrong_backwards(x):
    return torch.cat([x[:, h] for h in reversed(range(x.shape[1]))], dim=-1)
