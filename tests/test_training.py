"""utils.training equals the same steps written out by hand; changed anywhere, it does not."""

from __future__ import annotations

import contextlib
import inspect
import io
import math
import re

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from sklearn.metrics import log_loss, mean_squared_error
from torch import nn
from torch.testing import assert_close
from torch.utils.data import DataLoader, TensorDataset

import utils.training
from tests.notebook_code import survivors
from utils.linear_regression import LinearModel
from utils.training import Epoch, evaluating, mean_loss, train

N, I, K = 23, 3, 4  # 23 samples in batches of 5 leave a last batch of 3


@pytest.fixture(autouse=True)
def seed() -> None:
    torch.manual_seed(5)  # modules draw their first weights from the global generator


def random(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


X, y = random(N, I), random(N, seed=1) * 2 + 1
X_new, y_new = random(11, I, seed=2), random(11, seed=3)


def shuffled(seed: int = 0, *tensors: torch.Tensor) -> DataLoader:
    data = TensorDataset(*(tensors or (X, y)))
    return DataLoader(data, 5, shuffle=True, generator=torch.Generator().manual_seed(seed))


def line(start: float = 0.5) -> LinearModel:
    model = LinearModel(I).double()
    nn.init.constant_(model.linear.weight, start)
    nn.init.constant_(model.linear.bias, -start)
    return model


def weights(model: nn.Module) -> torch.Tensor:
    return nn.utils.parameters_to_vector(model.parameters()).detach().clone()


def copied(model: nn.Module) -> dict[str, torch.Tensor]:
    return {name: each.clone() for name, each in model.state_dict().items()}


def equal(a: dict[str, torch.Tensor], b: dict[str, torch.Tensor]) -> bool:
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


# --- by hand, in NumPy -----------------------------------------------------------------------------


def sgd(w, g, memory):
    return w - 0.05 * g


def momentum(w, g, memory):
    memory["v"] = 0.9 * memory.get("v", 0) + g
    return w - 0.05 * memory["v"]


def adam(w, g, memory):
    t = memory["t"] = memory.get("t", 0) + 1
    memory["m"] = 0.9 * memory.get("m", 0) + 0.1 * g
    memory["s"] = 0.999 * memory.get("s", 0) + 0.001 * g**2
    return w - 0.05 * (memory["m"] / (1 - 0.9**t)) / (np.sqrt(memory["s"] / (1 - 0.999**t)) + 1e-8)


OPTIMISERS = {
    sgd: lambda model: torch.optim.SGD(model.parameters(), 0.05),
    momentum: lambda model: torch.optim.SGD(model.parameters(), 0.05, momentum=0.9),
    adam: lambda model: torch.optim.Adam(model.parameters(), 0.05),
}


def by_hand(step, epochs: int) -> tuple[np.ndarray, list[tuple[float, float]]]:
    """The last weights and bias, and the losses of each epoch, with the batches in the same order."""
    parameters, memory, losses = np.array([0.5, 0.5, 0.5, -0.5]), {}, []
    batches = shuffled()
    for _ in range(epochs):
        squares = []
        for inputs, targets in batches:
            A = np.hstack([inputs.numpy(), np.ones((len(inputs), 1))])
            error = A @ parameters - targets.numpy()
            squares.extend(error**2)
            parameters = step(parameters, 2 / len(error) * A.T @ error, memory)
        predicted = X_new.numpy() @ parameters[:-1] + parameters[-1]
        losses.append((np.mean(squares), mean_squared_error(y_new.numpy(), predicted)))
    return parameters, losses


# Each comparison takes an implementation: the settled one, or a mutant that must fail it.


def compare_steps(made) -> None:
    for step, make in OPTIMISERS.items():
        model = line()
        F.mse_loss(model(X), y).backward()  # a gradient left from before does not count
        held_out = [(X_new[:8], y_new[:8]), (X_new[8:], y_new[8:])]
        history = made.train(model, shuffled(), F.mse_loss, make(model), 6, held_out)
        parameters, losses = by_hand(step, 6)
        assert_close(weights(model), torch.tensor(parameters), rtol=1e-10, atol=1e-12)
        assert_close(np.array(history), np.array(losses), rtol=1e-10, atol=0)
        assert [type(each).__name__ for each in history] == ["Epoch"] * 6
    model = line()
    alone = made.train(model, shuffled(), F.mse_loss, OPTIMISERS[sgd](model), 6)
    assert [each.validation for each in alone] == [None] * 6
    assert_close([each.training for each in alone], [pair[0] for pair in by_hand(sgd, 6)[1]])


def compare_mean_loss(made) -> None:
    model, batches = line(), [(X[:10], y[:10]), (X[10:20], y[10:20]), (X[20:], y[20:])]
    whole = mean_squared_error(y.numpy(), model(X).detach().numpy())
    assert math.isclose(made.mean_loss(model, batches, F.mse_loss), whole, rel_tol=1e-12)
    classifier, classes = nn.Linear(I, K).double(), torch.arange(N) % K
    whole = log_loss(classes.numpy(), torch.softmax(classifier(X), 1).detach().numpy())
    batches = DataLoader(TensorDataset(X, classes), 10)
    assert math.isclose(made.mean_loss(classifier, batches, F.cross_entropy), whole, rel_tol=1e-9)


def scripted(losses: list[float]):
    """A loss whose values on the validation part are given; on the training part it is what it is."""
    values = iter(torch.tensor(losses, dtype=torch.float64))

    def loss(outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        return F.mse_loss(outputs, targets) if torch.is_grad_enabled() else next(values)

    return loss


def stops(losses: list[float], patience: int) -> tuple[int, int]:
    """(epochs run, epochs to the best) for a list of validation losses."""
    for ran in range(1, len(losses) + 1):
        best = losses.index(min(losses[:ran]))  # the first of equal ones
        if ran - (best + 1) >= patience:
            return ran, best + 1
    return len(losses), losses.index(min(losses)) + 1


SCRIPTS = [
    [5.0, 4.0, 4.0, 3.0, 3.5, 3.0, 3.2, 2.0],
    [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0],
    [6.0, 5.0, 4.0, 3.0, 2.0, 1.0],
    *torch.randint(9, (12, 10), generator=torch.Generator().manual_seed(0)).double().tolist(),
]


def compare_stopping(made) -> None:
    for losses in SCRIPTS:
        for patience in (1, 2, 3):
            ran, best = stops(losses, patience)
            model, short = line(), line()
            history = made.train(
                model, shuffled(), scripted(losses), OPTIMISERS[adam](model), len(losses), [(X, y)], patience
            )
            assert [each.validation for each in history] == losses[:ran]
            made.train(short, shuffled(), F.mse_loss, OPTIMISERS[adam](short), best)
            assert equal(model.state_dict(), short.state_dict())


def compare_modes(made) -> None:
    model = nn.Sequential(nn.Linear(I, 4), nn.BatchNorm1d(4), nn.Dropout(0.5), nn.Linear(4, 1), nn.Flatten(0))
    model.double().train()
    model[1].eval()  # one part is kept out of training on purpose
    before, modes = copied(model), [part.training for part in model.modules()]
    first, second = (made.mean_loss(model, [(X, y)], F.mse_loss) for _ in range(2))
    assert first == second and equal(copied(model), before)  # no dropout, no running means moved
    assert [part.training for part in model.modules()] == modes
    assert all(each.grad is None for each in model.parameters())
    seen = []
    model[2].register_forward_hook(lambda part, *_: seen.append((part.training, torch.is_grad_enabled())))
    made.train(model.eval(), [(X, y)], F.mse_loss, torch.optim.SGD(model.parameters(), 0.1), 2, [(X, y)])
    assert seen == [(True, True), (False, False)] * 2
    assert not any(part.training for part in model.modules())


@pytest.mark.parametrize(
    "compare", [compare_steps, compare_mean_loss, compare_stopping, compare_modes], ids=lambda f: f.__name__
)
def test_equals_the_same_by_hand(compare):
    compare(utils.training)


def compare_loop(made) -> None:
    compare_steps(made)
    compare_stopping(made)
    compare_lines(made)
    compare_names(made)


@pytest.mark.parametrize(
    ("compare", "names"),
    [(compare_loop, ["train", "_progress"]), (compare_mean_loss, ["mean_loss", "_mean"])],
    ids=["train", "mean_loss"],
)
def test_a_changed_version_fails(compare, names):
    assert survivors(utils.training, names, compare) == []


# --- what the loop keeps, prints and follows -------------------------------------------------------


def printed(made, epochs: int, every: int, validation=None) -> list[str]:
    """The lines that training prints, caught without pytest, so that mutants can be asked too."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        model = line()
        made.train(model, shuffled(), F.mse_loss, OPTIMISERS[sgd](model), epochs, validation, every=every)
    return out.getvalue().splitlines()


def compare_lines(made) -> None:
    losses = by_hand(sgd, 100)[1]
    assert printed(made, 100, 20, [(X_new, y_new)]) == [
        f"epoch {epoch:3}/100  training {losses[epoch - 1][0]:.4f}  validation {losses[epoch - 1][1]:.4f}"
        for epoch in (20, 40, 60, 80, 100)
    ]
    assert printed(made, 3, 2) == [f"epoch 2/3  training {losses[1][0]:.4f}"]
    assert printed(made, 3, 0) == []


def test_prints_a_line_now_and_then():
    compare_lines(utils.training)


def test_the_best_weights_come_back_with_their_running_means():
    """Training pulls the outputs past what the validation part wants; buffers count as much as weights."""

    def made() -> tuple[nn.Module, torch.optim.Optimizer]:
        torch.manual_seed(1)
        model = nn.Sequential(nn.Linear(I, 4), nn.BatchNorm1d(4), nn.Linear(4, 1), nn.Flatten(0)).double()
        return model, torch.optim.SGD(model.parameters(), 0.02)

    far, near = [(X, torch.full((N,), 10.0).double())], [(X_new, torch.full((11,), 3.0).double())]
    model, optimiser = made()
    history = train(model, far, F.mse_loss, optimiser, 200, near, patience=4)
    best = min(range(len(history)), key=lambda i: history[i].validation) + 1
    assert 3 < best == len(history) - 4 < 190
    short, optimiser = made()
    train(short, far, F.mse_loss, optimiser, best)
    assert equal(model.state_dict(), short.state_dict())
    assert mean_loss(model, near, F.mse_loss) == history[best - 1].validation


def test_without_patience_the_last_weights_stay():
    model = line()
    losses = [1.0, 2.0, 3.0, 4.0]
    train(model, shuffled(), scripted(losses), OPTIMISERS[sgd](model), 4, [(X, y)])
    assert_close(weights(model), torch.tensor(by_hand(sgd, 4)[0]))


def test_classes_and_tokens_are_weighed_alike():
    """Targets (B, T) of two lengths: the mean is over all tokens, not over batches."""
    outputs, classes = random(5, K, 7), torch.arange(35).view(5, 7) % K
    model = nn.Identity()
    batches = [(outputs[:2, :, :3], classes[:2, :3]), (outputs[2:], classes[2:])]
    tokens = torch.cat([each[0].movedim(1, 2).reshape(-1, K) for each in batches])
    whole = F.cross_entropy(tokens, torch.cat([each[1].flatten() for each in batches]))
    assert math.isclose(mean_loss(model, batches, F.cross_entropy), whole.item(), rel_tol=1e-12)


def test_a_classifier_takes_the_same_steps_as_by_hand():
    classes = (X[:, 0] > 0).long() + 2 * (X[:, 1] > 0).long()
    W, b = np.zeros((K, I)), np.zeros(K)
    for inputs, targets in [each for _ in range(3) for each in DataLoader(TensorDataset(X, classes), 5)]:
        z = inputs.numpy() @ W.T + b
        slope = np.exp(z) / np.exp(z).sum(1, keepdims=True) - np.eye(K)[targets.numpy()]
        W, b = W - 0.3 / len(z) * slope.T @ inputs.numpy(), b - 0.3 * slope.mean(0)
    model = nn.Linear(I, K).double()
    nn.init.zeros_(model.weight)
    nn.init.zeros_(model.bias)
    optimiser = torch.optim.SGD(model.parameters(), 0.3)
    train(model, DataLoader(TensorDataset(X, classes), 5), F.cross_entropy, optimiser, 3)
    assert_close(model.weight.detach(), torch.tensor(W))
    assert_close(model.bias.detach(), torch.tensor(b))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_training_in_both_precisions_goes_the_same_way(dtype):
    model = line().to(dtype)
    train(model, shuffled(0, X.to(dtype), y.to(dtype)), F.mse_loss, OPTIMISERS[sgd](model), 6)
    assert weights(model).dtype == dtype
    assert_close(weights(model).double(), torch.tensor(by_hand(sgd, 6)[0]), rtol=1e-4, atol=1e-5)


def test_part_of_a_model_can_be_trained():
    model = nn.Sequential(nn.Linear(I, 2), nn.Linear(2, 1), nn.Flatten(0)).double()
    before = copied(model)
    train(model, [(X, y)], F.mse_loss, torch.optim.SGD(model[1].parameters(), 0.1), 2)
    moved = {name for name, each in model.state_dict().items() if not torch.equal(each, before[name])}
    assert moved == {"1.weight", "1.bias"}


class Parcel:
    """A tensor that notes where it is sent."""

    def __init__(self, content: torch.Tensor, journal: list) -> None:
        self.content, self.journal = content, journal

    def to(self, device: torch.device | None) -> torch.Tensor:
        self.journal.append(device)
        return self.content


def test_batches_follow_the_model():
    journal: list = []
    batches = [(Parcel(X, journal), Parcel(y, journal))]
    model = line()
    train(model, batches, F.mse_loss, OPTIMISERS[sgd](model), 1, batches)
    assert journal == [torch.device("cpu")] * 4
    journal.clear()
    mean_loss(nn.Identity(), [(Parcel(y, journal), Parcel(y, journal))], F.mse_loss)
    assert journal == [None] * 2  # no weights to follow: they stay where they are


def test_the_loop_can_be_read_at_one_glance():
    source = inspect.getsource(train)
    assert source.count("\n") < 80
    phases = re.findall(r"# (\w+)[:, ]", source)
    assert phases == ["Forward", "Loss", "Backward", "Update", "Add", "Measure", "Remember", "Stop"]


# --- what goes wrong -------------------------------------------------------------------------------


class Spoilt:
    """Three batches; in one epoch the second has a target that is no number."""

    def __init__(self, epoch: int) -> None:
        self.passes, self.epoch = 0, epoch

    def __iter__(self):
        self.passes += 1
        for number in range(3):
            bad = number == 1 and self.passes == self.epoch
            yield X, y * math.nan if bad else y


def compare_names(made) -> None:
    for epoch in (1, 3):
        model, said = line().eval(), ""
        try:
            made.train(model, Spoilt(epoch), F.mse_loss, OPTIMISERS[sgd](model), 5)
        except FloatingPointError as error:
            said = str(error)
        assert said.startswith(f"the loss of epoch {epoch}, batch 2 is nan; a smaller learning rate")
        assert weights(model).isfinite().all()  # stopped before the step
        assert not model.training  # its mode is back


def test_a_loss_that_is_not_a_number_is_named():
    compare_names(utils.training)


def test_a_rate_that_is_too_large_is_named():
    model = line().float()
    with pytest.raises(FloatingPointError, match=r"^the loss of epoch \d+, batch \d is inf; a smaller"):
        batches = DataLoader(TensorDataset(X.float(), y.float()), 5)
        train(model, batches, F.mse_loss, torch.optim.SGD(model.parameters(), 100.0), 500)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_validation_loss_that_is_not_finite_is_named(bad):
    model = line()
    with pytest.raises(FloatingPointError, match=f"^the validation loss of epoch 2 is {bad}"):
        train(model, [(X, y)], scripted([1.0, bad]), OPTIMISERS[sgd](model), 5, [(X, y)], patience=3)


def test_a_mean_of_what_is_not_a_number_is_not_a_number():
    assert math.isnan(mean_loss(line(), [(X, y), (X, y * math.nan)], F.mse_loss))


def test_modes_come_back_after_an_error():
    model = nn.Sequential(nn.Dropout(), LinearModel(I).double())
    model[0].eval()
    with pytest.raises(RuntimeError, match="on purpose"), evaluating(model):
        assert not model.training and not torch.is_grad_enabled()
        raise RuntimeError("on purpose")
    assert [part.training for part in model.modules()] == [True, False, True, True]
    assert torch.is_grad_enabled()


def test_an_epoch_has_two_names():
    assert Epoch(1.0, None)._asdict() == {"training": 1.0, "validation": None}


def attempt(epochs: int = 2, batches=((X, y),), loss_fn=F.mse_loss, model=None, optimiser=None, **settings):
    model = model or line()
    return train(model, batches, loss_fn, optimiser or OPTIMISERS[sgd](model), epochs, **settings)


def each_alone(outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return (outputs - targets) ** 2


column = nn.Linear(I, 1).double()
BAD = {
    "no epochs": (lambda: attempt(0), "epochs is at least 1 and every at least 0, not 0 and 0"),
    "every -1": (lambda: attempt(every=-1), "not 2 and -1"),
    "no patience": (lambda: attempt(validation=[(X, y)], patience=0), "patience is at least 1 epoch, not 0"),
    "patience for nothing": (lambda: attempt(patience=3), "patience needs validation batches"),
    "another model's optimiser": (
        lambda: attempt(optimiser=OPTIMISERS[sgd](line())),
        "the optimiser holds no weight of this model",
    ),
    "no batches": (lambda: attempt(batches=[]), "the batches hold no sample"),
    "batches used up": (lambda: attempt(batches=iter([(X, y)])), "which can be read again"),
    "no validation batches": (lambda: attempt(validation=[]), "the batches hold no sample"),
    "nothing to measure": (lambda: mean_loss(line(), [], F.mse_loss), "the batches hold no sample"),
    "a column of outputs": (
        lambda: attempt(model=column),
        r"outputs have shape \(23, 1\) and the targets \(23,\); they must be the same",
    ),
    "a column of targets": (lambda: attempt(batches=[(X, y[:, None])]), r"targets \(23, 1\)"),
    "a column measured": (lambda: mean_loss(column, [(X, y)], F.mse_loss), r"shape \(23, 1\)"),
    "a column and whole numbers": (
        lambda: attempt(model=column, batches=[(X, y.long())]),
        r"shape \(23, 1\) and the targets \(23,\)",
    ),
    "fewer whole numbers": (lambda: attempt(batches=[(X, y.long()[:1])]), r"targets \(1,\)"),
    "a loss for each": (lambda: attempt(loss_fn=each_alone), r"loss_fn returns one number, .* shape \(23,\)"),
    "each measured": (lambda: mean_loss(line(), [(X, y)], each_alone), "loss_fn returns one number"),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.filterwarnings("error")
def test_bad_input_gets_one_sentence(case):
    call, text = BAD[case]
    with pytest.raises(ValueError, match=text) as caught:
        call()
    assert "\n" not in str(caught.value)
