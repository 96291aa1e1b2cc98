"""A web page into an article: main text, title, outlet and date, without the page's furniture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from musnad.article import Article
from musnad.reading.build import ReadingError, make_article

if TYPE_CHECKING:
    from musnad.reading.files import Given


def article_from_html(page: str, given: Given) -> Article:
    """The article of a page, by trafilatura; what is given goes before what the page says.

    :raises ReadingError: where no article is found in the page.
    """
    import trafilatura

    # only dates that the page states: a date guessed from the address or the footer is none
    found: Any = trafilatura.bare_extraction(
        page,
        url=given.url,
        with_metadata=True,
        include_comments=False,
        include_tables=False,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    text = found.text if found is not None else None
    if not text:
        raise ReadingError("no article is found in the page: save its text as .txt")
    return make_article(
        text,
        published=given.published or found.date,
        published_from="given" if given.published else "metadata",
        outlet=given.outlet or found.sitename,
        title=given.title or found.title,
        url=given.url or found.url,
    )
