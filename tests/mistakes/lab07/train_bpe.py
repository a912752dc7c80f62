"""Second forms for 07.train_bpe."""

import re
from collections import Counter, defaultdict
from itertools import pairwise


def joined(ids, pair, new):
    """Merge in a text of characters."""
    text = "".join(map(chr, ids)).replace(chr(pair[0]) + chr(pair[1]), chr(new))
    return [ord(character) for character in text]


def step(chunks, key):
    """The best pair of ``[[ids, number]]`` by a key, or None."""
    pairs = Counter()
    for ids, number in chunks:
        for i in range(len(ids) - 1):
            pairs[ids[i], ids[i + 1]] += number
    return min(pairs, key=lambda pair: key(pair, pairs[pair])) if pairs else None


def train(chunks, merges, key=lambda pair, number: (-number, pair), join=joined, start=256):
    learned = []
    while len(learned) < merges and (pair := step(chunks, key)):
        chunks = [[join(ids, pair, start + len(learned)), number] for ids, number in chunks]
        learned.append(pair)
    return learned


def pieces(counts):
    return [[[*chunk], number] for chunk, number in counts.items()]


def right_naive(counts, merges):
    return train(pieces(counts), merges)


def right_bytes(counts, merges):
    """Tokens are pieces of bytes; a table gives each its id."""
    ids = {bytes([byte]): byte for byte in range(256)}
    chunks = [([bytes([byte]) for byte in chunk], number) for chunk, number in counts.items()]
    pieces_of, learned = dict(enumerate(ids)), []
    ids_of = [([ids[piece] for piece in parts], number) for parts, number in chunks]
    for _ in range(merges):
        pairs = sorted(
            ((-sum(n * list(pairwise(c)).count(p) for c, n in ids_of), p))
            for p in {p for c, _ in ids_of for p in pairwise(c)}
        )
        if not pairs:
            return learned
        _, pair = pairs[0]
        pieces_of[len(pieces_of)] = pieces_of[pair[0]] + pieces_of[pair[1]]
        ids_of = [(joined(c, pair, len(pieces_of) - 1), n) for c, n in ids_of]
        learned += [pair]
    return learned


def right_recursion(counts, merges, new=256, chunks=None):
    chunks = pieces(counts) if chunks is None else chunks
    pair = step(chunks, lambda pair, number: (-number, pair))
    if merges == 0 or pair is None:
        return []
    chunks = [[joined(ids, pair, new), number] for ids, number in chunks]
    return [pair, *right_recursion(counts, merges - 1, new + 1, chunks)]


def right_incremental(counts, merges):
    """Counts are kept up to date: only chunks that hold the pair are counted again."""
    chunks, pairs, holds = pieces(counts), Counter(), defaultdict(set)
    for i, (ids, number) in enumerate(chunks):
        for pair in pairwise(ids):
            pairs[pair] += number
            holds[pair].add(i)
    learned = []
    for new in range(256, 256 + merges):
        pairs = +pairs  # without those that have become 0
        if not pairs:
            break
        most = pairs.most_common(1)[0][1]
        best = min(pair for pair, number in pairs.items() if number == most)
        learned.append(list(best))
        for i in holds[best]:
            ids, number = chunks[i]
            for pair in pairwise(ids):
                pairs[pair] -= number
            chunks[i][0] = ids = joined(ids, best, new)
            for pair in pairwise(ids):
                pairs[pair] += number
                holds[pair].add(i)
    return learned


def wrong_ties_first_seen(counts, merges):
    return train(pieces(counts), merges, key=lambda pair, number: -number)


def wrong_ties_larger(counts, merges):
    return train(pieces(counts), merges, key=lambda pair, number: (-number, -pair[0], -pair[1]))


def wrong_multiplicity_ignored(counts, merges):
    return train([[list(chunk), 1] for chunk in counts], merges)


def wrong_across_borders(counts, merges):
    everything = [byte for chunk, number in counts.items() for _ in range(number) for byte in chunk]
    return train([[everything, 1]], merges)


def wrong_across_borders_once(counts, merges):
    return train([[[byte for chunk in counts for byte in chunk], 1]], merges)


def wrong_counted_once(counts, merges):
    pairs = Counter()
    for chunk, number in counts.items():
        pairs.update({pair: number * list(pairwise(chunk)).count(pair) for pair in set(pairwise(chunk))})
    learned = []
    for _ in range(min(merges, len(pairs))):
        most = max(pairs.values())
        learned.append(min(pair for pair in pairs if pairs[pair] == most))
        del pairs[learned[-1]]
    return learned


def wrong_never_merged(counts, merges):
    return train(pieces(counts), 1) * merges


