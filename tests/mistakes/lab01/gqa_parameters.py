"""Second forms for 01.gqa_parameters."""

import math

import torch


def right_formula(C, heads, kv_heads, head_size):
    return 2 * C * head_size * (heads + kv_heads)


def right_layers(C, heads, kv_heads, head_size):
    query = C * (heads * head_size)
    key = value = C * (kv_heads * head_size)
    output = heads * head_size * C
    return query + key + value + output


def right_groups(C, heads, kv_heads, head_size):
    group = heads // kv_heads
    return kv_heads * (group * C * head_size + C * head_size * 2 + group * head_size * C)


def right_shapes(C, heads, kv_heads, head_size):
    outputs = torch.tensor([heads, kv_heads, kv_heads, heads]) * head_size
    return (outputs * C).sum()


def right_product(C, heads, kv_heads, head_size):
    return math.prod([2, C, head_size]) * sum([heads, kv_heads])


def wrong_keys_for_every_head(C, heads, kv_heads, head_size):
    return 4 * C * heads * head_size


def wrong_queries_shared_too(C, heads, kv_heads, head_size):
    return 4 * C * kv_heads * head_size


def wrong_key_is_value(C, heads, kv_heads, head_size):
    return C * head_size * (2 * heads + kv_heads)


def wrong_no_output(C, heads, kv_heads, head_size):
    return C * head_size * (heads + 2 * kv_heads)


def wrong_output_small(C, heads, kv_heads, head_size):
    return C * head_size * (heads + 3 * kv_heads)


def wrong_output_square(C, heads, kv_heads, head_size):
    return C * head_size * (heads + 2 * kv_heads) + C**2


def wrong_queries_square(C, heads, kv_heads, head_size):
    return 2 * C**2 + 2 * C * kv_heads * head_size


def wrong_head_size_from_width(C, heads, kv_heads, head_size):
    return 2 * C * (C / heads) * (heads + kv_heads)


def wrong_group_size(C, heads, kv_heads, head_size):
    return right_formula(C, heads, heads // kv_heads, head_size)


def wrong_heads_of_one(C, heads, kv_heads, head_size):
    return 2 * C * (heads + kv_heads)


def wrong_biases_everywhere(C, heads, kv_heads, head_size):
    query = (C + 1) * heads * head_size
    key = value = (C + 1) * kv_heads * head_size
    return query + key + value + (heads * head_size + 1) * C


def wrong_biases_of_three(C, heads, kv_heads, head_size):
    return (C + 1) * head_size * (heads + 2 * kv_heads) + heads * head_size * C


def wrong_one_head(C, heads, kv_heads, head_size):
    return sum(C * head_size for _ in ("query", "key", "value", "output"))


def wrong_a_float(C, heads, kv_heads, head_size):
    ratio = kv_heads / heads
    return round(2 * C * head_size * heads * (1 + ratio), 3)
