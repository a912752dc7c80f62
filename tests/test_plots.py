"""Figures have alt text, the same bytes each time, colours that stay apart; a slider needs no script."""

from __future__ import annotations

import base64
import html
import io
import itertools
import json
import re
import subprocess
import sys
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image

from utils import explore as explore_module
from utils import figures, plots

VALUES = [0.1, 0.2, 1.0]


@pytest.fixture
def shown(monkeypatch) -> list[tuple[str, str]]:
    """What would be displayed: (html, plain text)."""
    found: list[tuple[str, str]] = []
    monkeypatch.setenv("BOOK_STATIC", "1")
    for module in (figures, explore_module):
        monkeypatch.setattr(module, "display_html", lambda page, plain: found.append((page, plain)))
    return found


class Elements(HTMLParser):
    """Every element's name and attributes, as a browser would read them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def one(self, tag: str) -> dict[str, str]:
        (attributes,) = [attributes for name, attributes in self.found if name == tag]
        return attributes


def sine(ax, frequency: float) -> str:
    x = np.linspace(0, 6, 100)
    ax.plot(x, np.sin(frequency * x))
    ax.set(xlabel="time (s)", ylabel="height (m)")
    return f'A "sine" <wave> & its frequency {frequency}'


def pixels(url: str) -> np.ndarray:
    data = base64.b64decode(url.removeprefix("data:image/png;base64,"))
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


# --- show --------------------------------------------------------------------------------------------


def test_show_emits_an_image_with_its_alt_text(shown):
    fig, ax = plots.figure()
    ax.plot([1, 2])
    plots.show(fig, 'A line <rises> from 1\n to "2" & on')
    ((page, plain),) = shown
    assert plain == 'A line <rises> from 1 to "2" & on'
    image = Elements(page).one("img")
    assert image["alt"] == plain and (image["width"], image["height"]) == ("640", "360")
    assert pixels(image["src"]).shape == (518, 921, 3)


@pytest.mark.parametrize("alt", ["", "  \n ", "loss", "the loss curve", None])
def test_alt_text_that_says_nothing_is_refused(shown, alt):
    fig, _ = plots.figure()
    with pytest.raises(ValueError, match="alt text"):
        plots.show(fig, alt)
    with pytest.raises(ValueError, match="alt text"):
        plots.explore(lambda ax, value: alt, "rate", VALUES)
    assert shown == []


def test_show_closes_what_pyplot_made(shown):
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    fig, ax = pyplot.subplots()
    ax.plot([1, 2])
    plots.show(fig, "A line that rises from 1 to 2")
    assert pyplot.get_fignums() == [] and len(shown) == 1


def test_figure_gives_one_axes_or_an_array_of_them():
    fig, ax = plots.figure(width=3, height=2)
    assert tuple(fig.get_size_inches()) == (3, 2) and ax.figure is fig
    _, axes = plots.figure(rows=2, cols=3, sharex=True)
    assert axes.shape == (2, 3)
    _, ax = plots.figure(subplot_kw={"projection": "3d"})
    assert ax.name == "3d"


DRAWN = """
from utils import figures
fig, (left, right) = figures.figure(cols=2)
left.plot([1, 3, 2]), left.set_title("loss"), right.imshow([[1, 2], [3, 4]])
print(figures.data_url(fig))
"""


def test_a_figure_has_the_same_bytes_in_every_process():
    runs = [subprocess.run([sys.executable, "-c", DRAWN], capture_output=True, text=True) for _ in range(2)]
    assert runs[0].returncode == 0, runs[0].stderr
    assert runs[0].stdout == runs[1].stdout
    data = base64.b64decode(runs[0].stdout.strip().partition(",")[2])
    image = Image.open(io.BytesIO(data))
    assert image.mode == "P" and len(data) < 30_000
    assert set(image.info) <= {"dpi", "transparency"}, "no date and no version"


# --- colours ------------------------------------------------------------------------------------------

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
DEFICIENT = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116,
    1.051998]], "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
    [-0.011820, 0.042940, 0.968881]], "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809,
    0.147602], [0.004733, 0.691367, 0.303900]],
}  # fmt: skip
# What CSS defines hue-rotate(180deg) to be.
HUE_ROTATED = np.array([[-0.574, 1.43, 0.144], [0.426, 0.43, 0.144], [0.426, 1.43, -0.856]])
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(colour: np.ndarray) -> np.ndarray:
    return np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)


def lab(colour: np.ndarray) -> np.ndarray:
    """Linear RGB as CIE L*a*b*."""
    f = TO_XYZ @ np.clip(colour, 0, 1) / TO_XYZ.sum(1)
    x, y, z = np.where(f > 0.008856, np.cbrt(f), 7.787 * f + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def palette() -> list[np.ndarray]:
    return [np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255 for colour in plots.COLOURS]


def contrast(a: np.ndarray, b: np.ndarray) -> float:
    """The ratio of WCAG between two colours."""
    dark, light = sorted(float(TO_XYZ[1] @ linear(colour)) for colour in (a, b))
    return (light + 0.05) / (dark + 0.05)


def test_colours_stand_out_from_the_page_in_light_and_dark():
    for colour in palette():
        assert contrast(colour, np.ones(3)) >= 3
        inverted = np.clip(HUE_ROTATED @ (1 - colour), 0, 1)
        assert contrast(inverted, np.full(3, 18 / 255)) >= 3
        assert contrast(inverted, np.zeros(3)) >= 3


@pytest.mark.parametrize("kind", [None, *DEFICIENT])
def test_colours_stay_apart_for_every_eye(kind):
    seen = [linear(colour) for colour in palette()]
    if kind:
        seen = [np.array(DEFICIENT[kind]) @ colour for colour in seen]
    for first, second in itertools.combinations(map(lab, seen), 2):
        assert np.linalg.norm(first - second) >= 15


def test_the_first_four_colours_stay_apart_in_grey_and_all_have_their_own_line():
    greys = [lab(linear(colour))[0] for colour in palette()[:4]]
    assert min(abs(a - b) for a, b in itertools.combinations(greys, 2)) >= 10
    assert len(set(figures.LINES)) == len(figures.LINES) == len(plots.COLOURS)


def test_lines_take_colours_and_line_styles_in_turn():
    _, ax = plots.figure()
    lines = [ax.plot([1, 2])[0] for _ in plots.COLOURS]
    assert [line.get_color() for line in lines] == list(plots.COLOURS)
    assert len({line.get_linestyle() + str(line._dash_pattern) for line in lines}) == len(lines)


# --- explore ------------------------------------------------------------------------------------------


def explored(shown, **kw) -> tuple[Elements, str]:
    plots.explore(sine, 'learning <rate> & "more"', VALUES, **kw)
    ((page, _),) = shown
    return Elements(page), page


def test_explore_holds_a_labelled_slider_and_every_frame(shown):
    elements, page = explored(shown, start=1, unit='m & "s"')
    box, image, slider = elements.one("div"), elements.one("img"), elements.one("input")
    frames = box["data-frames"].split(" ")
    assert len(frames) == len(set(frames)) == 3 and image["src"] == frames[1]
    assert json.loads(box["data-alts"]) == [f'A "sine" <wave> & its frequency {value}' for value in VALUES]
    assert json.loads(box["data-values"]) == [f'{value:g} m & "s"' for value in VALUES]
    assert image["alt"] == json.loads(box["data-alts"])[1]
    assert [slider[name] for name in ("type", "min", "max", "step", "value")] == ["range", "0", "2", "1", "1"]
    assert slider["aria-valuetext"] == '0.2 m & "s"' and '0.2 m & "s"' in elements.text
    assert re.search(
        r"<label\b.*<span>learning &lt;rate&gt; &amp; &quot;more&quot;</span>.*<input\b.*</label>", page
    )


def test_explore_loads_nothing_and_has_no_ids(shown):
    elements, page = explored(shown)
    assert not {"script", "link", "iframe"} & {tag for tag, _ in elements.found}
    assert all("id" not in attributes for _, attributes in elements.found)
    bare = re.sub(r"data:image/png;base64,[A-Za-z0-9+/=]+", "", page)
    assert "http" not in bare and "url(" not in bare


def test_without_handlers_the_first_frame_stands_and_no_dead_slider_shows(shown):
    elements, _ = explored(shown)
    assert "display: none" in elements.one("label")["style"] and "oninput" in elements.one("input")
    assert (
        elements.one("img")["src"].startswith("data:image/png") and "none" not in elements.one("img")["style"]
    )


@pytest.mark.parametrize("bad", [{"start": 3}, {"start": -1}, {"values": []}, {"name": " "}])
def test_explore_refuses_what_it_cannot_show(shown, bad):
    with pytest.raises(ValueError):
        plots.explore(sine, **{"name": "rate", "values": VALUES} | bad)


def test_explore_draws_on_a_grid_of_axes(shown):
    def draw(axes, value):
        axes[0].plot([0, value])
        axes[1].plot([value, 0])
        return f"Two lines, to and from {value}"

    plots.explore(draw, "end", [1, 2], cols=2, width=8, height=3)
    assert Elements(shown[0][0]).one("img")["width"] == "800"


def test_values_read_as_a_person_writes_them(shown):
    plots.explore(sine, "rate", [0.1 + 0.2, 1e-5, 3])
    assert json.loads(Elements(shown[0][0]).one("div")["data-values"]) == ["0.3", "1e-05", "3"]


# --- explore in a kernel ---------------------------------------------------------------------------------


@pytest.fixture
def live(monkeypatch):
    """A kernel is there, and the published form is not asked for."""
    import IPython
    import IPython.display

    displayed = []
    monkeypatch.delenv("BOOK_STATIC", raising=False)
    monkeypatch.setattr(IPython, "get_ipython", lambda: type("Shell", (), {"kernel": object()})())
    monkeypatch.setattr(IPython.display, "display", lambda *shown, **kw: displayed.append((shown, kw)))
    return displayed


def test_with_a_kernel_a_slider_draws_again(live):
    drawn = []

    def draw(ax, value):
        drawn.append(value)
        return sine(ax, value)

    plots.explore(draw, "frequency", VALUES, start=1, unit="Hz")
    ((box,), _) = live[0]
    picture, slider = box.children
    assert drawn == [0.2] and slider.description == "frequency" and slider.label == "0.2 Hz"
    before = Elements(picture.value).one("img")
    slider.index = 2
    after = Elements(picture.value).one("img")
    assert drawn == [0.2, 1.0] and after["src"] != before["src"] and after["alt"].endswith("1.0")
    slider.index = 1
    assert Elements(picture.value).one("img") == before and drawn == [0.2, 1.0], "each frame is drawn once"


@pytest.mark.parametrize("reason", ["asked for", "no ipywidgets", "no kernel"])
def test_without_a_live_slider_the_published_form_is_shown(live, monkeypatch, reason):
    if reason == "asked for":
        monkeypatch.setenv("BOOK_STATIC", "1")
    elif reason == "no ipywidgets":
        monkeypatch.setitem(sys.modules, "ipywidgets", None)
    else:
        monkeypatch.setattr(sys.modules["IPython"], "get_ipython", lambda: None)
    plots.explore(sine, "frequency", VALUES)
    (shown, kw) = live[0]
    assert kw == {"raw": True} and set(shown[0]) == {"text/html", "text/plain"}
    assert shown[0]["text/plain"] == 'A "sine" <wave> & its frequency 0.1'
    assert html.unescape(shown[0]["text/html"]).count("data:image/png") == 4


def test_a_static_setting_of_0_means_live(live, monkeypatch):
    monkeypatch.setenv("BOOK_STATIC", "0")
    plots.explore(sine, "frequency", VALUES)
    assert live[0][1] == {}
