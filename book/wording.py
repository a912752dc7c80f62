"""What a Chinese translation must keep of its English message.

``faults(message, translation)`` returns one sentence for each rule that a translation breaks. The rules:
- formulas, code spans, links, citations and numbers are those of the message (words in ``\\text{...}`` and
  labels of diagrams may be translated), and bold and italic stay what they are;
- the label of a box is the fixed one, and the text of a link to the glossary holds the glossary's term;
- what ``book.typography`` says of Chinese text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from book import typography
from book.blocks import parser

BOXES = {
    "What you build.": "你将构建。",
    "The article errs.": "文章此处有误。",
    "Key idea.": "要点。",
    "Note.": "说明。",
    "Try it.": "动手试试。",
    "Common mistake.": "常见错误。",
}
# What the two parts of the course are called: not 习题, 作业 or 实验室.
WORDS = {r"\blabs?\b": "实验", r"\bexercises?\b": "练习"}
# Names that are written the same in Chinese, beside all words with a capital inside (PyTorch, AdamW, SGD).
NAMES = {"adam", "adadelta", "adagrad", "colab", "jupyter", "jupyterlab", "python", "softmax", "transformer"}
NAMES |= {"bfloat", "pickle", "safetensors"}  # bfloat16 without its digits
# English words that Chinese may write with a digit.
COUNTED = re.compile(
    r"\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|hundred|thousand|half|first|second"
    r"|third|once|twice|January|February|March|April|May|June|July|August|September|October|November|December)\b",
    re.IGNORECASE,
)
STAND_INS = {"softbreak": " ", "hardbreak": " ", "code_inline": "x", "math_inline": "x", "myst_role": "x"}
TEXT = re.compile(r"\\text\w*\{[^{}]*\}")


@dataclass
class Pieces:
    """What an inline text consists of. ``plain`` has a letter x in place of each formula and code span."""

    formulas: Counter = field(default_factory=Counter)
    code: Counter = field(default_factory=Counter)
    links: dict[str, list[str]] = field(default_factory=dict)  # target -> texts
    roles: Counter = field(default_factory=Counter)
    marks: Counter = field(default_factory=Counter)
    plain: str = ""
    upright: str = ""  # plain without what is set in italics: names of works keep their language


def pieces(text: str) -> Pieces:
    """Take an inline text apart with the site's own parser."""
    found, href, italic, before = Pieces(), "", 0, ""
    for token in parser().parseInline(text)[0].children:
        word = STAND_INS.get(token.type, "")
        if token.type == "text":
            # Markdown needs a space after bold that ends in a full stop, which is none in the typeset text
            after_mark = before in ("strong_close", "em_close") and found.plain[-1:] in typography.WIDE
            word = token.content.lstrip() if after_mark else token.content
        elif token.type in ("math_inline", "math_inline_double"):
            found.formulas[wordless(token.content)] += 1
        elif token.type == "code_inline":
            found.code[token.content] += 1
        elif token.type == "myst_role":
            found.roles[f"{token.meta['name']} {token.content}"] += 1
        elif token.type in ("strong_open", "em_open"):
            found.marks[token.tag] += 1
        elif token.type == "link_open":
            href = token.attrs["href"]
            found.links.setdefault(href, []).append("")
        elif token.type == "image":
            found.links.setdefault(token.attrs["src"], []).append(token.content)
        elif token.type == "html_inline":
            found.roles[token.content] += 1
        italic += {"em_open": 1, "em_close": -1}.get(token.type, 0)
        if href and word:
            found.links[href][-1] += word
        if token.type == "link_close":
            href = ""
        found.plain += word
        found.upright += "" if italic else word
        before = token.type
    return found


def wordless(formula: str) -> str:
    """A formula without the words in it and without the spaces around it."""
    return TEXT.sub(r"\\text{}", formula).strip()


def unlabelled(diagram: str) -> str:
    """A Mermaid diagram without its labels: what is left, addresses among it, must not change."""
    label = r'(href "[^"]*")|"[^"]*"|\|[^|]*\||(?<=\w)(?:\[[^\]]*\]|\([^)]*\)|\{[^}]*\})'
    return re.sub(label, lambda match: match[1] or "", diagram)


def is_display(message: str) -> bool:
    """Whether a message is a display formula or a diagram: running text is extracted as one line."""
    return "\n" in message or bool(re.search(r"\\[A-Za-z]+", message) and not re.search(r"[$`]", message))


