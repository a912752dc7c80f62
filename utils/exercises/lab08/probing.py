"""How the exercises of lab 08 look at a function, and hints that several of them share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor

from utils.exercises.authoring import is_near
from utils.exercises.core import Answer, Case, Text


def keeping(reference: Callable[..., Any], *names: str) -> Callable[[Callable[..., Any], Case], Answer]:
    """A probe: the result, and what is left after the call in the tensors among the arguments.

    An argument that was changed counts once the result is right: a mistake is told first, whatever was
    overwritten on the way to it. ``names`` are those of all arguments, in order.
    """

    def probe(function: Callable[..., Any], case: Case) -> Answer:
        expected = reference(*case.args)
        given = [value.clone() if isinstance(value, Tensor) else value for value in case.args]
        result = function(*given)
        left = given if is_near(result, expected) else case.args
        pairs = zip(names, left, strict=True)
        return {"result": result} | {f"old_{name}": value for name, value in pairs if is_tensor(value)}

    return probe


def is_tensor(value: Any) -> bool:
    return isinstance(value, Tensor)


CHANGED: Text = {
    "en": "The result is right, but an argument is no longer what it was: operators such as *= and methods "
    "that end in an underscore write into the tensor that was passed in.",
    "zh": "结果正确，但有个参数被改了：*= 这样的运算符，以及以下划线结尾的方法，会直接写进传入的张量。",
}
NO_SCALE: Text = {
    "en": "The dot products go into the softmax as they are. They grow with the number of channels they add "
    "up, and the weights become all or nothing.",
    "zh": "你把点积原样送进了 softmax。通道越多，点积累加得越大，权重就变成非零即一。",
}
NO_ROOT: Text = {
    "en": "The dot products become too small: the weights are close to equal everywhere. The spread of a sum "
    "of independent terms does not grow as fast as their number.",
    "zh": "点积变得太小了，各处的权重几乎相等。若干独立项之和的离散程度，增长得没有项数那么快。",
}
WRONG_AXIS: Text = {
    "en": "For each key, your weights add up to one over the queries. It should be the other way round: a "
    "query shares one unit of attention among the keys.",
    "zh": "你的权重是对每个键、在各个查询上加起来等于 1。应当反过来：每个查询把总量为 1 的注意力分给各个键。",
}
