"""Compiles word counts: ``words.tsv`` (see ``musnad.language.frequency``) and ``namewords.tsv``."""

from __future__ import annotations

from array import array

import marisa_trie

from training.lexicons.language_forms import rows

ROOM = "language"


def build() -> dict[str, object]:
    counts = {word: int(number) for word, number, *_ in rows("words.tsv")}
    names = {word: (int(inside), int(total)) for word, inside, total, *_ in rows("namewords.tsv")}
    trie = marisa_trie.Trie(sorted(counts.keys() | names.keys()))
    packed = array("I", [0] * len(trie))
    for word in trie:
        inside, total = names.get(word, (0, 0))
        share = 0 if not inside else 1 + int(2.999 * inside / total)
        # two low bits: how much of its use is in names (0 none seen, 3 nearly all)
        packed[trie[word]] = counts.get(word, 0) << 2 | share
    return {"words.trie": trie.tobytes(), "words.counts": packed.tobytes()}
