"""Reads the training sets (see docs/model-card.md for sources and licences) as lists of words and labels.

The data folder is an argument everywhere; nothing of the text is kept in the repository.
"""

from __future__ import annotations

import difflib
import gzip
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from musnad.language.model.labels import WHOLE, fold, split_label

Sentence = tuple[list[str], list[str]]  # words, BIO names
# what one training step leaves for the next (word classes, kept pieces)
CACHE = Path(os.environ.get("MUSNAD_TRAINING_CACHE", str(Path.home() / ".cache" / "musnad-training")))
HELD_OUT = 0.2  # the last fifth, by document order
_TOKEN = re.compile(r"\d+(?:[.,٫٬/:]\d+)*%?|[^\W_]+(?:[\u064b-\u065f\u0670\u0640]+[^\W_]*)*|[^\w\s]|_", re.UNICODE)


class Tagged(NamedTuple):
    """A PUD sentence: words as written, UD tag of each stem, split label of each."""

    words: list[str]
    pos: list[str]
    split: list[str]


def words_of(text: str) -> list[str]:
    """Words and punctuation marks of raw text; clitics stay attached."""
    return _TOKEN.findall(text)


def read_bio(path: Path) -> list[Sentence]:
    """Sentences of a two-column (space or tab) BIO file; further columns are ignored."""
    out: list[Sentence] = []
    words: list[str] = []
    tags: list[str] = []
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        cols = line.split()
        if len(cols) < 2:
            if words:
                out.append((words, tags))
            words, tags = [], []
            continue
        words.append(cols[0])
        tags.append(cols[1])
    return out


def anercorp(data: Path) -> tuple[list[Sentence], list[Sentence]]:
    """ANERcorp's train part, cut by document order: first four fifths, last fifth."""
    sents = read_bio(data / "ner" / "anercorp_camel_train.txt")
    cut = round(len(sents) * (1 - HELD_OUT))
    return sents[:cut], sents[cut:]


def key(words: list[str]) -> str:
    """Letters of a sentence without spaces or spelling variants: equal for the same text in two sets."""
    return re.sub(r"[^ء-ي0a-z]", "", "".join(fold(w) for w in words)).replace("ا", "").replace("ل", "")


def newsfane(data: Path) -> list[Sentence]:
    """NewsFANE as its file has it (clitics cut off, fine classes)."""
    path = data / "ner" / "newsfane_gold.tsv"
    out = []
    for words, tags in read_bio(path):
        pairs = [(w.strip("\u200e\u200f"), t) for w, t in zip(words, tags, strict=True)]
        pairs = [(w, t) for w, t in pairs if w]
        out.append(([w for w, _ in pairs], [t for _, t in pairs]))
    return out


_FANE = {
    "PERS": "Politician Athlete Artist Other_PER Religious_PER Scientist Businessperson Lawyer Police Group Engineer",
    "ORG": "Government Non-Governmental Media Sports Commercial Educational Medical-Science Religious_ORG Entertainment",
    "LOC": "Nation Population-Center State-or-Province Continent Water-Body Land County-or-District "
    "Land-Region-Natural GPE-Cluster Airport Path Building-Grounds Subarea-Facility Celestial Plant",
}
FANE_CLASS = {fine: coarse for coarse, line in _FANE.items() for fine in line.split()}


def coarse(tag: str) -> str:
    """A fine NewsFANE tag as PERS/ORG/LOC/MISC."""
    return tag if tag == "O" else f"{tag[:2]}{FANE_CLASS.get(tag[2:], 'MISC')}"


