"""Second forms for 02.batch_norm_train."""

import torch
from torch import nn
from torch.nn import functional as F


def right_formula(x, gamma, beta, running_mean, running_var, momentum, eps):
    n = x.shape[0]
    mean = x.sum(dim=0) / n
    squares = ((x - mean) ** 2).sum(dim=0)
    y = (x - mean) * (squares / n + eps).rsqrt() * gamma + beta
    with torch.no_grad():
        new_mean = running_mean + momentum * (mean - running_mean)
        new_var = running_var + momentum * (squares / (n - 1) - running_var)
    return y, new_mean, new_var


def right_module(x, gamma, beta, running_mean, running_var, momentum, eps):
    layer = nn.BatchNorm1d(x.shape[1], eps=eps, momentum=momentum, dtype=x.dtype)
    layer.load_state_dict(
        {"running_mean": running_mean, "running_var": running_var, "weight": gamma, "bias": beta},
        strict=False,
    )
    y = torch.func.functional_call(layer, {"weight": gamma, "bias": beta}, (x,))
    return y, layer.running_mean, layer.running_var


def right_columns(x, gamma, beta, running_mean, running_var, momentum, eps):
    columns, means, variances = [], [], []
    for j in range(x.shape[1]):
        column = x[:, j]
        root = torch.sqrt(column.var(unbiased=False) + eps)
        columns.append(gamma[j] * (column - column.mean()) / root + beta[j])
        means.append((1 - momentum) * running_mean[j] + momentum * column.mean().item())
        variances.append((1 - momentum) * running_var[j] + momentum * column.var().item())
    return [torch.stack(columns, dim=1), torch.stack(means), torch.stack(variances)]


def right_float32(*args):
    return right_formula(*(value.float() if torch.is_tensor(value) else value for value in args))


def right_lerp(x, gamma, beta, running_mean, running_var, momentum, eps):
    variance, mean = torch.var_mean(x, dim=0, correction=0)
    unbiased = (variance * len(x) / (len(x) - 1)).detach()
    y = torch.addcmul(beta, gamma / torch.sqrt(eps + variance), x - mean)
    return y, running_mean.lerp(mean.data, momentum), running_var.lerp(unbiased, momentum)


def answer(args, y=None, mean=None, variance=None):
    """The right answer with one part replaced."""
    right = right_formula(*args)
    return tuple(old if new is None else new for new, old in zip((y, mean, variance), right, strict=True))


def wrong_unbiased_for_y(*args):
    x, gamma, beta, _, running_var, momentum, eps = args
    scale = torch.sqrt(x.var(0) + eps)  # and the biased one for later
    later = (1 - momentum) * running_var + momentum * x.var(0, unbiased=False)
    return answer(args, gamma * (x - x.mean(0)) / scale + beta, variance=later)


def wrong_by_old_running(*args):
    x, gamma, beta, running_mean, running_var, _, eps = args
    return answer(args, F.batch_norm(x, running_mean, running_var, gamma, beta, eps=eps))


def wrong_by_new_running(x, gamma, beta, running_mean, running_var, momentum, eps):
    running_mean = running_mean.lerp(x.mean(dim=0), momentum)  # with a graph
    running_var = running_var.lerp(x.var(dim=0), momentum)
    return gamma * (x - running_mean) / (running_var + eps) ** 0.5 + beta, running_mean, running_var


def wrong_along_channels(x, gamma, beta, running_mean, running_var, momentum, eps):
    mean, variance = x.mean(1, keepdim=True), x.var(1, keepdim=True)
    y = F.layer_norm(x, gamma.shape, gamma, beta, eps)
    return y, (1 - momentum) * running_mean + momentum * mean, (1 - momentum) * running_var + variance


def wrong_along_channels_unbiased(*args):
    x, gamma, beta, *_, eps = args
    variance, mean = torch.var_mean(x, dim=-1, keepdim=True)
    return answer(args, gamma * (x - mean) * torch.rsqrt(variance + eps) + beta)


def wrong_over_everything(x, gamma, beta, running_mean, running_var, momentum, eps):
    mean = x.sum() / x.numel()
    variance = ((x - mean) ** 2).sum() / x.numel()
    y = gamma * (x - mean) / (variance + eps).sqrt() + beta
    return y, running_mean.lerp(mean.expand_as(running_mean), momentum), running_var + momentum * variance


def wrong_raw_squares(*args):
    x, gamma, beta, *_, eps = args
    return answer(args, (x - x.mean(0)) * torch.rsqrt(x.square().sum(0) / len(x) + eps) * gamma + beta)


def wrong_not_centred(*args):
    x, gamma, beta, *_, eps = args
    return answer(args, gamma * x / torch.sqrt(x.var(0, unbiased=False) + eps) + beta)


def wrong_eps_outside(*args):
    x, gamma, beta, *_, eps = args
    mean = x.mean(dim=0)
    return answer(args, gamma * (x - mean) / (((x - mean) ** 2).mean(dim=0) ** 0.5 + eps) + beta)


