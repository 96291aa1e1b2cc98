"""A record for a person at a terminal: statements, events, figures and commitments, each with its words."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Callable, Sequence
from typing import Any

from musnad.cli.console import isolated, printable
from musnad.record import Commitment, Event, Figure, Record, Statement

_WORDS = {
    "en": {"published": "published", "unknown": "no date", "no outlet": "outlet unknown", "statements": "STATEMENTS", "events": "EVENTS",
           "figures": "FIGURES", "commitments": "COMMITMENTS", "via": "via", "to": "to", "with": "with", "by": "by", "if": "condition",
           "who": "who", "whom": "to whom", "where": "where", "when": "when", "said by": "said by", "nobody": "(not named)",
           "nothing": "Nothing was found in this article.", "own voice": "the article's own voice"},
    "ar": {"published": "نُشر", "unknown": "بلا تاريخ", "no outlet": "المصدر غير معروف", "statements": "التصريحات", "events": "الأحداث",
           "figures": "الأرقام", "commitments": "الالتزامات", "via": "عبر", "to": "إلى", "with": "مع", "by": "قبل", "if": "شرط",
           "who": "الفاعل", "whom": "المتلقي", "where": "المكان", "when": "الزمان", "said by": "قاله", "nobody": "(غير مسمى)",
           "nothing": "لم يوجد شيء في هذا المقال.", "own voice": "صوت المقال نفسه"},
}  # fmt: skip


class _Page:
    def __init__(self, record: Record, lang: str) -> None:
        self.record = record
        self.words = _WORDS[lang]
        self.width = max(48, min(100, shutil.get_terminal_size((88, 24)).columns))
        self.mentions = {m.id: m for m in record.mentions}
        self.entities = {e.id: e for e in record.entities}
        self.times = {t.id: t for t in record.times}
        self.statements = {s.id: s for s in record.statements}
        self.out: list[str] = []

    def line(self, words: str, indent: int = 2) -> None:
        pad = " " * indent
        self.out.extend(textwrap.wrap(words, self.width, initial_indent=pad, subsequent_indent=pad + "  ") or [""])

    def heading(self, word: str) -> None:
        self.out.extend(["", self.words[word]])

    def who(self, mention_id: str | None) -> str:
        mention = self.mentions.get(mention_id or "")
        if mention is None:
            return self.words["nobody"]
        entity = self.entities.get(mention.entity or "")
        name = isolated(_one_line(mention.text))
        if entity is None:
            return name
        code = entity.code or entity.country
        known = f" = {isolated(entity.name)}" if entity.name not in mention.text else ""
        return f"{name}{known}" + (f" [{code}]" if code else "")

    def when(self, time_id: str | None) -> str | None:
        time = self.times.get(time_id or "")
        if time is None:
            return None
        days = time.begin if time.begin == time.end_date else f"{time.begin or '…'} – {time.end_date or '…'}"
        return f"{days or time.value or '?'} ({isolated(_one_line(time.text))})"


def _one_line(words: str) -> str:
    return " ".join(words.split())


def render(record: Record, lang: str = "en") -> str:
    """The record as text for a terminal, ending in a new line. ``lang``: ``en`` or ``ar`` for headings."""
    page = _Page(record, lang)
    article = record.article
    title = article.title or _one_line(article.text)[:70]
    page.out.append(isolated(_one_line(title)))
    date = f"{page.words['published']} {article.published}" if article.published else page.words["unknown"]
    origin = f" ({article.published_from})" if article.published_from else ""
    page.out.append(f"{isolated(article.outlet or page.words['no outlet'])} · {date}{origin}")
    layers: tuple[tuple[str, Sequence[Any], Callable[[_Page, Any], None]], ...] = (
        ("statements", record.statements, _statement),
        ("events", record.events, _event),
        ("figures", record.figures, _figure),
        ("commitments", record.commitments, _commitment),
    )
    for name, items, show in layers:
        if items:
            page.heading(name)
            for item in items:
                show(page, item)
    if len(page.out) == 2:
        page.out.extend(["", page.words["nothing"]])
    return "\n".join(page.out) + "\n"


def _statement(page: _Page, s: Statement) -> None:
    extras = [f"{page.words[w]} {page.who(m)}" for w, m in (("to", s.addressee), ("via", s.via)) if m]
    if when := page.when(s.time):
        extras.append(when)
    page.line(f"{s.id}  {s.act}: {page.who(s.speaker)}" + "".join(f" · {e}" for e in extras))
    mark = ("«", "»") if s.mode == "direct" else ("", "")
    for part in s.content:
        page.line(mark[0] + isolated(_one_line(part.text)) + mark[1], 6)


def _event(page: _Page, e: Event) -> None:
    modes = f" ({', '.join(e.modes)})" if e.modes else ""
    page.line(f"{e.id}  {e.type}{modes} · {e.status} · {isolated(e.trigger.text)}")
    slots = [
        (page.words["who"], ", ".join(page.who(m) for m in e.actors)),
        (page.words["whom"], ", ".join(page.who(m) for m in e.recipients)),
        (page.words["where"], page.who(e.location) if e.location else ""),
        (page.words["when"], page.when(e.time) or ""),
        (
            page.words["said by"],
            ", ".join(page.who(page.statements[s].speaker) for s in e.chain if s in page.statements),
        ),
    ]
    for label, value in slots:
        if value:
            page.line(f"{label}: {value}", 6)
    page.line(isolated(_one_line(e.text)), 6)


def _figure(page: _Page, f: Figure) -> None:
    amount = _number(f.value) if f.value is not None else f"{_number(f.low)} – {_number(f.high)}"
    compared = f" {f.comparator}" if f.comparator not in ("exact", "range") else ""
    unit = f" {isolated(f.unit)}" if f.unit else ""
    facts = [x for x in (page.who(f.place) if f.place else "", page.when(f.time) or "") if x]
    page.line(f"{f.id} {compared} {amount} {f.currency or ''}{unit} · {f.counts}".replace("  ", " ") + "".join(f" · {x}" for x in facts))
    page.line(isolated(_one_line(f.text)), 6)


def _number(value: float | int | None) -> str:
    return "…" if value is None else f"{value:,}"


def _commitment(page: _Page, c: Commitment) -> None:
    page.line(f"{c.id}  {c.kind} · {c.state}: " + ", ".join(page.who(m) for m in c.parties))
    if c.with_:
        page.line(f"{page.words['with']}: " + ", ".join(page.who(m) for m in c.with_), 6)
    if by := page.when(c.by):
        page.line(f"{page.words['by']}: {by}", 6)
    page.line(isolated(_one_line(printable(c.what.text))), 6)
    for condition in c.conditions:
        page.line(f"{page.words['if']}: {isolated(_one_line(condition.text))}", 6)
