"""Second forms for 05.read_rows."""

import csv
import math
import re

import numpy as np
import torch


def number(field):
    """The finite number in a field, or None."""
    try:
        found = float(field)
    except ValueError:
        return None
    return None if "_" in field or not math.isfinite(found) else found


def make(rows, text):
    return torch.tensor(rows, dtype=torch.float64).reshape(len(rows), len(text.split("\n")[0].split(",")))


def right_loop(text):
    header, *lines = text.split("\n")
    width = len(header.split(","))
    rows, refused = [], []
    for n, line in enumerate(lines, start=2):
        if line.strip() == "":
            continue
        try:
            row = [float(field) for field in line.split(",")]
        except ValueError:
            row = []
        finite = all(abs(value) < float("inf") for value in row)
        if len(row) == width and finite and "_" not in line:
            rows.append(row)
        else:
            refused.append(n)
    return torch.tensor(rows, dtype=torch.float64).reshape(-1, width), refused


def right_torch(text):
    """Finite or not is asked of tensors."""
    lines = text.strip("\n").split("\n")
    width = lines[0].count(",") + 1
    numbers, refused = torch.empty(0, width, dtype=torch.float64), []
    for n in range(1, len(lines)):
        if not lines[n].split():
            continue
        try:
            fields = lines[n].replace("_", "?").split(",")
            row = torch.tensor([float(field) for field in fields], dtype=torch.float64)
        except ValueError:
            row = torch.full((width,), torch.nan)
        if row.shape == (width,) and row.isfinite().all():
            numbers = torch.cat([numbers, row[None]])
        else:
            refused.append(n + 1)
    return numbers, refused


def right_numpy(text):
    header, *lines = csv.reader(text.splitlines())
    table, refused = np.empty((0, len(header))), ()
    for n, fields in enumerate(lines, 2):
        row = [number(field) for field in fields]
        if not "".join(fields).strip() and len(fields) < 2:
            continue
        if len(row) != len(header) or None in row:
            refused += (n,)
        else:
            table = np.vstack([table, row])
    return torch.from_numpy(table), refused


def right_functions(text):
    lines = dict(enumerate(text.split("\n"), 1))
    width = len(lines.pop(1).split(","))
    rows = {n: list(map(number, line.split(","))) for n, line in lines.items() if line and not line.isspace()}
    refused = sorted(n for n, row in rows.items() if None in row or len(row) != width)
    return make([row for n, row in rows.items() if n not in refused], text), refused


def right_recursion(text, n=2):
    """The last line first; a line is looked at with a pattern before it is read."""
    header, *lines = text.split("\n")
    if n > len(lines) + 1:
        return make([], text), []
    numbers, refused = right_recursion(text, n + 1)
    fields = lines[n - 2].split(",")
    plain = all(re.fullmatch(r" *[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)? *", field) for field in fields)
    if plain and len(fields) == header.count(",") + 1 and all(math.isfinite(float(f)) for f in fields):
        return torch.cat([make([list(map(float, fields))], text), numbers]), refused
    return numbers, [n, *refused] if lines[n - 2].strip() else refused


def rows_of(text, first=2):
    """(line number, fields) of each line that is not blank; the header left out."""
    lines = enumerate(text.split("\n")[1:], first)
    return [(n, line.split(",")) for n, line in lines if line.strip()]


def sift(text, rows, good):
    """Keep the rows that ``good`` turns into numbers; it answers None for a bad one."""
    made = [(n, good(fields)) for n, fields in rows]
    return make([row for _, row in made if row is not None], text), [n for n, row in made if row is None]


def strict(text, read=number):
    """Judges a row of fields with ``read``, which answers None for a bad field."""
    width = len(text.split("\n")[0].split(","))

    def good(fields):
        row = [read(field) for field in fields]
        return row if len(row) == width and None not in row else None

    return good


def with_reader(text, read):
    return sift(text, rows_of(text), strict(text, read))


def loose(field):
    """As ``number``, but infinity and nan are let through."""
    try:
        return None if "_" in field else float(field)
    except ValueError:
        return None


def wrong_header_is_zero(text):
    numbers, refused = right_loop(text)
    return numbers, [n - 1 for n in refused]


def wrong_rows_from_zero(text):
    return sift(text, rows_of(text, first=0), strict(text))


def wrong_not_finite(text):
    return with_reader(text, loose)


def wrong_nan_let_through(text):
    def read(field):
        found = loose(field)
        return None if found in (math.inf, -math.inf) else found

    return with_reader(text, read)


def wrong_infinite_let_through(text):
    def read(field):
        found = loose(field)
        return found if found == found else None

    return with_reader(text, read)


def wrong_overflow_let_through(text):
    words = ("nan", "inf", "-inf", "+inf", "infinity", "-infinity")
    return with_reader(text, lambda field: None if field.strip().lower() in words else loose(field))


def wrong_short_padded(text):
    width, judge = len(text.split("\n")[0].split(",")), strict(text)
    return sift(
        text, rows_of(text), lambda fields: judge((fields + ["0"] * width)[: max(width, len(fields))])
    )


