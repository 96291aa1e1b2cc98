"""What the tagger looks at: each function gives feature keys, whose trained weights are added up.

A key either stands alone or goes with something of the reading: ``key<tab>tag`` (or its part of speech, agreement or lemma). The keys
are grouped by what they depend on, so that the sums of a group can be kept. :func:`own_features` and :func:`context_features` list
all keys of a candidate: training uses them, and a test holds the tagger's sums against them.
"""

from __future__ import annotations

from typing import NamedTuple

from musnad.language.frequency import use
from musnad.language.tokens import Reading
from musnad.language.words import Candidate, Cut, spelling, vowelled


class Option(NamedTuple):
    """A candidate with what features need of it; ``keys``: what context keys go with (see :data:`PAIRED`)."""

    candidate: Candidate
    pos: str
    tag: str
    agree: str
    stem: str
    keys: tuple[str, str, str, str]


def bucket(number: int) -> int:
    """The size of a count, 0 to 12."""
    return min(number.bit_length(), 12)


def shape_of(proclitics: tuple[str, ...], enclitic: str) -> str:
    """The clitics of a cut as one string; "|" has none."""
    return "+".join(proclitics) + "|" + enclitic


_ROOTS = {ord(c): "-" for c in "بثجحخدذرزشصضطظعغفقكلهسن"}


def mould_of(bare: str) -> str:
    """The letters of derivation with the others as blanks: what kind of word an unlisted one is."""
    return bare[:9].translate(_ROOTS)


# ---- keys of a cut that stand alone


def cut_keys(shape: str, source: str, size: int, coarse: int) -> list[str]:
    """``size``: letters of the stem, up to 7; ``coarse``: class of the whole word."""
    return [f"s{shape}", f"cs{source}{shape}", f"z{size}{source}{shape}", f"us{shape}{coarse}"]


def clitic_keys(shape: str, source: str, stem: int, both: int, whole: int, share: int) -> list[str]:
    """Of a cut with clitics: buckets of the counts of its stem, of stem with and without ال, and of the whole word; ``share`` of the whole
    word's use inside names."""
    ratio = both - whole
    return [
        f"r{shape}{ratio}", f"rs{shape}{source}{stem}", f"rw{shape}{whole}{source}", f"rx{ratio}{source}", f"rn{shape}{share}",
    ]  # fmt: skip


def begin_keys(proclitics: tuple[str, ...], enclitic: str, bare: str) -> list[str]:
    """Of a cut with proclitics."""
    out = [f"ra{proclitics[0]}{bare[:2]}"]
    if enclitic:
        out.append("both")
    return out


def whole_key(whole: int, source: str, norm: str) -> str:
    """Of a word without clitics."""
    return f"wh{whole}{source}{norm[:1]}"


# ---- keys of a cut that go with the tag, the part of speech, the lemma


def tag_keys(shape: str, coarse: int, fine: int, other: int, stem: tuple[int, int] | None) -> list[str]:
    """``coarse``, ``fine``: classes of the whole word; ``other``: of the stem with ال added or taken off; ``stem``: of the stem, where
    there are clitics."""
    out = [f"S{shape}", f"u{coarse}", f"U{fine}", f"o{other}"]
    if stem is not None:
        out += [f"v{stem[0]}", f"V{stem[1]}"]
    return out


def pos_keys(source: str, definite: bool, share: int, whole: int, size: int, stem: int, other: int) -> list[str]:
    """``share`` and ``whole``: how much of the stem's and of the word's use is inside names; ``stem`` and ``other``: buckets of counts."""
    return [f"c{source}", f"d{definite}", f"n{share}{whole}", f"z{size}", f"q{source}{stem}", f"qa{other}"]


def head_keys(head: str) -> list[str]:
    """Of an unlisted stem's first letters: three of four and more, two of three, else one."""
    return [f"b{head[:n]}" for n in range(1, len(head) + 1)]


def tail_keys(tail: str) -> list[str]:
    """Of an unlisted stem's last letters, as many as in :func:`head_keys`."""
    return [f"e{tail[-n:]}" for n in range(1, len(tail) + 1)]


def both_ends_key(bare: str) -> str:
    """Of an unlisted stem's first and last letters."""
    return f"eb{bare[:1]}{bare[-2:]}{min(len(bare), 6)}"


def letters_at_ends(bare: str) -> int:
    """How many first and last letters of an unlisted stem are looked at."""
    return min(3, max(1, len(bare) - 1))


