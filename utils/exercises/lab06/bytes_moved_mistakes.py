"""The known mistakes of 06.bytes_moved."""

from __future__ import annotations

from utils.exercises.authoring import mistake


def outside(chain):
    """What the chain reads and does not make, each name once."""
    made = {output for output, _ in chain}
    return list(dict.fromkeys(name for _, inputs in chain for name in inputs if name not in made))


def reads(chain):
    return [name for _, inputs in chain for name in dict.fromkeys(inputs)]


def writes(chain):
    return [output for output, _ in chain]


def counted(elements, itemsize, *lists):
    return tuple(itemsize * sum(elements[name] for name in names) for names in lists)


@mistake(
    en="You count what is read and forget that results are written, too.",
    zh="你只数了读的，忘了结果还要写。",
)
def only_read(chain, elements, itemsize, kept):
    return counted(elements, itemsize, reads(chain), outside(chain))


@mistake(
    en="You count what is written and forget that operands are read first.",
    zh="你只数了写的，忘了要先把操作数读进来。",
)
def only_written(chain, elements, itemsize, kept):
    return counted(elements, itemsize, writes(chain), kept)


@mistake(
    en="These are numbers of elements. Each of them takes several bytes.",
    zh="这是元素的个数。每个元素要占好几个字节。",
)
def elements_not_bytes(chain, elements, itemsize, kept):
    return counted(elements, 1, reads(chain) + writes(chain), outside(chain) + kept)


@mistake(
    en="You take every element for four bytes. In bfloat16 it has two, in float64 eight.",
    zh="你把每个元素都当成四个字节。bfloat16 是两个，float64 是八个。",
)
def always_four(chain, elements, itemsize, kept):
    return counted(elements, 4, reads(chain) + writes(chain), outside(chain) + kept)


@mistake(
    en="An operation that names a tensor twice reads it once: a kernel uses what it has read as often as it "
    "likes.",
    zh="一个运算两次用到同一个张量，也只读一次：读进来的数，内核想用几次就用几次。",
)
def twice_named_twice_read(chain, elements, itemsize, kept):
    named = [name for _, inputs in chain for name in inputs]
    return counted(elements, itemsize, named + writes(chain), outside(chain) + kept)


@mistake(
    en="In the fused count a tensor from outside is read once for each operation that uses it. The one "
    "kernel reads it once, and keeps it at hand.",
    zh="融合的计数里，外来的张量每用一次就读了一次。那个唯一的内核只读一次，之后就在手边。",
)
def read_for_each_use(chain, elements, itemsize, kept):
    made = set(writes(chain))
    used = [name for name in reads(chain) if name not in made]
    return counted(elements, itemsize, reads(chain) + writes(chain), used + kept)


@mistake(
    en="In the fused count a tensor from outside is read once for each time that it is named. The one kernel "
    "reads it once, and keeps it at hand.",
    zh="融合的计数里，外来的张量每被提到一次就读了一次。那个唯一的内核只读一次，之后就在手边。",
)
def read_for_each_mention(chain, elements, itemsize, kept):
    made = set(writes(chain))
    named = [name for _, inputs in chain for name in inputs if name not in made]
    return counted(elements, itemsize, reads(chain) + writes(chain), named + kept)


@mistake(
    en="The fused kernel reads intermediate results in your count. It makes them itself, and has them still.",
    zh="在你的计数里，融合的内核要读中间结果。它们是它自己算出来的，还在手里。",
)
def intermediates_read(chain, elements, itemsize, kept):
    once = list(dict.fromkeys(reads(chain)))
    return counted(elements, itemsize, reads(chain) + writes(chain), once + kept)


@mistake(
    en="The fused kernel writes intermediate results in your count. What nobody asks for later never leaves "
    "the processor.",
    zh="在你的计数里，融合的内核写出了中间结果。以后没人要的，从不离开处理器。",
)
def intermediates_written(chain, elements, itemsize, kept):
    return counted(elements, itemsize, reads(chain) + writes(chain), outside(chain) + writes(chain))


@mistake(
    en="The fused kernel writes only the last result in your count. Others are kept as well, for whoever "
    "comes after the chain.",
    zh="在你的计数里，融合的内核只写出最后一个结果。还有别的也要保留，留给后面的人用。",
)
def only_last_written(chain, elements, itemsize, kept):
    return counted(elements, itemsize, reads(chain) + writes(chain), outside(chain) + kept[-1:])


@mistake(
    en="A result that is kept is read again in your fused count. The kernel has just made it, and has it "
    "still.",
    zh="在你的融合计数里，保留下来的结果又被读了一次。它刚由内核算出来，还在内核手里。",
)
def kept_read_again(chain, elements, itemsize, kept):
    again = [name for name in kept if name in reads(chain)]
    return counted(elements, itemsize, reads(chain) + writes(chain), outside(chain) + again + kept)


@mistake(
    en="Your separate kernels write only what is kept. With a kernel for each operation, the next one finds "
    "nothing but what was written to memory.",
    zh="你的各个内核只写出要保留的结果。每个运算一个内核时，下一个内核只找得到写进内存的东西。",
)
def apart_writes_kept(chain, elements, itemsize, kept):
    return counted(elements, itemsize, reads(chain) + kept, outside(chain) + kept)


@mistake(
    en="Your separate kernels read a tensor once for all of them. A kernel remembers nothing of those "
    "before: each reads what it needs.",
    zh="你让各个内核合起来只读一次同一个张量。内核不记得之前的内核：每个都要读自己要用的。",
)
def apart_reads_once(chain, elements, itemsize, kept):
    once = list(dict.fromkeys(reads(chain)))
    return counted(elements, itemsize, once + writes(chain), outside(chain) + kept)


@mistake(
    en="You take all tensors for equally large. A row of scales is much smaller than what it is spread over.",
    zh="你把所有张量都当成一样大。一行缩放系数，比它要广播到的张量小得多。",
)
def all_equally_large(chain, elements, itemsize, kept):
    sizes = dict.fromkeys(elements, max(elements.values()))
    return counted(sizes, itemsize, reads(chain) + writes(chain), outside(chain) + kept)


@mistake(
    en="You take a result for as large as the first tensor that it is made of. A small one may stand first.",
    zh="你把结果当成与第一个操作数一样大。排在前面的，也可能是小的那个。",
)
def as_large_as_the_first(chain, elements, itemsize, kept):
    size = dict(elements)
    size.update((output, elements[inputs[0]]) for output, inputs in chain)
    written = sum(size[name] for name in writes(chain))
    return itemsize * written + counted(elements, itemsize, reads(chain))[0], counted(
        elements, itemsize, outside(chain) + kept
    )[0]


@mistake(
    en="The two numbers are exchanged: fused comes second.",
    zh="两个数的次序反了：融合的在后。",
)
def exchanged(chain, elements, itemsize, kept):
    return counted(elements, itemsize, outside(chain) + kept, reads(chain) + writes(chain))


MISTAKES = (
    only_read,
    only_written,
    elements_not_bytes,
    always_four,
    twice_named_twice_read,
    read_for_each_use,
    read_for_each_mention,
    intermediates_read,
    intermediates_written,
    only_last_written,
    kept_read_again,
    apart_writes_kept,
    apart_reads_once,
    all_equally_large,
    as_large_as_the_first,
    exchanged,
)
