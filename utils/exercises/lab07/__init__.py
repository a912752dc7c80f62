"""The exercises of lab 07, in the order of the lab."""

from utils.exercises.lab07 import (
    best_pair,
    count_pairs,
    decode,
    encode_chunk,
    merge,
    split_special,
    train_bpe,
    window_order,
)

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        count_pairs,
        merge,
        best_pair,
        train_bpe,
        encode_chunk,
        decode,
        split_special,
        window_order,
    )
)
