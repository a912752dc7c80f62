"""Second forms for 07.best_pair."""

import heapq
from collections import Counter

import torch


def right_key(counts):
    return min(counts, key=lambda pair: (-counts[pair], pair))


def right_filter(counts):
    most = max(counts.values())
    return sorted(pair for pair in counts if counts[pair] == most)[0]


def right_loop(counts):
    best = None
    for pair, number in counts.items():
        if best is None or number > counts[best] or (number == counts[best] and pair < best):
            best = pair
    return best


def right_sorted_twice(counts):
    """A stable sort keeps what an earlier one has put in order."""
    return sorted(sorted(counts), key=counts.get, reverse=True)[0]


def right_heap(counts):
    heap = [(-number, left, right) for (left, right), number in counts.items()]
    heapq.heapify(heap)
    return list(heap[0][1:])


def right_torch(counts):
    pairs = torch.tensor(list(counts))
    numbers = torch.tensor(list(counts.values()))
    pairs = pairs[numbers == numbers.max()]
    return tuple(pairs[(pairs[:, 0] * 100_000 + pairs[:, 1]).argmin()])


def wrong_first_seen(counts):
    return Counter(counts).most_common(1)[0][0]


def wrong_last_seen(counts):
    best, most = None, 0
    for pair, number in counts.items():
        if number >= most:
            best, most = pair, number
    return best


def wrong_larger_pair(counts):
    return sorted(counts.items(), key=lambda item: item[::-1])[-1][0]


def wrong_by_the_right(counts):
    return sorted(counts, key=lambda pair: (-counts[pair], pair[1], pair[0]))[0]


def wrong_by_the_sum(counts):
    best = None
    for pair in counts:
        if best is None or (counts[pair], -sum(pair)) > (counts[best], -sum(best)):
            best = pair
    return best


def wrong_as_text(counts):
    return min(counts, key=lambda pair: (-counts[pair], f"{pair[0]} {pair[1]}"))


def wrong_left_only(counts):
    best = None
    for pair in counts:
        if best is None or (counts[pair], -pair[0]) > (counts[best], -best[0]):
            best = pair
    return best


def wrong_larger_right(counts):
    return max(counts, key=lambda pair: (counts[pair], -pair[0], pair[1]))


def wrong_rarest(counts):
    return sorted((number, pair) for pair, number in counts.items())[0][1]


def wrong_smallest_of_all(counts):
    return sorted(counts)[0]


def wrong_largest_of_all(counts):
    return sorted(counts.items())[-1][0]


def wrong_count_returned(counts):
    return counts[right_key(counts)]


def wrong_with_its_count(counts):
    return [list(right_loop(counts)), max(counts.values())]


def wrong_all_that_tie(counts):
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [pair for pair, number in ordered if number == ordered[0][1]]


def wrong_counts_changed(counts):
    best = right_filter(counts)
    del counts[best]
    return best
