"""`musnad serve`, `demo` and `account`."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from musnad.casefile.store import Case
from tests.web.support import copy_of

Musnad = Callable[..., subprocess.CompletedProcess[bytes]]


def answers(command: list[str], seconds: float = 60) -> str:
    """The first page of a server that a command starts; the server is stopped by Ctrl-C."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "musnad", *command, "--port", str(port), "--no-browser"],
        stderr=subprocess.PIPE,
    )
    try:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
                    return str(answer.read().decode())
            except OSError:
                assert process.poll() is None, process.stderr and process.stderr.read()
                time.sleep(0.2)
        raise AssertionError("it does not answer")
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)


def test_serve_answers(examples: Case, tmp_path: Path) -> None:
    assert "الأمثلة" in answers(["serve", str(copy_of(examples, tmp_path))])


def test_demo_makes_a_case_of_the_examples_and_serves_it() -> None:
    page = answers(["demo"])
    assert "Musnad demo" in page
    assert 'href="/articles/6"' in page


def test_mistakes_are_one_line_and_exit_2(musnad: Musnad, examples: Case, tmp_path: Path) -> None:
    case = copy_of(examples, tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for command in (("serve", case), ("demo",)):
            done = musnad(*command, "--port", port, "--no-browser")
            assert (done.returncode, done.stderr.decode().splitlines()[-1]) == (
                2,
                f"musnad: port {port} is in use: choose another with --port",
            )
    for words, arguments in (
        ("there is no case file", ("serve", "no.musnad")),
        ("can be reached by others: give --accounts", ("serve", case, "--host", "0.0.0.0")),
        ("has no account: add one", ("serve", case, "--accounts", "none.json")),
    ):
        done = musnad(*arguments, "--no-browser", "--port", "0")
        assert done.returncode == 2
        assert words in done.stderr.decode()
        assert len(done.stderr.decode().splitlines()) == 1


def test_accounts_are_made_on_the_command_line(musnad: Musnad, tmp_path: Path) -> None:
    done = musnad("account", "people.json", "amal", "--role", "owner", "--password", "a long enough password")
    assert done.returncode == 0
    assert "amal is owner now" in done.stderr.decode()
    assert (tmp_path / "people.json").exists()
    for words, arguments in (
        ("10 characters", ("people.json", "b", "--password", "short")),
        ("no accounts file", ("broken.json", "b", "--password", "x" * 12)),
    ):
        (tmp_path / "broken.json").write_text("[]", encoding="utf-8")
        done = musnad("account", *arguments)
        assert done.returncode == 2
        assert words in done.stderr.decode()


@pytest.mark.parametrize("command", ["serve", "demo", "account"])
def test_help_tells_what_it_does(musnad: Musnad, command: str) -> None:
    assert musnad(command, "--help").returncode == 0
