"""The measuring tool at work: results before times, compile time apart, the command line, and a GPU's part by
stand-ins. What it measures is held against PyTorch's own modules."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import threading
import time
import types
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch
from torch import nn

from book.notebooks import ROOT
from tests.bench_toys import DEVICE, TOY, content, install, run_of, toy_case
from utils.bench import (
    BenchError,
    Benchmark,
    RecordError,
    caches,
    ceilings,
    clock,
    machine,
    measure,
    models,
    processes,
    read_record,
    registry,
    sets,
    steps,
)
from utils.bench import __main__ as command
from utils.bench.memory import peak_bytes
from utils.bench.network import count_flops, network_case
from utils.bench.recorded import graphed
from utils.bench.stored import write_record
from utils.bench.suites import attention, chains, compile_time, options, precision

CUDA = torch.device("cuda")


# --- results before times ---------------------------------------------------------------------------


def test_each_variant_is_held_against_the_reference_and_then_timed():
    found = measure.measure(toy_case(), DEVICE, quick=True)
    assert (found["name"], found["refused"], found["work"]) == ("square", {}, {"flops": 64.0, "bytes": 512.0})
    for entry in found["variants"].values():
        assert len(entry["times"]) == 4 and min(entry["times"]) > 0
        assert 0 < entry["error"] < 1e-6 and entry["compile_seconds"] is None
        assert entry["q1"] <= entry["median"] <= entry["q3"]


@pytest.mark.parametrize("fault", ["wrong", "shape", "more", "undefined", "fails"])
def test_a_variant_with_a_wrong_result_is_refused_before_any_time_is_stored(fault):
    x, calls = torch.randn(64), []

    def bad() -> object:
        calls.append(fault)
        if fault == "fails":
            raise NotImplementedError("no kernel\nfor this")
        right = x**2
        return {
            "wrong": right * 1.001,
            "shape": right[:, None],
            "more": [right, right],
            "undefined": right / 0 * 0,
        }[fault]

    case = toy_case(variants={"bad": bad, "good": lambda: x * x}, reference=lambda: x.double() ** 2)
    found = measure.measure(case, DEVICE, quick=True)
    assert list(found["variants"]) == ["good"] and list(found["refused"]) == ["bad"]
    assert found["refused"]["bad"].startswith(("ValueError: ", "NotImplementedError: no kernel"))
    assert "\n" not in found["refused"]["bad"]
    assert calls == [fault], "it was called once, to compare, and never timed"


def test_where_none_is_right_nothing_is_timed(tmp_path, monkeypatch, capsys):
    wrong = toy_case(variants={"wrong": lambda: torch.zeros(64)})
    install(monkeypatch, Benchmark("toy", "wrong", lambda device, quick: [wrong]))
    assert command.main(["toy", "--device", "cpu", "--out", str(tmp_path / "toy.json")]) == 3
    assert "refused, as the record says: square: wrong" in capsys.readouterr().err
    (case,) = json.loads((tmp_path / "toy.json").read_text(encoding="utf-8"))["cases"]
    assert case["variants"] == {} and "the largest error is" in case["refused"]["wrong"]


def test_outputs_other_than_the_calls_own_are_compared():
    x = torch.randn(64)
    case = toy_case(variants={"none": lambda: None}, outputs={"none": lambda: x**2})
    assert "refused" in measure.measure(case, DEVICE, True)
    case = toy_case(
        variants={"none": lambda: None}, outputs={"none": lambda: x**2}, reference=lambda: x.double() ** 2
    )
    assert measure.measure(case, DEVICE, True)["refused"] == {}


def test_the_first_call_of_what_compiles_is_timed_apart(monkeypatch):
    now, x = [0.0], torch.randn(8)
    costs = iter([40.0])

    def call() -> torch.Tensor:
        now[0] += next(costs, 0.25)
        return x

    monkeypatch.setattr(caches, "warm_compiler", lambda device: None)
    monkeypatch.setattr(caches.time, "perf_counter", lambda: now[0])
    monkeypatch.setattr(clock, "seconds", lambda call, device: caches.first_call(call, device))
    case = toy_case(variants={"c": call}, compiles=("c",), reference=lambda: x.double())
    found = measure.measure(case, DEVICE, True)["variants"]["c"]
    assert found["compile_seconds"] == 40.0 and found["times"] == [0.25] * 4


def test_variants_that_tell_their_own_seconds_are_interleaved_too():
    order = []

    def telling(name: str, told: float):
        return lambda: order.append(name) or told

    x = torch.ones(2)
    variants = {"a": telling("a", 3.0), "b": telling("b", 0.5)}
    outputs = {name: lambda: x for name in variants}
    case = toy_case(variants=variants, outputs=outputs, reference=lambda: x, self_timed=True, rounds=3)
    found = measure.measure(case, DEVICE, True)["variants"]
    assert (found["a"]["times"], found["b"]["times"]) == ([3.0] * 3, [0.5] * 3)
    assert [set(pair) for pair in zip(order[::2], order[1::2], strict=True)] == [{"a", "b"}] * 3
    assert found["a"]["peak_bytes"] is None


@pytest.mark.parametrize(
    ("seconds", "quick", "rounds"), [(1e-4, False, 30), (1.0, False, 7), (0.2, False, 15), (1.0, True, 5)]
)
def test_rounds_follow_from_the_time_of_one(seconds, quick, rounds):
    assert measure._rounds(seconds, quick) == rounds


def test_inputs_are_random_and_the_same_in_each_run():
    first = measure.run(TOY, DEVICE, True, say=lambda line: None)
    again = measure.run(TOY, DEVICE, True, say=lambda line: None)
    errors = [[entry["error"] for entry in case["variants"].values()] for case in first]
    assert errors == [[entry["error"] for entry in case["variants"].values()] for case in again]
    assert errors[0] == errors[1], "each case starts from the same seed"
    assert steps.exact(models.build("mlp", DEVICE, True)).inputs.std() > 0.5


def test_the_peak_of_a_call_is_the_memory_it_held_beyond_what_was_there():
    held = torch.ones(1 << 22)  # 16 MB that are there before
    found = peak_bytes(lambda: torch.ones(1 << 25).sum(), DEVICE)  # 128 MB
    assert found is None or 100e6 < found < 200e6
    assert held[0] == 1


def test_the_same_call_has_the_same_peak():
    call = lambda: torch.ones(1 << 21).sum()  # noqa: E731  8 MB: too little to be mapped by itself
    peak_bytes(call, DEVICE)
    found = [peak_bytes(call, DEVICE) for _ in range(3)]
    assert None in found or (min(found) > 7.5e6 and max(found) - min(found) < 0.5e6)


def test_the_peak_of_a_training_step_holds_its_gradients():
    net = models.linear(B=2, C=1024)
    weights = sum(4 * each.numel() for each in net.model.parameters())
    case = network_case(net, "linear", {"eager": steps.training(net)}, True, "float32")
    case.variants["eager"]()
    peak = measure._peak(case, "eager", DEVICE)
    assert peak is None or peak > 0.95 * weights
    assert net.model.weight.grad is not None


def test_a_case_that_fails_is_told_and_the_others_are_measured(tmp_path, monkeypatch, capsys):
    def broken() -> None:
        raise RuntimeError("out of memory\nat length")

    made = [toy_case(), toy_case(name="too large", reference=broken), toy_case(name="last")]
    install(monkeypatch, Benchmark("toy", "x", lambda device, quick: iter(made)))
    out = tmp_path / "bench_toy_cpu.json"
    assert command.main(["toy", "--device", "cpu", "--quick", "--out", str(out)]) == 3
    assert "refused, as the record says: too large: power; too large: product" in capsys.readouterr().err
    record = read_record(out)
    assert [bool(case.variants) for case in record.cases.values()] == [True, False, True]
    with pytest.raises(RecordError, match="not measured: RuntimeError: out of memory$"):
        record.summary("too large", "power")


def test_a_variant_that_fails_later_is_refused_and_the_others_are_timed():
    x, calls = torch.randn(64), []

    def tires() -> torch.Tensor:
        calls.append(1)
        if len(calls) == 3:
            raise RuntimeError("at the third call")
        return x**2

    case = toy_case(variants={"tires": tires, "good": lambda: x**2}, reference=lambda: x.double() ** 2)
    found = measure.measure(case, DEVICE, True)
    assert found["refused"] == {"tires": "RuntimeError: at the third call"}
    assert len(found["variants"]["good"]["times"]) == found["rounds"] == 4


def test_a_benchmark_that_crashes_makes_no_record_but_keeps_its_cases(tmp_path, monkeypatch, capsys):
    def cases(device: torch.device, quick: bool):
        yield toy_case()
        raise RuntimeError("the second case could not be built")

    install(monkeypatch, Benchmark("toy", "x", cases))
    out = tmp_path / "bench_toy_cpu.json"
    with pytest.raises(RuntimeError, match="could not be built"):
        command.main(["toy", "--device", "cpu", "--quick", "--out", str(out)])
    said = capsys.readouterr().err
    name = "bench_toy_cpu.partial.json"
    assert said == f"toy made no record; its finished cases are in {name}, which is no record\n"
    assert not out.exists()
    kept = json.loads((tmp_path / name).read_text(encoding="utf-8"))
    assert kept["partial"] == "it ended after 1 of its cases"
    assert [case["name"] for case in kept["cases"]] == ["square"]


# --- the clock --------------------------------------------------------------------------------------


def test_settings_are_made_outside_the_clock(monkeypatch):
    said = []

    @contextmanager
    def around():
        said.append("set")
        yield
        said.append("unset")

    def seconds(call, device) -> float:
        said.append("start")
        call()
        said.append("stop")
        return 0.5

    monkeypatch.setattr(clock, "seconds", seconds)
    call = lambda: said.append("call")  # noqa: E731
    times = clock.clocked({"a": call}, {"a": 2}, 2, DEVICE, {"a": around})
    assert times == {"a": [0.25, 0.25]}, "the mean of the calls in a row"
    assert said == ["set", "start", "call", "call", "stop", "unset"] * 2


def test_no_variant_always_runs_behind_the_same_other():
    ran = []
    variants = {name: (lambda name=name: ran.append(name) or 1.0) for name in "abc"}
    clock.clocked(variants, dict.fromkeys("abc", 1), 60, DEVICE, {}, self_timed=True)
    rounds = ["".join(ran[at : at + 3]) for at in range(0, 180, 3)]
    assert all(sorted(each) == ["a", "b", "c"] for each in rounds) and len(set(rounds)) == 6
    assert gc.isenabled()


def test_the_collector_of_garbage_waits():
    seen = []
    call = lambda: seen.append(gc.isenabled()) or 1.0  # noqa: E731
    clock.clocked({"a": call}, {"a": 1}, 1, DEVICE, {}, self_timed=True)
    assert seen == [False] and gc.isenabled()


def test_short_calls_are_made_in_a_row_and_slow_ones_are_warm_after_one():
    assert [clock.in_a_row(each, DEVICE) for each in (0.0, 1e-5, 0.0005, 0.5)] == [100, 100, 4, 1]
    assert [clock.in_a_row(each, CUDA) for each in (0.0005, 0.5)] == [20, 1]
    calls = []
    clock.warm(lambda: calls.append(1), DEVICE)
    assert len(calls) == clock.WARMUP


def test_a_slow_call_is_warm_after_one(monkeypatch):
    calls = []
    monkeypatch.setattr(clock, "seconds", lambda call, device: call() or 2.0)
    assert clock.warm(lambda: calls.append(1), DEVICE) == 2.0 and len(calls) == 1


def test_a_gpu_has_work_in_its_queue_before_the_first_event(monkeypatch):
    said = []

    class Told:
        def __init__(self, enable_timing: bool) -> None:
            assert enable_timing

        def record(self) -> None:
            said.append("record")

        def elapsed_time(self, end: Told) -> float:
            return 100.0

    monkeypatch.setattr(torch.cuda, "Event", Told)
    monkeypatch.setattr(torch.cuda, "synchronize", lambda device: said.append("wait"))
    monkeypatch.setattr(torch.cuda, "_sleep", lambda cycles: said.append("sleep"))
    assert clock.window(lambda: said.append("call"), 2, CUDA) == 0.05
    assert said == ["wait", "sleep", "record", "call", "call", "record", "wait"]


# --- a GPU, by stand-ins ----------------------------------------------------------------------------


class Event:
    def __init__(self, enable_timing: bool) -> None:
        pass

    def record(self) -> None:
        pass

    def elapsed_time(self, end: Event) -> float:
        return 2.0


@pytest.fixture
def gpu(monkeypatch):
    """PyTorch as if it had a GPU, as far as timing and memory go; the work itself is the processor's."""
    said = []
    fakes = {
        "Event": Event,
        "synchronize": lambda device=None: said.append("wait"),
        "memory_allocated": lambda device: 100,
        "max_memory_allocated": lambda device: 356,
        "reset_peak_memory_stats": lambda device: said.append("reset"),
        "empty_cache": lambda: None,
        "_sleep": lambda cycles: None,
        "is_available": lambda: True,
    }
    for name, fake in fakes.items():
        monkeypatch.setattr(torch.cuda, name, fake)
    return said


