"""The translatable blocks of a Markdown text: found as Sphinx finds them, and replaced where they stand.

A block's ``message`` is the key under which its translation stands in the .po file. It must be the string
that Sphinx's gettext builder extracts, or a translation would be found on the site and not in the notebook.
Text is parsed by MyST's own parser with the site's settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True)
class Block:
    """Lines ``start`` to ``stop`` (excluded) of a text; ``message`` is what is translated there."""

    kind: str  # "text", "cell" (of a table), "math" or "diagram"
    start: int
    stop: int
    source: str  # the text as the parser returns it, without quote marks and indentation
    message: str


@lru_cache(1)
def parser():
    """MyST's parser with the settings of _config.yml. Only its tokens are used; nothing is rendered."""
    from markdown_it.renderer import RendererHTML
    from myst_parser.config.main import MdParserConfig
    from myst_parser.parsers.mdit import create_md_parser

    from book.build import configuration

    known = {name for name, *_ in MdParserConfig().as_triple()}
    site = configuration("en", None)
    settings = {name: site[f"myst_{name}"] for name in known if f"myst_{name}" in site}
    md = create_md_parser(MdParserConfig(**settings), RendererHTML)
    return md.disable("front_matter", ignoreInvalid=True)  # as myst-nb does: a notebook has metadata instead


def blocks(text: str) -> list[Block]:
    """Every translatable block of ``text`` in order, as Sphinx's gettext builder would extract it."""
    found, inside_cell = [], False
    for token in parser().parse(text):
        if token.type in ("th_open", "td_open"):
            inside_cell = True
        elif token.type in ("th_close", "td_close"):
            inside_cell = False
        kind = _kind(token, inside_cell)
        if kind:
            message = token.content
            if kind in ("text", "cell"):
                message = message.replace("\n", " ").strip()
            elif kind == "diagram":
                message = message.strip("\n")
            found.append(Block(kind, *token.map, token.content, message))
    return [block for block in found if block.message.strip()]


def _kind(token, inside_cell: bool) -> str:
    if token.type == "inline":
        return "cell" if inside_cell else "text"
    if token.type in ("math_block", "math_block_label", "amsmath"):
        return "math"
    return "diagram" if token.type == "fence" and token.info.strip() == "mermaid" else ""


def outline(text: str) -> list[tuple[str, str, str]]:
    """The block structure of ``text``: two texts with the same outline differ only in words."""
    return [(t.type, t.tag, t.info) for t in parser().parse(text)]


def replace(text: str, translation: Mapping[str, str]) -> str:
    """Replace each block of ``text`` whose message is in ``translation``; all else stays as it is.

    Raises ``ValueError`` if the result is not the same text in other words: where a translation begins like a
    list item, say, or a block cannot be found in its lines.
    """
    lines = text.split("\n")
    found = blocks(text)
    wanted = [translation.get(block.message, block.message) for block in found]
    for block in reversed(_one_a_row(found)):
        if block.kind == "cell":
            lines[block.start] = _row(lines[block.start], translation)
        elif translation.get(block.message, block.message) != block.message:
            new = _block_lines(lines[block.start : block.stop], block, translation[block.message])
            lines[block.start : block.stop] = new
    result = "\n".join(lines)
    if outline(result) != outline(text):
        raise ValueError(f"a translation changes the structure of the text that begins {text[:60]!r}")
    for block, message in zip(blocks(result), wanted, strict=True):
        if block.message != message:
            raise ValueError(f"{message[:60]!r} is read back as {block.message[:60]!r}")
    return result


def _one_a_row(found: list[Block]) -> list[Block]:
    """A table row is rewritten once, not once a cell."""
    rows: set[int] = set()
    kept = []
    for block in found:
        if block.kind == "cell":
            if block.start in rows:
                continue
            rows.add(block.start)
        kept.append(block)
    return kept


def _row(line: str, translation: Mapping[str, str]) -> str:
    """A table row with its cells translated; the spaces around each cell stay."""
    from markdown_it.rules_block.table import escapedSplit

    parts = [part.replace("|", "\\|") for part in escapedSplit(line)]
    for i, part in enumerate(parts):
        message = part.replace("\\|", "|").strip()
        if message and message in translation:
            head, tail = part[: len(part) - len(part.lstrip())], part[len(part.rstrip()) :]
            parts[i] = head + translation[message].replace("|", "\\|") + tail
    return "|".join(parts)


def _block_lines(lines: list[str], block: Block, new: str) -> list[str]:
    """The source lines of a block with ``new`` in its place: quote marks, list markers and fences stay."""
    if block.kind == "text":
        old = block.source.split("\n")
        head = _find(lines[0], old[0])
        last = lines[len(old) - 1]
        after = last[_find(last, old[-1], end=True) :]
        return [lines[0][:head] + new + after, *lines[len(old) :]]
    if block.kind == "diagram":
        inner = lines[1:-1]
        prefix = inner[0][: len(inner[0]) - len(block.source.split("\n")[0])]
        return [lines[0], *(prefix + line for line in new.rstrip("\n").split("\n")), lines[-1]]
    return _math_lines(lines, block, new)


def _find(line: str, piece: str, end: bool = False) -> int:
    """Where ``piece`` begins in ``line`` (or ends, with ``end``)."""
    at = line.rstrip().rfind(piece.rstrip())
    if at < 0:
        raise ValueError(f"{piece[:60]!r} is not found in {line[:60]!r}")
    return at + (len(piece.rstrip()) if end else 0)


def _math_lines(lines: list[str], block: Block, new: str) -> list[str]:
    """A display formula: each of its lines keeps what stands before it (quote marks, indentation)."""
    old, fresh = block.source.split("\n"), new.split("\n")
    if len(old) != len(fresh):
        raise ValueError(f"the translated formula has {len(fresh)} lines, not {len(old)}: {new!r}")
    result = list(lines)
    for i, (before, after) in enumerate(zip(old, fresh, strict=True)):
        if before != after:
            at = lines[i].rfind(before)
            if at < 0:
                raise ValueError(f"{before!r} is not found in {lines[i]!r}")
            result[i] = lines[i][:at] + after + lines[i][at + len(before) :]
    return result
