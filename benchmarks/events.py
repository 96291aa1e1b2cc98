"""Measure the events room: ``python benchmarks/events.py [--data DIR] [gsr|spans|ant|real|own|speed ...]``.

gsr    sentences of arabic_event_gsr: positive label «yes», negatives «easy no» and «difficult no»; an event of the type with a
       status that is not denied counts as found. The shipped table was made from these sentences, so each is scored by the table
       of the fold that its source document is not in (``training/events``); needs scikit-learn.
spans  sentences whose spans two coders agree on: share of triggers, actors, recipients that the record's events hit
ant    sentences of the sport, culture and technology parts of ANT: share in which an event is found
real   passages of real articles annotated for this project and held out of all training (training/events/annotated.py): trigger, who, type F1 and
       status by the rules of the gold articles' scorer, with the models and by the frames alone
own    passages annotated for this project (tests/events/passages*.jsonl)
speed  words per second of this stage on one core
DIR: default is the environment's MUSNAD_DATA, else ../shared/data.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import random
import sys
import time
from pathlib import Path
from typing import Any

from musnad.api import default_pipeline
from musnad.events.frames import plover
from musnad.events.scoring import Scorer
from musnad.events.stage import Coder, EventsStage
from musnad.language.letters import fold
from musnad.pipeline import Pipeline
from musnad.reading.build import make_article
from musnad.record import Record

csv.field_size_limit(1 << 24)
ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # training/ makes the folds


def before_events() -> Pipeline:
    """The stages up to the events stage."""
    stages = []
    for stage in default_pipeline().stages:
        if stage.name == "events":
            break
        stages.append(stage)
    return Pipeline(stages)


def document(source: str) -> str:
    """The source document of a sentence's id."""
    return source.rsplit("-", 1)[0]


def gsr_rows(data: Path, name: str) -> list[dict[str, str]]:
    """Rows of one part of arabic_event_gsr that count as positive or negative."""
    with (data / "arabic_event_gsr" / f"{name}_gsr.csv").open(encoding="utf-8") as lines:
        return [r for r in csv.DictReader(lines) if r["label"] in ("yes", "easy no", "difficult no")]


def prf(tp: int, fp: int, fn: int) -> tuple[float, float, float]:
    p, r = tp / (tp + fp) if tp + fp else 0.0, tp / (tp + fn) if tp + fn else 0.0
    return p, r, 2 * p * r / (p + r) if p + r else 0.0


def gsr(data: Path, show: int = 0) -> None:
    from training.events import train

    pipeline = before_events()
    for name in ("assault", "protest"):
        found = train.rows(data, name)
        folds = train.scorers(found, name)
        tp = fp = fn = n = 0
        for row in gsr_rows(data, name):
            scorer = next(s for held, s in folds if document(row["id"]) in held)
            analysis = pipeline.analyse(make_article(row["text"]))
            events = [e for e in Coder(analysis, plover(), scorer).code() if e.type == name.upper() and e.status != "denied"]
            yes = row["label"] == "yes"
            n, tp, fp, fn = n + 1, tp + (yes and bool(events)), fp + (not yes and bool(events)), fn + (yes and not events)
            if yes != bool(events) and show > 0:
                show -= 1
                print("  ", row["label"], "|", " ".join(e.trigger.text + "/" + e.rules[0] for e in events), "|", row["text"][:400])
        p, r, f = prf(tp, fp, fn)
        print(f"gsr {name:8} n {n}  P {p:.3f}  R {r:.3f}  F1 {f:.3f}  (tp {tp} fp {fp} fn {fn}; five folds by document)", flush=True)


