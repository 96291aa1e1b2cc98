"""Trains the weights of ``musnad.language.tagger`` on UD Arabic PUD without its held-out part: ``python -m training.tagger``."""

from __future__ import annotations

import argparse
import os
import random
from collections import defaultdict
from pathlib import Path

import msgspec

from musnad.language import features as F
from musnad.language.letters import fold
from musnad.language.tokenize import cut
from musnad.language.words import ENCLITICS, Candidate, candidates, plain
from training import pud

TARGET = Path(__file__).resolve().parents[1] / "src/musnad/language/compiled/tagger.msgpack"


#: share of words shown without the features that know them by heart, so that the others learn to do without
DROPPED = 0.3
LEXICAL = frozenset(("w|", "k|", "l|", "m|"))


class Gold:
    """A written word with the parts PUD gives it."""

    __slots__ = ("aspect", "first", "kind", "last", "lemma", "norm", "number", "person", "pos", "raw", "voice")

    def __init__(self, raw: str, kind: str) -> None:
        self.raw, self.kind, self.norm = raw, kind, fold(raw)
        self.pos = ""


def words(sentence: pud.Sentence) -> list[Gold]:
    """Tokens of a sentence as Musnad cuts them, with PUD's parts where these are whole inside the token."""
    out = []
    for start, end, raw, kind in cut(sentence.text):
        gold = Gold(raw, kind)
        out.append(gold)
        parts = [p for p in sentence.parts if p.start < end and p.end > start]
        if kind != "word" or not parts or parts[0].start < start or parts[-1].end > end:
            continue
        lead = 0
        while lead < len(parts) - 1 and len(fold(parts[lead].form)) == 1 and fold(parts[lead].form) in "وفبلكسا":
            if lead + 2 == len(parts) and fold(parts[lead].form) in "بلك" and fold(parts[lead + 1].form) in ENCLITICS:
                break
            lead += 1
        tail = len(parts)
        if tail - lead == 2 and parts[-1].pos == "PRON" and fold(parts[-1].form) in ENCLITICS:
            tail -= 1
        if tail - lead != 1:
            continue
        stem = parts[lead]
        gold.first, gold.last = len(fold(sentence.text[start : stem.start])), len(fold(sentence.text[start : stem.end]))
        gold.pos = stem.pos
        gold.lemma = fold(stem.lemma.replace("`", ""))  # PUD leaves the dagger alef of some lemmas so
        gold.aspect = {"Perf": "perf", "Imp": "imp"}.get(stem.features.get("Aspect", ""), "")
        gold.voice = {"Act": "act", "Pass": "pass"}.get(stem.features.get("Voice", ""), "")
        gold.person = stem.features.get("Person", "")
        gold.number = {"Sing": "s", "Plur": "p", "Dual": "d"}.get(stem.features.get("Number", ""), "")
    return out


def right(gold: Gold, candidate: Candidate) -> int:
    """How much of the gold a candidate has: 0 wrong cut, 1 cut, 2 also part of speech, 3 also lemma, 4 also verb features."""
    if (candidate.cut.first, candidate.cut.last) != (gold.first, gold.last):
        return 0
    reading = candidate.reading
    if reading.pos != gold.pos:
        return 1
    if fold(reading.lemma) != gold.lemma:
        return 2
    if gold.pos in ("VERB", "AUX") and reading.pos in ("VERB", "AUX"):
        if gold.aspect != reading.aspect or (gold.person and gold.person != reading.person):
            return 3
        if gold.voice and gold.voice != reading.voice:
            return 3
    return 4


def train(sentences: list[list[Gold]], epochs: int, seeds: int = 1) -> dict[str, float]:
    """The mean of the weights that several orders of the same sentences give: steadier than any one of them."""
    total: dict[str, float] = defaultdict(float)
    for seed in range(seeds):
        for feature, weight in train_once(sentences, epochs, 7 + seed).items():
            total[feature] += weight / seeds
    return {f: round(w, 3) for f, w in total.items() if abs(w) >= 0.02}


