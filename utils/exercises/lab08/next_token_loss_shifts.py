"""Known mistakes of 08.next_token_loss: predictions that meet the wrong token."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from utils.exercises.authoring import mistake


def mean_loss(logits, targets):
    """Mean cross-entropy of logits (B, T, V) and targets (B, T)."""
    return F.cross_entropy(logits.reshape(-1, logits.shape[-1]), targets.reshape(-1))


@mistake(
    en="Nothing is shifted: each position is asked for the token that it has just read. A model that copies "
    "would be perfect.",
    zh="什么也没有错开：每个位置被问的是它刚读到的词元。只会抄写的模型就能得满分。",
)
def not_shifted(logits, ids):
    return mean_loss(logits, ids)


@mistake(
    en="Shifted the wrong way: each position is asked for the token before it, which it has read already.",
    zh="错开的方向反了：每个位置被问的是它前面的词元，而那个词元它早就读过了。",
)
def previous_token(logits, ids):
    return mean_loss(logits[:, 1:], ids[:, :-1])


@mistake(
    en="Shifted by two: one token is skipped.",
    zh="错开了两格：跳过了一个词元。",
)
def two_ahead(logits, ids):
    return mean_loss(logits[:, :-2], ids[:, 2:])


@mistake(
    en="The last position is asked for the first token: rolling brings it round to the end. Nothing follows "
    "the last position, so it is not asked at all.",
    zh="最后一个位置被问的是第一个词元：滚动把它转到了末尾。最后一个位置后面什么也没有，不该问它。",
)
def rolled(logits, ids):
    return mean_loss(logits, ids.roll(-1, dims=1))


@mistake(
    en="You shift after all texts have been laid end to end: the end of one is asked for the beginning of "
    "the next. Texts of a batch have nothing to do with one another.",
    zh="你先把所有文本首尾相接，再错开：一段的结尾被问的是下一段的开头。同一批里的各段文本互不相干。",
)
def across_texts(logits, ids):
    return F.cross_entropy(logits.flatten(0, 1)[:-1], ids.flatten()[1:])


@mistake(
    en="You shift from text to text instead of from position to position: look at which axis is time.",
    zh="你是在文本之间错开的，而不是在位置之间：看看哪个轴是时间。",
)
def next_text(logits, ids):
    return mean_loss(logits[:-1], ids[1:])


@mistake(
    en="The logits do not meet their tokens: the axis of the vocabulary was moved, or cut, by reading "
    "memory in another shape. Which axis does cross_entropy take for the classes?",
    zh="logit 与词元对不上：词汇表的轴被换了形状来读，顺序就乱了。cross_entropy 把哪个轴当作类别？",
)
def reshaped_to_classes(logits, ids):
    B, T, V = logits.shape
    return F.cross_entropy(logits[:, :-1].reshape(B, V, T - 1), ids[:, 1:])


@mistake(
    en="Only the last position with a successor is asked. The others predict as well, and a text gives as "
    "many examples as it has next tokens.",
    zh="你只问了倒数第二个位置。其他位置也在预测：一段文本有多少个“下一个词元”，就有多少个样本。",
)
def last_only(logits, ids):
    return F.cross_entropy(logits[:, -2], ids[:, -1])


@mistake(
    en="A token is missing at the wrong end as well: the first prediction is not counted.",
    zh="多丢了一个：第一个位置的预测没有算进去。",
)
def first_dropped(logits, ids):
    return mean_loss(logits[:, 1:-1], ids[:, 2:])


@mistake(
    en="You measure how far the most likely token's number is from the right one. Token 7 is not nearer to 8 "
    "than to 2: numbers of tokens are names.",
    zh="你量的是最可能的词元编号与正确编号相差多少。编号只是名字：词元 7 并不比离 2 更接近 8。",
)
def distance_of_numbers(logits, ids):
    return (logits[:, :-1].argmax(dim=-1) - ids[:, 1:]).double().square().mean()


@mistake(
    en="This is the share of wrong guesses. Asked for is the loss: how improbable the right token was.",
    zh="这是猜错的比例。题目要的是损失：正确的词元有多不可能。",
)
def wrong_guesses(logits, ids):
    return torch.mean((logits[:, :-1].argmax(dim=-1) != ids[:, 1:]).double())


MISTAKES = (
    not_shifted,
    previous_token,
    two_ahead,
    rolled,
    across_texts,
    next_text,
    reshaped_to_classes,
    last_only,
    first_dropped,
    distance_of_numbers,
    wrong_guesses,
)
