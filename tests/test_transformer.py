"""The settled Transformer equals PyTorch's layers and a reference by loops, and looks at no later token."""

from __future__ import annotations

import copy
import doctest
import math
import warnings
from dataclasses import FrozenInstanceError, replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.testing import assert_close

from tests.notebook_code import survivors
from utils import transformer
from utils.counting import Llama, gpt_parameters
from utils.transformer import GPT, GPT2, MODERN, GPTConfig, attention, fused_attention, next_token_loss

SIZES = {"V": 41, "T": 11, "C": 24, "L": 2, "H": 3}
LLAMA = {"norm": "rms", "positions": "rotary", "activation": "swiglu", "bias": False}
CONFIGS = {
    "gpt2": {},
    "odd heads": {"C": 15, "H": 5, "bias": False},
    "one head": {"H": 1, "F": 17, "eps": 0.3},
    "untied": {"tied": False},
    "llama": LLAMA | {"kv_heads": 1, "F": 19},
    "llama with biases": LLAMA | {"H": 6, "kv_heads": 2, "bias": True, "rope_base": 50.0, "tied": False},
    "modern": {"norm": "rms", "positions": "rotary", "activation": "relu2", "bias": False, "qk_norm": True},
    "modern, grouped": {"H": 4, "kv_heads": 2, "qk_norm": True, "positions": "rotary", "activation": "relu2"},
    "2017": {"positions": "sinusoidal", "post_norm": True, "L": 3},
    "2017, rms": {"positions": "sinusoidal", "post_norm": True, "norm": "rms", "activation": "swiglu"},
}


def build(name: str, made: SimpleNamespace = transformer, seed: int = 0) -> GPT:
    """A small model in float64, no two of whose weights are alike."""
    torch.manual_seed(seed)
    model = made.GPT(made.GPTConfig(**SIZES | CONFIGS[name])).double()
    with torch.no_grad():
        for weight in model.parameters():
            weight += 0.3 * torch.randn_like(weight)
    return model


def tokens(*shape: int, seed: int = 0) -> Tensor:
    return torch.randint(SIZES["V"], shape, generator=torch.Generator().manual_seed(seed))


def gradients(result: Tensor, inputs: list[Tensor]) -> list[Tensor]:
    """Of a sum with unequal weights, so that no two entries of the result count alike."""
    weights = torch.linspace(-1, 2, result.numel(), dtype=result.dtype).view(result.shape)
    return list(torch.autograd.grad((result * weights).sum(), inputs, retain_graph=True))


def same(ours: Tensor, theirs: Tensor, inputs: list[Tensor], tolerance: float = 1e-10) -> None:
    """Equal results and equal gradients of all inputs."""
    assert_close(ours, theirs, rtol=tolerance, atol=tolerance)
    pairs = zip(gradients(ours, inputs), gradients(theirs, inputs), strict=True)
    for a, b in pairs:
        assert_close(a, b, rtol=tolerance, atol=tolerance)


# --- a reference by loops -----------------------------------------------------------------------------------


def loop_attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """One text, one head, one token at a time: q (B, H, T, D), k and v (B, kv_heads, T, D)."""
    out = torch.empty_like(q)
    for text in range(q.shape[0]):
        for head in range(q.shape[1]):
            group = head // (q.shape[1] // k.shape[1])
            for t in range(q.shape[2]):
                seen = [q[text, head, t] @ k[text, group, s] / q.shape[3] ** 0.5 for s in range(t + 1)]
                weights = torch.stack(seen).softmax(0)
                out[text, head, t] = sum(w * v[text, group, s] for s, w in enumerate(weights))
    return out


