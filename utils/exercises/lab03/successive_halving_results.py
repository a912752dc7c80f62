"""Known mistakes of 03.successive_halving: a right search, and something else returned or left behind."""

from __future__ import annotations

from utils.exercises.authoring import mistake
from utils.exercises.lab03.successive_halving_rounds import half, halving


@mistake(
    en="Your lists say who comes into each round. Asked for is who is left after it.",
    zh="你的列表写的是每一轮开始时有谁。题目要的是这一轮之后还剩谁。",
)
def before_each_round(loss_of, candidates, budgets):
    winner, survivors = halving(loss_of, candidates, budgets)
    return winner, [list(candidates), *survivors][:-1]


@mistake(
    en="Your list has one entry too many: the candidates as they came in are not the survivors of a round.",
    zh="你的列表多了一项：最初的候选不是哪一轮的幸存者。",
)
def with_the_start(loss_of, candidates, budgets):
    winner, survivors = halving(loss_of, candidates, budgets)
    return winner, [list(candidates), *survivors]


@mistake(
    en="The survivors of the last round are missing. There is a list for each budget.",
    zh="缺了最后一轮的幸存者。每个预算都对应一个列表。",
)
def last_round_missing(loss_of, candidates, budgets):
    winner, survivors = halving(loss_of, candidates, budgets)
    return winner, survivors[:-1]


@mistake(
    en="Only the last round is there. There is a list of survivors for each budget.",
    zh="你只给了最后一轮。每个预算都对应一个幸存者列表。",
)
def last_round_only(loss_of, candidates, budgets):
    winner, survivors = halving(loss_of, candidates, budgets)
    return winner, survivors[-1]


@mistake(
    en="All your lists are one and the same: append stores the list itself, not a copy, and later rounds "
    "shorten it.",
    zh="你的几个列表其实是同一个：append 存的是列表本身，不是副本，后面几轮又把它缩短了。",
)
def one_list_for_all(loss_of, candidates, budgets):
    winner, survivors = halving(loss_of, candidates, budgets)
    return winner, [survivors[-1]] * len(budgets)


@mistake(
    en="Winner and sizes are right, but a later round sorts the very list that you stored for the round "
    "before. append stores the list itself, not a copy.",
    zh="胜者和个数都对，但后一轮排序时，动的正是你为前一轮存下的那个列表。append 存的是列表本身，不是副本。",
)
def sorted_after_storing(loss_of, candidates, budgets):
    survivors = []
    for budget in budgets:
        losses = {c: loss_of(c, budget) for c in candidates}
        candidates.sort(key=losses.get)
        candidates = candidates[: half(len(losses))]
        survivors.append(candidates)
    return candidates[0], survivors


@mistake(
    en="You return the number of survivors of each round. Who they are is asked for.",
    zh="你返回的是每轮幸存者的个数。题目要的是有哪些。",
)
def counted(loss_of, candidates, budgets):
    winner, survivors = halving(loss_of, candidates, budgets)
    return winner, [len(kept) for kept in survivors]


@mistake(
    en="Your winner is the survivors' list of the last round. One candidate is asked for.",
    zh="你的胜者是最后一轮的幸存者列表。题目要的是一个候选。",
)
def winner_in_a_list(loss_of, candidates, budgets):
    _, survivors = halving(loss_of, candidates, budgets)
    return survivors[-1], survivors


@mistake(
    en="Your winner is a place in the list. Asked for is the candidate that stands there.",
    zh="你的胜者是在列表里的位置。题目要的是那个位置上的候选。",
)
def place_returned(loss_of, candidates, budgets):
    winner, survivors = halving(loss_of, candidates, budgets)
    return candidates.index(winner), survivors


@mistake(
    en="Your winner is the last of those that are left, not the best.",
    zh="你的胜者是剩下的里面排在最后的，不是最好的。",
)
def last_wins(loss_of, candidates, budgets):
    _, survivors = halving(loss_of, candidates, budgets)
    return survivors[-1][-1], survivors


@mistake(
    en="Both results are right, in the wrong order: the winner comes first.",
    zh="两个结果都对，顺序反了：先返回胜者。",
)
def exchanged(loss_of, candidates, budgets):
    return halving(loss_of, candidates, budgets)[::-1]


@mistake(
    en="The search is right, but the caller's list has lost its candidates. Work on a copy.",
    zh="搜索是对的，但调用者的列表里少了候选。请在副本上操作。",
)
def candidates_changed(loss_of, candidates, budgets):
    winner, survivors = halving(loss_of, candidates, budgets)
    candidates[:] = survivors[-1]
    return winner, survivors


@mistake(
    en="The search is right, but the caller's list of budgets has been changed. Go through it without pop or "
    "remove.",
    zh="搜索是对的，但调用者的预算列表变了。逐个取用就好，不要 pop，也不要 remove。",
)
def budgets_changed(loss_of, candidates, budgets):
    found = halving(loss_of, candidates, budgets)
    budgets.clear()
    return found


MISTAKES = (
    before_each_round,
    with_the_start,
    last_round_missing,
    last_round_only,
    one_list_for_all,
    sorted_after_storing,
    counted,
    winner_in_a_list,
    place_returned,
    last_wins,
    exchanged,
    candidates_changed,
    budgets_changed,
)
