"""Known mistakes of 05.train_step: right gradients, and something else that is not."""

from __future__ import annotations

from utils.exercises.authoring import mistake
from utils.exercises.lab05.train_step_gradients import errors, step


@mistake(
    en="W and b are right, but your loss is that of the new parameters. Asked for is the loss that the "
    "gradients were taken of.",
    zh="W 和 b 都对，但你的损失是用新参数算的。题目要的是求梯度时的那个损失。",
)
def loss_after(W, b, X, y, learning_rate):
    new_W, new_b, _ = step(W, b, X, y, learning_rate)
    return new_W, new_b, (errors(new_W, new_b, X, y) ** 2).mean()


@mistake(
    en="W is right, b is not: its gradient was taken after W had moved. Both belong to the same point.",
    zh="W 对，b 不对：求 b 的梯度时，W 已经更新了。两个梯度应当在同一点上求。",
)
def one_after_the_other(W, b, X, y, learning_rate):
    new_W, _, loss = step(W, b, X, y, learning_rate)
    return new_W, step(new_W, b, X, y, learning_rate)[1], loss


@mistake(
    en="You subtract the whole gradient. The learning rate says how much of it to take.",
    zh="你减去了整个梯度。取多少由学习率决定。",
)
def rate_unused(W, b, X, y, learning_rate):
    return step(W, b, X, y, 1.0)


@mistake(
    en="The new W has the right numbers in a column. A parameter keeps its shape through a step.",
    zh="新的 W 数值都对，却排成了一列。参数更新前后，形状应当不变。",
)
def transposed(W, b, X, y, learning_rate):
    new_W, new_b, loss = step(W, b, X, y, learning_rate)
    return new_W.T, new_b, loss


@mistake(
    en="The numbers are right, but W and b have lost an axis. A parameter keeps its shape through a step: "
    "the next one needs it.",
    zh="数值都对，但 W 和 b 少了一个轴。参数更新前后形状不变，下一步还要用。",
)
def axes_lost(W, b, X, y, learning_rate):
    new_W, new_b, loss = step(W, b, X, y, learning_rate)
    return new_W[0], new_b[0], loss


@mistake(
    en="The new b has lost its axis: it came with the shape (1,) and should leave with it.",
    zh="新的 b 少了一个轴：传入时形状是 (1,)，返回时也应当是。",
)
def bias_without_axis(W, b, X, y, learning_rate):
    new_W, new_b, loss = step(W, b, X, y, learning_rate)
    return new_W, new_b[0], loss


@mistake(
    en="All three are right, but in another order. W comes first, the loss last.",
    zh="三个都对，只是顺序不同：先是 W，最后才是损失。",
)
def loss_first(W, b, X, y, learning_rate):
    new_W, new_b, loss = step(W, b, X, y, learning_rate)
    return loss, new_W, new_b


@mistake(
    en="The numbers are right, but the new parameters drag the graph of this step along, and the next step "
    "would hang its own on it. The update itself must not be recorded.",
    zh="数值都对，但新的参数还拖着这一步的计算图，下一步又会接在它后面。更新本身不应当被记录。",
)
def graph_kept(W, b, X, y, learning_rate):
    W, b = W.clone().requires_grad_(), b.clone().requires_grad_()
    return step(W, b, X, y, learning_rate)


@mistake(
    en="The step is right, but it overwrites the W and b that were passed in. The caller may still need "
    "them: return new tensors.",
    zh="这一步算得对，但覆盖了传入的 W 和 b，而调用者可能还要用。请返回新的张量。",
)
def parameters_changed(W, b, X, y, learning_rate):
    new_W, new_b, loss = step(W, b, X, y, learning_rate)
    return W.copy_(new_W), b.copy_(new_b), loss


@mistake(
    en="The step is right, but it leaves traces on the caller's own tensors: they ask for gradients now, or "
    "carry them, and backward adds to what is there. Whose tensors should autograd watch?",
    zh="这一步算得对，却在调用者的张量上留下了痕迹：它们现在需要梯度，或者带着梯度，而 backward 会在原有"
    "梯度上累加。autograd 应当跟踪谁的张量？",
)
def traces_left(W, b, X, y, learning_rate):
    W.requires_grad_(), b.requires_grad_()
    return tuple(value.detach() for value in step(W, b, X, y, learning_rate))


MISTAKES = (
    loss_after,
    one_after_the_other,
    rate_unused,
    transposed,
    axes_lost,
    bias_without_axis,
    loss_first,
    graph_kept,
    parameters_changed,
    traces_left,
)
