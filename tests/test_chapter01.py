"""What chapter 01 builds by hand equals the settled code; settled code with one thing changed does not."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from torch.testing import assert_close

import utils.counting
from tests.notebook_code import definitions, imported_from_utils, unseen_changes

CHAPTER = Path(__file__).parent.parent / "chapters" / "01_background.ipynb"
LLAMAS = [(90, 12, 3, 6, 2, 20), (90, 24, 2, 4, 4, 7), (51, 30, 5, 5, 1, 11, 4, 3)]


@pytest.fixture(scope="module")
def book() -> SimpleNamespace:
    return definitions(CHAPTER)


# Each comparison takes an implementation: the settled one, or a mutant that must fail it.


def compare_classic(made, book) -> None:
    for inputs, outputs, bias in ((3, 7, True), (5, 2, False)):
        assert made.linear_parameters(inputs, outputs, bias) == book.linear_parameters(inputs, outputs, bias)
    for V, T, C, L in ((11, 5, 6, 3), (40, 7, 9, 2)):
        for tied in (True, False):
            assert made.gpt_parameters(V, T, C, L, tied) == book.gpt_parameters(V, T, C, L, tied)
        for types in (2, 3):
            assert made.bert_parameters(V, T, C, L, types) == book.bert_parameters(V, T, C, L, types)


def compare_attention(made, book) -> None:
    for numbers in ((10, 6, 2, 3), (7, 4, 4, 5), (9, 3, 1, 8)):
        assert made.attention_parameters(*numbers) == book.attention_parameters(*numbers)


def compare_experts(made, book) -> None:
    for numbers in ((5, 7), (5, 7, 4, 3), (3, 8, 2, 1)):
        assert tuple(made.expert_parameters(*numbers)) == tuple(book.expert_parameters(*numbers))


def compare_llama(made, book) -> None:
    for numbers in LLAMAS:
        model = made.Llama(*numbers)
        assert model.parameters() == book.llama_parameters(*numbers)
        tied = made.Llama(*numbers[:6], tied=True).parameters()[0]
        assert tied == book.llama_parameters(*numbers[:6])[0] - numbers[0] * numbers[1]


def compare_memory(made, book) -> None:
    for recipe in ((4, 4, 8), (2, 3, 8, 4), (2, 2, 0.5)):
        assert made.training_bytes(7, *recipe) == book.training_bytes(7, *recipe)


def compare_activations(made, book) -> None:
    for B, T, C, heads in ((2, 9, 12, 3), (3, 5, 8, 2)):
        for size in (2, 4):
            expected = book.block_activation_bytes(B, T, C, heads, size)
            assert made.block_activation_bytes(B, T, C, heads, size) == expected
            x = torch.randn(B, T, C, requires_grad=True)
            fused = made.block_activation_bytes(B, T, C, heads, fused=True)
            assert fused == book.activation_bytes(book.FusedBlock(C, heads), x)


def compare_cost(made, book) -> None:
    assert made.training_flops(3.5, 11) == book.training_flops(3.5, 11)
    for numbers in ((7e9, 2e12, 8, 312e12), (1e8, 3e9, 3, 9e14, 0.3)):
        assert_close(made.training_days(*numbers), book.training_days(*numbers), rtol=1e-12, atol=0)
    for numbers in ((100, 400, 1.1), (7, 700, 1.5)):
        assert_close(made.energy_mwh(*numbers), book.energy_mwh(*numbers), rtol=1e-12, atol=0)


PARTS = [
    (["linear_parameters", "gpt_parameters", "bert_parameters", "_classic_block"], compare_classic),
    (["attention_parameters"], compare_attention),
    (["expert_parameters"], compare_experts),
    (["Llama"], compare_llama),
    (["training_bytes"], compare_memory),
    (["block_activation_bytes"], compare_activations),
    (["training_flops", "training_days", "energy_mwh"], compare_cost),
]
NAMES = [part[1].__name__ for part in PARTS]


@pytest.mark.parametrize(("names", "compare"), PARTS, ids=NAMES)
def test_settled_code_equals_the_chapters(names, compare, book):
    compare(utils.counting, book)


def test_changed_settled_code_does_not(book):
    assert unseen_changes([(utils.counting, *part) for part in PARTS], book) == {}


# --- what only the page has --------------------------------------------------------------------------------


def test_the_page_compares_itself_with_the_settled_code():
    assert "utils.counting" in imported_from_utils(CHAPTER)


def test_the_pages_attention_equals_pytorchs_also_in_its_gradients(book):
    generator = torch.Generator().manual_seed(0)
    inputs = torch.randn(3, 2, 3, 7, 5, generator=generator, dtype=torch.float64)
    answers = []
    for attention in (book.naive_attention, torch.nn.functional.scaled_dot_product_attention):
        q, k, v = (part.clone().requires_grad_() for part in inputs)
        out = (
            attention(q, k, v, is_causal=True)
            if attention is not book.naive_attention
            else attention(q, k, v)
        )
        out.pow(2).sum().backward()
        answers.append((out.detach(), q.grad, k.grad, v.grad))
    for mine, theirs in zip(*answers, strict=True):
        assert_close(mine, theirs, rtol=1e-9, atol=1e-9)


def test_the_pages_gpt_cannot_see_later_tokens(book):
    torch.manual_seed(0)
    model = book.GPT(V=11, T=6, C=8, L=2, heads=2)
    tokens = torch.randint(11, (1, 6))
    changed = tokens.clone()
    changed[0, 4] = (changed[0, 4] + 1) % 11
    difference = (model(tokens) - model(changed)).abs().sum(-1)[0]
    assert difference[:4].max() < 1e-6 < difference[4]


def test_the_pages_bert_equals_its_formula_at_other_sizes(book):
    for V, T, C, L, heads in ((17, 5, 8, 2, 2), (30, 9, 12, 3, 4)):
        assert book.built(book.bert, V, T, C, L, heads) == book.bert_parameters(V, T, C, L)


def test_swish_has_pytorchs_slope(book):
    x = torch.linspace(-5, 5, 11, dtype=torch.float64, requires_grad=True)
    grad = torch.linspace(0.5, 2, 11, dtype=torch.float64)
    (theirs,) = torch.autograd.grad(torch.nn.functional.silu(x), x, grad)
    assert_close(book.swish_backward(x, grad), theirs)
