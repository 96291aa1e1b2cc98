"""Where the content of a cue begins, and which words between cue and content name the speaker."""

from __future__ import annotations

from typing import Literal, NamedTuple

from musnad.statements.lexicon import is_action, words
from musnad.statements.objects import free_object, object_head, that_follows
from musnad.statements.view import (
    COMMAS,
    STOPS,
    Cue,
    View,
)

#: how many tokens may stand between a cue and its content
REACH = 45
#: how many tokens a quoted name may have («فالون»)
SHORT = 4

OpenerKind = Literal["that", "colon", "quote", "prep", "obj"]


class Opener(NamedTuple):
    """What brings the content. ``first``: its first token; ``start``: its first character (a glued ب is left out);
    ``stop``: the token that ends the stretch between cue and content."""

    kind: OpenerKind
    first: int
    start: int
    stop: int
    strong: bool


_SINGLE = {"علي": "على", "الي": "إلى", "عن": "عن", "من": "من", "في": "في", "بـ": "ب", "ل": "ل", "ب": "ب"}
_TITLE_BEFORE = {
    "عن": frozenset(
        [
            "عضو",
            "النائب",
            "نائب",
            "ناءب",
            "ممثل",
            "المتحدث",
            "الناطق",
            "المسؤول",
            "مسؤول",
            "نواب",
            "اعضاء",
            "ناطق",
            "متحدث",
            "مرشح",
            "المرشح",
            "بعيدا",
            "فضلا",
            "عوضا",
            "نيابة",
            "مندوب",
        ]
    ),
    "الي": frozenset(["المبعوث", "مبعوث", "السفير", "سفير", "اضافة", "الموفد", "موفد", "الممثل", "نسبة", "استنادا"]),
    "علي": frozenset(["المشرف", "مشرف", "القائم", "قائم", "المطلع", "مطلع", "مطلعة", "المطلعة", "بناء", "ردا", "علاوة"]),
    "من": frozenset(
        [
            "مصدر",
            "مصادر",
            "عدد",
            "كل",
            "كثير",
            "كثيرون",
            "بعض",
            "جمع",
            "مجموعات",
            "مسؤول",
            "العديد",
            "الكثير",
            "مجموعة",
            "اكثر",
            "اقل",
            "اي",
            "احد",
            "المقرب",
            "مقرب",
            "مقربة",
            "مقربون",
            "قريب",
            "المقربين",
            "بدلا",
        ]
    ),
    "في": frozenset(
        [
            "مصدر",
            "مصادر",
            "مسؤول",
            "مسؤولون",
            "مسؤولين",
            "عضو",
            "قيادي",
            "القيادي",
            "نائب",
            "باحث",
            "الباحث",
            "خبير",
            "الخبير",
        ]
    ),
}


