"""Correcting, merging and splitting in headless Chromium, on a wide screen and on a phone."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from selenium import webdriver
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.actions.pointer_input import PointerInput
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

from tests.web.browsing import axe, clean, grip, one, press, see, seen


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


def undo_the_last(chrome: webdriver.Chrome, room: str, action: str) -> None:
    """Take the newest decision of the log back."""
    chrome.get(f"{room}/review/log")
    see(chrome, "tbody td", action)
    one(chrome, "tbody tr button").click()
    see(chrome, ".message.good", "undone")


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
    undo_the_last(chrome, room, "merged")
    chrome.get(there)
    see(chrome, "h1")
    one(chrome, "details.identity summary").click()
    clean(chrome)


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
