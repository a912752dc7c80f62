"""The Chinese edition: all translated, nothing dropped, set as Chinese is; notebooks made from it.

Each rule is shown on a message that breaks it: a rule that never fires would look the same as a clean book.
"""

from __future__ import annotations

import re
import subprocess
import sys

import polib
import pytest

from book import blocks, po, translate
from book.ext.boxes import BOXES as SITE_BOXES
from book.languages import _put
from book.notebooks import read
from book.wording import BOXES, faults, same_everywhere

PAGES = po.pages()
NOTEBOOKS = translate.notebooks()
TERMS = po.terms()


# --- the book as it stands


@pytest.mark.parametrize("page", PAGES)
def test_every_message_of_a_page_is_translated_and_keeps_the_rules(page):
    entries = po.load(page)
    assert len(entries), f"{page} has no messages: run `make gettext`"
    problems = []
    for entry in entries:
        found = ["it is obsolete"] if entry.obsolete else []
        found += ["it is fuzzy"] if entry.fuzzy else faults(entry.msgid, entry.msgstr, TERMS)
        problems += [f"{problem}: {entry.msgid[:80]!r}" for problem in found]
    assert not problems, f"{len(problems)} faults in {page}:\n" + "\n".join(problems[:30])


def test_translation_files_are_what_the_pages_give():
    command = [sys.executable, "-m", "book.languages", "gettext", "--check"]
    run = subprocess.run(command, cwd=po.ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("page", NOTEBOOKS)
def test_messages_of_a_notebook_are_those_that_sphinx_extracts(page):
    """The notebook and the site must look a translation up under the same key."""
    cells = [cell.source for cell in read(po.source(page)).cells if cell.cell_type == "markdown"]
    found = {block.message for source in cells for block in blocks.blocks(source)}
    assert found == {entry.msgid for entry in po.load(page)}


@pytest.mark.parametrize("page", PAGES)
def test_no_display_formula_stands_inside_a_paragraph(page):
    """Sphinx joins the lines of a paragraph, and ``$$`` in the middle of a line is no formula."""
    assert not [entry.msgid for entry in po.load(page) if "$$" in entry.msgid]


@pytest.mark.parametrize("page", NOTEBOOKS)
def test_chinese_notebook_is_the_english_one_in_chinese(page):
    path = po.ROOT / f"{translate.target(page)}.ipynb"
    assert path.is_file(), f"{path.name} is missing: run python -m book.languages notebooks"
    assert path.read_text(encoding="utf-8") == translate.translate(page, po.translation(page))
    english, chinese = read(po.source(page)), read(path)
    assert english.metadata == chinese.metadata
    for old, new in zip(english.cells, chinese.cells, strict=True):
        assert (old.id, old.cell_type, old.metadata) == (new.id, new.cell_type, new.metadata)
        assert old.cell_type == "markdown" or old == new
        assert old.cell_type != "markdown" or not english_left(new.source), (new.id, english_left(new.source))
        assert not broken_links(new.source, path.parent), new.id


def test_no_chinese_notebook_is_left_over():
    made = {f"{translate.target(page)}.ipynb" for page in NOTEBOOKS}
    there = {p.relative_to(po.ROOT).as_posix() for p in po.ROOT.glob(f"*/{po.LANGUAGE}/*.ipynb")}
    assert there == made


def test_every_term_of_the_glossary_shows_both_languages():
    translation = po.translation("book/glossary")
    terms = [m for m in translation if re.fullmatch(r"\S.* \([^()]*[\u4e00-\u9fff][^()]*\)", m)]
    assert len(terms) == len(TERMS) > 40
    for message in terms:
        english, chinese = message.removesuffix(")").split(" (")
        assert translation[message] == f"{chinese}（{english}）"


def test_boxes_have_the_same_labels_in_the_text_and_on_the_site():
    assert {label.rstrip("。.") for pair in BOXES.items() for label in pair} == set(SITE_BOXES)
    for english, chinese in BOXES.items():
        assert SITE_BOXES[english.rstrip(".")] == SITE_BOXES[chinese.rstrip("。")]


def english_left(source: str) -> str:
    """Four or more English words in a row outside code, formulas, links' targets and italics; "" if none."""
    kept = r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$|\]\([^)]*\)|\*[^*\n]+\*"
    text = re.sub(kept, "，", source, flags=re.DOTALL)
    found = re.search(r"\b[A-Za-z][a-z'’]+(?:[ ,]+[a-z'’]+){3,}", text)
    return found[0] if found else ""


