"""The reading room in headless Chromium: the way of an analyst through it, and axe on every page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.actions.pointer_input import PointerInput
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

from musnad.casefile.derive import derive
from musnad.casefile.ingest import ingest
from musnad.casefile.store import Case, create
from musnad.reading.build import make_article
from tests.web.support import PASSWORD, accounts, browser, copy_of, served
from tests.web.test_pages import PAGES

AXE = (Path(__file__).parent / "vendor" / "axe" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    made = browser(tmp_path_factory.mktemp("chrome"))
    yield made
    made.quit()


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    made = browser(tmp_path_factory.mktemp("chrome2"))
    yield made
    made.quit()


@pytest.fixture
def room(examples: Case, tmp_path: Path) -> Iterator[str]:
    with served(copy_of(examples, tmp_path), reviewer="amal") as address:
        yield address


def see(chrome: webdriver.Chrome, selector: str, words: str = "") -> None:
    """Wait until the page shows an element with words."""

    def there(driver: webdriver.Chrome) -> bool:
        try:
            return any(words in e.text for e in driver.find_elements(By.CSS_SELECTOR, selector))
        except StaleElementReferenceException:
            return False

    WebDriverWait(chrome, 15).until(there, f"{selector} with {words!r}")


def one(chrome: webdriver.Chrome, selector: str) -> webdriver.remote.webelement.WebElement:
    return chrome.find_element(By.CSS_SELECTOR, selector)


def press(chrome: webdriver.Chrome, keys: str) -> None:
    ActionChains(chrome).send_keys(keys).perform()


def clean(chrome: webdriver.Chrome) -> None:
    """Neither a script's error nor a breach of the content policy. An answer 4xx to a form is no error of the page."""
    found = [e["message"] for e in chrome.get_log("browser") if e["level"] == "SEVERE"]
    assert [m for m in found if "status of 4" not in m] == []


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


def test_a_span_is_dragged_and_added(chrome: webdriver.Chrome, room: str) -> None:
    chrome.get(f"{room}/articles/1")
    chrome.find_element(By.CSS_SELECTOR, 'a[href$="edit?kind=events"]').click()
    see(chrome, "#adding form")
    # select a word of the text as a mouse would
    words = chrome.execute_script(
        "const node = [...document.querySelectorAll('#text span')].map(s => s.firstChild).find(n => n && /^\\s*\\S{4,} /.test(n.data));"
        "const from = node.data.search(/\\S/); const to = node.data.indexOf(' ', from);"
        "getSelection().setBaseAndExtent(node, from, node, to); return node.data.slice(from, to);"
    )
    WebDriverWait(chrome, 5).until(lambda d: one(d, "#adding .take[data-for=trigger]").is_enabled())
    one(chrome, "#adding .take[data-for=trigger]").click()
    assert one(chrome, "#adding output").text == words
    Select(one(chrome, "#adding select[name=type]")).select_by_value("AID")
    one(chrome, "#adding button.primary").click()
    see(chrome, ".card .mark.added", "added")
    card = one(chrome, ".card:has(.mark.added)")
    assert words in card.text
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


def sign_in(chrome: webdriver.Chrome, room: str, name: str) -> None:
    chrome.delete_all_cookies()
    chrome.get(f"{room}/login?next=/articles/1")
    one(chrome, "main [name=name]").send_keys(name)
    one(chrome, "main [name=password]").send_keys(PASSWORD + Keys.ENTER)
    see(chrome, ".card")


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


def grip(chrome: webdriver.Chrome, end: str) -> webdriver.remote.webelement.WebElement:
    return one(chrome, f'.grip[data-end="{end}"]')


def axe(chrome: webdriver.Chrome) -> list[list[str]]:
    """What axe finds wrong with the page as it is."""
    chrome.execute_script(AXE)
    found: list[list[str]] = chrome.execute_async_script(
        "const done = arguments[0]; axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice']}).then(r => "
        "done(r.violations.map(v => [v.id, v.nodes.length, v.nodes[0].html.slice(0, 160), v.nodes[0].failureSummary.slice(0, 300)])))"
    )
    return found