def wrong_long_cut(text):
    width, judge = len(text.split("\n")[0].split(",")), strict(text)
    return sift(
        text, rows_of(text), lambda fields: judge([fields[i] for i in range(min(width, len(fields)))])
    )


def wrong_width_unchecked(text):
    judged = [(n, [number(field) for field in fields]) for n, fields in rows_of(text)]
    table = np.array([row for _, row in judged if None not in row], dtype=float)
    numbers = torch.from_numpy(table).reshape(-1, text.split("\n")[0].count(",") + 1)
    return numbers, [n for n, row in judged if None in row]


def wrong_not_caught(text):
    width, rows, refused = len(text.split("\n")[0].split(",")), [], []
    for n, fields in rows_of(text):
        row = [float(field) for field in fields]
        if len(row) == width and math.isfinite(sum(row)) and "_" not in "".join(fields):
            rows.append(row)
        else:
            refused.append(n)
    return make(rows, text), refused


def wrong_stops_at_first(text):
    rows, judge = [], strict(text)
    for n, fields in rows_of(text):
        if judge(fields) is None:
            return make(rows, text), [n]
        rows.append(judge(fields))
    return make(rows, text), []


def wrong_blank_refused(text):
    rows = [(n, line.split(",")) for n, line in enumerate(text.removesuffix("\n").split("\n"), 1)]
    return sift(text, rows[1:], strict(text))


def wrong_spaces_not_blank(text):
    rows = [(n, line.split(",")) for n, line in enumerate(text.split("\n"), 1) if n > 1 and line != ""]
    return sift(text, rows, strict(text))


def wrong_blank_not_counted(text):
    n, rows = 1, []
    for line in text.split("\n")[1:]:
        if line.strip():
            n += 1
            rows.append((n, line.split(",")))
    return sift(text, rows, strict(text))


def wrong_zero_for_bad(text):
    return with_reader(text, lambda field: number(field) or 0.0)


def wrong_empty_as_zero(text):
    return with_reader(text, lambda field: number(field.strip() or "0"))


def wrong_underscore_let_through(text):
    def read(field):
        try:
            found = float(field)
        except ValueError:
            return None
        return found if abs(found) < math.inf else None

    return with_reader(text, read)


def wrong_digits_only(text):
    return with_reader(
        text, lambda field: number(field) if set(field.strip()) <= set("0123456789.") else None
    )


def wrong_spaces_refused(text):
    return with_reader(text, lambda field: number(field) if field == field.strip() else None)


def wrong_zero_refused(text):
    return with_reader(text, lambda field: number(field) or None)


def wrong_header_as_row(text):
    numbers, refused = right_loop(text)
    return numbers, [1, *refused]


def wrong_last_line_lost(text):
    lines, end = [], text.find("\n")
    while end >= 0:
        lines.append(text[:end])
        text = text[end + 1 :]
        end = text.find("\n")
    return right_loop("\n".join(lines))


def wrong_listed_twice(text):
    width, kept, refused = len(text.split("\n")[0].split(",")), [], []
    for n, fields in rows_of(text):
        if len(fields) != width:
            refused.append(n)
            continue
        row = []
        for field in fields:
            if number(field) is None:
                refused.append(n)
            else:
                row.append(number(field))
        if len(row) == width:
            kept.append(row)
    return make(kept, text), refused


def wrong_line_looked_up(text):
    lines, judge = text.split("\n"), strict(text)
    refused = [lines.index(line, 1) + 1 for line in lines[1:] if line.strip() and not judge(line.split(","))]
    return right_loop(text)[0], refused


def wrong_lines_returned(text):
    judge = strict(text)
    refused = [",".join(fields) for _, fields in rows_of(text) if judge(fields) is None]
    return right_loop(text)[0], refused


def wrong_texts_returned(text):
    judge = strict(text)
    kept = [fields for _, fields in rows_of(text) if judge(fields) is not None]
    return kept, right_loop(text)[1]


def wrong_list_returned(text):
    judged = [(n, strict(text)(fields)) for n, fields in rows_of(text)]
    return [row for _, row in judged if row], [n for n, row in judged if not row]


def wrong_single_precision(text):
    numbers, refused = right_loop(text)
    return torch.tensor(numbers.tolist()).reshape(numbers.shape), refused


def wrong_converted_too_late(text):
    numbers, refused = right_loop(text)
    return torch.tensor(numbers.tolist()).to(torch.float64).reshape(numbers.shape), refused


def wrong_columns_forgotten(text):
    numbers, refused = right_loop(text)
    return torch.tensor(numbers.tolist(), dtype=torch.float64), refused


def wrong_columns_first(text):
    numbers, refused = right_loop(text)
    columns = [numbers[:, i] for i in range(numbers.shape[1])]
    return torch.stack(columns), refused


def wrong_exchanged(text):
    numbers, refused = right_loop(text)
    return refused, numbers


def wrong_kept_between_calls(text, kept={"rows": [], "refused": []}):  # noqa: B006 - the mistake itself
    judge = strict(text)
    for n, fields in rows_of(text):
        row = judge(fields)
        kept["refused" if row is None else "rows"].append(n if row is None else row)
    return make(kept["rows"], text), kept["refused"]