def find_opener(v: View, cue: Cue) -> Opener | None:
    """The content's opener after a cue, or None where no frame of its verb fits."""
    verb = cue.form.verb
    after = verb.after
    i = cue.token
    limit = min(v.sentence_end(i), i + REACH)
    participle = cue.form.aspect == "ap"
    quotable = "quote" in after
    objects = "obj" in after or "any" in after
    relative = False
    fallback: Opener | None = None
    j = i + 1
    if j < limit and v.norms[j] in words("back") and not participle:
        # «التي أعلنت عنها»: what was said stands before; only a clause can still follow
        after = after & {"that", "quote"}
        objects = False
    if participle:
        limit = min(limit, i + 20)
    while j < limit:
        token = v.tokens[j]
        word = v.norms[j]
        if token.kind == "punct":
            mark = token.text
            if mark == ":":
                if (quotable or "that" in after) and not (verb.weak and _verb_between(v, i, j)) and not _cue_between(v, i, j):
                    return _after_mark(v, j, limit)
                return fallback
            quote = v.opens.get(j)
            if quote is not None:
                name = _name_in_quotes(v, i, j, limit)
                if name:
                    j = name
                    continue
                short = quote.close is not None and quote.last - quote.first <= 3
                if (
                    short
                    and j > i + 1
                    and v.tokens[j - 1].kind == "word"
                    and (v.norms[j - 1] in words("prepositions") or not _sentence_over(v, quote.last + 1, limit) or _verb_between(v, i, j))
                ):
                    j = quote.last + 1
                    continue
                if _cue_between(v, i, j) or (verb.weak and cue.form.aspect == "imp"):
                    return fallback
                if quotable:
                    return Opener("quote", j, v.tokens[j].start, j, True)
                if j == i + 1 and "any" in after:
                    return Opener("obj", j, token.start, j, False)
                return fallback
            if mark in STOPS or (mark.startswith("..") and j > i + 1):
                return fallback
            if mark == "(":
                j = _past_bracket(v, j, limit)
                continue
            if mark in COMMAS:
                relative = False
                if mark in "؛;" and not (j + 1 < limit and v.norms[j + 1] in ("حيث", "الذي", "التي")):
                    return fallback
                if j + 1 < limit and v.norms[j + 1] == "حيث" and "that" in after and fallback is None:
                    relative = True
                elif j + 1 < limit and j > i + 1 and _new_clause(v, j + 1):
                    return fallback
            j += 1
            continue
        if v.is_that(j) and v.norms[j - 1] not in words("conjunct_before_that") and not (relative and (j - 1) in v.cues):
            if "that" not in after:
                return fallback
            if j - 1 > i and v.tokens[j - 1].pos == "VERB" and v.tokens[j - 1].readings and (j - 1) not in v.name_at:
                # «يمكن أن»، «يجب أن»: another verb's clause
                j += 1
                continue
            if v.norms[j - 1] in _SINGLE and _SINGLE[v.norms[j - 1]] not in after and v.is_preposition(j - 1):
                # «على الرغم من أنه»: another word's complement
                j += 1
                continue
            if word.startswith("وان") and j > i + 1 and fallback is not None:
                return fallback
            return Opener("that", j + 1, _after_that(v, j), j, True) if _has_clause(v, j, limit) else fallback
        if word in words("speech_again") and j > i:
            j += 1
            continue
        other = v.cues.get(j)
        if other is not None and unnamed(v, j):
            # «قال مسؤول، طلب عدم ذكر اسمه، إن»: it tells of the source
            j += 3
            continue
        if other is not None and j > i + 1:
            if other.form.aspect == "ap" and not participle and _accusative(v, j):
                return fallback
            # without a joining word or a comma the verb describes the noun before it («في بيان أذاعه صحافي»)
            if (
                other.form.aspect in ("perf", "imp")
                and not relative
                and (other.conjunction or v.tokens[j - 1].kind == "punct" or v.norms[j - 1] == "و")
            ):
                return fallback
        if word in words("relative"):
            relative = True
        if (
            j > i + 1
            and token.kind == "word"
            and v.word(j) in ("بحسب", "وفقا", "حسب", "طبقا", "نقلا", "وفق")
            and v.tokens[j - 1].text not in COMMAS
            and word != "نقلا"
        ):
            return fallback
        if verb.weak and j > i + 1 and not relative and token.pos == "VERB" and token.readings and j not in v.name_at:
            return fallback
        if word in _SINGLE and _SINGLE[word] in after and not relative and (word not in words("prepositions") or v.is_preposition(j)):
            opener = _preposition(v, i, j, limit)
            # a name spelled like the preposition («أكد علي …، أن»)
            doubtful = word in ("علي", "الي") and token.text.endswith("ي") and "that" in after
            if opener is not None and not (doubtful and any(v.is_that(k) for k in range(j + 2, min(j + 20, limit)))):
                return opener
        glued = token.preposition if token.proclitics else None
        if glued is None and word[:1] in "بل" and len(word) > 3:
            glued = _glued(v, j)
        if glued in after and not relative:
            opener = _glued_preposition(v, cue, j, limit, glued)
            if opener is not None:
                return opener
        if objects and not relative and token.kind == "word":
            if object_head(v, i, j) and not ("that" in after and that_follows(v, j, limit)):
                if verb.needs and not _has_glued(v, j, limit, verb.needs):
                    return None
                return Opener("obj", j, token.start, j, False)
            if "any" in after and fallback is None and free_object(v, i, j, limit) and not verb.needs:
                fallback = Opener("obj", j, token.start, j, False)
            if verb.needs and fallback is None and free_object(v, i, j, limit) and _has_glued(v, j, limit, verb.needs):
                fallback = Opener("obj", j, token.start, j, False)
        j += 1
    return fallback


