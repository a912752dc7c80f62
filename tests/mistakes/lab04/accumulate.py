"""Second forms for 04.accumulate."""

from collections import defaultdict

import torch


def right_recursive(order, parents):
    """Pull instead of push: the gradient of a node is the sum over its users."""

    def gradient(node):
        if node == order[0]:
            return 1.0
        uses = [(user, slope) for user in order for parent, slope in parents[user] if parent == node]
        return sum(slope * gradient(user) for user, slope in uses)

    return {node: gradient(node) for node in order}


def right_defaultdict(order, parents):
    gradients = defaultdict(float, {order[0]: 1.0})
    for node in order:
        for parent, slope in parents[node]:
            gradients[parent] += slope * gradients[node]
    return gradients


def right_paths(order, parents):
    """Walk every path from the result and add up the products along them."""
    gradients, walks = dict.fromkeys(order, 0), [(order[0], 1)]
    while walks:
        node, product = walks.pop()
        gradients[node] += product
        walks += [(parent, product * slope) for parent, slope in parents[node]]
    return gradients


def right_matrix(order, parents):
    """Solve g = e + A g, with A the matrix of slopes."""
    place = {node: i for i, node in enumerate(order)}
    A = torch.zeros(len(order), len(order), dtype=torch.float64)
    for user in order:
        for parent, slope in parents[user]:
            A[place[parent], place[user]] += slope
    first = torch.eye(len(order), dtype=torch.float64)[0]
    return dict(zip(order, torch.linalg.solve(torch.eye(len(order)).double() - A, first), strict=True))


def wrong_overwritten(order, parents):
    gradients = {order[0]: 1.0}
    for node in order:
        gradients.update((parent, gradients[node] * slope) for parent, slope in parents[node])
    return gradients


def wrong_zero_seed(order, parents):
    gradients = defaultdict(float)
    for node in order:
        for parent, slope in parents[node]:
            gradients[parent] += gradients[node] * slope
    return dict(gradients)


def wrong_local_only(order, parents):
    def gradient(node):
        return sum(slope for user in order for parent, slope in parents[user] if parent == node)

    return {node: gradient(node) for node in order} | {order[0]: 1.0}


def wrong_added(order, parents):
    gradients = {node: [] for node in order}
    gradients[order[0]] = [1.0]
    for node in order:
        for parent, slope in parents[node]:
            gradients[parent].append(slope)
            gradients[parent].append(sum(gradients[node]))
    return {node: sum(terms) for node, terms in gradients.items()}


def wrong_multiplied(order, parents):
    gradients = dict.fromkeys(order, 1.0)
    for node in order:
        for parent, slope in parents[node]:
            gradients[parent] *= slope * gradients[node]
    return gradients


def wrong_inputs_first(order, parents):
    gradients, waiting = dict.fromkeys(order, 0.0) | {order[0]: 1.0}, list(order)
    while waiting:
        node = waiting.pop()
        for parent, slope in parents[node]:
            gradients[parent] = gradients[parent] + slope * gradients[node]
    return gradients


def wrong_once_per_input(order, parents):
    gradients = {node: 0.0 for node in order} | {order[0]: 1.0}
    for node in order:
        slopes = {}
        for parent, slope in parents[node]:
            slopes[parent] = slope
        for parent in slopes:
            gradients[parent] += slopes[parent] * gradients[node]
    return gradients


def wrong_set_of_pairs(order, parents):
    gradients = defaultdict(float, {order[0]: 1.0})
    for node in order:
        for parent, slope in set(parents[node]):
            gradients[parent] += slope * gradients[node]
    return gradients


def wrong_without_result(order, parents):
    gradients = right_recursive(order, parents)
    return {node: gradients[node] for node in order[1:]}


def wrong_all_ones(order, parents):
    """As if every node were a result as well: add up the gradients from each of them."""
    starts = [right_defaultdict(order[i:], parents) for i in range(len(order))]
    return {node: sum(gradients.get(node, 0.0) for gradients in starts) for node in order}
