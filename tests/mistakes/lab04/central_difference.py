"""Second forms for 04.central_difference."""

import itertools

import numpy as np
import torch

from utils.exercises.lab04.central_difference import reference


def places(x):
    return itertools.product(*(range(size) for size in x.shape))


def right_indices(f, x, h):
    gradient = torch.empty_like(x)
    for place in places(x):
        above, below = x.clone(), x.clone()
        above[place] += h
        below[place] -= h
        gradient[place] = (f(above) - f(below)) / (2 * h)
    return gradient


def right_unit_vectors(f, x, h):
    units = torch.eye(x.numel(), dtype=x.dtype).reshape(-1, *x.shape)
    slopes = [(f(x + h * unit) - f(x - h * unit)) / h / 2 for unit in units]
    return torch.stack(slopes).reshape(x.shape)


def right_in_place_and_restored(f, x, h):
    gradient, flat = torch.zeros_like(x), x.view(-1)
    for i in range(x.numel()):
        kept = flat[i].item()
        flat[i] = kept + h
        above = f(x).item()
        flat[i] = kept - h
        gradient.view(-1)[i] = (above - f(x).item()) / (2 * h)
        flat[i] = kept
    return gradient


def right_numpy(f, x, h):
    start = x.numpy()
    gradient = np.zeros_like(start)
    for place in np.ndindex(*start.shape):
        nudge = np.zeros_like(start)
        nudge[place] = h
        gradient[place] = (
            float(f(torch.from_numpy(start + nudge)) - f(torch.from_numpy(start - nudge))) / 2 / h
        )
    return torch.from_numpy(gradient)


def wrong_forward_difference(f, x, h):
    here, gradient = f(x), torch.empty_like(x)
    for place in places(x):
        above = x.clone()
        above[place] += h
        gradient[place] = (f(above) - here) / h
    return gradient


def wrong_missing_two(f, x, h):
    return 2 * right_unit_vectors(f, x, h)


def wrong_sign(f, x, h):
    return right_indices(f, x, -h) - 2 * right_unit_vectors(f, x, h)


def wrong_flat(f, x, h):
    slopes = []
    for place in places(x):
        above, below = x.clone(), x.clone()
        above[place] += h
        below[place] -= h
        slopes.append(((f(above) - f(below)) / (2 * h)).item())
    return torch.tensor(slopes, dtype=x.dtype)


def wrong_all_at_once(f, x, h):
    gradient = torch.zeros_like(x)
    for place in places(x):
        above, below = x.clone(), x.clone()
        above += h
        below -= h
        gradient[place] = (f(above) - f(below)) / (2 * h)
    return gradient


def wrong_same_tensor(f, x, h):
    gradient = torch.zeros_like(x)
    for place in places(x):
        copy = x.clone()
        above = copy
        above[place] = x[place] + h
        below = copy
        below[place] = x[place] - h
        gradient[place] = (f(above) - f(below)) / (2 * h)
    return gradient


def wrong_input_left_shifted(f, x, h):
    values = []
    for place in places(x):
        x[place] += h
        above = f(x)
        x[place] -= h
        x[place] -= h
        values.append((above - f(x)) / h / 2)
    return torch.stack(values).reshape(x.shape)


def wrong_precedence(f, x, h):
    return right_numpy(f, x, h) * h**2


def wrong_rows_at_once(f, x, h):
    rows = []
    for i in range(x.shape[0]):
        above, below = x.clone(), x.clone()
        above[i] += h
        below[i] -= h
        rows.append(torch.full_like(x[i], float(f(above) - f(below)) / (2 * h)))
    return torch.stack(rows)


def wrong_h_unused(f, x, h):
    tiny = 1e-5
    return reference(f, x, tiny)
