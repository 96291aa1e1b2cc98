"""The counted noun behind a number, its adjectives, and duals."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from musnad.figures.words import Noun, bare, context, lexicon, noun
from musnad.language import numerals
from musnad.language.numerals import Numeral
from musnad.pipeline import Analysis

if TYPE_CHECKING:
    from musnad.figures.reader import Bounds

_SYMBOLS = {"$": ("دولار", "USD"), "€": ("يورو", "EUR"), "£": ("جنيه إسترليني", "GBP")}
_NOT_NOUN = frozenset(["VERB", "AUX", "ADP", "CCONJ", "SCONJ", "PRON", "DET", "PART", "ADV", "PUNCT", "PROPN"])
_THESE = frozenset(["هولا", "هاولا", "هذه", "هذا", "اوليك", "تلك"])
_THESE_TWO = frozenset(["هذان", "هذين", "هاتان", "هاتين", "بهذين", "لهذين", "وهذان", "وهاتان"])
_GRAMS = frozenset(["غرام", "جرام", "غراما", "جراما", "غرامات", "جرامات"])
_TWO = frozenset(["اثنين", "اثنان", "اثنتين", "اثنتان"])
_NISBA = ("ي", "يا", "يه", "يين", "يون", "يان", "يتين", "يتان", "يات")
_SQUARE = frozenset(["مربع", "مربعا", "مربعه", "مربعين"])


class Counted(NamedTuple):
    """A counted noun: the token index after it, its lemma, its entry if listed, ISO 4217 code of money, the rule,
    whether it takes its unit from the figure before, and where its words begin if before the number."""

    last: int
    unit: str | None
    noun: Noun | None
    currency: str | None
    rule: str
    inherits: bool = False
    token: int = -1
    before: int | None = None


def counted(analysis: Analysis, b: Bounds, ceiling: int, mark: str | None) -> Counted | None:
    """What a number counts, or None where no noun says it."""
    tokens, words = analysis.tokens, lexicon()
    j = b.last
    if mark is not None:
        return Counted(j, *_SYMBOLS[mark][:1], None, _SYMBOLS[mark][1], "money")
    if b.kind == "percent":
        return Counted(j, "%", None, None, "percent")
    if j < ceiling and tokens[j].text in _SYMBOLS:
        return Counted(j + 1, _SYMBOLS[tokens[j].text][0], None, _SYMBOLS[tokens[j].text][1], "money")
    if j < ceiling:
        found = _behind(analysis, b, j, ceiling)
        if found is not None:
            return found
    return _before(analysis, b, words)


def _behind(analysis: Analysis, b: Bounds, j: int, ceiling: int) -> Counted | None:
    tokens, keys, words = analysis.tokens, analysis.keys, lexicon()
    key, token = keys[j], tokens[j]
    if token.kind != "word":
        return None
    money = words.money.get(key) or (words.money.get(key.removeprefix("ال")) if key.startswith("ال") else None)
    if money is not None:
        last, code = j + 1, money[1]
        if last < ceiling and keys[last].removeprefix("ال") in money[2]:
            code, last = money[2][keys[last].removeprefix("ال")], last + 1
        return Counted(last, money[0], None, code, "money", False, j)
    article = b.first > 1 and keys[b.first - 1] == "ال" and tokens[b.first - 1].end == tokens[b.first].start
    if article and tokens[b.first - 2].definite:
        return None  # العناصر الـ13 من الفرقة
    counted_out = b.kind == "cardinal" and b.numeral.definite
    if b.value == 1 and tokens[b.first].kind == "word":  # واحد follows what it counts
        return None
    after_noun = counted_out and b.first > 0 and tokens[b.first - 1].definite  # الاجتماعات الخمسة السرية
    if after_noun:
        return None
    loose = b.kind in ("vague", "fraction") or b.numeral.definite
    if b.kind == "vague" and key.startswith("ال") and _definite(analysis, b):
        return None  # العشرات الأسبوع الماضي
    if key == "من" and j + 1 < ceiling and b.kind != "fraction" and not counted_out:
        return _partitive(analysis, b, j + 1, ceiling)
    if key in words.part and key not in ("بينها", "بينهم"):
        last, unit, form = j + 1, None, None
        if last < ceiling and tokens[last].kind == "word" and keys[last] not in words.stop and not context(keys[last]):
            form = noun(keys[last])
            if (form is not None and not form.prefix and not form.definite) or keys[last] in words.adjectives:
                last += 1
                unit = form.lemma if form is not None else None
        return Counted(last, unit, form if unit is not None else None, None, "of_them", True, j)
    if key in words.others:
        return Counted(j + 1, _antecedent(analysis, b.first), None, None, "others", True, j)
    form = noun(key)
    if form is not None and not form.prefix and (not form.definite or loose):
        return _with_adjectives(analysis, form, form.lemma, j, ceiling)
    if key in words.stop or key in words.months or numerals.word(token.norm) is not None:
        return None
    if token.proclitics or (token.definite and not loose) or (b.numeral.definite and b.kind == "cardinal"):
        return None
    if b.kind in ("cardinal", "vague") and len(key) > 5 and key.endswith(("يين", "يون")) and context(key) is None:
        people = Noun(key[:-2], "person", "other", "p", False, "", False)  # خمسة نيباليين: an unlisted people
        return _with_adjectives(analysis, people, people.lemma, j, ceiling)
    if token.pos in _NOT_NOUN and token.readings and not (b.kind == "fraction" and token.pos == "PROPN"):
        return None
    if b.kind == "fraction" and b.numeral.definite:
        return None
    if b.kind == "fraction":
        last = j + 1
        bare_word = last < ceiling and tokens[last].kind == "word" and not tokens[last].proclitics
        if not token.definite and bare_word and (keys[last].startswith("ال") or tokens[last].pos == "PROPN"):
            last += 1  # ثلث مساحة البلاد
        return Counted(last, None, None, None, "share", False, j)
    if not token.readings and not _agrees(b.value if b.value is not None else b.high, key):
        return None
    if len(key) < 2 or context(key) is not None:
        return None
    lemma = token.lemma if token.readings else token.norm
    if not token.readings and lemma.endswith("ا") and isinstance(b.value, int) and b.value % 100 > 10:
        lemma = lemma[:-1]
    return _with_adjectives(analysis, None, lemma, j, ceiling)


def _antecedent(analysis: Analysis, i: int) -> str | None:
    """The person noun shortly before «أربعة آخرون»: قتل جندي وأصيب أربعة آخرون."""
    for k in range(i - 1, max(i - 6, -1), -1):
        if analysis.tokens[k].sentence != analysis.tokens[i].sentence:
            break
        form = noun(analysis.keys[k])
        if form is not None and form.kind == "person" and form.number == "s" and not form.definite:
            return form.lemma
    return None


def _definite(analysis: Analysis, b: Bounds) -> bool:
    """Whether the last word of a vague numeral has ال, so that no genitive can follow it."""
    last = numerals.word(analysis.tokens[b.numeral.last - 1].norm)
    return last is not None and last.definite and b.numeral.last - b.numeral.first == 1


def _agrees(value: float | int | None, key: str) -> bool:
    """Whether an unknown word looks like the noun that its number asks for."""
    if key.endswith("وا"):  # a verb
        return False
    if value is None or isinstance(value, float):
        return not key.startswith(("ي", "ت"))
    rest = int(value) % 100
    if 11 <= rest <= 99:
        return key.endswith(("ا", "ه"))
    return not key.startswith(("ي", "ت", "ال"))


def _with_adjectives(analysis: Analysis, form: Noun | None, unit: str, j: int, ceiling: int) -> Counted:
    tokens, keys, words = analysis.tokens, analysis.keys, lexicon()
    last = j + 1
    if form is not None and form.kind == "distance" and form.lemma == "كيلو" and last < ceiling and keys[last] in ("متر", "مترا", "مترات"):
        form, unit, last = form._replace(lemma="كيلومتر"), "كيلومتر", last + 1
    if form is not None and form.lemma == "كيلو" and last < ceiling and keys[last] in _GRAMS:
        form, unit, last = form._replace(lemma="كيلوغرام", kind="measure", counts="other"), "كيلوغرام", last + 1
    if form is not None and form.kind == "distance" and last < ceiling and (keys[last] in _SQUARE or tokens[last].text == "²"):
        return Counted(last + 1, f"{unit} مربع", form._replace(kind="area", counts="area"), None, "noun", False, j)
    cubic = form is not None and form.kind == "distance" and last < ceiling and keys[last] in ("مكعب", "مكعبا", "مكعبه")
    if cubic and form is not None:
        return Counted(last + 1, f"{unit} مكعب", form._replace(kind="measure", counts="other"), None, "noun", False, j)
    if last < ceiling and keys[last] in words.second and not tokens[last].proclitics:
        what = context(keys[last])
        if what is not None and form is not None and form.lemma in words.cases_of:
            form = form._replace(counts=what)
        last += 1
    measure = form is not None and form.kind in ("duration", "distance", "area", "measure")
    for _ in range(2):
        if last >= ceiling or tokens[last].kind != "word":
            break
        if keys[last] == "غير" and last + 1 < ceiling and tokens[last + 1].kind == "word" and not tokens[last + 1].definite:
            last += 2  # مهاجرين غير شرعيين
            continue
        if not _adjective(analysis, last, measure) and not (not measure and _accusative_nisba(analysis, last)):
            break
        last += 1
    if form is not None and form.kind in ("vehicle", "weapon"):
        last = _model(analysis, last, ceiling)
    return Counted(last, unit, form, None, "noun" if form is not None else "unlisted_noun", False, j)


def _model(analysis: Analysis, last: int, ceiling: int) -> int:
    """The index after a model's name that follows a counted weapon or vehicle (طائرات إف 16, صواريخ إس-300)."""
    tokens, keys = analysis.tokens, analysis.keys
    j = last
    while j < ceiling and j < last + 3 and (keys[j] in lexicon().named or tokens[j].kind == "latin" or tokens[j].text in "-–"):
        j += 1
    if j > last and j < ceiling and tokens[j].kind == "number":
        return j + 1
    return last


