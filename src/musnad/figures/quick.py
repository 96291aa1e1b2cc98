"""The quick way through plain text: what each white-space piece can be in a number, looked up once per written form.

Pieces that can have no part in a number are None. :func:`cardinal` reads the regular numbers from the rest; whatever is not
regular (fractions, signs, ratios, marks inside a piece) it leaves to the full reader by returning None.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from musnad.language.letters import fold
from musnad.language.numberwords import closed, digits, raw_length, search_key, word
from musnad.language.numerals import Number, whole
from musnad.language.tokenize import cut

# What a piece is. Below _READ a number may begin with it and :func:`cardinal` knows the way.
UNIT, JOINED, TEN, TEEN, TENS, HUNDRED, HUNDREDS, SCALE, DUAL, DIGITS = range(10)
_READ = 10
# Complete in one piece: نصف, الثلاثة, ثالث, 5%, التالي. Then: vague, or only with a number before it; «قبل», «نسبة» open
# something; و; «من», «على» stand between a number and what it is divided by.
FRACTION, DEFINITE, ORDINAL, PER_HUNDRED, RELATIVE = range(10, 15)
PLURAL, HUNDRED_PLURAL, SCALE_A, OPENS, JOINS, OVER, IN, THE_HUNDRED, PER_CENT, PARTS, UNCLEAR = range(15, 26)

_OPENING = {"قبل": "before", "قبلا": "before", "جز": "", "اجزا": "", "جزا": "", "نسبه": "%", "بنسبه": "%", "سالب": "-", "ناقص": "-"}
#: what a definite noun may begin with
ARTICLES = ("ال", "أل", "إل", "آل")
_DIVIDING = frozenset(["من", "علي"])
_BEFORE = frozenset('(«"“[')
_MINUS = frozenset("-−")
_BEHIND = frozenset('.,،؛:)»"”؟?!]…')
_VOWELS = frozenset("\u064c\u064b\u064f")
_ROLES = {
    "unit": UNIT, "joined": JOINED, "ten": TEN, "teen": TEEN, "tens": TENS, "hundred": HUNDRED, "hundreds": HUNDREDS,
    "scale": SCALE, "scale_dual": DUAL, "scale_plural": PLURAL, "scale_a": SCALE_A,
}  # fmt: skip
#: longest piece looked at this way, in code points
LONGEST = 64


class Piece(NamedTuple):
    """What a piece can be: ``kind``, ``value``; ``joined``: 1 with و before it, 2 with another particle; ``lead`` and ``size``:
    marks before its word and letters up to the marks behind it, ``closed`` where there are such; ``cut``: letters of particles;
    ``fraction``: its letters are a fraction's too; ``scaled``: digits before a scale or a per cent sign."""

    kind: int
    value: Number
    joined: int
    lead: int
    size: int
    closed: bool
    cut: int
    fraction: bool
    scaled: Number
    place: str
    definite: bool = False


_UNCLEAR = Piece(UNCLEAR, 0, 2, 0, 0, False, 0, False, 0, "")


@lru_cache(maxsize=1 << 13)
def piece(form: str) -> Piece | None:
    """What a run of letters without white space can be in a number, or None."""
    shown = fold(form, "display")
    tokens = list(cut(shown))
    if shown != form:
        return _UNCLEAR if not tokens or any(_lone(t[2], t[3]) for t in tokens) else None
    first, last = 0, len(tokens)
    while first < last and tokens[first][2] in _BEFORE:
        first += 1
    while last > first and tokens[last - 1][2][0] in _BEHIND:
        last -= 1
    core = tokens[first:last]
    if not core:
        return None
    if form in closed("percent_marks"):
        return _UNCLEAR._replace(kind=PER_CENT, size=len(form))
    lead, end, shut = core[0][0], core[-1][1], last < len(tokens)
    if len(core) == 1:
        found = _lone(core[0][2], core[0][3])
        return None if found is None else found._replace(lead=lead, size=end, closed=shut)
    if len(core) == 2:
        (_, _, one, what), (_, _, other, kind) = core
        number = one if what == "number" else other if kind == "number" and one in _MINUS and not first else None
        found = None if number is None else _lone(number, "number")
        if found is not None and found.kind == DIGITS:
            if one in _MINUS:
                return found._replace(value=-found.value, scaled=-found.scaled, lead=lead, size=end, closed=shut)
            if other in closed("percent_marks"):
                return found._replace(kind=PER_HUNDRED, value=found.scaled, lead=lead, size=end, closed=shut)
    if any(_lone(t[2], t[3]) for t in core):
        return _UNCLEAR
    return None


