"""The known mistakes of 05.read_rows about lines, how they are counted, and what is returned."""

from __future__ import annotations

import torch

from utils.exercises.authoring import mistake
from utils.exercises.lab05.read_rows_fields import numbered, read, right, width_of


@mistake(
    en="Your line numbers are one too small. The header is line 1, as an editor shows it.",
    zh="行号都小了 1。表头是第 1 行，就像编辑器里显示的那样。",
)
def header_is_zero(text):
    return read(text, numbered(text, start=1))


@mistake(
    en="Your line numbers are two too small: they begin at 0, and the header is not counted.",
    zh="行号都小了 2：你从 0 数起，又没有算上表头。",
)
def rows_from_zero(text):
    return read(text, numbered(text, start=0))


@mistake(
    en="You stop at the first bad row. The rows after it are still wanted.",
    zh="你遇到第一个坏行就停了，后面的行还要读。",
)
def stops_at_first(text):
    lines, refused = numbered(text), right(text)[1]
    return read(text, [(n, line) for n, line in lines if not refused or n <= refused[0]])


@mistake(
    en="Blank lines stand in your list of refused lines. They hold no row that could be refused.",
    zh="空行也进了你的拒收列表。空行里没有数据，谈不上拒收。",
)
def blank_refused(text):
    return read(text, list(enumerate(text.splitlines()[1:], start=2)))


@mistake(
    en="A line of nothing but spaces is a blank line too. Yours is refused.",
    zh="只有空格的行也是空行，你却把它拒收了。",
)
def spaces_not_blank(text):
    return read(text, [(n, line) for n, line in enumerate(text.splitlines()[1:], start=2) if line])


@mistake(
    en="The numbers after a blank line are too small: a blank line is skipped, but it is still a line of the "
    "file.",
    zh="空行之后的行号偏小了：空行虽然跳过，但仍是文件里的一行。",
)
def blank_not_counted(text):
    return read(text, list(enumerate((line for _, line in numbered(text)), start=2)))


@mistake(
    en="The header is read as a row, and refused. It only says how many fields there should be.",
    zh="表头被当成数据行读了，又被拒收。它只用来说明应当有几个字段。",
)
def header_as_row(text):
    return read(text, [(1, text.splitlines()[0]), *numbered(text)])


@mistake(
    en="The last row is lost when the text does not end with a line break.",
    zh="如果文本结尾没有换行，最后一行就丢了。",
)
def last_line_lost(text):
    lines = text.split("\n")[1:-1]
    return read(text, [(n, line) for n, line in enumerate(lines, start=2) if line.strip()])


@mistake(
    en="A row with two bad fields stands in your list twice. It is refused once.",
    zh="一行里有两个坏字段，就在你的列表里出现了两次。拒收只算一次。",
)
def listed_twice(text):
    def bad(line):
        fields = line.split(",")
        return (
            sum(len(read("x", [(0, field)])[1]) for field in fields) if len(fields) == width_of(text) else 1
        )

    numbers, refused = right(text)
    lines = dict(numbered(text))
    return numbers, [n for n in refused for _ in range(bad(lines[n]))]


@mistake(
    en="Two bad lines that read alike have the same number in your list. Looking for a line finds the first "
    "such line: count instead.",
    zh="两个坏行内容相同，在你的列表里行号也相同。按内容去找，找到的总是第一个：行号要自己数。",
)
def line_looked_up(text):
    numbers, refused = right(text)
    lines = text.splitlines()
    return numbers, [lines.index(lines[n - 1]) + 1 for n in refused]


@mistake(
    en="You return the refused lines themselves. Asked for are their numbers: those find the line in a file.",
    zh="你返回的是被拒收的那些行的内容。题目要的是行号：有了行号，才能在文件里找到它。",
)
def lines_returned(text):
    numbers, refused = right(text)
    return numbers, [text.splitlines()[n - 1] for n in refused]


@mistake(
    en="Your rows hold text. A field must become a number before it goes into a tensor.",
    zh="你的各行里还是字符串。字段要先变成数，才能放进张量。",
)
def texts_returned(text):
    refused = right(text)[1]
    return [line.split(",") for n, line in numbered(text) if n not in refused], refused


@mistake(
    en="The numbers are right, but they stand in a list of lists. Make a tensor of it.",
    zh="数都对，但还装在列表的列表里。请把它变成张量。",
)
def list_returned(text):
    numbers, refused = right(text)
    return numbers.tolist(), refused


@mistake(
    en="Your tensor is float32, which PyTorch takes unless told otherwise. Asked for is float64.",
    zh="你的张量是 float32，这是 PyTorch 的默认类型。题目要的是 float64。",
)
def single_precision(text):
    numbers, refused = right(text)
    return numbers.float(), refused


@mistake(
    en="Your tensor became float64 only at the end. On the way it was float32, and what float32 cannot hold "
    "was lost: digits, and the largest numbers.",
    zh="你的张量到最后才变成 float64，中途是 float32。float32 装不下的已经丢了：一些有效数字，还有最大的数。",
)
def converted_too_late(text):
    numbers, refused = right(text)
    return numbers.float().double(), refused


@mistake(
    en="Where no row is left, your tensor has forgotten how many columns there are. Its shape should tell.",
    zh="一行都没留下时，你的张量忘了有几列。形状里仍应当看得出来。",
)
def columns_forgotten(text):
    numbers, refused = right(text)
    return numbers if len(numbers) else torch.tensor([], dtype=torch.float64), refused


@mistake(
    en="Rows and columns are exchanged: one line of the text is one row of the tensor.",
    zh="行和列颠倒了：文本的一行就是张量的一行。",
)
def columns_first(text):
    numbers, refused = right(text)
    return numbers.T, refused


@mistake(
    en="Both results are right, in the wrong order: the numbers come first.",
    zh="两个结果都对，顺序反了：先返回数。",
)
def exchanged(text):
    return right(text)[::-1]


@mistake(
    en="The first call is right, the second still has the rows of the first. A default value is made once: "
    "when the function is defined.",
    zh="第一次调用是对的，第二次还带着第一次的行。参数的默认值只在定义函数时创建一次。",
)
def kept_between_calls(text, rows=[], refused=[]):  # noqa: B006 - the mistake itself
    numbers, lines = right(text)
    rows += numbers.tolist()
    refused += lines
    return torch.tensor(rows, dtype=torch.float64).reshape(-1, width_of(text)), refused


ABOUT_LINES = (
    header_is_zero,
    rows_from_zero,
    stops_at_first,
    blank_refused,
    spaces_not_blank,
    blank_not_counted,
    header_as_row,
    last_line_lost,
    listed_twice,
    line_looked_up,
    lines_returned,
    texts_returned,
    list_returned,
    single_precision,
    converted_too_late,
    columns_forgotten,
    columns_first,
    exchanged,
    kept_between_calls,
)
