"""Second forms for 05.early_stopping."""

import math

import numpy as np
import torch


def right_index(losses, patience):
    best_epoch = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best_epoch]:
            best_epoch = epoch
        if epoch - best_epoch == patience:
            return best_epoch, epoch
    return best_epoch, len(losses) - 1


def right_counter(losses, patience):
    best, best_epoch, waited = float("inf"), 0, 0
    for epoch in range(len(losses)):
        if losses[epoch] < best:
            best, best_epoch, waited = losses[epoch], epoch, 0
        else:
            waited += 1
        if waited >= patience:
            break
    return [best_epoch, epoch]


def right_numpy(losses, patience):
    """The first epoch with the lowest loss so far, for all epochs at once."""
    losses = np.array(losses)
    epochs = np.arange(len(losses))
    before = np.concatenate([[np.inf], np.minimum.accumulate(losses)[:-1]])
    best = np.maximum.accumulate(np.where(losses < before, epochs, 0))
    stops = np.flatnonzero(epochs - best >= patience)
    stopped_at = stops[0] if len(stops) else len(losses) - 1
    return best[stopped_at], stopped_at


def right_torch(losses, patience):
    losses = torch.tensor(losses, dtype=torch.float64)
    for stopped_at in range(len(losses)):
        best_epoch = losses[: stopped_at + 1].argmin()  # the first of several that are equal
        if stopped_at - best_epoch >= patience:
            break
    return best_epoch, torch.tensor(stopped_at)


def right_while(losses, patience):
    epoch = best_epoch = 0
    while epoch + 1 < len(losses) and epoch < best_epoch + patience:
        epoch += 1
        best_epoch = epoch if losses[epoch] < losses[best_epoch] else best_epoch
    return best_epoch, epoch


def right_recursion(losses, patience, epoch=0, best_epoch=0):
    best_epoch = epoch if losses[epoch] < losses[best_epoch] else best_epoch
    if epoch - best_epoch == patience or epoch + 1 == len(losses):
        return best_epoch, epoch
    return right_recursion(losses, patience, epoch + 1, best_epoch)


def right_single_precision(losses, patience):
    losses = torch.tensor(losses)
    for epoch in range(len(losses)):
        best_epoch = int(losses[: epoch + 1].argmin())
        if epoch - best_epoch >= patience:
            break
    return best_epoch, epoch


def wrong_ties_count(losses, patience):
    best_epoch = 0
    for epoch, loss in enumerate(losses):
        if not loss > losses[best_epoch]:
            best_epoch = epoch
        if epoch - best_epoch == patience:
            return best_epoch, epoch
    return best_epoch, len(losses) - 1


def wrong_margin_asked(losses, patience):
    best_epoch = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best_epoch] and not math.isclose(loss, losses[best_epoch], rel_tol=1e-4):
            best_epoch = epoch
        if epoch - best_epoch == patience:
            return best_epoch, epoch
    return best_epoch, len(losses) - 1


def wrong_one_late(losses, patience):
    best_epoch = 0
    for epoch, loss in enumerate(losses):
        best_epoch = epoch if loss < losses[best_epoch] else best_epoch
        if epoch - best_epoch > patience:
            break
    return best_epoch, epoch


def wrong_one_early(losses, patience):
    best, waited = float("inf"), 0
    for epoch, loss in enumerate(losses):
        if loss < best:
            best, best_epoch, waited = loss, epoch, 0
        waited += 1
        if waited == patience:
            return best_epoch, epoch
    return best_epoch, len(losses) - 1


def wrong_never_reset(losses, patience):
    best_epoch, bad = 0, []
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[best_epoch]:
            best_epoch = epoch
        else:
            bad.append(epoch)
        if len(bad) == patience:
            return best_epoch, epoch
    return best_epoch, len(losses) - 1


def wrong_against_previous(losses, patience):
    best_epoch = 0
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[epoch - 1]:
            best_epoch = epoch
        elif epoch - best_epoch == patience:
            return best_epoch, epoch
    return best_epoch, len(losses) - 1


def wrong_hindsight(losses, patience):
    return int(np.argmin(losses)), right_index(losses, patience)[1]


def wrong_goes_on(losses, patience):
    best_epoch, stopped_at = 0, len(losses) - 1
    for epoch, loss in enumerate(losses):
        if loss < losses[best_epoch]:
            best_epoch = epoch
        if epoch - best_epoch >= patience:
            stopped_at = epoch
    return best_epoch, stopped_at


def wrong_never_stops(losses, patience):
    best_epoch = min(range(len(losses)), key=losses.__getitem__)
    return best_epoch, max(range(len(losses)))


def wrong_counted_back(losses, patience):
    best, waited, epoch = float("inf"), 0, -1
    while waited < patience and epoch + 1 < len(losses):
        epoch += 1
        waited = 0 if losses[epoch] < best else waited + 1
        best = min(best, losses[epoch])
    return epoch - patience, epoch


def wrong_from_one(losses, patience):
    best, best_epoch = float("inf"), 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < best:
            best, best_epoch = loss, epoch
        if epoch - best_epoch == patience:
            break
    return best_epoch, epoch


def wrong_epochs_trained(losses, patience):
    best_epoch, trained = 0, []
    for epoch, loss in enumerate(losses):
        trained.append(loss)
        best_epoch = epoch if loss < losses[best_epoch] else best_epoch
        if epoch - best_epoch == patience:
            break
    return best_epoch, len(trained)


def wrong_past_the_end(losses, patience):
    epoch = best_epoch = 0
    while epoch < len(losses):
        best_epoch = epoch if losses[epoch] < losses[best_epoch] else best_epoch
        if epoch - best_epoch == patience:
            break
        epoch += 1
    return best_epoch, epoch


def wrong_none_without_stop(losses, patience):
    best_epoch, stopped_at = 0, None
    for epoch, loss in enumerate(losses):
        if loss < losses[best_epoch]:
            best_epoch = epoch
        if epoch - best_epoch == patience:
            stopped_at = epoch
            break
    return best_epoch, stopped_at


def wrong_exchanged(losses, patience):
    best_epoch, stopped_at = right_index(losses, patience)
    return stopped_at, best_epoch


def wrong_loss_returned(losses, patience):
    best, waited = float("inf"), 0
    for epoch, loss in enumerate(losses):
        waited = 0 if loss < best else waited + 1
        best = min(best, loss)
        if waited == patience:
            return best, epoch
    return best, len(losses) - 1


def wrong_largest(losses, patience):
    return right_index([-loss for loss in losses], patience)


def wrong_best_from_zero(losses, patience):
    best_epoch, best, bad = 0, 0, 0
    for epoch, loss in enumerate(losses):
        bad += 1
        if loss < best:
            best_epoch, best, bad = epoch, loss, 0
        if bad >= patience:
            return best_epoch, epoch
    return best_epoch, len(losses) - 1


def wrong_losses_changed(losses, patience):
    answer = right_counter(losses, patience)
    while losses:
        losses.pop(0)
    return answer
