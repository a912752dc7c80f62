"""07.merge: one pair of ids replaced by a new id, from left to right."""

from __future__ import annotations

from utils.exercises.authoring import argument_label
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab07.merge_mistakes import MISTAKES
from utils.exercises.lab07.tokens import KIND, WRITTEN, Draw, written

# A letter stands for an id; the pair is two letters.
PLANS = (
    ({"en": "the pair here and there", "zh": "这一对出现在几处"}, "abcabbacxaabdab", "ab"),
    ({"en": "a pair of equal ids", "zh": "由两个相同编号组成的对"}, "aaabaaaacaabaaaaa", "aa"),
    ({"en": "half a pair at the end", "zh": "末尾只有半对"}, "abcbcaba", "ab"),
    ({"en": "the pair only the other way round", "zh": "只有次序颠倒的对"}, "baacbbac", "ab"),
    ({"en": "nothing but the pair", "zh": "只有这一对"}, "ab", "ab"),
    ({"en": "a single id", "zh": "只有一个编号"}, "b", "ab"),
    ({"en": "no ids at all", "zh": "一个编号都没有"}, "", "ab"),
)
DIGITS = {"en": "ids whose digits run together", "zh": "数字会连到一起的编号"}


def cases(seed: int) -> list[Case]:
    """In one case ids are such that the digits of a pair stand inside those of its neighbours."""
    draw = Draw(seed)

    def case(name, plan, pair):
        ids = draw.ids("abcdx", [*range(97, 123), *range(256, 300)])
        given = [ids[letter] for letter in plan]
        return Case(name, (given, (ids[pair[0]], ids[pair[1]]), draw.count(300, 400)))

    a, b = draw.random.sample(range(1, 10), 2)
    joined = [10 * b + a, b, a, b, 10 * a + b, a, 10 * b + a, 100 + 10 * b + a, b, 10 * b]
    return [*(case(*plan) for plan in PLANS), Case(DIGITS, (joined, (a, b), draw.count(300, 400)))]


def probe(function, case: Case) -> Answer:
    """The list that is returned, and the one that was passed after the call."""
    ids, pair, new = case.args
    return written(function(ids, pair, new)) | {"ids": str(ids)}


def reference(ids, pair, new):
    """Python's own replacement in a text whose characters have these ids as code points."""
    text = "".join(map(chr, ids)).replace("".join(map(chr, pair)), chr(new))
    return [ord(character) for character in text]


EXERCISE = Exercise(
    id="07.merge",
    title={"en": "Merge a pair", "zh": "合并一对"},
    minutes=8,
    difficulty=2,
    aims={
        "en": "Replace a pair wherever it occurs, so that no id is used twice and none is lost.",
        "zh": "把出现的某一对全部替换掉，每个编号既不用两次，也不丢失。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    labels={"result": KIND, "written": WRITTEN, "ids": argument_label("ids")},
    mistakes=MISTAKES,
)
