"""The compiled ontology: frames, word forms, phrases, closed classes; what a written word can stand for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from musnad import lexicon as compiled
from musnad.language.letters import fold
from musnad.language.recent import Recent
from musnad.language.tokens import Token

_CONJUNCTIONS = ("", "و", "ف")
_VERB_PREFIXES = ("", "س", "ل")
_NOUN_PREFIXES = ("", "ب", "ل", "ك", "ال", "بال", "لل", "كال")
_SUFFIXES = ("هما", "ها", "هم", "هن", "نا", "ني", "ه")
_MIN_STEM = 2
#: written words whose readings are kept: bounded, so that memory stays flat over an archive
_KEPT = 8_192


class Word(NamedTuple):
    """One way to read a written word. ``kind``: V verb, N masdar or event noun, A/P active/passive participle.

    ``aspect`` p i c; ``voice`` a p; ``person``, ``gender``, ``number`` of a verb; number s d p t (t: before a suffix) of a noun.
    """

    lexeme: int
    kind: str
    aspect: str
    voice: str
    person: str
    gender: str
    number: str
    prefix: str
    definite: bool
    suffix: str


class PhraseHit(NamedTuple):
    """A phrase found: its frame, the index after its last word, the reading of its first word, its further words."""

    frame: int
    last: int
    word: Word | None
    rest: tuple[str, ...]


class Frame(NamedTuple):
    """One sense; see lexicon/frames/README.md."""

    number: int
    id: str
    type: str
    mode: str
    role: str
    object: bool
    subject: str
    recipients: frozenset[str]
    actors: frozenset[str]
    self: bool
    speaker: bool
    both: frozenset[str]
    genitive: str
    alone: str
    near: tuple[str, ...]
    unless: tuple[str, ...]
    needs: str
    scope: str
    fallback: bool
    own_polarity: bool
    head_last: bool
    elsewhere: tuple[str, ...] = ()


class TypeInfo(NamedTuple):
    """Quad and score of an event type and the scores of its modes."""

    quad: int
    score: float | None
    modes: dict[str, float | None]
    both: bool
    speech: bool
    cameo: str


#: place among the phrases of its first word, frame, further words
_Phrase = tuple[int, int, tuple[str, ...]]


class Lexicon:
    """An ontology ready for use; immutable but for its caches of word forms."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.frames = tuple(_frame(i, f) for i, f in enumerate(data["frames"]))
        self.lexemes: list[str] = data["lexemes"]
        self.names = {name: i for i, name in enumerate(self.lexemes)}
        self.forms: dict[str, list[list[Any]]] = data["forms"]
        self.senses: dict[int, list[tuple[int, str]]] = {int(k): [(a, b) for a, b in v] for k, v in data["senses"].items()}
        self.phrases: dict[str, list[list[Any]]] = data["phrases"]
        self.words = {k: frozenset(v) for k, v in data["words"].items()}
        self.light = {k: frozenset(self.names["V:" + w] for w in v if "V:" + w in self.names) for k, v in data["light"].items()}
        self.types = {
            k: TypeInfo(v["quad"], v.get("score"), v.get("modes") or {}, bool(v.get("both")), bool(v.get("speech")), v.get("cameo", ""))
            for k, v in data["types"].items()
        }
        #: context -> beginnings of single words, pairs of words
        self.contexts = {
            k: (tuple(_plain(w) for w in str(words).split() if "_" not in w),
                frozenset(" ".join(_plain(x) for x in w.split("_")) for w in str(words).split() if "_" in w))
            for k, words in data["contexts"].items()
        }  # fmt: skip
        #: PLOVER type, «type.mode» or frame -> a foreign ontology's type, and those types
        self.renamed: dict[str, str] = data.get("renamed") or {}
        self.foreign = {k: TypeInfo(v["quad"], v.get("score"), {}, False, False, "") for k, v in (data.get("foreign") or {}).items()}
        #: for words that no frame has: one frame per type, with the slots that most frames of the type have
        self.general = {t: _general(t, [f for f in self.frames if f.type == t and not f.fallback], info) for t, info in self.types.items()}
        self._read: Recent[tuple[Word, ...]] = Recent(_KEPT)
        #: first word of phrases, with any clitic before it -> whether there is such a phrase
        self._heads = frozenset(k[1:] for k in self.phrases if k[0] == "=")
        self._begins: dict[str, bool] = {}
        #: key -> second word of its phrases -> those phrases; and those whose second word is open
        self._seconds: dict[str, tuple[dict[str, list[_Phrase]], list[_Phrase]]] = {}
        for key, phrases in self.phrases.items():
            by_second: dict[str, list[_Phrase]] = {}
            free: list[_Phrase] = []
            for place, (number, rest) in enumerate(phrases):
                closed = rest and rest[0] != "*"
                (by_second.setdefault(rest[0], []) if closed else free).append((place, number, tuple(rest)))
            self._seconds[key] = (by_second, free)

    def begins_phrase(self, norm: str) -> bool:
        """Whether a folded word, with any clitic before it, is the literal first word of a phrase."""
        known = self._begins.get(norm)
        if known is None:
            cuts = ("", "و", "ف", "ب", "ل", "ال", "وال", "بال", "لل")
            known = any(norm.startswith(cut) and norm[len(cut) :] in self._heads for cut in cuts)
            if len(self._begins) > 16_384:
                self._begins.clear()
            self._begins[norm] = known
        return known

    def lemma(self, lexeme: int) -> str:
        """Dictionary form of a lexeme, without its class."""
        return self.lexemes[lexeme][2:]

    def read(self, norm: str) -> tuple[Word, ...]:
        """Every reading of a folded word (match level, clitics attached)."""
        found = self._read.get(norm)
        if found is None:
            found = tuple(self._split(norm))
            self._read.put(norm, found)
        return found

    def _split(self, norm: str) -> list[Word]:
        out: list[Word] = []
        seen: set[tuple[int, str, str, str]] = set()
        for conjunction in _CONJUNCTIONS:
            if not norm.startswith(conjunction):
                continue
            rest = norm[len(conjunction) :]
            for prefix in dict.fromkeys(_VERB_PREFIXES + _NOUN_PREFIXES):
                if not rest.startswith(prefix) or len(rest) - len(prefix) < _MIN_STEM:
                    continue
                stem = rest[len(prefix) :]
                definite = prefix.endswith("ال") or prefix == "لل"
                for form, suffix in _stems(stem, definite):
                    for lexeme, slot in self.forms.get(form, ()):
                        if not _fits(slot, prefix, suffix, form, stem):
                            continue
                        key = (lexeme, slot, prefix, suffix)
                        if key not in seen:
                            seen.add(key)
                            out.append(_word(lexeme, slot, conjunction, prefix, definite, suffix))
        # a reading without cut-off letters is better than one with
        out.sort(key=lambda w: (len(w.prefix) + len(w.suffix), w.kind != "V", w.number != "s", w.aspect == "c"))
        return out

    def phrase_at(self, keys: Sequence[str], i: int, limit: int, words: tuple[Word, ...]) -> PhraseHit | None:
        """The longest phrase that begins at i."""
        best: PhraseHit | None = None
        norm = keys[i]
        heads: list[tuple[str, Word | None]] = [("=" + norm, None)]
        for cut in ("و", "ف", "ب", "ل", "ال", "وال", "بال", "لل"):
            if norm.startswith(cut) and len(norm) - len(cut) > 2:
                heads.append(("=" + norm[len(cut) :], None))
        heads += [(f"#{w.lexeme}", w) for w in words if w.kind in "VAP"]
        seconds = _parts(keys[i + 1]) if i + 1 < limit else ()
        for key, word in heads:
            known = self._seconds.get(key)
            if known is None:
                continue
            by_second, free = known
            here = [*free, *(p for part in seconds for p in by_second.get(part, ()))]
            for _, number, rest in sorted(here) if len(here) > 1 else here:
                end = _match(keys, i + 1, limit, rest)
                if end is not None and (best is None or end > best.last):
                    best = PhraseHit(number, end, word, rest)
        return best


