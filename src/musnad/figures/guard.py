"""What is a number and no figure: years, dates, clock times, names with numbers, scores, ranks."""

from __future__ import annotations

from collections.abc import Sequence

from musnad.figures.words import bare, context, ends_before, lexicon, noun
from musnad.language import numerals
from musnad.language.numerals import Numeral
from musnad.language.tokens import Token
from musnad.pipeline import Analysis

_DASHES = frozenset("-–—−_/")
_CLOCK = frozenset(["مسا", "صباحا", "ظهرا", "فجرا", "ليلا", "بتوقيت", "صباح", "عصرا", "الا"])


def time_tokens(analysis: Analysis) -> dict[int, str]:
    """Token index -> type of the time that covers it."""
    out: dict[int, str] = {}
    for time in analysis.times:
        i = analysis.token_at(time.start)
        first = i
        while i < len(analysis.tokens) and analysis.tokens[i].start < time.end:
            i += 1
        out.update(dict.fromkeys(range(first, i), time.type))
    return out


def never(analysis: Analysis, n: Numeral, times: dict[int, str], floor: int) -> bool:
    """Whether a numeral counts nothing."""
    tokens, keys, words = analysis.tokens, analysis.keys, lexicon()
    i, j = n.first, n.last
    if i > floor + 1 and tokens[i - 1].text == "(" and j + 1 < len(tokens) and tokens[j].text == ")":
        before, j = keys[i - 2], j + 1
    else:
        before = keys[i - 1] if i > floor else ""
    after = keys[j] if j < len(keys) else ""
    following = noun(after) if j < len(keys) else None
    duration = following is not None and following.kind == "duration" and not following.definite
    if i in times and times[i] != "duration" and not (duration and times[i] != "set"):
        return True
    if duration and times.get(j) == "set":
        return True
    digits = tokens[i].kind == "number"
    # names: إف-16, F-16, a number glued to letters; numbers glued by dashes or strokes
    if digits and i > 0 and tokens[i - 1].end == tokens[i].start:
        glued = tokens[i - 1]
        if glued.kind in ("latin", "other") or glued.text in ("+", "#", "_", "/", ":", "."):
            return True
        if glued.text in _DASHES and i > 1 and tokens[i - 2].end == glued.start:
            return True
    if digits and j < len(tokens) and tokens[j].start == tokens[j - 1].end and tokens[j].text in ("/", "_", ":"):
        return True
    if after in words.never_after and (n.kind == "fraction" or (n.definite and n.kind == "cardinal")):
        return True
    counted = following is not None and not following.prefix and not following.definite
    if before in words.months and counted and not _year(n):
        return False  # جانفي أربع مرات
    if before in words.months or after in words.months:
        return not (after == "صفر" or (before == "صفر" and following is not None)) and _day_or_year(n, after)
    name = _plain(before)
    named = digits or n.definite or before.startswith(("ال", "وال", "بال", "لل"))
    joined = not digits and n.start > tokens[i].start and name in _YEARS  # خلال هذه السنة وخمسمئة وظيفة
    if named and n.kind != "vague" and not joined and (name in words.named or before in words.named):
        if n.kind == "percent" or (name in _YEARS and following is not None and not _year(n)):
            return False
        return not (following is not None and name in _SOMETIMES)
    if _year(n) and digits and (after in ("م", "ه", "هجريه", "ميلاديه", "ميلادي", "هجري") or following is None):
        return not _noun_agrees(analysis, n)
    if digits and (after in _CLOCK or tokens[i].norm.startswith("00") or len(tokens[i].norm) > 15):
        return True
    if digits and len(tokens[i].norm) > 1 and tokens[i].norm[0] == "0" and tokens[i].norm.isdecimal():
        return len(tokens[i].norm) > 2 or following is None  # 06 عناصر
    unnamed = following is None or bool(following.prefix)
    if digits and name == "عدد" and n.kind == "cardinal" and unnamed and not _counts_noun(analysis, n):
        return True  # القانون عدد 52
    if n.definite and n.kind == "cardinal" and before and n.last == i + 1 and not digits and after in words.never_after:
        return True
    return score(analysis, n, floor)


