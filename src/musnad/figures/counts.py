"""What a figure counts: from its noun, and for people from the words around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from musnad.figures.words import bare, context, lexicon
from musnad.pipeline import Analysis
from musnad.record import Counts

if TYPE_CHECKING:
    from musnad.figures.nounphrase import Counted
    from musnad.figures.reader import Bounds

_FIXED = frozenset(["killed", "wounded"])
#: another clause begins: وصل مئة شخص فيما توفي ثلاثة
_MEANWHILE = frozenset(["فيما", "بينما", "حين"])
_FATE = frozenset(["killed", "wounded", "detained", "displaced"])


def counts_of(analysis: Analysis, b: Bounds, c: Counted | None, floor: int, ceiling: int, last: int) -> Counts:
    """What the figure of tokens [b.first, last) counts."""
    if c is not None and (c.currency is not None or c.rule == "money"):
        return "money"
    if b.kind in ("percent", "fraction") and (c is None or c.noun is None or c.noun.kind != "duration"):
        return "share"
    form = None if c is None else c.noun
    if form is not None:
        if form.kind == "duration":
            return "other" if _age(analysis, b.first, floor) else "duration"
        if form.lemma == "إصابة" and any(k in lexicon().illness for k in analysis.keys[last - 1 : last + 1]):
            return "other"
        if form.kind != "person" or form.counts in _FIXED:
            return form.counts
    around = _around(analysis, b.first, last, floor, ceiling)
    if around is None or (around == "personnel" and form is None):
        around = None
    if form is None and c is not None and c.rule == "unlisted_noun":
        return "other"
    if around is not None:
        if around == "personnel" and form is not None and form.lemma not in ("شخص", "رجل", "فرد"):
            return form.counts  # تدريب 700 شاب
        if form is not None and form.counts != "other":
            if around not in _FATE:
                return form.counts
            if form.counts == "detained" and around == "displaced":
                return form.counts
        return around
    if form is not None:
        return form.counts
    crowd = b.kind == "vague" and c is None and (b.high or 0) < 1e9
    return "participants" if crowd else "other"


def _age(analysis: Analysis, first: int, floor: int) -> bool:
    ages = lexicon().ages
    keys = analysis.keys
    if first > 0 and analysis.tokens[first - 1].text == "(":
        return True
    return any(k in ages or bare(k) in ages for k in keys[max(floor, first - 4) : first])


def _around(analysis: Analysis, first: int, last: int, floor: int, ceiling: int) -> Counts | None:
    """The nearest word for what became of people: before the count, or a verb right behind it."""
    keys, tokens = analysis.keys, analysis.tokens
    found: tuple[int, Counts] | None = None
    if last < ceiling and keys[last].endswith("وا"):  # وأن 30 آخرين أصيبوا
        what = context(keys[last])
        if what is not None:
            return what
    for distance in range(1, 13):
        k = first - distance
        if k < floor or tokens[k].text in (".", "؛"):
            break
        what = context(keys[k])
        if what is not None:
            found = (distance, what)
            break
        if keys[k] in _MEANWHILE:
            break
        if (
            distance == 1 and tokens[k].verb is not None and keys[k] not in lexicon().reach and keys[k] not in lexicon().stop
        ):  # نفذها مسلحان
            break
    if found is not None and found[0] <= 3:
        return found[1]
    for k in range(last, min(last + 5, ceiling)):
        if tokens[k].kind == "punct" or keys[k] in _MEANWHILE:
            break
        what = context(keys[k])
        joined = tokens[k].conjunction == "و" or (keys[k].startswith("و") and context(keys[k][1:]) == what)
        if joined and (k > last or what is not None):
            break  # … ضابطان وإصابة أربعين
        if what is not None:
            return what
    return None if found is None else found[1]
