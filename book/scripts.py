"""The scripts that a page of the site loads: copies from npm where npm is at hand, a CDN where it is not.

Nothing of these packages is committed. ``npm pack`` fetches a tarball without its dependencies; its hash must
be the one pinned here; the few files that a browser asks for are unpacked under ``_build/npm/static/npm``.
To move to a newer version: ``npm view NAME version dist.integrity`` and change the table.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / "_build" / "npm"


class NpmError(RuntimeError):
    """npm is not there, could not fetch a package, or fetched something else than what is pinned."""


@dataclass(frozen=True)
class Package:
    """One npm package: what to fetch, what it must hash to, and which of its files the site needs."""

    name: str
    version: str
    sha512: str  # base64, as npm prints it after "sha512-"
    keep: str  # regular expression on the path inside the package

    @property
    def folder(self) -> str:
        """Name of the package's folder on the site."""
        return self.name.rpartition("/")[2]


PACKAGES = (
    Package(
        "mathjax",
        "3.2.2",
        "Bt+SSVU8eBG27zChVewOicYs7Xsdt40qm4+UpHyX7k0/O9NliPc+x77k1/FEsPsjKPZGJvtRZM1vO+geW0OhGw==",
        r"es5/(tex-mml-chtml\.js|output/chtml/fonts/.*\.woff|input/tex/extensions/.*\.js)|LICENSE",
    ),
    Package(
        "mermaid",
        "11.17.2",
        "V6K3C8EBdEsPFZXSKMJe6ppQOENxuHARr9GvHX4hh47lAbhMRD9qf4oEK7LoaRQxULMa80/qt5gHO73aCleBBg==",
        r"dist/(mermaid\.esm\.min\.mjs|chunks/mermaid\.esm\.min/.*\.mjs)|LICENSE",
    ),
    Package(
        "@jupyter-widgets/html-manager",
        "1.0.15",
        "5thBIV6ymNgmPVOHvzx+gGy8ZSKmSazhtGw4/c4xJDVzRhG9PTeQsRjF3FUTopvFi//SABeNz1yp47bCrJ3CQA==",
        r"dist/(embed\.js|embed\.js\.LICENSE\.txt|.*\.(woff2|svg))",
    ),
)
AXE = Package(  # for the tests alone: never on the site
    "axe-core",
    "4.14.1",
    "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
    r"axe\.min\.js|LICENSE",
)


def _pack(package: Package, folder: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise NpmError("npm is not installed")
    command = [npm, "pack", f"{package.name}@{package.version}", "--ignore-scripts", "--silent"]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=180)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NpmError(f"npm pack {package.name}: {type(error).__name__}") from error
    tarballs = list(folder.glob("*.tgz"))
    if done.returncode or len(tarballs) != 1:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise NpmError(f"npm pack {package.name}: {lines[0].strip() if lines else 'no tarball'}")
    return tarballs[0]


def _unpack(package: Package, tarball: Path, target: Path) -> None:
    found = base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
    if found != package.sha512:
        raise NpmError(f"{package.name} {package.version}: the tarball is not the one that is pinned")
    with tarfile.open(tarball) as archive:
        for member in archive:
            path = member.name.partition("/")[2]
            if member.isfile() and re.fullmatch(package.keep, path):
                (target / path).parent.mkdir(parents=True, exist_ok=True)
                (target / path).write_bytes(archive.extractfile(member).read())


def fetch(package: Package, static: Path = CACHE / "static") -> Path:
    """Folder with the package's files, ``static/npm/NAME``; fetched at most once a version.

    Raises NpmError with a one-line reason.
    """
    target = static / "npm" / package.folder
    stamp = CACHE / f"{package.folder}.version"
    if stamp.is_file() and stamp.read_text() == _stamp(package) and target.is_dir():
        return target
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
        fresh = Path(scratch) / "files"
        _unpack(package, _pack(package, Path(scratch)), fresh)
        if target.exists():
            shutil.rmtree(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(fresh, target)
    stamp.write_text(_stamp(package))
    return target


def _stamp(package: Package) -> str:
    return f"{package.version} {package.keep}"


def prepare() -> tuple[Path | None, str]:
    """Fetch all of `PACKAGES`. Returns the static folder to add (None: use the CDN) and a line on it."""
    try:
        for package in PACKAGES:
            fetch(package)
    except NpmError as error:
        return None, f"Scripts: from a CDN; maths and diagrams need the network ({error})."
    return CACHE / "static", "Scripts: copied in from npm; the site loads nothing from outside."


def settings(static: Path | None) -> dict[str, object]:
    """Sphinx settings that say where the scripts are."""
    mathjax, mermaid, manager = PACKAGES
    cdn = "https://cdn.jsdelivr.net/npm"
    if static is None:
        return {
            "mathjax_path": f"{cdn}/mathjax@{mathjax.version}/es5/tex-mml-chtml.js",
            "mermaid_version": mermaid.version,
            "nb_ipywidgets_js": {f"{cdn}/{manager.name}@{manager.version}/dist/embed.js": {}},
        }
    return {
        "mathjax_path": "npm/mathjax/es5/tex-mml-chtml.js",
        "mermaid_use_local": "npm/mermaid/dist/mermaid.esm.min.mjs",
        "nb_ipywidgets_js": {"npm/html-manager/dist/embed.js": {}},
    }
