"""What only lab 01 has: counts held against PyTorch's own layers, optimisers and counter of operations."""

from __future__ import annotations

from math import prod

import pytest
import torch
from torch import nn
from torch.autograd import gradcheck
from torch.nn import functional as F
from torch.testing import assert_close
from torch.utils.flop_counter import FlopCounterMode

from tests import mistakes
from utils.exercises.core import Case
from utils.exercises.lab01 import EXERCISES, gpt_parameters, gqa_parameters, moe_parameters
from utils.exercises.outcome import make_cases
from utils.exercises.proof import run_here
from utils.exercises.report import text

BY_ID = {exercise.id: exercise for exercise in EXERCISES}
SEEDS = (5, 6)


def cases(name, seed):
    exercise = BY_ID[f"01.{name}"]
    return exercise, make_cases(exercise, seed)


def numbers(module):
    return sum(p.numel() for p in module.parameters())


# --- counts ---------------------------------------------------------------------------------------------


def gpt(V, T, C, L, tied):
    """PyTorch's own layers on the meta device, where a tensor has a shape and no data."""
    with torch.device("meta"):
        block = nn.TransformerEncoderLayer(C, 1, 4 * C, norm_first=True)
        layers = [nn.Embedding(V, C), nn.Embedding(T, C), nn.TransformerEncoder(block, L, nn.LayerNorm(C))]
        head = nn.Linear(C, V, bias=False)
    if tied:
        head.weight = layers[0].weight
    return nn.ModuleList([*layers, head])


@pytest.mark.filterwarnings("ignore:enable_nested_tensor")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_gpt_has_the_parameters_of_pytorchs_layers(seed):
    exercise, made = cases("gpt_parameters", seed)
    for case in made:
        model = gpt(*case.args)
        assert exercise.reference(*case.args) == numbers(model)
        shapes = [p.shape for p in model.parameters()]
        assert sorted(map(tuple, shapes)) == sorted(gpt_parameters.shapes(*case.args))


def test_a_gpt_has_the_parameters_that_were_published():
    """GPT-2 small with its tied output layer, as the released weights have them."""
    exercise, _ = cases("gpt_parameters", 5)
    assert exercise.reference(50257, 1024, 768, 12, True) == 124_439_808


@pytest.mark.parametrize("seed", SEEDS)
def test_attention_runs_with_weights_of_these_shapes(seed):
    exercise, made = cases("gqa_parameters", seed)
    for case in made:
        C, heads, kv_heads, head_size = case.args
        with torch.device("meta"):
            queries, keys, values, output = map(torch.empty, gqa_parameters.shapes(*case.args))
            x = torch.empty(3, 7, C)
        q, k, v = (
            F.linear(x, w).unflatten(-1, (-1, head_size)).transpose(1, 2) for w in (queries, keys, values)
        )
        assert (q.shape[1], k.shape[1]) == (heads, kv_heads)
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
        assert F.linear(mixed.transpose(1, 2).flatten(2), output).shape == x.shape
        assert exercise.reference(*case.args) == sum(w.numel() for w in (queries, keys, values, output))


def test_active_parameters_are_those_that_get_a_gradient_from_one_token():
    exercise, made = cases("moe_parameters", 5)
    for case in made[:3]:
        C, F_wide, experts, active = case.args
        shapes, (router_shape,) = moe_parameters.shapes(C, F_wide, experts)
        weights = [[torch.randn(s, requires_grad=True) for s in shapes] for _ in range(experts)]
        router, x = torch.randn(router_shape, requires_grad=True), torch.randn(C)
        scores = F.linear(x, router).softmax(dim=0)
        y = torch.zeros(C)
        for i in scores.topk(active).indices.tolist():
            gate, up, down = weights[i]
            y = y + scores[i] * F.linear(F.silu(F.linear(x, gate)) * F.linear(x, up), down)
        y.square().sum().backward()
        every = [w for expert in weights for w in expert] + [router]
        counted = (prod_of(every), prod_of([w for w in every if w.grad is not None and w.grad.any()]))
        assert exercise.reference(*case.args) == counted


def prod_of(tensors):
    return sum(prod(w.shape) for w in tensors)


# --- memory and time ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "states"),
    [
        (lambda p: torch.optim.SGD(p, 0.1), 0),
        (lambda p: torch.optim.SGD(p, 0.1, momentum=0.9), 1),
        (lambda p: torch.optim.Adam(p), 2),
    ],
)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_memory_is_what_a_model_holds_after_a_step(make, states, dtype):
    exercise, _ = cases("training_memory", 5)
    model = nn.Sequential(nn.Linear(13, 7), nn.LayerNorm(7), nn.Linear(7, 3)).to(dtype)
    optimiser = make(model.parameters())
    model(torch.ones(5, 13, dtype=dtype)).square().sum().backward()
    optimiser.step()
    held = [t for p in model.parameters() for t in (p, p.grad)]
    held += [t for state in optimiser.state.values() for t in state.values() if t is not None and t.ndim]
    size = dtype.itemsize
    total, gib = exercise.reference(numbers(model), size, size, states, size, False)
    assert total == sum(t.nbytes for t in held)
    assert gib == total / 1024**3


