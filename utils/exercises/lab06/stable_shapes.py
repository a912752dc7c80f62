"""06.stable_shapes: texts of any length in few shapes, with the means that they had before."""

from __future__ import annotations

import torch
from torch import Tensor

from utils.exercises.authoring import Numbers, is_near, parts
from utils.exercises.core import Answer, Case, Exercise
from utils.exercises.lab06.stable_shapes_mistakes import MISTAKES

NAMES = ("means", "mask")


class Model:
    """A function that treats each position by itself; keeps the shapes that it was given.

    The reciprocal is infinite at all numbers that are in no text: whatever the padding holds, a mask that is
    multiplied does not help.
    """

    def __init__(self, name: str, sequences: list[Tensor]) -> None:
        self.name, self.numbers = name, torch.cat(sequences).flatten()
        self.shapes: list[list[int]] = []

    def __call__(self, x: Tensor) -> Tensor:
        self.shapes.append(list(x.shape))
        if self.name == "cos":
            return torch.cos(x)
        near = (x[..., None] - self.numbers).abs().amin(dim=-1) < 1e-4  # a text in float32 is the same text
        return torch.where(near, x.reciprocal(), torch.inf)


def cases(seed: int) -> list[Case]:
    """The longest is once as long as a bucket. The padding becomes ones in the model, or infinite. A row of
    zeros is a row like any other.
    """
    draw = Numbers(seed)

    def case(en, zh, lengths, C, buckets, model):
        sequences = [draw.normal(n, C, scale=0.5) for n in lengths]
        if model == "cos":
            sequences[0][1] = 0.0
        else:
            sequences = [x.abs() + 0.503 for x in sequences]  # not what a learner would pad with
        return Case({"en": en, "zh": zh}, (sequences, list(buckets), model))

    few, many = (4, 8, 16), (3, 6, 9, 12, 24)
    return [
        case("lengths 3, 5, 2", "长度为 3、5、2", (3, 5, 2), 4, few, "cos"),
        case("the longest fills its bucket", "最长的恰好填满一个桶", (2, 6, 4, 3), 5, many, "cos"),
        case(
            "a model that is infinite at the padding", "在填充处无穷大的模型", (7, 10), 4, many, "reciprocal"
        ),
    ]


def probe(function, case: Case) -> Answer:
    """Means and mask, the shapes of the model's inputs, and what is left of the sequences.

    A sequence that was changed counts once the means are right.
    """
    sequences, buckets, name = case.args
    model, given = Model(name, sequences), [x.clone() for x in sequences]
    answer = parts(function(given, list(buckets), model), NAMES)
    shapes = {len(shape) for shape in model.shapes}
    answer["shapes"] = torch.tensor(model.shapes) if len(shapes) == 1 else model.shapes
    right = reference(sequences, buckets, Model(name, sequences))[0]
    left = given if is_near(answer.get("means"), right) else sequences
    return answer | {"old_sequences": torch.cat(left)}


def reference(sequences, buckets, model):
    """The means by slices of the model's output, without a mask."""
    lengths = [len(x) for x in sequences]
    L = min(bucket for bucket in buckets if bucket >= max(lengths))
    padded = torch.stack([torch.cat([x, x.new_ones(L - len(x), x.shape[1])]) for x in sequences])
    output = model(padded)
    means = torch.stack([y[:n].mean(dim=0) for y, n in zip(output, lengths, strict=True)])
    return means, torch.arange(L) < torch.tensor(lengths)[:, None]


EXERCISE = Exercise(
    id="06.stable_shapes",
    title={"en": "Few shapes, the same means", "zh": "形状少，均值不变"},
    minutes=12,
    difficulty=2,
    aims={
        "en": "Pad texts to one of a few lengths, so that little is compiled, and keep the padding out of "
        "the means.",
        "zh": "把文本填充到少数几种长度之一，这样要编译的就少；同时不让填充混进均值。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    rtol=1e-5,
    atol=1e-6,
    labels={
        "means": {"en": "the means", "zh": "均值"},
        "mask": {"en": "the mask", "zh": "掩码"},
        "shapes": {"en": "the shapes that the model was given", "zh": "交给模型的形状"},
        "old_sequences": {"en": "the sequences after the call", "zh": "调用之后，各序列"},
    },
    mistakes=MISTAKES,
)
