"""What the front page, the glossary, the notation and examples must keep to. Rules return their faults."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from notebook_text import PARSER, equations

# as LaTeX writes them
GREEK = r"""\alpha \beta \gamma \delta \epsilon \varepsilon \zeta \eta \theta \kappa \lambda \mu \nu \xi \pi
\rho \sigma \tau \phi \varphi \chi \psi \omega \Gamma \Delta \Theta \Lambda \Xi \Pi \Sigma \Phi \Psi \Omega"""
SIGNS = r"\odot \nabla \partial \top \leftarrow \sum \hat \bar \operatorname"
NUMBERS = {r"\pi"}  # a number that everybody knows, not a symbol of ours
SMALL_NAMES = {"bfloat16", "pickle", "softmax"}  # terms without a capital that are the same in Chinese


# --- glossary -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Term:
    english: str
    chinese: str
    definition: str

    @property
    def anchor(self) -> str:
        return "term-" + re.sub(r"[^a-z0-9]+", "-", self.english.lower()).strip("-")


def glossary(page: str) -> list[Term]:
    """The entries of a glossary page: ``english (chinese)`` on one line, the definition indented below."""
    body = re.search(r"```\{glossary\}\n(.*?)```", page, re.DOTALL)[1]
    found = []
    for entry in re.split(r"\n(?=\S)", body.strip()):
        head, _, definition = entry.partition("\n")
        match = re.fullmatch(r"(.+?)(?: \((.*)\))?", head)
        found.append(Term(match[1], match[2] or "", definition.strip()))
    return found


def glossary_faults(terms: list[Term]) -> list[str]:
    """Out of order, twice, without a definition, or an English term without its Chinese one."""
    found = []
    for before, after in zip(terms, terms[1:], strict=False):
        if before.english.casefold() >= after.english.casefold():
            found.append(f"{after.english} after {before.english}")
    for term in terms:
        if not re.search(r"\w{3}.*\.$", term.definition, re.DOTALL):
            found.append(f"{term.english}: no definition")
        name = term.english != term.english.lower() or term.english in SMALL_NAMES
        if not (re.search("[\u4e00-\u9fff]", term.chinese) or (name and not term.chinese)):
            found.append(f"{term.english}: no Chinese")
    return found


# --- notation -----------------------------------------------------------------------------------------------


def symbols(texts: Iterable[str]) -> set[str]:
    """Greek letters and special signs in the maths of Markdown texts."""
    known = {*GREEK.split(), *SIGNS.split()} - NUMBERS
    found = {c for text in texts for maths in equations(text) for c in re.findall(r"\\[A-Za-z]+", maths)}
    return found & known


def shape_letters(code: Iterable[str]) -> set[str]:
    """Letters of shapes such as ``(B, T, 3)`` in comments and docstrings, not arguments of a call."""
    shape = re.compile(r"(?<!\w)\(([A-Z](?:, ?[A-Z0-9]+)+|[A-Z],)\)")
    shapes = [letters for text in code for letters in shape.findall(text)]
    return {letter for letters in shapes for letter in re.findall("[A-Z]+", letters)}


# --- front page ---------------------------------------------------------------------------------------------


def map_faults(page: str, stands: set[str]) -> list[str]:
    """Chapters that the diagram, its styles and links, and the list below it do not agree on."""
    diagram = re.search(r"```mermaid\n(.*?)```", page, re.DOTALL)[1]
    listed = dict(re.findall(r"^- (?:\[)?(\d\d) ([^\]\n(]+?)(?:\]\(| \()", page, re.M))
    drawn = dict(re.findall(r'c(\d\d)\["\1 ([^<]*)<br/>', diagram))
    style = {
        kind: set(re.findall(r"\d\d", group)) for group, kind in re.findall(r"class (\S+) (\w+)", diagram)
    }
    clicked = set(re.findall(r'click c(\d\d) href "\.\./chapters/\1_\w+\.html"', diagram))
    links = set(re.findall(r"^- \[(\d\d) [^\]]*\]\(\.\./chapters/\1_\w+\.ipynb\)", page, re.M))
    planned = set(re.findall(r"^- (\d\d) .*\(planned\)", page, re.M))
    wanted = {
        "drawn": (drawn, listed),
        "numbers": (sorted(listed), [f"{n:02}" for n in range(1, len(listed) + 1)]),
        "stands in the diagram": (style.get("stands", set()), stands),
        "planned in the diagram": (style.get("planned", set()), set(listed) - stands),
        "clickable": (clicked, stands),
        "linked in the list": (links, stands),
        "planned in the list": (planned, set(listed) - stands),
    }
    return [what for what, (got, expected) in wanted.items() if got != expected]


# --- how to use ---------------------------------------------------------------------------------------------


def examples(page: str) -> list[tuple[str, str]]:
    """(code, what it prints) of every example of ``check`` on a page."""
    fences = [t for t in PARSER.parse(page) if t.type == "fence"]
    pairs = zip(fences, fences[1:], strict=False)
    return [(a.content, b.content) for a, b in pairs if a.info == "python" and "check(" in a.content]
