"""utils.corpus and utils.duplicates: splits that are the same everywhere and share no near-duplicates."""

from __future__ import annotations

import csv
import hashlib
import random
from pathlib import Path

import pytest

from utils import corpus
from utils.duplicates import clusters, shared_lines, shingles
from utils.files import write_atomic


@pytest.fixture
def here(monkeypatch):
    """Forgets before and after a test what was looked up once."""

    def forget() -> None:
        for function in (corpus._manifest, corpus._difference, corpus.splits):
            function.cache_clear()

    forget()
    yield monkeypatch
    monkeypatch.undo()
    forget()


def install(monkeypatch, folder: Path, files: dict[str, str], written: bool = True) -> Path:
    """Make this machine's PyTorch one of those files, version 9.9.0, with a manifest that fits."""
    for path, text in files.items():
        write_atomic(folder / "torch" / path, text)
    manifest = folder / "manifest.csv"
    monkeypatch.setattr(corpus, "corpus_root", lambda: folder / "torch")
    monkeypatch.setattr(corpus, "corpus_files", lambda: sorted((folder / "torch").rglob("*.py")))
    monkeypatch.setattr(corpus, "manifest_path", lambda: manifest)
    monkeypatch.setattr(corpus, "version", lambda: "9.9.0")
    if written:
        write_atomic(manifest, corpus.manifest_text())
    return folder / "torch"


def program(seed: int, lines: int = 40) -> str:
    """Lines of which no two programs have one in common, whatever the values of numbers."""
    draw = random.Random(seed)
    return "".join("x = " + "".join(draw.choices("abcdefgh", k=12)) + "\n" for _ in range(lines))


FILES = {f"part{i % 7}/file{i}.py": program(i) for i in range(300)} | {"version.py": "a = 1\n"}


# --- the manifest --------------------------------------------------------------------------------------


def test_the_manifest_of_this_pytorch_is_what_the_rule_gives():
    """On the version that the book is tested with; another version has no manifest and says so."""
    if corpus.manifest_path().exists():
        assert corpus.matches(), corpus.status()
        text = corpus.manifest_path().read_text(encoding="utf-8")
        assert corpus.manifest_text() == text, "run `python -m utils.corpus --write`"
        assert corpus.status().startswith(f"PyTorch {corpus.version()} as in the manifest: ")
    else:
        assert not corpus.matches() and "has no manifest here: splits are made anew" in corpus.status()


def test_every_manifest_can_be_read_and_has_splits_of_a_useful_size():
    paths = sorted((Path(corpus.__file__).parent / "manifests").iterdir())
    assert paths
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
        assert tuple(head) == corpus.Entry._fields and len(rows) > 2000
        assert [row[3] for row in rows] == sorted({row[3] for row in rows}) and "version.py" not in rows[-1]
        sizes = {split: sum(int(row[1]) for row in rows if row[0] == split) for split in corpus.SPLITS}
        assert sum(sizes.values()) == sum(int(row[1]) for row in rows)
        for split in ("validation", "held_out"):
            assert 0.02 < sizes[split] / sum(sizes.values()) < 0.03


def test_a_manifest_fits_until_a_file_changes_grows_or_is_gone(here, tmp_path):
    root = install(here, tmp_path, FILES)
    assert corpus.matches() and corpus.status() == "PyTorch 9.9.0 as in the manifest: 300 files, 0.2 MB"
    made = dict(corpus.splits())
    for change in (
        lambda file: file.write_bytes(file.read_bytes().replace(b"a", b"b", 1)),
        lambda file: file.write_bytes(file.read_bytes() + b"\n"),
        lambda file: file.unlink(),
    ):
        file = root / "part3/file3.py"
        good = file.read_bytes()
        change(file)
        for function in (corpus._difference, corpus.splits):
            function.cache_clear()
        assert not corpus.matches()
        assert corpus.status() == (
            "1 files of PyTorch 9.9.0 are not as in its manifest, part3/file3.py for one: "
            "splits are made anew by the same rule, and results differ from those shown"
        )
        rest = {path: split for path, split in corpus.splits().items() if path != "part3/file3.py"}
        assert rest == {path: split for path, split in made.items() if path != "part3/file3.py"}
        file.write_bytes(good)


