"""Builds the tables of an ontology from its folder: frames, word forms, phrases, closed classes, PLOVER's scores.

Used when the package is compiled and, for a user's own ontology, at run time (needs the packages PyYAML and mazini).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from musnad.language.letters import TASHKEEL, fold

_STRIP = {ord(c): None for c in TASHKEEL}
_PERSONS = {
    "1s": "1ms", "2ms": "2ms", "2fs": "2fs", "3ms": "3ms", "3fs": "3fs", "2d": "2md", "3md": "3md", "3fd": "3fd",
    "1p": "1mp", "2mp": "2mp", "2fp": "2fp", "3mp": "3mp", "3fp": "3fp",
}  # fmt: skip
_TENSES = {"past": "p", "ind": "i", "sub": "i", "juss": "i", "imp": "c"}
_SHADDA = "ّ"
_SINGULAR = frozenset({"1s", "2ms", "3ms", "3fs", "1p"})
#: suffixes that a phrase's word may end in: «دعمه» stands for «دعمها» and «دعمهم» as well
_OWN = re.compile("(?<=...)(ه|ها|هم|هما)$")


class OntologyError(ValueError):
    """A file of an ontology that cannot be used; the message names file and entry."""


def bare(word: str) -> str:
    """A word without tashkeel, folded to match level."""
    return fold(word.translate(_STRIP))


def _verb_rows(folder: Path) -> dict[str, list[list[str]]]:
    rows: dict[str, list[list[str]]] = {}
    path = folder / "verbs.tsv"
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                cells = (line.split("\t") + [""] * 6)[:6]
                rows.setdefault(cells[0], []).append(cells)
    return rows


class _Forms:
    """Inflected form -> [lexeme, slot]; slot: kind, voice, person, gender, number (V), or kind, gender, number."""

    def __init__(self) -> None:
        self.lexemes: list[str] = []
        self.index: dict[str, int] = {}
        self.forms: dict[str, set[tuple[int, str]]] = {}

    def lexeme(self, key: str) -> int:
        if key not in self.index:
            self.index[key] = len(self.lexemes)
            self.lexemes.append(key)
        return self.index[key]

    def add(self, form: str, lexeme: int, slot: str) -> None:
        self.forms.setdefault(bare(form), set()).add((lexeme, slot))

    def verb(self, lemma: str, rows: list[list[str]]) -> None:
        """Every form of a verb, its participles, and the masdar of a derived form."""
        from mazini import MaziniError, conjugate

        number = self.lexeme("V:" + lemma)
        for _, root, form, past, present, masdars in rows:
            vowels = (past, present) if form == "I" and past else None
            try:
                made = conjugate(root, form.rstrip("r"), vowels=vowels, reduced=form.endswith("r"))
            except MaziniError as error:
                raise OntologyError(f"verbs.tsv: {lemma}: {error}") from error
            for slot, forms in made.slots.items():
                # «تقل», «يعد»: a hollow verb's short jussive is nearly always another verb
                if slot.startswith("juss") and root[1] in "وي" and slot.split("_")[-1] in _SINGULAR:
                    continue
                for f in forms:
                    if f.form and f.form != "?":
                        self._verb_form(number, slot, f.form)
            if form != "I":
                for masdar in masdars.split(","):
                    if masdar:
                        self.noun(masdar, number, [])

    def _verb_form(self, number: int, slot: str, form: str) -> None:
        if slot in ("ap", "pp"):
            self.participle(form, number, "A" if slot == "ap" else "P")
            return
        parts = slot.split("_")
        if parts[0] not in _TENSES:
            return
        if parts[0] == "juss" and parts[-1] == "1p":
            return  # «نقل» is no jussive of «أقال» in a newspaper
        voice = "p" if len(parts) == 3 else "a"
        self.add(form, number, f"V{_TENSES[parts[0]]}{voice}{_PERSONS[parts[-1]]}")

    def participle(self, form: str, number: int, kind: str) -> None:
        base = bare(form)
        if form.endswith("ٍ"):
            base += "ي"  # «داعٍ»: «داعيا», «داعية», «داعين»
        if base.endswith("ي") or len(base) < 3:
            base = base.rstrip("ي")
            for ending, slot in (("", "ms"), ("ي", "ms"), ("يا", "ms"), ("يه", "fs"), ("ية", "fs"), ("ون", "mp"), ("ين", "mp")):
                self.add(base + ending, number, kind + slot)
            return
        endings = (("", "ms"), ("ا", "ms"), ("ة", "fs"), ("ون", "mp"), ("ين", "mp"), ("ان", "md"), ("ات", "fp"), ("تين", "fd"))
        for ending, slot in endings:
            self.add(base + ending, number, kind + slot)

    def noun(self, lemma: str, number: int, plurals: list[str]) -> None:
        """Forms of a masdar or event noun: singular, dual, plural, with the ت and the hamza seats that suffixes bring."""
        word = bare(lemma)
        if word.endswith("ة"):
            stem = word[:-1]
            made = [(word, "s"), (stem + "ت", "t"), (stem + "تان", "d"), (stem + "تين", "d"), (stem + "تي", "t"), (stem + "ات", "p")]
            gender = "f"
        elif word.endswith("اء"):
            stem = word[:-1]
            made = [(word, "s"), (stem + "ئ", "t"), (stem + "ؤ", "t"), (word + "ات", "p"), (word + "ان", "d"), (word + "ين", "d")]
            gender = "m"
        else:
            made = [(word, "s"), (word + "ا", "s"), (word + "ان", "d"), (word + "ين", "d")]
            if len(word) > 3 and not plurals:
                made.append((word + "ات", "p"))
            gender = "m"
        for form, n in made:
            self.add(form, number, f"N{gender}{n}")
        for plural in plurals:
            self.add(plural, number, "Nmp" if plural.endswith(("ون", "ين")) else "Nfp")
            if plural.endswith("ون"):
                self.add(plural[:-1], number, "Nmp")
                self.add(plural[:-2] + "ين", number, "Nmp")
                self.add(plural[:-2] + "ي", number, "Nmp")

    def table(self) -> dict[str, list[list[Any]]]:
        return {form: [list(x) for x in sorted(found)] for form, found in sorted(self.forms.items())}


def _words(value: Any) -> list[str]:
    return str(value).replace("_", " _ ").split() if value else []


def _prefixes(value: Any) -> list[str]:
    # «_» binds two words: both must stand next to each other
    return [bare(w).replace("_", " ") for w in str(value).split()] if value else []


def _phrases(entry: dict[str, Any]) -> list[list[str]]:
    raw = entry.get("phrases")
    return [p.split() for p in str(raw).split("،") if p.strip()] if raw else []


def _phrase_word(word: str) -> str:
    plain = bare(word)
    if plain == "*":
        return "*"
    own = _OWN.sub("", plain)
    return own + "+" if own != plain else plain


def _frame(type_name: str, entry: dict[str, Any]) -> dict[str, Any]:
    recipients = [bare(w) for w in str(entry.get("recipient") or "").split()]
    known = {"obj", "subj"}
    has_object = "obj" in recipients
    return {
        "id": f"{type_name}.{entry['frame']}",
        "type": type_name,
        "mode": entry.get("mode") or "",
        "role": entry.get("role") or "",
        "object": has_object,
        "subject": "recipient" if "subj" in recipients else "none" if entry.get("actor") == "none" else "actor",
        "recipients": [r for r in recipients if r not in known],
        "actors": [bare(w) for w in str(entry.get("actor") or "").split() if w not in ("none", "self", "speaker")],
        "self": entry.get("actor") == "self",
        "speaker": entry.get("actor") == "speaker",
        "both": [bare(w) for w in str(entry.get("both") or "").split()],
        "genitive": entry.get("genitive") or ("recipient" if has_object else "actor"),
        "alone": entry.get("alone") or "",
        "near": _prefixes(entry.get("near")),
        "unless": _prefixes(entry.get("unless")),
        "elsewhere": _prefixes(entry.get("elsewhere")),
        "needs": entry.get("needs") or "",
        "scope": entry.get("scope") or "",
        "head_last": entry.get("head") == "last",
        "fallback": bool(entry.get("fallback")),
        "own_polarity": entry.get("polarity") == "own",
    }


def read_frames(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    """Type and entry of every frame of an ontology's folder, in order of file and place."""
    import yaml

    out: list[tuple[str, dict[str, Any]]] = []
    for path in sorted((folder / "frames").glob("*.yaml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")) or []:
            if not isinstance(entry, dict) or "frame" not in entry:
                raise OntologyError(f"{path.name}: an entry without the key 'frame'")
            out.append((path.stem.removeprefix("more_"), entry))
    return out


