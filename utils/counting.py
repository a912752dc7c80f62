"""What a language model costs, by counting: parameters, bytes, operations, days, energy.

Built by hand in chapter 01 and tied to it by a test. Parameters are exact for the architectures named. Memory
is what a training step must hold; fragmentation, temporary buffers and communication come on top. Operations
are those of matrix products. C is the width, V the vocabulary, T the positions, L the number of blocks.
"""

from __future__ import annotations

from dataclasses import dataclass

SECONDS_PER_DAY = 24 * 60 * 60


def linear_parameters(inputs: int, outputs: int, bias: bool = True) -> int:
    """Parameters of a linear layer: a weight for each pair of input and output, a bias for each output.

    >>> linear_parameters(3, 2)
    8
    """
    _whole(inputs=inputs, outputs=outputs)
    return inputs * outputs + bias * outputs


def gpt_parameters(V: int, T: int, C: int, L: int, tied: bool = True) -> int:
    """Parameters of a GPT-2: V tokens, T learned positions, L blocks of width C, a last layer norm.

    ``tied``: the output layer is the token embedding, as in GPT-2; else it has V x C weights of its own.
    Source: Radford et al., 2019. Built by hand in chapter 01.

    >>> gpt_parameters(50257, 1024, 768, 12)
    124439808
    """
    _whole(V=V, T=T, C=C, L=L)
    return (V + T) * C + L * _classic_block(C) + 2 * C + (not tied) * V * C


def bert_parameters(V: int, T: int, C: int, L: int, types: int = 2) -> int:
    """Parameters of a BERT encoder with its pooler, without the output layers of its two pre-training tasks.

    Tables of V tokens, T positions, ``types`` kinds of segment; a layer norm, L blocks of width C, a pooler.
    Source: Devlin et al., 2019. Built by hand in chapter 01.

    >>> bert_parameters(30522, 512, 768, 12)
    109482240
    """
    _whole(V=V, T=T, C=C, L=L, types=types)
    return (V + T + types) * C + 2 * C + L * _classic_block(C) + linear_parameters(C, C)


def attention_parameters(C: int, heads: int, kv_heads: int, head_size: int) -> int:
    """Weights of attention with grouped queries and no biases: queries, keys, values, output.

    Each of ``kv_heads`` keys and values serves ``heads / kv_heads`` queries: a ValueError if not whole.
    Source: Ainslie et al., 2023. Built by hand in chapter 01.

    >>> attention_parameters(8192, 64, 8, 128)
    150994944
    """
    _whole(C=C, heads=heads, kv_heads=kv_heads, head_size=head_size)
    if heads % kv_heads:
        raise ValueError(f"kv_heads divides heads; {heads} heads cannot share {kv_heads} keys evenly")
    return 2 * C * heads * head_size + 2 * C * kv_heads * head_size


def expert_parameters(C: int, F: int, experts: int = 1, active: int = 1) -> tuple[int, int]:
    """(all, active) weights of a block's gated networks C -> F -> C, with a router if there are several.

    A token passes through ``active`` of the ``experts`` networks of three matrices each; a ValueError if
    there are fewer. Source: Jiang et al., 2024. Built by hand in chapter 01.

    >>> expert_parameters(4, 10, experts=8, active=2)
    (992, 272)
    """
    _whole(C=C, F=F, experts=experts, active=active)
    if active > experts:
        raise ValueError(f"active is at most the number of experts, {experts}, not {active}")
    router = C * experts if experts > 1 else 0
    return router + experts * 3 * C * F, router + active * 3 * C * F


