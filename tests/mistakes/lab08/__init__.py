"""Second forms of lab 08's mistakes and other right solutions: see ``tests.mistakes``."""

# Changes that leave a solution right, each with the reason. Any other surviving mutant is a hole in a check.
EQUIVALENT: dict[str, dict[str, str]] = {}
