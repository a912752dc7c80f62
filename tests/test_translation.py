"""How a translation is kept, and put into a notebook and into the site."""

from __future__ import annotations

import re
import subprocess
import sys

import polib
import pytest

from book import blocks, po, translate
from book.languages import _put
from book.notebooks import read
from book.wording import same_everywhere

NOTEBOOKS = translate.notebooks()


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
