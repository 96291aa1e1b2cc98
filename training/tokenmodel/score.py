"""Strict span scores: a name counts when its words and its class are exactly those of the annotation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from musnad.language.model.labels import spans

MAIN = ("PERS", "LOC", "ORG")


def span_scores(gold: Sequence[Sequence[str]], pred: Sequence[Sequence[str]]) -> dict[str, tuple[float, float, float]]:
    """Precision, recall, F1 (percent) per class, for ``main`` (PERS, LOC, ORG micro) and ``all`` four."""
    hit: Counter[str] = Counter()
    want: Counter[str] = Counter()
    got: Counter[str] = Counter()
    for g, p in zip(gold, pred, strict=True):
        gs, ps = set(spans(g)), set(spans(p))
        want.update(s.kind for s in gs)
        got.update(s.kind for s in ps)
        hit.update(s.kind for s in gs & ps)
    out: dict[str, tuple[float, float, float]] = {}
    groups = {"main": MAIN, "all": (*MAIN, "MISC"), **{k: (k,) for k in (*MAIN, "MISC")}}
    for name, kinds in groups.items():
        h, w, n = (sum(c[k] for k in kinds) for c in (hit, want, got))
        out[name] = (100 * h / max(n, 1), 100 * h / max(w, 1), 200 * h / max(w + n, 1))
    return out


def line(scores: dict[str, tuple[float, float, float]]) -> str:
    """One line: main P/R/F, then F per class."""
    p, r, f = scores["main"]
    rest = " ".join(f"{k} {v[2]:.1f}" for k, v in scores.items() if k != "main")
    return f"main P {p:.1f} R {r:.1f} F {f:.2f} | {rest}"
