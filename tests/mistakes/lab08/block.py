"""Second forms for 08.block."""

import numpy as np
import torch
from torch.nn import functional as F


def norm(x, gamma, eps):
    return F.rms_norm(x, gamma.shape, gamma, eps)


def right_by_hand(x, gamma1, gamma2, attention, feed_forward, eps):
    def by_hand(t, gamma):
        return gamma * t * torch.rsqrt(t.pow(2).mean(-1, keepdim=True) + eps)

    x = x + attention(by_hand(x, gamma1))
    return x + feed_forward(by_hand(x, gamma2))


def right_modules(x, gamma1, gamma2, attention, feed_forward, eps):
    for part, gamma in ((attention, gamma1), (feed_forward, gamma2)):
        layer = torch.nn.RMSNorm(x.shape[-1], eps=eps, dtype=x.dtype)
        layer.weight.data.copy_(gamma)
        x = x + part(layer(x))
    return x.detach()


def right_numpy(x, gamma1, gamma2, attention, feed_forward, eps):
    def by_hand(t, gamma):
        return t / np.sqrt(np.mean(t**2, axis=-1, keepdims=True) + eps) * gamma.numpy()

    x = x.numpy()
    x = x + attention(torch.from_numpy(by_hand(x, gamma1))).numpy()
    return x + feed_forward(torch.from_numpy(by_hand(x, gamma2))).numpy()


def right_deltas(x, gamma1, gamma2, attention, feed_forward, eps):
    found = attention(norm(x, gamma1, eps))
    thought = feed_forward(norm(x + found, gamma2, eps))
    return torch.stack([x, found, thought]).sum(dim=0)


def right_positions(x, gamma1, gamma2, attention, feed_forward, eps):
    """Norms position by position, by the length of a vector."""

    def by_length(t, gamma):
        C = t.shape[-1]
        rows = [row * (C / (row @ row + C * eps)) ** 0.5 for row in t.reshape(-1, C)]
        return torch.stack(rows).reshape(t.shape) * gamma

    x = attention(by_length(x, gamma1)).add(x)
    return feed_forward(by_length(x, gamma2)).add(x)


def wrong_post_norm(x, gamma1, gamma2, attention, feed_forward, eps):
    for part, gamma in ((attention, gamma1), (feed_forward, gamma2)):
        x = norm(x + part(x), gamma, eps)
    return x


def wrong_answers_normalised(x, gamma1, gamma2, attention, feed_forward, eps):
    for part, gamma in ((attention, gamma1), (feed_forward, gamma2)):
        x = x + norm(part(x), gamma, eps)
    return x


def wrong_second_after_the_sum(x, gamma1, gamma2, attention, feed_forward, eps):
    middle = torch.add(x, attention(norm(x, gamma1, eps)))
    return norm(torch.add(middle, feed_forward(middle)), gamma2, eps)


def wrong_normed_carried_on(x, gamma1, gamma2, attention, feed_forward, eps):
    for part, gamma in ((attention, gamma1), (feed_forward, gamma2)):
        x = norm(x, gamma, eps)
        x = x + part(x)
    return x


def wrong_no_residual_of_attention(x, gamma1, gamma2, attention, feed_forward, eps):
    middle = attention(norm(x, gamma1, eps))
    return torch.add(middle, feed_forward(norm(middle, gamma2, eps)))


def wrong_no_residual_of_feed_forward(x, gamma1, gamma2, attention, feed_forward, eps):
    return feed_forward(norm(torch.add(x, attention(norm(x, gamma1, eps))), gamma2, eps))


def wrong_no_residuals(x, gamma1, gamma2, attention, feed_forward, eps):
    for part, gamma in ((attention, gamma1), (feed_forward, gamma2)):
        x = part(norm(x, gamma, eps))
    return x


def wrong_residual_from_the_start(x, gamma1, gamma2, attention, feed_forward, eps):
    found = attention(norm(x, gamma1, eps))
    return torch.add(feed_forward(norm(x + found, gamma2, eps)), x)


def wrong_side_by_side(x, gamma1, gamma2, attention, feed_forward, eps):
    return sum((attention(norm(x, gamma1, eps)), feed_forward(norm(x, gamma2, eps))), start=x)


