"""Turn a blockquote that begins with a bold label into an admonition.

In a notebook ``> **Key idea.** ...`` reads well wherever it is opened; on the site it becomes a box. The
transform runs after Sphinx has put the translation in, so it finds the label in both languages; it leaves the
gettext builder alone, which must extract the paragraph as the author wrote it.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

# label: class of the box (book.css colours it). A label that is not listed gives a plain box.
BOXES = {
    "What you build": "build",
    "The article errs": "errs",
    "Key idea": "idea",
    "Note": "note",
    "Try it": "try",
    "Common mistake": "mistake",
    "你将构建": "build",
    "文章此处有误": "errs",
    "要点": "idea",
    "说明": "note",
    "动手试试": "try",
    "常见错误": "mistake",
}


def box(quote: nodes.block_quote) -> nodes.admonition | None:
    """The admonition that a blockquote stands for, or None if it does not begin with a bold label."""
    first = quote[0] if len(quote) else None
    if not isinstance(first, nodes.paragraph):
        return None
    while len(first) and isinstance(first[0], nodes.Text) and not first[0].strip():
        first.remove(first[0])  # MyST puts an empty text before bold
    if not (len(first) and isinstance(first[0], nodes.strong)):
        return None
    label = first[0].astext().strip().rstrip(".。:：")
    title = nodes.title(label, label)
    title.source, title.line = first.source, first.line
    admonition = nodes.admonition("", title, classes=["admonition", "box", f"box-{BOXES.get(label, 'note')}"])
    admonition.source, admonition.line = quote.source, quote.line
    first.remove(first[0])
    if len(first) and isinstance(first[0], nodes.Text):
        first[0] = nodes.Text(first[0].lstrip())
    kept = quote.children if first.astext().strip() or len(first) > 1 else quote.children[1:]
    admonition.extend(kept)
    return admonition


class BoxTransform(SphinxTransform):
    """Replace the blockquotes of a document; priority just after the translation (20)."""

    default_priority = 30

    def apply(self) -> None:
        if self.app.builder.name == "gettext":
            return
        for quote in list(self.document.findall(nodes.block_quote)):
            admonition = box(quote)
            if admonition is not None:
                quote.replace_self(admonition)


def setup(app: Sphinx) -> dict[str, object]:
    app.add_transform(BoxTransform)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
