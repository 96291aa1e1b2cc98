"""What goes into the full text: the words of text, title, names and quotes, folded and without clitics.

Documents and queries go through the same words: folded to the search level, without clitics and ال, spelling variants of one
name made one. So العراق, عراق, والعراق and للعراق are the same word, and so are أميركية and أمريكية.
"""

from __future__ import annotations

import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, text

from musnad.article import Article
from musnad.language.letters import fold
from musnad.language.tokenize import cut
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
_KINDS = ("word", "number", "latin")
#: between two names or quotes, so that no phrase reaches from one into the next
_APART = " 0x1e "

#: a word as it is searched by, with its offsets in the text
Stem = tuple[str, int, int]


class Lines(NamedTuple):
    """The columns of a document in the full text. ``text`` has one word (or an empty one) for each word of the article."""

    text: str
    title: str
    names: str
    quotes: str


def stem(token: Token) -> str:
    """The word a token of a document is searched by."""
    return one_spelling(fold(token.bare, "search").lower())


def one_spelling(word: str) -> str:
    """A folded word in the one of its spellings that is searched by."""
    for one, other in _VARIANTS:
        if one in word:
            word = word.replace(one, other)
    return word


def analysis_of(words: str) -> Analysis:
    """The words through the language stage alone."""
    analysis = Analysis(Article(id="", text=words))
    _language().run(analysis)
    return analysis


@lru_cache(maxsize=1)
def _language() -> Stage:
    from musnad.language.stage import LanguageStage

    return LanguageStage()


def stems_of(tokens: Iterable[Token]) -> list[Stem]:
    """Each word or number among tokens as it is searched by, with its offsets."""
    return [(stem(t), t.start, t.end) for t in tokens if t.kind in _KINDS]


def stems(words: str) -> list[Stem]:
    """Each word or number of a text as it is searched by, with its offsets."""
    return stems_of(analysis_of(words).tokens)


@lru_cache(maxsize=1 << 14)
def _name(words: str) -> str:
    return " ".join(s for s, _, _ in stems(words))


def lines_of(record: Record, made: list[Stem]) -> Lines:
    """The columns of a record.

    :param made: the stems of the article's text.
    """
    starts, ends = [s for _, s, _ in made], [e for _, _, e in made]

    def words(start: int, end: int) -> str:
        # a span may begin after a clitic or end before one: inside a word, that is, whose stem it means
        return " ".join(s for s, _, _ in made[bisect_right(ends, start) : bisect_left(starts, end)] if s)

    spans = {(m.start, m.end): m.text for m in record.mentions}
    there = set(spans.values())
    names = dict.fromkeys(words(*span) for span in spans)
    # an entity goes by names that the article does not use too
    names |= dict.fromkeys(_name(e.name) for e in record.entities if e.name not in there)
    quotes = [words(c.start, c.end) for s in record.statements for c in s.content]
    return Lines(
        " ".join(s for s, _, _ in made),
        _name(record.article.title or ""),
        _APART.join(n for n in names if n),
        _APART.join(q for q in quotes if q),
    )


def aligned(body: str, line: str) -> list[Stem] | None:
    """The stems of a text from its line of the full text; None where they do not fit (cut by another version)."""
    places = [(start, end) for start, end, _, kind in cut(body) if kind in _KINDS]
    words = line.split(" ") if places else []
    if len(words) != len(places):
        return None
    return [(word, start, end) for word, (start, end) in zip(words, places, strict=True)]


_ADD = text("INSERT INTO search (rowid, text, title, names, quotes) VALUES (:id, :text, :title, :names, :quotes)")
_TAKE = text("INSERT INTO search (search, rowid, text, title, names, quotes) VALUES ('delete', :id, :text, :title, :names, :quotes)")
_KEEP = text("INSERT OR REPLACE INTO search_lines (document_id, data) VALUES (:id, :data)")


def index(connection: Connection, made: dict[int, Lines]) -> None:
    """Put documents (by id) into the full text, in place of what stood there for them."""
    held = kept(connection, list(made))
    # of documents from before the lines were kept it cannot be taken back: they stay as they are
    old = _there(connection, [i for i in made if i not in held])
    changed = {i: lines for i, lines in made.items() if held.get(i) != lines and i not in old}
    if not changed:
        return
    # the full text keeps no words: it can only take back what it is told it was given
    gone = [{"id": i, **held[i]._asdict()} for i in changed if i in held]
    if gone:
        connection.execute(_TAKE, gone)
    connection.execute(_ADD, [{"id": i, **lines._asdict()} for i, lines in changed.items()])
    connection.execute(_KEEP, [{"id": i, "data": zlib.compress(msgspec.json.encode(lines), 6)} for i, lines in changed.items()])


def _there(connection: Connection, ids: list[int]) -> set[int]:
    found: set[int] = set()
    for i in range(0, len(ids), 500):
        found |= set(connection.execute(text(f"SELECT rowid FROM search WHERE rowid IN ({_listed(ids[i : i + 500])})")).scalars())
    return found


def _listed(ids: list[int]) -> str:
    return ",".join(str(int(n)) for n in ids)


def kept(connection: Connection, ids: list[int]) -> dict[int, Lines]:
    """What stands in the full text for documents."""
    found: dict[int, Lines] = {}
    for i in range(0, len(ids), 500):
        for row in connection.execute(
            text(f"SELECT document_id, data FROM search_lines WHERE document_id IN ({_listed(ids[i : i + 500])})")
        ):
            found[row.document_id] = msgspec.json.decode(zlib.decompress(row.data), type=Lines)
    return found
