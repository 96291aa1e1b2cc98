"""Numerals: numbers written in words, digits or both, read from tokens.

The words are in ``lexicon/numerals.yaml``. The grammar is that of the Arabic number phrase: units and tens joined
by و in that order, hundreds before them, scales (ألف, مليون …) descending, each multiplied by what stands before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from musnad.language.letters import table
from musnad.language.numberwords import Number, Word, closed, digits, raw_length, search_key, word
from musnad.language.tokens import Token

__all__ = ["Kind", "Number", "Numeral", "Word", "digits", "raw_length", "read", "starts", "word"]

Kind = Literal["cardinal", "ordinal", "fraction", "percent", "vague"]


class Numeral(NamedTuple):
    """A numeral of an article: tokens ``first`` to ``last`` (half open), offsets without attached و ف ب ل ك.

    ``value``: the number, or None where only bounds are known; ``low``/``high``: bounds, inclusive, of a vague
    numeral (عشرات: 20..99). ``kind``: percent keeps the number written (30 for «30 في المئة»), a fraction is its
    value (0.5). ``definite``: the first word carries ال. ``rules``: what built it, outermost last.
    """

    first: int
    last: int
    start: int
    end: int
    value: Number | None
    low: Number | None
    high: Number | None
    kind: Kind
    rules: tuple[str, ...]
    definite: bool = False


class _Part(NamedTuple):
    value: Number
    next: int
    scale: int
    digits: bool
    open: bool = True  # whether smaller scales may follow: not after 1.2 مليار


_ONE = "واحد"
_DAMMA = "\u064f"
_TANWIN = "\u064b"


def starts(token: Token) -> bool:
    """Whether a numeral may begin at a token; cheap."""
    if token.kind == "number":
        return True
    return token.kind == "word" and word(token.norm) is not None


def read(tokens: Sequence[Token], i: int) -> Numeral | None:
    """The longest numeral that begins at token i, or None.

    An attached conjunction or preposition may precede it and is left out of its span. Digits are read whatever
    they count: it is for the caller to know a year or a telephone number.
    """
    token = tokens[i]
    if token.kind == "number":
        return _finish(tokens, i, _cardinal(tokens, i), None)
    if token.kind == "punct":
        if token.text in closed("percent_marks") and i + 1 < len(tokens) and tokens[i + 1].start == token.end:
            part = _cardinal(tokens, i + 1) if tokens[i + 1].kind == "number" else None
            if part is not None:
                value, end, rules = part
                return _made(tokens, i, end, value, None, None, "percent", (*rules, "percent"), None)
        return None
    first = word(token.norm) if token.kind == "word" else None
    if first is None or (_and_one_of(token) and not _is_and_one(tokens, i)):
        return None
    return (
        _ordinal(tokens, i, first)
        or _part_of_definite(tokens, i, first)
        or _vague(tokens, i, first)
        or _finish(tokens, i, _cardinal(tokens, i), first)
        or _fraction(tokens, i, first)
    )


# --- helpers over tokens


def _word_at(tokens: Sequence[Token], i: int) -> Word | None:
    if i >= len(tokens) or tokens[i].kind != "word":
        return None
    return word(tokens[i].norm)


def _bare(tokens: Sequence[Token], i: int, role: str, definite: bool = False) -> int | None:
    """Value of a word that continues a numeral in that role: no و, no preposition; ال only if allowed."""
    w = _word_at(tokens, i)
    if w is None or not w.bare or (w.definite and not definite):
        return None
    found = w.roles.get(role)
    return None if found is None else found[0]


def _after_and(tokens: Sequence[Token], i: int) -> int | None:
    """Index of the token joined by و at i: i itself where it is attached, i + 1 where و stands alone."""
    if i >= len(tokens) or tokens[i].kind != "word":
        return None
    if tokens[i].norm == "و":
        return i + 1 if i + 1 < len(tokens) else None
    if _is_and_one(tokens, i):
        return i
    w = word(tokens[i].norm)
    if w is not None and w.conjunction and not w.preposition and search_key(tokens[i].norm)[0] == "و":
        return i
    return None


def _is_and_one(tokens: Sequence[Token], i: int) -> bool:
    """Whether the word at i, spelt like واحد, is وأحد before عشر."""
    return search_key(tokens[i].norm) == _ONE and _bare(tokens, i + 1, "ten") is not None


def _and_one_of(token: Token) -> bool:
    """Whether a word spelt like واحد is written وأحد: «and one of»."""
    return search_key(token.norm) == _ONE and token.text.translate(table("display"))[1:2] in ("أ", "إ")


def _role(w: Word | None, role: str) -> int | None:
    found = None if w is None else w.roles.get(role)
    return None if found is None else found[0]


def _has_scale(tokens: Sequence[Token], i: int) -> bool:
    w = _word_at(tokens, i)
    if w is not None and w.bare:
        return w.scale is not None
    return _percent(tokens, i) is not None


def _percent(tokens: Sequence[Token], i: int) -> int | None:
    """Index after the words for per cent at i, or None."""
    if i >= len(tokens):
        return None
    token = tokens[i]
    if token.kind == "punct":
        return i + 1 if token.text in closed("percent_marks") else None
    if token.kind != "word":
        return None
    marks = closed("percent_words")
    form = search_key(token.norm)
    if form == "في" and i + 1 < len(tokens):
        following = search_key(tokens[i + 1].norm)
        if following.removeprefix("ال") in marks:
            return i + 2
    if form.startswith("ب") and form.removeprefix("بال") in marks:
        return i + 1
    return None


# --- cardinals


def _below_hundred(tokens: Sequence[Token], j: int) -> tuple[int, int] | None:
    w = _word_at(tokens, j)
    if w is None:
        return None
    roles = w.roles
    whole_word = roles.get("tens") or roles.get("teen")
    if whole_word is not None:
        return whole_word[0], j + 1
    unit = roles.get("unit")
    joined = unit or roles.get("joined")
    if joined is not None and joined[0] > 0:
        if _bare(tokens, j + 1, "ten") is not None:
            return joined[0] + 10, j + 2
        k = _after_and(tokens, j + 1)
        if k is not None:
            following = _word_at(tokens, k)
            tens = None if following is None else following.roles.get("tens")
            if tens is not None and following is not None and (not following.definite or w.definite):
                return joined[0] + tens[0], k + 1
    if unit is not None:
        return unit[0], j + 1
    ten = roles.get("ten")
    return None if ten is None else (ten[0], j + 1)


def _small(tokens: Sequence[Token], j: int) -> _Part | None:
    """A number below a thousand, or digits with their marks."""
    if j >= len(tokens):
        return None
    token = tokens[j]
    value: Number | None
    if token.kind == "number":
        end = j + 1
        value = None
        if token.norm.isdecimal() and len(token.norm) <= 3 and token.norm[0] != "0":
            joined, end = _spaced(tokens, j)
            value = int(joined)
        if end == j + 1:
            value = digits(token.norm, _has_scale(tokens, j + 1))
        if value is None:
            return None
        if isinstance(value, int) and 0 < value < 100 and _bare(tokens, end, "hundred") is not None:
            return _rest_of_hundreds(tokens, value * 100, end + 1)
        return _Part(value, end, 1, True)
    w = _word_at(tokens, j)
    hundreds = _role(w, "hundreds")
    if hundreds is None:
        hundreds = _role(w, "hundred")
    if hundreds is not None:
        return _rest_of_hundreds(tokens, hundreds, j + 1)
    below = _below_hundred(tokens, j)
    if below is None:
        return None
    value, end = below
    if value > 2 and (_bare(tokens, end, "hundred") is not None or (value < 11 and _bare(tokens, end, "hundred_plural") is not None)):
        return _rest_of_hundreds(tokens, value * 100, end + 1)
    return _Part(value, end, 1, False)


def _spaced(tokens: Sequence[Token], j: int) -> tuple[str, int]:
    """Digits grouped by single spaces (10 000) from token j: the digits and the index after them."""
    out, k = tokens[j].norm, j + 1
    while (
        k < len(tokens)
        and len(out) < 16
        and tokens[k].kind == "number"
        and len(tokens[k].norm) == 3
        and tokens[k].norm.isdecimal()
        and tokens[k].start == tokens[k - 1].end + 1
    ):
        out += tokens[k].norm
        k += 1
    return out, k


def _is_portion(tokens: Sequence[Token], k: int) -> bool:
    w = _word_at(tokens, k)
    return w is not None and _portion(tokens, k, w) is not None


def _rest_of_hundreds(tokens: Sequence[Token], value: int, end: int) -> _Part:
    k = _after_and(tokens, end)
    if k is not None:
        if tokens[k].kind == "number":
            if tokens[k].norm.isdecimal() and 0 < int(tokens[k].norm[:4]) < 100:
                return _Part(value + int(tokens[k].norm), k + 1, 1, False)
        elif not _is_portion(tokens, k):  # مئة وثلاثة أرباع
            below = _below_hundred(tokens, k)
            if below is not None and below[0] > 0:
                return _Part(value + below[0], below[1], 1, False)
    return _Part(value, end, 1, False)


def _part(tokens: Sequence[Token], j: int) -> _Part | None:
    """A multiplied scale (ثلاثة آلاف, ألفين, 2,5 مليون) or a number below a thousand."""
    w = _word_at(tokens, j)
    value: Number
    if w is not None:
        dual = _role(w, "scale_dual")
        if dual is not None:
            return _scales(tokens, dual, j + 1, dual // 2)
        if w.scale is not None and "scale" in w.roles:
            return _scales(tokens, w.scale, j + 1, w.scale)
        either = None if w.scale is None else _role(w, "scale_a")
        if either is not None:
            # ألفا جندي are two thousand; ألفا وخمسمئة is one thousand in the accusative
            single = _TANWIN in tokens[j].text or _after_and(tokens, j + 1) is not None
            value = either if single else 2 * either
            return _scales(tokens, value, j + 1, either)
        portion = None if w.scale is not None else _portion(tokens, j, w)
        if portion is not None:
            scale = _scale_at(tokens, portion[1], definite=True)
            if scale is not None:
                return _scales(tokens, whole(portion[0] * scale), portion[1] + 1, scale)
            dozen = _bare(tokens, portion[1], "dozen", definite=True)
            if dozen is not None:
                return _Part(whole(portion[0] * dozen), portion[1] + 1, 1, False)
            return None
        dozen = _role(w, "dozen")
        if dozen is not None:
            return _Part(dozen, j + 1, 1, False)
    small = _small(tokens, j)
    if small is None:
        return None
    definite = w is not None and w.definite
    scale = _scale_at(tokens, small.next, definite)
    if scale is not None and small.value > 0:
        made = _scales(tokens, whole(small.value * scale), small.next + 1, scale)
        return made._replace(open=isinstance(small.value, int))
    dozen = _bare(tokens, small.next, "dozen")
    if dozen is not None:
        return _Part(small.value * dozen, small.next + 1, 1, False)
    return small


def _scale_at(tokens: Sequence[Token], j: int, definite: bool = False) -> int | None:
    w = _word_at(tokens, j)
    if w is None or w.scale is None or not w.bare or (w.definite and not definite):
        return None
    return w.scale


def _scales(tokens: Sequence[Token], value: Number, j: int, scale: int) -> _Part:
    """Scales that multiply a scale: ألف مليار."""
    for _ in range(3):
        more = _scale_at(tokens, j)
        if more is None or more < scale:
            break
        value, scale, j = value * more, more * scale if more == scale else more, j + 1
    return _Part(value, j, scale, False)


def whole(value: Number) -> Number:
    """A float without the noise of binary fractions (15 digits kept), an int where it is one."""
    if isinstance(value, int):
        return value
    value = float(f"{value:.15g}")
    return int(value) if value == int(value) and abs(value) < 1e300 else value


def _cardinal(tokens: Sequence[Token], i: int) -> tuple[Number, int, tuple[str, ...]] | None:
    part = _part(tokens, i)
    if part is None:
        return None
    total, end, scale = part.value, part.next, part.scale
    rules = ("digits",) if part.digits else ("scale",) if scale > 1 else ("words",)
    while scale > 1 and part.open:
        k = _after_and(tokens, end)
        if k is None:
            break
        more = _part(tokens, k)
        if more is None or not more.open or more.scale >= scale:
            break
        if not isinstance(more.value, int) or not 0 < more.value < scale:
            break
        total, end, scale = total + more.value, more.next, more.scale
    k = _after_and(tokens, end)
    if k is not None:
        w = _word_at(tokens, k)
        portion = None if w is None or w.preposition else _portion(tokens, k, w)
        if portion is not None and 0 < portion[0] < 1:
            unit = _scale_at(tokens, portion[1], definite=True)
            if unit is not None and unit <= max(scale, part.scale):
                return whole(total + portion[0] * unit), portion[1] + 1, (*rules, "and_fraction")
            if unit is None and w is not None and not w.definite:
                return whole(total + portion[0] * scale), portion[1], (*rules, "and_fraction")
        if w is not None and "odd" in w.roles:
            return total, k + 1, (*rules, "odd")
    if _bare(tokens, end, "point") is not None and scale == 1 and isinstance(total, int):
        after = _small(tokens, end + 1)
        if after is not None and isinstance(after.value, int):
            return float(f"{total}.{after.value}"), after.next, (*rules, "point")
    return total, end, rules


# --- fractions


def part_plural(tokens: Sequence[Token], i: int) -> int | None:
    """The denominator of a plural fraction word at i (أخماس: 5), or None."""
    return _bare(tokens, i, "fraction_plural", definite=True)


def part_word(tokens: Sequence[Token], i: int) -> float | None:
    """The fraction that a word may be although its letters are also another word's (ثمن, خمس), or None."""
    w = _word_at(tokens, i)
    if w is None or w.conjunction or w.preposition or w.definite:
        return None
    one = w.roles.get("fraction")
    return None if one is None else 1 / one[0]