def train_once(sentences: list[list[Gold]], epochs: int, seed: int) -> dict[str, float]:
    weights: dict[str, float] = defaultdict(float)
    totals: dict[str, float] = defaultdict(float)
    stamps: dict[str, int] = defaultdict(int)
    clock = 0

    def add(feature: str, amount: float) -> None:
        totals[feature] += (clock - stamps[feature]) * weights[feature]
        stamps[feature] = clock
        weights[feature] += amount

    own: dict[str, list[tuple[Candidate, list[str], F.Option]]] = {}

    def options(raw: str) -> list[tuple[Candidate, list[str], F.Option]]:
        if raw not in own:
            norm, written = fold(raw), plain(raw)
            made = []
            for c in candidates(written):
                option = F.option_of(c)
                made.append((c, list(dict.fromkeys(F.own_features(raw, norm, written, option))), option))
            own[raw] = made
        return own[raw]

    rng = random.Random(seed)
    order = list(range(len(sentences)))
    for epoch in range(epochs):
        rng.shuffle(order)
        wrong = seen = 0
        for index in order:
            sentence = sentences[index]
            # the right-hand neighbour is seen by its own best option, as when tagging
            first: list[F.Option] = []
            for word in sentence:
                if word.kind != "word":
                    first.append(F.mark_option(F.mark_label(word.raw, word.kind)))
                    continue
                scored = [(sum(weights.get(f, 0.0) for f in feats), o) for _, feats, o in options(word.raw)]
                first.append(max(scored, key=lambda s: s[0])[1])
            norms = [w.norm if w.kind == "word" else o.stem for w, o in zip(sentence, first, strict=True)]
            first.append(F.mark_option("$"))
            norms.append("$")
            before = before2 = F.mark_option("^")
            last_norm, clause = "^", "0"
            for i, word in enumerate(sentence):
                if word.kind != "word":
                    chosen = first[i]
                else:
                    best, top, want, want_top = None, -1e9, None, -1e9
                    level = max((right(word, c) for c, _, _ in options(word.raw)), default=0) if word.pos else 0
                    keys = F.surroundings(before, before2, norms[i + 1], first[i + 1].tag, last_norm, clause)
                    blind = rng.random() < DROPPED
                    for c, all_feats, o in options(word.raw):
                        feats = [f for f in all_feats if f[:2] not in LEXICAL] if blind else all_feats
                        context = F.context_features(o, keys)
                        score = sum(weights.get(f, 0.0) for f in feats) + sum(weights.get(f, 0.0) for f in context)
                        if score > top:
                            best, top = (feats, context, o, c), score
                        if level and right(word, c) == level and score > want_top:
                            want, want_top = (feats, context, o, c), score
                    assert best is not None
                    clock += 1
                    chosen = best[2]
                    if want is not None:
                        seen += 1
                        if best is not want and right(word, best[3]) != level:
                            wrong += 1
                            for f in [*want[0], *want[1]]:
                                add(f, 1.0)
                            for f in [*best[0], *best[1]]:
                                add(f, -1.0)
                        chosen = want[2]
                before2, before, last_norm = before, chosen, word.norm
                clause = F.clause_after(clause, F.turn_of(chosen.pos, chosen.stem))
        print(f"epoch {epoch + 1}: {wrong} of {seen} wrong, {len(weights)} weights")
    for feature in weights:
        totals[feature] += (clock - stamps[feature]) * weights[feature]
    return {f: round(t / clock, 3) for f, t in totals.items() if abs(t / clock) >= 0.01}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("MUSNAD_DATA", "../shared/data")))
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--out", type=Path, default=TARGET)
    args = parser.parse_args()
    made = train([words(s) for s in pud.split(args.data)[0]], args.epochs, args.seeds)
    args.out.write_bytes(msgspec.msgpack.Encoder(order="deterministic").encode(made))
    print(f"{len(made)} weights, {args.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
