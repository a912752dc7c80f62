"""Second forms for 02.batch_norm_eval."""

import torch
from torch import nn
from torch.nn import functional as F


def right_one_map(x, gamma, beta, running_mean, running_var, eps):
    """Scale and shift do not depend on x."""
    scale = gamma * torch.rsqrt(running_var + eps)
    return x * scale + (beta - running_mean * scale)


def right_module(x, gamma, beta, running_mean, running_var, eps):
    layer = nn.BatchNorm1d(x.shape[1], eps=eps, dtype=x.dtype).eval()
    layer.running_mean, layer.running_var = running_mean, running_var
    return torch.func.functional_call(layer, {"weight": gamma, "bias": beta}, (x,))


def right_rows(x, gamma, beta, running_mean, running_var, eps):
    rows = [gamma * (row - running_mean) / (running_var + eps) ** 0.5 + beta for row in x]
    return torch.stack(rows)


def right_matrix(x, gamma, beta, running_mean, running_var, eps):
    return (x - running_mean) @ torch.diag(gamma / (running_var + eps).sqrt()) + beta


def right_float32(*args):
    return right_one_map(*(value.float() if torch.is_tensor(value) else value for value in args))


def wrong_batch_statistics(x, gamma, beta, running_mean, running_var, eps):
    mean = x.sum(dim=0) / len(x)
    return gamma * (x - mean) / (((x - mean) ** 2).mean(dim=0) + eps).sqrt() + beta


def wrong_unbiased_batch_statistics(x, gamma, beta, running_mean, running_var, eps):
    mean = x.mean(dim=0)
    ratio = torch.tensor(len(x)) / torch.tensor(len(x) - 1)
    variance = x.var(dim=0, unbiased=False) * ratio
    return (x - mean) * (variance + eps).rsqrt() * gamma + beta


def wrong_mean_of_the_batch(x, gamma, beta, running_mean, running_var, eps):
    return F.batch_norm(x, x.mean(dim=0).detach(), running_var, gamma, beta, eps=eps)


def wrong_variance_of_the_batch(x, gamma, beta, running_mean, running_var, eps):
    variance = ((x - x.mean(dim=0)) ** 2).mean(dim=0)
    return F.batch_norm(x, running_mean, variance.detach(), gamma, beta, eps=eps)


def wrong_correction_undone(x, gamma, beta, running_mean, running_var, eps):
    B = x.shape[0]
    return right_one_map(x, gamma, beta, running_mean, running_var - running_var / B, eps)


def wrong_eps_outside(x, gamma, beta, running_mean, running_var, eps):
    return gamma * (x - running_mean) / (eps + running_var**0.5) + beta


def wrong_eps_missing(x, gamma, beta, running_mean, running_var, eps):
    return F.batch_norm(x, running_mean, running_var, gamma, beta, eps=0.0)


def wrong_no_root(x, gamma, beta, running_mean, running_var, eps):
    scale = gamma / (running_var + eps)
    return scale * x - scale * running_mean + beta


def wrong_not_centred(x, gamma, beta, running_mean, running_var, eps):
    return F.batch_norm(x, torch.zeros_like(running_mean), running_var, gamma, beta, eps=eps)


def wrong_centred_too_late(x, gamma, beta, running_mean, running_var, eps):
    y = x * torch.rsqrt(running_var + eps)
    y = y - running_mean
    return y * gamma + beta


def wrong_gamma_and_beta_exchanged(x, gamma, beta, running_mean, running_var, eps):
    return beta * (x - running_mean) / torch.sqrt(running_var + eps) + gamma


def wrong_beta_scaled(x, gamma, beta, running_mean, running_var, eps):
    return ((x - running_mean) / torch.sqrt(running_var + eps) + beta) * gamma


def wrong_affine_missing(x, gamma, beta, running_mean, running_var, eps):
    return (x - running_mean) * (running_var + eps).rsqrt()


def wrong_running_changed(x, gamma, beta, running_mean, running_var, eps):
    y = right_rows(x, gamma, beta, running_mean, running_var, eps)
    running_mean *= 0.9
    running_mean += 0.1 * x.mean(dim=0).detach()
    return y


def wrong_x_changed(x, gamma, beta, running_mean, running_var, eps):
    return x.sub_(running_mean).div(torch.sqrt(running_var + eps)).mul(gamma).add(beta)


def wrong_graph_cut(x, gamma, beta, running_mean, running_var, eps):
    return right_rows(x.data, gamma.data, beta.data, running_mean, running_var, eps)
