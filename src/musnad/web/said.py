"""Facts and advice of decisions in words, in the reader's language."""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup

from musnad.web.labels import N_
from musnad.web.room import Page

#: what a fact is called; those that are not here are told by others
NAMES = {
    "type": N_("Type"), "status": N_("Status"), "act": N_("Act"), "mode": N_("Mode"), "counts": N_("Counts"), "comparator": N_("Comparator"),
    "kind": N_("Kind"), "state": N_("State"), "value": N_("Value"), "low": N_("Low"), "high": N_("High"), "unit": N_("Unit"),
    "begin": N_("First day"), "end_date": N_("Last day"), "trigger": N_("Word of the event"), "cue": N_("Word of speech"),
    "content": N_("What was said"), "what": N_("What"), "span": N_("Words"), "speaker": N_("Speaker"), "addressee": N_("To whom"),
    "via": N_("through"), "actors": N_("Who"), "recipients": N_("To whom"), "location": N_("Where"), "time": N_("When"),
    "of": N_("Of whom"), "place": N_("Where"), "parties": N_("Parties"), "with": N_("With whom"), "by": N_("By when"),
    "name": N_("Name"), "names": N_("Names"),
}  # fmt: skip
_CODES = ("type", "status", "act", "mode", "counts", "comparator", "kind", "state")
#: an item is known by these words; the span of an event or a statement says the same at length
_LONG = {"events", "statements", "commitments"}
_MOST = 60

N_("no cue of speech"), N_("not an event of type %(one)s"), N_("an event of type %(one)s")
N_("%(one)s instead of %(other)s"), N_("a word of speech: %(one)s"), N_("another name of %(one)s")
_ADVICE = (
    (r"no cue of speech", "no cue of speech"), (r"no (.+)", "not an event of type %(one)s"), (r"trigger of (.+)", "an event of type %(one)s"),
    (r"(.+) instead of (.+)", "%(one)s instead of %(other)s"), (r"cue of (.+)", "a word of speech: %(one)s"),
    (r"alias of (.+)", "another name of %(one)s"),
)  # fmt: skip


def facts(page: Page, kind: str, given: Any, body: str, only: Any = None) -> list[tuple[str, Markup]]:
    """Name and value of each fact; spans are told by their words. ``only``: the names to tell, all of them where None."""
    out = []
    for key, value in (given or {}).items():
        named = NAMES.get(key)
        if named is None or value in (None, [], "") or (only is not None and key not in only):
            continue
        if key == "span" and kind in _LONG and only is None:
            continue
        out.append((page._(named), _value(page, key, value, body)))
    return out


def _value(page: Page, key: str, value: Any, body: str) -> Markup:
    say = page.say
    if key in _CODES:
        return Markup("{}").format(page.label(value))
    if key in ("begin", "end_date"):
        return say.day(value)
    if isinstance(value, (int, float)):
        return say.ltr(say.number(value))
    spans = [value] if _is_span(value) else value if isinstance(value, list) else None
    if spans is None:
        return say.name(value)
    words = [body[s[0] : s[1]] if _is_span(s) else str(s) for s in spans]
    return Markup(page._(", ")).join(say.name(w if len(w) <= _MOST else w[:_MOST] + "…") for w in words)


def _is_span(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(x, int) for x in value)


def advice(page: Page, words: str) -> str:
    """What decisions advise on a lexicon's entry."""
    for pattern, message in _ADVICE:
        found = re.fullmatch(pattern, words, re.DOTALL)
        if found is not None:
            return page._(message, **{name: page.label(code) for name, code in zip(("one", "other"), found.groups(), strict=False)})
    return words