def and_part(tokens: Sequence[Token], i: int) -> tuple[float, int] | None:
    """«وخمس» behind a number that no five can be added to: the fraction and the index after it."""
    k = _after_and(tokens, i)
    w = None if k is None else _word_at(tokens, k)
    if k is None or w is None or w.preposition or w.definite:
        return None
    one, dual = w.roles.get("fraction"), w.roles.get("fraction_dual")
    return (1 / one[0], k + 1) if one is not None else (2 / dual[0], k + 1) if dual is not None else None


def _portion(tokens: Sequence[Token], j: int, w: Word) -> tuple[float, int] | None:
    """A fraction in words at j: نصف, ثلثا, ثلاثة أرباع; and the index after it."""
    vowels = _DAMMA in tokens[j].text
    one, dual = w.roles.get("fraction"), w.roles.get("fraction_dual")
    if dual is not None and (not dual[1] or vowels) and not (one is not None and _TANWIN in tokens[j].text):
        return 2 / dual[0], j + 1
    if one is not None and (not one[1] or vowels):
        return 1 / one[0], j + 1
    unit = _role(w, "unit")
    if unit is not None and unit > 2:
        below = _bare(tokens, j + 1, "fraction_plural", definite=w.definite)
        if below is not None and below > unit:
            return unit / below, j + 2
    return None