def turn(x: Tensor, base: float) -> Tensor:
    """Rotary positions as multiplication by a complex number of length one."""
    D = x.shape[-1]
    pairs = torch.complex(x[..., : D // 2], x[..., D // 2 :])
    for t in range(x.shape[-2]):
        for i in range(D // 2):
            angle = torch.tensor(t * base ** (-2 * i / D), dtype=x.dtype)
            pairs[..., t, i] = pairs[..., t, i] * torch.polar(torch.ones_like(angle), angle)
    return torch.cat((pairs.real, pairs.imag), -1)


def wave(T: int, C: int) -> Tensor:
    """Vaswani et al., 2017, section 3.5."""
    table = torch.empty(T, C, dtype=torch.float64)
    for t in range(T):
        for i in range(0, C, 2):
            table[t, i] = math.sin(t / 10000 ** (i / C))
            table[t, i + 1] = math.cos(t / 10000 ** (i / C))
    return table


def reference(model: GPT, ids: Tensor) -> Tensor:
    """The model's logits, from its weights and its configuration alone."""
    c, W = model.config, dict(model.named_parameters(remove_duplicate=False))

    def linear(x: Tensor, name: str) -> Tensor:
        return x @ W[f"{name}.weight"].T + W.get(f"{name}.bias", 0)

    def norm(x: Tensor, name: str) -> Tensor:
        if c.norm == "layer":
            x = x - x.mean(-1, keepdim=True)
        x = x / (x.pow(2).mean(-1, keepdim=True) + c.eps).sqrt()
        return x * W[f"{name}.weight"] + W.get(f"{name}.bias", 0)

    def attend(x: Tensor, name: str) -> Tensor:
        D, heads = c.C // c.H, {}
        for part in "qkv":
            pieces = linear(x, f"{name}.{part}").split(D, dim=-1)
            heads[part] = torch.stack(pieces, dim=1)  # (B, H, T, D)
            if part != "v" and c.qk_norm:
                heads[part] = heads[part] / (heads[part].pow(2).mean(-1, keepdim=True) + c.eps).sqrt()
            if part != "v" and c.positions == "rotary":
                heads[part] = turn(heads[part], c.rope_base)
        mixed = loop_attention(heads["q"], heads["k"], heads["v"])
        return linear(torch.cat(list(mixed.unbind(1)), dim=-1), f"{name}.out")

    def feed(x: Tensor, name: str) -> Tensor:
        z = linear(x, f"{name}.up")
        if c.activation == "gelu":
            z = z / 2 * (1 + ((2 / math.pi) ** 0.5 * (z + 0.044715 * z**3)).tanh())
        elif c.activation == "relu2":
            z = z.clamp(min=0) ** 2
        else:
            gate = linear(x, f"{name}.gate")
            z = z * gate / (1 + (-gate).exp())
        return linear(z, f"{name}.down")

    x = W["tokens.weight"][ids]
    if c.positions == "learned":
        x = x + W["positions.weight"][: ids.shape[1]]
    if c.positions == "sinusoidal":
        x = x * c.C**0.5 + wave(ids.shape[1], c.C)
    for i in range(c.L):
        at = f"blocks.{i}"
        if c.post_norm:
            x = norm(x + attend(x, f"{at}.attention"), f"{at}.norm1")
            x = norm(x + feed(x, f"{at}.feed_forward"), f"{at}.norm2")
        else:
            x = x + attend(norm(x, f"{at}.norm1"), f"{at}.attention")
            x = x + feed(norm(x, f"{at}.norm2"), f"{at}.feed_forward")
    return (x if c.post_norm else norm(x, "norm")) @ W["head.weight"].T


# Each comparison takes an implementation: the settled one, or a changed one that must fail it.


def compare_model(made, name: str) -> None:
    model, ids = build(name, made), tokens(2, 5)
    same(model(ids), reference(model, ids), list(model.parameters()))


def heads(B: int, H: int, T: int, D: int, seed: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(B, H, T, D, generator=generator, dtype=torch.float64).requires_grad_()


def compare_attention(made) -> None:
    for H, kv_heads, T, D in ((3, 3, 5, 4), (4, 2, 4, 3), (6, 3, 3, 2), (1, 1, 1, 5)):
        q, k, v = heads(2, H, T, D, 1), heads(2, kv_heads, T, D, 2), heads(2, kv_heads, T, D, 3)
        explicit = made.attention(q, k, v)
        same(explicit, loop_attention(q, k, v), [q, k, v])
        same(made.fused_attention(q, k, v), explicit, [q, k, v])
        free = made.attention(q, k, v, causal=False)
        same(made.fused_attention(q, k, v, causal=False), free, [q, k, v])
        assert T == 1 or not torch.allclose(free, explicit)


def compare_rotary(made) -> None:
    x = heads(2, 3, 6, 8, seed=4)
    for base in (10000.0, 50.0):
        cos, sin = made.rope_tables(6, 8, base, dtype=torch.float64)
        assert cos.shape == sin.shape == (6, 4)
        same(made.rotate(x, cos, sin), turn(x, base), [x])
    assert_close(made.rope_tables(6, 8), made.rope_tables(6, 8, 10000.0), rtol=0, atol=0)
    assert_close(made.sinusoids(9, 6, dtype=torch.float64), wave(9, 6), rtol=1e-12, atol=1e-12)


def compare_loss(made) -> None:
    logits = heads(1, 3, 4, 5, seed=5)[0]
    targets = torch.tensor([[0, 1, 2, 3], [4, -100, 0, 1], [1, 1, 2, -100]])
    kept = [(b, t) for b in range(3) for t in range(4) if targets[b, t] >= 0]
    by_hand = torch.stack(
        [logits[b, t].exp().sum().log() - logits[b, t, targets[b, t]] for b, t in kept]
    ).mean()
    same(made.next_token_loss(logits, targets), by_hand, [logits])


def compare_start(made) -> None:
    """Weights at the start: their spread by kind."""
    torch.manual_seed(0)
    model = made.GPT(made.GPTConfig(V=500, T=64, C=96, L=4, H=6, norm="layer", activation="swiglu"))
    for name, weight in model.named_parameters():
        if weight.dim() == 2:
            residual = name.endswith(("attention.out.weight", "feed_forward.down.weight"))
            assert abs(weight.std().item() / (0.02 / 8**0.5 if residual else 0.02) - 1) < 0.05, name
            assert abs(weight.mean().item()) < 0.001, name
        else:
            assert (weight == float(name.endswith("weight"))).all(), name
    assert model.head.weight is model.tokens.weight
    assert model.blocks[3].feed_forward.up.weight.shape == (4 * 96, 96)
    apart = made.GPT(made.GPTConfig(V=50, T=4, C=6, L=1, H=3, tied=False))
    assert not torch.equal(apart.head.weight, apart.tokens.weight)


def compare(made) -> None:
    for check in (compare_attention, compare_rotary, compare_loss, compare_start):
        check(made)
    for name in CONFIGS:
        compare_model(made, name)


def test_attention_by_loops_by_matrices_and_in_one_call():
    compare_attention(transformer)


def test_rotary_and_sinusoidal_positions():
    compare_rotary(transformer)


def test_loss():
    compare_loss(transformer)


def test_weights_at_the_start():
    compare_start(transformer)


@pytest.mark.parametrize("name", CONFIGS)
def test_model_equals_the_reference(name):
    compare_model(transformer, name)


# --- equal to PyTorch's layers ------------------------------------------------------------------------------


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("heads", [1, 3, 4])
def test_attention_equals_pytorchs(heads, bias):
    torch.manual_seed(heads)
    theirs = nn.MultiheadAttention(12, heads, bias=bias, batch_first=True).double()
    ours = transformer.Attention(GPTConfig(V=2, T=9, C=12, L=1, H=heads, bias=bias)).double()
    with torch.no_grad():
        for weight in theirs.parameters():
            weight.normal_()
    copy_attention(ours, theirs)
    x = torch.randn(2, 9, 12, dtype=torch.float64, requires_grad=True)
    mask = nn.Transformer.generate_square_subsequent_mask(9, dtype=torch.float64)
    same(ours(x), theirs(x, x, x, attn_mask=mask, need_weights=False)[0], [x])


def copy_attention(ours: nn.Module, theirs: nn.MultiheadAttention) -> None:
    with torch.no_grad():
        for layer, weight in zip((ours.q, ours.k, ours.v), theirs.in_proj_weight.chunk(3), strict=True):
            layer.weight.copy_(weight)
        ours.out.load_state_dict(theirs.out_proj.state_dict())
        if theirs.in_proj_bias is not None:
            for layer, bias in zip((ours.q, ours.k, ours.v), theirs.in_proj_bias.chunk(3), strict=True):
                layer.bias.copy_(bias)


@pytest.mark.parametrize("post_norm", [True, False])
@pytest.mark.parametrize("bias", [True, False])
def test_block_equals_pytorchs_encoder_layer(post_norm, bias):
    def tanh_gelu(z: Tensor) -> Tensor:
        return functional.gelu(z, approximate="tanh")

    torch.manual_seed(1)
    settings = {"dropout": 0.0, "batch_first": True, "norm_first": not post_norm, "bias": bias}
    theirs = nn.TransformerEncoderLayer(
        12, 3, 20, activation=tanh_gelu, layer_norm_eps=0.1, **settings
    ).double()
    config = GPTConfig(V=2, T=9, C=12, L=1, H=3, F=20, eps=0.1, bias=bias, post_norm=post_norm)
    ours = transformer.Block(config).double()
    with torch.no_grad():
        for weight in theirs.parameters():
            weight.normal_()
    copy_attention(ours.attention, theirs.self_attn)
    for mine, other in (
        (ours.feed_forward.up, theirs.linear1),
        (ours.feed_forward.down, theirs.linear2),
        (ours.norm1, theirs.norm1),
        (ours.norm2, theirs.norm2),
    ):
        mine.load_state_dict(other.state_dict())
    x = torch.randn(2, 9, 12, dtype=torch.float64, requires_grad=True)
    mask = nn.Transformer.generate_square_subsequent_mask(9, dtype=torch.float64)
    same(ours(x), theirs(x, src_mask=mask, is_causal=True), [x])


# --- what holds for every model -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", CONFIGS)
@pytest.mark.parametrize("explicit", [False, True])
def test_no_token_looks_ahead_and_each_sees_all_before_it(name, explicit):
    model, ids = build(name), tokens(1, 8)
    if explicit:
        for block in model.blocks:
            block.attention.attend = attention
    with torch.no_grad():
        before = model(ids)[0]
        for t in range(8):
            changed = ids.clone()
            changed[0, t] = (changed[0, t] + 1) % SIZES["V"]
            after = model(changed)[0]
            assert_close(after[:t], before[:t], rtol=0, atol=1e-12)
            assert (after[t:] - before[t:]).abs().amax(-1).min() > 1e-6


@pytest.mark.parametrize("name", CONFIGS)
def test_order_matters_and_texts_do_not_meet(name):
    model, ids = build(name), tokens(3, 6)
    with torch.no_grad():
        logits = model(ids)
        assert_close(model(ids[[2, 0, 1]]), logits[[2, 0, 1]], rtol=1e-12, atol=1e-12)
        assert_close(model(ids[:, :4]), logits[:, :4], rtol=1e-12, atol=1e-12)
        swapped = ids[:, [1, 0, 2, 3, 4, 5]]  # the last token sees the same bag of tokens
        assert (model(swapped)[:, -1] - logits[:, -1]).abs().max() > 1e-6


def test_rotary_scores_depend_on_the_distance_alone():
    T, D = 12, 8
    q, k = heads(1, 1, 1, D, seed=6)[0, 0], heads(1, 1, 1, D, seed=7)[0, 0]
    tables = transformer.rope_tables(T, D, 100.0, dtype=torch.float64)
    scores = transformer.rotate(q.expand(T, D), *tables) @ transformer.rotate(k.expand(T, D), *tables).T
    for distance in range(-T + 1, T):
        line = scores.diagonal(distance)
        assert_close(line, line[:1].expand_as(line), rtol=1e-12, atol=1e-12)
    assert len({round(x, 6) for x in (*scores[0].tolist(), *scores[:, 0].tolist())}) == 2 * T - 1
    turned = transformer.rotate(q.expand(T, D), *tables)
    assert_close(turned.norm(dim=-1), q.norm().expand(T), rtol=1e-12, atol=1e-12)
    assert_close(turned[:1], q, rtol=0, atol=0)


@pytest.mark.parametrize("name", CONFIGS)
def test_attention_may_be_replaced(name):
    model, ids = build(name), tokens(2, 9)
    fused = model(ids)
    for block in model.blocks:
        assert block.attention.attend is fused_attention
        block.attention.attend = attention
    same(model(ids), fused, list(model.parameters()))


@pytest.mark.parametrize("name", CONFIGS)
def test_first_loss_is_that_of_a_guess(name):
    for seed in range(3):
        torch.manual_seed(seed)
        model = GPT(GPTConfig(**SIZES | CONFIGS[name] | {"V": 500}))
        ids = torch.randint(500, (8, 11))
        loss = next_token_loss(model(ids[:, :-1]), ids[:, 1:]).item()
        assert abs(loss - math.log(500)) < 0.05


# --- counts and names ---------------------------------------------------------------------------------------


def count(config: GPTConfig) -> int:
    with torch.device("meta"):
        return sum(weight.numel() for weight in GPT(config).parameters())


@pytest.mark.parametrize("tied", [True, False])
def test_parameters_are_those_that_chapter_01_counts(tied):
    for V, T, C, L, H in ((41, 11, 24, 2, 3), (50257, 1024, 768, 12, 12), (50257, 1024, 1600, 48, 25)):
        assert count(GPTConfig(V, T, C, L, H, tied=tied)) == gpt_parameters(V, T, C, L, tied)
    for V, C, L, H, kv_heads, F in ((41, 24, 2, 6, 2, 19), (32000, 4096, 32, 32, 32, 11008)):
        model = GPTConfig(V, 100, C, L, H, kv_heads, F, **LLAMA, tied=tied)
        assert count(model) == Llama(V, C, L, H, kv_heads, F, tied=tied).parameters()[0]


def test_the_two_instances():
    assert count(GPT2) == 124_439_808
    changed = {"norm": "rms", "positions": "rotary", "activation": "relu2", "bias": False, "qk_norm": True}
    assert replace(GPT2, **changed) == MODERN
    assert count(MODERN) == 50257 * 768 + 12 * (12 * 768**2 + 2 * 768) + 768


NORMS = ["norm1", "norm2"]
LAYERS = [
    "attention.k",
    "attention.out",
    "attention.q",
    "attention.v",
    "feed_forward.down",
    "feed_forward.up",
]


def test_names_of_the_weights_stay():
    """Files that later chapters save hold these names."""

    def names(name: str) -> list[str]:
        return sorted(build(name).state_dict())

    both = [
        f"blocks.{i}.{part}.{kind}" for i in (0, 1) for part in NORMS + LAYERS for kind in ("weight", "bias")
    ]
    outside = ["tokens.weight", "positions.weight", "norm.weight", "norm.bias", "head.weight"]
    assert names("gpt2") == names("untied") == sorted(both + outside)
    parts = [*NORMS, *LAYERS, "feed_forward.gate"]
    blocks = [f"blocks.{i}.{part}.weight" for i in (0, 1) for part in parts]
    assert names("llama") == sorted([*blocks, "tokens.weight", "norm.weight", "head.weight"])
    assert names("modern") == [name for name in names("llama") if "gate" not in name]


def test_a_tied_model_stays_tied():
    for model in (GPT(GPTConfig(**SIZES)), copy.deepcopy(GPT(GPTConfig(**SIZES))), build("gpt2")):
        assert model.head.weight is model.tokens.weight
    assert build("untied").head.weight is not build("untied").tokens.weight
    with torch.device("meta"):
        model = GPT(GPTConfig(**SIZES))
    model.to_empty(device="cpu")
    for weight in model.parameters():
        nn.init.constant_(weight, math.nan)
    torch.manual_seed(3)
    model.initialise()
    assert model.head.weight is model.tokens.weight
    torch.manual_seed(3)
    model(tokens(1, 4)).sum().backward()
    assert all(weight.isfinite().all() and weight.grad is not None for weight in model.parameters())


def test_the_gradient_of_a_tied_embedding_has_two_parts():
    tied, ids = build("gpt2"), tokens(2, 8)
    apart = GPT(replace(tied.config, tied=False)).double()
    apart.load_state_dict(tied.state_dict())
    for model in (tied, apart):
        next_token_loss(model(ids[:, :-1]), ids[:, 1:]).backward()
    assert_close(tied.tokens.weight.grad, apart.tokens.weight.grad + apart.head.weight.grad)


# --- precision and compilation ------------------------------------------------------------------------------


def test_positions_are_exact_in_each_precision():
    for dtype, expected in (
        (torch.float64, torch.float64),
        (torch.float32, torch.float32),
        (torch.bfloat16, torch.float32),  # which holds no whole number beyond 256
    ):
        model = build("llama").to(dtype)
        _, (cos, sin) = model.embed(tokens(1, 5))
        assert cos.dtype == sin.dtype == expected
        assert model(tokens(1, 5)).dtype == dtype
        assert build("2017").to(dtype)(tokens(1, 5)).dtype == dtype


@pytest.mark.parametrize("name", ["gpt2", "llama", "modern, grouped", "2017"])
def test_mixed_precision_without_a_warning(name):
    model, ids = build(name).float(), tokens(2, 9)
    exact = next_token_loss(model(ids[:, :-1]), ids[:, 1:])
    with warnings.catch_warnings(), torch.autocast("cpu", torch.bfloat16):
        warnings.simplefilter("error")
        logits = model(ids[:, :-1])
        loss = next_token_loss(logits, ids[:, 1:])
    loss.backward()
    assert logits.dtype == torch.bfloat16 and loss.dtype == torch.float32
    assert abs(loss.item() / exact.item() - 1) < 0.1
    assert all(weight.grad.dtype == torch.float32 for weight in model.parameters())


def test_the_loss_of_half_precision_is_computed_in_float32():
    logits, targets = torch.randn(2, 3, 50).bfloat16(), torch.randint(50, (2, 3))
    loss = next_token_loss(logits, targets)
    assert_close(loss, next_token_loss(logits.float(), targets), rtol=0, atol=0)


def compare_compiled(model: GPT, backend: str) -> None:
    torch.compiler.reset()  # each model has a budget of its own for compiled versions
    ids = tokens(2, 9)
    same(
        torch.compile(model, fullgraph=True, backend=backend)(ids), model(ids), list(model.parameters()), 1e-4
    )


@pytest.mark.parametrize("name", CONFIGS)
def test_a_model_is_captured_whole(name):
    compare_compiled(build(name).float(), "aot_eager")


def test_a_compiled_model_gives_the_same():
    torch.manual_seed(0)
    config = {"kv_heads": 1, "qk_norm": True, "L": 1}
    compare_compiled(GPT(GPTConfig(**SIZES | LLAMA | config)), "inductor")


# --- refusals -----------------------------------------------------------------------------------------------

BAD = [
    ({"V": 0}, "V is a whole number of at least 1, not 0"),
    ({"T": 2.0}, "T is a whole number of at least 1, not 2.0"),
    ({"L": True}, "L is a whole number of at least 1, not True"),
    ({"C": None}, "C is a whole number of at least 1, not None"),
    ({"kv_heads": 0}, "kv_heads is a whole number of at least 1, not 0"),
    ({"F": -3}, "F is a whole number of at least 1, not -3"),
    ({"norm": "batch"}, "norm is one of layer rms, not 'batch'"),
    ({"positions": "none"}, "positions is one of learned rotary sinusoidal, not 'none'"),
    ({"activation": "relu"}, "activation is one of gelu relu2 swiglu, not 'relu'"),
    ({"H": 5}, "H divides C and kv_heads divides H, not so in 24, 5, 5"),
    ({"H": 6, "kv_heads": 4}, "H divides C and kv_heads divides H, not so in 24, 6, 4"),
    ({"H": 8, "positions": "rotary"}, "rotary positions need pairs of numbers; 3 is odd"),
    ({"C": 15, "positions": "sinusoidal"}, "sinusoidal positions need pairs of numbers; 15 is odd"),
    ({"eps": 0.0}, "eps and rope_base are positive, not 0.0 and 10000.0"),
    ({"rope_base": math.inf}, "eps and rope_base are positive, not 1e-05 and inf"),
]


@pytest.mark.parametrize(("settings", "sentence"), BAD)
def test_a_configuration_that_fits_no_model_is_refused(settings, sentence):
    with pytest.raises(ValueError) as error:
        GPTConfig(**SIZES | settings)
    assert str(error.value) == sentence


def test_a_configuration_does_not_change():
    with pytest.raises(FrozenInstanceError):
        GPT2.C = 12


def test_odd_sizes_are_fine_where_nothing_is_paired():
    assert GPTConfig(V=3, T=2, C=15, L=1, H=5).D == 3


def test_inputs_that_fit_nothing_are_refused():
    model = build("gpt2")
    for shape in ((5,), (1, 12), (1, 0), (1, 2, 3)):
        with pytest.raises(ValueError, match=r"ids are \(B, T\) with 1 to 11 tokens, not "):
            model(torch.zeros(shape, dtype=torch.long))
    with pytest.raises(ValueError, match=r"logits \(2, 3, 5\) need targets \(2, 3\)"):
        next_token_loss(torch.zeros(2, 3, 5), torch.zeros(3, 2, dtype=torch.long))
    q, k = torch.zeros(1, 4, 5, 2), torch.zeros(1, 3, 5, 2)
    with pytest.raises(ValueError, match=r"queries \(1, 4, 5, 2\) cannot look at keys \(1, 3, 5, 2\)"):
        attention(q, k, k)
    for attend in (attention, transformer.fused_attention):
        with pytest.raises(ValueError, match="cannot look at keys"):
            attend(q, q[:, :, :3], q[:, :, :3])
        assert attend(q, q[:, :, :3], q[:, :, :3], causal=False).shape == q.shape


# --- the tests see a fault ----------------------------------------------------------------------------------

FAULTS = {
    "no scale": (" / math.sqrt(q.shape[-1])", ""),
    "scale by the width of the keys' number": ("math.sqrt(q.shape[-1])", "math.sqrt(q.shape[-2])"),
    "mask one too late": (".triu(1)", ".triu(2)"),
    "mask one too early": (".triu(1)", ".triu(0)"),
    "mask of earlier tokens": (".triu(1)", ".tril(-1)"),
    "fused without a mask": ("is_causal=causal", "is_causal=False"),
    "heads split as sizes": ("unflatten(-1, (-1, self.D))", "unflatten(-1, (self.D, -1)).transpose(2, 3)"),
    "heads joined the wrong way": (".transpose(1, 2).flatten(2))", ".flatten(2).view_as(x))"),
    "groups dealt in turn": (
        "x.repeat_interleave(q.shape[1] // k.shape[1], dim=1)",
        "x.repeat(1, q.shape[1] // k.shape[1], 1, 1)",
    ),
    "rotary without positions": ("torch.arange(T, **kind)[:, None]", "torch.ones(T, 1, **kind)"),
    "rotary of neighbours": ("x.chunk(2, dim=-1)", "(x[..., ::2], x[..., 1::2])"),
    "rotary backwards": ("first * cos - second * sin", "first * cos + second * sin"),
    "queries alone are turned": ("rotate(q, *rope), rotate(k, *rope)", "rotate(q, *rope), k"),
    "base ignored": ("config.rope_base, **kind", "**kind"),
    "learned positions left out": ("return x + self.positions(", "return x + 0 * self.positions("),
    "no factor on the tokens": ("x * math.sqrt(config.C)", "x"),
    "second residual left out": (
        "return x + self.feed_forward(self.norm2(x))",
        "return self.feed_forward(self.norm2(x))",
    ),
    "second norm left out": ("self.feed_forward(self.norm2(x))", "self.feed_forward(x)"),
    "norms exchanged": ("self.attention(self.norm1(x), rope)", "self.attention(self.norm2(x), rope)"),
    "last norm left out": ("self.head(self.norm(x))", "self.head(x)"),
    "not tied": ("if self.config.tied:", "if False:"),
    "always tied": ("if self.config.tied:", "if True:"),
    "exact gelu": (', approximate="tanh"', ""),
    "gate and value exchanged": ("silu(self.gate(x)) * hidden", "silu(hidden) * self.gate(x)"),
    "relu": (".square()", ""),
    "queries not normed": ("for heads in (q, k))", "for heads in (q, k)) if False else (q, k)"),
    "norm's eps ignored": ("eps=config.eps, bias", "bias"),
    "residual weights not smaller": ("std=last if", "std=0.02 if"),
    "loss of a sum": ("targets.flatten())", "targets.flatten(), reduction='sum')"),
}


def changed(old: str, new: str) -> SimpleNamespace:
    source = Path(transformer.__file__).read_text(encoding="utf-8")
    assert old in source
    space: dict[str, object] = {"__name__": transformer.__name__}
    exec(compile(source.replace(old, new), transformer.__file__, "exec"), space)
    return SimpleNamespace(**space)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault):
    made = changed(*FAULTS[fault])
    with pytest.raises(Exception):  # noqa: B017  (it may fail in any way)
        compare(made)


def test_a_source_that_is_the_same_passes():
    compare(changed("triu(1)", "triu( 1)"))


FUNCTIONS = [
    "attention",
    "fused_attention",
    "rope_tables",
    "rotate",
    "sinusoids",
    "make_norm",
    "next_token_loss",
]
CLASSES = ["Attention", "FeedForward", "Block", "GPT"]


def test_a_changed_number_or_operator_is_found():
    """Only -2 and 2 are the same axis of queries (B, H, T, D)."""
    alive = survivors(transformer, FUNCTIONS + CLASSES, compare)
    assert [what.partition(",")[0] + what.partition(":")[2] for what in alive] == ["attention USub -> UAdd"]


def test_examples_in_docstrings():
    assert doctest.testmod(transformer).failed == 0
