"""Compiles the statement cues: every written form of each cue verb, and the formulas."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from musnad.language.letters import fold

ROOM = "statements"
SOURCE = Path(__file__).resolve().parent.parent.parent / "src" / "musnad" / ROOM / "lexicon"

#: slot of the conjugation -> (aspect, gender, number); only those a news text uses to report
_SLOTS = {
    "past_3ms": ("perf", "m", "s"), "past_3fs": ("perf", "f", "s"), "past_3mp": ("perf", "m", "p"),
    "past_3md": ("perf", "m", "d"), "past_3fd": ("perf", "f", "d"), "past_1s": ("perf1", "", "s"),
    "past_1p": ("perf1", "", "p"),
    "ind_3ms": ("imp", "m", "s"), "ind_3fs": ("imp", "f", "s"), "ind_3mp": ("imp", "m", "p"),
    "ind_3md": ("imp", "m", "d"), "sub_3mp": ("imp", "m", "p"),
}  # fmt: skip


def _written(forms: list[Any]) -> set[str]:
    return {fold(str(f), "match") for f in forms if str(f) not in ("", "-", "—", "?")}


def _plain(value: Any) -> list[Any]:
    if value is None:
        return []
    items = value if isinstance(value, list | tuple) else [value]
    return [getattr(x, "form", x) for x in items]


def _participles(form: str) -> dict[str, tuple[str, str, str]]:
    """Accusative forms of an active participle: what «مضيفا» looks like for each speaker."""
    stem, out = form, {}
    out[stem + "ا"] = ("ap", "m", "s")
    out[stem + "ة"] = ("ap", "f", "s")
    out[stem + "ين"] = ("ap", "m", "p")
    out[stem + "تين"] = ("ap", "f", "d")
    return out


def verb_forms(root: str, wazn: str) -> dict[str, list[tuple[str, str, str]]]:
    """Written form (folded, bare) -> (aspect, gender, number) of a verb, with participle and verbal noun."""
    import mazini

    made = mazini.conjugate(root, wazn).slots
    out: dict[str, list[tuple[str, str, str]]] = {}

    def put(form: str, what: tuple[str, str, str]) -> None:
        if what not in out.setdefault(form, []):
            out[form].append(what)

    for slot, what in _SLOTS.items():
        for form in _written(_plain(made.get(slot))):
            put(form, what)
    for form in _written(_plain(made.get("ap"))):
        # داع، مناد، ناف: the weak letter comes back before an ending
        weak = root[-1] in "وي" and not form.endswith("ي")
        for written, what in _participles(form + "ي" if weak else form).items():
            put(written, what)
    if wazn not in ("I",) and not wazn.startswith("I/"):
        for form in _written(_plain(made.get("vn"))):
            put(form, ("masdar", "", ""))
    return out


def _given(forms: list[str], lemma: str) -> dict[str, list[tuple[str, str, str]]]:
    """Forms written out in the lexicon; their shape tells what they are."""
    out = {}
    for raw in forms:
        form = fold(raw)
        if (form.startswith("م") and not fold(lemma).startswith("م")) or raw in (
            "داعيا",
            "داعية",
            "داعين",
            "آملا",
            "آملة",
            "آملين",
            "عادا",
        ):
            what = ("ap", "f" if raw.endswith("ة") else "m", "p" if raw.endswith("ين") else "s")
        elif form[0] in "يت" and form[0] != fold(lemma)[0]:
            what = ("imp", "m" if form[0] == "ي" else "f", "p" if form.endswith("ون") else "s")
        else:
            what = ("perf", "f" if form.endswith("ت") else "m", "p" if form.endswith("وا") else "s")
        out[form] = [what]
    return out


def build() -> dict[str, object]:
    """``cues``: lemmas with act and frame, and every form; ``formulas``: the word lists, folded."""
    verbs: dict[str, dict[str, Any]] = {}
    for path in sorted(SOURCE.glob("verbs*.yaml")):
        verbs.update(yaml.safe_load(path.read_text("utf-8")))
    lemmas: list[dict[str, Any]] = []
    forms: dict[str, list[list[Any]]] = {}
    for lemma, entry in verbs.items():
        number = len(lemmas)
        plain = fold(lemma, "display").replace("\u0651", "")
        lemmas.append({
            "lemma": plain, "act": entry["act"], "after": entry["after"], "to": _name(entry.get("to")),
            "no": entry.get("no"), "weak": _true(entry.get("weak")), "needs": entry.get("needs"),
            "masdar": _true(entry.get("masdar")),
        })  # fmt: skip
        table = _given(entry["forms"], lemma) if "forms" in entry else verb_forms(entry["root"], entry["wazn"])
        if "forms" in entry and _true(entry.get("masdar")) and "masdars" not in entry:
            full = verb_forms(entry["root"], entry["wazn"])
            table |= {f: w for f, w in full.items() if any(x[0] == "masdar" for x in w)}
        for extra in entry.get("masdars", []):
            table.setdefault(fold(extra), []).append(("masdar", "", ""))
        for form, whats in table.items():
            for what in whats:
                if what[0] == "masdar" and not lemmas[number]["masdar"]:
                    continue
                forms.setdefault(form, []).append([number, *what])
    formulas = yaml.safe_load((SOURCE / "formulas.yaml").read_text("utf-8"))
    grammar = yaml.safe_load((SOURCE / "grammar.yaml").read_text("utf-8"))
    both = formulas.keys() & grammar.keys()
    if both:
        raise ValueError(f"in both formulas.yaml and grammar.yaml: {', '.join(sorted(both))}")
    formulas |= grammar
    folded: dict[str, Any] = {}
    for name, value in formulas.items():
        if isinstance(value, dict):
            folded[name] = {fold(k): v for k, v in value.items()}
        else:
            folded[name] = sorted({fold(v) for v in value})
    return {"cues": {"lemmas": lemmas, "forms": forms}, "formulas": folded}


def _true(value: Any) -> bool:
    return value is True or value == "yes"


def _name(value: Any) -> str | None:
    return "yes" if value is True else value