def _match(keys: Sequence[str], j: int, limit: int, rest: Sequence[str]) -> int | None:
    gap = 0
    for part in rest:
        if part == "*":
            gap = 5
            continue
        end = min(limit, j + gap + 1)
        while j < end and part not in _parts(keys[j]):
            if keys[j] in (".", "؛", "،", "\n"):
                return None
            j += 1
        if j >= end:
            return None
        j += 1
        gap = 0
    return j


def same(key: str, part: str) -> bool:
    if key == part:
        return True
    if part.endswith("+"):
        base = part[:-1]
        return key.startswith(base) and key[len(base) :] in ("ه", "ها", "هم", "هما", "نا", "ي", "كم")
    # an article, a conjunction or a case ending more than the phrase writes
    if key.endswith(part) and key[: len(key) - len(part)] in ("ال", "و", "ب", "ل", "بال", "وال", "لل"):
        return True
    return key[:-1] == part and key[-1] == "ا"


@lru_cache(maxsize=8192)
def _parts(key: str) -> tuple[str, ...]:
    """Every word of a phrase that a written word can stand for: the inverse of :func:`same`."""
    out = {key: None}
    for cut in ("ال", "و", "ب", "ل", "بال", "وال", "لل"):
        if key.startswith(cut) and len(key) > len(cut):
            out[key[len(cut) :]] = None
    if key.endswith("ا") and len(key) > 1:
        out[key[:-1]] = None
    for own in ("ه", "ها", "هم", "هما", "نا", "ي", "كم"):
        if key.endswith(own) and len(key) > len(own):
            out[key[: -len(own)] + "+"] = None
    return tuple(out)


