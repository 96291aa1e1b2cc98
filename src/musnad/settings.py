"""What a user sets for all articles: actor tables of their own, an ontology, the model.

In order of weight: the options of a command, the environment (``MUSNAD_ACTORS``: paths joined like PATH, ``MUSNAD_ONTOLOGY``,
``MUSNAD_MODEL``), the file ``config.toml`` under ``$XDG_CONFIG_HOME/musnad`` (default ``~/.config/musnad``; another file: ``MUSNAD_CONFIG``)::

    actors = ["my-actors.tsv"]   # relative to the file
    ontology = "my-ontology"
    model = "accurate"           # or "fast", the default

Options are handed on through the environment, so that worker processes see them too.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import msgspec

Model = Literal["fast", "accurate"]


class SettingsError(ValueError):
    """Settings that cannot be used; the message says what to do, in one line."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is set. Paths are absolute or relative to the working folder."""

    actors: tuple[str, ...] = ()
    ontology: str | None = None
    model: Model = "fast"


def config_path() -> Path:
    """Where the configuration file is looked for."""
    given = os.environ.get("MUSNAD_CONFIG")
    if given:
        return Path(given)
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "musnad" / "config.toml"


def current() -> Settings:
    """The settings in force. :raises SettingsError: where the file or the environment has what cannot be used."""
    path = config_path()
    values: dict[str, object] = {}
    if path.is_file():
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise SettingsError(f"{path} cannot be read ({error})") from None
        for key in ("actors", "ontology"):
            value = values.get(key)
            if isinstance(value, str):
                values[key] = str(path.parent / value)
            elif isinstance(value, list):
                values[key] = [str(path.parent / str(v)) for v in value]
    if os.environ.get("MUSNAD_ACTORS"):
        values["actors"] = os.environ["MUSNAD_ACTORS"].split(os.pathsep)
    for key, name in (("ontology", "MUSNAD_ONTOLOGY"), ("model", "MUSNAD_MODEL")):
        if os.environ.get(name):
            values[key] = os.environ[name]
    try:
        made = msgspec.convert(values, type=Settings)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{path} or the environment: {error} (there are actors, ontology, model)") from None
    for table in (*made.actors, *([made.ontology] if made.ontology else [])):
        if not Path(table).exists():
            raise SettingsError(f"there is no {table}, which the settings name")
    return made


def hand_on(actors: Iterable[Path] = (), ontology: Path | None = None, model: Model | None = None) -> None:
    """Put the options of a command into the environment of this process and its workers."""
    tables = [str(p.resolve()) for p in actors]
    if tables:
        os.environ["MUSNAD_ACTORS"] = os.pathsep.join(tables)
    if ontology is not None:
        os.environ["MUSNAD_ONTOLOGY"] = str(ontology.resolve())
    if model is not None:
        os.environ["MUSNAD_MODEL"] = model
