"""From cues to statements: one pass over the sentences of an article."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from musnad.language.letters import fold
from musnad.pipeline import Analysis
from musnad.record import Act, Mention, Span, Statement, StatementMode
from musnad.record import Cue as CueSpan
from musnad.statements import agreement, inverse, nesting, speakers
from musnad.statements.ends import Ends
from musnad.statements.frames import Opener, unnamed
from musnad.statements.lexicon import words
from musnad.statements.speakers import Phrase
from musnad.statements.view import COMMAS, STOPS, THAT, Cue, View

#: how many sentences a dropped subject may look back
MEMORY = 5
#: how many statements of one sentence are looked back on
NEAR = 16


class Spoke(NamedTuple):
    """A speaker who may go on speaking without being named again."""

    mention: Mention
    gender: str
    number: str
    sentence: int


class Builder:
    """Builds the statements of one article."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.v = View(analysis)
        self.ends = Ends(self.v)
        self.out: list[Statement] = []
        self.spoken: list[Spoke] = []
        self.used: set[int] = set()  # first tokens of contents taken
        self.cue_of: dict[str, int] = {}  # statement id -> its cue token
        self.in_sentence: list[Statement] = []
        self._by_id: dict[str, Mention] = {}
        self._indexed = 0

    def build(self) -> list[Statement]:
        """All statements in order of start, with parents."""
        v = self.v
        special = inverse.first_words()
        for sentence in self.analysis.sentences:
            self.in_sentence = []
            for i in range(sentence.first, sentence.last):
                norm = v.norms[i]
                if norm in special or (norm[:1] in ("و", "ف") and norm[1:] in special):
                    inverse.at(self, i)
                cue = v.cues.get(i)
                if cue is None:
                    continue
                aspect = cue.form.aspect
                if aspect == "masdar":
                    self._noun(cue)
                elif aspect == "ap":
                    self._participle(cue)
                else:
                    self._finite(cue)
        nesting.parents(self.out)
        self.out = nesting.apart(self.out)
        self.out.sort(key=lambda s: (s.start, s.end))
        return self.out

    # -- the kinds of cues

    def _finite(self, cue: Cue) -> None:
        v, i = self.v, cue.token
        before = v.norms[i - 1] if i else ""
        if before in words("no_verb_after") and v.is_preposition(i - 1):
            # «عن أبلغ التهاني»: a noun
            return
        if before in words("supposing") or unnamed(v, i):
            return
        if inverse.relays(v, i):
            if inverse.relay(self, cue, cue.form.verb.act):
                return
            if before in ("ما", "لما"):
                return
        act = self._act(cue)
        if act is None:
            return
        opener = self.ends.opener(cue)
        if opener is not None and opener.stop == i + 1 and v.tokens[i].text[:1] == "أ" and cue.form.verb.lemma[:1] == "ا":
            # «أعتقد أن»: the first person of a verb whose past has no hamza
            return
        if i and (v.tokens[i - 1].text in COMMAS or (i - 1) in v.closes) and not inverse.relays(v, i):
            # «"…"، قال الوزير، "…"»: a quote after a comma goes on with the one before the verb
            resumed = opener is not None and opener.kind == "quote" and v.tokens[opener.first - 1].text in COMMAS
            if (opener is None or resumed) and inverse.posed_after(self, cue, act):
                return
        if opener is None:
            if i and ((i - 1) in v.closes or v.tokens[i - 1].text in COMMAS):
                inverse.posed_after(self, cue, act)
            return
        if opener.kind == "obj" and cue.pronoun and not cue.form.verb.needs:
            # the pronoun is the object already
            return
        if opener.kind == "quote" and cue.form.aspect == "imp" and fold(cue.form.verb.lemma) in words("held"):
            return
        if opener.kind == "obj" and (
            before in words("relative") or (cue.form.aspect == "imp" and fold(cue.form.verb.lemma) in words("held"))
        ):
            return
        if cue.form.verb.weak and opener.kind in ("obj", "prep") and not self._clause_verb(cue):
            return
        if opener.kind == "colon" and not self._clause_verb(cue):
            return
        inside = v.quoted[i]
        if inside >= 0 and (not opener.strong or cue.form.aspect == "imp"):
            return
        if opener.first in self.used:
            return
        if v.norms[i + 1 : i + 3] in (["عليه", w] for w in ("الصلاه", "الصلاة", "السلام")):
            # sayings of prophets are scripture, no news
            return
        if cue.pronoun in ("ني", "نا") and inside < 0:
            # «أخبرتني أن»: a letter or a memory, no report
            return
        if opener.kind == "that" and opener.stop - i > 6 and not self._clause_verb(cue):
            return
        # a verb in the dual or plural has its subject before it
        after = speakers.tidy(v, speakers.after_verb(v, cue, opener)) if cue.form.number == "s" else None
        front = None if after is not None else speakers.tidy(v, speakers.before_verb(v, cue))
        named = after or front
        if named is not None and named.last - named.first == 1 and v.word(named.first) in words("pointing"):
            # «وهذا يؤكد أن»: a fact shows, nobody speaks
            return
        if (
            named is not None
            and v.word(named.first) in words("pointing")
            and v.name_at.get(named.first + 1) is None
            and not v.tokens[named.first].conjunction
        ):
            # «هذا القرار يؤكد أن»: a fact shows
            return
        if cue.form.aspect == "perf1":
            if inside < 0:
                # «أشرت سابقا»: the writer's own words, not a report
                return
            after = front = None
        if cue.form.aspect == "imp" and after is None and front is None:
            if cue.form.gender == "m" and fold(cue.form.verb.lemma) in words("impersonal"):
                return
            # a present tense in the midst of a clause describes; it reports only where it heads one
            if (
                not cue.conjunction
                and i > v.sentence_start(i)
                and before not in ("كما", "و")
                and (i - 1) not in v.closes
                and v.tokens[i - 1].text not in STOPS
            ):
                return
        if cue.form.aspect == "imp" and after is None and front is None and self._describes(i):
            return
        if (
            cue.form.verb.weak
            and (opener.kind == "obj" or (opener.kind == "prep" and cue.form.aspect == "imp"))
            and not self._speaks(after or front)
        ):
            return
        addressee: Phrase | None = None
        if after is not None and cue.form.verb.to:
            after, addressee = self._split_object(cue, after, front)
            if after is None and front is None:
                front = speakers.tidy(v, speakers.before_verb(v, cue))
        self._emit(cue, act, opener, after or front, front is not None, addressee)

    def _describes(self, i: int) -> bool:
        """Whether a verb describes the bare noun before it: «في إشارة توضح …», but not «تقارير تقول إن»."""
        v = self.v
        before = v.tokens[i - 1] if i > v.sentence_start(i) else None
        return (
            before is not None
            and before.pos == "NOUN"
            and not before.definite
            and before.enclitic is None
            and (i - 1) not in v.name_at
            and before.bare not in words("papers")
            and before.bare not in words("sources")
        )

    def _speaks(self, phrase: Phrase | None) -> bool:
        """Whether a phrase names somebody who can speak; a dropped subject may."""
        if phrase is None:
            return True
        mention = self.v.name_at.get(phrase.first)
        return mention is not None or self.v.tokens[phrase.first].pos == "PROPN"

    def _split_object(self, cue: Cue, phrase: Phrase, front: Phrase | None) -> tuple[Phrase | None, Phrase | None]:
        """Subject and addressee of «اتهم علاوي قطر بـ…», «طالب الحكومة بـ…»."""
        v = self.v
        parts: list[Phrase] = []
        k = phrase.first
        while k < phrase.last and len(parts) < 3:
            token = v.tokens[k]
            held = v.names.get(k)
            if held is not None and held[0] > k:
                end = min(held[0], phrase.last)
                while end < phrase.last and v.tokens[end].pos == "ADJ" and not v.tokens[end].proclitics and end not in v.names:
                    end += 1
            elif token.kind in ("word", "latin") and not token.proclitics:
                end = min(v.noun_end(k, phrase.last), phrase.last)
            else:
                k += 1
                continue
            parts.append(Phrase(k, end))
            k = max(end, k + 1)
        if len(parts) >= 2:
            return Phrase(phrase.first, parts[-1].first), parts[-1]
        if cue.pronoun:
            return phrase, None
        i = cue.token
        if cue.form.verb.to in ("object", "target"):
            head = v.tokens[phrase.first]
            if head.norm in ("كل", "كلا", "جميع", "كافة", "كلتا", "سائر") and self.carried(cue) is not None:
                return None, phrase
            # a sound plural after the verb shows its case: «طالب مسؤولين» has them as object
            if head.bare.endswith("ين") and len(head.bare) > 4 and head.pos != "PROPN" and head.index not in v.opens:
                return None, phrase
            # «شعارات تطالب السلطات»: a verb that describes the noun before it
            if (
                not cue.conjunction
                and i > v.sentence_start(i)
                and v.tokens[i - 1].kind == "word"
                and v.tokens[i - 1].pos in ("NOUN", "ADJ", "PROPN")
                and (i - 1) not in v.timed
            ):
                return None, phrase
            # «رحب المجلس بالهدنة، ودعا الأطراف إلى»: after a comma the speaker goes on; a bare plural is whom he calls
            head = v.tokens[phrase.first]
            plural = bool(head.readings) and head.readings[0].number == "p" and not head.bare.endswith("ون")
            if plural and cue.conjunction and self.in_sentence and v.tokens[i - 1].text in COMMAS:
                return None, phrase
        # one noun phrase that cannot be the subject by gender: the object
        if cue.form.verb.to in ("object", "target") and self._agrees_not(cue, phrase):
            return None, phrase
        return phrase, None

    def _agrees_not(self, cue: Cue, phrase: Phrase) -> bool:
        """Whether a noun phrase cannot be the verb's subject by gender."""
        token = self.v.tokens[phrase.first]
        bare = token.bare
        gender = token.readings[0].gender if token.readings else ""
        number = token.readings[0].number if token.readings else ""
        mention = self.v.name_at.get(phrase.first)
        if mention is not None and mention.kind in ("state", "place") and not bare.endswith("ة"):
            return cue.form.gender == "m" and bare in words("feminine")
        if bare in words("hundreds") or (mention is not None and mention.kind == "person" and not bare.endswith("ة")):
            # a number of people, a name: masculine by meaning
            gender, bare = "m", ""
        if bare.endswith(("ة", "ات")) or gender == "f":
            return cue.form.gender == "m" and (number != "p" or bare.endswith("ات"))
        # a broken plural takes the feminine; only a singular man does not
        return cue.form.gender == "f" and (number == "s" or gender == "m") and mention is not None and mention.kind == "person"

    def _participle(self, cue: Cue) -> None:
        v, i = self.v, cue.token
        opener = self.ends.opener(cue)
        if opener is None or opener.first in self.used:
            return
        if any(w in words("prayed_to") for w in v.norms[i + 1 : opener.stop]):
            return
        if opener.kind == "obj" and i and not (v.tokens[i].text.endswith(("ا", "اً", "ًا", "ً")) or v.tokens[i - 1].text in COMMAS):
            return
        if (
            opener.kind == "prep"
            and i
            and not v.tokens[i].text.endswith(("ا", "اً", "ًا"))
            and v.tokens[i - 1].kind == "word"
            and (opener.stop == i + 1 or not cue.form.verb.to)
            and (not self.in_sentence or cue.form.verb.lemma == "اتهم")
        ):
            # «عائلات مهددة بالترحيل»: an adjective
            return
        if i and (v.norms[i - 1] in ("غير", "ليس", "ليست", "كان", "كانت") or v.is_preposition(i - 1)):
            return
        if (
            opener.kind in ("prep", "obj")
            and i
            and v.tokens[i - 1].kind != "punct"
            and not self.in_sentence
            and any(w in words("being") for w in v.norms[max(v.sentence_start(i), i - 9) : i])
        ):
            # «كان الرد مرحبا بـ…»: a predicate, where nobody has spoken
            return
        inside = v.quoted[i]
        if inside >= 0:
            return
        speaker: Mention | None = None
        for statement in reversed(self.in_sentence):
            if statement.speaker and self._outermost(statement, i):
                known = self.mention(statement.speaker)
                if known is not None and self._agrees(cue, known):
                    speaker = known
                    break
        if speaker is None and not any(self._outermost(s, i) for s in self.in_sentence):
            speaker = agreement.subject_of_sentence(v, cue)
            if speaker is None:
                carried = self.carried(cue)
                speaker = carried.mention if carried else None
        self._emit(cue, cue.form.verb.act, opener, None, False, None, given=speaker, inherit=False)

    def _noun(self, cue: Cue) -> None:
        v, i = self.v, cue.token
        if v.tokens[i].definite and not cue.pronoun and cue.preposition != "ب":
            return
        opener = self.ends.opener(cue)
        if (
            opener is None
            or not opener.strong
            or opener.kind not in ("that", "colon", "quote")
            or opener.stop - i > 14
            or opener.first in self.used
        ):
            return
        if v.quoted[i] >= 0:
            return
        if cue.form.verb.lemma == "قال" and not cue.pronoun:
            return
        phrase: Phrase | None = None
        given: Mention | None = None
        if cue.pronoun:
            before = self.in_sentence[-1].speaker if self.in_sentence else None
            given = self.mention(before) if before else None
            if given is None and v.norms[i - 1] in words("back"):
                carried = self.carried(cue)
                given = carried.mention if carried else None
            if given is None:
                given = agreement.subject_of_sentence(v, cue)
            if opener.stop - i > 6:
                return
        else:
            if i + 1 >= opener.stop or v.tokens[i + 1].proclitics or v.tokens[i + 1].kind != "word":
                return
            end = v.noun_end(i + 1, opener.stop)
            phrase = Phrase(i + 1, end)
            if v.name_at.get(i + 1) is None:
                return
            if any(t.text in COMMAS or t.pos == "VERB" for t in v.tokens[end : opener.stop]):
                # the clause of another word
                return
        self._emit(cue, cue.form.verb.act, opener, phrase, True, None, given=given, inherit=False)

    # -- helpers

    def _act(self, cue: Cue) -> Act | None:
        """The act of a finite cue, or None where a negation, a wish or a maybe makes it no statement."""
        v, i = self.v, cue.token
        before = v.norms[i - 1] if i else ""
        if before in words("absent") or (before == "يكن" and i > 1):
            return cue.form.verb.no
        if cue.form.aspect == "imp" and before in words("unreal"):
            return None
        if before == "ان" and cue.form.aspect == "imp":
            return None
        if cue.form.aspect == "imp" and before in words("consequence"):
            return None
        if before in ("يمكن", "ليس", "تم", "يتم", "تمت", "جري", "وتم", "سيتم") or (
            before in THAT and i > 1 and v.norms[i - 2] in ("دون", "بدون", "قبل")
        ):
            return None
        return cue.form.verb.act

    def _clause_verb(self, cue: Cue) -> bool:
        """Whether a doubtful form stands where a verb stands: at the head of a clause or after its named subject."""
        v, i = self.v, cue.token
        token = v.tokens[i]
        if token.readings and token.readings[0].pos in ("VERB", "AUX"):
            return True
        if token.readings and not (cue.conjunction or i == v.sentence_start(i)):
            return False
        if i == v.sentence_start(i) or cue.conjunction:
            return True
        before = v.tokens[i - 1]
        return (
            before.kind == "punct"
            or v.norms[i - 1] in ("قد", "كان", "كانت", "كما", "لقد", "وقد")
            or v.norms[i - 1] in words("relative")
            or (i - 1) in v.timed
        )

    def carried(self, cue: Cue) -> Spoke | None:
        """The last speaker who fits a verb without subject."""
        sentence = self.v.tokens[cue.token].sentence
        form = cue.form
        for spoke in reversed(self.spoken[-8:]):
            if sentence - spoke.sentence > MEMORY:
                break
            if form.gender and spoke.gender and form.gender != spoke.gender:
                continue
            if agreement.fits(self.v, cue, spoke.mention):
                return spoke
        return None

    def mention(self, ident: str) -> Mention | None:
        mentions = self.analysis.mentions
        while self._indexed < len(mentions):
            self._by_id[mentions[self._indexed].id] = mentions[self._indexed]
            self._indexed += 1
        return self._by_id.get(ident)

    def _emit(
        self, cue: Cue, act: Act, opener: Opener, phrase: Phrase | None, named_before: bool, addressee: Phrase | None,
        *, given: Mention | None = None, inherit: bool = True,
    ) -> Statement | None:  # fmt: skip
        spans, mode, _ = self.ends.content(opener)
        if not spans:
            return None
        v = self.v
        speaker = given
        overt = phrase is not None
        if phrase is not None:
            speaker = speakers.mention_for(self.analysis, phrase)
        elif speaker is None and inherit:
            speaker = self._quoted_speaker(cue.token) if cue.form.aspect == "perf1" else self._dropped(cue)
        if speaker is None and cue.form.verb.weak and opener.kind in ("obj", "prep"):
            return None
        if act in ("announce", "confirm") and v.norms[opener.first] in words("claimed"):
            act = "claim_responsibility"
        lo = min(phrase.first, cue.token) if phrase is not None else cue.token
        circumstances = speakers.around(v, cue, lo, opener.stop, phrase)
        made = self.add(cue.token, cue.form.verb.lemma, cue.conjunction, act, spans, mode, speaker,
                        rules=[f"{opener.kind}:{cue.form.verb.lemma}"])  # fmt: skip
        if made is None:
            return None
        self.used.add(opener.first)
        made.addressee, made.via, made.time, made.place = circumstances
        if addressee is not None:
            made.addressee = speakers.mention_for(self.analysis, addressee).id
        told = any(c.start <= v.tokens[cue.token].start < c.end for s in self.in_sentence if s is not made for c in s.content)
        if (overt or inherit) and speaker is not None and v.quoted[cue.token] < 0 and not told:
            self.remember(speaker, cue.form.gender, cue.form.number, cue.token)
        inverse.quoting_another(self, cue, opener, made)
        return made

    def _dropped(self, cue: Cue) -> Mention | None:
        """Who speaks where a verb has no subject: inside a sentence its own speaker or subject, else the last who spoke."""
        v = self.v
        carried = self.carried(cue)
        inside = cue.token - v.sentence_start(cue.token) > 2
        if inside:
            here = v.tokens[cue.token].sentence
            last: tuple[int, Mention] | None = None
            for statement in reversed(self.in_sentence):
                known = self.mention(statement.speaker) if statement.speaker else None
                if known is not None and self._outermost(statement, cue.token) and self._agrees(cue, known):
                    last = self.cue_of[statement.id], known
                    break
            joined = agreement.coordinate(v, cue, self._in_words(cue))
            if joined is not None and (last is None or joined[0] > last[0]):
                last = joined
            if last is not None:
                return last[1]
            if carried is not None and carried.sentence == here:
                return carried.mention
            if not self.in_sentence and cue.conjunction:
                subject = agreement.subject_of_sentence(v, cue)
                if subject is not None:
                    return subject
        if carried is not None:
            return carried.mention
        return self._subject_before(cue) if not inside else None

    def _outermost(self, statement: Statement, token: int) -> bool:
        """Whether a statement is told by the sentence itself, and token does not lie in its words."""
        at = self.v.tokens[token].start
        if any(c.start <= at < c.end for c in statement.content):
            return False
        cue = statement.cue.start
        return not any(
            c.start <= cue < c.end and not c.start <= at < c.end
            for other in self.in_sentence
            if other is not statement
            for c in other.content
        )

    def _agrees(self, cue: Cue, mention: Mention) -> bool:
        """Whether a speaker fits a cue, also by the gender of the verb that named him."""
        for spoke in reversed(self.spoken[-4:]):
            if spoke.mention is mention:
                if spoke.gender and cue.form.gender and spoke.gender != cue.form.gender:
                    return False
                break
        return agreement.fits(self.v, cue, mention)

    def _in_words(self, cue: Cue) -> Callable[[int], bool]:
        """Whether an offset lies in words told in this sentence that do not hold the cue too."""
        at = self.v.tokens[cue.token].start
        spans = [c for s in self.in_sentence[-NEAR:] for c in s.content if not c.start <= at < c.end]
        return lambda offset: any(c.start <= offset < c.end for c in spans)

    def _subject_before(self, cue: Cue) -> Mention | None:
        """The first actor of the sentence before, for a verb without subject where nobody has spoken yet."""
        number = self.v.tokens[cue.token].sentence - 1
        if number < 0:
            return None
        sentence = self.analysis.sentences[number]
        for k in range(sentence.first, min(sentence.last, sentence.first + 25)):
            held = self.v.names.get(k)
            if (
                held is not None
                and held[1].kind not in ("place", "facility")
                and self.v.can_speak(k)
                and (k == sentence.first or self.v.tokens[k - 1].pos in ("VERB", "AUX"))
                and agreement.fits(self.v, cue, held[1])
            ):
                return held[1]
        return None

    def _quoted_speaker(self, i: int) -> Mention | None:
        offset = self.v.tokens[i].start
        for statement in reversed(self.out[-NEAR:]):
            if statement.speaker and any(c.start <= offset < c.end for c in statement.content):
                return self.mention(statement.speaker)
        return None

    def remember(self, mention: Mention, gender: str, number: str, token: int) -> None:
        """Keep a speaker for verbs without subject that follow."""
        self.spoken.append(Spoke(mention, gender, number, self.v.tokens[token].sentence))

    def add(
        self, token: int, lemma: str, conjunction: str, act: Act, spans: list[Span], mode: StatementMode,
        speaker: Mention | None, *, rules: list[str], cue_last: int | None = None,
    ) -> Statement | None:  # fmt: skip
        """Add a statement, unless it would hold its own cue; a speaker inside the content is no speaker."""
        analysis = self.analysis
        first = self.v.tokens[token]
        start = first.start + (1 if conjunction and first.text[:1] == conjunction else 0)
        end = self.v.tokens[cue_last].end if cue_last is not None else first.end
        if any(c.start < end and start < c.end for c in spans):
            return None
        if speaker is not None and any(c.start < speaker.end and speaker.start < c.end for c in spans):
            speaker = None
        outer = [start, end, *(x for c in spans for x in (c.start, c.end))]
        if speaker is not None and abs(speaker.start - start) < 400:
            near = self.v.tokens[token].sentence == self.v.tokens[min(self.analysis.token_at(speaker.start), self.v.n - 1)].sentence
            if near:
                outer += [speaker.start, speaker.end]
        whole = analysis.span(min(outer), max(outer))
        made = Statement(
            id=analysis.new_id("s"), start=whole.start, end=whole.end, text=whole.text,
            speaker=speaker.id if speaker is not None else None,
            cue=CueSpan(start=start, end=end, text=analysis.text[start:end], lemma=lemma),
            act=act, content=spans, mode=mode, rules=rules,
        )  # fmt: skip
        self.out.append(made)
        self.in_sentence.append(made)
        if len(self.in_sentence) > NEAR:
            del self.in_sentence[0]
        self.cue_of[made.id] = token
        return made
