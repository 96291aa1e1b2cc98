"""What later stages ask of the actors room: the mention at a token, for a phrase, for a pronoun or a dropped subject."""

from __future__ import annotations

from bisect import bisect_left

from musnad.actors import stage as stages
from musnad.actors.link import Note, State
from musnad.actors.parsed import Parsed
from musnad.language.chunks import is_definite, is_particle
from musnad.language.tokens import Token
from musnad.pipeline import Analysis
from musnad.record import Mention

_PERSONAL = {"هو": ("m", "s"), "هي": ("f", "s"), "هم": ("m", "p"), "هن": ("f", "p"), "هما": ("", "d")}
_SUFFIX = {"ه": ("m", "s"), "ها": ("f", "s"), "هم": ("m", "p"), "هن": ("f", "p"), "هما": ("", "d")}
_BACK = 40  # how many mentions back a subject or pronoun may refer


def _state(analysis: Analysis) -> State:
    found = analysis.notes.get("actors")
    if found is None:
        stages.ActorsStage().run(analysis)
        found = analysis.notes["actors"]
    assert isinstance(found, State)
    return found


def mention_at(analysis: Analysis, token_index: int) -> Mention | None:
    """The widest mention that covers a token, or None."""
    note = note_at(analysis, token_index)
    return note.mention if note is not None else None


def note_at(analysis: Analysis, token_index: int) -> Note | None:
    """How the widest mention that covers a token was read, or None."""
    cover = _state(analysis).cover
    return cover[token_index] if 0 <= token_index < len(cover) else None


def mentions_in(analysis: Analysis, first: int, last: int) -> list[Mention]:
    """The widest mentions that begin in tokens [first, last), in order (members of a coordination)."""
    state = _state(analysis)
    out: list[Mention] = []
    k = first
    while k < min(last, len(state.cover)):
        note = state.cover[k]
        if note is not None:
            if note.first >= first and (not out or out[-1].id != note.mention.id):
                out.append(note.mention)
            k = max(k + 1, note.last)
        else:
            k += 1
    return out


def widest(analysis: Analysis) -> list[Note]:
    """The widest mention over each stretch of the article, in order, as it was read."""
    out: list[Note] = []
    for note in _state(analysis).cover:
        if note is not None and (not out or out[-1] is not note):
            out.append(note)
    return out


def mention_for(analysis: Analysis, first: int, last: int) -> Mention:
    """The mention for the noun phrase of tokens [first, last).

    One that begins at its head if there is one, else the first that begins in it, else a new one is added to the analysis with its
    entity: kind, country and sector from head, nisba, complement and context.
    """
    state = _state(analysis)
    last = min(max(last, first + 1), len(state.words.tokens))
    held = state.cover[first]
    if held is not None and held.first >= first - 1:
        return held.mention
    parsed = state.grammar.read(first, last) or state.grammar.read(_past_number(state, first, last), last)
    if parsed is None:
        inside = [n for n in state.cover[first:last] if n is not None and first <= n.first]
        if inside and inside[0].first <= first + 1 and not _is_noun_head(state, first):
            return inside[0].mention
        parsed = _plain(state, first, last, inside)
    return stages.add_late(analysis, state, parsed).mention


_QUANTITY = frozenset(
    [
        "نحو",
        "حوالي",
        "حوالى",
        "زهاء",
        "قرابه",
        "اكثر",
        "اقل",
        "من",
        "ما",
        "لا",
        "يقل",
        "عن",
        "يزيد",
        "علي",
        "يقارب",
        "نصف",
        "ربع",
        "الفي",
        "الف",
        "الاف",
        "مئه",
        "مايه",
        "مئات",
        "مليون",
        "ملايين",
        "عشره",
        "عشرات",
        "بضعه",
        "عدد",
    ]
)


def _past_number(state: State, first: int, last: int) -> int:
    """Index of the counted noun of «أكثر من ألف شخص»."""
    k = first
    while k + 1 < last and (
        state.words.tokens[k].pos == "NUM" or state.words.tokens[k].kind == "number" or state.words.keys[k] in _QUANTITY
    ):
        k += 1
    return k


def _is_noun_head(state: State, first: int) -> bool:
    token = state.words.tokens[first]
    return token.kind == "word" and not is_particle(token.norm)


def _plain(state: State, first: int, last: int, inside: list[Note]) -> Parsed:
    """A phrase no rule reads: its own span, country from a nisba or name in it, no sector."""
    words = state.words
    token = words.tokens[first]
    made = Parsed(first, last, token.stem_start, words.tokens[last - 1].end, "name", "group", key=words.bare[first])
    made.definite = is_definite(token)
    found = words.base_nisba(state.grammar.base, first, last)
    if found is not None:
        made.country = found
        if words.bare[first] in state.grammar.base.nisba and last - first == 1:
            made.kind, made.sector = "state", "GOV"
        if words.bare[first] in state.grammar.base.force_events or (first > 0 and words.bare[first - 1] in state.grammar.base.force_events):
            made.sector = "MIL"
    elif inside:
        made.country = inside[0].parsed.country
    made.head = (made.start, made.end)
    made.rules = ["phrase"]
    return made