def test_the_ends_of_a_span_are_dragged(chrome: webdriver.Chrome, room: str) -> None:
    chrome.get(f"{room}/articles/1")
    see(chrome, ".card.k-statements .edit")
    card = one(chrome, ".card.k-statements")
    name = card.get_attribute("id")
    card.find_element(By.CSS_SELECTOR, ".edit").click()
    see(chrome, f"#edit-{name} form")
    chip = one(chrome, f"#edit-{name} .several .chip input")
    # the words of speech are in hand first; going to what was said takes that in hand
    chrome.execute_script("arguments[0].focus()", chip)
    start, end = map(int, chip.get_attribute("value").split("-"))
    words = one(chrome, f"#edit-{name} .several .chip").text
    assert axe(chrome) == []
    held = grip(chrome, "end")
    chrome.execute_script("arguments[0].scrollIntoView({block: 'center'})", held)
    # by mouse: the end goes to a word before it
    where = chrome.execute_script(
        "const all = [...document.querySelectorAll('#text [data-s]')]; const at = arguments[0];"
        "const span = all.filter(s => Number(s.dataset.s) <= at).at(-1); const r = document.createRange();"
        "r.setStart(span.firstChild, at - Number(span.dataset.s)); r.setEnd(span.firstChild, at - Number(span.dataset.s) + 1);"
        "const b = r.getBoundingClientRect(); return [b.left + b.width / 2, b.top + b.height / 2];",
        start + len(words.split()[0]) + 2,
    )
    ActionChains(chrome).click_and_hold(held).perform()
    box = chrome.execute_script("const b = arguments[0].getBoundingClientRect(); return [b.left + b.width / 2, b.top + b.height / 2]", held)
    ActionChains(chrome).move_by_offset(int(where[0] - box[0]), int(where[1] - box[1])).release().perform()
    made = one(chrome, f"#edit-{name} .several .chip input").get_attribute("value")
    assert made.startswith(f"{start}-")
    assert start < int(made.split("-")[1]) < end, (made, end)
    shorter = one(chrome, f"#edit-{name} .several .chip").text
    assert words.startswith(shorter)
    # by keys: back by a word, then by a letter
    grip(chrome, "end").send_keys(Keys.ARROW_LEFT)
    longer = int(one(chrome, f"#edit-{name} .several .chip input").get_attribute("value").split("-")[1])
    assert longer > int(made.split("-")[1])
    grip(chrome, "end").send_keys(Keys.SHIFT, Keys.ARROW_RIGHT)
    letter = int(one(chrome, f"#edit-{name} .several .chip input").get_attribute("value").split("-")[1])
    assert letter == longer - 1
    grip(chrome, "end").send_keys(Keys.SHIFT, Keys.ARROW_LEFT)
    kept = one(chrome, f"#edit-{name} .several .chip").text
    grip(chrome, "end").send_keys(Keys.ENTER)
    see(chrome, f"#{name} .mark", "corrected")
    assert one(chrome, f"#{name} blockquote").text.strip() == kept.strip()
    assert not chrome.find_elements(By.CSS_SELECTOR, ".grip")
    clean(chrome)


def test_words_selected_while_a_form_is_open_go_into_its_field(chrome: webdriver.Chrome, room: str) -> None:
    chrome.get(f"{room}/articles/1")
    see(chrome, ".card.k-events .edit")
    name = one(chrome, ".card.k-events").get_attribute("id")
    one(chrome, f"#{name} .edit").click()
    see(chrome, f"#edit-{name} form")
    before = one(chrome, f"#edit-{name} .offsets").get_attribute("value")
    word = one(chrome, "#text .l-cue")
    ActionChains(chrome).double_click(word).perform()
    after = one(chrome, f"#edit-{name} .offsets").get_attribute("value")
    assert after != before
    assert one(chrome, f"#edit-{name} output").text in word.text
    press(chrome, Keys.ESCAPE)
    one(chrome, f"#edit-{name} select[name=type]").send_keys(Keys.ESCAPE)
    WebDriverWait(chrome, 5).until(lambda d: not d.find_elements(By.CSS_SELECTOR, ".editing"))
    assert not chrome.find_elements(By.CSS_SELECTOR, ".grip")
    clean(chrome)


