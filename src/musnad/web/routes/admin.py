"""Signing in, preferences, adding articles, exports, audit."""

from __future__ import annotations

import gzip
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from fastapi import APIRouter, Form, Request
from sqlalchemy import func, select
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from musnad.casefile import schema
from musnad.casefile.derive import derive
from musnad.casefile.ingest import ingest
from musnad.exports import FORMATS, export
from musnad.reading.build import ReadingError, make_article
from musnad.reading.files import SUFFIXES, Given, Item, read
from musnad.web.room import COOKIE, Page, safe_path

router = APIRouter()
PER_PAGE = 100
#: what a compressed upload may hold when unpacked
MAX_UNPACKED = 256 * 1024 * 1024
#: file names that exports get: nothing of the request goes into a path
_SUFFIX = {
    "jsonl": ".jsonl", "csv": ".zip", "parquet": ".zip", "plover": ".jsonl", "polecat": ".tsv", "acled": ".csv", "ftm": ".jsonl",
    "ftm-statements": ".jsonl",
    "annotations": ".jsonld", "timelinejs": ".json", "geojson": ".geojson", "graphml": ".graphml",
}  # fmt: skip


@router.get("/login")
def login_page(request: Request) -> Response:
    """The form to sign in."""
    page = Page(request)
    if page.room.accounts is None:
        return page.go("/")
    return page.render("login.html", next=safe_path(request.query_params.get("next")))


@router.post("/login")
def login(
    request: Request,
    name: str = Form(""),
    password: str = Form(""),
    next: str = Form("/"),
    csrf: str = Form(""),
) -> Response:
    """Sign in."""
    page = Page(request)
    if page.room.accounts is None:
        raise HTTPException(404)
    page.checked(csrf, "login")
    user = page.room.accounts.check(name, password)
    if user is None:
        page.room.note(name[:60] or "?", "login_failed", None, page.address)
        page.session.messages.append(("bad", page._("Name and password do not fit.")))
        return page.render("login.html", status=401, next=safe_path(next))
    # a new session: one that was planted before the login is worth nothing
    page.room.sessions.close(request.cookies.get(COOKIE))
    page.new_cookie, page.session = page.room.sessions.open(user)
    page.room.note(user.name, "login", None, page.address)
    return page.go(next)


@router.post("/logout")
def logout(request: Request, csrf: str = Form("")) -> Response:
    """Sign out."""
    page = Page(request)
    page.checked(csrf)
    if page.user is not None and page.room.accounts is not None:
        page.room.note(page.user.name, "logout", None, page.address)
    page.room.sessions.close(request.cookies.get(COOKIE))
    response = page.go("/login")
    response.delete_cookie(COOKIE, path="/")
    return response


@router.post("/preferences")
def preferences(
    request: Request,
    lang: str = Form(""),
    digits: str = Form(""),
    theme: str = Form(""),
    next: str = Form("/"),
    csrf: str = Form(""),
) -> Response:
    """Remember language, digits and theme for a year."""
    page = Page(request)
    page.checked(csrf)
    response = page.go(next)
    for key, value, allowed in (("lang", lang, ("ar", "en")), ("digits", digits, ("latn", "arab")), ("theme", theme, ("auto", "light", "dark"))):  # fmt: skip
        if value in allowed:
            response.set_cookie(
                key,
                value,
                max_age=365 * 86400,
                samesite="lax",
                httponly=True,
                secure=request.url.scheme == "https",
            )
    return response


# --- adding articles


@router.get("/ingest")
def ingest_page(request: Request) -> Response:
    """The form to add articles."""
    page = Page(request)
    page.need("owner")
    with page.read() as connection:
        runs = connection.execute(select(schema.ingests).order_by(schema.ingests.c.id.desc()).limit(20)).all()
    return page.render("ingest.html", runs=runs, suffixes=sorted(SUFFIXES))


@router.post("/ingest")
async def ingest_post(request: Request) -> Response:
    """Add an uploaded file or pasted text."""
    page = Page(request)
    user = page.need("owner")
    try:
        form = await request.form(max_files=1, max_fields=10, max_part_size=4 * 1024 * 1024)
    except HTTPException as error:
        raise HTTPException(error.status_code if error.status_code == 413 else 400) from None
    page.checked(str(form.get("csrf") or ""), "upload")
    return await run_in_threadpool(_ingest, page, user.name, form)


def _ingest(page: Page, who: str, form: Any) -> Response:
    upload = form.get("file")
    outlet = str(form.get("outlet") or "").strip()[:200] or None
    published = str(form.get("published") or "").strip()[:40] or None
    words = str(form.get("text") or "")
    if not page.room.uploading.acquire(timeout=60):
        raise HTTPException(503, page._("Another upload is being coded: try again."))
    try:
        with tempfile.TemporaryDirectory(prefix="musnad-") as folder:
            try:
                if upload is not None and not isinstance(upload, str) and upload.filename:
                    name = f"upload{_suffix(upload.filename)}"
                    items = _uploaded(upload.file, Path(folder) / name, Given(published=published, outlet=outlet))
                    source = _plain_name(upload.filename)
                elif words.strip():
                    title = str(form.get("title") or "").strip()[:500] or None
                    items = iter([make_article(words, published=published, outlet=outlet, title=title)])
                    source = "pasted text"
                else:
                    raise ReadingError("choose a file or paste a text")
                made = ingest(page.room.case, items, [source])
            except (ReadingError, OSError, EOFError, UnicodeError) as error:
                return page.go("/ingest", "bad", " ".join(str(error).replace(folder, "").split())[:300])
            derive(page.room.case)
    finally:
        page.room.uploading.release()
    page.room.note(who, "upload", f"{source}: {made.added}+{made.known}+{made.failed}", page.address)
    kind = "good" if made.added or made.known else "bad"
    return page.go(
        "/ingest", kind,
        page._("%(added)s added, %(known)s known before, %(failed)s set aside", added=page.say.number(made.added),
               known=page.say.number(made.known), failed=page.say.number(made.failed)),
    )  # fmt: skip


