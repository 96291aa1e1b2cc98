"""Scores candidates of the types a table was made for: how likely coders call the sentence a report of that event.

The table (``lexicon/salience.tsv``) averages two logistic regressions, one over :mod:`musnad.events.features`, one over TF-IDF of the
sentence's letters, made by ``training/events/train.py`` from arabic_event_gsr (MIT). Types without a table keep what the frames find.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from musnad import lexicon as compiled
from musnad.events import features
from musnad.events.found import Found
from musnad.language.letters import fold
from musnad.language.tokens import Sentence

#: most sentences of a short text
SHORT = 2
#: types that coders judged single sentences for: in a short text the frames find them, and the table decides
JUDGED = frozenset({"ASSAULT", "PROTEST"})
#: letters of a sentence that are looked at
_LONGEST = 1500


@dataclass
class Table:
    """Weights of one type: of candidate features, of letter groups with their idf."""

    bias: float
    own: dict[str, float]
    letters: dict[str, float]
    idf: dict[str, float]

    def of_text(self, folded: str) -> float:
        """The letters' part of the logit (scikit-learn's ``char_wb``, sublinear tf, L2 norm)."""
        counts: Counter[str] = Counter()
        idf = self.idf
        for raw in folded[:_LONGEST].lower().split():
            word = f" {raw} "
            size = len(word)
            for n in (2, 3, 4, 5):
                if size <= n:
                    counts[word] += 1
                    break
                for k in range(size - n + 1):
                    counts[word[k : k + n]] += 1
        total = norm = 0.0
        for gram, n in counts.items():
            weight = idf.get(gram)
            if weight is not None:
                value = (1 + math.log(n)) * weight
                norm += value * value
                total += value * self.letters[gram]
        return total / math.sqrt(norm) if norm else 0.0

    def score(self, of_text: float, candidate: Iterable[str]) -> float:
        """The score 0..1 of a candidate in a sentence whose letters give ``of_text``."""
        own = self.own
        logit = self.bias + of_text
        for f in set(candidate):
            weight = own.get(f)
            if weight is not None:
                logit += weight * features.value(f)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit / 2))))


class Scorer:
    """A table and two thresholds per type. ``alone``: for a sentence that is the whole text; ``within``: in an article.

    Coders of single sentences accept what the sentence is about; in an article the attack of a side clause counts as well.
    """

    def __init__(self, tables: dict[str, Table], alone: dict[str, float], within: dict[str, float]) -> None:
        self.tables = tables
        self.alone = alone
        self.within = within

    @staticmethod
    def shipped() -> Scorer | None:
        """The shipped table."""
        return _shipped()

    def keep(self, found: list[Found], coder: Any, sentence: Sentence, threshold: float | None) -> list[Found]:
        """Those that reach their type's threshold, with their scores."""
        if not any(f.frame.type in self.tables for f in found):
            return found
        analysis = coder.analysis
        common = features.shared(coder.c, sentence.first, sentence.last)
        text = fold(analysis.text[sentence.start : sentence.end][:_LONGEST])
        bases = {t: self.tables[t].of_text(text) for t in {f.frame.type for f in found} if t in self.tables}
        alone = len(analysis.sentences) <= SHORT
        out = []
        for item in found:
            table = self.tables.get(item.frame.type)
            if table is None:
                out.append(item)
                continue
            mine = features.own(item, coder.c, sentence.first, sentence.last, found, analysis)
            item.score = round(table.score(bases[item.frame.type], common + mine), 4)
            limit = threshold if threshold is not None else (self.alone if alone else self.within)[item.frame.type]
            sure = alone and item.score < limit and threshold is None and coder.sure(item)
            if item.score >= limit or sure:
                item.rules.append(f"score={item.score:.2f} (" + ("main verb with its sides)" if sure else f"needs {limit:.2f})"))
                out.append(item)
        return out


@cache
def _shipped() -> Scorer | None:
    made = compiled.load("events", "salience")
    if not made["tables"]:
        return None
    tables = {k: Table(v["bias"], v["own"], v["letters"], v["idf"]) for k, v in made["tables"].items()}
    return Scorer(tables, made["alone"], made["within"])
