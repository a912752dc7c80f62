"""Second forms for 04.mse_gradient."""

import numpy as np
import torch


def right_loops(X, y, w, b):
    grad_w, grad_b = torch.zeros_like(w), torch.zeros_like(b)
    for x, target in zip(X, y, strict=True):
        error = x @ w + b - target
        grad_w = grad_w + 2 * error * x / len(y)
        grad_b = grad_b + 2 * error / len(y)
    return grad_w, grad_b


def right_einsum(X, y, w, b):
    error = torch.einsum("ni,i->n", X, w) + b - y
    return 2 * torch.einsum("n,ni->i", error, X) / len(y), 2 * error.mean()


def right_numpy(X, y, w, b):
    X, y, w, b = (t.numpy() for t in (X, y, w, b))
    error = X @ w + b - y
    return torch.from_numpy(2 * np.mean(error[:, None] * X, axis=0)), torch.tensor(2 * np.mean(error))


def right_autograd(X, y, w, b):
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    ((X @ w + b - y) ** 2).mean().backward()
    return w.grad, b.grad


def right_own_copies(X, y, w, b):
    error = y.clone()
    error.neg_().add_(X @ w).add_(b).mul_(2 / len(y))
    return [error @ X, error.sum()]


def right_float32(X, y, w, b):
    X, y, w, b = (t.float() for t in (X, y, w, b))
    error = X @ w + b - y
    return (2 / len(y) * X.T @ error).double(), 2 * error.mean()


def wrong_sign(X, y, w, b):
    grad_w, grad_b = right_loops(X, y, w, b)
    return 0 - grad_w, 0 - grad_b


def wrong_article(X, y, w, b):
    grad_w, grad_b = torch.zeros_like(w), 0.0
    for x, target in zip(X, y, strict=True):
        grad_w += -2 * (x @ w + b - target) * x
        grad_b += -2 * (x @ w + b - target)
    return grad_w, grad_b


def wrong_sum_for_mean(X, y, w, b):
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    ((X @ w + b - y) ** 2).sum().backward()
    return w.grad, b.grad


def wrong_missing_two(X, y, w, b):
    error = X @ w + b - y
    return (error[:, None] * X).mean(dim=0), error.sum() / len(y)


def wrong_no_bias(X, y, w, b):
    error = (X * w).sum(dim=1) - y
    return 2 * (error[:, None] * X).mean(dim=0), 2 * error.sum() / len(error)


def wrong_divided_by_inputs(X, y, w, b):
    n = X.shape[1]
    error = (X * w).sum(dim=1) + b - y
    return (2 * error[:, None] * X / n).sum(dim=0), (2 * error / n).sum()


def wrong_bias_per_sample(X, y, w, b):
    error = 2 * (X @ w + b - y) / X.shape[0]
    return torch.einsum("n,ni->i", error, X), error


def wrong_broadcast(X, y, w, b):
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    prediction = (X @ w + b).reshape(-1, 1)
    ((prediction - y) ** 2).mean().backward()
    return w.grad, b.grad


def wrong_targets_changed(X, y, w, b):
    y -= (X * w).sum(dim=1)
    y -= b
    return -2 * (y[:, None] * X).mean(dim=0), -2 * y.mean()


def wrong_bias_sum(X, y, w, b):
    grad_w, grad_b = right_loops(X, y, w, b)
    return grad_w, grad_b * X.shape[0]


def wrong_weights_sum(X, y, w, b):
    grad_w, grad_b = right_loops(X, y, w, b)
    return len(X) * grad_w, grad_b
