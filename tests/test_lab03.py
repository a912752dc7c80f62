"""What only lab 03 has: references held against scikit-learn and PyTorch, and the edges of the cases."""

from __future__ import annotations

import itertools

import pytest
import torch
from sklearn.metrics import precision_recall_fscore_support, roc_auc_score
from torch import nn
from torch.testing import assert_close

from utils.exercises.lab03 import EXERCISES, initialise, successive_halving
from utils.exercises.outcome import make_cases

BY_ID = {exercise.id: exercise for exercise in EXERCISES}
seeds = pytest.mark.parametrize("seed", (5, 6, 2024))


def cases(name, seed):
    exercise = BY_ID[f"03.{name}"]
    return exercise, make_cases(exercise, seed)


@pytest.mark.parametrize("kind", initialise.KINDS)
def test_weights_have_the_spread_that_torch_gives_a_large_layer(kind):
    """The reference reads one factor off a draw; here many weights drawn by PyTorch have that deviation."""
    shape = (300, 500)
    torch.manual_seed(3)
    plain = torch.randn(shape) if kind.endswith("normal") else 2 * torch.rand(shape) - 1
    options = {"nonlinearity": "relu"} if kind.startswith("kaiming") else {}
    by_torch = getattr(nn.init, f"{kind}_")(torch.empty(shape), **options)
    ours = initialise.reference(plain.double(), kind)
    assert abs(ours.std().item() / by_torch.std().item() - 1) < 0.01


@seeds
def test_the_scale_is_the_rules_formula(seed):
    exercise, made = cases("initialise", seed)
    for z, kind in (case.args for case in made):
        (o, i), bound = z.shape, 3 if kind.endswith("uniform") else 1
        variance = {"xavier": 2 / (i + o), "kaiming": 2 / i}[kind.partition("_")[0]]
        assert_close(exercise.reference(z, kind), (bound * variance) ** 0.5 * z, rtol=1e-12, atol=1e-12)


@seeds
def test_no_logit_is_zero_and_each_large_case_has_both_signs(seed):
    _, made = cases("binary_cross_entropy", seed)
    for case in made:
        assert (case.args[0] != 0).all()
        assert case.args[0].min() < 0 < case.args[0].max()
    size = torch.cat([made[1].args[0], made[2].args[0]]).abs()
    assert size.min() > 9_000 and size.max() < 11_000
    assert (made[3].args[1] % 1 != 0).all()


@seeds
def test_the_metrics_are_scikit_learns_with_zero_for_nothing(seed):
    exercise, made = cases("precision_recall_f1", seed)
    for predicted, target in (case.args for case in made):
        expected = precision_recall_fscore_support(
            target.numpy(), predicted.numpy(), average="binary", zero_division=0.0
        )
        ours = [value.item() for value in exercise.reference(predicted, target)]
        assert_close(ours, list(map(float, expected[:3])), rtol=1e-12, atol=1e-12)


@seeds
def test_the_area_is_scikit_learns(seed):
    exercise, made = cases("roc_auc", seed)
    for scores, labels in (case.args for case in made):
        expected = roc_auc_score(labels.numpy(), scores.numpy())
        assert_close(exercise.reference(scores, labels).item(), float(expected), rtol=1e-12, atol=1e-12)


@seeds
def test_tied_pairs_are_odd_in_number_so_no_order_counts_them_half(seed):
    _, made = cases("roc_auc", seed)
    for scores, labels in (case.args for case in made[2:4]):
        tied = (scores[labels == 1][:, None] == scores[labels == 0]).sum().item()
        assert tied % 2 == 1 and len(scores) <= 16


@seeds
def test_gradients_are_above_and_below_the_limit_never_near_it(seed):
    _, made = cases("clip_gradients", seed)
    ratios = []
    for gradients, max_norm, factor in (case.args for case in made):
        ratios.append(factor * torch.cat([g.flatten() for g in gradients]).norm().item() / max_norm)
    assert ratios[0] > 1.2 and ratios[1] < 0.5 and ratios[2] > 5 and ratios[4] == 0
    assert ratios[3] > 1 + 1e-3


@seeds
def test_dropout_is_torchs_where_the_numbers_are_its_own(seed):
    """PyTorch's module, made to drop the very entries whose numbers are below p."""
    exercise, made = cases("dropout", seed)
    for x, uniform, p, training in (case.args for case in made):
        assert (uniform.view(-1)[1] == p) and (uniform < 1).all()
        module = nn.Dropout(p).train(training)
        for attempt in range(20):
            torch.manual_seed(attempt)  # its own draw, each time another
            found = module(x)
            numbers = torch.where(found == 0, p / 2, (1 + p) / 2)
            assert_close(exercise.reference(x, numbers, p, training), found, rtol=1e-12, atol=1e-12)


def by_hand(loss_of, candidates, budgets):
    """The rule, read aloud: take the best one out, the first of several, until half are taken."""
    rounds = []
    for budget in budgets:
        left, kept = {c: loss_of(c, budget) for c in candidates}, []
        while len(kept) < len(left):
            best = min(left.values())
            first = next(c for c, loss in left.items() if loss == best)
            kept.append(first)
            del left[first]
        candidates = kept
        rounds.append(kept)
    return candidates[0], rounds


@seeds
def test_halving_follows_the_rule_on_its_cases_and_on_random_losses(seed):
    draw = torch.Generator().manual_seed(seed)
    random = []
    for n in itertools.chain(range(3, 10), range(3, 10)):
        names, budgets = [f"{c}" for c in torch.randperm(n, generator=draw).tolist()], [1, 2]
        table = {c: torch.randint(4, (2,), generator=draw).tolist() for c in names}
        random.append((successive_halving.Losses(table, budgets), names, budgets))
    for args in [case.args for case in successive_halving.EXERCISE.cases(seed)] + random:
        assert successive_halving.reference(*args) == by_hand(*args)


@seeds
def test_budgets_grow_and_never_meet_a_single_candidate(seed):
    for case in successive_halving.EXERCISE.cases(seed):
        _, candidates, budgets = case.args
        assert candidates != sorted(candidates) and len(set(candidates)) == len(candidates)
        assert budgets == sorted(set(budgets))
        _, rounds = successive_halving.reference(*case.args)
        assert all(len(kept) > 1 for kept in rounds[:-1])
