"""How Chinese is set: full-width punctuation, spaces beside Latin letters and digits, no English."""

from __future__ import annotations

import re

HAN = "\u4e00-\u9fff\u3400-\u4dbf"
WIDE = "，。；：？！、（）《》“”‘’…—"
ENDS = {".": "。", "?": "？", "!": "！", ":": "：", ";": "；"}
RULES = [
    (rf"[{HAN}][A-Za-z0-9]|[A-Za-z0-9%][{HAN}]", "needs a space between Chinese and Latin letters or digits"),
    (
        rf"[{HAN}{WIDE}] *[,.;:!?()]|[,;:!?()] *[{HAN}]|(?<!al)\. *[{HAN}]",
        "needs full-width punctuation",
    ),
    (rf"[{HAN}]['\"]|['\"][{HAN}]", "needs the quotes “ ”"),
    (r" [，。；：？！、）》]|[，。；：？！、（《] ", "has a space beside full-width punctuation"),
    (rf"[{HAN}] +[{HAN}]", "has a space between two Chinese characters"),
    (r"(?:的[^的，。；：？！、（）]{0,12}){4}", "has four 的 in one clause"),
]
ENGLISH = r"(?:\b[A-Za-z][a-z'’-]*[ ,]+){4}[A-Za-z]+"

GLOSS = r"（[A-Za-z ,-]+）"  # the English name of a term, given where it first stands


def faults(english: str, chinese: str, upright: str) -> list[str]:
    """What is wrong with the plain text ``chinese``; ``upright`` is it without the italics.

    Formulas and code spans stand in the texts as the letter x.
    """
    if not re.search(f"[{HAN}]", chinese):
        return ["there is no Chinese in it"]
    found = [f"{where[0]!r} {complaint}" for rule, complaint in RULES if (where := re.search(rule, chinese))]
    if left := re.search(ENGLISH, re.sub(GLOSS, "", upright)):
        found.append(f"{left[0]!r} is left in English")
    end = ENDS.get(english.rstrip()[-1:])
    if end and chinese.rstrip("”）")[-1:] not in ENDS.values() and not chinese.endswith("…"):
        found.append(f"ends with {chinese[-1:]!r} and not with {end}")
    return found
