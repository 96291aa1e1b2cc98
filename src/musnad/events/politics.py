"""Whether an event has a political side: words and policy of people among themselves are no events."""

from __future__ import annotations

from collections.abc import Mapping

from musnad.events.found import Found
from musnad.events.frames import Lexicon
from musnad.language.letters import fold
from musnad.record import Entity, Mention

#: sectors of people and bodies that are no political side by themselves
_CIVIL = frozenset({"CVL", "BUS", "MED", "EDU", "CRM", "AGR", "REL", "JRN", "ELI"})


def matters(item: Found, lexicon: Lexicon, entities: Mapping[str, Entity]) -> bool:
    """Whether an event of words or of policy has a political, security or diplomatic side: «طالب الولي بحماية التلاميذ» has none."""
    if item.frame.type not in lexicon.words.get("political_types", frozenset()):
        return True
    roles = item.roles
    if item.frame.type in ("REQUEST", "REJECT") and any(m.kind == "group" for m in roles.actors):
        return True  # «طالب المئات من أهالي المدينة»
    heads = lexicon.words.get("political_heads", frozenset())
    return any(_political(m, heads, entities) for m in roles.actors + roles.recipients)


def _political(mention: Mention, heads: frozenset[str], entities: Mapping[str, Entity]) -> bool:
    if mention.kind in ("state", "armed_group"):
        return True
    if any(fold(w) in heads for w in mention.text.split()[:2]):
        return True
    entity = entities.get(mention.entity or "")
    if entity is None:
        return False
    if entity.sector:
        return entity.sector not in _CIVIL
    return entity.kind in ("state", "armed_group", "organisation") or entity.actor is not None
