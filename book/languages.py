"""The Chinese edition, made from the English one: ``python -m book.languages COMMAND``.

gettext           take the messages of every page into book/locale (changed ones become fuzzy)
todo [PAGE ...]   print what is not translated yet, one JSON object a line
fill FILE.jsonl   put {"msgid", "msgstr"} pairs in; one that breaks a rule is refused, with the reason
check [PAGE ...]  hold every translation against the rules
notebooks         make chapters/zh_CN and labs/zh_CN; --allow-missing leaves gaps in English

gettext and notebooks take --check: write nothing, fail if a stored file differs from what its sources give.
None of it needs torch. The rules stand in ``book.wording`` and ``book.typography``.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from book import po, translate
from book.wording import faults, same_everywhere
from utils.files import write_atomic


def gettext(only_compare: bool) -> int:
    """Update book/locale from the sources and say what is left to do, or compare: 1 if a file is stale."""
    messages = po.extract()
    texts = po.update(messages, same_everywhere)
    if only_compare:
        stale = po.stale(texts)
        for path in stale:
            print(f"{path.relative_to(po.ROOT)} differs from its page: run `make gettext`", file=sys.stderr)
        return int(bool(stale))
    for path in po.store(texts):
        print(f"{path.relative_to(po.ROOT)}: {'written' if path.is_file() else 'removed'}")
    for page in po.pages():
        open_ = sum(1 for entry in po.load(page) if entry.fuzzy or not entry.msgstr)
        print(f"{page}: {len(messages.get(page, []))} messages, {open_} to translate")
    return 0


def todo(pages: list[str]) -> int:
    """Print each untranslated or fuzzy message as {"page", "msgid", "msgstr"}, with what a fuzzy one was."""
    for page in pages:
        for entry in po.load(page):
            if entry.fuzzy or not entry.msgstr:
                item = {"page": page, "msgid": entry.msgid, "msgstr": entry.msgstr}
                if entry.previous_msgid:
                    item["previous"] = entry.previous_msgid
                print(json.dumps(item, ensure_ascii=False))
    return 0


def fill(file: Path) -> int:
    """Merge translations: a pair with "page" into that page, one without into every page that has it."""
    catalogues = {page: po.load(page) for page in po.pages()}
    terms, refused, touched = po.terms(), 0, set()
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            pair = json.loads(line)
            problems = faults(pair["msgid"], pair["msgstr"], terms) or _put(pair, catalogues, touched)
        except (json.JSONDecodeError, KeyError) as error:
            problems = [f"not a JSON object with msgid and msgstr ({error})"]
        refused += bool(problems)
        for problem in problems:
            print(f"line {number}: {problem}", file=sys.stderr)
    po.store({page: po.dump(catalogues[page]) for page in touched})  # others may be at work on the rest
    print(f"{refused} refused", file=sys.stderr)
    return int(refused > 0)


def _put(pair: dict, catalogues: dict, touched: set[str]) -> list[str]:
    """Put one good pair into the catalogues and note their pages; says so if no page has the message."""
    pages = [pair["page"]] if "page" in pair else list(catalogues)
    entries = [(page, e) for page in pages for e in catalogues.get(page, []) if e.msgid == pair["msgid"]]
    for page, entry in entries:
        entry.msgstr, entry.flags, entry.previous_msgid = pair["msgstr"], [], None
        touched.add(page)
    return [] if entries else [f"no page has the message {pair['msgid'][:60]!r}"]


def check(pages: list[str]) -> int:
    """Print every translation that breaks a rule; 1 if there is one."""
    terms, bad = po.terms(), 0
    for page in pages:
        for entry in po.load(page):
            problems = ["it is fuzzy"] if entry.fuzzy else faults(entry.msgid, entry.msgstr, terms)
            bad += bool(problems)
            for problem in problems:
                print(f"{page}: {problem}\n    {entry.msgid[:100]}\n    {entry.msgstr[:100]}")
    return int(bad > 0)


def notebooks(only_compare: bool, allow_missing: bool) -> int:
    """Write the Chinese notebooks, or compare them with what the sources give; 1 if one fails."""
    failed = False
    for page in translate.notebooks():
        path = po.ROOT / f"{translate.target(page)}.ipynb"
        name = path.relative_to(po.ROOT).as_posix()
        try:
            text = translate.translate(page, po.translation(page), allow_missing)
        except ValueError as error:
            print(error, file=sys.stderr)
            failed = True
            continue
        current = path.is_file() and path.read_text(encoding="utf-8") == text
        if only_compare and not current:
            print(f"{name} differs from its sources: run python -m book.languages notebooks", file=sys.stderr)
            failed = True
        elif not only_compare:
            if not current:
                write_atomic(path, text)
            print(f"{name}: {'unchanged' if current else 'written'}")
    return int(failed)


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m book.languages", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("gettext").add_argument("--check", action="store_true")
    for name in ("todo", "check"):
        commands.add_parser(name).add_argument("pages", nargs="*", metavar="PAGE")
    commands.add_parser("fill").add_argument("file", type=Path)
    make = commands.add_parser("notebooks")
    make.add_argument("--check", action="store_true")
    make.add_argument("--allow-missing", action="store_true")
    given = parser.parse_args(arguments)
    if given.command == "gettext":
        return gettext(given.check)
    if given.command == "fill":
        return fill(given.file)
    if given.command == "notebooks":
        return notebooks(given.check, given.allow_missing)
    return {"todo": todo, "check": check}[given.command](given.pages or po.pages())


if __name__ == "__main__":
    sys.exit(main())
