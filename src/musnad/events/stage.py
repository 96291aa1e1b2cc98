"""The events stage: PLOVER events from frames, clauses, status rules and a scoring table."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from musnad.actors import find
from musnad.events import merge, politics
from musnad.events.clauses import Clauses, Phrase
from musnad.events.details import Details
from musnad.events.found import Found
from musnad.events.frames import Frame, Lexicon, Word, ontology, plover, same
from musnad.events.nouns import Arguments
from musnad.events.roles import Roles, shape
from musnad.events.scoring import JUDGED, SHORT, Scorer
from musnad.events.sides import Weigher
from musnad.events.status import StatusReader
from musnad.events.triggers import Judge
from musnad.language.tokens import Sentence, Token
from musnad.pipeline import Analysis
from musnad.record import Cue, Event
from musnad.settings import SettingsError

#: words around a trigger that its frame's conditions look at
_NEAR_BACK, _NEAR_AHEAD = 14, 18
_UNLESS_BACK, _UNLESS_AHEAD = 7, 9
_CLOSED = frozenset({"prep", "rel", "comp", "aux"})
_STRIP = ("وال", "فال", "بال", "كال", "لل", "ال")


class EventsStage:
    """Fills ``events``. ``folder``: a user's ontology instead of PLOVER (see docs/events.md)."""

    name = "events"
    requires = frozenset({"tokens", "sentences", "mentions", "times", "figures", "statements"})
    provides = frozenset({"events"})

    def __init__(self, folder: Path | None = None, *, threshold: float | None = None) -> None:
        self.folder = folder
        self.threshold = threshold
        # a user's folder is read at once, so that what is wrong with it is told before any article is coded
        self._lexicon: Lexicon | None = None if folder is None else _users(folder)

    @property
    def lexicon(self) -> Lexicon:
        """The ontology in use."""
        if self._lexicon is None:
            self._lexicon = plover()
        return self._lexicon

    def run(self, analysis: Analysis) -> None:
        """Find the article's events."""
        if not analysis.tokens:
            return
        own_frames = self.folder is not None and not self.lexicon.renamed
        coder = Coder(analysis, self.lexicon, None if own_frames else Scorer.shipped(), self.threshold, models=not own_frames)
        analysis.events.extend(coder.code())


def _users(folder: Path) -> Lexicon:
    """A user's ontology; every fault of its files is a SettingsError of one line."""
    if not folder.is_dir():
        raise SettingsError(f"ontology {folder}: there is no such folder")
    try:
        return ontology(folder)
    except ImportError as error:
        raise SettingsError(f"ontology {folder}: reading it needs the packages PyYAML and mazini ({error.name} is missing)") from error
    except Exception as error:  # whatever a file written by hand can be
        raise SettingsError(f"ontology {folder}: {' '.join(str(error).split()) or type(error).__name__}") from error


#: a sentence of more tokens is read in pieces: lists and lost stops must not cost time without bound
_LONGEST = 220


def pieces(sentence: Sentence) -> list[Sentence]:
    """A sentence in the pieces in which it is read."""
    if sentence.last - sentence.first <= _LONGEST:
        return [sentence]
    bounds = range(sentence.first, sentence.last, _LONGEST)
    return [sentence._replace(first=k, last=min(k + _LONGEST, sentence.last)) for k in bounds]


