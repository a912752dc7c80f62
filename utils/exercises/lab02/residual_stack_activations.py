"""Known mistakes of 02.residual_stack: where the activation stands."""

from __future__ import annotations

import torch

from utils.exercises.authoring import mistake
from utils.exercises.lab02.residual_stack_ways import branch, of_blocks


@mistake(
    en="After each addition you cut off what is negative. Nothing stands on the way around: neither before "
    "nor after the addition.",
    zh="每次相加之后，你把负数都去掉了。旁路上不应当有任何东西：相加之前没有，之后也没有。",
)
@of_blocks
def activation_after_the_sum(h, A, B, x, i):
    return torch.relu(h + branch(h, A, B))


@mistake(
    en="The activation stands after the addition instead of between the two layers. So the way around is not "
    "free, and the two layers are one.",
    zh="激活函数放在了相加之后，而不是两层之间。这样旁路不再畅通，而且两层等于一层。",
)
@of_blocks
def activation_moved_after_the_sum(h, A, B, x, i):
    return torch.relu(h + h @ A @ B)


@mistake(
    en="The activation comes after the second layer. It belongs between the two; as it is, a block can only "
    "add and never take away.",
    zh="激活函数放在了第二层之后，它应当在两层之间。现在这样，块只会加，不会减。",
)
@of_blocks
def activation_at_the_end(h, A, B, x, i):
    return h + torch.relu(h @ A @ B)


@mistake(
    en="The activation comes before the first layer. It belongs between the two.",
    zh="激活函数放在了第一层之前，它应当在两层之间。",
)
@of_blocks
def activation_first(h, A, B, x, i):
    return h + torch.relu(h) @ A @ B


@mistake(
    en="Both layers are followed by an activation. Then a block can only add and never take away; the second "
    "layer stays linear.",
    zh="两层后面都有激活函数。这样块只会加，不会减；第二层应当保持线性。",
)
@of_blocks
def activation_twice(h, A, B, x, i):
    return h + torch.relu(branch(h, A, B))


@mistake(
    en="There is no activation between the two layers, so they could be one matrix.",
    zh="两层之间没有激活函数，它们等于一个矩阵。",
)
@of_blocks
def no_activation(h, A, B, x, i):
    return h + h @ A @ B


MISTAKES = (
    activation_after_the_sum,
    activation_moved_after_the_sum,
    activation_at_the_end,
    activation_first,
    activation_twice,
    no_activation,
)