def same_everywhere(message: str) -> bool:
    """Whether a message reads the same in every language: formulas, code, numbers and names alone."""
    if is_display(message):
        return not _is_diagram(message) and _only_names(message)
    if not all(_only_names(formula) for formula in re.findall(r"\$[^$]+\$", message)):
        return False
    found = pieces(message)
    return not any(found.links.values()) and all(_is_name(w) for w in re.findall(r"[^\W\d_]+", found.plain))


def _only_names(formula: str) -> bool:
    """Whether the words in a formula's ``\\text{...}`` are names such as MSE and softmax."""
    words = " ".join(re.findall(r"\\text\w*\{([^{}]*)\}", formula))
    return all(_is_name(word) for word in re.findall(r"[A-Za-z]+", words))


def _is_name(word: str) -> bool:
    return len(word) == 1 or word.lower() in NAMES or any(c.isupper() for c in word[1:])


def _is_diagram(message: str) -> bool:
    return bool(re.match(r"\s*(flowchart|graph|sequenceDiagram|stateDiagram)", message))


def faults(message: str, translation: str, terms: Mapping[str, str] | None = None) -> list[str]:
    """The rules that ``translation`` breaks, one sentence each; empty if it is good.

    ``terms`` maps the anchors of the glossary ("term-gradient") to the Chinese term ("梯度").
    """
    if not translation.strip():
        return ["there is no translation"]
    if is_display(message):
        strip = unlabelled if _is_diagram(message) else wordless
        return [] if strip(message) == strip(translation) else ["the formula or diagram is not the same"]
    english, chinese = pieces(message), pieces(translation)
    if message == translation and same_everywhere(message):
        return []
    return [
        *_kept(english, chinese),
        *_fixed(message, translation, chinese, terms or {}),
        *typography.faults(english.plain, chinese.plain, chinese.upright),
    ]


def _kept(english: Pieces, chinese: Pieces) -> list[str]:
    """Formulas, code, links, roles, marks and numbers."""
    pairs = [
        ("formula", english.formulas, chinese.formulas),
        ("code span", english.code, chinese.code),
        ("link", Counter(_targets(english)), Counter(_targets(chinese))),
        ("role or tag", english.roles, chinese.roles),
        ("bold or italic", english.marks, chinese.marks),
    ]
    found = []
    for name, old, new in pairs:
        found += [f"{name} {piece!r} is missing" for piece in (old - new)]
        found += [f"{name} {piece!r} is not in the English text" for piece in (new - old)]
    old, new = _numbers(english.plain), _numbers(chinese.plain)
    found += [f"number {number} is missing" for number in (old - new)]
    extra = new - old
    if sum(extra.values()) > len(COUNTED.findall(english.plain)):
        found += [f"number {number} is not in the English text" for number in extra]
    if any(chinese.plain.count(mark) > english.plain.count(mark) for mark in "*$`"):
        found.append("a *, $ or ` is left as a character: bold that ends in 。 needs a space after it")
    return found


def _says(text: str, term: str, target: str) -> bool:
    """Whether a link says the Chinese term; names such as ReLU may stay."""
    name = target.rpartition("#term-")[2]
    return term in text or any(w.lower() == name and _is_name(w) for w in re.findall(r"[A-Za-z-]+", text))


def _targets(found: Pieces) -> list[str]:
    return [target for target, texts in found.links.items() for _ in texts]


def _numbers(text: str) -> Counter:
    return Counter(re.findall(r"\d+(?:[.,]\d+)*", text))


def _fixed(message: str, translation: str, chinese: Pieces, terms: Mapping[str, str]) -> list[str]:
    """Fixed words: labels of boxes, terms of the glossary, the parts of the course."""
    found = []
    for english, word in WORDS.items():
        said = re.search(english, pieces(message).plain, re.IGNORECASE)
        if said and word not in translation:
            found.append(f"{said[0]!r} is {word} in Chinese")
    label = re.match(r"\*\*([^*]+)\*\*", message)
    if label and label[1] in BOXES and not translation.startswith(f"**{BOXES[label[1]]}**"):
        found.append(f"the box {label[1]!r} begins with **{BOXES[label[1]]}** in Chinese")
    for target, texts in chinese.links.items():
        term = terms.get(target.partition("#")[2], "")
        found += [
            f"the link to {target} says {text!r}, not {term}"
            for text in texts
            if not _says(text, term, target)
        ]
    return found
