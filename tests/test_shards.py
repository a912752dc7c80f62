"""utils.shards: what was written comes back, what is damaged does not, an epoch has each window once."""

from __future__ import annotations

import hashlib
import os
import random
from collections.abc import Callable
from itertools import chain, islice
from pathlib import Path

import numpy as np
import pytest
import torch

from utils import shards as module
from utils.shards import Header, ShardError, Shards, batches, write_shards

FINGERPRINT = "f" * 64
SEPARATOR = 9


def documents(count: int = 30, V: int = 1000, seed: int = 0) -> list[list[int]]:
    """Documents of 0 to 39 ids, none of them the separator."""
    draw = random.Random(seed)
    return [[draw.randrange(10, V) for _ in range(draw.randrange(40))] for _ in range(count)]


def row(made: list[list[int]]) -> list[int]:
    """The ids of documents as they should stand in shards."""
    return [*chain.from_iterable([*document, SEPARATOR] for document in made)]


def write(folder: Path, made: list[list[int]] | None = None, V: int = 1000, size: int = 100) -> list[Path]:
    made = documents(V=V) if made is None else made
    return write_shards(folder, made, V, SEPARATOR, FINGERPRINT, tokens_per_shard=size)


# --- written and read ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("V", "width"), [(1000, 2), (1 << 16, 2), ((1 << 16) + 1, 4), (1 << 32, 4)])
def test_what_was_written_comes_back(tmp_path, V, width):
    made = documents(V=V) + [[V - 1, 0]]
    paths = write(tmp_path, iter(made), V)
    whole = row(made)
    assert len(paths) == -(-len(whole) // 100) > 3 and paths == sorted(tmp_path.iterdir())
    shards = Shards(tmp_path, FINGERPRINT)
    assert (len(shards), shards.V, shards.fingerprint) == (len(whole), V, FINGERPRINT)
    got = shards.tokens(0, len(shards))
    assert got.dtype == torch.int64 and got.tolist() == whole
    assert paths[0].stat().st_size == 136 + 100 * width


def test_any_part_can_be_read_across_shards(tmp_path):
    made = documents()
    write(tmp_path, made, size=7)
    shards, whole, draw = Shards(tmp_path), row(made), random.Random(1)
    for _ in range(300):
        start, stop = sorted(draw.choices(range(len(whole) + 1), k=2))
        assert shards.tokens(start, stop).tolist() == whole[start:stop]
    for start, stop in ((-1, 3), (0, len(whole) + 1), (5, 4)):
        with pytest.raises(ShardError, match=f"^there are {len(whole)} tokens, none from {start} to {stop}$"):
            shards.tokens(start, stop)


@pytest.mark.parametrize("size", [1, 99, 100, 101, 1 << 20])
def test_the_last_shard_is_never_empty(tmp_path, size):
    made = [[10] * 49, [11] * 49]  # 100 tokens with their separators
    write(tmp_path, made, size=size)
    shards = Shards(tmp_path)
    assert shards.tokens(0, 100).tolist() == row(made) and len(shards) == 100
    assert len(list(tmp_path.iterdir())) == -(-100 // size)


def test_documents_may_be_arrays_and_tensors(tmp_path):
    write_shards(tmp_path, [np.arange(3, dtype=np.uint16), torch.tensor([4, 5]), ()], 10, 9, "x")
    assert Shards(tmp_path).tokens(0, 8).tolist() == [0, 1, 2, 9, 4, 5, 9, 9]


def test_ids_are_stored_little_endian_after_a_header(tmp_path):
    (path,) = write_shards(tmp_path, [[1, 258]], 300, 2, "x")
    data = path.read_bytes()
    assert data[:8] == b"LMZTOKEN" and data[136:] == b"\x01\x00\x02\x01\x02\x00"
    plain = data[:104] + bytes(32)
    assert data[104:136] == hashlib.sha256(plain + data[136:]).digest()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (([[1000]], 1000, 9, "x"), "a document has ids from 9 to 1000; they must be below 1000"),
        (([[-1]], 1000, 9, "x"), "from -1 to 9"),
        (([[1]], 1000, 1000, "x"), "from 1 to 1000"),
        (([], 1000, 9, "x"), "no documents"),
        (([[1]], 0, 9, "x"), "a vocabulary has from 1 to"),
        (([[1]], (1 << 32) + 1, 9, "x"), "a vocabulary has from 1 to"),
        (([[1]], 10, 9, ""), "fingerprint 1 to 64"),
        (([[1]], 10, 9, "é"), "fingerprint 1 to 64"),
        (([[1]], 10, 9, "x" * 65), "fingerprint 1 to 64"),
        (([[1]], 10, 9, "x", 0), "at least 1 token"),
    ],
)
def test_what_cannot_be_written_is_refused(tmp_path, arguments, said):
    with pytest.raises(ShardError, match=said):
        write_shards(tmp_path, *arguments)
    assert list(tmp_path.iterdir()) == []