def wrong_overlaps_skipped(counts, merges):
    chunks, learned = pieces(counts), []
    for new in range(256, 256 + merges):
        pairs = Counter()
        for ids, number in chunks:
            text = "".join(map(chr, ids))
            for pair in {text[i : i + 2] for i in range(len(text) - 1)}:
                pairs[ord(pair[0]), ord(pair[1])] += number * len(re.findall(re.escape(pair), text))
        if not pairs:
            break
        learned.append(max(sorted(pairs), key=pairs.get))
        chunks = [[joined(ids, learned[-1], new), number] for ids, number in chunks]
    return learned


def wrong_ends_at_one(counts, merges):
    chunks, learned = pieces(counts), []
    for new in range(256, 256 + merges):
        pairs = Counter()
        for ids, number in chunks:
            pairs.update(list(pairwise(ids)) * number)
        frequent = sorted(pair for pair in pairs if pairs[pair] > 1)
        if not frequent:
            break
        learned.append(max(frequent, key=pairs.get))
        chunks = [[joined(ids, learned[-1], new), number] for ids, number in chunks]
    return learned


def wrong_no_pair_left(counts, merges):
    chunks, learned = pieces(counts), []
    while len(learned) < merges:
        pairs = Counter()
        for ids, number in chunks:
            pairs.update(list(pairwise(ids)) * number)
        most = max(pairs.values())
        learned.append(min(pair for pair in pairs if pairs[pair] == most))
        chunks = [[joined(ids, learned[-1], 255 + len(learned)), number] for ids, number in chunks]
    return learned


def wrong_one_too_many(counts, merges):
    chunks, learned = pieces(counts), []
    while len(learned) <= merges and (pair := step(chunks, lambda pair, number: (-number, pair))):
        chunks = [[joined(ids, pair, 256 + len(learned)), number] for ids, number in chunks]
        learned.append(pair)
    return learned


def wrong_one_too_few(counts, merges):
    chunks, learned = pieces(counts), []
    for new in range(257, 256 + merges):
        pair = step(chunks, lambda pair, number: (-number, pair))
        if pair is not None:
            learned.append(pair)
            chunks = [[joined(ids, pair, new - 1), number] for ids, number in chunks]
    return learned


def wrong_merged_twice(counts, merges):
    def join(ids, pair, new):
        merged, used = [], False
        for i, token in enumerate(ids):
            hit = tuple(ids[i : i + 2]) == pair
            if hit or not used:
                merged.append(new if hit else token)
            used = hit
        return merged

    return train(pieces(counts), merges, join=join)


def wrong_from_the_right(counts, merges):
    def join(ids, pair, new):
        ids = list(ids)
        for i in range(len(ids) - 2, -1, -1):
            if tuple(ids[i : i + 2]) == pair:
                ids[i : i + 2] = [new]
        return ids

    return train(pieces(counts), merges, join=join)


def wrong_first_place_only(counts, merges):
    def join(ids, pair, new):
        text = "".join(map(chr, ids)).replace(chr(pair[0]) + chr(pair[1]), chr(new), 1)
        return [*map(ord, text)]

    return train(pieces(counts), merges, join=join)


def wrong_either_order(counts, merges):
    def join(ids, pair, new):
        merged = []
        for token in ids:
            if merged and {merged[-1], token} == set(pair) and (merged[-1], token) in (pair, pair[::-1]):
                merged[-1] = new
            else:
                merged.append(token)
        return merged

    return train(pieces(counts), merges, join=join)


def wrong_new_from_zero(counts, merges):
    return train(pieces(counts), merges, start=0)


def wrong_new_from_257(counts, merges):
    return train(pieces(counts), merges, start=len(range(257)))


def wrong_new_from_255(counts, merges):
    return train(pieces(counts), merges, start=max(bytes(range(256))))


def wrong_characters_for_bytes(counts, merges):
    return train([[[*map(ord, str(chunk, "utf-8"))], number] for chunk, number in counts.items()], merges)


def wrong_new_ids_returned(counts, merges):
    return [*range(256, 256 + len(train(pieces(counts), merges)))]


def wrong_chunks_returned(counts, merges):
    texts = [chunk.decode("latin-1") for chunk in counts]
    for new, (left, right) in enumerate(right_naive(counts, merges), 256):
        texts = [text.replace(chr(left) + chr(right), chr(new)) for text in texts]
    return [[ord(character) for character in text] for text in texts]


def wrong_counts_changed(counts, merges):
    chunks = [[list(chunk), counts.pop(chunk)] for chunk in list(counts)]
    return train(chunks, merges)
