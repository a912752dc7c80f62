"""04.accumulate: the heart of an autograd engine, the pass that hands gradients back through a graph.

The graph is plain data: ``parents[node]`` lists ``(parent, slope along it)``, as chapter 04's ``Value`` keeps
them, and ``order`` starts at the result and names every node after all nodes that use it.
"""

from __future__ import annotations

import torch

from utils.exercises.answers import look
from utils.exercises.authoring import Numbers, argument_label, mistake
from utils.exercises.core import Answer, Case, Exercise


def cases(seed: int) -> list[Case]:
    draw = Numbers(seed)

    def graph(name, text):
        """Read "L: s b; s: a b; a: ; b: " (each node with its parents, users first) and draw the slopes.

        Every third one is negative; that along "i0" is zero. "i i" has one slope twice, "i i'" has two.
        """
        edges = {node.strip(): ins.split() for node, ins in (line.split(":") for line in text.split(";"))}
        pairs = [(node, i) for node in edges for i in edges[node]]
        signs = torch.where(torch.arange(len(pairs)) % 3 == 1, -1.0, 1.0)
        slopes = (draw.normal(len(pairs), scale=0.5, shift=1.5) * signs).tolist()
        slope = {pair: 0.0 if "0" in pair[1] else s for pair, s in zip(pairs, slopes, strict=True)}
        parents = {node: [(i[0], slope[node, i]) for i in edges[node]] for node in sorted(edges)}
        return Case(name, (list(edges), parents))  # sorted by name: the dictionary is no order to go by

    return [
        graph({"en": "a graph that uses b twice", "zh": "b 用了两次的图"}, "L: s b; s: a b; a: ; b: "),
        graph({"en": "a graph with x times x", "zh": "含有 x 乘 x 的图"}, "z: r y; r: q y; q: x x; x: ; y: "),
        graph(
            {"en": "8 nodes, several used more than once", "zh": "8 个节点，其中几个用了不止一次"},
            "E: u v; u: p q; v: p p' q t0; q: y p y; p: x y; t: ; x: ; y: ",
        ),
    ]


def probe(function, case: Case) -> Answer:
    """The nodes that the returned dict names, then their gradients."""
    order, parents = case.args
    given = list(order), {node: list(pairs) for node, pairs in parents.items()}
    gradients = function(*given)
    after = {"order": " ".join(given[0]), "parents": str(given[1])}
    if not isinstance(gradients, dict):
        return {"result": look(gradients)}
    return {"result": look(dict(sorted(gradients.items(), key=str))), **gradients, **after}


def reference(order, parents):
    """Build the graph in PyTorch, as sums weighted by the local derivatives, and ask autograd."""
    nodes = {}
    for node in reversed(order):
        terms = [slope * nodes[i] for i, slope in parents[node]]
        nodes[node] = sum(terms) if terms else torch.ones((), dtype=torch.float64, requires_grad=True)
    wanted = [nodes[node] for node in order]
    return dict(zip(order, torch.autograd.grad(nodes[order[0]], wanted), strict=True))


def push(order, parents, rule, seed=1.0):
    """Hand gradients back with ``rule(old, upstream, slope)`` in the place of the right rule."""
    gradients = {node: 0.0 for node in order}
    gradients[order[0]] = seed
    for node in order:
        for i, slope in parents[node]:
            gradients[i] = rule(gradients[i], gradients[node], slope)
    return gradients


def right(old, upstream, slope):
    return old + upstream * slope


@mistake(
    en="A node that is used twice gets a contribution from each use. Yours keeps only the last one.",
    zh="一个节点用了两次，每次使用都会贡献一份梯度，而你只留下了最后一份。",
)
def overwritten(order, parents):
    return push(order, parents, lambda old, upstream, slope: upstream * slope)


@mistake(
    en="Every gradient is zero, because nothing has been put in at the start. How fast does the result "
    "change with itself?",
    zh="梯度全是零，因为起点上没有放任何值。结果对自己的变化率是多少？",
)
def zero_seed(order, parents):
    return push(order, parents, right, seed=0.0)


@mistake(
    en="You add up the slopes. What arrives from further along the graph is not passed on.",
    zh="你只累加了各条边的斜率，上游传来的梯度没有继续往下传。",
)
def local_only(order, parents):
    return push(order, parents, lambda old, upstream, slope: old + slope)


@mistake(
    en="You add the slope to the gradient that arrives. Rates of change along a path combine in another way.",
    zh="你把斜率加到了传来的梯度上。沿着一条路径，变化率不是这样合并的。",
)
def added(order, parents):
    return push(order, parents, lambda old, upstream, slope: old + upstream + slope)


@mistake(
    en="The contributions of two uses are multiplied with each other. Along a path rates multiply, but how "
    "do separate paths combine?",
    zh="两次使用的贡献被你乘在了一起。变化率沿着同一条路径才相乘，不同的路径之间应当怎样合并？",
)
def multiplied(order, parents):
    return push(order, parents, lambda old, upstream, slope: upstream * slope * (old or 1.0))


@mistake(
    en="You begin at the inputs. There is nothing to hand on there yet: the gradient starts at the result.",
    zh="你从输入端开始，可那里还没有东西可传：梯度从结果出发。",
)
def inputs_first(order, parents):
    gradients = {node: 0.0 for node in order}
    gradients[order[0]] = 1.0
    for node in reversed(order):
        for i, slope in parents[node]:
            gradients[i] += gradients[node] * slope
    return gradients


@mistake(
    en="A node can be both inputs of an operation, as in x times x. Your loop counts such a pair once.",
    zh="同一个节点可以是一次运算的两个输入，例如 x 乘 x。这样的一对，你只算了一次。",
)
def once_per_input(order, parents):
    return push(order, {node: list(dict(pairs).items()) for node, pairs in parents.items()}, right)


@mistake(
    en="Two equal pairs in a list are two uses, as in x times x. A set keeps only one of them.",
    zh="列表里两个相同的数对是两次使用，例如 x 乘 x。集合（set）只会留下其中一个。",
)
def set_of_pairs(order, parents):
    return push(order, {node: list(dict.fromkeys(pairs)) for node, pairs in parents.items()}, right)


@mistake(
    en="All gradients are there but one: that of the result itself.",
    zh="只缺一个梯度：结果自己的。",
)
def without_result(order, parents):
    gradients = push(order, parents, right)
    del gradients[order[0]]
    return gradients


@mistake(
    en="Every gradient begins with a 1 of its own. Only one node changes one to one with the result before "
    "anything has been handed back.",
    zh="每个梯度一开始都多了一个 1。在回传之前，只有一个节点与结果一比一地变化。",
)
def all_ones(order, parents):
    gradients = {node: 1.0 for node in order}
    for node in order:
        for i, slope in parents[node]:
            gradients[i] += gradients[node] * slope
    return gradients


EXERCISE = Exercise(
    id="04.accumulate",
    title={"en": "Hand gradients back through a graph", "zh": "沿计算图回传梯度"},
    minutes=7,
    difficulty=2,
    aims={
        "en": "Write the loop at the heart of automatic differentiation.",
        "zh": "写出自动微分最核心的那个循环。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    labels={
        **{node: {"en": f"the gradient of {node}", "zh": f"节点 {node} 的梯度"} for node in "ELsabrqyxuvptz"},
        "order": argument_label("order"),
        "parents": argument_label("parents"),
    },
    mistakes=(
        overwritten,
        zero_seed,
        all_ones,
        local_only,
        added,
        multiplied,
        inputs_first,
        once_per_input,
        set_of_pairs,
        without_result,
    ),
)
