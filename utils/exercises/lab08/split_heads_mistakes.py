"""The known mistakes of 08.split_heads."""

from __future__ import annotations

from utils.exercises.authoring import mistake
from utils.exercises.core import Text


def sizes(x, H):
    B, T, C = x.shape
    return B, H, T, C // H


@mistake(
    en="The shape is right, the numbers are not: a view reads memory in order, and there the channels of one "
    "position stand side by side. Cutting an axis and moving one are two steps.",
    zh="形状对，数却不对：view 按内存的顺序读数，而同一个位置的各个通道在内存里是挨着的。切开一个轴和移动一个"
    "轴，是两步。",
)
def view_alone(x, H):
    return x.reshape(*sizes(x, H))


@mistake(
    en="Each position is cut into heads, but the heads stand behind the positions. Attention works on the "
    "last two axes: which should they be?",
    zh="每个位置都切成了几个头，但头还排在位置的后面。注意力作用在最后两个轴上：它们应当是哪两个？",
)
def not_moved(x, H):
    B, H, T, D = sizes(x, H)
    return x.reshape(B, T, H, D)


@mistake(
    en="You deal the channels out like cards, one to each head in turn. A head takes a stretch of channels "
    "that stand side by side.",
    zh="你像发牌那样，轮流给每个头发一个通道。一个头拿的应当是挨在一起的一段通道。",
)
def dealt_out(x, H):
    B, H, T, D = sizes(x, H)
    return x.reshape(B, T, D, H).permute(0, 3, 1, 2)


@mistake(
    en="The number of heads and the size of a head have changed places: H is how many heads there are.",
    zh="头的个数和头的大小弄反了：H 是头的个数。",
)
def number_for_size(x, H):
    B, H, T, D = sizes(x, H)
    return x.reshape(B, T, D, H).transpose(1, 2)


@mistake(
    en="One exchange too many: within a head, the channels stand before the positions.",
    zh="多交换了一次：在一个头里面，通道排到了位置的前面。",
)
def channels_first(x, H):
    B, H, T, D = sizes(x, H)
    return x.reshape(B, T, H, D).permute(0, 2, 3, 1)


@mistake(
    en="Texts and heads have become one axis. The numbers are right; four axes are asked for.",
    zh="文本和头合成了一个轴。数值都对；但题目要四个轴。",
)
def texts_and_heads_as_one(x, H):
    B, H, T, D = sizes(x, H)
    return x.reshape(B, T, H, D).transpose(1, 2).reshape(B * H, T, D)


@mistake(
    en="The heads come first, before the texts. The batch stays in front.",
    zh="头排到了文本的前面。批次应当留在最前面。",
)
def heads_first(x, H):
    B, H, T, D = sizes(x, H)
    return x.reshape(B, T, H, D).permute(2, 0, 1, 3)


TURNED: Text = {
    "en": "The shape is right, the numbers are not: you moved the channels to the front and then cut them in "
    "a way that mixes positions. Cut first, while a position's channels are together.",
    "zh": "形状对，数却不对：你先把通道移到前面，再切，就把不同位置混在了一起。应当趁一个位置的通道还在"
    "一起时先切开。",
}


@mistake(**TURNED)
def moved_then_cut(x, H):
    return x.mT.reshape(*sizes(x, H))


@mistake(
    en="You return the pieces one by one. One tensor with an axis for the heads is asked for, so that all "
    "heads can be computed at once.",
    zh="你把各段一个一个返回。题目要一个张量，给头留一个轴，这样所有的头可以一起算。",
)
def pieces(x, H):
    return x.chunk(H, dim=-1)


MISTAKES = (
    view_alone,
    not_moved,
    dealt_out,
    number_for_size,
    channels_first,
    texts_and_heads_as_one,
    heads_first,
    moved_then_cut,
    pieces,
)
