"""Second forms for 04.descend."""

import numpy as np
import torch


def right_preallocated(gradient, start, rate, steps):
    path = torch.empty(steps + 1, len(start), dtype=start.dtype)
    path[0] = start
    for i in range(steps):
        path[i + 1] = path[i] - rate * gradient(path[i])
    return path


def right_recursive(gradient, start, rate, steps):
    if steps == 0:
        return start[None]
    rest = right_recursive(gradient, start - rate * gradient(start), rate, steps - 1)
    return torch.cat([start[None], rest])


def right_numpy(gradient, start, rate, steps):
    points = [start.numpy().copy()]
    while len(points) <= steps:
        points.append(points[-1] - rate * gradient(torch.from_numpy(points[-1])).numpy())
    return torch.from_numpy(np.array(points))


def right_own_copy(gradient, start, rate, steps):
    x, path = start.clone(), [start]
    for _ in range(steps):
        x.sub_(gradient(x), alpha=rate)
        path.append(x.clone())
    return torch.stack(path)


def wrong_ascent(gradient, start, rate, steps):
    path = start[None].repeat(steps + 1, 1)
    for i in range(1, steps + 1):
        path[i] = path[i - 1] + rate * gradient(path[i - 1])
    return path


def wrong_without_start(gradient, start, rate, steps):
    x, path = start, []
    while len(path) < steps:
        x = x - rate * gradient(x)
        path.append(x)
    return torch.stack(path)


def wrong_one_step_short(gradient, start, rate, steps):
    x, path = start, [start]
    for _ in range(1, steps):
        x = x - rate * gradient(x)
        path.append(x)
    return torch.stack(path)


def wrong_without_end(gradient, start, rate, steps):
    x, path = start, []
    for _ in range(steps):
        path.append(x)
        x = x - rate * gradient(x)
    return torch.stack(path)


def wrong_one_step_long(gradient, start, rate, steps):
    path, i = [start], 0
    while i <= steps:
        path += [path[i] - rate * gradient(path[i])]
        i += 1
    return torch.stack(path)


def wrong_last_only(gradient, start, rate, steps):
    for _ in range(steps):
        start = start - rate * gradient(start)
    return start


def wrong_gradient_at_start(gradient, start, rate, steps):
    x, path = start, [start]
    for _ in range(steps):
        x = x - rate * gradient(start)
        path.append(x)
    return torch.stack(path)


def wrong_same_tensor(gradient, start, rate, steps):
    x = start.clone()
    for _ in range(steps):
        x = x - rate * gradient(x)
    return x.expand(steps + 1, -1)


def wrong_start_changed(gradient, start, rate, steps):
    path = start.new_empty(steps + 1, len(start))
    path[0] = start
    for i in range(1, steps + 1):
        path[i] = start.sub_(rate * gradient(start))
    return path


def wrong_one_tensor(gradient, start, learning_rate, steps):
    for _ in range(steps):
        start.sub_(gradient(start), alpha=learning_rate)
    return start.repeat(steps + 1, 1)
