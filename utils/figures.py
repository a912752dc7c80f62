"""One style for every figure, and alt text on each. Notebooks import it from ``utils.plots``.

Figures are drawn on white in colours that stay apart for colour-blind readers, in grey, and after the
published page's dark mode (``filter: invert(1) hue-rotate(180deg)``); line styles change along with the
colours. Images are PNG with a palette, 10 to 20 KB for a plain figure, the same bytes at each run on one
machine. Pyplot is not used.
"""

from __future__ import annotations

import base64
import html
import io
import sys
from typing import TYPE_CHECKING, Any

from utils.runtime import need

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Blue, orange, green, black, pink, light blue: each at least 3:1 on white and, inverted, on a dark page; the
# first four at least ten steps of lightness apart.
COLOURS = ("#123f8f", "#d55e00", "#007257", "#1a1a1a", "#cc79a7", "#3a8fd0")
LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2)))
DPI = 144  # twice the CSS pixel density below, so that figures are sharp on dense screens
PIXELS_PER_INCH = 100  # CSS pixels that one inch of a figure takes on the page


def use_style() -> None:
    """Set matplotlib's defaults to the book's style. ``figure``, ``show`` and ``explore`` call it."""
    import matplotlib
    from cycler import cycler

    matplotlib.rcParams.update(
        {
            "axes.prop_cycle": cycler(color=COLOURS) + cycler(linestyle=LINES),
            "axes.grid": True,
            "axes.axisbelow": True,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.edgecolor": "#595959",
            "axes.titlesize": "medium",
            "font.family": "DejaVu Sans",  # comes with matplotlib: the same letters on every machine
            "font.size": 10.0,
            "grid.color": "#dddddd",
            "grid.linewidth": 0.6,
            "image.cmap": "cividis",
            "legend.frameon": False,
            "lines.linewidth": 2.0,
            "figure.facecolor": "white",
            "savefig.facecolor": "white",
        }
    )


def figure(
    rows: int = 1, cols: int = 1, width: float = 6.4, height: float = 3.6, **kw: Any
) -> tuple[Figure, Any]:
    """A figure of ``width`` x ``height`` inches and its axes: one, or an array of ``rows`` x ``cols``.

    ``kw`` goes to ``Figure.subplots``: ``sharex=True``, ``subplot_kw={"projection": "3d"}``.

    >>> fig, ax = figure()
    >>> fig, (left, right) = figure(cols=2)
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    use_style()
    fig = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(fig)
    return fig, fig.subplots(rows, cols, **kw)


def show(fig: Figure, alt: str) -> None:
    """Display a figure as an image with ``alt`` text that says what it shows, and close it.

    An empty ``alt``, or one of fewer than four words, is a ValueError: "loss curve" tells a listener nothing.
    """
    alt = checked_alt(alt)
    display_html(image_tag(data_url(fig), alt, *css_size(fig)), plain=alt)
    close(fig)


def checked_alt(alt: str) -> str:
    """``alt`` with its white space tidied, or a ValueError if it can't tell what a figure shows."""
    words = alt.split() if isinstance(alt, str) else []
    if len(words) < 4:
        raise ValueError(f"alt text says what the figure shows, in a sentence; this one is {alt!r}")
    return " ".join(words)


def data_url(fig: Figure) -> str:
    """The figure as a ``data:`` address: a PNG with a palette of 128 colours, without dates or versions."""
    from PIL import Image

    full = io.BytesIO()
    fig.savefig(full, format="png", dpi=DPI, metadata={"Software": None})
    image = (
        Image.open(full)
        .convert("RGB")
        .quantize(128, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    )
    small = io.BytesIO()
    image.save(small, format="png", optimize=True)
    return "data:image/png;base64," + base64.b64encode(small.getvalue()).decode("ascii")


def css_size(fig: Figure) -> tuple[int, int]:
    """Width and height that the figure takes on a page, in CSS pixels."""
    width, height = fig.get_size_inches()
    return round(width * PIXELS_PER_INCH), round(height * PIXELS_PER_INCH)


def image_tag(source: str, alt: str, width: int, height: int, more: str = "") -> str:
    """An ``<img>``; ``more`` is further attributes, escaped already."""
    return (
        f'<img alt="{html.escape(alt)}" width="{width}" height="{height}" '
        f'style="max-width: 100%; height: auto"{more} src="{source}">'
    )


def display_html(page: str, plain: str) -> None:
    """Show ``page`` in a notebook, and ``plain`` where only text can be shown."""
    display = need("IPython.display").display
    display({"text/html": page, "text/plain": plain}, raw=True)


def close(fig: Figure) -> None:
    """Close a figure that pyplot made; figures of ``figure`` need no closing, being unknown to it."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close(fig)
