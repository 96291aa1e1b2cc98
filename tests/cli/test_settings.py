"""A user's own actors, model and ontology: by option, environment and configuration file; the knowledge base on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from musnad.record import from_json
from musnad.settings import Settings, SettingsError, current

TEXT = "أعلن مجلس شباب الغدير أمس أن التجمع سيعقد يوم الخميس."


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("MUSNAD_ACTORS", "MUSNAD_ONTOLOGY", "MUSNAD_MODEL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MUSNAD_CONFIG", str(tmp_path / "config.toml"))


def speaker(line: bytes) -> str | None:
    record = from_json(line)
    mention = next(m for m in record.mentions if m.id == record.statements[0].speaker)
    return next(e.actor for e in record.entities if e.id == mention.entity)


def test_an_actor_of_ones_own(musnad: Callable, tmp_path: Path) -> None:
    done = musnad(
        "actors",
        "add",
        "mine.tsv",
        "--id",
        "ghadir",
        "--ar",
        "مجلس شباب الغدير",
        "--country",
        "IRQ",
        "--sector",
        "SOC",
    )
    assert done.returncode == 0, done.stderr
    assert musnad("actors", "check", "mine.tsv").returncode == 0
    assert b"ghadir" in musnad("actors", "find", "شباب الغدير", "--actors", "mine.tsv").stdout
    assert json.loads(musnad("actors", "show", "ghadir", "--actors", "mine.tsv").stdout)["country"] == "IRQ"
    args = ("code", "-", "--format", "jsonl", "--published", "2024-01-27")
    assert speaker(musnad(*args, input=TEXT.encode()).stdout) is None
    assert speaker(musnad(*args, "--actors", "mine.tsv", input=TEXT.encode()).stdout) == "ghadir"
    (tmp_path / "config.toml").write_text('actors = ["mine.tsv"]', encoding="utf-8")
    assert speaker(musnad(*args, input=TEXT.encode()).stdout) == "ghadir"


def test_the_shipped_base_is_found(musnad: Callable) -> None:
    assert "mohammed-shia-al-sudani" in musnad("actors", "find", "محمد شياع السوداني").stdout.decode() or musnad(
        "actors", "find", "السوداني"
    ).stdout.decode().count("IRQ")
    assert musnad("actors", "find", "قثقثقث").returncode == 2
    assert musnad("actors", "show", "nobody-at-all").returncode == 2


def test_the_settings_in_order_of_weight(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert current() == Settings()
    (tmp_path / "config.toml").write_text('model = "accurate"', encoding="utf-8")
    assert current().model == "accurate"
    monkeypatch.setenv("MUSNAD_MODEL", "fast")
    assert current().model == "fast"


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ('model = "huge"', "Invalid enum value"),
        ("modle = 1", "unknown field"),
        ("[", "cannot be read"),
        ('actors = ["no.tsv"]', "there is no"),
    ],
)
def test_bad_settings_are_one_line(musnad: Callable, tmp_path: Path, config: str, words: str) -> None:
    (tmp_path / "config.toml").write_text(config, encoding="utf-8")
    with pytest.raises(SettingsError, match=words):
        current()
    done = musnad("code", "-", input=TEXT.encode())
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)


def test_wikidata_that_the_user_brings(musnad: Callable, tmp_path: Path) -> None:
    binding = {
        "item": {"value": "http://www.wikidata.org/entity/Q1"},
        "ar": {"value": "مجلس شباب الغدير"},
        "country": {"value": "IRQ"},
    }
    (tmp_path / "q.json").write_text(json.dumps({"head": {}, "results": {"bindings": [binding]}}), encoding="utf-8")
    done = musnad("actors", "import", "q.json", "mine.tsv")
    assert (done.returncode, done.stderr) == (0, b"musnad: 1 actors are in mine.tsv\n")
    assert b"wd-Q1" in musnad("actors", "find", "شباب الغدير", "--actors", "mine.tsv").stdout
    (tmp_path / "bad.json").write_text("{oops", encoding="utf-8")
    for source in ("bad.json", "no.json"):
        bad = musnad("actors", "import", source, "other.tsv")
        assert (bad.returncode, bad.stderr.count(b"\n")) == (2, 1)
