"""05.epoch_loss: the loss of a whole epoch, fair to every sample. A model may answer in a column or not."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from utils.exercises.authoring import Numbers, is_near
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab05 import epoch_loss_means, epoch_loss_shapes


class Line:
    """A linear model that learns, answers (B,) or (B, 1), and counts how often it is asked."""

    def __init__(self, w: Tensor, b: Tensor, column: bool) -> None:
        self.w, self.b, self.column = w.requires_grad_(), b.requires_grad_(), column
        self.calls = 0

    def __call__(self, X: Tensor) -> Tensor:
        self.calls += 1
        answer = X @ self.w + self.b
        return answer[:, None] if self.column else answer


def cases(seed: int) -> list[Case]:
    """The last batch is shorter, and its targets lie further off than those of the others; in the third case
    those of the first lie further still.

    Targets follow the predictions, so that it shows when a prediction meets the target of another sample.
    """
    draw = Numbers(seed)

    def case(name, sizes, inputs, column, first=0.0):
        w, batches = draw.normal(inputs, shift=1.0), []
        for n, shift in zip(sizes, [first, *range(1, len(sizes) - 1), 6.0], strict=True):
            X = draw.normal(n, inputs)
            batches.append((X, (X @ w).round(decimals=2) + draw.normal(n, shift=shift)))
        return Case(name, (Line(w, draw.normal(shift=0.5), column), batches))

    vectors = {"en": "batches of 4, 4 and 2, predictions (B,)", "zh": "批次大小 4、4、2，预测值为 (B,)"}
    columns = {"en": "batches of 5 and 3, predictions (B, 1)", "zh": "批次大小 5、3，预测值为 (B, 1)"}
    four = {"en": "batches of 3, 3, 3 and 2, predictions (B,)", "zh": "批次大小 3、3、3、2，预测值为 (B,)"}
    return [
        case(vectors, (4, 4, 2), 3, False),
        case(columns, (5, 3), 2, True),
        case(four, (3, 3, 3, 2), 4, False, first=20.0),
    ]


def probe(function, case: Case) -> Answer:
    """The loss, whether a graph hangs on it, whether the model can still learn or carries a gradient, how
    often it was asked, and the data after the call.

    All but the data counts once the number is right: a wrong number is recognised whatever came with it.
    """
    predict, given = case.args[0], list(case.args[1])
    expected = reference(predict, given)
    predict.calls = 0
    with torch.enable_grad():  # and again afterwards, whatever the function leaves behind
        result = function(predict, given)
        learns = torch.is_grad_enabled() and predict.w.requires_grad and predict.b.requires_grad
    right = is_near(result, expected)
    answer = {
        "result": result,
        "graph": right and bool(getattr(result, "requires_grad", False)),
        "learns": learns or not right,
        "gradient": right and predict.w.grad is not None,
        "calls": predict.calls if right else len(given),
        "batches": len(given),
    }
    for i, (X, y) in enumerate(given, start=1):
        answer |= {f"X of {i}": X, f"y of {i}": y}
    return answer


@torch.no_grad()
def reference(predict, batches):
    """PyTorch's loss of all samples at once, as if there were no batches."""
    X, y = (torch.cat(tensors) for tensors in zip(*batches, strict=True))
    loss = F.mse_loss(predict(X).reshape(-1), y)
    predict.calls = len(batches)
    return loss


EXERCISE = Exercise(
    id="05.epoch_loss",
    title={"en": "The fair loss of an epoch", "zh": "一轮的公平损失"},
    minutes=12,
    difficulty=2,
    aims={
        "en": "Average a loss over batches so that every sample counts the same, whatever shape the model "
        "answers in.",
        "zh": "把各批次的损失平均起来，让每个样本的分量相同，而且不受模型输出形状的影响。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    rtol=1e-5,
    atol=1e-6,
    labels={
        "result": {"en": "the loss", "zh": "损失"},
        "graph": {"en": "whether the loss still requires a gradient", "zh": "损失是否仍然需要梯度："},
        "calls": {"en": "the number of calls of predict", "zh": "调用 predict 的次数"},
        "learns": {
            "en": "whether the model can still learn after the call",
            "zh": "调用之后，模型是否还能学习：",
        },
        "gradient": {
            "en": "whether the model carries a gradient after the call",
            "zh": "调用之后，模型是否带着梯度：",
        },
        "batches": {"en": "the number of batches after the call", "zh": "调用之后，批次的个数"},
        **{
            f"{name} of {i}": {
                "en": f"the {name} of batch {i} after the call",
                "zh": f"调用之后，第 {i} 个批次的 {name} ",
            }
            for i in range(1, 5)
            for name in "Xy"
        },
    },
    mistakes=epoch_loss_means.MISTAKES + epoch_loss_shapes.MISTAKES,
)
