"""The exercises of lab 02, in the order of the lab."""

from utils.exercises.lab02 import (
    batch_norm_eval,
    batch_norm_train,
    layer_norm,
    residual_stack,
    rms_norm,
    sees_the_future,
)

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        batch_norm_train,
        batch_norm_eval,
        layer_norm,
        rms_norm,
        residual_stack,
        sees_the_future,
    )
)
