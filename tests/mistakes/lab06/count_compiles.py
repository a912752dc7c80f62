"""Second forms for 06.count_compiles."""

from itertools import accumulate

import torch


class Compiler:
    """Keeps programs as functions that say whether they serve a call."""

    def __init__(self, special=(0, 1), dynamic=(), all_together=False, guards=("dtype", "flag")):
        self.special, self.all_together, self.guards = special, all_together, guards
        self.first, self.dynamic, self.programs = None, set(dynamic), []

    def serve(self, shape, dtype, flag):
        call = {"dtype": dtype, "flag": flag}
        key = tuple(call[name] for name in self.guards)
        if not any(program(shape, key) for program in self.programs):
            self.learn(shape)
            self.programs.append(self.program(shape, key))
        return len(self.programs)

    def learn(self, shape):
        self.first = self.first or shape
        self.dynamic |= {d for d in range(len(shape)) if shape[d] != self.first[d]}
        if self.all_together and self.dynamic:
            self.dynamic = set(range(len(shape)))

    def program(self, wanted, key):
        free = {d for d in self.dynamic if wanted[d] not in self.special}

        def serves(shape, other):
            sizes = range(len(shape))
            fixed = all(shape[d] == wanted[d] for d in sizes if d not in free)
            return other == key and fixed and not any(shape[d] in self.special for d in free)

        return serves


def automatic(calls, **rules):
    compiler = Compiler(**rules)
    return [compiler.serve(*call) for call in calls]


def static(calls, places=(0, 1, 2)):
    keys = [tuple(call[place] for place in places) for call in calls]
    return [len(set(keys[: i + 1])) for i in range(len(keys))]


def right_compiler(calls):
    return static(calls), automatic(calls)


def right_flags(calls):
    news = [call not in calls[:i] for i, call in enumerate(calls)]
    return torch.tensor(news).cumsum(0), torch.tensor(automatic(calls))


def right_strings(calls):
    programs, known, counts = [], {}, []
    for shape, *rest in calls:
        if not any(served == rest and matches(text, shape) for text, served in programs):
            for d, size in enumerate(shape):
                known.setdefault(d, set()).add(size)
            text = ["*" if len(known[d]) > 1 and s >= 2 else str(s) for d, s in enumerate(shape)]
            programs.append((text, rest))
        counts.append(len(programs))
    return list(accumulate(int(c not in calls[:i]) for i, c in enumerate(calls))), counts


def matches(text, shape):
    return all(str(s) == t or (t == "*" and s not in (0, 1)) for t, s in zip(text, shape, strict=True))


def wrong_shapes_alone(calls):
    return static(calls, places=(0,)), automatic(calls, guards=())


def wrong_type_ignored(calls):
    return static(calls, places=(0, 2)), automatic(calls, guards=("flag",))


def wrong_flag_ignored(calls):
    return static(calls, places=(0, 1)), automatic(calls, guards=("dtype",))


def wrong_last_kept(calls):
    changed = [True] + [one != two for one, two in zip(calls, calls[1:], strict=False)]
    return list(accumulate(map(int, changed))), automatic(calls)


def wrong_every_call(calls):
    return torch.arange(len(calls)) + 1, torch.arange(len(calls)) + 1


def wrong_not_added_up(calls):
    return tuple(torch.tensor([0, *each]).diff() for each in right_compiler(calls))


def wrong_totals(calls):
    return len(set(calls)), max(automatic(calls))


def wrong_exchanged(calls):
    return right_strings(calls)[::-1]


def wrong_never_dynamic(calls):
    return [static(calls)] * 2


def wrong_dynamic_at_once(calls):
    return static(calls), automatic(calls, dynamic=(0, 1))


def wrong_all_dynamic(calls):
    return static(calls), automatic(calls, all_together=True)


def apart_from(*special):
    """A wrong solution in which only these sizes are compiled apart."""
    return lambda calls: (static(calls), automatic(calls, special=special))


wrong_nothing_special = apart_from()
wrong_zero_forgotten = apart_from(1)
wrong_one_forgotten = apart_from(0)
wrong_two_is_special = apart_from(0, 1, 2)


class OnlyLarge(Compiler):
    """Learns from sizes of 2 and more alone."""

    def learn(self, shape):
        if self.first is None:
            self.first = [None] * len(shape)
        for d, size in enumerate(shape):
            if size > 1 and self.first[d] is None:
                self.first[d] = size
            elif size > 1 and size != self.first[d]:
                self.dynamic.add(d)


def wrong_special_teaches_nothing(calls):
    compiler = OnlyLarge()
    return static(calls), [compiler.serve(*call) for call in calls]


class Slow(Compiler):
    """Waits for the third value of a size."""

    def learn(self, shape):
        self.first = [*(self.first or []), shape]
        values = [len(set(sizes)) for sizes in zip(*self.first, strict=True)]
        self.dynamic = {d for d, count in enumerate(values) if count >= 3}


def wrong_at_the_third(calls):
    compiler = Slow()
    return static(calls), [compiler.serve(*call) for call in calls]


def wrong_watched_apart(calls):
    compilers, counts = {}, []
    for call in calls:
        compilers.setdefault(call[1:], Compiler()).serve(*call)
        counts.append(sum(len(each.programs) for each in compilers.values()))
    return static(calls), counts


class Comparing(Compiler):
    """Finds the dynamic places anew for each program, by one earlier shape."""

    def __init__(self, which):
        super().__init__()
        self.which, self.shapes = which, []

    def learn(self, shape):
        other = (self.shapes or [shape])[self.which]
        self.dynamic = {d for d in range(len(shape)) if shape[d] != other[d]}
        self.shapes.append(shape)


def wrong_first_compared(calls):
    compiler = Comparing(0)
    return static(calls), [compiler.serve(*call) for call in calls]


def wrong_last_compared(calls):
    compiler = Comparing(-1)
    return static(calls), [compiler.serve(*call) for call in calls]


class AllOrNothing(Compiler):
    """A program for a size of 0 or 1 has no dynamic place."""

    def program(self, wanted, key):
        if {0, 1} & set(wanted):
            return lambda shape, other: (shape, other) == (wanted, key)
        return super().program(wanted, key)


def wrong_one_fixes_all(calls):
    compiler = AllOrNothing()
    return static(calls), [compiler.serve(*call) for call in calls]


class Revising(Compiler):
    """All programs share one set of dynamic places, which grows."""

    def program(self, wanted, key):
        def serves(shape, other):
            pairs = enumerate(zip(shape, wanted, strict=True))
            return other == key and all(
                s == w or (d in self.dynamic and min(s, w) > 1) for d, (s, w) in pairs
            )

        return serves


def wrong_earlier_changed(calls):
    compiler = Revising()
    return static(calls), [compiler.serve(*call) for call in calls]


def by_place(calls, place):
    compilers, counts = {}, []
    for call in calls:
        compilers.setdefault(call[place], Compiler()).serve(*call)
        counts.append(sum(len(each.programs) for each in compilers.values()))
    return static(calls), counts


def wrong_types_apart(calls):
    return by_place(calls, 1)


def wrong_flags_apart(calls):
    return by_place(calls, 2)


class Late(Compiler):
    """Learns from a shape only after it has been compiled."""

    def __init__(self):
        super().__init__()
        self.shapes = []

    def learn(self, shape):
        self.dynamic = {d for d, sizes in enumerate(zip(*self.shapes, strict=True)) if len(set(sizes)) > 1}
        self.shapes.append(shape)


def wrong_present_left_out(calls):
    compiler = Late()
    return static(calls), [compiler.serve(*call) for call in calls]