def _plain_name(name: str) -> str:
    """The last part of a file's name, without anything that could be a path or rule a terminal."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if c.isprintable())[:120] or "upload"


def _suffix(name: str) -> str:
    """The suffix of an uploaded file. :raises ReadingError: where nothing of that name is read here."""
    lower = name.lower()
    for suffix in sorted(SUFFIXES, key=len, reverse=True):
        if lower.endswith(suffix):
            return suffix
    raise ReadingError(f"files here end in {', '.join(sorted(SUFFIXES))}")


def _uploaded(file: BinaryIO, target: Path, given: Given) -> Iterator[Item]:
    """The articles of an upload; a compressed one is unpacked first, up to a limit.

    :raises ReadingError: where it holds more than the limit.
    """
    with target.open("wb") as out:
        shutil.copyfileobj(file, out)
    if target.name.endswith(".gz"):
        plain = target.with_suffix("")
        size = 0
        with gzip.open(target, "rb") as packed, plain.open("wb") as out:
            while block := packed.read(1 << 20):
                size += len(block)
                if size > MAX_UNPACKED:
                    raise ReadingError(f"it holds more than {MAX_UNPACKED // (1 << 20)} MB when unpacked")
                out.write(block)
        target.unlink()
        target = plain
    elif target.suffix == ".parquet":
        _measure(target)
    yield from read([str(target)], given)


def _measure(path: Path) -> None:
    """Count what a Parquet file holds when its dictionaries are written out: a word stored once can stand in a million rows.

    :raises ReadingError: where it is more than the limit.
    """
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    try:
        fields = pq.ParquetFile(path).schema_arrow
        words = [f.name for f in fields if pa.types.is_string(f.type) or pa.types.is_binary(f.type) or pa.types.is_large_string(f.type)]
        file, size = pq.ParquetFile(path, read_dictionary=words), 0
        # dictionaries stay as they are: only their lengths are added up
        for batch in file.iter_batches(batch_size=16 if len(words) < len(fields) else 4096):
            for column in batch.columns:
                if pa.types.is_dictionary(column.type):
                    lengths = pc.binary_length(column.dictionary).take(column.indices)
                    size += pc.sum(lengths).as_py() or 0
                else:
                    size += column.nbytes
                if size > MAX_UNPACKED:
                    raise ReadingError(f"it holds more than {MAX_UNPACKED // (1 << 20)} MB when unpacked")
    except (pa.ArrowException, OSError):
        return  # the reader says what is wrong with it


# --- exports


@router.get("/export")
def export_page(request: Request) -> Response:
    """What can be taken away."""
    page = Page(request)
    page.need("reader")
    return page.render("export.html", formats={k: v[1] for k, v in FORMATS.items()})


@router.get("/export/{format}")
def export_file(request: Request, format: str) -> Response:
    """An export with the filters of the address."""
    page = Page(request)
    user = page.need("reader")
    if format not in FORMATS:
        raise HTTPException(404)
    if not page.room.limiter.allows("export", page.address):
        raise HTTPException(429, page._("Too many requests: wait a minute."))
    filters, _ = page.filters()
    filters = filters._replace(limit=None, offset=0)
    folder = Path(tempfile.mkdtemp(prefix="musnad-"))
    try:
        target = folder / f"case{_SUFFIX[format]}"
        with page.read() as connection:
            if _SUFFIX[format] == ".zip":
                tables = folder / "tables"
                export(connection, format, tables, filters)
                with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
                    for file in sorted(tables.rglob("*")):
                        packed.write(file, file.relative_to(tables))
            else:
                export(connection, format, target, filters)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    page.room.note(user.name, "export", format, page.address)
    return page.finish(
        FileResponse(
            target, filename=f"musnad-{format}{_SUFFIX[format]}", media_type="application/octet-stream",
            background=BackgroundTask(shutil.rmtree, folder, ignore_errors=True),
        )
    )  # fmt: skip


@router.get("/audit")
def audit(request: Request) -> Response:
    """Who signed in, added and exported, and how many decisions each reviewer took."""
    page = Page(request)
    page.need("owner")
    _, number = page.filters(PER_PAGE)
    a, r = schema.audit, schema.reviews
    with page.read() as connection:
        total = connection.execute(select(func.count()).select_from(a)).scalar() or 0
        rows = connection.execute(select(a).order_by(a.c.id.desc()).limit(PER_PAGE).offset((number - 1) * PER_PAGE)).all()
        people = connection.execute(
            select(r.c.reviewer, r.c.action, func.count().label("n"), func.max(r.c.at).label("last"))
            .group_by(r.c.reviewer, r.c.action).order_by(r.c.reviewer)
        ).all()  # fmt: skip
    return page.render("audit.html", rows=rows, people=people, number=number, pages=-(-total // PER_PAGE))
