"""What chapter 08 builds by hand equals the settled code; settled code with one thing changed does not."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from torch import Tensor
from torch.testing import assert_close

import utils.transformer
from tests.notebook_code import definitions_in_float64, unseen_changes

CHAPTER = Path(__file__).parent.parent / "chapters" / "08_transformer.ipynb"
SIZES = {"V": 13, "T": 9, "C": 12, "L": 2, "H": 3, "eps": 0.01}
KINDS = [
    {},
    {"F": 10, "norm": "rms", "positions": "rotary", "activation": "relu2", "bias": False, "qk_norm": True},
    {"positions": "rotary", "activation": "swiglu", "kv_heads": 1, "tied": False, "rope_base": 50.0},
    {"positions": "sinusoidal", "post_norm": True, "norm": "rms", "F": 7, "qk_norm": True, "bias": False},
]


@pytest.fixture(scope="module")
def book() -> Iterator[SimpleNamespace]:
    """The chapter's definitions. It proves in float64, so this module computes in it too."""
    with definitions_in_float64(CHAPTER) as found:
        yield found


def random(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), requires_grad=True)


def same(a: object, b: object) -> None:
    assert_close(a, b, rtol=1e-9, atol=1e-9)


def same_with_gradients(mine, theirs, *inputs: Tensor) -> None:
    """Two functions give equal outputs, and equal gradients of a weighted sum of them."""
    pairs = []
    for version in (mine, theirs):
        out = version(*inputs)
        target = torch.arange(out.numel(), dtype=out.dtype).sin().view_as(out)
        pairs.append((out, *torch.autograd.grad((out * target).sum(), inputs)))
    for a, b in zip(*pairs, strict=True):
        same(a, b)


# Each comparison takes an implementation: the settled one, or a mutant that must fail it.


def compare_attention(made, book) -> None:
    for kv_heads, T in ((1, 5), (2, 6), (2, 2), (3, 5), (6, 5)):
        q, k, v = (random(2, heads, T, 4, seed=i) for i, heads in enumerate((6, kv_heads, kv_heads)))
        for name in ("attention", "fused_attention"):
            for causal in (True, False):
                mine, theirs = (partial(getattr(version, name), causal=causal) for version in (made, book))
                same_with_gradients(mine, theirs, q, k, v)
                same_with_gradients(mine, partial(book.attention, causal=causal), q, k, v)
        same(made.attention(q, k, v), book.attention(q, k, v))  # causal unless told otherwise


def compare_positions(made, book) -> None:
    for T, D, base in ((7, 6, 100.0), (3, 2, 10000.0)):
        mine, theirs = made.rope_tables(T, D, base), book.rope_tables(T, D, base)
        for a, b in zip(mine, theirs, strict=True):
            same(a, b)
        mine, theirs = (partial(version.rotate, cos=mine[0], sin=mine[1]) for version in (made, book))
        same_with_gradients(mine, theirs, random(2, T, D))
        same(made.sinusoids(T, D), book.sinusoids(T, D))
    same(made.rope_tables(5, 4)[0], book.rope_tables(5, 4)[0])


def models(made, book, settings: dict):
    """Both models with the same weights, none of them a special number."""
    config = SIZES | settings
    mine, theirs = made.GPT(made.GPTConfig(**config)), book.GPT(book.GPTConfig(**config))
    assert mine.state_dict().keys() == theirs.state_dict().keys()
    with torch.no_grad():
        for i, weight in enumerate(theirs.parameters()):
            weight += 0.3 * random(*weight.shape, seed=i)
    mine.load_state_dict(theirs.state_dict())
    return mine, theirs


def first_weights(version, settings: dict) -> dict[str, Tensor]:
    """What a new model starts with."""
    torch.manual_seed(3)
    model = version.GPT(version.GPTConfig(**SIZES | settings))
    assert (model.head.weight is model.tokens.weight) == model.config.tied
    return model.state_dict()


def compare_models(made, book) -> None:
    ids = torch.randint(13, (2, 7), generator=torch.Generator().manual_seed(5))
    for settings in KINDS:
        same(*(first_weights(version, settings) for version in (made, book)))
        mine, theirs = models(made, book, settings)
        results = []
        for model, version in ((mine, made), (theirs, book)):
            logits = model(ids[:, :-1])
            version.next_token_loss(logits, ids[:, 1:]).backward()
            results.append(logits)
        same(*results)
        for (name, a), (other, b) in zip(mine.named_parameters(), theirs.named_parameters(), strict=True):
            assert name == other
            same(a.grad, b.grad)


def compare_losses(made, book) -> None:
    logits, targets = random(2, 5, 4), torch.tensor([[0, 3, 1, 2, 2], [1, 1, 0, 3, 2]])
    same_with_gradients(
        *((lambda z, v=version: v.next_token_loss(z, targets)) for version in (made, book)), logits
    )


PARTS = [
    (utils.transformer, ["attention", "fused_attention"], compare_attention),
    (utils.transformer, ["rope_tables", "rotate", "sinusoids"], compare_positions),
    (utils.transformer, ["make_norm", "Attention", "FeedForward", "Block", "GPT"], compare_models),
    (utils.transformer, ["next_token_loss"], compare_losses),
]


@pytest.mark.parametrize(("module", "names", "compare"), PARTS, ids=[p[2].__name__ for p in PARTS])
def test_settled_code_equals_the_chapters(module, names, compare, book):
    compare(module, book)


# Changes that the chapter's functions cannot see, and how many of each there are.
UNSEEN = {"attention: USub -> UAdd": 1}  # of four axes, the last but one is also number 2


def test_changed_settled_code_does_not(book):
    assert unseen_changes(PARTS, book) == UNSEEN


def test_both_configurations_have_the_same_fields_and_defaults(book):
    mine, theirs = (
        {field.name: field.default for field in dataclasses.fields(version.GPTConfig)}
        for version in (utils.transformer, book)
    )
    assert mine == theirs
    for version in (utils.transformer, book):
        assert version.GPTConfig(V=5, T=4, C=12, L=1, H=3).D == 4
        with pytest.raises(dataclasses.FrozenInstanceError):
            version.GPTConfig(V=5, T=4, C=12, L=1, H=3).C = 24


@pytest.mark.parametrize("wrong", [{"H": 5}, {"kv_heads": 2}])
def test_both_configurations_refuse_heads_that_do_not_fit(wrong, book):
    for version in (utils.transformer, book):
        with pytest.raises(ValueError, match="H divides C and kv_heads divides H"):
            version.GPTConfig(**SIZES | wrong)


def test_both_losses_refuse_targets_of_another_length(book):
    for version in (utils.transformer, book):
        with pytest.raises(ValueError, match="5"):
            version.next_token_loss(torch.zeros(2, 5, 4), torch.zeros(2, 4, dtype=torch.int64))
