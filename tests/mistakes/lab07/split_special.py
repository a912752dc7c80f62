"""Second forms for 07.split_special."""

import re


def scan(text, special, choose, found=str.startswith):
    """From left to right; ``choose`` takes one of the tokens that begin at a place."""
    parts, start, i = [], 0, 0
    while i < len(text):
        fitting = [token for token in special if found(text[i : i + len(token)], token)]
        if not fitting:
            i += 1
            continue
        end = i + len(choose(fitting))
        parts += [text[start:i], text[i:end]]
        start = i = end
    return [*parts, text[start:]]


def longest(tokens):
    return max(tokens, key=len)


def no_empty(parts):
    return [part for part in parts if part != ""]


def right_scan(text, special):
    return no_empty(scan(text, special, longest))


def right_pattern(text, special):
    if not special:
        return [text] if text else []
    pattern = re.compile("|".join(map(re.escape, sorted(special, key=lambda token: -len(token)))))
    parts, end = [], 0
    for found in pattern.finditer(text):
        parts += [text[end : found.start()], found[0]]
        end = found.end()
    return no_empty([*parts, text[end:]])


def right_find(text, special):
    """The token that begins first, and of several there the longest; then the rest of the text."""
    parts = []
    while text:
        places = [(text.find(token), -len(token), token) for token in special if token in text]
        if not places:
            return [*parts, text]
        start, _, token = min(places)
        parts += [text[:start]] if start else []
        parts.append(token)
        text = text[start + len(token) :]
    return parts


def right_recursion(text, special):
    for i in range(len(text)):
        for token in sorted(special, key=len)[::-1]:
            if text[i:].startswith(token):
                rest = right_recursion(text[i + len(token) :], special)
                return (*([text[:i]] if i else []), token, *rest)
    return (text,) if text else ()


def right_marks(text, special):
    """Each letter is told whether it belongs to the text (0) or to a token (its number)."""
    owner, i, number = [], 0, 0
    while i < len(text):
        size = max((len(token) for token in special if text[i:].startswith(token)), default=0)
        number += size > 0
        owner += [number] * size or [0]
        i += size or 1
    cuts = [0, *(i for i in range(1, len(text)) if owner[i] != owner[i - 1]), len(text)]
    return no_empty(text[a:b] for a, b in zip(cuts, cuts[1:], strict=False))


def wrong_order_of_the_list(text, special):
    return no_empty(scan(text, special, lambda tokens: tokens[0]))


def wrong_shortest_first(text, special):
    return no_empty(scan(text, special, lambda tokens: min(tokens, key=len)))


def after_another(text, special):
    if not special or not text:
        return [text] if text else []
    before, token, rest = text.partition(special[0])
    if not token:
        return after_another(before, special[1:])
    return [*after_another(before, special[1:]), token, *after_another(rest, special)]


def wrong_longest_anywhere(text, special):
    return after_another(text, sorted(special, key=len)[::-1])


def wrong_one_after_another(text, special):
    parts = [text]
    for token in special:
        cut = [part if part in special else part.replace(token, f"\0{token}\0") for part in parts]
        parts = [piece for part in cut for piece in part.split("\0") if piece]
    return parts


def wrong_signs_not_escaped(text, special):
    if not special:
        return [text]
    parts, end, pattern = [], 0, "|".join(sorted(special, key=lambda token: -len(token)))
    pattern = re.compile(f"({pattern})")
    for found in pattern.finditer(text):
        parts += [text[end : found.start()], *found.groups()]
        end = found.end()
    return [part for part in [*parts, text[end:]] if part]


def wrong_tokens_lost(text, special):
    return no_empty(scan(text, special, longest)[0::2])


def wrong_only_the_tokens(text, special):
    pattern = "|".join(map(re.escape, sorted(special, key=len, reverse=True)))
    return re.findall(pattern, text) if special else []


def wrong_empty_parts(text, special):
    return scan(text, special, longest)


def wrong_empty_pattern(text, special):
    return right_scan(text, special) if special else list(text)


def wrong_first_one_only(text, special):
    first, *_ = [*right_find(text, special), ""]
    for part in right_find(text, special)[:2]:
        if part in special:
            before, token, rest = text.partition(part) if part == first else (first, part, None)
            rest = text[len(before) + len(token) :]
            return no_empty([before, token, rest])
    return no_empty([text])


def wrong_case_ignored(text, special):
    return no_empty(scan(text, special, longest, lambda piece, token: piece.lower() == token.lower()))


def wrong_spaces_stripped(text, special):
    return [part.strip() for part in right_scan(text, special) if not part.isspace()]


def wrong_cut_at_spaces(text, special):
    return right_scan(text, [*special, " "])


def wrong_list_sorted(text, special):
    special[:] = sorted(special, key=lambda token: -len(token))
    return right_find(text, special)
