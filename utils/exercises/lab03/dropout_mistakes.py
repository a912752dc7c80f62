"""The known mistakes of 03.dropout."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from utils.exercises.authoring import mistake


def dropped(x, uniform, p):
    """x with the right entries set to zero, and no scaling."""
    return x * (uniform >= p)


@mistake(
    en="The right entries are zero, but those that stay are not scaled: on average the next layer gets "
    "less than without dropout.",
    zh="置零的位置对，但留下的没有缩放：平均来看，下一层得到的比不用随机失活时少。",
)
def not_scaled(x, uniform, p, training):
    return dropped(x, uniform, p) if training else x


@mistake(
    en="This is dropout as first published: unscaled in training, scaled down in evaluation. Asked for is "
    "the inverted form, where evaluation changes nothing.",
    zh="这是最初发表的做法：训练时不缩放，评估时缩小。题目要的是倒置的形式：评估时什么都不变。",
)
def scaled_when_evaluating(x, uniform, p, training):
    return dropped(x, uniform, p) if training else x * (1 - p)


@mistake(
    en="Training is right. In evaluation nothing is dropped, so there is nothing to make up for either.",
    zh="训练时是对的。评估时什么都不丢，也就没有什么要补偿。",
)
def scaled_in_both(x, uniform, p, training):
    return dropped(x, uniform, p) / (1 - p) if training else x / (1 - p)


@mistake(
    en="You scale with the share that is dropped. What makes up for the loss is the share that stays.",
    zh="你用丢弃的比例来缩放。要补偿损失，该看留下的比例。",
)
def divided_by_p(x, uniform, p, training):
    return dropped(x, uniform, p) / max(p, 1e-12) if training else x


@mistake(
    en="You scale down what stays. It has to make up for what was dropped.",
    zh="你把留下的缩小了。它们应当弥补被丢掉的那部分。",
)
def scaled_down(x, uniform, p, training):
    return dropped(x, uniform, p) * (1 - p) if training else x


@mistake(
    en="You keep what should be dropped, and drop what should be kept. p is the share that is lost.",
    zh="该丢的你留下了，该留的你丢掉了。p 是丢弃的比例。",
)
def kept_for_dropped(x, uniform, p, training):
    return x * (uniform < p) / (1 - p) if training else x


@mistake(
    en="You take p for the share that stays. Here it is the share that is dropped.",
    zh="你把 p 当成了保留的比例。这里它是丢弃的比例。",
)
def p_is_what_stays(x, uniform, p, training):
    return x * (uniform < p) / max(p, 1e-12) if training else x


@mistake(
    en="The argument training has no effect: entries are dropped in evaluation too, and a trained model "
    "would answer differently each time.",
    zh="参数 training 没有作用：评估时也在丢弃，训练好的模型每次的回答就都不一样了。",
)
def always_training(x, uniform, p, training):
    return dropped(x, uniform, p) / (1 - p)


@mistake(
    en="The two modes are exchanged: entries are dropped when the model learns.",
    zh="两种模式颠倒了：模型学习的时候才丢弃。",
)
def modes_exchanged(x, uniform, p, training):
    return x if training else dropped(x, uniform, p) / (1 - p)


@mistake(
    en="Nothing is ever dropped in your function.",
    zh="你的函数从来没有丢弃任何东西。",
)
def never_dropped(x, uniform, p, training):
    return x


@mistake(
    en="You draw random numbers of your own. The given ones decide here, so that the result can be compared.",
    zh="你另外抽了随机数。这里由给定的随机数决定，结果才能比较。",
)
def drawn_anew(x, uniform, p, training):
    return F.dropout(x, p, training)


@mistake(
    en="You scale by the share that happened to stay this time. The rule uses the share that stays on "
    "average.",
    zh="你按这一次碰巧留下的比例来缩放。规则用的是平均留下的比例。",
)
def scaled_by_this_mask(x, uniform, p, training):
    keep = (uniform >= p).to(x.dtype)
    return x * keep / keep.mean() if training else x


@mistake(
    en="An entry whose number equals p is dropped. Look at p = 0: must anything be lost there?",
    zh="随机数恰好等于 p 的元素，你也丢了。看看 p = 0：这时该丢东西吗？",
)
def equal_is_dropped(x, uniform, p, training):
    return x * (uniform > p) / (1 - p) if training else x


@mistake(
    en="You return the mask. It still has to be applied to x.",
    zh="你返回的是掩码，还要把它用到 x 上。",
)
def mask_returned(x, uniform, p, training):
    return (uniform >= p).to(x.dtype) / (1 - p) if training else torch.ones_like(x)


DETACHED = {
    "en": "The numbers are right, but no graph leads back to x: the layers before this one would "
    "never learn.",
    "zh": "数值都对，但计算图连不回 x：前面的层就永远学不到东西。",
}


@mistake(**DETACHED)
def detached_in_training(x, uniform, p, training):
    return dropped(x.detach(), uniform, p) / (1 - p) if training else x


@mistake(**DETACHED)
def detached(x, uniform, p, training):
    return dropped(x, uniform, p).detach() / (1 - p) if training else x.detach()


@mistake(
    en="You keep as many entries as you should on average, but others. An entry is dropped where its "
    "number is below p.",
    zh="平均来看，留下的个数没错，却不是该留的那些。随机数低于 p 的元素才丢弃。",
)
def other_end(x, uniform, p, training):
    return x * (uniform < 1 - p) / (1 - p) if training else x


OVERWRITTEN = {
    "en": "The result is right, but x was overwritten on the way. The caller still needs x: work on a "
    "copy or return a new tensor.",
    "zh": "结果对，但中途把 x 覆盖了。调用者还要用 x：请在副本上操作，或者返回新的张量。",
}


@mistake(**OVERWRITTEN)
def x_zeroed(x, uniform, p, training):
    if training:
        x[uniform < p] = 0.0
        return x / (1 - p)
    return x


@mistake(**OVERWRITTEN)
def x_changed(x, uniform, p, training):
    if training:
        x[uniform < p] = 0.0
        x /= 1 - p
    return x


MISTAKES = (
    not_scaled,
    scaled_when_evaluating,
    scaled_in_both,
    divided_by_p,
    scaled_down,
    kept_for_dropped,
    p_is_what_stays,
    always_training,
    modes_exchanged,
    never_dropped,
    drawn_anew,
    scaled_by_this_mask,
    equal_is_dropped,
    mask_returned,
    other_end,
    detached_in_training,
    detached,
    x_zeroed,
    x_changed,
)
