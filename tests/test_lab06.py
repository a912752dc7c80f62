"""What only lab 06 has: verdicts on graph breaks and counts of compilations held against PyTorch's own
compiler, the simulated machine, and the pieces of chapter 06 that the exercises stand on.
"""

from __future__ import annotations

import contextlib
import io

import pytest
import torch
from torch.testing import assert_close
from torch.utils._python_dispatch import TorchDispatchMode

from tests import mistakes
from tests.test_labs import namespace, solution
from utils import bench
from utils.exercises.lab06 import EXERCISES
from utils.exercises.lab06.machine import FILL, LAUNCH, Machine
from utils.exercises.lab06.watching import watching
from utils.exercises.outcome import make_cases
from utils.exercises.proof import run_here

BY_ID = {exercise.id: exercise for exercise in EXERCISES}
SEEDS = (5, 6)


def cases(name, seed=5):
    exercise = BY_ID[f"06.{name}"]
    return exercise, make_cases(exercise, seed)


@pytest.fixture(scope="module")
def solved():
    """The notebook's functions by name."""
    return namespace(solution("06"), EXERCISES[0])


@pytest.fixture(scope="module")
def given():
    """The functions with graph breaks that the notebook hands out, by name."""
    names = {"torch": torch}
    exec(next(cell.source for cell in solution("06").cells if cell.id == "cure-breaks-given"), names)
    return names


class Counting:
    """A backend that compiles nothing and counts what it is given."""

    def __init__(self):
        self.graphs = 0

    def __call__(self, graph, inputs):
        self.graphs += 1
        return graph.forward


# --- cure_breaks ------------------------------------------------------------------------------------------