def test_without_a_manifest_the_rule_makes_the_same_splits(here, tmp_path):
    install(here, tmp_path, FILES)
    made, held = dict(corpus.splits()), list(corpus.read_split("held_out"))
    corpus.manifest_path().unlink()
    for function in (corpus._manifest, corpus._difference, corpus.splits):
        function.cache_clear()
    assert not corpus.matches() and corpus.status().startswith("PyTorch 9.9.0 has no manifest here: splits")
    assert corpus.splits() == made and list(corpus.read_split("held_out")) == held


def test_files_that_other_packages_put_there_and_the_builds_own_do_not_count(here, tmp_path):
    root = install(here, tmp_path, FILES)
    write_atomic(root / "added.py", "x = 1\n")
    write_atomic(root / "version.py", "cuda = '13.0'\n")
    assert corpus.matches() and not {"added.py", "version.py"} & set(corpus.splits())


def test_it_is_looked_up_once(here, tmp_path):
    install(here, tmp_path, FILES)
    assert corpus.matches()
    here.setattr(corpus, "_size", None)
    here.setattr(corpus, "_digest", None)
    assert corpus.matches() and "as in the manifest" in corpus.status()


def test_the_command_writes_the_manifest_and_tells_the_splits(here, tmp_path, capsys):
    install(here, tmp_path, FILES, written=False)
    corpus.main([])
    assert capsys.readouterr().out.startswith("PyTorch 9.9.0 has no manifest here")
    corpus.main(["--write"])
    wrote, status, *rows = capsys.readouterr().out.splitlines()
    assert wrote == "wrote manifest.csv" and "300 files" in status
    assert [row.split()[0] for row in rows] == list(corpus.SPLITS)
    assert sum(int(row.split()[1]) for row in rows) == 300
    entry = corpus._manifest()[0]
    data = FILES[entry.path].encode()
    assert (entry.bytes, entry.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert b"\r" not in corpus.manifest_path().read_bytes()


# --- reading -------------------------------------------------------------------------------------------


def test_each_file_is_in_one_split_and_read_as_it_stands(here, tmp_path):
    install(here, tmp_path, FILES)
    read = [pair for split in corpus.SPLITS for pair in corpus.read_split(split)]
    assert len(read) == 300 and dict(read) == {
        path: text for path, text in FILES.items() if path != "version.py"
    }
    train = [path for path, _ in corpus.read_split("train")]
    assert train != sorted(train) and train == [path for path, _ in corpus.read_split("train")]
    assert len({path.partition("/")[0] for path in train[:20]}) > 3, "the folders are mixed"


def test_the_order_does_not_depend_on_the_machine(here, tmp_path):
    install(here, tmp_path, {f"{letter}.py": program(ord(letter)) for letter in "abcdefgh"})
    here.setattr(corpus, "HELD_OUT", 0.0)
    here.setattr(corpus, "VALIDATION", 0.0)
    here.setattr(corpus, "LARGEST", 1.0)
    corpus.manifest_path().unlink()
    assert "".join(path[0] for path, _ in corpus.read_split("train")) == "efbagchd"


def test_max_bytes_stops_before_a_file_that_would_not_fit(here, tmp_path):
    install(here, tmp_path, FILES)
    sizes = [len(text.encode()) for _, text in corpus.read_split("train", 20_000)]
    assert 10 < len(sizes) < 40 and sum(sizes) <= 20_000
    assert len(list(corpus.read_split("train", sum(sizes)))) == len(sizes)
    assert len(list(corpus.read_split("train", sum(sizes) - 1))) == len(sizes) - 1
    assert list(corpus.read_split("train", 0)) == []


@pytest.mark.parametrize(
    ("split", "size", "said"),
    [("test", None, "'test' is no split: there are train, "), ("train", -1, "not -1")],
)
def test_what_cannot_be_read_is_said_in_one_sentence(split, size, said):
    with pytest.raises(ValueError, match=said):
        next(corpus.read_split(split, size))


# --- near-duplicates -----------------------------------------------------------------------------------


def test_texts_of_which_one_holds_much_of_the_other_are_together():
    a, b, c, d = (program(seed) for seed in range(4))
    texts = {
        "a": a,
        "renumbered": a.replace("x = ", "x7 = "),
        "renumbered again": a.replace("x = ", "    x42 = "),
        "longer": b + "\n\n" + a,
        "short": "\n".join(a.splitlines()[:5]),
        "b": b,
        "c": c,
        "third": "\n".join(c.splitlines()[:17] + d.splitlines()[:23]),
        "other": program(9),
        "with two lines of it": "\n".join(program(9).splitlines()[:2]) + "\n" + program(8),
        "shuffled": "\n".join(random.Random(0).sample(program(5).splitlines(), 40)),
        "5": program(5),
    }
    groups = [set(group) for group in clusters(texts)]
    assert {"renumbered", "renumbered again"} <= next(group for group in groups if "renumbered" in group)
    assert {"a", "longer", "short", "b"} <= next(group for group in groups if "a" in group)
    assert {"c", "third"} <= next(group for group in groups if "c" in group)
    for alone in ("other", "with two lines of it", "shuffled", "5"):
        assert {alone} in groups
    assert sorted(name for group in groups for name in group) == sorted(texts)


def test_what_stands_in_very_many_texts_shows_no_likeness():
    licence = program(99, lines=8)
    texts = {f"{i:02}": licence + program(i, lines=9) for i in range(51)}
    assert len(clusters(texts)) == 51
    few = dict(list(texts.items())[:50])
    assert clusters(few) == [sorted(few)]


def test_clusters_do_not_depend_on_the_order_of_the_texts():
    texts = {str(i): program(i // 3) + program(100 + i) for i in range(30)}
    shuffled = dict(random.Random(1).sample(list(texts.items()), 30))
    assert clusters(texts) == clusters(shuffled) and len(clusters(texts)) == 10
    assert clusters({}) == [] and clusters({"a": "", "b": ""}) == [["a"], ["b"]]


def test_a_cluster_is_on_one_side_and_a_very_large_one_is_for_training(here):
    texts = {f"{i}.py": program(i // 2) for i in range(800)}
    where = corpus.make_splits(texts)
    assert all(where[f"{i}.py"] == where[f"{i + 1}.py"] for i in range(0, 800, 2))
    assert set(where.values()) == set(corpus.SPLITS)
    alone = {path: corpus.split_of(path) for path in texts}
    assert any(alone[f"{i}.py"] != alone[f"{i + 1}.py"] for i in range(0, 800, 2)), "by file they would leak"
    held = next(path for path, split in where.items() if split == "held_out")
    texts[held] += program(1000, lines=1000)
    assert corpus.make_splits(texts)[held] == "train"


def test_the_shares_of_the_splits_are_what_they_should_be():
    drawn = [corpus.split_of(str(i)) for i in range(20_000)]
    assert abs(drawn.count("held_out") / 20_000 - corpus.HELD_OUT) < 0.005
    assert abs(drawn.count("validation") / 20_000 - corpus.VALIDATION) < 0.005


def test_runs_of_lines_are_counted_without_indents_empty_lines_and_numbers():
    assert (
        shingles("a\nb\nc\nd", 3) == shingles("\n  a\n\nb\n\tc\nd\n", 3)
        and len(shingles("a\nb\nc\nd", 3)) == 2
    )
    assert shingles("x = 10\ny = 2\nz") == shingles("x = 3\ny = 44\nz") != shingles("x = a\ny = 2\nz")
    assert len(shingles("a\nb", 3)) == 1 and shingles(" \n\n") == shingles("") == []


def test_the_share_of_lines_that_stand_elsewhere():
    texts, others = ["a\nb\na\nc\n", "d"], ["a\nx", "d\nb"]
    assert shared_lines(texts, others) == 4 / 5
    assert shared_lines(texts, others, lines=2) == 0 and shared_lines(texts, texts, lines=2) == 1
    assert shared_lines([], others) == 0.0 and shared_lines(texts, []) == 0.0


def test_the_splits_share_less_than_files_drawn_alone_would():
    """On this machine's PyTorch: no held-out file is for a third in the training files."""
    texts = {path: corpus._read(path) for path in corpus._paths()}
    where = corpus.splits()
    known = {run for path, split in where.items() if split == "train" for run in shingles(texts[path], 5)}
    worst = 0.0
    for path, split in where.items():
        runs = shingles(texts[path], 5)
        if split != "train" and len(runs) >= 10:
            worst = max(worst, sum(run in known for run in runs) / len(runs))
    assert 0 < worst < 0.34
