"""The exercises of lab 01, in the order of the lab."""

from utils.exercises.lab01 import (
    gpt_parameters,
    gqa_parameters,
    moe_parameters,
    swish_backward,
    training_days,
    training_memory,
)

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        gpt_parameters,
        gqa_parameters,
        moe_parameters,
        training_memory,
        training_days,
        swish_backward,
    )
)