_YEARS = frozenset(["عام", "العام", "سنه", "السنه"])
# behind these a number with a counted noun still counts: منطقة 5 كيلومترات, شارع 3 قتلى
_SOMETIMES = frozenset(["مجموعه", "حرب", "احداث", "هجمات", "زلزال", "المنطقه", "القطاع", "شاهد", "الطريق", "طريق", "الارض",
                        "البيان", "الاعلان", "م", "العدد", "جنيف", "قرار", "القرار", "الشارع", "شارع", "الساعه", "قناه",
                        "القناه", "موسم", "الموسم", "الفرقه", "اللوا", "الكتيبه", "سنوات", "اعوام", "كي", "جي", "ص"])  # fmt: skip


def _plain(key: str) -> str:
    """A folded word without و ف ب ل before it, where the list of names knows what is left: للواء is اللواء."""
    named = lexicon().named
    stripped = key[1:] if key[:1] in ("و", "ف", "ب", "ل") else key
    opened = key[2:] if key.startswith("لل") else ""
    for form in (key, stripped, "ال" + opened, "الل" + opened):
        if form in named and len(form) > 1:
            return form
    return bare(key)


def _noun_agrees(analysis: Analysis, n: Numeral) -> bool:
    """Whether an unlisted noun in the form that the number asks for follows what looks like a year: 1343 مرفقا."""
    if n.last >= len(analysis.tokens) or not isinstance(n.value, int) or not 11 <= n.value % 100 <= 99:
        return False
    token, key = analysis.tokens[n.last], analysis.keys[n.last]
    plain = token.kind == "word" and not token.proclitics and not token.definite and key not in lexicon().stop
    return plain and token.pos == "NOUN" and len(key) > 3 and (key.endswith("ا") or token.norm.endswith("ة"))


def _counts_noun(analysis: Analysis, n: Numeral) -> bool:
    """Whether an unlisted indefinite noun stands right behind a number."""
    if n.last >= len(analysis.tokens) or analysis.tokens[n.last].sentence != analysis.tokens[n.first].sentence:
        return False
    token = analysis.tokens[n.last]
    if token.kind != "word" or token.proclitics or token.definite or analysis.keys[n.last] in lexicon().stop:
        return False
    return token.pos in ("NOUN", "X")


def _year(n: Numeral) -> bool:
    return isinstance(n.value, int) and (1800 <= n.value <= 2100 or 1300 <= n.value <= 1460) and n.last == n.first + 1


def _day_or_year(n: Numeral, after: str) -> bool:
    return isinstance(n.value, int) and n.kind == "cardinal" and (n.value <= 31 or _year(n))


def dead_and_wounded(keys: Sequence[str], j: int) -> bool:
    """«… بين قتيل وجريح» at j."""
    if j + 2 >= len(keys) or keys[j] != "بين":
        return False
    pair = [noun(keys[j + 1]), noun(keys[j + 2].removeprefix("و"))]
    return {f.counts for f in pair if f is not None} == {"killed", "wounded"}


def below_zero(analysis: Analysis, n: Numeral, last: int) -> tuple[int, int] | None:
    """A minus glued to the digits, or «تحت الصفر» behind the unit: where the figure begins, the index after it."""
    tokens, keys = analysis.tokens, analysis.keys
    i = n.first
    if last + 1 < len(keys) and keys[last] == "تحت" and keys[last + 1] == "الصفر":
        return n.start, last + 2
    if i > 0 and tokens[i - 1].text in ("-", "−") and tokens[i - 1].end == tokens[i].start:
        apart = i == 1 or tokens[i - 2].end < tokens[i - 1].start
        return (tokens[i - 1].start, last) if apart else None
    return None


