"""The exercises of lab 06, in the order of chapter 06."""

from utils.exercises.lab06 import (
    break_even,
    bytes_moved,
    count_compiles,
    cure_breaks,
    fair_times,
    roofline_seconds,
    stable_shapes,
)

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        cure_breaks,
        fair_times,
        bytes_moved,
        roofline_seconds,
        stable_shapes,
        break_even,
        count_compiles,
    )
)
