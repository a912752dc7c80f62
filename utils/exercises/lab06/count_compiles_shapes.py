"""Mistakes of 06.count_compiles: when a size becomes dynamic, and which sizes never do."""

from __future__ import annotations

from utils.exercises.authoring import mistake
from utils.exercises.lab06.counting import ANY, automatic, merged, pattern_of, serves, static


@mistake(
    en="Your second list is the first once more. By default PyTorch does not compile for every size: what "
    "changes becomes dynamic.",
    zh="你的第二个列表与第一个相同。默认情况下，PyTorch 不会为每个大小都编译：会变的大小成为动态的。",
)
def never_dynamic(calls):
    return static(calls), static(calls)


@mistake(
    en="All sizes are dynamic from the first call on. PyTorch begins with the exact shape: it does not know "
    "yet what will change.",
    zh="你让所有大小从第一次调用起就是动态的。PyTorch 先按确切的形状编译：它还不知道什么会变。",
)
def dynamic_at_once(calls):
    return static(calls), automatic(calls, start=[ANY] * len(calls[0][0]))


@mistake(
    en="When one size changes, you take all of them to be dynamic. The others stay what they were.",
    zh="一个大小变了，你就把所有的大小都当成动态的。其余的保持原样。",
)
def all_dynamic(calls):
    def merge(known, shape):
        done = merged(known, shape)
        return [ANY] * len(done) if ANY in done else done

    return static(calls), automatic(calls, merge=merge)


@mistake(
    en="You compare with the first shape alone. Where it comes back in another version, you have forgotten "
    "what changed in between.",
    zh="你只与第一个形状比较。它在别的版本里再次出现时，你已忘了其间变过什么。",
)
def first_compared(calls):
    def merge(known, shape):
        return [s if s == first else ANY for first, s in zip(calls[0][0], shape, strict=True)]

    return static(calls), automatic(calls, merge=merge)


@mistake(
    en="You compare with the shape compiled last alone. All before it are remembered, too: what changed once "
    "stays dynamic.",
    zh="你只与最近编译的形状比较。更早的也都记着：变过一次的，以后一直是动态的。",
)
def last_compared(calls):
    before = []

    def merge(known, shape):
        before.append(shape)
        return [s if s == b else ANY for b, s in zip(before[-2:][0], shape, strict=True)]

    return static(calls), automatic(calls, merge=merge)


@mistake(
    en="Where one size is 0 or 1, you fix all sizes of the program. The others stay what they were.",
    zh="只要有一个大小是 0 或 1，你就把这个程序的所有大小都固定了。其余的保持原样。",
)
def one_fixes_all(calls):
    def pattern(shape, known, special):
        return list(shape) if min(shape) < 2 else pattern_of(shape, known, special)

    return static(calls), automatic(calls, pattern_of=pattern)


@mistake(
    en="What becomes dynamic becomes so in your earlier programs as well. They stay as they were compiled.",
    zh="一个大小变成动态时，你让以前的程序也跟着变了。它们编译成什么样，就一直是什么样。",
)
def earlier_changed(calls):
    programs, known, counts = [], None, []
    for shape, *rest in calls:
        if not any(serves((pattern_of(old, known), its), shape, rest) for old, its in programs):
            known = merged(known, shape)
            programs.append((shape, rest))
        counts.append(len(programs))
    return static(calls), counts


@mistake(
    en="A dynamic program serves a size of 0 or 1 in your count. Those two are always compiled apart: other "
    "code is right for them.",
    zh="在你的计数里，动态的程序也能用于大小 0 或 1。这两个总是单独编译：对它们来说，对的是另一份代码。",
)
def nothing_special(calls):
    return static(calls), automatic(calls, special=())


@mistake(
    en="A size of 1 is compiled apart in your count, a size of 0 is not. Both are special.",
    zh="在你的计数里，大小 1 单独编译，大小 0 却没有。两个都特殊。",
)
def zero_forgotten(calls):
    return static(calls), automatic(calls, special=(1,))


@mistake(
    en="A size of 0 is compiled apart in your count, a size of 1 is not. Both are special.",
    zh="在你的计数里，大小 0 单独编译，大小 1 却没有。两个都特殊。",
)
def one_forgotten(calls):
    return static(calls), automatic(calls, special=(0,))


@mistake(
    en="You take 2 for special as well. A dynamic program serves it.",
    zh="你把 2 也当成了特殊的。动态的程序可以用于它。",
)
def two_is_special(calls):
    return static(calls), automatic(calls, special=(0, 1, 2))


@mistake(
    en="A call with a size of 0 or 1 teaches your compiler nothing. It is compiled apart, but it is a "
    "different size all the same: the place is dynamic from then on.",
    zh="大小为 0 或 1 的调用，没让你的编译器学到什么。它虽单独编译，但毕竟是另一个大小：这一维从此是动态的。",
)
def special_teaches_nothing(calls):
    def merge(known, shape):
        if known is None:
            return [s if s > 1 else None for s in shape]
        return [k if s < 2 else s if k in (None, s) else ANY for k, s in zip(known, shape, strict=True)]

    return static(calls), automatic(calls, merge=merge)


@mistake(
    en="A size becomes dynamic at its third value in your count. The second is enough.",
    zh="在你的计数里，大小要到第三个值才变成动态。第二个就够了。",
)
def at_the_third(calls):
    seen = [set() for _ in calls[0][0]]

    def merge(known, shape):
        for sizes, size in zip(seen, shape, strict=True):
            sizes.add(size)
        return [ANY if len(sizes) > 2 else size for sizes, size in zip(seen, shape, strict=True)]

    return static(calls), automatic(calls, merge=merge)


@mistake(
    en="You compare only the shapes before. The one that is compiled now belongs to them: with it, the "
    "second value is there.",
    zh="你只比较了以前的形状。现在编译的这个也算：加上它，第二个值就有了。",
)
def present_left_out(calls):
    before = [set() for _ in calls[0][0]]

    def merge(known, shape):
        done = [ANY if len(sizes) > 1 else size for sizes, size in zip(before, shape, strict=True)]
        for sizes, size in zip(before, shape, strict=True):
            sizes.add(size)
        return done

    return static(calls), automatic(calls, merge=merge)


MISTAKES = (
    never_dynamic,
    dynamic_at_once,
    all_dynamic,
    first_compared,
    last_compared,
    one_fixes_all,
    earlier_changed,
    nothing_special,
    zero_forgotten,
    one_forgotten,
    two_is_special,
    special_teaches_nothing,
    at_the_third,
    present_left_out,
)
