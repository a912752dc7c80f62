"""Second forms for 02.residual_stack."""

import functools

import torch
from torch.nn import functional as F


def right_numbers(x, W_in, W_out):
    for block in range(len(W_in)):
        hidden = F.relu(torch.matmul(x, W_in[block]))
        x = x + torch.matmul(hidden, W_out[block])
    return x


def right_recursion(x, W_in, W_out):
    if len(W_in) == 0:
        return x
    return right_recursion(x + (x @ W_in[0]).clamp(min=0) @ W_out[0], W_in[1:], W_out[1:])


def right_reduce(x, W_in, W_out):
    pairs = list(zip(W_in.unbind(), W_out.unbind(), strict=True))
    return functools.reduce(lambda h, pair: torch.addmm(h, F.relu(h @ pair[0]), pair[1]), pairs, x)


def right_own_copy(x, W_in, W_out):
    h = x.clone()
    for A, B in zip(W_in, W_out, strict=True):
        h += torch.einsum("bh,hc->bc", torch.relu(h.clone() @ A), B)
    return h


def right_collected(x, W_in, W_out):
    """The stream as the sum of all that was added."""
    added = [x]
    for A, B in zip(W_in, W_out, strict=True):
        added.append(F.relu(sum(added) @ A) @ B)
    return torch.stack(added).sum(dim=0)


def right_float32(x, W_in, W_out):
    return right_numbers(x.float(), W_in.float(), W_out.float())


def layers(h, W_in, W_out, i):
    return F.relu(F.linear(h, W_in[i].T)).matmul(W_out[i])


def wrong_no_way_around(x, W_in, W_out):
    for i in range(len(W_in)):
        x = layers(x, W_in, W_out, i)
    return x


def wrong_first_without(x, W_in, W_out):
    h = F.relu(x @ W_in[0]) @ W_out[0]
    return right_numbers(h, W_in[1:], W_out[1:])


def wrong_last_without(x, W_in, W_out):
    L = len(W_in)
    for i in range(L):
        new = layers(x, W_in, W_out, i)
        x = new if i == L - 1 else x + new
    return x


def wrong_one_way_around_all(x, W_in, W_out):
    h = x
    for i in range(len(W_in)):
        h = layers(h, W_in, W_out, i)
    return torch.add(h, x)


def wrong_adds_the_first_input(x, W_in, W_out):
    h = x
    for i in range(len(W_in)):
        h = layers(h, W_in, W_out, i).add(x)
    return h


def wrong_reads_the_first_input(x, W_in, W_out):
    return x + sum(layers(x, W_in, W_out, i) for i in range(len(W_in)))


def wrong_activation_after_the_sum(x, W_in, W_out):
    for i in range(len(W_in)):
        x = (x + layers(x, W_in, W_out, i)).clamp(min=0)
    return x


def wrong_activation_moved_after_the_sum(x, W_in, W_out):
    for A, B in zip(W_in, W_out, strict=True):
        x = F.relu(x + x @ (A @ B))
    return x


def wrong_activation_at_the_end(x, W_in, W_out):
    for A, B in zip(W_in, W_out, strict=True):
        x = x + F.relu(x @ (A @ B))
    return x


def wrong_activation_first(x, W_in, W_out):
    for A, B in zip(W_in, W_out, strict=True):
        x = x + x.clamp(min=0) @ (A @ B)
    return x


def wrong_activation_twice(x, W_in, W_out):
    for i in range(len(W_in)):
        x = x + layers(x, W_in, W_out, i).clamp(min=0)
    return x


def wrong_no_activation(x, W_in, W_out):
    for A, B in zip(W_in, W_out, strict=True):
        x = x @ (torch.eye(len(A), dtype=x.dtype) + A @ B)
    return x


def wrong_added_twice(x, W_in, W_out):
    h = x.clone()
    for i in range(len(W_in)):
        h = h + (h + layers(h, W_in, W_out, i))
    return h


def wrong_first_block_only(x, W_in, W_out):
    for A, B in zip(W_in, W_out, strict=True):
        x = x + F.relu(x @ A) @ B
        return x


def wrong_last_block_first(x, W_in, W_out):
    for i in reversed(range(len(W_in))):
        x = x + layers(x, W_in, W_out, i)
    return x


def wrong_way_around_detached(x, W_in, W_out):
    for i in range(len(W_in)):
        x = torch.tensor(x.tolist(), dtype=x.dtype) + layers(x, W_in, W_out, i)
    return x


def wrong_branch_detached(x, W_in, W_out):
    for i in range(len(W_in)):
        x = x + layers(x.data, W_in, W_out, i)
    return x


def wrong_graph_cut(x, W_in, W_out):
    return right_recursion(x, W_in, W_out).detach()


def wrong_x_changed(x, W_in, W_out):
    for i in range(len(W_in)):
        x.add_(layers(x, W_in, W_out, i))
    return x
