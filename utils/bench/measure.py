"""Running a benchmark: results first, then times. Nothing that came out wrong is timed."""

from __future__ import annotations

import gc
from collections.abc import Callable
from contextlib import nullcontext

import torch
from torch import Tensor

from utils.bench import clock
from utils.bench.caches import first_call, synchronise
from utils.bench.case import Benchmark, Case
from utils.bench.clock import SEED
from utils.bench.memory import peak_bytes
from utils.bench.results import error_of, several
from utils.bench.timing import summarise

ROUNDS = (7, 30)  # of a case: the fewest and the most
SECONDS = 3.0  # what the rounds of a case are meant to take
QUICK_ROUNDS, QUICK_SECONDS = (5, 10), 0.5
NOT_MEASURED = "not measured: "  # of every variant of a case that failed as a whole


def run(
    benchmark: Benchmark,
    device: torch.device,
    quick: bool,
    say: Callable[[str], None] = print,
    keep: Callable[[list[dict]], None] = lambda done: None,
) -> list[dict]:
    """Measure every case; each comes back as a record holds it. ``keep`` sees those done after each."""
    done: list[dict] = []
    torch.manual_seed(SEED)
    for case in benchmark.cases(device, quick):
        done.append(_survived(case, device, quick))
        say(_line(done[-1]))
        keep(done)
        if case.compiles:
            torch.compiler.reset()
        del case  # so that its network is gone before the next is made
        torch.manual_seed(SEED)
        _free(device)
    return done


def _survived(case: Case, device: torch.device, quick: bool) -> dict:
    """``measure``; where that fails as a whole, a case without times that says so. A dead GPU ends all."""
    try:
        return measure(case, device, quick)
    except Exception as error:
        reason = NOT_MEASURED + _reason(error)
    _free(device)
    _alive(device)
    return _entry(case, 0, {}, dict.fromkeys(case.variants, reason))


def measure(case: Case, device: torch.device, quick: bool) -> dict:
    """Hold each variant against the reference, then time those that agree, interleaved.

    A variant that gives another result, or fails, stands under "refused" with the reason and has no times.
    """
    reference = [each.detach() for each in several(case.reference())]
    made: dict[str, dict] = {}
    refused: dict[str, str] = {}
    once: dict[str, float] = {}

    def attempt(step: Callable[[str], None], names: list[str]) -> None:
        for name in names:
            try:
                with case.around.get(name, nullcontext)():
                    step(name)
            except Exception as error:  # whatever a compiler throws: the record tells it, and the run goes on
                refused[name] = _reason(error)
                made.pop(name, None)
                _alive(device)

    def prove(name: str) -> None:
        made[name] = _prove(case, name, reference, device)

    def prepare(name: str) -> None:
        made[name]["peak_bytes"] = _peak(case, name, device)
        once[name] = 0.0 if case.self_timed else clock.warm(case.variants[name], device)

    attempt(prove, list(case.variants))
    reference.clear()
    _free(device)
    attempt(prepare, list(made))
    rounds = _times(case, made, once, device, quick) if made else 0
    return _entry(case, rounds, made, refused)


def _entry(case: Case, rounds: int, made: dict[str, dict], refused: dict[str, str]) -> dict:
    return {
        "name": case.name,
        "precision": case.precision,
        "tolerance": case.tolerance,
        "rounds": rounds,
        "work": dict(case.work),
        "variants": made,
        "refused": refused,
    }


def _prove(case: Case, name: str, reference: list[Tensor], device: torch.device) -> dict:
    """The first call, timed apart where it compiles, and the error of what comes out."""
    variant, compile_seconds = case.variants[name], None
    if name in case.compiles:
        # A CUDA graph is recorded at the second call: the first one only tries it out.
        calls = 2 if device.type == "cuda" and name in case.pooled else 1
        compile_seconds = round(first_call(variant, device, calls), 6)
    outputs = several(case.outputs.get(name, variant)())
    return {"error": error_of(outputs, reference, case.tolerance), "compile_seconds": compile_seconds}


def _peak(case: Case, name: str, device: torch.device) -> int | None:
    """Peak memory of a call, None where there is none to be had: in another process, or in a graph's pool."""
    if case.self_timed or (device.type == "cuda" and name in case.pooled):
        return None
    case.prepare.get(name, lambda: None)()
    return peak_bytes(case.variants[name], device)


def _times(
    case: Case, made: dict[str, dict], once: dict[str, float], device: torch.device, quick: bool
) -> int:
    """Time the variants made and enter their times and statistics; the number of rounds."""
    calls = {name: 1 if case.self_timed else clock.in_a_row(once[name], device) for name in made}
    rounds = case.rounds or _rounds(sum(once[name] * calls[name] for name in made), quick)
    variants = {name: case.variants[name] for name in made}
    times = clock.clocked(variants, calls, rounds, device, case.around, case.self_timed)
    for name, entry in made.items():
        rounded = [round(each, 12) for each in times[name]]
        found = summarise(rounded)
        told = {"calls": calls[name], "median": found.median, "q1": found.q1, "q3": found.q3}
        entry |= {"times": rounded, **told}
    return rounds


def _rounds(seconds: float, quick: bool) -> int:
    """As many rounds as fit the time that a case has, when one takes so many seconds."""
    (fewest, most), budget = (QUICK_ROUNDS, QUICK_SECONDS) if quick else (ROUNDS, SECONDS)
    return max(fewest, min(most, int(budget / max(seconds, 1e-9))))


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
