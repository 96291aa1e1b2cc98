"""Who is actor and who is recipient, judged over all parties near a trigger: what the rules found is one witness among others.

:meth:`Weigher.parties` lists the entities that may take part in an event, :meth:`Weigher.rows` describes each of them by numbers (the rule that chose
it, its preposition, order, distance, agreement, kind, who speaks). A linear model over words (:meth:`Weigher.words`: what «قصف» makes of whom
stands behind it) adds two numbers. Boosted trees turn each row into the chance that it is actor, recipient, or neither; further trees see these
chances of the other parties and of the events told before and next (:func:`company`) and decide. All are in ``compiled/sides.msgpack``, made by
``training/events/sides.py``.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from musnad import lexicon as compiled
from musnad.actors import find
from musnad.actors.link import Note
from musnad.events.found import Found
from musnad.events.roles import ACTING
from musnad.events.trees import Trees
from musnad.events.triggers import TYPES, label_of
from musnad.language.tokens import Token
from musnad.record import EventStatus, Mention, MentionKind
from musnad.statements.chain import chain_of

Rows = NDArray[np.float32]

#: tokens around a trigger and sentences before and behind it in which parties are looked for; how many of them
_REACH, _BACK, _EARLIER, _LATER = 60, 2, 10, 6
#: longest dateline in tokens
_DATELINE = 16
#: most parties that are weighed for one event
_MOST = 24
#: in the order of the trees' columns
_KINDS: tuple[MentionKind, ...] = ("person", "organisation", "armed_group", "state", "group", "outlet", "place", "facility")
_SECTORS = ("GOV", "MIL", "COP", "REB", "LEG", "JUD", "CVL", "IGO", "PTY", "SPY", "CRM", "UAF", "JRN", "PRM", "OPP", "NGO")
_PREPS = ("", "ل", "ب", "من", "علي", "في", "مع", "بين", "الي", "عن", "ضد", "علي_يد", "agent", "خلال", "بعد", "قبل", "ك", "لدي", "امام")
_ROLES = ("cause", "result")
#: beginnings of the rules by which a slot was filled (see ``Roles.rules``)
_RULES = (
    "subject", "passive subject", "subject suffers", "object", "object pronoun", "object, second side", "agent", "nisba", "genitive",
    "genitive, subject", "object of masdar", "possessive pronoun", "after", "other side", "subject of the governing verb",
    "subject of «تعرض»", "subject of the clause", "relative clause, subject", "relative clause, object", "protesters", "antecedent",
    "victims named apart", "named with the victims", "told again", "self", "the accused", "object of the phrase", "whose it is",
)  # fmt: skip
_MARKS = frozenset("،,؛;:-–—")


class Party(NamedTuple):
    """An entity near a trigger with the mention of it that stands nearest. ``note``: None where the mention was never parsed."""

    mention: Mention
    first: int
    last: int
    note: Note | None


def _names() -> tuple[str, ...]:
    out = [f"type={t}" for t in TYPES] + [f"kind={k}" for k in _KINDS] + [f"sector={s}" for s in _SECTORS] + [f"prep={p}" for p in _PREPS]
    out += (
        [f"arule={r}" for r in _RULES]
        + [f"rrule={r}" for r in _RULES]
        + [f"status={s}" for s in get_args(EventStatus)]
        + [f"frole={r}" for r in _ROLES]
    )
    out += [
        "actor", "recipient", "n_actors", "n_recipients", "verb", "noun", "participle", "object", "subject_suffers", "subject_none",
        "gen_recipient", "gen_none", "has_both", "passive_can", "passive_must", "past", "plural_verb", "fem_verb", "suffix", "definite_trigger",
        "trigger_prep", "trigger_conj", "governor", "trigger_at", "mode", "sentences_back", "distance", "after", "adjacent", "same_clause", "verbs_between",
        "marks_between", "closed_between", "parties_between", "order_after", "order_before", "prep_in_recipients", "prep_in_actors",
        "prep_in_both", "definite", "one_word", "nisba", "counted", "gender_ok", "gender_bad", "plural", "after_verb", "after_that",
        "opens_sentence", "in_conjunction", "topic", "covers_trigger", "speaker", "addressee", "speaker_here", "cue_trigger", "told",
        "count", "rank", "first_sentence", "also_actor_before", "also_recipient_before", "carry", "pronoun",
        "sector_none", "country_none", "country_shared", "length", "n_parties", "rule_any", "governor_subject", "main_subject", "governor_actor",
        "governor_recipient", "governor_none", "governor_tells", "governor_far", "annexed_trigger", "verb_before_trigger", "possessed", "second_after",
        "words_actor", "words_recipient",
    ]  # fmt: skip
    return tuple(out)


class Words:
    """The linear model over the words of :meth:`Weigher.words`.

    :param data: ``features`` (names) and ``weights`` (float16, for each feature how much more it speaks for actor and for recipient than for
        neither), as bytes of little-endian numbers.
    """

    def __init__(self, data: dict[str, Any]) -> None:
        self._index = {name: 2 * k for k, name in enumerate(data["features"])}
        self._weights = array("f", np.frombuffer(data["weights"], "<f2").astype(np.float32).tobytes())

    def score(self, features: list[str]) -> tuple[float, float]:
        """How much speaks for actor and for recipient."""
        index, weights = self._index, self._weights
        actor = recipient = 0.0
        for f in features:
            at = index.get(f)
            if at is not None:
                actor += weights[at]
                recipient += weights[at + 1]
        return actor, recipient


#: what the second trees see besides: chances of the party, the best of the others, how many are likelier, those of a party it is coordinated with,
#: sums over the event, and its own in the event before and in the next (-1: not near it)
_COMPANY = (
    "actor_share", "recipient_share", "other_actor", "other_recipient", "actor_rank", "recipient_rank", "joined_actor", "joined_recipient",
    "actors_sum", "recipients_sum", "actor_last", "recipient_last", "actor_next", "recipient_next",
)  # fmt: skip


def company(rows: Sequence[Rows], shares: Sequence[Rows], keys: Sequence[Sequence[str]]) -> list[Rows]:
    """Rows of an article's events, in order, with what the first trees said around each party.

    :param shares: chances of neither, actor, recipient of each row.
    :param keys: who each row is about.
    """
    tables = [s.tolist() for s in shares]
    known = [dict(zip(k, t, strict=True)) for k, t in zip(keys, tables, strict=True)]
    away, length, joined = _AT["distance"], _AT["length"], _AT["in_conjunction"]
    out: list[Rows] = []
    for n, (own, table, names) in enumerate(zip(rows, tables, keys, strict=True)):
        actors, recipients = [t[1] for t in table], [t[2] for t in table]
        by_actor, by_recipient = sorted(actors, reverse=True), sorted(recipients, reverse=True)
        beside = [(0.0, 0.0)] * len(table)
        begins, ends, linked = own[:, away].tolist(), (own[:, away] + own[:, length]).tolist(), own[:, joined].tolist()
        order = sorted(range(len(table)), key=begins.__getitem__)
        for a, b in pairwise(order):
            if linked[b] and 0 <= begins[b] - ends[a] <= 1:
                beside[a] = max(beside[a][0], actors[b]), max(beside[a][1], recipients[b])
                beside[b] = max(beside[b][0], actors[a]), max(beside[b][1], recipients[a])
        last = known[n - 1] if n else {}
        following = known[n + 1] if n + 1 < len(known) else {}
        more = []
        for k, (name, actor, recipient) in enumerate(zip(names, actors, recipients, strict=True)):
            more.append([
                actor, recipient, _other(by_actor, actor), _other(by_recipient, recipient), by_actor.index(actor), by_recipient.index(recipient),
                *beside[k], sum(actors), sum(recipients), *last.get(name, _ABSENT)[1:], *following.get(name, _ABSENT)[1:],
            ])  # fmt: skip
        out.append(np.concatenate([own, np.array(more, np.float32).reshape(-1, len(_COMPANY))], 1))
    return out


_ABSENT = (0.0, -1.0, -1.0)


def _other(ranked: list[float], own: float) -> float:
    """The greatest of the others' numbers."""
    if len(ranked) < 2:
        return 0.0
    return ranked[1] if own == ranked[0] else ranked[0]


