"""Labels unlabelled news with one or more trained models, for others to learn from.

python -m training.tokenmodel.teach --data ../shared/data --runs RUN RUN ... --out silver.json [--limit 15000]

Scores of the models are averaged; each sentence keeps how sure they are of its names (probability of the whole
label sequence), so that doubtful sentences can be left out.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from musnad.language.model.labels import NAME_LABELS, POS_LABELS, fold
from training.tokenmodel import data as sets
from training.tokenmodel.accurate import Coder, Example, Heads, allowed, logits_of, numbers, viterbi
from training.tokenmodel.encoder import E5File, pretrained


def open_run(run: Path, f: E5File, which: str = "mean.pt") -> tuple[Heads, Coder, dict[str, list[str]]]:
    """A trained model, its piece coder and its labels."""
    info = json.loads((run / "labels.json").read_text())
    net = Heads(pretrained(f, info["keep"], info["layers"]), {k: len(v) for k, v in info["labels"].items()})
    net.load_state_dict(torch.load(run / which))
    coder = Coder([f.pieces[i] for i in info["keep"]], [float(f.scores[i]) for i in info["keep"]])
    return net.eval(), coder, info["labels"]


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


def load_soft(path: Path, labels: dict[str, list[str]], least: float = 0.35) -> list[Example]:
    """Silver sentences as training examples: names where the teachers are sure enough of them."""
    out = []
    for s in json.loads(path.read_text()):
        got = {"pos": numbers(s["pos"], POS_LABELS), "split": numbers(s["split"], labels["split"])}
        if "names" in s and s["sure"] >= least:
            got["names"] = numbers(s["names"], NAME_LABELS)
        out.append(Example(s["words"], got))
    return out


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--data", type=Path, default=Path("../shared/data"))
    ap.add_argument("--runs", type=Path, nargs="+", required=True)
    ap.add_argument("--out", type=Path, required=True)
    ap.add_argument("--limit", type=int, default=15000)
    args = ap.parse_args()
    torch.set_num_threads(1)
    f = E5File()
    train = sets.anercorp(args.data)[0]
    waw = waw_splits(args.data, train)
    free = unlabelled(args.data, args.limit)
    sents = free + [w for w, _ in train]
    total: list[dict[str, np.ndarray]] = []
    trans, start = allowed()
    for run in args.runs:
        net, coder, labels = open_run(run, f)
        got = logits_of(net, sents, coder, ["names", "pos", "split"])
        total = [{k: a[k] + b[k] for k in a} for a, b in zip(total, got, strict=True)] if total else got
        trans = trans + net.trans.detach().numpy() / len(args.runs)
        start = start + net.start.detach().numpy() / len(args.runs)
    out = []
    with_waw = np.array([x.startswith("و+") for x in labels["split"]])
    for n, (words, em) in enumerate(zip(sents, total, strict=True)):
        for i, cut_off in waw.get(n - len(free), {}).items():
            em["split"][i, with_waw != cut_off] = -np.inf
        names = em["names"] / len(args.runs)
        path = viterbi(names, trans, start)
        out.append({
            "words": words, "names": [NAME_LABELS[i] for i in path], "sure": sureness(names, path, trans, start),
            "pos": [POS_LABELS[i] for i in em["pos"].argmax(1)],
            "split": [labels["split"][i] for i in em["split"].argmax(1)],
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
