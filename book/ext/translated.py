"""What Sphinx's translation leaves out or gets wrong in MyST pages: formulas, diagrams, links with anchors.

Sphinx's ``Locale`` transform (priority 20) parses every translation as a paragraph. That leaves three gaps:
- a display formula is wrapped in reStructuredText's ``::`` first, which a Markdown parser reads as text, so a
  translated formula would come out as two colons: formulas are translated here, before ``Locale`` sees them;
- a Mermaid diagram is no text node, so it is never extracted: here it is, and its translation is put in;
- of a link only the page is matched with the original, so that two links of a paragraph to two anchors of one
  page would both lead to the last: here the links of a translation keep the anchors that it names.
Markdown also needs a space after bold that ends in a Chinese full stop; it is taken out of the typeset page.
"""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.locale import init
from sphinx.transforms import SphinxTransform
from sphinx.util.i18n import docname_to_domain
from sphinxcontrib.mermaid import mermaid

MARK = "#anchored:"
WIDE_ENDS = ("。", "！", "？", "：", "；")


class Diagram(mermaid, addnodes.translatable):
    """A Mermaid diagram whose source is a message. It stands in the gettext builder's documents only."""

    def preserve_original_messages(self) -> None:
        """Nothing to keep: the code is not changed while messages are extracted."""

    def extract_original_messages(self) -> list[str]:
        return [self["code"]]

    def apply_translated_message(self, original_message: str, translated_message: str) -> None:
        raise NotImplementedError("diagrams are translated by Translate")


class Translate(SphinxTransform):
    """Put translated formulas and diagrams in, and keep links with anchors out of ``Locale``'s hands."""

    default_priority = 19

    def apply(self) -> None:
        if self.app.builder.name == "gettext":
            for node in list(self.document.findall(mermaid)):
                diagram = Diagram("", **node.attributes)
                diagram.source, diagram.line = node.source, node.line
                node.replace_self(diagram)
            return
        for link in self.document.findall(addnodes.pending_xref):
            if link.get("reftargetid"):
                link["reftarget"] += MARK + link["reftargetid"]
        translation = self.translation()
        for node in self.document.findall(nodes.math_block):
            message = node.rawsource or node.astext()
            if translation.get(message):
                node.rawsource = translation[message]
                node.children = [nodes.Text(translation[message])]
        for node in self.document.findall(mermaid):
            node["code"] = translation.get(node["code"]) or node["code"]

    def translation(self) -> dict[str, str]:
        """message -> translation of this page."""
        domain = docname_to_domain(self.env.docname, self.config.gettext_compact)
        folders = [str(self.env.srcdir / folder) for folder in self.config.locale_dirs]
        catalogue, found = init(folders, self.config.language, domain)
        return getattr(catalogue, "_catalog", {}) if found else {}


class RestoreLinks(SphinxTransform):
    """Take the marks off the links of paragraphs that were not translated."""

    default_priority = 21

    def apply(self) -> None:
        for link in self.document.findall(addnodes.pending_xref):
            link["reftarget"] = link["reftarget"].split(MARK)[0]


class CloseUp(SphinxTransform):
    """Take out the space between bold that ends in full-width punctuation and the Chinese text after it."""

    default_priority = 22

    def apply(self) -> None:
        if not self.config.language.startswith("zh"):
            return
        for strong in list(self.document.findall(nodes.strong)):
            after = strong.next_node(descend=False, siblings=True)
            if strong.astext()[-1:] in WIDE_ENDS and isinstance(after, nodes.Text) and after.startswith(" "):
                after.parent.replace(after, nodes.Text(after.lstrip(" ")))


def setup(app: Sphinx) -> dict[str, object]:
    app.add_transform(Translate)
    app.add_transform(RestoreLinks)
    app.add_transform(CloseUp)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
