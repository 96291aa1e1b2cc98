"""The reading room in headless Chromium: the way of an analyst through it, and axe on every page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver import Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

from musnad.casefile.derive import derive
from musnad.casefile.ingest import ingest
from musnad.casefile.store import Case, create
from musnad.reading.build import make_article
from tests.web.browsing import axe, clean, one, press, see, sign_in
from tests.web.support import accounts, copy_of, served
from tests.web.test_pages import PAGES


def test_ingest_search_open_correct_reject_undo_export(chrome: webdriver.Chrome, room: str) -> None:
    chrome.get(f"{room}/ingest")
    forms = chrome.find_elements(By.CSS_SELECTOR, "main form")
    forms[1].find_element(By.NAME, "title").send_keys("لقاء في عمان")
    forms[1].find_element(By.NAME, "text").send_keys(
        "عمان 3-3-2024 - التقى وزير الخارجية الأردني أيمن الصفدي نظيره العراقي فؤاد حسين في عمان. "
        "وقال الصفدي إن البلدين «سيوقعان اتفاقا جديدا» قبل نهاية العام. ونفى متحدث عراقي ذلك."
    )
    forms[1].find_element(By.CSS_SELECTOR, "button.primary").click()
    see(chrome, ".message.good", "1 added")

    one(chrome, "#q").send_keys("للصفدي" + Keys.ENTER)
    see(chrome, ".hits mark", "الصفدي")
    one(chrome, ".hits a").click()
    see(chrome, "h1", "لقاء في عمان")
    see(chrome, ".card.k-events")

    # a click on marked words shows their card; one on the card's sign shows the words
    mark = one(chrome, "#text .l-events")
    mark.click()
    card = one(chrome, ".card.on")
    assert card.get_attribute("id") in mark.get_attribute("data-i")
    card.find_element(By.CSS_SELECTOR, ".to").click()
    assert "on" in one(chrome, f'#text [data-i~="{card.get_attribute("id")}"]').get_attribute("class")
    name = card.get_attribute("id")

    # correct it by keys: c opens the form
    press(chrome, "c")
    see(chrome, f"#edit-{name} form")
    Select(one(chrome, f"#edit-{name} select[name=type]")).select_by_value("COOPERATE")
    Select(one(chrome, f"#edit-{name} select[name=status]")).select_by_value("planned")
    one(chrome, f"#edit-{name} button.primary").click()
    see(chrome, f"#{name} .mark", "corrected")
    assert one(chrome, f"#{name} .type").text == "Cooperate"
    chrome.get(f"{room}/events?type=COOPERATE")
    see(chrome, ".results .mark", "corrected")
    chrome.back()

    # reject a statement, and take it back by key
    see(chrome, ".card.k-statements .reject")
    says = one(chrome, ".card.k-statements").get_attribute("id")
    one(chrome, f"#{says} .reject").click()
    see(chrome, f"#{says}.rejected")
    press(chrome, "u")
    WebDriverWait(chrome, 15).until(lambda d: not d.find_elements(By.CSS_SELECTOR, ".card.rejected"))
    see(chrome, f"#{says} blockquote")
    clean(chrome)

    chrome.get(f"{room}/export")
    made = chrome.execute_async_script("const done = arguments[0]; fetch('/export/plover').then(r => r.text()).then(done)")
    lines = [json.loads(line) for line in made.splitlines()]
    assert any("COOPERATE" in json.dumps(line) for line in lines)
    clean(chrome)


def test_the_keyboard_is_enough(chrome: webdriver.Chrome, room: str) -> None:
    chrome.get(f"{room}/articles/1")
    see(chrome, ".card")
    press(chrome, "j")
    see(chrome, ".card.on")
    first = one(chrome, ".card.on").get_attribute("id")
    press(chrome, "a")
    see(chrome, f"#{first} .mark.accepted", "accepted")
    see(chrome, ".card.on")
    assert one(chrome, ".card.on").get_attribute("id") == first
    press(chrome, "j")
    assert one(chrome, ".card.on").get_attribute("id") != first
    press(chrome, "2")
    assert one(chrome, "[data-layer=statements]").get_attribute("aria-pressed") == "false"
    assert not [c for c in chrome.find_elements(By.CSS_SELECTOR, ".card.k-statements") if c.is_displayed()]
    press(chrome, "2")
    press(chrome, "n")
    WebDriverWait(chrome, 10).until(lambda d: d.current_url.endswith("/articles/2"))
    clean(chrome)


def test_the_language_is_switched_and_kept(chrome: webdriver.Chrome, room: str) -> None:
    chrome.get(f"{room}/articles")
    one(chrome, "button[name=lang]").click()
    see(chrome, "h1", "المقالات")
    assert one(chrome, "html").get_attribute("dir") == "rtl"
    # the list begins at the right, and a date inside it still reads from left to right
    day = one(chrome, "tbody time")
    assert day.location["x"] > 640
    assert chrome.execute_script("return getComputedStyle(arguments[0]).direction", day) == "ltr"
    chrome.get(f"{room}/events")
    see(chrome, "h1", "الأحداث")
    one(chrome, "button[name=lang]").click()
    see(chrome, "h1", "Events")
    chrome.delete_all_cookies()


def test_two_reviewers_at_once(chrome: webdriver.Chrome, second: webdriver.Chrome, examples: Case, tmp_path: Path) -> None:
    with served(copy_of(examples, tmp_path), accounts=accounts(tmp_path)) as room:
        sign_in(chrome, room, "amal")
        sign_in(second, room, "badr")
        name = one(chrome, ".card.k-events").get_attribute("id")
        one(chrome, f"#{name} .accept").click()
        see(chrome, f"#{name} .mark", "accepted")
        # Badr's page is older than Amal's decision: he is told, and nothing of hers is lost
        one(second, f"#{name} .reject").click()
        see(second, ".message.bad", "amal decided on this meanwhile")
        see(second, f"#{name} .mark", "accepted")
        one(second, f"#{name} .reject").click()
        see(second, f"#{name}.rejected")
        second.get(f"{room}/review/agreement")
        see(second, "td", "amal, badr")
        clean(chrome)
    chrome.delete_all_cookies()
    second.delete_all_cookies()


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_axe_finds_nothing_on_any_page(chrome: webdriver.Chrome, examples: Case, tmp_path: Path, lang: str) -> None:
    problems = []
    with served(copy_of(examples, tmp_path), reviewer="amal") as room:
        chrome.get(f"{room}/help")
        chrome.add_cookie({"name": "lang", "value": lang})
        for n, path in enumerate(PAGES):
            # every page in one of the themes, the other by turns
            chrome.add_cookie({"name": "theme", "value": ("light", "dark")[n % 2]})
            chrome.get(room + path)
            found = axe(chrome)
            problems += [(path, *v) for v in found]
            wide = chrome.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{path} is wider than its window"
        clean(chrome)
    chrome.delete_all_cookies()
    assert problems == []


def test_no_page_is_wider_than_a_phone(chrome: webdriver.Chrome, room: str) -> None:
    chrome.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True},
    )
    problems = []
    try:
        for path in PAGES:
            chrome.get(room + path)
            wide = chrome.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, path
            # what must scroll or fold here is to be reached and read as well
            problems += [(path, *v) for v in axe(chrome)]
        assert problems == []
    finally:
        chrome.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_agreement_gold_and_suggestions(chrome: webdriver.Chrome, second: webdriver.Chrome, examples: Case, tmp_path: Path) -> None:
    with served(copy_of(examples, tmp_path), accounts=accounts(tmp_path)) as room:
        sign_in(chrome, room, "amal")
        sign_in(second, room, "badr")
        names = [c.get_attribute("id") for c in chrome.find_elements(By.CSS_SELECTOR, ".card.k-events")[:2]]
        for name in names:
            one(chrome, f"#{name} .accept").click()
            see(chrome, f"#{name} .mark", "accepted")
        second.refresh()
        one(second, f"#{names[0]} .accept").click()
        # Amal's mark is there already; what he can undo comes with the answer
        see(second, "#undo")
        one(second, f"#{names[1]} .reject").click()
        see(second, f"#{names[1]}.rejected")
        second.get(f"{room}/review/agreement")
        see(second, "td", "amal, badr")
        assert "0.50" in one(second, "main .scroll").text
        see(second, ".mark.rejected", "badr: rejected")
        second.get(f"{room}/articles/1")
        next(b for b in second.find_elements(By.CSS_SELECTOR, ".toolbar button") if b.text == "Read to the end").click()
        see(second, ".meta .mark", "read to the end")
        fetched = "const [path, done] = arguments; fetch(path).then(r => r.text()).then(done)"
        gold = json.loads(second.execute_async_script(fetched, "/review/gold.json"))
        assert len(gold) == 1
        assert gold[0]["events"]
        second.get(f"{room}/review/suggestions")
        see(second, "td", "not an event of type")
        table = second.execute_async_script(fetched, "/review/suggestions.tsv")
        assert table.startswith("lexicon\twords\tadvice")
        assert len(table.splitlines()) == 2
        clean(chrome)
    chrome.delete_all_cookies()
    second.delete_all_cookies()


def test_the_queue_is_worked_by_keys(chrome: webdriver.Chrome, room: str) -> None:
    chrome.get(f"{room}/review")
    first = one(chrome, ".queue .open").get_attribute("href")
    press(chrome, "j")
    press(chrome, "a")
    WebDriverWait(chrome, 15).until(lambda d: one(d, ".queue .open").get_attribute("href") != first)
    assert "1 of" in one(chrome, "main p").text
    press(chrome, "j")
    press(chrome, "r")
    WebDriverWait(chrome, 15).until(lambda d: "2 of" in one(d, "main p").text or "1 of" in one(d, "main p").text.split(" and ")[1])
    assert first not in [a.get_attribute("href") for a in chrome.find_elements(By.CSS_SELECTOR, ".queue .open")]
    clean(chrome)


def test_nothing_of_a_hostile_article_runs(chrome: webdriver.Chrome, tmp_path: Path) -> None:
    evil = "<script>window.harmed=1</script><img src=x onerror='window.harmed=1'>\"'><svg/onload=window.harmed=1>"
    case = create(tmp_path / "hostile.musnad", evil)
    text = f"بغداد - قال وزير الخارجية {evil} إن بلاده «لن تقبل \u202eالتدخل\u202c» {evil}. والتقى الوزير {evil} نظيره في بغداد أمس."
    ingest(case, [make_article(text, title="\u202e" + evil, outlet=evil, url="javascript:window.harmed=1", published="2024-01-01")], [evil])
    derive(case)
    case.close()
    with served(tmp_path / "hostile.musnad", reviewer=evil) as room:
        for path in (
            "/",
            "/articles",
            "/articles/1",
            "/articles/1/edit?kind=events",
            "/events",
            "/events/1",
            "/statements",
            "/actors",
            "/actors/1",
            "/search?q=الوزير",
            "/review",
        ):
            chrome.get(room + path)
            see(chrome, "main")
            assert chrome.execute_script("return window.harmed === undefined"), path
            assert not chrome.find_elements(By.CSS_SELECTOR, "main img, main script, a[href^=javascript]"), path
        chrome.get(f"{room}/articles/1")
        one(chrome, ".card .edit").click()
        see(chrome, ".editing")
        one(chrome, ".editing [name=note]").send_keys(evil)
        one(chrome, ".editing button.primary").click()
        see(chrome, ".card .mark")
        chrome.get(f"{room}/review/log")
        see(chrome, "tbody", "window.harmed")
        assert chrome.execute_script("return window.harmed === undefined")
        clean(chrome)