def test_a_case_on_a_gpu(gpu):
    found = measure.measure(toy_case(), CUDA, quick=True)
    power = found["variants"]["power"]
    assert power["calls"] == 5 and power["times"] == [0.002 / 5] * 4
    assert found["variants"]["power"]["peak_bytes"] == 256
    assert gpu.count("reset") == 2


def test_a_graph_on_a_gpu_has_no_peak_and_two_first_calls(gpu, monkeypatch):
    firsts = []
    monkeypatch.setattr(
        measure, "first_call", lambda call, device, calls: firsts.append(calls) or call() is None or 1.0
    )
    found = measure.measure(toy_case(compiles=("power", "product"), pooled=("product",)), CUDA, quick=True)
    assert firsts == [1, 2]
    peaks = {name: entry["peak_bytes"] for name, entry in found["variants"].items()}
    assert peaks == {"power": 256, "product": None}


def test_a_gpu_that_answers_no_more_ends_the_run(gpu, monkeypatch):
    def dead(device: torch.device) -> None:
        raise RuntimeError("CUDA error: an illegal memory access was encountered")

    def variant() -> None:
        monkeypatch.setattr(torch.cuda, "synchronize", dead)
        raise RuntimeError("a kernel failed")

    with pytest.raises(RuntimeError, match="illegal memory access"):
        measure.measure(toy_case(variants={"bad": variant, "good": lambda: None}), CUDA, True)


