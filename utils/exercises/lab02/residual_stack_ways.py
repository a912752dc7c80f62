"""Known mistakes of 02.residual_stack: the way around a block, the order of blocks, and gradients."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from utils.exercises.authoring import mistake
from utils.exercises.lab02 import hints


def branch(h: Tensor, A: Tensor, B: Tensor) -> Tensor:
    """The two layers of a block, without the way around."""
    return torch.relu(h @ A) @ B


def stack(x: Tensor, W_in: Tensor, W_out: Tensor, block: Callable[..., Tensor]) -> Tensor:
    """Blocks in a row; a block gets the input of the whole and its own number as well."""
    h = x
    for i, (A, B) in enumerate(zip(W_in, W_out, strict=True)):
        h = block(h, A, B, x, i)
    return h


def of_blocks(block):
    """A whole answer from a wrong block."""

    def wrong(x, W_in, W_out):
        return stack(x, W_in, W_out, block)

    wrong.__name__ = block.__name__
    return wrong


@mistake(
    en="There is no way around: each block replaces its input by what its layers make of it.",
    zh="没有旁路：每个块都用自己那两层的结果替换了输入。",
)
@of_blocks
def no_way_around(h, A, B, x, i):
    return branch(h, A, B)


@mistake(
    en="The first block has no way around. What came in at the bottom must be able to reach the top "
    "unchanged.",
    zh="第一个块没有旁路。最初的输入要能原样到达最后。",
)
@of_blocks
def first_without(h, A, B, x, i):
    return branch(h, A, B) + (h if i else 0.0)


@mistake(
    en="The last block has no way around, as if it were the output layer of a network. All blocks are alike.",
    zh="最后一个块没有旁路，像是网络的输出层。这里所有的块都一样。",
)
def last_without(x, W_in, W_out):
    h = stack(x, W_in[:-1], W_out[:-1], lambda h, A, B, *_: h + branch(h, A, B))
    return branch(h, W_in[-1], W_out[-1])


@mistake(
    en="There is one way around the whole stack. Each block needs its own: inside, the gradient still has to "
    "pass all layers.",
    zh="整叠块只有一条旁路。每个块都要有自己的：否则在里面，梯度还是要穿过所有的层。",
)
def one_way_around_all(x, W_in, W_out):
    return x + stack(x, W_in, W_out, lambda h, A, B, *_: branch(h, A, B))


@mistake(
    en="Each block adds the input of the whole stack. What a block adds to is its own input.",
    zh="每个块加上的都是整叠的输入。块应当加上的是它自己的输入。",
)
@of_blocks
def adds_the_first_input(h, A, B, x, i):
    return x + branch(h, A, B)


@mistake(
    en="All your blocks read x. A block reads what the one before it gives.",
    zh="你的每个块读的都是 x。块应当读前一个块的输出。",
)
@of_blocks
def reads_the_first_input(h, A, B, x, i):
    return h + branch(x, A, B)


@mistake(
    en="Your block adds its input twice. Is there a += whose right side has the input in it already?",
    zh="你的块把输入加了两次。是不是用了 +=，而右边已经有输入了？",
)
@of_blocks
def added_twice(h, A, B, x, i):
    return 2 * h + branch(h, A, B)


@mistake(
    en="Only the first block has worked. Where does your loop return?",
    zh="只有第一个块起了作用。你的循环在哪里 return？",
)
def first_block_only(x, W_in, W_out):
    return x + branch(x, W_in[0], W_out[0])


@mistake(
    en="The blocks come in the wrong order: the first row of the weights belongs to the block that reads x.",
    zh="块的顺序反了：第一组权重属于读取 x 的那个块。",
)
def last_block_first(x, W_in, W_out):
    return stack(x, W_in.flip(0), W_out.flip(0), lambda h, A, B, *_: h + branch(h, A, B))


@mistake(
    en="The numbers are right, but no gradient comes back along the way around. This very path is what makes "
    "deep networks trainable.",
    zh="数值都对，但梯度无法从旁路传回来。深的网络能够训练，靠的正是这条路。",
)
@of_blocks
def way_around_detached(h, A, B, x, i):
    return h.detach() + branch(h, A, B)


@mistake(
    en="The numbers are right, but each block's layers hide what they do from their input: the gradient "
    "comes back along the way around alone.",
    zh="数值都对，但梯度没有经过块里的两层传回输入：它只从旁路回来了。",
)
@of_blocks
def branch_detached(h, A, B, x, i):
    return h + branch(h.detach(), A, B)


@mistake(**hints.CUT)
def graph_cut(x, W_in, W_out):
    with torch.no_grad():
        return stack(x, W_in, W_out, lambda h, A, B, *_: h + branch(h, A, B))


@mistake(
    en="The output is right, but the caller's x holds it now: another name for x is still x, and += writes "
    "into the tensor behind the name.",
    zh="输出是对的，但调用者的 x 也变成了它：给 x 起个别名，它仍然是 x；而 += 会直接写进名字背后的张量。",
)
@of_blocks
def x_changed(h, A, B, x, i):
    h += branch(h, A, B)
    return h


MISTAKES = (
    no_way_around,
    first_without,
    last_without,
    one_way_around_all,
    adds_the_first_input,
    reads_the_first_input,
    added_twice,
    first_block_only,
    last_block_first,
    way_around_detached,
    branch_detached,
    graph_cut,
    x_changed,
)
