"""Words in the reader's language: captions of the table of contents, and search that knows Chinese words."""

from __future__ import annotations

import logging

from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.locale import get_translation, init
from sphinx.search.zh import SearchChinese
from sphinx.transforms import SphinxTransform
from sphinx.util.i18n import docname_to_domain

# Sphinx splits a query at spaces, which Chinese does not have. Search wants every word to be found.
SPLITTER = """
var splitQuery = (query) => {
  const segments = typeof Intl.Segmenter === "function"
    ? [...new Intl.Segmenter("zh", {granularity: "word"}).segment(query)].map((s) => s.segment)
    : [query];
  const words = segments.join("\\u0000").split(/[^\\p{Letter}\\p{Number}_]+/gu);
  return words.filter((word) => word && !/^[的了是在和与]$/.test(word));
};
"""


class ChineseSearch(SearchChinese):
    """Sphinx's Chinese search, with queries split into words in the browser and a silent jieba."""

    js_splitter_code = SPLITTER

    def init(self, options: dict[str, str]) -> None:
        import jieba

        jieba.setLogLevel(logging.WARNING)
        super().init(options)


class CaptionTransform(SphinxTransform):
    """Translate toctree captions, which external-toc puts in (100) after Sphinx has translated (20)."""

    default_priority = 101

    def apply(self) -> None:
        domain = docname_to_domain(self.env.docname, self.config.gettext_compact)
        dirs = [str(self.env.srcdir / folder) for folder in self.config.locale_dirs]
        if not init(dirs, self.config.language, domain)[1]:
            return
        translate = get_translation(domain)
        for toctree in self.document.findall(addnodes.toctree):
            if toctree.get("caption"):
                toctree["caption"] = str(translate(toctree["caption"]))


def setup(app: Sphinx) -> dict[str, object]:
    app.add_transform(CaptionTransform)
    app.add_search_language(ChineseSearch)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