def score(analysis: Analysis, n: Numeral, floor: int) -> bool:
    """Whether a numeral is part of a score or counts goals."""
    tokens, keys, words = analysis.tokens, analysis.keys, lexicon()
    i, j = n.first, n.last
    if tokens[i].kind == "number" and j + 1 < len(tokens) and tokens[j].text in _DASHES and tokens[j + 1].kind == "number":
        second = numerals.read(tokens, j + 1)
        if second is not None:
            k = second.last
            counted = k < len(keys) and (noun(keys[k]) is not None or keys[k] in words.money)
            if k + 1 < len(tokens) and tokens[k].text in _DASHES and tokens[k + 1].kind == "number":
                return True
            ordered = (n.value or 0) < (second.value or 0)
            if not (ordered and (counted or second.kind == "percent" or (k < len(tokens) and tokens[k].kind == "word"
                                 and keys[k] not in words.stop))):  # fmt: skip
                return True
    if i > floor and bare(keys[i - 1]) in ("بنتيجه", "نتيجه"):
        return True
    if j < len(keys) and keys[j] in words.sports:
        window = keys[j + 1 : j + 5]
        return any(k in words.score for k in window)
    return False


def past(analysis: Analysis, n: Numeral) -> int:
    """Where to go on after a numeral that is no figure; past the second half of a score."""
    tokens, keys, j = analysis.tokens, analysis.keys, n.last
    if n.first and bare(keys[n.first - 1]) in lexicon().named:  # الفصول 101 و202 و204
        while j + 1 < len(tokens) and keys[j] in ("و", "،") and tokens[j + 1].kind == "number":
            if j + 2 < len(keys) and noun(keys[j + 2]) is not None:
                break
            j += 2
        return j
    while j + 1 < len(tokens) and tokens[j].text in _DASHES and tokens[j + 1].kind == "number" and tokens[j].start == tokens[j - 1].end:
        j += 2
    return j


def changes(analysis: Analysis, i: int, floor: int) -> bool:
    """Whether a word of rising or falling stands shortly before token i."""
    change = lexicon().change
    return any(k in change or bare(k) in change for k in analysis.keys[max(floor, i - 8) : i])


def scale_of(tokens: Sequence[Token], n: Numeral) -> int:
    """The scale word a numeral ends in (1000 for ألف), else 1."""
    w = numerals.word(tokens[n.last - 1].norm) if tokens[n.last - 1].kind == "word" else None
    return 1 if w is None or w.scale is None else w.scale


def counts_without_noun(analysis: Analysis, first: int, last: int, floor: int, kind: str, value: float | int | None, scale: int) -> bool:
    """Whether a number without a noun follows a word for killing, wounding, seizing, or a tally («عددهم 300»)."""
    keys, words = analysis.keys, lexicon()
    if value is not None and value == 1:
        return False
    following = keys[last] if last < len(keys) else ""
    w = numerals.word(analysis.tokens[first].norm) if analysis.tokens[first].kind == "word" else None
    if kind == "cardinal" and w is not None and w.definite:
        return False  # الثلاثة stands for those named before
    if ends_before(keys, first, floor) or (first > floor and bare(keys[first - 1]) in words.part):
        return True
    if scale >= 1000 and value is not None and value >= 1000 and last - first > 1:
        return True
    if kind == "vague":
        end = numerals.word(analysis.tokens[last - 1].norm)
        definite = (w is not None and w.definite) or (end is not None and end.definite)
        if first > floor and context(keys[first - 1]) in words.bare:  # أصيب عشرات بجروح
            return True
        return definite and w is not None and not w.preposition  # بالآلاف says how, not how many
    near = keys[max(floor, first - 4) : first]
    for distance, key in enumerate(reversed(near)):
        found = context(key)
        if found in words.bare:
            return distance < 2 or following in ("", ".", "،", ")", "و")
        if bare(key) in words.tally or key in words.tally:
            return True
    far = keys[max(floor, first - 16) : first]
    if near and near[-1] in ("الي", "ل", "بلغ", "بلغت", "نحو", "حوالي"):
        return any(bare(k) in words.tally or k in words.tally or k.removeprefix("ال") in words.tally for k in far)
    return False
