"""Second forms for 04.adam_step: most of them number by number, in plain Python."""

import math

import numpy as np
import torch


def each(rule, *tensors):
    """Apply a rule to the numbers of several tensors in step; each of its results becomes a tensor."""
    rows = [rule(*numbers) for numbers in zip(*(t.flatten().tolist() for t in tensors), strict=True)]
    columns = zip(*rows, strict=True)
    return tuple(torch.tensor(column, dtype=torch.float64).reshape(tensors[0].shape) for column in columns)


def right_numbers(w, g, m, v, t, rate, beta1, beta2, eps):
    def rule(w, g, m, v):
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        return w - rate * m / (1 - beta1**t) / (math.sqrt(v / (1 - beta2**t)) + eps), m, v

    return each(rule, w, g, m, v)


def right_numpy(w, g, m, v, t, rate, beta1, beta2, eps):
    w, g, m, v = (x.numpy() for x in (w, g, m, v))
    m, v = m + (1 - beta1) * (g - m), v + (1 - beta2) * (np.square(g) - v)
    w = w - rate * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return [torch.from_numpy(x) for x in (w, m, v)]


def right_numpy_arrays(w, g, m, v, t, rate, beta1, beta2, eps):
    return [x.numpy() for x in right_rescaled(w, g, m, v, t, rate, beta1, beta2, eps)]


def right_rescaled(w, g, m, v, t, rate, beta1, beta2, eps):
    """The paper's faster form: correct the rate, and rescale eps to match."""
    m, v = torch.lerp(g, m, beta1), torch.lerp(g * g, v, beta2)
    root = (1 - beta2**t) ** 0.5
    return w - rate * root / (1 - beta1**t) * m / (v.sqrt() + eps * root), m, v


def right_own_copies(w, g, m, v, t, rate, beta1, beta2, eps):
    w, m, v = w.clone(), m.clone(), v.clone()
    m.mul_(beta1).add_(g, alpha=1 - beta1)
    v.mul_(beta2).addcmul_(g, g, value=1 - beta2)
    w.addcdiv_(m / (1 - beta1**t), (v / (1 - beta2**t)).sqrt_().add_(eps), value=-rate)
    return w, m, v


def right_float32(w, g, m, v, t, rate, beta1, beta2, eps):
    return right_rescaled(w.float(), g.float(), m.float(), v.float(), t, rate, beta1, beta2, eps)


def wrong_no_correction(w, g, m, v, t, rate, beta1, beta2, eps):
    def rule(w, g, m, v):
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        return w - rate * m / (math.sqrt(v) + eps), m, v

    return each(rule, w, g, m, v)


def wrong_eps_inside_root(w, g, m, v, t, rate, beta1, beta2, eps):
    m, v = torch.lerp(g, m, beta1), torch.lerp(g * g, v, beta2)
    return w - rate * m / (1 - beta1**t) * torch.rsqrt(eps + v / (1 - beta2**t)), m, v


def wrong_eps_before_correction(w, g, m, v, t, rate, beta1, beta2, eps):
    m, v = torch.lerp(g, m, beta1), torch.lerp(g * g, v, beta2)
    corrected_rate = rate * math.sqrt(1 - beta2**t) / (1 - beta1**t)
    return w - corrected_rate * m / (v.sqrt() + eps), m, v


def wrong_eps_as_floor(w, g, m, v, t, rate, beta1, beta2, eps):
    def rule(w, g, m, v):
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        return w - rate * m / (1 - beta1**t) / max(math.sqrt(v / (1 - beta2**t)), eps), m, v

    return each(rule, w, g, m, v)


def wrong_no_root(w, g, m, v, t, rate, beta1, beta2, eps):
    def rule(w, g, m, v):
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        return w - rate * m / (1 - beta1**t) / (v / (1 - beta2**t) + eps), m, v

    return each(rule, w, g, m, v)


def wrong_corrected_state(w, g, m, v, t, rate, beta1, beta2, eps):
    m = torch.lerp(g, m, beta1).div(1 - beta1**t)
    v = torch.lerp(g * g, v, beta2).div(1 - beta2**t)
    return w.addcdiv(m, v.sqrt() + eps, value=-rate), m, v


def wrong_one_corrected(w, g, m, v, t, rate, beta1, beta2, eps):
    def rule(w, g, m, v):
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        return w - rate / (1 - beta1**t) * m / (v**0.5 + eps), m, v

    return each(rule, w, g, m, v)


def wrong_count_from_zero(w, g, m, v, t, rate, beta1, beta2, eps):
    return right_numbers(w, g, m, v, 1 + t, rate, beta1, beta2, eps)


def wrong_weights_exchanged(w, g, m, v, t, rate, beta1, beta2, eps):
    m, v = torch.lerp(m, g, beta1), torch.lerp(v, g * g, beta2)
    return w.addcdiv(m / (1 - beta1**t), (v / (1 - beta2**t)).sqrt() + eps, value=-rate), m, v


def wrong_gradient_for_moment(w, g, m, v, t, rate, beta1, beta2, eps):
    m, v = torch.lerp(g, m, beta1), torch.lerp(g * g, v, beta2)
    return w.addcdiv(g, (v / (1 - beta2**t)).sqrt() + eps, value=-rate), m, v


def wrong_old_moments(w, g, m, v, t, rate, beta1, beta2, eps):
    def rule(w, g, m, v):
        moved = w - rate * m / (1 - beta1**t) / (math.sqrt(v / (1 - beta2**t)) + eps)
        return moved, beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g

    return each(rule, w, g, m, v)


def wrong_sign(w, g, m, v, t, rate, beta1, beta2, eps):
    moved, m, v = right_numbers(w, g, m, v, t, rate, beta1, beta2, eps)
    return 2 * w - moved, m, v


def wrong_arguments_changed(w, g, m, v, t, rate, beta1, beta2, eps):
    for i in range(len(w)):
        m[i] = beta1 * m[i] + (1 - beta1) * g[i]
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] ** 2
        w[i] -= rate * m[i] / (1 - beta1**t) / ((v[i] / (1 - beta2**t)) ** 0.5 + eps)
    return w, m, v


def wrong_moments_changed(w, g, m, v, t, rate, beta1, beta2, eps):
    for i in range(len(w)):
        m[i] += (1 - beta1) * (g[i] - m[i])
        v[i] += (1 - beta2) * (g[i] ** 2 - v[i])
    return w - rate * (m / (1 - beta1**t)) / ((v / (1 - beta2**t)).sqrt() + eps), m, v


def wrong_betas_exchanged(w, g, m, v, t, rate, beta1, beta2, eps):
    return right_numbers(w, g, m, v, t, rate, beta2, beta1, eps)


def wrong_no_eps(w, g, m, v, t, rate, beta1, beta2, eps):
    return right_rescaled(w, g, m, v, t, rate, beta1, beta2, 0 * eps)