def unnamed(v: View, i: int) -> bool:
    """Whether a verb at i asks for a name to be kept back: «طلب عدم الكشف عن اسمه»."""
    return i + 2 < v.n and v.norms[i + 1] == "عدم" and v.norms[i + 2] in words("unnamed")


def _verb_between(v: View, i: int, j: int) -> bool:
    """Whether a finite verb stands between cue and mark: the mark then belongs to it."""
    return any(v.tokens[k].pos == "VERB" and k not in v.name_at and v.norms[k - 1] not in words("relative") for k in range(i + 1, j))


def _cue_between(v: View, i: int, j: int) -> bool:
    """Whether another cue verb stands between, outside a relative clause: what follows is its content."""
    for k in range(i + 1, j):
        other = v.cues.get(k)
        if (
            other is not None
            and other.form.aspect in ("perf", "imp")
            and not other.form.verb.weak
            and v.tokens[k].pos == "VERB"
            and v.norms[k - 1] not in words("relative")
            and "quote" in other.form.verb.after
        ):
            return not any(v.norms[m] in words("relative") for m in range(i + 1, k))
    return False


def _after_mark(v: View, colon: int, limit: int) -> Opener | None:
    j = colon + 1
    if j >= v.n or j >= max(limit, v.sentence_end(colon)):
        # «وقال:» at the end of a line; the words stand in the next one
        if j < v.n and j in v.opens:
            return Opener("quote", j, v.tokens[j].start, colon, True)
        if j < v.n and v.tokens[j].sentence == v.tokens[colon].sentence + 1:
            return Opener("colon", j, v.tokens[j].start, colon, True)
        return None
    if v.is_that(j):
        return Opener("that", j + 1, _after_that(v, j), colon, True)
    if j in v.opens:
        return Opener("quote", j, v.tokens[j].start, colon, True)
    return Opener("colon", j, v.tokens[j].start, colon, True)


def _after_that(v: View, j: int) -> int:
    """First character after أن; a pronoun glued to it stands for the subject and is no word said."""
    return v.tokens[j + 1].start if j + 1 < v.n else v.tokens[j].end


def _has_clause(v: View, j: int, limit: int) -> bool:
    return j + 1 < v.n and v.tokens[j + 1].text not in STOPS and j + 1 < max(limit, v.sentence_end(j))


def _name_in_quotes(v: View, i: int, j: int, limit: int) -> int:
    """Token after a short quoted name at j, or 0 where the quote is what was said."""
    quote = v.opens[j]
    if quote.close is None:
        # a name whose closing mark was forgotten: «"الجوهرة أف أم أن …»
        return next((k for k in range(j + 1, min(j + 7, limit)) if v.is_that(k)), 0)
    if quote.last - quote.first > SHORT + 2:
        return 0
    k = quote.close + 1
    far = min(limit, k + 25)
    steps = k
    while steps < far:
        mark = v.tokens[steps].text
        if v.is_that(steps) or mark == ":":
            return k
        if steps in v.opens:
            inner = v.opens[steps]
            return k if inner.last - inner.first > SHORT and quote.last - quote.first <= SHORT else 0
        if mark in STOPS:
            break
        other = v.cues.get(steps)
        if other is not None and steps > k and other.form.aspect != "masdar":
            break
        steps += 1
    # «دعا إلى "حوار"» keeps its quote; a name is followed by more of the clause
    if quote.last - quote.first <= 2 and k < limit and v.tokens[k].kind == "word" and v.norms[j - 1] not in words("prepositions"):
        return k
    return 0


def _past_bracket(v: View, j: int, limit: int) -> int:
    for k in range(j + 1, min(j + 12, limit)):
        if v.tokens[k].text == ")":
            return k + 1
    return j + 1


def _new_clause(v: View, j: int) -> bool:
    cue = v.cues.get(j)
    if cue is not None and cue.form.aspect in ("perf", "imp") and (cue.conjunction or not cue.form.verb.weak):
        return True
    if cue is not None and cue.form.aspect == "ap":
        return True
    return v.norms[j] in ("فيما", "بينما", "لكن", "حيث")


def _accusative(v: View, j: int) -> bool:
    """Whether a participle's form can be circumstantial: tanwin alef, or a feminine or plural without ال."""
    token = v.tokens[j]
    return not token.definite


