"""Second forms for 03.successive_halving."""

import math

import numpy as np


def right_sorted(loss_of, candidates, budgets):
    survivors = []
    for budget in budgets:
        ranked = sorted(candidates, key=lambda c: loss_of(c, budget))  # noqa: B023
        candidates = ranked[: math.ceil(len(ranked) / 2)]
        survivors.append(candidates)
    return candidates[0], survivors


def right_argsort(loss_of, candidates, budgets):
    survivors = ()
    for budget in budgets:
        places = np.argsort([loss_of(c, budget) for c in candidates], kind="stable")
        candidates = tuple(candidates[i] for i in places[: -(-len(places) // 2)])
        survivors += (candidates,)
    return candidates[0], survivors


def right_one_by_one(loss_of, candidates, budgets):
    """Take the best out, again and again; ``index`` finds the first of several that are equal."""
    left, survivors = list(candidates), []
    for budget in budgets:
        losses, kept, before = [loss_of(c, budget) for c in left], [], left[:]
        while 2 * len(kept) < len(before):
            place = losses.index(min(losses))
            kept.append(left.pop(place))
            losses.pop(place)
        survivors.append(kept)
        left = kept.copy()
    return left[0], survivors


def right_recursive(loss_of, candidates, budgets):
    if not budgets:
        return candidates[0], []
    losses = [(loss_of(c, budgets[0]), place) for place, c in enumerate(candidates)]
    kept = [candidates[place] for _, place in sorted(losses)][: (len(losses) + 1) // 2]
    winner, later = right_recursive(loss_of, kept, budgets[1:])
    return winner, [kept, *later]


def search(loss_of, candidates, budgets, key, count=lambda n: n - n // 2):
    """Rounds that order by ``key(loss, place, candidate, place in the first list)``."""
    first, left, survivors = list(candidates), list(candidates), []
    for budget in budgets:
        losses = [loss_of(c, budget) for c in left]
        keyed = [(key(losses[i], i, left[i], first.index(left[i])), i) for i in range(len(left))]
        left = [left[i] for _, i in sorted(keyed)][: count(len(left))]
        survivors.append(left)
    return left[0], survivors


def wrong_largest_stay(loss_of, candidates, budgets):
    return search(loss_of, candidates, budgets, lambda loss, i, c, j: -loss)


def wrong_rounded_down(loss_of, candidates, budgets):
    return search(loss_of, candidates, budgets, lambda loss, i, c, j: loss, lambda n: n // 2 or 1)


def wrong_nobody_left(loss_of, candidates, budgets):
    rounds = [candidates]
    for budget in budgets:
        rounds.append(sorted(rounds[-1], key=lambda c: loss_of(c, budget))[: len(rounds[-1]) // 2])  # noqa: B023
    return rounds[-1][0], rounds[1:]


def wrong_one_too_many(loss_of, candidates, budgets):
    return search(loss_of, candidates, budgets, lambda loss, i, c, j: loss, lambda n: round(n / 2 + 0.6))


def wrong_half_of_the_first(loss_of, candidates, budgets):
    kept = math.ceil(len(candidates) / 2)
    return search(loss_of, candidates, budgets, lambda loss, i, c, j: loss, lambda n: kept)


def wrong_ties_by_name(loss_of, candidates, budgets):
    survivors = []
    for budget in budgets:
        pairs = sorted((loss_of(c, budget), c) for c in candidates)
        candidates = [c for _, c in pairs[: (len(pairs) + 1) // 2]]
        survivors.append(candidates)
    return candidates[0], survivors


def wrong_ties_from_behind(loss_of, candidates, budgets):
    survivors = []
    for budget in budgets:
        worst_first = sorted(candidates, key=lambda c: loss_of(c, budget), reverse=True)  # noqa: B023
        candidates = worst_first[::-1][: (len(candidates) + 1) // 2]
        survivors.append(candidates)
    return candidates[0], survivors


def wrong_ties_by_the_first_list(loss_of, candidates, budgets):
    return search(loss_of, candidates, budgets, lambda loss, i, c, j: (loss, j))


def wrong_not_sorted(loss_of, candidates, budgets):
    survivors = []
    for budget in budgets:
        losses = np.array([loss_of(c, budget) for c in candidates])
        best = candidates[int(losses.argmin())]
        chosen = np.sort(losses.argsort(kind="stable")[: (len(losses) + 1) // 2])
        candidates = [candidates[i] for i in chosen]
        survivors.append(candidates)
    return best, survivors


def wrong_judged_once(loss_of, candidates, budgets):
    left = sorted(candidates, key=lambda c: loss_of(c, budgets[0]))
    survivors = []
    for _ in budgets:
        left = left[: (len(left) + 1) // 2]
        survivors.append(left)
    return left[0], survivors


def wrong_lowest_ever(loss_of, candidates, budgets):
    seen, survivors = {}, []
    for budget in budgets:
        for c in candidates:
            loss = loss_of(c, budget)
            if c not in seen or loss < seen[c]:
                seen[c] = loss
        candidates = sorted(candidates, key=seen.get)[: (len(candidates) + 1) // 2]
        survivors.append(candidates)
    return candidates[0], survivors


def wrong_losses_added(loss_of, candidates, budgets):
    history, survivors = {c: [] for c in candidates}, []
    for budget in budgets:
        for c in candidates:
            history[c].append(loss_of(c, budget))
        candidates = sorted(candidates, key=lambda c: sum(history[c]))[: (len(candidates) + 1) // 2]
        survivors.append(candidates)
    return candidates[0], survivors


def wrong_all_asked(loss_of, candidates, budgets):
    table = {(c, budget): loss_of(c, budget) for c in candidates for budget in budgets}
    return right_sorted(lambda c, budget: table[c, budget], candidates, budgets)


def wrong_winner_asked_again(loss_of, candidates, budgets):
    survivors = right_argsort(loss_of, candidates, budgets)[1]
    final = [loss_of(c, budgets[-1]) for c in survivors[-1]]
    return survivors[-1][int(np.argmin(final))], list(survivors)


def wrong_before_each_round(loss_of, candidates, budgets):
    left, entered = list(candidates), []
    for budget in budgets:
        entered.append(left)
        left = sorted(left, key=lambda c: loss_of(c, budget))[: (len(left) + 1) // 2]  # noqa: B023
    return left[0], entered


def wrong_with_the_start(loss_of, candidates, budgets):
    rounds = [list(candidates)]
    for budget in budgets:
        rounds.append(right_sorted(loss_of, rounds[-1], [budget])[1][0])
    return rounds[-1][0], rounds


def wrong_last_round_missing(loss_of, candidates, budgets):
    survivors = right_recursive(loss_of, candidates, budgets[:-1])[1]
    left = survivors[-1] if survivors else candidates
    return min(left, key=lambda c: loss_of(c, budgets[-1])), survivors


def wrong_last_round_only(loss_of, candidates, budgets):
    for budget in budgets:
        _, (candidates,) = right_sorted(loss_of, candidates, [budget])
    return candidates[0], candidates


def wrong_one_list_for_all(loss_of, candidates, budgets):
    left, survivors = list(candidates), []
    for budget in budgets:
        left.sort(key=lambda c: loss_of(c, budget))  # noqa: B023
        del left[(len(left) + 1) // 2 :]
        survivors.append(left)
    return left[0], survivors


def wrong_sorted_after_storing(loss_of, candidates, budgets):
    survivors = [candidates]
    for budget in budgets:
        survivors[-1].sort(key=lambda c: loss_of(c, budget))  # noqa: B023
        survivors += [survivors[-1][: math.ceil(len(survivors[-1]) / 2)]]
    return survivors[-1][0], survivors[1:]


def wrong_counted(loss_of, candidates, budgets):
    winner, survivors = right_sorted(loss_of, candidates, budgets)
    return winner, list(map(len, survivors))


def wrong_winner_in_a_list(loss_of, candidates, budgets):
    survivors = right_sorted(loss_of, candidates, budgets)[1]
    return list(survivors[-1]), survivors


def wrong_place_returned(loss_of, candidates, budgets):
    winner, survivors = right_sorted(loss_of, candidates, budgets)
    return [c == winner for c in candidates].index(True), survivors


def wrong_last_wins(loss_of, candidates, budgets):
    survivors = right_sorted(loss_of, candidates, budgets)[1]
    return survivors[-1].copy().pop(), survivors


def wrong_exchanged(loss_of, candidates, budgets):
    winner, survivors = right_sorted(loss_of, candidates, budgets)
    return survivors, winner


def wrong_candidates_changed(loss_of, candidates, budgets):
    survivors = []
    for budget in budgets:
        losses = {c: loss_of(c, budget) for c in candidates}
        candidates.sort(key=losses.get)
        del candidates[(len(candidates) + 1) // 2 :]
        survivors.append(list(candidates))
    return candidates[0], survivors


def wrong_found_by_loss(loss_of, candidates, budgets):
    survivors = []
    for budget in budgets:
        losses = np.array([loss_of(c, budget) for c in candidates])
        places = [int(np.flatnonzero(losses == loss)[0]) for loss in np.sort(losses)]
        candidates = [candidates[i] for i in places[: (len(places) + 1) // 2]]
        survivors.append(candidates)
    return candidates[0], survivors


def wrong_budgets_changed(loss_of, candidates, budgets):
    survivors = []
    while budgets:
        candidates = right_sorted(loss_of, candidates, [budgets.pop(0)])[1][0]
        survivors.append(candidates)
    return candidates[0], survivors
