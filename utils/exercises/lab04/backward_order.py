"""04.backward_order: the order in which an autograd engine must visit the nodes. Several orders are right.

So the probe does not compare lists: it looks at which nodes are named, and at each of them, whether it stands
before one that was made from it.
"""

from __future__ import annotations

from graphlib import TopologicalSorter

from utils.exercises.answers import look
from utils.exercises.authoring import argument_label, mistake
from utils.exercises.core import Answer, Case, Exercise

# L = a·s with s = a + b in the first: a is an input of L and of s, and must wait for both.
GRAPHS = (
    ({"en": "4 nodes, a used twice", "zh": "4 个节点，a 用了两次"}, "a: ; b: ; L: a s; s: a b"),
    (
        {"en": "a node that L does not need", "zh": "有一个 L 用不到的节点"},
        "z: x; L: p q; q: p y; p: x y; y: ; x: ",
    ),
    (
        {"en": "9 nodes, one path longer than another", "zh": "9 个节点，路径长短不一"},
        "c: w; b: c x x; t: w; d: b t; L: d w x; u: L c; x: ; w: v; v: ",
    ),
)


NODES = "abcdpqstuvwxyzL"


def cases(seed: int) -> list[Case]:
    """The graphs are fixed; the order of their nodes in the dict turns with the seed."""
    made = []
    for name, text in GRAPHS:
        lines = [line.split(":") for line in text.split(";")]
        turn = seed % len(lines)
        made.append(
            Case(name, ({node.strip(): ins.split() for node, ins in lines[turn:] + lines[:turn]}, "L"))
        )
    return made


def needed(parents, result):
    """Every node that the result depends on, the result included."""
    found, waiting = set(), [result]
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting.extend(parents[node])
    return found


def probe(function, case: Case) -> Answer:
    """Which nodes are named, as text, which a message can show; and whether one stands too early."""
    parents, result = case.args
    given = {node: list(ins) for node, ins in parents.items()}
    order = function(given, result)
    if not isinstance(order, (list, tuple)) or not all(isinstance(node, str) for node in order):
        return {"result": order}
    place = {node: i for i, node in enumerate(order)}  # where a repeated node stands last
    early = {i for user in place for i in parents.get(user, ()) if place.get(i, len(order)) < place[user]}
    answer = {"result": look(order), "nodes": " ".join(sorted(order))}
    return answer | {f"early_{node}": node in early for node in sorted(place)} | {"parents": str(given)}


def reference(parents, result):
    """The standard library's topological order, turned round."""
    keep = needed(parents, result)
    graph = {node: [i for i in ins if i in keep] for node, ins in parents.items() if node in keep}
    return list(TopologicalSorter(graph).static_order())[::-1]


@mistake(
    en="This is an order in which values can be computed. Gradients travel the other way.",
    zh="这是计算数值的次序。梯度走的是相反的方向。",
)
def inputs_first(parents, result):
    return reference(parents, result)[::-1]


@mistake(
    en="You name a node as soon as you first reach it. A second path may still lead there: when do you know "
    "that there is none?",
    zh="你一到某个节点就把它记下，可也许还有另一条路径通向它。什么时候才能确定没有别的路径了？",
)
def preorder(parents, result):
    order = []

    def visit(node):
        if node not in order:
            order.append(node)
            for i in parents[node]:
                visit(i)

    visit(result)
    return order


@mistake(
    en="You go level by level. A node can hang on a short path and on a long one; it must wait for both.",
    zh="你是一层一层走的。一个节点可能同时挂在一条短路径和一条长路径上，两条都得等。",
)
def breadth_first(parents, result):
    order = [result]
    for node in order:
        order.extend(i for i in dict.fromkeys(parents[node]) if i not in order)
    return order


@mistake(
    en="A node that is used twice stands in your list twice, and would hand its gradient on twice.",
    zh="用了两次的节点在列表里出现了两次，它的梯度也就会往下传两次。",
)
def repeated(parents, result):
    order = []

    def visit(node):
        for i in parents[node]:
            visit(i)
        order.append(node)

    visit(result)
    return order[::-1]


@mistake(
    en="Your list contains nodes on which the result does not depend. Start from the result.",
    zh="列表里有结果并不依赖的节点。请从结果出发。",
)
def whole_graph(parents, result):
    return list(TopologicalSorter(parents).static_order())[::-1]


@mistake(
    en="The nodes without inputs are missing. Their gradients are the ones we want in the end.",
    zh="缺了没有输入的节点，而我们最终想要的正是它们的梯度。",
)
def without_leaves(parents, result):
    return [node for node in reference(parents, result) if parents[node]]


@mistake(
    en="The result itself is missing from the list: the pass has nowhere to begin.",
    zh="列表里缺了结果本身，回传无从开始。",
)
def without_result(parents, result):
    return reference(parents, result)[1:]


def by_counting(parents, users_of, uses):
    """A name is ready when all its ``uses`` are done; ``users_of`` are the names whose uses are counted."""
    waiting_for = {node: sum(uses(parents[user], node) for user in users_of) for node in parents}
    order = ["L"]
    for node in order:
        for i in dict.fromkeys(parents[node]):
            waiting_for[i] -= 1
            if waiting_for[i] == 0:
                order.append(i)
    return order


@mistake(
    en="Some names wait for ever: you count uses by names that the result does not need, and those are never "
    "visited.",
    zh="有的名字永远等不到：你把结果用不到的名字也算作使用者，而它们根本不会被访问。",
)
def waits_for_unneeded(parents, result):
    return by_counting(parents, parents, lambda ins, node: node in ins)


@mistake(
    en="A name that stands twice in one list, as in x times x, waits for ever: you count two uses and tick "
    "off one.",
    zh="在同一个列表里出现两次的名字（例如 x 乘 x）永远等不到：你记了两次使用，却只划掉一次。",
)
def counted_twice(parents, result):
    return by_counting(parents, needed(parents, result), list.count)


EXERCISE = Exercise(
    id="04.backward_order",
    title={"en": "The order of the backward pass", "zh": "反向过程的次序"},
    minutes=10,
    difficulty=3,
    aims={
        "en": "Find an order in which every gradient is complete before it is handed on.",
        "zh": "找出一个次序，让每个梯度都先凑齐，再继续传。",
    },
    cases=cases,
    reference=reference,
    probe=probe,
    labels={
        "nodes": {"en": "your list, sorted,", "zh": "你的列表（排序后）"},
        **{
            f"early_{node}": {
                "en": f"“{node} stands before a name that was made from it”",
                "zh": f"“{node} 排在某个由它算出的名字之前”",
            }
            for node in NODES
        },
        "parents": argument_label("parents"),
    },
    mistakes=(
        inputs_first,
        preorder,
        breadth_first,
        repeated,
        whole_graph,
        waits_for_unneeded,
        counted_twice,
        without_leaves,
        without_result,
    ),
)
