"""Labels unlabelled news with the accurate model, for the fast one to learn from.

python -m training.tokenmodel.teach --data ../shared/data --out silver.json [--limit 8000]

Each sentence keeps how sure the model is of its names (probability of the whole label sequence), so that doubtful
ones can be left out. ANERcorp's training sentences get part of speech and splits, with و cut off where NewsFANE has it so.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from musnad.language.model import load
from musnad.language.model.accurate import AccurateModel, viterbi
from musnad.language.model.labels import NAME_LABELS, fold
from training.tokenmodel import data as sets


def sureness(em: np.ndarray, path: Sequence[int], trans: np.ndarray, start: np.ndarray) -> float:
    """Probability of a label sequence under the chain."""
    alpha = start + em[0]
    gold = alpha[path[0]]
    for i in range(1, len(em)):
        m = alpha[:, None] + trans
        top = m.max(0)
        alpha = top + np.log(np.exp(m - top).sum(0)) + em[i]
        gold += trans[path[i - 1], path[i]] + em[i][path[i]]
    top = alpha.max()
    return float(np.exp(gold - top - np.log(np.exp(alpha - top).sum())))


def unlabelled(data: Path, limit: int, seed: int = 7) -> list[list[str]]:
    """Event sentences and a sample of ANT, each sentence once, 5 to 90 words."""
    seen: set[str] = set()
    out: list[list[str]] = []
    ant = list(sets.ant(data))
    random.Random(seed).shuffle(ant)
    for words in sets.gsr(data) + ant:
        key = sets.key(words)
        if 5 <= len(words) <= 90 and len(key) > 15 and key not in seen:
            seen.add(key)
            out.append(words)
            if len(out) == limit:
                break
    return out


def waw_splits(data: Path, train: list[sets.Sentence]) -> dict[int, dict[int, bool]]:
    """By sentence of the training part: for words that begin with waw, whether NewsFANE cuts it off."""
    fane = sets.newsfane(data)
    out: dict[int, dict[int, bool]] = {}
    for j, (_, i) in sets.realign(fane, train).items():
        free = [fold(w) for w in fane[j][0]]
        marks: dict[int, bool] = {}
        at = 0
        for k, w in enumerate(train[i][0]):
            f = fold(w)
            if len(f) < 3 or f[0] != "و":
                continue
            for m in range(at, min(len(free), k * 2 + 12)):
                if free[m] == f or (free[m] == "و" and m + 1 < len(free) and free[m + 1] == f[1:]):
                    marks[k] = free[m] == "و"
                    at = m + 1
                    break
        out[i] = marks
    return out


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--data", type=Path, default=Path("../shared/data"))
    ap.add_argument("--out", type=Path, required=True)
    ap.add_argument("--limit", type=int, default=8000)
    args = ap.parse_args()
    train = sets.anercorp(args.data)[0]
    waw = waw_splits(args.data, train)
    free = unlabelled(args.data, args.limit)
    teacher = load("accurate")
    assert isinstance(teacher, AccurateModel)
    labels = teacher.labels
    with_waw = np.array([x.startswith("و+") for x in labels[2]])
    out = []
    for n, words in enumerate(free + [w for w, _ in train]):
        names, pos, split = teacher.summed(words)
        for i, cut_off in waw.get(n - len(free), {}).items():
            split[i, with_waw != cut_off] = -np.inf
        path = viterbi(names, teacher.trans, teacher.start)
        out.append({
            "words": words, "names": [NAME_LABELS[i] for i in path],
            "sure": sureness(names, path, teacher.trans, teacher.start),
            "pos": [labels[1][i] for i in pos.argmax(1)], "split": [labels[2][i] for i in split.argmax(1)],
        })  # fmt: skip
    for s in out[len(free) :]:  # names are known here
        del s["names"]
    args.out.write_text(json.dumps(out, ensure_ascii=False))
    sure = np.array([s["sure"] for s in out])
    print(
        len(out),
        "sentences",
        sum(len(s["words"]) for s in out),
        "words; sure",
        np.percentile(sure, [10, 25, 50, 75]),
    )


if __name__ == "__main__":
    main()