def test_actors_are_merged_split_and_taken_back(chrome: webdriver.Chrome, room: str) -> None:
    chrome.get(f"{room}/actors")
    links = [(a.text, a.get_attribute("href")) for a in chrome.find_elements(By.CSS_SELECTOR, "main .scroll td a")[:2]]
    (kept, here), (_, there) = links
    chrome.get(there)
    one(chrome, "details.identity summary").click()
    one(chrome, "details.identity [name=q]").send_keys(kept[:12] + Keys.ENTER)
    see(chrome, "#others a", kept)
    next(li for li in chrome.find_elements(By.CSS_SELECTOR, "#others li") if li.find_element(By.TAG_NAME, "a").text == kept).find_element(
        By.TAG_NAME, "button"
    ).click()
    see(chrome, ".message.good", "one now")
    assert chrome.current_url == here
    chrome.get(f"{room}/review/log")
    see(chrome, "tbody td", "merged")
    one(chrome, "tbody tr button").click()
    see(chrome, ".message.good", "undone")
    chrome.get(there)
    see(chrome, "h1")
    one(chrome, "details.identity summary").click()
    clean(chrome)


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


@pytest.fixture
def phone(chrome: webdriver.Chrome) -> Iterator[webdriver.Chrome]:
    chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True})
    yield chrome
    chrome.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def seen(chrome: webdriver.Chrome, element: webdriver.remote.webelement.WebElement) -> bool:
    """Whether the middle of an element is on the screen and nothing covers it."""
    made: bool = chrome.execute_script(
        "const b = arguments[0].getBoundingClientRect(); const at = document.elementFromPoint(b.left + b.width / 2, b.top + b.height / 2);"
        "return at !== null && (at === arguments[0] || arguments[0].contains(at));",
        element,
    )
    return made


@pytest.mark.parametrize("kind", ["events", "statements", "commitments"])
def test_on_a_phone_the_words_in_hand_stay_beside_the_form(phone: webdriver.Chrome, room: str, kind: str) -> None:
    phone.get(f"{room}/articles/1")
    see(phone, f".card.k-{kind} .edit")
    # the last one: its card is furthest from its words
    name = phone.find_elements(By.CSS_SELECTOR, f".card.k-{kind}")[-1].get_attribute("id")
    phone.execute_script("arguments[0].scrollIntoView({block: 'center'})", one(phone, f"#{name} .edit"))
    one(phone, f"#{name} .edit").click()
    see(phone, f"#edit-{name} form")
    WebDriverWait(phone, 5).until(
        lambda d: seen(d, grip(d, "start")) and seen(d, one(d, f"#edit-{name} select, #edit-{name} input:not([type=hidden])"))
    )
    field = one(phone, f"#edit-{name} .offsets")
    start, end = map(int, field.get_attribute("value").split("-"))
    assert seen(phone, grip(phone, "end"))
    # each handle stands at its letter, on its line
    beside = (
        "const [at, which] = arguments; const span = [...document.querySelectorAll('#text [data-s]')].filter(s => Number(s.dataset.s) <= at).at(-1);"
        "const r = document.createRange(); r.setStart(span.firstChild, at - Number(span.dataset.s)); r.setEnd(span.firstChild, at - Number(span.dataset.s) + 1);"
        "const b = [...r.getClientRects()].find(b => b.width > 0.5); const g = document.querySelector(`.grip[data-end=${which}]`).getBoundingClientRect();"
        "return [Math.abs(g.left + g.width / 2 - (which === 'start' ? b.right : b.left)), Math.abs(g.top - b.top)];"
    )
    for at, which in ((start, "start"), (end - 1, "end")):
        away = phone.execute_script(beside, at, which)
        assert max(away) < 2, (which, away)
    # by finger: the beginning goes to the word before
    aim = (
        "const at = arguments[0]; const span = [...document.querySelectorAll('#text [data-s]')].filter(s => Number(s.dataset.s) <= at).at(-1);"
        "const r = document.createRange(); r.setStart(span.firstChild, at - Number(span.dataset.s)); r.setEnd(span.firstChild, at - Number(span.dataset.s) + 1);"
        "const b = r.getBoundingClientRect(); return [b.left + b.width / 2, b.top + b.height / 2];"
    )
    middle = "const b = arguments[0].getBoundingClientRect(); return [b.left + b.width / 2, b.top + b.height / 2]"
    x, y = phone.execute_script(middle, grip(phone, "start"))
    letters = phone.execute_script("return [...document.getElementById('text').textContent]")
    # the beginning of its word, where a clitic stands before it, or the word before
    before = start - 1 if letters[start - 1].isalnum() else start - 2
    while letters[before - 1].isalnum():
        before -= 1
    to_x, to_y = phone.execute_script(aim, before)
    actions = ActionBuilder(phone, mouse=PointerInput("touch", "finger"), duration=60)
    finger = actions.pointer_action
    finger.move_to_location(int(x), int(y))
    finger.pointer_down()
    finger.move_to_location(int(to_x), int(to_y))
    finger.pointer_up()
    actions.perform()
    moved = int(field.get_attribute("value").split("-")[0])
    assert moved == before, (moved, start)
    assert field.get_attribute("value").endswith(f"-{end}")
    assert axe(phone) == []
    keep = one(phone, f"#edit-{name} button.primary")
    phone.execute_script("arguments[0].scrollIntoView({block: 'end'})", keep)
    assert seen(phone, keep)
    assert seen(phone, grip(phone, "end"))
    keep.click()
    see(phone, f"#{name} .mark", "corrected")
    wide = phone.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    clean(phone)


