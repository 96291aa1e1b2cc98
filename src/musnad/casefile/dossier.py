"""The dossier: what a case holds, as a report in HTML or Markdown; every line names its article and offsets."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, Select, func, literal_column, select, text

from musnad.casefile import queries, schema
from musnad.casefile.description import Description
from musnad.casefile.queries import Filters, Row
from musnad.casefile.search import match_expression, matches

_MOST = 12  # rows of a section for one party or factor


class Section(NamedTuple):
    """A part of the report: heading, an optional note, and tables of (title, columns, rows)."""

    name: str
    tables: list[tuple[str, list[str], list[list[str]]]]


_WORDS = {
    "en": {
        "parties": "Parties and positions", "rounds": "Rounds and meetings", "commitments": "Commitments", "factors": "Factors",
        "figures": "Figures", "counts": "Events over time", "sources": "Sources", "day": "day", "act": "act", "words": "words",
        "source": "source", "who": "who", "place": "place", "sources_n": "independent sources", "kind": "kind", "state": "state",
        "deadline": "deadline", "slips": "times moved", "first": "first", "last": "last", "restated": "restated", "what": "what",
        "claimant": "claimant", "value": "value", "month": "month", "outlet": "outlet", "articles": "articles", "copies": "copies",
        "range": "from – to", "disagree": "claimants disagree", "of": "of", "none": "Nothing was found.", "as_of": "what was known on",
        "articles_n": "articles", "question": "Question", "keywords": "Words to watch",
    },
    "ar": {
        "parties": "الأطراف ومواقفها", "rounds": "الجولات واللقاءات", "commitments": "الالتزامات", "factors": "العوامل",
        "figures": "الأرقام", "counts": "الأحداث عبر الزمن", "sources": "المصادر", "day": "اليوم", "act": "الفعل", "words": "الكلام",
        "source": "المصدر", "who": "من", "place": "المكان", "sources_n": "مصادر مستقلة", "kind": "النوع", "state": "الحالة",
        "deadline": "الموعد", "slips": "مرات التأجيل", "first": "أول ذكر", "last": "آخر ذكر", "restated": "تكرار", "what": "المضمون",
        "claimant": "القائل", "value": "القيمة", "month": "الشهر", "outlet": "الوسيلة", "articles": "مقالات", "copies": "نسخ",
        "range": "من – إلى", "disagree": "القائلون مختلفون", "of": "من أصل", "none": "لم يوجد شيء.", "as_of": "ما كان معروفا في",
        "articles_n": "مقال", "question": "السؤال", "keywords": "كلمات للمتابعة",
    },
}  # fmt: skip


def _source(row: Row) -> str:
    # the date and the reference read from left to right inside Arabic lines
    where = f"{row['published_day'] or ''} [{row['document_id']}:{row['start']}–{row['end']}]"
    return f"{row['outlet'] or '?'} \u2066{where.strip()}\u2069"


def _names(sides: list[Row]) -> str:
    return "، ".join(s["name"] for s in sides)


def sections(connection: Connection, about: Description, filters: Filters, lang: Literal["en", "ar"] = "en") -> list[Section]:
    """The report's sections over the case, narrowed by filters."""
    w = _WORDS[lang]
    statements = queries.statements(connection, filters)
    made = [
        Section(w["parties"], _positions(connection, about, statements, w)),
        Section(w["rounds"], _rounds(connection, filters, w)),
        Section(w["commitments"], _commitments(connection, filters, w)),
        Section(w["factors"], _factors(about, statements, queries.figures(connection, filters), w)),
        Section(w["keywords"], _keywords(connection, about, filters, w)),
        Section(w["figures"], _figures(connection, filters, w)),
        Section(w["counts"], _counts(connection, filters, w)),
        Section(w["sources"], _sources(connection, filters, w)),
    ]
    unasked = {w["factors"]: not about.factors, w["keywords"]: not about.keywords}
    return [s for s in made if not unasked.get(s.name)]


