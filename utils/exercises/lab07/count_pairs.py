"""07.count_pairs: how often each pair of neighbours occurs in a list of chunks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise

from utils.exercises.answers import type_name
from utils.exercises.authoring import argument_label
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab07.count_pairs_mistakes import MISTAKES
from utils.exercises.lab07.tokens import KIND, Draw, plain
from utils.exercises.probes import twice

# A letter stands for an id. Each pair occurs in both orders somewhere, and no chunk's end is its beginning.
PLANS = (
    ({"en": "chunks of several lengths", "zh": "长短不一的块"}, ("abcab", "bcd", "dcb", "cba")),
    ({"en": "runs of the same id", "zh": "连续相同的编号"}, ("aaab", "baaaa", "aabb", "bb")),
    ({"en": "chunks of one id and of none", "zh": "只有一个编号的块和空的块"}, ("a", "", "abc", "b", "cab")),
    ({"en": "a chunk that is listed twice", "zh": "同一个块列出了两次"}, ("abc", "cbd", "abc", "cdab")),
)


def cases(seed: int) -> list[Case]:
    """Ids are bytes and merged tokens; every chunk occurs more than once."""
    draw = Draw(seed)

    def case(name, plan):
        ids = draw.ids("abcd", [*range(97, 123), *range(256, 300)])
        counts = draw.random.sample(range(2, 12), len(plan))
        chunks = [([ids[letter] for letter in letters], n) for letters, n in zip(plan, counts, strict=True)]
        return Case(name, (chunks,))

    return [case(*plan) for plan in PLANS]


def probe(function, case: Case) -> Answer:
    """The type of the result, each pair's count under its own name, and the chunks after the call."""
    (chunks,) = case.args
    counts = function(chunks)
    if not isinstance(counts, Mapping):
        return {"result": None} if counts is None else {"result": type_name(counts)}
    named = {f"counts[{_shown(pair)}]": number for pair, number in counts.items()}
    return {"result": "dict", **dict(sorted(named.items())), "chunks": str(chunks)}


def _shown(pair):
    """A pair as Python shows it, also where its ids are NumPy's."""
    return str(tuple(plain(pair)) if isinstance(pair, tuple) else pair)


def reference(chunks):
    """Every chunk is written out as often as it occurs, and its pairs are counted one by one."""
    copies = (ids for ids, count in chunks for _ in range(count))
    return dict(Counter(pair for ids in copies for pair in pairwise(ids)))


EXERCISE = Exercise(
    id="07.count_pairs",
    title={"en": "Count the pairs", "zh": "数相邻对"},
    minutes=8,
    difficulty=1,
    aims={
        "en": "Count neighbouring ids in chunks of which each stands for many like it.",
        "zh": "统计各块里相邻的两个编号出现多少次；每个块代表许多相同的块。",
    },
    cases=cases,
    reference=reference,
    probe=twice(probe),
    labels={
        "result": KIND,
        "counts": {"en": "the counts", "zh": "计数"},
        "chunks": argument_label("chunks"),
    },
    mistakes=MISTAKES,
)