def spans(data: Path, show: int = 0) -> None:
    pipeline = before_events()
    for name in ("assault", "protest"):
        counts = {k: [0, 0] for k in ("trigger", "actor", "recipient")}
        for row in json.loads((data / "arabic_event_gsr" / f"{name}_spans.json").read_text(encoding="utf-8")):
            text = row["text"]
            agreed = agreed_spans(row)
            if not any(agreed.values()):
                continue
            analysis = pipeline.analyse(make_article(text))
            # without the scoring table, which was made from the same sentences
            events = [e for e in Coder(analysis, plover(), None).code() if e.type == name.upper()]
            by_id = {m.id: m for m in analysis.mentions}
            words = {
                "trigger": [e.trigger.text for e in events],
                "actor": [m for e in events for i in e.actors for m in _names(by_id, i)],
                "recipient": [m for e in events for i in e.recipients for m in _names(by_id, i)],
            }
            for role, wanted in agreed.items():
                if not wanted:
                    continue
                hit = any(_bare(" ".join(wanted)) & _bare(w) for w in words[role])
                counts[role][0] += hit
                counts[role][1] += 1
                if not hit and show > 0:
                    show -= 1
                    print("  ", role, wanted, "|", words, "|", text[:500])
        print(f"spans {name:8}", "  ".join(f"{k} {a}/{b} {a / b if b else 0:.3f}" for k, (a, b) in counts.items()))


def _bare(text: str) -> set[str]:
    """The words of a span without clitics, article and marks; particles left out."""
    out = set()
    for word in fold(text).replace("«", " ").replace("»", " ").replace(".", " ").split():
        for cut in ("وال", "بال", "فال", "لل", "ال", "و", "ب", "ل"):
            if word.startswith(cut) and len(word) - len(cut) > 2:
                word = word[len(cut) :]
                break
        out.add(word)
    return out - {"من", "في", "على", "علي", "الى", "الي", "،", "(", ")"}


def _names(by_id: dict[str, Any], i: str) -> list[str]:
    mention = by_id[i]
    return [m.text for m in by_id.values() if m is mention or (m.entity and m.entity == mention.entity)]


def agreed_spans(row: dict[str, Any]) -> dict[str, list[str]]:
    """Words of each role on which at least two coders of a sentence agree (``*_gold`` of the set)."""
    return {
        "trigger": row.get("verb_gold", "").split(),
        "actor": row.get("source_gold", "").split(),
        "recipient": row.get("target_gold", "").split(),
    }


