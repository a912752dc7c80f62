"""A figure with a slider, that works with a kernel and without one.

With a live kernel a slider of ipywidgets draws each frame when it is asked for. In what is stored and
published, all frames are ready-made images and an inline handler swaps them: no script is loaded, and the
page may lie on a disk. Where handlers are dropped (an untrusted notebook), the slider stays hidden and the
first frame stands.
"""

from __future__ import annotations

import html
import json
import os
from collections.abc import Callable, Sequence
from typing import Any

from utils.figures import checked_alt, close, css_size, data_url, display_html, figure, image_tag
from utils.runtime import need

Frame = tuple[str, str, int, int]  # data: address, alt text, width and height in CSS pixels

# The slider is hidden until this runs: one that cannot move is worse than none.
REVEAL = "this.parentNode.querySelector('.explore-controls').style.display='flex'"
MOVE = (
    "var b=this.closest('.explore'),i=+this.value,m=b.querySelector('img'),v=JSON.parse(b.dataset.values)[i];"
    "m.src=b.dataset.frames.split(' ')[i];m.alt=JSON.parse(b.dataset.alts)[i];"
    "b.querySelector('.explore-value').textContent=v;this.setAttribute('aria-valuetext',v)"
)


def explore(
    draw: Callable[[Any, Any], str],
    name: str,
    values: Sequence[Any],
    start: int = 0,
    unit: str = "",
    width: float = 6.4,
    height: float = 3.6,
    rows: int = 1,
    cols: int = 1,
) -> None:
    """Show the figure that ``draw`` makes for one of ``values``, with a slider over all of them.

    ``draw(axes, value)`` draws on empty axes (one, or an array of ``rows`` x ``cols``) and returns the alt
    text of that frame. ``name`` labels the slider, ``unit`` follows the value, ``start`` is the index of
    the frame shown first. ``BOOK_STATIC=1`` makes the published form even where a kernel is there.

    >>> explore(lambda ax, w: ax.plot([0, w]) and f"A line from 0 to {w}", "end point", [1, 2, 3])
    """
    values = list(values)
    if not name.strip():
        raise ValueError("explore needs the name of what its slider changes")
    if not 0 <= start < len(values):
        raise ValueError(f"start is an index into {len(values)} values, not {start}")

    def frame(value: Any) -> Frame:
        fig, axes = figure(rows, cols, width, height)
        alt = checked_alt(draw(axes, value))
        made = data_url(fig), alt, *css_size(fig)
        close(fig)
        return made

    labels = [f"{_text(value)} {unit}".strip() for value in values]
    if _live():
        _show_live(frame, name, values, labels, start)
    else:
        frames = [frame(value) for value in values]
        display_html(static_html(frames, name, labels, start), plain=frames[start][1])


def static_html(frames: Sequence[Frame], name: str, labels: Sequence[str], start: int) -> str:
    """The figure with its slider as one piece of HTML that needs nothing else."""
    source, alt, width, height = frames[start]
    label, last = html.escape(labels[start]), len(frames) - 1
    return (
        f'<div class="explore" data-frames="{" ".join(frame[0] for frame in frames)}" '
        f'data-alts="{_attribute([frame[1] for frame in frames])}" data-values="{_attribute(list(labels))}">'
        f'{image_tag(source, alt, width, height, more=f""" onload="{REVEAL}" """.rstrip())}'
        f'<label class="explore-controls" style="display: none; gap: 0.75em; align-items: center; '
        f'max-width: {width}px">'
        f"<span>{html.escape(name)}</span>"
        f'<input type="range" min="0" max="{last}" step="1" value="{start}" aria-valuetext="{label}" '
        f'autocomplete="off" style="flex: 1; min-width: 6em" oninput="{MOVE}">'
        f'<span class="explore-value" aria-hidden="true" style="min-width: 5em">{label}</span>'
        "</label></div>"
    )


def _show_live(
    frame: Callable[[Any], Frame], name: str, values: Sequence[Any], labels: Sequence[str], start: int
) -> None:
    """A slider of ipywidgets over a picture; each frame is drawn once, when it is first asked for."""
    widgets = need("ipywidgets")
    display = need("IPython.display").display
    ready: dict[int, str] = {}

    def tag(index: int) -> str:
        if index not in ready:
            source, alt, width, height = frame(values[index])
            ready[index] = image_tag(source, alt, width, height)
        return ready[index]

    picture = widgets.HTML(tag(start))
    slider = widgets.SelectionSlider(
        options=[(label, index) for index, label in enumerate(labels)],
        value=start,
        description=name,
        style={"description_width": "initial"},
        layout={"width": "min(100%, 40em)"},
    )
    slider.observe(lambda change: setattr(picture, "value", tag(change["new"])), names="value")
    display(widgets.VBox([picture, slider]))


def _live() -> bool:
    """Whether a kernel and ipywidgets are there and the published form was not asked for."""
    if os.environ.get("BOOK_STATIC", "") not in ("", "0"):
        return False
    try:
        shell = need("IPython").get_ipython()
        need("ipywidgets")
    except ImportError:  # either is missing: the ready-made frames do without
        return False
    return getattr(shell, "kernel", None) is not None


def _text(value: Any) -> str:
    """A value as a reader writes it: 0.1, not 0.10000000000000001."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _attribute(value: list[str]) -> str:
    """A list as JSON inside an attribute."""
    return html.escape(json.dumps(value, ensure_ascii=False))