def definite_noun(norm: str) -> bool:
    """Whether a folded word begins with the article: not إلى, التي and their like."""
    return norm.startswith("ال") and len(norm) > 4 and norm not in ("التي", "الذي", "الذين", "اللذين", "اللتين")


def _part_of_definite(tokens: Sequence[Token], i: int, first: Word) -> Numeral | None:
    """«خمس السكان»: the letters of five, a fifth before a definite noun."""
    one = first.roles.get("fraction")
    if one is None or not one[1] or first.definite or i + 1 >= len(tokens):
        return None
    following = tokens[i + 1]
    if following.kind != "word" or not definite_noun(following.norm) or word(following.norm) is not None:
        return None
    if search_key(tokens[i].norm)[first.cut :] not in closed("before_definite"):
        return None
    return _made(tokens, i, i + 1, 1 / one[0], None, None, "fraction", ("fraction",), first)


def _fraction(tokens: Sequence[Token], i: int, first: Word) -> Numeral | None:
    portion = _portion(tokens, i, first)
    if portion is None:
        return None
    return _made(tokens, i, portion[1], portion[0], None, None, "fraction", ("fraction",), first)


# --- vague numerals and ordinals


def _vague(tokens: Sequence[Token], i: int, first: Word) -> Numeral | None:
    low: int | None = None
    high: int | None = None
    end = i + 1
    scale = _role(first, "scale_plural")
    if "vague" in first.roles and first.bounds is not None:
        low, high = first.bounds
    elif scale is not None:
        low, high = 2 * scale, 10 * scale - 1
    elif "few" in first.roles and first.bounds is not None:
        low, high = first.bounds
        if _bare(tokens, end, "ten") is not None:
            low, high, end = low + 10, high + 10, end + 1
        else:
            w = _word_at(tokens, end)
            if w is not None and not w.conjunction and not w.preposition:
                base = _role(w, "scale_plural")
                if "vague" in w.roles and w.bounds is not None:
                    base = w.bounds[0] // 2
                if base is not None:
                    low, high, end = low * base, 10 * base - 1, end + 1
    elif "odd" in first.roles:
        k = _after_and(tokens, end)
        following = None if k is None else _cardinal(tokens, k)
        if following is None:
            return None
        low, high, end = int(following[0]) + 1, int(following[0]) + 9, following[1]
    if low is None or high is None:
        return None
    for _ in range(2):
        more = _scale_at(tokens, end, definite=True)
        if more is None or (scale is not None and more < scale):
            break
        low, high, end, scale = low * more, (high + 1) * more - 1, end + 1, more
    return _made(tokens, i, end, None, low, high, "vague", ("vague",), first)


