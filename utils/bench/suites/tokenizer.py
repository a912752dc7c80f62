"""The book's tokenizer against the library ``tokenizers``, on PyTorch's source: training, and encoding.

The text of training is 10 MB of the corpus' training files, that of encoding its other files. Results must be
the same to the last id. The book's code runs on one thread; the library trains, and encodes a batch, on all.
The work of a case also names the most memory that a first call took beyond the texts, in a process of its own
("book_peak_bytes"): where a call was made before, memory is there already and does not count.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from utils.bench.case import Benchmark, Case
from utils.bench.memory import peak_bytes
from utils.corpus import read_split
from utils.tokenizer import Tokenizer
from utils.tokenizer_formats import byte_letters

MERGES, TRAIN_BYTES, ROUNDS = 512, 10_000_000, 7
QUICK_MERGES, QUICK_BYTES = 32, 200_000


def cases(device: torch.device, quick: bool) -> Iterator[Case]:
    """Training; encoding by a tokenizer that is new; encoding what it has met before."""
    texts, merges = training_texts(quick), QUICK_MERGES if quick else MERGES
    yield training(texts, merges, peaks("training", quick))
    ours = Tokenizer.train(texts, merges)
    with tempfile.TemporaryDirectory() as folder:
        found = peaks("encoding", quick, ours.save(Path(folder) / "tokenizer.json"))
    others = other_texts(quick)
    yield encoding("encode, first time", ours, others, True, found)
    yield encoding("encode, again", ours, others, False, {})


def training_texts(quick: bool) -> list[str]:
    return [text for _, text in read_split("train", QUICK_BYTES if quick else TRAIN_BYTES)]


def other_texts(quick: bool) -> list[str]:
    size = QUICK_BYTES if quick else TRAIN_BYTES
    return [text for split in ("validation", "held_out") for _, text in read_split(split, size)]


def peaks(what: str, quick: bool, path: Path | None = None) -> dict[str, int]:
    """Peak memory of "book" and "tokenizers" in a first call, where the system tells it."""
    found = {}
    for variant in ("book", "tokenizers"):
        call = f"print_peak({what!r}, {variant!r}, {quick}, {str(path)!r})"
        words = [sys.executable, "-c", f"from {__name__} import print_peak; {call}"]
        said = subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
        if said != "None":
            found[f"{variant}_peak_bytes"] = int(said)
    return found


def print_peak(what: str, variant: str, quick: bool, path: str) -> None:
    """In a fresh process: make the case and print the peak of its first call."""
    if what == "training":
        case = training(training_texts(quick), QUICK_MERGES if quick else MERGES, {})
    else:
        case = encoding("", Tokenizer.load(path), other_texts(quick), True, {})
    print(peak_bytes(case.variants[variant], torch.device("cpu")))


def training(texts: list[str], merges: int, peak: dict[str, int]) -> Case:
    """From texts to merges, as pairs of ids (merges, 2)."""

    def theirs() -> Tensor:
        return torch.tensor(trained(texts, merges), dtype=torch.float64)

    def on_one_thread() -> Tensor:
        with one_thread():
            return theirs()

    return Case(
        name=f"train, {merges} merges",
        variants={
            "book": lambda: torch.tensor(Tokenizer.train(texts, merges).merges, dtype=torch.float64),
            "tokenizers": theirs,
            "tokenizers, one thread": on_one_thread,
        },
        reference=theirs,
        tolerance=0.0,
        work={"bytes": count_bytes(texts), **peak},
        rounds=ROUNDS,
    )


def encoding(name: str, ours: Tokenizer, texts: list[str], new: bool, peak: dict[str, int]) -> Case:
    """Text by text to ids. With ``new``, each call makes a tokenizer that remembers no chunk."""

    def fresh() -> Tokenizer:
        return Tokenizer(ours.vocabulary, ours.merges, ours.special)

    def call(make: Callable[[], Any], encode: Callable[[Any], list[list[int]]]) -> Callable[[], Tensor]:
        kept = make()
        return lambda: as_tensor(encode(make() if new else kept))

    def book(tokenizer: Tokenizer) -> list[list[int]]:
        return [tokenizer.encode(text) for text in texts]

    def one_by_one(tokenizer: Any) -> list[list[int]]:
        return [tokenizer.encode(text).ids for text in texts]

    def batch(tokenizer: Any) -> list[list[int]]:
        return [encoding.ids for encoding in tokenizer.encode_batch_fast(texts)]

    return Case(
        name=name,
        variants={
            "book": call(fresh, book),
            "tokenizers": call(lambda: library(ours), one_by_one),
            "tokenizers, batch": call(lambda: library(ours), batch),
        },
        reference=call(lambda: library(ours), one_by_one),
        tolerance=0.0,
        work={"bytes": count_bytes(texts), **peak},
        rounds=ROUNDS,
    )


def as_tensor(ids: list[list[int]]) -> Tensor:
    return torch.tensor(list(chain.from_iterable(ids)), dtype=torch.float64)


def trained(texts: list[str], merges: int) -> list[tuple[int, int]]:
    """The merges that the library learns, with the bytes as its first ids."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    letters = byte_letters()  # as special tokens they get the first ids, in this order
    trainer = trainers.BpeTrainer(vocab_size=256 + merges, special_tokens=letters, show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    return [(model["vocab"][left], model["vocab"][right]) for left, right in model["merges"]]


def library(ours: Tokenizer) -> Any:
    """The library's tokenizer with our merges."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    letters = byte_letters()
    words = ["".join(letters[byte] for byte in token) for token in ours.vocabulary]
    ids = {word: id for id, word in enumerate(words) if id not in ours.special.values()}
    merges = [(words[left], words[right]) for left, right in ours.merges]
    tokenizer = Tokenizer(models.BPE(ids, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    return tokenizer


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep the library from using more than one thread."""
    before = os.environ.get("TOKENIZERS_PARALLELISM")
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    yield
    del os.environ["TOKENIZERS_PARALLELISM"]
    if before is not None:
        os.environ["TOKENIZERS_PARALLELISM"] = before


def count_bytes(texts: list[str]) -> int:
    return sum(len(text.encode()) for text in texts)


ABOUT = "the book's tokenizer against the library tokenizers: 512 merges on 10 MB, and encoding"
BENCHMARKS = (Benchmark("tokenizer", ABOUT, cases, devices=("cpu",), needs=("tokenizers",)),)
