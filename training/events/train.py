"""Makes the scoring table of ASSAULT and PROTEST from arabic_event_gsr (MIT): ``python -m training.events.train [--data DIR] [--write]``.

Two logistic regressions whose logits are averaged: one over ``musnad.events.features`` of a candidate, one over TF-IDF of the
sentence's letters (2 to 5 within a word). Candidates are what the frames find; each sentence's target is the squared share of coders
who accepted it, in which its best candidate counts fully and the others hardly (found anew in a second round). Sentences called
ambiguous are trained on and not scored. Prints five-fold cross-validated precision, recall and F1 by source document; each fold's
threshold is chosen by an inner cross-validation on its training part. Needs scikit-learn.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from benchmarks.events import before_events, document
from musnad.events import features, merge
from musnad.events.frames import plover
from musnad.events.scoring import Scorer, Table
from musnad.events.stage import Coder
from musnad.language.letters import fold
from musnad.reading.build import make_article

OUT = Path(__file__).resolve().parents[2] / "src/musnad/events/lexicon/salience.tsv"
FOLDS, LETTERS, BALANCE = 5, 12000, 0.5
C_OWN, C_LETTERS = 0.03, 10.0


@dataclass
class Row:
    """A sentence: document, label, share of coders that accept it, folded text, features of each candidate."""

    document: str
    label: str
    share: float
    text: str
    candidates: list[list[str]]

    @property
    def yes(self) -> bool:
        return self.label == "yes"


def rows(data: Path, name: str) -> list[Row]:
    """Every sentence of one part of the set."""
    pipeline = before_events()
    out = []
    with (data / "arabic_event_gsr" / f"{name}_gsr.csv").open(encoding="utf-8") as lines:
        read = list(csv.DictReader(lines))
    for r in read:
        analysis = pipeline.analyse(make_article(r["text"]))
        coder = Coder(analysis, plover(), None)
        described: list[list[str]] = []
        parts = [(s.first, s.last, coder.sentence(s.first, s.last)) for s in analysis.sentences]
        judged = [found for _, _, found in parts] if coder.short or coder.triggers is None else coder.triggers.judge(coder, parts)
        for sentence, heard in zip(analysis.sentences, judged, strict=True):
            here = merge.within_sentence(heard, coder.c)
            common = features.shared(coder.c, sentence.first, sentence.last) if here else []
            for item in here:
                if item.frame.type == name.upper() and item.status != "denied":
                    described.append(common + features.own(item, coder.c, sentence.first, sentence.last, here, analysis))
        accept, reject = int(r["accept"]), int(r["reject"])
        out.append(Row(document(r["id"]), r["label"], accept / max(accept + reject, 1), fold(r["text"]), described))
    return out


def _soft(x: sp.csr_matrix, target: np.ndarray, c: float, weight: np.ndarray) -> LogisticRegression:
    both = sp.vstack([x, x]).tocsr()
    y = np.r_[np.ones(len(target)), np.zeros(len(target))]
    w = np.r_[target * weight, (1 - target) * weight]
    positive, negative = w[y == 1].sum(), w[y == 0].sum()
    w = np.where(y == 1, w * negative / positive * BALANCE, w)
    keep = np.flatnonzero(w > 0)
    return LogisticRegression(C=c, max_iter=300, solver="liblinear", random_state=0).fit(both[keep], y[keep], sample_weight=w[keep])


def fit(data: list[Row]) -> Table:
    """The table made from some rows."""
    share = np.array([r.share**2 for r in data])
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=3, sublinear_tf=True, max_features=LETTERS)
    x = letters.fit_transform([r.text for r in data])
    model = _soft(x, share, C_LETTERS, np.ones(len(data)))
    table = Table(float(model.intercept_[0]), {}, {}, {})
    for gram, k in letters.vocabulary_.items():
        table.letters[gram] = round(float(model.coef_[0][k]), 3)
        table.idf[gram] = round(float(letters.idf_[k]), 3)
    counts = Counter(f for r in data for c in r.candidates for f in set(c))
    index = {f: k for k, f in enumerate(sorted(f for f, n in counts.items() if n >= 2))}
    pairs = [(k, c) for k, r in enumerate(data) for c in r.candidates]
    where = np.array([k for k, _ in pairs])
    matrix = _matrix([c for _, c in pairs], index)
    weight = np.array([1 / len(data[k].candidates) for k in where])
    for _ in range(2):
        own = _soft(matrix, share[where], C_OWN, weight)
        p = own.decision_function(matrix)
        best: dict[int, int] = {}
        for i, k in enumerate(where):
            if k not in best or p[i] > p[best[k]]:
                best[k] = i
        weight = np.array([1.0 if i == best[k] else 0.05 for i, k in enumerate(where)])
    table.bias += float(own.intercept_[0])
    table.own = {f: round(float(own.coef_[0][k]), 4) for f, k in index.items() if abs(own.coef_[0][k]) > 5e-4}
    return table


def _matrix(candidates: list[list[str]], index: dict[str, int]) -> sp.csr_matrix:
    r, c, v = [], [], []
    for i, candidate in enumerate(candidates):
        for f in set(candidate):
            if f in index:
                r.append(i)
                c.append(index[f])
                v.append(features.value(f))
    return sp.csr_matrix((v, (r, c)), shape=(len(candidates), len(index)))


def score(table: Table, row: Row) -> float:
    """The best candidate's score."""
    if not row.candidates:
        return 0.0
    base = table.of_text(row.text)
    return max(table.score(base, c) for c in row.candidates)


