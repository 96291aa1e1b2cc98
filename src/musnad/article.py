"""The article: what was read, before anything is said about it."""

from __future__ import annotations

import hashlib
from typing import Any, Literal

import msgspec

PublishedFrom = Literal["given", "metadata", "dateline"]


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """A news article as it was read; nothing ever changes its text.

    All offsets in a record are Unicode code points into ``text``, half open.

    :param id: sha256 of ``text`` encoded as UTF-8, lower-case hexadecimal.
    :param text: the article's words exactly as read (decoded; for HTML, without boilerplate).
    :param published: ISO 8601 date or date-time, or None where unknown; never today's date.
    :param published_from: who said when it was published; None where ``published`` is None.
    :param extra: keys of the input that Musnad does not use, kept as they came.
    """

    id: str
    text: str
    title: str | None = None
    outlet: str | None = None
    url: str | None = None
    language: str | None = "ar"
    published: str | None = None
    published_from: PublishedFrom | None = None
    extra: dict[str, Any] = {}


def article_id(text: str) -> str:
    """The identity of an article: sha256 of its text (UTF-8; lone surrogates as they are)."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
