"""Second forms for 02.rms_norm."""

import torch
from torch import nn
from torch.nn import functional as F


def right_module(x, gamma, eps):
    layer = nn.RMSNorm(x.shape[-1], eps=eps, dtype=x.dtype)
    return torch.func.functional_call(layer, {"weight": gamma}, (x,))


def right_rsqrt(x, gamma, eps):
    return gamma * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps))


def right_by_length(x, gamma, eps):
    """From the length of the row."""
    length = torch.linalg.vector_norm(x, dim=-1, keepdim=True)
    return x * gamma / torch.sqrt(length**2 / x.shape[-1] + eps)


def right_product(x, gamma, eps):
    square = torch.einsum("...c,...c->...", x, x) / len(gamma)
    return x / (square + eps).sqrt().unsqueeze(-1) * gamma


def right_float32(x, gamma, eps):
    return right_rsqrt(x.float(), gamma.float(), eps)


def wrong_layer_norm(x, gamma, eps):
    return F.layer_norm(x, gamma.shape, gamma, None, eps)


def wrong_by_deviation(x, gamma, eps):
    return gamma * x * torch.rsqrt(x.var(-1, unbiased=False, keepdim=True) + eps)


def wrong_centred_numerator(x, gamma, eps):
    root = torch.sqrt(x.square().mean(-1, True) + eps)
    return (x / root - x.mean(-1, True) / root) * gamma


def wrong_sum_for_mean(x, gamma, eps):
    return gamma * x * torch.rsqrt(torch.einsum("...c,...c->...", x, x)[..., None] + eps)


def wrong_mean_of_sizes(x, gamma, eps):
    sizes = (x**2).sqrt().mean(-1, keepdim=True)
    return gamma * (x / (sizes + eps))


def wrong_square_of_the_mean(x, gamma, eps):
    mean = x.sum(-1, keepdim=True) / x.shape[-1]
    return gamma * x * torch.rsqrt(mean * mean + eps)


def wrong_along_the_batch(x, gamma, eps):
    return gamma * x * torch.rsqrt((x * x).sum(dim=0) / len(x) + eps)


def wrong_axis_one(x, gamma, eps):
    return gamma * x * torch.rsqrt((x * x).sum(dim=1, keepdim=True) / x.size(1) + eps)


def wrong_over_everything(x, gamma, eps):
    return F.rms_norm(x, x.shape, eps=eps) * gamma


def wrong_axis_lost(x, gamma, eps):
    square = torch.einsum("...c,...c->...", x, x) / len(gamma)
    return x * gamma / torch.sqrt(square + eps)


def wrong_eps_outside(x, gamma, eps):
    return gamma * x / (eps + x.square().mean(-1, True) ** 0.5)


def wrong_eps_missing(x, gamma, eps):
    return F.rms_norm(x, gamma.shape, gamma, 0.0)


def wrong_no_root(x, gamma, eps):
    return gamma * x / (x.square().mean(-1, True) + eps)


def wrong_gamma_missing(x, gamma, eps):
    return F.rms_norm(x, x.shape[-1:], eps=eps)


def wrong_one_plus_gamma(x, gamma, eps):
    normalised = F.rms_norm(x, x.shape[-1:], eps=eps)
    return normalised * gamma + normalised


def wrong_size_detached(x, gamma, eps):
    with torch.no_grad():
        scale = torch.rsqrt(x.square().mean(-1, True) + eps)
    return gamma * x * scale


def wrong_graph_cut(x, gamma, eps):
    return right_rsqrt(x, gamma, eps).detach()


def wrong_x_changed(x, gamma, eps):
    return x.mul_(torch.rsqrt(x.square().mean(-1, True) + eps)).mul(gamma)
