"""Known mistakes of 08.block: the norms themselves."""

from __future__ import annotations

from utils.exercises.authoring import mistake
from utils.exercises.lab08.block_paths import rms


def block(x, first, second, attention, feed_forward):
    """A right block but for its norms, two functions."""
    x = x + attention(first(x))
    return x + feed_forward(second(x))


def size(x, eps, dims=-1):
    return ((x**2).mean(dim=dims, keepdim=True) + eps).sqrt()


def with_norm(norm, x, gamma1, gamma2, attention, feed_forward):
    return block(x, lambda t: norm(t) * gamma1, lambda t: norm(t) * gamma2, attention, feed_forward)


@mistake(
    en="One gamma serves both norms. Each has learned its own.",
    zh="两个归一化用了同一个 gamma。它们各自学到的不同。",
)
def first_gamma_twice(x, gamma1, gamma2, attention, feed_forward, eps):
    return block(x, lambda t: rms(t, gamma1, eps), lambda t: rms(t, gamma1, eps), attention, feed_forward)


@mistake(
    en="The second gamma serves both norms. Each has learned its own.",
    zh="两个归一化都用了第二个 gamma。它们各自学到的不同。",
)
def second_gamma_twice(x, gamma1, gamma2, attention, feed_forward, eps):
    return block(x, lambda t: rms(t, gamma2, eps), lambda t: rms(t, gamma2, eps), attention, feed_forward)


@mistake(
    en="The gammas have changed places: the first belongs to the attention.",
    zh="两个 gamma 的位置颠倒了：第一个属于注意力。",
)
def gammas_exchanged(x, gamma1, gamma2, attention, feed_forward, eps):
    return block(x, lambda t: rms(t, gamma2, eps), lambda t: rms(t, gamma1, eps), attention, feed_forward)


@mistake(
    en="The gammas have no say: after a norm, each channel has a scale that was learned.",
    zh="gamma 没有用上：归一化之后，每个通道还有一个学到的倍数。",
)
def no_gammas(x, gamma1, gamma2, attention, feed_forward, eps):
    return block(x, lambda t: t / size(t, eps), lambda t: t / size(t, eps), attention, feed_forward)


@mistake(
    en="Where is eps? It is added always, not only where the numbers are small.",
    zh="eps 到哪里去了？它总要加上，不只是在数很小的时候。",
)
def no_eps(x, gamma1, gamma2, attention, feed_forward, eps):
    return with_norm(lambda t: t / size(t, 0.0), x, gamma1, gamma2, attention, feed_forward)


@mistake(
    en="You add eps to the root. It belongs to the mean square, before the root is taken.",
    zh="你把 eps 加在了平方根上。它应当在开方之前加到平方的平均上。",
)
def eps_outside(x, gamma1, gamma2, attention, feed_forward, eps):
    return with_norm(lambda t: t / (size(t, 0.0) + eps), x, gamma1, gamma2, attention, feed_forward)


@mistake(
    en="The second norm is missing: the feed-forward part is given vectors of any size.",
    zh="第二个归一化没有了：送进前馈网络的向量，大小各不相同。",
)
def second_norm_missing(x, gamma1, gamma2, attention, feed_forward, eps):
    return block(x, lambda t: rms(t, gamma1, eps), lambda t: t, attention, feed_forward)


@mistake(
    en="The first norm is missing: the attention is given vectors of any size.",
    zh="第一个归一化没有了：送进注意力的向量，大小各不相同。",
)
def first_norm_missing(x, gamma1, gamma2, attention, feed_forward, eps):
    return block(x, lambda t: t, lambda t: rms(t, gamma2, eps), attention, feed_forward)


@mistake(
    en="Nothing is normalised: both norms are missing.",
    zh="什么也没有归一化：两个归一化都没有。",
)
def no_norms(x, gamma1, gamma2, attention, feed_forward, eps):
    return block(x, lambda t: t, lambda t: t, attention, feed_forward)


@mistake(
    en="This is layer norm: you take the mean off. RMS norm leaves it where it is.",
    zh="这是层归一化：你减去了平均值。均方根归一化不动平均值。",
)
def layer_norm(x, gamma1, gamma2, attention, feed_forward, eps):
    def norm(t):
        spread = t - t.mean(dim=-1, keepdim=True)
        return spread / size(spread, eps)

    return with_norm(norm, x, gamma1, gamma2, attention, feed_forward)


@mistake(
    en="You normalise along time: a position's vector is divided by the size of other positions' numbers, "
    "later ones among them. Each position has its own size.",
    zh="你是沿着时间归一化的：一个位置的向量除以了别的位置的大小，连后面的位置也算在内。每个位置有自己的大小。",
)
def along_time(x, gamma1, gamma2, attention, feed_forward, eps):
    return with_norm(lambda t: t / size(t, eps, 1), x, gamma1, gamma2, attention, feed_forward)


@mistake(
    en="All positions of a text are divided by one number. Each position has its own size.",
    zh="一段文本的所有位置都除以同一个数。每个位置有自己的大小。",
)
def over_the_text(x, gamma1, gamma2, attention, feed_forward, eps):
    return with_norm(lambda t: t / size(t, eps, (1, 2)), x, gamma1, gamma2, attention, feed_forward)


@mistake(
    en="You divide by the mean square itself. Doubled inputs should give the same output but for eps; yours "
    "get smaller. A step is missing.",
    zh="你除以的是平方的平均本身。输入加倍，除了 eps 的影响，输出应当不变；你的却变小了。还差一步。",
)
def no_root(x, gamma1, gamma2, attention, feed_forward, eps):
    return with_norm(lambda t: t / size(t, eps) ** 2, x, gamma1, gamma2, attention, feed_forward)


MISTAKES = (
    first_gamma_twice,
    second_gamma_twice,
    gammas_exchanged,
    no_gammas,
    no_eps,
    eps_outside,
    second_norm_missing,
    first_norm_missing,
    no_norms,
    layer_norm,
    along_time,
    over_the_text,
    no_root,
)
