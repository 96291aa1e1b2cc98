"""What the figures stage knows of words: counted nouns in all their forms, comparators, contexts. All keys are folded."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from musnad.lexicon import load
from musnad.record import Comparator, Counts

NounKind = Literal["person", "attack", "weapon", "vehicle", "duration", "distance", "area", "measure", "thing"]

#: proclitics before a word, longest first; with them the length to take off and whether ال is among them
_PREFIXES = (
    ("وبال", True), ("فبال", True), ("وال", True), ("بال", True), ("فال", True), ("كال", True), ("ولل", True),
    ("لل", True), ("ال", True), ("وب", False), ("ول", False), ("فب", False), ("وس", False), ("و", False),
    ("ف", False), ("ب", False), ("ل", False), ("ك", False), ("س", False),
)  # fmt: skip


class Noun(NamedTuple):
    """A counted noun's form. ``number``: s, p, d (dual), D (dual or plural), L (as D, a pair behind a verb of
    killing or seizing), c (dual before its genitive). ``construct``: the form may also be c."""

    lemma: str
    kind: NounKind
    counts: Counts
    number: str
    construct: bool
    prefix: str
    definite: bool


class Lexicon:
    """The compiled lexicon as sets and tables."""

    def __init__(self) -> None:
        data = load("figures", "lexicon")
        self.nouns: dict[str, list[str]] = data["nouns"]
        self.money: dict[str, tuple[str, str | None, dict[str, str]]] = {k: tuple(v) for k, v in data["money"].items()}
        self.contexts: dict[str, Counts] = data["contexts"]
        self.bare = frozenset(data["bare"])
        for name in ("second", "tally", "part", "named", "never_after", "months", "stop", "sports", "score",
                     "adjectives", "ages", "illness", "cases_of", "reach", "change", "others", "dual_verbs"):  # fmt: skip
            setattr(self, name, frozenset(data[name]))
        self.before = _reversed_trie({k: tuple(v) for k, v in data["before"].items()})
        self.after = _trie(data["after"])
        self.out_of = _reversed_trie(dict.fromkeys(data["out_of"], True))

    second: frozenset[str]
    tally: frozenset[str]
    part: frozenset[str]
    named: frozenset[str]
    never_after: frozenset[str]
    months: frozenset[str]
    stop: frozenset[str]
    sports: frozenset[str]
    score: frozenset[str]
    adjectives: frozenset[str]
    ages: frozenset[str]
    cases_of: frozenset[str]
    reach: frozenset[str]
    illness: frozenset[str]
    change: frozenset[str]
    others: frozenset[str]
    dual_verbs: frozenset[str]


def _trie(phrases: dict[str, object]) -> dict[str, object]:
    root: dict[str, object] = {}
    for phrase, payload in phrases.items():
        node = root
        for word in phrase.split():
            node = node.setdefault(word, {})  # type: ignore[assignment]
        node[""] = payload
    return root


def _reversed_trie(phrases: dict[str, object]) -> dict[str, object]:
    return _trie({" ".join(reversed(p.split())): v for p, v in phrases.items()})


@cache
def lexicon() -> Lexicon:
    """The stage's lexicon, read once."""
    return Lexicon()


@lru_cache(maxsize=1 << 13)
def noun(key: str) -> Noun | None:
    """The counted noun that a folded word is, its proclitics and ال taken off, or None."""
    nouns = lexicon().nouns
    found = nouns.get(key)
    if found is not None:
        return _noun(found, "", False)
    for prefix, definite in _PREFIXES:
        if key.startswith(prefix) and len(key) > len(prefix) + 1:
            found = nouns.get(key[len(prefix) :])
            if found is not None:
                rest = prefix[:-2] if definite and prefix != "لل" and prefix != "ولل" else prefix.removesuffix("ل")
                return _noun(found, rest if definite else prefix, definite)
    return None


def _noun(found: list[str], prefix: str, definite: bool) -> Noun:
    return Noun(found[0], found[1], found[2], found[3], len(found) > 4 or found[3] == "c", prefix, definite)  # type: ignore[arg-type]


@lru_cache(maxsize=1 << 13)
def context(key: str) -> Counts | None:
    """What a verb or noun near a count of people says of them (killed, wounded …), or None."""
    contexts = lexicon().contexts
    found = contexts.get(key)
    if found is not None:
        return found
    for prefix, _ in _PREFIXES:
        if key.startswith(prefix):
            found = contexts.get(key[len(prefix) :])
            if found is not None:
                return found
    return None


@lru_cache(maxsize=1 << 13)
def bare(key: str) -> str:
    """A folded word without و or ف before it, where the lexicon knows what is left."""
    return key[1:] if key[:1] in ("و", "ف") and len(key) > 3 else key


def comparator_before(keys: Sequence[str], i: int, floor: int) -> tuple[int, Comparator, bool, int] | None:
    """The comparator phrase that ends before token i: its first token, what it says, whether it belongs to the
    figure's words, and how many letters of proclitics stand on its first word."""
    node = lexicon().before
    best: tuple[int, Comparator, bool, int] | None = None
    j = i - 1
    while j >= floor and j >= i - 6:
        key = keys[j]
        here = node.get(key)
        payload = here.get("") if isinstance(here, dict) else None
        if payload is not None:
            best = (j, payload[0], payload[1], 0)
        for size in (1, 2):
            if key[:size] in ("و", "ف", "ب", "ل", "وب", "ول", "فب"):
                cut = node.get(key[size:])
                payload = cut.get("") if isinstance(cut, dict) else None
                if payload is not None and (best is None or best[0] > j):
                    best = (j, payload[0], payload[1], size)
        if not isinstance(here, dict):
            break
        node = here
        j -= 1
    return best


def phrase_after(keys: Sequence[str], i: int) -> tuple[int, Comparator] | None:
    """The comparator phrase that begins at token i: the index after it and what it says."""
    node: object = lexicon().after
    best: tuple[int, Comparator] | None = None
    while i < len(keys) and isinstance(node, dict) and keys[i] in node:
        node = node[keys[i]]
        i += 1
        more = i < len(keys) and keys[i] == "من" and keys[i - 1].endswith(("اكثر", " اقل", "واقل"))  # 18 قتيلا وأكثر من 70 جريحا
        if isinstance(node, dict) and "" in node and not more:
            best = (i, node[""])
    return best


def ends_before(keys: Sequence[str], i: int, floor: int) -> bool:
    """Whether «من أصل» or the like ends before token i."""
    node: object = lexicon().out_of
    j = i - 1
    while j >= floor and isinstance(node, dict):
        node = node.get(keys[j])
        if isinstance(node, dict) and "" in node:
            return True
        j -= 1
    return False
