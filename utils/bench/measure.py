"""Running a benchmark: results first, then times. Nothing that came out wrong is timed."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from utils.bench.caches import first_call, synchronise
from utils.bench.case import Benchmark, Call, Case
from utils.bench.memory import peak_bytes
from utils.bench.timing import agrees, summarise, time_interleaved

SEED, WARMUP = 6, 3
ROUNDS = (10, 60)  # of a case: the fewest and the most
SECONDS = 5.0  # what the rounds of a case are meant to take
QUICK_ROUNDS, QUICK_SECONDS = (5, 10), 0.5


def run(
    benchmark: Benchmark, device: torch.device, quick: bool, say: Callable[[str], None] = print
) -> list[dict]:
    """Measure every case; each comes back as a record holds it."""
    done = []
    torch.manual_seed(SEED)
    for case in benchmark.cases(device, quick):
        done.append(measure(case, device, quick))
        say(_line(done[-1]))
        if case.compiles:
            torch.compiler.reset()
        torch.manual_seed(SEED)
        _free(device)
    return done


def measure(case: Case, device: torch.device, quick: bool) -> dict:
    """Hold each variant against the reference, then time those that agree, interleaved.

    A variant that gives another result, or fails, stands under "refused" with the reason and has no times.
    """
    reference = [each.detach() for each in _several(case.reference())]
    made: dict[str, dict] = {}
    refused: dict[str, str] = {}
    for name, variant in case.variants.items():
        try:
            made[name] = _prove(case, name, variant, reference, device)
        except Exception as error:  # whatever a compiler throws: the record tells it, and the run goes on
            refused[name] = _reason(error)
            _alive(device)
    del reference
    _free(device)
    for name, entry in made.items():
        entry["peak_bytes"] = None if case.self_timed else peak_bytes(case.variants[name], device)
    if made:
        for name, times in _times(case, list(made), device, quick).items():
            made[name] |= {"times": times, **_statistics(times)}
    return {
        "name": case.name,
        "precision": case.precision,
        "tolerance": case.tolerance,
        "work": dict(case.work),
        "variants": made,
        "refused": refused,
    }


def _prove(case: Case, name: str, variant: Call, reference: list[Tensor], device: torch.device) -> dict:
    """The first call, timed apart where it compiles, and the error of what comes out."""
    compile_seconds = None
    if name in case.compiles:
        compile_seconds = round(first_call(variant, device), 6)
    outputs = _several(case.outputs.get(name, variant)())
    if len(outputs) != len(reference):
        raise ValueError(f"{len(outputs)} outputs came back, the reference has {len(reference)}")
    pairs = zip(outputs, reference, strict=True)
    error = max(agrees(mine.clone(), right.to(mine.device), case.tolerance) for mine, right in pairs)
    return {"error": error, "compile_seconds": compile_seconds}


def _times(case: Case, names: list[str], device: torch.device, quick: bool) -> dict[str, list[float]]:
    variants = {name: case.variants[name] for name in names}
    if case.self_timed:
        times = _told(variants, case.rounds or 3)
    else:
        rounds = case.rounds or _rounds(variants, device, quick)
        times = time_interleaved(variants, rounds, WARMUP, device)
    return {name: [round(each, 9) for each in times[name]] for name in names}


def _rounds(variants: dict[str, Call], device: torch.device, quick: bool) -> int:
    """As many rounds as fit the time that a case has, by one round of calls timed before."""
    (fewest, most), budget = (QUICK_ROUNDS, QUICK_SECONDS) if quick else (ROUNDS, SECONDS)
    once = sum(min(each) for each in time_interleaved(variants, 2, 1, device).values())
    return max(fewest, min(most, int(budget / once)))


def _told(variants: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Times that the calls themselves tell: a clock that only they move on."""
    now = 0.0

    def moving(call: Callable[[], object]) -> Call:
        def moved() -> None:
            nonlocal now
            now += float(call())

        return moved

    wrapped = {name: moving(call) for name, call in variants.items()}
    return time_interleaved(wrapped, rounds, 0, "cpu", clock=lambda: now)


def _statistics(times: Sequence[float]) -> dict[str, float]:
    found = summarise(times)
    return {"median": found.median, "q1": found.q1, "q3": found.q3}


def _several(outputs: object) -> list[Tensor]:
    return [outputs] if isinstance(outputs, Tensor) else list(outputs)


def _reason(error: Exception) -> str:
    """The first line of what went wrong, at most 300 characters."""
    said = str(error).strip().splitlines() or [""]
    return f"{type(error).__name__}: {said[0].strip()}"[:300]


def _alive(device: torch.device) -> None:
    """A GPU that still answers after a failure; else its error ends the run, since no later time counts."""
    synchronise(device)
    torch.ones(1, device=device).item()


def _free(device: torch.device) -> None:
    gc.collect()
    if device.type == "cuda":
        torch.cuda.empty_cache()


def _line(case: dict) -> str:
    """One line on a case as it is done: the baseline's median, and the others as how often as fast."""
    medians = {name: entry["median"] for name, entry in case["variants"].items()}
    said = [f"{case['name']}:"]
    for name, median in medians.items():
        first = next(iter(medians.values()))
        said.append(f"{name} {median * 1e3:.3g} ms" + (f" ({first / median:.2f}x)" if len(said) > 1 else ""))
    said += [f"{name} refused ({reason})" for name, reason in case["refused"].items()]
    return " ".join(said)
