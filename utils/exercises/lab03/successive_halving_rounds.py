"""Known mistakes of 03.successive_halving: the wrong candidates stay, or they are asked too often."""

from __future__ import annotations

from utils.exercises.authoring import mistake


def half(count):
    return (count + 1) // 2


def order(losses):
    """Best first; of equal losses, the one that stands earlier."""
    return sorted(losses, key=losses.get)


def halving(loss_of, candidates, budgets, best_first=order, size=half):
    """A right search whose order and size of what stays can be replaced by wrong ones."""
    survivors = [list(candidates)]
    for budget in budgets:
        losses = {c: loss_of(c, budget) for c in survivors[-1]}
        survivors.append(best_first(losses)[: size(len(losses))])
    return survivors[-1][0], survivors[1:]


@mistake(
    en="You keep the candidates with the largest losses. A loss is better when it is smaller.",
    zh="你留下的是损失最大的候选。损失越小越好。",
)
def largest_stay(loss_of, candidates, budgets):
    return halving(loss_of, candidates, budgets, lambda losses: sorted(losses, key=lambda c: -losses[c]))


@mistake(
    en="Where the number is odd, you keep one too few: half is rounded up here.",
    zh="个数为奇数时，你少留了一个：这里的一半要向上取整。",
)
def rounded_down(loss_of, candidates, budgets):
    return halving(loss_of, candidates, budgets, size=lambda count: max(1, count // 2))


@mistake(
    en="Nobody is left in the end: half of one, rounded down, is none. Half is rounded up here.",
    zh="最后一个也没剩下：1 的一半向下取整是 0。这里的一半要向上取整。",
)
def nobody_left(loss_of, candidates, budgets):
    return halving(loss_of, candidates, budgets, size=lambda count: count // 2)


@mistake(
    en="Where the number is even, you keep one more than half.",
    zh="个数为偶数时，你留的比一半多一个。",
)
def one_too_many(loss_of, candidates, budgets):
    return halving(loss_of, candidates, budgets, size=lambda count: count // 2 + 1)


@mistake(
    en="Where the number of candidates is not a power of two, too many or too few stay: half of what is "
    "left is asked for, not half of the list you began with.",
    zh="留下的个数不对：题目要的是剩下的一半，不是最初列表的一半。",
)
def half_of_the_first(loss_of, candidates, budgets):
    return halving(loss_of, candidates, budgets, size=lambda count: half(len(candidates)))


@mistake(
    en="Equal losses are ordered by name: that is what Python does with pairs of a loss and a name. The "
    "one that stands earlier should come first.",
    zh="损失相同时，你按名字排了：Python 给（损失，名字）对排序时就是这样。应当是排在前面的优先。",
)
def ties_by_name(loss_of, candidates, budgets):
    return halving(loss_of, candidates, budgets, lambda losses: sorted(losses, key=lambda c: (losses[c], c)))


@mistake(
    en="Of two equal losses, you put the later candidate first. Turning a sorted list around turns the "
    "ties around as well.",
    zh="损失相同时，你把靠后的排在了前面。把排好的列表倒过来，相同的那些也跟着颠倒了。",
)
def ties_from_behind(loss_of, candidates, budgets):
    return halving(loss_of, candidates, budgets, lambda losses: sorted([*losses][::-1], key=losses.get))


@mistake(
    en="Of two equal losses, you go back to the order of the list that was passed in. What counts is the "
    "order in which they came into this round.",
    zh="损失相同时，你按最初传入的列表排。应当按它们进入这一轮时的次序。",
)
def ties_by_the_first_list(loss_of, candidates, budgets):
    def best_first(losses):
        return sorted(losses, key=lambda c: (losses[c], candidates.index(c)))

    return halving(loss_of, candidates, budgets, best_first)


@mistake(
    en="Survivors stand in the order of the list that was passed in. Best first is asked for.",
    zh="你的幸存者保持着最初列表的次序。题目要求最好的排在最前。",
)
def not_sorted(loss_of, candidates, budgets):
    survivors, left = [], list(candidates)
    for budget in budgets:
        losses = {c: loss_of(c, budget) for c in left}
        best = order(losses)[: half(len(left))]
        left = [c for c in left if c in best]
        survivors.append(left)
    return best[0], survivors


@mistake(
    en="All rounds use the losses of the first one. The survivors get a larger budget so that they can be "
    "judged anew.",
    zh="每一轮用的都是第一轮的损失。给幸存者更大的预算，就是为了重新评判。",
)
def judged_once(loss_of, candidates, budgets):
    losses = {c: loss_of(c, budgets[0]) for c in candidates}
    return halving(lambda c, budget: losses[c], candidates, budgets)


@mistake(
    en="You judge a candidate by its lowest loss in any round. What counts is the loss with this round's "
    "budget: a longer training may end worse.",
    zh="你按候选在各轮里最低的损失来评判。应当看这一轮预算下的损失：训练更久，结果也可能更差。",
)
def lowest_ever(loss_of, candidates, budgets):
    seen = {c: float("inf") for c in candidates}

    def lowest(c, budget):
        seen[c] = min(seen[c], loss_of(c, budget))
        return seen[c]

    return halving(lowest, candidates, budgets)


@mistake(
    en="You add the losses of all rounds up. What counts is the loss with this round's budget.",
    zh="你把各轮的损失加了起来。应当看这一轮预算下的损失。",
)
def losses_added(loss_of, candidates, budgets):
    total = dict.fromkeys(candidates, 0.0)

    def added(c, budget):
        total[c] += loss_of(c, budget)
        return total[c]

    return halving(added, candidates, budgets)


@mistake(
    en="You look candidates up by their losses. Of two with equal losses, one is found twice and the other "
    "never: keep each loss together with its candidate.",
    zh="你用损失去找候选。损失相同的两个，一个会被找到两次，另一个永远找不到：损失要和它的候选放在一起。",
)
def found_by_loss(loss_of, candidates, budgets):
    survivors = [list(candidates)]
    for budget in budgets:
        losses = [loss_of(c, budget) for c in survivors[-1]]
        best = sorted(losses)[: half(len(losses))]
        survivors.append([survivors[-1][losses.index(loss)] for loss in best])
    return survivors[-1][0], survivors[1:]


@mistake(
    en="The answer is right, but dropped candidates are still asked. Saving their cost is the point of "
    "the method.",
    zh="答案对，但已经淘汰的候选你还在问。这个方法的意义就在于省下它们的开销。",
)
def all_asked(loss_of, candidates, budgets):
    survivors = [list(candidates)]
    for budget in budgets:
        losses = {c: loss_of(c, budget) for c in candidates}
        left = {c: losses[c] for c in survivors[-1]}
        survivors.append(order(left)[: half(len(left))])
    return survivors[-1][0], survivors[1:]


@mistake(
    en="The answer is right, but you ask the survivors once more to find the winner. Each call is a "
    "training run, and the most expensive one: the ranking of the last round says it already.",
    zh="答案对，但为了找出胜者，你又问了一遍幸存者。每次调用都是一次训练，而且是最贵的：最后一轮的排名里已"
    "经有答案了。",
)
def winner_asked_again(loss_of, candidates, budgets):
    _, survivors = halving(loss_of, candidates, budgets)
    return min(survivors[-1], key=lambda c: loss_of(c, budgets[-1])), survivors


MISTAKES = (
    largest_stay,
    rounded_down,
    nobody_left,
    one_too_many,
    half_of_the_first,
    ties_by_name,
    ties_from_behind,
    ties_by_the_first_list,
    not_sorted,
    judged_once,
    lowest_ever,
    losses_added,
    found_by_loss,
    all_asked,
    winner_asked_again,
)