def _lone(text: str, kind: str) -> Piece | None:
    if kind == "number":
        norm = fold(text)
        plain, scaled = digits(norm), digits(norm, True)
        if plain is None or scaled is None or "/" in norm:
            return _UNCLEAR
        return Piece(DIGITS, plain, 0, 0, 0, False, 0, False, scaled, "")
    if kind == "punct":
        return _UNCLEAR if text in "-−%٪﹪％" else None
    if kind != "word":
        return None
    norm = fold(text)
    key = search_key(norm)
    if key in RELATIVES:
        return _UNCLEAR._replace(kind=RELATIVE, place=RELATIVES[key])
    if key in _OPENING:
        return _UNCLEAR._replace(kind=OPENS, place=_OPENING[key])
    if key in _DIVIDING:
        return _UNCLEAR._replace(kind=OVER, place=key)
    if key == "و":
        return _UNCLEAR._replace(kind=JOINS)
    if key == "في":
        return _UNCLEAR._replace(kind=IN)
    if key.startswith("ب") and key.removeprefix("بال") in closed("percent_words"):
        return _UNCLEAR._replace(kind=PER_CENT, place="%" if key.startswith("بال") else "")
    if key.startswith("ال") and key[2:] in closed("percent_words"):
        return _UNCLEAR._replace(kind=THE_HUNDRED)
    found = word(norm)
    if found is None:
        return None
    roles = found.roles
    joined = 0 if found.bare else 1 if found.conjunction and not found.preposition and key[0] == "و" else 2
    begin = raw_length(text, found.cut) if found.cut else 0
    made = Piece(UNCLEAR, 0, joined, 0, 0, False, begin, "fraction" in roles, 0, "", found.definite)
    if key[found.cut :] in closed("before_definite"):
        made = made._replace(scaled=1 / roles["fraction"][0])  # خمس السكان
    if key == "واحد" and text.startswith(("وأ", "وإ")):  # only before عشر
        return made._replace(kind=JOINED, value=1, joined=1, cut=1, place="ten")
    if _VOWELS & set(text) and (len(roles) > 1 or "fraction_dual" in roles):
        return made
    if list(roles) == ["ordinal"]:
        return made._replace(kind=ORDINAL, value=roles["ordinal"][0])
    if list(roles) == ["ordinal_joined"]:
        return made._replace(kind=ORDINAL, value=roles["ordinal_joined"][0], place="ten")
    if list(roles) == ["fraction_plural"] and not joined and not found.definite:
        return made._replace(kind=PARTS, value=roles["fraction_plural"][0])
    if len(roles) == 1 and not roles.get("fraction", (0, True))[1]:
        return made._replace(kind=FRACTION, value=whole(1 / roles["fraction"][0]))
    if len(roles) == 1 and not roles.get("fraction_dual", (0, True))[1]:
        return made._replace(kind=FRACTION, value=whole(2 / roles["fraction_dual"][0]))
    if "vague" in roles or "few" in roles:
        return made._replace(kind=HUNDRED_PLURAL if "hundred_plural" in roles else PLURAL)
    named = [r for r in roles if r in _ROLES]
    if len(named) != 1 or set(roles) - {named[0], "fraction", "fraction_dual"}:
        return made
    kind_of, value = _ROLES[named[0]], roles[named[0]][0]
    if key == "واحد":  # before عشر it is و and أحد
        made = made._replace(place="one")
    if found.definite or value == 0:
        return made._replace(kind=DEFINITE, value=value) if kind_of in (UNIT, TEN, TENS) else made
    return made._replace(kind=kind_of, value=value)


RELATIVES = {
    "التالي": "current+1", "التاليه": "current+1", "القادم": "current+1", "القادمه": "current+1", "المقبل": "current+1",
    "السابق": "current-1", "السابقه": "current-1", "الحالي": "current+0", "الحاليه": "current+0",
    "اخر": "end+0", "الاخير": "end+0", "الاخيره": "end+0", "الاخيرين": "end+0",
}  # fmt: skip


