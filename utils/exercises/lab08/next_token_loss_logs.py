"""Known mistakes of 08.next_token_loss: the logarithm of a small probability, and tokens left out."""

from __future__ import annotations

import torch

from utils.exercises.authoring import mistake
from utils.exercises.lab08.next_token_loss_means import losses


def probabilities(logits, ids):
    return torch.softmax(logits[:, :-1], dim=-1).gather(-1, ids[:, 1:, None])[..., 0]


@mistake(
    en="Your softmax is right, but a probability may be so small that it becomes 0, and the logarithm of 0 "
    "is minus infinity. The logarithm of a softmax can be had without the softmax.",
    zh="softmax 是对的，但概率可能小到变成 0，而 0 的对数是负无穷。softmax 的对数，可以不经"
    "过 softmax 算出来。",
)
def log_of_softmax(logits, ids):
    return -probabilities(logits, ids).log().mean()


@mistake(
    en="A small number keeps the logarithm finite, and limits the loss as well: a very improbable token "
    "costs too little, and gives no gradient.",
    zh="加一个小数，对数就不会变成无穷，可损失也被限住了：极不可能的词元，代价太小，也没有梯度。",
)
def probability_kept_off_zero(logits, ids):
    return -(probabilities(logits, ids) + 1e-9).log().mean()


@mistake(
    en="Predictions of the token 0 are left out. Here it is a token like any other.",
    zh="要预测词元 0 的位置被你略过了。在这里，它与别的词元没有两样。",
)
def zero_left_out(logits, ids):
    return losses(logits, ids)[ids[:, 1:] != 0].mean()


MISTAKES = (log_of_softmax, probability_kept_off_zero, zero_left_out)
