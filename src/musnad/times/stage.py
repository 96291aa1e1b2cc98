"""The times stage: finds stretches of time words, parses them once per wording, chooses, resolves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from musnad.language.letters import fold
from musnad.language.tokens import Token
from musnad.pipeline import Analysis
from musnad.record import Time
from musnad.times import context as around
from musnad.times.calendars import Days
from musnad.times.data import Entry, data
from musnad.times.engine import Item, parse
from musnad.times.meaning import Context
from musnad.times.resolve import Resolved, resolve

#: longest stretch parsed at once; longer ones are cut
_WINDOW = 40


class TimesStage:
    """Fills ``times`` of an analysis. Without a publication date what is relative to it stays unresolved, and the analysis
    gets one warning."""

    name = "times"
    requires = frozenset({"tokens", "sentences"})
    provides = frozenset({"times"})

    def run(self, analysis: Analysis) -> None:
        """Add the article's times, in order of start."""
        today = published_day(analysis.article.published)
        state = _State(analysis, today)
        for first, last in stretches(analysis):
            state.read(first, last)
        if state.needed:
            analysis.warnings.append("times: the article has no publication date; relative times stay unresolved")


def published_day(published: str | None) -> date | None:
    """The calendar day of an ISO 8601 publication date as written; None where there is none or it cannot be read."""
    if not published:
        return None
    try:
        return date.fromisoformat(published[:10])
    except ValueError:
        return None


def stretches(analysis: Analysis) -> Iterator[tuple[int, int]]:
    """Runs of tokens that could make a time expression: words of the lexicon and numbers, with at least one that can lead."""
    entries = data().entries
    numbers = data().number_words
    ordinals = data().lone_words
    keys, tokens = analysis.keys, analysis.tokens
    first, reach, seed, sentence = -1, 0, False, -1
    i, n = 0, len(keys)
    while i < n:
        key = keys[i]
        found = entries.get(key)
        token = tokens[i]
        if found is None and i >= reach and token.kind != "number" and key not in numbers:
            if first >= 0:
                if seed:
                    yield first, i
                first, seed = -1, False
            i += 1
            continue
        over = first >= 0 and (token.sentence != sentence or i - first >= _WINDOW) and i >= reach
        if over and not _numbered_day(tokens, i, found):
            if seed:
                yield first, i
            first, seed = -1, False
        if first < 0:
            first, seed, reach, sentence = i, False, i, token.sentence
        if found is not None:
            for entry in found:
                size = len(entry.rest)
                if not size:
                    seed = seed or entry.seed
                elif tuple(keys[i + 1 : i + 1 + size]) == entry.rest:
                    reach = max(reach, i + 1 + size)
                    seed = seed or entry.seed
        if token.kind == "number" and not seed:
            pair = i + 2 < n and keys[i + 1] in "-–/" and tokens[i + 2].kind == "number"
            lone = i > 1 and len(key) <= 2 and keys[i - 1] in ("في", "الي")
            seed = pair or lone or len(key) > 3 or not key.isdigit()
        elif found is None and not seed:
            seed = key in ordinals
        i += 1
    if first >= 0 and seed:
        yield first, n


def _numbered_day(tokens: list[Token], i: int, found: tuple[Entry, ...] | None) -> bool:
    """Whether token i is the month of «2. أكتوبر», whose dot ends no sentence."""
    before = i > 1 and tokens[i - 1].text == "." and tokens[i - 2].kind == "number"
    return before and any(e.category in ("month_n", "wmonth_n") for e in found or ())


@lru_cache(maxsize=1 << 13)
def _parsed(keys: tuple[str, ...]) -> list[list[Item]]:
    return parse(keys)


def _keys(tokens: list[Token], keys: list[str], first: int, last: int) -> tuple[str, ...]:
    """The stretch's keys; forms that only their hamza tells apart (آب, أب) keep it."""
    part = keys[first:last]
    if "اب" in part:
        for j, key in enumerate(part):
            if key == "اب" and fold(tokens[first + j].text, "display")[:1] == "أ":
                part[j] = "أب"
    return tuple(part)


