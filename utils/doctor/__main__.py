"""The command line: ``python -m utils.doctor``."""

from __future__ import annotations

import argparse
import sys

from utils.doctor import report
from utils.doctor.facts import gather


def main(arguments: list[str] | None = None) -> int:
    """Print the findings; 0 if the course can run, 1 if not."""
    about = "Says whether this machine can run the course, and what to do where it cannot. Changes nothing."
    parser = argparse.ArgumentParser(prog="python -m utils.doctor", description=about)
    parser.add_argument("--compile", action="store_true", help="also compile and run a small function")
    parser.add_argument("--json", action="store_true", help="for a program to read")
    given = parser.parse_args(arguments)
    if hasattr(sys.stdout, "reconfigure"):  # a path may hold what the console cannot show
        sys.stdout.reconfigure(errors="backslashreplace")
    findings = report.examine(gather(given.compile))
    marks = report.marks_for(sys.stdout.encoding)
    print(report.as_json(findings) if given.json else report.text(findings, marks))
    return 0 if report.can_run(findings) else 1


if __name__ == "__main__":
    sys.exit(main())