NAMES = _names()
#: columns of the second trees
ALL = NAMES + _COMPANY
_AT = {name: k for k, name in enumerate(NAMES)}


def dateline(tokens: Sequence[Token]) -> int:
    """How many tokens the dateline of an article takes («بغداد 12-2 (وكالة الرافدين) - »: a few words, an agency in brackets, a dash), 0 where it has none."""
    opened = 0
    for k, token in enumerate(tokens[:_DATELINE]):
        if token.text == "(" and 0 < k <= 6:
            opened = k
        elif opened and token.text in ("-", "–", "—", "ـ", ":"):
            return k + 1 if tokens[k - 1].text == ")" else 0
        elif not opened and token.pos == "VERB":
            return 0
    return 0


class Weigher:
    """Lists and describes parties in one article. Made when all its events are found."""

    def __init__(self, coder: Any) -> None:
        self.coder = coder
        self.c = coder.c
        self.analysis = coder.analysis
        state: Any = self.analysis.notes.get("actors")
        self.state = state
        begin = dateline(self.c.tokens)
        #: where the article's own words begin: the town of a dateline takes part in nothing
        self.begin = self.c.tokens[begin - 1].end if begin else 0
        self.notes = [n for n in find.widest(self.analysis) if n.first >= begin]
        self.starts = [n.first for n in self.notes]
        self.counts = Counter(n.mention.entity or n.mention.id for n in self.notes)
        self.ranks: dict[str, int] = {}
        for n in self.notes:
            self.ranks.setdefault(n.mention.entity or n.mention.id, len(self.ranks))
        self.cues = {s.cue.start: s for s in self.analysis.statements}
        self.statements = {s.id: s for s in self.analysis.statements}
        self.by_id = {m.id: m for m in self.analysis.mentions}
        self.before: dict[str, str] = {}  # entity -> its last role in an event

    def words(self, item: Found, parties: list[Party]) -> list[list[str]]:
        """For each party the words around it and the trigger, crossed with where it stands."""
        c, i = self.c, item.index
        tokens, kinds = c.tokens, c.kinds
        token = tokens[i]
        first, last = c.sentence_span(i)
        lemma, kind = token.lemma, item.frame.type
        shape = "V" if kinds[i] == "verb" else "N"
        above = c.verb_before(i)
        verb = tokens[above].lemma if above is not None else "|"
        next_word = tokens[i + 1].lemma if i + 1 < last else "|"
        before_trigger = tokens[i - 1].lemma if i > first else "|"
        rules = _rules(item)
        order = sorted(range(len(parties)), key=lambda k: parties[k].first)
        ahead = [k for k in order if parties[k].first > i]
        behind = [k for k in reversed(order) if parties[k].first <= i]
        turn = {k: min(n, 3) for group in (ahead, behind) for n, k in enumerate(group)}
        out = []
        for k, party in enumerate(parties):
            at = party.first
            here = tokens[at].sentence - token.sentence
            side = ("a" if at > i else "b") + (str(turn[k]) if not here else "<" if here < 0 else ">")
            prep = self._preposition(at)
            rule = rules.get(party.mention.id)
            said = "=".join(rule) if rule is not None else ""
            head = tokens[at].lemma
            word = tokens[at - 1].lemma if at and tokens[at - 1].sentence == tokens[at].sentence else "|"
            entity = c.entities.get(party.mention.entity or "")
            label = label_of(party.mention, entity)
            out.append([
                "1", f"a{kind}_{side}{prep}", f"b{lemma}_{side}{prep}", f"c{lemma}_{shape}_{said}", f"d{lemma}_{label}_{side[0]}",
                f"e{kind}_{head}_{side[0]}", f"f{head}_{prep}_{side}", f"g{word}_{kind}_{side}", f"h{verb}_{side}_{prep}", f"i{verb}_{said}",
                f"j{lemma}_{next_word}_{side}", f"k{before_trigger}_{shape}_{side}", f"l{lemma}_{word}_{side[0]}", f"m{label}_{kind}_{side}{prep}",
                f"n{kind}_{said}_{side}", f"o{word}_{prep}_{side}", f"p{lemma}_{side[0]}{said[:1]}",
            ])  # fmt: skip
        return out

    def settle(self, found: list[Found]) -> None:
        """Set actors and recipients of every event by the shipped trees; rules' words stay where the trees agree with them."""
        model = shipped()
        if model is None:
            return
        parties = []
        rows = []
        found = sorted(found, key=lambda f: f.index)
        for item in found:
            here = self.parties(item)
            parties.append(here)
            own = self.rows(item, here)
            own[:, -2:] = [model.words.score(w) for w in self.words(item, here)] or np.zeros((0, 2))
            rows.append(own)
            self.remember(item)
        keys = [[p.mention.entity or p.mention.id for p in here] for here in parties]
        for item, here, own in zip(found, parties, model.shares(rows, keys), strict=True):
            self._assign(item, here, own.tolist(), model.limit)

    def remember(self, item: Found) -> None:
        """Keep which entity was what in an event, for the events behind it."""
        for role, mentions in (("actor", item.roles.actors), ("recipient", item.roles.recipients)):
            for m in mentions:
                self.before[m.entity or m.id] = role

    def _assign(self, item: Found, parties: list[Party], shares: list[list[float]], limit: float) -> None:
        told = {
            r.partition("=")[2].rpartition("|")[0]: r.rpartition("|")[2] for r in item.roles.rules if r.startswith(("actor=", "recipient="))
        }
        kept = [r for r in item.roles.rules if not r.startswith(("actor=", "recipient="))]
        both = self.coder.lexicon.types[item.frame.type].both
        item.roles.actors, item.roles.recipients, item.roles.rules = [], [], kept
        order = sorted(range(len(parties)), key=lambda k: parties[k].mention.start)
        for k in order:
            none, actor, recipient = shares[k]
            mention = parties[k].mention
            if (actor + recipient if both else max(actor, recipient)) < limit:
                continue
            if mention.kind == "place":
                mention = find.as_actor(self.analysis, mention)
            if mention.kind not in ACTING and mention.kind != "facility":
                continue
            why = told.get(mention.text[:40], "")
            why = f"{why}, weighed {1 - none:.2f}" if why else f"weighed {1 - none:.2f}"
            if actor >= recipient:
                item.roles.actor(mention, why)
            else:
                item.roles.recipient(mention, why)

    def parties(self, item: Found) -> list[Party]:
        """Whoever may take part: the sides that rules found, everyone in the sentence, and who was named shortly before."""
        i = item.index
        sentence = self.analysis.sentences[self.analysis.tokens[i].sentence]
        out: dict[str, Party] = {}
        for m in item.roles.actors + item.roles.recipients:
            if m.start >= self.begin:
                out.setdefault(m.entity or m.id, self._party(m))
        low = bisect_left(self.starts, max(sentence.first, i - _REACH))
        high = bisect_left(self.starts, min(sentence.last, i + _REACH))
        for note in sorted(self.notes[low:high], key=lambda n: abs(n.first - i)):
            key = note.mention.entity or note.mention.id
            if key not in out and len(out) < _MOST:
                out[key] = Party(note.mention, note.first, note.last, note)
        if sentence.last - sentence.first > 0:
            start = bisect_left(self.starts, sentence.first)
            taken = 0
            for note in reversed(self.notes[max(0, start - 40) : start]):
                if (
                    sentence.first - note.first > 120
                    or self.analysis.tokens[note.first].sentence < self.analysis.tokens[i].sentence - _BACK
                ):
                    break
                key = note.mention.entity or note.mention.id
                if key not in out and note.mention.kind not in ("place", "facility"):
                    out[key] = Party(note.mention, note.first, note.last, note)
                    taken += 1
                    if taken >= _EARLIER:
                        break
        start = bisect_left(self.starts, sentence.last)
        for note in self.notes[start : start + _LATER]:
            if note.first - sentence.last > 60 or self.analysis.tokens[note.first].sentence > self.analysis.tokens[i].sentence + _BACK:
                break
            key = note.mention.entity or note.mention.id
            if note.mention.kind not in ("place", "facility"):
                out.setdefault(key, Party(note.mention, note.first, note.last, note))
        chain = chain_of(self.analysis, self.analysis.tokens[i].start, self.analysis.tokens[i].end)
        for number in chain[:1]:
            speaker = self.by_id.get(self.statements[number].speaker or "")
            if speaker is not None:
                out.setdefault(speaker.entity or speaker.id, self._party(speaker))
        return list(out.values())

    def _party(self, mention: Mention) -> Party:
        note = self.state.by_mention.get(mention.id) if self.state is not None else None
        if note is not None:
            return Party(mention, note.first, note.last, note)
        first = self.analysis.token_at(mention.start)
        return Party(mention, first, self.analysis.token_at(mention.end - 1) + 1, None)

    def rows(self, item: Found, parties: list[Party]) -> Rows:
        """One row of numbers for each party, in the order of :data:`NAMES`; the last two are left for :class:`Words`."""
        shared = np.zeros(len(NAMES), np.float32)
        for name, value in self._about(item).items():
            shared[_AT[name]] = value
        shared[_AT["n_parties"]] = len(parties)
        out = np.tile(shared, (len(parties), 1))
        rules = _rules(item)
        i = item.index
        said = self._voices(i)
        order = sorted(range(len(parties)), key=lambda k: parties[k].first)
        after = before = 0
        place = {}
        for k in order:
            p = parties[k]
            if p.first > i:
                after += 1
                place[k] = after
        for k in reversed(order):
            p = parties[k]
            if p.first <= i:
                before += 1
                place[k] = -before
        for k, party in enumerate(parties):
            row = out[k]
            self._describe(row, item, party, place[k], rules.get(party.mention.id))
            key = party.mention.entity or party.mention.id
            for name, who in said:
                if who is not None and key == (who.entity or who.id):
                    row[_AT[name]] = 1
        return out

    def _about(self, item: Found) -> dict[str, float]:
        """What is the same for every party of an event."""
        c, i, word, frame = self.c, item.index, item.word, item.frame
        token = c.tokens[i]
        first = c.sentence_span(i)[0]
        out: dict[str, float] = {f"status={item.status}": 1, "trigger_at": min(i - first, 40)}
        if f"type={frame.type}" in _AT:
            out[f"type={frame.type}"] = 1
        if frame.role in _ROLES:
            out[f"frole={frame.role}"] = 1
        verb = c.kinds[i] == "verb"
        out["verb"] = verb
        out["noun"] = not verb and (word is None or word.kind == "N")
        out["participle"] = word is not None and word.kind in "AP"
        out["object"] = frame.object
        out["subject_suffers"] = frame.subject == "recipient"
        out["subject_none"] = frame.subject == "none"
        out["gen_recipient"] = frame.genitive == "recipient"
        out["gen_none"] = frame.genitive == "none"
        out["has_both"] = bool(frame.both)
        out["mode"] = bool(frame.mode)
        if verb and word is not None:
            voices = {w.voice for w in c.words[i] if w.kind == "V" and w.lexeme == word.lexeme}
            out["passive_can"] = "p" in voices
            out["passive_must"] = voices == {"p"}
            out["past"] = word.aspect == "p"
            out["plural_verb"] = word.number != "s"
            out["fem_verb"] = word.gender == "f"
        out["suffix"] = token.enclitic is not None
        out["definite_trigger"] = token.definite
        out["trigger_prep"] = token.preposition is not None
        out["trigger_conj"] = token.conjunction is not None
        out["governor"] = item.roles.governor is not None
        out["n_actors"] = len(item.roles.actors)
        out["n_recipients"] = len(item.roles.recipients)
        out["told"] = bool(chain_of(self.analysis, token.start, token.end))
        out["cue_trigger"] = token.start in self.cues
        if i > first:
            before = c.tokens[i - 1]
            out["annexed_trigger"] = c.kinds[i - 1] == "noun" and before.kind == "word" and not before.definite
            out["verb_before_trigger"] = c.kinds[i - 1] == "verb"
        above = c.verb_before(i)
        if above is not None:
            lexemes = {w.lexeme for w in c.words[above] if w.kind == "V"}
            light = self.coder.lexicon.light
            out["governor_actor"] = bool(lexemes & light.get("light_actor", frozenset()))
            out["governor_recipient"] = bool(lexemes & light.get("light_recipient", frozenset()))
            out["governor_none"] = bool(lexemes & light.get("light_none", frozenset()))
            out["governor_tells"] = c.tokens[above].start in self.cues
            out["governor_far"] = min(i - above, 30)
        return out

    def _describe(self, row: Rows, item: Found, party: Party, place: int, rule: tuple[str, str] | None) -> None:
        at, c, i = _AT, self.c, item.index
        tokens = c.tokens
        mention, first, last, note = party
        first = min(first, len(tokens) - 1)
        key = mention.entity or mention.id
        if rule is not None:
            row[at[rule[0]]] = 1
            row[at["rule_any"]] = 1
            name = ("arule=" if rule[0] == "actor" else "rrule=") + rule[1]
            if name in at:
                row[at[name]] = 1
        if f"kind={mention.kind}" in at:
            row[at[f"kind={mention.kind}"]] = 1
        entity = c.entities.get(mention.entity or "")
        sector = entity.sector if entity is not None else None
        if sector is None:
            row[at["sector_none"]] = 1
        elif f"sector={sector}" in at:
            row[at[f"sector={sector}"]] = 1
        country = entity.country if entity is not None else None
        row[at["country_none"]] = country is None
        head = tokens[first]
        prep = self._preposition(first)
        if f"prep={prep}" in at:
            row[at[f"prep={prep}"]] = 1
        row[at["prep_in_recipients"]] = bool(prep) and prep in item.frame.recipients
        row[at["prep_in_actors"]] = bool(prep) and prep in item.frame.actors
        row[at["prep_in_both"]] = bool(prep) and prep in item.frame.both
        row[at["sentences_back"]] = tokens[i].sentence - head.sentence
        row[at["distance"]] = max(-80, min(80, first - i))
        row[at["after"]] = first > i
        row[at["adjacent"]] = first in (i + 1, i + 2) or last == i
        row[at["covers_trigger"]] = first <= i < last
        low, high = (i + 1, first) if first > i else (min(last, i), i)
        if high - low <= 90:
            verbs = marks = closed = 0
            for k in range(low, high):
                kind = c.kinds[k]
                if kind == "verb":
                    verbs += 1
                elif kind in ("comp", "sub", "rel", "neg"):
                    closed += 1
                elif kind == "punct" and tokens[k].text in _MARKS:
                    marks += 1
            row[at["verbs_between"]] = verbs
            row[at["marks_between"]] = marks
            row[at["closed_between"]] = closed
            row[at["same_clause"]] = not verbs and not closed
        else:
            row[at["verbs_between"]] = row[at["marks_between"]] = row[at["closed_between"]] = 9
        row[at["order_after"]] = max(place, 0)
        row[at["order_before"]] = max(-place, 0)
        a, b = bisect_right(self.starts, min(first, i)), bisect_left(self.starts, max(first, i))
        row[at["parties_between"]] = max(0, b - a)
        row[at["definite"]] = head.definite
        row[at["one_word"]] = last - first == 1
        row[at["length"]] = min(last - first, 12)
        row[at["nisba"]] = last - first == 1 and self.coder.args.is_nisba(first)
        row[at["counted"]] = head.kind == "number" or c.counted(first)
        row[at["plural"]] = note is not None and note.number == "p"
        word = item.word
        if word is not None and word.kind == "V" and note is not None and note.gender:
            row[at["gender_ok"]] = note.gender == word.gender
            row[at["gender_bad"]] = note.gender != word.gender
        if first and tokens[first - 1].sentence == head.sentence:
            kind = c.kinds[first - 1]
            row[at["after_verb"]] = kind in ("verb", "aux")
            row[at["after_that"]] = kind == "comp"
        else:
            row[at["opens_sentence"]] = 1
        row[at["in_conjunction"]] = head.conjunction is not None
        row[at["possessed"]] = first > 0 and c.kinds[first - 1] == "noun" and head.preposition is None and not c.tokens[first - 1].definite
        row[at["second_after"]] = place == 2
        row[at["topic"]] = place == -1 and not row[at["verbs_between"]] and not prep
        row[at["count"]] = min(self.counts.get(key, 1), 8)
        row[at["rank"]] = min(self.ranks.get(key, 30), 30)
        row[at["first_sentence"]] = head.sentence == 0
        row[at["also_actor_before"]] = self.before.get(key) == "actor"
        row[at["also_recipient_before"]] = self.before.get(key) == "recipient"
        row[at["country_shared"]] = country is not None and any(
            country == e.country for m in item.roles.actors + item.roles.recipients
            if m.id != mention.id and (e := c.entities.get(m.entity or "")) is not None
        )  # fmt: skip

    def _voices(self, i: int) -> list[tuple[str, Mention | None]]:
        """Who speaks around the trigger, is spoken to, or is what its dropped subject or its pronoun stands for."""
        token = self.c.tokens[i]
        out: list[tuple[str, Mention | None]] = []
        chain = chain_of(self.analysis, token.start, token.end)
        if chain:
            around = self.statements[chain[0]]
            out += [("speaker", self.by_id.get(around.speaker or "")), ("addressee", self.by_id.get(around.addressee or ""))]
        own = self.cues.get(token.start)
        if own is not None:
            out += [("speaker_here", self.by_id.get(own.speaker or "")), ("addressee", self.by_id.get(own.addressee or ""))]
        first = self.c.sentence_span(i)[0]
        above = self.c.verb_before(i)
        if above is not None:
            out += [("governor_subject", m) for m in self.coder.args.subject_of(above)]
            main = next((k for k in range(first, above + 1) if self.c.kinds[k] == "verb"), above)
            out += [("main_subject", m) for m in self.coder.args.subject_of(main)]
        if self.c.kinds[i] == "verb":
            out.append(("carry", find.subject_before(self.analysis, i)))
        if token.enclitic is not None:
            out.append(("pronoun", find.resolve_pronoun(self.analysis, i)))
        return out

    def _preposition(self, first: int) -> str:
        """The preposition before a mention: a word of its own or on its first word."""
        c = self.c
        head = c.tokens[first]
        if head.preposition is not None:
            return str(head.preposition)
        k = first - 1
        while k >= 0 and c.tokens[k].text in ("«", '"', "“", "("):
            k -= 1
        if k < 0 or c.tokens[k].sentence != head.sentence or c.kinds[k] != "prep":
            return ""
        norm = str(c.norms[k])
        return norm[1:] if norm[:1] in "وف" and norm[1:] in _PREPS else norm


