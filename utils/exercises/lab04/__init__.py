"""The exercises of lab 04, in the order of chapter 04."""

from utils.exercises.lab04 import (
    accumulate,
    adam_step,
    adamw_step,
    backward_order,
    central_difference,
    cross_entropy_gradient,
    descend,
    momentum_step,
    mse_gradient,
    neuron,
    stable_softmax,
    two_layer_backward,
)

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        neuron,
        central_difference,
        mse_gradient,
        stable_softmax,
        cross_entropy_gradient,
        descend,
        two_layer_backward,
        accumulate,
        backward_order,
        momentum_step,
        adam_step,
        adamw_step,
    )
)
