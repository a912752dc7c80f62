"""The known mistakes of 01.gpt_parameters."""

from __future__ import annotations

from utils.exercises.authoring import mistake
from utils.exercises.lab01.counts import FLOAT_HINT


def gpt(V, T, C, L, tied, block=0, outside=0):
    """A right count, with so many parameters more in each block and outside of the blocks."""
    head = 0 if tied else V * C
    return (V + T) * C + L * (12 * C**2 + 13 * C + block) + 2 * C + head + outside


@mistake(
    en="No positions in your count. Each of the T places has a learnt vector of its own.",
    zh="你漏了位置。T 个位置各有一个学出来的向量。",
)
def no_positions(V, T, C, L, tied):
    return gpt(V, T, C, L, tied, outside=-T * C)


@mistake(
    en="You count the output layer where it is tied as well. There it is the table of the tokens once more: "
    "one tensor, two uses.",
    zh="共用词元表的时候，你又把输出层数了一遍。这时它就是词元的那张表：一个张量，用在两处。",
)
def tied_counted_twice(V, T, C, L, tied):
    return gpt(V, T, C, L, False)


@mistake(
    en="No output layer in your count where it is not tied. Who turns the last vector into V scores?",
    zh="不共用词元表的时候，你漏了输出层。最后的向量靠什么变成 V 个分数？",
)
def never_untied(V, T, C, L, tied):
    return gpt(V, T, C, L, True)


@mistake(
    en="You have it the wrong way round: tied means that no table is added for the output.",
    zh="你弄反了：共用（tied）的意思是输出端不另外增加一张表。",
)
def tied_reversed(V, T, C, L, tied):
    return gpt(V, T, C, L, not tied)


@mistake(
    en="The biases of the linear layers are missing. Each of the four in a block adds one number for each of "
    "its outputs.",
    zh="线性层的偏置没有算。每个块里有四个线性层，每个输出都带一个偏置。",
)
def no_biases(V, T, C, L, tied):
    return gpt(V, T, C, L, tied, block=-9 * C)


@mistake(
    en="Each block is short of five vectors of length C. Perhaps every linear layer has C biases, though two "
    "of the four have more outputs; or the small network has none.",
    zh="每个块少了五个长度为 C 的向量。也许四个线性层都只算了 C 个偏置，而其中两层的输出不止 C 个；也许小网络"
    "的偏置没有算。",
)
def biases_all_alike(V, T, C, L, tied):
    return gpt(V, T, C, L, tied, block=-5 * C)


@mistake(
    en="Each layer norm has one vector in your count. It learns two: by what to multiply, and what to add.",
    zh="你的每个归一化层只有一个向量。它要学两个：乘多少，加多少。",
)
def norms_of_one_vector(V, T, C, L, tied):
    return gpt(V, T, C, L, tied, block=-2 * C, outside=-C)


@mistake(
    en="No layer norms in your count. They are small, but they learn: two in each block, one at the end.",
    zh="归一化层一个也没有算。它们虽小，也有要学的参数：每个块两个，最后还有一个。",
)
def no_norms(V, T, C, L, tied):
    return gpt(V, T, C, L, tied, block=-4 * C, outside=-2 * C)


@mistake(
    en="The blocks are right. One layer norm more stands behind the last block.",
    zh="各个块都对。最后一个块之后还有一个归一化层。",
)
def no_final_norm(V, T, C, L, tied):
    return gpt(V, T, C, L, tied, outside=-2 * C)


@mistake(
    en="Each block is short of two vectors of length C. Perhaps it has one layer norm instead of two; or the "
    "layer for queries, keys and values has biases for only one of the three.",
    zh="每个块少了两个长度为 C 的向量。也许只算了一个归一化层；也许查询、键、值那一层只算了其中一份的偏置。",
)
def two_vectors_short(V, T, C, L, tied):
    return gpt(V, T, C, L, tied, block=-2 * C)


@mistake(
    en="These are the matrices alone. Biases and layer norms are vectors, and they are parameters too.",
    zh="你只数了矩阵。偏置和归一化层是向量，它们也是参数。",
)
def matrices_only(V, T, C, L, tied):
    return gpt(V, T, C, L, tied, block=-13 * C, outside=-2 * C)


@mistake(
    en="This is the rule of thumb for the matrices of the blocks. It is good for an estimate; here "
    "everything counts, and the tables for tokens and positions first.",
    zh="这是估算各个块的矩阵用的经验公式。估算够用；这里要一个不差，首先就缺词元和位置的表。",
)
def rule_of_thumb(V, T, C, L, tied):
    return 12 * L * C * C


@mistake(
    en="The blocks and the last norm are there. The tables for tokens and places, and the scores, are "
    "missing.",
    zh="各个块和最后的归一化都有了。把词元和位置变成向量、再把向量变成分数的那几张表还没有算。",
)
def no_embeddings(V, T, C, L, tied):
    return L * (12 * C * C + 13 * C) + 2 * C


@mistake(
    en="Each block is short of a C by C layer with its biases. Most likely your attention ends after "
    "queries, keys and values: a fourth layer brings the heads together.",
    zh="每个块少了一个带偏置的 C 乘 C 线性层。多半是注意力只算到查询、键、值为止：还有第四个线性层，把各个头"
    "的结果合起来。",
)
def no_attention_output(V, T, C, L, tied):
    return gpt(V, T, C, L, tied, block=-C * C - C)


@mistake(
    en="Your small network leads to its wide side and not back.",
    zh="你的小网络只有变宽的一层，没有变回来的一层。",
)
def mlp_one_way(V, T, C, L, tied):
    return gpt(V, T, C, L, tied, block=-4 * C * C - C)


@mistake(
    en="Your small network is as narrow as the rest of the model. How wide is it between its two layers?",
    zh="你的小网络与模型其他部分一样窄。它的两层之间有多宽？",
)
def mlp_narrow(V, T, C, L, tied):
    return gpt(V, T, C, L, tied, block=-6 * C * C - 3 * C)


@mistake(
    en="You count the mask of the attention, T by T in each block. Nothing in it is learnt.",
    zh="你把注意力的掩码也算进去了，每个块 T 乘 T。掩码里没有任何要学的东西。",
)
def mask_counted(V, T, C, L, tied):
    return gpt(V, T, C, L, tied, block=T * T)


@mistake(
    en="Your output layer has a bias for each token. In this model it has none.",
    zh="你的输出层给每个词元都加了偏置。这个模型的输出层没有偏置。",
)
def output_with_bias(V, T, C, L, tied):
    return gpt(V, T, C, L, tied, outside=0 if tied else V)


@mistake(
    en="You count one block. The model has L of them, each with parameters of its own.",
    zh="你只数了一个块。模型有 L 个，每个块各有自己的参数。",
)
def one_block(V, T, C, L, tied):
    return gpt(V, T, C, 1, tied)


@mistake(**FLOAT_HINT)
def a_float(V, T, C, L, tied):
    return float(gpt(V, T, C, L, tied))


MISTAKES = (
    no_positions,
    tied_counted_twice,
    never_untied,
    tied_reversed,
    no_biases,
    biases_all_alike,
    norms_of_one_vector,
    no_norms,
    no_final_norm,
    two_vectors_short,
    matrices_only,
    rule_of_thumb,
    no_embeddings,
    no_attention_output,
    mlp_one_way,
    mlp_narrow,
    mask_counted,
    output_with_bias,
    one_block,
    a_float,
)
