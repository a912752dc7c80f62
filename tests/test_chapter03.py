"""What chapter 03 builds by hand equals the settled code; settled code with one thing changed does not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.testing import assert_close

import utils.classification
import utils.math
from tests.notebook_code import definitions_in_float64, imported_from_utils, unseen_changes

CHAPTER = Path(__file__).parent.parent / "chapters" / "03_algorithms.ipynb"
N = 60


@pytest.fixture(scope="module")
def book() -> Iterator[SimpleNamespace]:
    """The chapter's definitions. It computes in float64 throughout, so this module does too."""
    with definitions_in_float64(CHAPTER) as found:
        yield found


def same(a: object, b: object) -> None:
    assert_close(a, b, rtol=1e-12, atol=1e-12)


def answers(seed: int = 0) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Scores (N,) in 0..1 with ties, what follows from them, and labels that depend on them."""
    generator = torch.Generator().manual_seed(seed)
    scores = torch.rand(N, generator=generator, dtype=torch.float64).round(decimals=2)
    labels = (torch.rand(N, generator=generator, dtype=torch.float64) < 0.2 + 0.5 * scores).long()
    return scores, (scores > 0.4).long(), labels


# Each comparison takes an implementation: the settled one, or a mutant that must fail it.


def compare_answers(made, book) -> None:
    nothing = torch.zeros(N, dtype=torch.int64)
    for seed in (0, 1):
        _, predicted, labels = answers(seed)
        one = nothing.clone()
        one[0] = 1
        for p, t in ((predicted, labels), (nothing, labels), (predicted, nothing), (one, one)):
            for name in ("accuracy", "precision", "recall", "f1"):
                same(getattr(made, name)(p, t), getattr(book, name)(p, t))


def compare_ranking(made, book) -> None:
    for seed in (0, 1):
        scores, _, labels = answers(seed)
        same(made.roc_auc(scores, labels), book.roc_auc(scores, labels))
        rounded = scores.round(decimals=1)
        same(made.roc_auc(rounded, labels), book.roc_auc(rounded, labels))


def compare_calibration(made, book) -> None:
    for seed in (0, 1):
        scores, _, right = answers(seed)
        scores[0], right[0] = 0.0, 1
        for bins in (1, 7, 10):
            same(made.calibration_error(scores, right, bins), book.calibration_error(scores, right, bins))


PARTS = [
    (["accuracy", "precision", "recall", "f1"], compare_answers),
    (["roc_auc"], compare_ranking),
    (["calibration_error"], compare_calibration),
]
IDS = [part[1].__name__ for part in PARTS]


@pytest.mark.parametrize(("names", "compare"), PARTS, ids=IDS)
def test_settled_code_equals_the_chapters(names, compare, book):
    compare(utils.classification, book)


def test_changed_settled_code_does_not(book):
    # With one alarm or positive there is no pair, and 0 divided by 1 or 2 is the same.
    assert unseen_changes([(utils.classification, *part) for part in PARTS], book) == {"f1: 1 -> 2": 1}


def test_the_chapter_does_not_take_what_it_is_compared_with():
    names = {f"utils.classification.{name}" for names, _ in PARTS for name in names}
    assert not names & imported_from_utils(CHAPTER)


# --- what the chapter builds and PyTorch has ----------------------------------------------------------


def test_stable_losses_equal_pytorchs(book):
    z = torch.tensor([-900.0, -3.0, 0.0, 2.0, 900.0], requires_grad=True)
    y = torch.tensor([1.0, 0.0, 1.0, 0.3, 0.0])
    mine = book.stable_entropy(z, y)
    same(mine, F.binary_cross_entropy_with_logits(z, y, reduction="none"))
    (gradient,) = torch.autograd.grad(mine[1:4].sum(), z)
    same(gradient[[1, 3]], (torch.sigmoid(z) - y).detach()[[1, 3]])
    logits = torch.tensor([[1e4, -1e4, 0.0], [1.0, 2.0, 3.0]])
    same(book.stable_softmax(logits), logits.softmax(-1))
    same(book.stable_softmax(logits), utils.math.softmax(logits))


def test_clipping_equals_pytorchs(book):
    generator = torch.Generator().manual_seed(0)
    for scale in (0.01, 10.0):
        weights = [nn.Parameter(torch.zeros(shape)) for shape in ((3, 4), (5,))]
        for weight in weights:
            weight.grad = scale * torch.randn(weight.shape, generator=generator)
        mine, norm = book.clip([weight.grad.clone() for weight in weights], limit=1.0)
        assert_close(nn.utils.clip_grad_norm_(weights, 1.0), norm)
        for weight, gradient in zip(weights, mine, strict=True):
            assert_close(weight.grad, gradient, rtol=1e-5, atol=1e-9)


def test_no_network_of_sequences_sees_later_positions(book):
    torch.manual_seed(0)
    models = (
        book.SequenceCNN(nn.Embedding(5, 6), 6, 2),
        book.GRUNet(nn.Embedding(5, 6), 6, 7, 2),
        book.TransformerNet(nn.Embedding(5, 6), 6, 7, 2, T=9),
    )
    x = torch.randint(5, (3, 9))
    changed = x.clone()
    changed[:, 5:] = (changed[:, 5:] + 1) % 5
    for model in models:
        before, after = model.eval()(x), model(changed)
        assert before.shape == (3, 9, 2)
        same(before[:, :5], after[:, :5])
        assert (before[:, 5:] - after[:, 5:]).abs().amax((0, 2)).gt(1e-9).all()


def test_augmentation_without_change_is_no_change(book):
    images = torch.rand(4, 8, 8, generator=torch.Generator().manual_seed(0))
    same(book.jiggled(images, 0, 0, 0), images)
    assert (book.jiggled(images) - images).abs().mean() > 0.01
