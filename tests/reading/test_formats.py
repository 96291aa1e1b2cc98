"""CSV, Parquet, feeds and WARC into articles."""

from __future__ import annotations

import datetime as dt
import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from musnad.article import Article
from musnad.reading import warc
from musnad.reading.files import Failure, Given, read
from tests.reading.test_files import PAGE, TEXT


def run(path: Path | str) -> tuple[list[Article], list[Failure]]:
    items = list(read([str(path)], Given()))
    return [i for i in items if isinstance(i, Article)], [i for i in items if isinstance(i, Failure)]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_with_other_columns_and_bad_rows(tmp_path: Path, separator: str) -> None:
    header = separator.join(["id", "text", "published", "outlet"])
    rows = [
        header,
        separator.join(["7", f'"{TEXT}"', "2024-01-27", "دجلة"]),
        separator.join(["8", "latin", "", ""]),
    ]
    (tmp_path / "a.csv").write_text("\n".join(rows), encoding="utf-8-sig")
    (article,), (failure,) = run(tmp_path / "a.csv")
    assert (article.text, article.published, article.outlet, article.extra) == (
        TEXT,
        "2024-01-27",
        "دجلة",
        {"id": "7"},
    )
    assert (failure.where.endswith("a.csv:3"), failure.reason) == (True, "there is no Arabic letter in it")


def test_csv_without_text(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,body\n1,قال\n", encoding="utf-8")
    assert run(tmp_path / "a.csv")[1][0].reason == 'its header has no column "text"'


def test_parquet_keeps_dates(tmp_path: Path) -> None:
    table = pa.table({"text": [TEXT, None], "published": [dt.date(2024, 1, 27), None], "n": [1, 2]})
    pq.write_table(table, tmp_path / "a.parquet")
    (article,), (failure,) = run(tmp_path / "a.parquet")
    assert (article.published, article.extra) == ("2024-01-27", {"n": 1})
    assert failure.reason == 'row 2 has no "text" that is a string'


def test_a_broken_parquet_file(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 broken")
    assert "no good Parquet file" in run(tmp_path / "a.parquet")[1][0].reason


RSS = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>شبكة دجلة</title>
<item><title>محادثات بغداد</title><link>https://example.org/1</link><pubDate>Sat, 27 Jan 2024 08:00:00 +0300</pubDate>
<description><![CDATA[<p>{TEXT}</p><p>سطر ثان<script>alert(1)</script></p>]]></description></item>
<item><title>latin</title><description>latin</description></item></channel></rss>"""


@pytest.mark.parametrize("name", ["feed.rss", "feed.xml", "feed"])
def test_a_feed_gives_its_entries(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(RSS, encoding="utf-8")
    (article,), (failure,) = run(tmp_path / name)
    assert article.text.split("\n") == [TEXT, "سطر ثان"]
    assert (article.outlet, article.title, article.url) == (
        "شبكة دجلة",
        "محادثات بغداد",
        "https://example.org/1",
    )
    assert (article.published, article.published_from) == ("2024-01-27T05:00:00+00:00", "metadata")
    assert failure.where.endswith(":2")


def test_an_atom_feed(tmp_path: Path) -> None:
    atom = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>دجلة</title><entry><id>x:1</id><title>خبر</title>
    <updated>2024-01-27T08:00:00Z</updated><content type="html">&lt;p&gt;{TEXT}&lt;/p&gt;</content></entry></feed>"""
    (tmp_path / "a.atom").write_text(atom, encoding="utf-8")
    (article,), _ = run(tmp_path / "a.atom")
    assert (article.text, article.extra["id"]) == (TEXT, "x:1")


def test_an_address_that_cannot_be_fetched() -> None:
    (failure,) = run("http://127.0.0.1:9/feed")[1]
    assert failure.reason.startswith("it cannot be fetched")


def warc_record(url: str, body: bytes, content: str = "text/html; charset=utf-8") -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: " + content.encode() + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:0>\r\nWARC-Target-URI: {url}\r\n"
        f"WARC-Date: 2024-02-01T00:00:00Z\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


@pytest.mark.parametrize("packed", [False, True])
def test_pages_of_an_archive(tmp_path: Path, packed: bool) -> None:
    records = [
        warc_record("https://example.org/1", PAGE.encode()),
        warc_record("https://example.org/logo", b"\x89PNG", "image/png"),
        warc_record("https://example.org/empty", b"<html></html>"),
    ]
    path = tmp_path / ("a.warc.gz" if packed else "a.warc")
    path.write_bytes(b"".join(gzip.compress(r) if packed else r for r in records))
    (article,), (failure,) = run(path)
    assert TEXT in article.text
    assert (article.url, article.published, article.published_from) == (
        "https://example.org/1",
        "2024-01-27",
        "metadata",
    )
    assert article.extra["captured"].startswith("2024-02-01")
    assert failure.where.endswith("#https://example.org/empty")


def test_a_page_that_unpacks_without_end_is_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "MAX_PAGE", 100_000)
    bomb = warc_record("https://example.org/bomb", b"<html>" + b"a" * 5_000_000)
    (tmp_path / "a.warc.gz").write_bytes(gzip.compress(bomb) + gzip.compress(warc_record("https://example.org/1", PAGE.encode())))
    articles, (failure,) = run(tmp_path / "a.warc.gz")
    assert len(articles) == 1
    assert failure.reason == "the page is larger than 100,000 bytes"


def test_a_damaged_archive(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(b"\x1f\x8b\x08\x00broken")
    articles, failures = run(tmp_path / "a.warc.gz")
    assert (articles, len(failures)) == ([], 1)