def f1(data: list[Row], scores: list[float], limit: float) -> tuple[float, float, float]:
    """Precision, recall, F1 over the rows that are not ambiguous."""
    both = [(r.yes, s >= limit) for r, s in zip(data, scores, strict=True) if r.label != "ambiguous"]
    tp, fp, fn = sum(a and b for a, b in both), sum(b and not a for a, b in both), sum(a and not b for a, b in both)
    p, q = tp / max(tp + fp, 1), tp / max(tp + fn, 1)
    return p, q, 2 * p * q / max(p + q, 1e-9)


def best_limit(data: list[Row], scores: list[float]) -> float:
    """The threshold of the best F1, smoothed over its neighbours."""
    limits = np.arange(0.05, 0.96, 0.01)
    values = np.array([f1(data, scores, float(t))[2] for t in limits])
    smooth = np.convolve(np.pad(values, 4, mode="edge"), np.ones(9) / 9, mode="valid")
    return float(limits[int(np.argmax(smooth))])


def folds(data: list[Row], n: int, seed: int) -> list[set[str]]:
    """Source documents, dealt into n parts."""
    names = sorted({r.document for r in data})
    random.Random(seed).shuffle(names)
    return [set(names[k::n]) for k in range(n)]


def cross(data: list[Row], n: int, seed: int) -> list[float]:
    """Out-of-fold score of each row."""
    scores = [0.0] * len(data)
    for held in folds(data, n, seed):
        table = fit([r for r in data if r.document not in held])
        for k, r in enumerate(data):
            if r.document in held:
                scores[k] = score(table, r)
    return scores


def scorers(data: list[Row], name: str, seed: int = 13) -> list[tuple[set[str], Scorer]]:
    """For each fold its documents and a scorer that has not seen them."""
    out = []
    for held in folds(data, FOLDS, seed):
        train = [r for r in data if r.document not in held]
        limit = best_limit(train, cross(train, 3, seed + 1))
        out.append((held, Scorer({name.upper(): fit(train)}, {name.upper(): limit}, {name.upper(): limit})))
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("MUSNAD_DATA", "../shared/data")))
    parser.add_argument("--write", action="store_true", help="write the table made from all sentences")
    parser.add_argument("--within", type=float, nargs=2, default=(0.1, 0.1), help="thresholds inside an article, ASSAULT and PROTEST")
    args = parser.parse_args()
    lines = ["# type\tpart\tfeature\tweight\tidf: logistic regression made from arabic_event_gsr (MIT) by training/events/train.py"]
    for name, within in zip(("assault", "protest"), args.within, strict=True):
        data = rows(args.data, name)
        reach = sum(bool(r.candidates) for r in data if r.yes) / max(sum(r.yes for r in data), 1)
        print(f"{name}: {len(data)} sentences, {sum(r.yes for r in data)} positive, frames reach {reach:.3f} of them", flush=True)
        if not args.write:
            decided = [0.0] * len(data)
            for held, scorer in scorers(data, name):
                for k, r in enumerate(data):
                    if r.document in held:
                        decided[k] = float(score(scorer.tables[name.upper()], r) >= scorer.alone[name.upper()])
            p, q, f = f1(data, decided, 0.5)
            print(f"  five folds by document: P {p:.3f} R {q:.3f} F1 {f:.3f}")
            continue
        out_of_fold = cross(data, FOLDS, 13)
        limit = best_limit(data, out_of_fold)
        p, q, f = f1(data, out_of_fold, limit)
        print(f"  threshold {limit:.2f} (five folds, threshold chosen on them: P {p:.3f} R {q:.3f} F1 {f:.3f})")
        table = fit(data)
        kind = name.upper()
        lines += [
            f"{kind}\tlimit\talone\t{limit:.3f}\t",
            f"{kind}\tlimit\twithin\t{within:.3f}\t",
            f"{kind}\tbias\tbias\t{table.bias:.4f}\t",
        ]
        lines += [f"{kind}\town\t{f}\t{w}\t" for f, w in sorted(table.own.items())]
        lines += [f"{kind}\tletters\t{g.replace(' ', '_')}\t{w}\t{table.idf[g]}" for g, w in sorted(table.letters.items())]
    if args.write:
        OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
