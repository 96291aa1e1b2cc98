"""Compiles the language room's word lists into one table of inflected forms (see ``musnad.language.forms``).

Sources: ``verbs.tsv`` (conjugated here with mazini, CC BY 4.0), ``nominals.tsv``, ``particles.tsv``, ``propers.tsv``.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import marisa_trie
from mazini import conjugate

from musnad.language.letters import TASHKEEL, fold

ROOM = "language"
SOURCE = Path(__file__).resolve().parents[2] / "src/musnad/language/lexicon"
_STRIP = {ord(c): None for c in TASHKEEL}
_PERSONS = {
    "1s": ("1", "", "s"), "2ms": ("2", "m", "s"), "2fs": ("2", "f", "s"), "3ms": ("3", "m", "s"), "3fs": ("3", "f", "s"),
    "2d": ("2", "", "d"), "3md": ("3", "m", "d"), "3fd": ("3", "f", "d"), "1p": ("1", "", "p"), "2mp": ("2", "m", "p"),
    "2fp": ("2", "f", "p"), "3mp": ("3", "m", "p"), "3fp": ("3", "f", "p"),
}  # fmt: skip
_TENSES = {"past": ("perf", ""), "ind": ("imp", "ind"), "sub": ("imp", "sub"), "juss": ("imp", "jus"), "imp": ("cmd", "")}

#: pos, aspect, mood, person, gender, number, voice, form, flag (see ``musnad.language.forms``)
Slot = tuple[str, str, str, str, str, str, str, str, str]
#: lemma, its verb (for verbal nouns and participles), part of speech class
Lemma = tuple[str, str]


def rows(name: str) -> Iterator[list[str]]:
    """Fields of a tab-separated source, without comments and empty lines."""
    for line in (SOURCE / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.split("\t")


class Table:
    """Collects (spelled form, lemma, slot) and packs them."""

    def __init__(self) -> None:
        self.entries: dict[str, dict[tuple[Lemma, Slot, str], None]] = {}

    def add(self, spelled: str, lemma: Lemma, slot: Slot) -> None:
        key = fold(spelled, "match")
        if key:
            self.entries.setdefault(key, {})[lemma, slot, pattern(spelled)] = None

    def ranks(self) -> dict[Lemma, int]:
        """How usual each lemma is, 0 to 15 (binary logarithm): counts of its forms, shared out by expectation maximisation."""
        counts: Counter[str] = Counter()
        for word, number, *_ in rows("words.tsv"):
            counts[fold(word)] += int(number)
        seen: list[tuple[int, list[Lemma]]] = []
        for key, made in self.entries.items():
            lemmas = sorted({lemma for lemma, _, _ in made})
            nominal_ = any(slot[0] in ("NOUN", "ADJ") for _, slot, _ in made)
            number = counts[key] + counts["و" + key]
            if nominal_:
                number += counts["ال" + key] + counts["لل" + key] + counts["ب" + key]
            if number:
                seen.append((number, lemmas))
        weight: dict[Lemma, float] = {}
        for turn in range(6):
            new: dict[Lemma, float] = {}
            for number, lemmas in seen:
                total = sum(weight.get(lemma, 0.01) if turn else 1.0 for lemma in lemmas)
                for lemma in lemmas:
                    new[lemma] = new.get(lemma, 0.0) + number * (weight.get(lemma, 0.01) if turn else 1.0) / total
            weight = new
        return {lemma: min(15, int(w + 0.5).bit_length()) for lemma, w in weight.items()}

    def pack(self) -> dict[str, object]:
        ranks = self.ranks()
        trie = marisa_trie.Trie(sorted(self.entries))
        lemmas = sorted({lemma for made in self.entries.values() for lemma, _, _ in made})
        slots = sorted({(slot, pat) for made in self.entries.values() for _, slot, pat in made})
        lemma_id = {lemma: i for i, lemma in enumerate(lemmas)}
        slot_id = {slot: i for i, slot in enumerate(slots)}
        if len(slots) > 4096:
            raise ValueError(f"{len(slots)} slots do not fit 12 bits")
        by_id = sorted(self.entries, key=lambda key: trie[key])
        offsets, analyses = array("I", [0]), array("I")
        for key in by_id:
            for lemma, slot, pat in self.entries[key]:
                analyses.append(lemma_id[lemma] << 12 | slot_id[slot, pat])
            offsets.append(len(analyses))
        return {
            "forms.trie": trie.tobytes(),
            "forms": {
                "lemmas": ["\t".join((*lemma, str(ranks.get(lemma, 0)))) for lemma in lemmas],
                "slots": ["\t".join((*slot, pat)) for slot, pat in slots],
                "offsets": offsets.tobytes(),
                "analyses": analyses.tobytes(),
            },
        }


def pattern(spelled: str) -> str:
    """The alefs of a spelling and whether it ends in alef maqsura: what the match level unites."""
    return "".join(c for c in spelled if c in "اأإآٱ") + ("ى" if spelled.endswith("ى") else "")


def conjugated(root: str, form: str, past: str, present: str) -> dict[str, list[str]]:
    """Slot name -> spellings without vowels."""
    if form == "I":
        made = conjugate(root, form, vowels=(past, present))
    elif form == "VIIIr":
        made = conjugate(root, "VIII", reduced=True)
    else:
        made = conjugate(root, form)
    return {slot: list(dict.fromkeys(f.form.translate(_STRIP) for f in forms if "?" not in f.form)) for slot, forms in made.slots.items()}


def verbs(table: Table) -> None:
    """Every inflected form, participle and verbal noun of the verb list."""
    for lemma, root, form, past, present, masdars, *_ in rows("verbs.tsv"):
        slots = conjugated(root, form, past, present)
        finite: dict[tuple[str, str, str, str], dict[str, list[str]]] = {}
        for name, forms in slots.items():
            tense, _, rest = name.partition("_")
            if tense not in _TENSES:
                continue
            voice = "pass" if rest.startswith("pass_") else "act"
            person = rest.removeprefix("pass_")
            aspect, mood = _TENSES[tense]
            for spelled in forms:
                moods = finite.setdefault((spelled, aspect, person, voice), {}).setdefault("moods", [])
                moods.append(mood)
        pos = "VERB"
        for (spelled, aspect, person, voice), found in finite.items():
            moods = found["moods"]
            mood = moods[0] if len(moods) == 1 else "nonind" if "ind" not in moods else ""
            who, gender, number = _PERSONS[person]
            table.add(spelled, (lemma, ""), (pos, aspect, "" if mood == "nonind" else mood, who, gender, number, voice, "",
                                             "x" if mood == "nonind" else ""))  # fmt: skip
            if spelled.endswith("وا"):
                # the silent alef goes before a pronoun
                table.add(spelled[:-1], (lemma, ""), (pos, aspect, "", who, gender, number, voice, "", "e"))
            elif spelled.endswith(("ى", "ا")) and spelled.endswith("ى"):
                table.add(spelled[:-1] + "ا", (lemma, ""), (pos, aspect, mood, who, gender, number, voice, "", "e"))
            elif spelled.endswith("تم"):
                table.add(spelled + "و", (lemma, ""), (pos, aspect, "", who, gender, number, voice, "", "e"))
            elif spelled.endswith(("أ", "ء")) and aspect == "imp":
                table.add(spelled[:-1] + "ؤ", (lemma, ""), (pos, aspect, mood, who, gender, number, voice, "", "e"))
        for masdar in filter(None, masdars.split(",")):
            plurals = ["+ات"] if form != "I" or masdar.endswith("ة") else []
            nominal(table, masdar, "NOUN", plurals, form="masdar", verb=lemma)
        for name, kind in (("ap", "ap"), ("pp", "pp")):
            for spelled in slots.get(name, [])[:1]:
                # defective participles drop their ya when indefinite (قاض، مستدع)
                if kind == "ap" and spelled[-1] not in "ىيءئ" and slots["past_3ms"][0][-1] in "ىا" and form not in ("VII", "IX"):
                    nominal(table, spelled + "ي", "ADJ", ["+ون", "+ات"], form=kind, verb=lemma, defective=True)
                else:
                    nominal(table, spelled, "ADJ", ["+ون", "+ات"], form=kind, verb=lemma)


def nominal(
    table: Table, lemma: str, pos: str, plurals: list[str], *, gender: str = "", form: str = "", verb: str = "",
    defective: bool = False, feminines: list[str] | None = None,
) -> None:  # fmt: skip
    """Singular, dual and plural forms of a noun or adjective.

    ``plurals``: broken plurals as written, ``+ون`` (sound masculine, human), ``+ات`` (sound feminine).
    """
    key = (lemma, verb)

    def slot(gender: str, number: str, flag: str = "") -> Slot:
        return (pos, "", "", "", gender, number, "", form, flag)

    def singular(base: str, gender: str, number: str = "s") -> None:
        table.add(base, key, slot(gender, number))
        if base.endswith("ة"):
            table.add(base, key, slot(gender, number))
            table.add(base[:-1] + "ت", key, slot(gender, number, "e"))
        elif base.endswith("اء"):
            table.add(base[:-1] + "ئ", key, slot(gender, number, "e"))
            table.add(base[:-1] + "ؤ", key, slot(gender, number, "e"))
        elif base.endswith("ى"):
            table.add(base[:-1] + "ا", key, slot(gender, number, "e"))
        elif base.endswith("أ"):
            table.add(base + "ا", key, slot(gender, number, "i"))
            table.add(base[:-1] + "ئ", key, slot(gender, number, "e"))
        elif base.endswith("ء"):
            seat = base[:-1] + "ئ" if base[-2:-1] not in "اوءرد" else base
            table.add(seat + "ا", key, slot(gender, number, "i"))
            table.add(base[:-1] + "ئ", key, slot(gender, number, "e"))
            table.add(base[:-1] + "ؤ", key, slot(gender, number, "e"))
        elif not base.endswith("ا"):
            table.add(base + "ا", key, slot(gender, number, "i"))

    def suffixed(base: str, suffixes: dict[str, str], gender: str, number: str) -> None:
        for suffix, flag in suffixes.items():
            table.add(base + suffix, key, slot(gender, number, flag))

    dual = {"ان": "n", "ين": "n", "ا": "c", "ي": "c"}
    feminine = gender == "f" or (lemma.endswith(("ة", "اء", "ى")) and gender != "m")
    own = "f" if feminine else "m"
    singular(lemma, own)
    if defective:
        table.add(lemma[:-1], key, slot(own, "s", "i"))
    stem = lemma[:-1] if lemma.endswith("ة") else lemma
    if lemma.endswith("ة"):
        suffixed(stem + "ت", dual, own, "d")
    elif lemma.endswith("ى"):
        suffixed(lemma[:-1] + "ي", dual, own, "d")
    elif lemma.endswith("ء") and lemma[-2:-1] not in "او":
        suffixed(lemma[:-1] + "ئ", dual, own, "d")
    else:
        suffixed(lemma, dual, own, "d")
        if lemma.endswith("اء"):
            suffixed(lemma[:-1] + "ئ", {"ين": "n", "ي": "c"}, own, "d")
    for other in feminines or ():
        singular(other, "f")
    adjectival = pos == "ADJ" or "+ون" in plurals
    if adjectival and not feminines and not feminine:
        base = lemma[:-1] + "ا" if lemma.endswith("ى") else lemma[:-1] + "ئ" if lemma.endswith("ئ") else lemma
        singular(base + "ة", "f")
        suffixed(base + "ت", dual, "f", "d")
    for plural in plurals:
        if plural == "+ون":
            base = stem[:-1] if stem.endswith(("ى", "ي")) and (defective or stem.endswith("ى")) else stem
            suffixed(base, {"ون": "n", "ين": "n", "و": "c", "ي": "c"}, "m", "p")
            if stem.endswith("ئ"):
                suffixed(stem[:-1] + "ؤ", {"ون": "n", "و": "c"}, "m", "p")
        elif plural == "+ات":
            if stem.endswith("ى"):
                base = stem[:-1] + "ي"
            elif lemma.endswith("اة"):
                base = lemma[:-2] + "و"
                table.add(lemma[:-2] + "يات", key, slot("f", "p"))
            elif lemma.endswith("ء") and lemma[-2:-1] not in "او":
                base = lemma[:-1] + "ئ"
            else:
                base = stem
            table.add((base[:-1] if base.endswith("أ") else base) + ("آت" if base.endswith("أ") else "ات"), key, slot("f", "p"))
        elif plural:
            if plural.endswith("ون") and len(plural) > 4 and pos == "NOUN" and plural[:-2] + "ين":
                suffixed(plural[:-2], {"ون": "n", "ين": "n", "و": "c", "ي": "c"}, "m", "p")
            else:
                singular(plural, "f" if plural.endswith("ات") else "", "p")
                if plural.endswith("ي") and plural.count("ا"):
                    table.add(plural[:-1], key, slot("", "p", "i"))


def nominals(table: Table) -> None:
    """Nouns and adjectives of ``nominals.tsv``: lemma, pos, gender, plurals."""
    for lemma, pos, gender, plurals, *more in rows("nominals.tsv"):
        other = [f for f in (more[0] if more else "").split(",") if f]
        nominal(table, lemma, pos, [p for p in plurals.split(",") if p], gender=gender, feminines=other)


def particles(table: Table) -> None:
    """Closed classes of ``particles.tsv``: form, lemma, pos, person, gender, number, flag."""
    for spelled, lemma, pos, person, gender, number, flag, *_ in rows("particles.tsv"):
        table.add(spelled, (lemma, ""), (pos, "", "", person, gender, number, "", "", flag))


def propers(table: Table) -> None:
    """Names of ``propers.tsv``."""
    for name, *open_ in rows("propers.tsv"):
        table.add(name, (name, ""), ("PROPN", "", "", "", "", "", "", "", "" if open_ else "w"))


def build() -> dict[str, object]:
    table = Table()
    particles(table)
    verbs(table)
    nominals(table)
    propers(table)
    return table.pack()
