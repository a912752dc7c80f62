"""utils.predictor answers what the model answers, refuses what it cannot use, and watches its inputs."""

from __future__ import annotations

from fractions import Fraction
from types import MappingProxyType

import numpy as np
import pytest
import torch
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.testing import assert_close

import utils.predictor
from tests.notebook_code import survivors
from utils.data import diabetes
from utils.drift import DriftMonitor
from utils.linear_regression import LinearModel, Standardised, closed_form
from utils.predictor import Predictor

FRAME = diabetes()
NAMES = list(FRAME.columns[:-1])
TABLE = torch.tensor(FRAME.to_numpy(), dtype=torch.float64)
X, y = TABLE[:, :-1], TABLE[:, -1]
ROWS = FRAME[NAMES].to_dict("records")  # floats and whole numbers, as pandas has them


def trained(dtype: torch.dtype = torch.float64) -> Standardised:
    """The best line as a model at work."""
    model = Standardised(LinearModel(10).double(), X, y)
    w, b = closed_form(model.scaled(X), model.scaled_target(y))
    with torch.no_grad():
        model.model.linear.weight.copy_(w[None])
        model.model.linear.bias.fill_(b)
    return model.to(dtype)


def expected() -> np.ndarray:
    Z = StandardScaler().fit_transform(X.numpy())
    return LinearRegression().fit(Z, y.numpy()).predict(Z)


class Clock:
    """Stands for ``time``: each look at it finds one second more than the last gap."""

    def __init__(self) -> None:
        self.now, self.gap = 0.0, 0.0

    def perf_counter(self) -> float:
        self.now, self.gap = self.now + self.gap, self.gap + 1
        return self.now


# A comparison takes an implementation: the settled one, or a mutant that must fail it.


def compare(made) -> None:
    predictor = made.Predictor(trained(), NAMES)
    answers = predictor.predict(ROWS[:5])
    assert [type(answer) for answer in answers] == [float] * 5
    assert_close(np.array(answers), expected()[:5])
    assert_close(predictor.predict(X).numpy(), expected())
    turned = [dict(reversed(row.items())) for row in ROWS[:5]]  # names count, their order does not
    assert predictor.predict(turned) == answers
    assert len(predictor.latencies) == 3 and predictor.drifted() is None
    # Times: what passes between the beginning and the answer.
    made.Predictor.predict.__globals__["time"] = Clock()
    timed = made.Predictor(trained(), NAMES)
    for _ in range(4):
        timed.predict(X[:2])
    assert list(timed.latencies) == [1.0, 3.0, 5.0, 7.0]
    assert (timed.latency(), timed.latency(0), timed.latency(0.9), timed.latency(1)) == (4.0, 1.0, 6.4, 7.0)
    for kept in (timed.latencies, made.Predictor(trained(), NAMES).latencies):
        assert kept.maxlen == 10_000
    # The window: the latest rows, whatever calls they came in.
    monitor = DriftMonitor(X, window=20, draws=100)
    watched = made.Predictor(trained(), NAMES, monitor)
    for begin, end, full in ((0, 7, False), (7, 19, False), (19, 20, True), (20, 31, True), (31, 99, True)):
        watched.predict(X[begin:end])
        assert watched.drifted() is (monitor.alarm(X[end - 20 : end]) if full else None)
        latest = X[max(0, end - 20) : end]
        assert torch.equal(watched._recent, latest)
    watched.predict(X[:19] + 100)
    assert watched.drifted() is True
    for rows, text in REFUSED.values():
        assert refusal(watched, rows) == text
    small = made.Predictor(trained(torch.float32), NAMES)
    assert refusal(small, [ROWS[0], row(bmi=1e300)]) == TOO_LARGE
    assert refusal(made.Predictor(Steep(), NAMES), ROWS[:3]) == "the prediction for rows[1] is inf"
    assert len(watched.latencies) == 6  # a refused call is not timed


class Steep(nn.Module):
    """Its prediction for the second patient is infinite."""

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        return 1 / (X[:, 0] - 48)


TOO_LARGE = "rows[1]['bmi'] is 1e+300, which is too large for float32"


def refusal(predictor, rows: object) -> str:
    """What the rows are refused with; nothing if they are not."""
    try:
        predictor.predict(rows)
    except (TypeError, ValueError, FloatingPointError) as error:
        return str(error)
    return ""


def row(**changes: object) -> dict[str, object]:
    return {**ROWS[1], **changes}


def without(name: str) -> dict[str, object]:
    return {key: value for key, value in ROWS[1].items() if key != name}


def table(value: float) -> torch.Tensor:
    changed = X[:4].clone()
    changed[2, 3] = value
    return changed


