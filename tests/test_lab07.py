"""What only lab 07 has: references held against outsiders that are too slow for an instant check, or that are
not ours: the library tokenizers, scikit-learn, pandas and PyTorch's sampler; and the book's settled code.
"""

from __future__ import annotations

import random

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.feature_extraction.text import CountVectorizer
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from torch.testing import assert_close
from torch.utils.data import DistributedSampler

from tests.library_tokenizers import byte_letters
from utils import bpe, shards
from utils.exercises.lab07 import (
    best_pair,
    count_pairs,
    decode,
    encode_chunk,
    merge,
    split_special,
    train_bpe,
    window_order,
)
from utils.exercises.outcome import make_cases

SEEDS = (7, 8, 9)
seeds = pytest.mark.parametrize("seed", SEEDS)
LETTERS = byte_letters()


def letters_of(data):
    """Bytes as the library writes them."""
    return "".join(LETTERS[byte] for byte in data)


def arguments(module, seed):
    return [case.args for case in make_cases(module.EXERCISE, seed)]


def random_chunks(seed, letters=b"abc", n=30):
    draw = random.Random(seed)
    chunks = {bytes(draw.choices(letters, k=draw.randint(1, 9))): draw.randint(1, 9) for _ in range(n)}
    return chunks, draw.randint(1, 12)


def named(token):
    """An id as one character that survives in a text of the library's."""
    return chr(0x4E00 + token)


@seeds
def test_pairs_are_counted_as_scikit_learn_counts_pairs_of_letters(seed):
    for (chunks,) in arguments(count_pairs, seed):
        texts = ["".join(map(named, ids)) for ids, _ in chunks]
        vectorizer = CountVectorizer(analyzer="char", ngram_range=(2, 2), lowercase=False)
        table = vectorizer.fit_transform(texts).T @ np.array([count for _, count in chunks])
        found = dict(zip(vectorizer.get_feature_names_out(), table.tolist(), strict=True))
        counts = count_pairs.reference(chunks)
        assert found == {named(left) + named(right): number for (left, right), number in counts.items()}


@seeds
def test_a_pair_is_merged_as_by_the_librarys_model_with_that_one_merge(seed):
    for ids, pair, new in arguments(merge, seed):
        left, right = map(named, pair)
        tokens = [*map(named, {*ids, *pair}), left + right]
        model = models.BPE({token: i for i, token in enumerate(tokens)}, [(left, right)])
        encoded = Tokenizer(model).encode("".join(map(named, ids))).tokens
        assert [new if len(token) == 2 else ord(token) - 0x4E00 for token in encoded] == merge.reference(
            ids, pair, new
        )
        assert merge.reference(ids, pair, new) == bpe.merge(ids, pair, new)


@seeds
def test_the_best_pair_stands_first_in_pandas_order(seed):
    for (counts,) in arguments(best_pair, seed):
        table = pd.DataFrame([(left, right, n) for (left, right), n in counts.items()])
        table = table.sort_values([2, 0, 1], ascending=[False, True, True])
        assert best_pair.reference(counts) == tuple(table.iloc[0, :2])


def merges_of_the_library(counts, merges):
    """What the library learns when every chunk is a text of its own, which nothing cuts."""
    tokenizer = Tokenizer(models.BPE())
    trainer = trainers.BpeTrainer(vocab_size=256 + merges, special_tokens=LETTERS, show_progress=False)
    texts = [letters_of(chunk) for chunk, number in counts.items() for _ in range(number)]
    tokenizer.train_from_iterator(texts, trainer)
    pieces = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    return [piece for piece, _ in pieces[256:]]


def pieces_of(learned):
    """What each merge makes, as the library writes it."""
    pieces = list(LETTERS)
    for left, right in learned:
        pieces.append(pieces[left] + pieces[right])
    return pieces[256:]


@seeds
def test_merges_are_those_that_the_library_learns(seed):
    given = [*arguments(train_bpe, seed), *(random_chunks(10 * seed + i) for i in range(20))]
    for counts, merges in given:
        learned = train_bpe.reference(counts, merges)
        assert pieces_of(learned) == merges_of_the_library(counts, merges)
        assert learned == bpe.train_bpe(counts, merges)


@seeds
def test_the_cases_of_training_have_ties_and_run_out_of_pairs(seed):
    given = arguments(train_bpe, seed)
    assert any(len(train_bpe.reference(*args)) < args[1] for args in given)
    counts, merges = given[0]
    reversed_order = dict(reversed(counts.items()))
    first_seen = next(m.wrong for m in train_bpe.EXERCISE.mistakes if m.name == "ties_first_seen")
    assert first_seen(counts, merges) != first_seen(reversed_order, merges)
    assert train_bpe.reference(counts, merges) == train_bpe.reference(reversed_order, merges)