def broken(given, x):
    """The four results of the functions as they are handed out; what they print is what is returned."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        results = given["settled"](x), given["scaled"](x), given["rooted"](x)
    seen = [float(line.split()[1]) for line in printed.getvalue().splitlines()]
    return results[0], torch.tensor(seen, dtype=x.dtype), *results[1:]


def slopes(results, x):
    weighted = sum((r * torch.arange(1.0, r.numel() + 1).reshape(r.shape)).sum() for r in results)
    return torch.autograd.grad(weighted, x, retain_graph=True)[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_cured_functions_are_the_given_ones_in_values_and_gradients(seed, solved, given):
    exercise, made = cases("cure_breaks", seed)
    for case in made:
        x = case.args[0].clone().requires_grad_()
        expected = broken(given, x)
        for cured in (exercise.reference, solved["cure_breaks"]):
            got = cured(x)
            for one, other in zip(got, expected, strict=True):
                assert_close(one.detach(), other.detach(), rtol=1e-9, atol=1e-9)
            kept = [0, 2, 3]
            assert_close(slopes([got[i] for i in kept], x), slopes([expected[i] for i in kept], x))


def captured_whole(function, x):
    """Whether PyTorch's compiler takes the function as one graph, by default.

    Neither question alone tells: ``fullgraph=True`` keeps the number of ``.item()`` in the graph, as a
    symbol, and a branch on data is not counted among the breaks.
    """
    torch.compiler.reset()
    torch._dynamo.utils.counters.clear()
    try:
        torch.compile(function, backend=Counting())(x)
        breaks = sum(torch._dynamo.utils.counters["graph_break"].values())
        torch.compiler.reset()
        torch.compile(function, backend=Counting(), fullgraph=True)(x)
    except torch._dynamo.exc.TorchDynamoException:
        return False
    return not breaks


def captured_by_watch(function, x):
    with contextlib.redirect_stdout(io.StringIO()), watching() as watch:
        function(x)
    return not (watch.prints or watch.numbers or watch.branches)


@pytest.mark.filterwarnings("ignore:Converting a tensor with requires_grad")
def test_the_watch_and_pytorchs_compiler_judge_alike(solved, given):
    exercise, made = cases("cure_breaks")
    x = made[0].args[0].clone().requires_grad_()
    functions = {mistake.name: mistake.wrong for mistake in exercise.mistakes}
    functions |= {f"second {name}": f for name, f in mistakes.second_forms(exercise.id).items()}
    functions |= mistakes.right_solutions(exercise.id)
    functions |= {name: given[name] for name in ("settled", "scaled", "rooted")}
    functions |= {"reference": exercise.reference, "solution": solved["cure_breaks"]}
    kept = ("print_kept", "number_kept", "branch_kept", "nothing_cured")
    breaks = {*kept, *(f"second {name}" for name in kept), "settled", "scaled", "rooted"}
    for name, function in functions.items():
        judged = captured_whole(function, x), captured_by_watch(function, x)
        assert judged == (name not in breaks,) * 2, name


READS = {
    "float": lambda x: x * float(x.sum()),
    "int": lambda x: x * int(x.sum()),
    "list": lambda x: x * sum(x.flatten().tolist()),
    "mask": lambda x: x[x > 0].sum(),
    "nonzero": lambda x: torch.nonzero(x),
    "where": lambda x: torch.where(x > 0)[0],
    "unique": lambda x: torch.unique(x),
    "and": lambda x: x * 2 if x.sum() > 0 and x.min() < 0 else x,
    "not": lambda x: x * 2 if not x.any() else x,
    "equal": lambda x: x * 2 if torch.equal(x, -x) else x,
    "as_tensor": lambda x: torch.as_tensor([x.max(), x.min()]),
    "full_like": lambda x: torch.full_like(x, x.max()),
    "new_full": lambda x: x.new_full((3,), x.max()),
    "single index": lambda x: x[(x.sum() > 0).long()],
    "single index of two": lambda x: x[0, (x.sum() > 0).long()],
    "mask of two": lambda x: x[x.sum(dim=1) > 0, 0],
    "text": lambda x: [str(x.max()), x * 2][1],
}


@pytest.mark.parametrize("name", READS)
def test_the_watch_sees_each_way_to_get_at_a_value(name):
    x = torch.linspace(-1.0, 2.0, 6).reshape(2, 3)
    assert not captured_by_watch(READS[name], x)
    assert not captured_whole(READS[name], x)


ALLOWED = {
    "index": lambda x: x[(x.sum(dim=1) > 0).long()],
    "mask written": lambda x: x.clone().index_put_((x > 0,), x.mean()),
    "list": lambda x: torch.stack([x.max(), x.min()]),
    "new list": lambda x: torch.tensor([x.max(), x.min()]),
    "tensor": lambda x: torch.as_tensor(x.max()),
    "filled": lambda x: torch.full_like(x, 2.0),
    "written": lambda x: x.clone().fill_(x.max()),
}


@pytest.mark.parametrize("name", ALLOWED)
def test_the_watch_takes_no_offence_at_what_stays_in_tensors(name):
    x = torch.linspace(-1.0, 2.0, 6).reshape(2, 3)
    assert captured_by_watch(ALLOWED[name], x)
    assert captured_whole(ALLOWED[name], x)


def in_cured(place, change):
    """A right solution with one result made otherwise."""

    def cured(x):
        results = list(mistakes.right_solutions("06.cure_breaks")["by_factors"](x))
        results[place] = change(results[place], x)
        return tuple(results)

    return cured


HIDDEN_READS = {
    "as_tensor": in_cured(1, lambda seen, x: torch.as_tensor(list(seen))),
    "full_like": in_cured(2, lambda _, x: x / torch.full_like(x, x.detach().abs().max()).clamp(min=1)),
    "single index": in_cured(3, lambda rooted, x: torch.stack([rooted, rooted])[(x > 0).all().long()]),
}


@pytest.mark.filterwarnings("ignore:Converting a tensor with requires_grad")
@pytest.mark.parametrize("name", HIDDEN_READS)
def test_a_number_read_behind_the_scenes_is_told_as_such(name):
    outcome = run_here(BY_ID["06.cure_breaks"], HIDDEN_READS[name])
    assert outcome.mistake and outcome.mistake.name == "number_kept"


def test_where_the_watch_is_stricter_than_pytorchs_compiler():
    """Dynamo translates these; in eager mode, where the watch looks, they read values all the same."""
    x = torch.linspace(-1.0, 2.0, 6).reshape(2, 3)
    for function in (lambda x: max(x.sum(), x.mean()) * x, lambda x: torch.from_numpy(x.numpy() * 2)):
        assert captured_whole(function, x) and not captured_by_watch(function, x)


# --- fair_times -------------------------------------------------------------------------------------------


def test_the_simulated_machine_does_what_it_says():
    machine = Machine([4.0, 8.0], [1, 0])
    call = machine.variant(0)
    call(machine.make_input())
    assert machine.clock() == LAUNCH + 16.0 + LAUNCH  # an input, compiling, a launch
    machine.synchronise()
    assert machine.clock() == LAUNCH + 16.0 + LAUNCH + 4.0  # the input was filled meanwhile
    x = machine.make_input()
    machine.synchronise()
    began = machine.clock()
    machine.variant(1)(x)
    assert machine.clock() - began == LAUNCH
    machine.synchronise()
    assert machine.clock() - began == LAUNCH + 8.0 * (1 + 1 / 32)
    assert FILL > 0 and x.all()


def taking_one(call):
    return lambda x: call()


@pytest.mark.parametrize("seed", SEEDS)
def test_fair_times_are_those_of_the_measuring_tool(seed, solved):
    """On a machine that waits for its device in each call, the two may differ in nothing."""
    _, made = cases("fair_times", seed)
    for case in made:
        base, compiled, warmup, rounds = case.args
        ours, theirs = (Machine(base.tolist(), compiled) for _ in range(2))
        names = "abc"[: len(base)]

        def waiting(machine, i):
            call = machine.variant(i)

            def whole():
                call(machine.make_input())
                machine.synchronise()

            return whole

        calls = {name: waiting(theirs, i) for i, name in enumerate(names)}
        expected = bench.time_interleaved(calls, rounds, warmup, clock=theirs.clock)
        given = {name: taking_one(waiting(ours, i)) for i, name in enumerate(names)}
        times = solved["fair_times"](given, lambda: None, ours.clock, ours.synchronise, warmup, rounds)
        assert times == expected


# --- bytes and seconds ------------------------------------------------------------------------------------


class Traffic(TorchDispatchMode):
    """Adds up the bytes of each operation's different inputs and of its output."""

    moved = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        tensors = {id(t): t for t in args if isinstance(t, torch.Tensor)}
        self.moved += sum(t.nbytes for t in [*tensors.values(), result])
        return result


