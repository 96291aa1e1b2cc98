"""Word classes from neighbours: makes ``src/musnad/language/lexicon/words.tsv`` from the Arabic News Texts corpus.

Each word with three or more occurrences gets its count; the frequent ones get two class numbers: spherical k-means over their left
and right neighbour counts (square roots, reduced by SVD). ``python -m training.wordclasses --data DIR``.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np

from musnad.language.letters import fold
from musnad.language.tokenize import cut
from musnad.language.words import plain

WRITTEN = Path(__file__).resolve().parents[1] / "src/musnad/language/lexicon/written.txt"
TARGET = Path(__file__).resolve().parents[1] / "src/musnad/language/lexicon/words.tsv"
LEAST, LEAST_FOR_CLASS, NEIGHBOURS, DIMENSIONS = 3, 5, 800, 60
CLASSES = (48, 256)


def texts(data: Path) -> tuple[list[list[str]], Counter[str]]:
    """Words (match level) of each article, marks and numbers as stand-ins; and how often each spelling occurs."""
    out: list[list[str]] = []
    spelled: Counter[str] = Counter()
    with gzip.open(data / "news" / "ant_v1.1.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            text = json.loads(line).get("text") or ""
            made = list(cut(text))
            spelled.update(plain(raw) for _, _, raw, kind in made if kind == "word")
            out.append([fold(raw) if kind == "word" else "#" if kind == "number" else raw[:1] for _, _, raw, kind in made])
    return out, spelled


def written_forms(data: Path) -> list[str]:
    """Every written form of the corpus in Arabic letters, vowels and all, in order of letters: options of these are made ready ahead."""
    found: set[str] = set()
    with gzip.open(data / "news" / "ant_v1.1.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            found.update(raw for _, _, raw, kind in cut(json.loads(line).get("text") or "") if kind == "word" and len(raw) <= 20)
    return sorted(w for w in found if "\u0621" <= w[0] <= "\u064a" and max(w) <= "\u0652" and "\u0640" not in w)


def classes(articles: list[list[str]], counts: Counter[str], sizes: tuple[int, ...]) -> dict[str, list[int]]:
    """Class numbers of each frequent word, one per size."""
    words = [w for w, n in counts.most_common() if n >= LEAST_FOR_CLASS]
    row = {w: i for i, w in enumerate(words)}
    column = {w: i for i, (w, _) in enumerate(counts.most_common(NEIGHBOURS))}
    seen = np.zeros((len(words), 2 * NEIGHBOURS), np.float32)
    for article in articles:
        for left, right in pairwise(article):
            if right in row and left in column:
                seen[row[right], column[left]] += 1
            if left in row and right in column:
                seen[row[left], NEIGHBOURS + column[right]] += 1
    seen = np.sqrt(seen)
    seen /= np.linalg.norm(seen, axis=1, keepdims=True) + 1e-6
    gram = seen.T @ seen
    _, vectors = np.linalg.eigh(gram)
    points = seen @ vectors[:, -DIMENSIONS:]
    points /= np.linalg.norm(points, axis=1, keepdims=True) + 1e-6
    made = []
    for size in sizes:
        rng = np.random.default_rng(7)
        centres = points[rng.choice(min(len(points), 4000), size, replace=False)]
        for _ in range(25):
            own = (points @ centres.T).argmax(1)
            for k in range(size):
                inside = points[own == k]
                if len(inside):
                    mean = inside.mean(0)
                    centres[k] = mean / (np.linalg.norm(mean) + 1e-6)
        made.append((points @ centres.T).argmax(1))
    return {w: [int(m[i]) for m in made] for w, i in row.items()}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("MUSNAD_DATA", "../shared/data")))
    parser.add_argument("--written", action="store_true", help="make the list of written forms only")
    args = parser.parse_args()
    WRITTEN.write_text("".join(f"{w}\n" for w in written_forms(args.data)), encoding="utf-8")
    if args.written:
        return
    articles, spelled = texts(args.data)
    counts = Counter(w for a in articles for w in a)
    found = classes(articles, counts, CLASSES)
    words = sorted((w for w, n in spelled.items() if counts[fold(w)] >= LEAST and n >= LEAST - 1 and "\u0621" <= w[:1] <= "\u064a"
                    and len(w) <= 20), key=lambda w: (-spelled[w], w))  # fmt: skip
    with TARGET.open("w", encoding="utf-8") as out:
        out.write("# written form\tcount in the Arabic News Texts corpus 1.1 (Apache-2.0)\tcoarse class\tfine class\n")
        for word in words:
            coarse, fine = found.get(fold(word), ("", ""))
            out.write(f"{word}\t{spelled[word]}\t{coarse}\t{fine}\n")


if __name__ == "__main__":
    main()