def test_the_record_names_the_gpu(monkeypatch):
    card = types.SimpleNamespace(
        name="NVIDIA H100", total_memory=80e9, major=9, minor=0, multi_processor_count=132
    )
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda device: card)
    monkeypatch.setattr(machine.asked, "nvidia", lambda: ("NVIDIA H100", "580.1"))
    said = "700.00, 1980, 1980, [N/A]\n700.00, 345, 1980, 2619\n"
    monkeypatch.setattr(machine.asked, "output", lambda *words: said)
    facts = machine.describe(CUDA)
    assert (facts["gpu_power_limit_w"], facts["gpu_clock_mhz"], facts["gpu_memory_clock_mhz"]) == (
        700,
        1980,
        None,
    )
    monkeypatch.setattr(machine.asked, "output", lambda *words: "")
    assert set(machine._card().values()) == {None}
    assert (facts["gpu"], facts["driver"], facts["gpu_capability"]) == ("NVIDIA H100", "580.1", "9.0")
    assert {"cuda", "cudnn"} <= machine.versions(CUDA).keys()
    assert {"cpu", "threads", "system"} <= machine.describe(DEVICE).keys()


def test_a_recorded_graph_is_warmed_up_on_a_stream_of_its_own_and_then_replayed(monkeypatch):
    said = []

    class Stream:
        def wait_stream(self, other: Stream) -> None:
            said.append("wait")

    class Within:
        def __init__(self, what: object, stream: object = None) -> None:
            assert (stream is not None) == isinstance(what, Graph), (
                "the stream that was warmed up is recorded"
            )
            self.what = "graph" if isinstance(what, Graph) else "stream"

        def __enter__(self) -> None:
            said.append(self.what)

        def __exit__(self, *_: object) -> None:
            said.append("end")

    class Graph:
        def replay(self) -> None:
            said.append("replay")

    for name, fake in (("Stream", Stream), ("current_stream", Stream), ("CUDAGraph", Graph)):
        monkeypatch.setattr(torch.cuda, name, fake)
    monkeypatch.setattr(torch.cuda, "stream", Within)
    monkeypatch.setattr(torch.cuda, "graph", Within)
    replay = graphed(lambda: said.append("call") or 7)
    assert replay() == 7 and replay() == 7
    warm = ["wait", "stream", "call", "call", "call", "end", "wait"]
    assert said == [*warm, "graph", "call", "end", "replay", "replay"]


