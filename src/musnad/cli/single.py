"""Reading the one article that a command is about."""

from __future__ import annotations

from musnad.article import Article
from musnad.cli.console import UserError, say
from musnad.reading.build import ReadingError, iso_date
from musnad.reading.files import Failure, Given, Note, read


def one_article(path: str, published: str | None = None) -> Article:
    """The article at a path (``-``: standard input).

    :raises UserError: where there is none, or more than one.
    """
    try:
        given = Given(iso_date(published) if published is not None else None)
    except ReadingError as error:
        raise UserError(f"--published: {error}") from None
    articles = []
    for item in read([path], given):
        if isinstance(item, Failure):
            raise UserError(f"{item.where}: {item.reason}")
        if isinstance(item, Note):
            say(f"{item.where}: {item.words}")
            continue
        articles.append(item)
        if len(articles) > 1:
            raise UserError(f"{path} holds more than one article: give one")
    if not articles:
        raise UserError(f"{path} holds no article")
    return articles[0]