def _stems(stem: str, definite: bool) -> list[tuple[str, str]]:
    out = [(stem, "")]
    if definite:
        return out
    for suffix in _SUFFIXES:
        if stem.endswith(suffix) and len(stem) - len(suffix) >= _MIN_STEM:
            base = stem[: -len(suffix)]
            out.append((base, suffix))
            if base.endswith("ا"):
                out.append((base[:-1] + "ي", suffix))  # رماه: رمى
            elif base.endswith("و"):
                out.append((base + "ا", suffix))  # قتلوه: قتلوا
    return out


def _fits(slot: str, prefix: str, suffix: str, form: str, stem: str) -> bool:
    kind = slot[0]
    if kind == "V":
        if prefix not in ("", "س", "ل"):
            return False
        if prefix and slot[1] != "i":
            return False
        if suffix == "ي" or (suffix and slot[2] == "p"):
            return False
        return slot[1] != "c" or slot[3] == "2"
    if prefix == "س":
        return False
    if kind == "N":
        if slot[-1] == "t":
            return suffix != ""
        return not (suffix and form.endswith(("ة", "اء", "ان", "ين")))
    return not suffix or suffix != "ي"


def _word(lexeme: int, slot: str, conjunction: str, prefix: str, definite: bool, suffix: str) -> Word:
    prefix = conjunction + prefix
    if slot[0] == "V":
        return Word(lexeme, "V", slot[1], slot[2], slot[3], slot[4], slot[5], prefix, False, suffix)
    return Word(lexeme, slot[0], "", "", "", slot[1], slot[2], prefix, definite, suffix)


def _frame(number: int, f: dict[str, Any]) -> Frame:
    return Frame(
        number, f["id"], f["type"], f["mode"], f["role"], f["object"], f["subject"], frozenset(f["recipients"]),
        frozenset(f["actors"]), f["self"], f["speaker"], frozenset(f["both"]), f["genitive"], f["alone"], tuple(f["near"]),
        tuple(f["unless"]), f["needs"], f["scope"], f["fallback"], f["own_polarity"], f["head_last"], tuple(f.get("elsewhere", ())),
    )  # fmt: skip


def _general(type_name: str, frames: list[Frame], info: TypeInfo) -> Frame:
    """What a word of a type takes where it has no frame of its own."""

    def usual(values: list[frozenset[str]], share: float) -> frozenset[str]:
        counts = Counter(v for one in values for v in one)
        return frozenset(v for v, n in counts.items() if n >= share * max(len(frames), 1))

    return Frame(
        -1, f"{type_name}.word", type_name, "", "cause" if type_name == "ASSAULT" else "",
        2 * sum(f.object for f in frames) >= len(frames), "actor", usual([f.recipients for f in frames], 0.15), frozenset(), False, False,
        usual([f.both for f in frames], 0.15) if info.both else frozenset(),
        "recipient" if 2 * sum(f.genitive == "recipient" for f in frames) > len(frames) else "actor", "", (), (), "", "", False, False, False,
    )  # fmt: skip


@cache
def plover() -> Lexicon:
    """The shipped ontology."""
    return Lexicon(compiled.load("events", "plover"))


def ontology(folder: Path) -> Lexicon:
    """A user's ontology from a folder laid out as this room's ``lexicon/`` (frames in ``frames/*.yaml``, types in ``types.yaml``).

    Word lists that the folder lacks are the shipped ones. Needs PyYAML and mazini.

    A folder with ``map.yaml`` instead of frames renames PLOVER's types, «TYPE.mode» and frames («TYPE.frame»).

    :raises musnad.events.build.OntologyError: naming the file and the entry that cannot be used.
    """
    from musnad.events import build

    shipped = compiled.load("events", "plover")
    mapped = folder / "map.yaml"
    if mapped.exists() and not (folder / "frames").exists():
        return Lexicon({**shipped, **build.renaming(folder)})
    made = build.build(folder, Path(__file__).parent / "lexicon")
    for name in ("words", "light", "contexts"):
        made[name] = {**shipped[name], **made[name]}
    return Lexicon(made)


def _plain(word: str) -> str:
    folded = fold(word)
    return folded[2:] if folded.startswith("ال") and len(folded) > 4 else folded


def spelled(token: Token) -> str:
    """The folded word as the tables hold it."""
    return token.norm
