"""The known mistakes of 08.tied_gradient."""

from __future__ import annotations

import torch

from utils.exercises.authoring import mistake
from utils.exercises.lab08.probing import CHANGED


def output_part(hidden, by_logits):
    """What reaches the matrix as the weights of the last layer."""
    return torch.einsum("btv,btc->vc", by_logits, hidden)


def lookup_part(ids, by_vectors, V):
    """What reaches the matrix as the table of the first layer."""
    part = torch.zeros(V, by_vectors.shape[-1], dtype=by_vectors.dtype)
    return part.index_add(0, ids.flatten(), by_vectors.flatten(0, 1))


def both(ids, by_vectors, hidden, by_logits):
    return lookup_part(ids, by_vectors, by_logits.shape[-1]) + output_part(hidden, by_logits)


@mistake(
    en="This is the gradient of the output layer alone. The same matrix is used a second time, at the other "
    "end of the model.",
    zh="这只是输出层的那份梯度。同一个矩阵在模型的另一头还用了一次。",
)
def output_only(ids, by_vectors, hidden, by_logits):
    return output_part(hidden, by_logits)


@mistake(
    en="This is the gradient of the lookup alone. The same matrix is used a second time, at the other end of "
    "the model, and there every row takes part.",
    zh="这只是查表的那份梯度。同一个矩阵在模型的另一头还用了一次，在那里每一行都参与。",
)
def lookup_only(ids, by_vectors, hidden, by_logits):
    return lookup_part(ids, by_vectors, by_logits.shape[-1])


@mistake(
    en="A token that occurs twice gets the gradient of one occurrence only: the last one you wrote has "
    "overwritten the others. Indexed += adds once a row, too.",
    zh="出现两次的词元只得到了一次的梯度：后写的覆盖了先写的。带索引的 += 对每一行也只加一次。",
)
def last_occurrence(ids, by_vectors, hidden, by_logits):
    gradient = output_part(hidden, by_logits)
    for t, row in enumerate(ids.flatten().tolist()):
        if row not in ids.flatten().tolist()[t + 1 :]:
            gradient[row] += by_vectors.flatten(0, 1)[t]
    return gradient


@mistake(
    en="Where a token occurs, the part of the lookup replaces the part of the output layer. Both belong to "
    "the row.",
    zh="凡是出现过的词元，查表的那份梯度把输出层的那份顶替掉了。这一行两份都要。",
)
def output_replaced(ids, by_vectors, hidden, by_logits):
    gradient, looked_up = output_part(hidden, by_logits), both(ids, by_vectors, hidden, 0 * by_logits)
    gradient[ids.flatten()] = looked_up[ids.flatten()]
    return gradient


@mistake(
    en="You assign to the rows of the tokens that occur, and twice something is lost by it: the part of the "
    "output layer, and all but one occurrence of a repeated token.",
    zh="你对出现过的词元所在的行直接赋值，因此丢了两样东西：输出层的那份梯度，以及重复词元的其他几次出现。",
)
def assigned(ids, by_vectors, hidden, by_logits):
    gradient = output_part(hidden, by_logits)
    for row, value in zip(ids.flatten().tolist(), by_vectors.flatten(0, 1), strict=True):
        gradient[row] = value
    return gradient


@mistake(
    en="You average the two parts. The loss depends on the matrix in both ways at once, and both add up.",
    zh="你对两份取了平均。损失同时通过两条路依赖这个矩阵，两份应当相加。",
)
def halved(ids, by_vectors, hidden, by_logits):
    return both(ids, by_vectors, hidden, by_logits) / 2


@mistake(
    en="You average over the occurrences of a token. What reaches a row from its occurrences adds up; the "
    "mean of the loss is in the gradients already.",
    zh="你对一个词元的几次出现取了平均。各次出现传到这一行的梯度应当相加；损失里的平均已经包含在梯度中了。",
)
def occurrences_averaged(ids, by_vectors, hidden, by_logits):
    V = by_logits.shape[-1]
    counts = torch.bincount(ids.flatten(), minlength=V).clamp(min=1)
    return lookup_part(ids, by_vectors, V) / counts[:, None] + output_part(hidden, by_logits)


