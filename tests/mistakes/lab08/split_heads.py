"""Second forms for 08.split_heads."""

import numpy as np
import torch


def right_permute(x, H):
    B, T, C = x.shape
    return x.view(B, T, H, C // H).permute(0, 2, 1, 3)


def right_stack(x, H):
    return torch.stack(x.split(x.shape[-1] // H, dim=-1), dim=1)


def right_numpy(x, H):
    return np.stack(np.split(x.numpy(), H, axis=2), axis=1)


def right_slices(x, H):
    B, T, C = x.shape
    D = C // H
    heads = x.new_empty(B, H, T, D)
    for h in range(H):
        heads[:, h] = x[:, :, h * D : (h + 1) * D]
    return heads


def right_channels_first(x, H):
    B, T, C = x.shape
    return x.transpose(1, 2).reshape(B, H, C // H, T).transpose(2, 3)


def wrong_view_alone(x, H):
    return torch.from_numpy(x.numpy().ravel().reshape(len(x), H, x.shape[1], -1))


def wrong_not_moved(x, H):
    return torch.stack(x.chunk(H, dim=2), dim=2)


def wrong_dealt_out(x, H):
    return torch.stack([x[:, :, h::H] for h in range(H)], dim=1)


def wrong_number_for_size(x, H):
    return torch.stack(x.split(H, dim=2), dim=1)


def wrong_channels_first(x, H):
    return torch.stack(x.mT.chunk(H, dim=1), dim=1)


def wrong_texts_and_heads_as_one(x, H):
    return torch.stack(x.chunk(H, dim=2), dim=1).flatten(0, 1)


def wrong_heads_first(x, H):
    return torch.stack(x.chunk(H, dim=-1))


def wrong_moved_then_cut(x, H):
    B, T, C = x.shape
    return x.movedim(2, 1).contiguous().view(B, H, T, C // H)


def wrong_pieces(x, H):
    return torch.split(x, x.shape[2] // H, dim=2)
