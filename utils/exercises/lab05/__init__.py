"""The exercises of lab 05, in the order of the lab."""

from utils.exercises.lab05 import (
    closed_form,
    confidence_interval,
    early_stopping,
    epoch_loss,
    ks_distance,
    read_rows,
    standardise,
    train_step,
)

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        closed_form,
        standardise,
        epoch_loss,
        train_step,
        early_stopping,
        confidence_interval,
        read_rows,
        ks_distance,
    )
)