def ant(data: Path, show: int = 0) -> None:
    pipeline = before_events()
    rows = []
    with gzip.open(data / "news" / "ant_v1.1.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row.get("category", "").lower() in ("sport", "culture", "technology"):
                rows.append(row)
    random.Random(7).shuffle(rows)
    tried = wrong = 0
    for row in rows:
        analysis = pipeline.analyse(make_article(row["text"]))
        sentences = [s for s in analysis.sentences if s.last - s.first >= 8]
        if not sentences:
            continue
        sentence = random.Random(row.get("id", row["text"][:20])).choice(sentences)
        text = analysis.text[sentence.start : sentence.end]
        if not any("\u0621" <= c <= "\u064a" for c in text):
            continue
        events = Coder(pipeline.analyse(make_article(text)), plover(), Scorer.shipped()).code()
        tried += 1
        if events:
            wrong += 1
            if show > 0:
                show -= 1
                print("  ", [(e.type, e.trigger.text, e.rules[0]) for e in events], analysis.text[sentence.start : sentence.end][:300])
        if tried == 300:
            break
    print(f"ant sport/culture/technology: events in {wrong} of {tried} sentences ({100 * wrong / max(tried, 1):.1f}%)")


def real(data: Path) -> None:
    from musnad.article import article_id
    from musnad.evaluation.score import score, totals
    from musnad.record import to_json
    from training.events.annotated import held_out, passages

    pipeline = before_events()
    kept = [p for p in passages(data) if held_out(p)]
    for name in ("ant", "saudi"):
        for models in (True, False):
            gold: list[dict[str, Any]] = []
            records: dict[str, dict[str, Any]] = {}
            for passage in kept:
                if passage["set"] != name:
                    continue
                analysis = pipeline.analyse(make_article(passage["text"], published=passage["published"]))
                analysis.events.extend(Coder(analysis, plover(), Scorer.shipped(), models=models).code())
                number = article_id(passage["text"])
                gold.append({"sha256": number, "statements": [], "figures": [], "times": [], "events": passage["events"]})
                records[number] = {**json.loads(to_json(analysis.record())), "statements": [], "figures": [], "times": []}
            found = totals(score(gold, records))
            print(
                f"real {name:5} {'models' if models else 'frames'} {len(gold)} passages, {sum(len(g['events']) for g in gold)} events ",
                "  ".join(
                    f"{k} P {t.precision:.3f} R {t.recall:.3f} F1 {t.f1:.3f}"
                    for k in ("trigger", "who", "type")
                    for t in [found[f"events.{k}"]]
                ),
                f" status {found['events.status'].precision:.3f}",
                flush=True,
            )


def speed(data: Path) -> None:
    pipeline = before_events()
    analyses = []
    words = 0
    with gzip.open(data / "news" / "saudinewsnet_slice.jsonl.gz", "rt", encoding="utf-8") as lines:
        for n, line in enumerate(lines):
            if n == 150:
                break
            row = json.loads(line)
            analyses.append(pipeline.analyse(make_article(row.get("text") or row.get("content"), published=row.get("published"))))
            words += len(analyses[-1].tokens)
    stage = EventsStage()
    stage.run(pipeline.analyse(make_article("قصف الجيش المدينة.")))
    start = time.perf_counter()
    found = 0
    for analysis in analyses:
        stage.run(analysis)
        found += len(analysis.events)
    passed = time.perf_counter() - start
    print(f"speed: {words / passed:,.0f} words/s ({words} words, {found} events, {passed:.2f} s)")


def own(data: Path, show: int = 0) -> None:
    pipeline = before_events()
    for path in sorted((Path(__file__).parent.parent / "tests" / "events").glob("passages*.jsonl")):
        score_passages(pipeline, path, show)


def score_passages(pipeline: Pipeline, path: Path, show: int = 0) -> tuple[float, float]:
    """Trigger and who F1 of a file of passages: {text, events: [{type, trigger, actors, recipients, status}]}."""
    tp = np = ng = wtp = wp = wg = status = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        analysis = pipeline.analyse(make_article(row["text"], published=row.get("published")))
        events = Coder(analysis, plover(), Scorer.shipped()).code()
        record: Record = analysis.record()
        by_id = {m.id: m for m in record.mentions}
        ng += len(row["events"])
        np += len(events)
        wg += sum(len(e["actors"]) + len(e["recipients"]) for e in row["events"])
        wp += sum(len(e.actors) + len(e.recipients) for e in events)
        left = list(events)
        missed = []
        for gold in row["events"]:
            match = next(
                (e for e in left if e.type == gold["type"] and (gold["trigger"] in e.trigger.text or e.trigger.text in gold["trigger"])),
                None,
            )
            if match is None:
                missed.append(gold)
                continue
            left.remove(match)
            tp += 1
            status += match.status == gold.get("status", "occurred")
            both = gold["type"] in ("CONSULT", "AGREE", "COOPERATE") or not gold["recipients"]
            got = {
                "a": [n for i in match.actors for n in [_names(by_id, i)]],
                "r": [n for i in match.recipients for n in [_names(by_id, i)]],
            }
            for role, names in (("a", gold["actors"]), ("r", gold["recipients"])):
                pool = got["a"] + got["r"] if both else got[role]
                for name in names:
                    hit = next((g for g in pool if any(set(name.split()) & set(x.split()) for x in g)), None)
                    wtp += hit is not None
        if (left or missed) and show > 0:
            show -= 1
            print(
                "  ",
                row["text"][:200],
                "\n      missed",
                [(g["type"], g["trigger"]) for g in missed],
                "extra",
                [(e.type, e.trigger.text, e.rules[0]) for e in left],
            )
    p, r, f = prf(tp, np - tp, ng - tp)
    wp_, wr, wf = prf(wtp, wp - wtp, wg - wtp)
    print(
        f"own {path.name}: trigger P {p:.3f} R {r:.3f} F1 {f:.3f}  who P {wp_:.3f} R {wr:.3f} F1 {wf:.3f}  status {status / max(tp, 1):.3f}  ({ng} events)"
    )
    return f, wf


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", default=["gsr", "spans", "ant", "real", "own", "speed"])
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("MUSNAD_DATA", "../shared/data")))
    parser.add_argument("--show", type=int, default=0, help="print that many errors")
    args = parser.parse_args()
    for part in args.parts:
        if part in ("speed", "real"):
            {"speed": speed, "real": real}[part](args.data)
        else:
            {"gsr": gsr, "spans": spans, "ant": ant, "own": own}[part](args.data, args.show)
    return 0


if __name__ == "__main__":
    sys.exit(main())
