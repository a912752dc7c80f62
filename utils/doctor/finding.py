"""What the doctor says about one side of a machine."""

from __future__ import annotations

from dataclasses import dataclass

GOOD, WARNING, FAILURE = "good", "warning", "failure"  # with a warning the course runs, with a failure not


@dataclass(frozen=True)
class Finding:
    """One line of the answer: its name, the verdict, the fact, and where it falls short what to do."""

    name: str
    verdict: str
    fact: str
    advice: str = ""
    commands: tuple[str, ...] = ()
