"""The known mistakes of 08.grouped_attention."""

from __future__ import annotations

import torch

from utils.exercises.authoring import mistake
from utils.exercises.lab08.probing import CHANGED, NO_ROOT, NO_SCALE, WRONG_AXIS


def repeated(q, t):
    """Each head of ``t`` as often as there are query heads in its group, side by side."""
    return t.repeat_interleave(q.shape[1] // t.shape[1], dim=1)


def tiled(q, t):
    """All heads of ``t`` in turn, again and again."""
    return t.repeat(1, q.shape[1] // t.shape[1], 1, 1)


def causal(q, k, v, scale=None, dim=-1, offset=1):
    """Attention for as many heads of keys as of queries, right unless told otherwise."""
    scores = q @ k.mT * (q.shape[-1] ** -0.5 if scale is None else scale)
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(offset)
    return torch.softmax(scores.masked_fill(later, -torch.inf), dim=dim) @ v


def grouped(q, k, v, **changes):
    return causal(q, repeated(q, k), repeated(q, v), **changes)


@mistake(
    en="You lay the key heads out in turn: first, second, first, second. Query heads of one group are "
    "neighbours, so the copies of one key head are neighbours, too.",
    zh="你轮流排列键的头：第一个、第二个、第一个、第二个。同一组的查询头是相邻的，所以同一个键头的各份副本也应当"
    "相邻。",
)
def in_turn(q, k, v):
    return causal(q, tiled(q, k), tiled(q, v))


@mistake(
    en="The keys are shared in the right order, the values in another: a head weighs the keys of one group "
    "and hears the values of another.",
    zh="键的共用次序对了，值的次序却不同：一个头按这一组的键算权重，听到的却是另一组的值。",
)
def values_in_turn(q, k, v):
    return causal(q, repeated(q, k), tiled(q, v))


@mistake(
    en="The values are shared in the right order, the keys in another: a head weighs the keys of one group "
    "and hears the values of another.",
    zh="值的共用次序对了，键的次序却不同：一个头按这一组的键算权重，听到的却是另一组的值。",
)
def keys_in_turn(q, k, v):
    return causal(q, tiled(q, k), repeated(q, v))


@mistake(
    en="All query heads use the first head of keys and values. Each group has one of its own.",
    zh="所有的查询头用的都是第一个键头和值头。每一组应当有自己的。",
)
def first_for_all(q, k, v):
    return causal(q, k[:, :1], v[:, :1])


@mistake(
    en="You average the heads of keys and values, so that all groups share one. Each group keeps its own.",
    zh="你对键头和值头取了平均，让所有的组共用一个。每一组应当保留自己的。",
)
def groups_averaged(q, k, v):
    return causal(q, k.mean(dim=1, keepdim=True), v.mean(dim=1, keepdim=True))


@mistake(
    en="You average the queries of a group, and one head is left of it. There are fewer keys, not fewer "
    "questions: the output has as many heads as q.",
    zh="你对一组里的查询取了平均，一组只剩一个头。变少的是键，不是查询：输出的头数应当与 q 相同。",
)
def queries_averaged(q, k, v):
    return causal(q.unflatten(1, (k.shape[1], -1)).mean(dim=2), k, v)


@mistake(
    en="You use one query head a group and drop the others. The output has as many heads as q.",
    zh="每组你只用了一个查询头，其余的都丢掉了。输出的头数应当与 q 相同。",
)
def queries_dropped(q, k, v):
    return causal(q[:, :: q.shape[1] // k.shape[1]], k, v)


@mistake(
    en="The groups are formed rightly, but the heads come out in another order than they went in.",
    zh="分组是对的，但各个头出来时的次序与进去时不同。",
)
def order_lost(q, k, v):
    done = grouped(q, k, v).unflatten(1, (k.shape[1], -1))
    return done.transpose(1, 2).flatten(1, 2)


@mistake(
    en="The axis of the groups is still there: the output has five axes. Its shape is that of q.",
    zh="组的轴还在：输出有五个轴。它的形状应当与 q 相同。",
)
def five_axes(q, k, v):
    return grouped(q, k, v).unflatten(1, (k.shape[1], -1))


@mistake(
    en="The sharing is right, but every position sees the later ones: the mask is missing.",
    zh="共用得对，但每个位置都看得到后面的位置：掩码没有加。",
)
def no_mask(q, k, v):
    return grouped(q, k, v, offset=q.shape[-2])


@mistake(
    en="The sharing is right, but each position sees one too many: the next one.",
    zh="共用得对，但每个位置多看到了一个位置：它的下一个。",
)
def one_too_many(q, k, v):
    return grouped(q, k, v, offset=2)


@mistake(**NO_SCALE)
def no_scale(q, k, v):
    return grouped(q, k, v, scale=1.0)


@mistake(**NO_ROOT)
def no_root(q, k, v):
    return grouped(q, k, v, scale=1 / q.shape[-1])


@mistake(
    en="You divide by the root of the width of all heads together. Each dot product adds up the channels of "
    "one head only, however keys are shared.",
    zh="你除以的是所有头合在一起的宽度的平方根。不论怎样共用，每个点积只累加一个头的通道。",
)
def by_all_heads(q, k, v):
    return grouped(q, k, v, scale=(q.shape[1] * q.shape[-1]) ** -0.5)


@mistake(**WRONG_AXIS)
def over_queries(q, k, v):
    return grouped(q, k, v, dim=-2)


@mistake(**CHANGED)
def queries_changed(q, k, v):
    q /= q.shape[-1] ** 0.5
    return grouped(q, k, v, scale=1.0)


MISTAKES = (
    in_turn,
    values_in_turn,
    keys_in_turn,
    first_for_all,
    groups_averaged,
    queries_averaged,
    queries_dropped,
    order_lost,
    five_axes,
    no_mask,
    one_too_many,
    no_scale,
    no_root,
    by_all_heads,
    over_queries,
    queries_changed,
)