@pytest.mark.parametrize("suite", [options.graphs, precision.cases, options.modes])
def test_what_only_a_gpu_measures_computes_the_right_thing(suite):
    for case in suite(DEVICE, True):
        wanted = measure.several(case.reference())
        found = measure.several(case.outputs.get("eager", case.variants["eager"])())
        assert measure.error_of(found, wanted, case.tolerance) > 0
        assert set(case.pooled) <= set(case.variants) and set(case.around) == set(case.variants)
        assert set(case.compiles) == set(case.variants) - {"eager"} and case.work["flops"] > 0


def test_attention_asks_each_backend_that_takes_the_precision():
    _, H, D, lengths = attention.SIZES["cuda"]
    assert set(attention.BACKENDS) == set(attention.DTYPES) and lengths == tuple(sorted(lengths))
    qkv = attention._random(1, 2, 16, 8, torch.float32, DEVICE)
    runs, backends = {"explicit": attention.explicit}, {"math": attention.SDPBackend.MATH}
    case = attention.attention_case(runs, qkv, True, "T 16", "float32", backends)
    found = measure.measure(case, DEVICE, quick=True)
    assert list(found["variants"]) == ["explicit", "math"] and len(case.reference()) == 4
    with case.around["math"]():
        assert torch.backends.cuda.math_sdp_enabled() and not torch.backends.cuda.flash_sdp_enabled()
    with case.around["explicit"]():
        assert torch.backends.cuda.flash_sdp_enabled()
    wrong = {"open": lambda q, k, v: torch.nn.functional.scaled_dot_product_attention(q, k, v)}
    found = measure.measure(attention.attention_case(wrong, qkv, False, "T 16", "float32"), DEVICE, True)
    assert list(found["refused"]) == ["open"], "attention without the mask is found out"


