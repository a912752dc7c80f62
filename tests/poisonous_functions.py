"""Functions that are right themselves and change what the next one is run by, for the tests of the checks."""

from __future__ import annotations

import functools
import pickle
import sys
import warnings

import torch

from tests.toy_exercise import mean_square


def poisons_the_plainest_probe(p, y):
    from utils.exercises import core

    core.call = lambda function, case: {"result": mean_square(*case.args)}
    return mean_square(p, y)


def poisons_the_code_of_a_probe(p, y):
    from utils.exercises import core

    core.call.__code__ = (lambda function, case: {"result": function(*case.args)}).__code__
    return mean_square(p, y)


def poisons_another_exercise(p, y):
    from utils.exercises.lab04 import adam_step

    adam_step.probe = lambda function, case: {}
    return mean_square(p, y)


def poisons_the_worker(p, y):
    main = sys.modules["__main__"]
    main.answer = functools.partial(main.answer)
    return mean_square(p, y)


def poisons_a_method(p, y):
    from utils.exercises.channel import Channel

    Channel.send = functools.partialmethod(Channel.send)
    return mean_square(p, y)


def poisons_the_pickles(p, y):
    pickle.loads = lambda data: mean_square
    return mean_square(p, y)


def poisons_the_warnings(p, y):
    warnings.simplefilter("error")
    return mean_square(p, y)


def poisons_the_recursion_limit(p, y):
    sys.setrecursionlimit(sys.getrecursionlimit() - 100)
    return mean_square(p, y)


def poisons_the_device(p, y):
    answer = mean_square(p, y)
    torch.set_default_device("cpu:0")
    return answer


POISONS = [function for name, function in sorted(globals().items()) if name.startswith("poisons_")]
