"""The known mistakes of 01.training_memory."""

from __future__ import annotations

from utils.exercises.authoring import mistake

GIB = 1024**3


def held(parameters, *sizes):
    """Bytes and GiB of tensors that have so many bytes for each parameter."""
    total = parameters * sum(sizes)
    return total, total / GIB


@mistake(
    en="The gradients are missing. Between backward pass and step they are all there.",
    zh="漏了梯度。从反向传播到更新参数之间，所有梯度都在内存里。",
)
def no_gradients(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    return held(parameters, weight_bytes, states * state_bytes, 4 * master)


@mistake(
    en="The numbers that the optimiser keeps are missing.",
    zh="漏了优化器保存的那些数。",
)
def no_states(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    return held(parameters, weight_bytes, gradient_bytes, 4 * master)


@mistake(
    en="You count one state for each parameter. How many the optimiser keeps is given: Adam has two, plain "
    "descent none.",
    zh="你给每个参数只算了一个状态。优化器保存几个是给定的：Adam 有两个，朴素的梯度下降一个也没有。",
)
def one_state(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    return held(parameters, weight_bytes, gradient_bytes, state_bytes, 4 * master)


@mistake(
    en="You count two states for each parameter. That is Adam; how many there are is given.",
    zh="你给每个参数都算了两个状态。那是 Adam；有几个状态是给定的。",
)
def states_of_adam(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    return held(parameters, weight_bytes, gradient_bytes, 2 * state_bytes, 4 * master)


@mistake(
    en="Your states are stored like the weights. They have a size of their own.",
    zh="你的状态和权重用了同样的字节数。状态有自己的大小。",
)
def states_like_weights(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    return held(parameters, weight_bytes, gradient_bytes, states * weight_bytes, 4 * master)


@mistake(
    en="You take four bytes for each state. Their size is given, and may be less.",
    zh="你的每个状态都算四个字节。状态的大小是给定的，可能更小。",
)
def states_of_four(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    return held(parameters, weight_bytes, gradient_bytes, states * 4, 4 * master)


@mistake(
    en="Your gradients have the size of the weights. They may be stored in another type.",
    zh="你的梯度和权重用了同样的字节数。梯度可能用另一种类型存放。",
)
def gradients_like_weights(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    return held(parameters, weight_bytes, weight_bytes, states * state_bytes, 4 * master)


@mistake(
    en="The master copy is missing where one is kept.",
    zh="需要另存主权重时，你没有算它。",
)
def no_master(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    return held(parameters, weight_bytes, gradient_bytes, states * state_bytes)


@mistake(
    en="You count a master copy where none is kept as well.",
    zh="不另存主权重的时候，你也算了一份。",
)
def master_always(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    return held(parameters, weight_bytes, gradient_bytes, states * state_bytes, 4)


@mistake(
    en="Your master copy is as short as the weights. Its use is to keep the digits that they lack.",
    zh="你的主权重和权重一样短。另存主权重，正是为了保住权重放不下的那些位数。",
)
def master_like_weights(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    return held(parameters, weight_bytes, gradient_bytes, states * state_bytes, weight_bytes if master else 0)


@mistake(
    en="Your master copy takes the place of the weights. A copy is kept beside them: the model computes with "
    "the short ones.",
    zh="你让主权重代替了权重。主权重是另存的一份：模型计算时用的是短的那份。",
)
def master_instead(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    return held(parameters, 4 if master else weight_bytes, gradient_bytes, states * state_bytes)


@mistake(
    en="These are the weights alone. That is enough to run a model, not to train it.",
    zh="你只算了权重。运行模型够了，训练还不够。",
)
def weights_only(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    return held(parameters, weight_bytes)


@mistake(
    en="Your first number is eight times too large: those are bits.",
    zh="第一个数大了八倍：那是比特数。",
)
def bits(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    total, gib = held(parameters, weight_bytes, gradient_bytes, states * state_bytes, 4 * master)
    return total * 8, gib


@mistake(
    en="Your first number is that of one parameter. The model has many.",
    zh="第一个数只是一个参数的字节数。模型有很多参数。",
)
def of_one_parameter(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    return held(1, weight_bytes, gradient_bytes, states * state_bytes, 4 * master)


@mistake(
    en="The bytes are right. Your second number is in GB, powers of ten. A GiB is a power of two, and about "
    "7 % larger.",
    zh="字节数是对的。第二个数用的是 GB，即十的幂。GiB 是二的幂，大约多 7%。",
)
def decimal_gigabytes(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    total, _ = held(parameters, weight_bytes, gradient_bytes, states * state_bytes, 4 * master)
    return total, total / 10**9


@mistake(
    en="The bytes are right. Your second number is in MiB, which is one step too few.",
    zh="字节数是对的。第二个数是 MiB，少除了一步。",
)
def mebibytes(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    total, gib = held(parameters, weight_bytes, gradient_bytes, states * state_bytes, 4 * master)
    return total, gib * 1024


@mistake(
    en="The bytes are right. Your second number has been cut to a whole one: keep the fraction.",
    zh="字节数是对的。第二个数被取整了：请保留小数。",
)
def gib_cut(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    total, gib = held(parameters, weight_bytes, gradient_bytes, states * state_bytes, 4 * master)
    return total, int(gib)


@mistake(
    en="Both numbers are right, but exchanged: the bytes come first.",
    zh="两个数都对，顺序反了：先返回字节数。",
)
def exchanged(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    return held(parameters, weight_bytes, gradient_bytes, states * state_bytes, 4 * master)[::-1]


@mistake(
    en="The number of bytes is right. The size in GiB is asked for as well.",
    zh="字节数是对的。还要返回以 GiB 计的大小。",
)
def bytes_alone(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    return held(parameters, weight_bytes, gradient_bytes, states * state_bytes, 4 * master)[0]


@mistake(
    en="Both are right, but your number of bytes is a float. Bytes are counted: it should be an int. Divide "
    "only for the second number.",
    zh="两个数都对，但你的字节数是浮点数。字节是数出来的，应当是 int。只有第二个数才需要除法。",
)
def a_float(parameters, weight_bytes, gradient_bytes, states, state_bytes, master):
    total, gib = held(parameters, weight_bytes, gradient_bytes, states * state_bytes, 4 * master)
    return float(total), gib


MISTAKES = (
    no_gradients,
    no_states,
    one_state,
    states_of_adam,
    states_like_weights,
    states_of_four,
    gradients_like_weights,
    no_master,
    master_always,
    master_like_weights,
    master_instead,
    weights_only,
    bits,
    of_one_parameter,
    decimal_gigabytes,
    mebibytes,
    gib_cut,
    exchanged,
    bytes_alone,
    a_float,
)
