"""Numbers in plain text, for those who want no more than numbers: cardinals, fractions, ratios, powers, ordinals, per cent.

The grammar of :mod:`musnad.language.numerals` with what sums and school books need on top and news seldom does: signs,
«واحد من ثلاثة», «خمسة على عشرين», 1e10, 2 1/4, «التالي» and «قبل الأخير». The figures stage does not use it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from musnad.figures import quick
from musnad.language import numerals
from musnad.language.letters import Folded, fold, fold_map, table
from musnad.language.numberwords import search_key
from musnad.language.numerals import Number, Numeral
from musnad.language.tokenize import cut
from musnad.language.tokens import Token, TokenKind

Kind = Literal["number", "ordinal", "relative", "percent"]


class Found(NamedTuple):
    """A number in a text: offsets (code points), kind, and its value; of a relative ordinal its place («end-1»)."""

    start: int
    end: int
    kind: Kind
    value: Number | str


_MINUS = frozenset(["سالب", "ناقص"])
_OVER = frozenset(["من", "علي"])
_PARTS = frozenset(["جز", "اجزا", "جزا"])
_DASHES = frozenset("-−")
_RELATIVE = quick.RELATIVES


@lru_cache(maxsize=1 << 13)
def _match(form: str) -> str:
    return fold(form)


def tokens_of(text: str) -> list[Token]:
    """Tokens without readings: all that number words need."""
    out: list[Token] = []
    begin = 0
    for form in text.split():
        begin = text.index(form, begin)
        for start, end, raw, norm, kind in _cut(form) if len(form) <= quick.LONGEST else _cut.__wrapped__(form):
            token = Token(len(out), begin + start, begin + end, raw, raw, kind)
            token.norm = norm
            out.append(token)
        begin += len(form)
    return out


@lru_cache(maxsize=1 << 13)
def _cut(form: str) -> tuple[tuple[int, int, str, str, TokenKind], ...]:
    return tuple((a, b, raw, _match(raw), kind) for a, b, raw, kind in cut(form))


def scan(text: str) -> list[Found]:
    """Every number of a text, left to right, none overlapping. Digits glued to a following word (180ml) are left out:
    they belong to a measure or a name."""
    forms = text.split()
    if len(text) > quick.LONGEST and max(map(len, forms), default=0) > quick.LONGEST:
        return _scan_all(text)
    pieces: list[quick.Piece | None] = [quick.piece(form) for form in forms]
    out: list[Found] = []
    if not any(pieces):
        return out
    pieces += (None, None)
    forms += ("", "")
    i, n = 0, len(forms) - 2
    at = begun = 0  # offset of the piece whose index is ``begun``
    while i < n:
        p = pieces[i]
        if p is None:
            i += 1
            continue
        kind = p.kind
        if kind > quick.RELATIVE and (
            kind in (quick.JOINS, quick.OVER, quick.IN, quick.PLURAL, quick.HUNDRED_PLURAL)
            or (kind == quick.OPENS and (p.closed or pieces[i + 1] is None))
        ):
            i += 1
            continue
        while begun < i:
            at = text.index(forms[begun], at) + len(forms[begun])
            begun += 1
        at = text.index(forms[i], at)
        if kind < quick.FRACTION:
            made = quick.cardinal(pieces, forms, i)
            if made is not None:
                value, last, percent = made
                start = at + p.lead + p.cut
                while begun < last - 1:
                    at = text.index(forms[begun], at) + len(forms[begun])
                    begun += 1
                at = text.index(forms[begun], at)
                final = pieces[begun]
                size = final.size if final is not None else 0
                out.append(Found(start, at + size, "percent" if percent else "number", value))
                i = last
                continue
            if p.scaled and kind != quick.DIGITS and not p.closed and pieces[i + 1] is None:
                following_word = _cut(forms[i + 1])[0] if forms[i + 1] else None
                if following_word is not None and numerals.definite_noun(following_word[3]):
                    out.append(Found(at + p.lead + p.cut, at + p.size, "number", numerals.whole(p.scaled)))
                    i += 1
                    continue
        elif kind == quick.PER_HUNDRED:
            out.append(Found(at + p.lead, at + p.size, "percent", p.value))
            i += 1
            continue
        elif kind == quick.RELATIVE:
            out.append(Found(at + p.lead, at + p.size, "relative", p.place))
            i += 1
            continue
        elif kind <= quick.ORDINAL:
            last, value = i, p.value
            following = None if p.closed else pieces[i + 1]
            sort: Kind = "ordinal" if kind == quick.ORDINAL else "number"
            more = following is not None and not following.lead and 0 < value < 10
            if more and following is not None and (
                (kind == quick.ORDINAL and following.kind == quick.TEN and following.joined == 0)
                or (p.definite and following.kind == quick.DEFINITE and following.joined == 1 and following.value > 10)
            ):  # fmt: skip
                last, value, sort = i + 1, value + following.value, "ordinal"
                following = None if following.closed else pieces[i + 2]
            regular = following is None or following.lead or (
                following.kind in (quick.JOINS, quick.OVER, quick.IN) and (following.closed or pieces[last + 2] is None)
            )  # fmt: skip
            if regular and (last > i or not p.place):
                start = at + p.lead + p.cut
                while begun < last:
                    at = text.index(forms[begun], at) + len(forms[begun])
                    begun += 1
                at = text.index(forms[last], at)
                final = pieces[last] or p
                out.append(Found(start, at + final.size, sort, value))
                i = last + 1
                continue
        elif p.place and not p.closed and (kind == quick.OPENS or kind == quick.PER_CENT):
            opened = _opened(p.place, pieces, forms, i)
            if opened is not None:
                whose, worth, last = opened
                start = at + p.lead
                while begun < last - 1:
                    at = text.index(forms[begun], at) + len(forms[begun])
                    begun += 1
                at = text.index(forms[begun], at)
                final = pieces[begun]
                out.append(Found(start, at + (final.size if final is not None else 0), whose, worth))
                i = last
                continue
        if kind == quick.UNCLEAR and pieces[i + 1] is None and not forms[i + 1].startswith(quick.ARTICLES):
            # one piece by itself: 180ml, 192.168.1.2
            out += [f._replace(start=f.start + at, end=f.end + at) for f in _alone(forms[i])]
            i += 1
            continue
        # not regular: the full reader, up to the first piece that can have no part in a number
        first = at
        while pieces[i] is not None:
            i += 1
        while begun < i:
            at = text.index(forms[begun], at) + len(forms[begun])
            begun += 1
        end = text.index(forms[i], at) + len(forms[i]) if i < n else at
        out += [f._replace(start=f.start + first, end=f.end + first) for f in _scan_all(text[first:end])]
    return out


def _opened(place: str, pieces: Sequence[quick.Piece | None], forms: Sequence[str], i: int) -> tuple[Kind, Number | str, int] | None:
    """«قبل الأخير», «نسبة 10», «سالب خمسة»: kind, value and the index after it, where it is regular."""
    after = pieces[i + 1]
    if after is None or after.lead:
        return None
    if place == "before":
        return ("relative", "end-1", i + 2) if after.kind == quick.RELATIVE and after.place.startswith("end") else None
    made = quick.cardinal(pieces, forms, i + 1, False) if after.kind < quick.FRACTION and after.value > 0 else None
    if made is None:
        return None
    value, last, percent = made
    if place == "%":
        return "percent", value, last
    follows = pieces[last]
    if follows is not None and follows.kind == quick.OVER and pieces[last + 1] is not None:
        return None
    return "percent" if percent else "number", -value, last


@lru_cache(maxsize=1 << 13)
def _alone(form: str) -> tuple[Found, ...]:
    return tuple(_scan_all(form))


def _scan_all(text: str) -> list[Found]:
    plain = Folded(text, range(len(text) + 1))  # type: ignore[arg-type]
    if _UNSEEN.search(text):
        plain = fold_map(text, "display")
    tokens = tokens_of(plain.text)
    keys = [search_key(t.norm) for t in tokens]
    out: list[Found] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if token.kind != "number" and not (_may_begin(token.norm) if token.kind == "word" else token.text in _SIGNS):
            i += 1
            continue
        made = _relative(tokens, keys, i) or _percent(tokens, keys, i) or _number(tokens, keys, i)
        if made is None:
            pieces = _address(tokens, i)
            out += [f._replace(start=plain.offsets[f.start], end=plain.offsets[f.end - 1] + 1) for f in pieces]
            i += 1
            continue
        start, last, kind, value = made
        out.append(Found(plain.offsets[start], plain.offsets[tokens[last - 1].end - 1] + 1, kind, value))
        i = last
    return out


@lru_cache(maxsize=1 << 13)
def _may_begin(norm: str) -> bool:
    key = search_key(norm)
    return numerals.word(norm) is not None or key in _RELATIVE or key in _MINUS or key in _OPENING


_SIGNS = frozenset("-−%٪")
_UNSEEN = re.compile("[" + "".join(chr(c) for c, to in table("display").items() if not to) + "]")
_OPENING = frozenset(["قبل", "قبلا", "جز", "نسبه", "بنسبه", "بالميه", "بالمايه"])
_Made = tuple[int, int, Kind, Number | str]


def _relative(tokens: Sequence[Token], keys: Sequence[str], i: int) -> _Made | None:
    if keys[i] in ("قبل", "قبلا") and i + 1 < len(keys) and _RELATIVE.get(keys[i + 1], "").startswith("end"):
        return tokens[i].start, i + 2, "relative", "end-1"
    place = _RELATIVE.get(keys[i])
    return None if place is None else (tokens[i].start, i + 1, "relative", place)


def _percent(tokens: Sequence[Token], keys: Sequence[str], i: int) -> _Made | None:
    """«نسبة 10», «بالمائة 10»: the sign before its number."""
    if i + 1 >= len(tokens) or keys[i] not in ("نسبه", "بنسبه", "بالميه", "بالمايه"):
        return None
    found = _value(tokens, keys, i + 1)
    if found is None or found[3].kind not in ("cardinal", "percent") or not isinstance(found[2], int | float):
        return None
    return tokens[i].start, found[1], "percent", found[2]


def _number(tokens: Sequence[Token], keys: Sequence[str], i: int) -> _Made | None:
    if keys[i] == "جز" and i + 1 < len(keys) and keys[i + 1] == "من":
        below = _value(tokens, keys, i + 2) if i + 2 < len(keys) else None
        if below is not None and below[2]:
            return tokens[i].start, below[1], "number", 1 / below[2]
    found = _value(tokens, keys, i)
    if found is None:
        return None
    start, last, value, numeral = found
    if numeral.kind == "percent":
        return start, last, "percent", value
    if numeral.kind == "ordinal":
        return start, last, "ordinal", value
    if numeral.definite and numeral.last - numeral.first > 1 and keys[numeral.last - 1].startswith("وال"):
        return start, last, "ordinal", value  # السؤال الواحد والعشرون
    over = _over(tokens, keys, last)
    if over is not None:
        below = _value(tokens, keys, over)
        if below is not None and below[2] and below[3].kind == "cardinal" and (value < below[2] or keys[over - 1] == "علي"):
            return start, below[1], "number", numerals.whole(value / below[2])
    return start, last, "number", value


def _over(tokens: Sequence[Token], keys: Sequence[str], j: int) -> int | None:
    """Index after «من», «على», «جزء من» at j."""
    if j < len(keys) and keys[j] in _PARTS:
        j += 1
        return j + 1 if j + 1 < len(keys) and keys[j] == "من" else None
    return j + 1 if j + 1 < len(keys) and keys[j] in _OVER else None


def _value(tokens: Sequence[Token], keys: Sequence[str], i: int) -> tuple[int, int, Number, Numeral] | None:
    """A numeral with its sign, power and fractions: start, index after it, value, and the numeral it begins with."""
    start, sign, j = tokens[i].start, 1, i
    if keys[i] in _MINUS and i + 1 < len(tokens):
        sign, j = -1, i + 1
    elif tokens[i].text in _DASHES and i + 1 < len(tokens) and tokens[i + 1].kind == "number":
        if tokens[i + 1].start != tokens[i].end or (i > 0 and tokens[i - 1].end == tokens[i].start):
            return None
        sign, j = -1, i + 1
    n = numerals.read(tokens, j)
    if n is None:
        return _part_of_one(tokens, keys, j, start, sign)
    if n.value is None:
        return None
    if tokens[n.last - 1].kind == "number":
        raised = _power(tokens, n)
        if raised is not None:
            return start, raised[1], sign * raised[0], n
        if n.last < len(tokens) and tokens[n.last].start == tokens[n.last - 1].end and tokens[n.last].kind in ("word", "latin"):
            return None
    value, last = n.value, n.last
    more = numerals.part_plural(tokens, last)
    if more is not None and n.kind == "cardinal":  # عشرون أخماس
        return start if sign < 0 else n.start, last + 1, sign * value / more, n
    if n.kind == "fraction" and tokens[j].kind == "number" and last < len(tokens) and tokens[last].norm.isdecimal():
        value, last = value + int(tokens[last].norm), last + 1  # 1/4 2
    elif n.kind == "cardinal":
        value, last = _added(tokens, keys, value, last)
    return start if sign < 0 else n.start, last, sign * numerals.whole(value), n


def _added(tokens: Sequence[Token], keys: Sequence[str], value: Number, last: int) -> tuple[Number, int]:
    """What follows a cardinal and is added: 2 1/4; «ثلاث وخمس»; lower scales without و."""
    if last >= len(tokens):
        return value, last
    following = tokens[last]
    if following.kind == "number":
        more = numerals.read(tokens, last)
        if more is not None and more.value is not None:
            if more.kind == "fraction" and following.start > tokens[last - 1].end:
                return value + more.value, more.last
            lower = isinstance(value, int) and value >= 1000 and more.last > last + 1 and 0 < more.value < 1000
            if lower and more.kind == "cardinal" and tokens[last - 1].kind == "word":
                return value + more.value, more.last
    part = numerals.and_part(tokens, last)
    return value if part is None else value + part[0], last if part is None else part[1]


def _part_of_one(tokens: Sequence[Token], keys: Sequence[str], j: int, start: int, sign: int) -> tuple[int, int, Number, Numeral] | None:
    """ثمن المحتوى: a word that is a fraction before a definite noun."""
    part = numerals.part_word(tokens, j)
    if part is None or j + 1 >= len(keys) or not numerals.definite_noun(tokens[j + 1].norm):
        return None
    n = Numeral(j, j + 1, start, tokens[j].end, part, None, None, "fraction", ("fraction",))
    return start, j + 1, sign * part, n


def _power(tokens: Sequence[Token], n: Numeral) -> tuple[float, int] | None:
    """1e10, 2^8 behind a number: the value and the index after it."""
    j = n.last
    if j + 1 >= len(tokens) or tokens[j].start != tokens[j - 1].end or n.value is None:
        return None
    mark = tokens[j].text
    k, sign = j + 1, 1
    if tokens[k].text in "+-" and k + 1 < len(tokens):
        k, sign = k + 1, -1 if tokens[k].text == "-" else 1
    if mark not in ("e", "E", "^") or tokens[k].kind != "number" or tokens[k].start != tokens[k - 1].end:
        return None
    exponent = numerals.digits(tokens[k].norm)
    if exponent is None or abs(exponent) > 300:
        return None
    try:
        raised = n.value * 10.0 ** (sign * exponent) if mark in "eE" else float(n.value) ** (sign * exponent)
    except (OverflowError, ZeroDivisionError):
        return None
    return raised, k + 1


def _address(tokens: Sequence[Token], i: int) -> list[Found]:
    """The groups of an address such as 192.168.1.2, each a number."""
    token = tokens[i]
    if token.kind != "number" or token.norm.count(".") < 2 or set(token.norm) - set("0123456789."):
        return []
    if i + 1 < len(tokens) and tokens[i + 1].start == token.end and tokens[i + 1].kind in ("word", "latin"):
        return []
    out, at = [], token.start
    for piece in token.norm.split("."):
        out.append(Found(at, at + len(piece), "number", int(piece)))
        at += len(piece) + 1
    return out
