"""Examples of the frames: ``{trigger} [words]A [words]R``, optionally ``→ status`` at the end."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from musnad.events.build import read_frames
from musnad.events.frames import plover
from musnad.events.stage import Coder
from musnad.language.letters import fold
from musnad.pipeline import Analysis, Pipeline
from musnad.reading.build import make_article
from musnad.record import Event

LEXICON = Path(__file__).resolve().parents[2] / "src/musnad/events/lexicon"
_MARK = re.compile(r"\{(?P<t>[^}]*)\}|\[(?P<w>[^\]]*)\](?P<r>[AR])?")


class Example(NamedTuple):
    """One example: its text without marks, and what must come out."""

    type: str
    frame: str
    text: str
    trigger: str
    actors: tuple[str, ...]
    recipients: tuple[str, ...]
    status: str | None


def parse(type_name: str, frame: str, marked: str) -> Example:
    """An example from its marked form."""
    body, _, status = marked.partition("→")
    roles: dict[str, list[str]] = {"A": [], "R": []}
    trigger = ""

    def plain(match: re.Match[str]) -> str:
        nonlocal trigger
        if match["t"] is not None:
            trigger = match["t"]
            return str(match["t"])
        if match["r"]:
            roles[match["r"]].append(match["w"])
        return str(match["w"])

    text = _MARK.sub(plain, body).strip().replace(" لال", " لل")
    return Example(type_name, frame, text, trigger, tuple(roles["A"]), tuple(roles["R"]), status.strip() or None)


def examples() -> list[Example]:
    """Every example of the shipped frames."""
    out = []
    for type_name, entry in read_frames(LEXICON):
        given = entry.get("example")
        for marked in [given] if isinstance(given, str) else given or []:
            out.append(parse(type_name, entry["frame"], marked))
    return out


@cache
def pipeline() -> Pipeline:
    """The stages before events."""
    from musnad.api import default_pipeline

    stages = []
    for stage in default_pipeline().stages:
        if stage.name == "events":
            break
        stages.append(stage)
    return Pipeline(stages)


def coded(text: str, published: str | None = None, *, scored: bool = False) -> tuple[Analysis, list[Event]]:
    """The events of a text by the frames alone, or with the scoring table and the models."""
    from musnad.events.scoring import Scorer

    analysis = pipeline().analyse(make_article(text, published=published))
    events = Coder(analysis, plover(), Scorer.shipped() if scored else None, models=scored).code()
    analysis.events.extend(events)
    return analysis, events


def names(analysis: Analysis, ids: list[str]) -> list[str]:
    """Texts of mentions and of all others of their entities."""
    by_id = {m.id: m for m in analysis.mentions}
    out = []
    for i in ids:
        out += [m.text for m in analysis.mentions if m.id == i or (m.entity and m.entity == by_id[i].entity)]
    return out


def overlap(wanted: str, given: list[str]) -> bool:
    """Whether a wanted phrase shares its first word or most words with one that was found."""

    def words(text: str) -> set[str]:
        plain = (w[1:] if w.startswith(("لل", "بال", "وال")) else w for w in fold(text).split())
        return {w[2:] if w.startswith("ال") else w.removeprefix("ل") for w in plain}

    return any(words(wanted) & words(g) for g in given)


def check(example: Example) -> list[str]:
    """What an example gets wrong; empty: nothing."""
    analysis, events = coded(example.text)
    match = [e for e in events if e.type == example.type and (e.trigger.text in example.trigger or example.trigger in e.trigger.text)]
    if not match:
        return [f"no {example.type} at {example.trigger}: {[(e.type, e.trigger.text) for e in events]}"]
    event = match[0]
    wrong = []
    both = plover().types[example.type].both
    actors, recipients = names(analysis, event.actors), names(analysis, event.recipients)
    for wanted in example.actors:
        if not overlap(wanted, actors + recipients if both else actors):
            wrong.append(f"actor {wanted}: {actors} / {recipients}")
    for wanted in example.recipients:
        if not overlap(wanted, actors + recipients if both else recipients):
            wrong.append(f"recipient {wanted}: {recipients} / {actors}")
    if example.status and event.status != example.status:
        wrong.append(f"status {event.status}, not {example.status}")
    return wrong
