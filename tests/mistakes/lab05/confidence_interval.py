"""Second forms for 05.confidence_interval."""

import numpy as np
import torch


def scores_of(predicted, target, picks):
    """R² of each resample, one after the other, as a NumPy array."""
    predicted, target = predicted.numpy(), target.numpy()
    pairs = ((predicted[pick], target[pick]) for pick in picks.numpy())
    return np.array([1 - np.mean((p - y) ** 2) / np.var(y) for p, y in pairs])


def right_vectorised(predicted, target, picks, level):
    p, y = predicted[picks], target[picks]
    error = ((y - p) ** 2).sum(dim=1)
    spread = ((y - y.mean(dim=1, keepdim=True)) ** 2).sum(dim=1)
    r2, tail = 1 - error / spread, (1 - level) / 2
    return torch.quantile(r2, tail), torch.quantile(r2, 1 - tail)


def right_numpy(predicted, target, picks, level):
    scores = scores_of(predicted, target, picks)
    low, high = np.quantile(scores, [(1 - level) / 2, (1 + level) / 2])
    return torch.tensor(low), torch.tensor(high)


def right_loops(predicted, target, picks, level):
    """Plain Python, the interpolation included."""
    scores = []
    for pick in picks.tolist():
        p, y = [predicted[i].item() for i in pick], [target[i].item() for i in pick]
        mean = sum(y) / len(y)
        error = sum((a - b) ** 2 for a, b in zip(p, y, strict=True))
        scores.append(1 - error / sum((b - mean) ** 2 for b in y))
    scores.sort()

    def quantile(q):
        below = int(q * (len(scores) - 1))
        part = q * (len(scores) - 1) - below
        return scores[below] + part * (scores[below + 1] - scores[below])

    return quantile((1 - level) / 2), quantile(1 - (1 - level) / 2)


def right_float32(predicted, target, picks, level):
    low, high = right_vectorised(predicted.float(), target.float(), picks, level)
    return low, high


def right_list(predicted, target, picks, level):
    scores = torch.from_numpy(scores_of(predicted, target, picks))
    return list(scores.quantile(torch.tensor([0.5 - level / 2, 0.5 + level / 2], dtype=torch.float64)))


def right_weights(predicted, target, picks, level):
    """How often each sample was drawn, instead of the samples themselves."""
    weights = torch.nn.functional.one_hot(picks, len(target)).sum(dim=1).double() / len(target)
    spread = weights @ target**2 - (weights @ target) ** 2
    scores = 1 - weights @ (target - predicted) ** 2 / spread
    return [scores.quantile(0.5 - level / 2).item(), scores.quantile(0.5 + level / 2).item()]


def ends(scores, level):
    return tuple(np.quantile(np.asarray(scores), [(1 - level) / 2, (1 + level) / 2]))


def wrong_mean_of_all(predicted, target, picks, level):
    error, spread = (target - predicted) ** 2, (target - target.mean()) ** 2
    return ends([1 - error[pick].mean() / spread[pick].mean() for pick in picks], level)


def wrong_spread_of_all(predicted, target, picks, level):
    errors = [((target - predicted) ** 2)[pick].mean() for pick in picks]
    return ends([1 - error / target.var(correction=0) for error in errors], level)


def wrong_pooled_mean(predicted, target, picks, level):
    error, spread = (target - predicted) ** 2, (target - target[picks].mean()) ** 2
    return ends([1 - error[pick].sum() / spread[pick].sum() for pick in picks], level)


def wrong_wrong_axis(predicted, target, picks, level):
    p, y = predicted[picks], target[picks]
    scores = 1 - ((y - p) ** 2).mean(dim=0) / ((y - y.mean(dim=0)) ** 2).mean(dim=0)
    return ends(scores, level)


def wrong_mean_squared_error(predicted, target, picks, level):
    return ends([torch.nn.functional.mse_loss(predicted[pick], target[pick]) for pick in picks], level)


def wrong_unexplained(predicted, target, picks, level):
    return ends(1 - scores_of(predicted, target, picks), level)


def wrong_targets_only(predicted, target, picks, level):
    samples = [target[pick] for pick in picks]
    return ends([1 - ((predicted - y) ** 2).mean() / y.var(correction=0) for y in samples], level)


def wrong_predictions_only(predicted, target, picks, level):
    errors = [((predicted[pick] - target) ** 2).sum() for pick in picks]
    return ends([1 - error / ((target - target.mean()) ** 2).sum() for error in errors], level)


def wrong_roles_exchanged(predicted, target, picks, level):
    return ends(scores_of(target, predicted, picks), level)


def wrong_squared_correlation(predicted, target, picks, level):
    pairs = ((predicted[pick].numpy(), target[pick].numpy()) for pick in picks)
    return ends([np.corrcoef(p, y)[0, 1] ** 2 for p, y in pairs], level)


def wrong_variance_corrected(predicted, target, picks, level):
    n = len(target)
    return ends(1 - (1 - scores_of(predicted, target, picks)) * (n - 1) / n, level)


def wrong_tails_doubled(predicted, target, picks, level):
    return tuple(np.quantile(scores_of(predicted, target, picks), [1 - level, level]))


def wrong_one_sided(predicted, target, picks, level):
    return tuple(np.quantile(scores_of(predicted, target, picks), [1 - level, 1.0]))


def wrong_extremes(predicted, target, picks, level):
    scores = sorted(scores_of(predicted, target, picks))
    return scores[0], scores[-1]


def wrong_two_deviations(predicted, target, picks, level):
    scores = scores_of(predicted, target, picks)
    return tuple(scores.mean() + sign * 2 * scores.std(ddof=1) for sign in (-1, 1))


def wrong_nearest(predicted, target, picks, level):
    scores, tail = sorted(scores_of(predicted, target, picks)), (1 - level) / 2
    return scores[round(tail * (len(scores) - 1))], scores[round((1 - tail) * (len(scores) - 1))]


def wrong_position_cut(predicted, target, picks, level):
    scores = np.sort(scores_of(predicted, target, picks))
    return tuple(scores[[int(len(scores) * (1 - level) / 2), int(len(scores) * (1 + level) / 2)]])


def wrong_exchanged(predicted, target, picks, level):
    low, high = ends(scores_of(predicted, target, picks), level)
    return high, low


def wrong_predictions_changed(predicted, target, picks, level):
    scores = scores_of(predicted, target, picks)
    predicted.sub_(target)
    return ends(scores, level)
