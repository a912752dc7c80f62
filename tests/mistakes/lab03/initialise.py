"""Second forms for 03.initialise."""

import math

import numpy as np
import torch
from torch import nn


def right_branches(z, kind):
    fan_out, fan_in = z.shape
    if kind == "xavier_normal":
        return z * math.sqrt(2 / (fan_in + fan_out))
    if kind == "xavier_uniform":
        return z * math.sqrt(6 / (fan_in + fan_out))
    if kind == "kaiming_normal":
        return z * math.sqrt(2 / fan_in)
    return z * math.sqrt(6 / fan_in)


def right_gains(z, kind):
    gain = nn.init.calculate_gain("relu" if "kaiming" in kind else "linear")
    fan = z.shape[1] if "kaiming" in kind else sum(z.shape) / 2
    deviation = gain / fan**0.5
    return deviation * z * (3**0.5 if "uniform" in kind else 1)


def right_table(z, kind):
    fan = {"xavier": len(z) + len(z[0]), "kaiming": len(z[0])}
    top = {"normal": 2, "uniform": 6}
    rule, distribution = kind.split("_")
    return z.mul(torch.tensor(top[distribution] / fan[rule]).sqrt())


def right_numpy(z, kind):
    z = z.numpy()
    fan = np.mean(z.shape) if kind[0] == "x" else z.shape[1] / 2
    return z / np.sqrt(fan if kind.endswith("normal") else fan / 3)


def right_float32(z, kind):
    return right_branches(z.float(), kind)


def changed(z, kind, xavier=None, kaiming=None):
    """Right weights, times a factor of the two fans for one of the rules."""
    o, i = z.shape
    factor = kaiming if kind.startswith("kaiming") else xavier
    return right_branches(z, kind) * (factor(i, o) if factor else 1.0)


def wrong_fans_exchanged(z, kind):
    fan_in, fan_out = z.shape  # the other way round
    fan = fan_in if "kaiming" in kind else (fan_in + fan_out) / 2
    return z * np.sqrt((2 if "kaiming" in kind else 1) / fan * (3 if "uniform" in kind else 1))


def wrong_no_root(z, kind):
    fan = z.shape[1] if "kaiming" in kind else sum(z.shape)
    return z * (6 if "uniform" in kind else 2) / fan


def wrong_no_gain(z, kind):
    return changed(z, kind, kaiming=lambda i, o: math.sqrt(0.5))


def wrong_gain_for_all(z, kind):
    fan = z.shape[1] if "kaiming" in kind else sum(z.shape) / 2
    return z * math.sqrt(2.0) / math.sqrt(fan) * (math.sqrt(3) if "uniform" in kind else 1)


def wrong_sum_for_mean(z, kind):
    return changed(z, kind, xavier=lambda i, o: 1 / math.sqrt(2))


def wrong_xavier_by_fan_in(z, kind):
    deviation = 1 / z.shape[1] ** 0.5 * (2**0.5 if "kaiming" in kind else 1)
    return z * deviation * (3**0.5 if "uniform" in kind else 1)


def wrong_uniform_like_normal(z, kind):
    return right_branches(z, kind.replace("uniform", "normal"))


def wrong_uniform_wrong_way(z, kind):
    w = right_branches(z, kind.replace("uniform", "normal"))
    return w / 3**0.5 if "uniform" in kind else w


def wrong_uniform_of_width_one(z, kind):
    return right_branches(z, kind) * (2.0 if "uniform" in kind else 1.0)


def wrong_normal_like_uniform(z, kind):
    return right_branches(z, kind.replace("normal", "uniform"))


def wrong_always_xavier(z, kind):
    return right_branches(z, kind.replace("kaiming", "xavier"))


def wrong_always_kaiming(z, kind):
    return z * ((6 if kind.endswith("uniform") else 2) / z.shape[-1]) ** 0.5


def wrong_divided(z, kind):
    fan = z.shape[1] if "kaiming" in kind else sum(z.shape)
    return z * (fan / (6 if "uniform" in kind else 2)) ** 0.5


def wrong_scaled_to_its_own(z, kind):
    spread = ((z - z.mean()) ** 2).sum() / (z.numel() - 1)
    fan = z.shape[1] if "kaiming" in kind else sum(z.shape)
    return z * (2 / fan / spread).sqrt()


def wrong_drawn_anew(z, kind):
    options = {"nonlinearity": "relu"} if "kaiming" in kind else {}
    return getattr(nn.init, kind + "_")(z, **options)  # and over z


def wrong_z_changed(z, kind):
    return z.copy_(right_branches(z, kind)).clone()


def wrong_kaiming_by_mean_fan(z, kind):
    return changed(z, kind, kaiming=lambda i, o: math.sqrt(2 * i / (i + o)))


def wrong_rules_exchanged(z, kind):
    rule, distribution = kind.split("_")
    other = "xavier" if rule == "kaiming" else "kaiming"
    return right_branches(z, f"{other}_{distribution}")