def _positions(connection: Connection, about: Description, statements: list[Row], w: dict[str, str]) -> list[Any]:
    said: dict[int, list[Row]] = defaultdict(list)
    for s in statements:
        for side in s["speaker"]:
            if side["id"] is not None:
                said[side["id"]].append(s)
    groups: list[tuple[str, list[Row]]] = []
    if about.parties:
        for party in about.parties:
            ids = queries.find_entities(connection, party)
            rows = [s for i in ids for s in said.get(i, ())]
            groups.append((party, sorted(rows, key=lambda s: (s["published_day"] or "", s["document_id"], s["start"]))))
    else:
        top = sorted(said.items(), key=lambda x: -len(x[1]))[:8]
        groups = [(next(side["name"] for side in rows[0]["speaker"] if side["id"] == i), rows) for i, rows in top]
    columns = [w["day"], w["act"], w["words"], w["source"]]
    return [
        (
            name,
            columns,
            [[s["published_day"] or "", s["act"], s["content"], _source(s)] for s in rows[-_MOST:]],
        )
        for name, rows in groups
        if rows
    ]


def _rounds(connection: Connection, filters: Filters, w: dict[str, str]) -> list[Any]:
    rows = []
    for g in queries.timeline(connection, filters._replace(types=("CONSULT", "AGREE"))):
        first = g["tellings"][0]
        who = _names([*first["actor"], *first["recipient"]])
        rows.append(
            [
                g["begin"] or first["published_day"] or "",
                who,
                g["place"] or "",
                str(g["sources"]),
                first["text"],
                _source(first),
            ]
        )
    return [("", [w["day"], w["who"], w["place"], w["sources_n"], w["words"], w["source"]], rows)] if rows else []


def _commitments(connection: Connection, filters: Filters, w: dict[str, str]) -> list[Any]:
    by_thread: dict[int, list[Row]] = defaultdict(list)
    for row in queries.commitments(connection, filters):
        if row["thread_id"] is not None:
            by_thread[row["thread_id"]].append(row)
    threads = queries.threads(connection, filters)
    rows = []
    for number, told in sorted(by_thread.items(), key=lambda x: threads[x[0]]["first_day"] or ""):
        t = threads[number]
        who = _names([*told[0]["party"], *told[0]["with"]])
        rows.append(
            [
                t["kind"],
                who,
                t["what"],
                f"{t['state']} ({t['level']}/3)",
                t["deadline"] or "",
                str(t["slips"]),
                t["first_day"] or "",
                str(len(told)),
                _source(told[0]),
            ]
        )
    columns = [
        w["kind"],
        w["who"],
        w["what"],
        w["state"],
        w["deadline"],
        w["slips"],
        w["first"],
        w["restated"],
        w["source"],
    ]
    return [("", columns, rows)] if rows else []


def _factors(about: Description, statements: list[Row], figures: list[Row], w: dict[str, str]) -> list[Any]:
    made = []
    for factor in about.factors:
        rows = []
        for s in statements:
            if matches(s["content"], factor.keywords):
                rows.append([s["published_day"] or "", _names(s["speaker"]), s["content"], _source(s)])
        for f in figures:
            if matches(f["text"], factor.keywords):
                rows.append([f["published_day"] or "", f["claimant"] or "", f["text"], _source(f)])
        if rows:
            made.append((factor.name, [w["day"], w["who"], w["words"], w["source"]], sorted(rows)[-2 * _MOST :]))
    return made


def _figures(connection: Connection, filters: Filters, w: dict[str, str]) -> list[Any]:
    made = []
    for s in queries.series(connection, filters)[:20]:
        rows = [[p["as_of"] or "", p["claimant"] or p["outlet"] or "", amount(p), p["text"], _source(p)] for p in s["points"]]
        title = s["label"] + (f" ({w['disagree']})" if s["disagreement"] else "")
        made.append((title, [w["day"], w["claimant"], w["value"], w["words"], w["source"]], rows[:30]))
    return made


