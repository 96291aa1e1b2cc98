"""Trains the fast model's CRFs with CRFsuite and writes them as one npz of numbers.

python -m training.tokenmodel.fast --data ../shared/data --out fast.npz [--part dev|train|all] [--soft LABELS.json]
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pycrfsuite

from musnad.language.model.fast import FastModel
from musnad.language.model.features import PAIRS, Lexicon, sentence
from musnad.language.model.labels import NAME_LABELS
from training.tokenmodel import data as sets
from training.tokenmodel.gazetteers import KINDS
from training.tokenmodel.gazetteers import load as gazetteers
from training.tokenmodel.score import line, span_scores

FLAGS = (*KINDS, *(f"in-{k}" for k in KINDS))


def lexicon_arrays(data: Path) -> dict[str, Any]:
    """Word classes and list marks as the arrays the model file holds."""
    z = np.load(sets.CACHE / "clusters.npz")
    words = json.loads((sets.CACHE / "clusters.json").read_text())
    use = dict(zip(words["use"], z["use"].tolist(), strict=True))
    sense = dict(zip(words["sense"], z["sense"].tolist(), strict=True))
    flags: dict[str, int] = {}
    for kind, phrases in gazetteers(data).items():
        for p in phrases:
            parts = p.split()
            for w in parts:
                if len(w) > 2:
                    name = kind if len(parts) == 1 else f"in-{kind}"
                    flags[w] = flags.get(w, 0) | 1 << FLAGS.index(name)
    # a word of one village list only, which no news text has, is left out: it costs room and tells little
    rare = ("village", "in-village", "in-person", "rare-first", "rare-last", "in-rare-last", "in-rare-first")
    village = sum(1 << FLAGS.index(k) for k in rare)
    keep_rare = 1 << FLAGS.index("rare-first") | 1 << FLAGS.index("rare-last")
    flags = {w: f for w, f in flags.items() if f & ~village or w in use or f & keep_rare}
    every = sorted(set(use) | set(flags) | {w for w in sense if w in flags or w in use} | set(words["sense"]) & set(sense))
    every = [w for w in every if "\n" not in w]
    return {
        "words": np.array("\n".join(every)),
        "use": np.array([use.get(w, -1) for w in every], np.int16),
        "sense": np.array([sense.get(w, -1) for w in every], np.int16),
        "flags": np.array([flags.get(w, 0) for w in every], np.int32),
        "flag_kinds": np.array("\n".join(FLAGS)),
        "use_levels": np.stack([z[f"use{n}"] for n in (256, 128, 48)]).astype(np.int16),
        "sense_levels": np.stack([z[f"sense{n}"] for n in (256, 128, 48)]).astype(np.int16),
    }


def train(
    seqs: list[tuple[list[list[str]], list[str]]], c1: float, c2: float, iters: int, minfreq: int
) -> tuple[dict[tuple[str, str], float], dict[tuple[str, str], float], list[str]]:
    """State and transition weights of a CRF, and its labels."""
    trainer = pycrfsuite.Trainer(verbose=False)
    for x, y in seqs:
        trainer.append(x, y)
    trainer.set_params({"c1": c1, "c2": c2, "max_iterations": iters, "feature.minfreq": minfreq,
                        "feature.possible_transitions": True})  # fmt: skip
    with tempfile.NamedTemporaryFile(suffix=".crf") as f:
        trainer.train(f.name)
        tagger = pycrfsuite.Tagger()
        tagger.open(f.name)
        info = tagger.info()
        return dict(info.state_features), dict(info.transitions), list(tagger.labels())


def export(
    path: Path,
    lex: dict[str, Any],
    heads: dict[str, tuple[dict[tuple[str, str], float], dict[tuple[str, str], float], list[str]]],
) -> None:
    """Writes the model file; weights below a thousandth are left out, the rest kept as 16-bit fractions."""
    arrays = dict(lex)
    rows: dict[str, list[tuple[int, float]]] = {}
    offset = 0
    for h, (state, trans, labels) in heads.items():
        at = {x: i for i, x in enumerate(labels)}
        arrays[f"labels_{h}"] = np.array("\n".join(labels))
        m = np.zeros((len(labels), len(labels)), np.float32)
        for (a, b), v in trans.items():
            m[at[a], at[b]] = v
        if h == "names":
            for a in labels:
                for b in labels:
                    if b[0] == "I" and (a == "O" or a[2:] != b[2:]):
                        m[at[a], at[b]] = -1e4
        arrays[f"trans_{h}"] = m
        for (attr, label), v in state.items():
            if abs(v) >= 1e-3:
                rows.setdefault(attr, []).append((offset + at[label], v))
        offset += len(labels)
    # one row per feature, whatever the distance it was seen at: column = distance * width + label
    base: dict[str, list[tuple[int, float]]] = {}
    places = {"-2": 0, "-1": 1, "1": 3, "2": 4}
    for a, got in rows.items():
        if a[:2] in {f"{p}=" for p in PAIRS}:
            continue
        near, _, rest = a.partition(":")
        name, place = (rest, places[near]) if near in places else (a, 2)
        base.setdefault(name, []).extend((place * offset + c, v) for c, v in got)
    plain = sorted(base)
    vals = np.array([v for a in plain for _, v in base[a]], np.float32)
    arrays["attrs"] = np.array("\n".join(plain))
    arrays["starts"] = np.cumsum([0, *(len(base[a]) for a in plain)]).astype(np.int32)
    arrays["cols"] = np.array([c for a in plain for c, _ in base[a]], np.uint16)
    scale = np.float32(np.abs(vals).max() / 32767)
    arrays["scale"] = scale
    arrays["vals"] = np.round(vals / scale).astype(np.int16)
    keys, pair_rows = [], []
    for a in sorted(a for a in rows if a[:2] in {f"{p}=" for p in PAIRS}):
        left, right = (int(x) for x in a[2:].split(","))
        row = np.zeros(offset, np.float16)
        for c, v in rows[a]:
            row[c] = v
        keys.append((PAIRS.index(a[0]) * 130 + left) * 130 + right)
        pair_rows.append(row)
    arrays["pair_keys"] = np.array(keys, np.int32)
    arrays["pair_vals"] = np.stack(pair_rows)
    np.savez_compressed(path, **arrays)


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--data", type=Path, default=Path("../shared/data"))
    ap.add_argument("--out", type=Path, required=True)
    ap.add_argument("--part", choices=("dev", "train", "all"), default="train")
    ap.add_argument("--soft", type=Path, help="labels the accurate model gave unlabelled text")
    ap.add_argument("--c1", type=float, default=0.05)
    ap.add_argument("--c2", type=float, default=0.02)
    ap.add_argument("--iters", type=int, default=120)
    ap.add_argument("--only", help="train just this head (for trials)")
    args = ap.parse_args()
    names, held = sets.anercorp(args.data)
    tagged, theld = sets.pud(args.data)
    if args.part == "dev":
        cut = round(len(names) * 0.875)
        names, held = names[:cut], names[cut:]
        cut = round(len(tagged) * 0.875)
        tagged, theld = tagged[:cut], tagged[cut:]
    elif args.part == "all":
        names, tagged = names + held, tagged + theld
    lex_arrays = lexicon_arrays(args.data)
    np.savez(sets.CACHE / "lex.npz", **lex_arrays)
    from musnad.language.model.fast import read_lexicon

    with np.load(sets.CACHE / "lex.npz") as z:
        lex: Lexicon = read_lexicon(z)
    began = time.time()
    heads: dict[str, Any] = {}
    silver: list[dict[str, list[str]]] = json.loads(args.soft.read_text()) if args.soft else []
    common = Counter(x for s in tagged for x in s.split)
    for h in ("names", "pos", "split"):
        seqs: list[tuple[list[list[str]], list[str]]] = []
        if args.only and h != args.only:
            seqs = [([["w=a"]], [x]) for x in (NAME_LABELS if h == "names" else ("NOUN", "VERB") if h == "pos" else ("|", "و+|"))]
        elif h == "names":
            seqs = [(sentence(w, lex), t) for w, t in names]
            seqs += [(sentence(s["words"], lex), s["names"]) for s in silver if "names" in s and s["sure"] >= 0.35]
        else:
            rows = [(s.words, getattr(s, h)) for s in tagged]
            rows += [(s["words"], s[h]) for s in silver if h in s]
            for words, labels in rows:
                x = sentence(words, lex)
                if h == "pos":
                    seqs.append((x, labels))
                else:
                    seqs += [([f], [y]) for f, y in zip(x, labels, strict=True) if common[y] > 1]
        heads[h] = train(seqs, args.c1, args.c2, args.iters, 1 if not silver else 2)
        print(h, len(seqs), "sequences", len(heads[h][0]), "weights", f"{time.time() - began:.0f}s", flush=True)
    export(args.out, lex_arrays, heads)
    print("file", args.out.stat().st_size)
    t = time.time()
    model = FastModel(args.out)
    print(f"load {time.time() - t:.2f}s")
    got = model.tag([w for w, _ in held])
    print("names", line(span_scores([t for _, t in held], [g.names for g in got])))
    got = model.tag([s.words for s in theld])
    n = sum(len(s.words) for s in theld)
    for h in ("pos", "split"):
        ok = sum(a == b for g, s in zip(got, theld, strict=True) for a, b in zip(getattr(g, h), getattr(s, h), strict=True))
        print(h, f"{100 * ok / n:.2f}")
    text = [w for i, w in zip(range(20000), sets.ant(args.data), strict=False)]
    t = time.time()
    model.tag(text)
    print(f"{sum(map(len, text)) / (time.time() - t):.0f} words/s, {len({w for s in text for w in s})} types")


if __name__ == "__main__":
    main()
