"""07.split_special: a text cut at its special tokens."""

from __future__ import annotations

from utils.exercises.authoring import argument_label
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab07.split_special_mistakes import MISTAKES
from utils.exercises.lab07.tokens import KIND, WRITTEN, Draw, written

USER, BOT = "<|user|>", "<|bot|>"
# U and B stand for two special tokens, a small letter for a drawn word.
PLANS = (
    ({"en": "two special tokens in a text", "zh": "文本里有两个特殊词元"}, "p UqBrB", ["U", "B"]),
    ({"en": "special tokens side by side", "zh": "特殊词元紧挨着"}, "UUpBUB q", ["B", "U"]),
    ({"en": "one token begins with another", "zh": "一个词元以另一个开头"}, "pUB qUr", ["U", "UB"]),
    ({"en": "the same, listed the other way", "zh": "同上，列出的次序相反"},
     "UUBpBU: q", ["UB", "U:", "B", "U"]),
    ({"en": "tokens that overlap", "zh": "互相重叠的词元"}, "p<a><b><c>q<b>", ["<b><c>", "<a><b", "<b>"]),
    ({"en": "tokens within tokens", "zh": "词元套着词元"}, "x<<end>>p<end>>", ["end", "<end>", "<<end>>"]),
    ({"en": "signs that mean something in a pattern", "zh": "在正则表达式里有含义的符号"},
     "p.*q(s)+aa", [".*", "(s)+", "a+"]),
    ({"en": "upper and lower case, and spaces", "zh": "大小写与空格"},
     " Eos <eos> p  <EOS>", ["<eos>", "<bos>"]),
    ({"en": "no special token in the text", "zh": "文本里没有特殊词元"}, "p q", ["U", "B"]),
    ({"en": "no special tokens at all", "zh": "根本没有特殊词元"}, "pUq", []),
    ({"en": "nothing but a special token", "zh": "只有一个特殊词元"}, "B", ["U", "B"]),
    ({"en": "an empty text", "zh": "空文本"}, "", ["U", "B"]),
)  # fmt: skip
WORDS = ("hello", "kitten", "9 km", "why?", "good", "milk", "it's", "two", "why not")


def cases(seed: int) -> list[Case]:
    """The words are drawn: none holds a special token."""
    draw = Draw(seed)

    def case(name, plan, special):
        words = dict(zip("pqr", draw.random.sample(WORDS, 3), strict=True))
        signs = str.maketrans({"U": USER, "B": BOT, **words})
        return Case(name, (plan.translate(signs), [token.translate(signs) for token in special]))

    return [case(*plan) for plan in PLANS]


def probe(function, case: Case) -> Answer:
    """The list of parts, and the list of special tokens after the call."""
    text, special = case.args
    answer = written(function(text, special), kinds=(list, tuple), write=lambda parts: str(list(parts)))
    return answer | {"special": str(special)}


def reference(text, special):
    """Looks at every place for the longest special token that begins there; no pattern is needed."""
    parts, plain, i = [], "", 0
    while i < len(text):
        token = max((token for token in special if text.startswith(token, i)), key=len, default="")
        if token:
            parts += [plain, token]
            plain, i = "", i + len(token)
        else:
            plain, i = plain + text[i], i + 1
    return [part for part in [*parts, plain] if part]


EXERCISE = Exercise(
    id="07.split_special",
    title={"en": "Cut at special tokens", "zh": "在特殊词元处切开"},
    minutes=10,
    difficulty=2,
    aims={
        "en": "Find special tokens in a text, also where one is a part of another.",
        "zh": "在文本里找出特殊词元，即使其中一个是另一个的一部分。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    labels={"result": KIND, "written": WRITTEN, "special": argument_label("special")},
    mistakes=MISTAKES,
)
