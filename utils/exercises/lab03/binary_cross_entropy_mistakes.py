"""The known mistakes of 03.binary_cross_entropy."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from utils.exercises.authoring import mistake


def likelihood(p, targets):
    """The mean loss of probabilities, as the formula has it."""
    return -(targets * p.log() + (1 - targets) * (1 - p).log()).mean()


def floored(logits, targets, tiny):
    p = torch.sigmoid(logits)
    return -(targets * (p + tiny).log() + (1 - targets) * (1 - p + tiny).log()).mean()


@mistake(
    en="The formula is right on paper. At a logit of 10000 the sigmoid is exactly 1, the logarithm of "
    "what is left is −∞, and 0 · ∞ is not a number. Can the logarithm and the sigmoid be merged?",
    zh="公式在纸上没错。可是 logit 为 10000 时，sigmoid 恰好等于 1，剩下部分的对数是 −∞，而 0 · ∞ 没有定义。"
    "对数与 sigmoid 能不能合起来化简？",
)
def probability_first(logits, targets):
    return likelihood(torch.sigmoid(logits), targets)


@mistake(
    en="You have merged the logarithm and the sigmoid, but the exponential of 10000 is infinite. Only for "
    "one sign of its argument is an exponential harmless.",
    zh="你已经把对数与 sigmoid 合并了，但 10000 的指数是无穷大。只有自变量取某一种符号时，指数才不会溢出。",
)
def exponential_overflows(logits, targets):
    return ((1 + logits.exp()).log() - logits * targets).mean()


@mistake(
    en="Nothing overflows, but a very wrong prediction costs 100 at most: either you cut off there yourself, "
    "or PyTorch's loss of probabilities does. A logit of 10000 on the wrong side costs 10000.",
    zh="没有溢出，但错得再离谱，损失也不超过 100：要么是你自己截断的，要么是 PyTorch 对概率求损失时截断的。"
    "判断错误、logit 为 10000 时，损失应当是 10000。",
)
def cut_off_by_torch(logits, targets):
    return F.binary_cross_entropy(torch.sigmoid(logits), targets)


CUT_OFF = {
    "en": "Keeping probabilities away from 0 and 1 avoids the infinity, but it also caps the loss, and "
    "where it is capped the gradient is zero: the worst errors teach nothing.",
    "zh": "让概率离开 0 和 1，确实避免了无穷大，但损失也就有了上限；到了上限，梯度为零：错得最厉害的样本反"
    "而什么也教不了。",
}


@mistake(**CUT_OFF)
def clamped(logits, targets):
    return likelihood(torch.sigmoid(logits).clamp(1e-7, 1 - 1e-7), targets)


@mistake(**CUT_OFF)
def tiny_added(logits, targets):
    return floored(logits, targets, 1e-8)


@mistake(**CUT_OFF)
def tinier_added(logits, targets):
    return floored(logits, targets, 1e-12)


LOGITS_CUT_OFF = {
    "en": "You cut the logits off. Nothing overflows any more, but the loss is capped, and beyond the cut "
    "the gradient is zero: the worst errors teach nothing.",
    "zh": "你把 logit 截断了。溢出没有了，但损失也就有了上限；超出截断处，梯度为零：错得最厉害的样本反而什么"
    "也教不了。",
}


@mistake(**LOGITS_CUT_OFF)
def logits_cut_off(logits, targets):
    return F.binary_cross_entropy_with_logits(logits.clamp(-50, 50), targets)


@mistake(**LOGITS_CUT_OFF)
def logits_cut_off_late(logits, targets):
    return F.binary_cross_entropy_with_logits(logits.clamp(-500, 500), targets)


@mistake(
    en="The loss is right, its gradient is not a number. torch.where computes both branches, and backward "
    "multiplies the infinity of the one not taken by zero. No branch may overflow.",
    zh="损失对，梯度却是 NaN。torch.where 会把两个分支都算出来，反向传播时，没被选中的那个分支里的无穷大要"
    "乘以零。哪个分支都不能溢出。",
)
def branch_overflows(logits, targets):
    positive = logits + (-logits).exp().log1p()
    return (torch.where(logits > 0, positive, logits.exp().log1p()) - logits * targets).mean()


@mistake(
    en="Right for positive logits. For a negative one your exponential grows: what must stand in its "
    "exponent, whatever the sign?",
    zh="logit 为正时是对的；为负时，你的指数会越来越大。不论正负，指数上应当放什么？",
)
def size_forgotten(logits, targets):
    return (logits.clamp_min(0) - logits * targets + (-logits).exp().log1p()).mean()


@mistake(
    en="You add up the losses. With a mean, the step does not depend on the size of the batch.",
    zh="你把各样本的损失加在了一起。取平均，步长才不会随批次大小变化。",
)
def summed(logits, targets):
    return F.binary_cross_entropy_with_logits(logits, targets, reduction="sum")


@mistake(
    en="You return one loss a sample. A single number is asked for.",
    zh="你返回的是每个样本的损失。题目要的是一个数。",
)
def per_sample(logits, targets):
    return F.binary_cross_entropy_with_logits(logits, targets, reduction="none")


@mistake(
    en="The number is right, but no graph leads back to the logits, so nothing can learn from it. "
    ".item(), .detach() and NumPy cut the graph.",
    zh="数值对，但计算图连不回 logits，模型就没法从中学习。.item()、.detach() 和 NumPy 都会切断计算图。",
)
def detached(logits, targets):
    return F.binary_cross_entropy_with_logits(logits, targets).detach()


@mistake(
    en="The classes are exchanged: a large logit speaks for target 1.",
    zh="两个类别颠倒了：logit 越大，越应当支持目标 1。",
)
def classes_exchanged(logits, targets):
    return F.binary_cross_entropy_with_logits(logits, 1 - targets)


@mistake(
    en="Your loss has the wrong sign: better predictions must cost less, and no sample less than zero.",
    zh="损失的正负号反了：预测越好，损失应当越小，而且不会小于零。",
)
def sign(logits, targets):
    return -F.binary_cross_entropy_with_logits(logits, targets)


@mistake(
    en="Samples with target 0 cost nothing in your loss, whatever the model says of them.",
    zh="目标为 0 的样本，在你的损失里不论预测成什么都没有代价。",
)
def positives_only(logits, targets):
    return -(targets * F.logsigmoid(logits)).mean()


@mistake(
    en="The sigmoid is applied twice: a loss that takes logits applies it itself.",
    zh="sigmoid 用了两次：以 logit 为输入的损失，里面已经包含 sigmoid。",
)
def sigmoid_twice(logits, targets):
    return F.binary_cross_entropy_with_logits(torch.sigmoid(logits), targets)


IN_BETWEEN = {
    "en": "Right for targets 0 and 1. A target in between belongs to both classes, each to its share.",
    "zh": "目标为 0 或 1 时是对的。介于两者之间的目标，按比例分属两个类别。",
}


@mistake(**IN_BETWEEN)
def ones_or_others(logits, targets):
    return torch.where(targets == 1, F.softplus(-logits), F.softplus(logits)).mean()


@mistake(**IN_BETWEEN)
def targets_rounded(logits, targets):
    return F.binary_cross_entropy_with_logits(logits, targets.round())


@mistake(
    en="This is the squared error of the probabilities. It is another loss: a confident error costs 1 at "
    "most, and its gradient vanishes.",
    zh="这是概率的平方误差，是另一种损失：再自信的错误，代价也不超过 1，而且梯度会消失。",
)
def squared_error(logits, targets):
    return ((torch.sigmoid(logits) - targets) ** 2).mean()


MISTAKES = (
    probability_first,
    exponential_overflows,
    cut_off_by_torch,
    clamped,
    tiny_added,
    tinier_added,
    logits_cut_off,
    logits_cut_off_late,
    branch_overflows,
    size_forgotten,
    summed,
    per_sample,
    detached,
    classes_exchanged,
    sign,
    positives_only,
    sigmoid_twice,
    ones_or_others,
    targets_rounded,
    squared_error,
)
