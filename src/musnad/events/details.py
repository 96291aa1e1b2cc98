"""What else an event carries: modes, contexts, place, time, figures, size, chain of sources."""

from __future__ import annotations

import itertools
from bisect import bisect_left

from musnad.events.clauses import Clauses
from musnad.events.found import Found
from musnad.events.frames import TypeInfo
from musnad.events.near import near
from musnad.pipeline import Analysis
from musnad.record import Event, Figure, Mention, Size, Time
from musnad.statements.chain import chain_of

#: mode -> beginnings of words near a trigger that show it
_MODE_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "ASSAULT": {
        "suicide-attack": ("انتحاري", "استشهادي", "ناسف"),
        "drone": ("مسير", "طيار بدون", "درون"),
        "aerial": ("غار", "جوي", "مقاتلات", "طائرات حربي"),
        "explosives": ("مفخخ", "عبو", "قنبل", "تفجير", "انفجار", "لغم", "متفجر"),
        "heavy-weapons": ("مدفعي", "هاون", "صاروخ", "صواريخ", "قذيف", "قذائف", "دباب"),
        "firearms": ("رصاص", "النار", "رشاش", "قناص"),
        "unconventional": ("كيماوي", "كيميائي", "كلور"),
        "primitive": ("بسكين", "سكين", "طعن", "حجار", "دهس"),
        "crowd-control": ("مسيل", "هراوات"),
    },
    "PROTEST": {"hunger": ("الطعام",), "strike": ("اضراب",), "riot": ("شغب",), "obstruct": ("قطع الطريق",)},
    "CONSULT": {"visit": ("زيار", "يزور", "زار"), "phone": ("هاتفي",), "multilateral": ("قمة", "القمة")},
    "REQUEST": {"assist": ("مساعد", "دعم"), "change": ("استقال", "رحيل", "اسقاط", "اقال")},
}


