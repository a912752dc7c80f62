"""With the weights of transformers' GPT-2 and Llama ours computes the same, and it gives them back."""

from __future__ import annotations

import copy
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
import transformers
from torch import Tensor, nn
from torch.nn import functional
from torch.testing import assert_close
from transformers.models.llama import modeling_llama

from utils import transformer_exchange
from utils.transformer import GPT, GPTConfig, next_token_loss
from utils.transformer_exchange import from_gpt2, from_llama, to_gpt2, to_llama

V, T = 41, 13
COMMON = {"vocab_size": V, "bos_token_id": None, "eos_token_id": None}
GPT2S = {
    "plain": {"n_embd": 24, "n_layer": 2, "n_head": 3},
    "odd": {"n_embd": 15, "n_layer": 3, "n_head": 5, "n_inner": 19, "layer_norm_epsilon": 0.1},
    "one head": {"n_embd": 7, "n_layer": 1, "n_head": 1, "tie_word_embeddings": False},
    "untied": {"n_embd": 12, "n_layer": 2, "n_head": 2, "tie_word_embeddings": False},
}
SIZES = {"hidden_size": 24, "intermediate_size": 19, "num_hidden_layers": 2, "num_attention_heads": 6}
LLAMAS = {
    "plain": SIZES,
    "grouped": SIZES | {"num_key_value_heads": 2, "rope_theta": 50.0, "rms_norm_eps": 0.01},
    "one key": SIZES | {"num_attention_heads": 3, "num_key_value_heads": 1, "tie_word_embeddings": True},
    "biases": SIZES | {"num_key_value_heads": 3, "attention_bias": True, "mlp_bias": True},
    "odd heads": SIZES | {"hidden_size": 20, "num_attention_heads": 5, "num_hidden_layers": 3},
}
CASES = [("gpt2", name) for name in GPT2S] + [("llama", name) for name in LLAMAS]
ATTENTION = ["eager", "sdpa"]


def build(kind: str, name: str, dtype: torch.dtype = torch.float64, attention: str = "sdpa") -> nn.Module:
    """A small random model of transformers, in evaluation, no two of whose weights are alike."""
    torch.manual_seed(len(name))
    if kind == "gpt2":
        config = transformers.GPT2Config(**COMMON, n_positions=T, **GPT2S[name])
        model = transformers.GPT2LMHeadModel(config)
    else:
        config = transformers.LlamaConfig(**COMMON, max_position_embeddings=T, **LLAMAS[name])
        model = transformers.LlamaForCausalLM(config)
    model.set_attn_implementation(attention)
    with torch.no_grad():
        for weight in model.parameters():
            weight += 0.2 * torch.randn_like(weight)
    return model.to(dtype).eval()


def to_ours(kind: str, model: nn.Module, made=transformer_exchange) -> GPT:
    return made.from_gpt2(model) if kind == "gpt2" else made.from_llama(model)


def to_theirs(kind: str, model: GPT, made=transformer_exchange) -> nn.Module:
    return made.to_gpt2(model) if kind == "gpt2" else made.to_llama(model)


def tokens(*shape: int, seed: int = 0) -> Tensor:
    return torch.randint(V, shape, generator=torch.Generator().manual_seed(seed))


def close(ours: Tensor, theirs: Tensor, tolerance: float) -> None:
    """The largest difference, absolute or as a share of the largest value, whichever is smaller."""
    scale = max(1.0, theirs.abs().max().item())
    assert_close(ours, theirs, rtol=0, atol=tolerance * scale)


def compare(
    kind: str, name: str, dtype: torch.dtype, tolerance: float, attention="sdpa", made=transformer_exchange
):
    theirs = build(kind, name, dtype, attention)
    ours = to_ours(kind, theirs, made)
    for shape in ((3, 9), (1, T), (2, 1)):
        close(ours(tokens(*shape)), theirs(tokens(*shape)).logits, tolerance)
    ids = tokens(3, 9)
    loss = next_token_loss(ours(ids[:, :-1]), ids[:, 1:])
    logits = theirs(ids).logits[:, :-1]  # their own loss is computed in float32
    their_loss = functional.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten())
    close(loss, their_loss, tolerance)
    loss.backward()
    their_loss.backward()
    for weight in theirs.parameters():  # gradients are renamed and turned as weights are
        weight.data = weight.grad
    gradients = dict(to_ours(kind, theirs).named_parameters())
    for weight_name, weight in ours.named_parameters():
        close(weight.grad, gradients[weight_name].data, tolerance)
    assert gradients.keys() == dict(ours.named_parameters()).keys()