def wrong_default_deviation(*args):
    x, gamma, beta, *_, eps = args
    return answer(args, gamma * ((x - x.mean(0)) / (x.var(0) ** 0.5 + eps)) + beta)


def wrong_eps_missing(*args):
    x, gamma, beta, *_ = args
    return answer(args, gamma * ((x - x.mean(dim=0)) / x.std(dim=0, correction=0)) + beta)


def wrong_no_root(*args):
    x, gamma, beta, *_, eps = args
    centred = x - x.mean(dim=0)
    return answer(args, gamma * centred / (centred.pow(2).mean(dim=0) + eps) + beta)


def wrong_gamma_and_beta_exchanged(*args):
    x, gamma, beta, *rest = args
    return right_formula(x, beta, gamma, *rest)


def wrong_beta_scaled(*args):
    x, gamma, beta, *_, eps = args
    normalised = F.batch_norm(x, None, None, training=True, eps=eps)
    return answer(args, gamma * (normalised + beta))


def wrong_affine_missing(*args):
    return answer(args, F.batch_norm(args[0], None, None, training=True, eps=args[-1]))


def wrong_statistics_detached(*args):
    x, gamma, beta, *_, eps = args
    with torch.no_grad():
        mean = x.mean(dim=0)
        root = (((x - mean) ** 2).mean(dim=0) + eps).sqrt()
    return answer(args, gamma * ((x - mean) / root) + beta)


def wrong_graph_cut(*args):
    with torch.no_grad():
        return right_lerp(*args)


def wrong_x_changed(*args):
    y, mean, variance = right_formula(*args)
    args[0].copy_(y)
    return args[0], mean, variance


def wrong_biased_for_running(*args):
    x, *_, running_var, momentum, _ = args
    n = len(x)
    biased = ((x - x.mean(dim=0)) ** 2).sum(dim=0) / n
    return answer(args, variance=running_var * (1 - momentum) + (momentum * biased).detach())


def wrong_corrected_the_wrong_way(*args):
    x, *_, running_var, momentum, _ = args
    variance = x.detach().var(dim=0, unbiased=False)
    return answer(args, variance=running_var.lerp(variance - variance / len(x), momentum))


def wrong_old_corrected_too(*args):
    x, *_, running_var, momentum, _ = args
    mixed = running_var.lerp(x.detach().var(dim=0, unbiased=False), momentum)
    return answer(args, variance=mixed + mixed / (len(x) - 1))


def wrong_eps_in_running(*args):
    *_, momentum, eps = args
    _, _, variance = right_formula(*args)
    return answer(args, variance=variance + momentum * eps)


def wrong_deviation_for_running(*args):
    x, *_, running_var, momentum, _ = args
    return answer(args, variance=running_var.lerp(x.detach().var(dim=0) ** 0.5, momentum))


def wrong_momentum_other_way(*args):
    """With the biased variance, which is told later."""
    x, _, _, running_mean, running_var, momentum, _ = args
    mean = momentum * running_mean + (1 - momentum) * x.mean(dim=0)
    variance = momentum * running_var + (1 - momentum) * x.var(dim=0, correction=0)
    return answer(args, None, mean.detach(), variance.detach())


def wrong_old_not_faded(*args):
    x, _, _, running_mean, running_var, momentum, _ = args
    mean, variance = (momentum * value for value in (x.mean(dim=0), x.var(dim=0, correction=0)))
    return answer(args, None, mean + running_mean, variance + running_var)


def wrong_batch_statistics_returned(*args):
    mean = args[0].sum(dim=0) / len(args[0])
    return answer(args, None, mean, ((args[0] - mean) ** 2).mean(dim=0))


def wrong_not_updated(*args):
    """Evaluation's habit."""
    _, _, _, running_mean, running_var, *_ = args
    return answer(args, None, running_mean, running_var)


def wrong_statistics_exchanged(*args):
    y, new_mean, new_var = right_lerp(*args)
    return y, new_var, new_mean


def wrong_with_an_axis(*args):
    x, _, _, running_mean, running_var, momentum, _ = args
    mean, variance = x.mean(dim=0, keepdim=True), x.var(dim=0, keepdim=True)
    return answer(
        args,
        None,
        (1 - momentum) * running_mean + momentum * mean,
        (1 - momentum) * running_var + momentum * variance,
    )


def wrong_output_only(*args):
    return right_lerp(*args)[0]


def wrong_running_changed(x, gamma, beta, running_mean, running_var, momentum, eps):
    y = F.batch_norm(x, running_mean, running_var, gamma, beta, True, momentum, eps)
    return y, running_mean, running_var


def wrong_graph_on_running(*args):
    x, _, _, running_mean, running_var, momentum, _ = args
    variance, mean = torch.var_mean(x, dim=0)
    return answer(args, None, running_mean.lerp(mean, momentum), running_var.lerp(variance, momentum))
