"""The site in a real browser with the network closed: both languages, light and dark, wide and narrow."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from book import scripts
from tests.site_fixtures import absent
from tests.test_site import LANGUAGES, toc_pages

pytestmark = pytest.mark.browser
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
CHAPTER = "chapters/04_math"

# Maths and diagrams are there: every formula has its container and every Mermaid fence its drawing.
SETTLED = """() => {
  const count = (selector) => document.querySelectorAll(selector).length;
  return count("pre.mermaid > svg") === count("pre.mermaid") && count("mjx-container") >= count(".math");
}"""
AXE = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
  .filter((found) => ["serious", "critical"].includes(found.impact))
  .map((found) => [found.id, ...found.nodes.slice(0, 3).map((node) => node.html.slice(0, 160))])"""


@pytest.fixture(scope="module", autouse=True)
def local_scripts(site) -> None:
    if "copied in" not in site.said:
        absent("npm could not fetch the site's scripts")


@pytest.fixture(scope="module")
def axe() -> str:
    try:
        return (scripts.fetch(scripts.AXE, scripts.CACHE / "tests") / "axe.min.js").read_text(
            encoding="utf-8"
        )
    except scripts.NpmError as error:
        absent(str(error))


@contextlib.contextmanager
def opened(browser, url: str, path: str, scheme: str = "light", size: dict = WIDE, **more) -> Iterator:
    """A page in a context of its own. At the end: no console error, and no request left the machine."""
    context = browser.new_context(viewport=size, color_scheme=scheme, **more)
    trouble: list[str] = []

    def gate(route) -> None:
        if route.request.url.startswith((url, "data:", "blob:")):
            route.continue_()
        else:
            trouble.append(f"request to {route.request.url}")
            route.abort()

    def failed(request) -> None:
        # those that are dropped as a page is left, or since scripts are switched off, are as they should be
        if request.failure != "net::ERR_ABORTED" and more.get("java_script_enabled", True):
            trouble.append(f"failed: {request.url}")

    context.route("**/*", gate)
    page = context.new_page()
    page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("requestfailed", failed)
    try:
        page.goto(url + path)
        yield page
        assert trouble == []
    finally:
        context.close()


def settle(page) -> None:
    page.wait_for_load_state("load")
    page.wait_for_function(SETTLED, timeout=60_000)
    page.evaluate("() => window.MathJax?.startup?.promise")


def check_look(page, size: dict, scheme: str, axe: str) -> None:
    """Nothing scrolls sideways, the theme is the one asked for, and axe-core finds nothing serious."""
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    scrolled = page.evaluate("() => { scrollTo(9999, 0); const x = scrollX; scrollTo(0, 0); return x; }")
    assert scrolled == 0 and page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.evaluate(axe)
    assert page.evaluate(AXE) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", toc_pages())
def test_page(browser, site_url, axe, language, name):
    with opened(browser, site_url, f"{language}/{name}.html") as page:
        settle(page)
        assert page.evaluate("document.documentElement.lang") == language.replace("_", "-")
        assert page.locator("mjx-merror, [data-mjx-error]").count() == 0
        check_look(page, WIDE, "light", axe)
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size(PHONE)
        settle(page)
        check_look(page, PHONE, "dark", axe)
    for scheme, size in (("light", PHONE), ("dark", WIDE)):
        with opened(browser, site_url, f"{language}/{name}.html", scheme, size) as page:
            settle(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_maths_and_diagrams_are_drawn(browser, site_url, language):
    with opened(browser, site_url, f"{language}/{CHAPTER}.html") as page:
        settle(page)
        assert page.locator("mjx-container").count() > 50
        assert page.locator("mjx-container").first.bounding_box()["height"] > 5
    with opened(browser, site_url, f"{language}/book/index.html") as page:
        settle(page)
        assert page.locator("pre.mermaid svg .node").count() >= 15  # the map of fifteen chapters


@pytest.mark.parametrize("language", LANGUAGES)
def test_sliders_move_by_keyboard_and_change_their_figures(browser, site_url, language):
    with opened(browser, site_url, f"{language}/{CHAPTER}.html", size=PHONE) as page:
        settle(page)
        figures = page.locator(".explore")
        assert figures.count() >= 3
        for figure in figures.all():
            slider, image = figure.get_by_role("slider"), figure.locator("img")
            before = [image.get_attribute("src"), image.get_attribute("alt"), slider.input_value()]
            slider.focus()
            page.keyboard.press("ArrowRight" if before[2] != slider.get_attribute("max") else "ArrowLeft")
            after = [image.get_attribute("src"), image.get_attribute("alt"), slider.input_value()]
            assert all(old != new for old, new in zip(before, after, strict=True))
            assert slider.get_attribute("aria-valuetext") in figure.inner_text()


@pytest.mark.parametrize(
    ("language", "word"), [("en", "gradient"), ("zh_CN", "梯度"), ("zh_CN", "梯度下降"), ("zh_CN", "softmax")]
)
def test_search_finds(browser, site_url, language, word):
    with opened(browser, site_url, f"{language}/book/index.html") as page:
        page.wait_for_load_state("load")
        page.keyboard.press("Control+k")
        page.keyboard.type(word)
        page.keyboard.press("Enter")
        page.wait_for_url("**/search.html?q=*")
        page.wait_for_selector(f"#search-results a[href*='{CHAPTER}.html']", timeout=20_000)


def test_the_switch_leads_to_the_same_place_and_back(browser, site_url):
    anchor = "gradient-descent"
    with opened(browser, site_url, f"en/{CHAPTER}.html#{anchor}") as page:
        for language in ("zh_CN", "en"):
            page.wait_for_load_state("load")
            page.locator("a.language-switch").focus()
            page.keyboard.press("Enter")
            page.wait_for_url(f"**/{language}/{CHAPTER}.html#{anchor}")
            assert page.evaluate("document.documentElement.lang") == language.replace("_", "-")
            assert page.locator(f"#{anchor}").count() == 1


@pytest.mark.parametrize(("locale", "language"), [("zh-TW", "zh_CN"), ("en-GB", "en"), ("fr-FR", "en")])
def test_the_front_page_chooses_the_browsers_language(browser, site_url, locale, language):
    with opened(browser, site_url, "index.html", locale=locale) as page:
        page.wait_for_url(f"**/{language}/book/index.html")


def test_the_front_page_works_without_scripts(browser, site_url):
    with opened(browser, site_url, "index.html", java_script_enabled=False) as page:
        page.get_by_role("link", name="中文").click()
        page.wait_for_url("**/zh_CN/book/index.html")
        assert page.locator(".bd-article h1").first.is_visible()