def _preposition(v: View, i: int, j: int, limit: int) -> Opener | None:
    word = v.norms[j]
    k = j + 1
    if k >= limit:
        return None
    before = v.norms[j - 1]
    titles = _TITLE_BEFORE.get(word, frozenset())
    # «أعرب المتحدث عن أسفه»: his own feeling is no part of the title
    own = word == "عن" and v.tokens[k].enclitic is not None
    if j > i + 1 and not own and (before in titles or (word == "عن" and any(w in titles for w in v.norms[max(i + 1, j - 3) : j]))):
        return None
    if word == "من" and j > i + 1 and v.norms[i + 1] in _TITLE_BEFORE["من"] and j - i < 5:
        return None
    if v.is_that(k):
        return Opener("that", k + 1, _after_that(v, k), j, True)
    token = v.tokens[k]
    if token.kind == "punct" and k not in v.opens:
        return None
    if word in ("في", "من", "عن") and (k in v.timed or v.norms[k] in words("settings")):
        return None
    if word == "من" and j == i + 1 and _is_place(v, k):
        return None
    if word == "علي" and v.norms[k] in (
        "هامش",
        "حسابه",
        "حسابها",
        "صفحته",
        "صفحتها",
        "موقعه",
        "موقعها",
        "لسان",
        "تويتر",
        "متن",
        "حد",
    ):
        return None
    if word == "الي" and v.norms[k] in ("ذلك", "جانب"):
        return None
    # a title may hold the preposition: «المتحدث عن الحكومة أن»
    end = v.noun_end(k, limit)
    if end < limit and v.is_that(end) and word in ("عن", "في", "من") and j > i + 2 and not is_action(v.tokens[k].bare):
        return None
    return Opener("prep", k, v.tokens[k].start, j, is_action(v.tokens[k].bare))


def _is_place(v: View, j: int) -> bool:
    mention = v.name_at.get(j)
    return mention is not None and mention.kind in ("place", "facility", "state")


def _glued(v: View, j: int) -> str | None:
    """The preposition a word seems to carry where the tokens don't say: «بتحرير», «لعقد»."""
    word = v.norms[j]
    rest = word[1:]
    if rest.startswith("ال") or is_action(rest) or (word.startswith("لل") and len(word) > 4):
        return word[0]
    return None


def _glued_preposition(v: View, cue: Cue, j: int, limit: int, glued: str) -> Opener | None:
    token = v.tokens[j]
    word = v.norms[j]
    stem = word[1:] if word[:1] == glued else token.stem
    if word[:1] in "وف" and token.conjunction:
        stem = token.stem
    bare = stem[2:] if stem.startswith("ال") else stem
    lead = 1 if word[:1] == glued else token.stem_start - token.start
    if j > cue.token + 1 and (bare in words("not_demanded") or stem in words("not_demanded")):
        return None
    if j in v.timed or (_is_place(v, j) and j > cue.token + 1):
        return None
    if glued == "ل" and not is_action(bare):
        return None
    action = is_action(bare) or bare in words("objects")
    if not action and cue.form.verb.to and j > cue.token + 1 and not _clause_over(v, j, limit):
        # «طالب الوزير بحكومة …»: take it only where nothing better follows
        for k in range(j + 1, min(j + 12, limit)):
            if v.tokens[k].kind == "punct":
                break
            if v.norms[k][:1] == glued and is_action(v.norms[k][1:].removeprefix("ال")):
                return None
    if word.startswith("لل"):
        return Opener("prep", j, token.start, j, action)
    return Opener("prep", j, token.start + lead, j, action)


def _sentence_over(v: View, j: int, limit: int) -> bool:
    return j >= limit or v.tokens[j].text in STOPS


def _clause_over(v: View, j: int, limit: int) -> bool:
    return j + 1 >= limit or v.tokens[j + 1].kind == "punct"


def _has_glued(v: View, j: int, limit: int, clitic: str) -> bool:
    for k in range(j, min(j + 15, limit)):
        if v.tokens[k].text in STOPS:
            return False
        word = v.norms[k]
        if word in words("that_glued") or (
            word[:1] == clitic and len(word) > 3 and (v.tokens[k].preposition == clitic or word[1:3] == "ال" or k in v.opens)
        ):
            return True
        if word in (clitic, clitic + "ـ"):
            return True
    return False
