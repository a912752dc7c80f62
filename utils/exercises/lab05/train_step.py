"""05.train_step: one step of gradient descent for a linear layer with one output, without the square of
errors."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from utils.exercises.answers import look
from utils.exercises.authoring import Numbers, argument_labels, mistake, parts, sgd_by_torch
from utils.exercises.core import Answer, Case, Exercise

NAMES = ("W", "b", "loss")
GIVEN = ("W", "b", "X", "y")


def cases(seed: int) -> list[Case]:
    """A case holds the layer's one row of weights and its bias without the axis that the probe gives them."""
    draw = Numbers(seed)

    def case(name, B, inputs, rate):
        X, w, b = draw.normal(B, inputs, shift=0.7), draw.normal(inputs), draw.normal(shift=1.5)
        return Case(name, (w, b, X, draw.normal(B, scale=2.0, shift=-1.0), rate))

    return [
        case({"en": "B=5, I=3, learning rate 0.1", "zh": "B=5、I=3，学习率 0.1"}, 5, 3, 0.1),
        case({"en": "B=3, I=4, learning rate 0.05", "zh": "B=3、I=4，学习率 0.05"}, 3, 4, 0.05),
        case({"en": "B=7, I=2, learning rate 0.2", "zh": "B=7、I=2，学习率 0.2"}, 7, 2, 0.2),
    ]


def probe(function, case: Case) -> Answer:
    """What was returned, whether a graph hangs on the new parameters, and the arguments after the call."""
    w, b, X, y, learning_rate = case.args
    given = (w[None].clone(), b[None].clone(), X, y)
    returned = function(*given, learning_rate)
    answer = parts(returned, NAMES)
    graph = any(getattr(answer.get(name), "requires_grad", False) for name in ("W", "b"))
    return {**answer, "graph": graph} | {
        f"old_{name}": look(value) for name, value in zip(GIVEN, given, strict=True)
    }


def reference(W, b, X, y, learning_rate):
    """PyTorch's linear layer, loss, autograd and step."""
    leaves = W.clone().requires_grad_(), b.clone().requires_grad_()
    loss = F.mse_loss(F.linear(X, *leaves).squeeze(1), y)
    gradients = torch.autograd.grad(loss, leaves)
    moved = [sgd_by_torch(p, g, None, lr=learning_rate) for p, g in zip((W, b), gradients, strict=True)]
    return *moved, loss.detach()


def errors(W: Tensor, b: Tensor, X: Tensor, y: Tensor) -> Tensor:
    """The right errors (B,)."""
    return (X @ W.T + b)[:, 0] - y


def step(W, b, X, y, rate_W, rate_b=None):
    """A right step from right gradients. The mistakes scale the two, or change what comes out."""
    error = errors(W, b, X, y)
    rate_b = rate_W if rate_b is None else rate_b
    new_W = W - rate_W * 2 / len(y) * error[None] @ X
    return new_W, b - rate_b * 2 * error.mean(dim=0, keepdim=True), (error**2).mean()


def by_autograd(W, b, X, y, learning_rate, loss_of):
    """A step along the gradient of any loss, ``loss_of(outputs (B, 1), targets (B,))``."""
    W, b = W.clone().requires_grad_(), b.clone().requires_grad_()
    loss = loss_of(X @ W.T + b, y)
    by_W, by_b = torch.autograd.grad(loss, (W, b))
    return (W - learning_rate * by_W).detach(), (b - learning_rate * by_b).detach(), loss.detach()


@mistake(
    en="The article's fault is still there. Print the shape of outputs minus targets: how many errors are "
    "there, and how many samples?",
    zh="文章里的错误还在。打印“输出减目标”的形状看看：误差有多少个，样本又有多少个？",
)
def broadcast(W, b, X, y, learning_rate):
    return by_autograd(W, b, X, y, learning_rate, lambda outputs, y: ((outputs - y) ** 2).mean())


