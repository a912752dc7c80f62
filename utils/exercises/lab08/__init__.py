"""The exercises of lab 08, in the order of chapter 08."""

from utils.exercises.lab08 import (
    attention,
    block,
    causal_weights,
    grouped_attention,
    join_heads,
    next_token_loss,
    rotate,
    split_heads,
    tied_gradient,
)

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        causal_weights,
        attention,
        split_heads,
        join_heads,
        rotate,
        grouped_attention,
        block,
        next_token_loss,
        tied_gradient,
    )
)
