"""04.stable_softmax: softmax of each row, also where the exponential overflows or vanishes."""

from __future__ import annotations

import torch

from utils.exercises.authoring import Numbers, argument_label, mistake
from utils.exercises.core import Answer, Case, Exercise


def cases(seed: int) -> list[Case]:
    draw = Numbers(seed)
    apart = draw.normal(3, 4) + torch.tensor([[1000.0], [0.0], [-1000.0]], dtype=torch.float64)
    large = draw.normal(4, 3) + torch.tensor([[900.0], [-800.0], [200.0], [750.0]], dtype=torch.float64)
    large += torch.tensor([-700.0, 0.0, 1600.0])  # within a row too: only the largest logit is a safe shift
    return [
        Case({"en": "3 rows of 5 small logits", "zh": "3 行、每行 5 个较小的 logit"}, (draw.normal(3, 5),)),
        Case({"en": "rows near 1000, 0 and −1000", "zh": "三行分别在 1000、0、−1000 附近"}, (apart,)),
        Case({"en": "2 rows near −1000", "zh": "两行都在 −1000 附近"}, (draw.normal(2, 6, shift=-1000.0),)),
        Case({"en": "4 rows of 3 logits, far apart", "zh": "4 行、每行 3 个相差很大的 logit"}, (large,)),
    ]


def probe(function, case: Case) -> Answer:
    """The probabilities, and what is left in the logits after the call."""
    (z,) = case.args
    return {"result": function(z), "logits": z}


def reference(z):
    return torch.softmax(z, dim=1)


@mistake(
    en="The formula is right on paper, but the exponential of a large number is infinite in floating point, "
    "and that of a very negative one is zero. What may you subtract from a row without changing its "
    "probabilities?",
    zh="公式在纸上没错，但在浮点数里，很大的数取指数是无穷大，负得很多的数取指数是零。从一行里减去什么，概率不会"
    "变？",
)
def no_max(z):
    return z.exp() / z.exp().sum(dim=1, keepdim=True)


@mistake(
    en="Your columns add up to one. The probabilities of one sample stand in one row.",
    zh="你的结果每一列加起来是 1。一个样本的各个概率应当排在同一行。",
)
def wrong_axis(z):
    return torch.softmax(z, dim=0)


@mistake(
    en="All your numbers together add up to one. Each row must do so by itself.",
    zh="你的所有数加在一起才是 1。应当每一行各自加起来是 1。",
)
def whole_matrix(z):
    e = (z - z.amax(dim=1, keepdim=True)).exp()
    return e / e.sum()


@mistake(
    en="You take one maximum for the whole batch. A row far below it vanishes altogether: each row needs "
    "one of its own.",
    zh="你对整个批次只取了一个最大值，远低于它的行会全部变成零。每一行都要有自己的最大值。",
)
def global_max(z):
    e = (z - z.max()).exp()
    return e / e.sum(dim=1, keepdim=True)


@mistake(
    en="Large logits no longer overflow, but very negative ones still turn into a row of zeros.",
    zh="大的 logit 不再溢出了，可是负得很多的 logit 仍会变成一整行零。",
)
def shift_when_large(z):
    top = z.amax(dim=1, keepdim=True)
    e = (z - torch.where(z.max() > 700, top, torch.zeros_like(top))).exp()
    return e / e.sum(dim=1, keepdim=True)


@mistake(
    en="A shift does cancel, but with yours an exponent can still be too large. Which shift makes sure that "
    "none is above zero?",
    zh="平移确实会抵消，但按你的平移量，指数仍可能过大。怎样平移才能保证没有一个指数大于零？",
)
def other_shift(z):
    e = (z - z.amin(dim=1, keepdim=True)).exp()
    return e / e.sum(dim=1, keepdim=True)


@mistake(
    en="You shift the logits in the numerator but not in the denominator. The shift cancels only if both "
    "have it.",
    zh="分子里的 logit 平移了，分母里的却没有。只有两处都平移，才会相互抵消。",
)
def max_above_only(z):
    return (z - z.amax(dim=1, keepdim=True)).exp() / z.exp().sum(dim=1, keepdim=True)


@mistake(
    en="Cutting large logits off avoids the overflow, but makes different logits equal. Shift them instead.",
    zh="截断能避免溢出，却把不同的 logit 变成了一样的值。应当平移，而不是截断。",
)
def clipped(z):
    e = z.clamp(-50, 50).exp()
    return e / e.sum(dim=1, keepdim=True)


@mistake(
    en="These are the logarithms of the probabilities: none of them is positive.",
    zh="这些是概率的对数：没有一个是正数。",
)
def log_probabilities(z):
    return torch.log_softmax(z, dim=1)


@mistake(
    en="The largest entry of each row is exactly 1, and a row adds up to more than 1. A step is missing at "
    "the end.",
    zh="每一行里最大的数恰好是 1，加起来超过 1。最后还缺一步。",
)
def not_normalised(z):
    return (z - z.amax(dim=1, keepdim=True)).exp()


@mistake(
    en="The probabilities are right, but the caller's logits have changed: an operator such as -= writes "
    "into the tensor that was passed in.",
    zh="概率正确，但调用者的 logit 被改了：-= 这样的运算符会直接写进传入的张量。",
)
def logits_changed(z):
    z -= z.amax(dim=1, keepdim=True)
    return z.exp() / z.exp().sum(dim=1, keepdim=True)


EXERCISE = Exercise(
    id="04.stable_softmax",
    title={"en": "Softmax that does not overflow", "zh": "不会溢出的 softmax"},
    minutes=5,
    difficulty=1,
    aims={
        "en": "Turn scores into probabilities row by row, and keep large scores from becoming NaN.",
        "zh": "逐行把得分变成概率，得分很大时也不出现 NaN。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    rtol=1e-5,
    atol=1e-6,
    labels={
        "result": {"en": "the matrix of probabilities", "zh": "概率矩阵"},
        "logits": argument_label("z"),
    },
    mistakes=(
        no_max,
        wrong_axis,
        whole_matrix,
        global_max,
        shift_when_large,
        other_shift,
        max_above_only,
        clipped,
        log_probabilities,
        not_normalised,
        logits_changed,
    ),
)
