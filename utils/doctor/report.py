"""All verdicts in order, and how they are told: as text for a reader, as JSON for a program."""

from __future__ import annotations

import json
import textwrap
from dataclasses import asdict

from utils.doctor import hardware, software
from utils.doctor.facts import Facts
from utils.doctor.finding import FAILURE, GOOD, WARNING, Finding

JUDGES = (
    software.python,
    software.packages,
    software.pytorch,
    software.extras,
    software.utils,
    hardware.folder,
    hardware.memory,
    hardware.disk,
    hardware.compiler,
    hardware.gpu,
    hardware.fonts,
)
MARKS = {GOOD: "✓", WARNING: "!", FAILURE: "✗"}
PLAIN = {GOOD: "+", WARNING: "!", FAILURE: "x"}  # for a console that cannot show the others
WIDTH, INDENT = 80, 12  # as wide as a code block of the site


def examine(facts: Facts) -> list[Finding]:
    """All findings in the order in which they are told; what there is nothing to say about is left out."""
    found = [judge(facts) for judge in JUDGES]
    return [finding for finding in found if finding is not None]


def can_run(findings: list[Finding]) -> bool:
    """Whether no finding is a failure."""
    return all(finding.verdict != FAILURE for finding in findings)


def text(findings: list[Finding], marks: dict[str, str] = MARKS) -> str:
    """A line for each finding, under it what to do, and at the end the verdict."""
    lines = []
    for finding in findings:
        lines += _wrapped(finding.fact, f"{marks[finding.verdict]} {finding.name:{INDENT - 2}}")
        lines += _wrapped(finding.advice, " " * INDENT) if finding.advice else []
        lines += [" " * (INDENT + 2) + command for command in finding.commands]  # whole, to be copied
    return "\n".join([*lines, "", verdict(findings, marks)])


def verdict(findings: list[Finding], marks: dict[str, str] = MARKS) -> str:
    """The last line."""
    if not can_run(findings):
        return f"This machine cannot run the course yet. Begin with the first line marked {marks[FAILURE]}."
    if any(finding.verdict == WARNING for finding in findings):
        return f"This machine can run the course. A line marked {marks[WARNING]} says what to look after."
    return "This machine can run the course."


def as_json(findings: list[Finding]) -> str:
    """The findings for a program: {"can_run", "findings": [{"name", "verdict", "fact", ...}]}."""
    found = {"can_run": can_run(findings), "findings": [asdict(finding) for finding in findings]}
    return json.dumps(found, indent=1)


def marks_for(encoding: str | None) -> dict[str, str]:
    """Marks that a console with this encoding can show."""
    try:
        "".join(MARKS.values()).encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return PLAIN
    return MARKS


def _wrapped(words: str, head: str) -> list[str]:
    return textwrap.wrap(
        words,
        WIDTH,
        initial_indent=head,
        subsequent_indent=" " * INDENT,
        break_long_words=False,  # a path stays whole
        break_on_hyphens=False,
    )
