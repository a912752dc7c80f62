"""Second forms for 04.backward_order."""

from collections import Counter, deque
from graphlib import TopologicalSorter


def right_depth_first(parents, result):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for parent in parents[node]:
                visit(parent)
            order.append(node)

    visit(result)
    return order[::-1]


def right_by_counting_users(parents, result):
    """Kahn's algorithm: a node is ready when no user of it is left."""
    reached, waiting = {result}, [result]
    while waiting:
        for parent in parents[waiting.pop()]:
            if parent not in reached:
                reached.add(parent)
                waiting.append(parent)
    users = {node: sum(parents[user].count(node) for user in reached) for node in reached}
    order, ready = [], deque([result])
    while ready:
        node = ready.popleft()
        order.append(node)
        for parent in parents[node]:
            users[parent] -= 1
            if users[parent] == 0:
                ready.append(parent)
    return tuple(order)


def right_by_longest_path(parents, result):
    depth, waiting = {result: 0}, [result]
    while waiting:
        node = waiting.pop()
        for parent in parents[node]:
            if depth.get(parent, -1) < depth[node] + 1:
                depth[parent] = depth[node] + 1
                waiting.append(parent)
    return sorted(depth, key=depth.get)


def right_stack(parents, result):
    order, seen, stack = [], set(), [(result, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.insert(0, node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((parent, False) for parent in parents[node])
    return order


def wrong_inputs_first(parents, result):
    return list(reversed(right_by_longest_path(parents, result)))


def wrong_preorder(parents, result):
    order, stack = [], [result]
    while stack:
        node = stack.pop()
        if node not in order:
            order.append(node)
            stack.extend(reversed(parents[node]))
    return order


def wrong_breadth_first(parents, result):
    order, level = [], [result]
    while level:
        order += level
        following = []
        for node in level:
            following += [p for p in parents[node] if p not in order and p not in following]
        level = following
    return order


def wrong_repeated(parents, result):
    def after(node):
        return [n for parent in parents[node] for n in after(parent)] + [node]

    return after(result)[::-1]


def wrong_whole_graph(parents, result):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for parent in parents[node]:
                visit(parent)
            order.insert(0, node)

    for node in parents:
        visit(node)
    return order


def wrong_waits_for_unneeded(parents, result):
    order, left = [], [result]
    while left:
        order.append(left.pop())
        done = set(order)
        ready = [n for n in parents if {u for u in parents if n in parents[u]} <= done and n not in order]
        left += [n for n in ready if n not in left and any(n in parents[user] for user in order)]
    return order


def wrong_counted_twice(parents, result):
    open_uses = Counter(p for user in right_stack(parents, result) for p in parents[user])
    order, stack = [], [result]
    while stack:
        order.append(node := stack.pop())
        for parent in set(parents[node]):
            open_uses[parent] -= 1
            if not open_uses[parent]:
                stack.append(parent)
    return order


def wrong_without_leaves(parents, result):
    inner = {node: [p for p in ps if parents[p]] for node, ps in parents.items()}
    return [node for node in right_stack(inner, result) if node in right_stack(parents, result)]


def wrong_without_result(parents, result):
    keep = set(right_stack(parents, result)) - {result}
    order = TopologicalSorter({node: parents[node] for node in keep}).static_order()
    return list(order)[::-1]