REFUSED = {
    "no rows": ([], "there is no row to predict for"),
    "an empty tensor": (X[:0], "there is no row to predict for"),
    "a row by itself": (ROWS[0], "rows is a list of dicts or a tensor (n, 10), not dict"),
    "a data frame": (FRAME, "rows is a list of dicts or a tensor (n, 10), not DataFrame"),
    "an array": (X.numpy(), "rows is a list of dicts or a tensor (n, 10), not ndarray"),
    "text": ("bmi", "rows is a list of dicts or a tensor (n, 10), not str"),
    "rows of lists": ([ROWS[0], [1.0] * 10], "rows[1] is a dict of names and numbers, not list"),
    "a name missing": ([ROWS[0], ROWS[1], without("bmi")], "rows[2] has no 'bmi'"),
    "an empty row": ([{}], "rows[0] has no 'age'"),
    "a name misspelt": (
        [{**without("bmi"), "bim": 1.0}],
        "rows[0] has an unknown feature 'bim'; is it 'bmi'?",
    ),
    "a name with two near it": (
        [{**without("bmi"), "bmp": 1.0}],
        "rows[0] has an unknown feature 'bmp'; is it 'bp'?",
    ),
    "two numbers lost": (
        [ROWS[0], row(s1=float("nan")), row(age=float("inf"))],
        "rows[1]['s1'] is nan, which is not finite",
    ),
    "a name too many": (
        [ROWS[0], row(height=1.7)],
        "rows[1] has an unknown feature 'height'; the features are age, sex, bmi, bp, s1, s2, s3, s4, s5, s6",
    ),
    "a number for a name": (
        [{**ROWS[0], 7: 1.0}],
        "rows[0] has an unknown feature 7; the features are age, sex, bmi, bp, s1, s2, s3, s4, s5, s6",
    ),
    "text for a number": ([ROWS[0], row(bmi="21.6")], "rows[1]['bmi'] is a number, not '21.6'"),
    "nothing for a number": ([row(s4=None)], "rows[0]['s4'] is a number, not None"),
    "yes for a number": ([row(sex=True)], "rows[0]['sex'] is a number, not True"),
    "a list for a number": ([row(age=[1])], "rows[0]['age'] is a number, not [1]"),
    "nan": ([ROWS[0], row(s1=float("nan"))], "rows[1]['s1'] is nan, which is not finite"),
    "infinity": ([row(s6=-float("inf"))], "rows[0]['s6'] is -inf, which is not finite"),
    "too large for any float": ([row(age=10**400)], "rows[0]['age'] is inf, which is not finite"),
    "nan in a tensor": (table(float("nan")), "rows[2]['bp'] is nan, which is not finite"),
    "a narrow tensor": (X[:, :9], "rows is (n, 10), not (442, 9)"),
    "a row as a tensor": (X[0], "rows is (n, 10), not (10,)"),
    "yes and no": (X > 1, "rows holds numbers, not bool"),
    "complex numbers": (X + 1j, "rows holds numbers, not complex128"),
}


def test_answers_what_scikit_learn_answers(monkeypatch):
    monkeypatch.setattr(utils.predictor, "time", utils.predictor.time)  # the comparison puts a clock there
    compare(utils.predictor)


def test_a_changed_version_fails():
    assert survivors(utils.predictor, ["Predictor"], compare) == []


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_used_gets_one_sentence_and_changes_nothing(case):
    predictor = Predictor(trained(), NAMES, DriftMonitor(X, 5, 0.1, 20))
    predictor.predict(ROWS[:3])
    rows, text = REFUSED[case]
    with pytest.raises((TypeError, ValueError)) as caught:
        predictor.predict(rows)
    assert str(caught.value) == text and "\n" not in text
    assert len(predictor.latencies) == 1 and torch.equal(predictor._recent, X[:3])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_both_precisions_take_both(dtype):
    predictor = Predictor(trained(dtype), NAMES, DriftMonitor(X, 200, 0.1, 20))
    for rows in (X.float(), X):
        answer = predictor.predict(rows)
        assert answer.dtype == dtype
        assert_close(answer.double().numpy(), expected(), rtol=1e-4, atol=0)
        assert predictor.drifted() is False
    assert_close(np.array(predictor.predict(ROWS)), expected(), rtol=1e-4, atol=0)
    ones = torch.ones(2, 10)
    assert torch.equal(predictor.predict(ones.long()), predictor.predict(ones))


def test_a_number_beyond_the_models_precision_is_named():
    with pytest.raises(ValueError) as caught:
        Predictor(trained(torch.float32), NAMES).predict([ROWS[0], row(bmi=1e300)])
    assert str(caught.value) == TOO_LARGE


