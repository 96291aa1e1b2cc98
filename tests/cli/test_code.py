"""The command line: formats, options, bad input, failures in a batch."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from musnad.record import check, from_json
from tests.conftest import ROOT

EXAMPLES = sorted((ROOT / "examples").glob("*.jsonl"))
TEXT = "قال وزير الخارجية العراقي أمس إن المحادثات ستبدأ الأسبوع المقبل."


def test_there_are_six_examples_with_date_and_outlet() -> None:
    rows = [json.loads(path.read_text(encoding="utf-8")) for path in EXAMPLES]
    assert [r["id"] for r in rows] == ["aid", "ceasefire", "clash", "protest", "sanctions", "talks"]
    assert all(r["published"] and r["outlet"] and r["title"] for r in rows)


def test_jsonl_prints_records_only_in_input_order(musnad: Callable) -> None:
    done = musnad("code", *EXAMPLES, "--format", "jsonl")
    assert done.returncode == 0
    assert done.stderr == b""
    records = [check(from_json(line)) for line in done.stdout.splitlines()]
    assert [r.article.extra["id"] for r in records] == [p.stem for p in EXAMPLES]


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_pretty_shows_every_layer_with_its_words(musnad: Callable, lang: str) -> None:
    done = musnad("code", ROOT / "examples/talks.jsonl", "--lang", lang)
    shown = done.stdout.decode()
    headings = {
        "en": ["STATEMENTS", "EVENTS", "FIGURES", "COMMITMENTS"],
        "ar": ["التصريحات", "الأحداث", "الأرقام", "الالتزامات"],
    }[lang]
    assert [line for line in shown.splitlines() if line in headings] == headings
    for word in (
        "يحيى رسول",
        "CONSULT",
        "2,400",
        "المجموعات ستقدم تقريرها الأول خلال ستة أسابيع",
        "جولة ثانية",
    ):
        assert word in shown
    assert shown.count("\u2068") == shown.count("\u2069")


def test_standard_input_and_options(musnad: Callable) -> None:
    done = musnad("code", "-", "--published", "2024-01-27", "--outlet", "دجلة", "--title", "محادثات", "--url", "u", "--format", "jsonl",
                  input=TEXT.encode())  # fmt: skip
    article = from_json(done.stdout).article
    assert (article.text, article.outlet, article.title, article.url) == (TEXT, "دجلة", "محادثات", "u")
    assert (article.published, article.published_from) == ("2024-01-27", "given")


def test_without_a_date_relative_dates_stay_null_and_it_is_said_once(musnad: Callable, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT + " وأضاف أن اللقاء جرى يوم الخميس.", encoding="utf-8")
    done = musnad("code", "a.txt", "--format", "jsonl")
    record = from_json(done.stdout)
    assert record.times
    assert all(t.begin is None and t.end_date is None for t in record.times)
    assert done.stderr.decode() == "musnad: the article has no date of publication: relative dates stay null (give --published)\n"


BAD = [
    ("empty.txt", b"", "empty.txt: it is empty"),
    ("latin.txt", b"English", "latin.txt: there is no Arabic letter in it"),
    ("binary.txt", bytes(range(256)) * 99, "binary.txt: it is a binary file, not text"),
    (
        "long.txt",
        "قال ".encode() * 3_000_000,
        "long.txt: 12,000,000 characters is more than one article can be",
    ),
    ("bad.jsonl", b"{", "bad.jsonl:1: line 1 is not JSON"),
]


@pytest.mark.parametrize(("name", "data", "words"), BAD, ids=[b[0] for b in BAD])
def test_bad_input_is_one_line_and_exit_2(musnad: Callable, tmp_path: Path, name: str, data: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(data)
    done = musnad("code", name)
    assert (done.returncode, done.stdout) == (2, b"")
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith("musnad: " + words)


def test_a_path_that_is_not_there(musnad: Callable) -> None:
    done = musnad("code", "nowhere.txt")
    assert done.returncode == 2
    assert done.stderr.decode() == "musnad: nowhere.txt: there is no such file\n"


def test_a_bad_date_says_how_to_write_one(musnad: Callable) -> None:
    done = musnad("code", "-", "--published", "last week", input=TEXT.encode())
    assert done.returncode == 2
    assert done.stderr.decode() == "musnad: --published: 'last week' is not a date: write it as 2024-01-27 or 2024-01-27T18:30+03:00\n"


def test_in_a_batch_the_rest_is_coded_and_failures_are_listed_at_the_end(musnad: Callable, tmp_path: Path) -> None:
    row = json.dumps({"text": TEXT, "published": "2024-01-27"}, ensure_ascii=False)
    (tmp_path / "a.jsonl").write_text(f"{row}\n{row}\n{{oops\n{row}\n", encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(b"\0\1\2" * 100)
    (tmp_path / "c.txt").write_text(TEXT, encoding="utf-8")
    done = musnad("code", tmp_path, "--format", "jsonl", "--jobs", "2", "--published", "2024-01-27")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 4
    lines = done.stderr.decode().splitlines()
    assert "line 3 is not JSON" in lines[0]
    assert "b.txt: it is a binary file" in lines[1]
    assert lines[2] == "musnad: 4 coded, 2 set aside"


@pytest.mark.parametrize("marks", ["«", "“", '"', "(", "«»", "(" * 3 + "«" * 5])
def test_a_hundred_thousand_quotes_are_no_trouble(musnad: Callable, tmp_path: Path, marks: str) -> None:
    (tmp_path / "q.txt").write_text("قال الوزير " + marks * (100_000 // len(marks)) + " إن الهدنة باقية", encoding="utf-8")
    done = musnad("code", "q.txt", "--format", "jsonl", "--published", "2024-01-27")
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    check(from_json(done.stdout))


def test_control_characters_of_an_article_do_not_reach_the_terminal(musnad: Callable) -> None:
    done = musnad(
        "code",
        "-",
        "--published",
        "2024-01-27",
        input="قال \x1b[31mالوزير\u202e إن \x07الهدنة باقية".encode(),
    )
    assert b"\x1b" not in done.stdout
    assert "\u202e" not in done.stdout.decode()


def test_a_reader_that_stops_reading_is_no_error(tmp_path: Path) -> None:
    import subprocess
    import sys

    command = f"{sys.executable} -m musnad code {' '.join(map(str, EXAMPLES * 20))} --format jsonl | head -c 10"
    done = subprocess.run(["bash", "-c", command], capture_output=True, timeout=120, check=True)
    assert (len(done.stdout), done.stderr) == (10, b"")


def test_schema_and_version(musnad: Callable) -> None:
    assert json.loads(musnad("schema").stdout)["title"] == "Musnad record"
    assert re.fullmatch(rb"musnad \d+\.\d+\.\d+ \((compiled|pure Python)\)\n", musnad("--version").stdout)
    assert musnad("fly").returncode == 2


def test_explain_names_words_and_rules(musnad: Callable) -> None:
    shown = musnad("explain", ROOT / "examples/talks.jsonl").stdout.decode()
    for part in ("events", "statements", "because: ", "trigger: ", "at: "):
        assert part in shown
    one = musnad("explain", ROOT / "examples/talks.jsonl", "v1").stdout.decode()
    assert one.startswith("v1  events")
    bad = musnad("explain", ROOT / "examples/talks.jsonl", "v99")
    assert bad.returncode == 2
    assert bad.stderr.decode().startswith("musnad: the record has no item v99; it has ")


def test_analyse_prints_tokens(musnad: Callable) -> None:
    for form in ("tsv", "conllu", "json"):
        done = musnad("analyse", "-", "--format", form, input=TEXT.encode())
        assert done.returncode == 0
        assert "وزير" in done.stdout.decode()