def renaming(folder: Path) -> dict[str, Any]:
    """``map.yaml`` (PLOVER's type, TYPE.mode or frame -> the folder's type) and ``types.yaml`` (quad, score) of a folder.

    :raises OntologyError: a type of the map that ``types.yaml`` lacks.
    """
    import yaml

    renamed = {str(k): str(v) for k, v in (yaml.safe_load((folder / "map.yaml").read_text(encoding="utf-8")) or {}).items()}
    types = folder / "types.yaml"
    foreign = {str(k): v for k, v in (yaml.safe_load(types.read_text(encoding="utf-8")) or {}).items()} if types.exists() else {}
    for source, name in renamed.items():
        if not isinstance(foreign.get(name), dict) or "quad" not in foreign[name]:
            raise OntologyError(f"map.yaml: {source}: types.yaml lacks {name} with its quad")
    return {"renamed": renamed, "foreign": foreign}


def build(folder: Path, base: Path | None = None) -> dict[str, Any]:
    """The tables of an ontology.

    :param folder: ``frames/*.yaml``, and where wanted ``types.yaml``, ``words.yaml``, ``contexts.yaml``, ``verbs.tsv``.
    :param base: the folder whose files stand in for those that ``folder`` lacks.
    :raises OntologyError: naming file and entry.
    """
    import yaml

    def source(name: str) -> Any:
        for place in (folder, base):
            if place is not None and (place / name).exists():
                return yaml.safe_load((place / name).read_text(encoding="utf-8"))
        return {}

    verbs = _verb_rows(base) if base is not None else {}
    verbs.update(_verb_rows(folder))
    forms = _Forms()
    for lemma, rows in verbs.items():
        forms.verb(lemma, rows)
    frames: list[dict[str, Any]] = []
    senses: dict[int, list[list[Any]]] = {}
    phrases: dict[str, list[list[Any]]] = {}
    entries = read_frames(folder)
    if not entries:
        raise OntologyError(f"{folder}: there is neither frames/*.yaml nor map.yaml")
    for type_name, entry in entries:
        number = len(frames)
        frames.append(_frame(type_name, entry))
        for lemma in str(entry.get("verbs") or "").split():
            if lemma not in verbs:
                raise OntologyError(f"{type_name}.{entry['frame']}: verbs.tsv lacks the root of {lemma}")
            senses.setdefault(forms.lexeme("V:" + lemma), []).append([number, ""])
        for noun in str(entry.get("nouns") or "").split():
            head, *plurals = noun.split("/")
            word, _, modifier = head.partition("_")
            lexeme = forms.lexeme("N:" + word)
            forms.noun(word, lexeme, plurals)
            if modifier:
                senses.setdefault(lexeme, []).insert(0, [number, bare(modifier).replace("_", " ")])
            else:
                senses.setdefault(lexeme, []).append([number, ""])
    for number, (_, entry) in enumerate(entries):
        for words in _phrases(entry):
            rest = [_phrase_word(w) for w in words[1:]]
            keys = {f"={bare(words[0])}"}
            readings = forms.forms.get(bare(words[0]), ())
            # a phrase's first word is a lemma where one is written so: «تحدث» is no form of «حدث»
            lemmas = {lexeme for lexeme, slot in readings if slot[0] == "V" and bare(forms.lexemes[lexeme][2:]) == bare(words[0])}
            for lexeme, slot in readings:
                if slot[0] == "V" and slot[3] == "3" and (not lemmas or lexeme in lemmas):
                    keys = {f"#{lexeme}"} if len(keys) == 1 and f"={bare(words[0])}" in keys else keys | {f"#{lexeme}"}
            for key in keys:
                known = phrases.setdefault(key, [])
                if [number, rest] not in known:
                    known.append([number, rest])
    types = source("types.yaml") or {}
    for type_name, _ in entries:
        if not isinstance(types.get(type_name), dict) or "quad" not in types[type_name]:
            raise OntologyError(f"frames/{type_name}.yaml: types.yaml lacks {type_name} with its quad")
    lists: dict[str, Any] = source("words.yaml") or {}
    return {
        "frames": frames,
        "lexemes": forms.lexemes,
        "forms": forms.table(),
        "senses": {str(k): v for k, v in sorted(senses.items())},
        "phrases": {k: sorted(v, key=lambda x: -len(x[1])) for k, v in sorted(phrases.items())},
        "words": {k: sorted({bare(w).replace("_", " ") for w in str(v).split()}) for k, v in lists.items()
                  if not k.startswith("light_")},
        "light": {k: sorted(str(v).split()) for k, v in lists.items() if k.startswith("light_")},
        "types": source("types.yaml") or {},
        "contexts": source("contexts.yaml") or {},
    }  # fmt: skip
