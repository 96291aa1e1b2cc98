"""The compiled kinds and states of commitments, as lookups."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

from musnad.lexicon import load
from musnad.record import CommitmentKind, CommitmentState


class Head(NamedTuple):
    """A noun that names a kind; ``near``: one of these must follow closely, if any are given."""

    kind: CommitmentKind
    near: frozenset[str]


class Action(NamedTuple):
    """A verb of a kind in a tense."""

    kind: CommitmentKind
    aspect: str
    lemma: str


class Licence(NamedTuple):
    """A word that tells a state; ``aspect`` is empty for nouns and particles."""

    state: CommitmentState
    aspect: str
    lemma: str


@cache
def heads() -> dict[str, tuple[Head, ...]]:
    """Bare noun -> kinds."""
    return {w: tuple(Head(k, frozenset(n)) for k, n in v) for w, v in load("commitments", "kinds")["heads"].items()}


@cache
def phrases() -> dict[str, tuple[tuple[tuple[str, ...], CommitmentKind], ...]]:
    """First word -> phrases (the words after it) and their kind, longest first."""
    out: dict[str, list[tuple[tuple[str, ...], CommitmentKind]]] = {}
    for phrase, kind in load("commitments", "kinds")["phrases"].items():
        first, *rest = phrase.split()
        out.setdefault(first, []).append((tuple(rest), kind))
    return {k: tuple(sorted(v, key=lambda x: -len(x[0]))) for k, v in out.items()}


@cache
def actions() -> dict[str, Action]:
    """Verb form -> kind, tense and lemma."""
    return {w: Action(*v) for w, v in load("commitments", "kinds")["verbs"].items()}


@cache
def words(name: str) -> frozenset[str]:
    """One of the plain lists: lists, openers, spent, conditions."""
    part = "states" if name == "conditions" else "kinds"
    return frozenset(load("commitments", part)[name])


@cache
def _licences() -> tuple[dict[str, Licence], dict[str, Licence]]:
    data = load("commitments", "states")
    return (
        {w: Licence(s, "", w) for w, s in data["words"].items()},
        {w: Licence(*v) for w, v in data["verbs"].items()},
    )


@lru_cache(maxsize=1 << 13)
def licence(norm: str) -> Licence | None:
    """What a written word says about a state, or None."""
    nouns, verbs = _licences()
    for form in bare(norm):
        hit = nouns.get(form) or verbs.get(form)
        if hit is not None:
            return hit
    rest = norm[1:] if norm[:1] in ("و", "ف") else norm
    if rest[:1] == "س" and len(rest) > 4:
        hit = verbs.get(rest[1:])
        if hit is not None and hit.aspect == "imp":
            return Licence(
                hit.state if hit.state in ("delayed", "refused", "expected") else "announced",
                "fut",
                hit.lemma,
            )
    return None


def action(norm: str) -> Action | None:
    """A written word as a verb of a kind: tense perf, imp or fut."""
    table = actions()
    rest = norm[1:] if norm[:1] in ("و", "ف") and norm not in table else norm
    hit = table.get(rest)
    if hit is not None:
        return hit
    if rest[:1] == "س":
        hit = table.get(rest[1:])
        if hit is not None and hit.aspect == "imp":
            return hit._replace(aspect="fut")
    return None


class Opening(NamedTuple):
    """What a written word can open: phrases by the words after their first one, a verb of a kind, nouns of kinds."""

    phrases: tuple[tuple[tuple[str, ...], CommitmentKind], ...]
    verb: Action | None
    heads: tuple[Head, ...] | None


@lru_cache(maxsize=1 << 15)
def opening(norm: str) -> Opening | None:
    """All that the tables know of a written word as the beginning of an undertaking, or None."""
    forms = _shapes(norm)
    begun = tuple(p for form in forms for p in phrases().get(form, ()))
    nouns = next((hit for form in forms if (hit := heads().get(form)) is not None), None)
    made = Opening(begun, action(norm), nouns)
    return made if any(made) else None


def _shapes(norm: str) -> tuple[str, ...]:
    """A word as written, then without conjunction, preposition and article."""
    out = [norm]
    rest = norm
    if rest[:1] in ("و", "ف") and len(rest) > 3:
        rest = rest[1:]
        out.append(rest)
    for form in (rest,):
        if form.startswith("لل") and len(form) > 4:
            out.append(form[2:])
        elif form[:1] in ("ب", "ل", "ك") and len(form) > 3:
            out.append(form[1:])
            if form[1:3] == "ال" and len(form) > 5:
                out.append(form[3:])
        if form.startswith("ال") and len(form) > 4:
            out.append(form[2:])
    # accusative of an indefinite noun, and a possessive pronoun
    for form in tuple(out):
        if form.endswith("ا") and len(form) > 4:
            out.append(form[:-1])
        for pronoun in ("ها", "هم", "ه"):
            if form.endswith(pronoun) and len(form) > len(pronoun) + 3:
                base = form[: -len(pronoun)]
                out.append(base[:-1] + "ة" if base.endswith("ت") else base)
    return tuple(dict.fromkeys(out))


@lru_cache(maxsize=1 << 13)
def bare(norm: str) -> tuple[str, ...]:
    """The shapes of a word the tables may hold, as written first."""
    return _shapes(norm)
