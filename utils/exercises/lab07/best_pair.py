"""07.best_pair: the pair to merge next, and which of several that are equally frequent."""

from __future__ import annotations

import numpy as np

from utils.exercises.authoring import argument_label
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab07.best_pair_mistakes import MISTAKES
from utils.exercises.lab07.tokens import KIND, LISTS, WRITTEN, Draw, written

TIED: tuple[tuple[dict[str, str], tuple[str, ...]], ...] = (
    ({"en": "one pair is the most frequent", "zh": "有一对最多"}, ("fc",)),
    ({"en": "three pairs tie", "zh": "三对并列"}, ("fa", "bg", "cd")),
    ({"en": "four pairs tie, two with the same left id", "zh": "四对并列，其中两对左边相同"}, (
        "eb", "cg", "ce", "da")),
    ({"en": "ids of two, three and four digits", "zh": "两位、三位和四位的编号"}, ("ge", "eg", "cf")),
    ({"en": "every pair as frequent as the others", "zh": "所有对都一样多"}, (
        "gb", "bf", "bd", "be", "ca", "dd")),
)  # fmt: skip
RARER = ("ag", "ab", "gf", "bb")  # less frequent pairs: the smallest and the largest of all are among them
DIGITS = (range(20, 40), range(40, 97), range(98, 100), range(260, 300), range(400, 500), range(1000, 1100))


def cases(seed: int) -> list[Case]:
    """Letters are ids in their order. Of the pairs that tie, the right one is neither first nor last; one
    with the same left id comes before it.
    """
    draw = Draw(seed)

    def case(name, tied, alone):
        small = sorted(draw.random.sample(range(97, 400), 7))
        mixed = [draw.random.choice(pool) for pool in (*DIGITS, range(2000, 9000))]
        ids = dict(zip("abcdefg", mixed if "digits" in name["en"] else small, strict=True))
        most = draw.count(12, 20)
        right = min(tied)
        others = draw.shuffled([pair for pair in tied if pair != right])
        others.sort(key=lambda pair: (pair[0] != right[0], pair != max(tied), pair))
        rarer = [] if alone else list(zip(RARER, draw.random.sample(range(2, 12), 4), strict=True))
        counts = draw.shuffled([*((pair, most) for pair in (right, *others[1:-1])), *rarer])
        counts = [*((pair, most) for pair in others[:1]), *counts, *((pair, most) for pair in others[-1:])]
        return Case(name, ({(ids[pair[0]], ids[pair[1]]): number for pair, number in counts},))

    made = [case(name, tied, "every" in name["en"]) for name, tied in TIED]
    pair = draw.random.sample(range(97, 400), 2)
    return [*made, Case({"en": "a single pair", "zh": "只有一对"}, ({tuple(pair): draw.count()},))]


def probe(function, case: Case) -> Answer:
    """The pair that is returned, and the counts after the call."""
    (counts,) = case.args
    answer = written(function(counts), kinds=(tuple, *LISTS), write=lambda pair: str(tuple(pair)))
    return answer | {"counts": str(counts)}


def reference(counts):
    """NumPy's sort by three keys: the count, then the left id, then the right one."""
    left, right = np.array(list(counts)).T
    first = np.lexsort((right, left, -np.array(list(counts.values()))))[0]
    return int(left[first]), int(right[first])


EXERCISE = Exercise(
    id="07.best_pair",
    title={"en": "Which pair comes next", "zh": "下一个合并哪一对"},
    minutes=5,
    difficulty=1,
    aims={
        "en": "Choose the most frequent pair by a rule that leaves nothing to the order of a dictionary.",
        "zh": "选出最多的一对，规则要写全，不让字典的顺序来决定。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    labels={"result": KIND, "written": WRITTEN, "counts": argument_label("counts")},
    mistakes=MISTAKES,
)
