"""Second forms for 04.two_layer_backward."""

import torch


def right_autograd(X, W1, b1, W2, delta2):
    leaves = [t.clone().requires_grad_() for t in (W1, b1, W2)]
    scores = torch.tanh(X @ leaves[0].T + leaves[1]) @ leaves[2].T
    (scores * delta2).sum().backward()
    return *(leaf.grad for leaf in leaves), delta2.sum(dim=0)


def right_loops(X, W1, b1, W2, delta2):
    by_W1, by_b1 = torch.zeros_like(W1), torch.zeros_like(b1)
    by_W2, by_b2 = torch.zeros_like(W2), torch.zeros_like(delta2[0])
    for x, delta in zip(X, delta2, strict=True):
        a = torch.tanh(W1 @ x + b1)
        hidden = (W2.T @ delta) * (1 - a * a)
        by_W1 += torch.outer(hidden, x)
        by_b1 += hidden
        by_W2 += torch.outer(delta, a)
        by_b2 += delta
    return by_W1, by_b1, by_W2, by_b2


def right_einsum(X, W1, b1, W2, delta2):
    z = torch.einsum("bi,mi->bm", X, W1) + b1
    delta1 = torch.einsum("bk,km->bm", delta2, W2) / torch.cosh(z) ** 2
    by_W2 = torch.einsum("bk,bm->km", delta2, torch.tanh(z))
    return torch.einsum("bm,bi->mi", delta1, X), delta1.sum(0), by_W2, delta2.sum(0)


def right_numpy_ones(X, W1, b1, W2, delta2):
    X, W1, b1, W2, delta2 = (t.numpy() for t in (X, W1, b1, W2, delta2))
    a = torch.tanh(torch.from_numpy(X @ W1.T + b1)).numpy()
    delta1 = (1 - a**2) * (delta2 @ W2)
    ones = torch.ones(len(X), dtype=torch.float64).numpy()
    return tuple(
        torch.from_numpy(t) for t in ((X.T @ delta1).T, ones @ delta1, (a.T @ delta2).T, ones @ delta2)
    )


def right_float32(X, W1, b1, W2, delta2):
    return [t.double() for t in right_einsum(*(t.float() for t in (X, W1, b1, W2, delta2)))]


def by_sample(X, W1, b1, W2, delta2, slope):
    """Outer products of one sample at a time, with a wrong slope of the activation."""
    total = [0.0, 0.0, 0.0, 0.0]
    for x, delta in zip(X, delta2, strict=True):
        z = W1 @ x + b1
        hidden = (W2.T @ delta) * slope(z)
        parts = (hidden[:, None] * x, hidden, delta[:, None] * z.tanh(), delta)
        total = [t + part for t, part in zip(total, parts, strict=True)]
    return tuple(total)


def wrong_no_activation_slope(*args):
    return by_sample(*args, slope=torch.ones_like)


def wrong_slope_at_output(*args):
    return by_sample(*args, slope=lambda z: 1 / torch.cosh(torch.tanh(z)) ** 2)


def wrong_slope_of_sum(*args):
    return by_sample(*args, slope=lambda z: (1 + z) * (1 - z))


def wrong_sigmoid_slope(*args):
    return by_sample(*args, slope=lambda z: z.tanh() - z.tanh() ** 2)


def wrong_bias_mean(X, W1, b1, W2, delta2):
    by_W1, by_b1, by_W2, by_b2 = right_loops(X, W1, b1, W2, delta2)
    return by_W1, by_b1 / len(X), by_W2, by_b2 / X.shape[0]


def wrong_bias_per_sample(X, W1, b1, W2, delta2):
    a = torch.tanh(torch.einsum("bi,mi->bm", X, W1) + b1)
    delta1 = torch.einsum("bk,km->bm", delta2, W2)
    delta1 = delta1 - delta1 * a * a
    return torch.einsum("bm,bi->mi", delta1, X), delta1, torch.einsum("bk,bm->km", delta2, a), delta2


def wrong_transposed(X, W1, b1, W2, delta2):
    a = torch.tanh(X @ W1.T + b1)
    delta1 = (1 - a * a) * (delta2 @ W2)
    return X.T @ delta1, delta1.sum(0), a.T @ delta2, delta2.sum(0)


def wrong_forward_without_bias(X, W1, b1, W2, delta2):
    return right_einsum(X, W1, 0 * b1, W2, delta2)


def wrong_before_activation(X, W1, b1, W2, delta2):
    by_W1, by_b1, by_W2, by_b2 = right_loops(X, W1, b1, W2, delta2)
    by_W2 = sum(torch.outer(delta, W1 @ x + b1) for x, delta in zip(X, delta2, strict=True))
    return by_W1, by_b1, by_W2, by_b2


def wrong_averaged_again(X, W1, b1, W2, delta2):
    return right_einsum(X, W1, b1, W2, delta2 / len(delta2))


def wrong_not_squared(*args):
    return by_sample(*args, slope=lambda z: 2 / (1 + torch.exp(2 * z)))


def wrong_layers_exchanged(*args):
    gradients = right_einsum(*args)
    return gradients[2:] + gradients[:2]
