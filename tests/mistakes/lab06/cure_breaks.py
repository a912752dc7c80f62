"""Second forms for 06.cure_breaks."""

import torch
from torch.nn import functional as F


def steps(x):
    one = (2 * x).sin()
    two = (2 * one).sin()
    return one, two, (2 * two).sin()


def sizes(x):
    return torch.cat([step.abs().amax().reshape(1) for step in steps(x)])


def divisor(x):
    return torch.maximum(x.detach().abs().amax(), x.new_ones(()))


def by_root(x, use):
    """The root where ``use`` is 1, the half where it is 0: arguments are made safe before."""
    use = use.to(x.dtype)
    return use * (x * use + 1 - use).sqrt() + (1 - use) * x / 2


def right_by_factors(x):
    return steps(x)[2], sizes(x), x / divisor(x), by_root(x, (x > 0).all())


def right_by_masked_fill(x):
    root = x.masked_fill(~(x > 0).all(), 4.0).sqrt()
    seen = torch.stack(steps(x)).flatten(1).abs().amax(dim=1)
    with torch.no_grad():
        largest = F.relu(x.abs().max() - 1) + 1
    return steps(x)[-1], seen.detach(), x / largest, torch.where((x > 0).all(), root, x * 0.5)


def right_by_cond(x):
    positive = x.detach().min() > 0
    rooted = torch.cond(positive, lambda t: t.sqrt(), lambda t: t / 2, (x,))
    return steps(x)[2], sizes(x), x * (1 / divisor(x)), rooted


def right_by_norm(x):
    largest = torch.linalg.vector_norm(x.detach(), torch.inf)
    low = x.min()
    safe = x - low.detach().clamp(max=0) + (low <= 0)  # x itself where all are positive; 1 and more elsewhere
    return steps(x)[2], sizes(x), x / largest.clamp_min(1), torch.where(low > 0, safe.sqrt(), x / 2)


def right_single_precision(x):
    return tuple(result.float() for result in right_by_factors(x))


def wrong_print_kept(x):
    results = right_by_factors(x)
    for step, size in enumerate(results[1]):
        print(f"{size.shape}"[step:step], end="")
    return results


def wrong_number_kept(x):
    settled, seen, scaled, rooted = right_by_factors(x)
    return settled, torch.tensor(seen.tolist()), scaled, rooted


def wrong_branch_kept(x):
    settled, seen, scaled, _ = right_by_factors(x)
    if bool((x > 0).all()):
        return settled, seen, scaled, x**0.5
    return settled, seen, scaled, 0.5 * x


def wrong_nothing_cured(x):
    settled, seen = x, []
    for step in range(3):
        settled = torch.sin(2 * settled)
        print("", end="" * step)
        seen.append(settled.abs().max())
    largest = float(x.detach().abs().max())
    scaled = x / largest if largest > 1 else x
    return settled, torch.stack(seen), scaled, x.sqrt() if x.min() > 0 else x / 2


def wrong_gradient_through_largest(x):
    settled, seen, _, rooted = right_by_factors(x)
    return settled, seen, x / torch.maximum(x.abs().amax(), x.new_ones(())), rooted


def wrong_root_of_negatives(x):
    settled, seen, scaled, _ = right_by_factors(x)
    positive = (x > 0).all()
    return settled, seen, scaled, (x / 2).where(~positive, x.sqrt())


def wrong_root_of_zero(x):
    use = (x > 0).all()
    return *right_by_factors(x)[:3], torch.where(use, x.abs() ** 0.5, 0.5 * x)


def wrong_lifted_from_zero(x):
    root = torch.maximum(x, x.new_full((), 1e-6)).sqrt()
    return *right_by_factors(x)[:3], (x / 2).where((x <= 0).any(), root)


def wrong_scaled_cut_off(x):
    settled, seen, scaled, rooted = right_by_factors(x)
    with torch.no_grad():
        scaled = x / divisor(x)
    return settled, seen, scaled, rooted


def wrong_each_by_itself(x):
    return *right_by_factors(x)[:3], by_root(x, x > 0)


def wrong_zero_is_positive(x):
    results = right_by_factors(x)
    at_least = (x >= 0).all()
    return *results[:3], torch.where(at_least, torch.where(at_least, x, 9.0).sqrt(), x / 2)


def wrong_always_divided(x):
    settled, seen, _, rooted = right_by_factors(x)
    return settled, seen, x / x.detach().abs().amax(), rooted


def wrong_sign_kept(x):
    settled, seen, _, rooted = right_by_factors(x)
    return settled, seen, x / torch.maximum(x.detach().amax(), x.new_ones(())), rooted


def wrong_last_seen(x):
    settled, _, scaled, rooted = right_by_factors(x)
    return settled, settled.abs().amax().reshape(1), scaled, rooted


def wrong_seen_before(x):
    one, two, three = steps(x)
    seen = torch.stack([t.abs().amax() for t in (x, one, two)])
    return three, seen, *right_by_factors(x)[2:]


def wrong_cut_off(x):
    with torch.no_grad():
        return right_by_masked_fill(x)


def wrong_x_changed(x):
    results = right_by_factors(x)
    with torch.no_grad():
        x *= 0.5
    return results