def test_training_takes_six_operations_a_parameter_and_token():
    """All layers but the embedding, whose lookup computes nothing; the input needs a gradient too."""
    model = nn.Sequential(nn.Linear(12, 20, bias=False), nn.ReLU(), nn.Linear(20, 9, bias=False))
    tokens = 11
    with FlopCounterMode(display=False) as counter:
        model(torch.ones(tokens, 12, requires_grad=True)).sum().backward()
    exercise, _ = cases("training_days", 5)
    days, _ = exercise.reference(numbers(model), tokens, 1, 1e-12, 1.0, 100)
    assert_close(days * 86400, float(counter.get_total_flops()), rtol=1e-12, atol=0)


# --- the backward pass ----------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_the_gradient_passes_gradcheck(seed):
    exercise, made = cases("swish_backward", seed)

    class Swish(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, beta):
            ctx.save_for_backward(x)
            ctx.beta = beta
            return x * torch.sigmoid(beta * x)

        @staticmethod
        def backward(ctx, grad):
            with torch.enable_grad():
                return exercise.reference(*ctx.saved_tensors, grad, ctx.beta), None

    for case in made[:3]:
        x, _, beta = case.args
        assert gradcheck(Swish.apply, (x.clone().requires_grad_(), beta))


def test_far_from_zero_the_slope_is_that_of_relu():
    exercise, made = cases("swish_backward", 5)
    x, grad, beta = made[-1].args
    far = (beta * x).abs() > 700
    assert far.any() and (x[far] > 0).any() and (x[far] < 0).any()
    assert_close(exercise.reference(x, grad, beta)[far], torch.where(x > 0, grad, 0.0)[far])


# --- what a check says ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["gpt_parameters", "gqa_parameters"])
def test_a_count_is_an_int_and_right_to_the_last_digit(name):
    exercise, made = cases(name, 7)
    assert exercise.reference(*made[-1].args) > 2**26

    def off_by_two(*args):
        return exercise.reference(*args) + 2

    def fraction(*args):
        return exercise.reference(*args) + 0.5

    def not_an_array(*args):
        return exercise.reference(*args) ** 7

    for wrong in (off_by_two, fraction, not_an_array, lambda *args: None, lambda *args: "many"):
        assert not run_here(exercise, wrong).passed
    as_float = run_here(exercise, lambda *args: float(exercise.reference(*args)))
    assert as_float.mistake.name == "a_float" and as_float.label == "float"


COUNTED = [e for e in EXERCISES if "float" in e.labels]


def in_floats(function, change=float):
    """The function with its answers changed: to floats, or by something added to each."""

    def wrapped(*args):
        value = function(*args)
        return tuple(map(change, value)) if isinstance(value, (tuple, list)) else change(value)

    return wrapped


@pytest.mark.parametrize("exercise", COUNTED, ids=lambda exercise: exercise.id)
def test_a_mistake_is_recognised_in_floats_too(exercise):
    """Also one that does not show in each case."""
    for name, wrong in mistakes.second_forms(exercise.id).items():
        assert run_here(exercise, in_floats(wrong)).mistake.name == name


@pytest.mark.parametrize("exercise", COUNTED, ids=lambda exercise: exercise.id)
def test_no_fraction_of_a_number_passes_as_rounding(exercise):
    for fraction in (0.5, -0.25, 1e-3):
        outcome = run_here(exercise, in_floats(exercise.reference, lambda value, f=fraction: value + f))
        assert not outcome.passed


@pytest.mark.parametrize("exercise", COUNTED, ids=lambda exercise: exercise.id)
def test_an_answer_that_is_no_number_is_no_fault_of_the_check(exercise):
    for odd in (
        None,
        "many",
        (),
        (1.0,),
        (1.0, None),
        (1.0, "many"),
        [2.0, 3.0, 4.0],
        float("nan"),
        float("inf"),
    ):
        outcome = run_here(exercise, lambda *args, odd=odd: odd)
        assert not outcome.passed and outcome.problem is None


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("exercise", EXERCISES, ids=BY_ID)
def test_messages_show_the_sizes_of_the_case(exercise, lang):
    outcome = run_here(exercise, exercise.mistakes[0].wrong)
    said = text(outcome, exercise, lang)
    assert outcome.case.name[lang] in said and exercise.mistakes[0].hint[lang] in said


def test_swish_of_another_call_is_not_spoiled_by_a_changed_argument():
    """The probe notices any change of an argument, also one that keeps the result."""
    exercise, made = cases("swish_backward", 5)

    def doubled(x, grad, beta):
        result = exercise.reference(x, grad, beta)
        x.mul_(2)
        return result

    answer = exercise.probe(doubled, Case(made[0].name, made[0].args))
    assert answer["x_changed"] and not answer["grad_changed"]
