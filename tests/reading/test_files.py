"""Files of every kind and encoding into articles; broken ones are set aside with a reason."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from musnad.article import Article
from musnad.reading.files import Failure, Given, Note, read

TEXT = "قال وزير الخارجية العراقي إن المحادثات مع الوفد الأميركي ستبدأ الأسبوع المقبل في بغداد، مؤكداً أن الحكومة ماضية في خطتها."
PAGE = f"""<!doctype html><html lang="ar"><head><title>محادثات بغداد</title>
<meta property="og:site_name" content="شبكة دجلة"><meta property="article:published_time" content="2024-01-27T10:00:00+03:00">
</head><body><nav><a href="/">الرئيسية</a> <a href="/s">رياضة</a></nav><article><h1>محادثات بغداد</h1>
<p>{TEXT}</p><p>{TEXT.replace("وزير الخارجية", "رئيس الوزراء")}</p><p>وأضاف الوزير أن الجولة الأولى ستعقد يوم الخميس بحضور خبراء عسكريين من الجانبين.</p>
</article><footer>جميع الحقوق محفوظة</footer></body></html>"""


def run(path: Path, **given: str) -> list:
    return list(read([str(path)], Given(**given)))


@pytest.mark.parametrize(
    ("encoding", "note"),
    [
        ("utf-8", None),
        ("utf-8-sig", None),
        ("utf-16", "read as UTF-16-LE"),
        ("utf-16-le", "read as UTF-16-LE"),
        ("utf-16-be", "read as UTF-16-BE"),
        ("cp1256", "read as windows-1256"),
        ("iso8859_6", "read as ISO 8859-6"),
    ],
)
def test_encodings(tmp_path: Path, encoding: str, note: str | None) -> None:
    text = TEXT.replace("ً", "")
    (tmp_path / "a.txt").write_bytes(text.encode(encoding))
    items = run(tmp_path / "a.txt")
    assert [i.words for i in items if isinstance(i, Note)] == ([note] if note else [])
    assert [i.text for i in items if isinstance(i, Article)] == [text]


def test_a_broken_byte_in_utf8_is_replaced_and_said(tmp_path: Path) -> None:
    data = (TEXT * 10).encode()
    (tmp_path / "a.txt").write_bytes(data[:101] + b"\xff" + data[101:])
    note, article = run(tmp_path / "a.txt")
    assert note.words.startswith("read as UTF-8, ")
    assert "\ufffd" in article.text


def test_a_page_loses_its_furniture_and_gives_its_metadata(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    (article,) = run(tmp_path / "a.html")
    assert TEXT in article.text
    assert "الحقوق" not in article.text
    assert "رياضة" not in article.text
    assert (article.title, article.outlet) == ("محادثات بغداد", "شبكة دجلة")
    assert (article.published, article.published_from) == ("2024-01-27", "metadata")


def test_a_page_without_an_article(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<html><body></body></html>", encoding="utf-8")
    assert run(tmp_path / "a.html") == [Failure(str(tmp_path / "a.html"), "no article is found in the page: save its text as .txt")]


def test_json_lines_keep_other_keys(tmp_path: Path) -> None:
    row = {
        "text": TEXT,
        "published": "2024-01-27",
        "outlet": "دجلة",
        "title": "محادثات",
        "url": "u",
        "id": "7",
        "desk": {"a": 1},
    }
    (tmp_path / "a.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    (article,) = run(tmp_path / "a.jsonl")
    assert (article.outlet, article.title, article.url, article.published) == (
        "دجلة",
        "محادثات",
        "u",
        "2024-01-27",
    )
    assert article.extra == {"id": "7", "desk": {"a": 1}}


def test_a_bad_line_is_set_aside_and_the_rest_is_read(tmp_path: Path) -> None:
    good = json.dumps({"text": TEXT}, ensure_ascii=False)
    lines = [good, "", "{broken", "[1]", '{"text": 5}', '{"text": "latin only"}', '{"text": "قال", "published": "soon"}',
             '{"text": "قال", "outlet": 3}', good]  # fmt: skip
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    items = run(tmp_path / "a.jsonl")
    assert [i.text for i in items if isinstance(i, Article)] == [TEXT, TEXT]
    failures = [i for i in items if isinstance(i, Failure)]
    assert [f.where.rsplit(":", 1)[1] for f in failures] == ["3", "4", "5", "6", "7", "8"]
    for failure, words in zip(
        failures,
        ["line 3 is not JSON", "line 4 is not a JSON object", 'line 5 has no "text"', "no Arabic letter", "'soon' is not a date",
         'line 8: "outlet" must be a string'],
        strict=True,
    ):  # fmt: skip
        assert words in failure.reason
        assert "\n" not in failure.reason


def test_json_lines_in_other_encodings_and_compressed(tmp_path: Path) -> None:
    line = json.dumps({"text": TEXT}, ensure_ascii=False) + "\n"
    (tmp_path / "a.jsonl").write_bytes(line.encode("utf-16"))
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(line.encode()))
    (tmp_path / "c.jsonl").write_bytes(line.replace("ً", "").encode("cp1256"))
    texts = [i.text for i in read([str(tmp_path)]) if isinstance(i, Article)]
    assert texts == [TEXT, TEXT, TEXT.replace("ً", "")]


def test_a_damaged_archive_keeps_what_could_be_read(tmp_path: Path) -> None:
    line = json.dumps({"text": TEXT}, ensure_ascii=False) + "\n"
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(line.encode() * 3000)[:-40])
    *_, last = run(tmp_path / "a.jsonl.gz")
    assert isinstance(last, Failure)
    assert "damaged" in last.reason


def test_a_folder_is_read_in_order_of_names(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name, word in (("b.txt", "ثانيا"), ("a.txt", "أولا"), ("sub/c.txt", "ثالثا"), ("notes.md", "لا")):
        (tmp_path / name).write_text(word, encoding="utf-8")
    assert [i.text for i in run(tmp_path)] == ["أولا", "ثانيا", "ثالثا"]


BAD = [
    ("empty.txt", b"", "it is empty"),
    ("blank.txt", b" \n\t ", "there is no text in it"),
    ("latin.txt", b"only English here", "there is no Arabic letter in it"),
    ("binary.txt", bytes(range(256)) * 40, "it is a binary file, not text"),
    ("elf.bin", b"\x7fELF\x01\x01\x00\x00\x00" * 100, "it is a binary file, not text"),
    ("empty.jsonl", b"", "it is empty"),
]


@pytest.mark.parametrize(("name", "data", "reason"), BAD, ids=[b[0] for b in BAD])
def test_bad_files_have_a_reason(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(data)
    assert run(tmp_path / name) == [Failure(str(tmp_path / name), reason)]


def test_missing_files_and_empty_folders(tmp_path: Path) -> None:
    assert run(tmp_path / "no.txt")[0].reason == "there is no such file"
    assert "the folder has no .txt" in run(tmp_path)[0].reason


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")

    def refuse(self: Path, *args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # root may read everything, so permissions alone prove nothing
    assert run(path) == [Failure(str(path), "it may not be read (permission denied)")]


def test_a_line_of_twenty_megabytes_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("قال " * 5_000_000, encoding="utf-8")
    (failure,) = run(tmp_path / "a.txt")
    assert "is more than one article can be" in failure.reason
