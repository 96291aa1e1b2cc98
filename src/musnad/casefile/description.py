"""What a case is about, as its owner writes it: name, question, parties, factors to watch, keywords (YAML)."""

from __future__ import annotations

from pathlib import Path

import msgspec
from sqlalchemy.dialects.sqlite import insert as upsert

from musnad.casefile import schema
from musnad.casefile.store import Case, CaseError


class Factor(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Something to watch, with the words that speak of it."""

    name: str
    keywords: list[str]


class Description(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A case's description. ``parties``: names, country codes or knowledge-base ids, as ``--actor`` takes them."""

    name: str
    question: str = ""
    parties: list[str] = []
    factors: list[Factor] = []
    keywords: list[str] = []


def read_description(path: Path) -> Description:
    """A description from a YAML file.

    :raises CaseError: where it cannot be read or has other fields.
    """
    import yaml

    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        return msgspec.convert(data, type=Description)
    except OSError as error:
        raise CaseError(f"{path} cannot be read ({error.strerror})") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CaseError(f"{path} is no YAML file ({' '.join(str(error).split())[:120]})") from None
    except msgspec.ValidationError as error:
        raise CaseError(f"{path}: {error} (a description has name, question, parties, factors, keywords)") from None


def describe(case: Case, description: Description) -> None:
    """Keep a description in the case, in place of an earlier one."""
    value = msgspec.to_builtins(description)
    with case.write() as connection:
        for key, of in (("description", value), ("name", description.name)):
            row = upsert(schema.settings).values(key=key, value=of)
            connection.execute(row.on_conflict_do_update(index_elements=["key"], set_={"value": of}))


def description_of(case: Case) -> Description:
    """The case's description; one with the case's name alone where none was given."""
    value = case.setting("description")
    if value is None:
        return Description(name=case.setting("name") or case.path.stem)
    return msgspec.convert(value, type=Description)