def _ordinal(tokens: Sequence[Token], i: int, first: Word) -> Numeral | None:
    value, end = None, i
    hundred = _role(first, "hundred")
    if hundred is not None and first.definite:
        k = _after_and(tokens, i + 1)
        following = None if k is None else _word_at(tokens, k)
        if k is not None and following is not None and following.definite:
            found = _small_ordinal(tokens, k, following)
            if found is not None:
                value, end = hundred + found[0], found[1]
    else:
        found = _small_ordinal(tokens, i, first)
        if found is not None:
            value, end = found
    if value is None:
        return None
    return _made(tokens, i, end, value, None, None, "ordinal", ("ordinal",), first)


def _small_ordinal(tokens: Sequence[Token], i: int, first: Word) -> tuple[int, int] | None:
    value = _role(first, "ordinal")
    joined = value if value is not None else _role(first, "ordinal_joined")
    if joined is None:
        return None
    if joined < 10:
        if _bare(tokens, i + 1, "ten") is not None:
            return joined + 10, i + 2
        k = _after_and(tokens, i + 1)
        if k is not None:
            following = _word_at(tokens, k)
            tens = _role(following, "tens")
            if tens is not None and following is not None and following.definite == first.definite:
                return joined + tens, k + 1
    return None if value is None else (value, i + 1)