def _accusative_nisba(analysis: Analysis, j: int) -> bool:
    """Whether the words at j-1 and j are noun and nisba in the accusative, though j is spelt like a country: سائحا بريطانيا."""
    before, token, key = analysis.keys[j - 1], analysis.tokens[j], analysis.keys[j]
    return before.endswith("ا") and len(before) > 3 and key.endswith("يا") and len(key) > 4 and not token.proclitics


def _adjective(analysis: Analysis, j: int, listed: bool = False) -> bool:
    token, key = analysis.tokens[j], analysis.keys[j]
    words = lexicon()
    if key in words.adjectives or key in words.others:
        return True
    if listed:
        return False
    if key in words.stop or token.proclitics or token.definite or key.startswith(("ال", "و", "ب", "ل")):
        return False
    if token.readings and token.readings[0].form == "masdar":
        return False
    if context(key) is not None:
        return False
    if numerals.word(token.norm) is not None:
        return False
    if token.readings:  # the ending bears the tagger out
        nisba = len(key) > 4 and key.endswith(_NISBA[1:]) and token.pos in ("ADJ", "NOUN", "ADV", "X")
        return nisba or (token.pos == "ADJ" and key.endswith(("ه", "ا", "ين", "ون", "ات", "ي")))
    return key.endswith(_NISBA) and len(key) > 3 and key[0] not in "يت"


