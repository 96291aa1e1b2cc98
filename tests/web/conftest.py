"""A browser for the tests of the pages, and a room to visit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver

from musnad.casefile.store import Case
from tests.web.support import browser, copy_of, served


@pytest.fixture(scope="session")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    made = browser(tmp_path_factory.mktemp("chrome"))
    yield made
    made.quit()


@pytest.fixture(scope="session")
def second(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    made = browser(tmp_path_factory.mktemp("chrome2"))
    yield made
    made.quit()


@pytest.fixture
def room(examples: Case, tmp_path: Path) -> Iterator[str]:
    with served(copy_of(examples, tmp_path), reviewer="amal") as address:
        yield address


@pytest.fixture
def phone(chrome: webdriver.Chrome) -> Iterator[webdriver.Chrome]:
    chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True})
    yield chrome
    chrome.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