def test_on_a_phone_words_are_added_with_the_text_in_view(phone: webdriver.Chrome, room: str) -> None:
    phone.get(f"{room}/articles/1")
    one(phone, 'a[href$="edit?kind=figures"]').click()
    see(phone, "#adding form")
    WebDriverWait(phone, 5).until(lambda d: seen(d, one(d, "#adding .offsets")))
    assert seen(phone, one(phone, "#text .sg"))
    phone.get(f"{room}/articles/1/edit?kind=figures")
    see(phone, ".editing")
    field = one(phone, ".editing .offsets")
    field.click()
    assert seen(phone, field)
    assert seen(phone, one(phone, "#text"))
    clean(phone)


def test_the_form_on_a_page_of_its_own_is_kept_too(chrome: webdriver.Chrome, room: str) -> None:
    chrome.get(f"{room}/articles/1")
    name = one(chrome, ".card.k-events").get_attribute("id")
    chrome.get(one(chrome, f"#{name} .edit").get_attribute("href"))
    see(chrome, "h1", "Correct")
    assert grip(chrome, "start").is_displayed()
    Select(one(chrome, "select[name=status]")).select_by_value("planned")
    one(chrome, ".editing button.primary").click()
    see(chrome, f"#{name} .mark", "corrected")
    clean(chrome)


def undo_the_last(chrome: webdriver.Chrome, room: str, action: str) -> None:
    """Take the newest decision of the log back."""
    chrome.get(f"{room}/review/log")
    see(chrome, "tbody td", action)
    one(chrome, "tbody tr button").click()
    see(chrome, ".message.good", "undone")


def test_an_actor_is_split_by_its_names(chrome: webdriver.Chrome, room: str) -> None:
    chrome.get(f"{room}/actors")
    links = [(a.text, a.get_attribute("href")) for a in chrome.find_elements(By.CSS_SELECTOR, "main .scroll td a")[:2]]
    (kept, here), (other, there) = links
    # one name is not split
    chrome.get(here)
    one(chrome, "details.identity summary").click()
    assert not chrome.find_elements(By.CSS_SELECTOR, "form[action$='/split']")
    chrome.get(there)
    one(chrome, "details.identity summary").click()
    one(chrome, "details.identity [name=q]").send_keys(kept[:12] + Keys.ENTER)
    see(chrome, "#others a", kept)
    one(chrome, "#others form button").click()
    see(chrome, ".message.good", "one now")
    one(chrome, "details.identity summary").click()
    names = chrome.find_elements(By.CSS_SELECTOR, "form[action$='/split'] [name=names]")
    values = [n.get_attribute("value") for n in names]
    assert len(values) == 2
    # all names, or none: told, and nothing happens
    one(chrome, "form[action$='/split'] button").click()
    see(chrome, ".message.bad", "not none and not all")
    one(chrome, "details.identity summary").click()
    off = next(v for v in values if not one(chrome, "h1").text.startswith(v))
    one(chrome, f"form[action$='/split'] [value='{off}']").click()
    one(chrome, "form[action$='/split'] button").click()
    see(chrome, ".message.good", "an actor of their own now")
    assert chrome.current_url == here
    assert not chrome.find_elements(By.CSS_SELECTOR, "form[action$='/split']")
    # the new actor has a page, and what it says and does
    chrome.get(f"{room}/actors?actor={quote(off)}")
    see(chrome, "main .scroll td a", off if any("\u0600" <= c <= "\u06ff" for c in other) else "")
    made = [a.get_attribute("href") for a in chrome.find_elements(By.CSS_SELECTOR, "main .scroll td a")]
    assert here not in made
    undo_the_last(chrome, room, "split")
    chrome.get(here)
    one(chrome, "details.identity summary").click()
    assert len(chrome.find_elements(By.CSS_SELECTOR, "form[action$='/split'] [name=names]")) == 2
    undo_the_last(chrome, room, "merged")
    chrome.get(there)
    see(chrome, "h1")
    clean(chrome)