def kind_keys(reading: Reading, source: str, flag: str, rank: int, tag: str) -> list[str]:
    """Of what kind of reading a candidate has, whatever its word and lemma."""
    pos = reading.pos
    return [
        f"t{tag}", f"g{pos}{rank}{reading.form}", f"gs{source}{rank}",
        f"p{pos}{reading.aspect}{reading.person}{reading.gender}{reading.number}{reading.voice}{reading.mood}",
        f"f{pos}{flag}{reading.form}",
    ]  # fmt: skip


def mismatch_key(have: str, expected: str) -> str:
    """Of a spelling whose alefs are not those of the dictionary."""
    if len(have) != len(expected):
        return "xlength" if have.rstrip("ى") != expected.rstrip("ى") else "xya"
    under = all(h == e or (h == "ا" and e in "أإآ") for h, e in zip(have, expected, strict=True))
    return "xunder" if under else "xconflict"


def written_alefs(norm: str, written: str, cut: Cut) -> str:
    """The alefs of a stem as written, to compare with a listed form's ``pattern``."""
    restored = cut.stem.startswith("ال") and not norm.startswith("ال", cut.first)
    return spelling(("ا" if restored else "") + written[cut.first : cut.last])


def vowel_keys(raw: str, reading: Reading, flag: str, first: int) -> list[str]:
    """Of the vowels written; ``first``: letters of the proclitics."""
    out = []
    pos = reading.pos
    if "\u064b" in raw:
        out.append(f"vF{pos}{flag}")
    if "\u064c" in raw or "\u064d" in raw:
        out.append(f"vT{pos}")
    at = 0
    for _ in range(first):
        at += 1
        while at < len(raw) and "\u064b" <= raw[at] <= "\u0652":
            at += 1
    mark = raw[at + 1 : at + 3]
    if mark[:1] in ("\u064e", "\u064f", "\u0650"):
        out.append(f"v1{mark[0]}{pos}{reading.aspect}{reading.voice}")
    if "\u0651" in raw:
        out.append(f"vS{pos}{reading.voice}")
    return out


# ---- what context sees


def tag_of(reading: Reading, definite: bool, enclitic: bool, last: str) -> str:
    """The tag that context features see; ``last``: the last proclitic."""
    if last in "وف":
        last = ""
    return f"{reading.pos}{reading.aspect}{reading.voice[:1]}{reading.form}{'D' if definite else 'E' if enclitic else ''}{last}"


def agree_of(reading: Reading, held: bool) -> str:
    """What agreement features see: definiteness (``held``: by the article or a pronoun), gender, number."""
    return f"{'D' if held else 'I'}{reading.gender}{reading.number}"


def near_keys(tag: str, pos: str, agree: str, next_tag: str) -> tuple[str, ...]:
    """Of the chosen reading before (first three) and the next word's likeliest; they go with tag, tag, tag, part of speech, agreement."""
    return ("A" + tag, "D" + next_tag, f"J{pos}|{next_tag[:4]}", f"H{tag}|{next_tag}", f"G{pos}{agree}")


def far_keys(clause: str, pos: str, pos2: str, next_class: str) -> tuple[str, ...]:
    """Of the clause so far (see :func:`clause_after`), the two parts of speech before and the next tag's first letters; they go with tag,
    part of speech, part of speech."""
    return ("K" + clause, f"B{pos2}{pos}", f"L{clause}{pos}|{next_class}")


#: which key of an option goes with each key of the surroundings: its tag, part of speech, agreement, lemma
NEAR, FAR, WORDS = (0, 0, 0, 1, 2), (0, 1, 1), (0, 1, 3)
PAIRED = NEAR + FAR + WORDS


def surroundings(before: Option, before2: Option, following: str, next_tag: str, last_norm: str, clause: str) -> tuple[str, ...]:
    """Keys of a place in a sentence: chosen options on the left, the next word (match level) on the right, the word before."""
    return (
        *near_keys(before.tag, before.pos, before.agree, next_tag),
        *far_keys(clause, before.pos, before2.pos, next_tag[:4]),
        "C" + before.stem, "E" + following, "I" + last_norm,
    )  # fmt: skip


