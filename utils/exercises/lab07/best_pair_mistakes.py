"""The known mistakes of 07.best_pair."""

from __future__ import annotations

from utils.exercises.authoring import mistake


def tied(counts):
    """The pairs that are the most frequent, in the order of the dictionary."""
    most = max(counts.values())
    return [pair for pair, number in counts.items() if number == most]


def right(counts):
    return min(tied(counts))


@mistake(
    en="Of several pairs that are equally frequent you take the one that was counted first. That depends "
    "on the order of the text; the rule should not.",
    zh="几对一样多的时候，你取了最先数到的一对。这样结果就取决于文本的顺序，而规则不应当如此。",
)
def first_seen(counts):
    return max(counts, key=counts.get)


@mistake(
    en="Of several pairs that are equally frequent you take the one that was counted last. That depends on "
    "the order of the text; the rule should not.",
    zh="几对一样多的时候，你取了最后数到的一对。这样结果就取决于文本的顺序，而规则不应当如此。",
)
def last_seen(counts):
    return tied(counts)[-1]


@mistake(
    en="Of several pairs that are equally frequent you take the largest. Asked for is the smallest: the "
    "count wants a maximum, the pair a minimum.",
    zh="几对一样多的时候，你取了最大的一对。题目要的是最小的：次数要取最大，编号要取最小。",
)
def larger_pair(counts):
    return max(counts, key=lambda pair: (counts[pair], pair))


@mistake(
    en="You decide a tie by the right id. The left one comes first.",
    zh="并列时，你先比了右边的编号。应当先比左边的。",
)
def by_the_right(counts):
    return min(tied(counts), key=lambda pair: pair[::-1])


@mistake(
    en="You decide a tie by the sum of the two ids. Compare the left ids, and only if they agree the right "
    "ones.",
    zh="并列时，你比的是两个编号之和。应当先比左边的编号，相同时才比右边的。",
)
def by_the_sum(counts):
    return min(tied(counts), key=sum)


@mistake(
    en="You compare ids as text, and there 1000 comes before 98. Compare them as numbers.",
    zh="你把编号当作文本来比较，于是 1000 排在了 98 前面。应当按数来比较。",
)
def as_text(counts):
    return min(tied(counts), key=lambda pair: [str(token) for token in pair])


@mistake(
    en="You compare the left ids and stop there. If they agree too, the order of the dictionary decides.",
    zh="你只比了左边的编号。如果左边也相同，就由字典的顺序决定了。",
)
def left_only(counts):
    return min(tied(counts), key=lambda pair: pair[0])


@mistake(
    en="The smaller left id is right, but among those you take the larger right one.",
    zh="左边取较小的，对了；可左边相同时，你取了右边较大的。",
)
def larger_right(counts):
    return min(tied(counts), key=lambda pair: (pair[0], -pair[1]))


@mistake(
    en="You return the rarest pair. Sorting by the count alone puts the smallest count first.",
    zh="你返回的是最少的一对。只按次数排序时，最小的次数在最前面。",
)
def rarest(counts):
    return min(counts, key=lambda pair: (counts[pair], pair))


@mistake(
    en="You never look at the counts: min of a dictionary compares its keys.",
    zh="你没有看次数：对字典取 min，比较的是键。",
)
def smallest_of_all(counts):
    return min(counts)


@mistake(
    en="You never look at the counts: max of a dictionary compares its keys.",
    zh="你没有看次数：对字典取 max，比较的是键。",
)
def largest_of_all(counts):
    return max(counts)


@mistake(
    en="You return how often it occurs. Asked for is the pair itself.",
    zh="你返回的是出现的次数。题目要的是那一对本身。",
)
def count_returned(counts):
    return max(counts.values())


@mistake(
    en="You return the pair together with its count. The pair alone is asked for.",
    zh="你把那一对与次数一起返回了。题目只要那一对。",
)
def with_its_count(counts):
    return right(counts), counts[right(counts)]


@mistake(
    en="You return all the pairs that tie. Only one can be merged next.",
    zh="你把并列的对全返回了。下一步只能合并一对。",
)
def all_that_tie(counts):
    return sorted(tied(counts))


@mistake(
    en="The pair is right, but it is no longer in the caller's dictionary: you took it out.",
    zh="选出的对是正确的，但它已经不在调用者的字典里了：你把它取走了。",
)
def counts_changed(counts):
    pair = right(counts)
    counts.pop(pair)
    return pair


MISTAKES = (
    first_seen,
    last_seen,
    larger_pair,
    by_the_right,
    by_the_sum,
    as_text,
    left_only,
    larger_right,
    rarest,
    smallest_of_all,
    largest_of_all,
    count_returned,
    with_its_count,
    all_that_tie,
    counts_changed,
)
