"""Which words name an event, of which type: a linear model over the word, its neighbours, the parties around it and what the frames say, and trees
that look at its answers all over the article.

Frames know words and their constructions; the linear model knows how likely a word in such company names an event of a type
(«الاتفاق النووي» is a topic, «لقاء مفتوح مع الصحفيين» no consultation); the trees know that an article which tells of one event tells of more, how often the
word named an event before, and how far to believe it. Both are in ``compiled/triggers.msgpack``, made by ``training/events``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Iterable
from functools import cache
from typing import Any, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from musnad import lexicon as compiled
from musnad.actors import find
from musnad.events.found import Found
from musnad.events.trees import Trees
from musnad.record import Entity, EventType, Mention
from musnad.statements.chain import chain_of

TYPES: tuple[str, ...] = get_args(EventType)
_CLOSED = frozenset({"punct", "prep", "rel", "comp", "sub", "neg", "aux"})
_POLITICAL = frozenset({"GOV", "MIL", "COP", "REB", "LEG", "JUD", "SPY", "PTY", "IGO", "UAF", "PRM", "OPP"})
_NEAR, _BACK = 6, 10
#: tokens on either side whose parties count as the sentence's
_AROUND = 80
#: longest fixed turn whose words name one event together
PHRASE = 6
#: a word whose best type is less likely than this names none
_LEAST = 0.015
_OWN = (
    "frame_types", "lexicon_types", "at", "sentence", "verb", "definite", "preposition", "conjunction", "suffix", "told", "cue", "politics",
    "party_distance", "verb_distance", "inside", "tokens", "occurred", "unreal", "actors", "recipients", "labels", "party_before", "frame_fails",
)  # fmt: skip
_ACROSS = (
    "share", "second", "none", "framed", "type_framed", "type_known", "near", "before", "after", "density", "most", "words", "place", "repeated",
    "lemma_rate", "lemma_count", "type_rate", "told_before", "lemma_most", "type_before", "type",
)  # fmt: skip
#: what the trees see of a word: its own facts, then those of its company
NAMES = _OWN + _ACROSS


class Candidate(NamedTuple):
    """A word that may name an event: tokens [first, last), features for the linear model, own facts for the trees (in the order of ``_OWN``),
    types of the frames found at it, types that the lexicon has it for."""

    first: int
    last: int
    lemma: str
    features: list[str]
    facts: list[float]
    framed: frozenset[str]
    known: set[str]


class Surroundings:
    """What the model sees of each word of an article. Made once per article."""

    def __init__(self, coder: Any) -> None:
        self.c = coder.c
        self.lexicon = coder.lexicon
        self.analysis = coder.analysis
        self.notes = notes = find.widest(self.analysis)
        self.starts = [n.first for n in notes]
        self.cues = {s.cue.start: s.act for s in self.analysis.statements}
        entities = self.c.entities
        self.labels = [label_of(n.mention, entities.get(n.mention.entity or "")) for n in notes]
        sides = sum(label.startswith(("state/", "armed_group/")) or label.partition("/")[2] in _POLITICAL for label in self.labels)
        #: how much the article speaks of states, armed groups and offices: a memoir or a recipe hardly does
        self.politics = min(int(66 * sides / max(len(self.c.tokens), 1)), 6)

    def candidate(self, i: int) -> bool:
        """Whether a word can name an event at all."""
        token = self.c.tokens[i]
        if token.kind != "word" or self.c.kinds[i] in _CLOSED or len(token.norm) < 3:
            return False
        return self.c.time_end(i) is None

    def types(self, i: int) -> set[str]:
        """The types that the lexicon has the word at token i for, whether or not their conditions hold."""
        return {self.lexicon.frames[n].type for w in self.c.words[i] for n, _ in self.lexicon.senses.get(w.lexeme, ())}

    def at(self, i: int, found: list[Found]) -> Candidate:
        """The word at token i; ``found``: what the frames made of it."""
        c, tokens = self.c, self.c.tokens
        token = tokens[i]
        sentence = self.analysis.sentences[token.sentence]
        first, last = sentence.first, sentence.last
        lemma, kind = token.lemma, c.kinds[i]
        shape = (
            ("V" if kind == "verb" else "N")
            + ("d" if token.definite else "")
            + ("p" + token.preposition if token.preposition else "")
            + ("c" if token.conjunction else "")
            + ("s" if token.enclitic is not None else "")
        )
        if kind == "verb" and token.readings:
            shape += token.readings[0].aspect or ""
        out = ["1", "l=" + lemma, "b=" + token.bare, "m=" + shape, "lm=" + lemma + shape, "lp=" + lemma + token.pos]
        around = [tokens[k].lemma if first <= k < last else "|" for k in (i - 2, i - 1, i + 1, i + 2)]
        out += [
            "a=" + around[0],
            "y=" + around[1],
            "z=" + around[2],
            "e=" + around[3],
            "ly=" + lemma + "_" + around[1],
            "lz=" + lemma + "_" + around[2],
        ]
        party_distance = verb_distance = 9
        party_before = False
        k = bisect_left(self.starts, i + 1)
        if k < len(self.starts) and self.starts[k] <= i + _NEAR and self.starts[k] < last:
            party_distance = self.starts[k] - i
            label = self.labels[k]
            out += ["n=" + label, "ln=" + lemma + label, "nd=" + str(party_distance)]
        else:
            out += ["n=|", "ln=" + lemma + "|"]
        k = bisect_left(self.starts, i) - 1
        if k >= 0 and self.notes[k].last > i - _NEAR and self.notes[k].first >= first:
            party_before = True
            out += ["o=" + self.labels[k], "lo=" + lemma + self.labels[k]]
        inside = find.note_at(self.analysis, i)
        if inside is not None:
            out += ["in=" + inside.mention.kind, "at=" + str(min(i - inside.first, 3))]
        verb = next((k for k in range(i - 1, max(first, i - _BACK) - 1, -1) if c.kinds[k] == "verb"), None)
        if verb is not None:
            verb_distance = min(i - verb, 6)
            out += ["v=" + tokens[verb].lemma, "lv=" + lemma + "_" + tokens[verb].lemma, "vd=" + str(verb_distance)]
        else:
            out.append("v=|")
        prep = next((k for k in range(i + 1, min(last, i + _NEAR)) if c.kinds[k] == "prep" or tokens[k].preposition), None)
        if prep is not None:
            name = c.norms[prep] if c.kinds[prep] == "prep" else tokens[prep].preposition
            out += [f"p={name}", f"lpr={lemma}_{name}"]
        if i > first and c.kinds[i - 1] == "prep":
            out.append("pb=" + c.norms[i - 1])
        types = self.types(i)
        out += ["x=" + t for t in types]
        for item in found:
            out += ["f=" + item.frame.id, "ft=" + item.frame.type + shape[0], "fs=" + item.status,
                    f"fr={item.frame.type}{min(len(item.roles.actors), 1)}{min(len(item.roles.recipients), 1)}"]  # fmt: skip
        if types and not found:
            out.append("nf")
        act = self.cues.get(token.start)
        if act is not None:
            out.append("cue=" + act)
        told = bool(chain_of(self.analysis, token.start, token.end))
        out.append("told=" + str(told))
        out.append("at=" + str(min((i - first) // 4, 8)))
        out.append("sn=" + str(min(token.sentence, 3)))
        low, high = bisect_left(self.starts, max(first, i - _AROUND)), bisect_left(self.starts, min(last, i + _AROUND))
        labels = list(dict.fromkeys(self.labels[low:high]))
        out += [f"doc={self.politics}", f"doc={self.politics}{shape[0]}"]
        out += ["h=" + label for label in labels]
        framed = frozenset(f.frame.type for f in found)
        status = found[0].status if found else None
        end = max((f.last for f in found if f.last - f.index <= PHRASE), default=i + 1)
        facts: list[float] = [
            len(framed), len(types), min((i - first) // 4, 8), min(token.sentence, 3), kind == "verb", token.definite,
            token.preposition is not None, token.conjunction is not None, token.enclitic is not None, told, act is not None, self.politics,
            party_distance, verb_distance, inside is not None, end - i, -1 if status is None else status == "occurred",
            -1 if status is None else status in ("demanded", "possible"), min(len(found[0].roles.actors), 1) if found else -1,
            min(len(found[0].roles.recipients), 1) if found else -1, len(labels), party_before, bool(types and not found),
        ]  # fmt: skip
        return Candidate(i, end, lemma, list(dict.fromkeys(out)), facts, framed, types)


def label_of(mention: Mention, entity: Entity | None) -> str:
    """Kind and sector of a party, as the models' features name it."""
    return f"{mention.kind}/{entity.sector if entity is not None else None}"


