"""Known mistakes of 08.block: where the norms stand, and what the residual connections carry."""

from __future__ import annotations

from utils.exercises.authoring import mistake
from utils.exercises.lab08.probing import CHANGED


def rms(x, gamma, eps):
    return x / ((x**2).mean(dim=-1, keepdim=True) + eps).sqrt() * gamma


@mistake(
    en="This is post-norm, as in the first Transformer: add, then normalise. Here the norm comes first, and "
    "nothing is normalised on the way from x to the output.",
    zh="这是后置归一化，最初的 Transformer 就是这样：先相加，再归一化。这里要先归一化；从 x 到输出的"
    "那条路上，什么也不归一化。",
)
def post_norm(x, gamma1, gamma2, attention, feed_forward, eps):
    x = rms(x + attention(x), gamma1, eps)
    return rms(x + feed_forward(x), gamma2, eps)


@mistake(
    en="You normalise what each part answers. Normalise what it is given.",
    zh="你归一化的是每个部件的输出。应当归一化它的输入。",
)
def answers_normalised(x, gamma1, gamma2, attention, feed_forward, eps):
    x = x + rms(attention(x), gamma1, eps)
    return x + rms(feed_forward(x), gamma2, eps)


@mistake(
    en="The first half of the block is right; the second normalises after its sum.",
    zh="块的前一半对了；后一半却在相加之后才归一化。",
)
def second_after_the_sum(x, gamma1, gamma2, attention, feed_forward, eps):
    x = x + attention(rms(x, gamma1, eps))
    return rms(x + feed_forward(x), gamma2, eps)


@mistake(
    en="You carry the normalised vectors on instead of the old ones: the sum should begin with what came "
    "into each half, untouched.",
    zh="你往下传的是归一化之后的向量，而不是原来的。相加时，应当从送进这一半的、没有动过的向量开始。",
)
def normed_carried_on(x, gamma1, gamma2, attention, feed_forward, eps):
    normal = rms(x, gamma1, eps)
    normal = rms(normal + attention(normal), gamma2, eps)
    return normal + feed_forward(normal)


@mistake(
    en="The residual connection round the attention is missing: each position forgets its own vector.",
    zh="注意力旁边的残差连接没有了：每个位置都忘了自己原来的向量。",
)
def no_residual_of_attention(x, gamma1, gamma2, attention, feed_forward, eps):
    x = attention(rms(x, gamma1, eps))
    return x + feed_forward(rms(x, gamma2, eps))


@mistake(
    en="The residual connection round the feed-forward part is missing: what attention found is forgotten.",
    zh="前馈网络旁边的残差连接没有了：注意力找到的东西都被忘了。",
)
def no_residual_of_feed_forward(x, gamma1, gamma2, attention, feed_forward, eps):
    x = x + attention(rms(x, gamma1, eps))
    return feed_forward(rms(x, gamma2, eps))


@mistake(
    en="There is no residual connection at all. What comes in should be able to go straight through.",
    zh="残差连接一个都没有。输入应当能够直接穿过整个块。",
)
def no_residuals(x, gamma1, gamma2, attention, feed_forward, eps):
    return feed_forward(rms(attention(rms(x, gamma1, eps)), gamma2, eps))


@mistake(
    en="The second sum begins with the block's input again, so the answer of the attention reaches only the "
    "feed-forward part. What goes into the second half is what comes out of the first.",
    zh="第二次相加又从块的输入开始，注意力的输出就只到了前馈网络。进入后一半的，应当是前一半的输出。",
)
def residual_from_the_start(x, gamma1, gamma2, attention, feed_forward, eps):
    middle = x + attention(rms(x, gamma1, eps))
    return x + feed_forward(rms(middle, gamma2, eps))


@mistake(
    en="Both parts work on the input side by side. Some models do that; here the feed-forward part sees what "
    "attention has added.",
    zh="两个部件并排作用在同一个输入上。有些模型这样做；但在这里，前馈网络要看到注意力加上的东西。",
)
def side_by_side(x, gamma1, gamma2, attention, feed_forward, eps):
    return x + attention(rms(x, gamma1, eps)) + feed_forward(rms(x, gamma2, eps))


@mistake(
    en="The two halves have changed places: attention comes first.",
    zh="两个一半的次序颠倒了：先是注意力。",
)
def halves_exchanged(x, gamma1, gamma2, attention, feed_forward, eps):
    x = x + feed_forward(rms(x, gamma2, eps))
    return x + attention(rms(x, gamma1, eps))


@mistake(
    en="The block is right up to the end, where there is one norm too many. A model has a last norm, after "
    "all its blocks; the block has two.",
    zh="块一直到结尾都是对的，可结尾多了一个归一化。模型在所有块之后还有一个归一化；块里只有两个。",
)
def normalised_at_the_end(x, gamma1, gamma2, attention, feed_forward, eps):
    x = x + attention(rms(x, gamma1, eps))
    return rms(x + feed_forward(rms(x, gamma2, eps)), gamma2, eps)


@mistake(**CHANGED)
def x_changed(x, gamma1, gamma2, attention, feed_forward, eps):
    x += attention(rms(x, gamma1, eps))
    x += feed_forward(rms(x, gamma2, eps))
    return x


@mistake(
    en="The feed-forward part comes first, the attention second. Each norm is in its place, the parts are "
    "not.",
    zh="前馈网络在先，注意力在后。两个归一化的位置都对，两个部件却颠倒了。",
)
def parts_exchanged(x, gamma1, gamma2, attention, feed_forward, eps):
    x = x + feed_forward(rms(x, gamma1, eps))
    return x + attention(rms(x, gamma2, eps))


@mistake(
    en="You normalise once and hand the same vectors to both parts. After the attention has been added, the "
    "vectors are others.",
    zh="你只归一化了一次，把同样的向量交给了两个部件。加上注意力之后，向量已经不同了。",
)
def normalised_once(x, gamma1, gamma2, attention, feed_forward, eps):
    normal = rms(x, gamma1, eps)
    return x + attention(normal) + feed_forward(normal)


MISTAKES = (
    post_norm,
    answers_normalised,
    second_after_the_sum,
    normed_carried_on,
    no_residual_of_attention,
    no_residual_of_feed_forward,
    no_residuals,
    residual_from_the_start,
    side_by_side,
    halves_exchanged,
    normalised_at_the_end,
    x_changed,
    parts_exchanged,
    normalised_once,
)
