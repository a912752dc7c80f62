"""Second forms for 02.sees_the_future."""

import numpy as np
import torch


def right_noise(f, x):
    """Other numbers for all that comes after t, from the position before the last on down."""
    y = f(x)
    sees = []
    for t in range(len(x)):
        changed = x.clone()
        changed[t + 1 :] = torch.randn_like(changed[t + 1 :])
        sees.append(not torch.allclose(f(changed)[t], y[t]))
    return torch.tensor(sees)


def right_pairs(f, x):
    """A table of who depends on whom, by differences."""
    y = f(x)
    depends = torch.zeros(len(x), len(x), dtype=torch.bool)
    for s in range(len(x)):
        for c in range(x.shape[1]):
            changed = x.clone()
            changed[s, c] += 1.0
            depends[:, s] |= (f(changed) - y).abs().amax(dim=1) > 1e-6
    return depends.triu(1).any(dim=1)


def right_list(f, x):
    """Two futures are tried beside each other."""
    answers = []
    for t in range(x.shape[0]):
        futures = [torch.cat([x[: t + 1], scale * torch.rand_like(x[t + 1 :])]) for scale in (3.0, 5.0)]
        one, other = (f(future)[t] for future in futures)
        answers.append(bool((one - other).abs().max() > 1e-8))
    return answers


def right_restored(f, x):
    """Changes x in place and puts it back."""
    y, kept = f(x).clone(), x.clone()
    sees = torch.zeros(len(x), dtype=torch.bool)
    for t in range(len(x) - 1):
        x[t + 1 :] = x[t + 1 :] * 1.7 + torch.randn_like(x[t + 1 :])
        sees[t] = not np.allclose(f(x)[t], y[t])
        x.copy_(kept)
    return sees


def right_numpy(f, x):
    y = f(x).numpy()
    sees = np.zeros(len(x), dtype=bool)
    for t in range(len(x)):
        changed = x.numpy().copy()
        changed[t + 1 :] += np.random.default_rng(t).normal(size=changed[t + 1 :].shape)
        sees[t] = ~np.isclose(f(torch.from_numpy(changed)).numpy()[t], y[t]).all()
    return sees


def changed_after(x, t, new):
    later = x.clone()
    later[t + 1 :] = new
    return later


def changes(f, x, t, other):
    """Whether output t is another one for other inputs."""
    return not torch.allclose(f(other)[t], f(x)[t])


def wrong_next_only(f, x):
    sees = [False] * len(x)
    for t in range(len(x) - 1):
        other = x.clone()
        other[t + 1] = torch.randn(x.shape[1], dtype=x.dtype) + 2.0
        sees[t] = changes(f, x, t, other)
    return sees


def wrong_last_only(f, x):
    other = x.clone()
    other[-1] += torch.randn(x.shape[1], dtype=x.dtype)
    sees = [changes(f, x, t, other) for t in range(len(x))]
    sees[-1] = False
    return torch.tensor(sees)


def wrong_last_touches_itself(f, x):
    """As chapter 02 does."""
    other = x.clone()
    other[-1] += 1
    return (f(other) - f(x)).abs().amax(dim=1) > 1e-9


def wrong_present_changed(f, x):
    return [changes(f, x, t, changed_after(x, t - 1, torch.randn_like(x[t:]))) for t in range(len(x))]


def wrong_past_changed(f, x):
    sees = []
    for t in range(len(x)):
        other = x.clone()
        other[:t] += torch.randn_like(other[:t])
        sees.append(changes(f, x, t, other))
    return sees


def wrong_zeroed(f, x):
    sees = []
    for t in range(len(x)):
        keep = (torch.arange(len(x)) <= t)[:, None]
        sees.append(changes(f, x, t, x * keep))
    return sees


def wrong_constant_added(f, x):
    return [changes(f, x, t, changed_after(x, t, x[t + 1 :] + 3.0)) for t in range(len(x))]


def wrong_reordered(f, x):
    n = len(x)
    orders = [[*range(t + 1), *reversed(range(t + 1, n))] for t in range(n)]
    return [changes(f, x, t, x[order]) for t, order in enumerate(orders)]


def wrong_negated(f, x):
    return [changes(f, x, t, changed_after(x, t, -1 * x[t + 1 :])) for t in range(len(x))]