def wojood(data: Path) -> list[Sentence]:
    """Wojood's first label of each word, in our classes (the widest name of ours wins)."""
    named = {"PERS": "PERS", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC"}
    out: list[Sentence] = []
    for name in ("wojood_train.txt", "wojood_val.txt"):
        words: list[str] = []
        tags: list[str] = []
        for line in [*(data / "ner" / name).read_text(encoding="utf-8").splitlines(), ""]:
            cols = line.split()
            if len(cols) < 2:
                if words:
                    out.append((words, tags))
                words, tags = [], []
                continue
            ours = [t for t in cols[1:] if t[2:] in named]
            words.append(cols[0])
            tags.append(f"{ours[0][:2]}{named[ours[0][2:]]}" if ours else "O")
    return out


def pud(data: Path) -> tuple[list[Tagged], list[Tagged]]:
    """PUD sentences with words put together again, cut by document order: first four fifths, last fifth."""
    out: list[Tagged] = []
    path = data / "ud_arabic_pud" / "ar_pud-ud-test.conllu"
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        rows = [r.split("\t") for r in block.splitlines() if r and not r.startswith("#")]
        if rows:
            out.append(_join(rows))
    cut = round(len(out) * (1 - HELD_OUT))
    return out[:cut], out[cut:]


def _join(rows: list[list[str]]) -> Tagged:
    groups: list[list[list[str]]] = []
    glue = False
    for row in rows:
        mark = row[3] in ("PUNCT", "SYM") or not any(c.isalpha() for c in row[1])
        last_mark = bool(groups) and (groups[-1][-1][3] in ("PUNCT", "SYM") or not any(c.isalpha() for c in groups[-1][-1][1]))
        if glue and not mark and not last_mark:
            groups[-1].append(row)
        else:
            groups.append([row])
        glue = "SpaceAfter=No" in row[9]
    words, pos, split = [], [], []
    for g in groups:
        stem = _stem(g)
        words.append("".join(r[1] for r in g))
        pos.append(g[stem][3])
        split.append(split_label([r[1] for r in g[:stem]], [r[1] for r in g[stem + 1 :]]) if len(g) > 1 else WHOLE)
    return Tagged(words, pos, split)


_ENCLITIC = {fold(e) for e in ["ه", "ها", "هم", "هما", "هن", "ك", "كم", "نا", "ي", "ني"]}


def _stem(group: list[list[str]]) -> int:
    """Index of the stem: the last part that is no pronoun at the end of the word."""
    i = len(group) - 1
    while i > 0 and group[i][3] == "PRON" and fold(group[i][1]) in _ENCLITIC:
        i -= 1
    return i


def ant(data: Path) -> Iterator[list[str]]:
    """Unlabelled sentences of ANT (Apache-2.0)."""
    with gzip.open(data / "news" / "ant_v1.1.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            item = json.loads(line)
            for part in re.split(r"\n+|(?<=[.!؟?])\s+", f"{item['title']}\n{item['text']}"):
                words = words_of(part)
                if len(words) > 2:
                    for i in range(0, len(words), 120):
                        yield words[i : i + 120]


def gsr(data: Path) -> list[list[str]]:
    """Sentences of the event reading set (MIT) as words, unlabelled."""
    import csv

    out = []
    for kind in ("assault", "protest"):
        with open(data / "arabic_event_gsr" / f"{kind}_gsr.csv", encoding="utf-8") as f:
            out += [words_of(r["text"]) for r in csv.DictReader(f)]
    return [w for w in out if w]


EVENT_LABELS = ("O", "ASSAULT", "PROTEST", "SOURCE", "TARGET")


def event_spans(data: Path) -> tuple[list[Sentence], list[Sentence]]:
    """Event sentences with a label per word (trigger by type, source, target; marked by any coder), cut by order
    into four fifths and a fifth; sentences all coders rejected carry O throughout."""
    import csv

    out: list[Sentence] = []
    for kind in ("assault", "protest"):
        folder = data / "arabic_event_gsr"
        marked = {x["text"].strip(): x["spans"] for x in json.loads((folder / f"{kind}_spans.json").read_text())}
        with open(folder / f"{kind}_gsr.csv", encoding="utf-8") as f:
            for row in csv.DictReader(f):
                text = row["text"].strip()
                if text not in marked and "no" not in row["label"]:
                    continue
                words = words_of(text)
                tags = ["O"] * len(words)
                for field, label in (
                    ("target_actor", "TARGET"),
                    ("source_actor", "SOURCE"),
                    ("verb", kind.upper()),
                ):
                    for span in marked.get(text, []):
                        want = [w for part in span[field] for w in words_of(part)]
                        for i in range(len(words) - len(want) + 1):
                            if want and words[i : i + len(want)] == want:
                                tags[i : i + len(want)] = [label] * len(want)
                                break
                if words:
                    out.append((words, tags))
    fifth = [i % 5 == 4 for i in range(len(out))]  # the two files are alphabetical: every fifth sentence
    return [s for s, h in zip(out, fifth, strict=True) if not h], [s for s, h in zip(out, fifth, strict=True) if h]


def realign(fane: list[Sentence], aner: list[Sentence]) -> dict[int, tuple[list[str], int]]:
    """For each NewsFANE sentence that is ANERcorp text: its fine tags on ANERcorp's words, and the index there.

    Sentences are found by shared rare word pairs, words by the longest common run of letters.
    """
    from collections import Counter, defaultdict

    index: dict[str, list[int]] = defaultdict(list)
    grams = [_grams(w) for w, _ in aner]
    for i, g in enumerate(grams):
        for x in g:
            index[x].append(i)
    out: dict[int, tuple[list[str], int]] = {}
    for j, (words, tags) in enumerate(fane):
        votes: Counter[int] = Counter()
        mine = _grams(words)
        for x in mine:
            hits = index.get(x, [])
            if len(hits) < 20:
                votes.update(hits)
        if not votes:
            continue
        best, n = votes.most_common(1)[0]
        if n >= 0.5 * min(len(mine), len(grams[best])):
            out[j] = (_project(words, tags, aner[best][0]), best)
    return out


def _grams(words: list[str]) -> set[str]:
    text = "".join(fold(w).replace("ا", "") for w in words)
    return {text[i : i + 10] for i in range(max(1, len(text) - 9))}


def _project(words: list[str], tags: list[str], target: list[str]) -> list[str]:
    chars = [(c, i) for i, w in enumerate(words) for c in fold(w)]
    goal = [(c, i) for i, w in enumerate(target) for c in fold(w)]
    match = difflib.SequenceMatcher(None, [c for c, _ in chars], [c for c, _ in goal], autojunk=False)
    got: list[list[str]] = [[] for _ in target]
    for a, b, size in match.get_matching_blocks():
        for k in range(size):
            got[goal[b + k][1]].append(tags[chars[a + k][1]])
    out = []
    for g in got:
        named = [t for t in g if t != "O"]
        if not named:
            out.append("O")
            continue
        begins = [t for t in named if t[0] == "B"]
        out.append(begins[0] if begins else named[0])
    return out