def cardinal(pieces: Sequence[Piece | None], forms: Sequence[str], i: int, divided: bool = True) -> tuple[Number, int, bool] | None:
    """The regular number that begins with piece i: value, index after it, whether it is per cent. None: ask the full reader.

    ``pieces`` ends with two None. ``divided``: «واحد من ثلاثة» is a third.
    """
    total: Number = 0
    k, limit = i, 0
    while True:
        p = pieces[k]
        if p is None or p.kind >= _READ or (k > i and p.lead):
            return None
        kind, value, shut = p.kind, p.value, p.closed
        scale = 1
        k += 1
        if kind >= SCALE and kind != DIGITS:
            scale = int(value) if kind == SCALE else int(value) // 2
        else:
            n = None if shut else pieces[k]
            if kind in (UNIT, JOINED):
                if n is not None and not n.lead and (
                    (n.kind == TEN and n.joined == 0) or (n.kind == TENS and n.joined == 1 and p.place != "ten")
                ):  # fmt: skip
                    if p.place == "one" and n.kind == TEN:
                        return None
                    value, shut, k, kind = value + n.value, n.closed, k + 1, TEENS
                    n = None if shut else pieces[k]
                elif kind == JOINED:
                    return None
                elif n is not None and n.joined == 0 and not n.lead and value > 2 and n.kind in (HUNDRED, HUNDRED_PLURAL):
                    value, shut, k, kind = value * 100, n.closed, k + 1, HUNDRED
                    n = None if shut else pieces[k]
            if (kind in (HUNDRED, HUNDREDS)) and n is not None and n.joined == 1 and n.kind < HUNDRED and not n.lead:
                place, value, shut, k, kind = n.place, value + n.value, n.closed, k + 1, n.kind
                n = None if shut else pieces[k]
                if kind in (UNIT, JOINED):
                    if n is not None and not n.lead and (
                        (n.kind == TEN and n.joined == 0) or (n.kind == TENS and n.joined == 1 and place != "ten")
                    ):  # fmt: skip
                        value, shut, k = value + n.value, n.closed, k + 1
                        n = None if shut else pieces[k]
                    elif kind == JOINED:
                        return None
            if n is not None and n.joined == 0 and not n.lead and n.kind in (SCALE, PLURAL, SCALE_A) and n.value:
                if p.kind == DIGITS:
                    value = p.scaled
                scale = int(n.value)
                value, shut, k = whole(value * scale), n.closed, k + 1
                if not value:
                    return None
        if limit:
            if scale >= limit or not 0 < value < limit or p.kind == DIGITS:
                return None
            total += value
        else:
            total = value
        limit = scale
        n = None if shut else pieces[k]
        if n is None:
            if not shut and p.fraction and k == i + 1 and forms[k].startswith(ARTICLES):
                return None
            return total, k, False
        if n.joined == 1 and n.kind < DIGITS and limit > 1 and value > 0 and not n.lead:
            if isinstance(p.scaled if p.kind == DIGITS else value, int):
                continue
            return None
        if n.lead:
            return total, k, False
        total_scaled = p.scaled if p.kind == DIGITS and k == i + 1 else total
        if n.kind == PER_CENT:
            return total_scaled, k + 1, True
        follows = pieces[k + 1]
        if n.kind == IN and not n.closed and follows is not None and follows.kind == THE_HUNDRED and not follows.lead:
            return total_scaled, k + 2, True
        if n.kind in (IN, JOINS, OVER) and (n.closed or follows is None or follows.lead):
            return total, k, False
        simple = p.kind < HUNDRED or p.kind == DIGITS
        if n.kind == PARTS and simple and limit == 1 and (n.closed or follows is None):
            return (whole if 2 < total < n.value else float)(total / n.value), k + 1, False
        if n.kind == OVER and divided and follows is not None and follows.kind < _READ:
            below = cardinal(pieces, forms, k + 1, False)
            if below is None or below[2]:
                return None
            if not below[0] or (total >= below[0] and n.place == "من"):
                return total, k, False
            return whole(total / below[0]), below[1], False
        if n.kind == OVER and not divided and follows is not None and follows.kind < _READ:
            return total, k, False
        return None


#: a finished number below a hundred: nothing more joins it
TEENS = TEEN
