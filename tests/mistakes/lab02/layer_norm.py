"""Second forms for 02.layer_norm."""

import torch
from torch import nn
from torch.nn import functional as F


def right_formula(x, gamma, beta, eps):
    C = x.shape[-1]
    centred = x - x.sum(dim=-1, keepdim=True) / C
    return gamma * centred * ((centred**2).sum(dim=-1, keepdim=True) / C + eps).rsqrt() + beta


def right_module(x, gamma, beta, eps):
    layer = nn.LayerNorm(x.shape[-1], eps=eps, dtype=x.dtype)
    return torch.func.functional_call(layer, {"weight": gamma, "bias": beta}, (x,))


def right_rows(x, gamma, beta, eps):
    rows = []
    for row in x.reshape(-1, len(gamma)):
        mean = row.mean()
        rows.append((row - mean) / torch.sqrt(((row - mean) ** 2).mean() + eps))
    return torch.stack(rows).reshape(x.shape) * gamma + beta


def right_unsqueezed(x, gamma, beta, eps):
    mean, std = x.mean(-1).unsqueeze(-1), (x.var(-1, unbiased=False) + eps).sqrt()
    return torch.addcmul(beta, gamma, (x - mean) / std[..., None])


def right_float32(x, gamma, beta, eps):
    return right_formula(x.float(), gamma.float(), beta.float(), eps)


def wrong_along_the_batch(x, gamma, beta, eps):
    centred = x - x.mean(dim=0)
    return gamma * centred / ((centred**2).mean(dim=0) + eps).sqrt() + beta


def wrong_over_positions_too(x, gamma, beta, eps):
    if x.ndim < 2:
        return right_formula(x, gamma, beta, eps)
    flat = x.reshape(len(x), -1)
    return F.layer_norm(flat, flat.shape[1:], eps=eps).reshape(x.shape) * gamma + beta


def wrong_axis_one(x, gamma, beta, eps):
    centred = x - x.sum(dim=1, keepdim=True) / x.size(1)
    return gamma * (centred / ((centred**2).mean(dim=1, keepdim=True) + eps).sqrt()) + beta


def wrong_axis_one_unbiased(x, gamma, beta, eps):
    variance, mean = torch.var_mean(x, dim=1, keepdim=True)
    return gamma * (x - mean) * torch.rsqrt(variance + eps) + beta


def wrong_over_everything(x, gamma, beta, eps):
    return gamma * F.layer_norm(x, x.shape, eps=eps) + beta


def wrong_axis_lost(x, gamma, beta, eps):
    centred = x - torch.mean(x, -1)
    return centred / torch.sqrt((centred**2).mean(dim=-1) + eps) * gamma + beta


def wrong_axis_lost_unbiased(x, gamma, beta, eps):
    variance, mean = torch.var_mean(x, dim=-1)
    return gamma * ((x - mean) / torch.sqrt(variance + eps)) + beta


def wrong_unbiased(x, gamma, beta, eps):
    mean, variance = x.mean(-1, keepdim=True), x.var(-1, keepdim=True)
    return gamma * (x - mean) / torch.sqrt(variance + eps) + beta


def wrong_raw_squares(x, gamma, beta, eps):
    return gamma * (x - x.mean(-1, True)) * torch.rsqrt(x.square().mean(-1, True) + eps) + beta


def wrong_not_centred(x, gamma, beta, eps):
    return gamma * x / torch.sqrt(x.var(-1, unbiased=False, keepdim=True) + eps) + beta


def wrong_eps_outside(x, gamma, beta, eps):
    std = x.std(-1, unbiased=False, keepdim=True)
    return gamma * (x - x.mean(-1, keepdim=True)) / (std + eps) + beta


def wrong_default_deviation(x, gamma, beta, eps):
    variance, mean = torch.var_mean(x, dim=-1, keepdim=True)
    return gamma * (x - mean) / (variance.sqrt() + eps) + beta


def wrong_eps_missing(x, gamma, beta, eps):
    return gamma * (x - x.mean(-1, keepdim=True)) / x.std(-1, unbiased=False, keepdim=True) + beta


def wrong_no_root(x, gamma, beta, eps):
    centred = x - x.mean(-1, keepdim=True)
    return gamma * centred / (centred.square().mean(-1, keepdim=True) + eps) + beta


def wrong_gamma_and_beta_exchanged(x, gamma, beta, eps):
    return F.layer_norm(x, gamma.shape, beta, gamma, eps)


def wrong_beta_scaled(x, gamma, beta, eps):
    return (F.layer_norm(x, gamma.shape, eps=eps) + beta) * gamma


def wrong_affine_missing(x, gamma, beta, eps):
    return F.layer_norm(x, gamma.shape, eps=eps)


def wrong_statistics_detached(x, gamma, beta, eps):
    with torch.no_grad():
        mean = x.mean(dim=-1, keepdim=True)
        root = ((x - mean).square().mean(dim=-1, keepdim=True) + eps).sqrt()
    return gamma * (x - mean) / root + beta


def wrong_graph_cut(x, gamma, beta, eps):
    with torch.no_grad():
        return F.layer_norm(x, gamma.shape, gamma, beta, eps)


def wrong_x_changed(x, gamma, beta, eps):
    x.copy_(F.layer_norm(x, gamma.shape, eps=eps))
    return gamma * x + beta
