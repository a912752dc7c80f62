"""04.adam_step: one step of Adam, with the moments handed in and back."""

from __future__ import annotations

from torch.optim.adam import adam

from utils.exercises.authoring import mistake
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab04.steps import CHANGED, adam_by_torch, moments, step, step_cases, step_labels, walk


def cases(seed: int) -> list[Case]:
    """The second case has an eps that counts, so that its place in the formula shows."""
    return step_cases(
        seed,
        [
            ({"en": "the usual settings", "zh": "常用设置"}, (0.1, 0.9, 0.999, 1e-8)),
            ({"en": "a large eps", "zh": "eps 较大"}, (0.05, 0.8, 0.95, 0.1)),
            ({"en": "steps 7 to 10 of a matrix", "zh": "矩阵的第 7 到 10 步"}, (0.1, 0.9, 0.99, 1e-3)),
        ],
        moments=2,
    )


def probe(function, case: Case) -> Answer:
    return walk(function, case, ("m", "v"), counts=True)


def reference(w, g, m, v, t, learning_rate, beta1, beta2, eps):
    """PyTorch's own step."""
    return adam_by_torch(adam, w, g, m, v, t, lr=learning_rate, beta1=beta1, beta2=beta2, eps=eps)


@mistake(
    en="The moments start at zero and are too small during the first steps. Nothing makes up for that here.",
    zh="两个矩从零开始，头几步都偏小，而你没有做任何补偿。",
)
def no_correction(w, g, m, v, t, learning_rate, beta1, beta2, eps):
    m, v = moments(g, m, v, beta1, beta2)
    return w - learning_rate * m / (v.sqrt() + eps), m, v


@mistake(
    en="Almost right: eps stands in the wrong place. Under the root its effect is much larger than meant.",
    zh="几乎全对，只是 eps 放错了位置。放到根号里面，它的作用会比预想的大得多。",
)
def eps_inside_root(w, g, m, v, t, learning_rate, beta1, beta2, eps):
    m, v = moments(g, m, v, beta1, beta2)
    return w - learning_rate * (m / (1 - beta1**t)) / (v / (1 - beta2**t) + eps).sqrt(), m, v


@mistake(
    en="Almost right: you add eps to a moment that is not corrected yet, so the correction rescales eps too.",
    zh="几乎全对，只是你在修正之前就加上了 eps，结果 eps 也被一并缩放了。",
)
def eps_before_correction(w, g, m, v, t, learning_rate, beta1, beta2, eps):
    m, v = moments(g, m, v, beta1, beta2)
    return w - learning_rate * (m / (1 - beta1**t)) / ((v.sqrt() + eps) / (1 - beta2**t) ** 0.5), m, v


@mistake(
    en="The second moment is an average of squares. Something must bring it back to the scale of a gradient.",
    zh="二阶矩是平方的平均，还需要一步才能回到梯度的量级。",
)
def no_root(w, g, m, v, t, learning_rate, beta1, beta2, eps):
    m, v = moments(g, m, v, beta1, beta2)
    return w - learning_rate * (m / (1 - beta1**t)) / (v / (1 - beta2**t) + eps), m, v


@mistake(
    en="The first step is right, the second is not: you hand back the corrected moments, and the next step "
    "corrects them again.",
    zh="第一步对，第二步就不对了：你交回的是修正后的矩，下一步又会再修正一遍。",
)
def corrected_state(w, g, m, v, t, learning_rate, beta1, beta2, eps):
    m, v = moments(g, m, v, beta1, beta2)
    m, v = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - learning_rate * m / (v.sqrt() + eps), m, v


@mistake(
    en="You correct the first moment only. The second starts at zero as well.",
    zh="你只修正了一阶矩。二阶矩也是从零开始的。",
)
def one_corrected(w, g, m, v, t, learning_rate, beta1, beta2, eps):
    m, v = moments(g, m, v, beta1, beta2)
    return w - learning_rate * (m / (1 - beta1**t)) / (v.sqrt() + eps), m, v


@mistake(
    en="The correction is off by one step. Here t counts the step being taken, and is 1 at the first.",
    zh="修正差了一步。这里的 t 表示正在走的这一步，第一步时 t 为 1。",
)
def count_from_zero(w, g, m, v, t, learning_rate, beta1, beta2, eps):
    m, v = moments(g, m, v, beta1, beta2)
    return step(w, m, v, t + 1, learning_rate, beta1, beta2, eps), m, v


