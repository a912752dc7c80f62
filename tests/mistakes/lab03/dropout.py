"""Second forms for 03.dropout."""

import torch
from torch import nn


def right_where(x, uniform, p, training):
    if training:
        return torch.where(uniform < p, 0.0, x / (1 - p))
    return x


def right_mask(x, uniform, p, training):
    mask = (uniform >= p).float() / (1 - p) if training else torch.ones_like(x)
    return mask * x


def right_masked_fill(x, uniform, p, training):
    if not training or p == 0:
        return x.clone()
    return x.masked_fill(uniform < p, 0.0).div(1 - p)


def right_one_line(x, uniform, p, training):
    share = p if training else 0.0
    return x * (uniform >= share) / (1 - share)


def right_index(x, uniform, p, training):
    y = x.clone()
    if training:
        y[uniform < p] = 0
        y *= 1 / (1 - p)
    return y


def right_float32(x, uniform, p, training):
    return right_where(x.float(), uniform, p, training)


def wrong_not_scaled(x, uniform, p, training):
    return x.masked_fill(uniform < p, 0.0) if training else x


def wrong_scaled_when_evaluating(x, uniform, p, training):
    return torch.where(uniform < p, 0.0, x) if training else x - p * x


def wrong_scaled_in_both(x, uniform, p, training):
    x = x / (1 - p)
    return x.masked_fill(uniform < p, 0.0) if training else x


def wrong_divided_by_p(x, uniform, p, training):
    return torch.where(uniform < p, 0.0, x) / torch.tensor(p).clamp_min(1e-12) if training else x


def wrong_scaled_down(x, uniform, p, training):
    return torch.where(uniform < p, 0.0, x - p * x) if training else x


def wrong_kept_for_dropped(x, uniform, p, training):
    return torch.where(uniform >= p, 0.0, x / (1 - p)) if training else x


def wrong_p_is_what_stays(x, uniform, p, training):
    return torch.where(uniform >= p, 0.0, x / p) if training else x


def wrong_always_training(x, uniform, p, training):
    return x.masked_fill(uniform < p, 0.0) / (1 - p)


def wrong_modes_exchanged(x, uniform, p, training):
    if training:
        return x.clone()
    return torch.where(uniform < p, 0.0, x / (1 - p))


def wrong_never_dropped(x, uniform, p, training):
    return x + 0.0


def wrong_drawn_anew(x, uniform, p, training):
    return nn.Dropout(p).train(training)(x)


def wrong_scaled_by_this_mask(x, uniform, p, training):
    if not training:
        return x
    return torch.where(uniform < p, 0.0, x) * x.numel() / (uniform >= p).sum()


def wrong_equal_is_dropped(x, uniform, p, training):
    return x.masked_fill(uniform <= p, 0.0) / (1 - p) if training else x


def wrong_mask_returned(x, uniform, p, training):
    return torch.where(uniform < p, 0.0, 1 / (1 - p)) if training else x / x


def wrong_detached(x, uniform, p, training):
    y = torch.tensor(x.tolist(), dtype=x.dtype)
    return right_where(y, uniform, p, training)


def wrong_other_end(x, uniform, p, training):
    return right_where(x, torch.where(uniform < 1 - p, 1.0, -1.0), p, training)


def wrong_x_zeroed(x, uniform, p, training):
    return x.masked_fill_(uniform < p, 0.0).div(1 - p) if training else x


def wrong_x_changed(x, uniform, p, training):
    if training:
        x.mul_(uniform >= p).mul_(1 / (1 - p))
    return x.clone()


def wrong_detached_in_training(x, uniform, p, training):
    if not training:
        return x
    y = x.data.clone()
    y[uniform < p] = 0
    return y / (1 - p)
