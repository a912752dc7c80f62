"""01.training_memory: what weights, gradients and the optimiser's numbers take, in bytes and in GiB."""

from __future__ import annotations

from utils.exercises.core import Case, Exercise
from utils.exercises.lab01.counts import Sizes, counts
from utils.exercises.lab01.training_memory_mistakes import MISTAKES

NAMES = ("bytes", "gib")
# bytes of a weight and of a gradient, states a parameter and bytes of each, a master copy
RECIPES = (
    (4, 4, 2, 4, False),
    (2, 4, 2, 4, True),
    (4, 2, 1, 2, True),
    (2, 2, 0, 4, False),
    (1, 2, 2, 1, True),
    (2, 2, 2, 4, True),
)


def cases(seed: int) -> list[Case]:
    sizes = Sizes(seed)

    def case(parameters, recipe):
        weight, gradient, states, state, master = recipe
        en = f"{parameters} parameters, bytes: weight {weight}, gradient {gradient}, state {states} × {state}"
        zh = f"{parameters} 个参数，字节数：权重 {weight}，梯度 {gradient}，状态 {states} × {state}"
        name = {"en": en + ", master copy" * master, "zh": zh + "，另存主权重" * master}
        return Case(name, (parameters, *recipe))

    counted = sizes.unlike(10**6, 10**7, len(RECIPES) - 1)
    return [case(n, recipe) for n, recipe in zip([*counted, 174604259328], RECIPES, strict=True)]


def reference(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    """One tensor after the other, as they lie in memory. A test counts those of a model that was trained."""
    held = [weight_bytes, gradient_bytes] + [state_bytes] * states + [4] * bool(master)
    total = sum(parameters * size for size in held)
    return total, total / 2**30


EXERCISE = Exercise(
    id="01.training_memory",
    title={"en": "Will it fit?", "zh": "放得下吗？"},
    minutes=10,
    difficulty=2,
    aims={
        "en": "Say how much memory training takes before anything is computed.",
        "zh": "在开始计算之前，先算出训练要占多少内存。",
    },
    cases=cases,
    reference=reference,
    probe=counts(reference, NAMES, NAMES[:1], [(9, 1, 2, 2, 8, True), (9, 2, 4, 3, 8, False)]),
    labels={
        "bytes": {"en": "the number of bytes", "zh": "字节数"},
        "gib": {"en": "the size in GiB", "zh": "以 GiB 计的大小"},
        "float": {"en": "whether the number of bytes is a float", "zh": "字节数是否为浮点数："},
    },
    mistakes=MISTAKES,
)
