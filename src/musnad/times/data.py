"""The compiled words and rules of times, in the shape the engine searches them."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from musnad.lexicon import load

Frame = dict[str, Any]

#: how much company an expression needs: none, a cue before it, or a cue and the end of the clause after it,
#: or only the end of the clause, or a verb with its preposition and the end of the clause
WEAK = {False: 0, True: 1, "lone": 2, "last": 3, "verb": 4}

#: prefixes a word may carry: letters, and whether the word begins with ال (then لل stands for ل + ال)
_PLAIN = ("و", "ف", "ب", "ل", "ك", "وب", "ول", "فب", "فل", "وك")
_WITH_AL = ("و", "ف", "ب", "ك", "وب", "فب", "وك")


class Entry(NamedTuple):
    """A word or phrase: the words after its first, its category, what it contributes, letters of prefix on it."""

    rest: tuple[str, ...]
    category: str
    frame: Frame
    prefix: str
    skip: int  # letters of the first token before the word's own span
    seed: bool


class Rule(NamedTuple):
    """A rule without choices: its symbols are (category, prefix wanted)."""

    name: str
    gives: str
    weak: int | None
    set: Frame
    do: str | None
    symbols: tuple[tuple[str, str], ...]
    first: int
    last: int


class Node:
    """A place in the tree of rules: what may follow, and the rules that end here."""

    __slots__ = ("next", "rules")

    def __init__(self) -> None:
        self.next: dict[tuple[str, str], Node] = {}
        self.rules: list[Rule] = []


class Data(NamedTuple):
    """Everything compiled. ``entries``: first word (with prefixes) -> entries; ``tree``: category -> node."""

    entries: dict[str, tuple[Entry, ...]]
    cardinals: dict[str, int]
    masculine: dict[str, int]
    feminine: dict[str, int]
    number_words: frozenset[str]
    lone_words: frozenset[str]
    stands: frozenset[str]
    tree: dict[str, Node]
    guards: dict[str, Any]


@cache
def data() -> Data:
    """The compiled lexicon of times."""
    raw = load("times", "times")
    entries: dict[str, list[Entry]] = {}
    for words, category, frame, seed in raw["words"]:
        first, rest = words[0], tuple(words[1:])
        for prefix, form, skip in _prefixed(first):
            entries.setdefault(form, []).append(Entry(rest, category, frame, prefix, skip, seed))
    tree: dict[str, Node] = {}
    for name, gives, weak, given, do, symbols, start, stop in raw["rules"]:
        rule = Rule(
            name,
            gives,
            None if weak is None else WEAK.get(weak, int(weak is True)),
            given,
            do,
            tuple((c, p) for c, p in symbols),
            start,
            stop,
        )
        node = tree.setdefault(rule.symbols[0][0], Node())
        for symbol in rule.symbols[1:]:
            node = node.next.setdefault(symbol, Node())
        node.rules.append(rule)
    cardinals, masculine, feminine = dict(raw["cardinals"]), raw["ordinals"]["m"], raw["ordinals"]["f"]
    cardinals.update({"ال" + w: v for w, v in raw["cardinals"].items() if 1 < v < 100})
    numbers = {*cardinals, *masculine, *feminine}
    numbers |= {p + w for w in numbers for p in ("و", "ب", "ل", "ف", "ول", "وب")}
    numbers |= {p + w[2:] for w in numbers if w.startswith("ال") for p in ("لل", "ولل")}
    guards = {k: {n: frozenset(v) for n, v in g.items()} if isinstance(g, dict) else frozenset(g) for k, g in raw["guards"].items()}
    return Data(
        {k: tuple(v) for k, v in entries.items()},
        cardinals,
        masculine,
        feminine,
        frozenset(numbers),
        frozenset(
            [p + w for w in (*feminine, *masculine, "الف", "الفين", "الفان", "عشره") for p in ("", "و")]
            + ["لل" + w[2:] for w in masculine if w.startswith("ال")]
        ),
        frozenset(raw["stands"]),
        tree,
        guards,
    )


def _prefixed(word: str) -> list[tuple[str, str, int]]:
    out = [("", word, 0)]
    if len(word) < 2 or not "ء" <= word[0] <= "ي":
        return out
    if word.startswith("ال") and len(word) > 3:
        out += [(p, p + word, len(p)) for p in _WITH_AL]
        out += [("ل", "لل" + word[2:], 1), ("ول", "ولل" + word[2:], 2), ("فل", "فلل" + word[2:], 2)]
    elif len(word) == 2:
        out.append(("و", "و" + word, 1))  # باب is no ب + آب
    else:
        out += [(p, p + word, len(p)) for p in _PLAIN]
    return out
