"""Names, part of speech, clitic split and speed of both token models, on text they were not trained on.

python -m benchmarks.names [--data DIR] [--json]     (default DIR: $MUSNAD_DATA or ../shared/data)

Names: strict spans (words and class exact) on the last fifth of ANERcorp's train part by document order; both
models are trained on the first four fifths only. Tagging: last fifth of UD Arabic-PUD, words as written. Speed: the
same sentences repeated on one thread, and for the fast model also on unseen news, where few words are in its cache.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from musnad.language.model import WEIGHTS, TokenModel, load
from training.tokenmodel import data as sets
from training.tokenmodel.score import span_scores

# F1 as published by their makers; other splits, classes and text, so no ranking follows from them
PUBLISHED = [
    ("camel-tools NER (AraBERT)", "ANERcorp test, 4 classes", "0.83", "Inoue et al. 2021"),
    ("Stanza ar (AQMAR)", "AQMAR test, 4 classes", "0.74", "Stanza model page"),
    ("Wojood (AraBERT, nested, 21 classes)", "Wojood test", "0.88", "Jarrar et al. 2022"),
]


def cpu_speed(model: TokenModel, sentences: list[list[str]], repeat: int = 1) -> float:
    """Words a second of processor time, best of three."""
    words = sum(map(len, sentences)) * repeat
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        for _ in range(repeat):
            model.tag(sentences)
        best = min(best, time.process_time() - began)
    return words / best


def load_time(kind: str) -> float:
    """Seconds that load() takes in a fresh interpreter, its imports included."""
    code = f"import time; t = time.perf_counter()\nfrom musnad.language.model import load\nload({kind!r}); print(time.perf_counter() - t)"
    env = {**os.environ, "PYTHONPATH": str(WEIGHTS.parents[3])}
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env) for _ in range(3)]
    return min(float(r.stdout) for r in runs)


def measure(data: Path) -> dict[str, Any]:
    """All numbers by model."""
    _, held = sets.anercorp(data)
    _, tagged = sets.pud(data)
    unseen = [w for i, w in enumerate(sets.ant(data)) if i % 12 == 0]
    out: dict[str, Any] = {"sentences": len(held), "words": sum(len(w) for w, _ in held)}
    for kind in ("fast", "accurate"):
        model = load(kind)  # type: ignore[arg-type]
        cold = 0.0
        if kind == "fast":
            began = time.process_time()
            model.tag(unseen)
            cold = sum(map(len, unseen)) / (time.process_time() - began)
        got = model.tag([w for w, _ in held])
        scores = span_scores([t for _, t in held], [g.names for g in got])
        tags = model.tag([s.words for s in tagged])
        n = sum(len(s.words) for s in tagged)
        right = {
            h: sum(a == b for g, s in zip(tags, tagged, strict=True) for a, b in zip(getattr(g, h), getattr(s, h), strict=True))
            for h in ("pos", "split")
        }
        alone = all(model.tag([w])[0] == g for (w, _), g in zip(held, got, strict=True))
        stems = ("fast",) if kind == "fast" else ("accurate", "partner")
        files = [p for p in WEIGHTS.iterdir() if p.stem in stems]
        out[kind] = {
            "names": {k: [round(x, 2) for x in v] for k, v in scores.items()},
            "pos": round(100 * right["pos"] / n, 2),
            "split": round(100 * right["split"] / n, 2),
            "same_alone_as_in_batch": alone,
            "words_per_second": round(cpu_speed(model, [w for w, _ in held], 5 if kind == "fast" else 1)),
            "words_per_second_cold": round(cold) or None,
            "load_seconds": round(load_time(kind), 2),
            "megabytes": round(sum(p.stat().st_size for p in files) / 1e6, 2),
        }
    return out


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--data", type=Path, default=Path(os.environ.get("MUSNAD_DATA", "../shared/data")))
    ap.add_argument("--json", action="store_true")
    args = ap.parse_args()
    got = measure(args.data)
    if args.json:
        print(json.dumps(got, indent=1))
        return
    print(f"ANERcorp train, last fifth: {got['sentences']} sentences, {got['words']} words; strict spans, F1 (P/R)\n")
    print("| model | PERS+LOC+ORG | PERS | LOC | ORG | MISC | words/s, one core | load s | MB |")
    print("|---|---|---|---|---|---|---|---|---|")
    for kind in ("fast", "accurate"):
        m = got[kind]
        p, r, f = m["names"]["main"]
        rest = " | ".join(f"{m['names'][k][2]:.1f}" for k in ("PERS", "LOC", "ORG", "MISC"))
        cold = f" ({m['words_per_second_cold']:,} unseen text)" if m["words_per_second_cold"] else ""
        print(f"| {kind} | {f:.2f} ({p:.1f}/{r:.1f}) | {rest} | {m['words_per_second']:,}{cold} | {m['load_seconds']} | {m['megabytes']} |")
    print("\nUD Arabic-PUD, last fifth, model alone (percent of words right):")
    for kind in ("fast", "accurate"):
        m = got[kind]
        print(f"  {kind:9} part of speech {m['pos']:.2f}, clitic split {m['split']:.2f}", end="")
        print(f"; alone = in a batch: {m['same_alone_as_in_batch']}")
    print("\nPublished by others, not run here:")
    for name, where, f1, source in PUBLISHED:
        print(f"  {name}: {f1} on {where} ({source})")


if __name__ == "__main__":
    main()
