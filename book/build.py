"""Build the site: ``python -m book.build`` makes ``_build/html/en`` and ``_build/html/zh_CN``.

One configuration (_config.yml) and one table of contents serve both languages; Chinese comes from
book/locale. Every warning is an error, as with ``-W --keep-going -n``. Nothing is executed, and torch is not
needed.
Each language is built by a process of its own, since Sphinx keeps its catalogues of messages in globals.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from book import scripts
from utils.files import write_atomic

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "_build" / "html"
TITLES = {"en": "Large Models from Zero", "zh_CN": "从零开始大模型"}
SEARCH = {"en": "Search this book", "zh_CN": "搜索本书"}


def repository_options(root: Path = ROOT) -> dict[str, object]:
    """Theme options for the repository's buttons; none while [tool.course] has no address."""
    course = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["course"]
    if not course["repository"]:
        return {}
    return {
        "repository_url": course["repository"],
        "repository_branch": course["branch"],
        "path_to_docs": "",
        "use_repository_button": True,
        "use_issues_button": True,
        "launch_buttons": {
            "notebook_interface": "jupyterlab",
            "colab_url": "https://colab.research.google.com",
        },
    }


def configuration(language: str, static: Path | None, root: Path = ROOT) -> dict[str, object]:
    """Sphinx's configuration for one language, from _config.yml and what depends on the machine."""
    from jupyter_book.config import get_final_config

    config, _ = get_final_config(
        user_yaml=root / "_config.yml", cli_config={"latex_individualpages": False}, sourcedir=root
    )
    # thebe loads its scripts from a CDN on every page, comments are not used: both are left out
    config["extensions"] = [e for e in config["extensions"] if e not in ("sphinx_thebe", "sphinx_comments")]
    config.pop("comments_config", None)
    theme = {"launch_buttons": {}, **config["html_theme_options"], "search_bar_text": SEARCH[language]}
    config["html_theme_options"] = {**theme, **repository_options(root)}
    config |= {
        "language": language,
        "html_title": TITLES[language],
        "nitpicky": True,
        **scripts.settings(static),
    }
    if static is not None:
        config["html_static_path"] = [*config["html_static_path"], str(static)]
    return config


def run_sphinx(
    language: str,
    static: Path | None = None,
    builder: str = "html",
    out: Path | None = None,
    root: Path = ROOT,
) -> int:
    """Run one Sphinx builder ("html", "gettext") for one language; 0 only if there was no warning.

    ``out`` is emptied first and nothing is kept from an earlier run, so a change in book/ext takes effect.
    """
    from sphinx.application import Sphinx
    from sphinx.util.console import color_terminal, nocolor
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    out = out or root / "_build" / "html" / language
    work = out.parent.with_name("doctrees") / f"{builder}-{language}"
    config = configuration(language, static, root)
    for stale in (out, work):
        shutil.rmtree(stale, ignore_errors=True)
    if (root / "book" / "locale").is_dir():
        # catalogues are compiled (.mo) in a copy: the source stays clean, and builds can run side by side
        shutil.copytree(root / "book" / "locale", work / "locale", ignore=shutil.ignore_patterns("*.mo"))
        config["locale_dirs"] = [str(work / "locale")]
    if not color_terminal():
        nocolor()
    with patch_docutils(), docutils_namespace():
        app = Sphinx(
            srcdir=root,
            confdir=None,
            outdir=out,
            doctreedir=work,
            buildername=builder,
            confoverrides=config,
            status=None,
            warningiserror=True,
            keep_going=True,
        )
        app.build()
    return app.statuscode


def _write_front(out: Path) -> None:
    """The page that chooses the language, and in each language's folder one that leads to its first page."""
    page = (Path(__file__).parent / "templates" / "choose.html").read_text(encoding="utf-8")
    write_atomic(out / "index.html", page)
    for language in TITLES:
        if (out / language / "book" / "index.html").is_file():
            code, title = language.replace("_", "-"), TITLES[language]
            write_atomic(
                out / language / "index.html",
                f'<!doctype html><html lang="{code}"><meta charset="utf-8"><title>{title}</title>'
                f'<meta http-equiv="refresh" content="0; url=book/index.html">'
                f'<a href="book/index.html">{title}</a></html>\n',
            )


def build(languages: list[str], out: Path = OUT) -> int:
    """Build the languages side by side, print their warnings in order, and say how to open the site."""
    static, line = scripts.prepare()
    print(line)
    command = [sys.executable, "-m", "book.build", "--out", str(out), "--static", str(static or ""), "--one"]
    runs = [
        subprocess.Popen(
            [*command, language], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for language in languages
    ]
    failed = []
    for language, run in zip(languages, runs, strict=True):
        said, _ = run.communicate()
        print(said, end="")
        if run.returncode:
            failed.append(language)
    _write_front(out)
    shutil.rmtree(out / "jupyter_execute", ignore_errors=True)  # myst-nb's own copies of the notebooks
    if failed:
        print(f"Not clean: {', '.join(failed)}. Every warning above is an error.")
        return 1
    print(f"Built {', '.join(languages)}. Open {(out / 'index.html').as_uri()}")
    print(f"or, for search with excerpts:  python -m http.server 8000 --directory {out}")
    return 0


def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m book.build", description=__doc__.splitlines()[0])
    parser.add_argument("--lang", choices=TITLES, help="build this language only")
    parser.add_argument("--out", type=Path, default=OUT, help="folder of the site (default: _build/html)")
    # the two that the processes for one language are started with
    parser.add_argument("--one", choices=TITLES, help=argparse.SUPPRESS)
    parser.add_argument("--static", default="", help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.one:
        return run_sphinx(args.one, Path(args.static) if args.static else None, out=args.out / args.one)
    return build([args.lang] if args.lang else list(TITLES), args.out.resolve())


if __name__ == "__main__":
    sys.exit(main())
