"""utils.tokenizer: exact for any bytes, equal to ``tokenizers``, and no file trusted unchecked."""

from __future__ import annotations

import copy
import hashlib
import json
import os
import pickle
import random
from dataclasses import FrozenInstanceError
from pathlib import Path

import numpy as np
import pytest
import torch

from tests import library_tokenizers as library
from tests.test_bpe import random_texts
from utils.corpus import read_split
from utils.tokenizer import Tokenizer
from utils.tokenizer_formats import TokenizerError, byte_letters

END = "<|endoftext|>"
SPECIAL = (END, "<|user|>", "<|user|>x")  # one begins with another


@pytest.fixture(scope="module")
def code() -> list[str]:
    return [text for _, text in read_split("train", 400_000)]


@pytest.fixture(scope="module")
def tokenizer(code) -> Tokenizer:
    return Tokenizer.train(code, merges=500, special=SPECIAL)


@pytest.fixture(scope="module")
def tiny() -> Tokenizer:
    return Tokenizer.train(["low lower lowest", "new newer"], merges=5)


# --- ids -----------------------------------------------------------------------------------------------


def test_ids_are_bytes_then_merges_then_special_tokens(tokenizer):
    assert tokenizer.V == 256 + 500 + 3 == len(tokenizer.vocabulary)
    assert tokenizer.vocabulary[:256] == tuple(bytes([byte]) for byte in range(256))
    for i, (left, right) in enumerate(tokenizer.merges):
        assert max(left, right) < 256 + i
        assert tokenizer.vocabulary[256 + i] == tokenizer.vocabulary[left] + tokenizer.vocabulary[right]
    assert [tokenizer.special_id(token) for token in SPECIAL] == [756, 757, 758]
    assert tokenizer.special_id() == 756


def test_training_ends_where_no_pair_is_left_and_may_learn_nothing():
    assert Tokenizer.train(["ab ab"], merges=9, special=()).V == 256 + 2
    plain = Tokenizer.train([], merges=3)
    assert plain.V == 257 and plain.encode("é") == [0xC3, 0xA9] and plain.special == {END: 256}


def test_training_takes_an_iterator_and_reads_special_tokens_as_text():
    made = Tokenizer.train(iter([END] * 3), merges=20)
    assert made.merges == Tokenizer.train([END, END, END], merges=20).merges != ()


# --- there and back ------------------------------------------------------------------------------------

