"""04.central_difference: the gradient of any scalar function, for a tensor of any shape, input unchanged."""

from __future__ import annotations

import torch

from utils.exercises.authoring import Numbers, argument_label, mistake
from utils.exercises.core import Answer, Case, Exercise


def waves(x):
    """A curved function of x whose derivative differs from element to element."""
    weights = torch.arange(1.0, x.numel() + 1, dtype=x.dtype).reshape(x.shape)
    return (weights * torch.sin(x)).sum() + (x**2).sum()


def product(x):
    """Every element's derivative depends on all the others."""
    return torch.exp(0.3 * x).sum() * (1 + x**2).sum()


def cases(seed: int) -> list[Case]:
    draw = Numbers(seed)
    h = 5e-3  # large enough that a one-sided difference is visibly off
    return [
        Case({"en": "a vector of 4 numbers", "zh": "4 个数的向量"}, (waves, draw.normal(4, shift=0.5), h)),
        Case(
            {"en": "a matrix of 2 rows and 3 columns", "zh": "2 行 3 列的矩阵"},
            (product, draw.normal(2, 3), 0.1),  # so large that the exact slopes are visibly different
        ),
        Case(
            {"en": "a tensor of shape (2, 4, 3)", "zh": "形状为 (2, 4, 3) 的张量"},
            (waves, draw.normal(2, 4, 3), h),
        ),
    ]


def probe(function, case: Case) -> Answer:
    """The gradient, and what is left in the input after the call."""
    f, x, h = case.args
    return {"result": function(f, x, h), "input": x}


def reference(f, x, h):
    """The definition, with all the points made at once; the tests hold it against autograd for a small h."""
    nudges = h * torch.eye(x.numel(), dtype=x.dtype).reshape(-1, *x.shape)
    return torch.stack([(f(x + nudge) - f(x - nudge)) / (2 * h) for nudge in nudges]).reshape(x.shape)


@mistake(
    en="These are the exact slopes, or nearly. The measured ones, with the h that you are given, differ.",
    zh="这几乎就是精确的斜率。用给定的 h 量出来的，应当有些差别。",
)
def h_unused(f, x, h):
    x = x.clone().requires_grad_()
    return torch.autograd.grad(f(x), x)[0]


def quotient(f, x, up, down, divisor):
    """(f(x + up) − f(x − down)) / divisor, element by element: the frame that the mistakes share."""
    gradient = torch.zeros_like(x)
    for i in range(x.numel()):
        nudge = torch.zeros_like(x)
        nudge.view(-1)[i] = 1.0
        gradient.view(-1)[i] = (f(x + up * nudge) - f(x - down * nudge)) / divisor
    return gradient


@mistake(
    en="This is a one-sided difference: close, but its error shrinks only as fast as h itself. Where does "
    "the second point lie?",
    zh="这是单边差分：结果接近，但误差只与 h 成正比地缩小。第二个点应当取在哪里？",
)
def forward_difference(f, x, h):
    return quotient(f, x, h, 0.0, h)


@mistake(
    en="Right for a vector, wrong for a matrix: you move a whole row at once. Each element needs a nudge of "
    "its own, whatever the number of axes.",
    zh="对向量是对的，对矩阵就不对了：你一次移动了一整行。不论有几个轴，每个元素都要单独挪动。",
)
def rows_at_once(f, x, h):
    gradient = torch.zeros_like(x)
    for i in range(len(x)):
        nudge = torch.zeros_like(x)
        nudge[i] = h
        gradient[i] = (f(x + nudge) - f(x - nudge)) / (2 * h)
    return gradient


@mistake(
    en="Every element is too large by the same factor. How far apart are your two points?",
    zh="每个元素都大了同样的倍数。你取的两个点相距多远？",
)
def missing_two(f, x, h):
    return quotient(f, x, h, h, h)


@mistake(
    en="The size is right, the direction is not. Which of the two values is subtracted from which?",
    zh="大小正确，方向反了。两个函数值，应当谁减谁？",
)
def sign(f, x, h):
    return quotient(f, x, h, h, -2 * h)


@mistake(
    en="Every element is far too small, by the same factor. Python works from left to right: what is "
    "divided, and what is multiplied again? Brackets help.",
    zh="每个元素都小得多，而且倍数相同。Python 从左往右计算：哪个数做了除数，哪个数又被乘了回来？加上括号试"
    "试。",
)
def precedence(f, x, h):
    return quotient(f, x, h, h, 2 / h)


@mistake(
    en="The numbers are right, but the gradient must have the shape of x: one number for each element, in "
    "its place.",
    zh="数值都对，但梯度的形状应当与 x 相同：每个元素对应一个数，各在其位。",
)
def flat(f, x, h):
    return quotient(f, x, h, h, 2 * h).reshape(-1)


@mistake(
    en="You move all elements together and get one number for all. Each element needs a nudge of its own "
    "while the others stand still.",
    zh="你让所有元素一起移动，于是得到的全是同一个数。应当每次只挪一个元素，其余保持不动。",
)
def all_at_once(f, x, h):
    return torch.full_like(x, float((f(x + h) - f(x - h)) / (2 * h)))


@mistake(
    en="Zero everywhere: was anything written into the gradient, or are both points one and the same tensor? "
    "Assignment does not copy.",
    zh="梯度处处为零：是没有把结果写进去，还是两个点其实是同一个张量？赋值并不会复制。",
)
def same_tensor(f, x, h):
    gradient = torch.zeros_like(x)
    for i in range(x.numel()):
        above = below = x.clone()
        above.view(-1)[i] += h
        below.view(-1)[i] -= h
        gradient.view(-1)[i] = (f(above) - f(below)) / (2 * h)
    return gradient


@mistake(
    en="x is not what it was before the call: a nudge was never taken back. The caller still needs x, and "
    "your next element already starts from a shifted point.",
    zh="调用之后 x 变了：有一次挪动没有还原。调用者还要用 x，而且你计算下一个元素时起点已经偏了。",
)
def input_left_shifted(f, x, h):
    gradient = torch.zeros_like(x)
    for i in range(x.numel()):
        x.view(-1)[i] += h
        above = f(x)
        x.view(-1)[i] -= 2 * h
        gradient.view(-1)[i] = (above - f(x)) / (2 * h)
    return gradient


EXERCISE = Exercise(
    id="04.central_difference",
    title={"en": "A gradient by central difference", "zh": "用中心差分求梯度"},
    minutes=8,
    difficulty=2,
    aims={
        "en": "Measure a gradient without calculus, so that you can check every formula that follows.",
        "zh": "不用微积分就把梯度量出来，好检查后面的每个公式。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    rtol=1e-6,
    atol=1e-6,
    labels={
        "result": {"en": "the gradient", "zh": "梯度"},
        "input": argument_label("x"),
    },
    mistakes=(
        forward_difference,
        h_unused,
        rows_at_once,
        missing_two,
        sign,
        precedence,
        flat,
        all_at_once,
        same_tensor,
        input_left_shifted,
    ),
)
