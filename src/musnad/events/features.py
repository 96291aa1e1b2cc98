"""What the scoring table looks at in a candidate event: its frame, its slots, its place in the sentence, the sentence's words."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from musnad.events.clauses import Clauses
from musnad.events.found import Found
from musnad.events.near import near
from musnad.statements.chain import chain_of

#: words of a sentence that the table sees, from its start
_WORDS = 90
_PARTICLES = frozenset(
    [
        "في",
        "من",
        "الى",
        "علي",
        "عن",
        "ان",
        "و",
        "مع",
        "هذا",
        "هذه",
        "التي",
        "الذي",
        "ما",
        "لا",
        "كان",
        "كانت",
        "قد",
        "بعد",
        "الذين",
        "او",
        "ثم",
        "كما",
        "هو",
        "هي",
    ]
)


def value(feature: str) -> float:
    """How much a feature counts: words of the sentence half."""
    return 0.5 if feature[:2] in ("w=", "p=", "b=") else 1.0


def shared(clauses: Clauses, first: int, last: int) -> list[str]:
    """Features of a sentence, the same for all its candidates."""
    tokens = clauses.tokens
    out: list[str] = ["bias"]
    stems: list[str] = []
    for k in range(first, min(last, first + _WORDS)):
        t = tokens[k]
        if t.kind == "number":
            stems.append("#")
        elif t.kind == "word":
            stems.append(t.bare)
        elif t.text in "؟?!":
            out.append("mark=" + t.text)
    seen = set()
    for stem in stems:
        if stem not in _PARTICLES:
            seen.add("w=" + stem)
            if len(stem) > 4:
                seen.add("p=" + stem[:4])
    for a, b in itertools.pairwise(stems):
        seen.add(f"b={a}_{b}")
    out += sorted(seen)
    n = last - first
    out.append(f"len={min(n // 8, 8)}")
    verb = next((k for k in range(first, last) if clauses.kinds[k] == "verb"), None)
    if verb is not None:
        out.append("v1=" + tokens[verb].lemma)
        out.append(f"v1at={min(verb - first, 4)}")
    words = [t for t in tokens[first:last] if t.kind == "word"]
    if words:
        out.append("first=" + words[0].norm)
    out.append("quote=" + str(any(t.text in '«“"' for t in tokens[first:last])))
    return out


def own(item: Found, clauses: Clauses, first: int, last: int, others: Sequence[Found], analysis: Any) -> list[str]:
    """Features of one candidate."""
    tokens = clauses.tokens
    i = item.index
    token = tokens[i]
    word = item.word
    frame = item.frame
    kind = "V" if clauses.kinds[i] == "verb" else "N"
    out = [
        "frame=" + frame.id, "lemma=" + item.lemma, "kind=" + kind, "status=" + item.status, "role=" + frame.role,
        "mode=" + (frame.mode or item.mode), f"def={token.definite}", f"k+frame={kind}{frame.id}", f"def+kind={token.definite}{kind}",
        f"actors={min(len(item.roles.actors), 2)}", f"recipients={min(len(item.roles.recipients), 2)}",
        f"at={min((i - first) // 4, 6)}", f"share={(i - first) * 4 // max(last - first, 1)}", f"merged={min(item.merged, 3)}",
    ]  # fmt: skip
    if word is not None and word.kind == "V":
        out.append("aspect=" + word.aspect + word.person + word.number)
    if token.preposition:
        out.append("prep=" + token.preposition)
    if token.conjunction:
        out.append("conj")
    if word is not None and word.suffix:
        out.append("suffix")
    for m in item.roles.actors[:2]:
        out += ["akind=" + m.kind, "ahead=" + m.text.split()[0][:5]]
    for m in item.roles.recipients[:2]:
        out += ["rkind=" + m.kind, "rhead=" + m.text.split()[0][:5]]
    for off in (-2, -1, 1, 2):
        k = i + off
        out.append(f"n{off}=" + (tokens[k].bare if first <= k < last else "|"))
    for off in (-1, 1):
        k = i + off
        out.append(f"k{off}=" + (clauses.kinds[k] if first <= k < last else "|"))
    verbs = sum(clauses.kinds[k] == "verb" for k in range(first, i))
    out.append(f"verbs={min(verbs, 4)}{kind}")
    if item.roles.governor is not None:
        out.append("gov=" + tokens[item.roles.governor].lemma)
    out.append("slots=" + ("a" if item.roles.actors else "") + ("r" if item.roles.recipients else "") + kind)
    out.append(f"slots+frame={bool(item.roles.actors)}{bool(item.roles.recipients)}{frame.id}")
    if frame.fallback:
        out.append("fallback")
    relative = next((k for k in range(i - 1, max(first, i - 6) - 1, -1) if clauses.kinds[k] == "rel"), None)
    out.append(f"rel={relative is not None}")
    comp = sum(clauses.kinds[k] == "comp" for k in range(first, i))
    out.append(f"comp={min(comp, 2)}")
    before = next((k for k in range(i - 1, first - 1, -1) if clauses.kinds[k] == "verb"), None)
    out.append("vb=" + (tokens[before].lemma if before is not None else "|"))
    prep = next((k for k in range(i - 1, max(first, i - 5) - 1, -1) if clauses.kinds[k] == "prep"), None)
    out.append("pb=" + (tokens[prep].norm if prep is not None else "|"))
    types = {o.frame.type for o in others if o is not item}
    out += ["with=" + t for t in sorted(types)]
    earlier = [o for o in others if o.index < i]
    out.append(f"order={min(len(earlier), 3)}")
    s, e = tokens[first].start, tokens[last - 1].end
    figures = {f.counts for f in near(analysis.figures, s, e) if s <= f.start < e}
    out += ["fig=" + f for f in sorted(figures)]
    times = [t for t in near(analysis.times, s, e) if s <= t.start < e]
    out.append(f"times={min(len(times), 2)}")
    for t in times[:2]:
        out.append("time=" + t.text.split()[0])
    inside = any(q.start <= token.start < q.end for q in near(analysis.quotes, token.start, token.end))
    out.append(f"inquote={inside}")
    chain = bool(chain_of(analysis, token.start, token.end))
    out.append(f"told={chain}")
    return out
