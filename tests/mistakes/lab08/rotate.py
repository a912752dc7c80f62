"""Second forms for 08.rotate."""

import math

import numpy as np
import torch


def by_matrix(x, angles):
    """Each pair times a matrix of two rows."""
    pairs = torch.stack(x.chunk(2, dim=-1), dim=-1)  # (B, H, T, D / 2, 2)
    cos, sin = angles.cos(), angles.sin()
    R = torch.stack([torch.stack([cos, -sin], -1), torch.stack([sin, cos], -1)], -2).to(x.dtype)
    return torch.cat((R @ pairs[..., None])[..., 0].unbind(-1), dim=-1)


def speeds(D, base):
    return torch.tensor([base ** (-2 * i / D) for i in range(D // 2)], dtype=torch.float64)


def right_by_matrix(x, positions, base):
    return by_matrix(x, torch.outer(positions.double(), speeds(x.shape[-1], base)))


def right_doubled_tables(x, positions, base):
    """As model code does it: tables over all channels, and the halves exchanged."""
    D = x.shape[-1]
    angles = positions[:, None] / base ** (torch.arange(0, D, 2, dtype=torch.float64) / D)
    cos, sin = angles.cos().repeat(1, 2), angles.sin().repeat(1, 2)
    exchanged = torch.cat([-x[..., D // 2 :], x[..., : D // 2]], dim=-1)
    return x * cos + exchanged * sin


def right_numpy(x, positions, base):
    x, half = x.numpy(), x.shape[-1] // 2
    z = x[..., :half] + 1j * x[..., half:]
    z = z * np.exp(1j * positions.numpy()[:, None] * base ** (-np.arange(half) / half))
    return np.concatenate([z.real, z.imag], axis=-1)


def right_loops(x, positions, base):
    D, out = x.shape[-1], torch.empty_like(x)
    for t, position in enumerate(positions.tolist()):
        for i in range(D // 2):
            c, s = (f(position * base ** (-2 * i / D)) for f in (math.cos, math.sin))
            a, b = x[:, :, t, i], x[:, :, t, i + D // 2]
            out[:, :, t, i], out[:, :, t, i + D // 2] = c * a - s * b, s * a + c * b
    return out


def right_single_precision(x, positions, base):
    return right_doubled_tables(x.float(), positions, base)


def right_speeds_in_single_precision(x, positions, base):
    steps = torch.arange(x.shape[-1] // 2, dtype=torch.float32) / (x.shape[-1] // 2)
    return by_matrix(x, positions[:, None] * base**-steps)


def angles_of(x, positions, base):
    return torch.outer(positions.double(), speeds(x.shape[-1], base))


def wrong_positions_ignored(x, positions, base):
    return right_by_matrix(x, torch.arange(x.shape[-2]), base)


def wrong_one_position_for_all(x, positions, base):
    return right_by_matrix(x, positions[0].expand(len(positions)), base)


def wrong_from_one(x, positions, base):
    angles = angles_of(x, positions, base)
    return by_matrix(x, angles + speeds(x.shape[-1], base))


def wrong_half_exponent(x, positions, base):
    return right_by_matrix(x, positions, base**0.5)


def wrong_double_exponent(x, positions, base):
    return right_by_matrix(x, positions, base**2)


def wrong_exponent_from_one(x, positions, base):
    D = x.shape[-1]
    steps = torch.arange(2, D + 1, 2, dtype=torch.float64) / D
    return by_matrix(x, positions[:, None] / base**steps)


def wrong_exponent_to_the_end(x, positions, base):
    steps = torch.linspace(0, 1, x.shape[-1] // 2, dtype=torch.float64)
    return by_matrix(x, positions[:, None] / base**steps)


def wrong_faster_and_faster(x, positions, base):
    return right_by_matrix(x, positions, 1 / base)


def wrong_one_speed(x, positions, base):
    return right_by_matrix(x, positions, 1.0)


def wrong_slowest_first(x, positions, base):
    return by_matrix(x, torch.outer(positions.double(), speeds(x.shape[-1], base).flip(0)))


def wrong_base_fixed(x, positions, base=None):
    return right_by_matrix(x, positions, 10000)


def wrong_degrees(x, positions, base):
    return by_matrix(x, angles_of(x, positions, base) * (math.pi / 180))


def wrong_other_way(x, positions, base):
    return right_by_matrix(x, -positions, base)


def wrong_neighbours(x, positions, base):
    z = torch.view_as_complex(x.unflatten(-1, (-1, 2)))
    angles = angles_of(x, positions, base)
    return torch.view_as_real(z * torch.polar(torch.ones_like(angles), angles)).flatten(-2)


def wrong_woven(x, positions, base):
    D = x.shape[-1]
    order = [i // 2 + (i % 2) * D // 2 for i in range(D)]
    return right_by_matrix(x, positions, base)[..., order]


def wrong_mirrored(x, positions, base):
    half = x.shape[-1] // 2
    order = [*range(half), *reversed(range(half, 2 * half))]
    return right_by_matrix(x[..., order], positions, base)[..., order]


def wrong_one_half(x, positions, base):
    half = x.shape[-1] // 2
    done = right_by_matrix(x, positions, base)
    done[..., half:] = x[..., half:]
    return done


def wrong_overwritten(x, positions, base):
    x, half = x.clone(), x.shape[-1] // 2
    cos, sin = angles_of(x, positions, base).cos(), angles_of(x, positions, base).sin()
    x[..., :half] = x[..., :half] * cos - x[..., half:] * sin
    x[..., half:] = x[..., half:] * cos + x[..., :half] * sin
    return x


def wrong_no_minus(x, positions, base):
    angles = angles_of(x, positions, base).repeat(1, 2)
    return x * angles.cos() + x.roll(x.shape[-1] // 2, -1) * angles.sin()


def wrong_sine_for_cosine(x, positions, base):
    return by_matrix(x, torch.pi / 2 - angles_of(x, positions, base))


def wrong_stretched(x, positions, base):
    return x * torch.cos(angles_of(x, positions, base)).repeat(1, 2)


def wrong_added(x, positions, base):
    angles = angles_of(x, positions, base)
    half = x.shape[-1] // 2
    return torch.cat([x[..., :half] + angles.sin(), x[..., half:] + angles.cos()], dim=-1)


def wrong_x_changed(x, positions, base):
    x[:] = right_doubled_tables(x, positions, base)
    return x.clone()
