"""The known mistakes of 01.gqa_parameters."""

from __future__ import annotations

from utils.exercises.authoring import mistake
from utils.exercises.lab01.counts import FLOAT_HINT


def four(C, query=0, key=0, value=0, output=0):
    """Four weights between C and so many numbers."""
    return C * (query + key + value + output)


@mistake(
    en="Keys and values are as large as the queries in your count. That is ordinary attention; here there "
    "are fewer heads of them.",
    zh="你的键和值与查询一样大。那是普通的注意力；这里键和值的头更少。",
)
def keys_for_every_head(C, heads, kv_heads, head_size):
    return four(C, *[heads * head_size] * 4)


@mistake(
    en="You made all four layers small. Only keys and values are shared: each head still asks with a query "
    "of its own.",
    zh="你把四个线性层都变小了。共用的只有键和值：每个头仍然有自己的查询。",
)
def queries_shared_too(C, heads, kv_heads, head_size):
    return four(C, *[kv_heads * head_size] * 4)


@mistake(
    en="Keys and values share one weight in your count. The heads of a group share them; a key and a value "
    "are still two things.",
    zh="你让键和值共用了一份权重。共用的是同一组的各个头；键和值仍是两样东西。",
)
def key_is_value(C, heads, kv_heads, head_size):
    return four(C, heads * head_size, kv_heads * head_size, 0, heads * head_size)


@mistake(
    en="The last layer is missing: it takes the heads' results back to C numbers.",
    zh="少了最后一个线性层：它把各个头的结果变回 C 个数。",
)
def no_output(C, heads, kv_heads, head_size):
    return four(C, heads * head_size, kv_heads * head_size, kv_heads * head_size)


@mistake(
    en="Your output layer is as small as that of the keys. How many results reach it: one for each query "
    "head, or one for each group?",
    zh="你的输出层和键那一层一样小。到达输出层的结果有多少份：每个查询头一份，还是每组一份？",
)
def output_small(C, heads, kv_heads, head_size):
    return four(C, heads * head_size, *[kv_heads * head_size] * 3)


@mistake(
    en="Your output layer is square, C by C. Its input is what all heads give together, and that need not "
    "be C.",
    zh="你的输出层是 C 乘 C 的方阵。它的输入是所有头的结果拼在一起，长度不一定是 C。",
)
def output_square(C, heads, kv_heads, head_size):
    return four(C, heads * head_size, kv_heads * head_size, kv_heads * head_size, C)


@mistake(
    en="Queries and output are C by C in your count. Heads times head size need not be C.",
    zh="你的查询层和输出层都是 C 乘 C。头数乘头大小不一定等于 C。",
)
def queries_square(C, heads, kv_heads, head_size):
    return four(C, C, kv_heads * head_size, kv_heads * head_size, C)


@mistake(
    en="You divide C among the heads. The size of a head is given, and may differ from that.",
    zh="你把 C 平均分给了各个头。头的大小是给定的，可能与此不同。",
)
def head_size_from_width(C, heads, kv_heads, head_size):
    return four(C, C, C // heads * kv_heads, C // heads * kv_heads, C)


@mistake(
    en="You take the number of heads in a group for the number of groups. kv_heads says how many heads of "
    "keys there are in all.",
    zh="你把每组有几个头当成了有几组。kv_heads 是键的头总共有几个。",
)
def group_size(C, heads, kv_heads, head_size):
    keys = heads // kv_heads * head_size
    return four(C, heads * head_size, keys, keys, heads * head_size)


@mistake(
    en="Each head gives one number in your count. It gives head_size of them.",
    zh="你的每个头只给出一个数。它应当给出 head_size 个。",
)
def heads_of_one(C, heads, kv_heads, head_size):
    return four(C, heads, kv_heads, kv_heads, heads)


@mistake(
    en="You add biases. The layers here have none.",
    zh="你加上了偏置。这里的线性层没有偏置。",
)
def biases_everywhere(C, heads, kv_heads, head_size):
    right = four(C, *[heads * head_size, kv_heads * head_size] * 2)
    return right + (heads + 2 * kv_heads) * head_size + C


@mistake(
    en="You add biases to queries, keys and values. The layers here have none.",
    zh="你给查询、键、值加上了偏置。这里的线性层没有偏置。",
)
def biases_of_three(C, heads, kv_heads, head_size):
    return four(C, *[heads * head_size, kv_heads * head_size] * 2) + (heads + 2 * kv_heads) * head_size


@mistake(
    en="You count a single head: one query, one key, one value and its way out. All heads count.",
    zh="你只数了一个头的查询、键、值和输出。各个头都要算。",
)
def one_head(C, heads, kv_heads, head_size):
    return four(C, *[head_size] * 4)


@mistake(**FLOAT_HINT)
def a_float(C, heads, kv_heads, head_size):
    return 2.0 * four(C, heads * head_size, kv_heads * head_size)


MISTAKES = (
    keys_for_every_head,
    queries_shared_too,
    key_is_value,
    no_output,
    output_small,
    output_square,
    queries_square,
    head_size_from_width,
    group_size,
    heads_of_one,
    biases_everywhere,
    biases_of_three,
    one_head,
    a_float,
)