def wrong_one_channel_changed(f, x):
    sees = []
    for t in range(len(x)):
        other = x.clone()
        other[t + 1 :, 0] = torch.randn(len(x) - t - 1, dtype=x.dtype)
        sees.append(changes(f, x, t, other))
    return sees


def wrong_poisoned(f, x):
    return [bool(f(changed_after(x, t, float("nan")))[t].isnan().any()) for t in range(len(x))]


def wrong_cut_off(f, x):
    y = f(x)
    return [not torch.allclose(f(x[:end])[-1], y[end - 1]) for end in range(1, len(x) + 1)]


def wrong_by_autograd_of_sums(f, x):
    answers = []
    for t in range(len(x)):
        leaf = x.detach().clone().requires_grad_()
        f(leaf)[t].mean().backward()
        answers.append(bool((leaf.grad[t + 1 :].abs() > 1e-8).any()))
    return answers


def wrong_by_autograd(f, x):
    slopes = torch.autograd.functional.jacobian(f, x)  # (T, D, T, C)
    return slopes.abs().sum(dim=(1, 3)).triu(1).sum(dim=1) > 1e-9


def wrong_rounding_counts(f, x):
    y = f(x)
    sees = []
    for t in range(len(x)):
        other = changed_after(x, t, torch.randn_like(x[t + 1 :]))
        sees.append(not torch.equal(f(other)[t], y[t]))
    return sees


def wrong_whole_output_compared(f, x):
    sees = []
    for t in range(len(x)):
        other = changed_after(x, t, torch.randn_like(x[t + 1 :]))
        sees.append(not torch.allclose(f(other), f(x)))
    return sees


def wrong_earlier_outputs_too(f, x):
    y = f(x)
    sees = []
    for t in range(len(x)):
        other = changed_after(x, t, torch.randn_like(x[t + 1 :]))
        sees.append(not torch.allclose(f(other)[: t + 1], y[: t + 1]))
    return sees


def wrong_every_channel_must_change(f, x):
    sees = []
    for t in range(len(x)):
        other = changed_after(x, t, torch.randn_like(x[t + 1 :]))
        sees.append(bool(((f(other)[t] - f(x)[t]).abs() > 1e-7).all()))
    return sees


def wrong_seen_for_seeing(f, x):
    """The columns of the table instead of its rows."""
    depends = torch.zeros(len(x), len(x), dtype=torch.bool)
    for s in range(len(x)):
        other = x.clone()
        other[s] += torch.randn(x.shape[1], dtype=x.dtype)
        depends[:, s] = ~torch.isclose(f(other), f(x)).all(dim=1)
    return depends.triu(1).any(dim=0)


def wrong_threshold_too_coarse(f, x):
    answers = []
    for t in range(len(x)):
        gap = f(changed_after(x, t, x[t + 1 :] + 2 + torch.rand_like(x[t + 1 :])))[t] - f(x)[t]
        answers.append(round(gap.abs().max().item(), 2) != 0)
    return answers


def wrong_channels_added_up(f, x):
    answers = []
    for t in range(len(x)):
        future = f(changed_after(x, t, torch.randn_like(x[t + 1 :])))
        answers.append(not torch.allclose(future[t].mean(), f(x)[t].mean()))
    return answers


def wrong_inverted(f, x):
    return [not answer for answer in right_list(f, x)]


def wrong_one_answer(f, x):
    return any(right_list(f, x))


def wrong_positions_returned(f, x):
    answers = right_noise(f, x)
    return torch.tensor([t for t in range(len(x)) if answers[t]], dtype=torch.long)


def wrong_last_left_out(f, x):
    return [changes(f, x, t, changed_after(x, t, torch.randn_like(x[t + 1 :]))) for t in range(len(x) - 1)]


def wrong_x_changed(f, x):
    y = f(x).clone()
    sees = torch.zeros(len(x), dtype=torch.bool)
    for t in reversed(range(len(x) - 1)):
        x[t + 1] = other_row(x)
        sees[t] = not torch.allclose(f(x)[t], y[t])
    return sees


def other_row(x):
    return torch.randn(x.shape[1], dtype=x.dtype)
