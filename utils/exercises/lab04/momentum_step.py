"""04.momentum_step: one step of gradient descent with momentum, in PyTorch's convention."""

from __future__ import annotations

from utils.exercises.authoring import mistake, sgd_by_torch
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab04.steps import CHANGED, step_cases, step_labels, walk


def cases(seed: int) -> list[Case]:
    return step_cases(
        seed,
        [
            ({"en": "learning rate 0.1, beta 0.9", "zh": "学习率 0.1，beta 0.9"}, (0.1, 0.9)),
            ({"en": "learning rate 0.03, beta 0.6", "zh": "学习率 0.03，beta 0.6"}, (0.03, 0.6)),
            ({"en": "steps 7 to 10 of a matrix", "zh": "矩阵的第 7 到 10 步"}, (0.05, 0.8)),
        ],
        moments=1,
    )


def probe(function, case: Case) -> Answer:
    return walk(function, case, ("v",), counts=False)


def reference(w, g, v, learning_rate, beta):
    """PyTorch's own step, with its momentum buffer set to v."""
    v = v.clone()
    return sgd_by_torch(w, g, v, lr=learning_rate, momentum=beta), v


@mistake(
    en="Your step goes uphill. The velocity points along the gradients.",
    zh="这一步走的是上坡。速度与梯度同向。",
)
def sign(w, g, v, learning_rate, beta):
    v = beta * v + g
    return w + learning_rate * v, v


@mistake(
    en="You weaken the new gradient, as a moving average does. PyTorch's velocity takes it in full.",
    zh="你像滑动平均那样削弱了新的梯度。PyTorch 的速度会完整地加上它。",
)
def moving_average(w, g, v, learning_rate, beta):
    v = beta * v + (1 - beta) * g
    return w - learning_rate * v, v


@mistake(
    en="You compute a velocity and then walk without it: this is plain gradient descent.",
    zh="你算出了速度，走的时候却没有用它：这只是普通的梯度下降。",
)
def velocity_unused(w, g, v, learning_rate, beta):
    return w - learning_rate * g, beta * v + g


@mistake(
    en="The step uses the velocity from before. The first step then stands still. Which comes first, the "
    "new velocity or the step?",
    zh="你这一步用的是旧的速度，所以第一步原地不动。应当先更新速度，还是先走？",
)
def old_velocity(w, g, v, learning_rate, beta):
    return w - learning_rate * v, beta * v + g


@mistake(
    en="The first step is right. But you hand back the velocity that came in, so the next step knows "
    "nothing of this one.",
    zh="第一步是对的。但你把传入的速度原样交了回去，下一步就不知道这一步的事。",
)
def velocity_not_kept(w, g, v, learning_rate, beta):
    return w - learning_rate * (beta * v + g), v


@mistake(
    en="Your w is right while the learning rate stays the same, but your velocity already contains it. In "
    "PyTorch's convention the rate comes in only at the step.",
    zh="学习率不变时，你的 w 是对的，但速度里已经掺进了学习率。按 PyTorch 的约定，学习率到更新权重时才用。",
)
def rate_in_velocity(w, g, v, learning_rate, beta):
    v = beta * v + learning_rate * g
    return w - v, v


@mistake(
    en="Your w is right, your velocity points the other way. In PyTorch's convention the velocity gathers "
    "gradients, and the step turns them round.",
    zh="w 是对的，速度的方向反了。按 PyTorch 的约定，速度累积的是梯度本身，更新权重时才掉头。",
)
def opposite_velocity(w, g, v, learning_rate, beta):
    v = beta * v - g
    return w + learning_rate * v, v


@mistake(
    en="This is Nesterov's variant, which looks one step ahead. The plain one is asked for.",
    zh="这是 Nesterov 的变体，会向前多看一步。题目要的是普通的动量。",
)
def nesterov(w, g, v, learning_rate, beta):
    v = beta * v + g
    return w - learning_rate * (g + beta * v), v


@mistake(
    en="The new gradient is weakened along with the old velocity. Only the past should fade.",
    zh="新的梯度也跟着旧速度一起被削弱了。只有过去的部分才应当衰减。",
)
def damped_gradient(w, g, v, learning_rate, beta):
    v = beta * (v + g)
    return w - learning_rate * v, v


@mistake(**CHANGED)
def arguments_changed(w, g, v, learning_rate, beta):
    v.mul_(beta).add_(g)
    return w.sub_(learning_rate * v), v


@mistake(**CHANGED)
def velocity_changed(w, g, v, learning_rate, beta):
    v *= beta
    v += g
    return w - learning_rate * v, v


EXERCISE = Exercise(
    id="04.momentum_step",
    title={"en": "A step with momentum", "zh": "带动量的一步"},
    minutes=5,
    difficulty=1,
    aims={
        "en": "Let past gradients carry a step, in PyTorch's convention.",
        "zh": "让过去的梯度推动这一步，采用 PyTorch 的约定。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    rtol=1e-5,
    atol=1e-5,
    labels=step_labels(("v",)),
    mistakes=(
        sign,
        moving_average,
        velocity_unused,
        old_velocity,
        velocity_not_kept,
        rate_in_velocity,
        opposite_velocity,
        nesterov,
        damped_gradient,
        velocity_changed,
        arguments_changed,
    ),
)