def wrong_halves_exchanged(x, gamma1, gamma2, attention, feed_forward, eps):
    return right_by_hand(x, gamma2, gamma1, feed_forward, attention, eps)


def wrong_normalised_at_the_end(x, gamma1, gamma2, attention, feed_forward, eps):
    return norm(right_deltas(x, gamma1, gamma2, attention, feed_forward, eps), gamma2, eps)


def wrong_x_changed(x, gamma1, gamma2, attention, feed_forward, eps):
    x[:] = right_by_hand(x, gamma1, gamma2, attention, feed_forward, eps)
    return x.clone()


def wrong_first_gamma_twice(x, gamma1, gamma2, attention, feed_forward, eps):
    return right_by_hand(x, gamma1, gamma1, attention, feed_forward, eps)


def wrong_second_gamma_twice(x, gamma1, gamma2, attention, feed_forward, eps):
    return right_by_hand(x, gamma2, gamma2, attention, feed_forward, eps)


def wrong_gammas_exchanged(x, gamma1, gamma2, attention, feed_forward, eps):
    return right_by_hand(x, gamma2, gamma1, attention, feed_forward, eps)


def wrong_no_gammas(x, gamma1, gamma2, attention, feed_forward, eps):
    one = torch.ones_like(gamma1)
    return right_by_hand(x, one, one, attention, feed_forward, eps)


def wrong_no_eps(x, gamma1, gamma2, attention, feed_forward, eps):
    return right_deltas(x, gamma1, gamma2, attention, feed_forward, None)


def wrong_eps_outside(x, gamma1, gamma2, attention, feed_forward, eps):
    for part, gamma in ((attention, gamma1), (feed_forward, gamma2)):
        x = x + part(x / (x.square().mean(-1, keepdim=True) ** 0.5 + eps) * gamma)
    return x


def wrong_second_norm_missing(x, gamma1, gamma2, attention, feed_forward, eps):
    middle = torch.add(x, attention(norm(x, gamma1, eps)))
    return torch.add(middle, feed_forward(middle))


def wrong_first_norm_missing(x, gamma1, gamma2, attention, feed_forward, eps):
    middle = torch.add(x, attention(x))
    return torch.add(middle, feed_forward(norm(middle, gamma2, eps)))


def wrong_no_norms(x, gamma1, gamma2, attention, feed_forward, eps):
    for part in (attention, feed_forward):
        x = x + part(x)
    return x


def wrong_layer_norm(x, gamma1, gamma2, attention, feed_forward, eps):
    for part, gamma in ((attention, gamma1), (feed_forward, gamma2)):
        x = x + part(F.layer_norm(x, gamma.shape, gamma, eps=eps))
    return x


def wrong_along_time(x, gamma1, gamma2, attention, feed_forward, eps):
    for part, gamma in ((attention, gamma1), (feed_forward, gamma2)):
        x = x + part(F.rms_norm(x.mT, x.shape[1:2], eps=eps).mT * gamma)
    return x


def wrong_over_the_text(x, gamma1, gamma2, attention, feed_forward, eps):
    for part, gamma in ((attention, gamma1), (feed_forward, gamma2)):
        x = x + part(F.rms_norm(x, x.shape[1:], eps=eps) * gamma)
    return x


def wrong_no_root(x, gamma1, gamma2, attention, feed_forward, eps):
    for part, gamma in ((attention, gamma1), (feed_forward, gamma2)):
        x = x + part(x * gamma / (x.square().mean(-1, keepdim=True) + eps))
    return x


def wrong_parts_exchanged(x, gamma1, gamma2, attention, feed_forward, eps):
    for part, gamma in ((feed_forward, gamma1), (attention, gamma2)):
        x = x + part(F.rms_norm(x, gamma.shape, gamma, eps))
    return x


def wrong_normalised_once(x, gamma1, gamma2, attention, feed_forward, eps):
    normal = F.rms_norm(x, gamma1.shape, gamma1, eps)
    for part in (attention, feed_forward):
        x = x + part(normal)
    return x
