"""Search over text, titles, names and quotes with SQLite FTS5, on folded and stemmed words of our own.

Documents and queries go through the same words: folded to the search level, without clitics and ال, spelling variants of one
name made one. So العراق, عراق, والعراق and للعراق are the same word, and so are أميركية and أمريكية.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Connection, text

from musnad.article import Article
from musnad.language.letters import fold
from musnad.language.tokens import Token
from musnad.pipeline import Analysis, Stage
from musnad.record import Record

#: spellings of one word that folding does not bring together (search level)
_VARIANTS = (
    ("امريك", "اميرك"),
    ("اوروب", "اورب"),
    ("موسس", "ماسس"),
    ("مسيول", "مسوول"),
    ("شيون", "شوون"),
    ("هيية", "هييه"),
)
_FIELDS = {"title": "title", "name": "names", "quote": "quotes", "text": "text"}
_QUERY = re.compile(r'(?:(title|name|quote|text):)?(?:"([^"]*)"|([^\s"]+))')


class Hit(NamedTuple):
    """A document found: its id, its rank (lower is better) and the offsets of hits in its text, half open."""

    document_id: int
    rank: float
    spans: list[tuple[int, int]]


def stem(token: Token) -> str:
    """The word a token of a document is searched by."""
    return _one_spelling(fold(token.bare, "search"))


def _one_spelling(word: str) -> str:
    for one, other in _VARIANTS:
        if one in word:
            word = word.replace(one, other)
    return word


def _readings(token: Token) -> list[str]:
    """Words a token of a query may mean: a query gives no context, so a last ه may be a pronoun or taa marbuta, and first
    letters may be clitics or not."""
    whole = fold(token.norm, "search")
    made = [stem(token), whole, whole.removeprefix("ال")]
    if token.enclitic is not None:
        made.append(fold(token.bare + token.enclitic.form, "search"))
    return list(dict.fromkeys(_one_spelling(m) for m in made if m))


def _analysis(words: str) -> Analysis:
    analysis = Analysis(Article(id="", text=words))
    _language().run(analysis)
    return analysis


@lru_cache(maxsize=1)
def _language() -> Stage:
    from musnad.language.stage import LanguageStage

    return LanguageStage()


def stems(words: str) -> list[tuple[str, int, int]]:
    """Each word or number of a text as it is searched by, with its offsets."""
    return [(stem(t), t.start, t.end) for t in _analysis(words).tokens if t.kind in ("word", "number", "latin")]


def _line(words: str) -> str:
    return " ".join(s.lower() for s, _, _ in stems(words) if s)


def index_document(connection: Connection, document_id: int, record: Record) -> None:
    """Add a document to the full text."""
    names = " ".join({m.text for m in record.mentions} | {e.name for e in record.entities})
    quotes = " ".join(c.text for s in record.statements for c in s.content)
    connection.execute(
        text("INSERT INTO search (rowid, text, title, names, quotes) VALUES (:id, :text, :title, :names, :quotes)"),
        {
            "id": document_id,
            "text": _line(record.article.text),
            "title": _line(record.article.title or ""),
            "names": _line(names),
            "quotes": _line(quotes),
        },
    )


def _terms(words: str) -> list[list[str]]:
    """For each word of a query the words it may mean."""
    return [_readings(t) for t in _analysis(words).tokens if t.kind in ("word", "number", "latin")]


def _parts(query: str) -> Iterator[tuple[str, bool, bool, list[list[str]]]]:
    """Field, whether it is excluded, whether a phrase, and terms, of each part of a query."""
    for field, phrase, word in _QUERY.findall(query):
        terms = _terms(phrase or word.lstrip("-"))
        if terms:
            yield field, word.startswith("-"), bool(phrase), terms


def match_expression(query: str) -> str | None:
    """The FTS5 expression of a person's query: words are all wanted, "…" is a phrase, title:, name:, quote: choose a field,
    a leading - excludes. None where the query has no word."""
    wanted: list[str] = []
    unwanted: list[str] = []
    for field, negative, phrase, terms in _parts(query):
        if phrase:
            # a phrase has context: each word goes by its first reading
            expression = '"' + " ".join(t[0] for t in terms) + '"'
        else:
            expression = " AND ".join("(" + " OR ".join(f'"{w}"' for w in t) + ")" for t in terms)
        if field:
            expression = f"{{{_FIELDS[field]}}} : ({expression})"
        (unwanted if negative else wanted).append(expression)
    if not wanted:
        return None
    made = " AND ".join(f"({w})" for w in wanted)
    return made + "".join(f" NOT ({u})" for u in unwanted)


def search(
    connection: Connection,
    query: str,
    limit: int = 20,
    offset: int = 0,
    where: str = "",
    parameters: dict[str, object] | None = None,
) -> list[Hit]:
    """The best documents for a query.

    :param where: further SQL conditions on ``d`` (documents), joined with AND.
    """
    expression = match_expression(query)
    if expression is None:
        return []
    condition = f" AND {where}" if where else ""
    rows = connection.execute(
        text(
            "SELECT s.rowid AS id, bm25(search, 1.0, 4.0, 2.0, 1.5) AS rank, d.text AS body FROM search s JOIN documents d ON d.id = s.rowid "
            f"WHERE search MATCH :query{condition} ORDER BY rank LIMIT :limit OFFSET :offset"
        ),
        {"query": expression, "limit": limit, "offset": offset, **(parameters or {})},
    ).all()
    return [Hit(r.id, r.rank, highlights(r.body, query)) for r in rows]


def highlights(body: str, query: str, most: int = 50) -> list[tuple[int, int]]:
    """Where a query's words stand in a text, in its own spelling."""
    wanted = {w for _, negative, _, terms in _parts(query) if not negative for t in terms for w in t}
    return [(start, end) for s, start, end in stems(body) if s in wanted][:most]


def matches(body: str, keywords: list[str]) -> bool:
    """Whether a text holds one of the keywords (all words of it), in any spelling."""
    have = {s for s, _, _ in stems(body)}
    return any(terms and all(have & set(readings) for readings in terms) for terms in _keyword_terms(tuple(keywords)))


@lru_cache(maxsize=64)
def _keyword_terms(keywords: tuple[str, ...]) -> tuple[list[list[str]], ...]:
    return tuple(_terms(k) for k in keywords)