def test_numbers_of_every_kind():
    kinds = [59, np.float64(2.0), np.float32(32.1), np.int64(101), Fraction(157)]
    values = [*kinds, 93.2, 38.0, 4.0, 4.8598, 87]
    row = dict(zip(NAMES, values, strict=True))
    predictor = Predictor(trained(), NAMES)
    assert_close(np.array(predictor.predict([row])), expected()[:1], rtol=1e-4, atol=0)
    assert predictor.predict((MappingProxyType(row),)) == predictor.predict([row])


def test_the_model_is_left_as_it_is():
    model = nn.Sequential(nn.Linear(10, 4), nn.BatchNorm1d(4), nn.Dropout(), nn.Linear(4, 1), nn.Flatten(0))
    model.double().train()
    model[1].eval()
    before = {name: each.clone() for name, each in model.state_dict().items()}
    predictor, inputs = Predictor(model, NAMES), X.clone().requires_grad_()
    first, second = predictor.predict(inputs), predictor.predict(inputs)
    assert torch.equal(first, second) and not first.requires_grad  # no dropout, no graph
    assert [part.training for part in model.modules()] == [True, True, False, True, True, True]
    assert all(torch.equal(each, before[name]) for name, each in model.state_dict().items())
    assert inputs.grad is None and torch.equal(inputs, X)


def test_a_model_without_weights():
    class Mean(nn.Module):
        def forward(self, X: torch.Tensor) -> torch.Tensor:
            return X.mean(dim=1)

    assert Predictor(Mean(), ["a", "b"]).predict([{"b": 3, "a": 1}]) == [2.0]


def test_the_seconds_are_real_ones():
    predictor = Predictor(trained(), NAMES)
    for _ in range(5):
        predictor.predict(ROWS[:1])
    assert 0 < predictor.latency(0) <= predictor.latency() <= predictor.latency(1)


def test_no_more_is_kept_than_the_window_and_ten_thousand_times(monkeypatch):
    monkeypatch.setattr(utils.predictor, "KEPT_LATENCIES", 3)
    predictor = Predictor(trained(), NAMES, DriftMonitor(X, 5, 0.1, 20))
    for start in range(0, 40, 4):
        predictor.predict(X[start : start + 4])
    assert len(predictor.latencies) == 3 and torch.equal(predictor._recent, X[35:40])


def test_nothing_is_made_on_a_default_device():
    model, monitor = trained(), DriftMonitor(X, 5, 0.1, 20)
    with torch.device("meta"):
        predictor = Predictor(model, NAMES, monitor)
        predictor.predict(X[:3])
        predictor.predict(ROWS[3:6])
        assert predictor.drifted() is not None and predictor.latency() > 0


# --- a model or a setting that does not fit: one clear sentence ------------------------------------


def test_a_prediction_that_is_not_finite_is_refused():
    predictor = Predictor(Standardised.unfitted(LinearModel(10), 10), NAMES)
    with pytest.raises(FloatingPointError, match=r"^the prediction for rows\[0\] is nan$"):
        predictor.predict(ROWS[:2])
    with pytest.raises(FloatingPointError, match=r"^the prediction for rows\[1\] is inf$"):
        Predictor(Steep(), NAMES).predict(ROWS[:3])


def asked(quantile: float) -> float:
    predictor = Predictor(trained(), NAMES)
    predictor.predict(ROWS[:1])
    return predictor.latency(quantile)


BAD = {
    "a column of predictions": (
        lambda: Predictor(nn.Linear(10, 1), NAMES).predict(ROWS[:3]),
        r"the model returns \(3, 1\) for 3 rows, not \(3,\)",
    ),
    "no features": (lambda: Predictor(trained(), []), r"at least one, not \[\]"),
    "one string": (lambda: Predictor(trained(), "bmi"), "a list of different names, .* not 'bmi'"),
    "a feature twice": (lambda: Predictor(trained(), ["bmi", "bmi"]), "a list of different names"),
    "a narrow monitor": (
        lambda: Predictor(trained(), NAMES, DriftMonitor(X[:, :3], 5, 0.1, 20)),
        "the monitor watches 3 columns, and there are 10 features",
    ),
    "no call": (lambda: Predictor(trained(), NAMES).latency(), "no call has been answered yet"),
    "99 percent": (lambda: asked(99), "a quantile lies between 0 and 1, not 99"),
    "one and a half": (lambda: asked(1.5), "not 1.5"),
    "less than nothing": (lambda: asked(-0.5), "not -0.5"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_setting_gets_one_sentence(case):
    call, text = BAD[case]
    with pytest.raises(ValueError, match=text) as caught:
        call()
    assert "\n" not in str(caught.value)