class Rates:
    """How often each lemma was seen among candidates, and how often it named an event of each type (by number, 1 + its place in TYPES)."""

    def __init__(self, data: dict[str, tuple[int, dict[int, int]]]) -> None:
        self._data = data

    def of(self, lemma: str, kind: int) -> tuple[float, float, float]:
        """Share of events (drawn towards a tenth), times seen (fifty at most), share of events of a type."""
        seen, named = self._data.get(lemma, (0, {}))
        return (sum(named.values()) + 0.5) / (seen + 5), min(seen, 50), (named.get(kind, 0) + 0.1) / (seen + 2)


def rows(words: list[Candidate], shares: NDArray[np.float32], rates: Rates) -> tuple[NDArray[np.float32], list[tuple[int, int]]]:
    """What the trees see of an article's candidates: a row (in the order of :data:`NAMES`) for each whose best type is likely enough, and its number
    with the number of that type. ``shares``: chances of no event and of each type, a row per candidate."""
    if not words:
        return np.zeros((0, len(NAMES)), np.float32), []
    kinds = (shares[:, 1:].argmax(1) + 1).tolist()
    table = shares.tolist()
    events = [1 - row[0] for row in table]
    density, most = sum(events) / len(words), max(events)
    repeated: dict[str, list[int]] = {}
    for k, w in enumerate(words):
        repeated.setdefault(w.lemma, []).append(k)
    # sums over the words before each
    before = np.cumsum(np.vstack([np.zeros((1, shares.shape[1])), shares[:-1]]), 0).tolist()
    told = np.cumsum([0.0, *events[:-1]]).tolist()
    out, who = [], []
    for k, (w, kind, row, event) in enumerate(zip(words, kinds, table, events, strict=True)):
        share = row[kind]
        if share >= _LEAST:
            same = [table[n][kind] for n in repeated[w.lemma] if n != k]
            name = TYPES[kind - 1]
            out.append([
                *w.facts, share, max([x for n, x in enumerate(row) if n and n != kind]), row[0], bool(w.framed), name in w.framed, name in w.known,
                sum(events[max(0, k - 4) : k + 5]) - event, events[k - 1] if k else 0.0, events[k + 1] if k + 1 < len(words) else 0.0,
                density, most, len(words), k / len(words), len(same) + 1, *rates.of(w.lemma, kind), told[k], max(same, default=0.0), before[k][kind], kind,
            ])  # fmt: skip
            who.append((k, kind))
    return np.array(out, np.float32).reshape(len(out), len(NAMES)), who


