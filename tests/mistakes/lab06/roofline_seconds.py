"""Second forms for 06.roofline_seconds."""

import numpy as np
import torch


def times(flops, moved, peak, bandwidth):
    """The two times as rows."""
    return torch.stack([flops * (1 / peak), moved * (1 / bandwidth)])


def right_stacked(flops, moved, peak, bandwidth):
    longest = times(flops, moved, peak, bandwidth).max(dim=0)
    return longest.values, longest.indices == 1


def right_lists(flops, moved, peak, bandwidth):
    pairs = [(f / peak, m / bandwidth) for f, m in zip(flops.tolist(), moved.tolist(), strict=True)]
    return [max(pair) for pair in pairs], [memory > compute for compute, memory in pairs]


def right_numpy(flops, moved, peak, bandwidth):
    intensity = flops.numpy() / moved.numpy()
    roof = np.minimum(peak, intensity * bandwidth)
    return torch.from_numpy(flops.numpy() / roof), (roof < peak).astype(float)


def right_where(flops, moved, peak, bandwidth):
    bound = flops * bandwidth < moved * peak
    return torch.where(bound, moved / bandwidth, flops / peak), bound


def wrong_added(flops, moved, peak, bandwidth):
    return times(flops, moved, peak, bandwidth).sum(dim=0), right_where(flops, moved, peak, bandwidth)[1]


def wrong_shorter(flops, moved, peak, bandwidth):
    return times(flops, moved, peak, bandwidth).amin(dim=0), right_where(flops, moved, peak, bandwidth)[1]


def wrong_compute_only(flops, moved, peak, bandwidth):
    return times(flops, moved, peak, bandwidth)[0], right_where(flops, moved, peak, bandwidth)[1]


def wrong_memory_only(flops, moved, peak, bandwidth):
    return times(flops, moved, peak, bandwidth)[1], right_where(flops, moved, peak, bandwidth)[1]


def wrong_limit_reversed(flops, moved, peak, bandwidth):
    seconds, bound = right_where(flops, moved, peak, bandwidth)
    return seconds, ~bound


def wrong_ridge_at_one(flops, moved, peak, bandwidth):
    return right_where(flops, moved, peak, bandwidth)[0], flops / moved < 1


def wrong_rates_exchanged(flops, moved, peak, bandwidth):
    return right_where(flops, moved, bandwidth, peak)


def wrong_reciprocals(flops, moved, peak, bandwidth):
    seconds, bound = right_where(flops, moved, peak, bandwidth)
    return 1 / seconds, bound


def wrong_all_as_one(flops, moved, peak, bandwidth):
    either = times(flops, moved, peak, bandwidth)
    which = int(either.sum(dim=1).argmax())
    return either[which], torch.full(flops.shape, which == 1)


def wrong_rate_for_seconds(flops, moved, peak, bandwidth):
    roof = torch.clamp(flops / moved * bandwidth, max=peak)
    return roof, roof < peak


def wrong_microseconds(flops, moved, peak, bandwidth):
    seconds, bound = right_where(flops, moved, peak / 1e6, bandwidth / 1e6)
    return seconds, bound


def wrong_arguments_changed(flops, moved, peak, bandwidth):
    return torch.maximum(flops.div_(peak), moved.div_(bandwidth)), moved > flops


def wrong_ridge_inverted(flops, moved, peak, bandwidth):
    return right_where(flops, moved, peak, bandwidth)[0], flops * peak < moved * bandwidth


def wrong_intensity_inverted(flops, moved, peak, bandwidth):
    return right_where(flops, moved, peak, bandwidth)[0], moved * bandwidth < flops * peak
