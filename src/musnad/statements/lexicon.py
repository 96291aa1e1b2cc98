"""The compiled cues and word lists of the room, as lookups."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Literal, NamedTuple

from musnad.language.letters import fold
from musnad.lexicon import load
from musnad.record import Act

Aspect = Literal["perf", "perf1", "imp", "ap", "masdar"]


class Verb(NamedTuple):
    """A cue verb: its act and what may bring its content (``after``: that, quote, obj, any or prepositions)."""

    lemma: str
    act: Act
    after: frozenset[str]
    to: str | None
    no: Act | None
    weak: bool
    needs: str | None


class Form(NamedTuple):
    """One written form of a cue verb: aspect, gender (m, f or empty) and number (s, d, p or empty)."""

    verb: Verb
    aspect: Aspect
    gender: str
    number: str


class Formula(NamedTuple):
    """A fixed phrase: the words after its first one, the clitic its complement carries, the act."""

    rest: tuple[str, ...]
    clitic: str
    act: Act


class Found(NamedTuple):
    """What a written word is as a cue. ``conjunction``: و or ف before it; ``pronoun``: an object or possessor glued to it."""

    forms: tuple[Form, ...]
    conjunction: str
    preposition: str
    pronoun: str


@cache
def forms() -> dict[str, tuple[Form, ...]]:
    """Written form, folded (match level), without clitics -> readings as a cue."""
    data = load("statements", "cues")
    verbs = [Verb(x["lemma"], x["act"], frozenset(x["after"]), x["to"], x["no"], x["weak"], x["needs"]) for x in data["lemmas"]]
    out: dict[str, tuple[Form, ...]] = {}
    for form, items in data["forms"].items():
        made = [Form(verbs[n], aspect, gender, number) for n, aspect, gender, number in items]
        # «قالت» is she said; the first person counts only where the form says so
        if any(f.aspect == "perf" for f in made):
            made = [f for f in made if f.aspect != "perf1"]
        # a verb sure of its form comes before one that is often another word
        made.sort(key=lambda f: (f.verb.weak, f.aspect == "masdar"))
        out[form] = tuple(made)
    return out


@cache
def words(name: str) -> frozenset[str]:
    """A word list of ``formulas.yaml``, folded to match level."""
    value = load("statements", "formulas")[name]
    return frozenset(value)


@cache
def formulas(name: str) -> dict[str, tuple[Formula, ...]]:
    """First word -> the formulas of a table of ``formulas.yaml`` that begin with it, longest first."""
    out: dict[str, list[Formula]] = {}
    value = load("statements", "formulas")[name]
    pairs: list[tuple[str, Act]] = list(value.items()) if isinstance(value, dict) else [(v, "say") for v in value]
    for phrase, act in pairs:
        first, *rest = phrase.split()
        clitic = ""
        if rest and rest[-1] in ("ل", "ب"):
            clitic = rest.pop()
        out.setdefault(first, []).append(Formula(tuple(rest), clitic, act))
    return {k: tuple(sorted(v, key=lambda f: -len(f.rest))) for k, v in out.items()}


_PRONOUNS = ("هما", "كما", "هم", "ها", "هن", "نا", "ني", "كم", "ه")


@lru_cache(maxsize=1 << 15)
def find(norm: str) -> Found | None:
    """What a written word (folded, clitics attached) is as a cue, or None."""
    table = forms()
    if norm in words("not_cues"):
        return None
    hit = table.get(norm)
    if hit is not None:
        return Found(hit, "", "", "")
    conjunction, rest = "", norm
    if norm[:1] in ("و", "ف") and len(norm) > 2:
        conjunction, rest = norm[0], norm[1:]
        hit = table.get(rest)
        if hit is not None:
            return Found(hit, conjunction, "", "")
    preposition = ""
    if rest[:1] == "ب" and len(rest) > 4:
        inner = rest[1:]
        if inner.startswith("ال"):
            inner = inner[2:]
        hit = _nouns(table.get(inner))
        if hit:
            return Found(hit, conjunction, "ب", "")
        preposition = "ب"
    for pronoun in _PRONOUNS:
        if len(rest) > len(pronoun) + 2 and rest.endswith(pronoun):
            base = rest[: -len(pronoun)]
            for whole in (base, base[:-1] + "ة" if base.endswith("ت") else "", base[:-1] + "ي" if base.endswith("ا") else "",
                          base[:-1] + "ء" if base[-1] in "ئؤ" else ""):  # fmt: skip
                hit = table.get(whole) if whole else None
                if hit is not None:
                    kept = tuple(f for f in hit if f.aspect != "ap" or whole == base)
                    if kept:
                        return Found(kept, conjunction, "", pronoun)
            if preposition:
                hit = _nouns(table.get(base[1:])) or _nouns(table.get(base[1:-1] + "ة"))
                if hit:
                    return Found(hit, conjunction, "ب", pronoun)
    return None


def _nouns(hit: tuple[Form, ...] | None) -> tuple[Form, ...]:
    return tuple(f for f in hit or () if f.aspect == "masdar")


@lru_cache(maxsize=1 << 13)
def without_pronoun(norm: str) -> tuple[str, ...]:
    """A noun without the possessive it may carry: مسؤوليتها gives مسؤولية and مسؤوليت."""
    for pronoun in _PRONOUNS:
        if len(norm) > len(pronoun) + 2 and norm.endswith(pronoun):
            base = norm[: -len(pronoun)]
            return (base, base[:-1] + "ة") if base.endswith("ت") else (base,)
    return ()


@lru_cache(maxsize=1 << 13)
def is_action(stem: str) -> bool:
    """Whether a bare noun has the shape of a verbal noun (تفعيل إفعال افتعال انفعال استفعال مفاعلة) or is listed as one."""
    if stem in words("nouns_of_action"):
        return True
    n = len(stem)
    if n == 5 and stem[0] == "ت" and stem[3] == "ي":  # تفعيل
        return True
    if n == 4 and stem[0] == "ت" and stem[3] == "ي":  # تبني، تخلي
        return True
    if n == 5 and stem[0] == "ت" and stem[-1] == "ة" and stem[3] == "ي":  # تسمية
        return True
    if n == 5 and stem[0] == "ا" and stem[3] == "ا":  # إفعال، افتعال written so
        return True
    if n == 4 and stem[0] == "ا" and stem[2] == "ا":  # إلغا(ء)، إجرا
        return stem[3] == "ء" or stem[3] not in "ةي"
    if n == 5 and stem[0] == "ا" and stem[3] == "ا" and stem[4] == "ء":
        return True
    if n == 5 and stem[0] == "ا" and stem[-1] == "ة" and stem[2] == "ا":  # إدانة، إقالة
        return True
    if n == 6 and stem[0] == "ا" and stem[2] == "ت" and stem[4] == "ا":  # افتعال
        return True
    if n == 6 and stem.startswith("ان") and stem[4] == "ا":  # انفعال
        return True
    if n == 7 and stem.startswith("است") and stem[5] == "ا":  # استفعال
        return True
    if n == 7 and stem.startswith("است") and stem[-1] == "ة":  # استقالة
        return True
    if n == 6 and stem[0] == "م" and stem[2] == "ا" and stem[-1] == "ة":  # مفاعلة
        return True
    return n == 5 and stem[0] == "ت" and stem[2] == "ا" and stem[-1] not in "ةيا"  # تفاعل


def folded(text: str) -> str:
    """A word as the tables hold it."""
    return fold(text)
