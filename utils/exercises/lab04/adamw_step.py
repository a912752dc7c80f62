"""04.adamw_step: one step of AdamW: Adam, and weights that shrink apart from it."""

from __future__ import annotations

from torch.optim.adamw import adamw

from utils.exercises.authoring import mistake
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab04.steps import CHANGED, adam_by_torch, moments, step, step_cases, step_labels, walk


def cases(seed: int) -> list[Case]:
    """Weight decay is large enough to show beside the learning rate."""
    return step_cases(
        seed,
        [
            (
                {"en": "the usual betas, weight decay 0.3", "zh": "常用的 beta，权重衰减 0.3"},
                (0.1, 0.9, 0.999, 1e-8, 0.3),
            ),
            (
                {"en": "a large eps, weight decay 0.1", "zh": "eps 较大，权重衰减 0.1"},
                (0.2, 0.8, 0.95, 0.02, 0.1),
            ),
            ({"en": "steps 7 to 10 of a matrix", "zh": "矩阵的第 7 到 10 步"}, (0.1, 0.9, 0.99, 1e-3, 0.2)),
        ],
        moments=2,
    )


def probe(function, case: Case) -> Answer:
    return walk(function, case, ("m", "v"), counts=True)


def reference(w, g, m, v, t, learning_rate, beta1, beta2, eps, decay):
    """PyTorch's own step."""
    settings = {"lr": learning_rate, "beta1": beta1, "beta2": beta2, "eps": eps, "weight_decay": decay}
    return adam_by_torch(adamw, w, g, m, v, t, **settings)


@mistake(
    en="Your decay goes through the gradient, so Adam rescales it like everything else: this is Adam with a "
    "penalty. In AdamW the weights shrink outside the moments.",
    zh="你把衰减加进了梯度，于是它也被 Adam 一并缩放：这是带惩罚项的 Adam。在 AdamW 里，权重的缩小与两个矩"
    "无关。",
)
def decay_in_gradient(w, g, m, v, t, learning_rate, beta1, beta2, eps, decay):
    m, v = moments(g + decay * w, m, v, beta1, beta2)
    return step(w, m, v, t, learning_rate, beta1, beta2, eps), m, v


@mistake(
    en="This is Adam. The last argument has no effect on your result.",
    zh="这只是 Adam。最后一个参数对结果没有影响。",
)
def no_decay(w, g, m, v, t, learning_rate, beta1, beta2, eps, decay):
    m, v = moments(g, m, v, beta1, beta2)
    return step(w, m, v, t, learning_rate, beta1, beta2, eps), m, v


@mistake(
    en="Your weights shrink too fast. The learning rate scales this part of the step too.",
    zh="权重缩小得太快了。这一部分同样要乘上学习率。",
)
def decay_without_rate(w, g, m, v, t, learning_rate, beta1, beta2, eps, decay):
    m, v = moments(g, m, v, beta1, beta2)
    return step(w * (1 - decay), m, v, t, learning_rate, beta1, beta2, eps), m, v


@mistake(
    en="Your decay makes the weights grow.",
    zh="你的“衰减”让权重变大了。",
)
def growing(w, g, m, v, t, learning_rate, beta1, beta2, eps, decay):
    m, v = moments(g, m, v, beta1, beta2)
    return step(w * (1 + learning_rate * decay), m, v, t, learning_rate, beta1, beta2, eps), m, v


@mistake(
    en="You shrink the weights after the step, so that the step itself shrinks too. Which weights should "
    "decay: those before it or those after it?",
    zh="你先更新再缩小权重，连这一步的更新也被缩小了。应当衰减的是更新之前的权重，还是之后的？",
)
def decay_after(w, g, m, v, t, learning_rate, beta1, beta2, eps, decay):
    m, v = moments(g, m, v, beta1, beta2)
    return step(w, m, v, t, learning_rate, beta1, beta2, eps) * (1 - learning_rate * decay), m, v


@mistake(
    en="Your decay is divided by the root of the second moment. It should be the same share of every "
    "weight, whatever its gradients are.",
    zh="你的衰减也被除以了二阶矩的平方根。它应当让每个权重缩小同样的比例，与梯度无关。",
)
def decay_divided(w, g, m, v, t, learning_rate, beta1, beta2, eps, decay):
    m, v = moments(g, m, v, beta1, beta2)
    m_hat = m / (1 - beta1**t) + decay * w
    return w - learning_rate * m_hat / ((v / (1 - beta2**t)).sqrt() + eps), m, v


@mistake(
    en="Every weight loses the same amount. Decay takes a share of the weight itself.",
    zh="每个权重都减去了同样多。衰减应当按权重自身的比例来减。",
)
def constant_decay(w, g, m, v, t, learning_rate, beta1, beta2, eps, decay):
    m, v = moments(g, m, v, beta1, beta2)
    return step(w, m, v, t, learning_rate, beta1, beta2, eps) - learning_rate * decay, m, v


@mistake(
    en="You subtract the size of each weight, so a negative one moves away from zero. Decay draws every "
    "weight towards zero.",
    zh="你减去的是权重的绝对值，负的权重反而离零更远了。衰减应当让每个权重都向零靠拢。",
)
def decay_by_size(w, g, m, v, t, learning_rate, beta1, beta2, eps, decay):
    m, v = moments(g, m, v, beta1, beta2)
    return step(w, m, v, t, learning_rate, beta1, beta2, eps) - learning_rate * decay * w.abs(), m, v


@mistake(
    en="The decay is right. The Adam part lacks the correction of its moments.",
    zh="衰减是对的，但 Adam 的部分没有修正两个矩。",
)
def no_correction(w, g, m, v, t, learning_rate, beta1, beta2, eps, decay):
    m, v = moments(g, m, v, beta1, beta2)
    return w * (1 - learning_rate * decay) - learning_rate * m / (v.sqrt() + eps), m, v


@mistake(**CHANGED)
def arguments_changed(w, g, m, v, t, learning_rate, beta1, beta2, eps, decay):
    m.mul_(beta1).add_((1 - beta1) * g)
    v.mul_(beta2).add_((1 - beta2) * g**2)
    return w.copy_(step(w.mul_(1 - learning_rate * decay), m, v, t, learning_rate, beta1, beta2, eps)), m, v


@mistake(**CHANGED)
def weights_changed(w, g, m, v, t, learning_rate, beta1, beta2, eps, decay):
    w *= 1 - learning_rate * decay
    m, v = moments(g, m, v, beta1, beta2)
    return step(w, m, v, t, learning_rate, beta1, beta2, eps), m, v


EXERCISE = Exercise(
    id="04.adamw_step",
    title={"en": "A step of AdamW", "zh": "AdamW 的一步"},
    minutes=5,
    difficulty=2,
    aims={
        "en": "See what sets AdamW apart from Adam with a penalty: where the weights are made to shrink.",
        "zh": "看清 AdamW 与带惩罚项的 Adam 差在哪里：权重是在哪一步缩小的。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    rtol=1e-5,
    atol=1e-6,
    labels=step_labels(("m", "v")),
    mistakes=(
        decay_in_gradient,
        no_decay,
        decay_without_rate,
        growing,
        decay_after,
        decay_divided,
        constant_decay,
        decay_by_size,
        no_correction,
        weights_changed,
        arguments_changed,
    ),
)
