"""A table of numbers from a CSV file, or one sentence that says what is wrong with the file, and where.

Built by hand in chapter 05, with fewer refusals; a test ties the two. The reader is Python's csv module and
guesses nothing: pandas renames a second column of the same name, fills rows that are too short and turns
"NA" into a missing value. Limits: comma as separator, UTF-8, numbers only, all of the file in memory.
"""

from __future__ import annotations

import csv
import difflib
import io
import math
import os
import re
from dataclasses import dataclass

import torch
from torch import Tensor

from utils.reading import read_whole

File = str | os.PathLike[str]
# Narrower than float(), which also takes "1_000", "nan" and digits of other scripts.
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)


class TableError(ValueError):
    """What is wrong with a file, in one sentence that names the file and the line or column."""


@dataclass(frozen=True, eq=False)
class Table:
    """The numbers of a file; its columns but the target are the features, in the order of the file."""

    X: Tensor  # (n, d), float64
    y: Tensor  # (n,), float64
    features: tuple[str, ...]  # the d names
    target: str


def read_table(path: File, target: str) -> Table:
    """Read a CSV file with one line of names and then numbers; ``target`` names the column to predict.

    Read without a word: a BOM, any line ends, blank lines, quoted fields, spaces around names and numbers.
    A sentence counts lines in the file from 1; a row over several lines has the number of its first.

    Raises TableError with the first fault in this order: the file is missing, unreadable, not UTF-8, not
    CSV or empty; the first line holds numbers, a column has no name or another's name, the target is not
    there; a row has too few or too many fields, a value is missing, not a number or not finite; there are
    fewer rows than features + 1; a column is constant. The file is only read.
    """
    rows = _rows(path, _text(path))
    if not rows:
        raise TableError(f"{path}: the file is empty")
    (line, header), *rows = rows
    names = _names(f"{path}, line {line}", header)
    k = _position(path, names, target)
    values = [_row(path, line, row, names) for line, row in rows]
    _enough(path, len(rows), len(names) - 1)
    numbers = torch.tensor(values, dtype=torch.float64)
    _vary(path, numbers, names, target)
    X = torch.cat([numbers[:, :k], numbers[:, k + 1 :]], dim=1)  # (n, d)
    return Table(X, numbers[:, k].clone(), (*names[:k], *names[k + 1 :]), target)


def _text(path: File) -> str:
    """What the file says, without a BOM."""
    raw = read_whole(path, TableError)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        raise TableError(f"{path}: the file is in UTF-16 or UTF-32; save it as CSV in UTF-8")
    if b"\0" in raw:
        where = f"{path}, line {_line(raw, raw.index(0))}"
        raise TableError(f"{where}: a NUL byte, so this is not text in UTF-8; save it as CSV in UTF-8")
    try:
        return raw.decode("utf-8").lstrip("\ufeff")
    except UnicodeDecodeError as error:
        where = f"{path}, line {_line(raw, error.start)}"
        raise TableError(
            f"{where}: byte 0x{raw[error.start]:02X} is not UTF-8; save the file as CSV in UTF-8"
        ) from None


def _line(raw: bytes, position: int) -> int:
    """The number of the line, from 1, that the byte at ``position`` is on."""
    return len((raw[:position] + b"x").splitlines())


def _rows(path: File, text: str) -> list[tuple[int, list[str]]]:
    """The rows that are not blank: (number of the row's first line, its fields without spaces around)."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, skipinitialspace=True)
    rows, end = [], 0
    try:
        for row in reader:
            fields = [field.strip() for field in row]
            if len(fields) > 1 or any(fields):
                rows.append((end + 1, fields))
            end = reader.line_num
    except csv.Error as error:
        raise TableError(f"{path}, line {end + 1}: {_csv_fault(error)}") from None
    return rows


def _csv_fault(error: csv.Error) -> str:
    if "end of data" in str(error):
        return "a quotation mark is opened and never closed"
    if "field limit" in str(error):
        return f"a field of more than {csv.field_size_limit()} characters; is a quotation mark missing?"
    return f"this is not CSV ({error})"


def _names(where: str, header: list[str]) -> list[str]:
    """The names of the columns, if each has one of its own."""
    named = [name for name in header if name]
    if named and all(NUMBER.fullmatch(name) for name in named):
        raise TableError(f"{where}: only numbers; the first line must hold the names of the columns")
    for mark, called in {";": "semicolons", "\t": "tabs", "|": "bars"}.items():
        if len(header) == 1 and mark in header[0]:
            raise TableError(f"{where}: the columns are separated by {called}; they must be by commas")
    for k, name in enumerate(header):
        if not name:
            raise TableError(f"{where}: column {k + 1} has no name")
        if name in header[:k]:
            first = header.index(name)
            raise TableError(f"{where}: columns {first + 1} and {k + 1} are both called {_short(name)}")
    return header


def _position(path: File, names: list[str], target: str) -> int:
    if target in names:
        return names.index(target)
    lower = [name.lower() for name in names]
    close = difflib.get_close_matches(str(target).lower(), lower, n=1)
    if close:
        rest = f"the closest is {_short(names[lower.index(close[0])])}"
    else:
        more = ["..."] if len(names) > 5 else []
        rest = f"there is {', '.join([_short(name) for name in names[:5]] + more)}"
    raise TableError(f"{path}: there is no column {target!r}; {rest}")


def _enough(path: File, rows: int, features: int) -> None:
    if features == 0:
        raise TableError(f"{path}: the target is the only column; at least one feature is needed")
    if rows == 0:
        raise TableError(f"{path}: a line of names and no row of data")
    if rows < features + 1:
        counts = [f"{n} {what}{'s' if n != 1 else ''}" for n, what in ((rows, "row"), (features, "feature"))]
        raise TableError(f"{path}: {counts[0]} of data for {counts[1]}; at least {features + 1} are needed")


def _row(path: File, line: int, row: list[str], names: list[str]) -> list[float]:
    if len(row) != len(names):
        fields = f"{len(row)} field{'s' if len(row) != 1 else ''}"
        raise TableError(f"{path}, line {line}: {fields} for {len(names)} columns")
    return [
        _number(f"{path}, line {line}, column {_short(name)}", text)
        for name, text in zip(names, row, strict=True)
    ]


def _number(where: str, text: str) -> float:
    """The finite number that a field holds; ``where`` names the field in the sentence."""
    if not text:
        raise TableError(f"{where}: the value is missing")
    if NUMBER.fullmatch(text) and math.isfinite(value := float(text)):
        return value
    if NUMBER.fullmatch(text) or NOT_FINITE.fullmatch(text):
        raise TableError(f"{where}: {_short(text)} is not a finite number")
    if NUMBER.fullmatch(text.replace(",", "")):
        raise TableError(f"{where}: {_short(text)} has a comma in it; numbers are written like 1234.5")
    raise TableError(f"{where}: {_short(text)} is not a number")


def _vary(path: File, numbers: Tensor, names: list[str], target: str) -> None:
    constant = (numbers == numbers[0]).all(dim=0).tolist()
    for k, name in enumerate(names):
        if constant[k]:
            what = "a constant target cannot be predicted" if name == target else "leave this feature out"
            raise TableError(f"{path}, column {_short(name)}: {numbers[0, k]:g} in every row; {what}")


def _short(text: str) -> str:
    """The text in quotes, on one line, at most 40 characters of it."""
    return repr(text if len(text) <= 40 else text[:37] + "...")
