"""Driving the pages in headless Chromium: what the browser tests share."""

from __future__ import annotations

from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from tests.web.support import PASSWORD

AXE = (Path(__file__).parent / "vendor" / "axe" / "axe.min.js").read_text(encoding="utf-8")


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


def sign_in(chrome: webdriver.Chrome, room: str, name: str) -> None:
    chrome.delete_all_cookies()
    chrome.get(f"{room}/login?next=/articles/1")
    one(chrome, "main [name=name]").send_keys(name)
    one(chrome, "main [name=password]").send_keys(PASSWORD + Keys.ENTER)
    see(chrome, ".card")


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


def seen(chrome: webdriver.Chrome, element: webdriver.remote.webelement.WebElement) -> bool:
    """Whether the middle of an element is on the screen and nothing covers it."""
    made: bool = chrome.execute_script(
        "const b = arguments[0].getBoundingClientRect(); const at = document.elementFromPoint(b.left + b.width / 2, b.top + b.height / 2);"
        "return at !== null && (at === arguments[0] || arguments[0].contains(at));",
        element,
    )
    return made