def _partitive(analysis: Analysis, b: Bounds, j: int, ceiling: int) -> Counted | None:
    """«أربعة من مرافقيه», «المئات من مسيحيي نينوى»."""
    tokens, keys, words = analysis.tokens, analysis.keys, lexicon()
    if keys[j] in _THESE and j + 1 < ceiling:
        j += 1
    token, key = tokens[j], keys[j]
    if token.kind != "word" or key in words.stop or key in words.months or numerals.word(token.norm) is not None:
        return None
    money = words.money.get(key) or words.money.get(key.removeprefix("ال"))
    if money is not None:
        return Counted(j + 1, money[0], None, money[1], "money", False, j)
    form = noun(key) or _owned(key)
    if form is not None and form.kind == "duration":
        return None
    if form is None and b.kind == "cardinal" and b.numeral.rules == ("digits",) and isinstance(b.value, int) and b.value > 1900:
        return None
    last = j + 1
    if not token.definite and not (form is not None and form.definite) and token.enclitic is None:
        for _ in range(2):
            if last >= ceiling or tokens[last].kind != "word" or keys[last] in words.stop or tokens[last].proclitics:
                break
            if numerals.word(tokens[last].norm) is not None or context(keys[last]) or tokens[last].verb is not None:
                break
            last += 1
            if keys[last - 1].startswith("ال"):
                break
    elif (
        last < ceiling and keys[last] not in words.stop and keys[last].startswith("ال") and keys[last].endswith((*_NISBA, "ين", "ون", "ه"))
    ):
        last += 1
    unit = form.lemma if form is not None else token.lemma if token.readings else None
    return Counted(last, unit, form, None, "partitive", False, j)


