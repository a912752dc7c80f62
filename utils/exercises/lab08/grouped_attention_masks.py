"""Known mistakes of 08.grouped_attention: the mask and the softmax."""

from __future__ import annotations

import torch

from utils.exercises.authoring import mistake
from utils.exercises.lab08.grouped_attention_mistakes import repeated


def scores_of(q, k):
    """Scores of all positions, later ones too; and where those are."""
    scores = q @ repeated(q, k).mT * q.shape[-1] ** -0.5
    return scores, torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)


@mistake(
    en="You mask after the softmax, so the weights of a row no longer add up to one. The first rows are left "
    "with the least.",
    zh="你在 softmax 之后才加掩码，所以一行的权重加起来不再是 1。越靠前的行，剩下的越少。",
)
def masked_after(q, k, v):
    scores, later = scores_of(q, k)
    return torch.softmax(scores, dim=-1).masked_fill(later, 0.0) @ repeated(q, v)


@mistake(
    en="You set the later scores to zero. A score of zero is no score at all only by name: its exponential "
    "is one.",
    zh="你把后面的得分设成了零。得分为零并不等于没有得分：它的指数是 1。",
)
def scores_zeroed(q, k, v):
    scores, later = scores_of(q, k)
    return torch.softmax(scores.masked_fill(later, 0.0), dim=-1) @ repeated(q, v)


@mistake(
    en="You tell the hidden places by their zeros. A score that is seen may be zero too, and you hide it.",
    zh="你凭零来认出该遮住的地方。可是看得到的得分也可能恰好是零，你把它也遮住了。",
)
def zeros_hidden(q, k, v):
    scores, _ = scores_of(q, k)
    kept = scores.tril()
    return torch.softmax(kept.masked_fill(kept == 0, -torch.inf), dim=-1) @ repeated(q, v)


@mistake(
    en="Right while scores are small. In a row of scores that are lower still, the number you put into the "
    "hidden places is the largest of all. Which number is below every other?",
    zh="得分不大时是对的。可是当一行得分更低时，你填在遮住处的数反而成了最大的。哪个数比所有的数都小？",
)
def hidden_too_weakly(q, k, v):
    scores, later = scores_of(q, k)
    return torch.softmax(scores.masked_fill(later, -100.0), dim=-1) @ repeated(q, v)


@mistake(
    en="Right for small scores, NaN for large ones: your softmax overflows. What may you subtract from a row "
    "without changing its shares?",
    zh="得分小的时候正确，大的时候出现 NaN：你的 softmax 溢出了。从一行里减去什么，各自的份额不会变？",
)
def overflow(q, k, v):
    scores, later = scores_of(q, k)
    e = scores.masked_fill(later, -torch.inf).exp()
    return e / e.sum(dim=-1, keepdim=True) @ repeated(q, v)


ABOUT_MASKS = (masked_after, scores_zeroed, zeros_hidden, hidden_too_weakly, overflow)
