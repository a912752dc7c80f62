"""Second forms of lab 04's mistakes and other right solutions: see ``tests.mistakes``."""

# Changes that leave a solution right, each with the reason. Any other surviving mutant is a hole in a check.
EQUIVALENT = {
    "central_difference": {"line 4: `torch.zeros_like`: ones_like": "every entry is overwritten"},
}