def broken_links(source: str, folder) -> list[str]:
    """Relative links of a Markdown text that lead to no file."""
    targets = [t.partition("#")[0] for t in re.findall(r"\]\(([^)\s]+)\)", source) if "://" not in t]
    return [target for target in targets if target and not (folder / target).is_file()]


def test_the_searches_for_english_and_for_broken_links_find_some():
    assert english_left("这是一句话。This one was left over.") == "This one was left over"
    assert not english_left("用 PyTorch 的 `torch.autograd.grad of this thing`，见 *On the rate of things*。")
    assert broken_links("[x](nowhere.ipynb#a) [y](https://pytorch.org)", po.ROOT) == ["nowhere.ipynb"]


# --- the rules

LINK = "../book/glossary.md#term-gradient"
GOOD = [
    ("The slope is $2x$.", "斜率是 $2x$。"),
    ("Call `check` with 3 arguments.", "用 3 个参数调用 `check`。"),
    (f"Its [gradients]({LINK}) are small.", f"它的[梯度]({LINK})很小。"),
    ("**Note.** Two ways are open.", "**说明。** 有 2 种做法。"),
    ("**Key idea**: it is *small*.", "**要点**：它*很小*。"),
    ("See {cite:t}`a2020b`.", "见 {cite:t}`a2020b`。"),
    ("$x$, $y$", "$x$, $y$"),
    ("SGD and AdamW", "SGD 和 AdamW"),
    ("\nL = \\text{mean error}\n", "\nL = \\text{平均误差}\n"),
    ("flowchart LR\n  a[Input] -->|is| b", "flowchart LR\n  a[输入] -->|是| b"),
    ("It is called *On the rate of things*.", "它叫 *On the rate of things*。"),
    ("The numbers (in float64) agree.", "这些数（float64）一致。"),
]
BAD = [
    ("The slope is $2x$.", "斜率是 $3x$。", "formula"),
    ("The slope is $2x$.", "斜率是两倍。", "formula"),
    ("Call `check` now.", "现在调用检查。", "code span"),
    ("See [here](a.md).", "见[这里](b.md)。", "link"),
    ("See [a](a.md) and [b](a.md).", "见 [a](a.md)。", "link"),
    ("See {cite:t}`a2020b`.", "见文献。", "role"),
    ("It takes 30 seconds.", "需要 20 秒。", "number"),
    ("It takes some seconds.", "需要 20 秒。", "number"),
    ("This is **bold**.", "这是粗体。", "bold"),
    ("**Note.** It runs.", "**说明。**它能运行。", "bold"),
    ("This is so.", "这 * 是这样。", "left as a character"),
    ("**Note.** It runs.", "**注意。** 它能运行。", "begins with"),
    (f"Its [gradients]({LINK}) are small.", f"它的[斜率]({LINK})很小。", "梯度"),
    ("Use PyTorch here.", "这里用PyTorch。", "space between Chinese and Latin"),
    ("The slope is $2x$.", "斜率是$2x$。", "space between Chinese and Latin"),
    ("Call `check` now.", "现在调用`check`。", "space between Chinese and Latin"),
    ("First this, then that.", "先这个,再那个。", "full-width"),
    ("It is so.", "是这样.", "full-width"),
    ("The numbers (all) agree.", "这些数(全部)一致。", "full-width"),
    ("Look at $x$, then act.", "先看 $x$, 再动手。", "full-width"),
    ("It is “so”.", '是"这样"。', "quotes"),
    ("It is so, yes.", "是这样， 对。", "beside full-width"),
    ("It is so, yes.", "是 这样，对。", "between two Chinese"),
    ("The shape of the gradient of the loss of the net.", "网络的损失的梯度的形状的大小。", "four 的"),
    ("This sentence was not translated.", "这一句 was not translated at all。", "left in English"),
    ("This sentence was not translated.", "This sentence was not translated.", "no Chinese"),
    ("Summary", "Summary", "no Chinese"),
    ("It is so.", "是这样", "ends with"),
    ("Does it hold?", "成立吗", "ends with"),
    ("It is so.", "", "no translation"),
    ("\nL = x\n", "\nL = y\n", "not the same"),
    ("flowchart LR\n  a[Input] --> b", "flowchart LR\n  a[输入] --> c", "not the same"),
    (
        'flowchart LR\n  click a href "x.html" "X"',
        'flowchart LR\n  click a href "y.html" "X"',
        "not the same",
    ),
]


@pytest.mark.parametrize(("message", "translation"), GOOD)
def test_a_good_translation_passes(message, translation):
    assert faults(message, translation, TERMS) == []


