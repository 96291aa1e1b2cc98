"""Word classes for the fast model, from unlabelled text (ANT, Apache-2.0; event sentences, MIT) and place and name
lists: two k-means clusterings of 1,024 (by neighbours: PPMI + SVD; by spelling and meaning: e5 vectors of single
words), each merged to coarser levels.

python -m training.tokenmodel.clusters --data ../shared/data
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import scipy.sparse as sp
import torch
from sklearn.cluster import AgglomerativeClustering, MiniBatchKMeans
from sklearn.utils.extmath import randomized_svd

from musnad.language.model.labels import fold
from musnad.language.model.pieces import BOS, EOS, PAD, Pieces
from training.tokenmodel import data as sets
from training.tokenmodel.encoder import E5File, pretrained
from training.tokenmodel.gazetteers import load as gazetteers

COARSE = (256, 128, 48)
_ARABIC = re.compile("[ء-ي]")


def ppmi(sents: list[list[str]], vocab: dict[str, int], ctx: dict[str, int]) -> sp.csr_matrix:
    """Positive pointwise mutual information with each neighbour at -2, -1, +1, +2 as a column of its own."""
    rows, cols = [], []
    n = len(ctx)
    for s in sents:
        a = [vocab.get(w, -1) for w in s]
        c = [ctx.get(w, -1) for w in s]
        for i, r in enumerate(a):
            if r < 0:
                continue
            for k, d in enumerate((-2, -1, 1, 2)):
                j = i + d
                if 0 <= j < len(c) and c[j] >= 0:
                    rows.append(r)
                    cols.append(k * n + c[j])
    m = sp.csr_matrix((np.ones(len(rows), np.float32), (rows, cols)), shape=(len(vocab), 4 * n))
    m.sum_duplicates()
    total = m.sum()
    rs = np.asarray(m.sum(1)).ravel() + 1e-9
    cs = np.asarray(m.sum(0)).ravel() ** 0.75
    cs = cs / cs.sum() * total
    coo = m.tocoo()
    val = np.log(coo.data * total / (rs[coo.row] * cs[coo.col] + 1e-9))
    val = np.maximum(val, 0).astype(np.float32)
    return sp.csr_matrix((val, (coo.row, coo.col)), shape=m.shape)


@torch.no_grad()
def meanings(words: list[str]) -> np.ndarray:
    """e5 vectors of single words (all layers, mean of the pieces)."""
    f = E5File()
    pieces = Pieces(f.pieces, [float(x) for x in f.scores])
    ids = [[BOS, *pieces.word(w), EOS] for w in words]
    keep = sorted({p for i in ids for p in i} | {0, 1, 2, 3})
    at = {p: n for n, p in enumerate(keep)}
    net = pretrained(f, keep, f.layers).eval()
    out = np.zeros((len(words), f.hidden), np.float32)
    order = sorted(range(len(words)), key=lambda i: len(ids[i]))
    for k in range(0, len(order), 256):
        part = order[k : k + 256]
        t = max(len(ids[i]) for i in part)
        x = torch.full((len(part), t), PAD)
        for r, i in enumerate(part):
            x[r, : len(ids[i])] = torch.tensor([at[p] for p in ids[i]])
        mask = x != PAD
        with torch.autocast("cpu", torch.bfloat16):
            h = net(x, mask[:, None, None, :])
        h = h.float() * mask.unsqueeze(-1)
        out[part] = (h.sum(1) / mask.sum(1, keepdim=True)).numpy()
    out -= out.mean(0)
    return out / np.linalg.norm(out, axis=1, keepdims=True)


def cluster(vec: np.ndarray, k: int, fit: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
    """Class of each row, and for each coarser level the map from fine classes."""
    km = MiniBatchKMeans(k, batch_size=4096, n_init=1, max_iter=40, random_state=0).fit(vec[fit])
    maps = [AgglomerativeClustering(n).fit_predict(km.cluster_centers_) for n in COARSE]
    return km.predict(vec), maps


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--data", type=Path, default=Path("../shared/data"))
    args = ap.parse_args()
    raw: dict[str, Counter[str]] = {}
    sents: list[list[str]] = []
    texts = list(sets.ant(args.data)) + sets.gsr(args.data) + [w for w, _ in sets.anercorp(args.data)[0]]
    texts += [w for w, _ in sets.wojood(args.data)] + [s.words for s in sets.pud(args.data)[0]]
    for s in texts:
        for w in s:
            raw.setdefault(fold(w), Counter())[w] += 1
        sents.append([fold(w) for w in s])
    freq = {w: sum(c.values()) for w, c in raw.items()}
    vocab = {w: i for i, w in enumerate(x for x, n in freq.items() if n >= 4)}
    ctx = {w: i for i, w in enumerate(sorted(freq, key=lambda w: -freq[w])[:6000])}
    m = ppmi(sents, vocab, ctx)
    u, s, _ = randomized_svd(m, 150, n_iter=3, random_state=0)
    vec = u * np.sqrt(s)
    vec /= np.linalg.norm(vec, axis=1, keepdims=True) + 1e-9
    by_use, use_maps = cluster(vec, 1024, np.arange(len(vec)))
    print("neighbour classes", len(vec), flush=True)
    words = [w for w, n in freq.items() if n >= 2 and _ARABIC.search(w) and len(w) > 1]
    extra = {fold(x) for phrases in gazetteers(args.data).values() for p in phrases for x in p.split()}
    more = sorted(w for w in extra - set(words) if _ARABIC.search(w) and 1 < len(w) < 20)
    forms = [raw[w].most_common(1)[0][0] if w in raw else w for w in words + more]
    mean = meanings(forms)
    by_sense, sense_maps = cluster(mean, 1024, np.arange(len(words)))
    sets.CACHE.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        sets.CACHE / "clusters.npz",
        use=by_use, sense=by_sense, **{f"use{n}": x for n, x in zip(COARSE, use_maps, strict=True)},
        **{f"sense{n}": x for n, x in zip(COARSE, sense_maps, strict=True)},
    )  # fmt: skip
    (sets.CACHE / "clusters.json").write_text(json.dumps({"use": list(vocab), "sense": words + more}, ensure_ascii=False))
    for i in range(0, 1024, 150):
        print([w for w, c in zip(words + more, by_sense, strict=True) if c == i][:12])
        print("   ", [w for w, c in zip(vocab, by_use, strict=True) if c == i][:12])


if __name__ == "__main__":
    main()
