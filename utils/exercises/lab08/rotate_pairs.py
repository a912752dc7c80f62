"""Known mistakes of 08.rotate: right angles, but other pairs or another movement."""

from __future__ import annotations

import torch

from utils.exercises.authoring import mistake
from utils.exercises.lab08.probing import CHANGED
from utils.exercises.lab08.rotate_angles import right_angles, turned


def parts_of(x, positions, base):
    """Both halves of the channels, the cosine and the sine of the angles."""
    angles = right_angles(x, positions, base)
    return *x.chunk(2, dim=-1), angles.cos(), angles.sin()


@mistake(
    en="You turn the other way. A quarter turn takes the first axis of a pair onto the second, not onto its "
    "opposite.",
    zh="旋转的方向反了。转四分之一圈，一对里的第一个轴应当转到第二个轴上，而不是它的反方向。",
)
def other_way(x, positions, base):
    return turned(x, -right_angles(x, positions, base))


@mistake(
    en="You pair neighbours: channels 0 and 1, 2 and 3. That is a rotation too, and some models do it so. "
    "Here a channel's partner lies half a head away.",
    zh="你把相邻的通道配成对：0 和 1、2 和 3。这也是旋转，有些模型就这样做；但这里的搭档隔着半个头。",
)
def neighbours(x, positions, base):
    a, b, angles = x[..., 0::2], x[..., 1::2], right_angles(x, positions, base)
    turned_a, turned_b = a * angles.cos() - b * angles.sin(), b * angles.cos() + a * angles.sin()
    return torch.stack([turned_a, turned_b], dim=-1).flatten(-2)


@mistake(
    en="The pairs are turned rightly and then woven together: first, second, first, second. Each result "
    "belongs where its channel was.",
    zh="各对都转对了，放回去时却交错排列：一个前、一个后。每个结果应当放回它原来的通道。",
)
def woven(x, positions, base):
    a, b = turned(x, right_angles(x, positions, base)).chunk(2, dim=-1)
    return torch.stack([a, b], dim=-1).flatten(-2)


@mistake(
    en="The first channel is paired with the last, the second with the last but one. A channel's partner is "
    "always the same distance away.",
    zh="你把第一个通道与最后一个配对，第二个与倒数第二个配对。搭档之间的距离应当总是一样的。",
)
def mirrored(x, positions, base):
    a, b, cos, sin = parts_of(x, positions, base)
    b = b.flip(-1)
    return torch.cat([a * cos - b * sin, (b * cos + a * sin).flip(-1)], dim=-1)


@mistake(
    en="One half is turned, the other is as it was. A rotation moves both numbers of a pair.",
    zh="只有一半转了，另一半还是原样。旋转会同时改变一对里的两个数。",
)
def one_half(x, positions, base):
    a, b, cos, sin = parts_of(x, positions, base)
    return torch.cat([a * cos - b * sin, b], dim=-1)


@mistake(
    en="The second half is computed from a first half that has already been turned. Keep the old numbers "
    "until both are done.",
    zh="算后一半时，用的是已经转过的前一半。两半都算完之前，要留住原来的数。",
)
def overwritten(x, positions, base):
    a, b, cos, sin = parts_of(x, positions, base)
    a = a * cos - b * sin
    return torch.cat([a, b * cos + a * sin], dim=-1)


@mistake(
    en="Both signs are plus, and the vectors change their length. A rotation keeps it: one of the signs must "
    "differ.",
    zh="两个符号都是加号，向量的长度变了。旋转不改变长度：有一个符号应当不同。",
)
def no_minus(x, positions, base):
    a, b, cos, sin = parts_of(x, positions, base)
    return torch.cat([a * cos + b * sin, b * cos + a * sin], dim=-1)


@mistake(
    en="Sine and cosine have changed places. At position 0 nothing should move; which of them is 1 there?",
    zh="正弦和余弦弄反了。在位置 0，什么都不该动；那里等于 1 的是哪一个？",
)
def sine_for_cosine(x, positions, base):
    a, b, cos, sin = parts_of(x, positions, base)
    return torch.cat([a * sin - b * cos, b * sin + a * cos], dim=-1)


@mistake(
    en="You multiply each channel by a cosine, and that is all. Two channels have to be mixed.",
    zh="你只是把每个通道乘上了余弦。两个通道应当混合起来。",
)
def stretched(x, positions, base):
    a, b, cos, _ = parts_of(x, positions, base)
    return torch.cat([a * cos, b * cos], dim=-1)


@mistake(
    en="You add waves to the vectors. Those are sinusoidal positions; rotary ones turn what is there and "
    "add nothing.",
    zh="你往向量上加了正弦波。那是正弦位置编码；旋转位置编码只转动已有的数，不加任何东西。",
)
def added(x, positions, base):
    angles = right_angles(x, positions, base)
    return x + torch.cat([angles.sin(), angles.cos()], dim=-1)


@mistake(**CHANGED)
def x_changed(x, positions, base):
    x.copy_(turned(x, right_angles(x, positions, base)))
    return x


MISTAKES = (
    other_way,
    neighbours,
    woven,
    mirrored,
    one_half,
    overwritten,
    no_minus,
    sine_for_cosine,
    stretched,
    added,
    x_changed,
)