# --- making


def _finish(tokens: Sequence[Token], i: int, found: tuple[Number, int, tuple[str, ...]] | None, first: Word | None) -> Numeral | None:
    if found is None:
        return None
    value, end, rules = found
    if rules[-1] == "odd":
        return _made(tokens, i, end, None, value + 1, value + 9, "vague", rules, first)
    after = _percent(tokens, end)
    if after is not None:
        return _made(tokens, i, after, value, None, None, "percent", (*rules, "percent"), first)
    portion = _bare(tokens, end, "fraction_plural", definite=first is not None and first.definite)
    if portion is not None and isinstance(value, int) and 2 < value < portion:
        return _made(tokens, i, end + 1, value / portion, None, None, "fraction", (*rules, "fraction"), first)
    kind: Kind = "fraction" if tokens[i].kind == "number" and "/" in tokens[i].norm else "cardinal"
    return _made(tokens, i, end, value, None, None, kind, rules, first)


def _made(
    tokens: Sequence[Token], i: int, end: int, value: Number | None, low: Number | None, high: Number | None,
    kind: Kind, rules: tuple[str, ...], first: Word | None,
) -> Numeral:  # fmt: skip
    start = tokens[i].start
    cut = 0 if first is None else first.cut
    if not cut and first is not None and end > i + 1 and _is_and_one(tokens, i):
        cut = 1
    if cut:
        start += raw_length(tokens[i].text, cut)
    definite = first is not None and first.definite
    return Numeral(i, end, start, tokens[end - 1].end, value, low, high, kind, rules, definite)
