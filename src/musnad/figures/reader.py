"""Reading the figures of one article."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from musnad.figures import guard, nounphrase
from musnad.figures.counts import counts_of
from musnad.figures.nounphrase import Counted
from musnad.figures.words import (
    bare,
    comparator_before,
    context,
    ends_before,
    lexicon,
    noun,
    phrase_after,
)
from musnad.language import numerals
from musnad.language.letters import fold
from musnad.language.numberwords import search_key
from musnad.language.numerals import Number, Numeral
from musnad.language.tokens import Token
from musnad.pipeline import Analysis
from musnad.record import Comparator, Figure

_NUMERAL, _DUAL, _MARK = 1, 2, 3
_DASHES = frozenset("-–—−~")


@lru_cache(maxsize=1 << 15)
def _class(norm: str) -> int:
    """What may begin a figure: a number word, a dual of the noun list, or nothing (0)."""
    if numerals.word(norm) is not None:
        return _NUMERAL
    found = noun.__wrapped__(fold(norm, "search"))  # what it finds is kept here
    if found is None:
        return 0
    return _DUAL if found.number in "dDLc" or found.construct else 0


class Bounds(NamedTuple):
    """A number and how it is bounded: tokens [first, last), offset of its first letter."""

    first: int
    last: int
    start: int
    value: Number | None
    low: Number | None
    high: Number | None
    comparator: Comparator
    kind: str
    rules: tuple[str, ...]
    numeral: Numeral


class Reader:
    """Reads one analysis; made anew for each."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.tokens = analysis.tokens
        self.keys = analysis.keys
        self.words = lexicon()
        self.figures: list[Figure] = []
        #: per figure: sentence, index after it, kind of its noun, first token
        self.trail: list[tuple[int, int, str, int]] = []
        self.times = guard.time_tokens(analysis)

    def read(self) -> list[Figure]:
        """All figures, in order of start."""
        tokens, i, n = self.tokens, 0, len(self.tokens)
        while i < n:
            token = tokens[i]
            kind = token.kind
            if kind == "word":
                what = _class(token.norm)
                if what == 0:
                    i += 1
                    continue
                after = self._dual(i) if what == _DUAL else self._number(i)
                i = max(after, i + 1)
            elif kind == "number" or (kind == "punct" and token.text in "%٪$€£"):
                i = max(self._number(i), i + 1)
            else:
                i += 1
        return self.figures

    # --- numbers

    def _number(self, i: int) -> int:
        """Read the figure at token i, if any; the index to go on from."""
        tokens = self.tokens
        currency_mark = None
        first = i
        if tokens[i].kind == "punct" and tokens[i].text in "$€£":
            if i + 1 >= len(tokens) or tokens[i + 1].start != tokens[i].end:
                return i + 1
            currency_mark, i = tokens[i].text, i + 1
            if tokens[i].kind != "number":
                return i
        numeral = numerals.read(tokens, i)
        if numeral is None:
            return i + 1
        sentence = self.analysis.sentences[tokens[i].sentence]
        if numeral.last > sentence.last:
            return i + 1
        if numeral.kind == "ordinal":
            return numeral.last
        if numeral.kind == "fraction" and i > sentence.first:
            begun = nounphrase.one_and_a_part(self.analysis, numeral, i - 1)
            if begun is not None:
                return self._emit(*begun, sentence.first, sentence.last)
        if guard.never(self.analysis, numeral, self.times, sentence.first):
            return guard.past(self.analysis, numeral)
        every = self._one_of_every(numeral, sentence.last)
        if every is not None:
            counted = nounphrase.counted(self.analysis, every, sentence.last, None)
            return self._emit(every, counted, sentence.first, sentence.last)
        bracketed = (
            numeral.kind == "cardinal"
            and numeral.first > sentence.first
            and tokens[numeral.first - 1].text == "("
            and numeral.last + 1 < sentence.last
            and tokens[numeral.last].text == ")"
        )
        if bracketed:  # أكثر من (1300) حالة
            wide = numeral._replace(first=numeral.first - 1, last=numeral.last + 1, start=tokens[numeral.first - 1].start)
            scale = numerals.word(tokens[wide.last].norm) if tokens[wide.last].kind == "word" else None
            if scale is not None and scale.scale is not None and scale.bare and wide.value is not None:
                wide = wide._replace(value=numerals.whole(wide.value * scale.scale), last=wide.last + 1)
            bounds = self._bounds(wide, sentence.first, sentence.last)
            counted = nounphrase.counted(self.analysis, bounds, sentence.last, None)
            return self._emit(bounds, counted, sentence.first, sentence.last) if counted is not None else wide.last
        bounds = self._bounds(numeral, sentence.first, sentence.last)
        counted = nounphrase.counted(self.analysis, bounds, sentence.last, currency_mark)
        if currency_mark is not None:
            bounds = bounds._replace(start=tokens[first].start)
        return self._emit(bounds, counted, sentence.first, sentence.last)

    def _one_of_every(self, n: Numeral, ceiling: int) -> Bounds | None:
        """«واحد من كل ثلاثة», «ستة من بين كل عشرة»: a share."""
        j = n.last
        if n.kind != "cardinal" or n.value is None or j + 2 >= ceiling or self.keys[j] != "من":
            return None
        j += 2 if self.keys[j + 1] == "بين" else 1
        if j + 1 >= ceiling or self.keys[j] != "كل":
            return None
        every = numerals.read(self.tokens, j + 1)
        if every is None or every.kind != "cardinal" or every.value is None or not 0 < n.value < every.value:
            return None
        share = round(n.value / every.value, 4)
        rules = ("words", "one_of_every")
        return Bounds(n.first, every.last, n.start, share, None, None, "exact", "fraction", rules, n)

    def _bounds(self, n: Numeral, floor: int, ceiling: int) -> Bounds:
        keys = self.keys
        found = comparator_before(keys, n.first, floor)
        between = False
        k = n.first - 1 if found is None else found[0] - 1
        if k >= floor and bare(keys[k]) in ("بين", "بين"):
            between = True
            start_token = k - 1 if k > floor and keys[k - 1] in ("ما", "وما") else k
        paired = self._range(n, between, floor, ceiling)
        if paired is not None:
            second, least, most = paired
            start = self._start(start_token, 1 if keys[start_token][:1] == "و" else 0) if between else n.start
            kind = second.kind if second.kind == "percent" else n.kind
            return Bounds(n.first, second.last, start, None, least, most, "range", kind, ("range",), n)
        comparator: Comparator = "exact" if n.value is not None else "range"
        start, rules = n.start, n.rules
        value: Number | None = n.value
        low: Number | None = n.low
        high: Number | None = n.high
        if n.kind == "fraction" and isinstance(value, float):
            value = round(value, 4)
        if found is not None:
            where, comparator, inside, cut = found
            if inside:
                start = self._start(where, cut)
            rules = (*rules, comparator)
        after = phrase_after(keys, n.last)
        last = n.last
        if after is not None and after[0] <= ceiling:
            comparator, rules, last = after[1], (*rules, after[1]), after[0]
        if value is not None:
            low, high = bounded(value, comparator)
        elif comparator in ("more_than", "at_least", "less_than", "at_most", "about", "exact"):
            comparator = "range" if comparator in ("about", "exact") else comparator
        return Bounds(n.first, last, start, value, low, high, comparator, n.kind, rules, n)

    def _start(self, token: int, letters: int) -> int:
        start = self.tokens[token].start
        return start + numerals.raw_length(self.tokens[token].text, letters) if letters else start

    def _range(self, n: Numeral, between: bool, floor: int, ceiling: int) -> tuple[Numeral, Number, Number] | None:
        """The second number of a range that begins with n, and its bounds."""
        tokens, keys = self.tokens, self.keys
        j = n.last
        if n.value is None or j >= ceiling or (n.value == 1 and tokens[n.first].kind == "word"):
            return None
        unit = noun(keys[j]) if between else None
        lemma = None
        if between and (keys[j] in self.words.money or (unit is not None and not unit.prefix)):
            lemma = unit.lemma if unit is not None else None
            j += 1
            if j >= ceiling:
                return None
        second: Numeral | None = None
        if tokens[j].text in _DASHES and j + 1 < ceiling:
            second = numerals.read(tokens, j + 1) if tokens[j + 1].kind == "number" else None
            if second is not None and n.value >= (second.value or 0):
                return None
        elif keys[j] in ("الي", "حتي", "وحتي") and j + 1 < ceiling:
            if not between and (guard.changes(self.analysis, n.first, floor) or n.kind == "percent"):
                return None
            second = numerals.read(tokens, j + 1)
        elif keys[j] in ("او", "ام") and j + 1 < ceiling:
            second = numerals.read(tokens, j + 1)
            if second is not None and second.value is not None and not n.value < second.value <= 3 * n.value:
                return None
        elif between:
            k = j + 1 if keys[j] == "و" else j
            if k < ceiling and (k > j or keys[j].startswith("و")):
                second = numerals.read(tokens, k)
        if second is None or second.value is None or second.kind not in ("cardinal", "percent", "fraction"):
            return None
        behind = noun(keys[second.last]) if lemma is not None and second.last < ceiling else None
        if behind is not None and not behind.prefix and behind.lemma != lemma:
            return None  # بين عشرة أشهر و20 عاما
        low, high = n.value, second.value
        scale = guard.scale_of(tokens, second)
        if scale > 1 and guard.scale_of(tokens, n) == 1 and low * scale < high and low < 1000:
            low = low * scale
            low = int(low) if float(low).is_integer() else low
        if low >= high or second.last > ceiling:
            return None
        return second, low, high

    # --- duals

    def _dual(self, i: int) -> int:
        sentence = self.analysis.sentences[self.tokens[i].sentence]
        found = nounphrase.dual(self.analysis, i, sentence.first, sentence.last)
        if found is None:
            return i + 1
        form, last, start = found
        if form.definite and any(f.value == 2 and f.unit == form.lemma for f in self.figures):
            return last
        numeral = Numeral(i, last, start, self.tokens[last - 1].end, 2, None, None, "cardinal", ("dual",))
        bounds = Bounds(i, last, start, 2, None, None, "exact", "cardinal", ("dual",), numeral)
        before = comparator_before(self.keys, i, sentence.first)
        if before is not None and before[2]:
            low, high = bounded(2, before[1])
            bounds = bounds._replace(start=self._start(before[0], before[3]), comparator=before[1], low=low, high=high)
        counted = Counted(last, form.lemma, form, None, "dual", False, i)
        return self._emit(bounds, counted, sentence.first, sentence.last)

    # --- figures

    def _emit(self, b: Bounds, c: Counted | None, floor: int, ceiling: int) -> int:
        tokens = self.tokens
        last = b.last
        previous = self._previous(b.first)
        total = self._total(b, c) if previous is not None else None
        unit, currency, form, rules = None, None, None, b.rules
        start = b.start
        part_of = None
        if c is None and b.kind == "cardinal" and guard.dead_and_wounded(self.keys, last):
            c = Counted(last + 3, None, None, None, "dead_and_wounded")
        if c is not None:
            last = max(last, c.last)
            unit, currency, form = c.unit, c.currency, c.noun
            rules = (*rules, c.rule)
            if c.before is not None:
                start = c.before
        elif previous is not None and self.keys[b.first - 1] == "مقابل" and self.trail[previous][1] == b.first - 1:
            against = self.figures[previous]  # 51 صوتا مقابل 49
            unit, currency, rules = against.unit, against.currency, (*rules, "against")
        elif previous is not None and self._towards(previous, b, floor):
            begun = self.figures[previous]  # من 20 ساعة إلى 11
            unit, currency, form = begun.unit, begun.currency, noun(search_key(begun.unit or ""))
            rules = (*rules, "from_to")
        elif not self._stands_alone(b, floor):
            return b.last
        value, low, high, comparator = b.value, b.low, b.high, b.comparator
        if form is not None and form.kind in ("duration", "distance", "measure", "area") and comparator != "range":
            more = nounphrase.and_a_part(self.analysis, last, ceiling)
            if more is not None and value is not None:  # ثلاث سنوات ونصف
                value, last = value + more[0], more[1]
                low, high = bounded(value, comparator)
                rules = (*rules, "and_fraction")
        after = phrase_after(self.keys, last)
        if after is not None and after[0] <= ceiling and comparator == "exact":
            last, comparator = after
            rules = (*rules, comparator)
            if value is not None:
                low, high = bounded(value, comparator)
        near = floor
        if previous is not None:
            near = max(floor, self.trail[previous][1])
        counts = counts_of(self.analysis, b, c, near, ceiling, last)
        if "from_to" in rules and previous is not None:
            counts = self.figures[previous].counts
        if c is not None and c.rule == "dead_and_wounded":
            counts = "other"
        if unit in ("درجة", "%") and value is not None and comparator == "exact":
            below = guard.below_zero(self.analysis, b.numeral, last)
            if below is not None:
                value, last, start = -value, below[1], below[0] if below[0] < start else start
        if counts in ("other", "personnel") and previous is not None and form is not None and form.kind == "person":
            between = _without_brackets(tokens[near : b.first])
            alike = self.figures[previous].counts in ("killed", "wounded", "detained", "displaced")
            if (
                alike
                and len(between) <= 5
                and self.trail[previous][2] == "person"
                and not any(t.verb is not None or t.text in ".؛" for t in between)
            ):  # اعتقلت 5 أشخاص في حلب و3 أشخاص في حماة
                counts = self.figures[previous].counts
        if c is not None and c.inherits:
            same = self._people_before(b.first)
            if same is None and c.rule != "others" and previous is not None:
                same = self.figures[previous]
            if same is not None:
                unit = (same.unit or unit) if c.rule == "others" else (unit or same.unit)
                counts = same.counts if counts == "other" else counts
        if c is None and previous is not None and counts in self.words.bare and self.trail[previous][2] == "person":
            unit = self._whole(previous).unit  # قتل جنديان وأصيب ثلاثة
        if c is None and previous is not None and unit is None and guard.scale_of(tokens, b.numeral) >= 1000:
            money = self.figures[previous]  # من 5 مليارات دولار إلى 11 مليارا
            towards = self.keys[max(floor, b.first - 3) : b.first]
            if any(bare(k) in ("الي", "مقابل", "من") for k in towards) and money.counts not in ("share", "duration"):
                unit, currency = money.unit, money.currency
                counts = money.counts if counts == "other" else counts
        if c is None and unit is not None and previous is not None and self._says_otherwise(unit, counts):
            unit = None  # الوفيات إلى 1204 وفاة والإصابات إلى 45 ألفا
        if total is not None:
            part_of = total.part_of or total.id
            if counts in ("other", "personnel") and (form is None or form.kind == "person"):
                counts = total.counts
            unit = unit or total.unit
            rules = (*rules, "part_of")
        elif previous is not None and ends_before(self.keys, b.first, floor):
            rules = (*rules, "out_of")
        end = tokens[last - 1].end
        if self.figures and start < self.figures[-1].end:
            start = max(b.numeral.start, self.figures[-1].end)
        why = ("context",) if form is not None and form.kind == "person" and counts != form.counts else ()
        figure = Figure(
            id=self.analysis.new_id("f"), start=start, end=end, text=self.analysis.text[start:end], value=value,
            low=low, high=high, comparator=comparator, unit=unit, counts=counts, currency=currency,
            part_of=part_of, rules=list(dict.fromkeys((*rules, *why))),
        )  # fmt: skip
        if "out_of" in rules and previous is not None:
            self.figures[previous].part_of = figure.id
        self.figures.append(figure)
        self.trail.append((tokens[b.first].sentence, last, form.kind if form is not None else "", b.first))
        return last

    def _previous(self, first: int) -> int | None:
        """The figure before in the same sentence, or None."""
        if self.trail and self.trail[-1][0] == self.tokens[first].sentence:
            return len(self.figures) - 1
        return None

    def _total(self, b: Bounds, c: Counted | None) -> Figure | None:
        """The figure of which this one is a part: «بينهم» or the like stands between them, with no verb after it."""
        previous = self.trail[-1][1]
        stretch = [self.keys[t.index] for t in _without_brackets(self.tokens[max(previous, b.first - 8) : b.first])][-6:]
        marker = None
        for key in reversed(stretch):
            if key in self.words.part or bare(key) in self.words.part:
                marker = key
                break
            if context(key) is not None:  # بينهم طفلة وأصيب تسعة
                return None
        if c is not None and c.rule == "of_them":
            marker = self.keys[c.token]
        if marker is None:
            last = self.figures[-1]
            joined = (
                last.part_of is not None
                and b.first - previous <= 5
                and not any(t.verb is not None or t.text == "." for t in self.tokens[previous : b.first])
            )
            if joined and not any(context(k) for k in stretch):
                return self._whole(len(self.figures) - 1)
            return None
        people = marker.endswith(("هم", "هن"))
        sentence = self.tokens[b.first].sentence
        for index in range(len(self.figures) - 1, -1, -1):
            if self.trail[index][0] != sentence:
                break
            kind = self.trail[index][2]
            if kind == "" or (kind == "person") == people:
                return self.figures[index]
        return None

    def _towards(self, previous: int, b: Bounds, floor: int) -> bool:
        """Whether a bare number behind إلى ends what the figure before began with من."""
        _, last, _, first = self.trail[previous]
        goes = self.keys[b.first - 1] == "الي" and b.kind == "cardinal" and b.first - last <= 6
        return goes and first > floor and self.keys[first - 1] == "من"

    def _says_otherwise(self, unit: str, counts: str) -> bool:
        """Whether a noun of the dead or the wounded is no unit for what is counted here."""
        form = noun(search_key(unit))
        return form is not None and form.counts in ("killed", "wounded") and form.counts != counts

    def _people_before(self, first: int) -> Figure | None:
        """The last count of people in the sentence that is no part of another."""
        sentence = self.tokens[first].sentence
        for index in range(len(self.figures) - 1, -1, -1):
            if self.trail[index][0] != sentence:
                return None
            if self.trail[index][2] == "person":
                return self._whole(index)
        return None

    def _whole(self, index: int) -> Figure:
        """The figure itself, or its total where it is a part."""
        figure = self.figures[index]
        return figure if figure.part_of is None else next(f for f in self.figures if f.id == figure.part_of)

    def _stands_alone(self, b: Bounds, floor: int) -> bool:
        """Whether a number without a noun is a figure: per cent, a share, or behind a word that says what it counts."""
        if b.kind == "percent":
            return True
        if b.kind == "fraction":
            return b.numeral.rules != ("digits",)
        scale = guard.scale_of(self.tokens, b.numeral)
        return guard.counts_without_noun(self.analysis, b.first, b.last, floor, b.kind, b.value, scale)


def _without_brackets(tokens: Sequence[Token]) -> list[Token]:
    """The tokens without what stands in brackets that close among them."""
    out: list[Token] = []
    opened: list[int] = []
    for token in tokens:
        if token.text == ")" and opened:
            del out[opened.pop() :]
            continue
        if token.text == "(":
            opened.append(len(out))
        out.append(token)
    return out


def bounded(value: Number, comparator: Comparator) -> tuple[Number | None, Number | None]:
    """Low and high of a number under a comparator; whole numbers only are moved by one."""
    step = 1 if isinstance(value, int) else 0
    if comparator == "more_than":
        return value + step, None
    if comparator == "at_least":
        return value, None
    if comparator == "less_than":
        return None, value - step
    if comparator == "at_most":
        return None, value
    return None, None
