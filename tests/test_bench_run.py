"""The measuring tool at work: results before times, compile time apart, the command line, and a GPU's part by
stand-ins. What it measures is held against PyTorch's own modules."""

from __future__ import annotations

import json
import subprocess
import sys
import types

import pytest
import torch
from torch import nn

from book.notebooks import ROOT
from tests.bench_toys import DEVICE, TOY, install, toy_case
from utils.bench import (
    BenchError,
    Benchmark,
    caches,
    ceilings,
    machine,
    measure,
    models,
    read_record,
    registry,
    steps,
)
from utils.bench import __main__ as command
from utils.bench.memory import peak_bytes
from utils.bench.network import network_case
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
    assert command.main(["toy", "--device", "cpu", "--out", str(tmp_path / "toy.json")]) == 1
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
    clocked = lambda variants, rounds, warmup, device: {  # noqa: E731
        name: [caches.first_call(each, device) for _ in range(rounds)] for name, each in variants.items()
    }
    monkeypatch.setattr(measure, "time_interleaved", clocked)
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
    assert "".join(order) == "abbaab" and found["a"]["peak_bytes"] is None


@pytest.mark.parametrize(
    ("seconds", "quick", "rounds"), [(1e-4, False, 60), (1.0, False, 10), (0.1, False, 25), (1.0, True, 5)]
)
def test_rounds_follow_from_the_time_of_one(monkeypatch, seconds, quick, rounds):
    timed = {"a": [seconds, 9.0], "b": [9.0, seconds]}
    monkeypatch.setattr(measure, "time_interleaved", lambda *_: timed)
    assert measure._rounds({}, DEVICE, quick) == rounds


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
        "is_available": lambda: True,
    }
    for name, fake in fakes.items():
        monkeypatch.setattr(torch.cuda, name, fake)
    return said


def test_a_case_on_a_gpu(gpu):
    found = measure.measure(toy_case(), CUDA, quick=True)
    assert found["variants"]["power"]["times"] == [0.002] * 4
    assert found["variants"]["power"]["peak_bytes"] == 256
    assert gpu.count("reset") == 2


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
    facts = machine.describe(CUDA)
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
    replay = steps.graphed(lambda: said.append("call") or 7)
    assert replay() == 7 and replay() == 7
    warm = ["wait", "stream", "call", "call", "call", "end", "wait"]
    assert said == [*warm, "graph", "call", "end", "replay", "replay"]


@pytest.mark.parametrize("suite", [options.graphs, precision.cases, options.modes])
def test_what_only_a_gpu_measures_computes_the_right_thing(suite):
    for case in suite(DEVICE, True):
        wanted = measure._several(case.reference())
        found = measure._several(case.outputs.get("eager", case.variants["eager"])())
        for mine, right in zip(found, wanted, strict=True):
            measure.agrees(mine, right, case.tolerance)
        assert set(case.compiles) == set(case.variants) - {"eager"} and case.work["flops"] > 0


def test_attention_asks_each_backend_that_takes_the_precision():
    _, H, D, lengths = attention.SIZES["cuda"]
    assert set(attention.BACKENDS) == set(attention.DTYPES) and lengths == tuple(sorted(lengths))
    qkv = attention._random(1, 2, 16, 8, torch.float32, DEVICE)
    runs = {"explicit": attention.explicit, "math": attention.forced(attention.SDPBackend.MATH)}
    case = attention.attention_case(runs, qkv, True, "T 16", "float32")
    found = measure.measure(case, DEVICE, quick=True)
    assert found["refused"] == {} and len(case.reference()) == 4
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
    assert steps.count_flops(steps.forward(products)) == 2 * B * C * C
    assert steps.count_flops(steps.training(products)) == 4 * B * C * C, (
        "no gradient of the input is asked for"
    )


def test_a_copy_of_a_function_has_a_code_object_of_its_own():
    outer = 3

    def f(x: int, *, y: int = 2) -> int:
        return x * outer + y

    copy = steps.own_copy(f)
    assert copy(4) == f(4) == 14 and copy(4, y=0) == 12
    assert copy.__code__ is not f.__code__


def test_precision_is_set_anew_at_each_call():
    for name, kind in (("bfloat16", torch.bfloat16), ("float32", torch.float32), ("tf32", torch.float32)):
        with steps.precision(name, DEVICE):
            assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == kind
            wanted = "high" if name == "tf32" else "highest"
            assert torch.get_float32_matmul_precision() == wanted
            assert torch.backends.cudnn.allow_tf32 == (name == "tf32")
    torch.set_float32_matmul_precision("highest")


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
    for mine, wanted in zip(outputs, right, strict=True):
        measure.agrees(mine, wanted, 1e-5)
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

    def child(words: list[str], timeout: int, stdin: int) -> object:
        ran.append(words[1:])
        if "slow" in words:
            raise subprocess.TimeoutExpired(words, timeout)
        return types.SimpleNamespace(returncode={"toy": 0, "wrong": 1, "broken": -11}[words[3]])

    monkeypatch.setattr(command.subprocess, "run", child)
    named = [Benchmark(name, "", TOY.cases) for name in ("toy", "wrong", "broken", "slow")]
    install(monkeypatch, *named, Benchmark("graphs", "", TOY.cases, ("cuda",)))
    words = ["all", "--device", "cpu", "--quick", "--out-dir", str(tmp_path), "--commit", "abc"]
    assert command.main(words) == 2
    out = str(tmp_path / "bench_toy_cpu.json")
    assert ran[0] == [
        "-m",
        "utils.bench",
        "toy",
        "--device",
        "cpu",
        "--out",
        out,
        "--quick",
        "--commit",
        "abc",
    ]
    assert [each[2] for each in ran] == ["toy", "wrong", "broken", "slow"]
    said = capsys.readouterr()
    assert "left out: graphs cannot run on cpu; it needs cuda" in said.out
    assert "broken made no record: it ended with status -11" in said.err
    assert "slow was stopped: it took more than 900 s" in said.err


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