class Coder:
    """Codes one article."""

    def __init__(
        self, analysis: Analysis, lexicon: Lexicon, scorer: Scorer | None, threshold: float | None = None, *, models: bool = True
    ) -> None:
        self.analysis = analysis
        self.lexicon = lexicon
        self.c = Clauses(analysis, lexicon)
        self.args = Arguments(self.c)
        self.status = StatusReader(self.c, _denied(analysis))
        self.scorer = scorer
        self.threshold = threshold
        self.stems = [t.bare if t.kind == "word" else t.norm for t in analysis.tokens]
        self._other = tuple(sorted(lexicon.words.get("other_subjects", ())))
        self._hard = tuple(sorted(lexicon.words.get("hard_subjects", ())))
        self._articles_elsewhere: bool | None = None
        self._heard: dict[tuple[tuple[str, ...], int], list[int]] = {}
        self.details = Details(analysis, self.c)
        #: which words name an event, by the shipped model; None: as the frames say
        self.models = models
        self.triggers: Judge | None = Judge.shipped(self) if models else None
        self.short = len(analysis.sentences) <= SHORT

    def code(self) -> list[Event]:
        """The events in order of their triggers."""
        found = merge.within_article(self.candidates(), self.c, self.lexicon)
        self._claimed(found)
        if self.models:
            Weigher(self).settle(found)
        out = []
        for item in found:
            if not politics.matters(item, self.lexicon, self.c.entities) and not self._believed(item):
                continue
            event = self._event(item)
            if event is not None:
                out.append(event)
        out.sort(key=lambda e: (e.trigger.start, e.type))
        return out

    def _believed(self, item: Found) -> bool:
        """Whether the model is sure enough of an event that names no political side; of a short text it cannot be."""
        return self.triggers is not None and not self.short and (item.score or 0) >= self.triggers.model.limits["sure"]

    def _claimed(self, found: list[Found]) -> None:
        """Who claims responsibility is the actor of the attack told last («أعلنت … مسؤوليتها عن»)."""
        by_id = {m.id: m for m in self.analysis.mentions}
        for statement in self.analysis.statements:
            if statement.act != "claim_responsibility" or statement.speaker not in by_id:
                continue
            at = self.analysis.token_at(statement.cue.start)
            number = self.analysis.tokens[min(at, len(self.analysis.tokens) - 1)].sentence
            before = [f for f in found if f.frame.type == "ASSAULT" and f.frame.role and not f.roles.actors
                      and any(0 <= number - self.analysis.tokens[k].sentence <= 2 and k < at for k in (f.index, *f.also))]  # fmt: skip
            if before:
                nearest = max(before, key=lambda f: max(k for k in (f.index, *f.also) if k < at))
                nearest.roles.actor(by_id[str(statement.speaker)], "claims responsibility")

    def candidates(self) -> list[Found]:
        """What the frames find, joined within sentences, scored, before the article is looked at as a whole."""
        parts = self.parts()
        if self.triggers is None:
            judged = [found for _, found in parts]
        else:
            judged = self.triggers.judge(self, [(p.first, p.last, found) for p, found in parts], short=self.short)
        out: list[Found] = []
        for (piece, found), here in zip(parts, judged, strict=True):
            if self.short or self.triggers is None:
                own = merge.within_sentence([f for f in found if f.frame.type in JUDGED], self.c)
                if self.scorer is not None:
                    own = self.scorer.keep(own, self, piece, self.threshold)
                here = sorted([f for f in here if f.frame.type not in JUDGED] + own, key=lambda f: f.index)
            out.extend(merge.within_sentence(here, self.c))
        return out

    def parts(self) -> list[tuple[Sentence, list[Found]]]:
        """The pieces of the article that may tell of events, with what the frames find in each."""
        return [
            (piece, self.sentence(piece.first, piece.last))
            for sentence in self.analysis.sentences if sentence.kind != "credit" and not self._elsewhere(sentence)
            for piece in pieces(sentence)
        ]  # fmt: skip

    def sure(self, item: Found) -> bool:
        """Whether a sentence's main verb, light or not, says that a named side that can act did it, to whom where the type wants one."""
        c = self.c
        roles = item.roles
        if item.frame.fallback or item.status not in ("occurred", "ongoing") or not (roles.actors or roles.recipients):
            return False
        verb = item.index
        if c.kinds[verb] == "verb":
            if not roles.actors:
                return False
        else:
            if roles.governor is None or c.tokens[item.index].definite:
                return False
            verb = roles.governor
            if not any(w.lexeme in self.lexicon.light["light_sure"] for w in c.words[verb]):
                return False
        if not roles.recipients and item.frame.type != "PROTEST":
            return False
        first = c.sentence_span(verb)[0]
        if verb - first > 8 or any(c.kinds[k] in ("verb", "comp", "sub", "rel", "neg") for k in range(first, verb)):
            return False
        # «رفع المتظاهرون لافتات» goes on with a protest told before
        told = item.frame.type == "PROTEST" and any(
            m.text.startswith(("المتظاهر", "المحتج", "المعتصم", "المضرب")) for m in item.roles.actors
        )
        return not told

    def _elsewhere(self, sentence: Sentence) -> bool:
        """Whether a sentence tells of sport, art or gadgets, whose attacks and battles are none."""
        light, hard = _split_words(self._other), _split_words(self._hard)
        if not self._mentions(light, sentence.first, sentence.last):
            if self._articles_elsewhere is None:
                tokens = [k for k, t in enumerate(self.analysis.tokens) if t.kind == "word"][:600]
                share = sum(self._begins(light, k) for k in tokens) / max(len(tokens), 1)
                self._articles_elsewhere = share > 0.035
            if not self._articles_elsewhere:
                return False
        return not self._mentions(hard, sentence.first, sentence.last)

    def _mentions(self, words: _Words, first: int, last: int) -> bool:
        return any(self._begins(words, k) for k in range(first, last))

    def _begins(self, words: _Words, k: int) -> bool:
        singles, doubles = words
        stem = self.stems[k]
        if singles and stem.startswith(singles) and self.analysis.tokens[k].kind == "word":
            return True
        second = doubles.get(stem)
        return second is not None and k + 1 < len(self.stems) and self.stems[k + 1].startswith(second)

    def general(self, i: int, type_name: str) -> Found:
        """An event of a type at a word that has no frame of it."""
        frame = self.lexicon.general[type_name]
        verb = self.c.kinds[i] == "verb"
        word = next((w for w in self.c.words[i] if (w.kind == "V") == verb), None) or (
            shape(self.c.tokens[i]) if verb else _noun(self.c.tokens[i])
        )
        roles = self.args.of_verb(i, word, frame) if word.kind == "V" else self.args.of_noun(i, word, frame, i + 1)
        status, why = self.status.read(i, word, frame, roles.governor)
        token = self.analysis.tokens[i]
        return Found(i, i + 1, word, frame, roles, status, [f"frame={frame.id}", f"status={status}|{why}"], token.lemma, token.sentence)

    # -- one sentence

    def sentence(self, first: int, last: int) -> list[Found]:
        """What the frames find in tokens [first, last)."""
        out: list[Found] = []
        c = self.c
        closed = -1  # index up to which the thing demanded, refused or agreed on reaches
        used: set[int] = set()
        claim: Found | None = None
        i = first
        while i < last:
            words = c.words[i]
            token = self.analysis.tokens[i]
            if token.kind != "word" or c.kinds[i] in _CLOSED or (not words and not self.lexicon.begins_phrase(c.norms[i])):
                i += 1
                continue
            if c.time_end(i) is not None or self._inside(i):
                i += 1
                continue
            found = self._at(i, words, last)
            if found is None or i in used or found.index in used:
                i += 1
                continue
            if i < closed and not self._outside(i, found):
                i += 1
                continue
            if found.frame.fallback and any(o.frame.type == found.frame.type for o in out):
                i += 1
                continue
            if found.frame.scope == "claim" and found.roles.recipients:
                claim = found
            elif (
                claim is not None
                and i - claim.index < 14
                and c.kinds[i] == "noun"
                and not found.roles.actors
                and found.frame.subject == "actor"
                and (token.preposition == "ب" or token.conjunction)
            ):
                for m in claim.roles.recipients:
                    if all(r.id != m.id for r in found.roles.recipients):
                        found.roles.actor(m, "the accused")
            used |= found.roles.used
            out = [o for o in out if o.index not in found.roles.used]
            if not found.frame.fallback:
                out = [o for o in out if not (o.frame.fallback and o.frame.type == found.frame.type)]
            out.append(found)
            if found.roles.recipients:
                self.args.recent = found.roles.recipients
            if found.frame.scope in ("demand", "refuse", "threat") or found.frame.type == "AGREE":
                closed = max(closed, self._scope_end(i, last, found))
            i = max(i + 1, found.last)
        return _one_per_word(out)

    def _inside(self, i: int) -> bool:
        """Whether a noun lies inside an actor's name («قوات التحالف») and names nothing itself."""
        if self.c.kinds[i] == "verb":
            return False
        if any(self.lexicon.frames[n].fallback for w in self.c.words[i] for n, _ in self.lexicon.senses.get(w.lexeme, ())):
            return False
        token = self.analysis.tokens[i]
        if i and not token.definite and self.analysis.tokens[i - 1].definite and self.c.words[i]:
            return False  # «الوزير اتهامات واشنطن»: no name goes on like this
        mention = find.mention_at(self.analysis, i)
        return mention is not None and mention.start < self.analysis.tokens[i].start and mention.kind != "place"

    def _outside(self, i: int, found: Found) -> bool:
        # what is told as past inside a demand («الهجمات التي شنتها إسرائيل») did happen
        word = found.word
        return word is not None and word.kind == "V" and word.aspect == "p" and self.c.relative_before(i) is not None

    def _scope_end(self, i: int, last: int, found: Found) -> int:
        c = self.c
        j = i + 1
        while j < min(last, i + 40):
            kind, norm = c.kinds[j], c.norms[j]
            text = c.tokens[j].text
            if kind == "punct" and text in (".", "؛", ":", "!", "؟"):
                return j
            if kind == "prep" and norm in ("اثر", "عقب", "بعد", "خلال", "علي_خلفيه", "قبل", "منذ", "فيما", "وسط", "بسبب", "ردا", "احتجاجا"):
                return j
            if kind == "sub" and norm in ("فيما", "بينما", "بعدما", "حيث", "عندما", "لكن", "اذ"):
                return j
            if kind == "verb" and c.tokens[j].conjunction is not None:
                word = next((w for w in c.words[j] if w.kind == "V"), None)
                if word is None or word.aspect == "p":
                    return j
            participle = kind == "noun" and any(w.kind == "A" and not w.definite and not w.prefix for w in c.words[j])
            if participle and c.tokens[j].text.endswith(("ا", "اً", "ًا", "ة")) and c.tokens[j - 1].text in ("،", ","):
                return j
            j += 1
        return j

    def _at(self, i: int, words: tuple[Word, ...], last: int) -> Found | None:
        phrase = self.lexicon.phrase_at(self.c.norms, i, last, words)
        if phrase is not None:
            number, end, word, rest = phrase
            if word is not None and word.kind == "V" and self.c.kinds[i] != "verb":
                word = None
            found = self._try(i, end, word, self.lexicon.frames[number], phrase=rest)
            if found is not None:
                return found
        verb = self.c.kinds[i] == "verb"
        best: Found | None = None
        for word in words:
            if (word.kind == "V") != verb:
                continue
            for number, modifier in self.lexicon.senses.get(word.lexeme, ()):
                frame = self.lexicon.frames[number]
                end = i + 1
                if modifier:
                    if end >= last or (_stem(self.c.norms[end]).rstrip("ا") != modifier.rstrip("ا") and self.stems[end] != _stem(modifier)):
                        continue
                    end += 1
                if word.kind == "N" and word.definite and self._adjective(i, word):
                    continue
                if word.kind in "AP" and not self._participle(i, word, frame):
                    continue
                found = self._try(i, end, word, frame)
                if found is not None and (best is None or _better(found, best)):
                    best = found
                    if modifier:
                        return best
            if best is not None:
                return best
        return best

    def _adjective(self, i: int, word: Word) -> bool:
        """«الدول المشاركة»: the form of a masdar that is a participle behind a definite noun."""
        if i == 0 or not any((w.kind in "AP" and w.lexeme == word.lexeme) or w.kind == "A" for w in self.c.words[i]):
            return False
        before = self.analysis.tokens[i - 1]
        return (
            (before.definite or before.pos == "PROPN")
            and self.c.kinds[i - 1] == "noun"
            and self.analysis.tokens[i].preposition is None
            and self.analysis.tokens[i].conjunction is None
        )

    def _participle(self, i: int, word: Word, frame: Frame) -> bool:
        """Active participles that go on a clause («متهما»); passive ones only before the one who suffers it («المحاصرة»)."""
        if word.kind == "P" or word.suffix:
            return False
        if word.definite or word.prefix.strip("وف") or (not self.lexicon.types[frame.type].speech and frame.type != "REQUEST"):
            return False
        c = self.c
        token = c.tokens[i]
        text = token.text.rstrip("،")
        before = c.tokens[i - 1] if i else None
        if before is None or before.sentence != token.sentence or c.kinds[i - 1] == "comp":
            return False
        following = c.tokens[i + 1] if i + 1 < len(c.tokens) else None
        named = following is not None and following.sentence == token.sentence and (following.definite or following.pos == "PROPN")
        if word.gender == "f" and word.number == "s" and named and c.verb_before(i) is not None and c.time_end(i - 1) is not None:
            return True  # «قطعت العلاقات يوم الاثنين متهمة الإمارة»
        accusative = text.endswith(("ا", "اً", "ًا", "ين")) or word.gender == "f"
        after_comma = before.text in ("،", ",", "»", '"', "”")
        verb = c.verb_before(i)
        if verb is None or not accusative:
            return False
        return (
            after_comma or (text.endswith(("اً", "ًا", "ا")) and word.number == "s") or (token.conjunction is not None and word.number == "s")
        )

    def _try(self, i: int, end: int, word: Word | None, frame: Frame, *, phrase: tuple[str, ...] | None = None) -> Found | None:
        if not self._conditions(i, end, frame):
            return None
        if frame.fallback:
            roles = Roles()
            if frame.self:
                m = self.args.mention(i, i + 1, actor=True)
                roles.actor(m, "self")
        elif word is not None and word.kind == "V":
            roles = self.args.of_verb(i, word, frame) if phrase is None else self._of_phrase_verb(i, end, word, frame, phrase)
        elif word is not None and word.kind == "A":
            roles = self.args.of_participle(i, word, frame)
        else:
            roles = self.args.of_noun(i, word or _PLAIN, frame, end)
        trigger = i
        if frame.type == "PROTEST":
            trigger = self.args.protest(i, word or _PLAIN, frame, roles)
        if not _enough(frame, roles):
            return None
        status, why = self.status.read(i, word, frame, roles.governor)
        name = self.lexicon.lemma(word.lexeme) if word is not None else self.stems[i]
        if phrase is not None and frame.head_last:
            trigger = end - 1
        elif trigger != i:
            governing = next((w for w in self.c.words[trigger] if w.kind == "V"), None)
            name = self.analysis.tokens[trigger].lemma if governing is None else self.lexicon.lemma(governing.lexeme)
            status, why = self.status.read(trigger, governing or _VERB, frame, None)
        together = phrase is not None and "*" not in phrase and trigger == i and 1 < end - i <= 3
        return Found(
            trigger, max(end, trigger + 1), word, frame, roles, status, [f"frame={frame.id}", f"status={status}|{why}"], name,
            self.analysis.tokens[i].sentence, through=end - 1 if together else None,
        )  # fmt: skip

    def _of_phrase_verb(self, i: int, end: int, word: Word, frame: Frame, rest: tuple[str, ...]) -> Roles:
        # the phrase's own noun («سراح», «النار») is no argument; look for the object behind it
        own = frozenset(
            k
            for k in range(i + 1, end)
            if any(same(self.c.norms[k], part) for part in rest if part != "*") and not self.c.named(k, self.c.people)
        )
        wide = end - i - 1 - len(own)
        if word.lexeme in self.lexicon.light["light_recipient"]:
            # «تعرضوا للضرب»
            return self.args.of_verb(i, word, frame._replace(object=False, subject="recipient"), own)
        roles = self.args.of_verb(i, word, frame if wide >= 2 or word.suffix else frame._replace(object=False), own)
        if roles.recipients:
            return roles
        if (frame.object or self.c.kinds[end - 1] == "prep") and end < len(self.c.tokens):
            right = self.c.right(end - 1)
            behind = [p for p in right if p.prep == "" and p.first == end]
            if self.c.kinds[end - 1] == "prep" and self.c.kinds[end] == "noun":
                group, members = self.c._group(end, min(len(self.c.tokens), end + 30))
                behind = [Phrase("", end, group, members, False)]
            for p in behind[:1]:
                for m in self.args.mentions(p, actor=False):
                    roles.recipient(m, "object of the phrase")
        if frame.recipients or frame.both:
            self.args._prepositions(self.c.right(end - 1), frame, roles)
        return roles

    def _conditions(self, i: int, end: int, frame: Frame) -> bool:
        if frame.near and not self._any(frame.near, i - _NEAR_BACK, end + _NEAR_AHEAD, i):
            return False
        if frame.elsewhere and self._spoken(frame.elsewhere, self.analysis.tokens[i].sentence, i):
            return False
        return not (frame.unless and self._any(frame.unless, i - _UNLESS_BACK, end + _UNLESS_AHEAD, i))

    def _spoken(self, words: tuple[str, ...], number: int, i: int) -> bool:
        """Whether one of the words stands in a sentence; one that stands at token i alone is none."""
        key = (words, number)
        hits = self._heard.get(key)
        if hits is None:
            sentence = self.analysis.sentences[number]
            # two places are enough: at most one of them is token i
            hits = self._heard[key] = list(islice(self._places(words, sentence.first, sentence.last), 2))
        return any(k != i for k in hits)

    def _any(self, words: tuple[str, ...], low: int, high: int, i: int) -> bool:
        sentence = self.analysis.sentences[self.analysis.tokens[i].sentence]
        return any(k != i for k in self._places(words, max(low, sentence.first), min(high, sentence.last)))

    def _places(self, words: tuple[str, ...], low: int, high: int) -> Iterator[int]:
        """The tokens of [low, high) at which one of the words stands; -1 for a pair of words, which is no single token's."""
        singles, doubles = _split_words(words)
        for k in range(low, high):
            stem = self.stems[k]
            if singles and (stem.startswith(singles) or self.c.norms[k].startswith(singles)):
                yield k
            second = doubles.get(stem)
            if second is not None and k + 1 < high and self.stems[k + 1].startswith(second):
                yield -1

    # -- the item

    def _event(self, item: Found) -> Event | None:
        analysis = self.analysis
        token = analysis.tokens[item.index]
        start, end = token.start, token.end if item.through is None else analysis.tokens[item.through].end
        trigger = Cue(start=start, end=end, text=analysis.text[start:end], lemma=item.lemma)
        low = min([start] + [m.start for m in item.roles.actors + item.roles.recipients if self._near(m, item)])
        high = max([end] + [m.end for m in item.roles.actors + item.roles.recipients if self._near(m, item)])
        info = self.lexicon.types[item.frame.type]
        mode = item.frame.mode or item.mode
        modes = [mode] if mode else []
        event = Event(
            id=analysis.new_id("v"), start=low, end=high, text=analysis.text[low:high], trigger=trigger,
            type=item.frame.type,  # type: ignore[arg-type]
            modes=self.details.modes(item, modes, info),
            actors=[m.id for m in item.roles.actors], recipients=[m.id for m in item.roles.recipients],
            status=item.status, quad=info.quad, confidence=item.score, rules=item.rules + item.roles.rules,
        )  # fmt: skip
        scores = [info.modes[m] for m in event.modes if info.modes.get(m) is not None]
        event.scale = min(scores, key=lambda s: -abs(s or 0)) if scores else info.score
        self.details.fill(event, item)
        if self.lexicon.renamed:
            keys = [item.frame.id, *(f"{event.type}.{m}" for m in event.modes), event.type]
            name = next((self.lexicon.renamed[k] for k in keys if k in self.lexicon.renamed), None)
            if name is None:
                return None
            foreign = self.lexicon.foreign[name]
            event.rules.append(f"type={name}|map of {event.type}")
            event.type, event.quad, event.scale, event.modes = name, foreign.quad, foreign.score, []  # type: ignore[assignment]
        return event

    def _near(self, mention: Any, item: Found) -> bool:
        return self.analysis.tokens[min(self.analysis.token_at(mention.start), len(self.analysis.tokens) - 1)].sentence == item.sentence


