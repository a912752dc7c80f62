"""Second forms for 01.gpt_parameters."""

import numpy as np
import torch


def linear(inputs, outputs, bias=True):
    return outputs * inputs + (outputs if bias else 0)


def block(C, bias=True, hidden=4):
    """The four linear layers of a block, with two norms."""
    attention = linear(C, 3 * C, bias) + linear(C, C, bias)
    return attention + linear(C, hidden * C, bias) + linear(hidden * C, C, bias) + 4 * C


def model(V, T, C, L, tied, of_a_block, norm=None):
    tables = V * C + T * C + (0 if tied else V * C)
    return tables + L * of_a_block + (2 * C if norm is None else norm)


def right_layers(V, T, C, L, tied):
    return model(V, T, C, L, tied, block(C))


def right_formula(V, T, C, L, tied):
    return 12 * L * C**2 + (13 * L + 2 + T + V * (2 - tied)) * C


def right_loop(V, T, C, L, tied):
    total = (V + T) * C
    for _ in range(L):
        total += 2 * C
        total += 3 * (C * C + C) + (C * C + C)
        total += 2 * C
        total += C * 4 * C + 4 * C
        total += 4 * C * C + C
    total += 2 * C
    if not tied:
        total += C * V
    return total


def right_torch_number(V, T, C, L, tied):
    return torch.tensor(right_formula(V, T, C, L, tied))


def right_numpy(V, T, C, L, tied):
    sizes = np.array([V * C, T * C, L * block(C), 2 * C, V * C], dtype=np.int64)
    return sizes[: 4 if tied else 5].sum()


def wrong_no_positions(V, T, C, L, tied):
    return model(V, 0, C, L, tied, block(C))


def wrong_tied_counted_twice(V, T, C, L, tied):
    return 2 * V * C + T * C + L * block(C) + 2 * C


def wrong_never_untied(V, T, C, L, tied):
    return V * C + T * C + L * block(C) + 2 * C


def wrong_tied_reversed(V, T, C, L, tied):
    total = V * C + T * C + L * block(C) + 2 * C
    if tied:
        total += V * C
    return total


def wrong_no_biases(V, T, C, L, tied):
    return model(V, T, C, L, tied, block(C, bias=False))


def wrong_biases_all_alike(V, T, C, L, tied):
    return model(V, T, C, L, tied, block(C, bias=False) + 4 * C)


def wrong_norms_of_one_vector(V, T, C, L, tied):
    return model(V, T, C, L, tied, block(C) - 4 * C + 2 * C, norm=C)


def wrong_no_norms(V, T, C, L, tied):
    return model(V, T, C, L, tied, block(C) - 4 * C, norm=0)


def wrong_no_final_norm(V, T, C, L, tied):
    return model(V, T, C, L, tied, block(C), norm=0)


def wrong_two_vectors_short(V, T, C, L, tied):
    attention = 3 * C * C + C + linear(C, C)  # one bias for three layers in one
    return model(V, T, C, L, tied, attention + linear(C, 4 * C) + linear(4 * C, C) + 2 * 2 * C)


def wrong_matrices_only(V, T, C, L, tied):
    return C * (V * (1 if tied else 2) + T + L * 12 * C)


def wrong_rule_of_thumb(V, T, C, L, tied):
    return float(L * (4 * C**2 + 8 * C**2))


def wrong_no_embeddings(V, T, C, L, tied):
    return sum(block(C) for _ in range(L)) + C + C


def wrong_no_attention_output(V, T, C, L, tied):
    return model(V, T, C, L, tied, 3 * linear(C, C) + linear(C, 4 * C) + linear(4 * C, C) + 4 * C)


def wrong_mlp_one_way(V, T, C, L, tied):
    return model(V, T, C, L, tied, 4 * linear(C, C) + linear(C, 4 * C) + 4 * C)


def wrong_mlp_narrow(V, T, C, L, tied):
    return model(V, T, C, L, tied, block(C, hidden=1))


def wrong_mask_counted(V, T, C, L, tied):
    mask = torch.ones(T, T).tril()
    return model(V, T, C, L, tied, block(C) + mask.numel())


def wrong_output_with_bias(V, T, C, L, tied):
    head = 0 if tied else linear(C, V)
    return V * C + T * C + L * block(C) + 2 * C + head


def wrong_one_block(V, T, C, L, tied):
    return model(V, T, C, L, tied, 0) + block(C)


def wrong_a_float(V, T, C, L, tied):
    return torch.tensor(right_formula(V, T, C, L, tied), dtype=torch.float64)
