"""Chapter 04 in a real JupyterLab: figures are there before anything runs, sliders are alive after."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site_fixtures import ROOT

pytestmark = pytest.mark.browser
NOTEBOOK = "04_math.ipynb"
# Every cell in the page at once, so that an output can be found without scrolling to it.
SETTINGS = {"@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"}}
QUIET = {"@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False}}
IMAGES = ".jp-Notebook .jp-OutputArea-output img[src^='data:image/png']"


def make_home(folder: Path) -> dict[str, str]:
    """A copy of the notebook and settings of its own; returns the environment of the server."""
    (folder / "work").mkdir()
    shutil.copy(ROOT / "chapters" / NOTEBOOK, folder / "work" / NOTEBOOK)
    for name, settings in (SETTINGS | QUIET).items():
        path = folder / "settings" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings), encoding="utf-8")
    places = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    environment = {**os.environ, **{name: str(folder / place) for name, place in places.items()}}
    environment.pop("BOOK_STATIC", None)  # sliders are to be alive
    return environment | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}


@contextlib.contextmanager
def running_lab(folder: Path) -> Iterator[tuple[str, str]]:
    """A JupyterLab server on a free local port; yields its address and its token."""
    environment = make_home(folder)
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        "--port=0",
    ]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=folder / "work", env=environment, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 90
        while not (found := list((folder / "runtime").glob("jpserver-*.json"))):
            assert server.poll() is None and time.monotonic() < deadline, (folder / "log").read_text()
            time.sleep(0.2)
        info = json.loads(found[0].read_text())
        yield info["url"], info["token"]
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.fixture(scope="module")
def lab_page(browser, tmp_path_factory) -> Iterator:
    """The chapter, opened in JupyterLab and not run; no request leaves the machine."""
    with running_lab(tmp_path_factory.mktemp("lab")) as (url, token):
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.route(
            lambda address: not address.startswith((url, "data:", "blob:")), lambda route: route.abort()
        )
        page = context.new_page()
        page.goto(f"{url}lab/tree/{NOTEBOOK}?token={token}")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=90_000)
        yield page
        context.close()


def stored_images() -> int:
    """How many figures the committed notebook shows."""
    notebook = json.loads((ROOT / "chapters" / NOTEBOOK).read_text(encoding="utf-8"))
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    pages = ["".join(output.get("data", {}).get("text/html", "")) for output in outputs]
    return sum(page.count('src="data:image/png;base64,') for page in pages)


def test_figures_are_there_before_running(lab_page):
    expected = stored_images()
    assert expected >= 5
    lab_page.wait_for_function(f'document.querySelectorAll("{IMAGES}").length >= {expected}', timeout=60_000)
    for image in lab_page.locator(IMAGES).all():
        assert image.evaluate("(image) => image.complete && image.naturalWidth > 100")
        assert len(image.get_attribute("alt").split()) >= 4
    # an untrusted notebook drops the handlers that flip frames: a slider that can't move must not show
    assert lab_page.locator(".jp-OutputArea input[type=range]:visible").count() == 0


def test_sliders_are_alive_after_running(lab_page):
    lab_page.get_by_role("menuitem", name="Run", exact=True).click()
    lab_page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    lab_page.wait_for_selector(".widget-slider .noUi-handle", timeout=200_000)
    last = "[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].at(-1).innerText"
    lab_page.wait_for_function(f"/\\[\\d+\\]/.test({last})", timeout=200_000)
    assert (
        lab_page.locator(
            ".jp-OutputArea-output[data-mime-type*='stderr'], .jp-RenderedText .ansi-red-fg"
        ).count()
        == 0
    )
    figures = lab_page.locator(".jp-OutputArea-output .widget-vbox:has(.widget-slider)")
    assert figures.count() >= 3
    for figure in figures.all():
        image, handle = figure.locator("img"), figure.locator(".noUi-handle")
        before = image.get_attribute("src"), image.get_attribute("alt")
        at_end = handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemax")
        handle.focus()
        lab_page.keyboard.press("ArrowLeft" if at_end else "ArrowRight")
        figure.locator("img").evaluate(
            """async (image, [box, old]) => {
              for (let i = 0; i < 200; i += 1) {
                if (box.querySelector("img")?.src !== old) return;
                await new Promise((done) => setTimeout(done, 100));
              }
              throw new Error("the figure did not change in 20 s");
            }""",
            [figure.element_handle(), before[0]],
        )
        assert image.get_attribute("alt") != before[1]
