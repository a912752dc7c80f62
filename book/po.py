"""The translation of each page, one .po file a page: taken from the sources, merged, written.

Files hold messages in the order of the page and nothing that changes by itself: no dates, no line numbers.
So the same sources always give the same bytes, and a difference means that a page changed.
"""

from __future__ import annotations

import difflib
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import polib
import yaml

from utils.files import write_atomic

ROOT = Path(__file__).resolve().parents[1]
LANGUAGE = "zh_CN"
LOCALE = ROOT / "book" / "locale" / LANGUAGE / "LC_MESSAGES"
HEADER = {
    "Language": LANGUAGE,
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}


def pages() -> list[str]:
    """The pages of the table of contents in order, without suffix: "book/index", "chapters/04_math", ..."""
    toc = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text(encoding="utf-8"))
    files = [toc["root"]]
    for part in toc["parts"]:
        files += [chapter["file"] for chapter in part["chapters"]]
    return [str(Path(file).with_suffix("")) if file.endswith((".md", ".ipynb")) else file for file in files]


def source(page: str) -> Path:
    """The notebook or Markdown file of a page. Raises ``FileNotFoundError`` if there is neither."""
    for suffix in (".ipynb", ".md"):
        if (path := ROOT / f"{page}{suffix}").is_file():
            return path
    raise FileNotFoundError(f"{page} stands in book/_toc.yml, but there is no {page}.ipynb and no {page}.md")


def po_path(page: str, folder: Path = LOCALE) -> Path:
    return folder / f"{page}.po"


def load(page: str, folder: Path = LOCALE) -> polib.POFile:
    """The stored catalogue of a page; an empty one if there is none yet."""
    path = po_path(page, folder)
    return polib.pofile(path.read_text(encoding="utf-8")) if path.is_file() else polib.POFile()


def dump(entries: Iterable[polib.POEntry]) -> str:
    """The text of a .po file."""
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = dict(HEADER)
    catalogue.extend(entries)
    return str(catalogue).rstrip("\n") + "\n"


def extract() -> dict[str, list[str]]:
    """page -> its messages in order, from Sphinx's gettext builder with the site's one configuration."""
    from book.build import run_sphinx

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "gettext" / "en"
        run_sphinx("en", builder="gettext", out=out)  # its warnings are printed; the site's build judges
        found = {page: out / f"{page}.pot" for page in pages()}
        return {
            page: [entry.msgid for entry in polib.pofile(path.read_text(encoding="utf-8")) if entry.msgid]
            for page, path in found.items()
            if path.is_file()
        }


def translation(page: str) -> dict[str, str]:
    """message -> translation, without those that are missing or fuzzy."""
    return {entry.msgid: entry.msgstr for entry in load(page) if entry.msgstr and not entry.fuzzy}


def merge(
    messages: list[str], old: Iterable[polib.POEntry], known: Mapping[str, str], same: Callable[[str], bool]
) -> list[polib.POEntry]:
    """Entries for ``messages``, in their order.

    An unchanged message keeps its entry. A new one takes, in this order: itself if ``same(message)`` says
    that it is the same in every language; the translation that another page has for it (``known``); the
    translation of the vanished message that it resembles most, marked fuzzy. Vanished messages are dropped.
    """
    stored = {entry.msgid: entry for entry in old}
    vanished = {m: e for m, e in stored.items() if m not in messages and e.msgstr}
    entries = []
    for message in messages:
        entry = stored.get(message) or polib.POEntry(msgid=message)
        entry.occurrences, entry.comment, entry.obsolete = [], "", False
        if not entry.msgstr:
            entry.msgstr = message if same(message) else known.get(message, "")
        if not entry.msgstr:
            _take_over(entry, vanished)
        entries.append(entry)
    return entries


def _take_over(entry: polib.POEntry, vanished: dict[str, polib.POEntry]) -> None:
    """Give a new message the translation of the vanished one that is most like it, as fuzzy."""
    nearest = difflib.get_close_matches(entry.msgid, list(vanished), n=1, cutoff=0.6)
    if nearest:
        former = vanished.pop(nearest[0])
        entry.msgstr, entry.flags, entry.previous_msgid = former.msgstr, ["fuzzy"], former.msgid


def update(
    messages: Mapping[str, list[str]], same: Callable[[str], bool], folder: Path = LOCALE
) -> dict[str, str]:
    """page -> text of its .po file, for the messages that its source has now."""
    old = {page: load(page, folder) for page in messages}
    known: dict[str, str] = {}
    for catalogue in old.values():
        for entry in catalogue:
            if entry.msgstr and not entry.fuzzy:
                known.setdefault(entry.msgid, entry.msgstr)
    return {page: dump(merge(messages[page], old[page], known, same)) for page in messages}


def store(texts: Mapping[str, str]) -> list[Path]:
    """Write the .po files whose text changed, remove those of pages no longer listed; return what changed."""
    changed = stale(texts)
    by_path = {po_path(page): text for page, text in texts.items()}
    for path in changed:
        if path in by_path:
            write_atomic(path, by_path[path])
        else:
            path.unlink()
    return changed


def stale(texts: Mapping[str, str]) -> list[Path]:
    """.po files that are missing, differ from ``texts``, or belong to no page of the table of contents."""
    paths = {po_path(page): text for page, text in texts.items()}
    old = [path for path, text in paths.items() if not path.is_file() or path.read_text("utf-8") != text]
    return old + orphans()


def orphans() -> list[Path]:
    """.po files of pages that the table of contents does not list."""
    listed = {po_path(page) for page in pages()}
    return sorted(path for path in LOCALE.rglob("*.po") if path not in listed)


def terms() -> dict[str, str]:
    """Anchor of a term -> its Chinese: {"term-gradient": "梯度", ...}, read from the glossary itself."""
    text = (ROOT / "book" / "glossary.md").read_text(encoding="utf-8")
    found = re.findall(r"^(\S.*) \(([^()]*[\u4e00-\u9fff][^()]*)\)$", text, re.MULTILINE)
    return {f"term-{re.sub('[^a-z0-9]+', '-', english.lower())}": chinese for english, chinese in found}
