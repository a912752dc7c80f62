"""Second forms for 01.training_memory."""

import numpy as np
import torch


def gib(total):
    return total / 1024 / 1024 / 1024


def right_formula(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    each = weight_bytes + gradient_bytes + states * state_bytes + (4 if master else 0)
    return parameters * each, parameters * each / 2**30


def right_parts(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    parts = {"weights": weight_bytes * parameters, "gradients": gradient_bytes * parameters}
    parts["optimiser"] = states * state_bytes * parameters
    if master:
        parts["master"] = 4 * parameters
    total = sum(parts.values())
    return [total, gib(total)]


def right_loop(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    total = parameters * (weight_bytes + gradient_bytes)
    for _ in range(states):
        total += parameters * state_bytes
    total += 4 * parameters * master
    return total, torch.tensor(total, dtype=torch.float64) / (1 << 30)


def right_numpy(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    sizes = np.array([weight_bytes, gradient_bytes, state_bytes, 4], dtype=np.int64)
    total = sizes @ np.array([1, 1, states, master], dtype=np.int64) * parameters
    return total, np.ldexp(float(total), -30)


def wrong_no_gradients(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    return right_formula(parameters, weight_bytes, 0, states, state_bytes, master)


def wrong_no_states(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    total = parameters * (weight_bytes + gradient_bytes)
    total += parameters * 4 if master else 0
    return total, gib(total)


def wrong_one_state(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    total = weight_bytes * parameters + gradient_bytes * parameters + state_bytes * parameters
    total += 4 * master * parameters
    return total, gib(total)


def wrong_states_like_weights(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    total = parameters * (weight_bytes * (1 + states) + gradient_bytes + (4 if master else 0))
    return total, gib(total)


def wrong_states_of_four(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    total = parameters * (weight_bytes + gradient_bytes + 4 * (states + master))
    return total, gib(total)


def wrong_gradients_like_weights(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    total = parameters * (2 * weight_bytes + states * state_bytes + (4 if master else 0))
    return total, gib(total)


def wrong_no_master(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    return right_formula(parameters, weight_bytes, gradient_bytes, states, state_bytes, False)


def wrong_master_always(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    total = sum([weight_bytes, gradient_bytes, states * state_bytes, 4]) * parameters
    return total, gib(total)


def wrong_master_like_weights(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    weights = weight_bytes * (2 if master else 1)
    return right_formula(parameters, weights, gradient_bytes, states, state_bytes, False)


def wrong_master_instead(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    if master:
        weight_bytes = 4
    total = parameters * (weight_bytes + gradient_bytes + states * state_bytes)
    return total, gib(total)


def wrong_weights_only(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    return parameters * weight_bytes, gib(parameters * weight_bytes)


def wrong_states_of_adam(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    each = weight_bytes + gradient_bytes + state_bytes + state_bytes
    if master:
        each += 4
    return parameters * each, gib(parameters * each)


def wrong_bits(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    each = 8 * (weight_bytes + gradient_bytes + states * state_bytes + (4 if master else 0))
    return each * parameters, each * parameters / 8 / 2**30


def wrong_of_one_parameter(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    each = weight_bytes + gradient_bytes + states * state_bytes + (4 if master else 0)
    return each, gib(each)


def wrong_decimal_gigabytes(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    total, _ = right_parts(parameters, weight_bytes, gradient_bytes, states, state_bytes, master)
    return total, total / 1000 / 1000 / 1000


def wrong_mebibytes(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    total, _ = right_parts(parameters, weight_bytes, gradient_bytes, states, state_bytes, master)
    return total, total / 2**20


def wrong_gib_cut(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    total, _ = right_parts(parameters, weight_bytes, gradient_bytes, states, state_bytes, master)
    return total, total // 2**30


def wrong_exchanged(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    total, size = right_parts(parameters, weight_bytes, gradient_bytes, states, state_bytes, master)
    return size, total


def wrong_bytes_alone(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    return parameters * (weight_bytes + gradient_bytes + states * state_bytes + (4 if master else 0))


def wrong_a_float(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    total, size = right_parts(parameters, weight_bytes, gradient_bytes, states, state_bytes, master)
    return size * 2**30, total / 2**30
