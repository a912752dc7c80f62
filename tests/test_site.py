"""The built site: a clean build that a broken link fails, and what a static look at the pages shows."""

from __future__ import annotations

import functools
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

from book import build, scripts
from tests.site_fixtures import ROOT, Site, absent

LANGUAGES = tuple(build.TITLES)


def toc_pages() -> list[str]:
    """Document names of every page in the table of contents, in its order."""
    toc = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text(encoding="utf-8"))
    return [toc["root"], *(chapter["file"] for part in toc["parts"] for chapter in part["chapters"])]


class _Page(HTMLParser):
    """Collects what a page loads, what it links to and the ids it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[dict[str, str]] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.ids += [found["id"]] if "id" in found else []
        if tag == "a" and "href" in found:
            self.links.append(found)
        elif tag == "link" and found.get("rel") not in ("search", "index", "next", "prev", "canonical"):
            self.loads.append(found["href"])
        elif tag in ("script", "img", "iframe", "source", "video", "audio") and "src" in found:
            self.loads.append(found["src"])


@functools.cache
def parse(path: Path) -> _Page:
    return _Page(path.read_text(encoding="utf-8"))


def page(site: Site, language: str, name: str) -> tuple[Path, _Page, str]:
    path = site.html / language / f"{name}.html"
    return path, parse(path), path.read_text(encoding="utf-8")


# --- the build ------------------------------------------------------------------------------------


def test_the_build_is_clean_in_both_languages(site):
    assert site.returncode == 0, site.said
    assert "WARNING" not in site.said
    assert (site.html / "index.html").as_uri() in site.said, "the command says how to open the site"
    for language in LANGUAGES:
        for name in toc_pages():
            assert (site.html / language / f"{name}.html").is_file()


def run_copy(root: Path, language: str = "en") -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "book.build", "--one", language]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=200)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of what the site is built from, to be changed."""
    for name in ("book", "chapters", "labs", "utils"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("_config.yml", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


BROKEN = {
    "[a term](glossary.md#term-no-such)": "term-no-such",
    "[a work](bibliography.md#nobody1900nothing)": "nobody1900nothing",
    "[a section](../chapters/04_math.ipynb#no-such-section)": "no-such-section",
    "[a page](no_such_page.md)": "no_such_page",
    "{cite:t}`nobody1901nothing`": "nobody1901nothing",
    "{py:func}`utils.no_such_function`": "utils.no_such_function",
}


def test_a_broken_link_fails_the_build(copy):
    notation = copy / "book" / "notation.md"
    notation.write_text(notation.read_text("utf-8") + "\n\n" + "\n\n".join(BROKEN), encoding="utf-8")
    done = run_copy(copy)
    assert done.returncode != 0
    warnings = [line for line in done.stderr.splitlines() if "WARNING" in line]
    for target in BROKEN.values():
        assert any(target in line for line in warnings), (target, done.stderr)


def test_buttons_of_the_repository_appear_once_its_address_is_set(copy):
    pyproject = copy / "pyproject.toml"
    text = re.sub(
        r'(?m)^repository = ".*"$', 'repository = "https://github.com/someone/book"', pyproject.read_text()
    )
    pyproject.write_text(text)
    for language, folder in (("en", "chapters"), ("zh_CN", "chapters/zh_CN")):
        done = run_copy(copy, language)
        assert done.returncode == 0, done.stderr
        html = (copy / "_build" / "html" / language / "chapters" / "04_math.html").read_text(encoding="utf-8")
        assert f"colab.research.google.com/github/someone/book/blob/main/{folder}/04_math.ipynb" in html


def test_without_an_address_no_button_leads_to_a_repository(site):
    if build.repository_options():
        pytest.fail("the address is set: this test has done its work, remove it")
    for language in LANGUAGES:
        for name in toc_pages():
            _, _, text = page(site, language, name)
            for sign in ("colab.research.google.com", "mybinder", "/blob/", "/issues/new", "launch-button"):
                assert sign not in text, (language, name, sign)


# --- the scripts ----------------------------------------------------------------------------------


def test_without_npm_the_cdn_serves_the_pinned_versions_and_one_line_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(scripts, "CACHE", tmp_path)
    monkeypatch.setattr(scripts.shutil, "which", lambda name: None)
    static, line = scripts.prepare()
    assert static is None and "npm is not installed" in line and "\n" not in line
    settings = scripts.settings(static)
    assert f"mathjax@{scripts.PACKAGES[0].version}/" in settings["mathjax_path"]
    assert settings["mermaid_version"] == scripts.PACKAGES[1].version


def test_an_npm_that_fails_is_as_no_npm(monkeypatch, tmp_path):
    monkeypatch.setattr(scripts, "CACHE", tmp_path)
    monkeypatch.setattr(
        scripts.shutil, "which", lambda name: sys.executable
    )  # a program that knows no "pack"
    static, line = scripts.prepare()
    assert static is None and "npm pack mathjax" in line and "\n" not in line


def test_another_tarball_than_the_pinned_one_is_refused(monkeypatch, tmp_path):
    def wrong(package: scripts.Package, folder: Path) -> Path:
        (folder / "mathjax.tgz").write_bytes(b"something else")
        return folder / "mathjax.tgz"

    monkeypatch.setattr(scripts, "CACHE", tmp_path)
    monkeypatch.setattr(scripts, "_pack", wrong)
    with pytest.raises(scripts.NpmError, match="not the one that is pinned"):
        scripts.fetch(scripts.PACKAGES[0])
    assert not (tmp_path / "static").exists()


def test_pages_load_nothing_from_outside_when_scripts_are_local(site):
    if "copied in" not in site.said:
        absent("npm could not fetch the scripts")
    for language in LANGUAGES:
        for path in (site.html / language).rglob("*.html"):
            text = path.read_text(encoding="utf-8")
            outside = [src for src in parse(path).loads if re.match(r"(https?:)?//", src)]
            assert outside == [], path
            assert not re.search(r"""(import|from|url\()\s*["']?https?://""", text), path


# --- the pages ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", toc_pages())
def test_links_within_the_site_arrive(site, language, name):
    path, parsed, _ = page(site, language, name)
    assert len(set(parsed.ids)) == len(parsed.ids), "an id stands twice"
    for link in parsed.links:
        target, _, anchor = link["href"].partition("#")
        if re.match(r"[a-z]+:", target) or link["href"] == "#":
            continue
        found = (path.parent / target).resolve() if target else path
        assert found.is_file(), link
        if anchor:
            assert anchor in parse(found).ids, link


@pytest.mark.parametrize("name", toc_pages())
def test_both_languages_have_the_same_anchors_and_lead_to_each_other(site, name):
    english, chinese = (page(site, language, name)[1] for language in LANGUAGES)
    assert set(english.ids) <= set(chinese.ids)
    for parsed, other in ((english, "zh_CN"), (chinese, "en")):
        (switch,) = [link for link in parsed.links if "language-switch" in link.get("class", "")]
        assert switch["href"].endswith(f"/{other}/{name}.html")
        assert switch["hreflang"] == other.replace("_", "-")


@pytest.mark.parametrize("language", LANGUAGES)
def test_blockquotes_with_a_label_are_boxes(site, language):
    _, _, text = page(site, language, "chapters/04_math")
    assert 'class="admonition box box-build' in text
    assert 'class="admonition box box-errs' in text
    assert not re.search(r"<blockquote>\s*<div><p><strong>", text)


def test_captions_of_the_contents_are_in_the_readers_language(site):
    captions = {
        language: re.findall(r'class="caption-text">([^<]+)<', page(site, language, "book/index")[2])
        for language in LANGUAGES
    }
    assert {"Chapters", "Reference"} <= set(captions["en"])
    assert captions["zh_CN"] and all(re.search(r"[\u4e00-\u9fff]", caption) for caption in captions["zh_CN"])
