"""The actors stage: mentions of actors and places, and the entities behind them."""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from pathlib import Path

from musnad.actors import kb, scenes
from musnad.actors.grammar import Grammar
from musnad.actors.link import Linker, Note, State, code_of, to_mention
from musnad.actors.parsed import ALIASED, NEVER, Parsed
from musnad.actors.placing import Placer
from musnad.actors.words import Words
from musnad.pipeline import Analysis

#: forms of inner phrases that are mentions of their own («متمردي حركة الشباب»)
_INNER = frozenset({"known", "seat", "alias", "person", "place"})


class ActorsStage:
    """Fills ``mentions`` and ``entities``; leaves a :class:`musnad.actors.link.State` in ``notes["actors"]``.

    ``extra``: a user's own actor tables.
    """

    name = "actors"
    requires = frozenset({"tokens", "sentences", "names", "times"})
    provides = frozenset({"mentions", "entities"})

    def __init__(self, extra: Sequence[Path] = ()) -> None:
        self.extra = tuple(extra)

    def run(self, analysis: Analysis) -> None:
        """Find and link every mention of the article."""
        base = kb.load(self.extra)
        words = Words(analysis, base.given, base.whole)
        linker = Linker(analysis, base, words)
        grammar = Grammar(base, words, linker.alias_at, linker.supported)
        state = State(words, grammar, linker)
        analysis.notes["actors"] = state
        placer = Placer(analysis, base, words, linker)
        grammar.typed_place, grammar.plain_place, grammar.land = placer.typed, placer.plain, linker.land_at
        grammar.same_place = placer.again
        grammar.aliased = linker.aliases
        scene = state.scene = scenes.Scenes(analysis, base, words, linker, placer)
        skip = _times(analysis)
        for sentence in analysis.sentences:
            i, limit = sentence.first, sentence.last
            while i < limit:
                opens = grammar.opens[i]
                if (
                    opens == NEVER
                    or (opens == ALIASED and words.keys[i] not in linker.aliases and words.stems[i] not in linker.aliases)
                    or i in skip
                ):
                    i += 1
                    continue
                parsed = grammar.read(i, limit)
                if parsed is None or (parsed.form == "short" and parsed.last == i + 1 and linker.choose(parsed) is None):
                    i += 1
                    continue
                add(analysis, state, scene, parsed)
                i = max(parsed.last, i + 1)
                if parsed.nisbas and parsed.form in ("group", "known", "title") and i < limit:
                    second = grammar.second_nation(parsed, i)
                    if second is not None:
                        add(analysis, state, scene, second)
                        i += 1
        covered = {k for note in state.notes for k in range(note.first, note.last)}
        for parsed in placer.late(covered):
            add(analysis, state, scene, parsed)
        placer.settle()
        finish(analysis, state)
        _country_of_scene(analysis, state)
        _late_context(state, placer)


def _country_of_scene(analysis: Analysis, state: State) -> None:
    """Groups that took their country from a place behind them follow its final choice."""
    entities = state.linker.entities
    for note in state.notes:
        where = note.parsed.where
        over = state.cover[where] if where is not None else None
        if over is None or "country:place" not in note.parsed.rules:
            continue
        place = entities.get(over.mention.entity or "")
        entity = entities.get(note.mention.entity or "")
        if place is None or entity is None or place.country is None or entity.actor is not None or entity.country == place.country:
            continue
        entity.country = note.parsed.country = place.country
        entity.code = code_of(entity.country, entity.sector)


def _late_context(state: State, placer: Placer) -> None:
    """Groups before the first country that the article names get it now; a place counts where no state is named."""
    linker = state.linker
    if not linker.totals:
        for site in placer.order:
            if site.entity.country is not None:
                linker.totals[site.entity.country] = linker.totals.get(site.entity.country, 0) + len(site.tokens)
    for note in state.notes:
        entity = linker.entities.get(note.mention.entity or "")
        if not note.parsed.waits or entity is None or entity.actor is not None or entity.country is not None:
            continue
        country = linker.context_after(note.first)
        if country is not None:
            entity.country = note.parsed.country = country
            entity.code = code_of(country, entity.sector)
            note.mention.rules.append("country:context")


def _times(analysis: Analysis) -> set[int]:
    """First tokens of dates, whose month and day names are no actors."""
    return {analysis.token_at(t.start) for t in analysis.times}


def add(analysis: Analysis, state: State, scene: scenes.Scenes, parsed: Parsed) -> Note:
    """Link a phrase and what stands inside it; the outer mention's note."""
    for inner in parsed.inner:
        same = (inner.first, inner.last) == (parsed.first, parsed.last) or (parsed.form == "known" and inner.ref == parsed.ref)
        named = inner.form in _INNER or (
            inner.form in ("group", "short") and inner.definite and not inner.nisbas and not inner.inner
            and inner.noun is not None and inner.noun.category in ("org", "armed", "force")
        )  # fmt: skip
        if named and inner.last <= parsed.last and not same:
            add(analysis, state, scene, inner)
    kind, entity = scene.decide(parsed)
    mention = to_mention(analysis, parsed, entity, kind)
    gender, number = scenes.agreement(state.grammar.base, state.words, parsed, entity)
    note = Note(mention, parsed.first, parsed.last, gender, number, parsed)
    analysis.mentions.append(mention)
    state.notes.append(note)
    state.by_mention[mention.id] = note
    return note


def finish(analysis: Analysis, state: State) -> None:
    """Order mentions by start and make the token -> mention map."""
    state.notes.sort(key=lambda n: (n.mention.start, -n.mention.end))
    analysis.mentions.sort(key=lambda m: (m.start, -m.end))
    state.cover = [None] * len(analysis.tokens)
    for note in state.notes:
        _cover(state, note)


def _cover(state: State, note: Note) -> None:
    for k in range(note.first, note.last):
        held = state.cover[k]
        if held is None or note.last - note.first > held.last - held.first:
            state.cover[k] = note


def add_late(analysis: Analysis, state: State, parsed: Parsed) -> Note:
    """Link a phrase that a later stage asks for, and keep lists and map in order."""
    before = len(state.notes)
    note = add(analysis, state, state.scene, parsed)
    fresh = state.notes[before:]
    del state.notes[before:]
    del analysis.mentions[len(analysis.mentions) - len(fresh) :]
    for new in fresh:
        insort(state.notes, new, key=lambda n: (n.mention.start, -n.mention.end))
        insort(analysis.mentions, new.mention, key=lambda m: (m.start, -m.end))
        _cover(state, new)
    return note
