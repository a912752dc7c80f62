"""Anchors that notebooks link to: section slugs in both languages, glossary terms and bibliography keys.

MyST resolves ``page.md#anchor`` against the slugs of the page's headings only. Here
- every section carries its English slug as an id, also on the Chinese page, so one link serves both;
- every other id of a page (a term, a citation) is entered beside the slugs, so that links to it resolve.
A link to an id that no page has still warns.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform


class KeepIds(SphinxTransform):
    """Note the ids of each section, and its slug, before the translation (20) renames it."""

    default_priority = 15

    def apply(self) -> None:
        for section in self.document.findall(nodes.section):
            section["english"] = list(section["ids"])
            slug = section.get("slug")
            if slug and self.document.ids.setdefault(slug, section) is section and slug not in section["ids"]:
                # the theme asks for "#id" of the first one as a CSS selector, which can't begin with a digit
                section["english"].insert(0 if slug[0].isalpha() else 1, slug)


class RestoreIds(SphinxTransform):
    """Give each section those ids, first in order, after the translation."""

    default_priority = 31

    def apply(self) -> None:
        for section in self.document.findall(nodes.section):
            english = section.attributes.pop("english", [])
            section["ids"] = [*english, *(i for i in section["ids"] if i not in english)]
            self.document.ids.update(dict.fromkeys(section["ids"], section))


def register_ids(app: Sphinx, doctree: nodes.document) -> None:
    """Enter the document's ids where MyST looks anchors up: id -> (line, id, text)."""
    env = app.builder.env
    slugs = dict(env.metadata[env.docname].get("myst_slugs", {}))
    for name, node in doctree.ids.items():
        line, _, text = slugs.get(name, (node.line, name, node.astext() or name))
        slugs[name] = (line, name, text)
        slugs.setdefault(name.lower(), (line, name, text))  # Sphinx keeps capitals in "term-AdamW"
    env.metadata[env.docname]["myst_slugs"] = slugs


def setup(app: Sphinx) -> dict[str, object]:
    app.add_transform(KeepIds)
    app.add_transform(RestoreIds)
    app.connect("doctree-read", register_ids)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
