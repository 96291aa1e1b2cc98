"""CSV, Parquet, feeds and WARC into articles."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import tracemalloc
import zlib
from pathlib import Path

import brotli
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fastwarc import stream_io

from musnad.article import Article
from musnad.reading import files, warc
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


def warc_record(url: str, body: bytes, content: str = "text/html; charset=utf-8", **headers: str) -> bytes:
    more = "".join(f"{k.replace('_', '-')}: {v}\r\n" for k, v in headers.items()).encode()
    http = b"HTTP/1.1 200 OK\r\nContent-Type: " + content.encode() + b"\r\n" + more + b"Content-Length: %d\r\n\r\n" % len(body) + body
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


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def zstd(data: bytes) -> bytes:
    out = io.BytesIO()
    writer = stream_io.ZstdWriter(out)
    writer.write(data)
    writer.close()
    return out.getvalue()


def chunked(data: bytes) -> bytes:
    pieces = [data[i : i + 200] for i in range(0, len(data), 200)]
    return b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in pieces) + b"0\r\n\r\n"


BODY = PAGE.encode()
BROTLI = brotli.compress(BODY)


@pytest.mark.parametrize(
    ("body", "headers"),
    [(gzip.compress(BODY), {"Content_Encoding": "gzip"}), (gzip.compress(BODY), {"content_encoding": "X-GZIP"}),
     (gzip.compress(BODY[:300]) + gzip.compress(BODY[300:]), {"Content_Encoding": "gzip"}), (gzip.compress(BODY) + b"\0" * 40, {"Content_Encoding": "gzip"}),
     (zlib.compress(BODY), {"Content_Encoding": "deflate"}), (raw_deflate(BODY), {"Content_Encoding": "deflate"}),
     (BROTLI, {"Content_Encoding": "br"}), (zstd(BODY), {"Content_Encoding": "zstd"}), (BODY, {"Content_Encoding": "identity"}),
     (brotli.compress(gzip.compress(BODY)), {"Content_Encoding": "gzip, br"}), (chunked(BODY), {"Transfer_Encoding": "chunked"}),
     (chunked(gzip.compress(BODY)), {"Transfer_Encoding": "chunked", "Content_Encoding": "gzip"}),
     (BODY, {"Transfer_Encoding": "chunked", "Content_Encoding": "br"})],
    ids=["gzip", "other name", "two members", "padded", "zlib", "raw", "br", "zstd", "identity", "twice", "chunked", "chunked gzip", "unpacked by the crawler"],
)  # fmt: skip
def test_pages_of_an_archive_are_unpacked(tmp_path: Path, body: bytes, headers: dict[str, str]) -> None:
    records = [
        warc_record("https://example.org/1", body, **headers),
        warc_record("https://example.org/2", BODY.replace(b"2024-01-27", b"2024-01-28")),
    ]
    (tmp_path / "a.warc").write_bytes(b"".join(records))
    articles, failures = run(tmp_path / "a.warc")
    assert failures == []
    assert [a.url for a in articles] == ["https://example.org/1", "https://example.org/2"]
    assert articles[0].text == articles[1].text


@pytest.mark.parametrize(
    ("body", "headers", "reason"),
    [(gzip.compress(BODY)[:-60], {"Content_Encoding": "gzip"}, "the packed page is cut short"),
     (b"\x1f\x8bnonsense" * 9, {"Content_Encoding": "gzip"}, "the packed page is damaged (Content-Encoding: gzip)"),
     (b"nonsense" * 9, {"Content_Encoding": "deflate"}, "the packed page is damaged (Content-Encoding: deflate)"),
     (BROTLI[:-20], {"Content_Encoding": "br"}, "the packed page is damaged or cut short (br)"),
     (b"nonsense" * 9, {"Content_Encoding": "zstd"}, "the packed page is damaged or cut short (zstd)"),
     (chunked(BODY)[:-100], {"Transfer_Encoding": "chunked"}, "the packed page is damaged or cut short (chunked)"),
     (b"nonsense" * 9, {"Content_Encoding": "compress"}, "the page is packed in a way that is not known here (Content-Encoding: compress)"),
     (gzip.compress(BODY), {"Content_Encoding": "gzip," * 9}, "the page is packed more than four times over"),
     (b"", {"Content_Encoding": "gzip"}, "it is empty"), (b"", {"Content_Encoding": "br"}, "the packed page is damaged or cut short (br)")],
)  # fmt: skip
def test_a_page_that_cannot_be_unpacked_is_set_aside_alone(tmp_path: Path, body: bytes, headers: dict[str, str], reason: str) -> None:
    (tmp_path / "a.warc").write_bytes(warc_record("https://example.org/1", body, **headers) + warc_record("https://example.org/2", BODY))
    (article,), (failure,) = run(tmp_path / "a.warc")
    assert article.url == "https://example.org/2"
    assert failure.reason == reason


BOMB = b"<html>" + b"a" * 60_000_000


@pytest.mark.parametrize(
    ("body", "encoding"),
    [(gzip.compress(BOMB), "gzip"), (zlib.compress(BOMB), "deflate"), (raw_deflate(BOMB), "deflate"), (brotli.compress(BOMB, quality=5), "br"),
     (zstd(BOMB), "zstd"), (gzip.compress(gzip.compress(BOMB)), "gzip, gzip"), (gzip.compress(b"a" * 90_000) * 300, "gzip")],
    ids=["gzip", "deflate", "raw", "br", "zstd", "twice", "many members"],
)  # fmt: skip
def test_a_bomb_in_a_page_takes_no_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: bytes, encoding: str) -> None:
    monkeypatch.setattr(warc, "MAX_PAGE", 1_000_000)
    records = [warc_record("https://example.org/bomb", body, Content_Encoding=encoding), warc_record("https://example.org/1", BODY)]
    (tmp_path / "a.warc").write_bytes(b"".join(records))
    del records
    tracemalloc.start()
    try:
        (article,), (failure,) = run(tmp_path / "a.warc")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert article.url == "https://example.org/1"
    assert failure.reason == "the page is larger than 1,000,000 bytes"
    assert peak < 30_000_000


def test_a_bomb_of_one_line_takes_no_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_LINE", 100_000)
    line = f'{{"text": "{TEXT}"}}\n'.encode()
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(line + b" " * 80_000_000 + b"\n" + line))
    tracemalloc.start()
    try:
        articles, (failure,) = run(tmp_path / "a.jsonl.gz")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [a.text for a in articles] == [TEXT, TEXT]
    assert failure.reason == "line 2 is longer than 100,000 bytes"
    assert peak < 5_000_000


def test_a_damaged_archive(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(b"\x1f\x8b\x08\x00broken")
    articles, failures = run(tmp_path / "a.warc.gz")
    assert (articles, len(failures)) == ([], 1)
