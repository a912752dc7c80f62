"""05.read_rows: comma separated text into a tensor, with the numbers of the lines that were refused."""

from __future__ import annotations

import math
import re

import torch

from utils.exercises.answers import type_name
from utils.exercises.authoring import Numbers, parts
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab05.read_rows_fields import ABOUT_FIELDS
from utils.exercises.lab05.read_rows_lines import ABOUT_LINES
from utils.exercises.probes import twice

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)

# A # stands for a drawn number. Lines are numbered from the header, which is line 1.
TEXTS = (
    (
        {"en": "a fault of every kind", "zh": "各种毛病都有"},
        "age,bmi,progress\n#,-#,#\n#,,#\n#,#\n# , -# ,#\n\n#,nan,#\n#,#,#,#\n#,n/a,unknown\ninf,#,#\n"
        "#,#,1e999\n0,#,#e-1\n#,1_000,#\n#,#,#,\n#,#,#\n",
    ),
    (
        {"en": "unequal rows and blank lines", "zh": "长短不一的行和空行"},
        "blood pressure,s1\n#,#\n\n#,#,#\n   \n#\n-#,#\nunknown\n\n#,#e1",
    ),
    (
        {"en": "numbers that are not finite", "zh": "有些数不是有限的"},
        "a,b,c,d\n#,#,#,#\n#,NaN,#,#\n#,#,-inf,#\n#,#,#,#\nInfinity,#,#,#\n#,1e999,#,#\nnan,#,#,#\n#,-#,0,#\n",
    ),
    ({"en": "every row refused", "zh": "每一行都被拒收"}, "a,b,c\n#,#\n#,x,#\n\n,,\n7 #,#,#\n,,\n#,3/4,#\n"),
    ({"en": "nothing to refuse", "zh": "没有要拒收的行"}, "a,b\n+#,-#\n#e60, #\n0,.5\n-#  ,-#E-2\n7,#\n"),
)


def cases(seed: int) -> list[Case]:
    draw = Numbers(seed)

    def fill(text):
        numbers = (1 + abs(draw.normal(text.count("#"), scale=30.0))).tolist()
        return text.replace("#", "{:.2f}").format(*numbers)

    return [Case(name, (fill(text),)) for name, text in TEXTS]


def kinds(text):
    """Each line after the header with # for its drawn numbers again, by the name of its result."""
    lines = re.sub(r"\d+\.\d\d", "#", text).splitlines()
    return {f"line {n} {line}": (n, line) for n, line in enumerate(lines[1:], start=2)}


def line_label(n, line):
    if not line.strip():
        return {"en": f"“refused” for line {n}, a blank one,", "zh": f"第 {n} 行（空行）的拒收结果"}
    like = line.replace("#", "7.25")
    return {"en": f"“refused” for line {n}, such as “{like}”,", "zh": f"第 {n} 行（形如“{like}”）的拒收结果"}


def rows_and_lines(function, case: Case) -> Answer:
    """For each line whether it was refused, then the whole list, the numbers and their type.

    A message can show all of that; a list of which only the length differs would tell a learner little.
    """
    found = parts(function(*case.args), ("numbers", "refused"))
    refused, numbers = found.get("refused"), found.get("numbers")
    listed = isinstance(refused, (list, tuple))
    answer: Answer = {"result": found["result"], "kind": "list" if listed else type_name(refused)}
    if listed:
        refused = [line.item() if hasattr(line, "item") else line for line in refused]
        answer["entry"] = next((type_name(line) for line in refused if type(line) is not int), "int")
        answer |= {name: n in refused for name, (n, _) in kinds(*case.args).items()}
        refused = str(refused)
    answer |= {"refused": refused, "numbers": numbers}
    if hasattr(numbers, "dtype"):
        answer["dtype"] = str(numbers.dtype).removeprefix("torch.")
    return answer


def reference(text):
    """What a number looks like is a pattern here: nothing hangs on what ``float`` happens to accept."""
    header, *lines = text.splitlines()
    width = len(header.split(","))
    rows = {n: line.split(",") for n, line in enumerate(lines, start=2) if line.strip()}

    def good(row):
        fit = len(row) == width and all(NUMBER.fullmatch(field.strip()) for field in row)
        return fit and all(math.isfinite(float(field)) for field in row)

    kept = [[float(field) for field in row] for row in rows.values() if good(row)]
    numbers = torch.tensor(kept, dtype=torch.float64).reshape(len(kept), width)
    return numbers, [n for n, row in rows.items() if not good(row)]


EXERCISE = Exercise(
    id="05.read_rows",
    title={"en": "A loader that refuses bad rows", "zh": "拒收坏行的读取函数"},
    minutes=20,
    difficulty=3,
    aims={
        "en": "Read a table so that no doubtful number gets in, and say which lines were left out.",
        "zh": "读取一张表，不让可疑的数混进来，并说明拒收了哪些行。",
    },
    cases=cases,
    reference=reference,
    probe=twice(rows_and_lines),
    labels={
        **{name: line_label(*line) for _, text in TEXTS for name, line in kinds(text).items()},
        "numbers": {"en": "the tensor of numbers", "zh": "数值张量"},
        "kind": {"en": "the type of the second result", "zh": "第二个返回值的类型"},
        "entry": {"en": "the type of an entry in the list of refused lines", "zh": "拒收列表里一项的类型"},
        "refused": {"en": "the list of refused lines", "zh": "拒收的行号列表"},
        "dtype": {"en": "the dtype of the numbers", "zh": "数值的类型（dtype）"},
    },
    mistakes=(*ABOUT_LINES, *ABOUT_FIELDS),
)