@pytest.mark.parametrize(("message", "translation", "complaint"), BAD)
def test_a_bad_translation_is_named(message, translation, complaint):
    assert any(complaint in fault for fault in faults(message, translation, TERMS))


def test_only_what_has_no_words_is_the_same_everywhere():
    same = ["$x$", "`w`, `b`", "\nx = \\frac{1}{n}\n", "x \\cdot y", "SGD", "PyTorch 2", "Adam"]
    not_same = ["Summary", "loss $x$", "$\\text{loss} = 1$", "\nL = \\text{loss}\n", "flowchart LR\n  a[x]"]
    assert [m for m in same if not same_everywhere(m)] == []
    assert [m for m in not_same if same_everywhere(m)] == []


# --- the .po files


def merged(
    messages: list[str], old: dict[str, str], known: dict[str, str] | None = None
) -> list[polib.POEntry]:
    entries = [polib.POEntry(msgid=msgid, msgstr=msgstr) for msgid, msgstr in old.items()]
    return po.merge(messages, entries, known or {}, same_everywhere)


def test_a_changed_message_becomes_fuzzy_and_a_vanished_one_goes():
    old = {"The loss falls in every step.": "损失每步都下降。", "Gone for good": "不见了"}
    (entry,) = merged(["The loss falls in each step."], old)
    assert (entry.msgstr, entry.fuzzy) == ("损失每步都下降。", True)
    assert entry.previous_msgid == "The loss falls in every step."
    again = polib.pofile(po.dump([entry]))
    assert po.dump(po.merge([entry.msgid], again, {}, same_everywhere)) == po.dump([entry])


def test_a_new_message_takes_what_is_known_and_formulas_take_themselves():
    first, second, third = merged(["Summary", "$x$", "New"], {}, {"Summary": "小结"})
    assert (first.msgstr, second.msgstr, third.msgstr) == ("小结", "$x$", "")
    assert not first.fuzzy and not third.fuzzy


def test_a_stored_file_reads_back_as_it_was_written():
    messages = ["b", 'a \\ "quoted" $\\nabla$', "\nx = 1\n"]
    entries = merged(messages, {m: m for m in messages})
    text = po.dump(entries)
    assert [entry.msgid for entry in polib.pofile(text)] == messages
    assert po.dump(polib.pofile(text)) == text
    assert not re.search(r"Date|^#:", text, re.MULTILINE)


def test_filling_in_clears_fuzzy_and_refuses_what_no_page_has():
    entry = polib.POEntry(msgid="Summary", msgstr="总", flags=["fuzzy"], previous_msgid="Sum")
    touched: set[str] = set()
    catalogues, pair = {"p": [entry], "q": []}, {"msgid": "Summary", "msgstr": "小结"}
    assert _put(pair, catalogues, touched) == []
    assert (entry.msgstr, entry.fuzzy, entry.previous_msgid, touched) == ("小结", False, None, {"p"})
    assert "no page" in _put({**pair, "page": "q"}, catalogues, touched)[0]


# --- text in place

CELL = """\
## Loss *and* `code`

A first line with $x$
and a second.

- one
  goes on
  - two

| a | b \\| c |
| --- | :-: |
| $|x|$ | one |

> **Note.** Quoted
> twice.
>
> $$
> y = \\text{mean}
> $$

1. $$z = 1$$

   one

```python
one = "two"
```

```mermaid
flowchart LR
  a[one] --> b
```
"""
CELL_TRANSLATION = {
    "Loss *and* `code`": "损失*和* `code`",
    "A first line with $x$ and a second.": "第一行有 $x$，还有第二行。",
    "one goes on": "一继续",
    "two": "二",
    "b | c": "乙 | 丙",
    "one": "一",
    "**Note.** Quoted twice.": "**说明。** 引用两行。",
    "\ny = \\text{mean}\n": "\ny = \\text{平均}\n",
    "flowchart LR\n  a[one] --> b": "flowchart LR\n  a[一] --> b",
}
CELL_CHINESE = """\
## 损失*和* `code`

第一行有 $x$，还有第二行。

- 一继续
  - 二

| a | 乙 \\| 丙 |
| --- | :-: |
| $|x|$ | one |

> **说明。** 引用两行。
>
> $$
> y = \\text{平均}
> $$

1. $$z = 1$$

   一

```python
one = "two"
```

```mermaid
flowchart LR
  a[一] --> b
```
"""