@pytest.mark.parametrize("attention", ATTENTION)
@pytest.mark.parametrize(("kind", "name"), CASES)
def test_logits_loss_and_gradients_agree(kind, name, attention):
    compare(kind, name, torch.float32, 1e-5, attention)
    compare(kind, name, torch.float64, 1e-10 if kind == "gpt2" else 1e-6, attention)


def exact_norm(self, x: Tensor) -> Tensor:
    return self.weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.variance_epsilon))


def exact_angles(self, x: Tensor, position_ids: Tensor) -> tuple[Tensor, Tensor]:
    D = self.config.head_dim
    base = self.config.rope_scaling["rope_theta"] if self.config.rope_scaling else self.config.rope_theta
    frequency = base ** (-torch.arange(0, D, 2, dtype=x.dtype) / D)
    angle = (position_ids[..., None] * frequency).repeat(1, 1, 2)
    return angle.cos(), angle.sin()


@pytest.mark.parametrize("name", LLAMAS)
def test_llama_agrees_further_where_it_does_not_round_to_float32(name, monkeypatch):
    """Its norm and its angles are computed in float32 even in a float64 model: all else agrees to 1e-10."""
    monkeypatch.setattr(modeling_llama.LlamaRMSNorm, "forward", exact_norm)
    monkeypatch.setattr(modeling_llama.LlamaRotaryEmbedding, "forward", exact_angles)
    compare("llama", name, torch.float64, 1e-10)


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_their_own_loss_agrees(kind, name):
    theirs, ids = build(kind, name, torch.float32), tokens(3, 9)
    ours = next_token_loss(to_ours(kind, theirs)(ids[:, :-1]), ids[:, 1:])
    close(ours, theirs(ids, labels=ids).loss, 1e-5)


# --- and back -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_there_and_back_nothing_changes(kind, name, tmp_path):
    theirs, ids = build(kind, name), tokens(2, 9)
    back = to_theirs(kind, to_ours(kind, theirs))
    assert type(back) is type(theirs) and not back.training
    assert back.state_dict().keys() == theirs.state_dict().keys()
    assert all(weight.is_contiguous() for weight in back.state_dict().values())
    back.save_pretrained(tmp_path)
    loaded = transformers.AutoModelForCausalLM.from_pretrained(tmp_path, dtype=torch.float64)
    for other in (back, loaded):
        for key, weight in theirs.state_dict().items():
            assert torch.equal(weight, other.state_dict()[key]), key
        close(other(ids).logits, theirs(ids).logits, 1e-12)
        assert other.config.tie_word_embeddings == theirs.config.tie_word_embeddings
    assert to_ours(kind, loaded).config == to_ours(kind, theirs).config


OURS = {
    "gpt2": {"V": V, "T": T, "C": 24, "L": 2, "H": 3},
    "gpt2, untied": {
        "V": V,
        "T": T,
        "C": 15,
        "L": 1,
        "H": 3,
        "F": 8,
        "tied": False,
        "kv_heads": 3,
        "eps": 0.1,
    },
    "llama": {"norm": "rms", "positions": "rotary", "activation": "swiglu", "bias": False},
    "llama, grouped": {"norm": "rms", "positions": "rotary", "activation": "swiglu", "kv_heads": 2, "F": 7},
}


def build_ours(name: str, **changes) -> GPT:
    torch.manual_seed(1)
    sizes = {"V": V, "T": T, "C": 24, "L": 2, "H": 4, "rope_base": 77.0} | OURS[name] | changes
    model = GPT(GPTConfig(**sizes)).double()
    with torch.no_grad():
        for weight in model.parameters():
            weight += 0.2 * torch.randn_like(weight)
    return model


@pytest.mark.parametrize("name", OURS)
def test_a_model_of_ours_runs_there(name, tmp_path):
    kind, model, ids = name.partition(",")[0], build_ours(name), tokens(2, 9)
    tolerance = 1e-10 if kind == "gpt2" else 1e-6
    theirs = to_theirs(kind, model)
    theirs.save_pretrained(tmp_path)
    loaded = type(theirs).from_pretrained(tmp_path, dtype=torch.float64)
    for other in (theirs, loaded):
        close(model(ids), other(ids).logits, tolerance)
        again = to_ours(kind, other)
        assert all(torch.equal(a, b) for a, b in zip(again.parameters(), model.parameters(), strict=True))
    assert again.config.tied == model.config.tied == (again.head.weight is again.tokens.weight)


