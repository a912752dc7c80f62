"""Second forms for 05.train_step."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


def right_autograd(W, b, X, y, learning_rate):
    W, b = W.clone().requires_grad_(), b.clone().requires_grad_()
    loss = ((X @ W.T + b - y[:, None]) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        return W - learning_rate * W.grad, b - learning_rate * b.grad, loss


def right_formula(W, b, X, y, learning_rate):
    error = X @ W[0] + b - y
    by_w = 2 / len(y) * X.T @ error
    return W - learning_rate * by_w, b - learning_rate * 2 * error.mean(), (error**2).mean()


def right_loops(W, b, X, y, learning_rate):
    by_W, by_b, loss = torch.zeros_like(W), torch.zeros_like(b), 0.0
    for x, target in zip(X, y, strict=True):
        error = (W @ x + b - target) / len(y)
        by_W, by_b = by_W + 2 * error * x, by_b + 2 * error
        loss += error.item() ** 2 * len(y)
    return W - learning_rate * by_W, b - learning_rate * by_b, loss


def right_module(W, b, X, y, learning_rate):
    layer = nn.Linear(W.shape[1], 1, dtype=W.dtype)
    layer.load_state_dict({"weight": W, "bias": b})
    optimiser = torch.optim.SGD(layer.parameters(), lr=learning_rate)
    loss = nn.MSELoss()(layer(X).squeeze(-1), y)
    loss.backward()
    optimiser.step()
    return layer.weight.data, layer.bias.data, loss.item()


def right_numpy(W, b, X, y, learning_rate):
    W, b, X, y = (t.numpy() for t in (W, b, X, y))
    error = X @ W.T + b - y.reshape(-1, 1)
    by_W, by_b = 2 * np.mean(error * X, axis=0), 2 * np.mean(error)
    return [W - learning_rate * by_W, b - learning_rate * by_b, np.mean(error**2)]


def right_float32(W, b, X, y, learning_rate):
    return right_formula(W.float(), b.float(), X.float(), y.float(), learning_rate)


def right_functional(W, b, X, y, learning_rate):
    def loss_of(W, b):
        return F.mse_loss(F.linear(X, W, b).ravel(), y)

    (by_W, by_b), loss = torch.func.grad_and_value(loss_of, argnums=(0, 1))(W, b)
    return W.sub(by_W, alpha=learning_rate), b.sub(by_b, alpha=learning_rate), loss


def right_differences(W, b, X, y, learning_rate):
    """Slopes by central differences, which are exact for a square but for rounding."""

    def loss_of(W, b):
        return ((X @ W.T + b - y[:, None]) ** 2).mean()

    steps = 1e-3 * torch.eye(W.shape[1], dtype=W.dtype)
    by_W = torch.stack([(loss_of(W + s, b) - loss_of(W - s, b)) / 2e-3 for s in steps])
    by_b = (loss_of(W, b + 1e-3) - loss_of(W, b - 1e-3)) / 2e-3
    return W - learning_rate * by_W, b - learning_rate * by_b, loss_of(W, b)


def torchs(W, b, X, y, learning_rate, loss_of):
    """A step along the gradient of ``loss_of(outputs, targets)``, by backward and .grad."""
    W, b = W.clone().requires_grad_(), b.clone().requires_grad_()
    loss = loss_of(F.linear(X, W, b), y)
    loss.backward()
    return W.detach() - learning_rate * W.grad, b.detach() - learning_rate * b.grad, loss.item()


def gradients(W, b, X, y):
    """Right gradients, each in the shape of its parameter, and the loss."""
    by_W, by_b, loss = torchs(
        torch.zeros_like(W), torch.zeros_like(b), X, y - (X @ W.T + b)[:, 0], -1.0, matched
    )
    return by_W, by_b, loss


def matched(outputs, targets):
    return F.mse_loss(outputs, targets[:, None])


def wrong_broadcast(W, b, X, y, learning_rate):
    outputs = (X @ W.T + b).numpy()
    errors = outputs - y.numpy()
    by_W = 2 / errors.size * errors.sum(axis=1) @ X.numpy()
    return W.numpy() - learning_rate * by_W, b.numpy() - learning_rate * 2 * errors.mean(), (errors**2).mean()


def wrong_broadcast_in_the_formula(W, b, X, y, learning_rate):
    rows = [2 * (X @ W[0] + b - target) / len(y) for target in y]  # each target against all outputs
    by_W = torch.stack([row @ X for row in rows])
    losses = [(row * len(y) / 2).square().mean() for row in rows]
    return (
        W - learning_rate * by_W,
        b - learning_rate * torch.stack(rows).sum() / len(y),
        sum(losses) / len(y),
    )


def wrong_gradient_as_a_column(W, b, X, y, learning_rate):
    by_W, by_b, loss = gradients(W, b, X, y)
    return W - learning_rate * by_W.flatten().unsqueeze(1), b - learning_rate * by_b, loss


def wrong_uphill(W, b, X, y, learning_rate):
    W, b = W.clone().requires_grad_(), b.clone().requires_grad_()
    loss = matched(X @ W.T + b, y)
    loss.backward()
    return W + learning_rate * W.grad, b + learning_rate * b.grad, loss  # the graph hangs on all three


def wrong_article(W, b, X, y, learning_rate):
    error = X @ W[0] + b - y
    by_w, by_b = -2 * (error[:, None] * X).sum(dim=0), -2 * error.sum()
    return W - learning_rate * by_w, b - learning_rate * by_b, (error @ error) / len(y)


def wrong_missing_two(W, b, X, y, learning_rate):
    error = X @ W[0] + b - y
    new_W = W - learning_rate * (error[:, None] * X).mean(dim=0)
    return new_W, b - learning_rate * error.mean(), (error**2).mean()


def wrong_summed(W, b, X, y, learning_rate):
    new_W, new_b, loss = torchs(W, b, X, y, learning_rate, lambda o, t: ((o[:, 0] - t) ** 2).sum())
    return new_W, new_b, loss / len(y)


def wrong_bias_summed(W, b, X, y, learning_rate):
    by_W, _, loss = gradients(W, b, X, y)
    return W - learning_rate * by_W, b - 2 * learning_rate * (X @ W.T + b - y[:, None]).sum(dim=0), loss


def wrong_bias_kept(W, b, X, y, learning_rate):
    by_W, _, loss = gradients(W, b, X, y)
    return W - learning_rate * by_W, b, loss


def wrong_forward_without_bias(W, b, X, y, learning_rate):
    error = X @ W[0] - y
    by_w, by_b = 2 / len(y) * error @ X, 2 * error.mean()
    return W - learning_rate * by_w, b - learning_rate * by_b, (error**2).mean()


def wrong_loss_after(W, b, X, y, learning_rate):
    new_W, new_b, _ = torchs(W, b, X, y, learning_rate, matched)
    return new_W, new_b, matched(X @ new_W.T + new_b, y)


def wrong_one_after_the_other(W, b, X, y, learning_rate):
    by_W, _, loss = gradients(W, b, X, y)
    W = W - learning_rate * by_W
    return W, b - learning_rate * gradients(W, b, X, y)[1], loss


def wrong_rate_unused(W, b, X, y, learning_rate):
    by_W, by_b, loss = gradients(W, b, X, y)
    return W - by_W, b - by_b, loss


def wrong_transposed(W, b, X, y, learning_rate):
    error = X @ W.T + b - y[:, None]
    new_W = W.T - learning_rate * 2 / len(y) * X.T @ error
    return new_W, b - learning_rate * 2 * error.mean(), (error**2).mean()


def wrong_axes_lost(W, b, X, y, learning_rate):
    w, b = W.flatten(), b.squeeze()
    error = X @ w + b - y
    return (
        w - learning_rate * 2 / len(y) * error @ X,
        b - learning_rate * 2 * error.mean(),
        error.square().mean(),
    )


def wrong_bias_without_axis(W, b, X, y, learning_rate):
    by_W, by_b, loss = gradients(W, b, X, y)
    return W - learning_rate * by_W, b.sum() - learning_rate * by_b.sum(), loss


def wrong_loss_first(W, b, X, y, learning_rate):
    *parameters, loss = torchs(W, b, X, y, learning_rate, matched)
    return loss, *parameters


def wrong_graph_kept(W, b, X, y, learning_rate):
    W, b = W.clone().requires_grad_(), b.clone().requires_grad_()
    loss = matched(X @ W.T + b, y)
    loss.backward()
    return W - learning_rate * W.grad, b - learning_rate * b.grad, loss.item()


def wrong_traces_left(W, b, X, y, learning_rate):
    W.requires_grad = b.requires_grad = True
    loss = matched(X @ W.T + b, y)
    loss.backward()
    with torch.no_grad():
        new = W - learning_rate * W.grad, b - learning_rate * b.grad
    W.requires_grad = b.requires_grad = False  # but the gradients stay
    return *new, loss.item()


def wrong_parameters_changed(W, b, X, y, learning_rate):
    W.requires_grad_(), b.requires_grad_()
    loss = matched(X @ W.T + b, y)
    loss.backward()
    with torch.no_grad():
        W -= learning_rate * W.grad
        b -= learning_rate * b.grad
    return W, b, loss