def _one_per_word(found: list[Found]) -> list[Found]:
    """No two events of one type at one word."""
    out: list[Found] = []
    seen: set[tuple[int, str]] = set()
    for item in sorted(found, key=lambda f: (f.index, f.frame.fallback)):
        key = (item.index, item.frame.type)
        if key not in seen:
            seen.add(key)
            out.append(item)
    return out


_VERB = Word(-1, "V", "p", "a", "3", "m", "s", "", False, "")
_PLAIN = Word(-1, "N", "", "", "", "m", "s", "", False, "")


def _noun(token: Token) -> Word:
    reading = token.readings[0] if token.readings else None
    return _PLAIN._replace(
        gender=(reading.gender if reading is not None else None) or ("f" if token.bare.endswith(("ة", "ات")) else "m"),
        number=(reading.number if reading is not None else None) or "s",
        prefix="".join(p.form for p in token.proclitics), definite=token.definite, suffix=token.enclitic.form if token.enclitic else "",
    )  # fmt: skip


def _better(a: Found, b: Found) -> bool:
    return len(a.roles.actors) + len(a.roles.recipients) > len(b.roles.actors) + len(b.roles.recipients)


def _enough(frame: Frame, roles: Roles) -> bool:
    if frame.needs == "actor":
        return bool(roles.actors)
    if frame.needs == "recipient":
        return bool(roles.recipients)
    if frame.needs == "both":
        return len(roles.actors) + len(roles.recipients) >= 2 and bool(roles.actors)
    if frame.needs == "any":
        return bool(roles.actors or roles.recipients)
    return True


_Words = tuple[tuple[str, ...], dict[str, tuple[str, ...]]]


def _split_words(words: tuple[str, ...]) -> _Words:
    known = _SPLIT.get(words)
    if known is None:
        singles = tuple(s for w in words if " " not in w for s in dict.fromkeys((w, _stem(w))))
        doubles: dict[str, tuple[str, ...]] = {}
        for w in words:
            pair = w.split()
            if len(pair) >= 2:
                doubles[_stem(pair[0])] = (*doubles.get(_stem(pair[0]), ()), _stem(pair[1]))
        known = (singles, doubles)
        if len(_SPLIT) < 4096:
            _SPLIT[words] = known
    return known


_SPLIT: dict[tuple[str, ...], _Words] = {}


def _stem(norm: str) -> str:
    for cut in _STRIP:
        if norm.startswith(cut) and len(norm) - len(cut) > 2:
            return norm[len(cut) :]
    return norm


def _denied(analysis: Analysis) -> list[tuple[int, int]]:
    return [(s.start, s.end) for statement in analysis.statements if statement.act == "deny" for s in statement.content]


def actor_of(analysis: Analysis, token_index: int) -> Any:
    """The mention at a token; for the stage's own tests."""
    return find.mention_at(analysis, token_index)
