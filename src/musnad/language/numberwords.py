"""Number words and digits: what a single token says, before :mod:`musnad.language.numerals` puts them together."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

from musnad.language.letters import TASHKEEL, TATWEEL, fold
from musnad.lexicon import load

Number = int | float


class Word(NamedTuple):
    """A number word without its proclitics: ``cut`` letters of و ف ب ل ك stand before it."""

    conjunction: bool
    preposition: str
    definite: bool
    cut: int
    roles: dict[str, tuple[int, bool]]
    bounds: tuple[int, int] | None
    #: value of the scale that may follow a number in one of its forms (ألف, آلاف, ألفا), or None
    scale: int | None
    #: it begins with neither و nor a preposition
    bare: bool


_PREFIXES = (
    ("", False, "", False), ("و", True, "", False), ("ف", True, "", False), ("ال", False, "", True),
    ("وال", True, "", True), ("ب", False, "ب", False), ("ل", False, "ل", False),
    ("بال", False, "ب", True), ("لل", False, "ل", True), ("وب", True, "ب", False),
    ("ول", True, "ل", False), ("وبال", True, "ب", True), ("ولل", True, "ل", True), ("فال", True, "", True),
    ("فب", True, "ب", False), ("فل", True, "ل", False),
)  # fmt: skip
_MARKS = frozenset(TASHKEEL + TATWEEL)
# ٬ always groups and becomes _, ٫ always starts the decimals and becomes |
_DIGIT_MARKS = str.maketrans({"\u066c": "_", "\u066b": "|", "\u060c": ";"})


@lru_cache(maxsize=1 << 13)
def search_key(form: str) -> str:
    """The search-level fold of a word, kept."""
    return fold(form, "search")


@cache
def _words() -> dict[str, list[tuple[str, int | list[int], bool]]]:
    words = load("language", "numerals")["words"]
    return {form: [tuple(role) for role in roles] for form, roles in words.items()}


@cache
def closed(name: str) -> frozenset[str]:
    return frozenset(load("language", "numerals")[name])


@lru_cache(maxsize=1 << 13)
def word(norm: str) -> Word | None:
    """The number word that a folded (match level) token is, or None. Proclitics and ال are taken off."""
    if norm.endswith("ء"):  # الثلاثاء, الأربعاء are days
        return None
    form = search_key(norm)
    if form in closed("not_numbers"):
        return None
    table = _words()
    for prefix, conjunction, preposition, definite in _PREFIXES:
        if not form.startswith(prefix):
            continue
        found = table.get(form[len(prefix) :])
        if found is None or (definite and form.endswith("ا")):
            continue
        roles: dict[str, tuple[int, bool]] = {}
        bounds: tuple[int, int] | None = None
        for role, value, vowels in found:
            if isinstance(value, list):
                bounds = (value[0], value[1])
                roles[role] = (0, vowels)
            else:
                roles[role] = (value, vowels)
        cut = len(prefix) if not definite else (1 if prefix.endswith("لل") else len(prefix) - 2)
        if prefix in ("ولل",):
            cut = 2
        scale = next((roles[r][0] for r in ("scale", "scale_plural", "scale_a") if r in roles), None)
        bare = not conjunction and not preposition
        return Word(conjunction, preposition, definite, cut, roles, bounds, scale, bare)
    return None


def digits(text: str, scaled: bool = False) -> Number | None:
    """The number that folded digits with marks are, or None where they are none (a date, a clock).

    One mark before exactly three digits groups thousands (2,500; 2.500), save after 0 or where ``scaled`` says
    that a scale word or a percent sign follows (1,250 مليون).
    """
    if text.isdecimal():
        return int(text) if len(text) <= 300 else None
    if ":" in text:
        return None
    if "/" in text:
        above, _, below = text.partition("/")
        if above.isdecimal() and below.isdecimal() and len(below) <= 3 and 0 < int(above) < int(below):
            return int(above) / int(below)
        return None
    text = text.translate(_DIGIT_MARKS)
    marks = [c for c in text if not c.isdecimal()]
    kinds = list(dict.fromkeys(marks))
    pieces = _split(text)
    if len(pieces[0]) > 300 or len(pieces) > 40:
        return None
    grouped = all(len(p) == 3 for p in pieces[1:]) and len(pieces[0]) <= 3 and pieces[0] != "0"
    if kinds == ["_"]:
        return int("".join(pieces)) if grouped else None
    if len(kinds) == 1 and len(marks) > 1:
        return int("".join(pieces)) if grouped else None
    if len(kinds) == 1:
        if kinds[0] != "|" and grouped and not scaled:
            return int("".join(pieces))
        return float(f"{pieces[0]}.{pieces[1]}")
    if len(kinds) == 2 and marks.count(marks[-1]) == 1:
        whole = pieces[:-1]
        if all(len(p) == 3 for p in whole[1:]) and len(whole[0]) <= 3:
            return float("".join(whole) + "." + pieces[-1])
    return None


def _split(text: str) -> list[str]:
    return text.replace("_", ",").replace("|", ",").replace(";", ",").replace(".", ",").split(",")


def raw_length(text: str, letters: int) -> int:
    """Length of the written form of a word's first ``letters`` folded letters, with the marks on them."""
    n = 0
    while n < len(text) and (letters > 0 or text[n] in _MARKS):
        if text[n] not in _MARKS:
            letters -= 1
        n += 1
    return n
