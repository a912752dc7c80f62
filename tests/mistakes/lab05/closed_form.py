"""Second forms for 05.closed_form."""

import numpy as np
import torch


def right_centred(X, y):
    mean_x, mean_y = X.mean(dim=0), y.mean()
    w = torch.linalg.solve((X - mean_x).T @ (X - mean_x), (X - mean_x).T @ (y - mean_y))
    return w, mean_y - mean_x @ w


def right_ones_in_front(X, y):
    A = torch.hstack([torch.ones(len(y), 1), X])
    w = torch.inverse(A.T @ A) @ A.T @ y
    return w[1:], w[0]


def right_pseudo_inverse(X, y):
    A = torch.nn.functional.pad(X, (0, 1), value=1.0)
    w = (torch.linalg.pinv(A) @ y[:, None]).flatten()
    return [w[: X.shape[1]], w[-1]]


def right_numpy(X, y):
    A = np.column_stack([X.numpy(), np.ones(len(X))])
    w, *_ = np.linalg.lstsq(A, y.numpy(), rcond=None)
    return w[:-1], float(w[-1])


def right_float32(X, y):
    w, b = right_centred(X.float(), y.float())
    return w, b


def right_float32_normal_equations(X, y):
    A = np.column_stack([X.numpy(), np.ones(len(X))]).astype(np.float32)
    w = np.linalg.solve(A.T @ A, A.T @ y.numpy().astype(np.float32))
    return w[:-1], w[-1]


def right_elimination(X, y):
    """Plain Python: the first unknown is eliminated, the others are found by recursion."""

    def solve(M, v):
        if not M:
            return []
        (pivot, *top), rest = M[0], [(row[0] / M[0][0], row[1:]) for row in M[1:]]
        below = [[x - share * t for x, t in zip(row, top, strict=True)] for share, row in rest]
        found = solve(below, [x - share * v[0] for x, (share, _) in zip(v[1:], rest, strict=True)])
        return [(v[0] - sum(t * x for t, x in zip(top, found, strict=True))) / pivot, *found]

    A = torch.nn.functional.pad(X, (0, 1), value=1.0)
    *w, b = solve((A.T @ A).tolist(), (A.T @ y).tolist())
    return torch.tensor(w), b


def full(X, y):
    """The right solution, bias last, by the pseudo-inverse."""
    return torch.linalg.pinv(torch.nn.functional.pad(X, (0, 1), value=1.0)) @ y


def wrong_no_bias(X, y):
    return torch.linalg.lstsq(X, y[:, None]).solution.flatten(), torch.tensor(0.0)


def wrong_cut_at_the_wrong_end(X, y):
    w = full(X, y)
    w = torch.cat([w[-1:], w[:-1]])
    return w[: X.shape[1]], w[X.shape[1]]


def wrong_bias_among_weights(X, y):
    w, b = right_centred(X, y)
    return torch.cat([w, b.reshape(1)]), b


def wrong_exchanged(X, y):
    w, b = right_centred(X, y)
    return b, w


def wrong_still_columns(X, y):
    w, b = right_centred(X, y)
    return w.unsqueeze(1), b.reshape(1)


def wrong_bias_with_an_axis(X, y):
    w, b = right_centred(X, y)
    return w, b.unsqueeze(0)


def wrong_bias_is_the_mean(X, y):
    return full(X, y)[:-1], y.sum() / len(y)


def wrong_targets_centred_only(X, y):
    w = torch.linalg.pinv(X) @ (y - y.mean())
    return w, (y - X @ w).mean()


def wrong_input_by_input(X, y):
    slopes = torch.stack([torch.cov(torch.stack([x, y]))[0, 1] / x.var() for x in X.T])
    return slopes, (y - X @ slopes).mean()


def wrong_inverse_of_each_number(X, y):
    A = torch.nn.functional.pad(X, (0, 1), value=1.0)
    w = (A.T @ A) ** -1 @ A.T @ y
    return w[:-1], w[-1]


def wrong_ridge(X, y):
    A = torch.nn.functional.pad(X, (0, 1), value=1.0)
    rows = torch.eye(A.shape[1], dtype=A.dtype)  # as if each unit vector had been seen with the target zero
    w = torch.linalg.pinv(torch.cat([A, rows])) @ torch.cat([y, torch.zeros(len(rows))])
    return w[:-1], w[-1]


def wrong_arguments_changed(X, y):
    mean_x, mean_y = X.mean(dim=0), y.mean()
    w = torch.linalg.pinv(X.sub_(mean_x)) @ y.sub_(mean_y)
    return w, mean_y - (mean_x * w).sum()
