"""The known mistakes of 05.early_stopping."""

from __future__ import annotations

import math

from utils.exercises.authoring import mistake


def watch(losses, patience, better=lambda loss, best, last: loss < best, first=math.inf, reset=True):
    """A right watch whose comparison, first best and reset can be replaced by wrong ones."""
    best, best_epoch, waited, last = first, 0, 0, math.inf
    for epoch, loss in enumerate(losses):
        if better(loss, best, last):
            best, best_epoch, waited = loss, epoch, 0 if reset else waited
        else:
            waited += 1
        last = loss
        if waited == patience:
            return best_epoch, epoch
    return best_epoch, len(losses) - 1


def lowest(losses):
    return losses.index(min(losses))


@mistake(
    en="You count a loss that only equals the best one as progress. Which comparison leaves ties out?",
    zh="损失与最低值持平，你也算作进步了。用哪种比较才能把相等排除在外？",
)
def ties_count(losses, patience):
    return watch(losses, patience, better=lambda loss, best, last: loss <= best)


@mistake(
    en="A loss that is only a little lower is no progress for you. Some programs do so; here every lower "
    "loss is a new best.",
    zh="损失只低一点点，你不算进步。有的程序是这样，但这里只要更低，就是新的最低值。",
)
def margin_asked(losses, patience):
    return watch(losses, patience, better=lambda loss, best, last: loss < best - 1e-3)


@mistake(
    en="You wait one epoch too long: with a patience of 1, the first epoch without progress is the last.",
    zh="你多等了一轮：patience 为 1 时，第一次没有进步就该停。",
)
def one_late(losses, patience):
    return watch(losses, patience + 1)


@mistake(
    en="You stop one epoch too early. The best epoch itself is not one without progress.",
    zh="你早停了一轮。最好的那一轮本身不能算作没有进步。",
)
def one_early(losses, patience):
    for epoch in range(len(losses)):
        best_epoch = lowest(losses[: epoch + 1])
        if epoch - best_epoch + 1 >= patience:
            return best_epoch, epoch
    return best_epoch, len(losses) - 1


@mistake(
    en="You add up all epochs without progress. They must come in a row: what must a new best do?",
    zh="你把没有进步的轮数全加在一起了。要连续才算：出现新的最低值时，计数应当怎样？",
)
def never_reset(losses, patience):
    return watch(losses, patience, reset=False)


@mistake(
    en="You compare each loss with the one before it. It can fall again and still be worse than the best.",
    zh="你拿每个损失与前一轮比。损失可能比前一轮低，却仍高于最低值。",
)
def against_previous(losses, patience):
    return watch(losses, patience, better=lambda loss, best, last: loss < last)


@mistake(
    en="Training stopped where you say, but your best epoch may come later: an epoch that was never trained.",
    zh="停的位置是对的，但你给出的最好的一轮可能在停下之后：那一轮根本没有训练过。",
)
def hindsight(losses, patience):
    return lowest(losses), watch(losses, patience)[1]


@mistake(
    en="Your loop goes on after training has stopped, and a later epoch overwrites the answer.",
    zh="训练已经停了，你的循环还在继续，后面的轮次把答案覆盖了。",
)
def goes_on(losses, patience):
    waited, stopped_at = 0, len(losses) - 1
    for epoch, loss in enumerate(losses):
        waited = 0 if loss < min(losses[:epoch], default=math.inf) else waited + 1
        stopped_at = epoch if waited >= patience else stopped_at
    return lowest(losses), stopped_at


@mistake(
    en="You never stop: patience has no effect on your result.",
    zh="你从不停下：patience 对你的结果没有影响。",
)
def never_stops(losses, patience):
    return lowest(losses), len(losses) - 1


@mistake(
    en="You count back from the stop to the best epoch. What if training ends before the patience does?",
    zh="你从停下的地方往回数，得到最好的一轮。如果还没等满 patience 轮，训练就已经结束了呢？",
)
def counted_back(losses, patience):
    stopped_at = watch(losses, patience)[1]
    return stopped_at - patience, stopped_at


@mistake(
    en="Both answers are one too large: epochs are counted from 0 here.",
    zh="两个答案都大了 1：这里的轮次从 0 数起。",
)
def from_one(losses, patience):
    best_epoch, stopped_at = watch(losses, patience)
    return best_epoch + 1, stopped_at + 1


@mistake(
    en="Your second answer says how many epochs were trained. Asked for is the number of the last one, and "
    "the first has the number 0.",
    zh="第二个答案是训练了多少轮。题目要的是最后一轮的编号，而第一轮的编号是 0。",
)
def epochs_trained(losses, patience):
    best_epoch, stopped_at = watch(losses, patience)
    return best_epoch, stopped_at + 1


@mistake(
    en="If nothing stops the training, you name an epoch after the last one. Python counts from 0.",
    zh="如果一直没有停，你给出的轮次已经超出了最后一轮。Python 从 0 数起。",
)
def past_the_end(losses, patience):
    best_epoch, stopped_at = watch(losses, patience)
    return best_epoch, stopped_at if stopped_at - best_epoch == patience else len(losses)


@mistake(
    en="If nothing stops the training, your second answer is None. Training still has a last epoch.",
    zh="如果一直没有停，你的第二个答案是 None。可训练总有最后一轮。",
)
def none_without_stop(losses, patience):
    best_epoch, stopped_at = watch(losses, patience)
    return best_epoch, stopped_at if stopped_at - best_epoch == patience else None


@mistake(
    en="Both epochs are right, in the wrong order: the best one comes first.",
    zh="两个轮次都对，顺序反了：先返回最好的一轮。",
)
def exchanged(losses, patience):
    return watch(losses, patience)[::-1]


@mistake(
    en="Your first answer is the best loss. Asked for is the epoch that reached it.",
    zh="第一个答案是最低的损失。题目要的是达到它的那一轮。",
)
def loss_returned(losses, patience):
    best_epoch, stopped_at = watch(losses, patience)
    return losses[best_epoch], stopped_at


@mistake(
    en="You look for the largest number. That suits an accuracy; a loss is better when it is smaller.",
    zh="你找的是最大的数。对准确率可以这样，而损失是越小越好。",
)
def largest(losses, patience):
    return watch(losses, patience, better=lambda loss, best, last: loss > best, first=-math.inf)


@mistake(
    en="Your best loss starts at zero, and no positive loss is below it. With what must it start, so that "
    "the first epoch counts as a best?",
    zh="你把最好的损失初始化为零，正的损失都不会比它低。初始值取什么，第一轮才会算作最好？",
)
def best_from_zero(losses, patience):
    return watch(losses, patience, first=0.0)


@mistake(
    en="Both epochs are right, but the caller's list is no longer what it was: you took losses out of it.",
    zh="两个轮次都对，但调用者的列表变了：你从里面取走了损失。",
)
def losses_changed(losses, patience):
    answer = watch(losses, patience)
    losses.clear()
    return answer


MISTAKES = (
    ties_count,
    margin_asked,
    one_late,
    one_early,
    never_reset,
    against_previous,
    hindsight,
    goes_on,
    never_stops,
    counted_back,
    from_one,
    epochs_trained,
    past_the_end,
    none_without_stop,
    exchanged,
    loss_returned,
    largest,
    best_from_zero,
    losses_changed,
)
