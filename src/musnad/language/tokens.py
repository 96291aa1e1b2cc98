"""Tokens: words, numbers and marks with their offsets; each word with its clitics and readings."""

from __future__ import annotations

from typing import Literal, NamedTuple

TokenKind = Literal["word", "number", "punct", "latin", "other"]


class Clitic(NamedTuple):
    """A letter group glued to a word. ``form`` is folded (match level); offsets into the article."""

    form: str
    start: int
    end: int


class Reading(NamedTuple):
    """One way to read a stem.

    ``lemma``: unvocalised dictionary form with its hamza as written in a dictionary (أعلن، هجوم، رئيس); verbs in the
    past, 3rd person masculine singular; nouns and adjectives singular. ``pos``: UD tag (VERB NOUN ADJ PROPN ADP CCONJ SCONJ
    PRON DET PART AUX ADV NUM X). ``features``: of those that apply: aspect perf|imp|cmd, mood ind|sub|jus, person 1|2|3,
    gender m|f, number s|d|p, voice act|pass, form masdar|ap|pp (verbal noun, active and passive participle);
    for those three ``verb`` is the lemma of the verb they belong to.
    """

    lemma: str
    pos: str
    aspect: str = ""
    mood: str = ""
    person: str = ""
    gender: str = ""
    number: str = ""
    voice: str = ""
    form: str = ""
    verb: str = ""


class Token:
    """A written word (clitics attached), number or mark of the article.

    ``text`` as written; ``norm`` folded (match level: see letters.py); ``stem`` folded, without proclitics and enclitic but
    with ال (restored after لل); ``bare`` the stem without ال; ``definite`` True where the stem has ال. ``stem_start`` and
    ``stem_end`` are article offsets. ``readings``: best first in context; ``lemma`` and ``pos`` are the first one's
    (lemma falls back to the folded stem). ``sentence``: index of its sentence.
    """

    __slots__ = (  # noqa: RUF023 (in the order of what they mean)
        "index", "start", "end", "text", "norm", "kind", "sentence", "proclitics", "enclitic",
        "stem", "bare", "definite", "stem_start", "stem_end", "readings", "lemma", "pos",
    )  # fmt: skip

    def __init__(self, index: int, start: int, end: int, text: str, norm: str, kind: TokenKind) -> None:
        self.index = index
        self.start = start
        self.end = end
        self.text = text
        self.norm = norm
        self.kind: TokenKind = kind
        self.sentence = 0
        self.proclitics: tuple[Clitic, ...] = ()
        self.enclitic: Clitic | None = None
        self.stem = norm
        self.bare = norm
        self.definite = False
        self.stem_start = start
        self.stem_end = end
        self.readings: tuple[Reading, ...] = ()
        self.lemma = norm
        self.pos = "X"

    def has(self, clitic: str) -> bool:
        """Whether a proclitic of that form (و ف ب ل ك س أ) is attached."""
        return any(p.form == clitic for p in self.proclitics)

    @property
    def conjunction(self) -> str | None:
        """The attached و or ف, if any."""
        return next((p.form for p in self.proclitics if p.form in "وف"), None)

    @property
    def preposition(self) -> str | None:
        """The attached ب, ل or ك, if any."""
        return next((p.form for p in self.proclitics if p.form in "بلك"), None)

    @property
    def verb(self) -> Reading | None:
        """The reading as a finite verb, if it is read as one in context."""
        return self.readings[0] if self.readings and self.readings[0].pos in ("VERB", "AUX") else None

    def __repr__(self) -> str:
        return f"Token({self.index}, {self.text!r}, {self.start}, {self.lemma!r}, {self.pos})"


class Sentence(NamedTuple):
    """A sentence: offsets into the article, tokens ``first`` to ``last`` (half open), paragraph number."""

    number: int
    start: int
    end: int
    first: int
    last: int
    paragraph: int
    kind: Literal["body", "heading", "dateline", "credit", "item"] = "body"


class Quote(NamedTuple):
    """Words in quote marks. ``open``/``close``: token index of the marks; ``close`` is None where it never closes
    (the quote then ends with its paragraph). ``start``/``end``: the inside, without the marks. ``depth``: 0 is outermost."""

    open: int
    close: int | None
    start: int
    end: int
    depth: int


class Name(NamedTuple):
    """A name found by the token model: tokens ``first`` to ``last`` (half open), offsets without clitics."""

    first: int
    last: int
    start: int
    end: int
    kind: Literal["PERS", "ORG", "LOC", "MISC"]