@pytest.mark.parametrize("name", OURS)
def test_an_export_continues_a_text_as_ours_does(name):
    kind, model, ids = name.partition(",")[0], build_ours(name), tokens(1, 4)
    written = to_theirs(kind, model).generate(ids, max_new_tokens=6, do_sample=False, pad_token_id=0)
    with torch.no_grad():
        for _ in range(6):
            ids = torch.cat((ids, model(ids)[:, -1:].argmax(-1)), dim=1)
    assert torch.equal(written, ids)


@pytest.mark.parametrize("kind", ["gpt2", "llama"])
def test_copies_are_apart_and_cost_no_random_numbers(kind):
    theirs, state = build(kind, "plain"), torch.get_rng_state()
    ours = to_ours(kind, theirs)
    back = to_theirs(kind, ours)
    assert torch.equal(state, torch.get_rng_state())
    kept = copy.deepcopy(theirs.state_dict())
    with torch.no_grad():
        for weight in ours.parameters():
            weight.zero_()
    for model in (theirs, back):
        for key, weight in model.state_dict().items():
            assert torch.equal(weight, kept[key])
    assert all(weight.requires_grad for model in (ours, back) for weight in model.parameters())


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
@pytest.mark.parametrize("kind", ["gpt2", "llama"])
def test_precision_goes_along(kind, dtype):
    ours = to_ours(kind, build(kind, "plain", dtype))
    back = to_theirs(kind, ours)
    assert {weight.dtype for model in (ours, back) for weight in model.parameters()} == {dtype}
    if kind == "llama":
        assert back.model.rotary_emb.inv_freq.dtype == torch.float32  # bfloat16 would round the angles


def test_a_head_that_was_untied_by_hand_stays_untied():
    theirs = build("gpt2", "plain")
    theirs.lm_head.weight = nn.Parameter(theirs.lm_head.weight.detach() + 1)
    ours = from_gpt2(theirs)
    assert not ours.config.tied
    close(ours(tokens(2, 5)), theirs(tokens(2, 5)).logits, 1e-10)


@pytest.mark.parametrize("name", ["gpt2", "llama"])
def test_a_tied_model_whose_tables_have_come_apart_is_exported_as_it_is(name):
    """As ``load_state_dict(..., assign=True)`` leaves it: the settings say tied, and there are two tables."""
    model, ids = build_ours(name), tokens(2, 9)
    model.head.weight = nn.Parameter(model.head.weight.detach().flip(0).clone())
    assert model.config.tied
    theirs = to_theirs(name, model)
    assert not theirs.config.tie_word_embeddings
    close(model(ids), theirs(ids).logits, 1e-10 if name == "gpt2" else 1e-6)


# --- refusals -----------------------------------------------------------------------------------------------

SETTINGS = [
    (to_gpt2, "gpt2", {"norm": "rms"}, "norm='rms' cannot be carried over, only 'layer'"),
    (to_gpt2, "gpt2", {"positions": "rotary"}, "positions='rotary' cannot be carried over, only 'learned'"),
    (to_gpt2, "gpt2", {"activation": "relu2"}, "activation='relu2' cannot be carried over, only 'gelu'"),
    (to_gpt2, "gpt2", {"bias": False}, "bias=False cannot be carried over, only True"),
    (to_gpt2, "gpt2", {"qk_norm": True}, "qk_norm=True cannot be carried over, only False"),
    (to_gpt2, "gpt2", {"post_norm": True}, "post_norm=True cannot be carried over, only False"),
    (to_gpt2, "gpt2", {"kv_heads": 1}, "kv_heads=1 cannot be carried over, only 3"),
    (to_llama, "llama", {"norm": "layer"}, "norm='layer' cannot be carried over, only 'rms'"),
    (
        to_llama,
        "llama",
        {"positions": "learned"},
        "positions='learned' cannot be carried over, only 'rotary'",
    ),
    (to_llama, "llama", {"activation": "relu2"}, "activation='relu2' cannot be carried over, only 'swiglu'"),
    (to_llama, "llama", {"qk_norm": True}, "qk_norm=True cannot be carried over, only False"),
    (to_llama, "llama", {"post_norm": True}, "post_norm=True cannot be carried over, only False"),
]


@pytest.mark.parametrize(("export", "name", "changes", "sentence"), SETTINGS)
def test_a_model_that_has_no_place_there_is_refused(export, name, changes, sentence):
    model = GPT(replace(build_ours(name).config, **changes))
    with pytest.raises(ValueError) as error:
        export(model)
    assert str(error.value) == sentence


