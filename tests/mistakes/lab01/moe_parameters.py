"""Second forms for 01.moe_parameters."""

import numpy as np
import torch


def right_formula(C, F, experts, active):
    return C * experts * (3 * F + 1), C * (3 * F * active + experts)


def right_steps(C, F, experts, active):
    gate = up = down = C * F
    expert = gate + up + down
    router = experts * C
    return [experts * expert + router, active * expert + router]


def right_idle(C, F, experts, active):
    total = router = C * experts
    for _ in range(experts):
        total += 3 * F * C
    resting = (experts - active) * 3 * F * C
    return total, total - resting if router else 0


def right_numpy(C, F, experts, active):
    chosen = np.array([experts, active], dtype=np.int64)
    return tuple(chosen * (3 * C * F) + C * experts)


def right_torch_numbers(C, F, experts, active):
    expert, router = torch.tensor(3 * C * F), torch.tensor(C * experts)
    return expert * experts + router, expert * active + router


def wrong_two_matrices(C, F, experts, active):
    up, down = C * F, F * C
    return experts * (up + down) + experts * C, active * (up + down) + experts * C


def wrong_no_router(C, F, experts, active):
    return 3 * C * F * experts, 3 * C * F * active


def wrong_router_not_active(C, F, experts, active):
    return C * experts * (3 * F + 1), 3 * C * F * active


def wrong_router_only_active(C, F, experts, active):
    return 3 * C * F * experts, C * (3 * F * active + experts)


def wrong_router_of_the_chosen(C, F, experts, active):
    total = C * experts * (3 * F + 1)
    return total, total * active // experts  # the share of the experts that are chosen


def wrong_router_of_one_score(C, F, experts, active):
    return C * (3 * F * experts + 1), C * (3 * F * active + 1)


def wrong_router_in_each_expert(C, F, experts, active):
    expert = 3 * C * F
    expert += experts * C
    return experts * expert, active * expert


def wrong_all_active(C, F, experts, active):
    total = C * experts * (3 * F + 1)
    return [total, total]


def wrong_only_active(C, F, experts, active):
    at_work = C * (3 * F * active + experts)
    return at_work, at_work


def wrong_idle_experts(C, F, experts, active):
    router, expert = C * experts, 3 * C * F
    return router + experts * expert, router + experts * expert - active * expert


def wrong_exchanged(C, F, experts, active):
    total, at_work = right_formula(C, F, experts, active)
    return at_work, total


def wrong_total_alone(C, F, experts, active):
    return experts * (3 * C * F + C)


def wrong_four_times_wide(C, F, experts, active):
    return right_formula(C, 4 * C, experts, active)


def wrong_experts_with_biases(C, F, experts, active):
    expert = 2 * (C + 1) * F + (F + 1) * C
    return experts * expert + C * experts, active * expert + C * experts


def wrong_router_with_biases(C, F, experts, active):
    return tuple(count + experts for count in right_formula(C, F, experts, active))


def wrong_gate_shared(C, F, experts, active):
    def count(chosen):
        return C * F + chosen * (C * F + F * C) + experts * C

    return count(experts), count(active)


def wrong_a_float(C, F, experts, active):
    return tuple(float(count) for count in right_formula(C, F, experts, active))
