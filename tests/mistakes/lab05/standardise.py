"""Second forms for 05.standardise."""

import numpy as np
import torch


def right_by_formula(X_train, X_new):
    mean = X_train.sum(dim=0) / len(X_train)
    scale = (((X_train - mean) ** 2).sum(dim=0) / len(X_train)) ** 0.5
    scale[scale == 0] = 1.0
    return (X_train - mean) / scale, (X_new - mean) / scale


def right_columns(X_train, X_new):
    done = []
    for old, new in zip(X_train.T, X_new.T, strict=True):
        scale = old.std(unbiased=False).item() or 1.0
        done.append(((old - old.mean()) / scale, (new - old.mean()) / scale))
    return tuple(torch.stack(columns, dim=1) for columns in zip(*done, strict=True))


def right_numpy(X_train, X_new):
    old, new = X_train.numpy(), X_new.numpy()
    scale = np.std(old, axis=0)
    scale = np.where(scale > 0, scale, 1)
    return [(old - old.mean(axis=0)) / scale, (new - old.mean(axis=0)) / scale]


def right_moments(X_train, X_new):
    variance, mean = torch.var_mean(X_train, dim=0, keepdim=True, correction=0)
    weight = variance.masked_fill(variance == 0, 1.0).rsqrt()
    return X_train * weight - mean * weight, X_new * weight - mean * weight


def right_float32(X_train, X_new):
    return right_by_formula(X_train.float(), X_new.float())


def right_one_by_one(X_train, X_new):
    """Mean and squares are brought up to date with each row; constant is a column without a second value."""
    mean = squares = torch.zeros(X_train.shape[1])
    for n, row in enumerate(X_train, start=1):
        step = row - mean
        mean = mean + step / n
        squares = squares + step * (row - mean)
    constant = torch.tensor([len(set(column)) == 1 for column in X_train.T.tolist()])
    scale = (squares / len(X_train)).sqrt().masked_fill(constant, 1.0)
    return [(X - mean) / scale for X in (X_train, X_new)]


def scaled(X, by, n=None):
    """X scaled by the statistics of another table; the sum of squares is divided by n."""
    mean = by.mean(dim=0)
    scale = ((by - mean).square().sum(dim=0) / (n or len(by))).sqrt()
    scale[scale == 0] = 1.0
    return (X - mean) / scale


def wrong_all_rows(X_train, X_new):
    X = torch.vstack([X_train, X_new])
    X = scaled(X, X)
    return X[: len(X_train)], X[len(X_train) :]


def wrong_scale_of_the_new(X_train, X_new):
    return scaled(X_train, X_new), scaled(X_new, X_new)


def wrong_each_its_own(X_train, X_new):
    return tuple(scaled(X, X) for X in (X_train, X_new))


def wrong_own_deviation(X_train, X_new):
    new = scaled(X_new, X_new) + (X_new.mean(dim=0) - X_train.mean(dim=0)) / X_new.std(dim=0, correction=0)
    return scaled(X_train, X_train), new


def wrong_own_mean(X_train, X_new):
    return scaled(X_train, X_train), scaled(X_new + (X_train.mean(dim=0) - X_new.mean(dim=0)), X_train)


def wrong_sample_deviation(X_train, X_new):
    mean, scale = X_train.mean(0), X_train.std(0)  # and NaN where the column is constant
    return X_train.sub(mean).div(scale), X_new.sub(mean).div(scale)


def wrong_each_its_own_sample(X_train, X_new):
    return tuple((X - X.mean(dim=0)) / X.std(dim=0) for X in (X_train, X_new))  # and NaN in one column


def wrong_all_rows_sample(X_train, X_new):
    X = torch.vstack([X_train, X_new])
    X = scaled(X, X, len(X) - 1)
    return X.split([len(X_train), len(X_new)])


def wrong_whole_table_sample(X_train, X_new):
    mean, scale = np.mean(X_train.numpy()), np.std(X_train.numpy(), ddof=1)
    return (X_train - mean) / scale, (X_new - mean) / scale


def wrong_along_rows(X_train, X_new):
    return scaled(X_train.T, X_train.T).T, scaled(X_new.T, X_new.T).T


def wrong_whole_table(X_train, X_new):
    mean, scale = np.mean(X_train.numpy()), np.std(X_train.numpy())
    return (X_train - mean) / scale, (X_new - mean) / scale


def wrong_constant_is_nan(X_train, X_new):
    mean, scale = X_train.mean(0), X_train.var(0, unbiased=False).sqrt()
    return X_train.sub(mean).div(scale), X_new.sub(mean).div(scale)


def wrong_tiny_added(X_train, X_new):
    mean, scale = np.mean(X_train.numpy(), axis=0), np.std(X_train.numpy(), axis=0)
    return (X_train.numpy() - mean) / (scale + 1e-8), (X_new.numpy() - mean) / (scale + 1e-8)


def wrong_nan_replaced(X_train, X_new):
    mean, scale = np.mean(X_train.numpy(), axis=0), np.std(X_train.numpy(), axis=0)
    with np.errstate(all="ignore"):
        return [np.nan_to_num((X.numpy() - mean) / scale) for X in (X_train, X_new)]


def wrong_training_repaired(X_train, X_new):
    mean, scale = np.mean(X_train.numpy(), axis=0), np.std(X_train.numpy(), axis=0)
    with np.errstate(all="ignore"):
        new = (X_new.numpy() - mean) / scale
    return (X_train.numpy() - mean) / (scale + (scale == 0)), new


def wrong_small_for_constant(X_train, X_new):
    mean = X_train.sum(dim=0) / len(X_train)
    span = X_train.amax(dim=0) - X_train.amin(dim=0)
    scale = X_train.var(dim=0, unbiased=False).sqrt().masked_fill(span < 0.05, 1.0)
    return X_train.sub(mean).div(scale), X_new.sub(mean).div(scale)


def wrong_new_rows_zeroed(X_train, X_new):
    mean, scale = X_train.mean(dim=0), X_train.std(dim=0, correction=0)
    return tuple(((X - mean) / scale).nan_to_num(0.0, 0.0, 0.0) for X in (X_train, X_new))


def wrong_constant_dropped(X_train, X_new):
    columns = [i for i, column in enumerate(X_train.T) if len(column.unique()) > 1]
    return scaled(X_train[:, columns], X_train[:, columns]), scaled(X_new[:, columns], X_train[:, columns])


def wrong_by_variance(X_train, X_new):
    mean, variance = X_train.mean(dim=0), X_train.var(dim=0, correction=0)
    variance[variance == 0] = 1.0
    return (X_train - mean) / variance, (X_new - mean) / variance


def wrong_centred_only(X_train, X_new):
    return tuple(X.sub(X_train.sum(dim=0) / len(X_train)) for X in (X_train, X_new))


def wrong_min_max(X_train, X_new):
    low, high = X_train.min(dim=0).values, X_train.max(dim=0).values
    span = (high - low) + (high == low)
    return (X_train - low) / span, (X_new - low) / span


def wrong_training_only(X_train, X_new):
    return scaled(X_train, X_train)


def wrong_exchanged(X_train, X_new):
    return scaled(X_new, X_train), scaled(X_train, X_train)


def wrong_arguments_changed(X_train, X_new):
    new = scaled(X_new, X_train)
    X_train.copy_(scaled(X_train, X_train))
    X_new[:] = new
    return X_train.clone(), new
