"""Second forms for 04.momentum_step."""

import numpy as np
import torch


def right_own_copies(w, g, v, learning_rate, beta):
    v = v.clone().mul_(beta).add_(g)
    return w.sub(v, alpha=learning_rate), v


def right_loops(w, g, v, learning_rate, beta):
    def rule(w, g, v):
        v = beta * v + g
        return w - learning_rate * v, v

    return list(each(w, g, v, rule))


def right_numpy(w, g, v, learning_rate, beta):
    v = np.float64(beta) * v.numpy() + g.numpy()
    return torch.from_numpy(w.numpy() - learning_rate * v), torch.from_numpy(v)


def right_separate_terms(w, g, v, learning_rate, beta):
    return w - learning_rate * beta * v - learning_rate * g, g + v * beta


def right_float32(w, g, v, learning_rate, beta):
    w, g, v = w.float(), g.float(), v.float()
    v = beta * v + g
    return w - learning_rate * v, v


def each(w, g, v, rule):
    """Apply a rule (w, g, v) -> (w, v) number by number."""
    rows = [rule(*numbers) for numbers in zip(*(t.flatten().tolist() for t in (w, g, v)), strict=True)]
    columns = zip(*rows, strict=True)
    return tuple(torch.tensor(column, dtype=torch.float64).reshape(w.shape) for column in columns)


def wrong_sign(w, g, v, learning_rate, beta):
    return each(w, g, v, lambda w, g, v: (w + learning_rate * g + learning_rate * beta * v, g + beta * v))


def wrong_moving_average(w, g, v, learning_rate, beta):
    v = torch.lerp(g, v, beta)
    return w.sub(v, alpha=learning_rate), v


def wrong_velocity_unused(w, g, v, learning_rate, beta):
    return each(w, g, v, lambda w, g, v: (w - learning_rate * g, g + beta * v))


def wrong_old_velocity(w, g, v, learning_rate, beta):
    w = w.sub(v, alpha=learning_rate)
    v = v.mul(beta).add(g)
    return w, v


def wrong_velocity_not_kept(w, g, v, learning_rate, beta):
    return each(w, g, v, lambda w, g, v: (w - learning_rate * g - learning_rate * beta * v, v))


def wrong_rate_in_velocity(w, g, v, learning_rate, beta):
    return each(w, g, v, lambda w, g, v: (w - learning_rate * g - beta * v, beta * v + learning_rate * g))


def wrong_opposite_velocity(w, g, v, learning_rate, beta):
    v = -(g - beta * v)
    return w.add(v, alpha=learning_rate), v


def wrong_nesterov(w, g, v, learning_rate, beta):
    parameter = w.clone().requires_grad_()
    optimiser = torch.optim.SGD([parameter], lr=learning_rate, momentum=beta, nesterov=True)
    parameter.grad = g.clone()
    optimiser.state[parameter]["momentum_buffer"] = v = v.clone()
    optimiser.step()
    return parameter.detach(), v


def wrong_damped_gradient(w, g, v, learning_rate, beta):
    return each(w, g, v, lambda w, g, v: (w - learning_rate * beta * (g + v), beta * g + beta * v))


def wrong_arguments_changed(w, g, v, learning_rate, beta):
    for i in range(len(v)):
        v[i] = beta * v[i] + g[i]
        w[i] -= learning_rate * v[i]
    return w, v


def wrong_velocity_changed(w, g, v, learning_rate, beta):
    v.copy_(g + v * beta)
    return w.sub(v, alpha=learning_rate), v.clone()
