"""Speakers and parties of the annotated articles that the record has no mention of: ``python -m benchmarks.parties_found [--data DIR] [--model fast]``.

Prints the share of the speaker, actor and recipient phrases of ``DIR/gold/gold.json`` that no mention of the record overlaps, and each of them. A
phrase whose words are there but which is tied to the wrong event or statement is not counted here: that is what the scorer's layers are for.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from musnad.api import default_pipeline
from musnad.reading.build import make_article
from musnad.settings import Settings


def phrases(gold: dict[str, Any]) -> Iterator[tuple[str, tuple[int, int]]]:
    """Kind and span of each speaker, actor and recipient of an annotated article, each span once."""
    seen: set[tuple[int, int]] = set()
    spans = [("speaker", s["speaker"]) for s in gold["statements"] if s.get("speaker")]
    spans += [(kind, span) for e in gold["events"] for kind, key in (("actor", "actors"), ("recipient", "recipients")) for span in e[key]]
    for kind, (start, end) in spans:
        if (start, end) not in seen:
            seen.add((start, end))
            yield kind, (start, end)


def missed(data: Path, model: Literal["fast", "accurate"]) -> tuple[int, list[tuple[str, str]]]:
    """How many phrases there are, and those without a mention: kind and words."""
    texts = [json.loads(line) for line in (data / "gold" / "articles.jsonl").open(encoding="utf-8")]
    gold = {g["sha256"]: g for g in json.loads((data / "gold" / "gold.json").read_text(encoding="utf-8"))}
    pipeline = default_pipeline(Settings(model=model))
    total, out = 0, []
    for text in texts:
        article = make_article(text["text"], published=text.get("published"), title=text.get("title"))
        record = pipeline.analyse(article).record()
        for kind, (start, end) in phrases(gold[text["sha256"]]):
            total += 1
            if not any(m.start < end and m.end > start for m in record.mentions):
                out.append((kind, article.text[start:end]))
    return total, out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("MUSNAD_DATA", "../shared/data")))
    parser.add_argument("--model", choices=("fast", "accurate"), default="fast")
    args = parser.parse_args()
    total, out = missed(args.data, args.model)
    print(f"{args.model}: {len(out)} of {total} speakers and parties without a mention ({len(out) / max(total, 1):.3f})")
    for kind, words in out:
        print(f"  {kind}: {words}")


if __name__ == "__main__":
    main()
