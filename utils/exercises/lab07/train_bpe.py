"""07.train_bpe: the merges that byte pair encoding learns, one after another."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from utils.exercises.answers import type_name
from utils.exercises.authoring import argument_label
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab07.tokens import KIND, LISTS, Draw, plain
from utils.exercises.lab07.train_bpe_counting import ABOUT_COUNTING
from utils.exercises.lab07.train_bpe_merging import ABOUT_MERGING

# Chunks and how often each occurs. A letter stands for another one, later letters for later ones.
PLANS = (
    (
        {"en": "pairs that tie", "zh": "有并列的对"},
        {"gcb": 3, "dce": 3, "cbg": 2, "eda": 5, "dag": 2, "bgd": 1, "aed": 1},
        7,
    ),
    (
        {"en": "words with a common part", "zh": "有相同部分的词"},
        {"low": 6, "lower": 3, "newer": 4, "wider": 2, "lowest": 1, "we": 9},
        8,
    ),
    (
        {"en": "runs of the same byte", "zh": "连续相同的字节"},
        {"aaaaab": 5, "baaa": 2, "aaaaaaa": 1, "bab": 4, "cbaab": 2, "aaac": 1, "cb": 3, "de": 25},
        7,
    ),
    (
        {"en": "a border that is more frequent than any pair", "zh": "边界比任何一对都更常出现"},
        {"ba": 3, "ab": 3, "dc": 2, "a": 8, "cd": 1, "b": 7, "abdc": 2},
        5,
    ),
    ({"en": "fewer pairs than merges", "zh": "可合并的对不够"}, {"abc": 4, "bcd": 1, "d": 3}, 9),
    ({"en": "no merges", "zh": "合并零次"}, {"ab": 4, "abb": 1}, 0),
)
CHARACTERS = ({"en": "characters of several bytes", "zh": "多字节字符"}, 6)


def cases(seed: int) -> list[Case]:
    """Letters keep their order, so that ties stay what they are; the characters beyond ASCII are drawn."""
    draw = Draw(seed)

    def case(name, plan, merges):
        letters = sorted(set("".join(plan)))
        drawn = sorted(draw.random.sample("abcdefghijklmnopqrstuvwxyz", len(letters)))
        change = str.maketrans(dict(zip(letters, drawn, strict=True)))
        factor = draw.random.choice((1, 2, 3)) if merges < 9 else 1
        return Case(name, ({word.translate(change).encode(): n * factor for word, n in plan.items()}, merges))

    one, two, three = (chr(code) for code in draw.random.sample(range(0x4E10, 0x4E30), 3))
    words = {one + two: 4, two + three + one: 2, three + one + two: 3, "é" + one: 2, "è" + two: 1}
    name, merges = CHARACTERS
    chunks = {word.encode(): n for word, n in words.items()}
    return [*(case(*plan) for plan in PLANS), Case(name, (chunks, merges))]


def probe(function, case: Case) -> Answer:
    """The type of the result, each merge under its own name, and the chunks after the call."""
    counts, merges = case.args
    learned = function(counts, merges)
    if not isinstance(learned, LISTS):
        return {"result": None} if learned is None else {"result": type_name(learned)}
    named = {f"merges[{i}]": _shown(pair) for i, pair in enumerate(plain(learned))}
    return {"result": "list", **named, "counts": str(counts)}


def _shown(pair):
    return str(tuple(pair)) if isinstance(pair, list) else str(pair)


def reference(counts, merges):
    """Chunks are texts here: a byte is a character, and so is what a merge makes. Python replaces it."""
    texts = Counter({chunk.decode("latin-1"): count for chunk, count in counts.items()})
    learned = []
    for new in range(256, 256 + merges):
        pairs = Counter(pair for text in texts.elements() for pair in pairwise(text))
        if not pairs:
            break
        left, right = min(pair for pair, number in pairs.items() if number == max(pairs.values()))
        learned.append((ord(left), ord(right)))
        texts = Counter(text.replace(left + right, chr(new)) for text in texts.elements())
    return learned


EXERCISE = Exercise(
    id="07.train_bpe",
    title={"en": "Learn the merges", "zh": "学出合并"},
    minutes=14,
    difficulty=3,
    aims={
        "en": "Put counting, choosing and merging into a loop that learns a vocabulary.",
        "zh": "把计数、选择、合并放进一个循环，学出一张词表。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    labels={
        "result": KIND,
        "merges": {"en": "the list of merges", "zh": "合并列表"},
        "counts": argument_label("counts"),
    },
    mistakes=(*ABOUT_COUNTING, *ABOUT_MERGING),
)
