"""Fine-tunes the encoder with heads for names, part of speech, clitic split and (auxiliary) finer name classes.

python -m training.tokenmodel.accurate --data ../shared/data --out RUN [--layers 12] [--part dev|train|all]

``--part dev`` holds out the end of the training part as well (for choosing settings), ``all`` trains on everything.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from musnad.language.model.labels import NAME_LABELS, POS_LABELS, spans
from musnad.language.model.pieces import BOS, EOS, PAD, UNK, Pieces
from training.tokenmodel import data as sets
from training.tokenmodel.encoder import E5File, Encoder, dropout, pretrained
from training.tokenmodel.score import line, span_scores

MAX_PIECES = 250


@dataclass
class Example:
    """A sentence with labels (numbers; -1 = none) for some heads."""

    words: list[str]
    labels: dict[str, list[int]]


class Heads(nn.Module):
    """Encoder and one linear head per label set, on the first and last piece of each word."""

    def __init__(self, encoder: Encoder, sizes: dict[str, int]) -> None:
        super().__init__()
        self.encoder = encoder
        hidden = encoder.word.weight.shape[1]
        self.heads = nn.ModuleDict({k: nn.Linear(2 * hidden, n) for k, n in sizes.items()})
        self.trans = nn.Parameter(torch.zeros(len(NAME_LABELS), len(NAME_LABELS)))
        self.start = nn.Parameter(torch.zeros(len(NAME_LABELS)))

    def words(self, ids: Tensor, mask: Tensor | None, first: Tensor, last: Tensor) -> Tensor:
        x = self.encoder(ids, mask)
        h = x.shape[-1]
        a = torch.gather(x, 1, first.unsqueeze(-1).expand(-1, -1, h))
        b = torch.gather(x, 1, last.unsqueeze(-1).expand(-1, -1, h))
        return dropout(torch.cat([a, b], -1), 0.1, self.training)

    def forward(self, ids: Tensor, mask: Tensor | None, first: Tensor, last: Tensor) -> dict[str, Tensor]:
        w = self.words(ids, mask, first, last)
        return {k: head(w) for k, head in self.heads.items()}


def crf_nll(em: Tensor, tags: Tensor, mask: Tensor, trans: Tensor, start: Tensor) -> Tensor:
    """Negative log likelihood per sentence of a linear-chain CRF."""
    t = em.shape[1]
    alpha = start + em[:, 0]
    gold = start[tags[:, 0]] + em[:, 0].gather(1, tags[:, :1]).squeeze(1)
    for i in range(1, t):
        m = mask[:, i]
        nxt = torch.logsumexp(alpha.unsqueeze(2) + trans, 1) + em[:, i]
        alpha = torch.where(m.unsqueeze(1), nxt, alpha)
        step = trans[tags[:, i - 1], tags[:, i]] + em[:, i].gather(1, tags[:, i : i + 1]).squeeze(1)
        gold = gold + torch.where(m, step, torch.zeros_like(step))
    return torch.logsumexp(alpha, 1) - gold


def allowed() -> tuple[np.ndarray, np.ndarray]:
    """Penalties that keep I- after its own B- or I-."""
    n = len(NAME_LABELS)
    trans, start = np.zeros((n, n), np.float32), np.zeros(n, np.float32)
    for j, to in enumerate(NAME_LABELS):
        if to[0] == "I":
            start[j] = -1e4
            for i, frm in enumerate(NAME_LABELS):
                if frm == "O" or frm[2:] != to[2:]:
                    trans[i, j] = -1e4
    return trans, start


def viterbi(em: np.ndarray, trans: np.ndarray, start: np.ndarray) -> list[int]:
    """Best label numbers of one sentence."""
    score = start + em[0]
    back = []
    for row in em[1:]:
        m = score[:, None] + trans
        back.append(m.argmax(0))
        score = m.max(0) + row
    best = [int(score.argmax())]
    for b in reversed(back):
        best.append(int(b[best[-1]]))
    return best[::-1]


class Coder:
    """Pieces of sentences, cut to the kept vocabulary."""

    def __init__(self, pieces: list[str], scores: list[float]) -> None:
        self.pieces = Pieces(pieces, scores)

    def encode(self, words: Sequence[str]) -> tuple[list[int], list[int], list[int]]:
        ids, first, last = [BOS], [], []
        for w in words:
            got = self.pieces.word(w)
            first.append(len(ids))
            ids.extend(got)
            last.append(len(ids) - 1)
        return [*ids, EOS], first, last


def vocabulary(data: Path, f: E5File) -> list[int]:
    """Old numbers of the pieces to keep: those Arabic news uses, and all of Arabic letters only."""
    path = sets.CACHE / "keep.json"
    if path.exists():
        return list(json.loads(path.read_text()))
    full = Pieces(f.pieces, f.scores)
    seen: set[int] = set()
    corpora = [sets.ant(data), (w for w, _ in sets.anercorp(data)[0]), (w for w, _ in sets.newsfane(data))]
    corpora += [(w for w, _ in sets.wojood(data)), (s.words for s in sets.pud(data)[0]), iter(sets.gsr(data))]
    for corpus in corpora:
        for words in corpus:
            for w in words:
                seen.update(full.word(w))
    arabic = set("ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي▁")
    seen.update(i for i, p in enumerate(f.pieces) if i > UNK and set(p) <= arabic)
    sets.CACHE.mkdir(parents=True, exist_ok=True)
    keep = [0, 1, 2, 3, *sorted(seen - {0, 1, 2, 3})]
    path.write_text(json.dumps(keep))
    return keep


def batches(items: list[Example], coder: Coder, budget: int, rng: random.Random) -> Iterator[list[Example]]:
    """Sentences of like length together, at most ``budget`` pieces a batch (padding counted)."""
    order = sorted(items, key=lambda e: len(coder.encode(e.words)[0]) + rng.random() * 6)
    out: list[list[Example]] = []
    cur: list[Example] = []
    for e in order:
        n = len(coder.encode(e.words)[0])
        if cur and n * (len(cur) + 1) > budget:
            out.append(cur)
            cur = []
        cur.append(e)
    out.append(cur)
    rng.shuffle(out)
    yield from out


def tensors(batch: list[Example], coder: Coder) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    enc = [coder.encode(e.words) for e in batch]
    t = max(len(i) for i, _, _ in enc)
    w = max(len(a) for _, a, _ in enc)
    ids = torch.full((len(enc), t), PAD)
    first, last = torch.zeros(len(enc), w, dtype=torch.long), torch.zeros(len(enc), w, dtype=torch.long)
    there = torch.zeros(len(enc), w, dtype=torch.bool)
    for r, (i, a, b) in enumerate(enc):
        ids[r, : len(i)] = torch.tensor(i)
        first[r, : len(a)] = torch.tensor(a)
        last[r, : len(b)] = torch.tensor(b)
        there[r, : len(a)] = True
    mask = (ids != PAD)[:, None, None, :]
    return ids, mask, first, last, there


HAMZA = str.maketrans("أإآىة", "ااايه")


def respell(words: list[str], rng: random.Random) -> list[str]:
    """Careless spelling: hamza, alef maqsura or taa marbuta left out, the whole sentence or single words."""
    kind = rng.random()
    if kind < 0.6:
        return words
    table = str.maketrans("أإآ", "ااا") if kind < 0.8 else str.maketrans("ىي", "يى") if kind < 0.85 else HAMZA
    rate = 1.0 if rng.random() < 0.5 else 0.3
    out = []
    for w in words:
        if rng.random() < rate:
            w = w[:-1].translate(str.maketrans("أإآ", "ااا")) + w[-1].translate(table)
        out.append(w)
    return out


class Swapper:
    """Puts other names of the same class in place of some names: pools of the training part and of name lists."""

    def __init__(self, examples: list[Example], data: Path) -> None:
        from training.tokenmodel.gazetteers import load

        self.pool: dict[str, list[list[str]]] = {"PERS": [], "LOC": [], "ORG": []}
        for e in examples:
            if "names" in e.labels:
                for s in spans([NAME_LABELS[i] for i in e.labels["names"]]):
                    if s.kind in self.pool and e.words[s.start][0] not in "وبلفك":
                        self.pool[s.kind].append(e.words[s.start : s.end])
        lists = load(data)
        self.first, self.last = sorted(lists["first"]), sorted(lists["last"])
        self.place = sorted(lists["country"]) + sorted(x for x in lists["city"] if len(x) > 3)

    def other(self, kind: str, rng: random.Random) -> list[str]:
        if kind == "PERS" and rng.random() < 0.3:
            return [*rng.choice(self.first).split(), *rng.choice(self.last).split()]
        if kind == "LOC" and rng.random() < 0.3:
            return rng.choice(self.place).split()
        return rng.choice(self.pool[kind])

    def __call__(self, e: Example, rng: random.Random) -> Example:
        if "names" not in e.labels or rng.random() < 0.65:
            return e
        tags = [NAME_LABELS[i] for i in e.labels["names"]]
        words: list[str] = []
        out: list[int] = []
        at = 0
        for s in spans(tags):
            words += e.words[at : s.start]
            out += e.labels["names"][at : s.start]
            new = e.words[s.start : s.end]
            if s.kind in self.pool and new[0][0] not in "وبلفك" and rng.random() < 0.6:
                new = self.other(s.kind, rng)
            words += new
            b = NAME_LABELS.index(f"B-{s.kind}")
            out += [b] + [b + 1] * (len(new) - 1)
            at = s.end
        return Example(words + e.words[at:], {"names": out + e.labels["names"][at:]})


def loss_of(net: Heads, batch: list[Example], coder: Coder, weights: dict[str, float], rng: random.Random) -> Tensor:
    ids, mask, first, last, there = tensors([Example(respell(e.words, rng), e.labels) for e in batch], coder)
    with torch.autocast("cpu", torch.bfloat16):
        hidden = net.words(ids, mask, first, last)
    hidden = hidden.float()
    total = torch.zeros(())
    words = sum(len(e.words) for e in batch)
    w = there.shape[1]
    for head, scale in weights.items():
        rows = [r for r, e in enumerate(batch) if head in e.labels]
        if rows:
            logits = net.heads[head](hidden[rows])
            gold = torch.full((len(rows), w), -1)
            for k, r in enumerate(rows):
                gold[k, : len(batch[r].words)] = torch.tensor(batch[r].labels[head])
            if head == "names":
                nll = crf_nll(logits, gold.clamp_min(0), there[rows], net.trans, net.start)
                total = total + scale * nll.sum() / words
            else:
                total = total + scale * F.cross_entropy(logits.flatten(0, 1), gold.flatten(), ignore_index=-1,
                                                        reduction="sum") / words  # fmt: skip
    return total


@torch.no_grad()
def logits_of(net: Heads, sents: Sequence[list[str]], coder: Coder, heads: Sequence[str]) -> list[dict[str, np.ndarray]]:
    """Head outputs of each sentence, in float32 from a bfloat16 encoder."""
    net.eval()
    order = sorted(range(len(sents)), key=lambda i: len(sents[i]))
    out: list[dict[str, np.ndarray]] = [{} for _ in sents]
    for k in range(0, len(order), 32):
        part = order[k : k + 32]
        ids, mask, first, last, _ = tensors([Example(sents[i], {}) for i in part], coder)
        with torch.autocast("cpu", torch.bfloat16):
            hidden = net.words(ids, mask, first, last)
        for head in heads:
            got = net.heads[head](hidden.float()).numpy()
            for r, i in enumerate(part):
                out[i][head] = got[r, : len(sents[i])]
    net.train()
    return out


def decode(net: Heads, em: list[np.ndarray]) -> list[list[str]]:
    t, s = allowed()
    t, s = t + net.trans.detach().numpy(), s + net.start.detach().numpy()
    return [[NAME_LABELS[i] for i in viterbi(e, t, s)] for e in em]


def evaluate(net: Heads, coder: Coder, names: list[sets.Sentence], tagged: list[sets.Tagged], splits: list[str],
             events: Sequence[sets.Sentence] = ()) -> str:  # fmt: skip
    got = logits_of(net, [w for w, _ in names], coder, ["names"])
    text = line(span_scores([t for _, t in names], decode(net, [g["names"] for g in got])))
    if "pos" in net.heads:
        got = logits_of(net, [s.words for s in tagged], coder, ["pos", "split"])
        n = sum(len(s.words) for s in tagged)
        pos = sum(POS_LABELS[i] == p for g, s in zip(got, tagged, strict=True) for i, p in zip(g["pos"].argmax(1), s.pos, strict=True))
        cut = sum(splits[i] == p for g, s in zip(got, tagged, strict=True) for i, p in zip(g["split"].argmax(1), s.split, strict=True))
        text += f" | pos {100 * pos / n:.2f} split {100 * cut / n:.2f}"
    if events:
        got = logits_of(net, [w for w, _ in events], coder, ["event"])
        pairs = [
            (sets.EVENT_LABELS[i], x) for g, (_, t) in zip(got, events, strict=True) for i, x in zip(g["event"].argmax(1), t, strict=True)
        ]
        for name, kinds in (("trigger", ("ASSAULT", "PROTEST")), ("role", ("SOURCE", "TARGET"))):
            hit = sum(a == b and b in kinds for a, b in pairs)
            both = sum((a in kinds) + (b in kinds) for a, b in pairs)
            text += f" | {name} words F {200 * hit / max(1, both):.1f}"
    return text


def numbers(tags: Sequence[str], labels: Sequence[str]) -> list[int]:
    at = {x: i for i, x in enumerate(labels)}
    return [at.get(t, -1) for t in tags]


def corpora(data: Path, part: str, aux: bool) -> tuple[list[Example], list[sets.Sentence], list[sets.Tagged], dict[str, list[str]]]:
    """Training examples, sentences to measure names on, to measure tagging on, label lists by head."""
    train, held = sets.anercorp(data)
    ptrain, pheld = sets.pud(data)
    if part == "dev":
        cut = round(len(train) * 0.875)
        train, held = train[:cut], train[cut:]
        cut = round(len(ptrain) * 0.875)
        ptrain, pheld = ptrain[:cut], ptrain[cut:]
    elif part == "all":
        train, ptrain = train + held, ptrain + pheld
    count: dict[str, int] = {}
    for s in [*ptrain]:
        for x in s.split:
            count[x] = count.get(x, 0) + 1
    splits = sorted(x for x, n in count.items() if n > 1)
    labels: dict[str, list[str]] = {"names": list(NAME_LABELS), "pos": list(POS_LABELS), "split": splits}
    examples = [Example(w, {"names": numbers(t, NAME_LABELS)}) for w, t in train]
    examples += [Example(s.words, {"pos": numbers(s.pos, POS_LABELS), "split": numbers(s.split, splits)}) for s in ptrain]
    if aux:
        fane = sets.newsfane(data)
        place = sets.realign(fane, train + (held if part != "all" else []))
        fine = sorted({t for _, (ts, i) in place.items() if i < len(train) for t in ts} | {"O"})
        labels["fine"] = fine
        for ts, i in place.values():
            if i < len(train):
                examples[i].labels["fine"] = numbers(ts, fine)
        wo = sets.read_bio(data / "ner" / "wojood_train.txt") + sets.read_bio(data / "ner" / "wojood_val.txt")
        labels["event"] = list(sets.EVENT_LABELS)
        ev, evheld = sets.event_spans(data)
        for w, t in ev + (evheld if part == "all" else []):
            if any(x != "O" for x in t) or len(w) % 4 == 0:
                examples.append(Example(w, {"event": numbers(t, sets.EVENT_LABELS)}))
        tags = sorted({t for _, ts in wo for t in ts})
        labels["wojood"] = tags
        examples += [Example(w, {"wojood": numbers(t, tags)}) for w, t in wo]
    return examples, held, pheld, labels


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--data", type=Path, default=Path("../shared/data"))
    ap.add_argument("--out", type=Path, required=True)
    ap.add_argument("--part", choices=("dev", "train", "all"), default="train")
    ap.add_argument("--layers", default="12")
    ap.add_argument("--epochs", type=int, default=8)
    ap.add_argument("--lr", type=float, default=1e-4)
    ap.add_argument("--decay", type=float, default=0.9, help="learning rate factor per layer downwards")
    ap.add_argument("--budget", type=int, default=1000)
    ap.add_argument("--drop", type=float, default=0.1)
    ap.add_argument("--no-aux", action="store_true")
    ap.add_argument("--init", type=Path, help="weights to start from")
    ap.add_argument("--swap", action="store_true", help="names of the same class in place of others")
    ap.add_argument("--freeze", action="store_true", help="leave the embeddings as they are")
    ap.add_argument("--threads", type=int, default=1)
    ap.add_argument("--seed", type=int, default=1)
    args = ap.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    rng = random.Random(args.seed)
    f = E5File()
    keep = vocabulary(args.data, f)
    coder = Coder([f.pieces[i] for i in keep], [float(f.scores[i]) for i in keep])
    examples, held, pheld, labels = corpora(args.data, args.part, not args.no_aux)
    evheld = [] if args.no_aux else sets.event_spans(args.data)[1]
    examples = [e for e in examples if len(coder.encode(e.words)[0]) <= MAX_PIECES]
    which = [int(x) for x in args.layers.split(",")]
    which = list(range(which[0])) if len(which) == 1 else which
    net = Heads(
        pretrained(f, keep, which, args.drop),
        {k: len(v) for k, v in labels.items()},
    )
    if args.init:
        net.load_state_dict(torch.load(args.init), strict=False)
    print("examples", len(examples), "params", sum(p.numel() for p in net.parameters()), flush=True)
    swap = Swapper(examples, args.data) if args.swap else None
    if args.freeze:
        net.encoder.word.weight.requires_grad_(False)
        net.encoder.pos.weight.requires_grad_(False)
    groups = []
    depth = len(net.encoder.layers)
    for name, p in net.named_parameters():
        if not p.requires_grad:
            continue
        if not name.startswith("encoder"):
            rate = args.lr * (10 if name in ("trans", "start") else 5)
        elif name.startswith("encoder.layers"):
            rate = args.lr * args.decay ** (depth - 1 - int(name.split(".")[2]))
        else:
            rate = args.lr * args.decay**depth
        groups.append({"params": [p], "lr": rate, "top": rate, "weight_decay": 0.01 if p.dim() > 1 else 0.0})
    opt = torch.optim.AdamW(groups, betas=(0.9, 0.98), fused=True)
    weights = {"names": 1.0, "fine": 0.3, "wojood": 0.5, "pos": 1.0, "split": 1.0, "event": 0.5}
    total = args.epochs * sum(1 for _ in batches(examples, coder, args.budget, rng))
    step = 0
    mean = {k: v.detach().clone() for k, v in net.state_dict().items()}
    began = time.time()
    for epoch in range(args.epochs):
        net.train()
        seen = 0.0
        for batch in batches(examples, coder, args.budget, rng):
            share = step / total
            factor = min(1.0, share / 0.06) * max(0.02, 1 - share)
            for g in opt.param_groups:
                g["lr"] = g["top"] * factor
            if swap:
                batch = [swap(e, rng) for e in batch]
            loss = loss_of(net, batch, coder, weights, rng)
            opt.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            opt.step()
            seen += loss.item()
            step += 1
            if step % 10 == 0:
                rate = min(0.98, (1 + step / 10) / (10 + step / 10))
                with torch.no_grad():
                    for k, v in net.state_dict().items():
                        mean[k].lerp_(v, 1 - rate)
        print(
            f"epoch {epoch + 1} loss {seen * args.epochs / total:.4f} {time.time() - began:.0f}s",
            evaluate(net, coder, held, pheld, labels["split"], evheld),
            flush=True,
        )
    last = {k: v.detach().clone() for k, v in net.state_dict().items()}
    net.load_state_dict(mean)
    print("averaged", evaluate(net, coder, held, pheld, labels["split"], evheld), flush=True)
    args.out.mkdir(parents=True, exist_ok=True)
    torch.save(mean, args.out / "mean.pt")
    torch.save(last, args.out / "last.pt")
    (args.out / "labels.json").write_text(
        json.dumps(
            {"labels": labels, "layers": which, "keep": keep, "args": vars(args)},
            default=str,
            ensure_ascii=False,
        )
    )


if __name__ == "__main__":
    main()
