"""Weights to and from ``transformers``, whose GPT-2 and Llama are settings of ``utils.transformer``'s model.

Copies keep precision and device; exports need the extra "ecosystem". Limits: no dropout and no tokenizer go
along; what the other side has no place for is refused in a sentence.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from utils.runtime import need
from utils.transformer import GPT, GPTConfig

# For each of the two: what its settings are, and by which names it calls our sizes and our modules.
GPT2_KIND = {"norm": "layer", "positions": "learned", "activation": "gelu", "bias": True}
GPT2_SIZES = {
    "V": "vocab_size", "T": "n_positions", "C": "n_embd", "L": "n_layer", "H": "n_head", "F": "n_inner",
    "eps": "layer_norm_epsilon", "tied": "tie_word_embeddings",
}  # fmt: skip
GPT2_NAMES = {
    "tokens": "transformer.wte", "positions": "transformer.wpe", "blocks": "transformer.h", "norm1": "ln_1",
    "attention": "attn", "out": "c_proj", "norm2": "ln_2", "feed_forward": "mlp", "up": "c_fc",
    "down": "c_proj", "norm": "transformer.ln_f", "head": "lm_head",
}  # fmt: skip
LLAMA_KIND = {"norm": "rms", "positions": "rotary", "activation": "swiglu"}
LLAMA_SIZES = {
    "V": "vocab_size", "T": "max_position_embeddings", "C": "hidden_size", "L": "num_hidden_layers",
    "H": "num_attention_heads", "kv_heads": "num_key_value_heads", "F": "intermediate_size",
    "bias": "mlp_bias", "eps": "rms_norm_eps", "tied": "tie_word_embeddings",
}  # fmt: skip
LLAMA_NAMES = {
    "tokens": "model.embed_tokens", "blocks": "model.layers", "norm1": "input_layernorm", "q": "q_proj",
    "attention": "self_attn", "k": "k_proj", "v": "v_proj", "out": "o_proj", "feed_forward": "mlp",
    "norm2": "post_attention_layernorm", "gate": "gate_proj", "up": "up_proj", "down": "down_proj",
    "norm": "model.norm", "head": "lm_head",
}  # fmt: skip


def from_gpt2(theirs: nn.Module) -> GPT:
    """The model of a GPT2LMHeadModel, whose blocks hold q, k, v in one layer, and weights inputs first."""
    _check(theirs, "GPT2LMHeadModel", activation_function="gelu_new", scale_attn_weights=True)
    _check(theirs, "GPT2LMHeadModel", scale_attn_by_inverse_layer_idx=False, add_cross_attention=False)
    state = {}
    for name, weight in theirs.state_dict().items():
        pieces = weight.chunk(3, dim=-1) if "c_attn" in name else [weight]
        for part, piece in zip("qkv", pieces, strict=False):
            state[name.replace("c_attn", part)] = _turned(name, piece)
    return _ours(theirs, state, GPT2_SIZES, GPT2_NAMES, **GPT2_KIND)


def to_gpt2(model: GPT) -> nn.Module:
    """The model as a GPT2LMHeadModel."""
    _check(model, "GPT", **GPT2_KIND, qk_norm=False, post_norm=False)
    _check(model, "GPT", kv_heads=model.config.kv_heads and model.config.H)
    state = {_name(name, GPT2_NAMES): weight for name, weight in model.state_dict().items()}
    state = {name: _turned(name, weight) for name, weight in state.items()}
    for name in [name for name in state if ".attn.q." in name]:
        parts = [state.pop(name.replace(".q.", f".{part}.")) for part in "qkv"]
        state[name.replace(".q.", ".c_attn.")] = torch.cat(parts, dim=-1)
    off = {"resid_pdrop": 0.0, "embd_pdrop": 0.0, "attn_pdrop": 0.0}
    return _theirs("GPT2", model, state, GPT2_SIZES, **off)


def from_llama(theirs: nn.Module) -> GPT:
    """The model of a LlamaForCausalLM with plain rotary positions."""
    _check(theirs, "LlamaForCausalLM", hidden_act="silu")
    c = theirs.config
    plain = {"attention_bias": c.mlp_bias, "head_dim": c.hidden_size // c.num_attention_heads}
    _check(theirs, "LlamaForCausalLM", **plain)
    rope = c.rope_scaling or {}  # since transformers 5 it holds rope_theta
    if rope.get("rope_type", "default") != "default":
        raise ValueError(f"scaled rotary positions, {rope['rope_type']!r}, cannot be carried over")
    base = rope.get("rope_theta") or c.rope_theta
    return _ours(theirs, theirs.state_dict(), LLAMA_SIZES, LLAMA_NAMES, **LLAMA_KIND, rope_base=base)


def to_llama(model: GPT) -> nn.Module:
    """The model as a LlamaForCausalLM."""
    _check(model, "GPT", **LLAMA_KIND, qk_norm=False, post_norm=False)
    c = model.config
    rest = {"rope_theta": c.rope_base, "attention_bias": c.bias, "intermediate_size": c.F or 4 * c.C}
    state = {_name(name, LLAMA_NAMES): weight for name, weight in model.state_dict().items()}
    return _theirs("Llama", model, state, LLAMA_SIZES, **rest)


def _check(model: nn.Module, kind: str, **wanted: object) -> None:
    """TypeError for another class of model; ValueError for a setting that the other side lacks."""
    if type(model).__name__ != kind:
        raise TypeError(f"a {kind} can be carried over here, not a {type(model).__name__}")
    for name, value in wanted.items():
        given = getattr(model.config, name)
        if given != value:
            raise ValueError(f"{name}={given!r} cannot be carried over, only {value!r}")


def _name(name: str, names: dict[str, str]) -> str:
    return ".".join(names.get(part, part) for part in name.split("."))


def _turned(name: str, weight: Tensor) -> Tensor:
    return weight.T if ".h." in name and weight.dim() == 2 else weight


def _fill(model: nn.Module, state: dict[str, Tensor]) -> None:
    """Give a model copies of weights, in their precision and on their device."""
    other = sorted(model.state_dict().keys() ^ state.keys())
    if other:
        raise ValueError(f"{other[0]} cannot be carried over: only one side has it")
    form = torch.contiguous_format
    model.load_state_dict({name: w.clone(memory_format=form) for name, w in state.items()}, assign=True)


def _ours(theirs: nn.Module, state: dict, sizes: dict, names: dict, **rest) -> GPT:
    settings = {ours: getattr(theirs.config, name) for ours, name in sizes.items()} | rest
    settings["tied"] = theirs.lm_head.weight is theirs.get_input_embeddings().weight
    with torch.device("meta"):  # no memory and no random numbers for weights that are replaced at once
        model = GPT(GPTConfig(**settings))
    ours = {_name(name, names): name for name in model.state_dict()}
    _fill(model, {ours.get(name, name): weight for name, weight in state.items()})
    if settings["tied"]:
        model.head.weight = model.tokens.weight
    return model


def _theirs(kind: str, model: GPT, state: dict, sizes: dict, **rest) -> nn.Module:
    transformers = need("transformers", "ecosystem")
    settings = {name: getattr(model.config, ours) for ours, name in sizes.items()} | rest
    settings["tie_word_embeddings"] = model.head.weight is model.tokens.weight  # ``assign=True`` parts them
    settings = getattr(transformers, f"{kind}Config")(**settings, bos_token_id=None, eos_token_id=None)
    build = transformers.GPT2LMHeadModel if kind == "GPT2" else transformers.LlamaForCausalLM
    with torch.random.fork_rng(devices=[]):  # its first weights must not move the reader's random numbers
        theirs = build(settings).to(state["lm_head.weight"].device)
    _fill(theirs, state)
    theirs.tie_weights()
    return theirs.eval()
