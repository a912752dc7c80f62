"""03.successive_halving: a search that gives most of its budget to the candidates that look best."""

from __future__ import annotations

import torch

from utils.exercises.authoring import Numbers, argument_label, parts
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab03 import successive_halving_results, successive_halving_rounds

# The rank of each candidate's loss in each round; equal ranks are equal losses. Ranks of candidates that a
# right search has dropped before are there for those that ask all the same.
PLANS = (
    (
        {"en": "5 candidates, 3 budgets", "zh": "5 个候选、3 个预算"},
        {"wide": (3, 5, 6), "deep": (7, 2, 0), "plain": (4, 4, 9), "small": (5, 1, 3), "old": (8, 0, 1)},
        3,
    ),
    (
        {"en": "6 candidates, the first losses mislead", "zh": "6 个候选，最初的损失有误导"},
        {
            "red": (6, 5, 2),
            "blue": (2, 8, 9),
            "grey": (9, 1, 0),
            "pink": (4, 7, 8),
            "teal": (7, 0, 1),
            "gold": (5, 6, 7),
        },
        2,
    ),
    (
        {"en": "a tie where the list is cut", "zh": "恰好在截断处损失相同"},
        {"south": (4, 3, 0), "north": (6, 1, 5), "west": (4, 7, 3), "east": (4, 5, 2), "up": (2, 8, 9)},
        2,
    ),
    (
        {"en": "7 candidates, ties in every round", "zh": "7 个候选，每轮都有损失相同的"},
        {
            "vii": (5, 1, 2),
            "vi": (3, 4, 9),
            "v": (5, 0, 1),
            "iv": (2, 4, 5),
            "iii": (5, 3, 0),
            "ii": (8, 2, 3),
            "i": (1, 4, 5),
        },
        3,
    ),
    (
        {"en": "8 candidates, a single budget", "zh": "8 个候选，只有一个预算"},
        {
            name: (rank, 9 - rank, rank)
            for name, rank in zip("hgfedcba", (7, 3, 5, 3, 0, 8, 3, 6), strict=True)
        },
        1,
    ),
)


class Losses:
    """Looks a loss up and keeps count of who was asked with which budget."""

    def __init__(self, table: dict[str, list[float]], budgets: list[int]) -> None:
        self.table, self.budgets, self.asked = table, list(budgets), []

    def __call__(self, candidate: str, budget: int) -> float:
        self.asked.append((budget, candidate))
        nearest = min(range(len(self.budgets)), key=lambda i: abs(self.budgets[i] - budget))
        return self.table[candidate][nearest]

    def calls(self) -> list[int]:
        """How often each budget was asked for, and any other."""
        counts = [sum(budget == known for budget, _ in self.asked) for known in self.budgets]
        return [*counts, len(self.asked) - sum(counts)]


def cases(seed: int) -> list[Case]:
    draw = Numbers(seed)

    def case(name, plan, rounds):
        nudges = torch.rand(3, 10, generator=draw.generator, dtype=torch.float64) / 10
        levels = (0.5 + 0.3 * torch.arange(10) + nudges).round(decimals=2).tolist()
        first, ratio = (int(abs(value) * 10) + 2 for value in draw.normal(2))
        budgets = [first * ratio**i for i in range(rounds)]
        ranks = {name: plan[name][3 - rounds :] if rounds == 1 else plan[name][:rounds] for name in plan}
        table = {name: [levels[i][rank] for i, rank in enumerate(ranks[name])] for name in plan}
        return Case(name, (Losses(table, budgets), list(plan), budgets))

    return [case(*plan) for plan in PLANS]


def probe(function, case: Case) -> Answer:
    """Winner and survivors, the number of calls for each budget, and the lists after the call.

    Calls and lists count once winner and survivors are right: a wrong search is recognised, wasteful or not.
    """
    loss_of, candidates, budgets = case.args
    given = list(candidates), list(budgets)
    expected = reference(loss_of, candidates, budgets)
    calls, loss_of.asked = loss_of.calls(), []

    def train(candidate, budget):  # shows neither its table nor who was asked
        return loss_of(candidate, budget)

    answer = parts(function(train, *given), ("winner", "survivors"))
    if readable(answer.get("winner"), answer.get("survivors")) == readable(*expected):
        calls = loss_of.calls()
    else:
        given = candidates, budgets
    loss_of.asked = []
    old = {"old_candidates": ", ".join(map(str, given[0])), "old_budgets": given[1]}
    return answer | {"calls": calls} | old


def readable(winner: object, survivors: object) -> str:
    """Both results as one text, whether lists or tuples were returned."""
    rounds = survivors if isinstance(survivors, (list, tuple)) else ()
    return f"{winner}: {[list(kept) for kept in rounds if isinstance(kept, (list, tuple))]}"


def reference(loss_of, candidates, budgets):
    """Rank by losses and places; keep what fewer than half, rounded up, rank before."""
    survivors = [list(candidates)]
    for budget in budgets:
        ranked = [(loss_of(c, budget), place, c) for place, c in enumerate(survivors[-1])]
        kept = [(sum(other < one for other in ranked), one[2]) for one in ranked]
        survivors.append([c for before, c in sorted(kept) if 2 * before < len(kept)])
    return survivors[-1][0], survivors[1:]


EXERCISE = Exercise(
    id="03.successive_halving",
    title={"en": "Successive halving", "zh": "逐次减半"},
    minutes=14,
    difficulty=3,
    aims={
        "en": "Search among many settings at the cost of training a few.",
        "zh": "只花训练少数几个的代价，在许多设置里搜索。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    labels={
        "winner": {"en": "the winner", "zh": "胜者"},
        "survivors": {"en": "the list of survivors", "zh": "幸存者列表"},
        "calls": {
            "en": "the calls for each budget, and for any other",
            "zh": "每个预算（以及其他预算）的调用次数",
        },
        "old_candidates": argument_label("candidates"),
        "old_budgets": argument_label("budgets"),
    },
    mistakes=successive_halving_rounds.MISTAKES + successive_halving_results.MISTAKES,
)
