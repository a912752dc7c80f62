"""The exercises of lab 05, in the order of chapter 05."""

EXERCISES = ()
