"""The rules of a translation: each is shown on a message that breaks it, and good translations pass.

A rule that never fires would look the same as a clean book.
"""

from __future__ import annotations

import pytest

from book import po
from book.wording import faults, same_everywhere

TERMS = po.terms()
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
    ("The Gaussian error linear unit is smooth.", "高斯误差线性单元（Gaussian error linear unit）平滑。"),
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
    ("Open lab 04.", "打开习题 04。", "实验"),
    ("Solve the exercises.", "完成习题。", "练习"),
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
    same = [
        "$x$",
        "`w`, `b`",
        "\nx = \\frac{1}{n}\n",
        "x \\cdot y",
        "SGD",
        "PyTorch 2",
        "Adam",
        "$\\text{MSE}$",
        "\nL = \\text{MSE}\n",
    ]
    not_same = ["Summary", "loss $x$", "$\\text{loss} = 1$", "\nL = \\text{loss}\n", "flowchart LR\n  a[x]"]
    assert [m for m in same if not same_everywhere(m)] == []
    assert [m for m in not_same if same_everywhere(m)] == []