# --- what is measured -------------------------------------------------------------------------------


def test_gpt2_has_as_many_parameters_as_gpt2():
    with torch.device("meta"):
        model = models.GPT(T=1024, **models.GPT2)
    assert sum(each.numel() for each in model.parameters()) == 124_439_808
    assert models.SIZES["cuda"]["gpt2"] == {"B": 8, "T": 1024, **models.GPT2}


def test_the_gru_is_pytorchs():
    mine, theirs = models.GRU(5), nn.GRU(5, 5, batch_first=True)
    theirs.load_state_dict(
        {
            "weight_ih_l0": mine.from_input.weight,
            "weight_hh_l0": mine.from_state.weight,
            "bias_ih_l0": mine.from_input.bias,
            "bias_hh_l0": mine.from_state.bias,
        }
    )
    x = torch.randn(3, 7, 5)
    torch.testing.assert_close(mine(x), theirs(x)[1][0])


def test_the_block_is_pytorchs():
    mine = models.Block(16, 4)
    gelu = lambda x: torch.nn.functional.gelu(x, approximate="tanh")  # noqa: E731
    theirs = nn.TransformerEncoderLayer(16, 4, 64, 0.0, gelu, norm_first=True, batch_first=True)
    names = {
        "self_attn.in_proj_": mine.qkv,
        "self_attn.out_proj.": mine.out,
        "linear1.": mine.up,
        "linear2.": mine.down,
        "norm1.": mine.norm1,
        "norm2.": mine.norm2,
    }
    theirs.load_state_dict(
        {
            f"{name}{part}": getattr(module, part)
            for name, module in names.items()
            for part in ("weight", "bias")
        }
    )
    x = torch.randn(2, 9, 16)
    mask = nn.Transformer.generate_square_subsequent_mask(9)
    torch.testing.assert_close(mine(x), theirs(x, src_mask=mask, is_causal=True))


def test_chains_are_pytorchs():
    x, weight = torch.randn(3, 1024), torch.randn(1024)
    wanted = torch.nn.functional.rms_norm(x, (1024,), weight, chains.EPS)
    torch.testing.assert_close(chains.rms_norm(x, weight), wanted)
    w, grads = nn.Parameter(torch.randn(8)), torch.randn(chains.STEP, 8)
    theirs = torch.optim.Adam([w], lr=chains.RATE, betas=(chains.BETA1, chains.BETA2), eps=chains.EPS)
    for grad in grads[:-1]:
        w.grad = grad
        theirs.step()
    state = theirs.state[w]
    mine, _, _ = chains.adam(w.detach().clone(), grads[-1], state["exp_avg"], state["exp_avg_sq"])
    w.grad = grads[-1]
    theirs.step()
    torch.testing.assert_close(mine, w.detach())


@pytest.mark.parametrize("name", models.MAKERS)
def test_steps_agree_with_float64_and_their_operations_are_counted(name):
    net = models.build(name, DEVICE, True)
    for trains, make in ((False, steps.forward), (True, steps.training)):
        case = network_case(net, name, {"eager": make(net)}, trains, "float32")
        found = measure.measure(case, DEVICE, quick=True)
        assert found["refused"] == {} and found["variants"]["eager"]["error"] < 1e-5
    products = models.build("linear", DEVICE, True)
    B, C = products.inputs.shape
    assert count_flops(steps.forward(products)) == 2 * B * C * C
    assert count_flops(steps.training(products)) == 4 * B * C * C, "no gradient of the input is asked for"


def test_a_copy_of_a_function_has_a_code_object_of_its_own():
    outer = 3

    def f(x: int, *, y: int = 2) -> int:
        return x * outer + y

    copy = steps.own_copy(f)
    assert copy(4) == f(4) == 14 and copy(4, y=0) == 12
    assert copy.__code__ is not f.__code__
    assert copy.__code__.co_name not in (f.__code__.co_name, steps.own_copy(f).__code__.co_name)