def _owned(key: str) -> Noun | None:
    """The counted noun under a pronoun: مرافقيه, أبنائها, جنودنا."""
    for end in ("هما", "هم", "ها", "هن", "نا", "ه", "ي"):
        if key.endswith(end) and len(key) > len(end) + 2:
            stem = key[: -len(end)]
            found = noun(stem)
            if found is None and stem.endswith(("اي", "او")):  # أبنائه, أعضاؤه
                found = noun(stem[:-1])
            if found is not None and not found.definite:
                return found
    return None


def _before(analysis: Analysis, b: Bounds, words: object) -> Counted | None:
    """A noun in front of its number: «الجنود الثلاثة», «جندي واحد»."""
    tokens, keys = analysis.tokens, analysis.keys
    i = b.first - 1
    if i < 0 or tokens[i].sentence != tokens[b.first].sentence or b.kind != "cardinal" or b.start != b.numeral.start:
        return None
    article = False
    if keys[i] == "ال" and tokens[i].end == tokens[b.first].start:
        article, i = True, i - 1
    form = noun(keys[i]) if i >= 0 else None
    if b.value == 2 and keys[i + 1] in _TWO and keys[i].endswith(("ين", "ان")) and len(keys[i]) > 4:
        token = tokens[i]
        unit = form.lemma if form is not None else token.lemma if token.readings else token.norm[:-2]
        return Counted(b.last, unit, form, None, "noun_before", False, i, token.stem_start)
    if form is None or form.kind not in ("person", "attack", "weapon", "vehicle"):
        return None
    start = tokens[i].start + numerals.raw_length(tokens[i].text, len(form.prefix)) if form.prefix else tokens[i].start
    if form.definite and form.number in "pDL" and (b.numeral.definite or article) and (b.value or 0) > 2:
        return Counted(b.last, form.lemma, form, None, "noun_before", False, i, start)
    if not form.definite and form.number == "s" and b.value == 1 and not b.numeral.definite:
        return Counted(b.last, form.lemma, form, None, "noun_before", False, i, start)
    return None


def and_a_part(analysis: Analysis, j: int, ceiling: int) -> tuple[float, int] | None:
    """«… ونصف», «… ونصف السنة» behind a counted unit: the fraction and the index after it."""
    tokens, keys = analysis.tokens, analysis.keys
    if j >= ceiling or not keys[j].startswith("و"):
        return None
    k = j + 1 if keys[j] == "و" else j
    n = numerals.read(tokens, k) if k < ceiling and tokens[k].kind == "word" else None
    if n is None or n.kind != "fraction" or n.value is None or n.last > ceiling:
        return None
    form = noun(keys[n.last]) if n.last < ceiling else None
    last = n.last + 1 if form is not None and form.kind in ("duration", "distance", "measure", "area") else n.last
    return round(float(n.value), 4), last