class TriggerModel:
    """Weights of features for each type, and the trees that judge its answers; see the module."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.index: dict[str, int] = {name: k for k, name in enumerate(data["features"])}
        #: half the memory of what they are summed in
        self.weights: NDArray[np.float16] = np.frombuffer(data["weights"], "<f2").reshape(len(self.index), len(TYPES) + 1)
        #: words whose share of events is worth a look
        self.lemmas = frozenset(data["lemmas"])
        self.limits: dict[str, float] = data["limits"]
        self.rates = Rates({lemma: (seen, dict(named)) for lemma, seen, named in data["rates"]})
        self.trees = Trees(data["trees"])
        if self.trees.names != NAMES:
            raise compiled.LexiconError("events/triggers is not of this version: run `python -m training.events.triggers --write`")

    @staticmethod
    def shipped() -> TriggerModel | None:
        """The shipped table, or None where the package carries none."""
        return _shipped()

    def shares(self, features: list[str]) -> NDArray[np.float32]:
        """Chance of no event and of each type, in the order of :data:`TYPES`."""
        index = self.index
        raw = self.weights[[k for f in features if (k := index.get(f)) is not None]].sum(0, np.float32)
        made: NDArray[np.float32] = np.exp(raw - raw.max())
        made /= made.sum()
        return made

    def judge(self, words: list[Candidate]) -> dict[int, tuple[str, float]]:
        """Type and chance of the words of an article that may name an event, by their number."""
        if not words:
            return {}
        seen, who = rows(words, np.stack([self.shares(w.features) for w in words]), self.rates)
        chances = self.trees.shares(seen)[:, 0].tolist() if who else []
        return {k: (TYPES[kind - 1], chance) for (k, kind), chance in zip(who, chances, strict=True)}


def by_word(found: Iterable[Found]) -> tuple[dict[int, list[Found]], set[int]]:
    """What the frames made of each trigger, and the further words of fixed turns, which name nothing by themselves."""
    at: dict[int, list[Found]] = {}
    inside: set[int] = set()
    for item in found:
        at.setdefault(item.index, []).append(item)
        if item.last - item.index <= PHRASE:
            inside.update(range(item.index + 1, item.last))
    return at, inside


class Judge:
    """Keeps, drops and adds events of one article by the model."""

    def __init__(self, model: TriggerModel, coder: Any) -> None:
        self.model = model
        self.around = Surroundings(coder)

    @staticmethod
    def shipped(coder: Any) -> Judge | None:
        """With the shipped table; None where the package carries none."""
        model = TriggerModel.shipped()
        return Judge(model, coder) if model is not None else None

    def judge(self, coder: Any, pieces: list[tuple[int, int, list[Found]]], *, short: bool = False) -> list[list[Found]]:
        """The events of each piece of the article (its tokens, what the frames found): those that the model believes, and words that no frame has
        so.

        :param short: a text of one or two sentences is little company: where the lexicon has a word for a type and its conditions do not hold, the
            model has to be surer.
        """
        words = [w for first, last, found in pieces for w in candidates(self.around, first, last, found, self.model.lemmas)]
        limits = self.model.limits
        believed: dict[int, tuple[str, float, float]] = {}
        for k, (kind, chance) in self.model.judge(words).items():
            word = words[k]
            against = kind in word.known and kind not in word.framed
            needed = limits["event" if not short else "against" if against else "short"]
            if chance >= needed:
                believed[word.first] = kind, chance, needed
        out = []
        for first, last, found in pieces:
            at, _ = by_word(found)
            kept: list[Found] = []
            for i in range(first, last):
                if i not in believed:
                    continue
                kind, chance, needed = believed[i]
                here = [f for f in at.get(i, ()) if f.frame.type == kind] or [coder.general(i, kind)]
                for item in here:
                    item.score = round(chance, 4)
                    item.rules.append(f"model={chance:.2f} (needs {needed:.2f})")
                kept += here
            out.append(kept)
        return out


def candidates(around: Surroundings, first: int, last: int, found: list[Found], lemmas: Container[str] | None) -> list[Candidate]:
    """The words of tokens [first, last) that may name an event: all that frames found something at, and those with one of ``lemmas`` (None: any)."""
    at, inside = by_word(found)
    out = []
    for i in range(first, last):
        here = at.get(i, [])
        if here or (i not in inside and (lemmas is None or around.c.tokens[i].lemma in lemmas) and around.candidate(i)):
            out.append(around.at(i, here))
    return out


@cache
def _shipped() -> TriggerModel | None:
    data = compiled.load("events", "triggers")
    return TriggerModel(data) if data["features"] else None
