"""07.encode_chunk: a chunk's bytes, merged in the order in which the merges were learned."""

from __future__ import annotations

from utils.exercises.authoring import argument_label
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab07.encode_chunk_mistakes import MISTAKES
from utils.exercises.lab07.tokens import KIND, WRITTEN, Draw, written

# Merges in the order they were learned: what each joins, as texts. A letter stands for a byte.
LEARNED = ("b+c", "a+b", "c+d", "ab+cd", "bc+d", "a+a", "aa+aa", "d+a", "aa+b", "bcd+bcd", "da+bc")
LEARNED += ("c+da", "e+e")
PLANS = (
    ({"en": "merges that compete", "zh": "互相争夺的合并"}, "abcdabdabc"),
    ({"en": "runs of the same byte", "zh": "连续相同的字节"}, "aaaaaaabeeeaaa"),
    ({"en": "merges of merges", "zh": "合并的合并"}, "cdabcdabcdbcdbcddabcaab"),
    ({"en": "nothing to merge", "zh": "没有可合并的"}, "acbdeca"),
    ({"en": "everything becomes one token", "zh": "全部合成一个词元"}, "bcdbcd"),
    ({"en": "a single byte", "zh": "只有一个字节"}, "d"),
    ({"en": "no bytes at all", "zh": "一个字节都没有"}, ""),
)


def cases(seed: int) -> list[Case]:
    """The ranks stand in the dictionary in any order; whether a byte is large or small says nothing."""
    draw = Draw(seed)

    def case(name, plan):
        ids = draw.ids("abcde")
        ranks = {}
        for new, rule in enumerate(LEARNED, start=256):
            left, right = rule.split("+")
            ranks[ids[left], ids[right]] = ids[left + right] = new
        return Case(name, ([ids[letter] for letter in plan], dict(draw.shuffled(list(ranks.items())))))

    return [case(*plan) for plan in PLANS]


def probe(function, case: Case) -> Answer:
    """The list that is returned, and the arguments after the call."""
    ids, ranks = case.args
    answer = written(function(ids, ranks))
    return answer | {"ids": str(ids), "ranks": str(ranks)}


def reference(ids, ranks):
    """Each merge in turn replaces its pair everywhere, once: a merge needs only tokens that are older."""
    text = "".join(map(chr, ids))
    for (left, right), new in sorted(ranks.items(), key=lambda item: item[1]):
        text = text.replace(chr(left) + chr(right), chr(new))
    return [ord(character) for character in text]


EXERCISE = Exercise(
    id="07.encode_chunk",
    title={"en": "Encode a chunk", "zh": "编码一个块"},
    minutes=12,
    difficulty=2,
    aims={
        "en": "Apply learned merges in the one order that gives the tokens of the training.",
        "zh": "按唯一正确的顺序使用学到的合并，得到与训练时相同的词元。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    labels={
        "result": KIND,
        "written": WRITTEN,
        "ids": argument_label("ids"),
        "ranks": argument_label("ranks"),
    },
    mistakes=MISTAKES,
)
