"""Near-duplicates among texts: clusters of them, and what one set of texts shares with another.

Two texts are alike if one holds much of the other: runs of three neighbouring lines, as hashes. Measuring
likeness by such runs, there of words, is due to Broder, "On the resemblance and containment of documents"
(1997). Limits: lines that are written anew are not recognised, and hashes are equal within one process only.

>>> clusters({"a": "x = 1\ny = 2\nz = 3", "b": "x = 7\ny = 8\nz = 9", "c": "pass"})
[['a', 'b'], ['c']]
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations

LINES = 3  # of a run
ALIKE = 0.25  # of the smaller text's runs, from which on two texts are near-duplicates
COMMON = 50  # texts: a run that stands in more is a licence or the like, and shows no likeness


def clusters(texts: Mapping[str, str]) -> list[list[str]]:
    """The names of texts in groups: near-duplicates, and near-duplicates of those, are in one."""
    holders: dict[int, list[str]] = defaultdict(list)
    for name in sorted(texts):
        for shingle in set(shingles(texts[name])):
            holders[shingle].append(name)
    sizes: Counter[str] = Counter()
    shared: Counter[tuple[str, str]] = Counter()
    for names in holders.values():
        if len(names) <= COMMON:
            sizes.update(names)
            shared.update(combinations(names, 2))
    group = {name: [name] for name in texts}
    for (a, b), count in shared.items():
        if count >= ALIKE * min(sizes[a], sizes[b]) and group[a] is not group[b]:
            group[a].extend(group[b])
            for name in group[b]:
                group[name] = group[a]
    return [sorted(names) for first, names in sorted(group.items()) if first == min(names)]


def shingles(text: str, lines: int = LINES) -> list[int]:
    """A hash of each run of so many lines, without indents, empty lines and the values of numbers.

    A text with fewer lines is one run, an empty one none.
    """
    kept = [line for line in map(str.strip, re.sub(r"\d+", "0", text).splitlines()) if line]
    starts = range(max(len(kept) - lines + 1, 1 if kept else 0))
    return [hash("\n".join(kept[i : i + lines])) for i in starts]


def shared_lines(texts: Iterable[str], others: Iterable[str], lines: int = 1) -> float:
    """The share of the lines of ``texts``, or of their runs of lines, that stand in ``others`` too."""
    known = {shingle for text in others for shingle in shingles(text, lines)}
    mine = [shingle for text in texts for shingle in shingles(text, lines)]
    return sum(shingle in known for shingle in mine) / max(len(mine), 1)
