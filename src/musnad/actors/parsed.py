"""What a noun phrase that names an actor is read into, and what its readers share."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass, field

from musnad.actors.kb import ANY, Base, Head, Title
from musnad.actors.words import Words
from musnad.language.chunks import is_particle
from musnad.language.tokens import Name

#: values of :attr:`Reader.opens`
NEVER, ALIASED, OPENS = range(3)
#: how far a phrase may reach and how deep phrases may nest
REACH, DEPTH = 16, 4
OPENING, CLOSING = frozenset('«“"„‹'), frozenset('»”"›')
NAME_LINKS = frozenset({"بن", "ابن", "بنت", "ابو", "ابي", "ابا", "ال", "عبد", "ولد", "ام", "ذو", "دي", "فان", "فون", "دو", "لو", "كوم"})
TITLE_TAIL = frozenset({"سابق", "سابقه", "اسبق", "حالي", "حاليه", "راحل", "راحله", "جديد", "جديده", "اعلي", "عام", "عامه", "مخلوع", "معزول", "منتخب",
                         "مكلف", "مستقيل", "مستقيله", "موقت", "موقته", "انتقالي", "انتقاليه", "خاص", "خاصه", "اخر", "اخري", "اخرين", "اخرون", "كبير", "كبار",
                         "محلي", "محليه", "رسمي", "اول", "اولي", "مسلحه", "مسلح", "مركزي", "مركزيه", "متحده", "شرعي", "شرعيه", "حاكم", "حاكمه", "كبري",
                         "رييسي", "رييسيه", "مشترك", "مشتركه", "وطني", "وطنيه", "مجهول", "مجهوله", "مجهولين", "مجهولون", "مقنعون", "مقنعين"})  # fmt: skip
#: heads that are as often a verb, which opens a clause
VERB_LIKE = frozenset({"طالب", "طالبا", "حارب", "قاتل", "ناشد"})
PARTS_OF = frozenset({"جنوب", "شمال", "شرق", "غرب", "وسط", "ضواحي", "عموم", "مدن", "مناطق", "شوارع", "عدد", "من", "مختلف"})
DEPUTIES = frozenset({"نايب", "نايبه", "مساعد", "مساعده", "وكيل", "وكيله", "معاون", "معاونه"})
HONOUR = frozenset({"امير", "اميره", "شيخ", "شيخه", "ملك", "ملكه", "سلطان", "دكتور", "دكتوره", "سيد", "سيده", "مهندس"})
MEDIA = frozenset({"قناه", "صحيفه", "جريده", "مجله", "وكاله", "اذاعه", "موقع", "تلفزيون", "شبكه", "فضاييه", "راديو", "منصه"})
CRAFT = frozenset({"تجسس", "استطلاع", "شحن", "نقل", "هليكوبتر", "ركاب", "اباتشي", "حراسه"})
ATTACHED = frozenset({"تابع", "تابعه", "تابعين", "تابعون", "موالي", "مواليه", "موالين", "موالون", "منتمي", "منتميه", "منتمين", "منتمون", "مرتبط", "مرتبطه",
                      "مرتبطين", "مدعوم", "مدعومه", "مدعومين", "محسوب", "محسوبه", "محسوبين", "مقرب", "مقربه", "مقربين"})  # fmt: skip
OTHER = frozenset({"اخر", "اخري", "اخرين", "اخرون", "اخران"})
FORMER = frozenset({"سابق", "سابقه", "اسبق", "مخلوع", "معزول", "راحل", "راحله"})

KIND = {"force": "organisation", "unit": "group", "org": "organisation", "armed": "armed_group", "people": "group", "person": "person", "official": "person",
         "source": "group", "member": "group", "count": "group", "hardware": "group", "facility": "facility", "state": "state"}  # fmt: skip
#: heads that can only be of one nation in the news
NATION = {"مستوطن": "ISR"}
#: sectors that people of a body take from it
SPREADS = frozenset({"REB", "PRM", "MIL", "COP", "PTY", "SPY"})
#: offices whose sector is that of the body they serve
BODY_OFFICES = frozenset({"spokesperson", "commander", "leader", "party_leader", "secretary_general", "adviser", "director_general"})


@dataclass(slots=True)
class Parsed:
    """A noun phrase as read. Token indexes half open, offsets into the article without clitics.

    ``form``: known short state seat capital title group person place nisba; ``ref``: index into the base's table for that form;
    ``refs``: all candidates of a name; ``key``: head word (bare, folded).
    """

    first: int
    last: int
    start: int
    end: int
    form: str
    kind: str
    country: str | None = None
    sector: str | None = None
    ref: int | None = None
    refs: list[int] = field(default_factory=list)
    key: str = ""
    head: tuple[int, int] | None = None
    role: tuple[int, int] | None = None
    title: Title | None = None
    noun: Head | None = None
    person: tuple[int, int] | None = None
    inner: list[Parsed] = field(default_factory=list)
    nisbas: list[str] = field(default_factory=list)
    shape: str = ""
    definite: bool = False
    foreign: bool = False
    adjective: bool = False
    nouns: int = 0
    feminine: bool = False
    #: token of the place that gives the country, for «country:place»
    where: int | None = None
    #: whether it belongs to the country spoken of, which the article had not named yet
    waits: bool = False
    #: of a place: all its namesakes of any size lie in one country
    definite_country: bool = False
    rules: list[str] = field(default_factory=list)


class Reader:
    """What the readers of persons, of names and heads, and of what they say together share. One per article."""

    def __init__(
        self,
        base: Base,
        words: Words,
        alias: Callable[[int], Parsed | None],
        supported: Callable[[str], bool],
    ) -> None:
        #: first words of short forms that the article has introduced
        self.aliased: Container[str] = frozenset()
        #: the two ways to read a place, set by the stage: with a general word before it, and by itself
        self.land: Callable[[int], Parsed | None] = lambda i: None
        self.same_place: Callable[[int, int], Parsed | None] = lambda i, limit: None
        self.typed_place: Callable[[int, int], Parsed | None] = lambda i, limit: None
        self.plain_place: Callable[[int, int], Parsed | None] = lambda i, limit: None
        self.base = base
        self.supported = supported
        self.alias = alias
        self.words = words
        self.tokens = words.tokens
        self.names: dict[int, Name] = {n.first: n for n in map(self.trimmed, words.analysis.names)}
        #: which readers can make something of each token, see :attr:`musnad.actors.kb.Base.begins`
        self.can = list(map(base.begins, words.keys, words.stems, words.bare))
        self.opens = self._opens()

    def _opens(self) -> list[int]:
        """For each token :data:`NEVER`, whether only a short form of the article can make it begin a phrase, or :data:`OPENS`."""
        out: list[int] = []
        words, names = self.words, self.names
        for i, token in enumerate(self.tokens):
            if token.kind not in ("word", "latin"):
                out.append(NEVER)
            elif not (self.can[i] & ANY or i in names or (token.pos == "PROPN" and words.nameness(i) >= 2)):
                out.append(ALIASED)
            else:
                out.append(OPENS if self.may_open(i) else NEVER)
        return out

    def may_open(self, i: int) -> bool:
        """Whether the word at i is no particle and carries none."""
        token = self.tokens[i]
        if token.text in ("وإلى", "والى", "وعلى") or (token.proclitics and is_particle(token.stem) and self.words.stems[i] != "علي"):
            return False
        # «أم درمان»
        return token.kind != "word" or not is_particle(token.norm) or self.words.keys[i] == "ام"

    def trimmed(self, name: Name) -> Name:
        """A name of the token model without a verb before it or a common noun behind it."""
        first, last = name.first, name.last
        if name.kind != "PERS":
            nation = name.kind == "LOC" and name.last == name.first + 1 and self.words.bare[name.first] in self.base.nisba
            return name._replace(kind="MISC") if nation else name
        while first + 1 < last and self.tokens[first].pos in ("VERB", "AUX") and self.words.nameness(first) < 2:
            first += 1
        while (
            last - 1 > first
            and self.tokens[last - 1].pos in ("NOUN", "ADV")
            and (
                (self.words.definite[last - 1] and self.words.nameness(last - 1) == 0)
                or (last - 2 > first and self.tokens[last - 1].norm.endswith("ا") and self.words.nameness(last - 1) < 2)
            )
        ):
            last -= 1
        if (first, last) == (name.first, name.last):
            return name
        start = name.start if first == name.first else self.tokens[first].stem_start
        return Name(first, last, start, name.end if last == name.last else self.tokens[last - 1].end, name.kind)

    def read(self, i: int, limit: int, depth: int = 0) -> Parsed | None:
        """The actor phrase that begins at token i, or None."""
        raise NotImplementedError

    def general(self, i: int, j: int, refs: list[int], limit: int, depth: int) -> Parsed | None:
        """The phrase whose title or head stands at tokens [i, j)."""
        raise NotImplementedError

    def short_title(self, i: int, phrase: tuple[int, list[int]], limit: int, depth: int) -> tuple[int, list[int]]:
        """The title at token i without a last word that begins a longer name."""
        raise NotImplementedError

    def is_verb(self, i: int) -> bool:
        """Whether the word at i is a verb here."""
        raise NotImplementedError

    def end(self, last: int) -> int:
        """Offset at which the token before index ``last`` ends."""
        return self.tokens[last - 1].end
