"""The exercises of lab 03, in the order of the lab."""

from utils.exercises.lab03 import (
    binary_cross_entropy,
    clip_gradients,
    dropout,
    initialise,
    precision_recall_f1,
    roc_auc,
    successive_halving,
)

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        initialise,
        binary_cross_entropy,
        precision_recall_f1,
        roc_auc,
        clip_gradients,
        dropout,
        successive_halving,
    )
)
