"""Figures: counted nouns with all their forms, currencies, comparators, contexts and what is never a figure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from musnad.language.letters import fold
from musnad.language.phrases import words_of

ROOM = "figures"
SOURCE = Path(__file__).resolve().parents[2] / "src/musnad/figures/lexicon"


def _load(name: str) -> Any:
    return yaml.safe_load((SOURCE / f"{name}.yaml").read_text(encoding="utf8"))


def _key(word: str) -> str:
    return fold(word, "search")


def _folded(words: list[str]) -> list[str]:
    return sorted({_key(w) for w in words})


def _phrases(words: list[str]) -> list[str]:
    """Phrases as folded words; those with لا or ما also as they are often written, in one word (لايقل, مايقارب)."""
    out = {" ".join(words_of(w)) for w in words}
    out |= {p.replace("لا ", "لا") for p in out if p.startswith(("لا ", "ما لا "))}
    out |= {"ما" + p[3:] for p in out if p.startswith("ما ")}
    return sorted(out)


def forms(lemma: str, plurals: list[str]) -> list[tuple[str, str]]:
    """Forms of a noun with what they are: s singular, p plural, d dual, D dual that is also the plural, c construct dual."""
    out = [(lemma, "s")]
    feminine = lemma.endswith("ة")
    stem = lemma[:-1] + "ت" if feminine else lemma[:-1] + "ي" if lemma.endswith("ى") else lemma
    if not feminine and not lemma.endswith(("ى", "اء")) and len(lemma) > 1:
        out.append((lemma + "ا", "s"))
    sound = False
    for plural in plurals:
        if plural == "+ون":
            base = lemma[:-1] if lemma.endswith("ى") else lemma
            out += [(base + end, "p") for end in ("ون", "ين", "و", "ي")]
            sound = True
        elif plural == "+ات":
            out.append(((lemma[:-1] if feminine else lemma) + "ات", "p"))
        else:
            out.append((plural, "p"))
            if not plural.endswith(("ات", "ة", "ى", "اء", "ا", "ون", "ين")):
                out.append((plural + "ا", "p"))
    out += [(stem + "ان", "d"), (stem + "ين", "D" if sound else "d")]
    out += [(stem + "ا", "c"), (stem + "ي", "c")]
    return out


def _nouns() -> dict[str, list[object]]:
    source = _load("nouns")
    dual_kinds, no_dual = set(source["dual_kinds"]), set(source["dual_never"])
    lean = set(source["lean_dual"])
    out: dict[str, list[object]] = {}
    duals: dict[str, list[object]] = {}
    for kind, by_counts in source.items():
        if not isinstance(by_counts, dict) or kind == "same_as":
            continue
        for counts, lines in by_counts.items():
            for line in lines:
                lemma, *plurals = line.split()
                for form, number in forms(lemma, plurals):
                    key = _key(form)
                    if number in "sp":
                        out.setdefault(key, [lemma, kind, counts, number])
                    elif kind in dual_kinds and lemma not in no_dual and len(lemma) > 2:
                        mark = "L" if number == "D" and lemma in lean else number
                        duals.setdefault(key, [lemma, kind, counts, mark])
    # a dual that is spelt like a singular or a broken plural of the list is left to that reading
    for key, entry in duals.items():
        if entry[3] in ("D", "L"):
            out[key] = entry
        elif entry[3] == "c":
            found = out.get(key)
            if found is not None and found[0] == entry[0]:
                found.append("c")
            elif found is None:
                out[key] = entry
        else:
            out.setdefault(key, entry)
    for form in source["never"]:
        out.pop(_key(form), None)
    for entry in out.values():
        if entry[0] != "كيلو":  # كيلو متر, كيلو غرام: the stage sees which
            entry[0] = source["same_as"].get(str(entry[0]), entry[0])
    return out


def build() -> dict[str, object]:
    """``lexicon``: everything the figures stage looks up, keys folded (search level)."""
    nouns, money = _load("nouns"), {}
    for entry in _load("money"):
        adjectives = {}
        for adjective, code in (entry.get("of") or {}).items():
            for end in ("", "ا", "ة", "ين", "ان"):
                adjectives[_key(adjective.removesuffix("ة") + end)] = code
        for form in [entry["lemma"], *entry["forms"]]:
            if " " not in form:
                money[_key(form)] = [entry["lemma"], entry["code"], adjectives]
    comparators, contexts, never = _load("comparators"), _load("contexts"), _load("never")
    before = {}
    for name in ("verbs", "before"):
        for comparator, phrases in comparators[name].items():
            for phrase in _phrases(phrases):
                before[phrase] = [comparator, name == "before"]
    after = {p: comparator for comparator, ps in comparators["after"].items() for p in _phrases(ps)}
    words: dict[str, str] = {}
    for name in ("killed", "wounded", "detained", "displaced", "participants", "personnel"):
        for word in contexts[name]:
            words.setdefault(_key(word), name)
    return {
        "lexicon": {
            "nouns": _nouns(),
            "second": _folded(nouns["second"]),
            "money": money,
            "before": before,
            "after": after,
            "contexts": words,
            "reach": _folded(contexts["reach"]),
            "cases_of": nouns["cases_of"],
            "tally": _folded(contexts["tally"]),
            "bare": contexts["bare"],
            "part": _folded(contexts["part"]),
            "out_of": _phrases(contexts["out_of"]),
            "named": _folded(never["named"]),
            "never_after": _folded(never["after"]),
            "months": _folded(never["months"]),
            "stop": _folded(never["stop"]),
            "sports": _folded(never["sports"]),
            "score": _folded(never["score"]),
            "adjectives": _folded(nouns["adjectives"]),
            "illness": _folded(contexts["illness"]),
            "ages": _folded(contexts["ages"]),
            "change": _folded(contexts["change"]),
            "others": _folded(nouns["others"]),
            "dual_verbs": _folded(nouns["dual_verbs"]),
        }
    }
