"""Second forms for 05.epoch_loss."""

import numpy as np
import torch
from torch.nn import functional as F


def right_loop(predict, batches):
    total, n = 0.0, 0
    for X, y in batches:
        with torch.no_grad():
            error = predict(X).flatten() - y
        total += (error @ error).item()
        n += len(error)
    return total / n


def right_weighted_means(predict, batches):
    n = sum(len(y) for _, y in batches)
    with torch.inference_mode():
        return sum(F.mse_loss(predict(X).view(len(y)), y) * len(y) / n for X, y in batches)


def right_detached(predict, batches):
    losses = []
    for X, y in batches:
        outputs = predict(X).detach()
        if outputs.ndim == 2:
            outputs = outputs.squeeze(1)
        losses.extend(F.mse_loss(outputs, y, reduction="none"))
    return torch.stack(losses).mean()


def right_numpy(predict, batches):
    rows = [(predict(X).detach().numpy().ravel(), y.numpy()) for X, y in batches]
    outputs, targets = (np.concatenate(part) for part in zip(*rows, strict=True))
    return np.mean((outputs - targets) ** 2)


def right_columns(predict, batches):
    """Both sides as columns, and the graph cut at the end."""
    errors = [predict(X).reshape(-1, 1) - y.reshape(-1, 1) for X, y in batches]
    return torch.cat(errors).square().mean().detach()


def right_float32(predict, batches):
    with torch.no_grad():
        errors = [predict(X).float().reshape(-1) - y.float() for X, y in batches]
    return torch.cat(errors).square().mean()


def right_generator(predict, batches):
    def squares():
        for X, y in batches:
            yield from ((o - t) ** 2 for o, t in zip(predict(X).flatten().tolist(), y.tolist(), strict=True))

    found = list(squares())
    return sum(found) / len(found)


def right_switched_off_and_on(predict, batches):
    before = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    try:
        return right_columns(predict, batches)
    finally:
        torch.set_grad_enabled(before)


def means(predict, batches):
    """The loss of each batch, as numbers."""
    return [F.mse_loss(predict(X).flatten(), y).item() for X, y in batches]


def wrong_mean_of_means(predict, batches):
    """With the graph of the whole epoch, and twice as many calls as are needed."""
    losses = [F.mse_loss(predict(X).reshape(len(predict(X))), y) for X, y in batches]
    return sum(losses) / len(batches)


def wrong_last_batch(predict, batches):
    for X, y in batches:
        loss = ((predict(X).flatten() - y) ** 2).mean().item()
    return loss


def wrong_first_batch(predict, batches):
    total = 0.0
    n = 0
    for X, y in batches:
        total += ((predict(X).flatten() - y) ** 2).sum().item()
        n += len(y)
        if n:
            for X, _ in batches[1:]:  # the others are asked, and forgotten
                predict(X)
            return total / n


def wrong_summed(predict, batches):
    return sum(F.mse_loss(predict(X).flatten(), y, reduction="sum").item() for X, y in batches)


def wrong_sum_of_means(predict, batches):
    total = 0.0
    for loss in means(predict, batches):
        total += loss
    return torch.tensor(total)


def wrong_divided_by_batches(predict, batches):
    sums = [loss * len(y) for loss, (_, y) in zip(means(predict, batches), batches, strict=True)]
    return np.mean(sums)


def wrong_size_of_the_first(predict, batches):
    size = batches[0][0].shape[0]
    n = torch.cat([y for _, y in batches]).numel()
    return size / n * sum(means(predict, batches))


def wrong_short_batch_dropped(predict, batches):
    losses = means(predict, batches[:-1])
    return sum(losses) / len(losses)


def wrong_divided_by_numbers(predict, batches):
    total, n = 0.0, 0
    for X, y in batches:
        total += ((predict(X).flatten() - y) ** 2).sum().item()
        n += X.shape[0] * X.shape[1]
    return total / n


def wrong_broadcast(predict, batches):
    total = n = 0
    for X, y in batches:
        errors = predict(X).detach().numpy() - y.numpy()
        total += len(y) * np.mean(errors**2)
        n += len(y)
    return total / n


def wrong_broadcast_and_summed(predict, batches):
    total = n = 0
    for X, y in batches:
        total += np.square(predict(X).detach().numpy() - y.numpy()).sum()
        n += len(y)
    return total / n


def wrong_broadcast_mean_of_means(predict, batches):
    return np.mean([np.square(predict(X).detach().numpy() - y.numpy()).mean() for X, y in batches])


def wrong_always_a_column(predict, batches):
    total, n = 0.0, 0
    for X, y in batches:
        total += F.mse_loss(predict(X).squeeze(1), y, reduction="sum").item()
        n += len(y)
    return total / n


def wrong_targets_as_a_column(predict, batches):
    total = n = 0
    for X, y in batches:
        total += len(y) * ((predict(X) - y.reshape(-1, 1)) ** 2).mean().item()
        n += len(y)
    return total / n


def wrong_graph_kept(predict, batches):
    total, n = 0.0, 0
    for X, y in batches:
        total = total + F.mse_loss(predict(X).flatten(), y, reduction="sum")
        n += len(y)
    return total / n


def wrong_called_twice(predict, batches):
    total, n = 0.0, 0
    for X, y in batches:
        if predict(X).ndim == 2:
            total += ((predict(X)[:, 0] - y) ** 2).sum().item()
        else:
            total += ((predict(X) - y) ** 2).sum().item()
        n += len(y)
    return total / n


def wrong_left_switched_off(predict, batches):
    predict.w.requires_grad = predict.b.requires_grad = False
    return right_columns(predict, batches)


def wrong_root(predict, batches):
    return right_loop(predict, batches) ** 0.5


def wrong_absolute(predict, batches):
    sums = [F.l1_loss(predict(X).flatten(), y, reduction="sum").item() for X, y in batches]
    return sum(sums) / sum(len(y) for _, y in batches)


def wrong_targets_changed(predict, batches):
    total, n = 0.0, 0
    for X, y in batches:
        y -= predict(X).detach().flatten()
        total += (y**2).sum().item()
        n += len(y)
    return total / n
