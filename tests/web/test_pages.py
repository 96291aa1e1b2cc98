"""Every page answers in both languages, says what it should, and keeps its translations whole."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from lxml import html
from starlette.testclient import TestClient

from musnad.casefile.description import Description, describe
from musnad.casefile.store import Case, open_case
from musnad.exports import FORMATS
from musnad.web import facts
from musnad.web.app import create_app
from musnad.web.i18n import LOCALE, Preferences, Speaker, choose
from musnad.web.text import Mark, found, segments
from tests.web.support import client, copy_of, token

PAGES = [
    "/", "/articles", "/articles/1", "/articles/1/edit?kind=events", "/articles/1/edit?kind=statements&item=s1", "/events",
    "/events/1", "/events?type=ASSAULT&status=occurred&since=2020-01-01&actor=LBY", "/events/1/others?q=%D8%A7%D9%84%D9%88%D9%84%D8%A7%D9%8A%D8%A7%D8%AA", "/statements", "/statements?by=topic",
    "/statements?by=denials", "/figures", "/figures?only=disagree&type=killed", "/commitments", "/commitments?level=1", "/actors",
    "/actors?type=state", "/actors/1", "/actors/1/others?q=%D8%A7", "/map", "/map?view=world", "/sources", "/search",
    "/search?q=%D8%A8%D8%BA%D8%AF%D8%A7%D8%AF&month=2024-02", "/dossier", "/review", "/review?by=weight&kind=events", "/review/log",
    "/review/agreement", "/review/suggestions", "/ingest", "/export", "/audit", "/failures", "/help",
]  # fmt: skip


@pytest.fixture(scope="module")
def browser(examples: Case, tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    return client(create_app(copy_of(examples, tmp_path_factory.mktemp("web"))))


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["ar", "en"])
def test_every_page_answers(browser: TestClient, path: str, lang: str) -> None:
    answer = browser.get(path, headers={"accept-language": lang})
    assert answer.status_code == 200, answer.text[:300]
    assert f'<html lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}"' in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for forbidden in ("<style", " style=", "javascript:", " onclick", "<script>", "https://cdn"):
        assert forbidden not in answer.text
    # what is written to Arabic readers has its words in Arabic
    assert lang == "en" or "نظرة عامة" in answer.text


@pytest.mark.parametrize(
    ("path", "status"),
    [("/articles/9999", 404), ("/events/9999", 404), ("/actors/9999", 404), ("/nothing", 404), ("/events?since=27.1.2024", 400),
     ("/articles/1/edit?kind=secrets", 404), ("/articles/1/edit?kind=events&item=nope", 404), ("/articles/x", 422),
     ("/articles/99999999999999999999999", 404), ("/export/../../etc", 404), ("/export/sqlite", 404), ("/review/passwd", 404)],
)  # fmt: skip
def test_what_is_not_there_is_said_plainly(browser: TestClient, path: str, status: int) -> None:
    answer = browser.get(path)
    assert answer.status_code == status
    assert "Traceback" not in answer.text


def test_the_text_of_an_article_is_whole_and_its_spans_lead_to_the_record(browser: TestClient, examples: Case) -> None:
    from lxml import html

    page = html.fromstring(browser.get("/articles/1").text)
    with examples.read() as connection:
        from musnad.casefile.ingest import record_of

        record = record_of(connection, 1)
    shown = page.xpath('//div[@id="text"]')[0]
    assert shown.text_content() == record.article.text
    for span in shown.xpath("./span"):
        start = int(span.get("data-s"))
        assert record.article.text[start:].startswith(span.text_content())
    named = {i for s in shown.xpath("./span[@data-i]") for i in s.get("data-i").split()}
    cards = set(page.xpath('//section[@id="record"]//article/@id'))
    for e in record.events:
        assert f"events-{e.id}" in named & cards
    for s in record.statements:
        assert f"statements-{s.id}" in named & cards


def test_segments_make_up_the_text_whatever_the_marks() -> None:
    text = "عقد الوفدان جولة ثانية"
    marks = [Mark(0, 3, "events", "a"), Mark(0, 22, "statements", "b"), Mark(4, 11, "mentions", "c"), Mark(4, 16, "times", "d"), Mark(4, 11, "mentions", "c")]  # fmt: skip
    made = segments(text, marks)
    assert "".join(s.text for s in made) == text
    assert made[0].items == ("a", "b")
    assert next(s for s in made if s.start == 4).items == ("c", "d", "b")
    part = segments(text, marks, 2, 9)
    assert "".join(s.text for s in part) == text[2:9]


@pytest.mark.parametrize(
    ("text", "query", "words"),
    [("زار وفد العراق بيروت", "عراق", ["العراق"]), ("قال للعراقيين إن العراق بخير", "العراق", ["العراق"]),
     ("القوات الأميركية", "أمريكية", ["الأميركية"]), ("لا شيء", "بغداد", [])],
)  # fmt: skip
def test_found_words_are_those_that_search_finds(text: str, query: str, words: list[str]) -> None:
    assert [text[s:e] for s, e in found(text, query)] == words


def test_language_digits_and_theme_are_remembered(browser: TestClient) -> None:
    csrf = token(browser, "/help")
    answer = browser.post("/preferences", data={"lang": "ar", "digits": "arab", "csrf": csrf, "next": "/articles"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/articles")
    page = browser.get("/articles")
    assert '<html lang="ar" dir="rtl"' in page.text
    assert "٢٠٢٤-٠٢-١٢" in page.text
    browser.post("/preferences", data={"lang": "en", "digits": "latn", "theme": "dark", "csrf": csrf})
    page = browser.get("/articles")
    assert 'data-theme="dark"' in page.text
    assert "2024-02-12" in page.text
    for name in ("lang", "digits", "theme"):
        browser.cookies.delete(name)


@pytest.mark.parametrize(
    ("accept", "lang"),
    [("ar-IQ,ar;q=0.9,en;q=0.5", "ar"), ("fr,en-GB;q=0.8,ar;q=0.2", "en"), ("de", "en"), (None, "en"), ("en;q=0.1, ar", "ar"),
     ("ar;q=x,,;q=", "en"), ("*" * 2000, "en")],
)  # fmt: skip
def test_the_language_is_the_browsers(accept: str | None, lang: str) -> None:
    assert choose(accept, {}).lang == lang
    assert choose(accept, {"lang": "ar"}).lang == "ar"
    assert choose(accept, {"lang": "xx"}).lang == lang


def test_dates_and_references_are_isolated() -> None:
    say = Speaker(Preferences("ar", "arab"))
    assert say.day("2024-01-27") == '<time datetime="2024-01-27" title="السبت، 27 يناير 2024" dir="ltr"><bdi>٢٠٢٤-٠١-٢٧</bdi></time>'
    assert say.number(1234.5) == "١٬٢٣٤٫٥"
    assert say.ngettext("%(num)s article", "%(num)s articles", 2) == "مقالان"
    assert say.ngettext("%(num)s article", "%(num)s articles", 5) == "٥ مقالات"
    assert say.name("a\u202eb<") == '<bdi dir="auto">ab&lt;</bdi>'


def test_every_message_has_its_arabic_and_the_catalogue_is_compiled(tmp_path: Path) -> None:
    extracted = tmp_path / "messages.pot"
    root = LOCALE.parents[3]
    subprocess.run(
        [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "training/web/babel.cfg", "-k", "N_", "-o", extracted,
         "src/musnad/web"], cwd=root, check=True,
    )  # fmt: skip
    with extracted.open("rb") as file:
        wanted = {str(m.id) for m in read_po(file) if m.id}
    po = LOCALE / "ar" / "LC_MESSAGES" / "messages.po"
    with po.open("rb") as file:
        catalogue = read_po(file, locale="ar")
    have = {str(m.id) for m in catalogue if m.id and (all(m.string[1:]) if isinstance(m.string, tuple) else m.string)}
    assert wanted - have == set()
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    assert compiled.getvalue() == po.with_suffix(".mo").read_bytes()


def test_a_first_view_stays_small(browser: TestClient) -> None:
    static = Path(__file__).resolve().parents[2] / "src" / "musnad" / "web" / "static"
    fonts = sum(p.stat().st_size for p in (static / "vendor" / "noto").glob("*.woff2"))
    rest = sum(
        int(browser.get(p, headers={"accept-encoding": "gzip"}).headers["content-length"])
        for p in (
            "/",
            "/static/app.css",
            "/static/app.js",
            "/static/vendor/htmx/htmx.min.js",
            "/static/icon.svg",
        )
    )
    assert fonts + rest < 300_000


def test_everything_served_comes_from_here(browser: TestClient) -> None:
    for path in (
        "/static/app.css",
        "/static/app.js",
        "/static/vendor/noto/noto-sans-arabic-arabic-wght-normal.woff2",
    ):
        assert browser.get(path).status_code == 200
    assert "http" not in browser.get("/static/app.css").text
    vendor = Path(__file__).resolve().parents[2] / "src" / "musnad" / "web" / "static" / "vendor"
    assert all(any(p.glob("LICENSE*")) for p in vendor.iterdir())


def test_references_of_the_dossier_read_from_left_to_right(browser: TestClient) -> None:
    page = browser.get("/dossier", headers={"accept-language": "ar"}).text
    assert '<bdi dir="ltr">2018-11-06 [5:' in page
    assert "\u2066" not in page
    # states of commitments are told in Arabic
    assert "announced" not in page


def test_decisions_are_told_in_words(examples: Case, tmp_path: Path) -> None:
    app = create_app(copy_of(examples, tmp_path), reviewer="amal")
    one = client(app)
    csrf = token(one, "/help")
    event = next(e for e in one.get("/api/events?limit=500").json()["items"] if e["type"] == "ASSAULT")
    where = f"/articles/{event['document_id']}/decide"
    data = {"kind": "events", "item": event["id"], "csrf": csrf, "seen": "0"}
    assert one.post(where, data={**data, "action": "correct", "type": "AID", "note": "a lorry"}).status_code == 303
    page = one.get("/review/log").text
    assert "<small>Type</small> Assault" in page
    assert "<small>Type</small> Aid" in page
    assert "a lorry" in page
    assert "trigger" not in page
    assert one.post(where, data={**data, "action": "reject", "seen": "9"}).status_code == 303
    page = one.get("/review/log").text
    assert event["trigger"] in page or "Word of the event" in page
    suggested = one.get("/review/suggestions", headers={"accept-language": "ar"}).text
    assert "ليس حدثا من نوع" in suggested
    app.state.room.case.close()


def test_every_format_is_exported_and_named_in_arabic(browser: TestClient) -> None:
    page = browser.get("/export", headers={"accept-language": "ar"}).text
    for name, (_, words) in FORMATS.items():
        answer = browser.get(f"/export/{name}")
        assert answer.status_code == 200, name
        assert answer.content
        assert f'filename="musnad-{name}.' in answer.headers["content-disposition"]
        assert words.split(" (")[0] not in page


def test_arabic_plurals_take_the_form_that_the_number_asks_for() -> None:
    say = Speaker(Preferences("ar"))
    told = {n: say.ngettext("%(num)s article", "%(num)s articles", n) for n in (2, 3, 11, 99, 100, 101, 111)}
    assert told == {2: "مقالان", 3: "3 مقالات", 11: "11 مقالا", 99: "99 مقالا", 100: "100 مقال", 101: "101 مقال", 111: "111 مقالا"}


def test_keywords_of_the_description_are_ways_into_the_search(examples: Case, tmp_path: Path) -> None:
    path = copy_of(examples, tmp_path)
    case = open_case(path)
    describe(case, Description(name="x", keywords=["بغداد", "الولايات المتحدة", "زنجبيل", "<b>", "«»"]))
    case.close()
    app = create_app(path)
    one = client(app)
    with app.state.room.case.read() as connection:
        holding = len(facts.holding(connection, "بغداد"))
        both = len(set(facts.holding(connection, "بغداد")) & set(facts.holding(connection, "الولايات المتحدة")))
    assert holding > 0
    link = f'href="/search?q={quote("بغداد")}"'
    for page in (one.get("/").text, one.get("/search").text):
        assert "Words to watch" in page
        chips = html.fromstring(page).xpath('//a[@class="chip"]')
        assert link in page
        assert {c.text_content().split()[-1] for c in chips if c.text_content().startswith("بغداد")} == {str(holding)}
        # a word that nothing holds is shown with 0: that too is an answer; what holds no word is no keyword
        assert [c.text_content().split() for c in chips if "زنجبيل" in c.text_content()] == [["زنجبيل", "0"]]
        assert "<b>" not in page.replace("<b><bdi", "")
        assert not any("«" in c.text_content() for c in chips)
    # beside what a search finds: those that narrow it, with how many hits hold them
    found = one.get("/search", params={"q": "الولايات المتحدة"}).text
    chips = html.fromstring(found).xpath('//a[@class="chip"]')
    total = int(html.fromstring(found).xpath("//h1/small")[0].text_content().split()[0])
    offered = {c.text_content().split()[0]: c for c in chips}
    assert ("بغداد" in offered) == (0 < both < total)
    if "بغداد" in offered:
        narrowed = one.get(offered["بغداد"].get("href")).text
        assert html.fromstring(narrowed).xpath("//h1/small")[0].text_content().split()[0] == str(both)
    assert "زنجبيل" not in offered
    app.state.room.case.close()


def test_a_case_without_keywords_says_nothing_of_them(browser: TestClient) -> None:
    assert "Words to watch" not in browser.get("/").text
    assert "Words to watch" not in browser.get("/search").text
