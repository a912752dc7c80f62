"""What the course asks for, read from where it stands once, and whether a version lies in a range.

``read_needs`` knows the layout of this project's pyproject.toml and not TOML in general: Python has a TOML
reader from 3.11 on, and older ones are to be told so. A test holds it against that reader.
"""

from __future__ import annotations

import importlib
import operator
import re
from dataclasses import dataclass, field

COMPARE = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}


@dataclass(frozen=True)
class Needs:
    """The ranges of a pyproject.toml: Python's, the packages' (name -> range), those of each extra."""

    python: str = ""
    packages: dict[str, str] = field(default_factory=dict)
    extras: dict[str, dict[str, str]] = field(default_factory=dict)


def read_needs(text: str) -> Needs:
    """The ranges in the text of this project's pyproject.toml.

    >>> read_needs('[project]\\nrequires-python = ">=3.11"\\n').python
    '>=3.11'
    """
    parts = re.split(r"^\[([\w.-]+)\]$", text, flags=re.M)
    sections = {parts[i]: parts[i + 1] for i in range(1, len(parts), 2)}
    project = sections.get("project", "")
    python = re.search(r'^requires-python = "([^"]*)"', project, re.M)
    extras = _lists(sections.get("project.optional-dependencies", ""))
    return Needs(python[1] if python else "", _lists(project).get("dependencies", {}), extras)


def _lists(section: str) -> dict[str, dict[str, str]]:
    """name -> {package: range} of each list of requirements, one a line, in a section."""
    found = {}
    for name, body in re.findall(r"^([\w-]+) = \[\n(.*?)^\]", section, re.M | re.S):
        lines = re.findall(r'^\s*"([A-Za-z0-9._-]+)\s*([^";]*)', body, re.M)
        found[name] = {package: spec.strip() for package, spec in lines}
    return found


def in_range(version: str, spec: str) -> bool:
    """Whether ``version`` ("2.13.0+cpu") lies in ``spec`` (">=2.9,<3"); not if it is no version at all.

    ``packaging`` decides, pip's own copy of it where it is not installed, and without either the numbers do.
    """
    for library in ("packaging", "pip._vendor.packaging"):
        try:
            specifiers = importlib.import_module(library + ".specifiers")
        except ImportError:
            continue
        try:
            return specifiers.SpecifierSet(spec).contains(version, prereleases=True)
        except ValueError:  # "unknown", or what a broken installation calls its version
            return False
    return by_numbers(version, spec)


def by_numbers(version: str, spec: str) -> bool:
    """``in_range`` for plain versions such as 3.8.10, by their numbers alone."""
    if not re.match(r"\d", version):
        return False
    for part in filter(None, spec.replace(" ", "").split(",")):
        sign = re.match(r"[<>=!]+", part)[0]
        here, bound = _numbers(version), _numbers(part[len(sign) :])
        length = max(len(here), len(bound))
        if not COMPARE[sign](_padded(here, length), _padded(bound, length)):
            return False
    return True


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.match(r"\d+(?:\.\d+)*", version)[0].split(".")]


def _padded(numbers: list[int], length: int) -> list[int]:
    return numbers + [0] * (length - len(numbers))
