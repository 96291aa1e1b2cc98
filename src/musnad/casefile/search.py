"""Search over text, titles, names and quotes with SQLite FTS5, on folded and stemmed words of our own (fulltext.py)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, product
from typing import NamedTuple

from sqlalchemy import Connection, text

from musnad.casefile.fulltext import aligned, analysis_of, kept, one_spelling, stem
from musnad.casefile.fulltext import stems as stems
from musnad.language.letters import fold
from musnad.language.tokenize import cut
from musnad.language.tokens import Token
from musnad.language.words import LONGEST, cuts

_FIELDS = {"title": "title", "name": "names", "quote": "quotes", "text": "text"}
_QUERY = re.compile(r'(-?)(?:(title|name|quote|text):)?(?:"([^"]*)"|([^\s"]+))')
_KINDS = ("word", "number", "latin")
#: readings of a phrase that are tried
_PHRASES = 24


class Hit(NamedTuple):
    """A document found: its id, its rank (lower is better) and the offsets of hits in its text, half open."""

    document_id: int
    rank: float
    spans: list[tuple[int, int]]


def _readings(token: Token) -> list[str]:
    """Words a token of a query may mean: a query gives no context, so a last ه may be a pronoun or taa marbuta, and first
    letters may be clitics or not."""
    whole = fold(token.norm, "search")
    made = [stem(token), whole, whole.removeprefix("ال")]
    if token.enclitic is not None:
        made.append(fold(token.bare + token.enclitic.form, "search"))
    return list(dict.fromkeys(one_spelling(m.lower()) for m in made if m))


def _terms(words: str) -> list[list[str]]:
    """For each word of a query the words it may mean."""
    return [_readings(t) for t in analysis_of(words).tokens if t.kind in _KINDS]


def _parts(query: str) -> Iterator[tuple[str, bool, bool, list[list[str]]]]:
    """Field, whether it is excluded, whether a phrase, and terms, of each part of a query."""
    for minus, field, phrase, word in _QUERY.findall(query):
        terms = _terms(phrase or word)
        if terms:
            yield field, bool(minus), bool(phrase), terms


def match_expression(query: str) -> str | None:
    """The FTS5 expression of a person's query: words are all wanted, "…" is a phrase, title:, name:, quote: choose a field,
    a leading - excludes. None where the query has no word."""
    wanted: list[str] = []
    unwanted: list[str] = []
    for field, negative, phrase, terms in _parts(query):
        if phrase:
            # the likeliest readings first, as many as are worth trying
            tried = islice(product(*terms), _PHRASES)
            expression = " OR ".join('"' + " ".join(words) + '"' for words in tried)
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
    source = "search s"
    condition = ""
    if where:
        source, condition = "search s JOIN documents d ON d.id = s.rowid", f" AND {where}"
    # texts are read of the best ones only: a common word has thousands of hits to sort
    rows = connection.execute(
        text(
            f"SELECT best.id, best.rank, documents.text AS body FROM (SELECT s.rowid AS id, bm25(search, 1.0, 4.0, 2.0, 1.5) AS rank FROM {source} "
            f"WHERE search MATCH :query{condition} ORDER BY rank, id LIMIT :limit OFFSET :offset) best "
            "JOIN documents ON documents.id = best.id ORDER BY best.rank, best.id"
        ),
        {"query": expression, "limit": limit, "offset": offset, **(parameters or {})},
    ).all()
    lines = kept(connection, [r.id for r in rows])
    return [Hit(r.id, r.rank, highlights(r.body, query, line=lines[r.id].text if r.id in lines else None)) for r in rows]


def highlights(body: str, query: str, most: int = 50, line: str | None = None) -> list[tuple[int, int]]:
    """Where a query's words stand in a text, in its own spelling; of a phrase all its words together.

    :param line: the text's words as they stand in the full text. Without it a word counts where it may be read as one of the
        query's, whatever it means in its sentence.
    """
    words = _words(body, line)
    found: set[int] = set()
    for _, negative, phrase, terms in _parts(query):
        if negative:
            continue
        groups = [terms] if phrase else [[t] for t in terms]
        for group in groups:
            size = len(group)
            for at in range(len(words) - size + 1):
                if all(not words[at + n][0].isdisjoint(group[n]) for n in range(size)):
                    found.update(range(at, at + size))
    return [words[n][1:] for n in sorted(found)][:most]


def _words(body: str, line: str | None = None) -> list[tuple[frozenset[str], int, int]]:
    """Each word of a text with the stems it goes by, and its offsets."""
    exact = aligned(body, line) if line is not None else None
    if exact is not None:
        return [(frozenset((s,)), start, end) for s, start, end in exact]
    return [(_may_be(word), start, end) for start, end, word, kind in cut(body) if kind in _KINDS]


@lru_cache(maxsize=1 << 14)
def _may_be(word: str) -> frozenset[str]:
    """Every stem that a written word may have, whatever its context."""
    norm = fold(word)
    made = {norm}
    if len(norm) <= LONGEST:
        made |= {c.stem for c in cuts(norm)}
    made |= {m.removeprefix("ال") for m in made}
    return frozenset(one_spelling(fold(m, "search").lower()) for m in made)


def matches(body: str, keywords: list[str]) -> bool:
    """Whether a text holds one of the keywords (all words of it), in any spelling."""
    have: set[str] = set().union(*(s for s, _, _ in _words(body)))
    return any(terms and all(not have.isdisjoint(readings) for readings in terms) for terms in _keyword_terms(tuple(keywords)))


@lru_cache(maxsize=64)
def _keyword_terms(keywords: tuple[str, ...]) -> tuple[list[list[str]], ...]:
    return tuple(_terms(k) for k in keywords)