def one_and_a_part(analysis: Analysis, n: Numeral, i: int) -> tuple[Bounds, Counted] | None:
    """«عام ونصف العام», «سنتان ونصف»: a unit of time at token i and the fraction n behind it."""
    from musnad.figures.reader import Bounds

    tokens, keys = analysis.tokens, analysis.keys
    key = keys[i]
    if key == "و" and i > 0:
        i, key = i - 1, keys[i - 1]
    elif not keys[n.first].startswith("و"):
        return None
    units, form = 1, noun(key)
    if form is None and key.endswith(("ين", "ان")):
        units, form = 2, noun(key[:-2]) or noun(key[:-3] + "ه")
    if form is None or form.kind != "duration" or form.number != "s" or form.definite or n.value is None:
        return None
    more = noun(keys[n.last]) if n.last < len(keys) else None
    last = n.last + 1 if more is not None and more.kind == "duration" else n.last
    start = tokens[i].start + numerals.raw_length(tokens[i].text, len(form.prefix)) if form.prefix else tokens[i].start
    value = units + round(float(n.value), 4)
    bounds = Bounds(i, last, start, value, None, None, "exact", "cardinal", ("and_fraction",), n)
    return bounds, Counted(last, form.lemma, form, None, "noun", False, i)


def dual(analysis: Analysis, i: int, floor: int, ceiling: int) -> tuple[Noun, int, int] | None:
    """The pair at token i: its noun, the index after its words and where they begin; None where it is none."""
    tokens, keys, words = analysis.tokens, analysis.keys, lexicon()
    form = noun(keys[i])
    if form is None or form.kind not in ("person", "attack", "weapon", "vehicle"):
        return None
    if form.definite and i > floor and keys[i - 1] in _THESE_TWO:
        return None  # هاتان القنبلتان: told before
    last = i + 1
    following = keys[last] if last < ceiling else ""
    if form.number == "c" or form.construct:
        if following not in words.second or form.definite or tokens[last].proclitics:
            return None
        if form.number != "c" and form.prefix:
            return None
        last += 1
    else:
        adjective = form.definite and i > floor and tokens[i - 1].definite and keys[i - 1].endswith(("ان", "ين"))
        if adjective and form.kind == "person":  # الشعبان الشقيقان
            return None
        sign = False
        for k in range(last, min(last + 4, ceiling)):
            if tokens[k].kind != "word":
                break
            if keys[k] in words.dual_verbs or bare(keys[k]) in words.dual_verbs:
                sign = True
                break
        if form.number == "D" and not sign:
            return None
        if form.number == "L" and not sign:
            if form.definite:
                return None
            before = [context(k) for k in keys[max(floor, i - 2) : i]]
            if not any(c in words.bare for c in before):
                return None
    while last < ceiling and last < i + 4 and tokens[last].kind == "word":
        if keys[last] in _TWO:
            last += 1
            break
        more = noun(keys[last])
        pair = (
            more is not None
            and more.number in ("d", "D", "L")
            and more.definite == form.definite
            and (not more.prefix or (form.definite and more.prefix == ""))
        )  # طفلان شقيقان
        if not pair and not _dual_adjective(analysis, last, form.definite):
            break
        last += 1
    if form.definite and form.kind == "person" and last < ceiling and tokens[last].pos == "PROPN":
        return None  # الصحفيان سفيان ونذير are named, not counted
    start = tokens[i].start
    if form.prefix:
        start += numerals.raw_length(tokens[i].text, len(form.prefix))
    return form, last, start


def _dual_adjective(analysis: Analysis, j: int, definite: bool) -> bool:
    key = analysis.keys[j]
    if key in lexicon().others:
        return True
    if definite != key.startswith("ال") or context(key) is not None:
        return False
    return key.endswith(("يين", "يان", "يتين", "يتان", "تين", "تان")) or key in _DUAL_ADJECTIVES


_DUAL_ADJECTIVES = frozenset(["مسلحين", "مسلحان", "اخرين", "اخران", "اخريين", "مفخختين", "مفخختان", "منفصلين", "كبيرين"])
