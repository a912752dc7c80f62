"""What the tests of the site share: one build of it, a local server, a browser. conftest.py takes them in."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# Chromium must not call home: where the network is closed, a refused connection is a console error.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def absent(what: str) -> None:
    """What a test needs is not on this machine: skip, but fail in CI, where it must be."""
    if os.environ.get("CI"):
        pytest.fail(f"{what}; CI must have it")
    pytest.skip(what)


@dataclass(frozen=True)
class Site:
    """One build of the site: its folder, and how the command ended."""

    html: Path
    returncode: int
    said: str


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site, built once a session into a folder of its own, in both languages."""
    html = tmp_path_factory.mktemp("site") / "html"
    command = [sys.executable, "-m", "book.build", "--out", str(html)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280)
    return Site(html, done.returncode, done.stdout + done.stderr)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def site_url(site: Site) -> Iterator[str]:
    """Address of a local server over the built site, ending in a slash."""
    handler = functools.partial(_Quiet, directory=str(site.html))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def find_chromium() -> str | None:
    """Path of the first Chromium or Chrome found, or None."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
    return next((path for path in map(shutil.which, names) if path), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """One Chromium for the session."""
    executable = find_chromium()
    if executable is None:
        absent("no Chromium or Chrome was found")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()