@mistake(
    en="Old and new are exchanged in the moving averages: with a beta near one, the past should weigh most.",
    zh="滑动平均里新旧的比例颠倒了：beta 接近 1 时，应当以过去为主。",
)
def weights_exchanged(w, g, m, v, t, learning_rate, beta1, beta2, eps):
    m, v = moments(g, m, v, 1 - beta1, 1 - beta2)
    return step(w, m, v, t, learning_rate, beta1, beta2, eps), m, v


@mistake(
    en="You step along this step's gradient, and the first moment goes unused.",
    zh="你更新时用的是当前的梯度，一阶矩没有派上用场。",
)
def gradient_for_moment(w, g, m, v, t, learning_rate, beta1, beta2, eps):
    m, v = moments(g, m, v, beta1, beta2)
    return w - learning_rate * g / ((v / (1 - beta2**t)).sqrt() + eps), m, v


@mistake(
    en="You step with the moments that came in. At the first step both are zero.",
    zh="你更新时用的是传入的旧矩。第一步时它们都是零。",
)
def old_moments(w, g, m, v, t, learning_rate, beta1, beta2, eps):
    return step(w, m, v, t, learning_rate, beta1, beta2, eps), *moments(g, m, v, beta1, beta2)


@mistake(
    en="Your step goes uphill.",
    zh="这一步走的是上坡。",
)
def sign(w, g, m, v, t, learning_rate, beta1, beta2, eps):
    m, v = moments(g, m, v, beta1, beta2)
    return step(w, m, v, t, -learning_rate, beta1, beta2, eps), m, v


@mistake(**CHANGED)
def arguments_changed(w, g, m, v, t, learning_rate, beta1, beta2, eps):
    m.mul_(beta1).add_((1 - beta1) * g)
    v.mul_(beta2).add_((1 - beta2) * g**2)
    return w.copy_(step(w, m, v, t, learning_rate, beta1, beta2, eps)), m, v


@mistake(**CHANGED)
def moments_changed(w, g, m, v, t, learning_rate, beta1, beta2, eps):
    m.mul_(beta1).add_((1 - beta1) * g)
    v.mul_(beta2).add_((1 - beta2) * g**2)
    return step(w, m, v, t, learning_rate, beta1, beta2, eps), m, v


@mistake(
    en="The two betas are exchanged: each moment has one of its own.",
    zh="两个 beta 用反了：每个矩各有自己的一个。",
)
def betas_exchanged(w, g, m, v, t, learning_rate, beta1, beta2, eps):
    m, v = moments(g, m, v, beta2, beta1)
    return step(w, m, v, t, learning_rate, beta2, beta1, eps), m, v


@mistake(
    en="The argument eps has no effect on your result. It guards the division where gradients are tiny.",
    zh="参数 eps 对你的结果没有影响。梯度极小时，要靠它来保护除法。",
)
def no_eps(w, g, m, v, t, learning_rate, beta1, beta2, eps):
    m, v = moments(g, m, v, beta1, beta2)
    return step(w, m, v, t, learning_rate, beta1, beta2, 0.0), m, v


@mistake(
    en="Your eps is not added: it only keeps the root from falling below it. In Adam it counts for every "
    "entry, if only a little.",
    zh="你没有把 eps 加上去，只是不让平方根小于它。在 Adam 里，eps 对每个元素都起作用，哪怕只有一点点。",
)
def eps_as_floor(w, g, m, v, t, learning_rate, beta1, beta2, eps):
    m, v = moments(g, m, v, beta1, beta2)
    return w - learning_rate * (m / (1 - beta1**t)) / (v / (1 - beta2**t)).sqrt().clamp_min(eps), m, v


EXERCISE = Exercise(
    id="04.adam_step",
    title={"en": "A step of Adam", "zh": "Adam 的一步"},
    minutes=8,
    difficulty=2,
    aims={
        "en": "Write the optimiser that trains most language models, each detail in its place.",
        "zh": "写出训练大多数语言模型所用的优化器，每个细节都放对位置。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    rtol=1e-5,
    atol=1e-6,
    labels=step_labels(("m", "v")),
    mistakes=(
        no_correction,
        eps_inside_root,
        eps_before_correction,
        eps_as_floor,
        no_root,
        corrected_state,
        one_corrected,
        count_from_zero,
        betas_exchanged,
        no_eps,
        weights_exchanged,
        gradient_for_moment,
        old_moments,
        sign,
        moments_changed,
        arguments_changed,
    ),
)