def as_actor(analysis: Analysis, mention: Mention) -> Mention:
    """The same mention, its kind set to what acts where it was read as a scene: a country, capital or seat as its government."""
    if mention.kind != "place":
        return mention
    state = _state(analysis)
    note = state.by_mention.get(mention.id)
    if note is None:
        return mention
    parsed = note.parsed
    if parsed.form in ("state", "capital", "loose", "land"):
        entity = state.linker.of_state(parsed.ref if parsed.ref is not None else int(parsed.key))
        mention.kind = "state"
        mention.entity = entity.id
        mention.rules = [*mention.rules, "metonymy"]
    return mention


def subject_before(analysis: Analysis, token_index: int) -> Mention | None:
    """Who a verb without an overt subject at a token carries on: the last fitting subject before it.

    A mention fits where its gender and number can agree with the verb's form; the speaker or agent of the clause before
    (a mention right behind or right before a verb) is preferred to what only stands nearer.
    """
    state = _state(analysis)
    token = analysis.tokens[token_index]
    return _carry(analysis, state, token_index, *_verb_shape(token))


def _verb_shape(token: Token) -> tuple[str, str]:
    reading = token.verb
    if reading is not None and reading.gender:
        return reading.gender, reading.number or "s"
    form = token.stem
    if form.endswith("وا") or (form[:1] in "يت" and form.endswith("ون")):
        return "m", "p"
    if form.endswith("تا") and len(form) > 4:
        return "f", "d"
    if form[:1] == "ت" and len(form) > 3 and not form.endswith("ت"):
        return "f", "s"
    if form.endswith("ت") and len(form) > 3:
        return "f", "s"
    return "m", "s"


def _fits(note: Note, gender: str, number: str) -> bool:
    if note.mention.kind == "place" and note.parsed.form == "place":
        return False
    if number == "s":
        if note.number == "p" and note.gender == "m":
            return False
        return not gender or not note.gender or note.gender == gender
    if number == "p":
        return note.number == "p"
    return note.number == "d"


def _carry(analysis: Analysis, state: State, token_index: int, gender: str, number: str) -> Mention | None:
    sentence = analysis.tokens[token_index].sentence if token_index < len(analysis.tokens) else 0
    best: tuple[float, Note] | None = None
    seen = 0
    offset = analysis.tokens[token_index].start if token_index < len(analysis.tokens) else len(analysis.text)
    here = bisect_left(state.notes, offset, key=lambda n: n.mention.start)
    for k in range(here - 1, -1, -1):
        note = state.notes[k]
        if note.last > token_index:
            continue
        seen += 1
        if seen > _BACK:
            break
        if not _fits(note, gender, number):
            continue
        distance = sentence - analysis.tokens[note.first].sentence
        if distance > 4:
            break
        score = _prominence(analysis, state, note) - 1.5 * distance
        if best is None or score > best[0]:
            best = (score, note)
    return best[1].mention if best else None


def _prominence(analysis: Analysis, state: State, note: Note) -> float:
    """How much a mention looks like the subject of its clause."""
    score = 0.0
    i = note.first
    tokens = analysis.tokens
    if note.mention.kind == "place":
        score -= 3
    if note.mention.kind in ("person",):
        score += 1
    head = tokens[i]
    if note.mention.start > head.start and head.preposition is not None:
        score -= 2
    if i == 0 or tokens[i - 1].sentence != head.sentence:
        return score + 3
    before = tokens[i - 1]
    if before.pos in ("VERB", "AUX") or before.norm in _SAY:
        return score + 4
    if before.norm in ("ان", "بان", "لان", "لكن"):
        return score + 2.5
    if is_particle(before.norm):
        return score - 1
    return score


_SAY = frozenset(["قال", "قالت", "اعلن", "اعلنت", "اكد", "اكدت", "اضاف", "اضافت", "ذكر", "ذكرت", "اوضح", "اوضحت", "اشار", "اشارت", "صرح", "صرحت", "نفي", "نفت", "حذر", "حذرت", "دعا", "دعت", "طالب", "طالبت", "اتهم", "اتهمت", "افاد", "افادت", "وصف", "وصفت", "كان", "كانت", "يقول", "تقول", "كشف", "كشفت", "شدد", "شددت", "اعتبر", "اعتبرت", "راي", "رات", "تعهد", "تعهدت", "هدد", "هددت", "رفض", "رفضت", "وافق", "وافقت", "ادان", "ادانت", "دان", "دانت"])  # fmt: skip


def resolve_pronoun(analysis: Analysis, token_index: int) -> Mention | None:
    """Who a pronoun at a token means: هو, هي, هم by itself or ه, ها, هم at the end of the word."""
    state = _state(analysis)
    token = analysis.tokens[token_index]
    shape = _PERSONAL.get(token.norm)
    if shape is None and token.enclitic is not None:
        shape = _SUFFIX.get(token.enclitic.form)
    if shape is None:
        shape = next(
            (
                s
                for tail, s in (("هما", _SUFFIX["هما"]), ("هم", _SUFFIX["هم"]), ("ها", _SUFFIX["ها"]), ("ه", _SUFFIX["ه"]))
                if token.norm.endswith(tail)
            ),
            None,
        )
    if shape is None:
        return None
    return _carry(analysis, state, token_index, *shape)