def tellings(chrome: webdriver.Chrome) -> list[str]:
    return [b.text for b in chrome.find_elements(By.CSS_SELECTOR, ".tellings blockquote")]


def test_events_of_a_day_are_merged_split_and_taken_back(chrome: webdriver.Chrome, room: str) -> None:
    chrome.get(f"{room}/events?type=SANCTION")
    one(chrome, ".results td.num a").click()
    here = chrome.current_url
    (words,) = tellings(chrome)
    assert not chrome.find_elements(By.CSS_SELECTOR, "form[action$='/split']")
    near = one(chrome, "main > ul.rows li a")
    there, other = near.get_attribute("href"), near.text
    one(chrome, "main > ul.rows form button").click()
    see(chrome, ".message.good", "one now")
    assert chrome.current_url == here
    assert sorted(tellings(chrome)) == sorted([words, other])
    chrome.get(there)
    see(chrome, "h1", "no such page")
    chrome.get(f"{room}/events?type=SANCTION")
    assert {a.get_attribute("href") for a in chrome.find_elements(By.CSS_SELECTOR, ".results td.num a")} == {here}
    # the other telling is split off again, to an event of its own
    chrome.get(here)
    card = next(c for c in chrome.find_elements(By.CSS_SELECTOR, ".tellings .card") if other in c.text)
    card.find_element(By.CSS_SELECTOR, "form[action$='/split'] button").click()
    see(chrome, ".message.good", "stands alone now")
    assert tellings(chrome) == [words]
    chrome.get(f"{room}/events?type=SANCTION")
    apart = {a.get_attribute("href") for a in chrome.find_elements(By.CSS_SELECTOR, ".results td.num a")}
    assert len(apart) == 2
    # both are taken back: the split on the event's own page, the merge in the log
    chrome.get(here)
    one(chrome, "details.identity summary").click()
    next(f for f in chrome.find_elements(By.CSS_SELECTOR, "details.identity .tiny") if "split" in f.text).find_element(
        By.TAG_NAME, "button"
    ).click()
    see(chrome, ".message.good", "undone")
    chrome.get(here)
    assert sorted(tellings(chrome)) == sorted([words, other])
    one(chrome, "details.identity summary").click()
    next(f for f in chrome.find_elements(By.CSS_SELECTOR, "details.identity .tiny") if "merge" in f.text).find_element(
        By.TAG_NAME, "button"
    ).click()
    see(chrome, ".message.good", "undone")
    chrome.get(here)
    assert tellings(chrome) == [words]
    clean(chrome)


def test_an_event_of_another_day_is_found_by_words_and_merged(chrome: webdriver.Chrome, room: str) -> None:
    chrome.get(f"{room}/events?type=ASSAULT")
    rows = [(a.get_attribute("href")) for a in chrome.find_elements(By.CSS_SELECTOR, ".results td.num a")]
    days = [e.text.strip("()") for e in chrome.find_elements(By.CSS_SELECTOR, ".results tbody td:first-child")]
    here, far = rows[0], next(r for r, d in zip(rows, days, strict=True) if d != days[0])
    chrome.get(far)
    (words,) = tellings(chrome)
    chrome.get(here)
    (own,) = tellings(chrome)
    one(chrome, "details.identity summary").click()
    one(chrome, "details.identity [name=q]").send_keys(" ".join(words.split()[-2:]) + Keys.ENTER)
    see(chrome, "#others li")
    found = next(li for li in chrome.find_elements(By.CSS_SELECTOR, "#others li") if words in li.text)
    assert axe(chrome) == []
    found.find_element(By.TAG_NAME, "button").click()
    see(chrome, ".message.good", "one now")
    assert chrome.current_url == here
    assert sorted(tellings(chrome)) == sorted([own, words])
    # nothing fits: it is said
    one(chrome, "details.identity summary").click()
    one(chrome, "details.identity [name=q]").send_keys("زنجبيل" + Keys.ENTER)
    see(chrome, "#others .none", "Nothing fits")
    undo_the_last(chrome, room, "merge")
    chrome.get(here)
    assert tellings(chrome) == [own]
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
