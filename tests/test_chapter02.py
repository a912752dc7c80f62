"""What chapter 02 builds by hand equals the settled code; settled code with one thing changed does not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from torch.testing import assert_close

import utils.normalisation
from tests.notebook_code import definitions_in_float64, imported_from_utils, unseen_changes

CHAPTER = Path(__file__).parent.parent / "chapters" / "02_concepts.ipynb"
C = 3


@pytest.fixture(scope="module")
def book() -> Iterator[SimpleNamespace]:
    """The chapter's definitions. It computes in float64 throughout, so this module does too."""
    with definitions_in_float64(CHAPTER) as found:
        yield found


def numbers(*shape: int, seed: int = 0) -> torch.Tensor:
    """Inputs (..., C) whose channels differ in mean and spread."""
    x = torch.randn(*shape, C, generator=torch.Generator().manual_seed(seed))
    return x * torch.tensor([0.5, 1.0, 4.0]) + torch.tensor([5.0, 0.0, -2.0])


def vectors(count: int) -> list[torch.Tensor]:
    """Scales, shifts and statistics (C,), none of them 1 or 0."""
    generator = torch.Generator().manual_seed(7)
    return [torch.rand(C, generator=generator) + 0.5 for _ in range(count)]


def result(function, x: torch.Tensor, count: int, **settings) -> list[torch.Tensor]:
    """Output, gradients of the input and the learned vectors, and all vectors afterwards."""
    x, given = x.clone().requires_grad_(), vectors(count)
    learned = [v.requires_grad_() for v in given[:2]]
    y = function(x, *given, **settings)
    (y**3).sum().backward()
    return [y.detach(), x.grad, *(v.grad for v in learned), *(v.detach() for v in given)]


def same(mine: list[torch.Tensor], theirs: list[torch.Tensor]) -> None:
    for a, b in zip(mine, theirs, strict=True):
        assert_close(a, b, rtol=1e-9, atol=1e-9)


# Each comparison takes an implementation: the settled one, or a mutant that must fail it.


def compare_batch_norm(made, book) -> None:
    for shape in ((7,), (4, 5), (2,)):
        for settings in ({"training": True}, {"training": False}):
            for more in ({}, {"momentum": 0.3, "eps": 0.2}):
                mine, theirs = (
                    result(v.batch_norm, numbers(*shape), 4, **settings, **more) for v in (made, book)
                )
                same(mine, theirs)


def compare_layer_norm(made, book) -> None:
    for more in ({}, {"eps": 0.2}):
        same(*(result(v.layer_norm, numbers(2, 5), 2, **more) for v in (made, book)))


def compare_rms_norm(made, book) -> None:
    for more in ({}, {"eps": 0.2}):
        same(*(result(v.rms_norm, numbers(2, 5), 1, **more) for v in (made, book)))


def compare_modules(made, book) -> None:
    for name, settings in (
        ("BatchNorm", {}),
        ("BatchNorm", {"momentum": 0.3, "eps": 0.2}),
        ("LayerNorm", {"eps": 0.2}),
        ("RMSNorm", {"eps": 0.2}),
    ):
        mine, theirs = (getattr(v, name)(C, **settings) for v in (made, book))
        assert mine.state_dict().keys() == theirs.state_dict().keys()
        assert [n for n, _ in mine.named_parameters()] == [n for n, _ in theirs.named_parameters()]
        for training in (True, False):
            mine.train(training), theirs.train(training)
            same([mine(numbers(6)).detach()], [theirs(numbers(6)).detach()])
            same(list(mine.state_dict().values()), list(theirs.state_dict().values()))


PARTS = [
    (["batch_norm"], compare_batch_norm),
    (["layer_norm"], compare_layer_norm),
    (["rms_norm"], compare_rms_norm),
    (["BatchNorm", "LayerNorm", "RMSNorm"], compare_modules),
]
IDS = [compare.__name__ for _, compare in PARTS]


@pytest.mark.parametrize(("names", "compare"), PARTS, ids=IDS)
def test_settled_code_equals_the_chapters(names, compare, book):
    compare(utils.normalisation, book)


def test_changed_settled_code_does_not(book):
    assert unseen_changes([(utils.normalisation, *part) for part in PARTS], book) == {}


def test_the_chapter_does_not_compare_the_settled_code_with_itself(book):
    for name in ("batch_norm", "layer_norm", "rms_norm", "BatchNorm", "LayerNorm", "RMSNorm"):
        assert getattr(book, name) is not getattr(utils.normalisation, name)
    assert "utils.normalisation.batch_norm" not in imported_from_utils(CHAPTER)
