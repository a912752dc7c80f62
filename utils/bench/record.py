"""What a record holds, and the figures that are computed from its raw times whenever they are asked for."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, NoReturn

from utils.bench import timing

# strftime would take the reader's language
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October")
MONTHS += ("November", "December")


class RecordError(ValueError):
    """A record that cannot be believed, or something that is not in it; the message is one sentence."""


class Variant(NamedTuple):
    """What one variant gave: times in seconds, the error of its result, and what it took besides."""

    times: tuple[float, ...]
    error: float  # the largest, as a share of the reference's largest value
    compile_seconds: float | None  # of the first call; None where nothing is compiled
    peak_bytes: int | None  # memory at the highest point of a call beyond that before it


class CaseRecord(NamedTuple):
    """One case: what had to be done, and what each variant took for it."""

    name: str
    precision: str
    tolerance: float
    work: Mapping[str, float]
    variants: Mapping[str, Variant]
    refused: Mapping[str, str]  # variant -> why it has no times


@dataclass(frozen=True)
class Record:
    """One run of one benchmark on one machine, as ``read_record`` gives it."""

    name: str
    device: str
    quick: bool
    command: str
    commit: str | None
    dirty: bool | None
    date: str  # ISO 8601, UTC
    machine: Mapping[str, Any]
    versions: Mapping[str, Any]
    settings: Mapping[str, Any]
    ceilings: Mapping[str, float]  # "float32", "tf32", "bfloat16" in FLOP/s; "copy" in bytes/s
    cases: Mapping[str, CaseRecord]

    def case(self, case: str) -> CaseRecord:
        """The case of that name, or a RecordError that names those there are."""
        return self.cases[case] if case in self.cases else self._lacks(f"case {case!r}", case, self.cases)

    def variant(self, case: str, variant: str) -> Variant:
        """What a variant gave, or a RecordError that says why it has no times."""
        found = self.case(case)
        if variant in found.variants:
            return found.variants[variant]
        if variant in found.refused:
            raise RecordError(f"{variant!r} has no times in {case!r}: {found.refused[variant]}")
        self._lacks(f"variant {variant!r} in {case!r}", variant, found.variants)

    def summary(self, case: str, variant: str) -> timing.Summary:
        """Median and quartiles of a variant's times."""
        return timing.summarise(self.variant(case, variant).times)

    def ratio(self, case: str, baseline: str, variant: str) -> float:
        """How many times as fast the variant is as the baseline; below 1 where it is slower."""
        return timing.ratio(self.variant(case, baseline).times, self.variant(case, variant).times)

    def break_even(self, case: str, baseline: str, variant: str) -> float:
        """Calls after which compiling has paid for itself; ``math.inf`` where it never does."""
        cost = self.variant(case, variant).compile_seconds
        if cost is None:
            raise RecordError(f"{variant!r} in {case!r} compiles nothing, so there is nothing to pay back")
        eager, compiled = self.summary(case, baseline).median, self.summary(case, variant).median
        return timing.break_even(cost, eager, compiled)

    def share(self, case: str, variant: str) -> dict[str, float]:
        """Shares of the limits that it reaches: "flops" of the GEMM rate, "bytes" of the copy rate."""
        found, seconds = self.case(case), self.summary(case, variant).median
        limits = {"flops": self.ceilings.get(found.precision), "bytes": self.ceilings.get("copy")}
        known = {unit: limit for unit, limit in limits.items() if limit and unit in found.work}
        return {unit: found.work[unit] / seconds / limit for unit, limit in known.items()}

    @property
    def line(self) -> str:
        """Machine, versions and day: "AMD EPYC, 2 threads, torch 2.13.0, 24 November 2026"."""
        day = datetime.fromisoformat(self.date)
        torch = f"torch {self.versions['torch'].partition('+')[0]}"
        where = [self.machine["cpu"], f"{self.machine['threads']} threads"]
        if self.device == "cuda":
            driver = self.machine.get("driver")
            where = [self.machine["gpu"], *([f"driver {driver}"] if driver else [])]
        elif self.machine["threads"] == 1:
            where[1] = "1 thread"
        return ", ".join([*where, torch, f"{day.day} {MONTHS[day.month - 1]} {day.year}"])

    def _lacks(self, what: str, name: str, known: Iterable[str]) -> NoReturn:
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.3) or list(known)
        raise RecordError(f"the record of {self.name} has no {what}; there is {', '.join(map(repr, near))}")