class Details:
    """Fills the details of one article's events."""

    def __init__(self, analysis: Analysis, clauses: Clauses) -> None:
        self.analysis = analysis
        self.c = clauses
        self.contexts = clauses.lexicon.contexts
        self._cues: list[tuple[int, int, str]] | None = None

    def modes(self, item: Found, modes: list[str], info: TypeInfo) -> list[str]:
        """The frame's mode, else one shown by words around the trigger; only modes the type has."""
        if not modes or modes[0] in ("heavy-weapons", "demo", "explosives"):
            first, last = self.c.sentence_span(item.index)
            low, high = max(first, item.index - 8), min(last, item.last + 12)
            around = [n[2:] if n.startswith("ال") else n for n in self.c.norms[low:high]]
            for mode, words in _MODE_WORDS.get(item.frame.type, {}).items():
                if any(w.startswith(words) or w[1:].startswith(words) for w in around):
                    modes = [mode]
                    break
        return [m for m in modes if m in info.modes]

    def fill(self, event: Event, item: Found) -> None:
        """Contexts, place, time, figures, size and chain."""
        analysis = self.analysis
        sentence = analysis.sentences[analysis.tokens[item.index].sentence]
        event.contexts = self._contexts(sentence.first, sentence.last)
        start, end = event.trigger.start, event.trigger.end
        low, high = self._clause(item.index, sentence.first, sentence.last)
        taken = set(event.actors) | set(event.recipients)
        event.location = self._place(start, low, high, taken)
        published = (analysis.article.published or "")[:10] or None if item.status in ("occurred", "ongoing") else None
        event.time = self._time(start, low, high, sentence.start, sentence.end, published)
        self._figures(event, start, low, high)
        chain = chain_of(analysis, start, end)
        own = self._cued(start, end)
        event.chain = [s for s in chain if s not in own]
        if event.chain and own:
            event.chain = [s for s in event.chain if s not in own]

    def _clause(self, i: int, first: int, last: int) -> tuple[int, int]:
        """Text offsets of the stretch around token i in which its place, time and figures stand."""
        low = max(self.c.clause_start(i), first)
        high = i + 1
        while high < last and high - i < 40:
            if self.c.kinds[high] == "sub" and self.c.norms[high] in ("فيما", "بينما", "لكن"):
                break
            if self.c.tokens[high].text in (".", "؛"):
                break
            high += 1
        return self.c.tokens[low].start, self.c.tokens[high - 1].end

    def _contexts(self, first: int, last: int) -> list[str]:
        tokens = self.c.tokens
        key = (first, last)
        cache: dict[tuple[int, int], list[str]] = self.analysis.notes.setdefault("events.contexts", {})
        if key not in cache:
            stems = [t.bare for t in tokens[first : min(last, first + 120)] if t.kind == "word"]
            pairs = {f"{a} {b}" for a, b in itertools.pairwise(stems)}
            found = []
            joined = "\n" + "\n".join(stems)
            for name, (singles, doubles) in self.contexts.items():
                if any("\n" + w in joined for w in singles) or not doubles.isdisjoint(pairs):
                    found.append(name)
            cache[key] = found
        return list(cache[key])

    def _cued(self, start: int, end: int) -> set[str]:
        """Statements whose cue overlaps [start, end)."""
        if self._cues is None:
            self._cues = sorted((s.cue.start, s.cue.end, s.id) for s in self.analysis.statements)
        first = max(0, bisect_left(self._cues, (start,)) - 12)
        return {i for low, high, i in self._cues[first : bisect_left(self._cues, (end,))] if low < end and start < high}

    def _place(self, start: int, low: int, high: int, taken: set[str]) -> str | None:
        best: tuple[int, Mention] | None = None
        for m in near(self.analysis.mentions, low, high):
            if m.start >= high:
                break
            if m.end <= low or m.kind != "place" or m.id in taken:
                continue
            i = self.analysis.token_at(m.start)
            prep = self.c.tokens[i].preposition == "ب" or (i > 0 and self.c.norms[i - 1] in _SCENE)
            distance = abs(m.start - start) - (40 if prep else 0) + (30 if m.start < start else 0)
            if best is None or distance < best[0]:
                best = (distance, m)
        return best[1].id if best is not None else None

    def _time(self, start: int, low: int, high: int, s: int, e: int, published: str | None) -> str | None:
        """The time of [s, e) nearest to the trigger. ``published``: day of the article, for what has happened: no later day can be its own
        («طالبت بالانسحاب قبل نهاية العام المقبل»)."""
        best: tuple[int, Time] | None = None
        for t in near(self.analysis.times, s, e):
            if t.start >= e:
                break
            if t.end <= s or t.type in ("duration", "set"):
                continue
            if published is not None and t.begin is not None and t.begin > published:
                continue
            distance = abs(t.start - start) + (0 if low <= t.start < high else 200)
            if best is None or distance < best[0]:
                best = (distance, t)
        if best is None:
            # «قالت يوم الخميس إنها اتفقت»: the report's time stands for the act's
            return None
        return best[1].id

    def _figures(self, event: Event, start: int, low: int, high: int) -> None:
        dead: list[Figure] = []
        hurt: list[Figure] = []
        held: list[Figure] = []
        for f in near(self.analysis.figures, low, high):
            if f.start >= high:
                break
            if f.end <= low:
                continue
            fits = {
                "ASSAULT": ("killed", "wounded", "attacks", "detained"),
                "COERCE": ("detained", "displaced", "killed"),
                "PROTEST": ("participants", "wounded", "killed", "detained"),
                "MOBILIZE": ("personnel", "vehicles", "weapons"),
                "RETREAT": ("personnel", "detained"),
                "AID": ("money", "displaced", "personnel"),
                "SANCTION": ("money", "duration"),
            }.get(event.type, ())
            if f.counts in fits or (f.counts == "personnel" and event.recipients and event.type in ("ASSAULT", "COERCE")):
                event.figures.append(f.id)
                {"killed": dead, "wounded": hurt, "detained": held}.get(f.counts, []).append(f)
        if event.type in ("ASSAULT", "COERCE", "PROTEST") and (dead or hurt or held):
            event.size = Size(dead=_sum(dead), injured=_sum(hurt), arrested=_sum(held))


_SCENE = frozenset(["في", "داخل", "قرب", "شمال", "جنوب", "شرق", "غرب", "وسط", "بمدينه", "بمنطقه", "خارج"])


def _sum(figures: list[Figure]) -> int | None:
    values = [f.value for f in figures if f.value is not None]
    return int(max(values)) if values else None
