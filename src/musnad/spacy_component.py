"""A spaCy component (extra ``musnad[spacy]``): ``doc.ents`` and ``doc._.record`` for those who live there.

``nlp = spacy.blank("ar"); nlp.add_pipe("musnad", config={"published": "2024-01-27"})``
"""

from __future__ import annotations

from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import filter_spans

_LABELS = {"PERS": "PER", "ORG": "ORG", "LOC": "LOC", "MISC": "MISC"}


class MusnadComponent:
    """Codes each document: names to ``doc.ents``, the record to ``doc._.record``.

    :param published: ISO 8601 date that relative dates are read against; None where unknown.
    """

    def __init__(self, published: str | None = None) -> None:
        from musnad.api import default_pipeline

        self.published = published
        self.pipeline = default_pipeline()
        if not Doc.has_extension("record"):
            Doc.set_extension("record", default=None)

    def __call__(self, doc: Doc) -> Doc:
        """Set ``doc.ents`` and ``doc._.record``; offsets of the record are those of ``doc.text``."""
        from musnad.article import Article, article_id

        article = Article(
            id=article_id(doc.text), text=doc.text, published=self.published, published_from="given" if self.published else None
        )
        analysis = self.pipeline.analyse(article)
        spans = [doc.char_span(name.start, name.end, label=_LABELS[name.kind], alignment_mode="expand") for name in analysis.names]
        doc.ents = filter_spans([span for span in spans if span is not None])
        doc._.record = analysis.record()
        return doc


@Language.factory("musnad", default_config={"published": None})
def make(nlp: Any, name: str, published: str | None) -> MusnadComponent:
    """The component, by its factory name."""
    return MusnadComponent(published)