@mistake(
    en="Your step goes uphill: after it the loss is larger. The gradient points to where the loss grows.",
    zh="你这一步走的是上坡：走完以后，损失反而变大了。梯度指向损失增大的方向。",
)
def uphill(W, b, X, y, learning_rate):
    return step(W, b, X, y, -learning_rate)


@mistake(
    en="This is the gradient of the article's formulas: it points uphill and forgets that the loss is a "
    "mean.",
    zh="这是文章公式里的梯度：方向朝上坡，又忘了损失是平均值。",
)
def article(W, b, X, y, learning_rate):
    return step(W, b, X, y, -learning_rate * len(y))


@mistake(
    en="Your step is half as long as it should be. What does a square leave behind when "
    "you differentiate it?",
    zh="你这一步只有应有的一半长。对平方求导会留下什么？",
)
def missing_two(W, b, X, y, learning_rate):
    return step(W, b, X, y, learning_rate / 2)


@mistake(
    en="Your step grows with the batch. The loss is a mean over the samples, and so is its gradient.",
    zh="批次越大，你这一步就越长。损失是对样本的平均，它的梯度也是。",
)
def summed(W, b, X, y, learning_rate):
    return step(W, b, X, y, learning_rate * len(y))


@mistake(
    en="W moves as it should, b moves too far: its gradient is not averaged over the samples.",
    zh="W 走得对，b 走得太远：它的梯度没有对样本取平均。",
)
def bias_summed(W, b, X, y, learning_rate):
    return step(W, b, X, y, learning_rate, learning_rate * len(y))


@mistake(
    en="b comes back as it went in. The bias learns as well.",
    zh="b 原样返回了。偏置也要学习。",
)
def bias_kept(W, b, X, y, learning_rate):
    return step(W, b, X, y, learning_rate, 0.0)


@mistake(
    en="Your outputs lack a part of the layer, so the errors and all that follows are off. Where does b come "
    "in?",
    zh="你的输出缺了这一层的一部分，误差和后面的一切就都偏了。b 用在哪里？",
)
def forward_without_bias(W, b, X, y, learning_rate):
    new_W, moved, loss = step(W, torch.zeros_like(b), X, y, learning_rate)
    return new_W, b + moved, loss


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


CHANGED = {
    "en": "The step is right, but it overwrites the W and b that were passed in. The caller may still need "
    "them: return new tensors.",
    "zh": "这一步算得对，但覆盖了传入的 W 和 b，而调用者可能还要用。请返回新的张量。",
}


@mistake(**CHANGED)
def parameters_changed(W, b, X, y, learning_rate):
    new_W, new_b, loss = step(W, b, X, y, learning_rate)
    return W.copy_(new_W), b.copy_(new_b), loss


@mistake(**CHANGED)
def changed_by_autograd(W, b, X, y, learning_rate):
    new_W, new_b, loss = step(W, b, X, y, learning_rate)
    return W.copy_(new_W).requires_grad_(), b.copy_(new_b).requires_grad_(), loss


EXERCISE = Exercise(
    id="05.train_step",
    title={"en": "A training step without the square of errors", "zh": "没有误差方阵的训练步"},
    minutes=10,
    difficulty=2,
    aims={
        "en": "Find the shapes that go wrong in the article's step, and write the step right.",
        "zh": "找出文章的训练步里哪个形状不对，并写出正确的一步。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    rtol=1e-5,
    atol=1e-6,
    labels={
        "W": {"en": "the new W", "zh": "新的 W "},
        "b": {"en": "the new b", "zh": "新的 b "},
        "loss": {"en": "the loss", "zh": "损失"},
        "graph": {
            "en": "whether the new W or b still requires a gradient",
            "zh": "新的 W 或 b 是否仍然需要梯度：",
        },
        **argument_labels(*GIVEN),
    },
    mistakes=(
        broadcast,
        uphill,
        article,
        missing_two,
        summed,
        bias_summed,
        bias_kept,
        forward_without_bias,
        loss_after,
        one_after_the_other,
        rate_unused,
        transposed,
        axes_lost,
        bias_without_axis,
        loss_first,
        graph_kept,
        parameters_changed,
        changed_by_autograd,
    ),
)
