"""The known mistakes of 08.attention."""

from __future__ import annotations

import torch

from utils.exercises.authoring import mistake
from utils.exercises.lab08.probing import CHANGED, NO_ROOT, NO_SCALE, WRONG_AXIS


def mixed(q, k, v, scale=1.0, dim=-1):
    """Attention with another scale, or with a softmax along another axis."""
    return torch.softmax(q @ k.mT * scale, dim=dim) @ v


def right_scale(q):
    return q.shape[-1] ** -0.5


@mistake(**NO_SCALE)
def no_scale(q, k, v):
    return mixed(q, k, v)


@mistake(**NO_ROOT)
def no_root(q, k, v):
    return mixed(q, k, v, 1 / q.shape[-1])


@mistake(
    en="You divide by the root of the width of all heads together. Each dot product adds up the channels of "
    "one head only.",
    zh="你除以的是所有头合在一起的宽度的平方根。每个点积只累加一个头的通道。",
)
def by_all_heads(q, k, v):
    return mixed(q, k, v, (q.shape[1] * q.shape[-1]) ** -0.5)


@mistake(
    en="You divide by the root of the number of keys. A score adds up products over channels, not over keys.",
    zh="你除以的是键的个数的平方根。得分是在通道上把乘积相加，不是在各个键上。",
)
def by_keys(q, k, v):
    return mixed(q, k, v, k.shape[-2] ** -0.5)


@mistake(
    en="You multiply where you should divide: the larger a head, the larger its scores become.",
    zh="该除的地方你乘了：头越大，得分就变得越大。",
)
def multiplied(q, k, v):
    return mixed(q, k, v, q.shape[-1] ** 0.5)


@mistake(
    en="You scale the weights, so they no longer add up to one. The scale belongs to the scores.",
    zh="你缩放的是权重，加起来就不再是 1 了。应当缩放的是得分。",
)
def scaled_late(q, k, v):
    return mixed(q, k, v) * right_scale(q)


@mistake(
    en="Both the queries and the keys are divided by the whole factor, so their product is divided twice.",
    zh="查询和键都除了一整个因子，乘积就被除了两次。",
)
def scaled_twice(q, k, v):
    return mixed(q * right_scale(q), k * right_scale(q), v, right_scale(q))


@mistake(**WRONG_AXIS)
def over_queries(q, k, v):
    return mixed(q, k, v, right_scale(q), dim=-2)


@mistake(
    en="Your weights add up to one over the heads. Each head shares out its attention by itself.",
    zh="你的权重是在各个头上加起来等于 1。每个头应当各自分配自己的注意力。",
)
def over_heads(q, k, v):
    return mixed(q, k, v, right_scale(q), dim=1)


@mistake(
    en="You mix the values by the scores themselves. Scores may be negative, and nothing makes them add up "
    "to one.",
    zh="你直接用得分去混合各个值。得分可以是负数，加起来也不是 1。",
)
def no_softmax(q, k, v):
    return q @ k.mT * right_scale(q) @ v


@mistake(
    en="These are the weights. The last step, mixing the values by them, is missing.",
    zh="这是权重。还差最后一步：按权重混合各个值。",
)
def weights_only(q, k, v):
    return torch.softmax(q @ k.mT * right_scale(q), dim=-1)


@mistake(
    en="You add up the values with the right shares, but the shares are not divided by their sum.",
    zh="你累加各个值时比例是对的，但这些份额没有除以它们的总和。",
)
def not_normalised(q, k, v):
    scores = q @ k.mT * right_scale(q)
    return (scores - scores.amax(dim=-1, keepdim=True)).exp() @ v


@mistake(
    en="Right for small scores, NaN for large ones: your softmax overflows. What may you subtract from a row "
    "without changing its shares?",
    zh="得分小的时候正确，大的时候出现 NaN：你的 softmax 溢出了。从一行里减去什么，各自的份额不会变？",
)
def overflow(q, k, v):
    e = (q @ k.mT * right_scale(q)).exp()
    return e / e.sum(dim=-1, keepdim=True) @ v


@mistake(
    en="You mask. In this exercise every query sees every key; the mask had its own exercise.",
    zh="你加了掩码。这道题里每个查询都看得到所有的键；掩码另有一道练习。",
)
def masked(q, k, v):
    scores = q @ k.mT * right_scale(q)
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return torch.softmax(scores.masked_fill(later, -torch.inf), dim=-1) @ v


@mistake(
    en="You mix the keys. Keys decide who is listened to; what is passed on stands in another tensor.",
    zh="你混合的是键。键只决定听谁的；传下去的内容在另一个张量里。",
)
def keys_mixed(q, k, v):
    return mixed(q, k, k, right_scale(q))


@mistake(**CHANGED)
def queries_changed(q, k, v):
    q *= right_scale(q)
    return mixed(q, k, v)


@mistake(
    en="You have cut the root down to a whole number. That is right only where the size of a head is a "
    "square.",
    zh="你把平方根截成了整数。只有头的大小是平方数时，这才是对的。",
)
def root_cut_off(q, k, v):
    return mixed(q, k, v, 1 / int(q.shape[-1] ** 0.5))


MISTAKES = (
    no_scale,
    no_root,
    by_all_heads,
    by_keys,
    multiplied,
    scaled_late,
    scaled_twice,
    over_queries,
    over_heads,
    no_softmax,
    weights_only,
    not_normalised,
    overflow,
    masked,
    keys_mixed,
    queries_changed,
    root_cut_off,
)
