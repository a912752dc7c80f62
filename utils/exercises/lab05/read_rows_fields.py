"""The known mistakes of 05.read_rows about fields: what is a number, and how many make a row."""

from __future__ import annotations

import math

import torch

from utils.exercises.authoring import mistake


def value(field):
    """The number in a field. ValueError if there is none, or none that is finite."""
    number = any_value(field)
    if not math.isfinite(number):
        raise ValueError(field)
    return number


def any_value(field):
    """The same, but nan and infinity are numbers too."""
    if "_" in field:
        raise ValueError(field)
    return float(field)


def numbered(text, start=2):
    return [(n, line) for n, line in enumerate(text.splitlines()[1:], start) if line.strip()]


def width_of(text):
    return text.splitlines()[0].count(",") + 1


def read(text, lines, value=value, fit=lambda fields, width: fields):
    """Read numbered lines. The mistakes number them otherwise, or replace ``value`` or ``fit``."""
    rows, refused, width = [], [], width_of(text)
    for n, line in lines:
        fields = fit(line.split(","), width)
        try:
            row = [value(field) for field in fields]
        except ValueError:
            row = []
        if len(row) == width:
            rows.append(row)
        else:
            refused.append(n)
    return torch.tensor(rows, dtype=torch.float64).reshape(-1, width), refused


def right(text):
    return read(text, numbered(text))


@mistake(
    en="nan and inf came through. Python's float reads both without complaint, so you must ask yourself "
    "whether a number is finite.",
    zh="nan 和 inf 混进来了。Python 的 float 会照读不误；一个数是否有限，得由你自己检查。",
)
def not_finite(text):
    return read(text, numbered(text), value=any_value)


@mistake(
    en="nan came through. It compares as False with every number: which question does it not slip past?",
    zh="nan 混进来了。它与任何数比较，结果都是 False：怎样检查才不会让它溜过去？",
)
def nan_let_through(text):
    return read(text, numbered(text), lambda field: float("nan") if "nan" in field.lower() else value(field))


@mistake(
    en="nan is refused, but infinite numbers came through.",
    zh="nan 是拒收了，无穷大却混了进来。",
)
def infinite_let_through(text):
    return read(
        text, numbered(text), lambda field: value(field) if "nan" in field.lower() else any_value(field)
    )


@mistake(
    en="You look for the words nan and inf. A number too large for a float becomes infinite as well.",
    zh="你找的是 nan 和 inf 这些字样。数太大，超出了浮点数的范围，也会变成无穷大。",
)
def overflow_let_through(text):
    return read(
        text, numbered(text), lambda field: value(field) if "n" in field.lower() else any_value(field)
    )


def or_zero(field):
    try:
        return value(field)
    except ValueError:
        return 0.0


@mistake(
    en="A bad field became a 0. The model cannot tell that number from a measured one: refuse the row.",
    zh="坏字段变成了 0。模型分不清这是不是测出来的数：应当拒收整行。",
)
def zero_for_bad(text):
    return read(text, numbered(text), value=or_zero)


@mistake(
    en="An empty field became a 0. Missing is not zero: refuse the row.",
    zh="空字段变成了 0。缺失不等于零：应当拒收整行。",
)
def empty_as_zero(text):
    return read(text, numbered(text), value=lambda field: value(field) if field.strip() else 0.0)


@mistake(
    en="1_000 came through: Python's float allows underscores. In a data file they are more likely a slip.",
    zh="1_000 混进来了：Python 的 float 允许下划线。出现在数据文件里，多半是笔误。",
)
def underscore_let_through(text):
    return read(text, numbered(text), value=lambda field: value(field.replace("_", "")))


@mistake(
    en="Good rows are refused: a number may have a sign or an exponent. isdigit knows neither.",
    zh="有些好的行被拒收了：数可以带正负号，也可以写成指数形式，而 isdigit 都不认得。",
)
def digits_only(text):
    def plain(field):
        return value(field if field.strip().replace(".", "", 1).isdigit() else "")

    return read(text, numbered(text), value=plain)


@mistake(
    en="Good rows are refused: spaces around a number are allowed.",
    zh="有些好的行被拒收了：数的前后允许有空格。",
)
def spaces_refused(text):
    return read(text, numbered(text), value=lambda field: value("" if " " in field else field))


@mistake(
    en="Good rows are refused: zero is a number. In Python it counts as false, like an empty text.",
    zh="有些好的行被拒收了：零也是数。只是在 Python 里，它和空字符串一样被当作假。",
)
def zero_refused(text):
    return read(text, numbered(text), value=lambda field: value(field if float(field) else ""))


@mistake(
    en="A field without a number stops everything with a ValueError. It should cost one row only.",
    zh="一个字段不是数，就抛出 ValueError，什么都停了。它应当只让这一行被拒收。",
)
def not_caught(text):
    rows = {n: line.split(",") for n, line in numbered(text)}
    full = {n: [float(field) for field in row] for n, row in rows.items()}
    good = {n: row for n, row in full.items() if len(row) == width_of(text) and all(map(math.isfinite, row))}
    return read(text, [(n, ",".join(rows[n])) for n in good])[0], [n for n in rows if n not in good]


@mistake(
    en="Rows of different lengths make no matrix. You never compare a row's fields with the header's.",
    zh="长短不一的行拼不成矩阵。你没有拿每行的字段数与表头的比。",
)
def width_unchecked(text):
    rows, refused = [], []
    for n, line in numbered(text):
        try:
            rows.append([value(field) for field in line.split(",")])
        except ValueError:
            refused.append(n)
    return torch.tensor(rows, dtype=torch.float64).reshape(-1, width_of(text)), refused


@mistake(
    en="Short rows are filled up with zeros. A number that nobody measured is worse than a row less.",
    zh="太短的行被你用零补齐了。编造一个没有测过的数，比少一行更糟。",
)
def short_padded(text):
    return read(text, numbered(text), fit=lambda fields, width: fields + ["0"] * (width - len(fields)))


@mistake(
    en="Long rows are cut. Nobody knows which of their fields is the one too many.",
    zh="太长的行被你截断了。可谁也不知道多出来的是哪一个字段。",
)
def long_cut(text):
    return read(text, numbered(text), fit=lambda fields, width: fields[:width])


ABOUT_FIELDS = (
    not_finite,
    nan_let_through,
    infinite_let_through,
    overflow_let_through,
    zero_for_bad,
    empty_as_zero,
    underscore_let_through,
    digits_only,
    spaces_refused,
    zero_refused,
    not_caught,
    width_unchecked,
    short_padded,
    long_cut,
)
