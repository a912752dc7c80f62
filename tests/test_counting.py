"""utils.counting gives what was published and what PyTorch builds; bad numbers get one sentence."""

from __future__ import annotations

import doctest

import pytest
import torch
from torch import nn

import utils.counting
from tests.notebook_code import survivors
from utils.counting import LLAMAS, Llama, bert_parameters, gpt_parameters

PUBLISHED = {  # parameters of the released files, in the authors' own rounding
    "GPT-2": (gpt_parameters(50257, 1024, 768, 12), 124e6),
    "GPT-2 medium": (gpt_parameters(50257, 1024, 1024, 24), 355e6),
    "GPT-2 large": (gpt_parameters(50257, 1024, 1280, 36), 774e6),
    "GPT-2 XL": (gpt_parameters(50257, 1024, 1600, 48), 1558e6),
    "GPT-3": (gpt_parameters(50257, 2048, 12288, 96), 174_600e6),
    "BERT-base": (bert_parameters(30522, 512, 768, 12), 110e6),
    "BERT-large": (bert_parameters(30522, 512, 1024, 24), 335e6),
    "Llama 2 7B": (LLAMAS["Llama 2 7B"].parameters()[0], 6.74e9),
    "Llama 2 70B": (LLAMAS["Llama 2 70B"].parameters()[0], 68.98e9),
    "Llama 3 8B": (LLAMAS["Llama 3 8B"].parameters()[0], 8.03e9),
    "Mixtral": (LLAMAS["Mixtral 8x7B"].parameters()[0], 46.7e9),
    "Mixtral, active": (LLAMAS["Mixtral 8x7B"].parameters()[1], 12.9e9),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_totals(name):
    ours, theirs = PUBLISHED[name]
    assert abs(ours / theirs - 1) < 0.005


def count(*modules: nn.Module) -> int:
    return sum(p.numel() for module in modules for p in module.parameters())


# Each comparison takes an implementation: the settled one, or a mutant that must fail it.


def compare_classic(made) -> None:
    for V, T, C, L, heads in ((11, 5, 6, 3, 2), (40, 7, 12, 2, 3)):
        with torch.device("meta"):
            layer = nn.TransformerEncoderLayer(C, heads, 4 * C, batch_first=True)
            blocks = nn.TransformerEncoder(layer, L, enable_nested_tensor=False)
            tables, norm = [nn.Embedding(V, C), nn.Embedding(T, C)], nn.LayerNorm(C)
            head, pooler = nn.Linear(C, V, bias=False), nn.Linear(C, C)
        assert made.gpt_parameters(V, T, C, L) == count(*tables, blocks, norm)
        assert made.gpt_parameters(V, T, C, L, tied=False) == count(*tables, blocks, norm, head)
        types = nn.Embedding(4, C, device="meta")
        assert made.bert_parameters(V, T, C, L, types=4) == count(*tables, types, norm, blocks, pooler)
        assert made.linear_parameters(C, V) == count(nn.Linear(C, V, device="meta"))
        assert made.linear_parameters(C, V, bias=False) == count(head)


def compare_llama(made) -> None:
    for V, C, L, heads, kv, F, experts, active in (
        (9, 12, 2, 6, 2, 10, 1, 1),
        (13, 20, 3, 4, 4, 7, 5, 2),
        (7, 8, 1, 2, 1, 3, 2, 1),
    ):

        def layer(inputs, outputs):
            return nn.Linear(inputs, outputs, bias=False, device="meta")

        D = C // heads
        attention = [layer(C, heads * D), layer(C, kv * D), layer(C, kv * D), layer(heads * D, C)]
        network = [layer(C, F), layer(C, F), layer(F, C)]
        router = [layer(C, experts)] if experts > 1 else []
        norms = [nn.RMSNorm(C, device="meta")] * 2
        shared = count(layer(C, V)) * 2 + C + L * count(*attention, *norms, *router)
        model = made.Llama(V, C, L, heads, kv, F, experts, active)
        assert model.parameters() == (
            shared + L * experts * count(*network),
            shared + L * active * count(*network),
        )
        tied = made.Llama(V, C, L, heads, kv, F, experts, active, tied=True).parameters()
        assert tied[0] == model.parameters()[0] - V * C


def compare_cost(made) -> None:
    assert made.training_flops(2.5, 7) == 105
    # one device of 1 FLOP/s, half used, has 43200 seconds of work in a day
    assert made.training_days(3, 2400, devices=1, peak=1, utilisation=0.5) == 1
    assert made.training_days(3, 2400, devices=2, peak=0.5) == pytest.approx(1.25)
    assert made.energy_mwh(10, watts=500, overhead=1.2) == pytest.approx(0.144, rel=1e-9)
    assert made.energy_mwh(10, watts=500) == pytest.approx(0.132, rel=1e-9)
    assert made.training_bytes(10, 1, 2, 3) == 60
    assert made.training_bytes(10, 1, 2, 3, master=4.5) == 105


def compare_activations(made) -> None:
    assert made.block_activation_bytes(1, 1, 1, 1) == 4 * (16 + 4 + 1) + 1
    assert made.block_activation_bytes(1, 1, 1, 1, fused=True) == 4 * (16 + 4 + 1)
    assert made.block_activation_bytes(2, 3, 4, 2, size=2) == 2 * (384 + 24 + 36) + 9
    assert made.block_activation_bytes(2, 3, 4, 2, size=2, fused=True) == 2 * (384 + 24) + 48


PARTS = [
    (["linear_parameters", "gpt_parameters", "bert_parameters", "_classic_block"], compare_classic),
    (["Llama", "attention_parameters", "expert_parameters"], compare_llama),
    (["training_flops", "training_days", "energy_mwh", "training_bytes"], compare_cost),
    (["block_activation_bytes"], compare_activations),
]


@pytest.mark.parametrize(("names", "compare"), PARTS, ids=[part[1].__name__ for part in PARTS])
def test_equals_pytorch_and_hand(names, compare):
    compare(utils.counting)


@pytest.mark.parametrize(("names", "compare"), PARTS, ids=[part[1].__name__ for part in PARTS])
def test_a_changed_version_fails(names, compare):
    assert survivors(utils.counting, names, compare) == []


def test_fused_attention_in_float32_and_bfloat16_keeps_what_the_formula_says():
    from tests.notebook_code import definitions  # the block is the chapter's; its meter too
    from tests.test_chapter01 import CHAPTER

    book = definitions(CHAPTER)
    for dtype in (torch.float32, torch.bfloat16):
        for fused, block in ((False, book.Block), (True, book.FusedBlock)):
            x = torch.randn(2, 16, 24, dtype=dtype, requires_grad=True)
            kept = book.activation_bytes(block(24, 3).to(dtype), x)
            assert kept == utils.counting.block_activation_bytes(2, 16, 24, 3, dtype.itemsize, fused)


REFUSED = [
    (lambda: gpt_parameters(0, 4, 4, 4), "V is a whole number of at least 1, not 0"),
    (lambda: gpt_parameters(5, 4, 4, 2.0), "L is a whole number of at least 1, not 2.0"),
    (lambda: bert_parameters(5, True, 4, 2), "T is a whole number"),
    (
        lambda: utils.counting.attention_parameters(8, 4, 3, 2),
        "kv_heads divides heads; 4 heads cannot share 3",
    ),
    (
        lambda: utils.counting.expert_parameters(8, 4, 2, 3),
        "active is at most the number of experts, 2, not 3",
    ),
    (lambda: Llama(9, 10, 1, 4, 2, 8).parameters(), "heads divides C; a width of 10 has no 4 equal heads"),
    (lambda: Llama(9, 12, 1, 0, 2, 8).parameters(), "heads is a whole number"),
    (lambda: utils.counting.training_bytes(3, 4, -1, 8), "bytes a parameter are finite and not negative"),
    (lambda: utils.counting.training_bytes(3, 4, 4, float("inf")), "bytes a parameter are finite"),
    (lambda: utils.counting.training_bytes(3, float("nan"), 4, 8), "bytes a parameter are finite"),
    (lambda: utils.counting.training_flops(0, 5), "parameters is a positive number"),
    (lambda: utils.counting.training_flops(4, float("nan")), "tokens is a positive number"),
    (lambda: utils.counting.training_days(1, 1, 0, 1), "devices is a positive number"),
    (lambda: utils.counting.training_days(1, 1, 1, 1, 1.5), "utilisation is a share, at most 1, not 1.5"),
    (lambda: utils.counting.energy_mwh(1, float("inf")), "watts is a positive number"),
    (lambda: utils.counting.block_activation_bytes(1, 1, 1, 1, size=0), "size is a whole number"),
]


@pytest.mark.parametrize(("call", "sentence"), REFUSED, ids=[sentence for _, sentence in REFUSED])
def test_bad_numbers_are_refused_in_one_sentence(call, sentence):
    with pytest.raises(ValueError) as caught:
        call()
    assert str(caught.value).startswith(sentence) and "\n" not in str(caught.value)


def test_the_examples_in_the_docstrings_hold():
    result = doctest.testmod(utils.counting)
    assert result.attempted >= 10 and result.failed == 0
