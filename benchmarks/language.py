"""Measures the language layer: ``python benchmarks/language.py [--data DIR] [--peers PYTHON]``, and its speed: ``--speed [--articles N]``.

Clitics, part of speech, verbs and lemmas on the last 200 sentences of UD Arabic PUD, which nothing was trained or tuned on; speed on
one core on news read for measuring only; peers, where ``--peers`` names a Python that has them installed, on the same words.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import json
import os
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from musnad.article import Article
from musnad.language.analyse import clitic_pos
from musnad.language.letters import fold
from musnad.language.stage import LanguageStage
from musnad.pipeline import Pipeline
from training import pud
from training.tagger import words

PEERS = """
import json, sys, time
words = json.load(sys.stdin)
out = {}
def run(name, make):
    try:
        work = make()
        start = time.perf_counter(); got = [work(w) for w in words]; spent = time.perf_counter() - start
        out[name] = [got, len(words) / spent]
    except Exception as error:
        out[name] = repr(error)
def simplemma():
    import simplemma as s
    return lambda w: s.lemmatize(w, lang="ar")
def isri():
    from nltk.stem.isri import ISRIStemmer
    return ISRIStemmer().stem
def farahidi():
    import farahidi
    def first(word):
        found = farahidi.analyze(word)
        return found[0].lemma if found else word
    return first
def camel():
    from camel_tools.tokenizers.word import simple_word_tokenize
    return lambda w: simple_word_tokenize(w)
for name, make in (("simplemma", simplemma), ("NLTK ISRI", isri), ("farahidi", farahidi), ("camel-tools (simple_word_tokenize)", camel)):
    run(name, make)
