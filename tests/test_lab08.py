"""What only lab 08 has: references held against PyTorch's layers, and the pieces put together."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.testing import assert_close

from tests.test_labs import namespace, solution
from utils import transformer
from utils.exercises.lab08 import EXERCISES
from utils.exercises.outcome import make_cases

BY_ID = {exercise.id: exercise for exercise in EXERCISES}
SEEDS = (5, 6)
B, T, C, H = 2, 5, 12, 3


def cases(name, seed=5):
    exercise = BY_ID[f"08.{name}"]
    return exercise, make_cases(exercise, seed)


@pytest.fixture(scope="module")
def solved():
    """The notebook's functions by name."""
    return namespace(solution("08"), EXERCISES[0])


def numbers(*shape, seed=8):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


@pytest.mark.parametrize("seed", SEEDS)
def test_causal_weights_are_what_pytorchs_attention_mixes_with(seed):
    """Values that are unit vectors show the weights; keys that are unit vectors make queries scores."""
    exercise, made = cases("causal_weights", seed)
    for case in made:
        (scores,) = case.args
        unit = torch.eye(scores.shape[-1], dtype=scores.dtype).expand_as(scores)
        weights = F.scaled_dot_product_attention(scores, unit, unit, is_causal=True, scale=1.0)
        assert_close(exercise.reference(scores), weights, rtol=1e-12, atol=1e-12)


def test_a_finite_number_in_the_mask_fails_for_scores_that_are_large_enough():
    exercise, made = cases("causal_weights")
    wrong = {mistake.name: mistake.wrong for mistake in exercise.mistakes}
    for name, failing in (
        ("minus_ten_thousand", {1, 2}),
        ("minus_a_billion", {2}),
        ("billion_taken_off", {2, 3}),
    ):
        pairs = ((wrong[name](*case.args), exercise.reference(*case.args)) for case in made)
        assert {i for i, (w, r) in enumerate(pairs) if not torch.allclose(w, r)} == failing