def amount(row: Row) -> str:
    """A figure's value, or its bounds, as digits."""
    if row["value"] is not None:
        sign = {"more_than": "> ", "less_than": "< ", "at_least": "≥ ", "at_most": "≤ ", "about": "≈ "}.get(row["comparator"], "")
        return f"{sign}{row['value']:,g}"
    return f"{'' if row['low'] is None else format(row['low'], ',g')} – {'' if row['high'] is None else format(row['high'], ',g')}"


def _counts(connection: Connection, filters: Filters, w: dict[str, str]) -> list[Any]:
    months: dict[str, Counter[str]] = defaultdict(Counter)
    types: Counter[str] = Counter()
    for g in queries.timeline(connection, filters):
        day = g["begin"] or g["tellings"][0]["published_day"]
        if day and g["status"] in ("occurred", "ongoing"):
            months[day[:7]][g["type"]] += 1
            types[g["type"]] += 1
    names = [t for t, _ in types.most_common()]
    rows = [[month, *(str(months[month][t] or "") for t in names)] for month in sorted(months)]
    return [("", [w["month"], *names], rows)] if rows else []


def _keywords(connection: Connection, about: Description, filters: Filters, w: dict[str, str]) -> list[Any]:
    """How many articles hold all words of a keyword, in any spelling, and of which days."""
    d = schema.documents
    rows = []
    for words in dict.fromkeys(about.keywords):
        expression = match_expression(words)
        if expression is None:
            continue
        holding: Select[Any] = (
            select(literal_column("rowid")).select_from(text("search")).where(text("search MATCH :q").bindparams(q=expression))
        )
        counted: list[Any] = [func.count(d.c.id), func.min(d.c.published_day), func.max(d.c.published_day)]
        query: Select[Any] = select(*counted).where(d.c.id.in_(holding))
        n, first, last = connection.execute(queries.narrowed(query, filters)).one()
        rows.append([words, str(n), f"{first or '?'} – {last or '?'}" if n else ""])
    return [("", [w["words"], w["articles"], w["range"]], rows)] if rows else []


def _sources(connection: Connection, filters: Filters, w: dict[str, str]) -> list[Any]:
    d, c = schema.documents, schema.copies
    copied = func.sum(func.iif(c.c.cluster != d.c.id, 1, 0))
    query = (
        select(d.c.outlet, func.count(d.c.id), copied, func.min(d.c.published_day), func.max(d.c.published_day))
        .outerjoin(c, c.c.document_id == d.c.id)
        .group_by(d.c.outlet)
        .order_by(func.count(d.c.id).desc())
    )
    query = queries.narrowed(query, filters)
    rows = [[r[0] or "?", str(r[1]), str(r[2] or 0), f"{r[3] or '?'} – {r[4] or '?'}"] for r in connection.execute(query)]
    return [("", [w["outlet"], w["articles"], w["copies"], w["range"]], rows)] if rows else []


def markdown(about: Description, parts: list[Section], lang: Literal["en", "ar"] = "en", as_of: str | None = None) -> str:
    """The report as Markdown."""
    w = _WORDS[lang]
    out = [f"# {_flat(about.name)}", ""]
    if about.question:
        out += [f"**{w['question']}:** {_flat(about.question)}", ""]
    if as_of:
        out += [f"{w['as_of']} {as_of}", ""]
    for part in parts:
        out += [f"## {part.name}", ""]
        if not part.tables:
            out += [w["none"], ""]
        for title, columns, rows in part.tables:
            if title:
                out += [f"### {_flat(title)}", ""]
            out += [f"| {' | '.join(columns)} |", f"|{' --- |' * len(columns)}"]
            out += [f"| {' | '.join(_flat(c) for c in row)} |" for row in rows]
            out.append("")
    return "\n".join(out)


def _flat(words: str) -> str:
    return " ".join(words.split()).replace("|", "\\|").replace("<", "&lt;")


def html(about: Description, parts: list[Section], lang: Literal["en", "ar"] = "en", as_of: str | None = None) -> str:
    """The report as one HTML page that needs nothing else."""
    from jinja2 import Environment, PackageLoader

    environment = Environment(loader=PackageLoader("musnad.casefile"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template("dossier.html").render(about=about, sections=parts, lang=lang, w=_WORDS[lang], as_of=as_of)
