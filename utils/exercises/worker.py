"""The process in which a learner's function runs: ``python -m utils.exercises.worker``.

It imports torch, also the parts that torch itself imports late, so that no function's time goes into that. It
says that it is ready, and then answers requests from its standard input until that closes:
unpickle a function, a probe and the cases, run them, send back arrays (``utils.exercises.wire``). It ends
itself when the time is up, also inside C code (``faulthandler`` watches from a thread that needs no
interpreter lock) and also when the process that started it is gone. What the function prints is sent along,
up to a limit; output that does not go through Python's ``sys.stdout`` is dropped.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import warnings
from typing import Any

import torch

from utils.exercises import limits
from utils.exercises.answers import answer, raised
from utils.exercises.channel import Channel, Prints, take_over_streams
from utils.exercises.guard import ends_after, fingerprint, limit_memory, untouched
from utils.exercises.wire import pack_leaves, read_frame

MAX_REQUEST = 2**30


def serve(header: dict[str, Any], body: bytes, channel: Channel, prints: Prints, last_words: int) -> bool:
    """Answer one request. Returns whether this process may serve another."""
    prints.start()
    sys.path.extend(entry for entry in header["path"] if entry not in sys.path)
    size = header["size"]
    torch.set_default_dtype(getattr(torch, header["dtype"]))
    try:
        with ends_after(limits.LOAD_SECONDS, channel, last_words):
            os.chdir(header["folder"])
            probe, cases = pickle.loads(body[size:])
            function = pickle.loads(body[:size])
    except BaseException as error:
        leaves, data = pack_leaves({"": raised(error)})
        channel.send("unloadable", data, leaves=leaves)
        return False
    before = fingerprint()
    channel.send("loaded")
    with ends_after(header["limit"], channel, last_words):
        for index, case in enumerate(cases):
            channel.send("case", index=index)
            leaves, data = pack_leaves(answer(function, probe, case))
            prints.flush()
            channel.send("answer", data, leaves=leaves)
    clean = untouched(before, fingerprint()) and sys.stdout is prints
    channel.send("done", clean=clean, lines=prints.lines)
    return clean


def warm_up() -> None:
    """One step of an optimizer: the first in a process imports torch's compiler, which takes as long as all
    the rest of torch.
    """
    torch.set_num_threads(1)
    torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.0).step()


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # stopping the notebook is the parent's business
    warm_up()
    requests, channel, last_words = take_over_streams()
    prints = Prints(channel)
    sys.stdout = sys.stderr = prints
    warnings.simplefilter("ignore")
    limit_memory()
    channel.send("ready")
    try:
        while serve(*read_frame(requests, MAX_REQUEST), channel, prints, last_words):
            pass
    except (EOFError, BrokenPipeError):  # the parent has gone
        return
    except BaseException:  # a function broke what this process needs; its end is what the parent is told
        os._exit(1)


if __name__ == "__main__":
    main()
