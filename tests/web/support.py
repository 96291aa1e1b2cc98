"""What tests of the pages share: copies of the examples' case, clients with their tokens, a served case."""

from __future__ import annotations

import os
import re
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from selenium import webdriver
from starlette.testclient import TestClient

from musnad.casefile.store import Case
from musnad.web.access import Accounts
from musnad.web.app import create_app

PASSWORD = "a long enough password"
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--window-size=1280,900",
)  # fmt: skip


def copy_of(case: Case, folder: Path, name: str = "copy.musnad") -> Path:
    """A copy of a case that a test may write."""
    case.backup(folder / name)
    return folder / name


def accounts(folder: Path) -> Accounts:
    """Amal and Badr review, Rim reads, Omar owns."""
    made = Accounts(folder / "accounts.json")
    for name, role in (("amal", "reviewer"), ("badr", "reviewer"), ("rim", "reader"), ("omar", "owner")):
        made.put(name, PASSWORD, role)  # type: ignore[arg-type]
    return made


def client(app: FastAPI, **headers: str) -> TestClient:
    """A browser without scripts."""
    return TestClient(app, headers={"accept-language": "en", **headers}, follow_redirects=False)


def token(browser: TestClient, path: str = "/login") -> str:
    """The CSRF token of the browser's session."""
    page = browser.get(path)
    if page.status_code == 303:
        page = browser.get("/help")
    found = re.search(r'<meta name="csrf" content="([^"]+)">', page.text)
    assert found is not None, page.text[:500]
    return found.group(1)


def signed_in(app: FastAPI, name: str) -> tuple[TestClient, str]:
    """A browser signed in, and its token."""
    browser = client(app)
    answer = browser.post("/login", data={"name": name, "password": PASSWORD, "csrf": token(browser)})
    assert answer.status_code == 303, answer.text
    return browser, token(browser, "/help")


@contextmanager
def served(case: Path, **values: Any) -> Iterator[str]:
    """The address of a case that is served."""
    app = create_app(case, **values)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        app.state.room.case.close()


def browser(folder: Path) -> webdriver.Chrome:
    """Headless Chromium with a profile of its own."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        if os.environ.get("MUSNAD_NO_BROWSER"):
            pytest.skip("MUSNAD_NO_BROWSER is set")
        pytest.fail("chromium and chromium-driver are needed (apt-get install chromium chromium-driver), or set MUSNAD_NO_BROWSER=1")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (*FLAGS, f"--user-data-dir={folder}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    made = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    made.set_page_load_timeout(30)
    return made