def test_shards_are_not_written_over(tmp_path):
    (path, *_) = write(tmp_path)
    before = path.read_bytes()
    with pytest.raises(ShardError, match="holds shards already"):
        write(tmp_path, [[5, 5, 5]])
    assert path.read_bytes() == before


# --- what is damaged ---------------------------------------------------------------------------------------


def test_every_flipped_bit_of_header_and_ids_is_found(tmp_path):
    path = write(tmp_path)[1]
    good = path.read_bytes()
    for place in [*range(136), *range(136, len(good), 5), len(good) - 1]:
        for bit in range(8):
            damaged = bytearray(good)
            damaged[place] ^= 1 << bit
            path.write_bytes(damaged)
            with pytest.raises(ShardError) as caught:
                Shards(tmp_path)
            assert "\n" not in str(caught.value)


def test_a_cut_or_longer_shard_is_found(tmp_path):
    path = write(tmp_path)[-1]
    good = path.read_bytes()
    for changed in [*(good[:size] for size in range(len(good))), good + b"\0", good + good]:
        path.write_bytes(changed)
        with pytest.raises(ShardError, match=path.name):
            Shards(tmp_path)


def test_a_foreign_file_is_refused(tmp_path):
    (tmp_path / "shard_00000.tokens").write_bytes(b"PK" + bytes(500))
    with pytest.raises(ShardError, match="is no shard, or its header is damaged"):
        Shards(tmp_path)


def forge(path: Path, **changes: object) -> None:
    """Change fields of a header, with a checksum that fits."""
    data = path.read_bytes()
    header = Header(*module.LAYOUT.unpack(data[:136]))._replace(**changes)
    header = header._replace(sha256=module._checksum(header, data[136:]))
    path.write_bytes(module.LAYOUT.pack(*header) + data[136:])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"V": 1001}, "is of another tokenizer than shard_00000"),
        ({"fingerprint": b"e" * 64}, "is of another tokenizer than shard_00000"),
        ({"V": 1 << 20}, "ids of another kind"),
        ({"width": 4}, "ids of another kind"),
        ({"width": 3}, "ids of another kind"),
        ({"V": 0}, "ids of another kind"),
        ({"version": 2}, "ids of another kind"),
        ({"count": 99}, "is cut or damaged: it should hold 99 ids"),
        ({"count": 0}, "is cut or damaged"),
        ({"number": 3}, "shard 1 of .* is missing"),
        ({"last": 1}, "says that it is the last shard, but more follow"),
    ],
)
def test_a_shard_that_does_not_belong_is_refused(tmp_path, changes, said):
    path = write(tmp_path)[1]
    forge(path)
    assert len(Shards(tmp_path)) > 300, "with nothing changed it is as good as before"
    forge(path, **changes)
    with pytest.raises(ShardError, match=said):
        Shards(tmp_path)


def test_a_missing_shard_is_missed_wherever_it_stood(tmp_path):
    paths = write(tmp_path)
    for number, path in enumerate(paths):
        data = path.read_bytes()
        path.unlink()
        last = number == len(paths) - 1
        with pytest.raises(
            ShardError, match="the last shards" if last else f"shard {number} of .* is missing"
        ):
            Shards(tmp_path)
        path.write_bytes(data)
    assert len(Shards(tmp_path)) > 300


def test_a_doubled_shard_and_an_empty_folder_are_refused(tmp_path):
    with pytest.raises(ShardError, match="holds no shards"):
        Shards(tmp_path)
    with pytest.raises(ShardError, match="holds no shards"):
        Shards(tmp_path / "nowhere")
    paths = write(tmp_path)
    paths[2].with_name("shard_00001b.tokens").write_bytes(paths[1].read_bytes())
    with pytest.raises(ShardError, match="shard 2 of .* is missing"):
        Shards(tmp_path)


def test_another_tokenizers_shards_are_refused(tmp_path):
    write(tmp_path)
    with pytest.raises(ShardError, match="written with another tokenizer: its fingerprint is ffff"):
        Shards(tmp_path, "a" * 64)


def test_a_writing_that_breaks_off_leaves_what_is_refused(tmp_path):
    def broken():
        yield from documents(9)
        raise RuntimeError("the source broke off")

    with pytest.raises(RuntimeError, match="broke off"):
        write(tmp_path, broken(), size=20)
    assert len(list(tmp_path.iterdir())) > 2
    with pytest.raises(ShardError, match="the last shards of .* are missing"):
        Shards(tmp_path)


def test_a_full_disk_leaves_no_half_shard(tmp_path, monkeypatch):
    def full(*args, **kw):
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="no space"):
        write(tmp_path)
    assert list(tmp_path.iterdir()) == []