@mistake(
    en="You divide by the number of positions. Whatever mean the loss takes is in the gradients already.",
    zh="你除以了位置的个数。损失里的平均已经包含在给你的梯度中了。",
)
def averaged_again(ids, by_vectors, hidden, by_logits):
    return both(ids, by_vectors, hidden, by_logits) / ids.numel()


@mistake(
    en="You subtract one part from the other. The loss depends on the matrix in both ways at once, and both "
    "add up.",
    zh="你用一份减去了另一份。损失同时通过两条路依赖这个矩阵，两份应当相加。",
)
def subtracted(ids, by_vectors, hidden, by_logits):
    return output_part(hidden, by_logits) - lookup_part(ids, by_vectors, by_logits.shape[-1])


@mistake(
    en="Tokens that do not occur get no gradient from you. They have scores as well, at every position, and "
    "are to become less likely.",
    zh="没有出现的词元，你没有给它梯度。可它们在每个位置也有得分，也要学着变得更不可能。",
)
def only_rows_that_occur(ids, by_vectors, hidden, by_logits):
    gradient = both(ids, by_vectors, hidden, by_logits)
    absent = torch.bincount(ids.flatten(), minlength=len(gradient)) == 0
    return gradient.masked_fill(absent[:, None], 0.0)


@mistake(
    en="Your first text alone counts. Both parts add up over all texts of the batch.",
    zh="你只算了第一段文本。两份梯度都要对批次里的所有文本相加。",
)
def first_text(ids, by_vectors, hidden, by_logits):
    return both(ids[:1], by_vectors[:1], hidden[:1], by_logits[:1])


@mistake(
    en="The gradient is transposed. It has the shape of the matrix: a row for each token.",
    zh="梯度转置了。它的形状与矩阵相同：每个词元一行。",
)
def transposed(ids, by_vectors, hidden, by_logits):
    return both(ids, by_vectors, hidden, by_logits).mT


@mistake(
    en="In the output part you take the gradient of the vectors where what goes into the output layer is "
    "needed: a layer's weights get what came in, times the gradient of what went out.",
    zh="输出层那份，你用了向量的梯度，而那里需要的是输出层的输入：权重的梯度，是进来的值乘以出去的值的梯度。",
)
def vectors_for_hidden(ids, by_vectors, hidden, by_logits):
    return both(ids, by_vectors, by_vectors, by_logits)


@mistake(
    en="In the lookup part you add what the model answers. What arrives at a row is the gradient of the "
    "vectors taken from it.",
    zh="查表那份，你加的是模型的输出。传到一行的，应当是从它取出的那些向量的梯度。",
)
def hidden_for_vectors(ids, by_vectors, hidden, by_logits):
    return both(ids, hidden, hidden, by_logits)


@mistake(**CHANGED)
def arguments_changed(ids, by_vectors, hidden, by_logits):
    gradient = both(ids, by_vectors, hidden, by_logits)
    by_vectors += by_logits @ gradient
    return gradient


@mistake(
    en="You go through the texts one by one, and a token that occurs twice in a text gets the gradient of "
    "one occurrence only. Indexed += adds once a row.",
    zh="你一段一段地处理文本，同一段里出现两次的词元只得到了其中一次的梯度。带下标的 += 对每一行只加一次。",
)
def once_a_text(ids, by_vectors, hidden, by_logits):
    gradient = torch.einsum("btv,btc->vc", by_logits, hidden)
    for tokens, arriving in zip(ids, by_vectors, strict=True):
        gradient[tokens] += arriving
    return gradient


MISTAKES = (
    output_only,
    lookup_only,
    last_occurrence,
    output_replaced,
    assigned,
    halved,
    occurrences_averaged,
    averaged_again,
    subtracted,
    only_rows_that_occur,
    first_text,
    transposed,
    vectors_for_hidden,
    hidden_for_vectors,
    arguments_changed,
    once_a_text,
)
