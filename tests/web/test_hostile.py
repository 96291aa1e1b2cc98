"""Hostile input: scripts, bidi overrides, huge titles, bombs, forged requests and paths do no harm."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from musnad.casefile import queries, review, review_log, schema
from musnad.casefile.derive import derive
from musnad.casefile.description import Description, Factor, describe
from musnad.casefile.ingest import ingest
from musnad.casefile.store import Case, create
from musnad.reading import warc
from musnad.reading.build import make_article
from musnad.web.access import Limiter, Sessions, User
from musnad.web.app import create_app
from musnad.web.room import COOKIE, safe_path
from musnad.web.routes import admin
from tests.reading.test_files import PAGE
from tests.reading.test_formats import warc_record, zstd
from tests.web.support import PASSWORD, accounts, client, copy_of, signed_in, token

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg/onload=alert(1)>"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    path = tmp_path_factory.mktemp("hostile") / "hostile.musnad"
    case = create(path, EVIL)
    text = f"بغداد - قال وزير الخارجية {EVIL} إن بلاده «لن تقبل \u202eالتدخل\u202c» {EVIL}. واتهم \u2067الوفد\u0000 الحكومة."
    articles = [
        make_article(text, title=EVIL, outlet=EVIL, url="javascript:alert(1)", published="2024-01-01"),
        make_article(
            "التقى الوزير نظيره في بغداد أمس.",
            title="\u202e" + "ع" * 1_000_000,
            outlet="\u202eoutlet",
            published="2024-01-02",
        ),
        make_article("نص \ufffd\ufdd0 فيه حرف مكسور. قال الوزير إنه باق.", title="\ufffe", published="2024-01-03"),
    ]
    ingest(case, articles, [EVIL])
    derive(case)
    describe(case, Description(name=EVIL, question=EVIL, keywords=[EVIL, "قال"], factors=[Factor(name=EVIL, keywords=["قال"])]))
    for kind in ("events", "statements"):
        with case.read() as connection:
            row = next(iter(getattr(queries, kind)(connection)))
        review.decide(case, EVIL, kind, "accept", document_id=row["document_id"], item=row["id"], note=EVIL)
    case.close()
    app = create_app(path)
    app.state.room.note(EVIL, "upload", EVIL, EVIL)
    yield app
    app.state.room.case.close()


@pytest.mark.parametrize(
    "path",
    ["/", "/articles", "/articles/1", "/articles/2", "/articles/3", "/events", "/statements", "/statements?by=denials", "/figures", "/commitments",
     "/actors", "/map", "/sources", "/dossier", "/review", "/ingest", "/search?q=%3Cscript%3E%22%27", "/events?actor=%3Cscript%3E",
     "/articles?outlet=%22%3E%3Cscript%3E", "/articles/1?q=%3Cscript%3E", "/search?q=%D9%82%D8%A7%D9%84", "/events/1", "/events/1/others?q=%D9%82%D8%A7%D9%84",
     "/events/1/others?q=%3Cscript%3E", "/actors/1", "/actors/1/others?q=%3Cscript%3E", "/statements?by=topic", "/statements?by=topic&topic=factor:%3Cscript%3E",
     "/articles/1/edit?kind=events", "/articles/1/edit?kind=statements&item=s1", "/figures?type=%3Cscript%3E", "/map?outlet=%22%3E%3Cscript%3E", "/dossier?outlet=%3Cscript%3E",
     "/review/log", "/review/agreement", "/review/suggestions", "/audit", "/failures", "/export", "/help"],
)  # fmt: skip
def test_text_is_always_escaped(hostile: FastAPI, path: str) -> None:
    page = client(hostile).get(path)
    assert page.status_code == 200, page.text[:200]
    for evil in (
        "<script>alert",
        "<img src=x",
        "<svg/onload",
        'href="javascript:',
        '"><script',
        "\u202e",
        "\u2067",
        "\x00",
    ):
        assert evil not in page.text
    # a title of a million letters does not travel
    assert len(page.content) < 300_000


def test_controls_are_shown_and_offsets_stay_true(hostile: FastAPI) -> None:
    from lxml import html

    shown = html.fromstring(client(hostile).get("/articles/1").text).xpath('//div[@id="text"]')[0].text_content()
    with hostile.state.room.case.read() as connection:
        text = connection.execute(select(schema.documents.c.text).where(schema.documents.c.id == 1)).scalar()
    assert len(shown) == len(text)
    assert shown.index("التدخل") == text.index("التدخل")
    assert "◦التدخل◦" in shown


@pytest.fixture
def guarded(examples: Case, tmp_path: Path) -> Iterator[FastAPI]:
    app = create_app(copy_of(examples, tmp_path), accounts(tmp_path))
    yield app
    app.state.room.case.close()


@pytest.fixture
def local(examples: Case, tmp_path: Path) -> Iterator[FastAPI]:
    app = create_app(copy_of(examples, tmp_path))
    yield app
    app.state.room.case.close()


DECISION = {"kind": "events", "item": "v1", "action": "reject", "seen": "0"}


def decisions(app: FastAPI) -> int:
    with app.state.room.case.read() as connection:
        return len(review_log.decisions(connection))


def test_changes_without_the_token_are_refused(local: FastAPI) -> None:
    browser = client(local)
    good = token(browser, "/help")
    assert browser.post("/articles/1/decide", data=DECISION).status_code == 403
    assert browser.post("/articles/1/decide", data={**DECISION, "csrf": "x" * 32}).status_code == 403
    assert browser.post("/api/reviews", json={"document_id": 1, "kind": "events", "action": "accept", "item": "v1"}).status_code == 403
    # another browser's token is worth nothing here
    assert browser.post("/articles/1/decide", data={**DECISION, "csrf": token(client(local), "/help")}).status_code == 403
    # and a page elsewhere cannot send ours
    for origin in ("http://evil.example", "null"):
        answer = browser.post("/articles/1/decide", data={**DECISION, "csrf": good}, headers={"origin": origin})
        assert answer.status_code == 403
    assert decisions(local) == 0
    assert browser.post("/articles/1/decide", data={**DECISION, "csrf": good}, headers={"origin": "http://testserver"}).status_code == 303
    assert decisions(local) == 1


def test_only_this_computers_names_are_answered_without_accounts(local: FastAPI) -> None:
    assert client(local, host="evil.example").get("/").status_code == 421
    assert client(local, host="127.0.0.1:8750").get("/help").status_code == 200
    assert client(local, host="[::1]:8750").get("/help").status_code == 200


def test_sessions_cannot_be_forged(guarded: FastAPI) -> None:
    browser, _ = signed_in(guarded, "amal")
    cookie = browser.cookies[COOKIE]
    assert browser.get("/events").status_code == 200
    foreign, _ = Sessions().open(User("omar", "owner"))
    for forged in (cookie[:-2] + "xx", cookie.split(".")[0], "x" + cookie, foreign, "é", "." * 5000, ""):
        other = client(guarded)
        other.cookies.set(COOKIE, forged.encode("ascii", "ignore").decode())
        assert other.get("/events").status_code == 303
    browser.post("/logout", data={"csrf": token(browser, "/help")})
    stale = client(guarded)
    stale.cookies.set(COOKIE, cookie)
    assert stale.get("/events").status_code == 303


def test_a_session_from_before_the_login_is_not_kept(guarded: FastAPI) -> None:
    browser = client(guarded)
    csrf = token(browser)
    planted = browser.cookies[COOKIE]
    browser.post("/login", data={"name": "amal", "password": PASSWORD, "csrf": csrf})
    assert browser.cookies[COOKIE] != planted
    header = browser.post("/login", data={"name": "amal", "password": PASSWORD, "csrf": token(browser, "/help")}).headers["set-cookie"]
    assert "HttpOnly" in header
    assert "SameSite=strict" in header


@pytest.mark.parametrize(
    ("name", "path", "status"),
    [("rim", "/events", 200), ("rim", "/ingest", 403), ("rim", "/audit", 403), ("rim", "/articles/1/edit?kind=events", 403),
     ("rim", "/review/gold.json", 403), ("amal", "/articles/1/edit?kind=events", 200), ("amal", "/audit", 403), ("omar", "/audit", 200)],
)  # fmt: skip
def test_roles_hold(guarded: FastAPI, name: str, path: str, status: int) -> None:
    browser, csrf = signed_in(guarded, name)
    assert browser.get(path).status_code == status
    answer = browser.post("/articles/1/decide", data={**DECISION, "csrf": csrf})
    assert answer.status_code == (403 if name == "rim" else 303)


def test_nothing_is_shown_without_signing_in(guarded: FastAPI) -> None:
    browser = client(guarded)
    for path in ("/", "/articles/1", "/export/jsonl", "/review/gold.json", "/audit"):
        answer = browser.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/login")
    assert browser.get("/api/events").status_code == 401
    assert browser.get("/api/articles/1").json() == {"detail": "Sign in first."}


def test_an_account_that_is_changed_loses_its_rights_at_once(guarded: FastAPI) -> None:
    browser, _ = signed_in(guarded, "omar")
    guarded.state.room.accounts.put("omar", PASSWORD, "reader")
    assert browser.get("/audit").status_code == 403


def test_passwords_are_hashed_and_guesses_are_slowed(guarded: FastAPI) -> None:
    path = guarded.state.room.accounts.path
    stored = path.read_text(encoding="utf-8")
    assert PASSWORD not in stored
    assert "$argon2id$" in stored
    assert path.stat().st_mode & 0o077 == 0
    browser = client(guarded)
    csrf = token(browser)
    for name in ("amal", "nobody"):
        assert browser.post("/login", data={"name": name, "password": "wrong", "csrf": csrf}).status_code == 401
    guarded.state.room.limiter = Limiter({"login": 1, "write": 1, "upload": 1, "export": 1})
    assert browser.post("/login", data={"name": "amal", "password": "wrong", "csrf": csrf}).status_code == 401
    assert browser.post("/login", data={"name": "amal", "password": PASSWORD, "csrf": csrf}).status_code == 429
    with guarded.state.room.case.read() as connection:
        rows = connection.execute(select(schema.audit.c.who, schema.audit.c.action)).all()
    assert ("nobody", "login_failed") in [tuple(r) for r in rows]


@pytest.mark.parametrize(
    "where",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/a\r\nb: c",
        "",
        None,
        "/" * 3000,
    ],
)
def test_no_way_leads_elsewhere(where: str | None) -> None:
    assert safe_path(where) == "/"
    assert safe_path("/articles?page=2") == "/articles?page=2"


def upload(app: FastAPI, name: str, body: bytes) -> str:
    browser = client(app)
    csrf = token(browser, "/help")
    answer = browser.post("/ingest", data={"csrf": csrf}, files={"file": (name, body)})
    if answer.status_code != 303:
        return f"{answer.status_code}"
    return browser.get("/ingest").text


ARTICLE = json.dumps({"text": "التقى وزير الخارجية نظيره في بغداد أمس الأحد.", "published": "2024-05-05"}).encode()


def test_an_upload_is_coded(local: FastAPI) -> None:
    assert "1 added, 0 known before, 0 set aside" in upload(local, "a.jsonl", ARTICLE)
    assert "0 added, 1 known before, 0 set aside" in upload(local, "a.jsonl.gz", gzip.compress(ARTICLE))


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/cron.d/evil.jsonl",
        "C:\\windows\\evil.jsonl",
        "/etc/passwd.jsonl",
        "\u202egnp.jsonl",
        "a\x00b.jsonl",
    ],
)
def test_names_of_uploads_are_no_paths(local: FastAPI, name: str, tmp_path: Path) -> None:
    before = set(tmp_path.rglob("*"))
    page = upload(local, name, ARTICLE)
    assert "1 added" in page or "0 added, 1 known" in page or page in ("400", "422")
    assert {p.suffix for p in set(tmp_path.rglob("*")) - before} <= {"", ".musnad-wal", ".musnad-shm"}
    with local.state.room.case.read() as connection:
        for sources in connection.execute(select(schema.ingests.c.sources)).scalars():
            assert all("/" not in s and "\\" not in s for s in sources if "examples" not in s)


@pytest.mark.parametrize(
    ("name", "body"),
    [("a.exe", b"MZ"), ("a.jsonl", b""), ("a.jsonl.gz", b"not gzip"), ("a.jsonl", b"\xff\xfe\x00"), ("a.txt", b"\xc3\x28\xa0\xa1" * 100),
     ("a.parquet", b"PAR1xxxx"), ("a.csv", b"text\n" + b'"' * 10_000), ("a.html", b"<" * 50_000), ("a.xml", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><rss>&a;</rss>'),
     ("a.warc.gz", gzip.compress(b"WARC/1.0\r\n" * 100)), ("a.jsonl.gz", gzip.compress(ARTICLE)[:-12]),
     ("a.jsonl", rb'{"text": "\u0646\u0635 \udce9 \u0642\u0627\u0644", "title": "\ud800"}')], ids=range(12),
)  # fmt: skip
def test_broken_uploads_do_no_harm(local: FastAPI, name: str, body: bytes) -> None:
    page = upload(local, name, body)
    assert "Traceback" not in page
    assert not page.startswith("5")
    assert "/tmp/" not in page.replace(str(Path(__file__).resolve().parents[2]), "")  # the demo's own folder may lie anywhere
    assert local.state.room.case.check() == []


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.warc.gz"])
def test_bombs_are_refused(local: FastAPI, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admin, "MAX_UNPACKED", 1_000_000)
    page = upload(local, name, gzip.compress(b"\0" * 30_000_000))
    assert "when unpacked" in page


def test_parquet_whose_dictionary_grows_is_refused(local: FastAPI, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    monkeypatch.setattr(admin, "MAX_UNPACKED", 5_000_000)
    word = pa.array(["التقى الوزير نظيره في بغداد. " * 2000])
    rows = pa.DictionaryArray.from_arrays(pa.array([0] * 5000, pa.int32()), word)
    pq.write_table(pa.table({"text": rows}), tmp_path / "bomb.parquet", compression="zstd")
    body = (tmp_path / "bomb.parquet").read_bytes()
    assert len(body) < 200_000
    assert "when unpacked" in upload(local, "a.parquet", body)
    pq.write_table(pa.table({"text": ["التقى وزير الخارجية نظيره في بغداد أمس."]}), tmp_path / "good.parquet")
    assert "1 added" in upload(local, "a.parquet", (tmp_path / "good.parquet").read_bytes())


def test_a_page_packed_inside_an_archive_does_not_unpack_without_end(local: FastAPI) -> None:
    packed = gzip.compress(b"<html><body><p>" + b"a" * 300_000_000, 9)
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed) + packed
    record = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1b1b1b1b-0000-4000-8000-000000000001>\r\n"
        b"WARC-Date: 2024-01-01T00:00:00Z\r\nWARC-Target-URI: https://news.example/1\r\n"
        b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n" % len(http)
    )
    page = upload(local, "a.warc", record + http + b"\r\n\r\n")
    assert "0 added, 0 known before, 1 set aside" in page
    assert local.state.room.case.check() == []


@pytest.mark.parametrize("encoding", ["br", "deflate", "zstd", "gzip, gzip"])
def test_no_packing_of_a_page_inside_an_archive_unpacks_without_end(local: FastAPI, encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "MAX_PAGE", 1_000_000)
    bomb = b"<html>" + b"a" * 40_000_000
    packed = {"br": lambda: brotli.compress(bomb, quality=5), "deflate": lambda: zlib.compress(bomb), "zstd": lambda: zstd(bomb),
              "gzip, gzip": lambda: gzip.compress(gzip.compress(bomb))}[encoding]()  # fmt: skip
    good = warc_record("https://news.example/2", PAGE.encode())
    body = warc_record("https://news.example/1", packed, Content_Encoding=encoding) + good
    assert len(body) < 200_000
    for name, sent in (("a.warc", body), ("a.warc.gz", gzip.compress(body))):
        page = upload(local, name, sent)
        assert "1 set aside" in page
        assert "1 added" in page or "1 known before" in page
    assert "larger than 1,000,000 bytes" in client(local).get("/failures").text


@pytest.mark.parametrize("broken", ["%ff%fe", "%c3%28", "%ed%a0%80", "%f8%88%80%80%80", "a%00b", "%e2%80%ae%e2%81%a7"])
def test_malformed_utf8_in_addresses_and_forms_does_no_harm(local: FastAPI, broken: str) -> None:
    browser = client(local)
    for path in ("/search?q=", "/events?actor=", "/articles?outlet=", "/statements?by=topic&topic=", "/actors?actor=", "/api/search?q=", "/actors/1/others?q=",
                 "/events/1/others?q=", "/export/", "/static/", "/review/"):  # fmt: skip
        answer = browser.get(path + broken)
        assert answer.status_code in (200, 404, 422), (path, answer.status_code)
        assert "Traceback" not in answer.text
        assert not {"\u202e", "\u2067", "\x00"} & set(answer.text), path
    csrf = token(browser, "/help")
    body = f"kind=events&item=v1&action=accept&seen=0&csrf={csrf}&note={broken}"
    headers = {"content-type": "application/x-www-form-urlencoded", "hx-request": "true"}
    answer = browser.post("/articles/1/decide", content=body.encode(), headers=headers)
    assert answer.status_code in (200, 422)
    answer.content.decode("utf-8")
    assert browser.get("/review/log").status_code == 200
    assert local.state.room.case.check() == []


def test_malformed_utf8_in_cookies_and_headers_does_no_harm(local: FastAPI) -> None:
    for header in ("cookie", "accept-language", "x-csrf-token", "origin", "host", "user-agent"):
        answer = client(local).get("/events", headers={header: b"lang=\xff\xfe; musnad_session=\xc3\x28.\xa0; theme=\xed\xa0\x80"})
        assert answer.status_code in (200, 403, 421), header


def test_bodies_beyond_the_limit_are_refused(local: FastAPI) -> None:
    browser = client(local)
    csrf = token(browser, "/help")
    assert browser.post("/articles/1/decide", data={**DECISION, "csrf": csrf, "note": "x" * 3_000_000}).status_code == 413
    assert browser.post("/ingest", content=b"x", headers={"content-length": str(40 * 1024 * 1024)}).status_code == 413

    def endless() -> Iterator[bytes]:
        for _ in range(40):
            yield b"x" * 100_000

    answer = browser.post("/articles/1/decide", content=endless(), headers={"content-type": "application/x-www-form-urlencoded"})
    assert answer.status_code in (400, 413)
    assert decisions(local) == 0


@pytest.mark.parametrize(
    "form",
    [{"trigger": "5"}, {"trigger": "9-3"}, {"trigger": "0-99999999"}, {"trigger": "-1-5"}, {"trigger": "a-b"}, {"type": "DROP TABLE"},
     {"actors": "1-2,x"}, {"trigger": ""}, {"location": "9" * 30}, {"trigger": "٣-٥"}],
)  # fmt: skip
def test_forms_with_nonsense_are_refused(local: FastAPI, form: dict[str, str]) -> None:
    browser = client(local)
    data = {**DECISION, "action": "correct", "csrf": token(browser, "/help"), **form}
    answer = browser.post("/articles/1/decide", data=data, headers={"hx-request": "true"})
    assert answer.status_code == 422, answer.text[:300]
    assert decisions(local) == 0


def test_exports_take_nothing_of_the_address_into_a_path(local: FastAPI) -> None:
    browser = client(local)
    for name in ("..%2f..%2fetc%2fpasswd", "jsonl%00", "jsonl/../../x", "%2e%2e", "con", "JSONL"):
        assert browser.get(f"/export/{name}").status_code == 404
    answer = browser.get("/export/jsonl?outlet=../../etc/passwd")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="musnad-jsonl.jsonl"'
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static//etc/passwd"):
        assert browser.get(path).status_code in (400, 404)