def test_each_kind_of_block_is_replaced_where_it_stands():
    english = CELL.replace("| $|x|$ | one |", "| $\\|x\\|$ | one |")
    chinese = CELL_CHINESE.replace("| $|x|$ | one |", "| $\\|x\\|$ | 一 |")
    assert blocks.replace(english, CELL_TRANSLATION) == chinese
    assert blocks.replace(english, {}) == english


@pytest.mark.parametrize("translation", ["- 一项", "# 标题", "> 引文", "1. 一项", "```", "甲\n\n乙"])
def test_a_translation_that_would_change_the_structure_is_refused(translation):
    with pytest.raises(ValueError):
        blocks.replace("One line.\n", {"One line.": translation})


def test_links_lead_to_the_same_places_from_one_folder_deeper():
    text = (
        "[a](../labs/04_math.ipynb) [b](#here) [c](../book/glossary.md#term-x) "
        "[d](05_next.ipynb) [e](https://pytorch.org) `[f](../x.md)` [g](04_math.ipynb#there)"
    )
    there = {"chapters/04_math", "labs/04_math"}
    assert translate.relink(text, "chapters/04_math", there) == (
        "[a](../../labs/zh_CN/04_math.ipynb) [b](#here) [c](../../book/glossary.md#term-x) "
        "[d](../05_next.ipynb) [e](https://pytorch.org) `[f](../x.md)` [g](04_math.ipynb#there)"
    )


def test_a_missing_translation_names_the_cell(tmp_path):
    page = NOTEBOOKS[0]
    cell = next(c for c in read(po.source(page)).cells if c.cell_type == "markdown")
    with pytest.raises(ValueError, match=f"cell {cell.id}: no translation of"):
        translate.translate(page, {})
    assert translate.translate(page, {}, allow_missing=True)


# --- the site

SITE_CONF = """
extensions = ["myst_nb", "sphinxcontrib.mermaid", "book.ext.translated"]
myst_enable_extensions = ["dollarmath"]
myst_fence_as_directive = ["mermaid"]
myst_heading_anchors = 3
locale_dirs = ["locale"]
gettext_compact = False
master_doc = "page"
"""
SITE_PAGE = """\
# Page

Both [one](other.md#one) and [two](other.md#two).

$$
y = \\text{mean}
$$

```mermaid
flowchart LR
  a[one] --> b
```

Not translated: [two](other.md#two).

**Bold.** Text.
"""
SITE_TRANSLATION = {
    "Page": "页",
    "**Bold.** Text.": "**粗体。** 正文。",
    "Both [one](other.md#one) and [two](other.md#two).": "先[一](other.md#one)后[二](other.md#two)。",
    "\ny = \\text{mean}\n": "\ny = \\text{平均}\n",
    "flowchart LR\n  a[one] --> b": "flowchart LR\n  a[一] --> b",
}


def sphinx(folder, builder: str, language: str) -> None:
    command = [sys.executable, "-m", "sphinx", "-qW", "-E", "-b", builder, "-D", f"language={language}"]
    environment_root = ["-d", str(folder / f"trees-{builder}"), str(folder), str(folder / builder)]
    run = subprocess.run(
        [*command, *environment_root], cwd=po.ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr


def test_the_site_translates_formulas_and_diagrams_and_keeps_each_links_anchor(tmp_path):
    (tmp_path / "conf.py").write_text(SITE_CONF)
    (tmp_path / "page.md").write_text(SITE_PAGE)
    (tmp_path / "other.md").write_text("---\norphan: true\n---\n# Other\n\n## One\n\n## Two\n")
    sphinx(tmp_path, "gettext", "en")
    found = [entry.msgid for entry in polib.pofile((tmp_path / "gettext" / "page.pot").read_text())]
    assert set(SITE_TRANSLATION) < set(found)
    catalogue = tmp_path / "locale" / "zh_CN" / "LC_MESSAGES" / "page.po"
    catalogue.parent.mkdir(parents=True)
    entries = [polib.POEntry(msgid=m, msgstr=SITE_TRANSLATION.get(m, "")) for m in found]
    catalogue.write_text(po.dump(entries), encoding="utf-8")
    sphinx(tmp_path, "html", "zh_CN")
    page = (tmp_path / "html" / "page.html").read_text(encoding="utf-8")
    assert "<strong>粗体。</strong>正文。" in page
    assert "y = \\text{平均}" in page and "a[一]" in page and "[one]" not in page
    assert re.search(r'#one"[^>]*><span[^>]*>一<', page) and re.search(r'#two"[^>]*><span[^>]*>二<', page)
    assert re.search(r'Not translated: <a[^>]*#two"', page)
