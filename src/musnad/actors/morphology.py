"""Inflected forms of the nouns and adjectives in the tables (search-level folded, without ال)."""

from __future__ import annotations

from musnad.language.letters import fold


def bare(word: str) -> str:
    """A word folded to search level, without ال."""
    made = fold(word, "search")
    # «ألماني» begins with the same letters once folded
    return made[2:] if word.startswith("ال") and made.startswith("ال") and len(made) > 4 else made


def adjective_forms(lemma: str) -> dict[str, str]:
    """Forms of a masculine singular adjective -> gender and number (``ms fs mp fp md fd``)."""
    base = bare(lemma)
    if base.endswith("ه"):
        return {base: "fs"}
    return {base: "ms", base + "ا": "ms", base + "ه": "fs", base + "ين": "mp", base + "ون": "mp", base + "ان": "md",
            base + "تين": "fd", base + "تان": "fd", base + "ات": "fp", base + "و": "mp", base + "ي": "mp"}  # fmt: skip


def head_forms(form: str) -> list[str]:
    """Case and construct forms of a noun as listed («متظاهرون» -> متظاهرين, متظاهرو, متظاهري)."""
    base = bare(form)
    out = [base]
    if base.endswith("ون") and len(base) > 5:
        out += [base[:-2] + tail for tail in ("ين", "و", "ي")]
    elif base.endswith("ان") and len(base) > 5:
        out += [base[:-2] + tail for tail in ("ين", "ا", "ي")]
    elif base.endswith("ه") and len(base) > 3:
        out += [base[:-1] + tail for tail in ("تين", "تان", "تي", "تا")]
    elif not base.endswith(("ات", "ه", "ا")):
        out.append(base + "ا")
    return out


def skeleton(word: str) -> str:
    """Consonants of a bare folded noun without its plural ending, equal for most singulars and plurals (جندي, جنود -> جند)."""
    stem = word
    for tail in ("ون", "ين", "ات", "ان", "تين", "تان"):
        if stem.endswith(tail) and len(stem) > len(tail) + 2:
            stem = stem[: -len(tail)]
            break
    made = "".join(c for c in stem if c not in "اويه")
    return made if len(made) > 1 else word


def construct_forms(form: str) -> list[str]:
    """Those of :func:`head_forms` that only stand before a genitive («متظاهرو», «متظاهري»), never with ال."""
    base = bare(form)
    return [base[:-2] + tail for tail in ("و", "ي")] if base.endswith("ون") and len(base) > 5 else []