#: why a day without الماضي or المقبل lies ahead, by the tense of its clause; else it is the nearest past one
_DIRECTIONS = {1: "clause about the future", 2: "deadline"}


class _State:
    """What one article's reading carries from expression to expression."""

    def __init__(self, analysis: Analysis, today: date | None) -> None:
        self.analysis = analysis
        self.today = today
        self.previous: Days | None = None
        self.previous_value: str | None = None
        self.near: date | None = None
        self.near_sentence = -1
        self.needed = False

    def read(self, first: int, last: int) -> None:
        """Take the best expressions of a stretch from left to right."""
        chart = _parsed(_keys(self.analysis.tokens, self.analysis.keys, first, last))
        i = 0
        while i < last - first:
            step = 1
            for item in chart[i]:
                if item.category == "never":
                    step = item.last - i
                    break
                if ("text" in item.frame or item.begin > item.first) and _longer(chart, item):
                    continue
                taken = self._take(item, first)
                if taken is not None:
                    # a day that does not exist (31 شباط) is passed over whole
                    step = item.end - i if taken else item.last - i
                    break
            i += max(step, 1)

    def _take(self, item: Item, offset: int) -> bool | None:
        """True where the item was added, False where it names no day that exists, None where it is no time here."""
        a = self.analysis
        begin, end = offset + item.begin, offset + item.end
        here = around.stands(a, item, offset)
        if not here:
            return None if here is False else False
        tense = around.tense(a, begin, end) if around.needs_tense(item.frame) else 0
        sentence = a.tokens[begin].sentence
        previous = self.previous
        if previous is None and self.today and item.frame.get("text") == 1 and around.tense(a, begin, end) > 0:
            previous = (self.today, self.today)  # «سيعود اليوم التالي» with no day named before
        near = self.near if sentence == self.near_sentence else None
        made = resolve(item.frame, Context(self.today, previous, tense, near, self.previous_value))
        if made is None:
            return False if "day" in item.frame else None
        if made.value is None or (made.value == "" and "feast" not in item.frame):
            return None
        self._add(item, made, begin, end, sentence, _DIRECTIONS.get(tense))
        return True

    def _add(self, item: Item, made: Resolved, begin: int, end: int, sentence: int, why: str | None = None) -> None:
        a = self.analysis
        start, stop = a.tokens[begin].start + _letters(a.tokens[begin], item.skip), a.tokens[end - 1].end
        a.times.append(
            Time(
                id=a.new_id("t"),
                start=start,
                end=stop,
                text=a.text[start:stop],
                type=made.type,
                value=made.value or None,
                begin=made.begin.isoformat() if made.begin else None,
                end_date=made.end.isoformat() if made.end else None,
                relation=around.relation(a, begin, made.type, item),
                approximate=made.approximate,
                calendar=made.calendar,
                anchor=made.anchor,
                rules=[*(item.rules or (item.category,)), *([why] if why else ())],
            )
        )
        self.needed = self.needed or made.needed
        if made.begin and made.end:
            self.previous, self.previous_value = (made.begin, made.end), made.value
            if made.anchor == "text" or ("toward" in item.frame and (made.end - made.begin) < timedelta(2)):
                self.near, self.near_sentence = made.end, sentence
        if "off" in item.frame and "weekday" in item.frame and made.begin and self.today:
            # the article says itself which day it calls today
            said = made.begin - timedelta(item.frame["off"])
            if -1 <= (self.today - said).days < 7:
                self.today = said


def _longer(chart: list[list[Item]], item: Item) -> bool:
    """Whether a longer expression begins inside this one: «صرح بذلك [اليوم السبت]», «بعد [سنة 1956]»."""
    return any(
        o.last > item.last and not o.weak and (o.last - o.first >= item.last - item.first or k == item.begin)
        for k in range(item.first + 1, item.last)
        for o in chart[k]
    )


def _letters(token: Token, letters: int) -> int:
    """Characters of the token's text that its first letters (marks not counted) take."""
    if not letters:
        return 0
    count = 0
    for i, char in enumerate(token.text):
        if fold(char):
            if count == letters:
                return i
            count += 1
    return len(token.text)