def test_static_automatic_and_dynamic_shapes_compile_as_often_as_they_say(monkeypatch):
    counts = []

    def counted(function, **options):
        at = len(counts)
        counts.append(0)

        def backend(graph, inputs):
            counts[at] += 1
            return graph.forward

        return torch.compile(steps.own_copy(function), backend=backend, **options)

    torch.compiler.reset()
    monkeypatch.setattr(options.steps, "compiled", counted)
    monkeypatch.setitem(options.LENGTHS, "quick", (8, 16, 24, 32))
    (case,) = options.shapes(DEVICE, True)
    for name in case.compiles:
        case.variants[name]()
    assert counts == [4, 2, 1]
    assert case.work["flops"] > 0
    torch.compiler.reset()


@pytest.mark.parametrize("name", ["small_gpt", "gpt2", "resnet", "gru", "block", "mlp"])
def test_no_parameter_may_have_a_wrong_gradient(name):
    net = models.build(name, DEVICE, True)
    right = steps.training_reference(net)()
    tolerance = steps.TOLERANCE["bfloat16"]
    mine = steps.step_outputs(net, steps.training(net, "bfloat16"))()
    assert measure.error_of(mine, right, tolerance) < 0.05
    for at, gradient in enumerate(mine[1:], start=1):
        wrong = [*mine[:at], torch.zeros_like(gradient), *mine[at + 1 :]]
        with pytest.raises(ValueError, match="error is 1"):
            measure.error_of(wrong, right, tolerance)


def test_many_small_errors_are_not_hidden_by_one_large_value():
    right = torch.cat([torch.full((1,), 10.0), torch.ones(10_000)])
    mine = right.clone()
    mine[1::2] *= 0.5
    with pytest.raises(ValueError, match="of the reference's length"):
        measure.error_of([mine], [right.double()], 0.1)


def test_a_weight_is_cast_once_a_step():
    """Eager as PyTorch has it: without the cache the GRU would cast its weights at each step of time."""
    net = models.build("gru", DEVICE, True)

    def casts(**how) -> int:
        with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as told:
            steps.training(net, "bfloat16", **how)()
        return sum(each.count for each in told.key_averages() if each.key == "aten::to")

    assert casts() < casts(cached=False)


def test_pytorchs_own_forms_stand_beside_the_chains():
    found = {case.name: case for case in chains.cases(DEVICE, True)}
    assert "rms_norm" in found["RMSNorm"].variants and {"foreach", "fused"} <= set(
        found["Adam step"].variants
    )
    for case in found.values():
        wanted = measure.several(case.reference())
        for name in set(case.variants) - {"compiled"}:
            outputs = measure.several(case.outputs.get(name, case.variants[name])())
            assert measure.error_of(outputs, wanted, case.tolerance) < 1e-5


def test_precision_is_set_and_set_back():
    before = torch.get_float32_matmul_precision(), torch.backends.cudnn.allow_tf32
    for name, kind in (("bfloat16", torch.bfloat16), ("float32", torch.float32), ("tf32", torch.float32)):
        with steps.switches(name), steps.cast(name, DEVICE):
            assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == kind
            wanted = "high" if name == "tf32" else "highest"
            assert torch.get_float32_matmul_precision() == wanted
            assert torch.backends.cudnn.allow_tf32 == (name == "tf32")
        assert torch.backends.cudnn.allow_tf32 == before[1]
        assert torch.get_float32_matmul_precision() == before[0]


def test_ceilings_are_rates_of_their_times():
    found = ceilings.measure(DEVICE, quick=True)
    assert set(found) == {"float32", "bfloat16", "copy"}
    for entry in found.values():
        assert entry["rate"] == entry["work"] / min(entry["times"]) > 0 and len(entry["times"]) == 15
    assert found["float32"]["work"] == 2 * 512**3
    assert ceilings.gemm_rate("cpu", torch.bfloat16, 64) > 0 and ceilings.copy_rate("cpu", 1 << 16) > 0
    with pytest.raises(BenchError, match="in float32 or bfloat16, not in int8"):
        ceilings.gemm_rate("cpu", torch.int8, 64)


def test_the_first_step_of_a_new_process(tmp_path):
    torch.manual_seed(steps.FIRST_SEED)
    right = steps.training_reference(models.build("mlp", DEVICE, True))()
    seconds, outputs = compile_time.first_step("mlp", "cpu", True, False, tmp_path)
    assert seconds > 0
    assert measure.error_of(outputs, right, 1e-5) > 0
    with pytest.raises(RuntimeError, match="invalid choice"):
        compile_time.first_step("mpl", "cpu", True, False, tmp_path)