_OPENERS = frozenset(("الذي", "التي", "الذين", "ان", "انه", "انها", "حيث", "بعدما", "عندما", "حين", "بينما", "كما", "لكن", "اذا", "لو"))
_BREAKS = frozenset((".", "،", ",", ":", "؛", '"', "«", "“", "(", "-", "–"))


def turn_of(pos: str, stem: str) -> str:
    """What a reading does to its clause: "v" a verb, "0" opens one, "n" a noun, "" nothing."""
    if pos in ("VERB", "AUX"):
        return "v"
    if stem in _OPENERS or pos in _BREAKS:
        return "0"
    return "n" if pos in ("NOUN", "PROPN", "PRON") else ""


def clause_after(clause: str, turn: str) -> str:
    """What the clause has by then: "0" nothing yet, "n" a noun before any verb, "v" a finite verb."""
    if turn == "n":
        return "n" if clause == "0" else clause
    return turn or clause


# ---- all keys of a candidate


def option_of(candidate: Candidate) -> Option:
    """A candidate made ready for context."""
    cut, reading, definite = candidate.cut, candidate.reading, candidate.definite
    tag = tag_of(reading, definite, cut.enclitic != "", cut.proclitics[-1] if cut.proclitics else "")
    agree = agree_of(reading, definite or cut.enclitic != "")
    return Option(candidate, reading.pos, tag, agree, cut.stem, (tag, reading.pos, reading.pos + agree, reading.lemma))


def mark_label(text: str, kind: str) -> str:
    """What a mark, number or Latin token is to its neighbours."""
    return "#" if kind == "number" else "@" if kind in ("latin", "other") else text[:1]


def mark_option(label: str) -> Option:
    """What stands for a mark, number or Latin token, and for the edges of a sentence, among its neighbours."""
    candidate = Candidate(Cut((), label, "", 0, len(label)), False, Reading(label, label), "mark", "", "")
    return Option(candidate, label, label, "", label, (label,) * 4)


def own_features(raw: str, norm: str, written: str, option: Option) -> list[str]:
    """All keys of an option that do not depend on its neighbours."""
    candidate, tag, pos = option.candidate, option.tag, option.pos
    cut, definite, reading, source, flag, expected, rank = candidate
    stem, enclitic = cut.stem, cut.enclitic
    bare = stem[2:] if definite else stem
    shape = shape_of(cut.proclitics, enclitic)
    of_whole, of_stem, of_other = use(norm), use(stem), use(bare if definite else "ال" + bare)
    whole, alone, other = bucket(of_whole.seen), bucket(of_stem.seen), bucket(of_other.seen)
    size = min(len(bare), 7)
    out = [f"w|{norm}|{shape}", *cut_keys(shape, source, size, of_whole.coarse)]
    if shape == "|":
        out.append(whole_key(whole, source, norm))
    else:
        out += clitic_keys(shape, source, alone, bucket(of_stem.seen + of_other.seen), whole, of_whole.share)
        if cut.proclitics:
            out += begin_keys(cut.proclitics, enclitic, bare)
    out += [*kind_keys(reading, source, flag, rank, tag), f"l|{reading.lemma}|{pos}", f"m|{stem}\t{reading.lemma}"]
    if source == "lexicon" and not enclitic:
        have = written_alefs(norm, written, cut)
        if have != expected:
            out.append(mismatch_key(have, expected))
    mould = mould_of(bare)
    classes = (of_stem.coarse, of_stem.fine) if shape != "|" else None
    tagged = [*tag_keys(shape, of_whole.coarse, of_whole.fine, of_other.coarse, classes), f"Y{mould}{source}"]
    posed = [f"k|{stem}", f"y{mould}"]
    posed += pos_keys(source, definite, (of_other if definite else of_stem).share, of_whole.share, size, alone, other)
    if enclitic:
        posed.append(f"re{enclitic}{stem[-1:]}{source}")
    if source != "lexicon":
        ends = letters_at_ends(bare)
        posed += [*head_keys(bare[:ends]), *tail_keys(bare[-ends:]), both_ends_key(bare)]
    out += [f"{key}\t{tag}" for key in tagged] + [f"{key}\t{pos}" for key in posed]
    if vowelled(raw):
        out += vowel_keys(raw, reading, flag, cut.first)
    return out


def context_features(option: Option, keys: tuple[str, ...]) -> list[str]:
    """Keys of an option in its surroundings."""
    own = option.keys
    return [f"{key}\t{own[which]}" for key, which in zip(keys, PAIRED, strict=True)]
