"""Known mistakes of 02.batch_norm_train: the running statistics, and what is returned."""

from __future__ import annotations

from utils.exercises.authoring import mistake
from utils.exercises.lab02.batch_norm_train_output import batch, moved, right_output, running


def with_running(update):
    """A whole answer from wrong running statistics; the output is right."""

    def wrong(x, gamma, beta, running_mean, running_var, momentum, eps):
        new = update(x, running_mean, running_var, momentum, eps)
        return right_output(x, gamma, beta, eps), *new

    wrong.__name__ = update.__name__
    return wrong


@mistake(
    en="Output and running mean are right. The running variance stands for data that was not in the batch: "
    "which of the two variances estimates that without a bias?",
    zh="输出和滑动平均值都对。滑动方差代表的是批次以外的数据：两种方差里，哪一种是它的无偏估计？",
)
@with_running
def biased_for_running(x, running_mean, running_var, momentum, eps):
    mean, variance = batch(x)
    return moved(running_mean, mean, momentum), moved(running_var, variance, momentum)


@mistake(
    en="You turn one variance into the other the wrong way round. Which is larger: the one that divides by "
    "B, or the one that divides by B - 1?",
    zh="两种方差的换算方向反了。除以 B 的与除以 B - 1 的，哪个更大？",
)
@with_running
def corrected_the_wrong_way(x, running_mean, running_var, momentum, eps):
    mean, variance = batch(x)
    n = len(x)
    return moved(running_mean, mean, momentum), moved(running_var, variance * (n - 1) / n, momentum)


@mistake(
    en="The factor between the two variances belongs to this batch's variance alone. You apply it to the old "
    "running variance as well, which has had its correction.",
    zh="两种方差之间的倍数，只该用在这个批次的方差上。你把它也乘到了旧的滑动方差上，而那里早已修正过了。",
)
@with_running
def old_corrected_too(x, running_mean, running_var, momentum, eps):
    mean, variance = batch(x)
    n = len(x)
    return moved(running_mean, mean, momentum), moved(running_var, variance, momentum) * n / (n - 1)


@mistake(
    en="eps keeps the division safe and is no part of the data. Your running variance has it inside, and "
    "each step would add more.",
    zh="eps 只是为了除法安全，不属于数据。你的滑动方差里掺进了它，而且每一步都会掺一次。",
)
@with_running
def eps_in_running(x, running_mean, running_var, momentum, eps):
    return moved(running_mean, x.mean(dim=0), momentum), moved(running_var, x.var(dim=0) + eps, momentum)


@mistake(
    en="What is kept is a variance. You mix a standard deviation into it.",
    zh="要保存的是方差，你混进去的却是标准差。",
)
@with_running
def deviation_for_running(x, running_mean, running_var, momentum, eps):
    return moved(running_mean, x.mean(dim=0), momentum), moved(running_var, x.std(dim=0), momentum)


@mistake(
    en="The mixture is the wrong way round. In PyTorch's batch norm, momentum is the share of the new batch. "
    "An optimiser's momentum is the share of the old.",
    zh="新旧的比例反了。在 PyTorch 的批量归一化里，momentum 是新批次所占的份额；优化器的动量才是旧值的份额。",
)
@with_running
def momentum_other_way(x, running_mean, running_var, momentum, eps):
    return running(x, running_mean, running_var, 1 - momentum)


@mistake(
    en="You add the new share, but the old one keeps its full weight. With every step the running statistics "
    "would grow: the two shares must make one.",
    zh="新的份额加上了，旧的却没有减少。这样滑动统计量会一步步变大：两个份额之和应当是一。",
)
@with_running
def old_not_faded(x, running_mean, running_var, momentum, eps):
    return running_mean + momentum * x.mean(dim=0), running_var + momentum * x.var(dim=0)


@mistake(
    en="You return the statistics of this batch. Returned are the running ones, in which the batch has only "
    "the share momentum.",
    zh="你返回的是这个批次的统计量。应当返回滑动统计量，批次在其中只占 momentum 的份额。",
)
@with_running
def batch_statistics_returned(x, running_mean, running_var, momentum, eps):
    return x.mean(dim=0), x.var(dim=0)


@mistake(
    en="The running statistics come back as they went in. Training is the time at which they learn.",
    zh="滑动统计量原样返回了。它们正是要在训练时更新的。",
)
@with_running
def not_updated(x, running_mean, running_var, momentum, eps):
    return running_mean.clone(), running_var.clone()


@mistake(
    en="The running statistics are exchanged. The mean is returned before the variance.",
    zh="两个滑动统计量的位置颠倒了：应当先返回平均值，再返回方差。",
)
@with_running
def statistics_exchanged(x, running_mean, running_var, momentum, eps):
    return running(x, running_mean, running_var, momentum)[::-1]


@mistake(
    en="The numbers are right, but the running statistics came in as (C,) and go out with an axis more.",
    zh="数值都对，但滑动统计量进来时形状是 (C,)，出去时却多了一个轴。",
)
@with_running
def with_an_axis(x, running_mean, running_var, momentum, eps):
    return [new[None] for new in running(x, running_mean, running_var, momentum)]


@mistake(
    en="You return the output alone. Without the new running statistics nobody can evaluate the model later.",
    zh="你只返回了输出。没有新的滑动统计量，以后就无法评估模型。",
)
def output_only(x, gamma, beta, running_mean, running_var, momentum, eps):
    return right_output(x, gamma, beta, eps)


@mistake(
    en="All results are right, but you wrote the running statistics into the caller's tensors. Here the new "
    "ones are returned and the old ones stay.",
    zh="结果都对，但你把滑动统计量写进了调用者的张量。这里要返回新的，旧的保持不变。",
)
def running_changed(x, gamma, beta, running_mean, running_var, momentum, eps):
    mean, variance = running(x, running_mean, running_var, momentum)
    y = right_output(x, gamma, beta, eps)
    return y, running_mean.copy_(mean), running_var.copy_(variance)


@mistake(
    en="The numbers are right, but the graph of this step hangs on the running statistics. Carried from step "
    "to step, they would keep the graphs of all batches in memory.",
    zh="数值都对，但这一步的计算图还挂在滑动统计量上。一步步传下去，所有批次的计算图都会留在内存里。",
)
@with_running
def graph_on_running(x, running_mean, running_var, momentum, eps):
    new = x.mean(dim=0), x.var(dim=0)
    old = running_mean, running_var
    return [(1 - momentum) * a + momentum * b for a, b in zip(old, new, strict=True)]


MISTAKES = (
    biased_for_running,
    corrected_the_wrong_way,
    old_corrected_too,
    eps_in_running,
    deviation_for_running,
    momentum_other_way,
    old_not_faded,
    batch_statistics_returned,
    not_updated,
    statistics_exchanged,
    with_an_axis,
    output_only,
    running_changed,
    graph_on_running,
)
