"""What the fast model looks at. Every feature of a word alone is a string that depends on nothing but the word, so
its weights are summed once per word and kept; pairs of neighbouring word classes come on top.

Feature templates follow the usual ones of Arabic name recognition (Benajiba & Rosso 2008: word, affixes, lists of
names); the word classes are described in docs/model-card.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from musnad.language.model.labels import fold

FAR = 2  # words looked at on either side
_PREFIXES = ("وبال", "وكال", "فبال", "وال", "بال", "فال", "كال", "ولل", "فلل", "لل", "ال", "وب", "ول", "فل", "وس",
             "و", "ف", "ب", "ل", "ك", "س")  # fmt: skip
_SUFFIXES = ("هما", "كما", "هم", "هن", "ها", "كم", "نا", "ني", "ه", "ك", "ي")


class Lexicon(NamedTuple):
    """Classes and list marks by folded word. ``use`` and ``sense`` give the fine class, -1 when unknown."""

    use: Mapping[str, int]
    sense: Mapping[str, int]
    use_levels: Sequence[Sequence[int]]
    sense_levels: Sequence[Sequence[int]]
    flags: Mapping[str, Sequence[str]]


_BY_LETTER = {c: tuple(p for p in _PREFIXES if p[0] == c) for c in {p[0] for p in _PREFIXES}}
_LAST = frozenset(s[-1] for s in _SUFFIXES)


@lru_cache(maxsize=4096)
def stems(folded: str) -> tuple[tuple[str, str], ...]:
    """(proclitics, rest) readings of a folded word: none cut, then every shorter rest of two letters or more."""
    prefixes = _BY_LETTER.get(folded[:1], ())
    if not prefixes:
        return (("", folded),)
    most = len(folded) - 1
    out = [("", folded)]
    out += [(p, folded[len(p) :]) for p in prefixes if len(p) < most and folded.startswith(p)]
    return tuple(out)


def known(folded: str, table: Mapping[str, int]) -> int:
    """Class of the word, or of the first reading with clitics cut that has one."""
    for _, rest in stems(folded):
        got = table.get(rest, -1)
        if got >= 0:
            return got
    if folded[-1:] not in _LAST:
        return -1
    for s in _SUFFIXES:
        if folded.endswith(s) and len(folded) - len(s) > 2:
            base = folded[: -len(s)]
            for form in (base, base[:-1] + "ه" if base.endswith("ت") else base):
                for _, rest in stems(form):
                    got = table.get(rest, -1)
                    if got >= 0:
                        return got
    return -1


def shape(word: str, folded: str) -> str:
    """Digits, Latin, marks, or how long an Arabic word is."""
    if folded.isdigit() or (folded[:1] == "0" and not any("ء" <= c <= "ي" for c in folded)):
        return f"d{min(len(folded), 5)}"
    if not any(c.isalnum() for c in folded):
        return word if len(word) == 1 else "mark"
    if any("a" <= c <= "z" for c in folded):
        return "Latin" if word[:1].isupper() else "latin"
    return f"a{min(len(folded), 8)}"


def classes(folded: str, lex: Lexicon) -> tuple[int, int]:
    """Fine classes of a folded word by use and by sense; -1 when unknown."""
    use = lex.use.get(folded, -1)
    sense = lex.sense.get(folded, -1)
    return use if use >= 0 else known(folded, lex.use), sense if sense >= 0 else known(folded, lex.sense)


def unary(word: str, lex: Lexicon) -> tuple[list[str], list[str], list[str]]:
    """Features of a word for itself, for its neighbours, and for those two away."""
    f = fold(word)
    sh = shape(word, f)
    far = [f"w={f}", f"sh={sh}"]
    near = list(far)
    own = list(far)
    u, s = classes(f, lex)
    names = ("256", "128", "48")
    if u >= 0:
        own += [f"U={u}", *(f"U{n}={t[u]}" for n, t in zip(names, lex.use_levels, strict=True))]
        near += [f"U={u}", f"U256={lex.use_levels[0][u]}", f"U48={lex.use_levels[2][u]}"]
        far += [f"U256={lex.use_levels[0][u]}", f"U48={lex.use_levels[2][u]}"]
    if s >= 0:
        own += [f"S={s}", *(f"S{n}={t[s]}" for n, t in zip(names, lex.sense_levels, strict=True))]
        near += [f"S={s}", f"S256={lex.sense_levels[0][s]}", f"S48={lex.sense_levels[2][s]}"]
        far += [f"S256={lex.sense_levels[0][s]}", f"S48={lex.sense_levels[2][s]}"]
    if not any("ء" <= c <= "ي" for c in f):
        return own, near, far
    raw = unicodedata.normalize("NFKC", word)
    if raw != f:
        own.append(f"raw={raw}")
    for n in (1, 2, 3, 4):
        if len(f) > n:
            own += [f"p{n}={f[:n]}", f"s{n}={f[-n:]}"]
    if len(f) > 2:
        near += [f"p2={f[:2]}", f"s2={f[-2:]}"]
        far.append(f"p2={f[:2]}")
    if len(f) > 3:
        near.append(f"s3={f[-3:]}")
    marks: set[str] = set()
    for pro, rest in stems(f):
        if pro:
            own += [f"rest={rest}", f"pro={pro}"]
            if len(rest) > 3:
                own += [f"rp3={rest[:3]}"]
        for mark in lex.flags.get(rest, ()):
            marks.add(mark if not pro else f"{mark}+")
    if not marks:
        marks.add("none")
    own += [f"g={m}" for m in marks]
    near += [f"g={m}" for m in marks]
    if raw.endswith(("اً", "ًا", "ا")) and len(f) > 3:
        own.append("tanwin" if "ً" in raw else "alef")
    if f.startswith("ال"):
        near.append("al")
    return own, near, far


def pair_class(word: str, lex: Lexicon) -> tuple[int, int]:
    """Classes (0 = unknown) that neighbouring pairs are made of: by use, by sense; 128 each."""
    u, s = classes(fold(word), lex)
    return (lex.use_levels[1][u] + 1 if u >= 0 else 0, lex.sense_levels[1][s] + 1 if s >= 0 else 0)


class Found(NamedTuple):
    """Numbers of the features of a word, for itself and its neighbours, but for those of its fine classes ``use`` and ``sense`` (-1 when
    unknown), which :meth:`Features.of_classes` lists."""

    rows: Sequence[int]
    use: int
    sense: int


_PLAIN = re.compile("[\u0621-\u064a]+")
_LEVELS = ("256", "128", "48")


class Features:
    """The numbers that a model gives to features: the same as those of the strings of :func:`unary`, without making the strings.

    :param names: the features of the model, by number.
    """

    def __init__(self, names: Sequence[str], lex: Lexicon) -> None:
        self._lex = lex
        self._all = {name: i for i, name in enumerate(names)}
        made: dict[str, dict[str, int]] = {}
        for i, name in enumerate(names):
            kind, _, value = name.partition("=")
            made.setdefault(kind, {})[value] = i
        none: dict[str, int] = {}
        self._words, self._shapes, self._raw = made.get("w", none), made.get("sh", none), made.get("raw", none)
        self._begins = [made.get(f"p{n}", none) for n in (1, 2, 3, 4)]
        self._ends = [made.get(f"s{n}", none) for n in (1, 2, 3, 4)]
        self._rest, self._pro, self._rest3, self._marks = (made.get(k, none) for k in ("rest", "pro", "rp3", "g"))

    def of_classes(self, letter: str) -> list[list[int]]:
        """Features of each fine class by use (U) or sense (S); none for the last, -1."""
        levels = self._lex.use_levels if letter == "U" else self._lex.sense_levels
        made = [
            self.numbers([f"{letter}={c}", *(f"{letter}{n}={t[c]}" for n, t in zip(_LEVELS, levels, strict=True))])
            for c in range(len(levels[0]))
        ]  # fmt: skip
        return [*made, []]

    def numbers(self, names: Iterable[str]) -> list[int]:
        """Numbers of the features that the model knows."""
        return [i for i in (self._all.get(name) for name in names) if i is not None]

    def of(self, word: str) -> Found:
        """The features of a word as written."""
        f, lex = fold(word), self._lex
        n = len(f)
        use, sense = classes(f, lex)
        plain = _PLAIN.fullmatch(f) is not None
        rows: list[int] = []
        if (row := self._words.get(f)) is not None:
            rows.append(row)
        if (row := self._shapes.get(f"a{min(n, 8)}" if plain else shape(word, f))) is not None:
            rows.append(row)
        if plain or any("ء" <= c <= "ي" for c in f):
            raw = word if plain and word == f else unicodedata.normalize("NFKC", word)
            if raw != f and (row := self._raw.get(raw)) is not None:
                rows.append(row)
            size = 1
            for begins, ends in zip(self._begins, self._ends, strict=True):
                if n <= size:
                    break
                if (row := begins.get(f[:size])) is not None:
                    rows.append(row)
                if (row := ends.get(f[-size:])) is not None:
                    rows.append(row)
                size += 1
            self._of_stems(f, rows)
            if n > 3 and raw[-1:] in "ا\u064b" and raw.endswith(("اً", "ًا", "ا")):
                rows += self.numbers(("tanwin" if "ً" in raw else "alef",))
            if f.startswith("ال"):
                rows += self.numbers(("al",))
        return Found(rows, use, sense)

    def _of_stems(self, f: str, rows: list[int]) -> None:
        marks: set[str] = set()
        heads: set[str] = set()
        flags = self._lex.flags
        for pro, rest in stems(f):
            if pro:
                if (row := self._rest.get(rest)) is not None:
                    rows.append(row)
                if (row := self._pro.get(pro)) is not None:
                    rows.append(row)
                if len(rest) > 3:
                    heads.add(rest[:3])
            if rest in flags:
                marks.update([m if not pro else f"{m}+" for m in flags[rest]])
        rows += [i for i in (self._rest3.get(h) for h in heads) if i is not None]
        rows += [i for i in (self._marks.get(m) for m in marks or ("none",)) if i is not None]


PAIRS = ("a", "b", "c", "d", "e")


def pairs(classes: Sequence[tuple[int, int]], i: int) -> list[str]:
    """Pair features of word ``i`` as strings (training); the model adds the same ones by table."""
    edge = (129, 129)
    left = classes[i - 1] if i else edge
    right = classes[i + 1] if i + 1 < len(classes) else edge
    here = classes[i]
    return [f"a={left[0]},{here[0]}", f"b={here[0]},{right[0]}", f"c={left[0]},{right[0]}",
            f"d={left[1]},{here[1]}", f"e={here[1]},{right[1]}"]  # fmt: skip


def sentence(words: Sequence[str], lex: Lexicon) -> list[list[str]]:
    """All features of a sentence as strings: what the training tool is given."""
    parts = [unary(w, lex) for w in words]
    classes = [pair_class(w, lex) for w in words]
    out = []
    for i, (own, _, _) in enumerate(parts):
        feats = list(own)
        for d in (-2, -1, 1, 2):
            j = i + d
            if 0 <= j < len(words):
                feats += [f"{d}:{x}" for x in parts[j][abs(d)]]
        feats += ["-1:edge"] * (i == 0) + ["1:edge"] * (i == len(words) - 1)
        out.append(feats + pairs(classes, i))
    return out
