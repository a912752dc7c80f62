"""Every measured number of the prose stands in an output, a record, or the code."""

from __future__ import annotations

import re

from nbformat import NotebookNode

from tests.notebook_text import cells, output_texts, texts

UNITS = {
    "%": "%", "percent": "%", "×": "x", "x": "x", "times": "x",
    "ms": "ms", "milliseconds": "ms", "µs": "us", "microseconds": "us",
    "s": "s", "second": "s", "seconds": "s", "min": "min", "minute": "min", "minutes": "min",
    "h": "h", "hour": "h", "hours": "h",
    "KB": "kB", "kB": "kB", "MB": "MB", "GB": "GB", "KiB": "KiB", "MiB": "MiB", "GiB": "GiB",
    "FLOPs": "FLOPs", "GFLOP/s": "GFLOP/s", "TFLOP/s": "TFLOP/s", "dB": "dB",
}  # fmt: skip
UNIT = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
NUMBER = re.compile(
    r"(?<![\w.])(\d+(?:,\d{3})*(?:\.\d+)?(?:e[-+]?\d+)?)(?!\d)(?!\.\d)"
    + rf"(?:[ \u00a0-]?({UNIT})(?![A-Za-z])(?!\s*\d))?"  # not the cross in "3 x 4"
)
REFERENCE = re.compile(
    r"(?:§+|\b(?:sections?|chapters?|labs?|Python|PyTorch|torch|NumPy|CUDA|versions?|BY)\b)\s*\d[\d.]*"
    r"(?:\s*(?:–|-|to|and|or|,)\s*§?\s*\d[\d.]*\d|\s*(?:–|-|to|and|or|,)\s*§?\s*\d)*",
    re.I,
)


def measured_numbers(text: str) -> list[tuple[str, str]]:
    """(number, unit) of a text's numbers that look measured: with decimals, or with a unit after them."""
    text = REFERENCE.sub(" ", text)
    found = [(match[1].replace(",", ""), UNITS.get(match[2] or "", "")) for match in NUMBER.finditer(text)]
    return [(number, unit) for number, unit in found if unit or is_decimal(number)]


def unsourced_numbers(notebook: NotebookNode, records: str) -> list[str]:
    """Measured numbers of the prose that stand in no output, code cell, record or the cell's ``given``."""
    shown = "\n".join([*output_texts(notebook), records])
    shown = re.sub(r"(?<=\d),(?=\d{3})", "", shown)
    code = "\n".join(cell.source for _, cell in cells(notebook, "code"))
    found = []
    for name, cell in cells(notebook, "markdown"):
        given = [str(entry).split()[0] for entry in cell.metadata.get("given", [])]
        for text in texts(cell.source, headings=False):
            for number, unit in measured_numbers(text):
                sourced = stands(number, unit, shown) or (is_decimal(number) and stands(number, "", code))
                if number not in given and not sourced:
                    found.append(f"{name}: {number} {unit}".rstrip() + " stands in no output, record or code")
    return found


def is_decimal(number: str) -> bool:
    """Whether a number has decimals or an exponent, and so is told from others without its unit."""
    return "." in number or "e" in number


def stands(number: str, unit: str, where: str) -> bool:
    """Whether ``number`` stands in ``where`` as a whole; an integer only with its ``unit`` after it."""
    for match in re.finditer(rf"(?<![\d.]){re.escape(number)}(?!\d)(?!\.\d)\s*({UNIT})?(?![A-Za-z])", where):
        if is_decimal(number) or not unit or UNITS.get(match[1] or "") == unit:
            return True
    return False
