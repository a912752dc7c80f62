"""Second forms for 01.training_days."""

import numpy as np
import torch

DAY = 24 * 60 * 60


def achieved(devices, peak_tflops, utilisation):
    """Operations a second of all devices together."""
    return devices * utilisation * peak_tflops * 10**12


def kilowatt_hours(days, devices, watts):
    return days * 24 * devices * watts / 1000


def right_steps(parameters, tokens, devices, peak_tflops, utilisation, watts):
    seconds = 6 * parameters * tokens / achieved(devices, peak_tflops, utilisation)
    days = seconds / DAY
    return days, kilowatt_hours(days, devices, watts)


def right_tokens_per_day(parameters, tokens, devices, peak_tflops, utilisation, watts):
    tokens_per_day = achieved(devices, peak_tflops, utilisation) * DAY / (6 * parameters)
    days = tokens / tokens_per_day
    return [days, devices * (watts / 1000) * 24 * days]


def right_device_hours(parameters, tokens, devices, peak_tflops, utilisation, watts):
    device_hours = 2 * parameters * tokens * 3 / (peak_tflops * 1e12 * utilisation) / 3600
    return device_hours / devices / 24, device_hours * watts * 1e-3


def right_torch(parameters, tokens, devices, peak_tflops, utilisation, watts):
    work = torch.tensor([parameters, tokens], dtype=torch.float64).prod() * 6
    days = work / achieved(devices, peak_tflops, utilisation) / DAY
    return days, kilowatt_hours(days, devices, watts)


def right_numpy(parameters, tokens, devices, peak_tflops, utilisation, watts):
    work = np.float64(parameters) * tokens * 6
    hours = np.array([1 / 24, devices * watts / 1000]) * work
    return tuple(hours / achieved(devices, peak_tflops, utilisation) / 3600)


def wrong_forward_only(parameters, tokens, devices, peak_tflops, utilisation, watts):
    days = 2 * parameters * tokens / achieved(devices, peak_tflops, utilisation) / DAY
    return days, kilowatt_hours(days, devices, watts)


def wrong_backward_only(parameters, tokens, devices, peak_tflops, utilisation, watts):
    days = (6 - 2) * parameters * tokens / achieved(devices, peak_tflops, utilisation) / DAY
    return days, kilowatt_hours(days, devices, watts)


def wrong_one_operation(parameters, tokens, devices, peak_tflops, utilisation, watts):
    days = parameters * tokens / achieved(devices, peak_tflops, utilisation) / DAY
    return days, kilowatt_hours(days, devices, watts)


def wrong_pairs_as_one(parameters, tokens, devices, peak_tflops, utilisation, watts):
    days = (1 + 2) * parameters * tokens / achieved(devices, peak_tflops, utilisation) / DAY
    return days, kilowatt_hours(days, devices, watts)


def wrong_at_the_peak(parameters, tokens, devices, peak_tflops, utilisation, watts):
    days = 6 * parameters * tokens / (devices * peak_tflops * 1e12) / DAY
    return days, kilowatt_hours(days, devices, watts)


def wrong_utilisation_upside_down(parameters, tokens, devices, peak_tflops, utilisation, watts):
    days = 6 * parameters * tokens / (devices * peak_tflops * 1e12) * utilisation / DAY
    return days, kilowatt_hours(days, devices, watts)


def wrong_one_device(parameters, tokens, devices, peak_tflops, utilisation, watts):
    days = 6 * parameters * tokens / (peak_tflops * 1e12 * utilisation) / DAY
    return days, days * 24 * watts / 1000


def wrong_not_shared(parameters, tokens, devices, peak_tflops, utilisation, watts):
    days = 6 * parameters * tokens / (peak_tflops * 1e12 * utilisation) / DAY
    return days, kilowatt_hours(days, devices, watts)


def wrong_energy_of_one(parameters, tokens, devices, peak_tflops, utilisation, watts):
    days, _ = right_steps(parameters, tokens, devices, peak_tflops, utilisation, watts)
    return days, days * 24 * watts / 1000


def wrong_hours(parameters, tokens, devices, peak_tflops, utilisation, watts):
    hours = 6 * parameters * tokens / achieved(devices, peak_tflops, utilisation) / 3600
    return hours, hours * devices * watts / 1000


def wrong_seconds(parameters, tokens, devices, peak_tflops, utilisation, watts):
    seconds = 6 * parameters * tokens / achieved(devices, peak_tflops, utilisation)
    return seconds, seconds / 3600 * devices * watts / 1000


def wrong_giga(parameters, tokens, devices, peak_tflops, utilisation, watts):
    days = 6 * parameters * tokens / (devices * peak_tflops * 10**9 * utilisation) / DAY
    return days, kilowatt_hours(days, devices, watts)


def wrong_binary_tera(parameters, tokens, devices, peak_tflops, utilisation, watts):
    rate = devices * peak_tflops * 1024**4 * utilisation
    days = 6 * parameters * tokens / rate / DAY
    return days, kilowatt_hours(days, devices, watts)


def wrong_energy_by_days(parameters, tokens, devices, peak_tflops, utilisation, watts):
    days, _ = right_steps(parameters, tokens, devices, peak_tflops, utilisation, watts)
    return days, days * devices * watts / 1000


def wrong_watt_hours(parameters, tokens, devices, peak_tflops, utilisation, watts):
    days, _ = right_steps(parameters, tokens, devices, peak_tflops, utilisation, watts)
    return days, days * 24 * devices * watts


def wrong_joules(parameters, tokens, devices, peak_tflops, utilisation, watts):
    days, _ = right_steps(parameters, tokens, devices, peak_tflops, utilisation, watts)
    return days, days * DAY * devices * watts


def wrong_energy_utilised(parameters, tokens, devices, peak_tflops, utilisation, watts):
    days, energy = right_steps(parameters, tokens, devices, peak_tflops, utilisation, watts)
    return days, energy * utilisation


def wrong_exchanged(parameters, tokens, devices, peak_tflops, utilisation, watts):
    days, energy = right_steps(parameters, tokens, devices, peak_tflops, utilisation, watts)
    return energy, days


def wrong_days_alone(parameters, tokens, devices, peak_tflops, utilisation, watts):
    return 6 * parameters * tokens / achieved(devices, peak_tflops, utilisation) / DAY
