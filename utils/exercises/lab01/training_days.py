"""01.training_days: how long a training run takes and how much electricity it needs."""

from __future__ import annotations

from utils.exercises.authoring import parts
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab01.counts import Sizes
from utils.exercises.lab01.training_days_mistakes import MISTAKES

NAMES = ("days", "kwh")


def cases(seed: int) -> list[Case]:
    """From a model for one device to one for thousands; every number is unlike the others."""
    sizes = Sizes(seed)

    def case(parameters, tokens, devices, peak_tflops, utilisation, watts):
        billions, tens = [n / 1e9 for n in (parameters, tokens)], [n / 1e8 for n in (parameters, tokens)]
        en = "{:.2f} billion parameters, {:.0f} billion tokens, {} devices".format(*billions, devices)
        zh = "{:.1f} 亿个参数，{:.0f} 亿个词元，{} 台设备".format(*tens, devices)
        return Case({"en": en, "zh": zh}, (parameters, tokens, devices, peak_tflops, utilisation, watts))

    return [
        case(sizes.between(10**8, 2 * 10**8), 10**10, 2, 312, 0.3, 500),
        case(sizes.between(10**9, 2 * 10**9), 3 * 10**10, sizes.between(5, 9), 70.5, 0.55, 750),
        case(7 * 10**9, sizes.between(10**12, 2 * 10**12), 512, 989, 0.4, sizes.between(900, 1100)),
        case(174604259328, 3 * 10**11, 1024, 312, sizes.between(25, 45) / 100, 1200),
    ]


def probe(function, case: Case) -> Answer:
    """Both results."""
    return parts(function(*case.args), NAMES)


def reference(parameters, tokens, devices, peak_tflops, utilisation, watts):
    """Seconds first, joules from them. A test counts the operations of a step with PyTorch's own counter."""
    operations = 6 * parameters * tokens
    seconds = operations / (devices * peak_tflops * 1e12 * utilisation)
    joules = seconds * devices * watts
    return seconds / 86_400, joules / 3.6e6


EXERCISE = Exercise(
    id="01.training_days",
    title={"en": "Days and kilowatt-hours", "zh": "多少天，多少度电"},
    minutes=12,
    difficulty=2,
    aims={
        "en": "Work out how long a training run takes and what it draws from the socket.",
        "zh": "算出训练一次要多久、要用多少电。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    labels={
        "days": {"en": "the number of days", "zh": "天数"},
        "kwh": {"en": "the energy in kWh", "zh": "以千瓦时计的电量"},
    },
    mistakes=MISTAKES,
)
