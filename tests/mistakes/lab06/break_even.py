"""Second forms for 06.break_even."""

import math

import numpy as np
import torch


def rows(*times):
    return list(zip(*(each.tolist() for each in times), strict=True))


def first_paid(price, eager, compiled):
    return math.ceil(price / (eager - compiled)) if compiled < eager else math.inf


def right_loop(compile_seconds, eager_seconds, compiled_seconds, steps):
    paid = [first_paid(*row) for row in rows(compile_seconds, eager_seconds, compiled_seconds)]
    return torch.tensor(paid), [n <= steps for n in paid]


def right_totals(compile_seconds, eager_seconds, compiled_seconds, steps):
    worth_it = compile_seconds + steps * compiled_seconds <= steps * eager_seconds
    saved = (eager_seconds - compiled_seconds).clamp(min=0)
    return (compile_seconds / saved).ceil(), worth_it


def right_numpy(compile_seconds, eager_seconds, compiled_seconds, steps):
    saved = (eager_seconds - compiled_seconds).numpy()
    paid = np.full(len(saved), np.inf)
    paid[saved > 0] = -(-compile_seconds.numpy()[saved > 0] // saved[saved > 0])
    return paid, paid < steps + 1


def with_rule(rule):
    """A wrong solution from a rule for one program: (price, eager, compiled, steps) -> (paid, worth it)."""

    def wrong(compile_seconds, eager_seconds, compiled_seconds, steps):
        pairs = [rule(*row, steps) for row in rows(compile_seconds, eager_seconds, compiled_seconds)]
        paid, worth_it = zip(*pairs, strict=True)
        return torch.tensor(paid, dtype=torch.float64), torch.tensor(worth_it)

    return wrong


def divided(price, saved):
    return price / saved if saved else math.inf


def compared(paid, steps):
    return paid, paid <= steps


def ceiling(paid):
    return paid if math.isinf(paid) else math.ceil(paid)


def floor(paid):
    return paid if math.isinf(paid) else math.floor(paid)


wrong_broken = with_rule(lambda p, e, c, n: compared(divided(p, max(e - c, 0)), n))
wrong_rounded_down = with_rule(lambda p, e, c, n: compared(floor(divided(p, max(e - c, 0))), n))
wrong_always_one_more = with_rule(lambda p, e, c, n: compared(floor(divided(p, max(e - c, 0))) + 1, n))
wrong_rounded_to_nearest = with_rule(lambda p, e, c, n: compared(floor(divided(p, max(e - c, 0)) + 0.5), n))
wrong_one_too_many = with_rule(lambda p, e, c, n: (first_paid(p, e, c) + 1, p + (n - 1) * c <= (n - 1) * e))
wrong_later_is_never = with_rule(
    lambda p, e, c, n: (first_paid(p, e, c), True) if p + n * c <= n * e else (math.inf, False)
)
wrong_negative = with_rule(lambda p, e, c, n: compared(ceiling(divided(p, e - c)), n))
wrong_negative_and_right = with_rule(lambda p, e, c, n: (ceiling(divided(p, e - c)), p + n * c <= n * e))
wrong_minus_one_for_never = with_rule(
    lambda p, e, c, n: compared(-1 if e <= c else math.ceil(p / (e - c)), n)
)
wrong_minus_one_and_right = with_rule(
    lambda p, e, c, n: (-1, False) if e <= c else compared(math.ceil(p / (e - c)), n)
)
wrong_sign_lost = with_rule(lambda p, e, c, n: compared(ceiling(divided(p, abs(e - c))), n))
wrong_sign_reversed = with_rule(lambda p, e, c, n: compared(first_paid(p, c, e), n))
wrong_whole_step_saved = with_rule(lambda p, e, c, n: compared(math.ceil(p / e) if c < e else math.inf, n))
wrong_price_forgotten = with_rule(lambda p, e, c, n: (first_paid(p, e, c), n * e > n * c))
wrong_decision_reversed = with_rule(lambda p, e, c, n: (first_paid(p, e, c), not first_paid(p, e, c) <= n))
wrong_last_step_missed = with_rule(lambda p, e, c, n: (first_paid(p, e, c), p + n * c < n * e))


def wrong_arguments_changed(compile_seconds, eager_seconds, compiled_seconds, steps):
    results = right_totals(compile_seconds, eager_seconds, compiled_seconds, steps)
    eager_seconds.sub_(compiled_seconds)
    return results
