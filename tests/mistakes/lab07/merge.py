"""Second forms for 07.merge."""

import re

import numpy as np


def right_while(ids, pair, new):
    merged, i = [], 0
    while i < len(ids):
        if i + 1 < len(ids) and ids[i] == pair[0] and ids[i + 1] == pair[1]:
            merged.append(new)
            i += 1
        else:
            merged.append(ids[i])
        i += 1
    return merged


def right_look_back(ids, pair, new):
    """Each id is appended; where it completes the pair, the two go and the new id comes."""
    merged = []
    for token in ids:
        if merged and (merged[-1], token) == pair:
            merged[-1] = new
        else:
            merged.append(token)
    return merged


def right_iterator(ids, pair, new):
    merged, rest = [], iter([*ids, None])
    token = next(rest)
    while token is not None:
        following = next(rest)
        if (token, following) == pair:
            merged.append(new)
            following = next(rest)
        else:
            merged.append(token)
        token = following
    return tuple(merged)


def right_numpy(ids, pair, new):
    ids = np.array(ids, dtype=np.int64)
    hits = [int(i) for i in np.flatnonzero((ids[:-1] == pair[0]) & (ids[1:] == pair[1]))]
    kept = []
    for i in hits:
        if not kept or kept[-1] < i - 1:
            kept.append(i)
    ids[kept] = new
    return np.delete(ids, [i + 1 for i in kept])


def right_recursion(ids, pair, new):
    if len(ids) < 2:
        return list(ids)
    if tuple(ids[:2]) == pair:
        return [new, *right_recursion(ids[2:], pair, new)]
    return [ids[0], *right_recursion(ids[1:], pair, new)]


def right_digits(ids, pair, new):
    """In a text of numbers, each with its own brackets."""
    text = "".join(f"<{token}>" for token in ids).replace("<{}><{}>".format(*pair), f"<{new}>")
    return [int(number) for number in re.findall(r"\d+", text)]


def wrong_merged_twice(ids, pair, new):
    merged, used = [], set()
    for i, token in enumerate(ids):
        if tuple(ids[i : i + 2]) == pair:
            merged.append(new)
            used |= {i, i + 1}
        elif i not in used:
            merged.append(token)
    return merged


def wrong_from_the_right(ids, pair, new):
    merged = list(ids)
    for i in range(len(ids) - 2, -1, -1):
        if tuple(merged[i : i + 2]) == pair:
            merged[i : i + 2] = [new]
    return merged


def wrong_first_only(ids, pair, new):
    text = "".join(map(chr, ids)).replace(chr(pair[0]) + chr(pair[1]), chr(new), 1)
    return [ord(character) for character in text]


def wrong_either_order(ids, pair, new):
    merged, i = [], 0
    while i < len(ids):
        both = sorted(ids[i : i + 2]) == sorted(pair)
        merged.append(new if both else ids[i])
        i += 1 + both
    return merged


def wrong_left_is_enough(ids, pair, new):
    rest, merged = list(ids), []
    while rest:
        token = rest.pop(0)
        if token == pair[0]:
            merged.append(new)
            del rest[:1]
        else:
            merged.append(token)
    return merged


def wrong_right_one_kept(ids, pair, new):
    merged = []
    for i, token in enumerate(ids):
        hit = i + 1 < len(ids) and (token, ids[i + 1]) == pair
        merged.append(new if hit else token)
    return merged


def wrong_next_one_lost(ids, pair, new):
    merged, skip = [], 0
    for i, token in enumerate(ids):
        if skip:
            skip -= 1
        elif i + 1 < len(ids) and (token, ids[i + 1]) == pair:
            merged.append(new)
            skip = 2
        else:
            merged.append(token)
    return merged


def wrong_last_one_lost(ids, pair, new):
    merged, used = [], False
    for left, right in zip(ids, ids[1:], strict=False):
        if used:
            used = False
        elif (left, right) == pair:
            merged.append(new)
            used = True
        else:
            merged.append(left)
    return merged


def wrong_last_pair_missed(ids, pair, new):
    return right_while(ids[:-1], pair, new) + ids[-1:]


def wrong_beyond_the_end(ids, pair, new):
    merged, i = [], 0
    while i < len(ids):
        if ids[i] != pair[0]:
            merged.append(ids[i])
            i += 1
        elif ids[i + 1] == pair[1]:
            merged.append(new)
            i += 2
        else:
            merged.append(ids[i])
            i += 1
    return merged


def wrong_found_in_digits(ids, pair, new):
    text = ",".join(f"{token}" for token in ids)
    text = re.sub(f"{pair[0]},{pair[1]}", str(new), text)
    return [int(number) for number in text.split(",") if number]


def wrong_taken_out(ids, pair, new):
    merged, i = [], 0
    while i < len(ids):
        if tuple(ids[i : i + 2]) == pair:
            i += 2
            continue
        merged.append(ids[i])
        i += 1
    return merged


def wrong_put_behind(ids, pair, new):
    text = "".join(map(chr, ids))
    both = chr(pair[0]) + chr(pair[1])
    return [ord(character) for character in text.replace(both, both + chr(new))]


def wrong_list_changed(ids, pair, new):
    i = 0
    while i < len(ids) - 1:
        if (ids[i], ids[i + 1]) == pair:
            ids[i] = new
            del ids[i + 1]
        i += 1
    return list(ids)


def wrong_nothing_returned(ids, pair, new):
    i = 0
    while i < len(ids) - 1:
        if (ids[i], ids[i + 1]) == pair:
            ids[i : i + 2] = [new]
        i += 1
