"""The book's tokenizer against the library ``tokenizers``, on PyTorch's source: training, and encoding.

The text of training is 10 MB of the corpus' training files, that of encoding its other files. Results must be
the same to the last id. The book's code runs on one thread; the library trains, and encodes a batch, on all.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any

import torch
from torch import Tensor

from utils.bench.case import Benchmark, Case
from utils.corpus import read_split
from utils.tokenizer import Tokenizer
from utils.tokenizer_formats import byte_letters

MERGES, TRAIN_BYTES, ROUNDS = 512, 10_000_000, 7
QUICK_MERGES, QUICK_BYTES = 32, 200_000


def cases(device: torch.device, quick: bool) -> Iterator[Case]:
    """Training; encoding by a tokenizer that is new; encoding what it has met before."""
    merges, size = (QUICK_MERGES, QUICK_BYTES) if quick else (MERGES, TRAIN_BYTES)
    texts = [text for _, text in read_split("train", size)]
    yield training(texts, merges)
    ours = Tokenizer.train(texts, merges)
    others = [text for split in ("validation", "held_out") for _, text in read_split(split, size)]
    yield encoding("encode, first time", ours, others, new=True)
    yield encoding("encode, again", ours, others, new=False)


def training(texts: list[str], merges: int) -> Case:
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
        work={"bytes": count_bytes(texts)},
        rounds=ROUNDS,
    )


def encoding(name: str, ours: Tokenizer, texts: list[str], new: bool) -> Case:
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
        work={"bytes": count_bytes(texts)},
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