@pytest.mark.parametrize("seed", SEEDS)
def test_bytes_apart_are_those_of_pytorchs_own_kernels(seed):
    exercise, made = cases("bytes_moved", seed)
    for case in made:
        chain, elements, itemsize, _ = case.args
        dtype = {2: torch.float16, 4: torch.float32, 8: torch.float64}[itemsize]
        whole = max(elements.values())
        tensors = {name: torch.ones(size, dtype=dtype) for name, size in elements.items()}
        with Traffic() as traffic:
            for _, inputs in chain:
                sizes = {elements[name] for name in inputs}
                given = [tensors[name] for name in inputs]
                if len(sizes) > 1 or len(given) == 1:  # stands for a broadcast: same traffic
                    traffic.moved += sum(t.nbytes for t in given) + whole * itemsize
                else:
                    torch.mul(*given)
        assert exercise.reference(*case.args)[0] == traffic.moved


def test_the_gate_of_the_chapter_moves_ten_numbers_or_three(solved):
    chain = [("a", ["x"]), ("b", ["a", "a"]), ("c", ["b", "y"]), ("out", ["x", "c"])]
    assert solved["bytes_moved"](chain, dict.fromkeys(("x", "y", "a", "b", "c", "out"), 6), 4, ["out"]) == (
        6 * 10 * 4,
        6 * 3 * 4,
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_the_roofline_is_never_undercut_by_either_limit(seed, solved):
    exercise, made = cases("roofline_seconds", seed)
    for case in made:
        flops, moved, peak, bandwidth = case.args
        seconds, memory_bound = solved["roofline_seconds"](*case.args)
        assert (seconds * peak >= flops * (1 - 1e-12)).all()
        assert (seconds * bandwidth >= moved * (1 - 1e-12)).all()
        assert 0 < memory_bound.sum() < len(flops), "both limits occur"


@pytest.mark.parametrize("seed", SEEDS)
def test_break_even_is_the_measuring_tools_rounded_up(seed):
    exercise, made = cases("break_even", seed)
    for case in made:
        *times, steps = case.args
        paid, worth_it = exercise.reference(*case.args)
        exact = torch.tensor(
            [bench.break_even(*row) for row in zip(*(t.tolist() for t in times), strict=True)]
        )
        assert paid.double().equal(exact.double().ceil())
        assert paid.isinf().any() and (paid == steps).any() and (exact != paid).any()
        price, eager, compiled = times
        assert worth_it.equal(price + steps * compiled <= steps * eager)


# --- shapes and guards ------------------------------------------------------------------------------------


def test_stable_shapes_compile_once_for_each_bucket(solved):
    torch.compiler.reset()
    counting = Counting()
    model = torch.compile(torch.cos, backend=counting, dynamic=False)
    for lengths in ((3, 5), (7, 2), (4, 1), (9, 11), (16, 3), (2, 2)):
        sequences = [torch.randn(n, 3, dtype=torch.float64) for n in lengths]
        means, _ = solved["stable_shapes"](sequences, [4, 8, 16], model)
        expected = torch.stack([torch.cos(x).mean(dim=0) for x in sequences])
        assert_close(means, expected, rtol=1e-12, atol=1e-12)
    assert counting.graphs == 3


def compilations(calls, dynamic):
    """What PyTorch's compiler counts."""

    def function(x, flag):
        return torch.sin(x) if flag else torch.cos(x)

    torch.compiler.reset()
    counting = Counting()
    compiled = torch.compile(function, backend=counting, dynamic=dynamic)
    counts = []
    with torch._dynamo.config.patch(recompile_limit=64):
        for shape, dtype, flag in calls:
            compiled(torch.zeros(shape, dtype=getattr(torch, dtype)), flag)
            counts.append(counting.graphs)
    return counts


@pytest.mark.parametrize("seed", (*SEEDS, 7, 11, 2024))
def test_counts_are_those_of_pytorchs_compiler(seed):
    exercise, made = cases("count_compiles", seed)
    for case in made:
        (calls,) = case.args
        expected = compilations(calls, dynamic=False), compilations(calls, dynamic=None)
        assert exercise.reference(calls) == expected, case.name["en"]


@pytest.mark.parametrize("seed", SEEDS)
def test_counts_of_calls_at_random_are_those_of_pytorchs_compiler(seed, solved):
    generator = torch.Generator().manual_seed(seed)

    def draw(*choices):
        return choices[int(torch.randint(len(choices), (), generator=generator))]

    calls = [
        ((draw(0, 1, 2, 3, 5), draw(8, 9)), draw("float32", "float64"), draw(True, False)) for _ in range(40)
    ]
    counts = solved["count_compiles"](calls)
    assert list(counts[0]) == compilations(calls, dynamic=False)
    assert list(counts[1]) == compilations(calls, dynamic=None)


def test_what_the_last_cell_suggests_holds(solved):
    """Padded to buckets, no size becomes dynamic, and the counts of both lists are the same."""
    lengths = (5, 7, 3, 12, 9, 1)
    raw = [((n, 40), "float32", True) for n in lengths]
    padded = [((next(b for b in (4, 8, 16) if b >= n), 40), "float32", True) for n in lengths]
    static, automatic = solved["count_compiles"](raw)
    assert (static[-1], automatic[-1]) == (6, 3)
    static, automatic = solved["count_compiles"](padded)
    assert (static[-1], automatic[-1]) == (3, 2)
