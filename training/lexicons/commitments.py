"""Compiles what commitments are about, and the words that tell their state."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from musnad.language.letters import fold

ROOM = "commitments"
SOURCE = Path(__file__).resolve().parent.parent.parent / "src" / "musnad" / ROOM / "lexicon"
_TENSES = {"past": "perf", "ind": "imp", "sub": "imp", "juss": "imp"}
_PERSONS = ("3ms", "3fs", "3md", "3fd", "3mp", "3fp")


def _verb(root: str, wazn: str) -> dict[str, str]:
    """Written forms (folded) of a verb in the third person, active and passive -> perf or imp."""
    import mazini

    slots = mazini.conjugate(root, wazn).slots
    out: dict[str, str] = {}
    for tense, aspect in _TENSES.items():
        for person in _PERSONS:
            for voice in ("", "pass_"):
                for form in slots.get(f"{tense}_{voice}{person}") or []:
                    text = fold(str(form.form))
                    if text and text not in "?-—":
                        out.setdefault(text, aspect)
    return out


def build() -> dict[str, object]:
    """``kinds``: heads, phrases and verbs of each kind; ``states``: words and verb forms of each state."""
    kinds: dict[str, Any] = yaml.safe_load((SOURCE / "kinds.yaml").read_text("utf-8"))
    states: dict[str, Any] = yaml.safe_load((SOURCE / "states.yaml").read_text("utf-8"))
    grammar: dict[str, Any] = yaml.safe_load((SOURCE / "grammar.yaml").read_text("utf-8"))
    heads: dict[str, list[Any]] = {}
    phrases: dict[str, str] = {}
    verbs: dict[str, list[str]] = {}
    for kind, entry in kinds.items():
        if not isinstance(entry, dict):
            continue
        for head in entry.get("heads", []) + entry.get("rounds", []):
            heads.setdefault(fold(head), []).append([kind, []])
        for head, near in entry.get("near", {}).items():
            heads.setdefault(fold(head), []).append([kind, sorted({fold(x) for x in near})])
        for phrase in entry.get("phrases", []):
            phrases[fold(phrase)] = kind
        for lemma, (root, wazn) in entry.get("verbs", {}).items():
            for form, aspect in _verb(root, wazn).items():
                verbs.setdefault(form, [kind, aspect, lemma])
    state_words: dict[str, str] = {}
    state_verbs: dict[str, list[str]] = {}
    for state, entry in states.items():
        if not isinstance(entry, dict):
            continue
        for word in entry["words"]:
            state_words.setdefault(fold(word), state)
        for lemma, (root, wazn) in entry["verbs"].items():
            for form, aspect in _verb(root, wazn).items():
                state_verbs.setdefault(form, [state, aspect, lemma])
    return {
        "kinds": {
            "heads": heads, "phrases": phrases, "verbs": verbs, "lists": sorted({fold(x) for x in kinds["lists"]}),
            "openers": sorted({fold(x) for x in kinds["openers"]}), "spent": sorted({fold(x) for x in kinds["spent"]}),
            "sport": sorted({fold(x) for x in kinds["sport"]}), "known_when_definite": kinds["known_when_definite"],
            **{name: sorted({fold(x) for x in value}) for name, value in grammar.items()},
        },
        "states": {"words": state_words, "verbs": state_verbs, "conditions": sorted({fold(x) for x in states["conditions"]})},
    }  # fmt: skip