def library_model(ranks):
    """The library's model with our merges."""
    pieces = list(LETTERS)
    for left, right in sorted(ranks, key=ranks.get):
        pieces.append(pieces[left] + pieces[right])
    pairs = [(pieces[left], pieces[right]) for left, right in sorted(ranks, key=ranks.get)]
    return Tokenizer(models.BPE({piece: i for i, piece in enumerate(pieces)}, pairs))


@seeds
def test_a_chunk_is_encoded_as_by_the_library_with_the_same_merges(seed):
    given = arguments(encode_chunk, seed)
    for i in range(20):
        counts, merges = random_chunks(10 * seed + i)
        ranks = {pair: 256 + j for j, pair in enumerate(bpe.train_bpe(counts, merges))}
        given += [(list(chunk), ranks) for chunk in random_chunks(seed - i)[0]]
    for ids, ranks in given:
        encoded = library_model(ranks).encode(letters_of(ids)).ids
        assert encode_chunk.reference(ids, ranks) == encoded == bpe.encode_chunk(ids, ranks)


@seeds
def test_bytes_become_text_as_in_the_librarys_decoder(seed):
    given = arguments(decode, seed)
    draw = random.Random(seed)
    edges = [0x41, 0x7F, 0x80, 0xBF, 0xC2, 0xE0, 0xA0, 0xED, 0x9F, 0xF0, 0x90, 0xF4, 0x8F, 0xFF]
    plain = [bytes([byte]) for byte in range(256)]
    given += [(draw.choices(edges, k=draw.randint(1, 12)), plain) for _ in range(500)]
    for ids, vocabulary in given:
        text = decoders.ByteLevel().decode([letters_of(vocabulary[token]) for token in ids])
        assert decode.reference(ids, vocabulary) == text


def split_by_the_library(text, special):
    """The library cuts special tokens out of a text before anything else; the rest is one unknown word."""
    tokenizer = Tokenizer(models.WordLevel({"?": 0}, unk_token="?"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("\0", "isolated")
    tokenizer.add_special_tokens(special)
    return [text[start:end] for start, end in tokenizer.encode(text).offsets]


@seeds
def test_texts_are_cut_where_the_library_finds_special_tokens(seed):
    given = arguments(split_special, seed)
    draw = random.Random(seed)
    for _ in range(200):
        special = {"".join(draw.choices("ab<", k=draw.randint(1, 4))) for _ in range(3)}
        given.append(("".join(draw.choices("ab<", k=12)), sorted(special)))
    for text, special in given:
        assert split_special.reference(text, special) == split_by_the_library(text, special)


@seeds
def test_windows_are_dealt_as_by_pytorchs_sampler(seed):
    """The sampler repeats some windows so that all ranks have as many; ours are those before that."""
    for tokens, T, B, permutation, _, ranks in arguments(window_order, seed):
        window_of = {tokens[window * T].item(): window for window in range(len(permutation))}
        steps, all_windows = set(), []
        for rank in range(ranks):
            made = window_order.reference(tokens, T, B, permutation, rank, ranks)
            windows = [window_of[row[0].item()] for x, _ in made for row in x]
            sampler = DistributedSampler(range(len(permutation)), ranks, rank, shuffle=False)
            assert windows == permutation[list(sampler)].tolist()[: len(windows)]
            assert all(len(x) == B for x, _ in made[:-1])
            steps.add(len(made))
            all_windows += windows
        assert len(steps) == 1 and sorted(all_windows) == list(range(len(permutation)))


@seeds
def test_every_target_is_the_token_after_its_input(seed):
    for args in arguments(window_order, seed):
        tokens = args[0].tolist()
        following = dict(zip(tokens, tokens[1:], strict=False))
        for x, y in window_order.reference(*args):
            assert [[following[token] for token in row] for row in x.tolist()] == y.tolist()


@seeds
def test_batches_are_those_of_the_settled_shards(seed, tmp_path):
    for i, (tokens, T, B, permutation, rank, ranks) in enumerate(arguments(window_order, seed)):
        *document, separator = tokens.tolist()
        shards.write_shards(tmp_path / str(i), [document], 1000, separator, "x", tokens_per_shard=7)
        order = torch.from_numpy(np.random.default_rng([seed, i]).permutation(len(permutation)))
        kept = shards.Shards(tmp_path / str(i))
        settled = list(shards.batches(kept, B, T, seed, epoch=i, rank=rank, ranks=ranks))
        expected = window_order.reference(tokens, T, B, order, rank, ranks)
        assert_close([list(batch) for batch in settled], [list(batch) for batch in expected])