THEIR_SETTINGS = [
    ("gpt2", {"activation_function": "gelu"}, "activation_function='gelu' cannot be carried over"),
    ("gpt2", {"scale_attn_weights": False}, "scale_attn_weights=False cannot be carried over"),
    ("gpt2", {"scale_attn_by_inverse_layer_idx": True}, "scale_attn_by_inverse_layer_idx=True cannot be"),
    ("gpt2", {"add_cross_attention": True}, "add_cross_attention=True cannot be carried over"),
    ("llama", {"hidden_act": "gelu"}, "hidden_act='gelu' cannot be carried over, only 'silu'"),
    ("llama", {"head_dim": 8}, "head_dim=8 cannot be carried over, only 4"),
    ("llama", {"attention_bias": True}, "attention_bias=True cannot be carried over, only False"),
    (
        "llama",
        {"rope_scaling": {"rope_type": "linear", "factor": 2.0, "rope_theta": 10000.0}},
        "scaled rotary positions, 'linear', cannot be carried over",
    ),
]


@pytest.mark.parametrize(("kind", "settings", "sentence"), THEIR_SETTINGS)
def test_a_model_of_theirs_that_ours_cannot_be_is_refused(kind, settings, sentence):
    if kind == "gpt2":
        config = transformers.GPT2Config(**COMMON, n_positions=T, **GPT2S["plain"], **settings)
        model = transformers.GPT2LMHeadModel(config)
    else:
        config = transformers.LlamaConfig(**COMMON, max_position_embeddings=T, **SIZES, **settings)
        model = transformers.LlamaForCausalLM(config)
    with pytest.raises(ValueError, match=sentence):
        to_ours(kind, model)


def test_other_models_are_refused():
    with pytest.raises(TypeError, match="a GPT2LMHeadModel can be carried over here, not a GPT2Model"):
        from_gpt2(build("gpt2", "plain").transformer)
    with pytest.raises(TypeError, match="a LlamaForCausalLM can be carried over here, not a GPT2LMHeadModel"):
        from_llama(build("gpt2", "plain"))
    for export in (to_gpt2, to_llama):
        with pytest.raises(TypeError, match="a GPT can be carried over here, not a Linear"):
            export(nn.Linear(2, 2))


def test_weights_beside_the_model_are_refused():
    """As a fine-tuning method adds them."""
    for kind, export in (("gpt2", to_gpt2), ("llama", to_llama)):
        theirs, ours = build(kind, "plain"), build_ours(kind)
        for model, call in ((theirs, lambda model, kind=kind: to_ours(kind, model)), (ours, export)):
            model.register_parameter("added", nn.Parameter(torch.zeros(2)))
            with pytest.raises(ValueError, match="added cannot be carried over: only one side has it"):
                call(model)


def test_without_transformers_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "transformers", None)
    for name, export in (("gpt2", to_gpt2), ("llama", to_llama)):
        with pytest.raises(ImportError, match=r'transformers is needed here and .* -e ".\[ecosystem\]"'):
            export(build_ours(name))


# --- the tests see a fault ----------------------------------------------------------------------------------

FAULTS = {
    "weights not turned": ("return weight.T if", "return weight if"),
    "q and k exchanged": ('zip("qkv", pieces', 'zip("kqv", pieces'),
    "gate and up exchanged": ('"gate": "gate_proj", "up": "up_proj"', '"gate": "up_proj", "up": "gate_proj"'),
    "norms exchanged": ('"norm1": "input_layernorm"', '"norm1": "post_attention_layernorm"'),
    "base left out": (", rope_base=base)", ")"),
    "eps left out": ('"eps": "rms_norm_eps", ', ""),
    "eps of GPT-2 left out": ('"eps": "layer_norm_epsilon", ', ""),
    "groups left out": ('"kv_heads": "num_key_value_heads", ', ""),
    "never tied": ('settings["tied"] = ', 'settings["tied"] = False and '),
    "width left out": (', "F": "n_inner"', ""),
}


def compare_all(made) -> None:
    for kind, name in CASES:
        compare(kind, name, torch.float64, 1e-10 if kind == "gpt2" else 1e-6, made=made)


def test_what_is_unchanged_passes():
    compare_all(transformer_exchange)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault):
    source = Path(transformer_exchange.__file__).read_text(encoding="utf-8")
    old, new = FAULTS[fault]
    assert old in source
    space: dict[str, object] = {"__name__": "changed"}
    exec(compile(source.replace(old, new), transformer_exchange.__file__, "exec"), space)
    with pytest.raises(Exception):  # noqa: B017  (it may fail in any way)
        compare_all(SimpleNamespace(**space))
