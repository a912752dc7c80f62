"""Second forms for 04.neuron. A right one must keep the graph, so none of them goes through NumPy."""

import torch


def right_loops(X, W, b):
    rows = [[(x * w).sum() + c for w, c in zip(W, b, strict=True)] for x in X]
    return torch.stack([torch.stack(row).tanh() for row in rows])


def right_einsum(X, W, b):
    return torch.einsum("ni,ki->nk", X, W).add(b).tanh()


def right_float32(X, W, b):
    return torch.tanh(X.float() @ W.float().T + b.float()).double()


def right_by_exponentials(X, W, b):
    z = b + (W @ X.T).T
    return (z.exp() - (-z).exp()) / (z.exp() + (-z).exp())


def right_ones_column(X, W, b):
    with_one = torch.cat([X, torch.ones_like(X[:, :1])], dim=1)
    return torch.tanh(with_one @ torch.cat([W, b[:, None]], dim=1).T)


def wrong_no_bias(X, W, b):
    return torch.stack([torch.stack([(x * w).sum() for w in W]) for x in X]).tanh()


def wrong_no_activation(X, W, b):
    return torch.einsum("ni,ki->nk", X, W) + b.expand(len(X), -1)


def wrong_bias_outside(X, W, b):
    return torch.stack([torch.tanh(W @ x) + b for x in X])


def wrong_activated_input(X, W, b):
    return torch.stack([W @ x.tanh() + b for x in X])


def wrong_transposed(X, W, b):
    return torch.stack([torch.tanh(X @ w + c) for w, c in zip(W, b, strict=True)])


def wrong_reshaped_weights(X, W, b):
    n_inputs = X.shape[1]
    flat = W.flatten()
    columns = torch.stack([flat[i * len(b) : (i + 1) * len(b)] for i in range(n_inputs)])
    return torch.einsum("ni,ik->nk", X, columns).add(b).tanh()


def wrong_mean_for_sum(X, W, b):
    return ((X[:, None, :] * W).mean(dim=-1) + b).tanh()


def wrong_sigmoid(X, W, b):
    return 1 / (1 + torch.exp(-(torch.einsum("ni,ki->nk", X, W) + b)))


def wrong_detached(X, W, b):
    result = torch.zeros(len(X), len(b), dtype=X.dtype)
    for i in range(len(X)):
        for k in range(len(b)):
            result[i, k] = torch.tanh((X[i] * W[k]).sum() + b[k]).item()
    return result