@dataclass(frozen=True)
class Llama:
    """What fixes a Llama-style model: RMS norms, gated networks, no biases, no learned positions."""

    V: int  # tokens of the vocabulary
    C: int  # width
    L: int  # blocks
    heads: int  # of the queries
    kv_heads: int  # of keys and values
    F: int  # width inside a gated network
    experts: int = 1  # gated networks in a block
    active: int = 1  # of them, those that a token passes through
    tied: bool = False  # whether the output layer is the token embedding

    def parameters(self) -> tuple[int, int]:
        """(all, active) parameters. A ValueError for numbers that fit no model. Built by hand in chapter 01.

        >>> Llama(V=32000, C=4096, L=32, heads=32, kv_heads=32, F=11008).parameters()
        (6738415616, 6738415616)
        """
        _whole(V=self.V, L=self.L, heads=self.heads)
        if self.C % self.heads:
            raise ValueError(f"heads divides C; a width of {self.C} has no {self.heads} equal heads")
        attention = attention_parameters(self.C, self.heads, self.kv_heads, self.C // self.heads)
        outside = self.V * self.C * (1 if self.tied else 2) + self.C
        shared = outside + self.L * (attention + 2 * self.C)
        every, active = expert_parameters(self.C, self.F, self.experts, self.active)
        return shared + self.L * every, shared + self.L * active


LLAMAS = {  # published configurations: Touvron et al., 2023; Grattafiori et al., 2024; Jiang et al., 2024
    "Llama 2 7B": Llama(V=32000, C=4096, L=32, heads=32, kv_heads=32, F=11008),
    "Llama 2 70B": Llama(V=32000, C=8192, L=80, heads=64, kv_heads=8, F=28672),
    "Llama 3 8B": Llama(V=128256, C=4096, L=32, heads=32, kv_heads=8, F=14336),
    "Mixtral 8x7B": Llama(V=32000, C=4096, L=32, heads=32, kv_heads=8, F=14336, experts=8, active=2),
}


def training_bytes(parameters: int, weight: float, gradient: float, state: float, master: float = 0) -> float:
    """Bytes that training holds for the parameters; the arguments after the first are bytes a parameter.

    ``state`` is the optimiser's (Adam in float32: 8), ``master`` a second copy of the weights (4) or 0.
    Source: Rajbhandari et al., 2020. Built by hand in chapter 01.

    >>> training_bytes(1000, weight=2, gradient=2, state=8, master=4)
    16000
    """
    _whole(parameters=parameters)
    if not all(0 <= size < float("inf") for size in (weight, gradient, state, master)):
        raise ValueError("bytes a parameter are finite and not negative")
    return parameters * (weight + gradient + state + master)


def block_activation_bytes(B: int, T: int, C: int, heads: int, size: int = 4, fused: bool = False) -> int:
    """Bytes that the backward pass of one GPT-2 block (no dropout) keeps from the forward pass.

    B texts of T tokens, ``size`` bytes a number. Naive attention keeps its (B, heads, T, T) weights and a
    mask of T x T bytes; ``fused`` attention keeps one number for each query and head, in float32. Korthikanti
    et al., 2023, count another block. Built by hand in chapter 01.

    >>> block_activation_bytes(B=2, T=64, C=64, heads=4)
    661504
    """
    _whole(B=B, T=T, C=C, heads=heads, size=size)
    numbers = 16 * B * T * C + 4 * B * T
    if fused:
        return size * numbers + 4 * B * heads * T
    return size * (numbers + B * heads * T * T) + T * T


def training_flops(parameters: float, tokens: float) -> float:
    """6ND: multiplications and additions of training N parameters on D tokens, attention left out.

    N is all parameters here, as in GPT-3's paper (Brown et al., 2020); Kaplan et al., 2020, whose rule it is,
    leave the tables of tokens and positions out. Built by hand in chapter 01.

    >>> training_flops(2, 5)
    60
    """
    _positive(parameters=parameters, tokens=tokens)
    return 6 * parameters * tokens


def training_days(
    parameters: float, tokens: float, devices: int, peak: float, utilisation: float = 0.4
) -> float:
    """Days that 6ND takes on ``devices`` of ``peak`` FLOP/s each, of which a share ``utilisation`` is used.

    Built by hand in chapter 01.

    >>> round(training_days(7e9, 2e12, devices=1024, peak=312e12, utilisation=0.4), 1)
    7.6
    """
    _positive(devices=devices, peak=peak, utilisation=utilisation)
    if utilisation > 1:
        raise ValueError(f"utilisation is a share, at most 1, not {utilisation}")
    return training_flops(parameters, tokens) / (devices * peak * utilisation) / SECONDS_PER_DAY


def energy_mwh(device_days: float, watts: float, overhead: float = 1.1) -> float:
    """Megawatt-hours of devices that draw ``watts``; the data centre draws ``overhead`` for each watt.

    Built by hand in chapter 01.

    >>> round(energy_mwh(100, watts=400, overhead=1.1), 2)
    1.06
    """
    _positive(device_days=device_days, watts=watts, overhead=overhead)
    return device_days * 24 * watts * overhead / 1e6


def _classic_block(C: int) -> int:
    """A block of GPT-2 or BERT: four C x C layers of attention, C -> 4C -> C, two layer norms."""
    return 4 * linear_parameters(C, C) + linear_parameters(C, 4 * C) + linear_parameters(4 * C, C) + 4 * C


def _whole(**numbers: int) -> None:
    """ValueError unless each is a whole number of at least 1."""
    for name, value in numbers.items():
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise ValueError(f"{name} is a whole number of at least 1, not {value!r}")


def _positive(**numbers: float) -> None:
    """ValueError unless each is a positive, finite number."""
    for name, value in numbers.items():
        if not 0 < value < float("inf"):
            raise ValueError(f"{name} is a positive number, not {value!r}")