TEXTS = [
    "", " ", "\n", "a", "It's 3 o'clock.\r\n\tYes", "损失函数，梯度 下降。",
    "日本語 한국어 العربية עברית हिन्दी ไทย",
    "\U0001f600\U0001f469\u200d\U0001f4bb\u2764\ufe0f", "e\u0301 é ﬁ ﷺ", "\x00\x01\x7f\x85\ufeff", "a" * 3000,
    END, f"x{END}y", f"{END}{END}", "<|endoftext", "\U0010ffff",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_comes_back(tokenizer, text):
    for special in (False, True):
        ids = tokenizer.encode(text, special)
        assert tokenizer.decode(ids) == text and tokenizer.decode_bytes(ids) == text.encode()
        assert tokenizer.encode(text.encode(), special) == ids


def test_any_bytes_come_back(tokenizer):
    draw = random.Random(3)
    for size in [*range(40)] * 30 + [5000]:
        data = (
            draw.randbytes(size)
            if size % 2
            else bytes(draw.choices(b"a \xe6\x8d\x9f\xff\xf0\xed\xa0\x80", k=size))
        )
        assert tokenizer.decode_bytes(tokenizer.encode(data)) == data
        assert tokenizer.decode_bytes(tokenizer.encode(data, special=True)) == data


def test_bytes_that_are_no_utf8_become_signs_of_their_own_when_decoded(tiny):
    ids = tiny.encode(b"new\xff\xe6\x8d")
    assert tiny.decode(ids) == "new\ufffd\ufffd" == b"new\xff\xe6\x8d".decode("utf-8", "replace")
    assert tiny.decode(ids, errors="ignore") == "new"
    with pytest.raises(UnicodeDecodeError):
        tiny.decode(ids, errors="strict")


@pytest.mark.parametrize("text", ["a\ud800", "\udfff", "\ud83d\ude00 as two halves"])
def test_a_lone_surrogate_is_refused_in_one_sentence(tiny, text):
    with pytest.raises(
        TokenizerError, match=r"^the text holds a lone surrogate, '\\ud[\w]+' at \d+: .* UTF-8"
    ):
        tiny.encode(text)
    with pytest.raises(TokenizerError, match="lone surrogate"):
        Tokenizer.train([text], merges=1)
    with pytest.raises(TokenizerError, match="lone surrogate"):
        Tokenizer.train(["a"], merges=1, special=(text,))


def test_special_tokens_are_text_unless_asked_for(tokenizer):
    text = f"a{END}b<|user|>x<|user|>y"
    plain, special = tokenizer.encode(text), tokenizer.encode(text, special=True)
    assert not {756, 757, 758} & set(plain)
    a, b, y = (tokenizer.encode(letter) for letter in "aby")
    assert special == [*a, 756, *b, 758, 757, *y], "of two that fit, the longer one"
    assert tokenizer.decode(plain) == tokenizer.decode(special) == text
    assert tokenizer.encode(b"\xff" + END.encode(), special=True) == [0xFF, 756]


def test_special_tokens_are_letters_to_no_pattern():
    made = Tokenizer.train(["a.b"], merges=0, special=("a.b", "(", "[x]"))
    assert made.encode("aXb", special=True) == [97, 88, 98] and made.encode("a.b([x]", special=True) == [
        256,
        257,
        258,
    ]
    assert Tokenizer.train([], 0, special=()).encode(END, special=True) == list(END.encode())


def test_ids_may_be_a_tensor_or_an_array_or_an_iterator(tiny):
    ids = tiny.encode("newer")
    for given in (torch.tensor(ids), np.array(ids, dtype=np.uint16), iter(ids), tuple(ids)):
        assert tiny.decode(given) == "newer"


@pytest.mark.parametrize("id", [-1, 262, 10**9])
def test_an_id_that_is_none_is_refused(tiny, id):
    assert tiny.V == 262
    with pytest.raises(TokenizerError, match=f"^{id} is no id here: they go from 0 to 261$"):
        tiny.decode([0, id])


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: Tokenizer.train("one string", 3), "list of texts"),
        (lambda: Tokenizer.train(["a"], -1), "0 merges or more"),
        (lambda: Tokenizer.train([3], 1), "string or bytes, not int"),
        (lambda: Tokenizer.train([], 0).encode(None), "string or bytes, not NoneType"),
        (lambda: Tokenizer.train(["a"], 1, special=("",)), "'' cannot be a special token"),
        (lambda: Tokenizer.train(["a"], 1, special=("<x>", "<x>")), "no merge makes the id 256, b'<x>'"),
        (lambda: Tokenizer.train([], 0).special_id("<x>"), r"'<x>' is no special token here; .*endoftext"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(call, said):
    with pytest.raises(TokenizerError, match=said):
        call()


# --- against the library -------------------------------------------------------------------------------


def test_the_library_trained_alike_gives_the_same_ids(code, tokenizer):
    theirs = library.trained(code, 500)
    for text in [*code[:20], *random_texts(500, seed=8), *TEXTS]:
        assert tokenizer.encode(text) == theirs.encode(text).ids, text


def test_the_library_with_our_merges_gives_the_same_ids_and_special_tokens(code, tokenizer):
    theirs, draw = library.like(tokenizer), random.Random(2)
    for text in [*code[:5], *random_texts(1500, seed=9)]:
        places = draw.choices(range(len(text) + 1), k=3)
        for place, token in zip(sorted(places, reverse=True), SPECIAL, strict=True):
            text = text[:place] + token + text[place:]
        assert tokenizer.encode(text, special=True) == theirs.encode(text).ids, text


def test_the_letters_of_bytes_are_the_librarys():
    assert byte_letters() == library.byte_letters() and byte_letters()[32] == "Ġ"


@pytest.fixture(scope="module", params=["last", "first"])
def gpt2_files(request, code, tmp_path_factory) -> tuple[Path, Path, library.Library]:
    """A small pair of files in GPT-2's format from the library; GPT-2's own special token is the last."""
    theirs = library.gpt2_like(code, 700, END if request.param == "first" else None)
    folder = tmp_path_factory.mktemp(request.param)
    theirs.model.save(str(folder))
    theirs.add_special_tokens([END])
    vocabulary = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
    if request.param == "last":
        vocabulary[END] = len(vocabulary)
        (folder / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    assert len(vocabulary) in (700, 701) and "Ġ" in vocabulary
    return folder / "vocab.json", folder / "merges.txt", theirs


def test_files_in_gpt2s_format_give_the_librarys_ids(gpt2_files, code):
    vocab, merges, theirs = gpt2_files
    ours = Tokenizer.from_gpt2(vocab, merges)
    assert theirs.get_vocab_size() == ours.V and ours.special_id() == theirs.token_to_id(END)
    assert ours.encode("a") != [97], "there the bytes have other ids"
    for text in [*code[:10], *random_texts(800, seed=4), f"a{END}\n{END}b"]:
        ids = ours.encode(text, special=True)
        assert ids == theirs.encode(text).ids and ours.decode(ids) == text
    assert ours.decode_bytes(ours.encode(bytes(range(256)))) == bytes(range(256))


def test_a_tokenizer_from_gpt2s_files_is_saved_like_another(gpt2_files, tmp_path):
    ours = Tokenizer.from_gpt2(*gpt2_files[:2])
    again = Tokenizer.load(ours.save(tmp_path / "a.json"))
    assert again == ours and again.fingerprint == ours.fingerprint
    assert again.encode("It's a test") == ours.encode("It's a test")


def edit_vocab(change):
    def edit(vocab: Path, merges: Path) -> None:
        ids = json.loads(vocab.read_text(encoding="utf-8"))
        change(ids)
        vocab.write_text(json.dumps(ids), encoding="utf-8")

    return edit


def edit_merges(change):
    def edit(vocab: Path, merges: Path) -> None:
        lines = merges.read_text(encoding="utf-8").splitlines()
        merges.write_text("\n".join(change(lines)), encoding="utf-8")

    return edit


@pytest.mark.parametrize(
    "edit",
    [
        lambda vocab, merges: vocab.write_bytes(vocab.read_bytes()[:900]),
        lambda vocab, merges: vocab.write_text("[1, 2]"),
        lambda vocab, merges: vocab.write_bytes(b"\xff\xfe\x00"),
        lambda vocab, merges: merges.write_bytes(merges.read_bytes()[:900]),
        lambda vocab, merges: merges.write_bytes(b"\xff\xfe\x00"),
        edit_vocab(lambda ids: ids.update(a="7")),
        edit_vocab(lambda ids: ids.update(a=7)),
        edit_vocab(lambda ids: ids.update({"no token": len(ids)})),
        edit_vocab(lambda ids: ids.update({"zqzq": len(ids)})),
        edit_vocab(lambda ids: ids.pop("a")),
        edit_vocab(lambda ids: ids.update(a=ids["b"], b=ids["a"], Ġa=ids["Ġa"] + 0.5)),
        edit_merges(lambda lines: lines[:-1]),
        edit_merges(lambda lines: [lines[0], *lines[2:]]),
        edit_merges(lambda lines: [lines[0], *lines[:0:-1]]),
        edit_merges(lambda lines: [*lines, lines[-1]]),
        edit_merges(lambda lines: [*lines, "a b c"]),
        edit_merges(lambda lines: [*lines, "nothing such"]),
    ],
)
def test_files_that_do_not_fit_are_refused(gpt2_files, tmp_path, edit):
    vocab, merges = tmp_path / "vocab.json", tmp_path / "merges.txt"
    vocab.write_bytes(gpt2_files[0].read_bytes())
    merges.write_bytes(gpt2_files[1].read_bytes())
    assert Tokenizer.from_gpt2(vocab, merges).V >= 700
    edit(vocab, merges)
    with pytest.raises(TokenizerError, match=r"vocab\.json") as caught:
        Tokenizer.from_gpt2(vocab, merges)
    assert "\n" not in str(caught.value)


# --- saved and loaded ----------------------------------------------------------------------------------


def test_a_file_gives_the_same_tokenizer(tokenizer, code, tmp_path):
    path = tokenizer.save(tmp_path / "new" / "tokenizer.json")
    again = Tokenizer.load(str(path))
    assert again == tokenizer and again.fingerprint == tokenizer.fingerprint
    assert again.encode(code[0], special=True) == tokenizer.encode(code[0], special=True)
    first = path.read_bytes()
    assert again.save(path).read_bytes() == first and first.isascii()


def test_the_fingerprint_tells_tokenizers_apart(tiny):
    texts = ["low lower lowest", "new newer"]
    assert len(tiny.fingerprint) == 64 and Tokenizer.train(texts, 5).fingerprint == tiny.fingerprint
    others = [Tokenizer.train(texts, 4), Tokenizer.train(texts, 5, ("<x>",)), Tokenizer.train(texts[:1], 5)]
    assert len({other.fingerprint for other in [tiny, *others]}) == 4


def test_it_is_frozen_and_can_be_copied_and_sent_to_another_process(tiny):
    tiny.encode("lower")
    for other in (pickle.loads(pickle.dumps(tiny)), copy.deepcopy(tiny)):
        assert other == tiny and other.encode("lowest") == tiny.encode("lowest")
    with pytest.raises(FrozenInstanceError):
        tiny.merges = ()


def test_every_changed_or_missing_byte_of_a_file_is_found(tiny, tmp_path):
    path, draw = tiny.save(tmp_path / "a.json"), random.Random(1)
    good = path.read_bytes()
    for place in [*range(0, len(good), 7), *range(len(good) - 90, len(good) - 1)]:
        path.write_bytes(good[:place])
        with pytest.raises(TokenizerError):
            Tokenizer.load(path)
        changed = bytearray(good)
        changed[place] ^= 1 << draw.randrange(8)
        path.write_bytes(changed)
        try:
            loaded = Tokenizer.load(path)
        except TokenizerError as error:
            assert str(path) in str(error) and "\n" not in str(error)
        else:  # what JSON does not mind: other white space, or A for a in "\\u00aa"
            assert loaded == tiny, place


def stored(tiny: Tokenizer, path: Path, **changes) -> Path:
    """A file with something changed and a checksum that fits the change, as one would forge it."""
    content = json.loads(tiny.save(path).read_text(encoding="utf-8"))
    content |= changes
    kept = {key: content[key] for key in ("vocabulary", "merges", "special")}
    content["sha256"] = hashlib.sha256(json.dumps(kept).encode()).hexdigest()
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_a_forged_file_with_nothing_changed_is_loaded(tiny, tmp_path):
    assert Tokenizer.load(stored(tiny, tmp_path / "a.json")) == tiny


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"format": "other"}, "is no tokenizer of this book"),
        ({"vocabulary": []}, "cannot be a special token"),
        ({"vocabulary": 3}, "damaged"),
        ({"vocabulary": ["Ā"] * 262}, "damaged"),
        ({"vocabulary": [3] * 262}, "damaged"),
        ({"merges": []}, "no merge makes the id 256"),
        ({"merges": [[0, 1]]}, "merge 0, of 0 and 1, does not follow"),
        ({"merges": [[300, 1]]}, "merge 0, of 300 and 1"),
        ({"merges": [[-1, 1]]}, "merge 0, of -1 and 1"),
        ({"merges": [[[], 1]]}, "damaged"),
        ({"merges": [1]}, "damaged"),
        ({"merges": {"a": 1}}, "damaged"),
        ({"special": {}}, "no merge makes the id 261"),
        ({"special": {END: 3}}, "cannot be a special token with the id 3"),
        ({"special": {END: -1}}, "cannot be a special token with the id -1"),
        ({"special": {END: True}}, "cannot be a special token with the id True"),
        ({"special": {END: "261"}}, "cannot be a special token"),
        ({"special": [1]}, "damaged"),
    ],
)
def test_a_forged_file_is_refused_for_what_it_says(tiny, tmp_path, changes, said):
    with pytest.raises(TokenizerError, match=said) as caught:
        Tokenizer.load(stored(tiny, tmp_path / "a.json", **changes))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"null", b"\xff\xfe", b"{" * 100_000, b'{"version": 1}']
)
def test_a_foreign_file_is_refused(content, tmp_path):
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(TokenizerError, match=r"a\.json is (damaged, or )?no tokenizer|is damaged"):
        Tokenizer.load(tmp_path / "a.json")


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(FileNotFoundError):
        Tokenizer.load(tmp_path / "a.json")


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_an_interrupted_save_leaves_the_old_file(tiny, tokenizer, tmp_path, monkeypatch, step):
    path = tiny.save(tmp_path / "a.json")

    def full(*args, **kw):
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, step, full)
        with pytest.raises(OSError, match="no space"):
            tokenizer.save(path)
    assert Tokenizer.load(path) == tiny and os.listdir(tmp_path) == ["a.json"]
