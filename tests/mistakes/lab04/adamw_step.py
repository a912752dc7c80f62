"""Second forms for 04.adamw_step."""

import math

import torch

from tests.mistakes.lab04.adam_step import each


def adam(w, g, m, v, t, rate, beta1, beta2, eps):
    """A right step of Adam, in the paper's faster form."""
    m, v = torch.lerp(g, m, beta1), torch.lerp(g * g, v, beta2)
    root = (1 - beta2**t) ** 0.5
    return w - rate * root / (1 - beta1**t) * m / (v.sqrt() + eps * root), m, v


def right_numbers(w, g, m, v, t, rate, beta1, beta2, eps, decay):
    def rule(w, g, m, v):
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        size = math.sqrt(v / (1 - beta2**t)) + eps
        return w - rate * (m / (1 - beta1**t) / size + decay * w), m, v

    return each(rule, w, g, m, v)


def right_by_adam(w, g, m, v, t, rate, beta1, beta2, eps, decay):
    moved, m, v = adam(w, g, m, v, t, rate, beta1, beta2, eps)
    return moved - rate * decay * w, m, v


def right_own_copies(w, g, m, v, t, rate, beta1, beta2, eps, decay):
    m = m.clone().mul_(beta1).add_(g, alpha=1 - beta1)
    v = v.clone().mul_(beta2).addcmul_(g, g, value=1 - beta2)
    w = w.clone().mul_(1 - rate * decay)
    return w.addcdiv_(m / (1 - beta1**t), (v / (1 - beta2**t)).sqrt_().add_(eps), value=-rate), m, v


def right_float32(w, g, m, v, t, rate, beta1, beta2, eps, decay):
    return right_by_adam(w.float(), g.float(), m.float(), v.float(), t, rate, beta1, beta2, eps, decay)


def wrong_decay_in_gradient(w, g, m, v, t, rate, beta1, beta2, eps, decay):
    parameter = w.clone().requires_grad_()
    settings = {"lr": rate, "betas": (beta1, beta2), "eps": eps, "weight_decay": decay}
    optimiser = torch.optim.Adam([parameter], **settings)
    parameter.grad = g.clone()
    state = {"step": torch.tensor(t - 1.0), "exp_avg": m.clone(), "exp_avg_sq": v.clone()}
    optimiser.state[parameter] = state
    optimiser.step()
    return parameter.detach(), state["exp_avg"], state["exp_avg_sq"]


def wrong_no_decay(w, g, m, v, t, rate, beta1, beta2, eps, decay):
    return right_numbers(w, g, m, v, t, rate, beta1, beta2, eps, 0.0)


def wrong_decay_without_rate(w, g, m, v, t, rate, beta1, beta2, eps, decay):
    moved, m, v = adam(w, g, m, v, t, rate, beta1, beta2, eps)
    return moved - decay * w, m, v


def wrong_growing(w, g, m, v, t, rate, beta1, beta2, eps, decay):
    return right_numbers(w, g, m, v, t, rate, beta1, beta2, eps, -decay)


def wrong_decay_after(w, g, m, v, t, rate, beta1, beta2, eps, decay):
    w, m, v = adam(w, g, m, v, t, rate, beta1, beta2, eps)
    return torch.lerp(w, torch.zeros_like(w), rate * decay), m, v


def wrong_decay_divided(w, g, m, v, t, rate, beta1, beta2, eps, decay):
    def rule(w, g, m, v):
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        size = math.sqrt(v / (1 - beta2**t)) + eps
        return w - rate * m / (1 - beta1**t) / size - rate * decay * w / size, m, v

    return each(rule, w, g, m, v)


def wrong_constant_decay(w, g, m, v, t, rate, beta1, beta2, eps, decay):
    def rule(w, g, m, v):
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        return w - rate * (decay + m / (1 - beta1**t) / (math.sqrt(v / (1 - beta2**t)) + eps)), m, v

    return each(rule, w, g, m, v)


def wrong_decay_by_size(w, g, m, v, t, rate, beta1, beta2, eps, decay):
    moved, m, v = adam(w, g, m, v, t, rate, beta1, beta2, eps)
    return torch.where(w < 0, moved + rate * decay * w, moved - rate * decay * w), m, v


def wrong_no_correction(w, g, m, v, t, rate, beta1, beta2, eps, decay):
    def rule(w, g, m, v):
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        return w - rate * (m / (v**0.5 + eps) + decay * w), m, v

    return each(rule, w, g, m, v)


def wrong_arguments_changed(w, g, m, v, t, rate, beta1, beta2, eps, decay):
    for i in range(len(w)):
        m[i] = beta1 * m[i] + (1 - beta1) * g[i]
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] ** 2
        w[i] -= rate * decay * w[i]
        w[i] -= rate * m[i] / (1 - beta1**t) / ((v[i] / (1 - beta2**t)) ** 0.5 + eps)
    return w, m, v


def wrong_weights_changed(w, g, m, v, t, rate, beta1, beta2, eps, decay):
    for i in range(len(w)):
        w[i] -= rate * decay * w[i]
    return adam(w, g, m, v, t, rate, beta1, beta2, eps)
