"""``musnad explain``: which words, rules and frames made an item."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import typer

from musnad.cli.console import UserError, isolated
from musnad.cli.single import one_article
from musnad.record import LISTS


def command(
    path: Annotated[str, typer.Argument(metavar="ARTICLE|-", help="The article's file, or - for standard input.")],
    item: Annotated[
        str | None,
        typer.Argument(metavar="[ITEM]", help="Id of an item, such as v1, s2, f3, t1, m4; all where none is given."),
    ] = None,
    published: Annotated[str | None, typer.Option(help="Date of publication.")] = None,
) -> None:
    """Say what made an item: its words, slots, and the rules, frames or model scores behind them."""
    from musnad.api import shared_pipeline

    article = one_article(path, published)
    record = shared_pipeline().code(article)
    items = {x.id: (name, x) for name in LISTS for x in getattr(record, name)}
    if item is not None and item not in items:
        raise UserError(f"the record has no item {item}; it has {', '.join(items) or 'none'}")
    for key in [item] if item is not None else items:
        name, found = items[key]
        _print(name, found, items, article.text)


def _print(name: str, found: Any, items: dict[str, tuple[str, Any]], text: str) -> None:
    print(f"{found.id}  {name}")
    for field in found.__struct_fields__:
        value = getattr(found, field)
        if field in ("id", "start", "end", "rules") or value in (None, [], ""):
            continue
        print(f"  {field}: {_show(value, items, text)}")
    if hasattr(found, "start"):
        print(f"  at: {found.start}..{found.end}")
    for rule in getattr(found, "rules", []):
        print(f"  because: {isolated(rule)}")
    print()


def _show(value: Any, items: dict[str, tuple[str, Any]], text: str) -> str:
    if isinstance(value, list):
        return "; ".join(_show(v, items, text) for v in value)
    if isinstance(value, str):
        if value in items:
            other = items[value][1]
            return f"{value} {isolated(str(getattr(other, 'text', None) or getattr(other, 'name', '')))}"
        return isolated(value)
    if isinstance(value, msgspec.Struct):
        start, end = getattr(value, "start", None), getattr(value, "end", None)
        if start is not None and end is not None:
            lemma = getattr(value, "lemma", None)
            return f"{isolated(text[start:end])} ({start}..{end}{', lemma ' + isolated(lemma) if lemma else ''})"
        return ", ".join(f"{k} {v}" for k, v in msgspec.to_builtins(value).items() if v is not None)
    return str(value)