# --- batches -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def counted(tmp_path_factory) -> Shards:
    """Ids that count up from 0, so that a window shows where it lies: 1 + 5 * 47 tokens, and 3 more."""
    folder = tmp_path_factory.mktemp("counted")
    write_shards(folder, [range(238)], 1000, 238, "x", tokens_per_shard=50)
    return Shards(folder)


T, WINDOWS = 5, 47


def firsts(made) -> list[list[int]]:
    """Of each batch, the numbers of its windows."""
    return [(x[:, 0] // T).tolist() for x, _ in made]


@pytest.mark.parametrize(
    ("B", "ranks"), [(4, 1), (1, 1), (47, 1), (60, 1), (4, 3), (5, 2), (7, 7), (2, 23), (6, 50)]
)
def test_each_epoch_has_each_window_once_over_all_ranks(counted, B, ranks):
    each = [list(batches(counted, B, T, seed=3, epoch=2, rank=rank, ranks=ranks)) for rank in range(ranks)]
    assert len({len(made) for made in each}) == 1, "the ranks make the same number of steps"
    seen = [window for made in each for batch in firsts(made) for window in batch]
    assert sorted(seen) == list(range(WINDOWS))
    for made in each:
        assert all(len(x) == B for x, _ in made[:-1]) and all(len(x) <= B for x, _ in made)
    last = [len(made[-1][0]) for made in each]
    assert max(last) - min(last) <= 1, "what is left is shared"


def test_targets_are_the_next_tokens(counted):
    for x, y in batches(counted, 4, T, seed=0):
        assert x.shape == y.shape == (len(x), T) and x.dtype == y.dtype == torch.int64
        assert x.is_contiguous() and y.is_contiguous()
        assert torch.equal(x[:, 1:], y[:, :-1]) and torch.equal(y, x + 1)
        assert torch.equal(x - x[:, :1], torch.arange(T).expand_as(x)) and (x[:, 0] % T == 0).all()


def test_the_order_follows_from_seed_and_epoch_alone(counted):
    def order(seed: int, epoch: int) -> list[int]:
        return sum(firsts(batches(counted, 4, T, seed, epoch)), [])

    assert order(1, 0) == order(1, 0)
    orders = [tuple(order(seed, epoch)) for seed in range(4) for epoch in range(4)] + [tuple(range(WINDOWS))]
    assert len(set(orders)) == len(orders)


def test_ranks_together_see_what_one_rank_alone_sees(counted):
    one = firsts(batches(counted, 12, T, seed=5))
    ranks = [firsts(batches(counted, 4, T, seed=5, rank=rank, ranks=3)) for rank in range(3)]
    for step, batch in enumerate(one):
        assert sorted(batch) == sorted(sum((made[step] for made in ranks), []))


@pytest.mark.parametrize(("B", "rank", "ranks"), [(4, 0, 1), (3, 1, 2), (7, 2, 3)])
def test_a_run_that_resumes_goes_on_as_if_it_had_not_stopped(counted, B, rank, ranks):
    whole = list(batches(counted, B, T, 1, 4, rank, ranks))
    for start in range(len(whole) + 2):
        rest = list(batches(counted, B, T, 1, 4, rank, ranks, start))
        assert len(rest) == max(len(whole) - start, 0)
        for (x, y), (x_whole, y_whole) in zip(rest, whole[start:], strict=True):
            assert torch.equal(x, x_whole) and torch.equal(y, y_whole)


def test_the_last_tokens_too_few_for_a_window_are_left_out(tmp_path):
    for tokens, windows in ((6, 1), (10, 1), (11, 2), (15, 2), (16, 3)):
        folder = tmp_path / str(tokens)
        write_shards(folder, [range(tokens - 1)], 100, 99, "x")
        assert sum(len(x) for x, _ in batches(Shards(folder), 2, 5, seed=0)) == windows


def test_the_order_of_the_book_stays(counted):
    """Written down once: a change of it would make every record of training another."""
    first, second = islice(batches(counted, 4, T, seed=1, epoch=0), 2)
    assert firsts([first, second]) == [[23, 20, 31, 9], [35, 15, 25, 39]]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"B": 0}, "at least 1"),
        ({"T": 0}, "at least 1"),
        ({"ranks": 0}, "at least 1"),
        ({"rank": 1}, "rank is below ranks"),
        ({"rank": -1, "ranks": 2}, "rank is below ranks"),
        ({"seed": -1}, "nothing is negative"),
        ({"epoch": -1}, "nothing is negative"),
        ({"start": -1}, "nothing is negative"),
        ({"T": 239}, "239 tokens are too few for a window of 239 and the token after it"),
    ],
)
def test_settings_that_make_no_sense_are_refused(counted, settings, said):
    make: Callable = batches
    with pytest.raises(ShardError, match=said):
        next(make(counted, **({"B": 2, "T": T, "seed": 0} | settings)))
