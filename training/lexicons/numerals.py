"""Number words: ``lexicon/numerals.yaml`` -> folded word -> roles it can play in a numeral."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from musnad.language.letters import fold

ROOM = "language"
SOURCE = Path(__file__).resolve().parents[2] / "src/musnad/language/lexicon/numerals.yaml"


def build() -> dict[str, object]:
    """``numerals``: words (folded, search level) -> [[role, value, with_vowels]]; closed lists of marks."""
    source: dict[str, Any] = yaml.safe_load(SOURCE.read_text(encoding="utf8"))
    words: dict[str, list[list[Any]]] = {}

    def add(forms: list[str], role: str, value: object, vowels: bool = False) -> None:
        for form in forms:
            entry = [role, value, vowels]
            roles = words.setdefault(fold(form, "search"), [])
            if entry not in roles:
                roles.append(entry)

    for value, forms in source["units"].items():
        add(forms, "unit", value)
        if value > 2:
            add([u + t for u in forms for t in ("عشر", "عشرة")], "teen", 10 + value)
    for value, forms in source["joined"].items():
        add(forms, "joined", value)
        add([u + t for u in forms for t in ("عشر", "عشرة")], "teen", 10 + value)
    add(source["ten"], "ten", 10)
    for value, forms in source["teens"].items():
        add(forms, "teen", value)
    for value, forms in source["tens"].items():
        add(forms, "tens", value)
    add(source["hundred"], "hundred", 100)
    add(source["hundred_plural"], "hundred_plural", 100)
    add(source["hundred_dual"], "hundreds", 200)
    for value, stems in source["hundred_stems"].items():
        add([s + h for s in stems for h in source["hundred"]], "hundreds", value * 100)
    for scale in source["scales"]:
        add(scale["one"], "scale", scale["value"])
        add([form + "ا" for form in scale["one"]], "scale_a", scale["value"])
        add(scale["plural"], "scale_plural", scale["value"])
        add(scale["dual"], "scale_dual", 2 * scale["value"])
    for value, forms in source["dozens"].items():
        add(forms, "dozen", value)
    vowels = {fold(w, "search") for w in source["fractions_with_vowels"]}
    for value, forms in source["fractions"].items():
        for role, key in (("fraction", "one"), ("fraction_dual", "dual"), ("fraction_plural", "plural")):
            for form in forms[key]:
                add([form], role, value, fold(form, "search") in vowels)
                if value in source["fractions_with_pronoun"] and role != "fraction_plural":
                    add([form + p for p in ("هم", "ها", "هن", "نا")], role, value, False)
    for entry in source["vague"]:
        add(entry["words"], "vague", [entry["low"], entry["high"]])
    add(source["few"]["words"], "few", [source["few"]["low"], source["few"]["high"]])
    add(source["odd"], "odd", 1)
    for value, forms in source["ordinals"].items():
        add(forms, "ordinal", value)
    for value, forms in source["ordinals_joined"].items():
        add(forms, "ordinal_joined", value)
    add(source["point"], "point", 0)
    return {
        "numerals": {
            "words": words,
            "percent_marks": source["percent"]["marks"],
            "percent_words": sorted({fold(w, "search") for w in source["percent"]["after_fi"]}),
            "before_definite": sorted({fold(w, "search") for w in source["fractions_before_definite"]}),
            "not_numbers": sorted({fold(w, "search") for w in source["not_numbers"]}),
        }
    }