json.dump(out, sys.stdout)
"""


def measure(sentences: list[pud.Sentence], model: str | None) -> dict[str, float]:
    """Shares right over the words of the sentences; ``upos`` over all syntactic words (clitics, marks and numbers too)."""
    pipeline = Pipeline([LanguageStage(model)])  # type: ignore[arg-type]
    n = cut = pos = lemma = hit = false = miss = 0
    for sentence in sentences:
        tokens = pipeline.analyse(Article(id="", text=sentence.text)).tokens
        for g, token in zip(words(sentence), tokens, strict=True):
            if g.kind != "word" or not g.pos:
                continue
            n += 1
            enclitic = len(token.enclitic.form) if token.enclitic else 0
            right = (len(token.proclitics), len(token.norm) - enclitic) == (g.first, g.last)
            cut += right
            pos += right and token.pos == g.pos
            lemma += fold(token.lemma) == g.lemma
            is_verb, called = g.pos in ("VERB", "AUX"), token.pos in ("VERB", "AUX")
            hit += is_verb and called
            false += called and not is_verb
            miss += is_verb and not called
    return {
        "words": n, "clitics": cut / n, "pos of stems": pos / n, "lemma": lemma / n, "verb F1": 2 * hit / (2 * hit + false + miss),
        "upos, all syntactic words (F1)": upos(sentences, pipeline),
    }  # fmt: skip


def upos(sentences: list[pud.Sentence], pipeline: Pipeline) -> float:
    """F1 over syntactic words as spans with their tag, as the CoNLL shared tasks count it."""
    right = made = wanted = 0
    for sentence in sentences:
        gold = {(p.start, p.end, p.pos) for p in sentence.parts}
        got = set()
        for t in pipeline.analyse(Article(id="", text=sentence.text)).tokens:
            got |= {(c.start, c.end, clitic_pos(c.form, t.pos)) for c in t.proclitics}
            if t.enclitic:
                got.add((t.enclitic.start, t.enclitic.end, "PRON"))
            pos = "PROPN" if t.kind == "latin" else t.pos
            got.add((t.stem_start, t.stem_end, pos))
        right += len(gold & got)
        made += len(got)
        wanted += len(gold)
    return 2 * right / (made + wanted)


SPEEDS = (("fast, without names", None), ("fast, with names", "fast"), ("accurate", "accurate"))


def speed(data: Path, articles: int, model: str | None, frozen: bool) -> tuple[int, float, float]:
    """Words read, and words per second of processor time over articles seen once, caches empty at first: over all, over the last quarter.

    :param frozen: set Python's garbage collector as the commands and their workers do (``musnad.workers.settled``).
    """
    pipeline = Pipeline([LanguageStage(model)])  # type: ignore[arg-type]
    pipeline.analyse(Article(id="", text="بدء"))
    if frozen:
        gc.collect()
        gc.freeze()
        gc.set_threshold(100_000, 50, 100)
    seen: list[int] = []
    spent: list[float] = []
    with gzip.open(data / "news" / "saudinewsnet_slice.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in islice(lines, articles):
            article = Article(id="", text=json.loads(line)["text"])
            start = time.process_time()
            analysis = pipeline.analyse(article)
            spent.append(time.process_time() - start)
            seen.append(sum(t.kind == "word" for t in analysis.tokens))
    late = 3 * len(seen) // 4
    return sum(seen), sum(seen) / sum(spent), sum(seen[late:]) / sum(spent[late:])


def speeds(data: Path, articles: int, runs: int) -> None:
    """Each configuration in a process of its own, on one thread."""
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
    print("words per second of processor time (time.process_time), one thread, each article seen once, caches empty at first;")
    print(f"over all articles, and over the last quarter of them; best of {runs}; load of the machine now {os.getloadavg()[0]:.1f}")
    for name, model in SPEEDS:
        for frozen in (True, False):
            number = articles if model != "accurate" else min(articles, 60)
            code = (
                "import sys; from pathlib import Path; from benchmarks.language import speed; "
                f"print(*speed(Path(sys.argv[1]), {number}, {model!r}, {frozen}))"
            )
            made = []
            for _ in range(runs):
                ran = subprocess.run([sys.executable, "-c", code, str(data)], capture_output=True, text=True, check=True,
                                     env={**os.environ, **threads}, cwd=Path(__file__).resolve().parents[1])  # fmt: skip
                made.append([float(x) for x in ran.stdout.split()])
            seen, rate, late = max(made, key=lambda m: m[1])
            how = "as commands and workers run" if frozen else "as a library, collector as Python sets it"
            print(f"  {name:20}{rate:>9,.0f} {late:>9,.0f}  {number:,} articles, {int(seen):,} words; {how}", flush=True)
            if model == "accurate":
                break


def starts() -> None:
    """Import and loads, each in processes of their own: the best of five, in seconds on the clock and of processor time."""
    works = (
        ("import musnad", "", "import musnad"),
        ("load of the verb and form table", "import musnad.language.forms as f, msgspec, marisa_trie", "f.table()"),
        ("load of the fast layer", "import numpy, musnad", "from musnad.language.stage import LanguageStage as S\nready('fast', S)"),
        ("load of the accurate layer", "import numpy, onnxruntime, musnad", "from musnad.language.stage import LanguageStage as S\nready('accurate', S)"),
    )  # fmt: skip
    ready = (
        "def ready(kind, S):\n from musnad.article import Article\n from musnad.pipeline import Pipeline\n"
        " Pipeline([S(kind)]).analyse(Article(id='', text='بدء'))\n"
    )
    for name, before, work in works:
        code = (
            f"import time\n{before}\n{ready}c, p = time.perf_counter(), time.process_time()\n{work}\n"
            "print(time.perf_counter() - c, time.process_time() - p)"
        )
        got = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split() for _ in range(5)]
        clock, processor = (min(float(g[i]) for g in got) for i in (0, 1))
        print(f"  {name:36}{clock:8.3f} s{processor:8.3f} s of processor time")


def peers(python: str, sentences: list[pud.Sentence]) -> None:
    """Lemma (or stem) quality of other programs on the same words, and their speed; what could not run says why."""
    gold = [g for s in sentences for g in words(s) if g.kind == "word" and g.pos]
    ran = subprocess.run([python, "-c", PEERS], input=json.dumps([g.raw for g in gold]), capture_output=True, text=True, check=False)
    if ran.returncode:
        print(f"peers did not run: {ran.stderr.strip().splitlines()[-1] if ran.stderr else ran.returncode}")
        return
    print(f"\n{'peer':36}{'lemma right':>12}{'words left whole as PUD':>26}{'words/s':>12}")
    for name, got in json.loads(ran.stdout).items():
        if isinstance(got, str):
            print(f"{name:36}not run: {got[:90]}")
            continue
        made, rate = got
        if isinstance(made[0], list):
            whole = sum((len(m) == 1) == (g.first == 0 and g.last == len(g.norm)) for g, m in zip(gold, made, strict=True)) / len(gold)
            print(f"{name:36}{'-':>12}{whole:>26.3f}{rate:>12,.0f}")
        else:
            share = sum(fold(str(m)) == g.lemma for g, m in zip(gold, made, strict=True)) / len(gold)
            print(f"{name:36}{share:>12.3f}{'-':>26}{rate:>12,.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the language layer.")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("MUSNAD_DATA", "../shared/data")))
    parser.add_argument("--speed", action="store_true", help="measure speed only")
    parser.add_argument("--articles", type=int, default=500, help="articles of the speed measure")
    parser.add_argument("--runs", type=int, default=1, help="runs of each speed, of which the best is printed")
    parser.add_argument("--peers", help="a Python interpreter with the peers installed")
    args = parser.parse_args()
    if args.speed:
        starts()
        speeds(args.data.resolve(), args.articles, args.runs)
        return
    starts()
    held_out = pud.split(args.data)[1]
    print(f"{'UD Arabic PUD, last 200 sentences':36}{'fast':>10}{'accurate':>10}")
    fast, accurate = measure(held_out, "fast"), measure(held_out, "accurate")
    for name in fast:
        print(f"  {name:34}{fast[name]:10.4g}{accurate[name]:10.4g}")
    if args.peers:
        peers(args.peers, held_out)


if __name__ == "__main__":
    main()
