"""What each page gets beside its text: the switch of languages, its notebook's buttons, accessible tables."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx

# What our own templates say. The rest comes from the theme's catalogues.
WORDS = {
    "en": {
        "switch": "中文",
        "switch_title": "中文：切换到本页的中文版",
        "colours": "Light or dark",
        "other": "zh_CN",
        "licence": "Text under CC BY 4.0, code under the MIT licence.",
    },
    "zh_CN": {
        "switch": "English",
        "switch_title": "English: read this page in English",
        "colours": "浅色或深色",
        "other": "en",
        "licence": "文字采用 CC BY 4.0 许可，代码采用 MIT 许可。",
    },
}


def other_page(app: Sphinx, pagename: str) -> str:
    """Relative address of the same page in the other language."""
    target = app.builder.get_target_uri(pagename)
    return "../" * (target.count("/") + 1) + f"{WORDS[app.config.language]['other']}/{target}"


def accessible(body: str) -> str:
    """Mend what a screen reader stumbles over.

    Pandas writes empty header cells above an index; docutils calls the bibliography a list, without items.
    """
    body = re.sub(r"<th([^>]*)>\s*</th>", r"<td\1></td>", body)
    return body.replace('<div role="list" class="citation-list">', '<div class="citation-list">')


def chinese_notebooks(buttons: list[dict]) -> None:
    """Let the launch buttons of a Chinese page open the Chinese notebook."""
    for button in buttons:
        chinese_notebooks(button.get("buttons", []))
        if "/blob/" in button.get("url", ""):
            button["url"] = re.sub(r"/(chapters|labs)/(\d)", r"/\1/zh_CN/\2", button["url"])


def fill(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None
) -> None:
    """Give the templates their words and the page its links to the other language."""
    language = app.config.language
    context["words"] = WORDS[language]
    context["other_page"] = other_page(app, pagename)
    context["other_language"] = WORDS[language]["other"].replace("_", "-")
    if "body" in context:
        context["body"] = accessible(context["body"])


def mend_buttons(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object) -> None:
    """Change the theme's header buttons, once it has made them."""
    if app.config.language == "zh_CN":
        chinese_notebooks(context.get("header_buttons", []))


def setup(app: Sphinx) -> dict[str, object]:
    app.connect("html-page-context", fill, priority=400)  # the theme renders our templates at 500
    app.connect("html-page-context", mend_buttons, priority=600)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
