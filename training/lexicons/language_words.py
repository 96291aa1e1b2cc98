"""Compiles word counts: ``words.tsv`` (see ``musnad.language.frequency``) and ``namewords.tsv``."""

from __future__ import annotations

from array import array

import marisa_trie

from musnad.language.letters import fold
from training.lexicons.language_forms import rows

ROOM = "language"


def build() -> dict[str, object]:
    counts: dict[str, tuple[int, int, int]] = {}
    for word, number, coarse, fine, *_ in rows("words.tsv"):
        key = fold(word)
        held = counts.get(key, (0, 0, 0))[0]
        counts[key] = held + int(number), int(coarse) + 1 if coarse else 0, int(fine) + 1 if fine else 0
    names = {word: (int(inside), int(total)) for word, inside, total, *_ in rows("namewords.tsv")}
    trie = marisa_trie.Trie(sorted(counts.keys() | names.keys()))
    packed = array("I", [0] * len(trie))
    for word in trie:
        inside, total = names.get(word, (0, 0))
        share = 0 if not inside else 1 + int(2.999 * inside / total)
        number, coarse, fine = counts.get(word, (0, 0, 0))
        # bits: count capped at 32,767 (15), fine class (9), coarse class (6), share of use in names (2)
        packed[trie[word]] = min(number, 32767) << 17 | fine << 8 | coarse << 2 | share
    return {"words.trie": trie.tobytes(), "words.counts": packed.tobytes()}