def _rules(item: Found) -> dict[str, tuple[str, str]]:
    """For each side that rules found its role and the rule's name."""
    out: dict[str, tuple[str, str]] = {}
    said = {"actor": [], "recipient": []}  # type: dict[str, list[str]]
    for rule in item.roles.rules:
        role, _, rest = rule.partition("=")
        if role in said:
            said[role].append(rest.rpartition("|")[2])
    for role, mentions in (("actor", item.roles.actors), ("recipient", item.roles.recipients)):
        for m, name in zip(mentions, [*said[role], *[""] * len(mentions)], strict=False):
            best = max((r for r in _RULES if name.startswith(r)), key=len, default="")
            out[m.id] = (role, best)
    return out


class Model:
    """What :meth:`Weigher.settle` decides by: words, first and second trees, the chance a side needs."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.words = Words(data["words"])
        self._first, self._second = Trees(data["trees"]), Trees(data["second"])
        self.limit: float = data["limit"]
        if (self._first.names, self._second.names) != (NAMES, ALL):
            raise compiled.LexiconError("events/sides is not of this version: run `python -m training.events.sides --write`")

    def shares(self, rows: Sequence[Rows], keys: Sequence[Sequence[str]]) -> list[Rows]:
        """Chances of neither, actor, recipient of each row of an article's events, in order; ``keys``: who each row is about."""
        ends = np.cumsum([len(r) for r in rows])[:-1]
        if not any(map(len, keys)):
            return [np.zeros((0, 3), np.float32) for _ in rows]
        first = np.split(self._first.shares(np.concatenate(rows)), ends)
        return np.split(self._second.shares(np.concatenate(company(rows, first, keys))), ends)


@cache
def shipped() -> Model | None:
    """The shipped model; None where the package carries none."""
    data = compiled.load("events", "sides")
    return Model(data) if data["trees"] else None
