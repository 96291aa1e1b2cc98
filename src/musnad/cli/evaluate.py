"""``musnad eval``: records against gold annotations."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from musnad.cli.console import UserError, isolated


def command(
    gold: Annotated[Path, typer.Argument(help="Gold annotations (JSON list).")],
    records: Annotated[
        Path | None, typer.Argument(help="Records (JSON Lines, Parquet or a folder of `musnad run`); without them the articles are coded.")
    ] = None,
    articles: Annotated[
        Path | None,
        typer.Option(help="Articles of the gold (JSON Lines), to be coded; default: articles.jsonl beside it."),
    ] = None,
    errors: Annotated[str | None, typer.Option(help="List the errors of a layer, such as events.who; or all.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the numbers as JSON.")] = False,
) -> None:
    """Score records: precision, recall, F1 with 95% intervals by bootstrap over articles, and the errors by kind."""
    from musnad.evaluation.score import intervals, score, totals

    scored = score(_json(gold), _records(records) if records else _coded(articles or gold.parent / "articles.jsonl"))
    sums, bounds = totals(scored), intervals(scored)
    if as_json:
        made = {
            k: {
                "p": t.precision,
                "r": t.recall,
                "f1": t.f1,
                "gold": t.gold,
                "found": t.found,
                "ci": bounds[k],
            }
            for k, t in sums.items()
        }
        print(json.dumps(made))
        return
    for layer, t in sums.items():
        low, high = bounds[layer]
        print(f"{layer:20} p {t.precision:.3f}  r {t.recall:.3f}  f1 {t.f1:.3f} [{low:.3f}, {high:.3f}]  gold {t.gold}  found {t.found}")
    every = [e for s in scored for e in s.errors]
    print()
    for (layer, kind), count in Counter((e.layer, e.kind) for e in every).most_common():
        print(f"{count:4}  {layer}: {kind}")
    for e in every:
        if errors in ("all", e.layer):
            print(f"{e.article[:8]} {e.start}..{e.end} {e.layer} {e.kind}: {isolated(' '.join(e.words.split())[:160])}")


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror})") from None
    except ValueError as error:
        raise UserError(f"{path} is not JSON ({error})") from None


def _records(path: Path) -> dict[str, Any]:
    if path.is_dir() or path.suffix == ".parquet":
        return _of_parquet(path)
    try:
        made = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        return {r["article"]["id"]: r for r in made}
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror})") from None
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"{path} holds a line that is no record ({error})") from None


def _of_parquet(path: Path) -> dict[str, Any]:
    import msgspec
    import pyarrow as pa
    import pyarrow.parquet as pq

    from musnad.record import to_json
    from musnad.scale.arrow import row_record

    files = sorted(path.rglob("*.parquet")) if path.is_dir() else [path]
    if not files:
        raise UserError(f"the folder {path} has no .parquet file of records")
    found = {}
    for file in files:
        try:
            for batch in pq.ParquetFile(file).iter_batches(batch_size=128):
                for record in map(row_record, batch.to_pylist()):
                    found[record.article.id] = json.loads(to_json(record))
        except OSError as error:
            raise UserError(f"{file} cannot be read ({error.strerror or error})") from None
        except (pa.ArrowInvalid, msgspec.ValidationError, KeyError, TypeError) as error:
            raise UserError(f"{file} does not hold records ({error})") from None
    return found


def _coded(path: Path) -> dict[str, Any]:
    from musnad.api import shared_pipeline
    from musnad.reading.files import Failure, counted, read
    from musnad.record import to_json

    def refuse(failure: Failure) -> None:
        raise UserError(f"{failure.where}: {failure.reason}")

    found = {}
    for article in counted(read([str(path)]), refuse, lambda _: None):
        record = shared_pipeline().code(article)
        found[record.article.id] = json.loads(to_json(record))
    return found
