"""Statements whose source stands beside or after the words: «بحسب»، «على حد قوله»، «كما أعلن»، «نقلا عن»، «نقلت … عن»."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from musnad.record import Act, Mention, Span, Statement, StatementMode
from musnad.statements import agreement, speakers
from musnad.statements.ends import LONGEST, source_follows
from musnad.statements.frames import Opener, find_opener
from musnad.statements.lexicon import Form, Verb, formulas, words
from musnad.statements.speakers import Phrase
from musnad.statements.view import COMMAS, DASHES, STOPS, Cue, View

if TYPE_CHECKING:
    from musnad.statements.build import Builder


@cache
def first_words() -> frozenset[str]:
    """Words at which :func:`at` has something to look for."""
    return frozenset(formulas("according")) | frozenset(formulas("closing")) | words("relay_verbs") | words("paper_verbs")


def at(b: Builder, i: int) -> None:
    """Try the formulas and the verbs of passing on that begin at token i."""
    v = b.v
    word = v.norms[i]
    bare = word[1:] if word[:1] in ("و", "ف") and word not in first_words() else word
    if bare in words("relay_verbs"):
        _passed_on(b, i)
        return
    if bare in words("paper_verbs"):
        _paper(b, i)
        return
    hit = v.formula("closing", i)
    if hit is not None:
        formula, j = hit
        _closing(b, i, j, formula.act)
        return
    hit = v.formula("according", i)
    if hit is not None:
        formula, j = hit
        if v.quoted[i] >= 0 or (j < v.n and v.norms[j] in ("ما", "لما", "الذي")):
            return
        topic = bare == "بالنسبة"
        if v.norms[i + 1 : i + 2] == ["لسان"] and i > v.sentence_start(i) and v.tokens[i - 1].kind == "word":
            # «جاءت على لسان النائب»: the verb before it tells what
            return
        if topic or source_follows(v, j) or bare in ("باعتراف", "نقلا", "براي", "بشهادة"):
            _according(b, i, j, formula.act, topic)


def relays(v: View, i: int) -> bool:
    """Whether the verb at i follows «حسبما», «كما», «وفق ما»: its content stands outside."""
    if i == 0:
        return False
    one = v.norms[i - 1]
    if one == "كما":
        return i == 1 or v.tokens[i - 2].text in COMMAS | DASHES or (i - 2) in v.closes or v.tokens[i - 2].sentence != v.tokens[i].sentence
    if (one == "ما" and i >= 2 and v.norms[i - 2] in ("وهو", "وهذا")) or (one == "الذي" and i >= 2 and v.norms[i - 2] == "الامر"):
        return True
    return (one in ("حسبما", "مثلما", "وفقما", "فيما") and one != "فيما") or (one in ("ما", "لما") and i >= 2 and v.norms[i - 2] in (
        "وفق", "وفقا", "بحسب", "حسب", "طبقا", "ووفق", "ووفقا", "وبحسب", "وحسب"))  # fmt: skip


def relay(b: Builder, cue: Cue, act: Act) -> bool:
    """«…، حسبما أعلنت الوزارة», «وكما قال الوزير، …»."""
    v, i = b.v, cue.token
    lead = i - 1 if v.norms[i - 1] not in ("ما", "لما", "الذي") else i - 2
    limit = min(v.sentence_end(i), i + 30)
    if v.norms[i - 1] == "كما" and (b.ends.opener(cue) is not None or cue.form.verb.weak):
        return False
    first = i + 1
    while first < limit and (v.norms[first] in words("back_to") or first in v.timed or v.tokens[first].preposition == "ل"):
        known = v.names.get(first)
        end = known[0] if known is not None else v.noun_end(first, limit)
        first = max(first + 1, end) if v.norms[first] not in words("back_to") else first + 1
    if (
        v.norms[i - 1] in ("ما", "الذي")
        and v.norms[i - 2] in ("وهو", "الامر")
        and act not in ("deny", "confirm", "reject", "condemn", "welcome")
    ):
        return False
    named = v.opens.get(first)
    if named is not None and named.close is not None and named.last - named.first <= 4:
        # «وفق ما أوردته "العربية"»
        first = named.first
        limit = min(limit, named.close)
    phrase_end = speakers.subject_end(v, first, limit, _plain(i, limit)) if first < limit else first
    phrase = Phrase(first, phrase_end) if phrase_end > first and v.tokens[first].kind != "punct" else None
    if phrase is not None and (
        v.tokens[phrase.first].preposition or v.norms[phrase.first] in ("في", "ان", "عن", "به", "فان", "فانه", "فانها", "فقد")
    ):
        phrase = None
    stop = phrase.last if phrase else max(i + 1, min(first, limit))
    if v.norms[i - 1] == "كما" and lead <= v.sentence_start(i) + 1 and (stop >= limit or v.tokens[stop].text not in COMMAS):
        # «كما شهد الحفل …»: also, not as
        return False
    answer = next(
        (k for k in range(stop, min(stop + 15, limit)) if v.norms[k] in ("فان", "فانه", "فانها", "فانهم", "فقد", "فلن", "فلم")),
        None,
    )
    made = _outside(b, i, lead, stop, act, cue.form.verb.lemma, cue.conjunction, phrase, None, "relay", answer)
    if made is not None and phrase is not None and made.speaker:
        mention = b.mention(made.speaker)
        if mention is not None:
            b.remember(mention, cue.form.gender, cue.form.number, i)
    return made is not None


def _plain(i: int, hi: int) -> Opener:
    return Opener("that", hi, 0, hi, True)


def _according(b: Builder, i: int, j: int, act: Act, topic: bool) -> None:
    v = b.v
    limit = min(v.sentence_end(i), j + 30)
    if j >= limit:
        return
    last = speakers.subject_end(v, j, limit, _plain(i, limit))
    # the speaker's phrase ends where its answer begins: «… فإن»
    for k in range(j, last):
        if v.norms[k] in ("فان", "فانه", "فانها", "فقد") or (
            v.tokens[k].text in COMMAS and k + 1 < limit and v.norms[k + 1] in ("فان", "فانه", "فانها", "فقد")
        ):
            last = k
            break
    head = i == v.sentence_start(i) or (v.norms[i][:1] == "و" and v.norms[i] not in formulas("according"))
    answer: int | None = None
    if head:
        # at the head of a sentence the comma ends the phrase, unless an apposition closes with another comma
        for k in range(j, last):
            if v.tokens[k].text in COMMAS and not any(
                v.tokens[m].text in COMMAS or v.norms[m] in ("فان", "فانه", "فانها") for m in range(k + 1, min(last + 1, limit))
            ):
                last = k
                break
    while last > j and v.tokens[last - 1].kind == "punct" and (last - 1) not in v.closes and v.tokens[last - 1].text != ")":
        last -= 1
    if head:
        # «ووفقا لمعلومات حصلت عليها … فقد …»: the answer tells where the phrase is over
        for k in range(last, min(last + 20, limit)):
            if v.norms[k] in ("فان", "فانه", "فانها", "فقد", "فلن", "فلم"):
                answer = k
                break
            if v.tokens[k].text in STOPS:
                break
            if v.tokens[k].text in COMMAS:
                nxt = v.norms[k + 1] if k + 1 < limit else ""
                if nxt in ("فان", "فانه", "فانها", "فقد"):
                    answer = k + 1
                elif k > last and (v.is_preposition(last) or v.tokens[last].pos == "VERB" or v.norms[last] in words("relative")):
                    # the source's phrase goes on: «بحسب أرقام صدرت عن المكتب، …»
                    answer = k + 1
                break
    if last <= j:
        return
    if topic and not any(v.norms[k] in ("فان", "فانه", "فانها", "فانهم") for k in range(last, min(last + 3, v.n))):
        return
    first = j
    if v.opens.get(first) is not None and v.opens[first].close == last - 1:
        first, last = first + 1, last - 1
    word = v.norms[i]
    conjunction = word[0] if word[:1] in ("و", "ف") and word not in formulas("according") else ""
    lemma = v.tokens[i].text[1:] if conjunction else v.tokens[i].text
    made = _outside(b, i, i, last, act, lemma, conjunction, Phrase(first, last), None, "according", answer)
    if made is not None and made.speaker:
        mention = b.mention(made.speaker)
        if mention is not None:
            b.remember(mention, "", "", i)


def _closing(b: Builder, i: int, j: int, act: Act) -> None:
    v = b.v
    noun = v.norms[j - 1]
    speaker: Mention | None = None
    phrase: Phrase | None = None
    if noun.endswith(("ه", "ها", "هم", "هما")) and noun not in ("وجه",):
        stop = j
        if b.in_sentence:
            # already somebody's words: the formula only ends them
            return
        token = v.tokens[j - 1]
        cue = Cue(
            i,
            Form(_SAY, "perf", "f" if noun.endswith("ها") else "m", "p" if noun.endswith("هم") else "s"),
            "",
            "",
            "",
        )
        carried = b.carried(cue)
        speaker = agreement.subject_of_sentence(v, cue) or (carried.mention if carried else None)
        del token
    else:
        limit = min(v.sentence_end(i), j + 25)
        last = speakers.subject_end(v, j, limit, _plain(i, limit)) if j < limit else j
        if last <= j:
            return
        phrase, stop = Phrase(j, last), last
    _outside(b, j - 1, i, stop, act, v.norms[j - 1], "", phrase, speaker, "closing")


_SAY = Verb("قال", "say", frozenset(), None, None, False, None)


def _outside(
    b: Builder, cue: int, first: int, stop: int, act: Act, lemma: str, conjunction: str, phrase: Phrase | None,
    given: Mention | None, rule: str, answer: int | None = None,
) -> Statement | None:  # fmt: skip
    """A statement whose words stand before token ``first`` or after token ``stop``."""
    v = b.v
    start = v.sentence_start(first)
    end = v.sentence_end(first)
    if b.in_sentence and b.in_sentence[-1].cue.start < v.tokens[first].start < b.in_sentence[-1].content[0].start:
        # between a verb and its words: «قال الوزير، بحسب الوكالة، إن …»
        return None
    joined = rule == "according" and bool(conjunction) and v.tokens[first].text[:1] == "و"
    head = joined or first - start <= 1 or (first > start and v.tokens[first - 1].text in STOPS)
    spans: list[Span] = []
    mode: StatementMode = "indirect"
    told: Statement | None = None
    if head:
        k = answer if answer is not None else stop
        while k < end and v.tokens[k].kind == "punct" and k not in v.opens:
            k += 1
        if k < end and v.norms[k] in ("فان", "فانه", "فانها", "فانهم", "ان"):
            k += 1
        elif (
            k == stop
            and k < end
            and v.norms[k][:1] != "ف"
            and rule != "relay"
            and not (k in v.cues or v.tokens[k].pos == "VERB" or v.norms[k] in ("فقد", "لن", "لم", "لا"))
        ):
            # no comma: the words begin where the phrase is over
            pass
        if k >= end:
            return None
        if v.norms[k] == "فقد":
            k += 1
        opener = Opener("that", k, v.tokens[k].start, k, True)
        if k in v.cues and v.cues[k].form.aspect == "perf" and v.tokens[k].pos == "VERB":
            # another's words inside the source's: what continues them is the source's too
            spans, mode = b.ends.spans(k, v.tokens[k].start, min(end, k + LONGEST))
        else:
            spans, mode, _ = b.ends.content(opener)
        if not spans:
            return None
    else:
        begin = start
        last = first
        # words already given to a speaker inside the sentence: only the clause beside the formula is this one's
        for k in range(first - 1, max(start, first - 120), -1):
            if v.tokens[k].text in "؛;" or (v.tokens[k].text in STOPS):
                begin = k + 1
                break
            if (
                v.tokens[k].text in "،,"
                and b.in_sentence
                and k + 1 < first
                and v.tokens[k + 1].text[:1] == "و"
                and v.norms[k + 1][:1] == "و"
                and first - k > 3
            ):
                begin = k + 1
                break
        else:
            begin = max(start, first - 120)
        told = b.in_sentence[-1] if b.in_sentence and begin == start else None
        while begin < last and v.tokens[begin].kind == "punct" and begin not in v.opens:
            begin += 1
        offset = v.tokens[begin].start if begin < v.n else 0
        if begin < last and v.norms[begin][:1] == "و" and v.tokens[begin].conjunction:
            offset += 1
        spans, mode = b.ends.spans(begin, offset, last)
        if not spans:
            return None
        if stop < end and v.tokens[stop].text not in COMMAS:
            # «وفق بيان أصدرته الوزارة، …»: the clause goes on after the next comma
            stop = next((m for m in range(stop, min(stop + 8, end)) if v.tokens[m].text in COMMAS), stop)
        if last - begin <= 8 and stop < end - 2 and v.tokens[stop].kind == "word" and v.tokens[stop - 1].text not in COMMAS:
            # «وعثر الباحثون حسب تقرير على …»: hardly begun, the clause goes on behind the source
            spans += b.ends.spans(stop, v.tokens[stop].start, end)[0]
            stop = end
        tail = _tail(b, stop, end)
        if tail is not None:
            spans.append(tail)
    speaker = given
    if phrase is not None:
        speaker = speakers.mention_for(b.analysis, phrase)
    if told is not None:
        # the sentence is somebody's words already: the formula names who passed them on, or the speaker once more
        first_speaker = b.mention(told.speaker) if told.speaker else None
        if speaker is None or first_speaker is None or first_speaker is speaker or (
            speaker.entity is not None and first_speaker.entity == speaker.entity
        ) or rule == "closing":  # fmt: skip
            return None
    made = b.add(cue, lemma, conjunction, act, spans, mode, speaker, rules=[f"{rule}:{lemma}"])
    if made is not None:
        b.used.add(v.analysis.token_at(spans[0].start))
    return made


def _tail(b: Builder, stop: int, end: int) -> Span | None:
    """The rest of a clause that a formula between commas interrupted."""
    v = b.v
    if stop >= end - 2 or v.tokens[stop].text not in COMMAS:
        return None
    k = stop + 1
    word = v.norms[k]
    token = v.tokens[k]
    if (
        token.conjunction
        or k in v.cues
        or word in words("breaks")
        or word in words("relative")
        or word in ("كما", "حيث", "لكن", "اذ", "علما", "مع", "مما", "ما", "فيما", "بينما")
    ):
        return None
    if token.pos in ("VERB", "AUX") or word in words("adjuncts"):
        return None
    last = k
    while last < end and not b.ends.cuts(last):
        last += 1
    spans, _ = b.ends.spans(k, token.start, last)
    return spans[0] if spans else None


def posed_after(b: Builder, cue: Cue, act: Act) -> bool:
    """«"…"، قال الوزير» and «"…"، قال الوزير، "…"»: the verb after its quote."""
    v, i = b.v, cue.token
    if cue.conjunction or cue.form.aspect not in ("perf", "imp") or cue.form.verb.weak or "quote" not in cue.form.verb.after:
        return False
    k = i - 1
    while k >= 0 and v.tokens[k].text in COMMAS | DASHES | STOPS:
        k -= 1
    quote = v.closes.get(k)
    if quote is None or quote.first in b.used or quote.open in b.used or quote.last - quote.first < 3:
        return False
    limit = min(v.sentence_end(i), i + 30)
    limit = next(
        (m - 1 for m in range(i + 2, limit) if m in v.opens and v.tokens[m - 1].text in COMMAS | DASHES),
        limit,
    )
    end = speakers.subject_end(v, i + 1, limit, _plain(i, limit)) if i + 1 < limit else i + 1
    phrase = Phrase(i + 1, end) if end > i + 1 and v.tokens[i + 1].kind != "punct" and not v.tokens[i + 1].preposition else None
    spans = [v.analysis.span(v.tokens[quote.first].start, v.tokens[_trim(v, quote.first, quote.last) - 1].end)]
    j = end
    while j < v.n and j < end + 3 and v.tokens[j].text in COMMAS | DASHES | {":"}:
        j += 1
    again = v.opens.get(j)
    if again is not None and again.last > again.first:
        spans.append(v.analysis.span(v.tokens[again.first].start, v.tokens[_trim(v, again.first, again.last) - 1].end))
        b.used.add(again.open)
    speaker = speakers.mention_for(b.analysis, phrase) if phrase is not None else None
    if speaker is None:
        carried = b.carried(cue)
        speaker = carried.mention if carried else None
    made = b.add(i, cue.form.verb.lemma, "", act, spans, "direct", speaker, rules=[f"after:{cue.form.verb.lemma}"])
    if made is None:
        return False
    b.used.update((quote.open, quote.first))
    if phrase is not None and speaker is not None:
        b.remember(speaker, cue.form.gender, cue.form.number, i)
    return True


def _trim(v: View, first: int, last: int) -> int:
    while last > first + 1 and v.tokens[last - 1].text in {".", "،", "؛", ","}:
        last -= 1
    return last


def _passed_on(b: Builder, i: int) -> None:
    """«نقلت وكالة … عن الوزير قوله إن …»."""
    v = b.v
    if v.tokens[i].definite or (v.tokens[i].readings and v.tokens[i].readings[0].pos == "NOUN" and i > v.sentence_start(i)):
        return
    limit = min(v.sentence_end(i), i + 45)
    about = next((k for k in range(i + 1, min(limit, i + 16)) if v.norms[k] == "عن"), None)
    if about is None or about + 1 >= limit:
        return
    verb = Verb("نقل", "say", frozenset(("that", "quote")), None, None, False, None)
    word = v.norms[i]
    conjunction = word[0] if word[0] in "وف" and word[1:] in words("relay_verbs") else ""
    cue = Cue(about, Form(verb, "perf", "f" if word.endswith("ت") else "m", "s"), "", "", "")
    opener = find_opener(v, cue)
    # «عن الأهالي تعبيرهم عن …»: the verbal noun may bring its own frame
    said = next((k for k in range(about + 2, min(limit, about + 20))
                 if k in v.cues and v.cues[k].form.aspect == "masdar" and v.cues[k].pronoun), None)  # fmt: skip
    if said is None:
        said = next(
            (
                k
                for k in range(about + 2, min(limit, about + 20))
                if v.norms[k] in ("تعبيره", "تعبيرها", "تعبيرهم", "قوله", "قولها", "قولهم")
            ),
            None,
        )
    if opener is None or (said is not None and opener.stop > said + 6):
        if said is None:
            return
        held = v.cues.get(said)
        opener = find_opener(v, held) if held is not None else None
        if opener is None and said + 2 < limit and v.norms[said + 1] in ("عن", "علي", "الي"):
            opener = Opener("prep", said + 2, v.tokens[said + 2].start, said + 1, True)
        if opener is None:
            return
    if opener.first in b.used:
        return
    hi = min(said, opener.stop) if said is not None else opener.stop
    end = speakers.subject_end(v, about + 1, hi, _plain(i, hi))
    first = about + 1
    if v.opens.get(first) is not None and v.opens[first].close == end - 1:
        first, end = first + 1, end - 1
    if end <= first:
        return
    spans, mode, _ = b.ends.content(opener)
    if not spans:
        return
    speaker = speakers.mention_for(b.analysis, Phrase(first, end))
    made = b.add(i, "نقل", conjunction, "say", spans, mode, speaker, rules=["passed on:نقل"])
    if made is None:
        return
    b.used.add(opener.first)
    outlet = Opener("that", about, 0, about, True)
    via = speakers.after_verb(v, Cue(i, cue.form, "", "", ""), outlet)
    made.via = speakers.mention_for(b.analysis, via).id if via is not None else None
    times = speakers.around(v, cue, i, opener.stop, Phrase(first, end))
    made.time, made.place = times.time, times.place
    b.remember(speaker, "", "", i)


def _paper(b: Builder, i: int) -> None:
    """«جاء في بيان للوزارة أن …», «وورد في التقرير: …»."""
    v = b.v
    if i + 2 >= v.n or v.quoted[i] >= 0:
        return
    phrase: Phrase | None = None
    verb = Verb("جاء", "say", frozenset(("that", "quote")), None, None, False, None)
    cue = Cue(i, Form(verb, "perf", "m", "s"), "", "", "")
    if v.norms[i + 1] in ("فيه", "فيها"):
        opener = find_opener(v, cue)
        if opener is None:
            return
        held = v.name_at.get(i - 1)
        phrase = None
        if held is not None:
            phrase = Phrase(v.analysis.token_at(held.start), v.analysis.token_at(held.end - 1) + 1)
    elif v.norms[i + 1] == "في" and (v.tokens[i + 2].bare in words("papers") or v.norms[i + 2] in words("papers")):
        opener = find_opener(v, cue)
        if opener is None:
            return
        last = i + 3
        while (
            last < opener.stop
            and v.tokens[last].kind != "punct"
            and v.norms[last] not in words("relative")
            and last not in v.timed
            and v.norms[last] not in words("adjuncts")
            and v.tokens[last].pos not in ("VERB",)
            and last - i < 14
        ):
            last += 1
        phrase = Phrase(i + 2, last)
    else:
        return
    if opener.first in b.used:
        return
    spans, mode, _ = b.ends.content(opener)
    if not spans:
        return
    speaker = speakers.mention_for(b.analysis, phrase) if phrase is not None else None
    if phrase is None:
        # «بعث المدير خطابا جاء فيه»
        wrote = agreement.coordinate(v, cue, lambda _: False)
        speaker = wrote[1] if wrote is not None else None
    word = v.norms[i]
    conjunction = word[0] if word not in words("paper_verbs") else ""
    if b.add(i, "جاء", conjunction, "say", spans, mode, speaker, rules=["paper:جاء"]) is not None:
        b.used.add(opener.first)
        if speaker is not None:
            b.remember(speaker, "", "", i)


def quoting_another(b: Builder, cue: Cue, opener: Opener, outer: Statement) -> None:
    """«قالت الوكالة نقلا عن مصادر إن …»: the sources' statement inside the agency's, over the same words."""
    v = b.v
    for k in range(cue.token + 1, min(opener.stop, cue.token + 40)):
        if v.norms[k] == "نقلا" and k + 2 < v.n and v.norms[k + 1] == "عن":
            end = speakers.subject_end(v, k + 2, opener.stop, _plain(k, opener.stop))
            if end <= k + 2:
                return
            speaker = speakers.mention_for(b.analysis, Phrase(k + 2, end))
            inner = b.add(
                k,
                "نقلا",
                "",
                "say",
                list(outer.content),
                outer.mode,
                speaker,
                rules=["quoting another:نقلا عن"],
            )
            if inner is not None:
                inner.parent = outer.id
            return
