"""Second forms for 07.encode_chunk."""

import heapq
import math
from itertools import pairwise

import numpy as np


def replaced(ids, pair, new):
    text = "".join(map(chr, ids)).replace(chr(pair[0]) + chr(pair[1]), chr(new))
    return [ord(character) for character in text]


def ordered(ranks):
    return sorted(ranks, key=ranks.get)


def right_one_place_at_a_time(ids, ranks):
    ids = list(ids)
    while True:
        places = [(ranks[pair], i) for i, pair in enumerate(pairwise(ids)) if pair in ranks]
        if not places:
            return ids
        new, i = min(places)
        ids[i : i + 2] = [new]


def right_min_of_pairs(ids, ranks):
    while len(ids) >= 2:
        pair = min(pairwise(ids), key=lambda pair: ranks.get(pair, math.inf))
        if pair not in ranks:
            break
        ids = replaced(ids, pair, ranks[pair])
    return tuple(ids)


def right_in_order(ids, ranks):
    for pair in ordered(ranks):
        ids = replaced(ids, pair, ranks[pair])
    return ids


def right_heap(ids, ranks):
    """Neighbours are linked; a heap gives the pair to merge next, and pairs that are gone are passed over."""
    ids, following = list(ids), {i: i + 1 for i in range(len(ids))}
    before = {i + 1: i for i in range(len(ids))}
    heap = [(ranks[pair], i, pair) for i, pair in enumerate(pairwise(ids)) if pair in ranks]
    heapq.heapify(heap)
    gone, end = set(), len(ids)
    while heap:
        new, i, pair = heapq.heappop(heap)
        j = following[i]
        if i in gone or j == end or (ids[i], ids[j]) != pair:
            continue
        ids[i], following[i], before[following[j]] = new, following[j], i
        gone.add(j)
        for left in (before.get(i), i):
            right = end if left is None else following[left]
            if right != end and (ids[left], ids[right]) in ranks:
                heapq.heappush(heap, (ranks[ids[left], ids[right]], left, (ids[left], ids[right])))
    return np.array([token for i, token in enumerate(ids) if i not in gone], dtype=np.int64)


def right_recursion(ids, ranks):
    known = {ranks[pair]: pair for pair in pairwise(ids) if pair in ranks}
    return right_recursion(replaced(ids, known[min(known)], min(known)), ranks) if known else list(ids)


def wrong_left_to_right(ids, ranks):
    ids, i = list(ids), 0
    while i < len(ids) - 1:
        if (ids[i], ids[i + 1]) in ranks:
            ids[i : i + 2] = [ranks[ids[i], ids[i + 1]]]
            i = 0
        else:
            i += 1
    return ids


def wrong_longest_token(ids, ranks):
    texts = {}
    for left, right in ordered(ranks):
        new = ranks[left, right]
        texts[new] = texts.get(left, chr(left)) + texts.get(right, chr(right))
    rest, tokens = "".join(map(chr, ids)), []
    while rest:
        fitting = [new for new, text in texts.items() if rest.startswith(text)]
        token = max(fitting, key=lambda new: len(texts[new]), default=ord(rest[0]))
        tokens.append(token)
        rest = rest[len(texts.get(token, "?")) :]
    return tokens


def wrong_one_pass(ids, ranks):
    rest, tokens = list(ids), []
    while rest:
        pair = tuple(rest[:2])
        if pair in ranks:
            tokens.append(ranks[pair])
            del rest[:2]
        else:
            tokens.append(rest.pop(0))
    return tokens


def wrong_one_round(ids, ranks):
    for pair in ordered(ranks):
        if pair in pairwise(ids):
            return replaced(ids, pair, ranks[pair])
    return list(ids)


def wrong_last_learned(ids, ranks):
    while known := [ranks[pair] for pair in pairwise(ids) if pair in ranks]:
        pair = next(pair for pair in ranks if ranks[pair] == max(known))
        ids = replaced(ids, pair, max(known))
    return list(ids)


def wrong_order_of_the_dictionary(ids, ranks):
    text = "".join(map(chr, ids))
    for pair in ranks:
        text = text.replace(chr(pair[0]) + chr(pair[1]), chr(ranks[pair]))
    return [*map(ord, text)]


def wrong_smallest_ids(ids, ranks):
    while known := sorted(set(pairwise(ids)) & set(ranks)):
        ids = replaced(ids, known[0], ranks[known[0]])
    return list(ids)


def wrong_most_frequent(ids, ranks):
    while True:
        counts = {}
        for pair in pairwise(ids):
            if pair in ranks:
                counts[pair] = counts.get(pair, 0) + 1
        if not counts:
            return list(ids)
        most = max(counts.values())
        new = min(ranks[pair] for pair in counts if counts[pair] == most)
        ids = replaced(ids, next(pair for pair in counts if ranks[pair] == new), new)


def wrong_overlapping(ids, ranks):
    for pair in ordered(ranks):
        merged, used = [], False
        for i, token in enumerate(ids):
            hit = tuple(ids[i : i + 2]) == pair
            if hit or not used:
                merged.append(ranks[pair] if hit else token)
            used = hit
        ids = merged
    return ids


def wrong_run_from_the_right(ids, ranks):
    for pair in ordered(ranks):
        ids = replaced(ids[::-1], pair[::-1], ranks[pair])[::-1]
    return ids


def wrong_unknown_pair(ids, ranks):
    while len(ids) > 1:
        known = [pair for pair in pairwise(ids) if pair in ranks] or list(pairwise(ids))
        pair = min(known, key=lambda pair: ranks[pair])
        ids = replaced(ids, pair, ranks[pair])
    return list(ids)


def wrong_nothing_to_choose_from(ids, ranks):
    while True:
        pairs = sorted(pairwise(ids), key=lambda pair: ranks.get(pair, math.inf))
        new, pair = min((ranks.get(pair, math.inf), pair) for pair in pairs)
        if new == math.inf:
            return list(ids)
        ids = replaced(ids, pair, new)


def wrong_pieces_returned(ids, ranks):
    def of(token):
        pair = next((pair for pair in ranks if ranks[pair] == token), None)
        return [token] if pair is None else of(pair[0]) + of(pair[1])

    return [of(token) for token in right_in_order(ids, ranks)]


def wrong_ids_changed(ids, ranks):
    done = right_in_order(ids, ranks)
    ids.clear()
    ids.extend(done)
    return done
