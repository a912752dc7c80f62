"""The known mistakes of 08.join_heads."""

from __future__ import annotations

from utils.exercises.authoring import mistake


@mistake(
    en="The shape is right, the numbers are not: without moving an axis first, the positions of one head "
    "stand in a row as if they were channels.",
    zh="形状对，数却不对：没有先移动轴，同一个头的几个位置就排成了一行，好像它们是通道。",
)
def not_moved_back(x):
    B, H, T, D = x.shape
    return x.reshape(B, T, H * D)


@mistake(
    en="The heads are woven into one another, one channel of each in turn. Each head keeps its channels "
    "together.",
    zh="各个头的通道交错排在了一起，轮流各取一个。每个头的通道应当连成一段。",
)
def woven(x):
    return x.permute(0, 2, 3, 1).flatten(-2)


@mistake(
    en="You average over the heads. Each has found out something else; nothing is to be lost.",
    zh="你对各个头取了平均。每个头看到的东西不同，一样也不该丢。",
)
def averaged(x):
    return x.mean(dim=1)


@mistake(
    en="You add the heads up. They belong side by side; mixing them is the work of the layer that follows.",
    zh="你把各个头加了起来。它们应当并排放在一起；把它们混合，是后面那一层的事。",
)
def added(x):
    return x.sum(dim=1)


@mistake(
    en="The heads stand one after another in time, so that the text is H times as long. They belong to the "
    "channels.",
    zh="各个头在时间上前后相接，文本变成了 H 倍长。它们应当接在通道上。",
)
def along_time(x):
    return x.flatten(1, 2)


@mistake(
    en="Channels and positions have changed places: the positions come right after the texts.",
    zh="通道和位置颠倒了：文本之后紧接着的应当是位置。",
)
def channels_first(x):
    return x.mT.flatten(1, 2)


@mistake(
    en="The heads are where they should be, but still an axis of their own. One step is missing.",
    zh="头的位置对了，但仍然单独占着一个轴。还缺一步。",
)
def still_apart(x):
    return x.transpose(1, 2)


@mistake(
    en="The heads are joined in the opposite order: the first head gives the first channels.",
    zh="头的次序反了：第一个头给出的是最前面的通道。",
)
def backwards(x):
    return x.flip(1).transpose(1, 2).flatten(-2)


MISTAKES = (
    not_moved_back,
    woven,
    averaged,
    added,
    along_time,
    channels_first,
    still_apart,
    backwards,
)