def test_no_run_of_a_process_whose_outputs_were_held_is_lost():
    told = iter([(1.0, "first"), (2.0, "second")])
    runs = compile_time.Runs(lambda: next(told))
    assert runs.outputs() == "first" and (runs.seconds(), runs.seconds()) == (1.0, 2.0)


# --- the command line -------------------------------------------------------------------------------


def test_the_suites_are_found_by_their_place(tmp_path, monkeypatch):
    suite = "from tests.bench_toys import TOY\n\nBENCHMARKS = (TOY,)\n"
    (tmp_path / "added.py").write_text(suite, encoding="utf-8")
    monkeypatch.setattr(registry.suites, "__path__", [*registry.suites.__path__, str(tmp_path)])
    registry.benchmarks.cache_clear()
    try:
        known = set(registry.benchmarks())
        (tmp_path / "again.py").write_text(suite, encoding="utf-8")
        registry.benchmarks.cache_clear()
        with pytest.raises(ValueError, match="two benchmarks are named toy"):
            registry.benchmarks()
    finally:
        registry.benchmarks.cache_clear()
        for name in ("added", "again"):
            sys.modules.pop(f"utils.bench.suites.{name}", None)
    assert {"toy", "compile", "chains", "modes", "shapes", "compile_time", "precision", "graphs"} <= known


def test_without_a_name_the_benchmarks_are_listed(capsys):
    assert command.main([]) == 0
    listed = capsys.readouterr().out
    for name, benchmark in registry.benchmarks().items():
        assert f"  {name} " in listed and benchmark.about in listed


def refused(capsys, *words: str) -> str:
    assert command.main(list(words)) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1 and ". " not in said.err
    return said.err.rstrip()


