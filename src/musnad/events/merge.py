"""One happening told by several words is one event: within a sentence (the attack and its victims) and within an article."""

from __future__ import annotations

from collections import defaultdict, deque

from musnad.events.clauses import Clauses
from musnad.events.found import Found
from musnad.events.frames import Lexicon
from musnad.record import Mention

#: how far apart in words an attack and the tale of its victims may be
_NEAR = 30
#: how many earlier events an event is compared with
_MEMORY = 16
_UNREAL = frozenset({"denied", "claimed_intent", "possible", "conditional", "demanded", "planned"})
_POINTING = frozenset({"هذا", "هذه", "تلك", "ذلك", "وهذا", "وهذه"})


def within_sentence(found: list[Found], clauses: Clauses) -> list[Found]:
    """Joins victims («مقتل», «أصيب») to the attack of the same sentence, and attacks named twice in one clause."""
    out: list[Found] = []
    for item in found:
        host = _host(item, out, clauses)
        if host is None:
            out.append(item)
        else:
            _absorb(host, item)
    return out


def _host(item: Found, before: list[Found], clauses: Clauses) -> Found | None:
    if item.frame.role not in ("cause", "result"):
        return None
    for other in reversed(before):
        if other.sentence != item.sentence or item.index - other.last > _NEAR:
            return None
        if other.frame.type != item.frame.type or not other.frame.role:
            continue
        if other.status != item.status and "denied" in (other.status, item.status):
            continue
        if _clash(other, item):
            continue
        roles = (other.frame.role, item.frame.role)
        if roles == ("result", "result"):
            if item.index - other.last <= 12 and not item.roles.actors:
                return other
            continue
        if roles == ("cause", "cause"):
            # two attacks in one sentence stay two unless the second only names the first again
            if item.index - other.last <= 12 and not _separate(other, item, clauses):
                return other
            continue
        return other
    return None


def _separate(a: Found, b: Found, clauses: Clauses) -> bool:
    token = clauses.tokens[b.index]
    if clauses.kinds[b.index] == "verb" and b.word is not None and b.word.kind == "V":
        return bool(b.roles.recipients or b.frame.id != a.frame.id) and not (not b.roles.recipients and not b.roles.actors)
    if b.roles.recipients and (a.roles.recipients or a.roles.actors) and not b.entities[1] & a.entities[1]:
        return True
    if b.roles.actors and a.roles.actors and not b.entities[0] & a.entities[0]:
        return True
    return token.conjunction is not None


def _clash(a: Found, b: Found) -> bool:
    """Whether two events name different actors."""
    return bool(a.roles.actors and b.roles.actors and not a.entities[0] & b.entities[0])


def _absorb(host: Found, item: Found) -> None:
    if host.frame.role == "result" and item.frame.role == "cause":
        # the first word stays the trigger; how it was done is told by the second
        host.mode = host.mode or item.frame.mode
    host.also.append(item.index)
    for m in item.roles.recipients:
        host.roles.recipient(m, "victims named apart")
    for m in item.roles.actors:
        if not host.roles.actors:
            host.roles.actor(m, "named with the victims")
    host.rules.append(f"same happening: {item.frame.id}")
    host.merged += 1


def within_article(found: list[Found], clauses: Clauses, lexicon: Lexicon) -> list[Found]:
    """Drops an event that tells an earlier one again; what it adds goes to the earlier one."""
    out: list[Found] = []
    recent: dict[str, deque[Found]] = defaultdict(lambda: deque(maxlen=_MEMORY))
    for item in found:
        same = next((o for o in reversed(recent[item.frame.type]) if _again(o, item, clauses, lexicon)), None)
        if same is None:
            out.append(item)
            recent[item.frame.type].append(item)
            continue
        same.also.append(item.index)
        if not same.roles.actors:
            for m in item.roles.actors:
                if (m.entity or m.id) not in same.entities[1]:
                    same.roles.actor(m, "told again")
        if not same.roles.recipients and not lexicon.types[same.frame.type].both:
            for m in item.roles.recipients:
                if (m.entity or m.id) not in same.entities[0]:
                    same.roles.recipient(m, "told again")
    return out


def _again(a: Found, b: Found, clauses: Clauses, lexicon: Lexicon) -> bool:
    if a.frame.type != b.frame.type or (a.sentence == b.sentence and b.index - a.index < 2):
        return False
    if (a.status in _UNREAL) != (b.status in _UNREAL):
        return False
    a_actors, a_recipients = _known(a.roles.actors, clauses), _known(a.roles.recipients, clauses)
    b_actors, b_recipients = _known(b.roles.actors, clauses), _known(b.roles.recipients, clauses)
    pointed = clauses.norms[b.index - 1] in _POINTING if b.index else False
    if pointed and b.word is not None and b.word.kind == "N":
        return True
    if lexicon.types[a.frame.type].both:
        a_all, b_all = a_actors | a_recipients, b_actors | b_recipients
        if not b_all:
            return b.sentence - a.sentence <= 12
        if not a_all:
            return a.lemma == b.lemma
        return b_all <= a_all or (a_all <= b_all and a.lemma == b.lemma)
    related = a.lemma == b.lemma or (a.frame.role != "" and b.frame.role != "") or a.frame.id == b.frame.id
    if not related:
        return False
    actors_fit = not b_actors or not a_actors or bool(a_actors & b_actors)
    recipients_fit = not b_recipients or not a_recipients or bool(a_recipients & b_recipients)
    if not (actors_fit and recipients_fit):
        return False
    noun = b.word is None or b.word.kind == "N"
    definite = b.word is not None and b.word.definite
    shared = bool(a_actors & b_actors) + bool(a_recipients & b_recipients)
    if shared == 2:
        return True
    if not b_actors and not b_recipients:
        return noun and (definite or a.lemma == b.lemma) and b.sentence - a.sentence <= 15
    if lexicon.types[a.frame.type].speech:
        return shared == 1 and a.lemma == b.lemma and not (a_recipients and b_recipients)
    if not noun and not b_recipients and a.lemma == b.lemma and b.status == "ongoing":
        return shared >= 1
    return noun and (definite or a.lemma == b.lemma) and shared >= 1


def _known(mentions: list[Mention], clauses: Clauses) -> frozenset[str]:
    """Entities and the countries of states: «القصف التركي» is by the same side as «الجيش التركي»."""
    entities = clauses.entities
    out = set()
    for m in mentions:
        out.add(m.entity or m.id)
        entity = entities.get(m.entity or "")
        if entity is not None and entity.country and (entity.kind == "state" or entity.sector in ("MIL", "GOV")):
            out.add("country:" + entity.country)
    return frozenset(out)
