"""08.tied_gradient: one matrix at both ends of a model, and the two parts of its gradient."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from utils.exercises.authoring import Numbers, argument_labels
from utils.exercises.core import Case, Exercise
from utils.exercises.lab08.probing import keeping
from utils.exercises.lab08.tied_gradient_mistakes import MISTAKES

NAMES = ("ids", "by_vectors", "hidden", "by_logits")


def cases(seed: int) -> list[Case]:
    """Some tokens occur several times, within a text and in two; some occur nowhere."""
    draw = Numbers(seed)

    def case(B, T, C, V):
        ids = torch.randint(V - 2, (B, T), generator=draw.generator)  # the last two occur nowhere
        ids[0, -1] = ids[0, 0]
        ids[1, 1] = ids[0, 0]
        name = {"en": f"B={B}, T={T}, C={C}, V={V}", "zh": f"B={B}、T={T}、C={C}、V={V}"}
        by_vectors, hidden = draw.normal(B, T, C, shift=0.3), draw.normal(B, T, C, shift=-0.2)
        return Case(name, (ids, by_vectors, hidden, draw.normal(B, T, V, scale=0.5)))

    return [case(2, 5, 3, 8), case(3, 4, 5, 9), case(4, 6, 7, 5)]


def reference(ids, by_vectors, hidden, by_logits):
    """Autograd, through a lookup and an output layer that share one matrix. Its values do not matter."""
    E = torch.zeros(by_logits.shape[-1], hidden.shape[-1], dtype=hidden.dtype, requires_grad=True)
    vectors, logits = F.embedding(ids, E), F.linear(hidden, E)
    loss = (vectors * by_vectors).sum() + (logits * by_logits).sum()
    return torch.autograd.grad(loss, E)[0]


EXERCISE = Exercise(
    id="08.tied_gradient",
    title={"en": "Two gradients for one matrix", "zh": "一个矩阵的两份梯度"},
    minutes=12,
    difficulty=3,
    aims={
        "en": "Find both parts of the gradient of a tied embedding: from where it is looked up, and from "
        "where it scores.",
        "zh": "求出共享的嵌入矩阵的两份梯度：一份来自查表，一份来自打分。",
    },
    cases=cases,
    reference=reference,
    probe=keeping(reference, *NAMES),
    rtol=1e-5,
    atol=1e-6,
    labels={"result": {"en": "the gradient", "zh": "梯度"}, **argument_labels(*NAMES)},
    mistakes=MISTAKES,
)
