"""The known mistakes of 08.causal_weights."""

from __future__ import annotations

import torch
from torch import Tensor

from utils.exercises.authoring import mistake
from utils.exercises.core import Text
from utils.exercises.lab08.probing import CHANGED, WRONG_AXIS


def later(scores: Tensor, offset: int = 1) -> Tensor:
    """Where a key lies at least ``offset`` positions after the query: (T, T) of True and False."""
    return torch.ones(scores.shape[-2:], dtype=torch.bool).triu(offset)


def masked(scores: Tensor, value: float = -torch.inf, offset: int = 1) -> Tensor:
    return scores.masked_fill(later(scores, offset), value)


@mistake(
    en="Each position sees one position too many: the next one, which is the answer it should predict. Off "
    "by one at the diagonal.",
    zh="每个位置都多看到了一个位置：它的下一个，也就是它要预测的答案。对角线错开了一格。",
)
def one_too_many(scores):
    return torch.softmax(masked(scores, offset=2), dim=-1)


@mistake(
    en="No position sees itself, and the first one sees nothing at all: its row is 0 divided by 0. A "
    "position may look at its own token.",
    zh="每个位置都看不到自己，第一个位置更是什么也看不到：那一行成了 0 除以 0。位置可以看到自己的词元。",
)
def self_hidden(scores):
    return torch.softmax(masked(scores, offset=0), dim=-1)


@mistake(
    en="You hide the past and show the future. Rows are queries, columns are keys: which triangle is to "
    "stay?",
    zh="你遮住了过去，却露出了未来。行是查询，列是键：应当留下哪个三角？",
)
def past_hidden(scores):
    return torch.softmax(masked(scores.mT).mT, dim=-1)


@mistake(
    en="These are right weights without a mask: every position sees all the others.",
    zh="这是不加掩码时的权重：每个位置都看得到所有位置。",
)
def no_mask(scores):
    return torch.softmax(scores, dim=-1)


@mistake(
    en="You mask after the softmax, so a row no longer adds up to one. The first rows are left with the "
    "least.",
    zh="你在 softmax 之后才加掩码，所以一行加起来不再是 1。越靠前的行，剩下的越少。",
)
def masked_after(scores):
    return torch.softmax(scores, dim=-1).masked_fill(later(scores), 0.0)


@mistake(
    en="You mask after the softmax and divide again by what is left. That is right on paper; but where the "
    "later scores are much larger, nothing is left, and you divide by zero.",
    zh="你在 softmax 之后才加掩码，再除以剩下的总和。纸上没错；但后面的得分大得多时，一点也"
    "不剩，就除以了零。",
)
def divided_again(scores):
    weights = torch.softmax(scores, dim=-1).masked_fill(later(scores), 0.0)
    return weights / weights.sum(dim=-1, keepdim=True)


@mistake(
    en="You set the later scores to zero. A score of zero is no score at all only by name: its exponential "
    "is one.",
    zh="你把后面的得分设成了零。得分为零并不等于没有得分：它的指数是 1。",
)
def scores_zeroed(scores):
    return torch.softmax(scores.tril(), dim=-1)


@mistake(
    en="You tell the hidden places by their zeros. A score that is seen may be zero too, and you hide it.",
    zh="你凭零来认出该遮住的地方。可是看得到的得分也可能恰好是零，你把它也遮住了。",
)
def zeros_hidden(scores):
    kept = scores.tril()
    return torch.softmax(kept.masked_fill(kept == 0, -torch.inf), dim=-1)


FINITE: Text = {
    "en": "Right while scores are small. In a row of scores that are lower still, the number you put into "
    "the hidden places is the largest of all. Which number is below every other?",
    "zh": "得分不大时是对的。可是当一行得分更低时，你填在遮住处的数反而成了最大的。哪个数比所有的数都小？",
}


@mistake(**FINITE)
def minus_ten_thousand(scores):
    return torch.softmax(masked(scores, -1e4), dim=-1)


@mistake(**FINITE)
def minus_a_billion(scores):
    return torch.softmax(masked(scores, -1e9), dim=-1)


@mistake(
    en="You take a large number off the later scores. If one of them is larger still, it is seen all the "
    "same. What, once added, leaves nothing of any score?",
    zh="你从后面的得分里减去了一个很大的数。如果得分比它还大，就照样看得见。加上什么，任何得分都会消失？",
)
def billion_taken_off(scores):
    return torch.softmax(scores - 1e9 * later(scores), dim=-1)


@mistake(**WRONG_AXIS)
def over_queries(scores):
    return torch.softmax(masked(scores), dim=-2)


@mistake(
    en="Your weights add up to one over the heads. Each head shares out its attention by itself.",
    zh="你的权重是在各个头上加起来等于 1。每个头应当各自分配自己的注意力。",
)
def over_heads(scores):
    return torch.softmax(masked(scores), dim=1)


@mistake(
    en="Right for small scores. The exponential of a large number is infinite and that of a very negative "
    "one is zero; a row that overflows or vanishes cannot be divided.",
    zh="得分不大时是对的。但很大的数取指数是无穷大，负得很多的数取指数是零；整行溢出或消失之后，就没法再除了。",
)
def overflow(scores):
    e = masked(scores).exp()
    return e / e.sum(dim=-1, keepdim=True)


@mistake(
    en="These are the logarithms of the weights: none is positive, and hidden ones are minus infinity.",
    zh="这是权重的对数：没有一个是正数，遮住的地方是负无穷。",
)
def logarithms(scores):
    return torch.log_softmax(masked(scores), dim=-1)


@mistake(**CHANGED)
def scores_changed(scores):
    return torch.softmax(scores.masked_fill_(later(scores), -torch.inf), dim=-1)


@mistake(
    en="You mask after the softmax, divide again, and keep out of the way of zero. Where the later scores "
    "are much larger, nothing is left to divide, and the row stays empty.",
    zh="你在 softmax 之后才加掩码，再除一次，并且避开了除以零。但后面的得分大得多时，什么也没有剩下，那一"
    "行就全是零。",
)
def divided_with_care(scores):
    weights = torch.softmax(scores, dim=-1).masked_fill(later(scores), 0.0)
    return weights / weights.sum(dim=-1, keepdim=True).clamp(min=1e-12)


MISTAKES = (
    one_too_many,
    self_hidden,
    past_hidden,
    no_mask,
    masked_after,
    divided_again,
    scores_zeroed,
    zeros_hidden,
    minus_ten_thousand,
    minus_a_billion,
    billion_taken_off,
    over_queries,
    over_heads,
    overflow,
    logarithms,
    scores_changed,
    divided_with_care,
)