def test_what_cannot_run_is_said_in_one_sentence(capsys, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    near = "there is no benchmark 'compil'; did you mean compile, compile_time?"
    assert refused(capsys, "compil") == near
    assert refused(capsys, "zzz").startswith("there is no benchmark 'zzz'; there are attention, chains, ")
    no_gpu = "PyTorch sees no CUDA GPU here, so nothing can be measured on one"
    assert refused(capsys, "compile", "--device", "cuda") == no_gpu
    assert refused(capsys, "graphs") == "graphs cannot run on cpu; it needs cuda"
    assert refused(capsys, "chains") == "say where the record goes, as in --out bench_chains_cpu.json"
    assert refused(capsys, "all") == "say which folder the records go to, as in --out-dir book/results"
    install(monkeypatch, Benchmark("toy", "needs more", TOY.cases, needs=("torch", "no_such_package")))
    assert refused(capsys, "toy") == "toy cannot run here: no_such_package is not installed"


def test_a_run_writes_a_record_that_reads_cleanly(tmp_path, monkeypatch, capsys):
    install(monkeypatch)
    out = tmp_path / "made" / "bench_toy_cpu.json"
    assert command.main(["toy", "--device", "cpu", "--quick", "--out", str(out)]) == 0
    assert "square: power" in capsys.readouterr().out
    record = read_record(out)
    assert record.quick and record.device == "cpu" and list(record.cases) == ["square", "square again"]
    assert record.command == "python -m utils.bench toy --device cpu --quick --out bench_toy_cpu.json"
    assert set(record.ceilings) == {"float32", "bfloat16", "copy"}
    assert record.versions["torch"] == torch.__version__ and record.machine["threads"] >= 1
    assert record.ratio("square", "power", "product") > 0
    assert str(tmp_path) not in out.read_text(encoding="utf-8")


def test_the_commit_can_be_told_where_git_is_not(tmp_path, monkeypatch):
    install(monkeypatch)
    monkeypatch.setattr(machine, "ROOT", tmp_path)
    out = tmp_path / "toy.json"
    assert command.main(["toy", "--device", "cpu", "--quick", "--out", str(out), "--commit", "abc"]) == 0
    assert (read_record(out).commit, read_record(out).dirty) == ("abc", None)


def test_all_runs_each_in_a_process_of_its_own(tmp_path, monkeypatch, capsys):
    ran = []

    def child(words: list[str], limit: float, folder: Path) -> tuple[int, str]:
        ran.append(words[1:])
        name, out = words[3], Path(words[words.index("--out") + 1])
        if name == "slow":
            raise subprocess.TimeoutExpired(words, limit)
        if name in ("toy", "wrong"):
            write_record(out, run_of(content()))
        if name == "broken":
            write_record(out, run_of(content(partial="it ended after 1 of its cases")))
        return {"toy": 0, "wrong": 3, "broken": 1, "dead": -11, "idle": 0}[name], ""

    monkeypatch.setattr(processes, "run", child)
    named = [Benchmark(name, "", TOY.cases) for name in ("toy", "broken", "dead", "idle", "slow", "wrong")]
    install(monkeypatch, *named, Benchmark("graphs", "", TOY.cases, ("cuda",)))
    write_record(tmp_path / "bench_dead_cpu.json", run_of(content(name="dead")))
    words = ["all", "--device", "cpu", "--quick", "--out-dir", str(tmp_path), "--commit", "abc"]
    assert command.main(words) == 4
    start = ["-m", "utils.bench", "toy", "--device", "cpu", "--out", str(tmp_path / "bench_toy_cpu.json")]
    assert ran[0] == [*start, "--quick", "--commit", "abc"]
    assert [each[2] for each in ran] == ["toy", "broken", "dead", "idle", "slow", "wrong"], "all were tried"
    said = capsys.readouterr()
    assert "left out: graphs cannot run on cpu; it needs cuda" in said.out
    last = said.err.strip().splitlines()[-1]
    kept = "its finished cases are in bench_broken_cpu.partial.json, which is no record"
    assert last == (
        f"without a new record: broken made no record: it ended with status 1 ({kept}); "
        "dead made no record: it ended with status -11 (bench_dead_cpu.json is of an earlier run); "
        "idle made no record, though it ended with status 0; slow was stopped after 540 s"
    )


def test_a_set_is_what_is_named_or_missing_and_ends_in_time(tmp_path, monkeypatch, capsys):
    ran = []

    def child(words: list[str], limit: float, folder: Path) -> tuple[int, str]:
        ran.append((words[3], limit))
        write_record(Path(words[words.index("--out") + 1]), run_of(content(name=words[3])))
        return 0, ""

    monkeypatch.setattr(processes, "run", child)
    install(monkeypatch, *(Benchmark(name, "", TOY.cases) for name in ("first", "second", "third")))
    words = ["--device", "cpu", "--out-dir", str(tmp_path)]
    assert command.main(["first", "third", *words]) == 0
    assert command.main(["all", "--missing", *words]) == 0
    assert [name for name, _ in ran] == ["first", "third", "second"]
    assert "there already: bench_first_cpu.json" in capsys.readouterr().out
    assert command.main(["first", "--minutes", "2", *words]) == 0 and 100 < ran[-1][1] <= 120
    assert command.main(["second", "--minutes", "0.1", *words]) == 4 and len(ran) == 4
    told = "second was not begun: the minutes given are over (bench_second_cpu.json is of an earlier run)"
    assert told in capsys.readouterr().err
    assert all(limit == sets.LIMIT <= 540 for _, limit in ran[:3])


def test_what_runs_too_long_is_ended_with_all_that_it_started(tmp_path):
    """A grandchild in a session of its own, too."""
    told = tmp_path / "pid"
    inner = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(600)"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}, {str(told)!r}], "
    outer += "start_new_session=True)"
    began = threading.Thread(target=_timed_out, args=([sys.executable, "-c", outer],))
    began.start()
    began.join(timeout=60)
    assert not began.is_alive() and told.read_text(encoding="utf-8")
    status = Path("/proc", told.read_text(encoding="utf-8"), "stat")
    if Path("/proc").is_dir():
        deadline = time.monotonic() + 30
        while status.exists() and ") Z " not in status.read_text(encoding="utf-8"):
            assert time.monotonic() < deadline, "the grandchild goes on"
            time.sleep(0.05)


def _timed_out(words: list[str]) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        processes.run(words, 5, ROOT)


def test_a_process_tells_its_status_and_what_it_said():
    words = [sys.executable, "-c", "import sys; sys.stderr.write('why'); sys.exit(7)"]
    assert processes.run(words, 60, ROOT, capture=True) == (7, "why")


def test_it_needs_torch_and_numpy_alone(tmp_path):
    """The whole way: no other package, a real benchmark, a record that reads cleanly."""
    blocked = ["pandas", "sklearn", "psutil", "matplotlib", "scipy", "IPython", "safetensors"]
    blocked += ["transformers", "tokenizers", "regex"]
    code = f"import sys; sys.modules.update(dict.fromkeys({blocked})); "
    code += "from utils.bench.__main__ import main; sys.exit(main(sys.argv[1:]))"
    out = tmp_path / "bench_attention_cpu.json"
    words = ["attention", "--device", "cpu", "--quick", "--out", str(out)]
    done = subprocess.run([sys.executable, "-c", code, *words], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    record = read_record(out)
    assert record.name == "attention" and not any(case.refused for case in record.cases.values())


def test_make_bench_runs_the_quick_set():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "$(PY) -m utils.bench all --quick --out-dir _build/bench" in text