def test_the_pieces_together_are_pytorchs_multi_head_attention(solved):
    layer = nn.MultiheadAttention(C, H, bias=False, batch_first=True, dtype=torch.float64)
    x = numbers(B, T, C)
    q, k, v = (solved["split_heads"](x @ W.T, H) for W in layer.in_proj_weight.detach().chunk(3))
    whole = solved["join_heads"](solved["attention"](q, k, v)) @ layer.out_proj.weight.detach().T
    assert_close(whole, layer(x, x, x)[0].detach(), rtol=1e-10, atol=1e-12)
    later = torch.ones(T, T, dtype=torch.bool).triu(1)
    causal = solved["join_heads"](solved["grouped_attention"](q, k, v)) @ layer.out_proj.weight.detach().T
    assert_close(causal, layer(x, x, x, attn_mask=later)[0].detach(), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_dot_products_of_rotated_vectors_depend_on_the_distance_alone(seed):
    exercise, made = cases("rotate", seed)
    for case in made:
        x, positions, base = case.args
        before, after = (exercise.reference(x, p, base) for p in (positions, positions + 17))
        assert_close(before @ before.mT, after @ after.mT, rtol=1e-9, atol=1e-9)
        assert not torch.allclose(before @ before.mT, x @ x.mT)
        assert_close(before.norm(dim=-1), x.norm(dim=-1), rtol=1e-12, atol=1e-12)


def test_grouped_attention_with_a_group_a_head_is_plain_causal_attention(solved):
    q, k, v = numbers(3, B, H, T, 4)
    plain = F.scaled_dot_product_attention(q, k, v, is_causal=True)
    assert_close(solved["grouped_attention"](q, k, v), plain, rtol=1e-12, atol=1e-12)
    for one in (k[:, :1], k[:, 1:2]):  # a single head of keys for all
        expected = F.scaled_dot_product_attention(q, one.expand_as(q), one.expand_as(q), is_causal=True)
        assert_close(solved["grouped_attention"](q, one, one), expected, rtol=1e-12, atol=1e-12)


def test_the_block_is_pytorchs_encoder_layer_with_its_norms_first(solved):
    layer = nn.TransformerEncoderLayer(
        C, H, 20, 0.0, "gelu", batch_first=True, norm_first=True, dtype=torch.float64
    )
    layer.norm1, layer.norm2 = (nn.RMSNorm(C, eps=0.3, dtype=torch.float64) for _ in range(2))
    gammas = numbers(2, C) + 1.5
    layer.norm1.weight.data, layer.norm2.weight.data = gammas.unbind()
    x = numbers(B, T, C)

    def attention(t):
        return layer.self_attn(t, t, t)[0].detach()

    def feed_forward(t):
        return layer.linear2(F.gelu(layer.linear1(t))).detach()

    expected = layer(x).detach()
    assert_close(solved["block"](x, *gammas, attention, feed_forward, 0.3), expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_loss_is_the_mean_of_pytorchs_losses_of_single_tokens(seed):
    exercise, made = cases("next_token_loss", seed)
    for case in made:
        logits, ids = case.args
        rows, columns = ids.shape
        losses = [
            F.cross_entropy(logits[b, t], ids[b, t + 1]) for b in range(rows) for t in range(columns - 1)
        ]
        assert_close(exercise.reference(logits, ids), torch.stack(losses).mean(), rtol=1e-12, atol=0.0)


def test_both_parts_are_what_autograd_finds_in_a_model_with_tied_weights(solved):
    V = 7
    table = nn.Embedding(V, C, dtype=torch.float64)
    top = nn.Linear(C, V, bias=False, dtype=torch.float64)
    top.weight = table.weight
    ids = torch.tensor([[0, 3, 0, 5], [3, 3, 1, 0]])
    vectors = table(ids)
    hidden = torch.tanh(vectors.cumsum(dim=1))
    logits = top(hidden)
    for tensor in (vectors, hidden, logits):
        tensor.retain_grad()
    F.cross_entropy(logits[:, :-1].flatten(0, 1), ids[:, 1:].flatten()).backward()
    given = ids, vectors.grad, hidden.detach(), logits.grad
    assert_close(solved["tied_gradient"](*given), table.weight.grad, rtol=1e-12, atol=1e-14)
    assert (table.weight.grad[[2, 4, 6]] != 0).all(), "tokens that never occur have a gradient, too"


def test_what_the_last_cell_suggests_shows_the_mask(solved):
    weights = numbers(3, C, C)
    gammas = torch.ones(2, C, dtype=torch.float64)
    x = numbers(B, T, C)
    other = x.clone()
    other[:, -1] += 1.0

    def changed(grouped):
        def layer(t):
            q, k, v = (solved["split_heads"](t @ W, H) for W in weights)
            q, k = (solved["rotate"](heads, torch.arange(T), 100.0) for heads in (q, k))
            return solved["join_heads"](grouped(q, k, v))

        answers = (solved["block"](t, *gammas, layer, torch.tanh, 1e-6) for t in (x, other))
        return (torch.sub(*answers).abs() > 1e-9).any(dim=-1).any(dim=0).tolist()

    assert changed(solved["grouped_attention"]) == [False] * (T - 1) + [True]
    assert changed(F.scaled_dot_product_attention) == [True] * T


def test_the_lab_and_the_settled_transformer_agree(solved):
    q, k, v = numbers(B, H * 2, T, 4), *numbers(2, B, H, T, 4)
    assert_close(solved["grouped_attention"](q, k, v), transformer.attention(q, k, v), rtol=1e-12, atol=0)
    tables = transformer.rope_tables(T, 4, 500.0, dtype=torch.float64)
    assert_close(
        solved["rotate"](q, torch.arange(T), 500.0), transformer.rotate(q, *tables), rtol=1e-12, atol=0
    )
    logits, ids = numbers(B, T, 7), torch.tensor([[0, 3, 0, 5, 6], [3, 3, 1, 0, 2]])
    expected = transformer.next_token_loss(logits[:, :-1], ids[:, 1:])
    assert_close(solved["next_token_loss"](logits, ids), expected, rtol=1e-12, atol=0)
