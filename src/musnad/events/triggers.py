"""Which words name an event, of which type: a linear model over the word, its neighbours, the parties around it and what the frames say.

Frames know words and their constructions; the model knows how likely a word in such company names an event of a type at all
(«الاتفاق النووي» is a topic, «لقاء مفتوح مع الصحفيين» no consultation). Its table (``compiled/triggers.msgpack``) is made by ``training/events``.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from musnad import lexicon as compiled
from musnad.actors import find
from musnad.events.found import Found
from musnad.record import EventType
from musnad.statements.chain import chain_of

TYPES: tuple[str, ...] = get_args(EventType)
_CLOSED = frozenset({"punct", "prep", "rel", "comp", "sub", "neg", "aux"})
_POLITICAL = frozenset({"GOV", "MIL", "COP", "REB", "LEG", "JUD", "SPY", "PTY", "IGO", "UAF", "PRM", "OPP"})
_NEAR, _BACK = 6, 10
#: tokens on either side whose parties count as the sentence's
_AROUND = 80
#: longest fixed turn whose words name one event together
PHRASE = 6


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
        self.labels = [_label(n.mention, entities.get(n.mention.entity or "")) for n in notes]
        sides = sum(label.startswith(("state/", "armed_group/")) or label.partition("/")[2] in _POLITICAL for label in self.labels)
        #: how much the article speaks of states, armed groups and offices: a memoir or a recipe hardly does
        self.politics = "doc=" + str(min(int(66 * sides / max(len(self.c.tokens), 1)), 6))

    def candidate(self, i: int) -> bool:
        """Whether a word can name an event at all."""
        token = self.c.tokens[i]
        if token.kind != "word" or self.c.kinds[i] in _CLOSED or len(token.norm) < 3:
            return False
        return self.c.time_end(i) is None

    def types(self, i: int) -> set[str]:
        """The types that the lexicon has the word at token i for, whether or not their conditions hold."""
        return {self.lexicon.frames[n].type for w in self.c.words[i] for n, _ in self.lexicon.senses.get(w.lexeme, ())}

    def features(self, i: int, found: list[Found]) -> list[str]:
        """The features of the word at token i; ``found``: what the frames made of it."""
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
        k = bisect_left(self.starts, i + 1)
        if k < len(self.starts) and self.starts[k] <= i + _NEAR and self.starts[k] < last:
            label = self.labels[k]
            out += ["n=" + label, "ln=" + lemma + label, "nd=" + str(self.starts[k] - i)]
        else:
            out += ["n=|", "ln=" + lemma + "|"]
        k = bisect_left(self.starts, i) - 1
        if k >= 0 and self.notes[k].last > i - _NEAR and self.notes[k].first >= first:
            out += ["o=" + self.labels[k], "lo=" + lemma + self.labels[k]]
        inside = find.note_at(self.analysis, i)
        if inside is not None:
            out += ["in=" + inside.mention.kind, "at=" + str(min(i - inside.first, 3))]
        verb = next((k for k in range(i - 1, max(first, i - _BACK) - 1, -1) if c.kinds[k] == "verb"), None)
        if verb is not None:
            out += ["v=" + tokens[verb].lemma, "lv=" + lemma + "_" + tokens[verb].lemma, "vd=" + str(min(i - verb, 6))]
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
        out.append("told=" + str(bool(chain_of(self.analysis, token.start, token.end))))
        out.append("at=" + str(min((i - first) // 4, 8)))
        out.append("sn=" + str(min(token.sentence, 3)))
        low, high = bisect_left(self.starts, max(first, i - _AROUND)), bisect_left(self.starts, min(last, i + _AROUND))
        out += [self.politics, self.politics + shape[0]]
        out += ["h=" + label for label in dict.fromkeys(self.labels[low:high])]
        return out


def _label(mention: Any, entity: Any) -> str:
    return f"{mention.kind}/{entity.sector if entity is not None else None}"


class TriggerModel:
    """Weights of features for each type; see the module."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.index: dict[str, int] = {name: k for k, name in enumerate(data["features"])}
        self.weights: NDArray[np.float32] = (
            np.frombuffer(data["weights"], "<f2").astype(np.float32).reshape(len(self.index), len(TYPES) + 1)
        )
        #: words whose share of events is worth a look
        self.lemmas = frozenset(data["lemmas"])
        self.limits: dict[str, float] = data["limits"]

    @staticmethod
    def shipped() -> TriggerModel | None:
        """The shipped table, or None where the package carries none."""
        return _shipped()

    def shares(self, features: list[str]) -> list[float]:
        """Chance of no event and of each type, in the order of :data:`TYPES`."""
        index = self.index
        rows = [k for f in features if (k := index.get(f)) is not None]
        raw: list[float] = self.weights[rows].sum(0).tolist()
        top = max(raw)
        made = [math.exp(x - top) for x in raw]
        total = sum(made)
        return [x / total for x in made]


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

    def judge(self, coder: Any, found: list[Found], first: int, last: int) -> list[Found]:
        """The events of tokens [first, last): those of ``found`` that the model believes, and words that no frame has."""
        model, around = self.model, self.around
        at, inside = by_word(found)
        out: list[Found] = []
        for i in range(first, last):
            here = at.get(i, [])
            if not here and (i in inside or coder.c.tokens[i].lemma not in model.lemmas or not around.candidate(i)):
                continue
            shares = model.shares(around.features(i, here))
            best = max(range(1, len(shares)), key=shares.__getitem__)
            known = {f.frame.type for f in here}
            for item in here:
                share = shares[1 + TYPES.index(item.frame.type)]
                if share >= model.limits["frame"]:
                    item.score = round(share, 4)
                    item.rules.append(f"model={share:.2f} (needs {model.limits['frame']:.2f})")
                    out.append(item)
            if TYPES[best - 1] in known or any(o.index == i for o in out):
                continue
            # where a frame of the type knows the word and its conditions do not hold, the model has to be sure
            limit = model.limits["against" if TYPES[best - 1] in around.types(i) else "word"]
            if shares[best] >= limit:
                made = coder.general(i, TYPES[best - 1])
                made.score = round(shares[best], 4)
                made.rules.append(f"model={shares[best]:.2f} (needs {limit:.2f})")
                out.append(made)
        return out


@cache
def _shipped() -> TriggerModel | None:
    data = compiled.load("events", "triggers")
    return TriggerModel(data) if data["features"] else None
